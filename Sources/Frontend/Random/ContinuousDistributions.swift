import WeftIR

/// Continuous distributions by their inverses: elementwise functions of random bits, which fuse.
extension random {
  /// Numbers of the Laplace distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.laplace`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.laplace([10_000], location: 3, key: 7).mean(), decimals: 1)  // 3.0
  /// ```
  public static func laplace(
    _ shape: [Int], location: NDArray = 0.0, scale: NDArray = 1.0, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("laplace", shape, key, [location, scale], file, line) { draw throws(WeftError) in
      let scale = try draw.parameter("scale", scale, .notNegative)
      let u = draw.subtract(try draw.openUnit(.laplace), draw.number(0.5))
      // The sign of u times the logarithm of what it leaves of a half.
      let rest = draw.subtract(
        draw.number(1), draw.multiply(draw.number(2), draw.call.apply(.abs, u)))
      let value = draw.negative(draw.multiply(draw.call.apply(.sign, u), draw.log(rest)))
      return draw.moved(value, try draw.parameter("location", location), scale)
    }
  }

  /// Numbers of the logistic distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.logistic`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.logistic([10_000], location: 2, scale: 0.5, key: 7).mean(), decimals: 1)  // 2.0
  /// ```
  public static func logistic(
    _ shape: [Int], location: NDArray = 0.0, scale: NDArray = 1.0, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("logistic", shape, key, [location, scale], file, line) { draw throws(WeftError) in
      let scale = try draw.parameter("scale", scale, .notNegative)
      let u = try draw.openUnit(.logistic)
      let value = draw.subtract(
        draw.log(u), draw.call.apply(.log1p, draw.negative(u)))
      return draw.moved(value, try draw.parameter("location", location), scale)
    }
  }

  /// Numbers of the Gumbel distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.gumbel`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.gumbel([10_000], location: 1, scale: 0.1, key: 7).mean(), decimals: 1)  // 1.1
  /// ```
  public static func gumbel(
    _ shape: [Int], location: NDArray = 0.0, scale: NDArray = 1.0, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("gumbel", shape, key, [location, scale], file, line) { draw throws(WeftError) in
      let scale = try draw.parameter("scale", scale, .notNegative)
      let value = draw.negative(draw.log(draw.negative(draw.log(try draw.openUnit(.gumbel)))))
      return draw.moved(value, try draw.parameter("location", location), scale)
    }
  }

  /// Numbers of the Rayleigh distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.rayleigh`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.rayleigh([10_000], scale: 2, key: 7).mean(), decimals: 1)  // 2.5
  /// ```
  public static func rayleigh(
    _ shape: [Int], scale: NDArray = 1.0, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("rayleigh", shape, key, [scale], file, line) { draw throws(WeftError) in
      let scale = try draw.parameter("scale", scale, .notNegative)
      let exponential = draw.negative(draw.log(try draw.positiveUnit(.rayleigh)))
      return draw.multiply(
        scale, draw.sqrt(draw.multiply(draw.number(2), exponential)))
    }
  }

  /// Numbers of the Weibull distribution of scale 1.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.weibull`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.weibull([10_000], alpha: 2, key: 7).mean(), decimals: 1)  // 0.9
  /// ```
  public static func weibull(
    _ shape: [Int], alpha: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("weibull", shape, key, [alpha], file, line) { draw throws(WeftError) in
      let alpha = try draw.parameter("alpha", alpha, .notNegative)
      let exponential = draw.negative(draw.log(try draw.positiveUnit(.weibull)))
      let value = draw.pow(exponential, draw.divide(draw.number(1), alpha))
      return draw.call.select(
        draw.call.apply(.equal, alpha, draw.number(0)), draw.number(0), value)
    }
  }

  /// Numbers of the Pareto II distribution, also called Lomax, of scale 1.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.pareto`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.pareto([10_000], alpha: 10, key: 7).mean(), decimals: 1)  // 0.1
  /// ```
  public static func pareto(
    _ shape: [Int], alpha: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("pareto", shape, key, [alpha], file, line) { draw throws(WeftError) in
      let alpha = try draw.parameter("alpha", alpha, .positive)
      let exponential = draw.negative(draw.log(try draw.positiveUnit(.pareto)))
      return draw.call.apply(.expm1, draw.divide(exponential, alpha))
    }
  }

  /// Numbers in [0, 1] whose distribution function is a power.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.power`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.power([10_000], alpha: 2, key: 7).mean(), decimals: 1)  // 0.7
  /// ```
  public static func power(
    _ shape: [Int], alpha: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    draw("power", shape, key, [alpha], file, line) { draw throws(WeftError) in
      let alpha = try draw.parameter("alpha", alpha, .positive)
      return draw.pow(try draw.positiveUnit(.power), draw.divide(draw.number(1), alpha))
    }
  }

