// Written from Sources/Frontend/Files/NPYSource.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesNPYSource: [Example] = [
    Example("Frontend/Files/NPYSource.swift: NPYSource", frontendFilesNPYSource1),
  ]

  private static func frontendFilesNPYSource1() throws {

    let path = NSTemporaryDirectory() + "weft-boxes.npy"
    try arange(12).reshaped([3, 4]).save(to: path)
    let source = try NPYSource(path)
    try expect("source.type", source.type, "int64[3, 4]")
    try expect("NDArray(source)[1]", NDArray(source)[1], "[4 5 6 7]")
  }
}
