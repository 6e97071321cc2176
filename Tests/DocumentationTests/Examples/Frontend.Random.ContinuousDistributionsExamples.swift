// Written from Sources/Frontend/Random/ContinuousDistributions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomContinuousDistributions: [Example] = [
    Example("Frontend/Random/ContinuousDistributions.swift: random.laplace(_:location:scale:key:file:line:)", frontendRandomContinuousDistributions1),
    Example("Frontend/Random/ContinuousDistributions.swift: random.logistic(_:location:scale:key:file:line:)", frontendRandomContinuousDistributions2),
    Example("Frontend/Random/ContinuousDistributions.swift: random.gumbel(_:location:scale:key:file:line:)", frontendRandomContinuousDistributions3),
    Example("Frontend/Random/ContinuousDistributions.swift: random.rayleigh(_:scale:key:file:line:)", frontendRandomContinuousDistributions4),
    Example("Frontend/Random/ContinuousDistributions.swift: random.weibull(_:alpha:key:file:line:)", frontendRandomContinuousDistributions5),
    Example("Frontend/Random/ContinuousDistributions.swift: random.pareto(_:alpha:key:file:line:)", frontendRandomContinuousDistributions6),
    Example("Frontend/Random/ContinuousDistributions.swift: random.power(_:alpha:key:file:line:)", frontendRandomContinuousDistributions7),
    Example("Frontend/Random/ContinuousDistributions.swift: random.standardCauchy(_:key:file:line:)", frontendRandomContinuousDistributions8),
    Example("Frontend/Random/ContinuousDistributions.swift: random.triangular(_:left:mode:right:key:file:line:)", frontendRandomContinuousDistributions9),
    Example("Frontend/Random/ContinuousDistributions.swift: random.lognormal(_:mean:sigma:key:file:line:)", frontendRandomContinuousDistributions10),
    Example("Frontend/Random/ContinuousDistributions.swift: random.wald(_:mean:scale:key:file:line:)", frontendRandomContinuousDistributions11),
  ]

  private static func frontendRandomContinuousDistributions1() throws {
    try expect("round(random.laplace([10_000], location: 3, key: 7).mean(), decimals: 1)", round(random.laplace([10_000], location: 3, key: 7).mean(), decimals: 1), "3.0")
  }

  private static func frontendRandomContinuousDistributions2() throws {
    try expect("round(random.logistic([10_000], location: 2, scale: 0.5, key: 7).mean(), decimals: 1)", round(random.logistic([10_000], location: 2, scale: 0.5, key: 7).mean(), decimals: 1), "2.0")
  }

  private static func frontendRandomContinuousDistributions3() throws {
    try expect("round(random.gumbel([10_000], location: 1, scale: 0.1, key: 7).mean(), decimals: 1)", round(random.gumbel([10_000], location: 1, scale: 0.1, key: 7).mean(), decimals: 1), "1.1")
  }

  private static func frontendRandomContinuousDistributions4() throws {
    try expect("round(random.rayleigh([10_000], scale: 2, key: 7).mean(), decimals: 1)", round(random.rayleigh([10_000], scale: 2, key: 7).mean(), decimals: 1), "2.5")
  }

  private static func frontendRandomContinuousDistributions5() throws {
    try expect("round(random.weibull([10_000], alpha: 2, key: 7).mean(), decimals: 1)", round(random.weibull([10_000], alpha: 2, key: 7).mean(), decimals: 1), "0.9")
  }

  private static func frontendRandomContinuousDistributions6() throws {
    try expect("round(random.pareto([10_000], alpha: 10, key: 7).mean(), decimals: 1)", round(random.pareto([10_000], alpha: 10, key: 7).mean(), decimals: 1), "0.1")
  }

  private static func frontendRandomContinuousDistributions7() throws {
    try expect("round(random.power([10_000], alpha: 2, key: 7).mean(), decimals: 1)", round(random.power([10_000], alpha: 2, key: 7).mean(), decimals: 1), "0.7")
  }

  private static func frontendRandomContinuousDistributions8() throws {
    try expect("round((random.standardCauchy([10_000], key: 7) .> 0).mean(), decimals: 1)", round((random.standardCauchy([10_000], key: 7) .> 0).mean(), decimals: 1), "0.5")
  }

  private static func frontendRandomContinuousDistributions9() throws {
    try expect("round(random.triangular([10_000], left: 0, mode: 1, right: 2, key: 7).mean(), decimals: 1)", round(random.triangular([10_000], left: 0, mode: 1, right: 2, key: 7).mean(), decimals: 1), "1.0")
  }

  private static func frontendRandomContinuousDistributions10() throws {
    try expect("round(log(random.lognormal([10_000], mean: 1, key: 7)).mean(), decimals: 1)", round(log(random.lognormal([10_000], mean: 1, key: 7)).mean(), decimals: 1), "1.0")
  }

  private static func frontendRandomContinuousDistributions11() throws {
    try expect("round(random.wald([10_000], mean: 2, scale: 8, key: 7).mean(), decimals: 1)", round(random.wald([10_000], mean: 2, scale: 8, key: 7).mean(), decimals: 1), "2.0")
  }
}
