/// A function of single elements: a row of the table that declares everything known of it.
///
/// Another package adds a function by making a value. Two functions are equal when their names are.
///
/// ```swift
/// import Weft
/// import WeftIR
///
/// let half = ScalarFunction("half", arity: 1, domain: .float) { x, _, _ in
///   Scalar(x.doubleValue / 2, x.dtype)
/// }
/// NDArray.apply(half, [1, 2, 3], site: .none)  // [0.5 1.  1.5]
/// ```
public final class ScalarFunction: Sendable {
  /// The meaning: the result for one element of each operand; operands past the arity are ignored.
  public typealias Meaning = @Sendable (Scalar, Scalar, Scalar) -> Scalar

  /// The standard's name where it has the function, else NumPy's.
  public let name: String
  /// The number of operands, 1 to 3.
  public let arity: Int
  /// Which dtype operands are brought to, as NumPy's loops say.
  public let domain: Domain
  /// The dtype of the result from that of the operands.
  public let result: Result
  /// What the compiler may do with it.
  public let algebra: Algebra
  /// The result for one element of each operand, in the operands' dtype.
  public let evaluate: Meaning
  /// A word of the name, for structures of expressions.
  let word: UInt32

  /// A function from its declaration.
  public init(
    _ name: String, arity: Int, domain: Domain, result: Result = .same, algebra: Algebra = [],
    identity: Int? = nil, annihilator: Int? = nil, evaluate: @escaping Meaning
  ) {
    self.name = name
    self.arity = arity
    self.domain = domain
    self.result = result
    self.algebra = algebra
    self.identity = identity
    self.annihilator = annihilator
    self.evaluate = evaluate
    word = name.utf8.reduce(1) { $0.mixed(with: UInt32($1)) }
  }

  /// The element that changes nothing, as an integer that converts to any dtype.
  public let identity: Int?
  /// The element that decides the result whatever the finite other operand is.
  public let annihilator: Int?

  /// What the compiler may assume.
  public struct Algebra: OptionSet, Sendable {
    /// One bit for each assumption.
    public let rawValue: Int
    /// A set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// f(a, b) = f(b, a), bit for bit but for the payload of NaN.
    public static let commutative = Algebra(rawValue: 1)
    /// May fold in any grouping (up to rounding for floats): reductions and scans take it.
    public static let associative = Algebra(rawValue: 2)
    /// f(0) = 0, or f(0, 0) = 0: keeps what is not stored.
    public static let preservesZero = Algebra(rawValue: 4)
    /// f(a, a) = a.
    public static let idempotent = Algebra(rawValue: 8)
    /// f(f(a)) = a.
    public static let involution = Algebra(rawValue: 16)
    /// f(0, a) = 0 unless a is zero or not finite.
    public static let zeroFirst = Algebra(rawValue: 32)
  }

  /// The dtypes a function computes in; operands outside convert first.
  public enum Domain: Sendable {
    /// Every dtype.
    case any
    /// Every dtype but bool, which is an error.
    case numeric
    /// Every dtype but bool, which converts to int8.
    case numericFromBool
    /// Real dtypes but bool, which converts to int8; complex is an error.
    case realFromBool
    /// Every real dtype; complex is an error.
    case real
    /// Real and complex floats; integers convert by width, as for `sin`.
    case inexact
    /// Real floats; integers convert by width; complex is an error.
    case float
    /// Real and complex floats; integers convert to float64, as for `divide`.
    case quotient
    /// Integers and bool.
    case integral
    /// Integers; bool converts to int8.
    case integerFromBool
    /// Integers; bool is an error.
    case integer
  }

  /// How the dtype of the result follows from that of the operands.
  public enum Result: Sendable {
    /// That of the operands.
    case same
    /// bool.
    case bool
    /// The real part's dtype.
    case realPart
    /// uint8.
    case uint8
    /// The complex dtype of two real parts.
    case complex
  }
}

