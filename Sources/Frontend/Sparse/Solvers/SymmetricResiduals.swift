import WeftIR

/// The solution of a Hermitian system, definite or not, by minimal residuals.
///
/// Stops where the norm of b - A x is at most the greater of `atol` and `rtol` times the norm of b. A singular system
/// whose right-hand side is no product of the matrix ends at the least residual, which is no convergence: where the
/// matrix times the residual is some 10^-8 of their sizes (of float32 10^-4) and grows again.
///
/// - Shape: `[n, n]` or an operator, and `[n]` or `[n, 1]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`, `shape-mismatch`; `value` for tolerances below 0, or a preconditioner that
///   is not positive definite.
/// - NumPy: none; `scipy.sparse.linalg.minres`, whose residuals are those of the preconditioned system; the system
///   is that of A - `shift`; at most 5 n iterations unless given.
/// - Source: Paige and Saunders, SIAM J. Numer. Anal. 12 (1975) 617; the residual by Choi, Paige and Saunders,
///   SIAM J. Sci. Comput. 33 (2011) 1810.
///
/// ```swift
/// let a: NDArray = [[1, 2], [2, 1]]
/// let found = try minres(a.asSparse(.csr), [5, 4], rtol: 1e-12)
/// round(found.solution, decimals: 9)  // [1. 2.]
/// ```
public func minres(
  _ a: NDArray, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5, atol: Double = 0,
  shift: Double = 0, maxIterations: Int? = nil, preconditioner: LinearOperator? = nil,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  try minres(
    LinearOperator(a, Call("minres", file, line)), b, start: start, rtol: rtol, atol: atol,
    shift: shift, maxIterations: maxIterations, preconditioner: preconditioner, file: file,
    line: line)
}

