// Written from Sources/Frontend/Files/NDArray+Files.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesNDArrayFiles: [Example] = [
    Example("Frontend/Files/NDArray+Files.swift: NDArray.init(contentsOf:dataset:)", frontendFilesNDArrayFiles1),
    Example("Frontend/Files/NDArray+Files.swift: NDArray.arrays(in:)", frontendFilesNDArrayFiles2),
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
}
