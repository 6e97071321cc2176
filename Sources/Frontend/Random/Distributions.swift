import WeftIR

extension random {
  /// 64 independent random bits an element.
  ///
  /// - Shape: `shape`.
  /// - DType: uint64.
  /// - Throws: from `compute()`: `negative-extent`; `too-large`; `dtype` for a key that is no
  ///   integer.
  /// - NumPy: `BitGenerator.random_raw`, with other values.
  ///
  /// ```swift
  /// random.bits([2], key: 7)  // [13837866057460644397 14670401102720962203]
  /// ```
  public static func bits(
    _ shape: [Int], key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.bits", file, line)
    return call.build([key.keyArray]) { () throws(WeftError) in
      try call.bits(try call.shape(shape), .bits, key)
    }
  }

  /// Numbers spread evenly over [low, high).
  ///
  /// float64 has 53 random bits, float32 has 24; rounding of `low + (high - low) * u` can give
  /// `high` itself.
  ///
  /// - Shape: `shape`; bounds broadcast to it.
  /// - DType: float64 or float32.
  /// - Throws: from `compute()`: `dtype`; `negative-extent`; `broadcast`.
  /// - NumPy: `Generator.uniform`, with other values.
  ///
  /// ```swift
  /// random.uniform([3], key: 7)  // [0.17173539 0.84983866 0.66174156]
  /// random.uniform([2], low: 10, high: 20, key: 7)  // [11.71735387 18.49838659]
  /// ```
  public static func uniform(
    _ shape: [Int], low: NDArray = 0.0, high: NDArray = 1.0, dtype: DType = .float64,
    key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.uniform", file, line)
    return call.build([low, high, key.keyArray]) { () throws(WeftError) in
      let dtype = try call.sampleDType(dtype)
      let unit = try call.unit(try call.shape(shape), .uniform, key, dtype)
      return try call.moved(unit, by: low, scaledBy: call.apply(.subtract, high, low))
    }
  }

  /// Numbers of the normal distribution.
  ///
  /// - Shape: `shape`; mean and scale broadcast to it.
  /// - DType: float64, or float32, which is the float64 number rounded.
  /// - Throws: from `compute()`: `dtype`; `negative-extent`; `broadcast`.
  /// - Accuracy: the transformation is exact but for rounding; numbers reach to 8.57 scales from
  ///   the mean, which the normal distribution exceeds once in 1e17 draws.
  /// - NumPy: `Generator.normal`, with other values.
  /// - Source: Box & Muller, "A note on the generation of random normal deviates", Ann. Math.
  ///   Statist. 29(2), 1958: sqrt(-2 log u) cos(2 pi v) of two streams, u in (0, 1].
  ///
  /// ```swift
  /// random.normal([3], key: 7)  // [ 0.40480774 -1.67914618  0.68709576]
  /// round(random.normal([100_000], mean: 5, key: 7).mean(), decimals: 1)  // 5.0
  /// ```
  public static func normal(
    _ shape: [Int], mean: NDArray = 0.0, scale: NDArray = 1.0, dtype: DType = .float64,
    key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.normal", file, line)
    return call.build([mean, scale, key.keyArray]) { () throws(WeftError) in
      let dtype = try call.sampleDType(dtype)
      let shape = try call.shape(shape)
      let value = call.convert(try call.standardNormal(shape, key), to: dtype)
      return try call.moved(value, by: mean, scaledBy: scale)
    }
  }

  /// Numbers of the exponential distribution.
  ///
  /// - Shape: `shape`; the scale, which is the mean, broadcasts to it.
  /// - DType: float64, or float32, which is the float64 number rounded.
  /// - Throws: from `compute()`: `dtype`; `negative-extent`; `broadcast`.
  /// - Accuracy: the inverse distribution function, exact but for rounding; numbers reach to 36.7
  ///   scales.
  /// - NumPy: `Generator.exponential`, with other values.
  ///
  /// ```swift
  /// random.exponential([3], scale: 2, key: 7)  // [2.37103506 0.41691769 0.13831928]
  /// ```
  public static func exponential(
    _ shape: [Int], scale: NDArray = 1.0, dtype: DType = .float64, key: some RandomKey,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.exponential", file, line)
    return call.build([scale, key.keyArray]) { () throws(WeftError) in
      let dtype = try call.sampleDType(dtype)
      let u = try call.unit(try call.shape(shape), .exponential, key)
      let value = call.apply(.negative, call.apply(.log1p, call.apply(.negative, u)))
      return try call.moved(call.convert(value, to: dtype), by: 0.0, scaledBy: scale)
    }
  }

