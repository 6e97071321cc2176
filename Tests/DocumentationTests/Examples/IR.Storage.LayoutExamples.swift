// Written from Sources/IR/Storage/Layout.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRStorageLayout: [Example] = [
    Example("IR/Storage/Layout.swift: Layout", iRStorageLayout1),
  ]

  private static func iRStorageLayout1() throws {

    try expect("Layout.csr()", Layout.csr(), "{dense, compressed} fill bool false")
    try expect("Layout.csc()", Layout.csc(), "{dense, compressed} order [1, 0] fill bool false")
    try expect("Layout.coordinates(rank: 3)", Layout.coordinates(rank: 3), "{nonunique, singleton, singleton} fill bool false")
    try expect("Layout.dense(rank: 2)", Layout.dense(rank: 2), "{dense, dense}")
  }
}
