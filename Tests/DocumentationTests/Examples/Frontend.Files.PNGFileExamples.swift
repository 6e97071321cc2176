// Written from Sources/Frontend/Files/PNGFile.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFilesPNGFile: [Example] = [
    Example("Frontend/Files/PNGFile.swift: PNGFile", frontendFilesPNGFile1),
  ]

  private static func frontendFilesPNGFile1() throws {
    let picture = try (arange(16).reshaped([4, 4]) * 16).asType(.uint8).buffer()
    try expect("try PNGFile.encode(picture).prefix(4)", try PNGFile.encode(picture).prefix(4), "[137, 80, 78, 71]")
  }
}
