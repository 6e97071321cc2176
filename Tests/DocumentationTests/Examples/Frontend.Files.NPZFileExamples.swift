// Written from Sources/Frontend/Files/NPZFile.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesNPZFile: [Example] = [
    Example("Frontend/Files/NPZFile.swift: NPZFile", frontendFilesNPZFile1),
  ]

  private static func frontendFilesNPZFile1() throws {

    let path = NSTemporaryDirectory() + "weft-named.npz"
    let weights = try ones([2, 2]).buffer()
    let bias = try zeros([2]).buffer()
    try NPZFile.write([("weights", weights), ("bias", bias)], to: path)
    let file = try NPZFile(reading: path)
    try expect("file.names", file.names, "[\"weights\", \"bias\"]")
    try expect("try file.array(\"bias\").type", try file.array("bias").type, "float64[2]")
  }
}
