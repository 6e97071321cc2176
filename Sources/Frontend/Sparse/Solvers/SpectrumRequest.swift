import WeftExecution
import WeftIR

/// What `eigsh` is asked for, and by which operator it is found.
struct SpectrumRequest {
  private let a: LinearOperator
  private let count: Int
  private let which: EigenvalueChoice
  private let shift: Double?
  private let metric: LinearOperator?
  private let inverse: LinearOperator?
  private let start: NDArray?
  private let basis: Int?
  private let most: Int
  private let tolerance: Double
  private let call: Call

  init(
    _ a: LinearOperator, count: Int, which: EigenvalueChoice, near shift: Double?,
    metric: LinearOperator?, inverse: LinearOperator?, start: NDArray?, basis: Int?,
    maxIterations: Int?, tolerance: Double, _ call: Call
  ) throws(WeftError) {
    try a.requireSquare(call)
    let order = a.shape[0]
    guard count > 0, count < order else {
      throw call.error(
        .value, "\(count) eigenvalues of a matrix of order \(order), expected 1 to n - 1")
    }
    guard tolerance >= 0 else {
      throw call.error(.value, "the tolerance is \(tolerance), expected 0 or more")
    }
    if let shift, !shift.isFinite {
      throw call.error(.value, "eigenvalues near \(shift), expected a finite number")
    }
    for (name, other) in [("metric", metric), ("inverse", inverse)] {
      guard let other else { continue }
      guard other.shape == a.shape else {
        throw call.error(
          .shapeMismatch, "the \(name) has shape \(other.shape), the matrix \(a.shape)")
      }
      if other.dtype.isComplex, !a.dtype.isComplex {
        throw call.error(.dtype, "the \(name) is \(other.dtype), the matrix \(a.dtype)")
      }
    }
    if inverse != nil, shift == nil, metric == nil {
      throw call.error(.value, "an inverse without a number that eigenvalues are near, or a metric")
    }
    self.a = a
    self.count = count
    self.which = which
    self.shift = shift
    self.metric = metric
    self.inverse = inverse
    self.start = start
    self.basis = basis
    most = maxIterations ?? 10 * order
    self.tolerance = tolerance
    self.call = call
  }

  /// The eigenvalues and eigenvectors.
  func found() throws(WeftError) -> (values: NDArray, vectors: NDArray) {
    if metric == nil, inverse == nil, let matrix = a.matrix, a.shape[0] <= mostDenseOrder,
      a.shape[0] * a.shape[0] * a.dtype.itemSize <= Session.current.densifyLimit.bytes
    {
      return try densely(matrix)
    }
    if let shift {
      let solve = try solution { shifted(by: shift) }
      return try searched(SpectralProblem(a, metric, near: shift, inverse: solve), which.order)
    }
    if let metric {
      let solve = try solution { metric.matrix }
      return try searched(SpectralProblem(a, metric, inverse: solve), which.order)
    }
    if which == .smallestMagnitude, let found = try foundNearZero() { return found }
    return try searched(SpectralProblem(a), which.order)
  }

