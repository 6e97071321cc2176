// Written from Sources/Frontend/Files/NDArray+Files.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesNDArrayFiles: [Example] = [
    Example("Frontend/Files/NDArray+Files.swift: NDArray.init(contentsOf:)", frontendFilesNDArrayFiles1),
    Example("Frontend/Files/NDArray+Files.swift: NDArray.arrays(in:)", frontendFilesNDArrayFiles2),
    Example("Frontend/Files/NDArray+Files.swift: NDArray.save(to:)", frontendFilesNDArrayFiles3),
    Example("Frontend/Files/NDArray+Files.swift: NDArray.save(_:to:isCompressed:)", frontendFilesNDArrayFiles4),
    Example("Frontend/Files/NDArray+Files.swift: NDArray.savePNG(to:colorMap:minimum:maximum:)", frontendFilesNDArrayFiles5),
  ]

  private static func frontendFilesNDArrayFiles1() throws {

    let path = NSTemporaryDirectory() + "weft-read.npy"
    try NDArray([1.5, 2.5]).save(to: path)
    try expect("try NDArray(contentsOf: path)", try NDArray(contentsOf: path), "[1.5 2.5]")
    try expect("try NDArray(contentsOf: \"no-such-file.npy\")", try NDArray(contentsOf: "no-such-file.npy"), "error: read \"no-such-file.npy\": cannot open \"no-such-file.npy\": No such file or directory [file]")
  }

  private static func frontendFilesNDArrayFiles2() throws {

    let path = NSTemporaryDirectory() + "weft-arrays.npz"
    try NDArray([1, 2, 3]).save(to: path)
    try expect("try NDArray.arrays(in: path)[\"arr_0\"]", try NDArray.arrays(in: path)["arr_0"], "[1 2 3]")
  }

  private static func frontendFilesNDArrayFiles3() throws {

    let path = NSTemporaryDirectory() + "weft-save.npy"
    try arange(6).reshaped([2, 3]).save(to: path)
    try expect("try NDArray(contentsOf: path).sum(axis: 0)", try NDArray(contentsOf: path).sum(axis: 0), "[3 5 7]")
  }

  private static func frontendFilesNDArrayFiles4() throws {

    let path = NSTemporaryDirectory() + "weft-pair.npz"
    try NDArray.save([("low", [1, 2]), ("high", [8, 9])], to: path)
    try expect("try NDArray.arrays(in: path)[\"high\"]", try NDArray.arrays(in: path)["high"], "[8 9]")
  }

  private static func frontendFilesNDArrayFiles5() throws {

    let x = linspace(-1, 1, count: 64)
    let bump = exp(-(x * x + (x * x).reshaped([-1, 1])))
    let path = NSTemporaryDirectory() + "weft-bump.png"
    try bump.savePNG(to: path, colorMap: .blueRed, minimum: 0, maximum: 1)
  }
}
