// Written from Sources/Frontend/Statistics/Covariance.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsCovariance: [Example] = [
    Example("Frontend/Statistics/Covariance.swift: cov(_:_:rowVariables:bias:correction:frequencies:weights:dtype:file:line:)", frontendStatisticsCovariance1),
    Example("Frontend/Statistics/Covariance.swift: corrcoef(_:_:rowVariables:dtype:file:line:)", frontendStatisticsCovariance2),
  ]

  private static func frontendStatisticsCovariance1() throws {
    try expect("cov([[1, 2, 3], [6, 4, 2]])", cov([[1, 2, 3], [6, 4, 2]]), "[[ 1. -2.]\n [-2.  4.]]")
  }

  private static func frontendStatisticsCovariance2() throws {
    try expect("corrcoef([[1, 2, 3], [6, 4, 2]])", corrcoef([[1, 2, 3], [6, 4, 2]]), "[[ 1. -1.]\n [-1.  1.]]")
  }
}
