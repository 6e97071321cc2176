// Written from Sources/Frontend/Creation/Grids.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendCreationGrids: [Example] = [
    Example("Frontend/Creation/Grids.swift: meshgrid(_:indexing:sparse:file:line:)", frontendCreationGrids1),
    Example("Frontend/Creation/Grids.swift: indices(_:dtype:file:line:)", frontendCreationGrids2),
    Example("Frontend/Creation/Grids.swift: sparseIndices(_:dtype:file:line:)", frontendCreationGrids3),
    Example("Frontend/Creation/Grids.swift: fromFunction(_:dtype:file:line:_:)", frontendCreationGrids4),
    Example("Frontend/Creation/Grids.swift: identity(_:dtype:file:line:)", frontendCreationGrids5),
    Example("Frontend/Creation/Grids.swift: empty(_:dtype:file:line:)", frontendCreationGrids6),
    Example("Frontend/Creation/Grids.swift: empty(like:dtype:file:line:)", frontendCreationGrids7),
    Example("Frontend/Creation/Grids.swift: asArray(_:dtype:file:line:)", frontendCreationGrids8),
    Example("Frontend/Creation/Grids.swift: logspace(_:_:count:endpoint:base:dtype:axis:file:line:)", frontendCreationGrids9),
    Example("Frontend/Creation/Grids.swift: geomspace(_:_:count:endpoint:dtype:axis:file:line:)", frontendCreationGrids10),
    Example("Frontend/Creation/Grids.swift: mgrid(_:file:line:)", frontendCreationGrids11),
    Example("Frontend/Creation/Grids.swift: ogrid(_:file:line:)", frontendCreationGrids12),
  ]

  private static func frontendCreationGrids1() throws {
    let grid = meshgrid([[1, 2, 3], [10, 20]])
    try expect("grid[0] + grid[1]", grid[0] + grid[1], "[[11 12 13]\n [21 22 23]]")
    try expect("meshgrid([[1, 2, 3], [10, 20]], indexing: .ij)[1]", meshgrid([[1, 2, 3], [10, 20]], indexing: .ij)[1], "[[10 20]\n [10 20]\n [10 20]]")
  }

  private static func frontendCreationGrids2() throws {
    try expect("indices([2, 3])", indices([2, 3]), "[[[0 0 0]\n  [1 1 1]]\n\n [[0 1 2]\n  [0 1 2]]]")
  }

  private static func frontendCreationGrids3() throws {
    let grid = sparseIndices([2, 3])
    try expect("grid[0] * 10 + grid[1]", grid[0] * 10 + grid[1], "[[ 0  1  2]\n [10 11 12]]")
  }

  private static func frontendCreationGrids4() throws {
    try expect("fromFunction([3, 3], dtype: .int64) { $0[0] .== $0[1] }", fromFunction([3, 3], dtype: .int64) { $0[0] .== $0[1] }, "[[ True False False]\n [False  True False]\n [False False  True]]")
  }

  private static func frontendCreationGrids5() throws {
    try expect("identity(3, dtype: .int64)", identity(3, dtype: .int64), "[[1 0 0]\n [0 1 0]\n [0 0 1]]")
  }

  private static func frontendCreationGrids6() throws {
    try expect("empty([2, 3]).type", empty([2, 3]).type, "float64[2, 3]")
  }

  private static func frontendCreationGrids7() throws {
    try expect("empty(like: [1, 2, 3]).type", empty(like: [1, 2, 3]).type, "int64[3]")
  }

  private static func frontendCreationGrids8() throws {
    try expect("asArray(3).type", asArray(3).type, "int64[]")
    try expect("asArray([1, 2], dtype: .float32).type", asArray([1, 2], dtype: .float32).type, "float32[2]")
  }

  private static func frontendCreationGrids9() throws {
    try expect("logspace(0, 3, count: 4)", logspace(0, 3, count: 4), "[   1.   10.  100. 1000.]")
    try expect("logspace(0, 3, count: 4, base: 2)", logspace(0, 3, count: 4, base: 2), "[1. 2. 4. 8.]")
  }

  private static func frontendCreationGrids10() throws {
    try expect("geomspace(1, 1000, count: 4)", geomspace(1, 1000, count: 4), "[   1.   10.  100. 1000.]")
  }

  private static func frontendCreationGrids11() throws {
    try expect("mgrid([arange(2), arange(3)])", mgrid([arange(2), arange(3)]), "[[[0 0 0]\n  [1 1 1]]\n\n [[0 1 2]\n  [0 1 2]]]")
  }

  private static func frontendCreationGrids12() throws {
    let grid = ogrid([arange(2), arange(3)])
    try expect("grid[0] * 10 + grid[1]", grid[0] * 10 + grid[1], "[[ 0  1  2]\n [10 11 12]]")
  }
}
