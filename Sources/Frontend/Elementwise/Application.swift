import WeftIR

extension NDArray {
  /// Applies a scalar function elementwise: promotes, broadcasts, converts.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: NumPy's table; weak scalars take the arrays' width.
  /// - Throws: from `compute()`: `dtype` where the function has none for the operand's.
  /// - NumPy: a ufunc of one operand.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// NDArray.apply(.sqrt, [1, 4, 9], site: .none)  // [1. 2. 3.]
  /// ```
  public static func apply(
    _ f: ScalarFunction, _ a: NDArray, site: SourceSite
  ) -> NDArray {
    if a.expr.isPoison { return NDArray(a.expr) }
    guard let dtype = f.operandDType(for: a.dtype) else {
      return NDArray(Expr(undefined(f, [a], site), type: a.expr.type))
    }
    let operand = Building.convert(a.expr, to: dtype, site: site)
    let type = TensorType(f.resultDType(for: dtype), a.expr.type.shape)
    return NDArray(Building.map(f, .one(operand), type, site))
  }

  /// Applies a scalar function of two operands elementwise: promotes, broadcasts, converts.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: NumPy's table; weak scalars take the arrays' width.
  /// - Throws: from `compute()`: `dtype`; `broadcast`; `out-of-range` for a Swift integer that the
  ///   array's dtype does not hold.
  /// - NumPy: a ufunc of two operands.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// NDArray.apply(.maximum, [1, 5], [[3], [7]], site: .none)
  /// // [[3 5]
  /// //  [7 7]]
  /// ```
  public static func apply(
    _ f: ScalarFunction, _ a: NDArray, _ b: NDArray, site: SourceSite
  ) -> NDArray {
    if a.expr.isPoison || b.expr.isPoison {
      if let poison = Building.poison([a.expr, b.expr]) { return NDArray(poison) }
    }
    let (promoted, weakResult) = promotedDType(a, b)
    guard let dtype = mixedFloat(f, a, b) ?? f.operandDType(for: promoted) else {
      return NDArray(
        Expr(undefined(f, [a, b], site), type: a.rank >= b.rank ? a.expr.type : b.expr.type))
    }
    guard let shape = a.expr.type.shape.broadcasted(with: b.expr.type.shape) else {
      return NDArray(
        Expr(
          WeftError(
            .broadcast, f.name, "cannot broadcast \(a.expr.type) with \(b.expr.type)", site: site),
          type: a.rank >= b.rank ? a.expr.type : b.expr.type))
    }
    let (x, y): (Expr, Expr)
    do {
      if shape.rank > 1 { try Building.checkCountable(shape, of: [a.expr, b.expr], f.name) }
      if f.result == .bool, let answer = try exactComparison(f, a, b, dtype, shape, site) {
        return answer
      }
      x = try a.operand(f, dtype, site)
      y = try b.operand(f, dtype, site)
    } catch {
      return NDArray(Expr(error.located(at: site)))
    }
    if f == .pow, dtype == .float32 || dtype == .float64, isHalf(y) {
      return squareRoot(x, of: shape, weak: weakResult, site)
    }
    let type = TensorType(f.resultDType(for: dtype), shape)
    let operands = Expr.Operands.two(
      Building.broadcast(x, to: shape, site: site), Building.broadcast(y, to: shape, site: site))
    let result = NDArray(Building.map(f, operands, type, site), weak: weakResult)
    if f === ScalarFunction.pow, dtype.kind == .signed {
      return requiringNonnegative(NDArray(y), for: result, site)
    }
    return result
  }

  /// The float that two integer dtypes become each for itself, where a function takes floats: as in
  /// NumPy int8 with uint8 is float16, though together they are int16; nil for other operands.
  private static func mixedFloat(_ f: ScalarFunction, _ a: NDArray, _ b: NDArray) -> DType? {
    guard a.weakKind == nil, b.weakKind == nil, a.dtype != b.dtype, !a.dtype.isInexact,
      !b.dtype.isInexact, let first = f.operandDType(for: a.dtype),
      let second = f.operandDType(for: b.dtype), first.isInexact, second.isInexact
    else { return nil }
    return first.promoted(with: second)
  }

  /// Whether an operand is one known number 0.5.
  ///
  /// NumPy takes the square root then, which differs from the power at -0.0 and minus infinity.
  private static func isHalf(_ exponent: Expr) -> Bool {
    exponent.type.rank == 0 && ConstantReader.scalars(NDArray(exponent))?.first?.doubleValue == 0.5
  }

  /// The square root of the base, broadcast.
  private static func squareRoot(
    _ base: Expr, of shape: Shape, weak: WeakKind?, _ site: SourceSite
  ) -> NDArray {
    let operand = Building.broadcast(base, to: shape, site: site)
    return NDArray(Building.map(.sqrt, .one(operand), operand.type, site), weak: weak)
  }

