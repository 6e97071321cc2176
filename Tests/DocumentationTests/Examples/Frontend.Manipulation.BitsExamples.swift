// Written from Sources/Frontend/Manipulation/Bits.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationBits: [Example] = [
    Example("Frontend/Manipulation/Bits.swift: packbits(_:axis:order:file:line:)", frontendManipulationBits1),
    Example("Frontend/Manipulation/Bits.swift: unpackbits(_:axis:count:order:file:line:)", frontendManipulationBits2),
    Example("Frontend/Manipulation/Bits.swift: NDArray.view(_:file:line:)", frontendManipulationBits3),
  ]

  private static func frontendManipulationBits1() throws {
    try expect("packbits([1, 0, 1, 1])", packbits([1, 0, 1, 1]), "[176]")
  }

  private static func frontendManipulationBits2() throws {
    try expect("unpackbits(NDArray([176] as [UInt8]), count: 4)", unpackbits(NDArray([176] as [UInt8]), count: 4), "[1 0 1 1]")
  }

  private static func frontendManipulationBits3() throws {
    try expect("NDArray([1.0]).view(.uint64)", NDArray([1.0]).view(.uint64), "[4607182418800017408]")
    try expect("NDArray([1, 256] as [Int32]).view(.uint8)", NDArray([1, 256] as [Int32]).view(.uint8), "[1 0 0 0 0 1 0 0]")
  }
}
