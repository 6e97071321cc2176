import WeftIR

/// Which eigenvalues are asked for; scripts have SciPy's two letters.
public enum EigenvalueChoice: String, Hashable, Sendable, CaseIterable {
  /// Those of greatest magnitude.
  case largestMagnitude = "LM"
  /// Those of least magnitude.
  case smallestMagnitude = "SM"
  /// The greatest.
  case largest = "LA"
  /// The least.
  case smallest = "SA"
  /// Half of them from either end.
  case bothEnds = "BE"

  /// The places of the values that are wanted most, the most wanted first.
  func order(_ values: [Double]) -> [Int] {
    let places = Array(values.indices)
    switch self {
    case .largestMagnitude:
      return places.sorted { abs(values[$0]) > abs(values[$1]) }
    case .smallestMagnitude:
      return places.sorted { abs(values[$0]) < abs(values[$1]) }
    case .largest: return places.sorted { values[$0] > values[$1] }
    case .smallest: return places.sorted { values[$0] < values[$1] }
    case .bothEnds:
      let ascending = places.sorted { values[$0] < values[$1] }
      return places.map { n in
        n % 2 == 0 ? ascending[ascending.count - 1 - n / 2] : ascending[n / 2]
      }
    }
  }
}

/// Some eigenvalues, in ascending order, and eigenvectors, as columns, of a Hermitian matrix.
///
/// - Shape: `[n, n]` or an operator gives `[k]` and `[n, k]`; k below n.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`; `value` for a wrong k; `no-convergence` after
///   `maxIterations` restarts.
/// - Accuracy: residuals of at most `tolerance` times the eigenvalue, or the dtype's rounding times the
///   norm of the matrix.
/// - NumPy: none; `scipy.sparse.linalg.eigsh`. What is asked for at one end is found soon, the
///   least magnitudes slowly: there the solution with a factored matrix is the better operator.
/// - Source: Lanczos with thick restarts, Wu and Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602,
///   all vectors kept orthogonal.
///
/// ```swift
/// let a = diag(arange(1, 41)).asType(.float64).asSparse(.csr)
/// let found = try eigsh(a, count: 3)
/// round(found.values, decimals: 8)  // [38. 39. 40.]
/// ```
public func eigsh(
  _ a: NDArray, count k: Int = 6, which: EigenvalueChoice = .largestMagnitude,
  start: NDArray? = nil, basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
  try eigsh(
    LinearOperator(a, Call("eigsh", file, line)), count: k, which: which, start: start,
    basis: basis, maxIterations: maxIterations, tolerance: tolerance, file: file, line: line)
}

/// As `eigsh` of a matrix, for an operator.
///
/// - Shape: `[n, n]` gives `[k]` and `[n, k]`.
/// - DType: the operator's; eigenvalues are real.
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.eigsh` of a `LinearOperator`.
///
/// ```swift
/// let scaled = LinearOperator(shape: [30, 30], dtype: .float64) { arange(30) * $0 }
/// round(try eigsh(scaled, count: 2).values, decimals: 8)  // [28. 29.]
/// ```
public func eigsh(
  _ a: LinearOperator, count k: Int = 6, which: EigenvalueChoice = .largestMagnitude,
  start: NDArray? = nil, basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
  let call = Call("eigsh", file, line)
  try a.requireSquare(call)
  let order = a.shape[0]
  guard k > 0, k < order else {
    throw call.error(.value, "\(k) eigenvalues of a matrix of order \(order), expected 1 to n - 1")
  }
  let width = min(order, max(basis ?? max(2 * k + 1, 20), k + 1))
  var lanczos = try LanczosRun(a, start: start, call)
  for _ in 0..<(maxIterations ?? 10 * order) {
    let pairs = try lanczos.expanded(to: width)
    let wanted = which.order(pairs.values)
    let greatest = pairs.values.reduce(0) { max($0, abs($1)) }
    let done = wanted.prefix(k).count {
      pairs.residuals[$0] <= max(tolerance * abs(pairs.values[$0]), a.dtype.rounding * greatest)
    }
    if done >= k || lanczos.isInvariant {
      let chosen = wanted.prefix(k).sorted { pairs.values[$0] < pairs.values[$1] }
      return try lanczos.vectors(pairs, chosen)
    }
    // More than is asked for is kept, half of what has come beside it.
    let kept = min(k + max(done, (width - k) / 2), width - 1)
    try lanczos.restart(pairs, Array(wanted.prefix(kept)))
  }
  throw call.error(
    .noConvergence, "no \(k) eigenvalues within \(maxIterations ?? 10 * order) restarts",
    hint: "a larger basis, or a looser tolerance")
}