  /// By `eigh` of all.
  private func densely(_ matrix: NDArray) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
    let found = eigh(matrix.asDense())
    let all: [Double] = try found.values.toArray()
    let chosen = which.order(all.map { value in shift.map { 1 / (value - $0) } ?? value })
      .prefix(count).sorted { all[$0] < all[$1] }
    let places = NDArray(chosen.map { Int64($0) })
    let results: [NDArray] = try compute([
      take(found.values, places), take(found.vectors, places, axis: 1),
    ])
    return (results[0], results[1])
  }

  // MARK: - Factors

  /// A - shift M, where both are matrices.
  private func shifted(by shift: Double) -> NDArray? {
    guard let matrix = a.matrix else { return nil }
    let number = NDArray.number(shift, a.dtype)
    if let metric { return metric.matrix.map { matrix - number * $0 } }
    if shift == 0 { return matrix }
    let n = a.shape[0]
    guard let isDense = try? matrix.layout().isDense, !isDense else {
      return matrix - number * eye(n, dtype: a.dtype)
    }
    let places = arange(n)
    guard
      let identity = try? NDArray(
        coordinates: [places, places], values: full([n], number), shape: [n, n], format: .csr)
    else { return nil }
    return matrix - identity
  }

  /// The inverse that was given, or the solution with a matrix.
  private func solution(_ matrix: () -> NDArray?) throws(WeftError) -> LinearOperator {
    if let inverse { return inverse }
    guard let matrix = matrix() else {
      throw call.error(
        .value, "\(solved) is an operator, expected its inverse",
        hint: "inverse: LinearOperator(shape: ..., dtype: ...) { ... }")
    }
    return try factored(matrix)
  }

  /// What is solved with.
  private var solved: String {
    shift == nil && metric != nil ? "the metric" : metric == nil ? "A - near" : "A - near M"
  }

  private func factored(
    _ matrix: NDArray, mostBytes: Int? = nil
  ) throws(WeftError) -> LinearOperator {
    let factors: FactoredSystem
    do { factors = try factorized(matrix, mostBytes: mostBytes, call) } catch {
      guard error.code == .singular else { throw error }
      throw call.error(
        .singular, "\(solved) is singular", hint: "another number that is no eigenvalue")
    }
    return LinearOperator(solvingWith: factors, a.dtype)
  }

  // MARK: - Search

  /// What the operator's search finds, as eigenvalues of the problem.
  private func searched(
    _ problem: SpectralProblem, _ order: @escaping ([Double]) -> [Int]
  ) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
    var search = EigenvalueSearch(
      try LanczosBasis(problem, start: start, call), count: count, basis: basis,
      tolerance: tolerance, order: order)
    if let found = try search.result(within: most), found.values.count == count {
      return try pairs(problem, found)
    }
    throw try search.failure(
      of: "eigenvalues", within: most,
      hint: "a larger basis, more restarts, a looser tolerance, or eigenvalues near a number", call
    ) { result throws(WeftError) in try pairs(problem, result) }
  }

  /// Values in ascending order, and their vectors as columns.
  private func pairs(
    _ problem: SpectralProblem, _ found: (values: [Double], vectors: NDArray)
  ) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
    let values = found.values.map(problem.value)
    let places = values.indices.sorted { values[$0] < values[$1] }
    let vectors = take(found.vectors, NDArray(places.map { Int64($0) }), axis: 0).T
    let results: [NDArray] = try compute([
      NDArray(places.map { values[$0] }).asType(a.dtype.realPart), vectors.asType(a.dtype),
    ])
    return (results[0], results[1])
  }

  /// The least magnitudes of a sparse matrix by its inverse, or that of the matrix moved a little; nil where
  /// there is no room for its factors, or residuals say that another way is better.
  ///
  /// An eigenvalue next to the shift is a great one of the inverse, against which others are small and have fewer digits.
  /// The further shift is a part of the greatest value that is asked for.
  private func foundNearZero() throws(WeftError) -> (values: NDArray, vectors: NDArray)? {
    guard let matrix = a.matrix, try !matrix.layout().isDense,
      try matrix.fillValue()?.boolValue == false
    else { return nil }
    let norm = try abs(matrix).sum(axis: 0).max().double
    guard norm.isFinite, norm > 0 else { return nil }
    let rounding = a.dtype.rounding
    var shift = 0.0
    for _ in 0..<3 {
      let solve: LinearOperator
      guard let moved = shifted(by: shift) else { return nil }
      do { solve = try factored(moved, mostBytes: Session.current.roomBytes) } catch {
        guard error.code == .singular, shift == 0 else { return nil }
        shift = -norm * rounding.squareRoot()
        continue
      }
      let problem = SpectralProblem(a, nil, near: shift, inverse: solve)
      let found: (values: NDArray, vectors: NDArray)
      do {
        found = try searched(problem) { values in
          EigenvalueChoice.smallestMagnitude.order(values.map(problem.value))
        }
      } catch {
        guard error.code == .noConvergence else { throw error }
        return nil
      }
      let residual = matrix • found.vectors - found.vectors * found.values
      let greatest = try compute([abs(residual).max(), abs(found.values).max()])
      if try greatest[0].double <= 100 * rounding * norm { return found }
      let next = -0.3 * (try greatest[1].double)
      shift = shift == 0 ? min(next, -norm * rounding.squareRoot()) : next
    }
    return nil
  }
}
