import WeftExecution
import WeftIR

/// What `svds` is asked for, and by which operator it is found.
struct TripletRequest {
  /// Left vectors as columns, values in ascending order, right vectors as rows.
  typealias Triplets = (u: NDArray, s: NDArray, vh: NDArray)

  /// The greatest shorter side of a matrix that is made dense where nothing else finds its least values: some
  /// seconds of LAPACK.
  private static let mostDense = 2_000
  /// The restarts after which least values are looked for by factors.
  private static let fewRestarts = 12

  private let a: LinearOperator
  private let count: Int
  private let smallest: Bool
  private let start: NDArray?
  private let basis: Int?
  private let most: Int
  private let tolerance: Double
  private let call: Call

  init(
    _ a: LinearOperator, count: Int, smallest: Bool, start: NDArray?, basis: Int?,
    maxIterations: Int?, tolerance: Double, _ call: Call
  ) throws(WeftError) {
    guard a.shape.count == 2, count > 0, count < min(a.shape[0], a.shape[1]) else {
      throw call.error(.value, "\(count) singular values of a matrix of shape \(a.shape)")
    }
    guard tolerance >= 0 else {
      throw call.error(.value, "the tolerance is \(tolerance), expected 0 or more")
    }
    self.a = a
    self.count = count
    self.smallest = smallest
    self.start = start
    self.basis = basis
    most = maxIterations ?? 10 * min(a.shape[0], a.shape[1])
    self.tolerance = tolerance
    self.call = call
  }

  private var rows: Int { a.shape[0] }
  private var columns: Int { a.shape[1] }
  private var isTall: Bool { rows >= columns }

  /// The singular values and vectors.
  func found() throws(WeftError) -> Triplets {
    if min(rows, columns) <= mostDenseOrder, max(rows, columns) <= 500,
      let found = try densely()
    {
      return found
    }
    guard let turned = a.adjoint else {
      throw call.error(.value, "the operator has no product of its adjoint")
    }
    // The basis is of the shorter side: the other one has more vectors than there are values.
    let (tall, wide) = isTall ? (a, turned) : (turned, a)
    let choice: EigenvalueChoice = smallest ? .smallest : .largest
    var search = EigenvalueSearch(
      try SingularBasis(tall, adjoint: wide.product, start: start, call),
      count: count, basis: basis, tolerance: tolerance, order: choice.order)
    let few = smallest && a.matrix != nil ? min(most, Self.fewRestarts) : most
    if let found = try search.result(within: few) { return try triplets(found) }
    if few < most {
      if let found = try byFactors() { return found }
      if min(rows, columns) <= Self.mostDense, let found = try densely() { return found }
      if let found = try search.result(within: most - few) { return try triplets(found) }
    }
    throw try search.failure(
      of: "singular values", within: most,
      hint: "a larger basis, more restarts or a looser tolerance", call
    ) { result throws(WeftError) in try triplets(result) }
  }

  /// What was found for the side that is the taller, as the matrix has it.
  private func triplets(
    _ found: (values: [Double], vectors: SingularBasis.Vectors)
  ) throws(WeftError) -> Triplets {
    let (left, right) = found.vectors
    let (u, v) = isTall ? (left, right) : (right, left)
    let results: [NDArray] = try compute([
      u.T, NDArray(found.values).asType(a.dtype.realPart), v.conjugated,
    ])
    return (results[0], results[1], results[2])
  }

  /// By `svd` of all, where the dense matrix is within the limit.
  private func densely() throws(WeftError) -> Triplets? {
    guard let matrix = a.matrix,
      rows * columns * a.dtype.itemSize <= Session.current.densifyLimit.bytes
    else { return nil }
    let all = svd(matrix.asDense(), fullMatrices: false)
    let first = smallest ? min(rows, columns) - count : 0
    let chosen = first..<first + count
    let results: [NDArray] = try compute([
      flip(all.u[.all, chosen], axes: [1]), flip(all.s[chosen]), flip(all.vh[chosen], axes: [0]),
    ])
    return (results[0], results[1], results[2])
  }

  // MARK: - Factors

  /// Factors that there is room for.
  private func factored(_ matrix: NDArray) throws(WeftError) -> FactoredSystem {
    try factorized(matrix, mostBytes: Session.current.roomBytes, call)
  }

  /// The least values of a sparse matrix by its factors if it is square, else by those of A^H A or A A^H; nil where
  /// there are none, or residuals say that they are too inaccurate.
  ///
  /// The space of the right vectors is what is taken from there, and the values from the matrix itself.
  private func byFactors() throws(WeftError) -> Triplets? {
    guard let matrix = a.matrix, try !matrix.layout().isDense,
      try matrix.fillValue()?.boolValue == false
    else { return nil }
    let adjoint = matrix.T.conjugated
    let tall = isTall ? matrix : adjoint
    do {
      let space: NDArray
      if rows == columns {
        let (factors, others) = (try factored(tall), try factored(tall.T.conjugated))
        let inverse = LinearOperator(solvingWith: factors, a.dtype)
        // Its left vectors are the matrix's right ones.
        var search = EigenvalueSearch(
          try SingularBasis(
            inverse, adjoint: VectorProduct(others, a.dtype), start: nil, call), count: count,
          basis: basis, tolerance: tolerance, order: EigenvalueChoice.largest.order)
        guard let found = try search.result(within: Self.fewRestarts) else { return nil }
        space = found.vectors.left
      } else {
        let factors = try factored((tall.T.conjugated • tall).asSparse(.csr))
        let inverse = LinearOperator(solvingWith: factors, a.dtype)
        var search = EigenvalueSearch(
          try LanczosBasis(SpectralProblem(inverse), start: nil, call), count: count, basis: basis,
          tolerance: tolerance, order: EigenvalueChoice.largest.order)
        guard let found = try search.result(within: Self.fewRestarts) else { return nil }
        space = found.vectors
      }
      return try refined(space, tall)
    } catch {
      switch error.code {
      case .singular, .noConvergence, .outOfMemory, .unusableExecutor, .wouldDensify, .value:
        return nil
      default: throw error
      }
    }
  }

  /// The singular values of a tall matrix in a space of right vectors, the rows of a matrix; nil where its residuals are
  /// large.
  private func refined(_ space: NDArray, _ tall: NDArray) throws(WeftError) -> Triplets? {
    let parts = svd(tall • space.T, fullMatrices: false)
    let u = flip(parts.u, axes: [1])
    let s = flip(parts.s)
    let v = flip(parts.vh.conjugated, axes: [0]) • space
    let residual = tall.T.conjugated • u - v.T * s
    let size = abs(tall)
    let results: [NDArray] = try compute([
      u, s, v, abs(residual).max(),
      sqrt(size.sum(axis: 0).max() * size.sum(axis: 1).max()),
    ])
    let (left, right) = (results[0], results[2])
    guard try results[3].double <= 1e3 * a.dtype.rounding * (try results[4].double) else {
      return nil
    }
    let ends: [NDArray] = try compute(
      isTall ? [left, right.conjugated] : [right.T, left.T.conjugated])
    return (ends[0], results[1], ends[1])
  }
}
