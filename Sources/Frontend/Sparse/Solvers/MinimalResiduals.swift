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
  let (b, precondition) = (system.b, system.precondition)
  /// Of x and a change of it, the next x, its residual's direction and length.
  let moved = compile { (arguments: [NDArray]) -> [NDArray] in
    var x = arguments[0]
    if arguments.count > 1 {
      let columns = arguments[1].shape[0] ?? 0
      x = x + precondition(arguments[1] • arguments[2][..<columns])
    }
    let rest = b - a.multiply(x)
    let length = rest.length
    return [x, rest.scaledToLength(length).reshaped([1, -1]), length.asType(.float64)]
  }
  var state = try system.session.results(of: moved, [system.start])
  var residual = try state[2].double
  var (iterations, restarts) = (0, 0)
  while residual > system.tolerance, residual.isFinite, restarts < system.mostIterations {
    restarts += 1
    var basis = state[1]
    var small = HessenbergSystem(beta: residual)
    var (columns, isEnd) = (0, false)
    while columns < width, !isEnd {
      let made = try arnoldi.extended(basis, by: min(5, width - columns))
      basis = made.basis
      for column in made.columns {
        small.append(column)
        columns += 1
        // An invariant subspace holds the solution.
        let isInvariant = !((column.last?.re ?? 0) > residual * 1e-15)
        if small.residual <= system.tolerance || isInvariant {
          isEnd = true
          break
        }
      }
    }
    iterations += columns
    let weights = system.b.dtype.vector(small.solution)
    state = try system.session.results(of: moved, [state[0], weights.compute(), basis])
    residual = try state[2].double
  }
  return try system.found(state[0], residual, iterations)
}

extension DType {
  /// Numbers as a vector; a real dtype leaves imaginary parts out.
  fileprivate func vector(_ numbers: [HessenbergSystem.Number]) -> NDArray {
    isComplex
      ? NDArray(numbers.map { Complex($0.re, $0.im) }).asType(self)
      : NDArray(numbers.map(\.re)).asType(self)
  }
}
