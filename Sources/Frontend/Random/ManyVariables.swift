import WeftIR

/// How a covariance matrix is taken apart into a factor times its transpose.
public enum CovarianceMethod: String, Sendable, CaseIterable {
  /// Eigenvalues and eigenvectors; negative eigenvalues count as 0.
  case eigenvalues = "eigh"
  /// Singular values and vectors.
  case singularValues = "svd"
  /// Cholesky's factor, the quickest; it needs a definite matrix.
  case cholesky
}

/// Distributions of several numbers at once; they stand along the last axis.
extension random {
  /// Vectors of the normal distribution with a mean and a covariance matrix.
  ///
  /// - Shape: `shape + [n]` for a mean `[n]` and a covariance `[n, n]`.
  /// - DType: float64.
  /// - Throws: from `compute()`: `shape-mismatch` for a mean and a covariance that do not fit;
  ///   `value` when a tolerance is given and the covariance is not symmetric and not negative within
  ///   it; `not-positive-definite` for Cholesky's method.
  /// - Accuracy: without a tolerance nothing checks that covariances are symmetric and not negative.
  /// - NumPy: `Generator.multivariate_normal`, with other values.
  ///
  /// ```swift
  /// let x = random.multivariateNormal(
  ///   [10_000], mean: [1, 2], covariance: [[1, 0.5], [0.5, 2]], key: 7)
  /// round(x.mean(axis: 0), decimals: 0)  // [1. 2.]
  /// ```
  public static func multivariateNormal(
    _ shape: [Int], mean: NDArray, covariance: NDArray, method: CovarianceMethod = .eigenvalues,
    tolerance: Double? = nil, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    let call = Call("random.multivariateNormal", file, line)
    return call.build([mean, covariance, key.keyArray]) { () throws(WeftError) in
      guard mean.rank == 1, covariance.rank == 2 else {
        throw call.error(
          .shapeMismatch,
          "the mean is \(mean.expr.type), the covariance \(covariance.expr.type), expected [n] "
            + "and [n, n]")
      }
      let extent = try call.extent(0, of: mean)
      guard try call.extents(of: covariance) == [extent, extent] else {
        throw call.error(
          .shapeMismatch, "\(covariance.expr.type) is no covariance of \(extent) numbers")
      }
      let center = call.convert(mean, to: .float64)
      let samples = try call.standardNormal(try call.shape(shape + [extent]), key)
      if extent == 0 { return samples }
      let factor = factor(
        of: call.convert(covariance, to: .float64), method, tolerance, call, file, line)
      let rows = call.reshape(samples, [samples.count.map { $0 / extent } ?? 0, extent])
      let moved = matmul(rows, factor, file: file, line: line)
      return call.apply(.add, call.reshape(moved, shape + [extent]), center)
    }
  }

  /// A matrix that times its transpose from the left is the covariance.
  private static func factor(
    of covariance: NDArray, _ method: CovarianceMethod, _ tolerance: Double?, _ call: Call,
    _ file: StaticString, _ line: UInt
  ) -> NDArray {
    let zero = call.number(0, .float64)
    switch method {
    case .cholesky:
      return call.permute(cholesky(covariance, file: file, line: line), [1, 0])
    case .eigenvalues:
      // Cov = V diag(w) V^T: normal numbers times sqrt(w) V^T have it.
      let parts = eigh(covariance, file: file, line: line)
      let roots = call.apply(.sqrt, call.apply(.maximum, parts.values, zero))
      let factor = call.permute(call.apply(.multiply, parts.vectors, roots), [1, 0])
      guard let tolerance else { return factor }
      let limit = call.number(-tolerance, .float64)
      let isSound = call.apply(.greaterEqual, parts.values, limit)
      return call.require(isSound, factor, .value, "the covariance has negative eigenvalues")
    case .singularValues:
      let parts = svd(covariance, file: file, line: line)
      func scaled(_ weights: NDArray) -> NDArray {
        call.apply(.multiply, call.reshape(weights, weights.codes + [1]), parts.vh)
      }
      let factor = scaled(call.apply(.sqrt, parts.s))
      guard let tolerance else { return factor }
      // Where U is not V the matrix has negative eigenvalues, or is not symmetric.
      let again = matmul(
        call.permute(parts.vh, [1, 0]), scaled(parts.s), file: file, line: line)
      let isSound = isClose(
        again, covariance, relative: call.number(tolerance, .float64),
        absolute: call.number(tolerance, .float64), file: file,
        line: line)
      return call.require(
        isSound, factor, .value, "the covariance is not symmetric and not negative")
    }
  }

