// Written from Sources/Frontend/Files/ZarrSource.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesZarrSource: [Example] = [
    Example("Frontend/Files/ZarrSource.swift: ZarrSource", frontendFilesZarrSource1),
  ]

  private static func frontendFilesZarrSource1() throws {

    let folder = NSTemporaryDirectory() + "weft-example.zarr"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      """
    try metadata.write(toFile: folder + "/.zarray", atomically: true, encoding: .utf8)
    try expect("try NDArray(contentsOf: folder)", try NDArray(contentsOf: folder), "[7 7 7 7]")
  }
}
