/// The norms that `lsqr` knows of its iteration, and when it stops.
///
/// - Source: Paige and Saunders, ACM Trans. Math. Softw. 8 (1982) 43, sections 5 and 6.
struct LeastSquaresProgress {
  let mostIterations: Int
  private let side: Double
  private let damping: Double
  private let tolerances: (atol: Double, btol: Double, rounding: Double)
  private let conditionLimit: Double
  private(set) var iterations = 0
  private(set) var normalResidual: Double
  private var bar: Double
  private var left: Double
  private var dampedResidual: Double
  private var residual: Double
  private var matrixNorm = 0.0
  private var condition = 0.0
  private var solutionNorm = 0.0
  /// The squares of directions over diagonal elements, of the residual's part that damping makes, and of x.
  private var (inverses, damped, squares) = (0.0, 0.0, 0.0)
  /// The rotation that makes the triangle a lower one, and the solution's last coordinate there.
  private var (cosine, sine, last) = (-1.0, 0.0, 0.0)

  init(
    alpha: Double, beta: Double, side: Double, damping: Double,
    tolerances: (atol: Double, btol: Double, rounding: Double), conditionLimit: Double,
    maxIterations: Int
  ) {
    (bar, left, normalResidual) = (alpha, beta, alpha * beta)
    (residual, dampedResidual) = (beta, beta)
    (self.tolerances, self.damping) = (tolerances, damping)
    // Of a right-hand side of zeros, which a start is far from, the first residual tells the size.
    self.side = side > 0 ? side : beta
    self.conditionLimit = conditionLimit
    mostIterations = maxIterations
  }

  /// Takes an iteration's lengths: of the next vectors of either side, and of the direction that x went.
  mutating func step(alpha: Double, beta: Double, direction: Double) -> LeastSquaresStop? {
    iterations += 1
    let previous = iterations == 1 ? bar : diagonal
    matrixNorm =
      (matrixNorm * matrixNorm + previous * previous + beta * beta + damping * damping)
      .squareRoot()
    diagonal = alpha
    let turned = (bar * bar + damping * damping).squareRoot()
    let lost = turned == 0 ? 0 : damping / turned * left
    left = turned == 0 ? left : bar / turned * left
    let rho = (turned * turned + beta * beta).squareRoot()
    let (c, s) = rho == 0 ? (1, 0) : (turned / rho, beta / rho)
    let (theta, phi) = (s * alpha, c * left)
    (bar, left) = (-c * alpha, s * left)
    let tau = s * phi
    inverses += rho == 0 ? 0 : direction * direction / (rho * rho)
    // The norm of x from the triangle made a lower one.
    let (delta, gammaBar) = (sine * rho, -cosine * rho)
    let rest = phi - delta * last
    let barred = gammaBar == 0 ? 0 : rest / gammaBar
    solutionNorm = (squares + barred * barred).squareRoot()
    let gamma = (gammaBar * gammaBar + theta * theta).squareRoot()
    if gamma > 0 { (cosine, sine, last) = (gammaBar / gamma, theta / gamma, rest / gamma) }
    squares += last * last
    condition = matrixNorm * inverses.squareRoot()
    damped += lost * lost
    dampedResidual = (left * left + damped).squareRoot()
    normalResidual = alpha * abs(tau)
    let square = dampedResidual * dampedResidual - damping * damping * squares
    residual = abs(square).squareRoot()
    return stop
  }

  /// The last length of a vector of the right side.
  private var diagonal = 0.0

  private var stop: LeastSquaresStop? {
    let (atol, btol, rounding) = tolerances
    let sized = matrixNorm * solutionNorm / side
    let solved = dampedResidual / side
    let least = normalResidual / (matrixNorm * dampedResidual + .ulpOfOne)
    let ill = 1 / (condition + .ulpOfOne)
    if solved <= btol + atol * sized { return .solved }
    if least <= atol { return .least }
    if conditionLimit > 0, ill <= 1 / conditionLimit { return .ill }
    if solved / (1 + sized) <= rounding / 2 { return .solvedToRounding }
    if least <= rounding / 2 { return .leastToRounding }
    if ill <= rounding / 2 { return .illToRounding }
    return iterations >= mostIterations ? .iterations : nil
  }

  /// What was found, where it stopped.
  func solution(_ x: NDArray, _ stop: LeastSquaresStop) -> LeastSquaresSolution {
    LeastSquaresSolution(
      solution: x, stop: stop, iterations: iterations, residual: residual,
      dampedResidual: dampedResidual, normalResidual: normalResidual, matrixNorm: matrixNorm,
      condition: condition, solutionNorm: solutionNorm)
  }
}