  /// Integers from low to before high, or to high with `endpoint`.
  ///
  /// - Shape: `shape`.
  /// - DType: any integer dtype that holds the bounds.
  /// - Throws: from `compute()`: `value` for an empty range; `out-of-range` for bounds that the
  ///   dtype does not hold; `dtype`; `negative-extent`.
  /// - Accuracy: the upper half of the product of random bits with the number of values; without
  ///   rejection, so that each element stays its own. The chance of a value differs from the others
  ///   by a factor of at most 1 + 2^-32 up to 2^32 values (64 bits), 1 + 2^-64 beyond (128 bits),
  ///   and not at all for powers of two.
  /// - NumPy: `Generator.integers`, with other values.
  /// - Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019,
  ///   without its rejection step.
  ///
  /// ```swift
  /// random.integers([8], high: 6, key: 7)  // [5 0 5 4 1 2 2 4]
  /// random.integers([8], low: 1, high: 6, endpoint: true, dtype: .int8, key: 7)
  /// // [6 1 6 5 2 3 3 5]
  /// ```
  public static func integers(
    _ shape: [Int], low: Int = 0, high: Int, endpoint: Bool = false, dtype: DType = .int64,
    key: some RandomKey, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("random.integers", file, line)
    return call.build([key.keyArray]) { () throws(WeftError) in
      guard dtype.isInteger else { throw call.error(.dtype, "draws integers, not \(dtype)") }
      guard low < high || endpoint && low == high else {
        throw call.error(.value, "there are no integers from \(low) to before \(high)")
      }
      let last = endpoint ? high : high - 1
      guard Scalar(Int64(low), .int64).fits(dtype), Scalar(Int64(last), .int64).fits(dtype) else {
        throw call.error(.outOfRange, "\(low) to \(last) is out of range for \(dtype)")
      }
      let span = UInt64(bitPattern: Int64(last)) &- UInt64(bitPattern: Int64(low))
      let value = try call.below(span, try call.shape(shape), .integers, key)
      let offset = call.constant(Scalar(UInt64(bitPattern: Int64(low)), .uint64))
      return call.convert(call.apply(.add, value, offset), to: dtype)
    }
  }
}

extension Call {
  /// Numbers of the normal distribution with mean 0 and variance 1, float64.
  func standardNormal(_ shape: Shape, _ key: some RandomKey) throws(WeftError) -> NDArray {
    // u + 2^-53 lies in (0, 1]: its logarithm is finite.
    let u = apply(.add, try unit(shape, .normalRadius, key), number(0x1p-53, .float64))
    let turn = apply(
      .multiply, try unit(shape, .normalAngle, key), number(2 * Double.pi, .float64))
    let radius = apply(.sqrt, apply(.multiply, apply(.log, u), number(-2, .float64)))
    return apply(.multiply, radius, apply(.cos, turn))
  }

  /// A sample times a scale plus an offset, each broadcast to its shape.
  fileprivate func moved(
    _ sample: NDArray, by offset: NDArray, scaledBy scale: NDArray
  ) throws(WeftError) -> NDArray {
    var result = sample
    for parameter in [scale, offset] {
      guard !parameter.dtype.isComplex,
        parameter.expr.type.shape.broadcasted(with: sample.expr.type.shape)
          == sample.expr.type.shape
      else {
        throw error(
          .broadcast,
          "a parameter is \(parameter.expr.type), expected real numbers that broadcast to "
            + "\(sample.expr.type.shape)")
      }
    }
    if ConstantReader.scalars(scale, atMost: 1)?.map(\.doubleValue) != [1] {
      result = apply(.multiply, result, convert(scale, to: sample.dtype))
    }
    if ConstantReader.scalars(offset, atMost: 1)?.map(\.doubleValue) != [0] {
      result = apply(.add, result, convert(offset, to: sample.dtype))
    }
    return result
  }

  /// Integers from 0 to a greatest one, `uint64`.
  func below(
    _ greatest: UInt64, _ shape: Shape, _ lane: random.Lane, _ key: some RandomKey
  ) throws(WeftError) -> NDArray {
    func constant(_ value: UInt64) -> NDArray { self.constant(Scalar(value, .uint64)) }
    let bits = try bits(shape, lane, key)
    let (count, isAll) = greatest.addingReportingOverflow(1)
    if isAll { return bits }
    if count == 1 { return broadcast(constant(0), to: shape) }
    if count & (count - 1) == 0 {
      return apply(
        .bitwiseRightShift, bits, constant(64 - UInt64(count.trailingZeroBitCount)))
    }
    let upper = upperHalf(bits, count)
    if count < 1 << 32 { return upper }
    // The fraction of 128 bits: a carry out of the lower half of the first product.
    let more = upperHalf(try self.bits(shape, .integersLow, key), count)
    let lower = apply(.multiply, bits, constant(count))
    let carry = apply(.less, apply(.add, lower, more), lower)
    return apply(.add, upper, convert(carry, to: .uint64))
  }

  /// The upper 64 bits of the products with a factor.
  private func upperHalf(_ a: NDArray, _ factor: UInt64) -> NDArray {
    func constant(_ value: UInt64) -> NDArray { self.constant(Scalar(value, .uint64)) }
    func high(_ x: NDArray) -> NDArray { apply(.bitwiseRightShift, x, constant(32)) }
    func low(_ x: NDArray) -> NDArray { apply(.bitwiseAnd, x, constant(0xFFFF_FFFF)) }
    let (factorHigh, factorLow) = (constant(factor >> 32), constant(factor & 0xFFFF_FFFF))
    let (aHigh, aLow) = (high(a), low(a))
    let cross = apply(.multiply, aHigh, factorLow)
    if factor >> 32 == 0 {
      return high(apply(.add, cross, high(apply(.multiply, aLow, factorLow))))
    }
    let other = apply(.multiply, aLow, factorHigh)
    let middle = apply(
      .add, apply(.add, high(apply(.multiply, aLow, factorLow)), low(cross)), low(other))
    let top = apply(.add, apply(.multiply, aHigh, factorHigh), high(cross))
    return apply(.add, apply(.add, top, high(other)), high(middle))
  }
}
