// Written from Sources/Frontend/Sorting/Sorting.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSortingSorting: [Example] = [
    Example("Frontend/Sorting/Sorting.swift: sort(_:axis:descending:stable:file:line:)", frontendSortingSorting1),
    Example("Frontend/Sorting/Sorting.swift: argsort(_:axis:descending:stable:file:line:)", frontendSortingSorting2),
    Example("Frontend/Sorting/Sorting.swift: partition(_:kth:axis:file:line:)", frontendSortingSorting3),
    Example("Frontend/Sorting/Sorting.swift: argpartition(_:kth:axis:file:line:)", frontendSortingSorting4),
    Example("Frontend/Sorting/Sorting.swift: lexsort(_:axis:file:line:)", frontendSortingSorting5),
    Example("Frontend/Sorting/Sorting.swift: sortComplex(_:file:line:)", frontendSortingSorting6),
  ]

  private static func frontendSortingSorting1() throws {
    try expect("sort([3, 1, 2])", sort([3, 1, 2]), "[1 2 3]")
    try expect("sort([[3, 1], [2, 4]], axis: 0, descending: true)", sort([[3, 1], [2, 4]], axis: 0, descending: true), "[[3 4]\n [2 1]]")
    try expect("sort(NDArray([2, .nan, 1]))", sort(NDArray([2, .nan, 1])), "[ 1.  2. nan]")
  }

  private static func frontendSortingSorting2() throws {
    try expect("argsort([30, 10, 20])", argsort([30, 10, 20]), "[1 2 0]")
    try expect("argsort([[3, 1], [2, 4]], axis: nil)", argsort([[3, 1], [2, 4]], axis: nil), "[1 2 0 3]")
  }

  private static func frontendSortingSorting3() throws {
    try expect("partition([5, 1, 4, 2], kth: 1)[1]", partition([5, 1, 4, 2], kth: 1)[1], "2")
  }

  private static func frontendSortingSorting4() throws {
    try expect("argpartition([5, 1, 4, 2], kth: 1)[1]", argpartition([5, 1, 4, 2], kth: 1)[1], "3")
  }

  private static func frontendSortingSorting5() throws {
    let given: NDArray = [2, 1, 2, 1]
    let family: NDArray = [7, 7, 3, 3]
    try expect("lexsort([given, family])", lexsort([given, family]), "[3 2 1 0]")
  }

  private static func frontendSortingSorting6() throws {
    try expect("sortComplex(NDArray([Complex(2.0, 0.0), Complex(1.0, 3.0), Complex(1.0, -3.0)]))", sortComplex(NDArray([Complex(2.0, 0.0), Complex(1.0, 3.0), Complex(1.0, -3.0)])), "[1.-3.j 1.+3.j 2.+0.j]")
  }
}
