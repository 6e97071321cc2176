import WeftExecution
import WeftIR
import WeftPasses

/// A matrix as solvers see it: its shape, and its product with a vector.
///
/// ```swift
/// let second = LinearOperator(shape: [4, 4], dtype: .float64) { x in
///   2 * x - pad(x[..<3], [(before: 1, after: 0)]) - pad(x[1...], [(before: 0, after: 1)])
/// }
/// let found = try cg(second, ones([4]), rtol: 1e-12)
/// round(found.solution, decimals: 9)  // [2. 3. 3. 2.]
/// ```
public struct LinearOperator: Sendable {
  /// Rows and columns.
  public let shape: [Int]
  /// The dtype of products.
  public let dtype: DType
  /// The product with a vector.
  public let multiply: @Sendable (NDArray) -> NDArray
  /// The product of the conjugate transpose with a vector; nil where nobody gave it.
  public let multiplyAdjoint: (@Sendable (NDArray) -> NDArray)?
  /// The products as programs of steps take them.
  private(set) var product: VectorProduct
  private(set) var adjointProduct: VectorProduct?
  /// Whether products are those of one matrix, in which no search finds cheaper ones.
  private(set) var isMatrix = false
  /// The matrix, where it is one.
  private(set) var matrix: NDArray?

  /// An operator from its products with vectors.
  public init(
    shape: [Int], dtype: DType, adjoint: (@Sendable (NDArray) -> NDArray)? = nil,
    multiply: @escaping @Sendable (NDArray) -> NDArray
  ) {
    self.shape = shape
    self.dtype = dtype
    self.multiply = multiply
    multiplyAdjoint = adjoint
    product = VectorProduct(multiply)
    adjointProduct = adjoint.map { VectorProduct($0) }
  }

  /// A matrix, dense or sparse; integers convert to float64. It is computed first.
  ///
  /// - Throws: as `compute()` of the matrix; `shape-mismatch` for what is no matrix.
  public init(_ a: NDArray) throws(WeftError) {
    try self.init(a, Call("matrix", .none))
  }

  /// A matrix.
  init(_ a: NDArray, _ call: Call) throws(WeftError) {
    if let error = a.expr.error { throw error }
    guard a.rank == 2 else { throw call.error(.shapeMismatch, "\(a.expr.type) is no matrix") }
    let dtype = a.dtype.isInexact ? a.dtype : .float64
    let matrix = try a.strong.converted(to: dtype, site: call.site).compute()
    self.init(
      matrix.shape.map { $0 ?? 0 }, dtype, VectorProduct(matrix, call.site),
      adjoint: VectorProduct(adjointOf: matrix, call.site))
    self.matrix = matrix
  }

  /// A matrix by its products.
  private init(_ shape: [Int], _ dtype: DType, _ product: VectorProduct, adjoint: VectorProduct?) {
    self.shape = shape
    self.dtype = dtype
    self.product = product
    adjointProduct = adjoint
    multiply = { product($0) }
    if let adjoint { multiplyAdjoint = { adjoint($0) } } else { multiplyAdjoint = nil }
    isMatrix = true
  }

  /// The conjugate transpose; nil where nobody gave its product.
  var adjoint: LinearOperator? {
    guard let adjointProduct else { return nil }
    var turned = LinearOperator(shape.reversed(), dtype, adjointProduct, adjoint: product)
    turned.isMatrix = isMatrix
    return turned
  }

  /// The inverse of a matrix by its factors.
  init(solvingWith factors: FactoredSystem, _ dtype: DType) {
    self.init(
      [factors.order, factors.order], dtype, VectorProduct(factors, dtype), adjoint: nil)
  }

  /// Who computes steps: of a matrix without the search for cheaper products, which would take longer than
  /// they, and without looks at vectors.
  var session: Session {
    var session = Session.current
    if isMatrix { session.disabledPasses.insert(Pass.contractions.name) }
    session.looksAtData = false
    return session
  }

  /// Throws unless rows and columns are as many.
  func requireSquare(_ call: Call) throws(WeftError) {
    guard shape.count == 2, shape[0] == shape[1] else {
      throw call.error(.notSquare, "the matrix has shape \(shape)")
    }
  }
}

extension Session {
  /// Arrays computed together.
  func computed(_ arrays: [NDArray]) throws(WeftError) -> [NDArray] {
    try with { Result { () throws(WeftError) in try compute(arrays) } }.get()
  }

  /// What a compiled function makes of arrays.
  func results(
    of step: CompiledFunction<[NDArray], [NDArray]>, _ arrays: [NDArray]
  ) throws(WeftError) -> [NDArray] {
    try with { Result { () throws(WeftError) in try step(arrays) } }.get()
  }
}

extension NDArray {
  /// The quotient of two numbers, zero where the divisor is.
  func dividedUnlessZero(by divisor: NDArray) -> NDArray {
    let isZero = divisor .== 0
    return which(isZero, zeros(like: self), self / which(isZero, ones(like: divisor), divisor))
  }

  /// A vector of a length made one of length 1; one of no length stays.
  func scaledToLength(_ length: NDArray) -> NDArray {
    self / maximum(length, NDArray.number(length.dtype == .float32 ? 1e-37 : 1e-300, length.dtype))
  }

  /// The sum of conj(self) times another vector.
  func inner(_ other: NDArray) -> NDArray { (conjugated * other).sum() }

  /// The Euclidean length of a vector, real.
  var length: NDArray {
    dtype.isComplex
      ? sqrt((real(self) * real(self) + imag(self) * imag(self)).sum()) : sqrt((self * self).sum())
  }

  var conjugated: NDArray { dtype.isComplex ? conj(self) : self }
}
