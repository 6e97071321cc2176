import WeftIR

/// The covariances of variables, rows unless `rowVariables` is false.
///
/// - Shape: `[variables, variables]`; 0-d for one variable.
/// - DType: at least float64.
/// - Throws: from `compute()`: `value` for more than two axes; `shape-mismatch` for weights or a
///   second array that do not fit.
/// - NumPy: `numpy.cov`; `correction` is NumPy's `ddof`, 1 unless `bias`.
///
/// ```swift
/// cov([[1, 2, 3], [6, 4, 2]])
/// // [[ 1. -2.]
/// //  [-2.  4.]]
/// ```
public func cov(
  _ m: NDArray, _ y: NDArray? = nil, rowVariables: Bool = true, bias: Bool = false,
  correction: Int? = nil, frequencies: NDArray? = nil, weights: NDArray? = nil,
  dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("cov", file, line)
  return covariance(
    m, y, rowVariables, correction ?? (bias ? 0 : 1), frequencies, weights, dtype, c)
}

/// The correlation coefficients of variables, rows unless `rowVariables` is false.
///
/// - Shape: `[variables, variables]`; 0-d for one variable.
/// - DType: at least float64.
/// - Throws: from `compute()`: as `cov`.
/// - NumPy: `numpy.corrcoef`.
///
/// ```swift
/// corrcoef([[1, 2, 3], [6, 4, 2]])
/// // [[ 1. -1.]
/// //  [-1.  1.]]
/// ```
public func corrcoef(
  _ x: NDArray, _ y: NDArray? = nil, rowVariables: Bool = true, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("corrcoef", file, line)
  let operands = [x] + [y].compactMap { $0 }
  return c.one(operands) { () throws(WeftError) in
    let covariance = covariance(x, y, rowVariables, 1, nil, nil, dtype, c)
    if covariance.expr.isPoison { return covariance }
    if covariance.rank == 0 { return c(.divide, covariance, covariance) }
    if covariance.count == 0 { return covariance }
    let diagonal = c.node(.contract(Contraction([[0, 0]], to: [0])), [covariance])
    let deviation = c(.sqrt, diagonal.dtype.isComplex ? c(.real, diagonal) : diagonal)
    let scaled = c(
      .divide, c(.divide, covariance, c.expand(deviation, 1)), c.expand(deviation, 0))
    func clipped(_ a: NDArray) -> NDArray {
      c(.minimum, c(.maximum, a, NDArray(scalar: -1)), NDArray(scalar: 1))
    }
    guard scaled.dtype.isComplex else { return clipped(scaled) }
    return c(.complex, clipped(c(.real, scaled)), clipped(c(.imag, scaled)))
  }
}

