// Written from Sources/Frontend/Indexing/Subscripts.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingSubscripts: [Example] = [
    Example("Frontend/Indexing/Subscripts.swift: NDArray.subscript(_:)", frontendIndexingSubscripts1),
  ]

  private static func frontendIndexingSubscripts1() throws {
    let a = arange(12).reshaped([3, 4])
    try expect("a[1]", a[1], "[4 5 6 7]")
    try expect("a[-1, 1..<3]", a[-1, 1..<3], "[ 9 10]")
    try expect("a[.all, .stride(by: -2)]", a[.all, .stride(by: -2)], "[[ 3  1]\n [ 7  5]\n [11  9]]")
    try expect("a[[0, 2], [1, 3]]", a[[0, 2], [1, 3]], "[ 1 11]")
    try expect("a[a .> 8]", a[a .> 8], "[ 9 10 11]")
    var b = a
    b[0, ...1] = 99
    try expect("b[0]", b[0], "[99 99  2  3]")
    try expect("a[5]", a[5], "error: index: index 5 is out of bounds for axis 0 of int64[3, 4] with extent 3 [index-out-of-bounds]")
  }
}