extension ScalarFunction: Hashable {
  /// Whether both have one name.
  public static func == (a: ScalarFunction, b: ScalarFunction) -> Bool {
    a === b || a.name == b.name
  }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ScalarFunction {
  /// The dtype that operands of a promoted dtype convert to, or nil when the function has none.
  public func operandDType(for dtype: DType) -> DType? {
    switch domain {
    case .any: dtype
    case .numeric: dtype == .bool ? nil : dtype
    case .numericFromBool: dtype == .bool ? .int8 : dtype
    case .realFromBool: dtype.isComplex ? nil : dtype == .bool ? .int8 : dtype
    case .real: dtype.isComplex ? nil : dtype
    case .inexact: dtype.floatCounterpart
    case .float: dtype.isComplex ? nil : dtype.floatCounterpart
    case .quotient: dtype.isInexact ? dtype : .float64
    case .integral: dtype.isInexact ? nil : dtype
    case .integerFromBool: dtype.isInexact ? nil : dtype == .bool ? .int8 : dtype
    case .integer: dtype.isInteger ? dtype : nil
    }
  }

  /// The dtype of the result for operands of a dtype.
  public func resultDType(for dtype: DType) -> DType {
    switch result {
    case .same: dtype
    case .bool: .bool
    case .realPart: dtype.realPart
    case .uint8: .uint8
    case .complex: dtype.complexCounterpart
    }
  }

  /// Whether f(a, b) = f(b, a).
  public var isCommutative: Bool { algebra.contains(.commutative) }
  /// Whether computing it again costs less than keeping its result: it evaluates no polynomial.
  public var isCheap: Bool {
    switch domain {
    case .inexact, .float: self == .sqrt || self == .floor || self == .ceil || self == .trunc
    default: self != .pow
    }
  }
  /// Whether reductions and scans may use it.
  public var isAssociative: Bool { algebra.contains(.associative) }
}

// MARK: - Meanings

extension ScalarFunction {
  /// A meaning from one formula per kind of dtype; integers wrap, floats round to the dtype.
  static func meaning(
    bool: (@Sendable (Bool, Bool) -> Bool)? = nil,
    signed: (@Sendable (Int64, Int64) -> Int64)? = nil,
    unsigned: (@Sendable (UInt64, UInt64) -> UInt64)? = nil,
    real: (@Sendable (Double, Double) -> Double)? = nil,
    complex: (@Sendable (ComplexValue, ComplexValue) -> ComplexValue)? = nil
  ) -> Meaning {
    { a, b, _ in
      switch a.dtype.kind {
      case .bool:
        if let bool { return Scalar(bool(a.boolValue, b.boolValue)) }
      case .signed:
        if let signed { return Scalar(signed(a.intValue, b.intValue), a.dtype) }
      case .unsigned:
        if let unsigned { return Scalar(unsigned(a.uintValue, b.uintValue), a.dtype) }
      case .float:
        if let real { return Scalar(real(a.doubleValue, b.doubleValue), a.dtype) }
      case .complex:
        if let complex { return complex(ComplexValue(a), ComplexValue(b)).scalar }
      }
      return a
    }
  }

  /// A meaning with a truth value as result.
  static func predicate(
    bool: (@Sendable (Bool, Bool) -> Bool)? = nil,
    signed: (@Sendable (Int64, Int64) -> Bool)? = nil,
    unsigned: (@Sendable (UInt64, UInt64) -> Bool)? = nil,
    real: (@Sendable (Double, Double) -> Bool)? = nil,
    complex: (@Sendable (ComplexValue, ComplexValue) -> Bool)? = nil
  ) -> Meaning {
    { a, b, _ in
      switch a.dtype.kind {
      case .bool:
        if let bool { return Scalar(bool(a.boolValue, b.boolValue)) }
      case .signed:
        if let signed { return Scalar(signed(a.intValue, b.intValue)) }
      case .unsigned:
        if let unsigned { return Scalar(unsigned(a.uintValue, b.uintValue)) }
      case .float:
        if let real { return Scalar(real(a.doubleValue, b.doubleValue)) }
      case .complex:
        if let complex { return Scalar(complex(ComplexValue(a), ComplexValue(b))) }
      }
      return Scalar(false)
    }
  }

  /// A function of one real or complex float.
  static func analytic(
    _ name: String, algebra: Algebra = [], real: @escaping @Sendable (Double) -> Double,
    complex: @escaping @Sendable (ComplexValue) -> ComplexValue
  ) -> ScalarFunction {
    ScalarFunction(
      name, arity: 1, domain: .inexact, algebra: algebra,
      evaluate: meaning(real: { a, _ in real(a) }, complex: { a, _ in complex(a) }))
  }
}
