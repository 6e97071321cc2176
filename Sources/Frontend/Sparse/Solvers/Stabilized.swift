import WeftIR

/// The solution of a general system by stabilised biconjugate gradients.
///
/// Stops where the norm of b - A x is at most the greater of `atol` and `rtol` times the norm of b.
///
/// - Shape: `[n, n]` or an operator, and `[n]` or `[n, 1]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`, `shape-mismatch`, `value`.
/// - NumPy: none; `scipy.sparse.linalg.bicgstab`; at most 10 n iterations unless given.
/// - Source: van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992) 631.
///
/// ```swift
/// let a: NDArray = [[4, 1], [2, 3]]
/// let found = try bicgstab(a.asSparse(.csr), [1, 2], rtol: 1e-12)
/// round(found.solution, decimals: 9)  // [0.1 0.6]
/// ```
public func bicgstab(
  _ a: NDArray, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5, atol: Double = 0,
  maxIterations: Int? = nil, preconditioner: LinearOperator? = nil, file: StaticString = #fileID,
  line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  try bicgstab(
    LinearOperator(a, Call("bicgstab", file, line)), b, start: start, rtol: rtol, atol: atol,
    maxIterations: maxIterations, preconditioner: preconditioner, file: file, line: line)
}

/// As `bicgstab` of a matrix, for an operator.
///
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.bicgstab` of a `LinearOperator`.
///
/// ```swift
/// let half = LinearOperator(shape: [2, 2], dtype: .float64) { 0.5 * $0 }
/// try bicgstab(half, [1, 2]).solution  // [2. 4.]
/// ```
public func bicgstab(
  _ a: LinearOperator, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5,
  atol: Double = 0, maxIterations: Int? = nil, preconditioner: LinearOperator? = nil,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  let system = try IterativeSystem(
    a, b, start: start, rtol: rtol, atol: atol, maxIterations: maxIterations,
    preconditioner: preconditioner, Call("bicgstab", file, line))
  if system.isTrivial { return try system.trivial() }
  var x = system.start
  var state: [NDArray] = try compute([system.b - a.multiply(x)])
  var r = state[0]
  let shadow = r
  state = try compute([r.length, shadow.inner(r)])
  var residual = try state[0].double
  var rho = state[1]
  var p = r
  var iterations = 0
  while residual > system.tolerance, iterations < system.mostIterations {
    let direction = system.precondition(p)
    let v = a.multiply(direction)
    let alpha = rho / shadow.inner(v)
    let half = r - alpha * v
    let correction = system.precondition(half)
    let t = a.multiply(correction)
    let omega = t.inner(half) / t.inner(t)
    let middle = x + alpha * direction
    let next = half - omega * t
    let nextRho = shadow.inner(next)
    let nextDirection = next + nextRho / rho * (alpha / omega) * (p - omega * v)
    state = try compute([
      middle, half.length, middle + omega * correction, next, next.length, nextRho, nextDirection,
    ])
    iterations += 1
    let (halfNorm, norm) = (try state[1].double, try state[4].double)
    if halfNorm <= system.tolerance {
      return try system.found(state[0], halfNorm, iterations)
    }
    guard norm.isFinite else { break }
    (x, r, residual, rho, p) = (state[2], state[3], norm, state[5], state[6])
    // Orthogonal to the shadow: no next direction.
    guard try abs(rho).double > 0 else { break }
  }
  return try system.found(x, residual, iterations)
}