  /// Numbers of the Cauchy distribution about 0 with scale 1.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.standard_cauchy`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round((random.standardCauchy([10_000], key: 7) .> 0).mean(), decimals: 1)  // 0.5
  /// ```
  public static func standardCauchy(
    _ shape: [Int], key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("standardCauchy", shape, key, [], file, line) { draw throws(WeftError) in
      let u = draw.subtract(try draw.openUnit(.cauchy), draw.number(0.5))
      return draw.call.apply(.tan, draw.multiply(u, draw.number(Double.pi)))
    }
  }

  /// Numbers of the triangular distribution over an interval with a mode.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.triangular`, with other values.
  /// - Source: the inverse of the distribution function.
  ///
  /// ```swift
  /// round(random.triangular([10_000], left: 0, mode: 1, right: 2, key: 7).mean(), decimals: 1)  // 1.0
  /// ```
  public static func triangular(
    _ shape: [Int], left: NDArray, mode: NDArray, right: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("triangular", shape, key, [left, mode, right], file, line) { draw throws(WeftError) in
      let left = try draw.parameter("left", left)
      let mode = try draw.parameter("mode", mode)
      let right = try draw.parameter("right", right)
      try draw.requireOrder(left, mode, right)
      let base = draw.subtract(right, left)
      let (lower, upper) = (draw.subtract(mode, left), draw.subtract(right, mode))
      let u = try draw.unit(.triangular)
      let isLower = draw.call.apply(.lessEqual, draw.multiply(u, base), lower)
      let fromLeft = draw.add(left, draw.sqrt(draw.multiply(u, draw.multiply(base, lower))))
      let rest = draw.subtract(draw.number(1), u)
      let fromRight = draw.subtract(
        right, draw.sqrt(draw.multiply(rest, draw.multiply(base, upper))))
      return draw.call.select(isLower, fromLeft, fromRight)
    }
  }

  /// Numbers whose logarithms are normally distributed.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.lognormal`, with other values.
  ///
  /// ```swift
  /// round(log(random.lognormal([10_000], mean: 1, key: 7)).mean(), decimals: 1)  // 1.0
  /// ```
  public static func lognormal(
    _ shape: [Int], mean: NDArray = 0.0, sigma: NDArray = 1.0, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("lognormal", shape, key, [mean, sigma], file, line) { draw throws(WeftError) in
      let sigma = try draw.parameter("sigma", sigma, .notNegative)
      return draw.call.apply(
        .exp, draw.moved(try draw.normal(), try draw.parameter("mean", mean), sigma))
    }
  }

  /// Numbers of the inverse Gaussian distribution.
  ///
  /// - Shape: `shape`; parameters broadcast to it.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters outside the distribution's; `broadcast`;
  ///   `negative-extent`.
  /// - NumPy: `Generator.wald`, with other values.
  /// - Source: Michael, Schucany & Haas, "Generating random variates using transformations with
  ///   multiple roots", Amer. Statist. 30(2), 1976.
  ///
  /// ```swift
  /// round(random.wald([10_000], mean: 2, scale: 8, key: 7).mean(), decimals: 1)  // 2.0
  /// ```
  public static func wald(
    _ shape: [Int], mean: NDArray, scale: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    draw("wald", shape, key, [mean, scale], file, line) { draw throws(WeftError) in
      let mean = try draw.parameter("mean", mean, .positive)
      let scale = try draw.parameter("scale", scale, .positive)
      let normal = try draw.normal()
      let y = draw.multiply(mean, draw.multiply(normal, normal))
      let half = draw.divide(mean, draw.multiply(draw.number(2), scale))
      // The smaller root as a quotient: its difference would cancel.
      let root = draw.sqrt(
        draw.add(draw.multiply(draw.multiply(draw.number(4), scale), y), draw.multiply(y, y)))
      let larger = draw.add(mean, draw.multiply(half, draw.add(y, root)))
      let smaller = draw.divide(draw.multiply(mean, mean), larger)
      let isSmaller = draw.call.apply(
        .lessEqual, try draw.unit(.wald), draw.divide(mean, draw.add(mean, smaller)))
      return draw.call.select(isSmaller, smaller, larger)
    }
  }
}

extension Drawing {
  /// - Throws: `value` for bounds that are known not to ascend, or to be equal.
  fileprivate func requireOrder(
    _ left: NDArray, _ mode: NDArray, _ right: NDArray
  ) throws(WeftError) {
    let known = [left, mode, right].map { ConstantReader.scalars($0, atMost: 1)?.first }
    guard let a = known[0]?.doubleValue, let b = known[1]?.doubleValue,
      let c = known[2]?.doubleValue
    else { return }
    guard a <= b, b <= c, a < c else {
      throw call.error(.value, "bounds \(a), \(b), \(c) do not ascend")
    }
  }
}
