// Written from Sources/Frontend/Session/NamespaceInfo.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSessionNamespaceInfo: [Example] = [
    Example("Frontend/Session/NamespaceInfo.swift: ArrayNamespaceInfo", frontendSessionNamespaceInfo1),
  ]

  private static func frontendSessionNamespaceInfo1() throws {
    try expect("ArrayNamespaceInfo().dtypes(kind: \"signed integer\").map(\\.name)", ArrayNamespaceInfo().dtypes(kind: "signed integer").map(\.name), "[\"int8\", \"int16\", \"int32\", \"int64\"]")
  }
}
