import WeftIR

/// The gamma distribution, what is made of it, and others drawn by rejection.
///
/// Rejection takes as many random numbers as it needs from a stream of each element's own.
extension random {
  /// Numbers of the gamma distribution of scale 1.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.standard_gamma`, with other values.
  /// - Source: Marsaglia & Tsang, ACM TOMS 26(3), 2000.
  ///
  /// ```swift
  /// round(random.standardGamma([10_000], alpha: 4, key: 7).mean(), decimals: 0)  // 4.0
  /// ```
  public static func standardGamma(
    _ shape: [Int], alpha: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("standardGamma", shape, key, [alpha], file, line) { draw throws(WeftError) in
      try draw.sample("gamma", .gamma, [try draw.parameter("alpha", alpha, .notNegative)])
    }
  }

  /// Numbers of the gamma distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.gamma`, with other values.
  /// - Source: Marsaglia & Tsang, ACM TOMS 26(3), 2000.
  ///
  /// ```swift
  /// round(random.gamma([10_000], alpha: 2, scale: 3, key: 7).mean(), decimals: 0)  // 6.0
  /// ```
  public static func gamma(
    _ shape: [Int], alpha: NDArray, scale: NDArray = 1.0, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("gamma", shape, key, [alpha, scale], file, line) { draw throws(WeftError) in
      let alpha = try draw.parameter("alpha", alpha, .notNegative)
      let scale = try draw.parameter("scale", scale, .notNegative)
      return draw.multiply(try draw.sample("gamma", .gamma, [alpha]), scale)
    }
  }

  /// Numbers of the chi-square distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.chisquare`, with other values.
  ///
  /// ```swift
  /// round(random.chisquare([10_000], freedom: 3, key: 7).mean(), decimals: 0)  // 3.0
  /// ```
  public static func chisquare(
    _ shape: [Int], freedom: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("chisquare", shape, key, [freedom], file, line) { draw throws(WeftError) in
      let freedom = try draw.parameter("freedom", freedom, .positive)
      return try draw.chisquare(freedom, .gamma)
    }
  }

  /// Numbers of the noncentral chi-square distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.noncentral_chisquare`, with other values.
  /// - Source: a chi-square distribution with twice a Poisson count more degrees of freedom: Johnson,
  ///   Kotz & Balakrishnan, Continuous Univariate Distributions 2, 29.3.
  ///
  /// ```swift
  /// let x = random.noncentralChisquare([10_000], freedom: 3, noncentrality: 2, key: 7)
  /// round(x.mean(), decimals: 0)  // 5.0
  /// ```
  public static func noncentralChisquare(
    _ shape: [Int], freedom: NDArray, noncentrality: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("noncentralChisquare", shape, key, [freedom, noncentrality], file, line) {
      draw throws(WeftError) in
      try draw.noncentralChisquare(
        try draw.parameter("freedom", freedom, .positive),
        try draw.parameter("noncentrality", noncentrality, .notNegative))
    }
  }

  /// Numbers of Fisher's F distribution, by its degrees of freedom.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.f`, with other values.
  ///
  /// ```swift
  /// round(random.f([10_000], numerator: 5, denominator: 12, key: 7).mean(), decimals: 1)  // 1.2
  /// ```
  public static func f(
    _ shape: [Int], numerator: NDArray, denominator: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("f", shape, key, [numerator, denominator], file, line) { draw throws(WeftError) in
      let numerator = try draw.parameter("numerator", numerator, .positive)
      let denominator = try draw.parameter("denominator", denominator, .positive)
      return draw.divide(
        draw.divide(try draw.chisquare(numerator, .gamma), numerator),
        draw.divide(try draw.chisquare(denominator, .secondGamma), denominator))
    }
  }

  /// Numbers of the noncentral F distribution, by its degrees of freedom.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.noncentral_f`, with other values.
  ///
  /// ```swift
  /// let x = random.noncentralF(
  ///   [10_000], numerator: 5, denominator: 12, noncentrality: 5, key: 7)
  /// round(x.mean(), decimals: 0)  // 2.0
  /// ```
  public static func noncentralF(
    _ shape: [Int], numerator: NDArray, denominator: NDArray, noncentrality: NDArray,
    key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("noncentralF", shape, key, [numerator, denominator, noncentrality], file, line) {
      draw throws(WeftError) in
      let numerator = try draw.parameter("numerator", numerator, .positive)
      let denominator = try draw.parameter("denominator", denominator, .positive)
      let above = try draw.noncentralChisquare(
        numerator, try draw.parameter("noncentrality", noncentrality, .notNegative))
      return draw.divide(
        draw.divide(above, numerator),
        draw.divide(try draw.chisquare(denominator, .secondGamma), denominator))
    }
  }

  /// Numbers of Student's t distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.standard_t`, with other values.
  ///
  /// ```swift
  /// round((random.standardT([10_000], freedom: 10, key: 7) .> 0).mean(), decimals: 1)  // 0.5
  /// ```
  public static func standardT(
    _ shape: [Int], freedom: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("standardT", shape, key, [freedom], file, line) { draw throws(WeftError) in
      let freedom = try draw.parameter("freedom", freedom, .positive)
      let deviation = draw.sqrt(draw.divide(try draw.chisquare(freedom, .gamma), freedom))
      return draw.divide(try draw.normal(), deviation)
    }
  }

  /// Numbers of the beta distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.beta`, with other values.
  /// - Source: ratios of gamma numbers, Jöhnk's method for parameters of at most 1.
  ///
  /// ```swift
  /// round(random.beta([10_000], alpha: 2, beta: 3, key: 7).mean(), decimals: 1)  // 0.4
  /// ```
  public static func beta(
    _ shape: [Int], alpha: NDArray, beta: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("beta", shape, key, [alpha, beta], file, line) { draw throws(WeftError) in
      try draw.sample(
        "beta", .beta,
        [
          try draw.parameter("alpha", alpha, .positive),
          try draw.parameter("beta", beta, .positive),
        ])
    }
  }

  /// Angles of the von Mises distribution in [-pi, pi].
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.vonmises`, with other values.
  /// - Source: Best & Fisher, Appl. Statist. 28(2), 1979.
  ///
  /// ```swift
  /// round(random.vonmises([10_000], mean: 1, concentration: 50, key: 7).mean(), decimals: 1)  // 1.0
  /// ```
  public static func vonmises(
    _ shape: [Int], mean: NDArray, concentration: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("vonmises", shape, key, [mean, concentration], file, line) { draw throws(WeftError) in
      try draw.sample(
        "vonmises", .vonMises,
        [
          try draw.parameter("mean", mean),
          try draw.parameter("concentration", concentration, .notNegative),
        ])
    }
  }
}

extension Drawing {
  /// Chi-square numbers of degrees of freedom, which are checked.
  fileprivate func chisquare(
    _ freedom: NDArray, _ lane: random.Lane
  ) throws(WeftError) -> NDArray {
    multiply(number(2), try sample("gamma", lane, [multiply(freedom, number(0.5))]))
  }

  fileprivate func noncentralChisquare(
    _ freedom: NDArray, _ noncentrality: NDArray
  ) throws(WeftError) -> NDArray {
    let more = try sample("poisson", .poisson, [multiply(noncentrality, number(0.5))])
    return try chisquare(add(freedom, multiply(number(2), more)), .gamma)
  }
}
