// Written from Sources/Frontend/Random/CountDistributions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomCountDistributions: [Example] = [
    Example("Frontend/Random/CountDistributions.swift: random.poisson(_:mean:key:file:line:)", frontendRandomCountDistributions1),
    Example("Frontend/Random/CountDistributions.swift: random.binomial(_:count:probability:key:file:line:)", frontendRandomCountDistributions2),
    Example("Frontend/Random/CountDistributions.swift: random.negativeBinomial(_:count:probability:key:file:line:)", frontendRandomCountDistributions3),
    Example("Frontend/Random/CountDistributions.swift: random.geometric(_:probability:key:file:line:)", frontendRandomCountDistributions4),
    Example("Frontend/Random/CountDistributions.swift: random.hypergeometric(_:good:bad:draws:key:file:line:)", frontendRandomCountDistributions5),
    Example("Frontend/Random/CountDistributions.swift: random.zipf(_:exponent:key:file:line:)", frontendRandomCountDistributions6),
    Example("Frontend/Random/CountDistributions.swift: random.logseries(_:probability:key:file:line:)", frontendRandomCountDistributions7),
    Example("Frontend/Random/CountDistributions.swift: random.integers(_:lows:highs:key:file:line:)", frontendRandomCountDistributions8),
  ]

  private static func frontendRandomCountDistributions1() throws {
    try expect("round(random.poisson([10_000], mean: 3, key: 7).mean(), decimals: 0)", round(random.poisson([10_000], mean: 3, key: 7).mean(), decimals: 0), "3.0")
  }

  private static func frontendRandomCountDistributions2() throws {
    try expect("round(random.binomial([10_000], count: 10, probability: 0.3, key: 7).mean(), decimals: 0)", round(random.binomial([10_000], count: 10, probability: 0.3, key: 7).mean(), decimals: 0), "3.0")
  }

  private static func frontendRandomCountDistributions3() throws {
    let x = random.negativeBinomial([10_000], count: 3, probability: 0.5, key: 7)
    try expect("round(x.mean(), decimals: 0)", round(x.mean(), decimals: 0), "3.0")
  }

  private static func frontendRandomCountDistributions4() throws {
    try expect("round(random.geometric([10_000], probability: 0.25, key: 7).mean(), decimals: 0)", round(random.geometric([10_000], probability: 0.25, key: 7).mean(), decimals: 0), "4.0")
  }

  private static func frontendRandomCountDistributions5() throws {
    let x = random.hypergeometric([10_000], good: 10, bad: 20, draws: 6, key: 7)
    try expect("round(x.mean(), decimals: 0)", round(x.mean(), decimals: 0), "2.0")
  }

  private static func frontendRandomCountDistributions6() throws {
    try expect("round(random.zipf([10_000], exponent: 4, key: 7).mean(), decimals: 0)", round(random.zipf([10_000], exponent: 4, key: 7).mean(), decimals: 0), "1.0")
  }

  private static func frontendRandomCountDistributions7() throws {
    try expect("round(random.logseries([10_000], probability: 0.5, key: 7).mean(), decimals: 0)", round(random.logseries([10_000], probability: 0.5, key: 7).mean(), decimals: 0), "1.0")
  }

  private static func frontendRandomCountDistributions8() throws {
    try expect("random.integers([2], lows: [3, 5], highs: [4, 6], key: 7)", random.integers([2], lows: [3, 5], highs: [4, 6], key: 7), "[3 5]")
  }
}
