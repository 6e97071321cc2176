import WeftIR

/// Some of the greatest or least singular values, in ascending order, with their vectors.
///
/// - Shape: `[m, n]` or an operator gives u `[m, k]`, s `[k]` and v^H `[k, n]`; k below min(m, n).
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `eigsh`; `value` for an operator without an adjoint; what has converged is in
///   `WeftError.convergedTriplets`.
/// - Accuracy: errors of the dtype's rounding times the greatest singular value, also of the least ones.
/// - NumPy: none; `scipy.sparse.linalg.svds`, whose `v0` is `start`, of the shorter side.
/// - Source: bidiagonalisation by Golub and Kahan with thick restarts (`SingularBasis`); the least values of a
///   sparse matrix, where they do not come soon, by its factors. Matrices of at most 96 by 500 are dense
///   ones to `svd`, within the limit for that.
///
/// ```swift
/// let a = diag(arange(1, 41)).asType(.float64)[.all, ..<30].asSparse(.csr)
/// let found = try svds(a, count: 2)
/// round(found.s, decimals: 8)  // [29. 30.]
/// ```
public func svds(
  _ a: NDArray, count k: Int = 6, smallest: Bool = false, start: NDArray? = nil,
  basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (u: NDArray, s: NDArray, vh: NDArray) {
  try svds(
    LinearOperator(a, Call("svds", file, line)), count: k, smallest: smallest,
    start: start,
    basis: basis, maxIterations: maxIterations, tolerance: tolerance, file: file, line: line)
}

/// As `svds` of a matrix, for an operator that has its adjoint.
///
/// - Shape: `[m, n]` gives u `[m, k]`, s `[k]` and v^H `[k, n]`.
/// - DType: the operator's; singular values are real.
/// - Throws: as for a matrix; `value` without an adjoint.
/// - NumPy: none; `scipy.sparse.linalg.svds` of a `LinearOperator`.
///
/// ```swift
/// let numbers = arange(1, 31).asType(.float64)
/// let scaled = LinearOperator(
///   shape: [30, 30], dtype: .float64, adjoint: { numbers * $0 }, multiply: { numbers * $0 })
/// round(try svds(scaled, count: 2).s, decimals: 8)  // [29. 30.]
/// ```
public func svds(
  _ a: LinearOperator, count k: Int = 6, smallest: Bool = false, start: NDArray? = nil,
  basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (u: NDArray, s: NDArray, vh: NDArray) {
  try TripletRequest(
    a, count: k, smallest: smallest, start: start, basis: basis, maxIterations: maxIterations,
    tolerance: tolerance, Call("svds", file, line)
  ).found()
}

extension WeftError {
  /// The singular values, ascending, and vectors that `svds` had found when it gave up.
  ///
  /// - NumPy: none; `scipy.sparse.linalg.ArpackNoConvergence`, which has those of A^H A.
  public var convergedTriplets: (u: NDArray, s: NDArray, vh: NDArray)? {
    partial?.value as? (u: NDArray, s: NDArray, vh: NDArray)
  }
}
