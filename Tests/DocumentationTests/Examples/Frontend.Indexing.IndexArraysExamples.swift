// Written from Sources/Frontend/Indexing/IndexArrays.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingIndexArrays: [Example] = [
    Example("Frontend/Indexing/IndexArrays.swift: ix(_:file:line:)", frontendIndexingIndexArrays1),
    Example("Frontend/Indexing/IndexArrays.swift: diagIndices(_:rank:file:line:)", frontendIndexingIndexArrays2),
    Example("Frontend/Indexing/IndexArrays.swift: trilIndices(_:_:offset:file:line:)", frontendIndexingIndexArrays3),
    Example("Frontend/Indexing/IndexArrays.swift: triuIndices(_:_:offset:file:line:)", frontendIndexingIndexArrays4),
    Example("Frontend/Indexing/IndexArrays.swift: maskIndices(_:file:line:_:)", frontendIndexingIndexArrays5),
    Example("Frontend/Indexing/IndexArrays.swift: rowConcatenated(_:file:line:)", frontendIndexingIndexArrays6),
    Example("Frontend/Indexing/IndexArrays.swift: columnConcatenated(_:file:line:)", frontendIndexingIndexArrays7),
  ]

  private static func frontendIndexingIndexArrays1() throws {
    let a = arange(12).reshaped([3, 4])
    let grid = ix([0, 2], [1, 3])
    try expect("a[grid[0], grid[1]]", a[grid[0], grid[1]], "[[ 1  3]\n [ 9 11]]")
  }

  private static func frontendIndexingIndexArrays2() throws {
    let a = arange(9).reshaped([3, 3])
    let diagonal = diagIndices(3)
    try expect("a[diagonal[0], diagonal[1]]", a[diagonal[0], diagonal[1]], "[0 4 8]")
  }

  private static func frontendIndexingIndexArrays3() throws {
    try expect("trilIndices(2)", trilIndices(2), "[0 1 1]\n[0 0 1]")
  }

  private static func frontendIndexingIndexArrays4() throws {
    try expect("triuIndices(2)", triuIndices(2), "[0 0 1]\n[0 1 1]")
  }

  private static func frontendIndexingIndexArrays5() throws {
    try expect("maskIndices(3) { triu($0, offset: 1) }", maskIndices(3) { triu($0, offset: 1) }, "[0 0 1]\n[1 2 2]")
  }

  private static func frontendIndexingIndexArrays6() throws {
    try expect("rowConcatenated([.range(0..<3), .array([7, 8])])", rowConcatenated([.range(0..<3), .array([7, 8])]), "[0 1 2 7 8]")
  }

  private static func frontendIndexingIndexArrays7() throws {
    try expect("columnConcatenated([.range(0..<2), .array([7, 8])])", columnConcatenated([.range(0..<2), .array([7, 8])]), "[[0 7]\n [1 8]]")
  }
}
