import WeftIR

/// Rules indexed by the function at their root and the dtype of its operands.
public struct RuleSet: Sendable {
  /// All rules, in the order they are tried.
  public let rules: [Rule]
  private let byName: [String: [[Rule]]]
  /// The same for the functions that tables declare, found without hashing a name.
  private let byIdentity: [ObjectIdentifier: [[Rule]]]

  /// A set of rules.
  public init(_ rules: [Rule]) {
    self.rules = rules
    let byName = Dictionary(grouping: rules) { $0.root.function.name }.mapValues { rules in
      DType.allCases.map { dtype in rules.filter { $0.mayMatch(dtype) } }
    }
    var byIdentity: [ObjectIdentifier: [[Rule]]] = [:]
    for function in FunctionTable.standard.functions {
      byIdentity[ObjectIdentifier(function)] = byName[function.name] ?? []
    }
    self.byName = byName
    self.byIdentity = byIdentity
  }

  /// The rules for rows that apply a function to operands of a dtype.
  func rules(for function: ScalarFunction, _ dtype: DType) -> [Rule] {
    let table = byIdentity[ObjectIdentifier(function)] ?? byName[function.name] ?? []
    return table.isEmpty ? [] : table[Int(dtype.rawValue)]
  }

  /// What the algebra of the built-in functions says, and the written rules.
  public static let standard = RuleSet(
    Rule.algebraic(FunctionTable.standard.functions) + Rule.arithmetic + Rule.powers
      + Rule.logic + Rule.complexParts + Rule.relaxed)
}
