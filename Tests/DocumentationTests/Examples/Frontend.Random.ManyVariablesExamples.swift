// Written from Sources/Frontend/Random/ManyVariables.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomManyVariables: [Example] = [
    Example("Frontend/Random/ManyVariables.swift: random.multivariateNormal(_:mean:covariance:method:tolerance:key:file:line:)", frontendRandomManyVariables1),
    Example("Frontend/Random/ManyVariables.swift: random.dirichlet(_:alpha:key:file:line:)", frontendRandomManyVariables2),
    Example("Frontend/Random/ManyVariables.swift: random.multinomial(_:count:probabilities:key:file:line:)", frontendRandomManyVariables3),
    Example("Frontend/Random/ManyVariables.swift: random.multivariateHypergeometric(_:colors:draws:key:file:line:)", frontendRandomManyVariables4),
    Example("Frontend/Random/ManyVariables.swift: random.bytes(_:key:file:line:)", frontendRandomManyVariables5),
  ]

  private static func frontendRandomManyVariables1() throws {
    let x = random.multivariateNormal(
      [10_000], mean: [1, 2], covariance: [[1, 0.5], [0.5, 2]], key: 7)
    try expect("round(x.mean(axis: 0), decimals: 0)", round(x.mean(axis: 0), decimals: 0), "[1. 2.]")
  }

  private static func frontendRandomManyVariables2() throws {
    try expect("random.dirichlet([2], alpha: [1, 1], key: 7).sum(axis: 1)", random.dirichlet([2], alpha: [1, 1], key: 7).sum(axis: 1), "[1. 1.]")
  }

  private static func frontendRandomManyVariables3() throws {
    try expect("random.multinomial([2], count: 20, probabilities: [0.5, 0.5], key: 7).sum(axis: 1)", random.multinomial([2], count: 20, probabilities: [0.5, 0.5], key: 7).sum(axis: 1), "[20 20]")
  }

  private static func frontendRandomManyVariables4() throws {
    let x = random.multivariateHypergeometric([2], colors: [16, 8, 4], draws: 7, key: 7)
    try expect("x.sum(axis: 1)", x.sum(axis: 1), "[7 7]")
  }

  private static func frontendRandomManyVariables5() throws {
    try expect("random.bytes(3, key: 7).dtype", random.bytes(3, key: 7).dtype, "uint8")
  }
}