  /// Shares that add up to 1, of the Dirichlet distribution.
  ///
  /// - Shape: `shape + [k]` for parameters `[k]`.
  /// - DType: float64.
  /// - Throws: from `compute()`: `value` for parameters that are not positive; `shape-mismatch`.
  /// - NumPy: `Generator.dirichlet`, with other values.
  /// - Source: gamma numbers over their sum; small ones in logarithms, gamma(a) being
  ///   gamma(a + 1) u^(1 / a): Devroye, Non-Uniform Random Variate Generation, XI.4.1.
  ///
  /// ```swift
  /// random.dirichlet([2], alpha: [1, 1], key: 7).sum(axis: 1)  // [1. 1.]
  /// ```
  public static func dirichlet(
    _ shape: [Int], alpha: NDArray, key: some RandomKey, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    let call = Call("random.dirichlet", file, line)
    return call.build([alpha, key.keyArray]) { () throws(WeftError) in
      guard alpha.rank == 1 else {
        throw call.error(.shapeMismatch, "the parameters are \(alpha.expr.type), expected one axis")
      }
      let extent = try call.extent(0, of: alpha)
      let draw = try Drawing(call, shape + [extent], key)
      let alpha = try draw.parameter("alpha", alpha, .positive)
      if draw.shape.count == 0 { return draw.whole(draw.number(0)) }
      let larger = try draw.sample("gamma", .dirichlet, [draw.add(alpha, draw.number(1))])
      let logs = draw.add(
        draw.log(larger), draw.divide(draw.log(try draw.positiveUnit(.secondGamma)), alpha))
      let last = shape.count
      func kept(_ a: NDArray) -> NDArray { call.reshape(a, shape + [1]) }
      let largest = kept(call.reduce(.maximum, logs, [last]))
      let parts = call.apply(.exp, draw.subtract(logs, largest))
      return draw.divide(parts, kept(call.reduce(.add, parts, [last])))
    }
  }

  /// How often each category comes up in a number of draws.
  ///
  /// - Shape: `shape + [k]` for probabilities `[k]`; counts broadcast to the shape.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for probabilities that are negative or add up to more than
  ///   1; `shape-mismatch`; `broadcast`.
  /// - NumPy: `Generator.multinomial`, with other values; the last category takes the rest.
  ///
  /// ```swift
  /// random.multinomial([2], count: 20, probabilities: [0.5, 0.5], key: 7).sum(axis: 1)  // [20 20]
  /// ```
  public static func multinomial(
    _ shape: [Int], count: NDArray, probabilities: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    rows(
      "multinomial", .multinomial, shape, count, probabilities, key,
      Call("random.multinomial", file, line))
  }

  /// How many of each colour are among some drawn without replacement.
  ///
  /// - Shape: `shape + [k]` for numbers of colours `[k]`; draws broadcast to the shape.
  /// - DType: int64.
  /// - Throws: from `compute()`: `value` for more draws than there are; `shape-mismatch`; `broadcast`.
  /// - NumPy: `Generator.multivariate_hypergeometric` by marginals, with other values.
  ///
  /// ```swift
  /// let x = random.multivariateHypergeometric([2], colors: [16, 8, 4], draws: 7, key: 7)
  /// x.sum(axis: 1)  // [7 7]
  /// ```
  public static func multivariateHypergeometric(
    _ shape: [Int], colors: NDArray, draws: NDArray, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    rows(
      "multivariateHypergeometric", .multivariateHypergeometric, shape, draws, colors, key,
      Call("random.multivariateHypergeometric", file, line))
  }

  private static func rows(
    _ name: String, _ lane: Lane, _ shape: [Int], _ count: NDArray, _ weights: NDArray,
    _ key: some RandomKey, _ call: Call
  ) -> NDArray {
    call.build([count, weights, key.keyArray]) { () throws(WeftError) in
      guard weights.rank == 1, try call.extent(0, of: weights) > 0 else {
        throw call.error(
          .shapeMismatch, "the weights are \(weights.expr.type), expected one axis with elements")
      }
      let draw = try Drawing(call, shape, key)
      guard draw.key.rank == 0, draw.key.dtype.isInteger else {
        throw call.error(.dtype, "the key is \(draw.key.expr.type), expected one integer")
      }
      let draws = try draw.parameter("count", count, .notNegative)
      let width = try call.extent(0, of: weights)
      _ = try call.shape(shape + [width])
      let routine = Routine.sampleRows(name, lane: lane.rawValue, shape: shape + [width])
      return call.node(
        .call(routine), call.convert(draw.key, to: .uint64),
        draws.count == 1 ? call.reshape(draws, []) : draw.whole(draws),
        call.convert(weights, to: .float64))
    }
  }

  /// Random bytes.
  ///
  /// - Shape: `[count]`.
  /// - DType: uint8.
  /// - Throws: from `compute()`: `negative-extent`; `dtype` for a key that is no integer.
  /// - NumPy: `Generator.bytes`, with other values.
  ///
  /// ```swift
  /// random.bytes(3, key: 7).dtype  // uint8
  /// ```
  public static func bytes(
    _ count: Int, key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.bytes", file, line)
    return call.build([key.keyArray]) { () throws(WeftError) in
      _ = try call.shape([count])
      let words = try call.bits(try call.shape([(count + 7) / 8]), .bits, key)
      return call.slice(words.view(.uint8), axis: 0, from: 0, count: count)
    }
  }
}
