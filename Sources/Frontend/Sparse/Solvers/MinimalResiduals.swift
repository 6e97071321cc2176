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
  var arnoldi = ArnoldiSteps(system)
  var x = system.start
  var residual = Double.infinity
  var iterations = 0
  for _ in 0...system.mostIterations {
    let r = system.b - a.multiply(x)
    let state = try system.session.computed([r, r.length])
    residual = try state[1].double
    guard residual > system.tolerance, residual.isFinite, iterations < system.mostIterations * width
    else { break }
    var basis = try (state[0] / state[1]).reshaped([1, -1]).compute()
    var hessenberg: NDArray?
    var (columns, isEnd) = (0, false)
    while columns < width, !isEnd {
      let made = try arnoldi.extended(basis, by: min(5, width - columns))
      basis = made.basis
      hessenberg =
        hessenberg.map {
          concatenate([pad($0, [(0, made.count), (0, 0)]), made.columns], axis: 1)
        } ?? made.columns
      // What the least squares problems of one column after the other leave.
      let rows = columns + made.count + 1
      let unitary = qr(hessenberg ?? made.columns, mode: .complete).q
      let small = try system.session.computed([
        hessenberg ?? made.columns, abs(unitary[0]).asType(.float64),
      ])
      hessenberg = small[0]
      let first: [Double] = try small[1].toArray()
      for column in columns..<columns + made.count {
        columns = column + 1
        let rest = first[columns..<rows].reduce(0) { $0 + $1 * $1 }.squareRoot() * residual
        // An invariant subspace holds the solution.
        let isInvariant = made.lengths[column - (rows - 1 - made.count)] <= residual * 1e-15
        if rest <= system.tolerance || isInvariant {
          isEnd = true
          break
        }
      }
    }
    iterations += columns
    guard let hessenberg else { break }
    let target = pad(
      full([1], NDArray.number(residual, hessenberg.dtype)), [(before: 0, after: columns)])
    let weights = lstsq(hessenberg[...columns, ..<columns], target).solution
    x = try system.session.computed([x + system.precondition(weights • basis[..<columns])])[0]
  }
  return try system.found(x, residual, iterations)
}
