// Written from Sources/Frontend/Statistics/Quantiles.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsQuantiles: [Example] = [
    Example("Frontend/Statistics/Quantiles.swift: quantile(_:_:axis:method:keepAxes:weights:file:line:)", frontendStatisticsQuantiles1),
    Example("Frontend/Statistics/Quantiles.swift: percentile(_:_:axis:method:keepAxes:weights:file:line:)", frontendStatisticsQuantiles2),
    Example("Frontend/Statistics/Quantiles.swift: nanquantile(_:_:axis:method:keepAxes:file:line:)", frontendStatisticsQuantiles3),
    Example("Frontend/Statistics/Quantiles.swift: nanpercentile(_:_:axis:method:keepAxes:file:line:)", frontendStatisticsQuantiles4),
  ]

  private static func frontendStatisticsQuantiles1() throws {
    try expect("quantile([1, 2, 3, 4], 0.5)", quantile([1, 2, 3, 4], 0.5), "2.5")
    try expect("quantile([[1, 2, 3], [10, 20, 30]], [0.25, 0.75], axis: 1)", quantile([[1, 2, 3], [10, 20, 30]], [0.25, 0.75], axis: 1), "[[ 1.5 15. ]\n [ 2.5 25. ]]")
    try expect("quantile([1, 2, 3, 4], 0.4, method: .nearest)", quantile([1, 2, 3, 4], 0.4, method: .nearest), "2")
  }

  private static func frontendStatisticsQuantiles2() throws {
    try expect("percentile([1, 2, 3, 4], 25)", percentile([1, 2, 3, 4], 25), "1.75")
  }

  private static func frontendStatisticsQuantiles3() throws {
    try expect("nanquantile(NDArray([1, .nan, 3]), 0.5)", nanquantile(NDArray([1, .nan, 3]), 0.5), "2.0")
  }

  private static func frontendStatisticsQuantiles4() throws {
    try expect("nanpercentile(NDArray([1, .nan, 3]), 50)", nanpercentile(NDArray([1, .nan, 3]), 50), "2.0")
  }
}
