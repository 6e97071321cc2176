import WeftIR

/// The solution of a general system by generalised minimal residuals, restarted.
///
/// Stops where the norm of b - A x is at most the greater of `atol` and `rtol` times the norm of b.
///
/// - Shape: `[n, n]` or an operator, and `[n]` or `[n, 1]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`, `shape-mismatch`, `value`.
/// - NumPy: none; `scipy.sparse.linalg.gmres`; preconditioned from the right, so that residuals are
///   those of the system. `maxIterations` counts restarts, 10 n unless given.
/// - Source: Saad and Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856.
///
/// ```swift
/// let a: NDArray = [[4, 1], [2, 3]]
/// let found = try gmres(a.asSparse(.csr), [1, 2], rtol: 1e-12)
/// round(found.solution, decimals: 9)  // [0.1 0.6]
/// ```
public func gmres(
  _ a: NDArray, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5, atol: Double = 0,
  restart: Int = 20, maxIterations: Int? = nil, preconditioner: LinearOperator? = nil,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  try gmres(
    LinearOperator(a, Call("gmres", file, line)), b, start: start, rtol: rtol, atol: atol,
    restart: restart, maxIterations: maxIterations, preconditioner: preconditioner, file: file,
    line: line)
}

/// As `gmres` of a matrix, for an operator.
///
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.gmres` of a `LinearOperator`.
///
/// ```swift
/// let half = LinearOperator(shape: [2, 2], dtype: .float64) { 0.5 * $0 }
/// round(try gmres(half, [1, 2]).solution, decimals: 9)  // [2. 4.]
/// ```
public func gmres(
  _ a: LinearOperator, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5,
  atol: Double = 0, restart: Int = 20, maxIterations: Int? = nil,
  preconditioner: LinearOperator? = nil, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  let call = Call("gmres", file, line)
  guard restart > 0 else { throw call.error(.value, "restart is \(restart), expected 1 or more") }
  let system = try IterativeSystem(
    a, b, start: start, rtol: rtol, atol: atol, maxIterations: maxIterations,
    preconditioner: preconditioner, call)
  if system.isTrivial { return try system.trivial() }
  let width = min(restart, a.shape[0])
  var x = system.start
  var residual = Double.infinity
  var iterations = 0
  for _ in 0...system.mostIterations {
    let r = system.b - a.multiply(x)
    var state: [NDArray] = try compute([r, r.length])
    residual = try state[1].double
    guard residual > system.tolerance, residual.isFinite, iterations < system.mostIterations * width
    else { break }
    var basis = KrylovBasis(state[0] / state[1])
    var columns: [NDArray] = []
    var weights: NDArray?
    for column in 0..<width {
      let image = a.multiply(system.precondition(basis.last))
      state = try basis.orthogonalised(image)
      iterations += 1
      columns.append(concatenate([state[1], state[2].reshaped([1]).asType(state[1].dtype)]))
      // The least squares problem of the Hessenberg matrix so far.
      let rows = column + 2
      let hessenberg = stack(
        columns.enumerated().map { pad($1, [(before: 0, after: rows - $0 - 2)]) }, axis: 1)
      let target = pad(
        full([1], NDArray.number(residual, hessenberg.dtype)), [(before: 0, after: rows - 1)])
      let found = lstsq(hessenberg, target).solution
      let small: [NDArray] = try compute([found, (hessenberg • found - target).length])
      weights = small[0]
      let (rest, norm) = (try small[1].double, try state[2].double)
      // An invariant subspace holds the solution.
      if rest <= system.tolerance || norm <= residual * 1e-15 || column == width - 1 { break }
      try basis.append(state[0] / state[2])
    }
    guard let weights else { break }
    x = try (x + system.precondition(weights • basis.rows)).compute()
  }
  return try system.found(x, residual, iterations)
}
