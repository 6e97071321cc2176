// Written from Sources/Frontend/Statistics/Gradients.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsGradients: [Example] = [
    Example("Frontend/Statistics/Gradients.swift: gradient(_:spacing:axis:edgeOrder:file:line:)", frontendStatisticsGradients1),
    Example("Frontend/Statistics/Gradients.swift: gradient(_:spacings:axes:edgeOrder:file:line:)", frontendStatisticsGradients2),
  ]

  private static func frontendStatisticsGradients1() throws {
    try expect("gradient([1, 4, 9, 16, 25], axis: 0)", gradient([1, 4, 9, 16, 25], axis: 0), "[3. 4. 6. 8. 9.]")
    try expect("gradient([1, 4, 9], spacing: .coordinates([0, 2, 3]), axis: 0)", gradient([1, 4, 9], spacing: .coordinates([0, 2, 3]), axis: 0), "[1.5        3.83333333 5.        ]")
  }

  private static func frontendStatisticsGradients2() throws {
    try expect("gradient([[1, 2, 4], [2, 4, 8]])", gradient([[1, 2, 4], [2, 4, 8]]), "[[1. 2. 4.]\n [1. 2. 4.]]\n[[1.  1.5 2. ]\n [2.  3.  4. ]]")
  }
}
