// Written from Sources/Frontend/Statistics/Convolution.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsConvolution: [Example] = [
    Example("Frontend/Statistics/Convolution.swift: convolve(_:_:mode:file:line:)", frontendStatisticsConvolution1),
    Example("Frontend/Statistics/Convolution.swift: correlate(_:_:mode:file:line:)", frontendStatisticsConvolution2),
  ]

  private static func frontendStatisticsConvolution1() throws {
    try expect("convolve([1, 2, 3], [0, 1, 0.5])", convolve([1, 2, 3], [0, 1, 0.5]), "[0.  1.  2.5 4.  1.5]")
    try expect("convolve([1, 2, 3, 4], [1, 1], mode: .valid)", convolve([1, 2, 3, 4], [1, 1], mode: .valid), "[3 5 7]")
  }

  private static func frontendStatisticsConvolution2() throws {
    try expect("correlate([1, 2, 3, 4], [1, 0, -1])", correlate([1, 2, 3, 4], [1, 0, -1]), "[-2 -2]")
  }
}
