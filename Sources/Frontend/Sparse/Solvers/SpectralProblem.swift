import WeftExecution
import WeftIR

/// What `eigsh` iterates with: an operator that is self-adjoint in an inner product.
struct SpectralProblem {
  let order: Int
  let dtype: DType
  /// Who computes steps.
  let session: Session
  /// The operator's products with vectors.
  let form: SpectralForm
  /// The eigenvalue of the problem that one of the operator stands for.
  let value: @Sendable (Double) -> Double

  /// The eigenvalues of a matrix.
  init(_ a: LinearOperator) {
    self.init(a, SpectralForm(kind: .products, products: [a.product])) { $0 }
  }

  /// The eigenvalues l of A x = l M x, by M^-1 A.
  init(_ a: LinearOperator, _ metric: LinearOperator, inverse: LinearOperator) {
    let products = [a.product, inverse.product, metric.product]
    self.init(a, SpectralForm(kind: .quotients, products: products)) { $0 }
  }

  /// The eigenvalues l of A x = l M x near a number, by (A - shift M)^-1 M with eigenvalues 1 / (l - shift).
  ///
  /// - Source: Ericsson and Ruhe, Math. Comp. 35 (1980) 1251.
  init(_ a: LinearOperator, _ metric: LinearOperator?, near shift: Double, inverse: LinearOperator)
  {
    let products = [inverse.product] + (metric.map { [$0.product] } ?? [])
    let kind: SpectralForm.Kind = metric == nil ? .products : .weighedProducts
    self.init(a, SpectralForm(kind: kind, products: products)) { shift + 1 / $0 }
  }

  private init(
    _ a: LinearOperator, _ form: SpectralForm, value: @escaping @Sendable (Double) -> Double
  ) {
    order = a.shape[0]
    dtype = a.dtype
    session = a.session
    self.form = form
    self.value = value
  }
}

/// Products of an operator that is self-adjoint in an inner product.
struct SpectralForm {
  enum Kind: Int {
    /// A product with the vector.
    case products
    /// A product with what the metric makes of the vector.
    case weighedProducts
    /// A product with the vector, and a solution with the metric.
    case quotients
  }

  let kind: Kind
  /// The operator's, then the metric's if there is one.
  let products: [VectorProduct]

  /// What makes the inner product of a vector; nil for the usual one.
  var metric: VectorProduct? { kind == .products ? nil : products.last }

  /// The operator's product with a vector, given that and its product with the metric.
  func multiply(_ x: NDArray, _ weighed: NDArray) -> NDArray {
    switch kind {
    case .products: products[0](x)
    case .weighedProducts: products[0](weighed)
    case .quotients: products[1](products[0](x))
    }
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