/// A Lanczos factorisation: A V = V T + r e^T, with V orthonormal and T what it is in V.
private struct LanczosRun {
  private let matrix: LinearOperator
  private var basis: KrylovBasis
  /// The columns of T's upper triangle.
  private var columns: [NDArray] = []
  /// What is left of the last product, of length 1, and its length.
  private var rest: NDArray?
  private var length = 0.0
  /// Whether products with the basis stay in it.
  private(set) var isInvariant = false

  /// Eigenvalues of T, its eigenvectors, and how far each is from one of A.
  struct Pairs {
    let values: [Double]
    let vectors: NDArray
    let residuals: [Double]
  }

  init(_ matrix: LinearOperator, start: NDArray?, _ call: Call) throws(WeftError) {
    self.matrix = matrix
    let order = matrix.shape[0]
    let first: NDArray
    if let start {
      guard start.count == order else {
        throw call.error(
          .shapeMismatch, "the start is \(start.expr.type), expected \(order) elements")
      }
      first = start.reshaped([order]).asType(matrix.dtype)
    } else {
      // Numbers without a pattern that some eigenvector might be orthogonal to.
      first = (sin(arange(1, order + 1).asType(.float64) * 12.9898) + 0.1).asType(matrix.dtype)
    }
    basis = KrylovBasis(try (first / first.length).compute())
  }

  mutating func expanded(to width: Int) throws(WeftError) -> Pairs {
    while columns.count < width {
      if columns.count == basis.count, let next = rest { try basis.append(next) }
      let state = try basis.orthogonalised(matrix.multiply(basis.last))
      columns.append(state[1])
      length = try state[2].double
      let scale = try abs(state[1]).max().double
      if length <= scale * matrix.dtype.rounding {
        isInvariant = true
        length = 0
        break
      }
      rest = try (state[0] / state[2]).compute()
    }
    let count = columns.count
    let triangle = stack(
      columns.enumerated().map { pad($1, [(before: 0, after: count - $0 - 1)]) }, axis: 1)
    let found = eigh(triangle, upper: true)
    let results: [NDArray] = try compute([
      found.values, found.vectors, abs(found.vectors[count - 1]),
    ])
    let last: [Double] = try results[2].asType(.float64).toArray()
    return Pairs(
      values: try results[0].asType(.float64).toArray(), vectors: results[1],
      residuals: last.map { $0 * length })
  }

  /// Goes on with some of the eigenvectors in place of the basis.
  mutating func restart(_ pairs: Pairs, _ kept: [Int]) throws(WeftError) {
    guard let next = rest else { return }
    let places = NDArray(kept.map { Int64($0) })
    let rows = try (take(pairs.vectors, places, axis: 1).T • basis.rows).compute()
    columns = kept.enumerated().map { n, place in
      pad(
        full([1], NDArray.number(pairs.values[place], matrix.dtype)), [(before: n, after: 0)])
    }
    basis = try KrylovBasis(rows: rows, count: kept.count, next: next)
  }

  /// Some eigenvalues with vectors as columns.
  func vectors(
    _ pairs: Pairs, _ chosen: [Int]
  ) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
    let places = NDArray(chosen.map { Int64($0) })
    let values = NDArray(chosen.map { pairs.values[$0] }).asType(matrix.dtype.realPart)
    let vectors = basis.rows.T • take(pairs.vectors, places, axis: 1)
    let results: [NDArray] = try compute([values, vectors])
    return (results[0], results[1])
  }
}
