import WeftExecution
import WeftIR

/// What an iterative solver found.
public struct IterativeSolution: Sendable {
  /// The last approximation.
  public let solution: NDArray
  /// Whether its residual is within the tolerance.
  public let isConverged: Bool
  /// Products with the matrix, of GMRES the inner steps.
  public let iterations: Int
  /// The norm of b - A x, as the iteration knows it.
  public let residual: Double

  /// SciPy's word for the outcome: 0, or the number of iterations after which there was no result.
  public var info: Int { isConverged ? 0 : max(1, iterations) }
}

/// A system A x = b with a start, tolerances and what multiplies residuals.
struct IterativeSystem {
  let matrix: LinearOperator
  /// Who computes iterations.
  let session: Session
  let b: NDArray
  let start: NDArray
  /// The norm of residuals at which a solution is good.
  let tolerance: Double
  let mostIterations: Int
  let precondition: @Sendable (NDArray) -> NDArray
  /// The matrix's product, then the preconditioner's if there is one.
  let products: [VectorProduct]
  /// Whether b is zero, and so the solution.
  let isTrivial: Bool
  private let shape: [Int]

  init(
    _ matrix: LinearOperator, _ b: NDArray, start: NDArray?, rtol: Double, atol: Double,
    maxIterations: Int?, preconditioner: LinearOperator?, _ call: Call
  ) throws(WeftError) {
    try matrix.requireSquare(call)
    if let error = b.expr.error { throw error }
    let order = matrix.shape[0]
    guard b.shape == [order] || b.shape == [order, 1] else {
      throw call.error(
        .shapeMismatch,
        "the right-hand side is \(b.expr.type), the matrix has shape \(matrix.shape)")
    }
    guard rtol >= 0, atol >= 0 else {
      throw call.error(.value, "the tolerances are \(rtol) and \(atol), expected none below 0")
    }
    let dtype = DType.promoted([matrix.dtype, b.dtype.isInexact ? b.dtype : .float64]) ?? .float64
    func vector(_ x: NDArray) -> NDArray {
      x.strong.converted(to: dtype, site: call.site).reshaped([order])
    }
    shape = b.shape.map { $0 ?? 0 }
    let side = vector(b)
    let results: [NDArray] = try compute([side, side.length])
    self.b = results[0]
    if let start {
      guard start.shape == [order] || start.shape == [order, 1] else {
        throw call.error(
          .shapeMismatch, "the start is \(start.expr.type), expected \(order) elements")
      }
      self.start = try vector(start).compute()
    } else {
      self.start = try zeros([order], dtype: dtype).compute()
    }
    let norm = try results[1].double
    isTrivial = norm == 0
    tolerance = max(atol, rtol * norm)
    mostIterations = maxIterations ?? 10 * order
    self.matrix = matrix
    session = matrix.session
    let identity: @Sendable (NDArray) -> NDArray = { $0 }
    precondition = preconditioner.map(\.multiply) ?? identity
    products = [matrix.product] + (preconditioner.map { [$0.product] } ?? [])
  }

  /// The result with the right-hand side's shape.
  func found(_ x: NDArray, _ residual: Double, _ iterations: Int) throws(WeftError)
    -> IterativeSolution
  {
    IterativeSolution(
      solution: try x.reshaped(shape).compute(), isConverged: residual <= tolerance,
      iterations: iterations, residual: residual)
  }

  /// Zero solves a system whose right-hand side is zero.
  func trivial() throws(WeftError) -> IterativeSolution {
    try found(zeros(like: b), 0, 0)
  }
}

/// Compiled functions of some iterations each, so that one result is read for all of them.
struct IterationPrograms {
  private let most: Int
  private let make: (Int) -> StepProgram
  private var made: [Int: StepProgram] = [:]

  init(most: Int, _ make: @escaping (Int) -> StepProgram) {
    self.most = most
    self.make = make
  }

  /// The program of the next iterations, and how many they are.
  mutating func next(within left: Int) -> (program: StepProgram, count: Int) {
    let count = min(most, left)
    let program = made[count] ?? make(count)
    made[count] = program
    return (program, count)
  }
}

extension [VectorProduct] {
  /// What a system's preconditioner makes of a vector.
  func preconditioned(_ x: NDArray) -> NDArray { count > 1 ? self[1](x) : x }
}

extension NDArray {
  /// A number that is computed as part of a step.
  var double: Double {
    get throws(WeftError) { try asType(.float64).item(Double.self) }
  }

  /// A number as an array without axes.
  static func number(_ value: Double, _ dtype: DType) -> NDArray {
    NDArray(Building.constant(Scalar(value, dtype), site: .none))
  }
}