private func covariance(
  _ m: NDArray, _ y: NDArray?, _ rowVariables: Bool, _ correction: Int, _ frequencies: NDArray?,
  _ weights: NDArray?, _ dtype: DType?, _ c: Composition
) -> NDArray {
  let operands = [m] + [y, frequencies, weights].compactMap { $0 }
  return c.one(operands) { () throws(WeftError) in
    let common = y.map { m.dtype.promoted(with: $0.dtype) } ?? m.dtype
    let dtype = dtype ?? common.promoted(with: .float64)
    let first = try c.variables(m, rowVariables, isFirst: true, dtype)
    if first.extent(0) == 0 { return c.fill(Scalar(0.0, .float64), Shape([0, 0])) }
    if first.extent(0) == nil {
      throw c.error(
        .unknownExtent, "\(m.expr.type) has a number of variables that only the data tell",
        hint: "compute() the array first")
    }
    var x = first
    if let y {
      let second = try c.variables(y, rowVariables, isFirst: false, dtype)
      guard first.extent(1) == second.extent(1) else {
        throw c.error(
          .shapeMismatch, "\(m.expr.type) and \(y.expr.type) have different numbers of samples")
      }
      x = c.join([first, second], 0)
    }
    var w: NDArray?
    for part in [frequencies, weights] {
      guard let part else { continue }
      guard part.rank == 1, part.extent(0) == x.extent(1) else {
        throw c.error(.shapeMismatch, "weights \(part.expr.type) for samples \(x.expr.type)")
      }
      let real = c.convert(part, .float64)
      w = w.map { c(.multiply, $0, real) } ?? real
    }
    let ddof = c.number(Double(correction), .float64)
    var sum = c.convert(c.extent(x, [1]), .float64)
    if let w {
      let total = c.reduce(.add, w, [0])
      let isSound = c(.notEqual, total, c.number(0, .float64))
      sum = c.require(isSound, total, .value, "the weights sum to zero")
    }
    var freedom = sum
    if let w, let weights, correction != 0 {
      // NumPy multiplies the product of both weights by the second once more.
      let real = c.convert(weights, .float64)
      let square = c.reduce(.add, c(.multiply, w, real), [0])
      freedom = c(.subtract, sum, c(.divide, c(.multiply, ddof, square), sum))
    } else {
      freedom = c(.subtract, sum, ddof)
    }
    freedom = c(.maximum, freedom, c.number(0, .float64))
    let scale = c(.divide, c.number(1, .float64), freedom)
    if let product = c.storedProducts(x, w, sum) {
      let result = c.convert(c(.multiply, product, scale), product.dtype)
      return c.reshape(result, result.codes.filter { $0 != 1 })
    }
    let weighted = w.map { c(.multiply, x, $0) } ?? x
    let mean = c.quotient(c.reduce(.add, weighted, [1], keepAxes: true), sum)
    let centred = c(.subtract, x, mean)
    var other = w.map { c(.multiply, centred, $0) } ?? centred
    if dtype.isComplex { other = c(.conj, other) }
    let product = matmul(centred, c.permute(other, [1, 0]), site: c.site)
    let result = c.convert(c(.multiply, product, scale), product.dtype)
    return c.reshape(result, result.codes.filter { $0 != 1 })
  }
}

extension Composition {
  /// The products of the distances from their means of variables that are stored sparsely: products of what is stored, less
  /// those of the means. nil for others.
  ///
  /// - Accuracy: relative to the products of the elements' distances from the fill, whose rounding stays where these nearly
  ///   cancel with those of the means.
  fileprivate func storedProducts(_ x: NDArray, _ w: NDArray?, _ sum: NDArray) -> NDArray? {
    guard let fill = sparseFill(of: x), fill.doubleValue.isFinite, fill.imaginary.isFinite else {
      return nil
    }
    // Covariances are those of the distances from any number.
    let own = fill.boolValue ? self(.subtract, x, constant(fill)) : x
    let weighted = w.map { self(.multiply, own, $0) } ?? own
    let conjugate = x.dtype.isComplex ? self(.conj, weighted) : weighted
    let product = matmul(own, permute(conjugate, [1, 0]), site: site)
    let mean = quotient(reduce(.add, weighted, [1]), sum)
    let other = x.dtype.isComplex ? self(.conj, mean) : mean
    let total = self(.multiply, mean, convert(sum, x.dtype))
    return self(.subtract, product, self(.multiply, expand(total, 1), expand(other, 0)))
  }

  /// Samples as `[variables, samples]`.
  fileprivate func variables(
    _ a: NDArray, _ rowVariables: Bool, isFirst: Bool, _ dtype: DType
  ) throws(WeftError) -> NDArray {
    if a.rank > 2 { throw error(.value, "\(a.expr.type) has more than two axes") }
    let x = convert(a, dtype)
    let matrix = x.rank == 2 ? x : reshape(x, [1, x.rank == 0 ? 1 : x.codes[0]])
    let isTurned = isFirst ? a.rank == 2 : matrix.extent(0) != 1
    return !rowVariables && isTurned ? permute(matrix, [1, 0]) : matrix
  }
}