  /// `**`: the power, and the square root where the exponent is a host number 0.5, as in NumPy
  /// also for the dtypes whose `pow` takes no root; of complex numbers the reciprocal where it is the integer -1,
  /// whose quotients other infinite numbers than those of `pow` take.
  ///
  /// - Throws: from `compute()`: as `pow`.
  static func raise(_ base: NDArray, to exponent: NDArray, site: SourceSite) -> NDArray {
    if exponent.weakKind == .float, base.weakKind == nil, base.dtype.isInexact,
      isHalf(exponent.expr)
    {
      return apply(.sqrt, base, site: site)
    }
    if exponent.weakKind == .integer, base.weakKind == nil, base.dtype.kind == .complex,
      exponent.rank == 0, ConstantReader.integers(exponent)?.first == -1
    {
      return apply(.reciprocal, base, site: site)
    }
    return apply(.pow, base, exponent, site: site)
  }

  /// A power of integers, whose exponents must not be negative, as NumPy has it: checked now where
  /// the exponents are known, else when they are computed.
  private static func requiringNonnegative(
    _ exponent: NDArray, for power: NDArray, _ site: SourceSite
  ) -> NDArray {
    let call = Call("pow", site)
    if let count = exponent.count, count <= 4096, let known = ConstantReader.integers(exponent) {
      guard let negative = known.first(where: { $0 < 0 }) else { return power }
      return call.failure(
        .value, "integers cannot be raised to the negative power \(negative)",
        hint: "convert the base to a float dtype")
    }
    return call.require(
      call.apply(.greaterEqual, exponent, call.zero(exponent.dtype)), power, .value,
      "integers cannot be raised to negative powers")
  }

  /// The operand in a dtype; a weak scalar becomes a constant of it.
  ///
  /// - Throws: `out-of-range` for a weak integer that the dtype does not hold.
  func operand(
    _ f: ScalarFunction, _ dtype: DType, _ site: SourceSite
  ) throws(WeftError) -> Expr {
    guard let kind = weakKind, dtype != expr.type.dtype,
      case .op(.constant(let scalar), _) = expr.node
    else { return Building.convert(expr, to: dtype, site: site) }
    if kind == .integer, dtype.isInteger, !scalar.fits(dtype) {
      throw WeftError(
        .outOfRange, f.name, "the integer \(scalar) is out of range for \(dtype)", site: site,
        hint: "convert the array to a wider dtype")
    }
    return Building.constant(scalar.converted(to: dtype), site: site)
  }

  /// The promoted dtype, and the kind when all operands are weak.
  static func promotedDType(_ a: NDArray, _ b: NDArray) -> (DType, WeakKind?) {
    switch (a.weakKind, b.weakKind) {
    case (nil, nil): (a.dtype.promoted(with: b.dtype), nil)
    case (let kind?, nil): (b.dtype.promoted(withWeak: kind), nil)
    case (nil, let kind?): (a.dtype.promoted(withWeak: kind), nil)
    case (let kind?, let other?): (a.dtype.promoted(with: b.dtype), Swift.max(kind, other))
    }
  }

  static func undefined(_ f: ScalarFunction, _ operands: [NDArray], _ site: SourceSite) -> WeftError
  {
    let types = operands.map { $0.expr.type.description }.joined(separator: " and ")
    var hint: String?
    if f == .subtract || f == .negative { hint = "use bitwise_xor or logical_not for bool" }
    return WeftError(.dtype, f.name, "is not defined for \(types)", site: site, hint: hint)
  }

  /// Comparing with a weak integer that the dtype does not hold has one answer for all elements.
  private static func exactComparison(
    _ f: ScalarFunction, _ a: NDArray, _ b: NDArray, _ dtype: DType, _ shape: Shape,
    _ site: SourceSite
  ) throws(WeftError) -> NDArray? {
    guard dtype.isInteger, let range = dtype.integerRange else { return nil }
    let isFirst = a.weakKind == .integer
    let weak = isFirst ? a : b
    guard isFirst != (b.weakKind == .integer), case .op(.constant(let scalar), _) = weak.expr.node,
      !scalar.fits(dtype)
    else { return nil }
    // Any value of the dtype compares alike with what lies beyond its range.
    if [.logicalAnd, .logicalOr, .logicalXor].contains(f) {
      let isTrue = NDArray(Building.constant(Scalar(1 as Int64, dtype), site: site))
      return apply(f, isFirst ? isTrue : a, isFirst ? b : isTrue, site: site)
    }
    let isBelow = scalar.dtype == .int64 && scalar.intValue < range.min
    let inside = Scalar(0 as Int64, .float64)
    let beyond = Scalar(isBelow ? -1 : 1 as Int64, .float64)
    let comparisons: [ScalarFunction] = [
      .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual,
    ]
    guard comparisons.contains(f) else { return nil }
    let answer = isFirst ? f.evaluate(beyond, inside, inside) : f.evaluate(inside, beyond, inside)
    let constant = NDArray(
      Building.broadcast(Building.constant(answer, site: site), to: shape, site: site))
    // A host number has no axes: the other operand has the shape.
    return (isFirst ? b : a).settingExtents(of: constant, site)
  }
}

extension Scalar {
  /// Whether an integer is a value of an integer dtype.
  func fits(_ dtype: DType) -> Bool {
    guard let range = dtype.integerRange else { return true }
    if self.dtype.kind == .unsigned { return uintValue <= range.max }
    let value = intValue
    return value >= range.min && (value < 0 || UInt64(value) <= range.max)
  }
}
