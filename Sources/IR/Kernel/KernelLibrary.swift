/// The scalar functions and conversions written in primitives, by name and dtype.
///
/// A body gives the reference's meaning bit for bit, but for the last places of the functions that
/// the reference takes from the C library, and for the payload of NaN.
public enum KernelLibrary {
  /// What writes a body over its operands, which have the function's operand dtype; nil for dtypes
  /// that it does not have.
  typealias Body = @Sendable ([KernelTerm]) -> KernelTerm?

  /// The body of a function for operands of a dtype (`select` takes that of its values), or nil
  /// where kernels do not have it.
  ///
  /// Half floats and complex have none: who lowers to kernels converts half floats to float32.
  public static func function(_ f: ScalarFunction, _ dtype: DType) -> KernelFunction? {
    if !computes(dtype) || f.operandDType(for: dtype) != dtype { return nil }
    return cached(Key(name: f.name, from: dtype, to: dtype)) {
      guard let body = bodies[f] else { return nil }
      let first = f == .select ? DType.bool : dtype
      let operands = (0..<f.arity).map { $0 == 0 ? first : dtype }
      return KernelFunction(operands, result: f.resultDType(for: dtype), body)
    }
  }

  /// The body of NumPy's `astype`, or nil where either dtype is complex.
  ///
  /// Floats out of an integer's range give what x86-64 gives, as `Scalar.converted(to:)` says.
  public static func conversion(from: DType, to: DType) -> KernelFunction? {
    if from.isComplex || to.isComplex { return nil }
    return cached(Key(name: "", from: from, to: to)) {
      KernelFunction([from], result: to) { $0[0].astype(to) }
    }
  }

  /// Whether kernels compute in a dtype, rather than store it only.
  static func computes(_ dtype: DType) -> Bool {
    !dtype.isComplex && dtype != .float16 && dtype != .bfloat16
  }

  /// The functions that are approximated, by family: what renderers of libraries write.
  public static var elementary: [(family: String, functions: [ScalarFunction])] {
    families.map { family, bodies in (family, bodies.keys.sorted { $0.name < $1.name }) }
  }

  private static let families: [(String, [ScalarFunction: Body])] = [
    ("Exponentials", exponentials), ("Logarithms", logarithms),
    ("ExponentialSums", exponentialSums), ("Powers", powers),
    ("Roots", roots), ("ErrorFunction", errorFunction), ("Trigonometric", trigonometric),
    ("InverseTrigonometric", inverseTrigonometric), ("Hyperbolic", hyperbolic),
    ("InverseHyperbolic", inverseHyperbolic),
  ]

  private static let bodies =
    ([
      arithmetic, extremes, roundedDivision, divisors, comparison, logic, classification, bits,
      rounding,
      floatParts,
    ] + families.map(\.1)).reduce(into: [ScalarFunction: Body]()) { $0.merge($1) { $1 } }

  // MARK: - Cache

  /// A function's name, or none for a conversion, and its dtypes.
  private struct Key: Hashable {
    var name: String
    var from: DType
    var to: DType
  }

  /// A body that was built, or that there is none.
  private static let built = Lock<[Key: KernelFunction?]>([:])

  private static func cached(_ key: Key, _ build: () -> KernelFunction?) -> KernelFunction? {
    if let found = built.withLock({ $0[key] }) { return found }
    let function = build()
    built.withLock { $0[key] = .some(function) }
    return function
  }
}

extension KernelFunction {
  /// A function of operands of dtypes, or nil where the body gives none.
  init?(_ dtypes: [DType], result: DType, _ body: KernelLibrary.Body) {
    let builder = KernelBuilder()
    parameters = dtypes.map { builder.local($0) }
    guard let value = body(parameters.map { builder.term(.local($0)) }) else { return nil }
    precondition(value.dtype == result, "a body's result has dtype \(value.dtype), not \(result)")
    self.body = builder.statements
    self.result = value.operand
  }
}

extension KernelTerm {
  /// A bool's other value.
  static prefix func ! (a: Self) -> Self { a ^ a.builder.constant(Scalar(true)) }
  /// A constant of another dtype.
  func constant(_ value: Int, _ dtype: DType) -> KernelTerm {
    builder.constant(Scalar(Int64(value), dtype))
  }
  /// A constant float whose value a literal writes exactly, infinities and NaN included.
  func float(_ value: Double) -> KernelTerm { builder.constant(Scalar(value, dtype)) }
}
