// Written from Sources/Frontend/Files/Zarr/ZarrSource.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesZarrZarrSource: [Example] = [
    Example("Frontend/Files/Zarr/ZarrSource.swift: ZarrSource", frontendFilesZarrZarrSource1),
  ]

  private static func frontendFilesZarrZarrSource1() throws {

    let folder = NSTemporaryDirectory() + "weft-example.zarr"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let metadata =
      #"{"zarr_format": 2, "shape": [4], "chunks": [2], "dtype": "<i8", "compressor": null, "#
      + #""fill_value": 7, "order": "C", "filters": null}"#
    try metadata.write(toFile: folder + "/.zarray", atomically: true, encoding: .utf8)
    try expect("try NDArray(contentsOf: folder)", try NDArray(contentsOf: folder), "[7 7 7 7]")
  }
}
