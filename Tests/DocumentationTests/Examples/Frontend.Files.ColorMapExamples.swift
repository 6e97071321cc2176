// Written from Sources/Frontend/Files/ColorMap.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFilesColorMap: [Example] = [
    Example("Frontend/Files/ColorMap.swift: ColorMap", frontendFilesColorMap1),
  ]

  private static func frontendFilesColorMap1() throws {
    let fire = ColorMap(stops: [0x000000, 0xFF0000, 0xFFFF00])
    try expect("fire.color(0.5)", fire.color(0.5), "(red: 255, green: 0, blue: 0)")
    try expect("ColorMap.gray.color(2)", ColorMap.gray.color(2), "(red: 255, green: 255, blue: 255)")
  }
}
