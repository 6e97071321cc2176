import WeftIR

/// Some of the greatest or least singular values, in ascending order, with their vectors.
///
/// - Shape: `[m, n]` or an operator gives u `[m, k]`, s `[k]` and v^H `[k, n]`; k below min(m, n).
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `eigsh`; `value` for an operator without an adjoint.
/// - Accuracy: that of the square root of an eigenvalue of A^H A: least values lose half of the digits.
/// - NumPy: none; `scipy.sparse.linalg.svds`.
/// - Source: `eigsh` of A^H A or A A^H, whichever is smaller.
///
/// ```swift
/// let a = diag(arange(1, 41)).asType(.float64)[.all, ..<30].asSparse(.csr)
/// let found = try svds(a, count: 2)
/// round(found.s, decimals: 8)  // [29. 30.]
/// ```
public func svds(
  _ a: NDArray, count k: Int = 6, smallest: Bool = false, basis: Int? = nil,
  maxIterations: Int? = nil, tolerance: Double = 0, file: StaticString = #fileID,
  line: UInt = #line
) throws(WeftError) -> (u: NDArray, s: NDArray, vh: NDArray) {
  try svds(
    LinearOperator(a, Call("svds", file, line)), count: k, smallest: smallest, basis: basis,
    maxIterations: maxIterations, tolerance: tolerance, file: file, line: line)
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
  _ a: LinearOperator, count k: Int = 6, smallest: Bool = false, basis: Int? = nil,
  maxIterations: Int? = nil, tolerance: Double = 0, file: StaticString = #fileID,
  line: UInt = #line
) throws(WeftError) -> (u: NDArray, s: NDArray, vh: NDArray) {
  let call = Call("svds", file, line)
  guard let adjoint = a.multiplyAdjoint else {
    throw call.error(.value, "the operator has no product of its adjoint")
  }
  guard a.shape.count == 2, k > 0, k < min(a.shape[0], a.shape[1]) else {
    throw call.error(.value, "\(k) singular values of a matrix of shape \(a.shape)")
  }
  let isTall = a.shape[0] >= a.shape[1]
  let multiply = a.multiply
  let order = min(a.shape[0], a.shape[1])
  var gram = LinearOperator(shape: [order, order], dtype: a.dtype) { x in
    isTall ? adjoint(multiply(x)) : multiply(adjoint(x))
  }
  gram.isMatrix = a.isMatrix
  let found = try eigsh(
    gram, count: k, which: smallest ? .smallest : .largest, basis: basis,
    maxIterations: maxIterations, tolerance: tolerance, file: file, line: line)
  let s = sqrt(maximum(found.values, zeros(like: found.values)))
  // The other vectors are images; those of zero are left zero.
  let images = (0..<k).map { n -> NDArray in
    let vector = found.vectors[.all, n]
    return isTall ? multiply(vector) : adjoint(vector)
  }
  let others = stack(images, axis: 1) / which(s .> 0, s, ones(like: s))
  let results: [NDArray] =
    isTall
    ? try compute([others, s, found.vectors.T.conjugated])
    : try compute([found.vectors, s, others.T.conjugated])
  return (results[0], results[1], results[2])
}
