import WeftIR

/// Rules indexed by the function at their root.
public struct RuleSet: Sendable {
  /// All rules, in the order they are tried.
  public let rules: [Rule]
  private let byName: [String: [Rule]]
  /// The same for the functions that tables declare, found without hashing a name.
  private let byIdentity: [ObjectIdentifier: [Rule]]

  /// A set of rules.
  public init(_ rules: [Rule]) {
    self.rules = rules
    byName = Dictionary(grouping: rules) { $0.root.function.name }
    var byIdentity: [ObjectIdentifier: [Rule]] = [:]
    for function in FunctionTable.standard.functions {
      byIdentity[ObjectIdentifier(function)] = byName[function.name] ?? []
    }
    self.byIdentity = byIdentity
  }

  /// The rules for rows that apply a function.
  func rules(for function: ScalarFunction) -> [Rule] {
    byIdentity[ObjectIdentifier(function)] ?? byName[function.name] ?? []
  }

  /// What the algebra of the built-in functions says, and the written rules.
  public static let standard = RuleSet(
    Rule.algebraic(FunctionTable.standard.functions) + Rule.arithmetic + Rule.powers
      + Rule.logic + Rule.complexParts + Rule.relaxed)
}
