// Written from Sources/Frontend/Random/GammaDistributions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomGammaDistributions: [Example] = [
    Example("Frontend/Random/GammaDistributions.swift: random.standardGamma(_:alpha:key:file:line:)", frontendRandomGammaDistributions1),
    Example("Frontend/Random/GammaDistributions.swift: random.gamma(_:alpha:scale:key:file:line:)", frontendRandomGammaDistributions2),
    Example("Frontend/Random/GammaDistributions.swift: random.chisquare(_:freedom:key:file:line:)", frontendRandomGammaDistributions3),
    Example("Frontend/Random/GammaDistributions.swift: random.noncentralChisquare(_:freedom:noncentrality:key:file:line:)", frontendRandomGammaDistributions4),
    Example("Frontend/Random/GammaDistributions.swift: random.f(_:numerator:denominator:key:file:line:)", frontendRandomGammaDistributions5),
    Example("Frontend/Random/GammaDistributions.swift: random.noncentralF(_:numerator:denominator:noncentrality:key:file:line:)", frontendRandomGammaDistributions6),
    Example("Frontend/Random/GammaDistributions.swift: random.standardT(_:freedom:key:file:line:)", frontendRandomGammaDistributions7),
    Example("Frontend/Random/GammaDistributions.swift: random.beta(_:alpha:beta:key:file:line:)", frontendRandomGammaDistributions8),
    Example("Frontend/Random/GammaDistributions.swift: random.vonmises(_:mean:concentration:key:file:line:)", frontendRandomGammaDistributions9),
  ]

  private static func frontendRandomGammaDistributions1() throws {
    try expect("round(random.standardGamma([10_000], alpha: 4, key: 7).mean(), decimals: 0)", round(random.standardGamma([10_000], alpha: 4, key: 7).mean(), decimals: 0), "4.0")
  }

  private static func frontendRandomGammaDistributions2() throws {
    try expect("round(random.gamma([10_000], alpha: 2, scale: 3, key: 7).mean(), decimals: 0)", round(random.gamma([10_000], alpha: 2, scale: 3, key: 7).mean(), decimals: 0), "6.0")
  }

  private static func frontendRandomGammaDistributions3() throws {
    try expect("round(random.chisquare([10_000], freedom: 3, key: 7).mean(), decimals: 0)", round(random.chisquare([10_000], freedom: 3, key: 7).mean(), decimals: 0), "3.0")
  }

  private static func frontendRandomGammaDistributions4() throws {
    let x = random.noncentralChisquare([10_000], freedom: 3, noncentrality: 2, key: 7)
    try expect("round(x.mean(), decimals: 0)", round(x.mean(), decimals: 0), "5.0")
  }

  private static func frontendRandomGammaDistributions5() throws {
    try expect("round(random.f([10_000], numerator: 5, denominator: 12, key: 7).mean(), decimals: 1)", round(random.f([10_000], numerator: 5, denominator: 12, key: 7).mean(), decimals: 1), "1.2")
  }

  private static func frontendRandomGammaDistributions6() throws {
    let x = random.noncentralF(
      [10_000], numerator: 5, denominator: 12, noncentrality: 5, key: 7)
    try expect("round(x.mean(), decimals: 0)", round(x.mean(), decimals: 0), "2.0")
  }

  private static func frontendRandomGammaDistributions7() throws {
    try expect("round((random.standardT([10_000], freedom: 10, key: 7) .> 0).mean(), decimals: 1)", round((random.standardT([10_000], freedom: 10, key: 7) .> 0).mean(), decimals: 1), "0.5")
  }

  private static func frontendRandomGammaDistributions8() throws {
    try expect("round(random.beta([10_000], alpha: 2, beta: 3, key: 7).mean(), decimals: 1)", round(random.beta([10_000], alpha: 2, beta: 3, key: 7).mean(), decimals: 1), "0.4")
  }

  private static func frontendRandomGammaDistributions9() throws {
    try expect("round(random.vonmises([10_000], mean: 1, concentration: 50, key: 7).mean(), decimals: 1)", round(random.vonmises([10_000], mean: 1, concentration: 50, key: 7).mean(), decimals: 1), "1.0")
  }
}
