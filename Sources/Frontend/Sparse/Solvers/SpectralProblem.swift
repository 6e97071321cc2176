import WeftExecution
import WeftIR

/// What `eigsh` iterates with: an operator that is self-adjoint in an inner product.
struct SpectralProblem {
  let order: Int
  let dtype: DType
  /// Who computes steps.
  let session: Session
  /// The operator's product with a vector, given that and its product with the metric.
  let multiply: @Sendable (_ x: NDArray, _ weighed: NDArray) -> NDArray
  /// What makes the inner product of a vector; nil for the usual one.
  let metric: (@Sendable (NDArray) -> NDArray)?
  /// The eigenvalue of the problem that one of the operator stands for.
  let value: @Sendable (Double) -> Double

  /// The eigenvalues of a matrix.
  init(_ a: LinearOperator) {
    let product = a.multiply
    self.init(a, metric: nil, value: { $0 }) { x, _ in product(x) }
  }

  /// The eigenvalues l of A x = l M x, by M^-1 A.
  init(_ a: LinearOperator, _ metric: LinearOperator, inverse: LinearOperator) {
    let (product, solve) = (a.multiply, inverse.multiply)
    self.init(a, metric: metric.multiply, value: { $0 }) { x, _ in solve(product(x)) }
  }

  /// The eigenvalues l of A x = l M x near a number, by (A - shift M)^-1 M with eigenvalues 1 / (l - shift).
  ///
  /// - Source: Ericsson and Ruhe, Math. Comp. 35 (1980) 1251.
  init(_ a: LinearOperator, _ metric: LinearOperator?, near shift: Double, inverse: LinearOperator)
  {
    let solve = inverse.multiply
    self.init(a, metric: metric?.multiply, value: { shift + 1 / $0 }) { _, weighed in solve(weighed)
    }
  }

  private init(
    _ a: LinearOperator, metric: (@Sendable (NDArray) -> NDArray)?,
    value: @escaping @Sendable (Double) -> Double,
    multiply: @escaping @Sendable (NDArray, NDArray) -> NDArray
  ) {
    order = a.shape[0]
    dtype = a.dtype
    session = a.session
    self.metric = metric
    self.value = value
    self.multiply = multiply
  }

  /// The metric's product with a vector.
  func weighed(_ x: NDArray) -> NDArray { metric.map { $0(x) } ?? x }

  /// The length of a vector, given its product with the metric.
  func length(_ x: NDArray, _ weighed: NDArray) -> NDArray {
    guard metric != nil else { return x.length }
    let square = real(x.inner(weighed))
    return sqrt(maximum(square, zeros(like: square)))
  }

  /// A vector without its parts along the rows of a matrix, which are orthonormal.
  func orthogonal(_ x: NDArray, to rows: NDArray) -> NDArray {
    x - (rows.conjugated • weighed(x)) • rows
  }
}
