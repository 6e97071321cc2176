import WeftIR

/// The inverse of a square matrix.
///
/// - Shape: `[..., n, n]` to the same.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `not-square`; `singular` with the position in the stack.
/// - Accuracy: backward stable; relative error about n eps cond(a).
/// - NumPy: `numpy.linalg.inv`.
/// - Source: LU with partial pivoting, Golub & Van Loan 4th ed. 3.4.
///
/// ```swift
/// inv([[4, 7], [2, 6]])
/// // [[ 0.6 -0.7]
/// //  [-0.2  0.4]]
/// inv([[1, 2], [2, 4]])  // error: inv: the matrix is singular [singular]
/// ```
public func inv(_ a: NDArray, file: StaticString = #fileID, line: UInt = #line) -> NDArray {
  Composition("inv", file, line).result(.inv, of: a)
}

/// The x with a x = b.
///
/// - Shape: `[..., n, n]` and `[n]` give `[..., n]`; `[..., n, n]` and `[..., n, k]` give
///   `[..., n, k]`; stacks broadcast, and one matrix is factored once.
/// - DType: the promoted one; integers convert to float64.
/// - Throws: from `compute()`: `not-square`, `shape-mismatch`, `broadcast`; `singular` with the
///   position in the stack.
/// - Accuracy: backward stable.
/// - NumPy: `numpy.linalg.solve`: only a 1-d `b` is a vector.
/// - Source: LU with partial pivoting, Golub & Van Loan 4th ed. 3.4.
///
/// ```swift
/// solve([[3, 1], [1, 2]], [9, 8])  // [2. 3.]
/// ```
public func solve(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("solve", file, line)
  return c.one([a, b]) { () throws(WeftError) in
    let system = try c.system(a, b)
    let x = try c.results(.solve, [system.a, system.b])[0]
    return system.isVector ? c.squeeze(x, x.rank - 1) : x
  }
}

/// The Cholesky factor of a Hermitian positive definite matrix: lower with a = L L^H, or upper with
/// a = U^H U.
///
/// Only that triangle of the matrix is read.
///
/// - Shape: `[..., n, n]` to the same.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `not-square`; `not-positive-definite` with the position.
/// - Accuracy: backward stable.
/// - NumPy: `numpy.linalg.cholesky`, but NaN is not positive definite.
/// - Source: Golub & Van Loan 4th ed. 4.2.
///
/// ```swift
/// cholesky([[4, 2], [2, 5]])
/// // [[2. 0.]
/// //  [1. 2.]]
/// ```
public func cholesky(
  _ a: NDArray, upper: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  Composition("cholesky", file, line).result(.cholesky(upper: upper), of: a)
}

/// The determinant.
///
/// - Shape: `[..., n, n]` to `[...]`; 1 for n = 0.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `not-square`.
/// - Accuracy: as the LU factors; no overflow or underflow on the way.
/// - NumPy: `numpy.linalg.det`.
///
/// ```swift
/// det([[2, 1], [0, 3]])  // 6.0
/// ```
public func det(_ a: NDArray, file: StaticString = #fileID, line: UInt = #line) -> NDArray {
  Composition("det", file, line).result(.det, of: a)
}

