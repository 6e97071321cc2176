// Written from Sources/Frontend/Indexing/AxisIndex.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingAxisIndex: [Example] = [
    Example("Frontend/Indexing/AxisIndex.swift: AxisIndex", frontendIndexingAxisIndex1),
  ]

  private static func frontendIndexingAxisIndex1() throws {
    let a = arange(12).reshaped([3, 4])
    try expect("a[1..., .all].type", a[1..., .all].type, "int64[2, 4]")
    try expect("a[.ellipsis, 0]", a[.ellipsis, 0], "[0 4 8]")
    try expect("a[.newAxis, 0].type", a[.newAxis, 0].type, "int64[1, 4]")
    try expect("a[.stride(from: 2, to: nil, by: -2), 1]", a[.stride(from: 2, to: nil, by: -2), 1], "[9 1]")
  }
}
