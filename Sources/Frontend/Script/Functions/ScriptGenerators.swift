import WeftIR

extension ScriptFunction {
  /// NumPy's random generators: each draw has a key by the seed and the draws before it.
  static let generators: [ScriptFunction] = singles + distributions + choices

  private static let distributions: [ScriptFunction] = [
    distribution(
      "beta", "a, b, ", ["a", "b"], swift: "random.beta([3], alpha: a, beta: b, key: 7)"
    ) {
      Weft.random.beta($1, alpha: $0[0], beta: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "binomial", "n, p, ", ["n", "p"],
      swift: "random.binomial([3], count: c, probability: p, key: 7)"
    ) {
      Weft.random.binomial(
        $1, count: $0[0], probability: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution("chisquare", "df, ", ["df"], swift: "random.chisquare([3], freedom: f, key: 7)") {
      Weft.random.chisquare($1, freedom: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "exponential", "scale=1.0, ", ["scale"], swift: "random.exponential([3], scale: s, key: 7)"
    ) {
      Weft.random.exponential($1, scale: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "f", "dfnum, dfden, ", ["dfnum", "dfden"],
      swift: "random.f([3], numerator: n, denominator: d, key: 7)"
    ) {
      Weft.random.f($1, numerator: $0[0], denominator: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "gamma", "shape, scale=1.0, ", ["shape", "scale"],
      swift: "random.gamma([3], alpha: a, scale: s, key: 7)"
    ) {
      Weft.random.gamma($1, alpha: $0[0], scale: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution("geometric", "p, ", ["p"], swift: "random.geometric([3], probability: p, key: 7)")
    {
      Weft.random.geometric($1, probability: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "gumbel", "loc=0.0, scale=1.0, ", ["loc", "scale"],
      swift: "random.gumbel([3], location: l, scale: s, key: 7)"
    ) {
      Weft.random.gumbel($1, location: $0[0], scale: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "hypergeometric", "ngood, nbad, nsample, ", ["ngood", "nbad", "nsample"],
      swift: "random.hypergeometric([3], good: g, bad: b, draws: d, key: 7)"
    ) {
      Weft.random.hypergeometric(
        $1, good: $0[0], bad: $0[1], draws: $0[2], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "laplace", "loc=0.0, scale=1.0, ", ["loc", "scale"],
      swift: "random.laplace([3], location: l, scale: s, key: 7)"
    ) {
      Weft.random.laplace($1, location: $0[0], scale: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "logistic", "loc=0.0, scale=1.0, ", ["loc", "scale"],
      swift: "random.logistic([3], location: l, scale: s, key: 7)"
    ) {
      Weft.random.logistic($1, location: $0[0], scale: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "lognormal", "mean=0.0, sigma=1.0, ", ["mean", "sigma"],
      swift: "random.lognormal([3], mean: m, sigma: s, key: 7)"
    ) {
      Weft.random.lognormal($1, mean: $0[0], sigma: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution("logseries", "p, ", ["p"], swift: "random.logseries([3], probability: p, key: 7)")
    {
      Weft.random.logseries($1, probability: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "negative_binomial", "n, p, ", ["n", "p"],
      swift: "random.negativeBinomial([3], count: c, probability: p, key: 7)"
    ) {
      Weft.random.negativeBinomial(
        $1, count: $0[0], probability: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "noncentral_chisquare", "df, nonc, ", ["df", "nonc"],
      swift: "random.noncentralChisquare([3], freedom: f, noncentrality: n, key: 7)"
    ) {
      Weft.random.noncentralChisquare(
        $1, freedom: $0[0], noncentrality: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "noncentral_f", "dfnum, dfden, nonc, ", ["dfnum", "dfden", "nonc"],
      swift: "random.noncentralF([3], numerator: n, denominator: d, noncentrality: n, key: 7)"
    ) {
      Weft.random.noncentralF(
        $1, numerator: $0[0], denominator: $0[1], noncentrality: $0[2], key: $2, file: $3.file,
        line: $3.line)
    },
    distribution(
      "normal", "loc=0.0, scale=1.0, ", ["loc", "scale"],
      swift: "random.normal([3], mean: m, scale: s, key: 7)"
    ) {
      Weft.random.normal($1, mean: $0[0], scale: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution("pareto", "a, ", ["a"], swift: "random.pareto([3], alpha: a, key: 7)") {
      Weft.random.pareto($1, alpha: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution("poisson", "lam=1.0, ", ["lam"], swift: "random.poisson([3], mean: m, key: 7)") {
      Weft.random.poisson($1, mean: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution("power", "a, ", ["a"], swift: "random.power([3], alpha: a, key: 7)") {
      Weft.random.power($1, alpha: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "rayleigh", "scale=1.0, ", ["scale"], swift: "random.rayleigh([3], scale: s, key: 7)"
    ) {
      Weft.random.rayleigh($1, scale: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution("standard_cauchy", "", [], swift: "random.standardCauchy([3], key: 7)") {
      Weft.random.standardCauchy($1, key: $2, file: $3.file, line: $3.line)
    },
    distribution("standard_t", "df, ", ["df"], swift: "random.standardT([3], freedom: f, key: 7)") {
      Weft.random.standardT($1, freedom: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "triangular", "left, mode, right, ", ["left", "mode", "right"],
      swift: "random.triangular([3], left: l, mode: m, right: r, key: 7)"
    ) {
      Weft.random.triangular(
        $1, left: $0[0], mode: $0[1], right: $0[2], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "uniform", "low=0.0, high=1.0, ", ["low", "high"],
      swift: "random.uniform([3], low: l, high: h, key: 7)"
    ) {
      Weft.random.uniform($1, low: $0[0], high: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "vonmises", "mu, kappa, ", ["mu", "kappa"],
      swift: "random.vonmises([3], mean: m, concentration: c, key: 7)"
    ) {
      Weft.random.vonmises(
        $1, mean: $0[0], concentration: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution(
      "wald", "mean, scale, ", ["mean", "scale"],
      swift: "random.wald([3], mean: m, scale: s, key: 7)"
    ) {
      Weft.random.wald($1, mean: $0[0], scale: $0[1], key: $2, file: $3.file, line: $3.line)
    },
    distribution("weibull", "a, ", ["a"], swift: "random.weibull([3], alpha: a, key: 7)") {
      Weft.random.weibull($1, alpha: $0[0], key: $2, file: $3.file, line: $3.line)
    },
    distribution("zipf", "a, ", ["a"], swift: "random.zipf([3], exponent: e, key: 7)") {
      Weft.random.zipf($1, exponent: $0[0], key: $2, file: $3.file, line: $3.line)
    },
  ]

  private typealias Draw =
    @Sendable (_ parameters: [NDArray], _ shape: [Int], _ key: UInt64, _ a: ScriptArguments)
    throws -> NDArray

  /// A distribution with parameters; without a size its shape is theirs.
  private static func distribution(
    _ name: String, _ parameters: String, _ names: [String], swift: String, draw: @escaping Draw
  ) -> ScriptFunction {
    ScriptFunction("random.Generator.\(name)(self, \(parameters)size=None)", swift: swift) { a in
      let values = try names.map { try a.array($0) }
      let shape = try a.optionalInts("size") ?? Call(name, a.site).broadcastShape(values).codes
      guard shape.allSatisfy({ $0 >= 0 || a.has("size") }) else {
        throw a.failure("size", "the parameters have extents that only the data tell")
      }
      return .array(try draw(values, shape, try a.generator().nextKey(), a))
    }
  }

  /// Distributions with a dtype and no or one parameter, under NumPy's names of standard ones.
  private static let singles: [ScriptFunction] = [
    ScriptFunction("random.default_rng(seed=None)", swift: "random.Generator(seed: 7)") { a in
      if case .generator = a["seed"] { return a["seed"] }
      if a.isNone("seed") { return .generator(ScriptGenerator(seed: .random(in: .min ... .max))) }
      let scalar = try a.scalar("seed")
      guard scalar.dtype.isInteger else {
        throw a.failure("seed", "the seed is \(a["seed"].summary), expected an integer")
      }
      return .generator(ScriptGenerator(seed: scalar.uintValue))
    },
    standard("random", "random.uniform([3], key: 7)") {
      Weft.random.uniform($0, dtype: $1, key: $2, file: $3.file, line: $3.line)
    },
    standard("standard_normal", "random.normal([3], key: 7)") {
      Weft.random.normal($0, dtype: $1, key: $2, file: $3.file, line: $3.line)
    },
    standard("standard_exponential", "random.exponential([3], key: 7)") {
      Weft.random.exponential($0, dtype: $1, key: $2, file: $3.file, line: $3.line)
    },
    ScriptFunction(
      "random.Generator.standard_gamma(self, shape, size=None, dtype=float64)",
      swift: "random.standardGamma([3], alpha: a, key: 7)"
    ) { a in
      let alpha = try a.array("shape")
      let shape = try a.optionalInts("size") ?? alpha.codes
      return .array(
        Weft.random.standardGamma(
          shape, alpha: alpha, key: try a.generator().nextKey(), file: a.file, line: a.line
        ).asType(try a.dtype(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.Generator.integers(self, low, high=None, size=None, dtype=int64, endpoint=False)",
      swift: "random.integers([3], high: 6, key: 7)"
    ) { a in
      let key = try a.generator().nextKey()
      if try a["low"].asInt() != nil, try a.isNone("high") || a["high"].asInt() != nil {
        let (first, second) = (try a.int("low"), try a.optionalInt("high"))
        return .array(
          Weft.random.integers(
            try a.optionalInts("size") ?? [], low: second == nil ? 0 : first,
            high: second ?? first, endpoint: try a.bool("endpoint"), dtype: try a.dtype(),
            key: key, file: a.file, line: a.line))
      }
      var (lows, highs) = (try a.array("low"), try a.optionalArray("high"))
      if highs == nil { (lows, highs) = (NDArray(scalar: 0), lows) }
      var end = highs ?? lows
      if try a.bool("endpoint") {
        end = NDArray.apply(.add, end, NDArray(scalar: 1), site: a.site)
      }
      let shape =
        try a.optionalInts("size")
        ?? Call("integers", a.site).broadcastShape([lows, end]).codes
      return .array(
        Weft.random.integers(shape, lows: lows, highs: end, key: key, file: a.file, line: a.line)
          .asType(try a.dtype(), file: a.file, line: a.line))
    },
    ScriptFunction("random.Generator.bytes(self, length)", swift: "random.bytes(8, key: 7)") { a in
      .array(
        Weft.random.bytes(
          try a.int("length"), key: try a.generator().nextKey(), file: a.file, line: a.line))
    },
  ]

  private static func standard(
    _ name: String, _ swift: String,
    _ draw: @escaping @Sendable ([Int], DType, UInt64, ScriptArguments) -> NDArray
  ) -> ScriptFunction {
    ScriptFunction(
      "random.Generator.\(name)(self, size=None, dtype=float64, method='zig', out=None)",
      swift: swift
    ) { a in
      .array(
        draw(try a.optionalInts("size") ?? [], try a.dtype(), try a.generator().nextKey(), a))
    }
  }

  /// Choices, orders, and distributions of several numbers.
  private static let choices: [ScriptFunction] = [
    ScriptFunction(
      "random.Generator.choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True)",
      swift: "random.choice(10, [3], key: 7)"
    ) { a in
      let (shape, key) = (try a.optionalInts("size") ?? [], try a.generator().nextKey())
      let (replace, p) = (try a.bool("replace"), try a.optionalArray("p"))
      if let count = try a["a"].asInt(), !a["a"].isArray {
        return .array(
          Weft.random.choice(
            count, shape, replace: replace, probabilities: p, key: key, file: a.file,
            line: a.line))
      }
      return .array(
        Weft.random.choice(
          try a.array("a"), shape, replace: replace, probabilities: p, axis: try a.axis(),
          key: key, file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.Generator.permutation(self, x, axis=0)", swift: "random.permutation(10, key: 7)"
    ) { a in
      let key = try a.generator().nextKey()
      if let count = try a["x"].asInt(), !a["x"].isArray {
        return .array(Weft.random.permutation(count, key: key, file: a.file, line: a.line))
      }
      return .array(
        Weft.random.shuffle(
          try a.array("x"), axis: try a.axis(), key: key, file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.Generator.multivariate_normal(self, mean, cov, size=None, check_valid='warn', "
        + "tol=1e-8, *, method='svd')",
      swift: "random.multivariateNormal([3], mean: m, covariance: c, key: 7)"
    ) { a in
      let method = try a.string("method", oneOf: CovarianceMethod.allCases.map(\.rawValue))
      let isChecked = try a.string("check_valid", oneOf: ["warn", "raise", "ignore"]) == "raise"
      return .array(
        Weft.random.multivariateNormal(
          try a.optionalInts("size") ?? [], mean: try a.array("mean"),
          covariance: try a.array("cov"),
          method: CovarianceMethod(rawValue: method) ?? .eigenvalues,
          tolerance: isChecked ? try a.real("tol") : nil, key: try a.generator().nextKey(),
          file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.Generator.dirichlet(self, alpha, size=None)",
      swift: "random.dirichlet([3], alpha: a, key: 7)"
    ) { a in
      .array(
        Weft.random.dirichlet(
          try a.optionalInts("size") ?? [], alpha: try a.array("alpha"),
          key: try a.generator().nextKey(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.Generator.multinomial(self, n, pvals, size=None)",
      swift: "random.multinomial([3], count: n, probabilities: p, key: 7)"
    ) { a in
      let count = try a.array("n")
      return .array(
        Weft.random.multinomial(
          try a.optionalInts("size") ?? count.codes, count: count,
          probabilities: try a.array("pvals"), key: try a.generator().nextKey(), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "random.Generator.multivariate_hypergeometric(self, colors, nsample, size=None)",
      swift: "random.multivariateHypergeometric([3], colors: c, draws: n, key: 7)"
    ) { a in
      let draws = try a.array("nsample")
      return .array(
        Weft.random.multivariateHypergeometric(
          try a.optionalInts("size") ?? draws.codes, colors: try a.array("colors"), draws: draws,
          key: try a.generator().nextKey(), file: a.file, line: a.line))
    },
  ]
}

extension ScriptArguments {
  /// The generator that a method is called on.
  fileprivate func generator() throws -> ScriptGenerator {
    guard case .generator(let generator) = self["self"] else {
      throw failure("self", "'self' is \(self["self"].summary), expected a random generator")
    }
    return generator
  }
}
