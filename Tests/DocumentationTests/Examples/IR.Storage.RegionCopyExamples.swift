// Written from Sources/IR/Storage/RegionCopy.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRStorageRegionCopy: [Example] = [
    Example("IR/Storage/RegionCopy.swift: RegionCopy", iRStorageRegionCopy1),
  ]

  private static func iRStorageRegionCopy1() throws {

    try expect("RegionCopy.isContiguous(Region([1..<3, 0..<4]), of: [5, 4])", RegionCopy.isContiguous(Region([1..<3, 0..<4]), of: [5, 4]), "true")
    try expect("RegionCopy.isContiguous(Region([1..<3, 0..<2]), of: [5, 4])", RegionCopy.isContiguous(Region([1..<3, 0..<2]), of: [5, 4]), "false")
  }
}
