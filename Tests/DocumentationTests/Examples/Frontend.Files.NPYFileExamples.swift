// Written from Sources/Frontend/Files/NPYFile.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesNPYFile: [Example] = [
    Example("Frontend/Files/NPYFile.swift: NPYFile", frontendFilesNPYFile1),
  ]

  private static func frontendFilesNPYFile1() throws {

    let path = NSTemporaryDirectory() + "weft-plain.npy"
    try NPYFile.write(try arange(3).buffer(), to: path)
    try expect("try NPYFile.read(path).type", try NPYFile.read(path).type, "int64[3]")
  }
}
