// Written from Sources/Frontend/Statistics/Histograms.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsHistograms: [Example] = [
    Example("Frontend/Statistics/Histograms.swift: histogram(_:bins:range:weights:density:file:line:)", frontendStatisticsHistograms1),
    Example("Frontend/Statistics/Histograms.swift: histogramEdges(_:bins:range:file:line:)", frontendStatisticsHistograms2),
    Example("Frontend/Statistics/Histograms.swift: histogramGrid(_:bins:ranges:weights:density:file:line:)", frontendStatisticsHistograms3),
  ]

  private static func frontendStatisticsHistograms1() throws {
    let (counts, edges) = histogram([1, 2, 2, 3, 9], bins: 4)
    try expect("counts", counts, "[3 1 0 1]")
    try expect("edges", edges, "[1. 3. 5. 7. 9.]")
    try expect("histogram([1, 2, 2, 3, 9], bins: .edges([0, 2, 4])).counts", histogram([1, 2, 2, 3, 9], bins: .edges([0, 2, 4])).counts, "[1 3]")
  }

  private static func frontendStatisticsHistograms2() throws {
    try expect("histogramEdges([0, 1, 10], bins: 5)", histogramEdges([0, 1, 10], bins: 5), "[ 0.  2.  4.  6.  8. 10.]")
  }

  private static func frontendStatisticsHistograms3() throws {
    let x: NDArray = [0, 1, 1]
    let y: NDArray = [0, 2, 2]
    try expect("histogramGrid([x, y], bins: [2]).counts", histogramGrid([x, y], bins: [2]).counts, "[[1. 0.]\n [0. 2.]]")
  }
}
