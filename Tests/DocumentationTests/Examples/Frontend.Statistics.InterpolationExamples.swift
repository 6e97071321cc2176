// Written from Sources/Frontend/Statistics/Interpolation.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsInterpolation: [Example] = [
    Example("Frontend/Statistics/Interpolation.swift: interp(_:_:_:left:right:period:file:line:)", frontendStatisticsInterpolation1),
  ]

  private static func frontendStatisticsInterpolation1() throws {
    try expect("interp([0.5, 1.5, 9], [0, 1, 2], [0, 10, 40])", interp([0.5, 1.5, 9], [0, 1, 2], [0, 10, 40]), "[ 5. 25. 40.]")
    try expect("interp([-90, 370], [0, 180], [0, 1], period: 360)", interp([-90, 370], [0, 180], [0, 1], period: 360), "[0.5        0.05555556]")
  }
}
