// Written from Sources/Frontend/Statistics/Medians.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsMedians: [Example] = [
    Example("Frontend/Statistics/Medians.swift: ptp(_:axis:keepAxes:file:line:)", frontendStatisticsMedians1),
    Example("Frontend/Statistics/Medians.swift: median(_:axis:keepAxes:file:line:)", frontendStatisticsMedians2),
    Example("Frontend/Statistics/Medians.swift: nanmedian(_:axis:keepAxes:file:line:)", frontendStatisticsMedians3),
    Example("Frontend/Statistics/Medians.swift: average(_:axis:weights:keepAxes:file:line:)", frontendStatisticsMedians4),
    Example("Frontend/Statistics/Medians.swift: averageAndWeight(_:axis:weights:keepAxes:file:line:)", frontendStatisticsMedians5),
  ]

  private static func frontendStatisticsMedians1() throws {
    try expect("ptp([[1, 5], [2, 9]], axis: 0)", ptp([[1, 5], [2, 9]], axis: 0), "[1 4]")
  }

  private static func frontendStatisticsMedians2() throws {
    try expect("median([3, 1, 2])", median([3, 1, 2]), "2.0")
    try expect("median([[1, 2, 3, 4], [10, 20, 30, 40]], axis: 1)", median([[1, 2, 3, 4], [10, 20, 30, 40]], axis: 1), "[ 2.5 25. ]")
  }

  private static func frontendStatisticsMedians3() throws {
    try expect("nanmedian(NDArray([3, .nan, 1]))", nanmedian(NDArray([3, .nan, 1])), "2.0")
  }

  private static func frontendStatisticsMedians4() throws {
    try expect("average([1, 2, 6], weights: [3, 2, 1])", average([1, 2, 6], weights: [3, 2, 1]), "2.1666666666666665")
  }

  private static func frontendStatisticsMedians5() throws {
    try expect("averageAndWeight([1, 2, 6], weights: [3, 2, 1]).weight", averageAndWeight([1, 2, 6], weights: [3, 2, 1]).weight, "6.0")
  }
}