/// The sign of the determinant and the logarithm of its magnitude.
///
/// The sign is 1, -1 or 0, on the unit circle for complex dtypes; the logarithm of 0 is -inf.
///
/// - Shape: `[..., n, n]` to `[...]` twice.
/// - DType: that of the matrix; its real part.
/// - Throws: from `compute()`: `not-square`.
/// - NumPy: `numpy.linalg.slogdet`.
///
/// ```swift
/// let (sign, logabsdet) = slogdet([[-2, 0], [0, 3]])
/// sign  // -1.0
/// exp(logabsdet)  // 6.0
/// ```
public func slogdet(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (sign: NDArray, logabsdet: NDArray) {
  let c = Composition("slogdet", file, line)
  let parts = c.several(2, [a]) { () throws(WeftError) in
    try c.results(.slogdet, [try c.matrix(a)])
  }
  return (parts[0], parts[1])
}

/// What `lstsq` finds.
public struct LeastSquares: Sendable {
  /// The x of least norm among those that minimise the norm of a x - b.
  public let solution: NDArray
  /// The sum of squares of a x - b for each column of b.
  public let residuals: NDArray
  /// The numerical rank of a.
  public let rank: NDArray
  /// The singular values of a, in descending order.
  public let singularValues: NDArray
}

/// The least-squares solution of a x = b.
///
/// Singular values up to `rcond` times the greatest count as 0; nil is eps max(m, n).
///
/// - Shape: `[..., m, n]` and `[m]` or `[..., m, k]` give a solution `[..., n]` or `[..., n, k]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `shape-mismatch`; `no-convergence` with the position, also for NaN.
/// - NumPy: `numpy.linalg.lstsq`, but residuals are there for every shape and rank, and matrices
///   may come in stacks.
/// - Source: singular values by divide and conquer, LAPACK gelsd.
///
/// ```swift
/// let x: NDArray = [0, 1, 2, 3]
/// let line = lstsq(columnStack([x, ones(like: x)]), 2 * x - 1)
/// round(line.solution, decimals: 10)  // [ 2. -1.]
/// line.rank  // 2
/// ```
public func lstsq(
  _ a: NDArray, _ b: NDArray, rcond: Double? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> LeastSquares {
  let c = Composition("lstsq", file, line)
  let parts = c.several(4, [a, b]) { () throws(WeftError) in
    let system = try c.system(a, b)
    var parts = try c.results(.lstsq(rcond: rcond), [system.a, system.b])
    if system.isVector {
      for i in 0..<2 { parts[i] = c.squeeze(parts[i], parts[i].rank - 1) }
    }
    return parts
  }
  return LeastSquares(
    solution: parts[0], residuals: parts[1], rank: parts[2], singularValues: parts[3])
}

/// The Moore-Penrose pseudo-inverse.
///
/// Singular values up to `rtol` times the greatest count as 0; nil is eps max(m, n).
///
/// - Shape: `[..., m, n]` to `[..., n, m]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `shape-mismatch`; `no-convergence` with the position, also for NaN.
/// - NumPy: `numpy.linalg.pinv`, whose limit is 1e-15 where none is given.
/// - Source: Golub & Van Loan 4th ed. 5.5.2.
///
/// ```swift
/// round(pinv([[1, 0], [0, 2], [0, 0]]), decimals: 10)
/// // [[1.  0.  0. ]
/// //  [0.  0.5 0. ]]
/// ```
public func pinv(
  _ a: NDArray, rtol: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("pinv", file, line)
  return c.one([a]) { () throws(WeftError) in
    let a = try c.matrix(a)
    let parts = try c.results(.svd(fullMatrices: false), [a])
    let (u, s, vh) = (parts[0], parts[1], parts[2])
    if u.count == 0 || vh.count == 0 {
      return c.fill(Scalar(0 as Int64, a.dtype), like: c.adjoint(a))
    }
    let limit = c.singularLimit(s, a, rtol)
    let inverse = c.select(
      c(.greater, s, limit), c(.divide, c.number(1, s.dtype), s), c.number(0, s.dtype))
    let scaled = c(.multiply, c.expand(inverse, inverse.rank), c.adjoint(u))
    return matmul(c.adjoint(vh), scaled, site: c.site)
  }
}

extension Composition {
  /// The greatest singular value that counts as 0, with the axis kept.
  func singularLimit(_ s: NDArray, _ a: NDArray, _ rtol: Double?) -> NDArray {
    let longest = Swift.max(a.codes[a.rank - 1], a.codes[a.rank - 2])
    let relative = rtol ?? a.dtype.rounding * Double(longest)
    let greatest = reduce(.maximum, s, [s.rank - 1], keepAxes: true)
    return self(.multiply, greatest, number(relative, s.dtype))
  }
}
