import WeftExecution
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
///   norm of the matrix. A multiple eigenvalue is found as often as it is one in most cases: what was
///   found is held against vectors that are orthogonal to it.
/// - NumPy: none; `scipy.sparse.linalg.eigsh`. What is asked for at one end is found soon, the
///   least magnitudes slowly: there the solution with a factored matrix is the better operator.
/// - Source: Lanczos with thick restarts, Wu and Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602,
///   all vectors kept orthogonal; `basis` is the most of them, 2 k + 36 or a few more unless given.
///   Matrices of order 96 at most are dense ones to `eigh`, within the limit for that.
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
  if let matrix = a.matrix, order <= mostDenseOrder,
    order * order * a.dtype.itemSize <= Session.current.densifyLimit.bytes
  {
    let found = eigh(matrix.asDense())
    let all: [Double] = try found.values.toArray()
    let chosen = which.order(all).prefix(k).sorted { all[$0] < all[$1] }
    let places = NDArray(chosen.map { Int64($0) })
    let results: [NDArray] = try compute([
      take(found.values, places), take(found.vectors, places, axis: 1),
    ])
    return (results[0], results[1])
  }
  let most = maxIterations ?? 10 * order
  var search = try EigenvalueSearch(
    LanczosBasis(a, start: start, call), count: k, which, basis: basis, tolerance: tolerance)
  for _ in 0..<most {
    if let found = try search.restarted() { return found }
  }
  throw call.error(
    .noConvergence, "no \(k) eigenvalues within \(most) restarts",
    hint: "a larger basis, or a looser tolerance")
}

/// The greatest order of matrices that dense algorithms take in less time than some steps of Lanczos'.
let mostDenseOrder = 96
