import WeftIR

/// The product of two matrices, or of a matrix and a vector, over a semiring: shortest paths are
/// products over (min, +).
///
/// A sparse matrix whose fill is the semiring's zero (infinity for `minPlus` and `minMax`, minus infinity for
/// `maxPlus` and `maxMin`, 0 or false for the others) is multiplied entry by entry; its zeros annihilate.
///
/// - Shape: `[m, k]` with `[k, n]` or `[k]`, and `[k]` with `[k, n]`.
/// - DType: the promoted one, real; bool for `orAnd`.
/// - Throws: from `compute()`: `shape-mismatch`, `dtype`; `would-densify` for sparse arrays with another
///   fill beyond the limit; `empty-reduction` for k = 0 over sums without an identity.
/// - NumPy: none; `GrB_mxm` of GraphBLAS. For dense arrays
///   `numpy.minimum.reduce(a[:, :, None] + b[None], axis=1)`, and its like.
/// - Source: Kepner and Gilbert, Graph Algorithms in the Language of Linear Algebra, SIAM 2011, 2.
///
/// ```swift
/// let far = NDArray(floatLiteral: .infinity)
/// let roads: NDArray = [[0, 4, far], [far, 0, 1], [2, far, 0]]
/// let two = matmul(roads, roads, over: .minPlus)
/// two
/// // [[0. 4. 5.]
/// //  [3. 0. 1.]
/// //  [2. 6. 0.]]
/// matmul(roads.asSparse(.csr, fill: far), [0, 9, 9], over: .minPlus)  // [0. 9. 2.]
/// ```
public func matmul(
  _ a: NDArray, _ b: NDArray, over semiring: Semiring, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("matmul", file, line)
  return c.one([a, b]) { () throws(WeftError) in
    let dtype = semiring == .orAnd ? DType.bool : NDArray.promotedDType(a, b).0
    guard (1...2).contains(a.rank), (1...2).contains(b.rank), a.rank + b.rank > 2,
      !dtype.isComplex
    else {
      throw c.error(
        .shapeMismatch,
        "\(a.expr.type) and \(b.expr.type) have no product over \(semiring.rawValue)")
    }
    var (left, right) = (c.convert(a, dtype), c.convert(b, dtype))
    if a.rank == 1 { left = c.expand(left, 0) }
    if b.rank == 1 { right = c.expand(right, 1) }
    let product = try c.results(.semiringProduct(semiring), [left, right])[0]
    if a.rank == 1 { return c.squeeze(product, 0) }
    return b.rank == 1 ? c.squeeze(product, 1) : product
  }
}
