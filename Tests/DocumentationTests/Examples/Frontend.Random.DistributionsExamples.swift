// Written from Sources/Frontend/Random/Distributions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomDistributions: [Example] = [
    Example("Frontend/Random/Distributions.swift: random.bits(_:key:file:line:)", frontendRandomDistributions1),
    Example("Frontend/Random/Distributions.swift: random.uniform(_:low:high:dtype:key:file:line:)", frontendRandomDistributions2),
    Example("Frontend/Random/Distributions.swift: random.normal(_:mean:scale:dtype:key:file:line:)", frontendRandomDistributions3),
    Example("Frontend/Random/Distributions.swift: random.exponential(_:scale:dtype:key:file:line:)", frontendRandomDistributions4),
    Example("Frontend/Random/Distributions.swift: random.integers(_:low:high:endpoint:dtype:key:file:line:)", frontendRandomDistributions5),
  ]

  private static func frontendRandomDistributions1() throws {
    try expect("random.bits([2], key: 7)", random.bits([2], key: 7), "[13837866057460644397 14670401102720962203]")
  }

  private static func frontendRandomDistributions2() throws {
    try expect("random.uniform([3], key: 7)", random.uniform([3], key: 7), "[0.17173539 0.84983866 0.66174156]")
    try expect("random.uniform([2], low: 10, high: 20, key: 7)", random.uniform([2], low: 10, high: 20, key: 7), "[11.71735387 18.49838659]")
  }

  private static func frontendRandomDistributions3() throws {
    try expect("random.normal([3], key: 7)", random.normal([3], key: 7), "[ 0.40480774 -1.67914618  0.68709576]")
    try expect("round(random.normal([100_000], mean: 5, key: 7).mean(), decimals: 1)", round(random.normal([100_000], mean: 5, key: 7).mean(), decimals: 1), "5.0")
  }

  private static func frontendRandomDistributions4() throws {
    try expect("random.exponential([3], scale: 2, key: 7)", random.exponential([3], scale: 2, key: 7), "[2.37103506 0.41691769 0.13831928]")
  }

  private static func frontendRandomDistributions5() throws {
    try expect("random.integers([8], high: 6, key: 7)", random.integers([8], high: 6, key: 7), "[5 0 5 4 1 2 2 4]")
    try expect("random.integers([8], low: 1, high: 6, endpoint: true, dtype: .int8, key: 7)", random.integers([8], low: 1, high: 6, endpoint: true, dtype: .int8, key: 7), "[6 1 6 5 2 3 3 5]")
  }
}
