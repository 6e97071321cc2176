import WeftIR

/// Evaluates both sides of rules on special and random values and compares them by the rule's
/// class.
///
/// - exact: the same bits, NaN payloads apart.
/// - stable: integers the same; floats at most one ulp further from the left side in float64 than
///   the left side itself; float64, which has no wider dtype here, close on moderate values.
/// - contraction, relaxed: close on moderate positive values; integers the same.
public struct RuleCheck {
  /// How many random assignments are tried for each combination of dtypes.
  public var randomCount = 200
  private var state: UInt64

  /// A check whose random values follow from a seed.
  public init(seed: UInt64 = 1) { state = seed }

  /// What is wrong with a rule, one counterexample for each combination of dtypes.
  public mutating func failures(of rule: Rule) -> [String] {
    var failures: [String] = []
    let typings = RuleCheck.typings(of: rule)
    if typings.isEmpty { failures.append("\(rule.name): no dtypes fit \(rule)") }
    for dtypes in typings {
      for values in assignments(dtypes, rule) where !RuleCheck.holds(rule, values) {
        let sides = rule.sides(values).map { "\($0.left) and \($0.right)" } ?? "nothing"
        failures.append("\(rule.name): \(dtypes) \(values) gives \(sides)")
        break
      }
    }
    return failures
  }

  /// The combinations of dtypes that a rule is defined for.
  public static func typings(of rule: Rule) -> [[DType]] {
    var typings: [[DType]] = [[]]
    for _ in 0..<rule.variableCount {
      typings = typings.flatMap { head in DType.allCases.map { head + [$0] } }
    }
    return typings.filter { rule.isTyped($0) }
  }

  /// The dtypes, one for all variables, on which both sides have the same bits for all special
  /// values.
  static func exactDTypes(of rule: Rule) -> DTypeSet {
    DTypeSet { isExact(rule, on: $0) }
  }

  /// Whether both sides have the same bits for all special values of a dtype.
  static func isExact(_ rule: Rule, on dtype: DType) -> Bool {
    let dtypes = Array(repeating: dtype, count: rule.variableCount)
    guard rule.isTyped(dtypes) else { return false }
    let values = specialValues(dtype)
    let few = rule.variableCount == 1 ? values : Array(values.prefix(4))
    return combinations(few, rule.variableCount).allSatisfy { isExact(rule, $0) }
  }

  // MARK: - Values

  private mutating func assignments(_ dtypes: [DType], _ rule: Rule) -> [[Scalar]] {
    let special = dtypes.map { RuleCheck.specialValues($0) }
    var all: [[Scalar]] = [[]]
    for values in special {
      let few = dtypes.count < 3 ? values : Array(values.prefix(12))
      all = all.flatMap { head in few.map { head + [$0] } }
    }
    for _ in 0..<randomCount { all.append(dtypes.map { random($0) }) }
    let constants = rule.left.constants
    return all.filter { values in constants.allSatisfy { rule.condition(values[$0]) } }
  }

  private static func combinations(_ values: [Scalar], _ count: Int) -> [[Scalar]] {
    (0..<count).reduce([[]]) { all, _ in all.flatMap { head in values.map { head + [$0] } } }
  }

  /// The values at which rules go wrong, the most telling first.
  public static func specialValues(_ dtype: DType) -> [Scalar] {
    switch dtype.kind {
    case .bool: return [Scalar(false), Scalar(true)]
    case .signed, .unsigned:
      guard let range = dtype.integerRange else { return [] }
      return [
        Scalar(range.max, dtype), Scalar(7 as Int64, dtype), Scalar(range.min, dtype),
        Scalar(-3 as Int64, dtype), Scalar(0 as Int64, dtype), Scalar(2 as Int64, dtype),
        Scalar(-1 as Int64, dtype), Scalar(1 as Int64, dtype), Scalar(range.min + 1, dtype),
        Scalar(range.max - 1, dtype), Scalar(100 as Int64, dtype), Scalar(63 as Int64, dtype),
      ]
    case .float: return realValues(dtype).map { Scalar($0, dtype) }
    case .complex:
      let parts = realValues(dtype.realPart).prefix(9)
      return parts.flatMap { re in parts.map { Scalar(re, $0, dtype) } }
    }
  }

  private static func realValues(_ dtype: DType) -> [Double] {
    let (tiny, normal, huge, epsilon): (Double, Double, Double, Double) =
      switch dtype {
      case .float16: (0x1p-24, 0x1p-14, 65504, 0x1p-10)
      case .bfloat16: (0x1p-133, 0x1p-126, 0x1.FEp127, 0x1p-7)
      case .float32: (0x1p-149, 0x1p-126, 0x1.FFFFFEp127, 0x1p-23)
      default: (0x1p-1074, 0x1p-1022, .greatestFiniteMagnitude, 0x1p-52)
      }
    return [
      -0.0, 1.5, .infinity, .nan, 0, -2.5, -.infinity, huge, tiny, 1, -1, 0.5, 2, -huge, -tiny,
      normal, 1 + epsilon, 1 - epsilon / 2, epsilon / 4, -normal / 2, 3.7, 0.1, 10, -4, 88.5,
    ]
  }

  /// splitmix64: Steele, Lea, Flood, OOPSLA 2014.
  private mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private mutating func random(_ dtype: DType) -> Scalar {
    switch dtype.kind {
    case .bool, .signed, .unsigned: return Scalar(bits() >> (bits() % 64), dtype)
    case .float: return Scalar(real(), dtype)
    case .complex: return Scalar(real(), real(), dtype)
    }
  }

  /// Half of them moderate, half of any magnitude up to 2**20.
  private mutating func real() -> Double {
    let unit = Double(bits() >> 11) * 0x1p-53
    if bits() & 1 == 0 { return 0.5 + 1.5 * unit }
    let magnitude = Double(sign: .plus, exponent: Int(bits() % 40) - 20, significand: 1 + unit)
    return bits() & 1 == 0 ? magnitude : -magnitude
  }
}

extension Term {
  /// The variables that stand for constants.
  fileprivate var constants: [Int] {
    switch self {
    case .variable, .literal: []
    case .constant(let i): [i]
    case .apply(_, let terms): terms.flatMap(\.constants)
    }
  }
}
