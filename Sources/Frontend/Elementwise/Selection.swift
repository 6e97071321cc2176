import WeftIR

/// The elements of a where a condition holds (is not zero), those of b elsewhere.
///
/// - Shape: the three shapes broadcast.
/// - DType: that of a and b promoted.
/// - Throws: from `compute()`: `broadcast`.
/// - NumPy: `numpy.where` with three arguments.
///
/// ```swift
/// let a: NDArray = [1, -2, 3]
/// which(a .> 0, a, 0)  // [1 0 3]
/// ```
public func which(
  _ condition: NDArray, _ a: NDArray, _ b: NDArray, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  which(condition, a, b, name: "where", site: SourceSite(file: file, line: line))
}

func which(
  _ condition: NDArray, _ a: NDArray, _ b: NDArray, name: String, site: SourceSite
) -> NDArray {
  if let poison = Building.poison([condition.expr, a.expr, b.expr]) { return NDArray(poison) }
  let (dtype, _) = NDArray.promotedDType(a, b)
  guard let values = a.expr.type.shape.broadcasted(with: b.expr.type.shape),
    let shape = values.broadcasted(with: condition.expr.type.shape)
  else {
    return NDArray(
      Expr(
        WeftError(
          .broadcast, name,
          "cannot broadcast \(condition.expr.type), \(a.expr.type) and \(b.expr.type)",
          site: site)))
  }
  do {
    try Building.checkCountable(shape, of: [condition.expr, a.expr, b.expr], name)
    let operands = Expr.Operands.three(
      Building.broadcast(
        Building.convert(condition.expr, to: .bool, site: site), to: shape, site: site),
      // As in NumPy, host integers that the dtype lacks wrap here.
      Building.broadcast(Building.convert(a.expr, to: dtype, site: site), to: shape, site: site),
      Building.broadcast(Building.convert(b.expr, to: dtype, site: site), to: shape, site: site))
    return NDArray(Building.map(.select, operands, TensorType(dtype, shape), site))
  } catch {
    return NDArray(Expr(error.located(at: site)))
  }
}

extension NDArray {
  /// The elements held between two bounds; either may be left out.
  ///
  /// - Shape: the shapes of the array and the bounds broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `broadcast`; `dtype` for complex.
  /// - NumPy: `numpy.clip`: the lower bound is applied first, NaN stays.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, 9]
  /// a.clip(min: 2, max: 6)  // [2 5 6]
  /// a.clip(max: [4, 4, 10])  // [1 4 9]
  /// ```
  public func clip(
    min lower: NDArray? = nil, max upper: NDArray? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    let site = SourceSite(file: file, line: line)
    var result = self
    // As in NumPy, a host integer that no element reaches is no bound.
    let lower = lower?.isBelow(dtype) == true ? nil : lower
    let upper = upper?.isAbove(dtype) == true ? nil : upper
    if let lower, let upper, weakKind == nil {
      let common = Call("clip", site).promotedDType([self, lower, upper])
      result = converted(to: common, site: site)
    }
    if let lower { result = NDArray.apply(.maximum, result, lower, site: site) }
    if let upper { result = NDArray.apply(.minimum, result, upper, site: site) }
    return result
  }

  /// The value of a host integer.
  private var hostInteger: Scalar? {
    guard weakKind == .integer, case .op(.constant(let scalar), _) = expr.node else { return nil }
    return scalar
  }

  /// Whether this is a host integer under all that an integer dtype holds.
  private func isBelow(_ dtype: DType) -> Bool {
    guard dtype.isInteger, let scalar = hostInteger, !scalar.fits(dtype) else { return false }
    return scalar.doubleValue < 0
  }

  /// Whether this is a host integer over all that an integer dtype holds.
  private func isAbove(_ dtype: DType) -> Bool {
    guard dtype.isInteger, let scalar = hostInteger, !scalar.fits(dtype) else { return false }
    return scalar.doubleValue > 0
  }
}
