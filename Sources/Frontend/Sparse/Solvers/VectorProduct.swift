import WeftIR

/// A product with vectors: somebody's closure, or one of a form that all arrays of a kind share.
///
/// Programs of steps with products of the second kind take the arrays as arguments, so that one trace serves
/// all matrices of a type, shape and layout.
struct VectorProduct: Sendable {
  /// What tells products apart beside their arrays.
  enum Form: Hashable, Sendable {
    /// The matrix times the vector, asked for at a line.
    case matrix(SourceSite)
    /// The matrix's conjugate transpose times the vector, asked for at a line.
    case adjoint(SourceSite)
    /// The solution with factors.
    case factors(order: Int, DType)
  }

  /// Nil for a closure.
  let form: Form?
  private let operand: NDArray?
  private let body: @Sendable (NDArray?, NDArray) -> NDArray

  /// A closure.
  init(_ body: @escaping @Sendable (NDArray) -> NDArray) {
    form = nil
    operand = nil
    self.body = { _, x in body(x) }
  }

  /// A matrix times vectors.
  init(_ matrix: NDArray, _ site: SourceSite) {
    self.init(.matrix(site), matrix) { matrix, x in matmul(matrix ?? x, x, site: site) }
  }

  /// A matrix's conjugate transpose times vectors. It is not made: executors that want its rows keep them with the matrix.
  init(adjointOf matrix: NDArray, _ site: SourceSite) {
    self.init(.adjoint(site), matrix) { matrix, x in
      let turned = NDArray(Building.permute((matrix ?? x).expr, [1, 0], site: site))
      return matmul(turned, x.conjugated, site: site).conjugated
    }
  }

  /// Solutions with factors.
  init(_ factors: FactoredSystem, _ dtype: DType) {
    let order = factors.order
    self.init(.factors(order: order, dtype), factors.handle) { handle, x in
      FactoredSystem.solution(handle ?? x, x, order: order, dtype, Call("solve", .none))
    }
  }

  private init(
    _ form: Form?, _ operand: NDArray?, _ body: @escaping @Sendable (NDArray?, NDArray) -> NDArray
  ) {
    self.form = form
    self.operand = operand
    self.body = body
  }

  func callAsFunction(_ x: NDArray) -> NDArray { body(operand, x) }

  /// The same product with another array, or with none.
  fileprivate func bound(to operand: NDArray?) -> VectorProduct {
    VectorProduct(form, operand, body)
  }

  fileprivate var arrays: [NDArray] { operand.map { [$0] } ?? [] }
}

/// A program of steps with some products, compiled once.
struct StepProgram {
  /// What tells programs apart whose products have forms.
  private struct Key: Hashable {
    let name: String
    let steps: [Int]
    let forms: [VectorProduct.Form]
  }

  /// The most programs that are kept for whoever asks next.
  private static let most = 256
  private static let shared = Lock<[Key: CompiledFunction<[NDArray], [NDArray]>]>([:])

  private let function: CompiledFunction<[NDArray], [NDArray]>
  private let operands: [NDArray]

  /// The program that is told apart by a name and numbers; `body` makes results from the products and the arguments, and
  /// brings no arrays along.
  init(
    _ name: String, _ steps: [Int], _ products: [VectorProduct],
    _ body: @escaping @Sendable ([VectorProduct], [NDArray]) -> [NDArray]
  ) {
    let forms = products.compactMap(\.form)
    guard forms.count == products.count else {
      function = compile { (arguments: [NDArray]) -> [NDArray] in body(products, arguments) }
      operands = []
      return
    }
    operands = products.flatMap(\.arrays)
    let key = Key(name: name, steps: steps, forms: forms)
    let unbound = products.map { $0.bound(to: nil) }
    function = Self.shared.withLock { shared in
      if let known = shared[key] { return known }
      if shared.count >= Self.most { shared.removeAll() }
      let made = compile { (arguments: [NDArray]) -> [NDArray] in
        let arrays = arguments.suffix(unbound.count)
        return body(
          zip(unbound, arrays).map { $0.bound(to: $1) }, Array(arguments.dropLast(unbound.count)))
      }
      shared[key] = made
      return made
    }
  }

  /// What the program makes of arguments.
  func results(_ arguments: [NDArray], in session: Session) throws(WeftError) -> [NDArray] {
    try session.results(of: function, arguments + operands)
  }
}
