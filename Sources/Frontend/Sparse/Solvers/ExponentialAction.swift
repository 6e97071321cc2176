import WeftIR

/// The product of the exponential of a matrix with a vector or a matrix: exp(t A) B without exp(t A).
///
/// - Shape: `[n, n]` and `[n]` or `[n, k]` to that of B.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`, `shape-mismatch`; `value` where the matrix or the time is not finite, or
///   the norm of t A is above 10^12.
/// - Accuracy: a backward error of the dtype's rounding: what is computed is exp(t A + E) B with a small E.
/// - NumPy: none; `scipy.sparse.linalg.expm_multiply` at one time, which estimates norms of powers and may need
///   fewer products for matrices far from normal.
/// - Source: Al-Mohy and Higham, SIAM J. Sci. Comput. 33 (2011) 488, algorithm 3.2 with the 1-norm of the matrix
///   in place of estimates for its powers. Products are as many as that norm: some 10 for each 10 of t times it.
///
/// ```swift
/// let turning: NDArray = [[0, -1], [1, 0]]
/// round(try expmMultiply(turning.asSparse(.csr), [1, 0], time: .pi / 2), decimals: 9)  // [0. 1.]
/// ```
public func expmMultiply(
  _ a: NDArray, _ b: NDArray, time: Double = 1, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> NDArray {
  let call = Call("expmMultiply", file, line)
  let given = try LinearOperator(a, call)
  try given.requireSquare(call)
  if let error = b.expr.error { throw error }
  guard let matrix = given.matrix, (1...2).contains(b.rank), b.shape[0] == given.shape[0] else {
    throw call.error(
      .shapeMismatch, "the right-hand side is \(b.expr.type), the matrix has shape \(given.shape)")
  }
  let dtype = DType.promoted([given.dtype, b.dtype.isInexact ? b.dtype : .float64]) ?? .float64
  let side = b.strong.converted(to: dtype, site: call.site).asDense()
  if side.shape.contains(0) { return try side.compute() }
  // The mean of the diagonal is taken out: the rest has a smaller norm.
  let own = diagonal(matrix).asDense()
  let mean = own.mean()
  let columns = abs(matrix).sum(axis: 0).asDense() - abs(own) + abs(own - mean)
  let known: [NDArray] = try compute([side, columns.max(), mean])
  let norm = try known[1].double * abs(time)
  guard norm <= TaylorDegree.mostNorm else {
    throw call.error(
      .value,
      "the norm of the matrix times \(time) is \(norm), expected at most \(TaylorDegree.mostNorm)")
  }
  let center = known[2].asType(dtype)
  let (terms, parts) = TaylorDegree.cheapest(for: norm)
  let step = time / Double(parts)
  // As many terms as a program has; a few more than are needed do no harm.
  let group = min(terms, 5)
  let scale = NDArray.number(step, dtype.realPart)
  /// Of a term, the sum and the term's number the next ones, and the sizes of the last two terms and the sum.
  let advance = StepProgram("expm_multiply", [group], [given.product]) { (products, state) in
    var (term, sum) = (state[0], state[1])
    let (center, scale) = (state[3], state[4])
    var sizes: [NDArray] = []
    for n in 0..<group {
      let product = products[0](term) - center * term
      term = (scale / (state[2] + Double(n)).asType(scale.dtype)) * product
      sum = sum + term
      sizes.append(abs(term).sum(axis: 0).max())
    }
    let ends = Array(sizes.suffix(2)) + [abs(sum).sum(axis: 0).max()]
    return [term, sum, stack(ends).asType(.float64)]
  }
  let growth = exp(center * scale)
  var result = known[0]
  let session = given.session
  for _ in 0..<parts {
    var (term, sum) = (result, result)
    var next = 1
    while terms > 0, next <= terms {
      let number = try NDArray.number(Double(next), .float64).compute()
      let results = try advance.results([term, sum, number, center, scale], in: session)
      (term, sum) = (results[0], results[1])
      next += group
      let sizes: [Double] = try results[2].toArray()
      // The next terms are smaller still.
      if sizes.dropLast().reduce(0, +) <= dtype.rounding / 2 * sizes[sizes.count - 1] { break }
    }
    result = try session.computed([growth * sum])[0]
  }
  return result
}

/// How many terms of the exponential's series are taken of which part of a matrix.
private enum TaylorDegree {
  /// The greatest 1-norms for which so many terms have a backward error of 2^-53.
  ///
  /// - Source: Al-Mohy and Higham, as above, table 3.1; Higham and Al-Mohy, Acta Numerica 19 (2010) 159.
  private static let norms: [(terms: Int, norm: Double)] = [
    (1, 2.29e-16), (2, 2.58e-8), (3, 1.39e-5), (4, 3.4e-4), (5, 2.4e-3), (6, 9.07e-3), (7, 2.38e-2),
    (8, 5e-2), (9, 8.96e-2), (10, 0.144), (11, 0.214), (12, 0.3), (13, 0.4), (14, 0.514),
    (15, 0.641), (16, 0.781), (17, 0.931), (18, 1.09), (19, 1.26), (20, 1.44), (21, 1.62),
    (22, 1.82), (23, 2.01), (24, 2.22), (25, 2.43), (26, 2.64), (27, 2.86), (28, 3.08), (29, 3.31),
    (30, 3.54), (35, 4.7), (40, 6), (45, 7.2), (50, 8.5), (55, 9.9),
  ]

  /// More products than this norm asks for end with nobody who waits for them.
  static let mostNorm = 1e12

  /// The terms and the parts with the fewest products for a norm; none for 0.
  static func cheapest(for norm: Double) -> (terms: Int, parts: Int) {
    if norm == 0 { return (0, 1) }
    var best = (terms: 0, parts: 0, cost: Double.infinity)
    for (terms, most) in norms {
      let parts = max(1, (norm / most).rounded(.up))
      let cost = Double(terms) * parts
      if cost < best.cost, parts < 1e15 { best = (terms, Int(parts), cost) }
    }
    return (best.terms, best.parts)
  }
}
