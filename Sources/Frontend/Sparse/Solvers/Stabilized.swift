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
  var state: [NDArray] = try compute([system.b - a.multiply(system.start)])
  let shadow = state[0]
  state = [system.start, shadow, shadow] + (try compute([shadow.inner(shadow), shadow.length]))
  var (x, residual, iterations) = (system.start, try state[4].double, 0)
  /// Of x, residual, direction, its product with the shadow, and that: the next three; the numbers of all iterations
  /// (norms half-way and at the end, length of rho), and all x, directions and their factors.
  func steps(_ count: Int) -> StepProgram {
    StepProgram("bicgstab", [count], system.products) { (products, state) -> [NDArray] in
      var (x, r, p, rho) = (state[0], state[1], state[2], state[3])
      let shadow = state[4]
      var (numbers, iterates): ([NDArray], [NDArray]) = ([], [])
      for _ in 0..<count {
        let direction = products.preconditioned(p)
        let v = products[0](direction)
        let alpha = rho.dividedUnlessZero(by: shadow.inner(v))
        let half = r - alpha * v
        let correction = products.preconditioned(half)
        let t = products[0](correction)
        let omega = t.inner(half).dividedUnlessZero(by: t.inner(t))
        iterates += [p, alpha]
        x = x + alpha * direction + omega * correction
        r = half - omega * t
        let next = shadow.inner(r)
        let factor = (next * alpha).dividedUnlessZero(by: rho * omega)
        p = r + factor * (p - omega * v)
        rho = next
        iterates.append(x)
        numbers += [half.length, r.length, abs(rho)].map { $0.asType(.float64) }
      }
      return [r, p, rho, stack(numbers)] + iterates
    }
  }
  var programs = IterationPrograms(most: 2, steps)
  while residual > system.tolerance, iterations < system.mostIterations {
    let (step, count) = programs.next(within: system.mostIterations - iterations)
    let results = try step.results([x] + state[1..<4] + [shadow], in: system.session)
    let numbers: [Double] = try results[3].toArray()
    for n in 0..<count {
      let (half, norm) = (numbers[3 * n], numbers[3 * n + 1])
      iterations += 1
      if half <= system.tolerance {
        let (direction, alpha) = (results[4 + 3 * n], results[5 + 3 * n])
        return try system.found(x + alpha * system.precondition(direction), half, iterations)
      }
      guard norm.isFinite else { return try system.found(x, residual, iterations) }
      (x, residual) = (results[6 + 3 * n], norm)
      // Orthogonal to the shadow: no next direction.
      if residual <= system.tolerance || !(numbers[3 * n + 2] > 0) {
        return try system.found(x, residual, iterations)
      }
    }
    state = [x] + results[..<3]
  }
  return try system.found(x, residual, iterations)
}
