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
  let first = system.b - a.multiply(system.start)
  let direction = system.precondition(first)
  var state: [NDArray] = try compute([
    system.start, first, direction, first.inner(direction), first.length,
  ])
  var (x, residual, iterations) = (system.start, try state[4].double, 0)
  /// Of x, residual, direction and the product of residuals: the next three, the norms and curvatures of all
  /// iterations, and all x.
  func steps(_ count: Int) -> StepProgram {
    StepProgram("cg", [count], system.products) { (products, state) -> [NDArray] in
      var (x, r, p, rho) = (state[0], state[1], state[2], state[3])
      var (solutions, numbers): ([NDArray], [NDArray]) = ([], [])
      for _ in 0..<count {
        let q = products[0](p)
        let curvature = p.inner(q)
        let step = rho.dividedUnlessZero(by: curvature)
        x = x + step * p
        r = r - step * q
        let z = products.preconditioned(r)
        let next = r.inner(z)
        p = z + next.dividedUnlessZero(by: rho) * p
        rho = next
        solutions.append(x)
        numbers += [r.length, abs(curvature)].map { $0.asType(.float64) }
      }
      return [r, p, rho, stack(numbers)] + solutions
    }
  }
  var programs = IterationPrograms(most: 4, steps)
  while residual > system.tolerance, iterations < system.mostIterations {
    let (step, count) = programs.next(within: system.mostIterations - iterations)
    let results = try step.results([x] + state[1..<4], in: system.session)
    let numbers: [Double] = try results[3].toArray()
    for n in 0..<count {
      // A direction without length: the matrix is not definite.
      guard numbers[2 * n].isFinite, numbers[2 * n + 1] > 0 else {
        return try system.found(x, residual, iterations)
      }
      (x, residual, iterations) = (results[4 + n], numbers[2 * n], iterations + 1)
      if residual <= system.tolerance { break }
    }
    state = [x] + results[..<3]
  }
  return try system.found(x, residual, iterations)
}
