import WeftIR

/// Why `lsqr` stopped; raw values are SciPy's.
public enum LeastSquaresStop: Int, Hashable, Sendable, CaseIterable {
  /// The start, or 0, is the solution.
  case atStart = 0
  /// A x = b within the tolerances.
  case solved
  /// The least residual within the tolerance.
  case least
  /// The condition number has reached the limit.
  case ill
  /// As `solved`, to rounding.
  case solvedToRounding
  /// As `least`, to rounding.
  case leastToRounding
  /// The condition number is as great as rounding allows.
  case illToRounding
  /// So many iterations as were allowed, or numbers that are no longer finite.
  case iterations
}

/// What `lsqr` found.
public struct LeastSquaresSolution: Sendable {
  /// The last approximation.
  public let solution: NDArray
  /// Why it is the last.
  public let stop: LeastSquaresStop
  /// Products with the matrix, and with its adjoint.
  public let iterations: Int
  /// The norm of b - A x, as the iteration knows it.
  public let residual: Double
  /// The root of the squares of that and of the damping times x - start.
  public let dampedResidual: Double
  /// The norm of A^H (b - A x) - damping^2 (x - start).
  public let normalResidual: Double
  /// An estimate of the Frobenius norm of the matrix and the damping.
  public let matrixNorm: Double
  /// An estimate of their condition number.
  public let condition: Double
  /// The norm of x - start, an estimate.
  public let solutionNorm: Double

  /// Whether a tolerance was met.
  public var isConverged: Bool { ![.ill, .illToRounding, .iterations].contains(stop) }
}

