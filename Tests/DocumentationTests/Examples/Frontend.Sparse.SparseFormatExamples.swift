// Written from Sources/Frontend/Sparse/SparseFormat.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSparseFormat: [Example] = [
    Example("Frontend/Sparse/SparseFormat.swift: SparseFormat", frontendSparseSparseFormat1),
  ]

  private static func frontendSparseSparseFormat1() throws {
    try expect("SparseFormat.csr.layout(rank: 2)", SparseFormat.csr.layout(rank: 2), "{dense, compressed} fill bool false")
    try expect("SparseFormat.blocks(rows: 2, columns: 3).layout(rank: 2)", SparseFormat.blocks(rows: 2, columns: 3).layout(rank: 2), "{dense, compressed} blocks [2, 3] fill bool false")
    try expect("SparseFormat(name: \"gcxs\")?.layout(rank: 3)", SparseFormat(name: "gcxs")?.layout(rank: 3), "{dense, nonunique, singleton} fill bool false")
  }
}
