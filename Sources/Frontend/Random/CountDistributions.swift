import WeftIR

/// Distributions of counts.
extension random {
  /// Counts of the Poisson distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.poisson`, with other values.
  /// - Source: PTRS of Hörmann, Insurance: Mathematics and Economics 12, 1993, for means from 10 on.
  ///
  /// ```swift
  /// round(random.poisson([10_000], mean: 3, key: 7).mean(), decimals: 0)  // 3.0
  /// ```
  public static func poisson(
    _ shape: [Int], mean: NDArray = 1.0, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("poisson", shape, key, [mean], file, line) { draw throws(WeftError) in
      try draw.sample(
        "poisson", .poisson, [try draw.parameter("mean", mean, .notNegative)], dtype: .int64)
    }
  }

  /// How many of a count of trials succeed.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.binomial`, with other values.
  /// - Source: BTRS of Hörmann, J. Statist. Comput. Simul. 46, 1993, for means from 10 on.
  ///
  /// ```swift
  /// round(random.binomial([10_000], count: 10, probability: 0.3, key: 7).mean(), decimals: 0)  // 3.0
  /// ```
  public static func binomial(
    _ shape: [Int], count: NDArray, probability: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("binomial", shape, key, [count, probability], file, line) { draw throws(WeftError) in
      try draw.sample(
        "binomial", .binomial,
        [
          try draw.parameter("count", count, .notNegative),
          try draw.parameter("probability", probability, .probability),
        ], dtype: .int64)
    }
  }

  /// How many trials fail before a count of them succeeds.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.negative_binomial`, with other values.
  /// - Source: a Poisson distribution whose mean is gamma distributed.
  ///
  /// ```swift
  /// let x = random.negativeBinomial([10_000], count: 3, probability: 0.5, key: 7)
  /// round(x.mean(), decimals: 0)  // 3.0
  /// ```
  public static func negativeBinomial(
    _ shape: [Int], count: NDArray, probability: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("negativeBinomial", shape, key, [count, probability], file, line) {
      draw throws(WeftError) in
      let count = try draw.parameter("count", count, .positive)
      let probability = try draw.parameter("probability", probability, .positiveProbability)
      let odds = draw.divide(draw.subtract(draw.number(1), probability), probability)
      let mean = draw.multiply(try draw.sample("gamma", .gamma, [count]), odds)
      return try draw.sample("poisson", .poisson, [mean], dtype: .int64)
    }
  }

  /// How many trials it takes until one succeeds.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.geometric`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.geometric([10_000], probability: 0.25, key: 7).mean(), decimals: 0)  // 4.0
  /// ```
  public static func geometric(
    _ shape: [Int], probability: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("geometric", shape, key, [probability], file, line) { draw throws(WeftError) in
      let probability = try draw.parameter("probability", probability, .positiveProbability)
      let exponential = draw.log(try draw.positiveUnit(.geometric))
      let trials = draw.call.apply(
        .ceil, draw.divide(exponential, draw.call.apply(.log1p, draw.negative(probability))))
      // A certain success gives 0 / -inf; what 64 bits do not hold is their greatest number.
      let bounded = draw.call.apply(
        .minimum, draw.call.apply(.maximum, trials, draw.number(1)),
        draw.number(0x1.FFFFFFFFFFFFFp62))
      return draw.call.convert(bounded, to: .int64)
    }
  }

  /// How many good ones are among some drawn without replacement from good and bad ones.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.hypergeometric`, with other values.
  /// - Source: HRUA of Stadlober 1989 for 10 draws or more.
  ///
  /// ```swift
  /// let x = random.hypergeometric([10_000], good: 10, bad: 20, draws: 6, key: 7)
  /// round(x.mean(), decimals: 0)  // 2.0
  /// ```
  public static func hypergeometric(
    _ shape: [Int], good: NDArray, bad: NDArray, draws: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("hypergeometric", shape, key, [good, bad, draws], file, line) { draw throws(WeftError) in
      try draw.sample(
        "hypergeometric", .hypergeometric,
        [
          try draw.parameter("good", good, .notNegative),
          try draw.parameter("bad", bad, .notNegative),
          try draw.parameter("draws", draws, .notNegative),
        ], dtype: .int64)
    }
  }

  /// Numbers of Zipf's distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.zipf`, with other values.
  /// - Source: Devroye, Non-Uniform Random Variate Generation, X.6.1.
  ///
  /// ```swift
  /// round(random.zipf([10_000], exponent: 4, key: 7).mean(), decimals: 0)  // 1.0
  /// ```
  public static func zipf(
    _ shape: [Int], exponent: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("zipf", shape, key, [exponent], file, line) { draw throws(WeftError) in
      try draw.sample("zipf", .zipf, [try draw.parameter("exponent", exponent)], dtype: .int64)
    }
  }

  /// Numbers of the logarithmic series distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.logseries`, with other values.
  /// - Source: Kemp, Appl. Statist. 30(3), 1981.
  ///
  /// ```swift
  /// round(random.logseries([10_000], probability: 0.5, key: 7).mean(), decimals: 0)  // 1.0
  /// ```
  public static func logseries(
    _ shape: [Int], probability: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("logseries", shape, key, [probability], file, line) { draw throws(WeftError) in
      try draw.sample(
        "logseries", .logSeries, [try draw.parameter("probability", probability, .probability)],
        dtype: .int64)
    }
  }

  /// Integers from low to before high, each element within bounds of its own, all equally likely.
  ///
  /// - Shape: `shape`; bounds broadcast to it.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for empty ranges and for bounds beyond 2^53; `dtype` for
  ///   bounds that are no integers; `broadcast`.
  /// - NumPy: `Generator.integers` with arrays, with other values.
  /// - Source: Lemire, ACM TOMACS 29(1), 2019, with rejection: no bias.
  ///
  /// ```swift
  /// random.integers([2], lows: [3, 5], highs: [4, 6], key: 7)  // [3 5]
  /// ```
  public static func integers(
    _ shape: [Int], lows: NDArray, highs: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("integers", shape, key, [lows, highs], file, line) { draw throws(WeftError) in
      for bound in [lows, highs] where bound.dtype.isInexact {
        throw draw.call.error(.dtype, "a bound is \(bound.expr.type), expected integers")
      }
      return try draw.sample(
        "integers", .boundedIntegers,
        [try draw.parameter("lows", lows), try draw.parameter("highs", highs)], dtype: .int64)
    }
  }
}
