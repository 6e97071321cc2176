import WeftIR

/// The values of a polynomial, coefficients from the highest power down.
///
/// - Shape: that of `x`.
/// - DType: promoted.
/// - Throws: from `compute()`: `value` for coefficients that are not 1-d; `too-large` for more than 2^20.
/// - NumPy: `numpy.polyval`.
/// - Source: Horner's rule.
///
/// ```swift
/// polyval([3, 0, 1], [0, 1, 2])  // [ 1  4 13]
/// ```
public func polyval(
  _ p: NDArray, _ x: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("polyval", file, line)
  return c.one([p, x]) { () throws(WeftError) in
    guard p.rank == 1, let n = p.extent(0) else {
      throw c.error(.value, "coefficients are \(p.expr.type), expected 1-d of known extent")
    }
    // Some nodes each.
    guard n <= 1 << 20 else { throw c.error(.tooLarge, "\(n) coefficients are too many") }
    var y = c.fill(Scalar(0 as Int64, x.dtype), like: x)
    for i in 0..<n { y = c(.add, c(.multiply, y, x.strong), c.at(p.strong, 0, i)) }
    return y
  }
}

/// The powers of numbers as columns, from the highest down unless `increasing`.
///
/// - Shape: `[n, columns ?? n]` for `[n]`.
/// - DType: promoted with int64.
/// - Throws: from `compute()`: `value` for an array that is not 1-d or a negative number of columns.
/// - NumPy: `numpy.vander`.
///
/// ```swift
/// vander([1, 2, 3])
/// // [[1 1 1]
/// //  [4 2 1]
/// //  [9 3 1]]
/// vander([1, 2, 3], columns: 2, increasing: true)
/// // [[1 1]
/// //  [1 2]
/// //  [1 3]]
/// ```
public func vander(
  _ x: NDArray, columns: Int? = nil, increasing: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("vander", file, line)
  return c.one([x]) { () throws(WeftError) in
    guard x.rank == 1, let n = x.extent(0) else {
      throw c.error(.value, "takes a 1-d array of known extent, not \(x.expr.type)")
    }
    let count = columns ?? n
    if count < 0 { throw c.error(.value, "\(count) columns") }
    let dtype = x.dtype.promoted(with: .int64)
    let one = c.fill(Scalar(1 as Int64, dtype), Shape([n, Swift.min(count, 1)]))
    if count <= 1 { return one }
    let factors = c.broadcast(c.expand(c.convert(x, dtype), 1), Shape([n, count - 1]))
    let powers = c.scan(.multiply, c.join([one, factors], 1), 1)
    return increasing ? powers : c.reverse(powers, 1)
  }
}
