// Written from Sources/Frontend/Files/NDArray+Saving.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesNDArraySaving: [Example] = [
    Example("Frontend/Files/NDArray+Saving.swift: NDArray.save(to:chunks:compression:zarrVersion:resume:)", frontendFilesNDArraySaving1),
    Example("Frontend/Files/NDArray+Saving.swift: NDArray.save(_:to:isCompressed:)", frontendFilesNDArraySaving2),
    Example("Frontend/Files/NDArray+Saving.swift: NDArray.savePNG(to:colorMap:minimum:maximum:)", frontendFilesNDArraySaving3),
  ]

  private static func frontendFilesNDArraySaving1() throws {

    let path = NSTemporaryDirectory() + "weft-save"
    try arange(6).reshaped([2, 3]).save(to: path + ".npy")
    try expect("try NDArray(contentsOf: path + \".npy\").sum(axis: 0)", try NDArray(contentsOf: path + ".npy").sum(axis: 0), "[3 5 7]")
    try ones([100, 100]).save(to: path + ".zarr", chunks: [10, -1], compression: .gzip())
    try expect("try NDArray(contentsOf: path + \".zarr\").sum()", try NDArray(contentsOf: path + ".zarr").sum(), "10000.0")
  }

  private static func frontendFilesNDArraySaving2() throws {

    let path = NSTemporaryDirectory() + "weft-pair.npz"
    try NDArray.save([("low", [1, 2]), ("high", [8, 9])], to: path)
    try expect("try NDArray.arrays(in: path)[\"high\"]", try NDArray.arrays(in: path)["high"], "[8 9]")
  }

  private static func frontendFilesNDArraySaving3() throws {

    let x = linspace(-1, 1, count: 64)
    let bump = exp(-(x * x + (x * x).reshaped([-1, 1])))
    let path = NSTemporaryDirectory() + "weft-bump.png"
    try bump.savePNG(to: path, colorMap: .blueRed, minimum: 0, maximum: 1)
  }
}