/// As `minres` of a matrix, for an operator.
///
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.minres` of a `LinearOperator`.
///
/// ```swift
/// let turned = LinearOperator(shape: [2, 2], dtype: .float64) { flip($0) }
/// round(try minres(turned, [1, 2]).solution, decimals: 9)  // [2. 1.]
/// ```
public func minres(
  _ a: LinearOperator, _ b: NDArray, start: NDArray? = nil, rtol: Double = 1e-5,
  atol: Double = 0, shift: Double = 0, maxIterations: Int? = nil,
  preconditioner: LinearOperator? = nil, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> IterativeSolution {
  let call = Call("minres", file, line)
  try a.requireSquare(call)
  let system = try IterativeSystem(
    a, b, start: start, rtol: rtol, atol: atol, maxIterations: maxIterations ?? 5 * a.shape[0],
    preconditioner: preconditioner, call)
  if system.isTrivial { return try system.trivial() }
  let (dtype, precondition) = (system.b.dtype, system.precondition)
  let shiftNumber = NDArray.number(shift, dtype.realPart)
  let first = system.b - (a.multiply(system.start) - shiftNumber * system.start)
  let direction = precondition(first)
  let square = real(first.inner(direction))
  let none = zeros(like: system.b)
  // Of the last steps: two residuals of Lanczos' process, the next vector, two directions, the residual; the
  // rotations; what does not change.
  var state: [NDArray] = try compute([
    system.start, none, first, direction, none, none, first,
    SymmetricRotation.start(sqrt(square)), shiftNumber, square, first.length,
  ])
  func requireDefinite(_ square: Double) throws(WeftError) {
    guard square < 0 else { return }
    throw call.error(.value, "the preconditioner is not positive definite")
  }
  try requireDefinite(state[9].double)
  var (x, residual, iterations) = (system.start, try state[10].double, 0)
  /// Of x and the state the next state, the numbers of all iterations, and all x.
  func steps(_ count: Int) -> StepProgram {
    StepProgram("minres", [count], system.products) { (products, state) -> [NDArray] in
      var (x, r1, r2, y) = (state[0], state[1], state[2], state[3])
      var (w1, w2, rest) = (state[4], state[5], state[6])
      var turn = SymmetricRotation(state[7])
      var (solutions, numbers): ([NDArray], [NDArray]) = ([], [])
      for _ in 0..<count {
        let v = y.dividedUnlessZero(byNumber: turn.beta)
        y = products[0](v) - state[8] * v - turn.beta.dividedUnlessZero(by: turn.before) * r1
        let alpha = real(v.inner(y))
        y = y - alpha.dividedUnlessZero(by: turn.beta) * r2
        (r1, r2) = (r2, y)
        y = products.preconditioned(r2)
        let square = real(r2.inner(y))
        let turned = turn.turned(by: alpha, sqrt(square))
        let w = (v - turned.upper * w1 - turned.middle * w2)
          .dividedUnlessZero(byNumber: turned.length)
        (w1, w2) = (w2, w)
        x = x + turned.step * w
        rest =
          turn.sine * turn.sine * rest
          - turn.left * turn.cosine * r2.dividedUnlessZero(byNumber: turn.beta)
        solutions.append(x)
        numbers += [rest.length, alpha, square, turned.root, turned.length].map {
          $0.asType(.float64)
        }
      }
      return [r1, r2, y, w1, w2, rest, turn.numbers, stack(numbers)] + solutions
    }
  }
  var programs = IterationPrograms(most: 4, steps)
  var (size, least) = (0.0, LeastResidual(rounding: dtype.rounding))
  /// The result: of several approximations with residuals as small as they get the one whose own residual is least.
  func ended(_ x: NDArray, _ residual: Double) throws(WeftError) -> IterativeSolution {
    var best = (x: x, residual: residual)
    if !least.approximations.isEmpty { best.residual = try distance(x) }
    for other in least.approximations.map(\.x) {
      let residual = try distance(other)
      if residual <= best.residual { best = (other, residual) }
    }
    return try system.found(best.x, best.residual, iterations)
  }
  func distance(_ x: NDArray) throws(WeftError) -> Double {
    try system.session.computed([(system.b - (a.multiply(x) - shiftNumber * x)).length])[0].double
  }
  while residual > system.tolerance, iterations < system.mostIterations {
    let (step, count) = programs.next(within: system.mostIterations - iterations)
    let results = try step.results([x] + state[1..<9], in: system.session)
    let numbers: [Double] = try results[7].toArray()
    for n in 0..<count {
      let own = Array(numbers[5 * n..<5 * n + 5])
      let (norm, alpha, square, root, length) = (own[0], own[1], own[2], own[3], own[4])
      try requireDefinite(square)
      guard norm.isFinite, square.isFinite else { return try ended(x, residual) }
      size = max(size, abs(alpha), square.squareRoot())
      if least.isReached(at: x, residual, root: root, length: length, of: size) {
        return try ended(x, residual)
      }
      (x, residual, iterations) = (results[8 + n], norm, iterations + 1)
      if residual <= system.tolerance || square.squareRoot() <= dtype.rounding * size {
        return try ended(x, residual)
      }
    }
    state = [x] + results[..<7] + [shiftNumber]
  }
  return try ended(x, residual)
}

/// Notices that the matrix sees nothing of the residual any more, which is the least one then: Lanczos' process finds an
/// eigenvector of 0 later, of which x would get more and more.
private struct LeastResidual {
  let rounding: Double
  /// Approximations at which the matrix saw least of residuals that it saw nearly nothing of: the first such residual,
  /// and the last one that was clearly less.
  private(set) var approximations: [(x: NDArray, residual: Double, root: Double)] = []

  init(rounding: Double) { self.rounding = rounding }

  /// Whether the next step leads nowhere, from an approximation whose residual the matrix sees a part of, `root`: its
  /// norm times A's over its own; x would take its direction over `length`.
  ///
  /// That part falls to about the root of rounding, where the residual has all its digits, and then grows.
  mutating func isReached(
    at x: NDArray, _ residual: Double, root: Double, length: Double, of size: Double
  ) -> Bool {
    let half = rounding.squareRoot()
    if length <= half * half.squareRoot() * size { return true }
    let last = approximations.last
    let isLess = last.map { residual < 0.9 * $0.residual } ?? true
    if let last, !isLess, root > 10 * last.root { return true }
    if root <= 10 * half * size {
      if isLess {
        approximations = approximations.prefix(1) + [(x, residual, root)]
      } else if let last, root < last.root {
        approximations[approximations.count - 1] = (x, residual, root)
      }
    }
    return false
  }
}

/// The numbers of the rotations that make Lanczos' tridiagonal matrix an upper triangle, as arrays of no axes.
private struct SymmetricRotation {
  /// Lengths of the last two vectors of Lanczos' process.
  private(set) var before: NDArray
  private(set) var beta: NDArray
  private var diagonal: NDArray
  private var corner: NDArray
  /// The norm of the residual, of the preconditioned system.
  private(set) var left: NDArray
  private(set) var cosine: NDArray
  private(set) var sine: NDArray

  /// What a rotation makes of a column: the elements above the diagonal and on it, what x takes of the direction,
  /// and how much of the residual the matrix still sees.
  struct Turned {
    let upper: NDArray
    let middle: NDArray
    let length: NDArray
    let step: NDArray
    let root: NDArray
  }

  init(_ numbers: NDArray) {
    (before, beta, diagonal, corner) = (numbers[0], numbers[1], numbers[2], numbers[3])
    (left, cosine, sine) = (numbers[4], numbers[5], numbers[6])
  }

  /// The numbers before the first step from a residual of a length.
  static func start(_ beta: NDArray) -> NDArray {
    let none = zeros(like: beta)
    return stack([none, beta, none, none, beta, none - 1, none])
  }

  var numbers: NDArray { stack([before, beta, diagonal, corner, left, cosine, sine]) }

  /// Takes the next column.
  mutating func turned(by alpha: NDArray, _ next: NDArray) -> Turned {
    let upper = corner
    let middle = cosine * diagonal + sine * alpha
    let bar = sine * diagonal - cosine * alpha
    corner = sine * next
    diagonal = -cosine * next
    let root = sqrt(bar * bar + diagonal * diagonal)
    let length = sqrt(bar * bar + next * next)
    cosine = bar.dividedUnlessZero(by: length)
    sine = next.dividedUnlessZero(by: length)
    let step = cosine * left
    left = sine * left
    (before, beta) = (beta, next)
    return Turned(upper: upper, middle: middle, length: length, step: step, root: root)
  }
}

extension NDArray {
  /// A vector over a number, zero where that is.
  fileprivate func dividedUnlessZero(byNumber divisor: NDArray) -> NDArray {
    ones(like: divisor).dividedUnlessZero(by: divisor) * self
  }
}
