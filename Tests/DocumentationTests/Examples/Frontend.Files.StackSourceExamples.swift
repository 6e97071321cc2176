// Written from Sources/Frontend/Files/StackSource.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesStackSource: [Example] = [
    Example("Frontend/Files/StackSource.swift: StackSource", frontendFilesStackSource1),
    Example("Frontend/Files/StackSource.swift: NDArray.init(stacking:axis:file:line:)", frontendFilesStackSource2),
    Example("Frontend/Files/StackSource.swift: NDArray.init(stackingFilesMatching:axis:file:line:)", frontendFilesStackSource3),
  ]

  private static func frontendFilesStackSource1() throws {

    let folder = NSTemporaryDirectory()
    let paths = (0..<3).map { folder + "weft-frame-\($0).npy" }
    for (n, path) in paths.enumerated() { try (zeros([2], dtype: .int64) + n).save(to: path) }
    try expect("try StackSource(paths).type", try StackSource(paths).type, "int64[3, 2]")
  }

  private static func frontendFilesStackSource2() throws {

    let folder = NSTemporaryDirectory()
    let paths = (0..<3).map { folder + "weft-slice-\($0).npy" }
    for (n, path) in paths.enumerated() { try (zeros([2], dtype: .int64) + n).save(to: path) }
    try expect("try NDArray(stacking: paths)", try NDArray(stacking: paths), "[[0 0]\n [1 1]\n [2 2]]")
  }

  private static func frontendFilesStackSource3() throws {

    let folder = NSTemporaryDirectory()
    for n in 0..<3 { try (zeros([2], dtype: .int64) + n).save(to: folder + "weft-glob-\(n).npy") }
    try expect("try NDArray(stackingFilesMatching: folder + \"weft-glob-?.npy\").sum(axis: 0)", try NDArray(stackingFilesMatching: folder + "weft-glob-?.npy").sum(axis: 0), "[3 3]")
  }
}
