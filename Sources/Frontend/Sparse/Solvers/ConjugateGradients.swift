import WeftIR

/// The solution of a Hermitian positive definite system by conjugate gradients.
///
/// Stops where the norm of b - A x is at most the greater of `atol` and `rtol` times the norm of b.
///
/// - Shape: `[n, n]` or an operator, and `[n]` or `[n, 1]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`, `shape-mismatch`, `value`.
/// - NumPy: none; `scipy.sparse.linalg.cg`; the number of iterations is at most 10 n unless given.
/// - Source: Barrett and others, Templates for the Solution of Linear Systems, 1994, 2.3.1.
///
/// ```swift
/// let a: NDArray = [[4, 1], [1, 3]]
/// let found = try cg(a.asSparse(.csr), [1, 2], rtol: 1e-12)
/// round(found.solution * 11, decimals: 9)  // [1. 7.]
/// found.info  // 0
/// ```
public func cg(
  _ a: NDArray, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5, atol: Double = 0,
  maxIterations: Int? = nil, preconditioner: LinearOperator? = nil, file: StaticString = #fileID,
  line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  try cg(
    LinearOperator(a, Call("cg", file, line)), b, start: start, rtol: rtol, atol: atol,
    maxIterations: maxIterations, preconditioner: preconditioner, file: file, line: line)
}

/// As `cg` of a matrix, for an operator.
///
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.cg` of a `LinearOperator`.
///
/// ```swift
/// let half = LinearOperator(shape: [2, 2], dtype: .float64) { 0.5 * $0 }
/// try cg(half, [1, 2]).solution  // [2. 4.]
/// ```
public func cg(
  _ a: LinearOperator, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5,
  atol: Double = 0, maxIterations: Int? = nil, preconditioner: LinearOperator? = nil,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  let system = try IterativeSystem(
    a, b, start: start, rtol: rtol, atol: atol, maxIterations: maxIterations,
    preconditioner: preconditioner, Call("cg", file, line))
  if system.isTrivial { return try system.trivial() }
  var x = system.start
  var (r, p) = (system.b - a.multiply(x), system.b)
  var z = system.precondition(r)
  var state: [NDArray] = try compute([r, z, r.inner(z), r.length])
  (r, p) = (state[0], state[1])
  var rho = state[2]
  var residual = try state[3].double
  var iterations = 0
  while residual > system.tolerance, iterations < system.mostIterations {
    let q = a.multiply(p)
    let step = rho / p.inner(q)
    let next = r - step * q
    z = system.precondition(next)
    let nextRho = next.inner(z)
    state = try compute([x + step * p, next, z + nextRho / rho * p, nextRho, next.length])
    iterations += 1
    let norm = try state[4].double
    // A direction without length: the matrix is not definite.
    guard norm.isFinite else { break }
    (x, r, p, rho, residual) = (state[0], state[1], state[2], state[3], norm)
  }
  return try system.found(x, residual, iterations)
}
