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
/// With a number to be `near`, those l are found for which 1 / (l - near) is what is asked for: the nearest ones by
/// largest magnitude. With a `metric` M they are those of A x = l M x, and x^H M x is 1.
///
/// - Shape: `[n, n]` or an operator gives `[k]` and `[n, k]`; k below n.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`; `value` for a wrong k; `no-convergence` after `maxIterations`
///   restarts, with what has converged in `WeftError.convergedEigenpairs`; `singular` where `near` is an
///   eigenvalue, to the bit.
/// - Accuracy: residuals of at most `tolerance` times the eigenvalue, or the dtype's rounding times the
///   norm of the matrix. A multiple eigenvalue is found as often as it is one in most cases: what was
///   found is held against vectors that are orthogonal to it.
/// - NumPy: none; `scipy.sparse.linalg.eigsh` with `sigma` and `M`. A - near M, or M alone, is factored
///   (`factorized`); M must be positive definite, with `near` semidefinite. The least magnitudes of a sparse
///   matrix are found near 0 where that has the accuracy and its factors fit into memory; SciPy's users ask for
///   `sigma=0`.
/// - Source: Lanczos with thick restarts, Wu and Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602,
///   all vectors kept orthogonal; `basis` is the most of them, 2 k + 36 or a few more unless given.
///   Matrices of order 96 at most are dense ones to `eigh`, within the limit for that.
///
/// ```swift
/// let a = diag(arange(1, 41)).asType(.float64).asSparse(.csr)
/// let found = try eigsh(a, count: 3)
/// round(found.values, decimals: 8)  // [38. 39. 40.]
/// round(try eigsh(a, count: 3, near: 7.2).values, decimals: 8)  // [6. 7. 8.]
/// ```
public func eigsh(
  _ a: NDArray, count k: Int = 6, which: EigenvalueChoice = .largestMagnitude,
  near shift: Double? = nil, metric: NDArray? = nil, start: NDArray? = nil, basis: Int? = nil,
  maxIterations: Int? = nil, tolerance: Double = 0, file: StaticString = #fileID,
  line: UInt = #line
) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
  let call = Call("eigsh", file, line)
  var (matrix, weights) = (a, metric)
  if let metric, let dtype = DType.promoted([a.dtype, metric.dtype]), dtype.isInexact {
    // Both in one dtype.
    matrix = a.strong.converted(to: dtype, site: call.site)
    weights = metric.strong.converted(to: dtype, site: call.site)
  }
  return try SpectrumRequest(
    LinearOperator(matrix, call), count: k, which: which, near: shift,
    metric: try weights.map { metric throws(WeftError) in try LinearOperator(metric, call) },
    inverse: nil, start: start, basis: basis, maxIterations: maxIterations, tolerance: tolerance,
    call
  ).found()
}

/// As `eigsh` of a matrix, for an operator.
///
/// - Shape: `[n, n]` gives `[k]` and `[n, k]`.
/// - DType: the operator's; eigenvalues are real.
/// - Throws: as for a matrix; `value` where an `inverse` is needed and not given.
/// - NumPy: none; `scipy.sparse.linalg.eigsh` of a `LinearOperator`; `inverse` is `OPinv`, that of A - near M,
///   or without `near` `Minv`, that of the metric.
///
/// ```swift
/// let scaled = LinearOperator(shape: [30, 30], dtype: .float64) { arange(30) * $0 }
/// round(try eigsh(scaled, count: 2).values, decimals: 8)  // [28. 29.]
/// ```
public func eigsh(
  _ a: LinearOperator, count k: Int = 6, which: EigenvalueChoice = .largestMagnitude,
  near shift: Double? = nil, metric: LinearOperator? = nil, inverse: LinearOperator? = nil,
  start: NDArray? = nil, basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
  try SpectrumRequest(
    a, count: k, which: which, near: shift, metric: metric, inverse: inverse, start: start,
    basis: basis, maxIterations: maxIterations, tolerance: tolerance, Call("eigsh", file, line)
  ).found()
}

extension WeftError {
  /// The eigenvalues, ascending, and eigenvectors that `eigsh` had found when it gave up.
  ///
  /// - NumPy: none; `scipy.sparse.linalg.ArpackNoConvergence.eigenvalues` and `.eigenvectors`.
  public var convergedEigenpairs: (values: NDArray, vectors: NDArray)? {
    partial?.value as? (values: NDArray, vectors: NDArray)
  }
}

/// The greatest order of matrices that dense algorithms take in less time than some steps of Lanczos'.
let mostDenseOrder = 96
