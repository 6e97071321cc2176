// Written from Sources/Frontend/Statistics/Polynomials.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsPolynomials: [Example] = [
    Example("Frontend/Statistics/Polynomials.swift: polyval(_:_:file:line:)", frontendStatisticsPolynomials1),
    Example("Frontend/Statistics/Polynomials.swift: vander(_:columns:increasing:file:line:)", frontendStatisticsPolynomials2),
  ]

  private static func frontendStatisticsPolynomials1() throws {
    try expect("polyval([3, 0, 1], [0, 1, 2])", polyval([3, 0, 1], [0, 1, 2]), "[ 1  4 13]")
  }

  private static func frontendStatisticsPolynomials2() throws {
    try expect("vander([1, 2, 3])", vander([1, 2, 3]), "[[1 1 1]\n [4 2 1]\n [9 3 1]]")
    try expect("vander([1, 2, 3], columns: 2, increasing: true)", vander([1, 2, 3], columns: 2, increasing: true), "[[1 1]\n [1 2]\n [1 3]]")
  }
}