/// The least squares solution, damped or not, of a sparse system of any shape by bidiagonalisation.
///
/// Minimises |b - A x|^2 + damping^2 |x - start|^2; of many solutions it finds the one next to the start, which is 0
/// unless given.
///
/// - Shape: `[m, n]` or an operator with its adjoint, and `[m]` or `[m, 1]`; the solution is `[n]` or `[n, 1]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `shape-mismatch`; `value` for tolerances or a damping below 0, or an operator without an
///   adjoint. Elements that are not finite are no error: `stop` is `iterations`.
/// - Accuracy: stops where |b - A x| <= `btol` |b| + `atol` |A| |x| or |A^H r| <= `atol` |A| |r|, with |A| an estimate;
///   norms are those of the recurrence, which rounding parts from the true ones.
/// - NumPy: none; `scipy.sparse.linalg.lsqr` with its names: `damping` is `damp`, `conditionLimit` `conlim`,
///   `maxIterations` `iter_lim`, at most 2 n unless given.
/// - Source: Paige and Saunders, ACM Trans. Math. Softw. 8 (1982) 43; the rules to stop are theirs.
///
/// ```swift
/// let a: NDArray = [[1, 0], [1, 1], [1, 2]]
/// let found = try lsqr(a.asSparse(.csr), [1, 3, 5], atol: 1e-12, btol: 1e-12)
/// round(found.solution, decimals: 9)  // [1. 2.]
/// found.stop  // solved
/// ```
public func lsqr(
  _ a: NDArray, _ b: NDArray, damping: Double = 0, start: NDArray? = nil, atol: Double = 1e-6,
  btol: Double = 1e-6, conditionLimit: Double = 1e8, maxIterations: Int? = nil,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> LeastSquaresSolution {
  try lsqr(
    LinearOperator(a, Call("lsqr", file, line)), b, damping: damping,
    start: start, atol: atol, btol: btol, conditionLimit: conditionLimit,
    maxIterations: maxIterations, file: file, line: line)
}

/// As `lsqr` of a matrix, for an operator that has its adjoint.
///
/// - Shape: an operator of `[m, n]`, and `[m]` or `[m, 1]`; the solution is `[n]` or `[n, 1]`.
/// - DType: the operator's and the right-hand side's, promoted.
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.lsqr` of a `LinearOperator`.
///
/// ```swift
/// let half = LinearOperator(
///   shape: [2, 2], dtype: .float64, adjoint: { 0.5 * $0 }, multiply: { 0.5 * $0 })
/// round(try lsqr(half, [1, 2]).solution, decimals: 9)  // [2. 4.]
/// ```
public func lsqr(
  _ a: LinearOperator, _ b: NDArray, damping: Double = 0, start: NDArray? = nil,
  atol: Double = 1e-6, btol: Double = 1e-6, conditionLimit: Double = 1e8,
  maxIterations: Int? = nil, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> LeastSquaresSolution {
  let call = Call("lsqr", file, line)
  guard let adjoint = a.adjointProduct else {
    throw call.error(.value, "the operator has no product of its adjoint")
  }
  guard atol >= 0, btol >= 0, conditionLimit >= 0 else {
    throw call.error(
      .value, "the tolerances are \(atol), \(btol) and \(conditionLimit), expected none below 0")
  }
  guard damping >= 0, damping.isFinite else {
    throw call.error(.value, "the damping is \(damping), expected 0 or a positive number")
  }
  if let error = b.expr.error { throw error }
  guard a.shape.count == 2, b.shape == [a.shape[0]] || b.shape == [a.shape[0], 1] else {
    throw call.error(
      .shapeMismatch, "the right-hand side is \(b.expr.type), the matrix has shape \(a.shape)")
  }
  let (rows, columns) = (a.shape[0], a.shape[1])
  let dtype = DType.promoted([a.dtype, b.dtype.isInexact ? b.dtype : .float64]) ?? .float64
  func vector(_ x: NDArray, _ count: Int) -> NDArray {
    x.strong.converted(to: dtype, site: call.site).reshaped([count])
  }
  let side = vector(b, rows)
  var x = zeros([columns], dtype: dtype)
  var rest = side
  if let start {
    guard start.shape == [columns] || start.shape == [columns, 1] else {
      throw call.error(
        .shapeMismatch, "the start is \(start.expr.type), expected \(columns) elements")
    }
    x = vector(start, columns)
    rest = side - a.multiply(x)
  }
  let beta = rest.length
  let u = rest.scaledToLength(beta)
  let product = adjoint(u)
  let v = product.scaledToLength(product.length)
  // x, u, v, w; the last diagonal elements of the two bidiagonal forms, and what is left of the residual.
  let alpha = product.length
  var state: [NDArray] = try compute([x, u, v, v, stack([alpha, alpha, beta]), side.length])
  x = state[0]
  let first: [Double] = try state[4].asType(.float64).toArray()
  var progress = LeastSquaresProgress(
    alpha: first[0], beta: first[2], side: try state[5].double, damping: damping,
    tolerances: (atol, btol, dtype.rounding), conditionLimit: conditionLimit,
    maxIterations: maxIterations ?? 2 * columns)
  let shape = b.rank == 1 ? [columns] : [columns, 1]
  func found(_ stop: LeastSquaresStop) throws(WeftError) -> LeastSquaresSolution {
    progress.solution(try x.reshaped(shape).compute(), stop)
  }
  if progress.normalResidual == 0 { return try found(.atStart) }
  let damp = NDArray.number(damping, dtype.realPart)
  /// Of x, u, v, w and numbers the next ones, the lengths of all iterations, and all x.
  func steps(_ count: Int) -> StepProgram {
    StepProgram("lsqr", [count], [a.product, adjoint]) { (products, state) -> [NDArray] in
      var (x, u, v, w) = (state[0], state[1], state[2], state[3])
      let damp = state[5]
      var (alpha, bar, left) = (state[4][0], state[4][1], state[4][2])
      var (solutions, numbers): ([NDArray], [NDArray]) = ([], [])
      for _ in 0..<count {
        u = products[0](v) - alpha * u
        let beta = u.length
        u = u.scaledToLength(beta)
        v = products[1](u) - beta * v
        alpha = v.length
        v = v.scaledToLength(alpha)
        // Two rotations: one takes the damping out, the other what is below the diagonal.
        let damped = sqrt(bar * bar + damp * damp)
        let kept = left * bar.dividedUnlessZero(by: damped)
        let rho = sqrt(damped * damped + beta * beta)
        let (cosine, sine) = (
          damped.dividedUnlessZero(by: rho), beta.dividedUnlessZero(by: rho)
        )
        numbers += [alpha, beta, w.length].map { $0.asType(.float64) }
        x = x + (cosine * kept).dividedUnlessZero(by: rho) * w
        w = v - (sine * alpha).dividedUnlessZero(by: rho) * w
        (bar, left) = (-cosine * alpha, sine * kept)
        solutions.append(x)
      }
      return [u, v, w, stack([alpha, bar, left]), stack(numbers)] + solutions
    }
  }
  var programs = IterationPrograms(most: 4, steps)
  while progress.iterations < progress.mostIterations {
    let (step, count) = programs.next(within: progress.mostIterations - progress.iterations)
    let results = try step.results(state[..<5] + [damp], in: a.session)
    let numbers: [Double] = try results[4].toArray()
    for n in 0..<count {
      guard numbers[3 * n..<3 * n + 3].allSatisfy(\.isFinite) else {
        return try found(.iterations)
      }
      x = results[5 + n]
      let stop = progress.step(
        alpha: numbers[3 * n], beta: numbers[3 * n + 1], direction: numbers[3 * n + 2])
      if let stop { return try found(stop) }
    }
    state = [x] + results[..<4]
  }
  return try found(.iterations)
}
