import WeftIR

/// Rules by the function at their root and the dtype of its operands.
///
/// What a function's algebra says is tried on the dtypes that occur, when they first do: trying all
/// functions on all dtypes takes ten times as long as planning an expression.
public struct RuleSet: Sendable {
  /// The functions whose algebra makes rules.
  private let functions: [ScalarFunction]
  /// The written rules by the name of the function at their root.
  private let written: [String: [Rule]]
  private let writtenInOrder: [Rule]
  /// Functions that live as long as the process, and whether their algebra makes rules.
  private let lasting: [ObjectIdentifier: Bool]
  private let found = Lock<[Key: [Rule]]>([:])

  private struct Key: Hashable {
    let function: ObjectIdentifier
    let dtype: DType
  }

  /// A set of rules.
  public init(_ rules: [Rule]) { self.init(algebraOf: [], rules) }

  /// What the algebra of functions says, then other rules.
  init(algebraOf functions: [ScalarFunction], _ rules: [Rule]) {
    self.functions = functions
    writtenInOrder = rules
    written = Dictionary(grouping: rules) { $0.root.function.name }
    var lasting: [ObjectIdentifier: Bool] = [:]
    for function in FunctionTable.standard.functions { lasting[ObjectIdentifier(function)] = false }
    for function in functions { lasting[ObjectIdentifier(function)] = true }
    self.lasting = lasting
  }

  /// All rules, in the order they are tried.
  public var rules: [Rule] { Rule.algebraic(functions) + writtenInOrder }

  /// The rules for rows that apply a function to operands of a dtype.
  func rules(for function: ScalarFunction, _ dtype: DType) -> [Rule] {
    guard let hasAlgebra = lasting[ObjectIdentifier(function)] else {
      return writtenRules(for: function, dtype)
    }
    let key = Key(function: ObjectIdentifier(function), dtype: dtype)
    if let known = found.withLock({ $0[key] }) { return known }
    let algebraic = hasAlgebra ? Rule.algebraic(function, on: dtype) : []
    let rules = algebraic.filter { $0.mayMatch(dtype) } + writtenRules(for: function, dtype)
    found.withLock { $0[key] = rules }
    return rules
  }

  private func writtenRules(for function: ScalarFunction, _ dtype: DType) -> [Rule] {
    (written[function.name] ?? []).filter { $0.mayMatch(dtype) }
  }

  /// What the algebra of the built-in functions says, and the written rules.
  public static let standard = RuleSet(
    algebraOf: FunctionTable.standard.functions,
    Rule.arithmetic + Rule.powers + Rule.logic + Rule.complexParts + Rule.relaxed)
}
