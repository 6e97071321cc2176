import WeftIR

/// An equation between scalar functions that is applied from left to right.
///
///     Rule("multiply-one")   { x in x * 1 => x }
///     Rule("log1p", .stable) { x in log(1 + x) => log1p(x) }
///
/// A function that its algebra declares commutative matches in both orders. Rules are tried on every
/// row, so they are shared, not copied.
///
/// ```swift
/// import Weft
/// import WeftIR
/// import WeftPasses
///
/// let double = Rule("double", on: .floats) { x in x + x => x * 2 }
/// let x = random.uniform([3], key: 1)
/// var graph = try (x + x).graph()
/// let context = PassContext()
/// try Pass.simplify(RuleSet([double])).run(&graph, context)
/// context.report.rules["double"]  // 1
/// ```
public final class Rule: Sendable {
  /// The name that reports and `disabledRules` use.
  public let name: String
  /// What the rule promises.
  public let exactness: PassContext.Exactness
  /// The dtypes that variables may have; functions restrict them further.
  public let dtypes: DTypeSet
  /// What is matched.
  public let left: Term
  /// What replaces it.
  public let right: Term
  /// What the values of `constant` variables must satisfy.
  public let condition: @Sendable (Scalar) -> Bool
  /// The number of variables.
  public let variableCount: Int

  /// The function at the root of the left side, and its operands.
  let root: (function: ScalarFunction, operands: [Term])
  /// Cost of the root against that of the right side: a dearer right side must replace all it matches.
  let needsSingleUses: Bool
  /// The variables that the right side no longer has.
  let dropped: [Int]

  init(
    _ name: String, _ exactness: PassContext.Exactness, _ dtypes: DTypeSet,
    where condition: @escaping @Sendable (Scalar) -> Bool, variables: Int, _ equation: Equation
  ) {
    guard case .apply(let function, let operands) = equation.left else {
      preconditionFailure("the left side of \(name) applies no function")
    }
    self.name = name
    self.exactness = exactness
    self.dtypes = dtypes
    self.condition = condition
    variableCount = variables
    left = equation.left
    right = equation.right
    root = (function, operands)
    needsSingleUses = equation.right.cost > function.cost
    let right = equation.right
    dropped = (0..<variables).filter { !right.contains($0) }
  }

  /// A rule of one variable.
  public convenience init(
    _ name: String, _ exactness: PassContext.Exactness = .exact, on dtypes: DTypeSet = .all,
    where condition: @escaping @Sendable (Scalar) -> Bool = { _ in true },
    _ equation: (Term) -> Equation
  ) {
    self.init(
      name, exactness, dtypes, where: condition, variables: 1, equation(.variable(0)))
  }

  /// A rule of two variables.
  public convenience init(
    _ name: String, _ exactness: PassContext.Exactness = .exact, on dtypes: DTypeSet = .all,
    where condition: @escaping @Sendable (Scalar) -> Bool = { _ in true },
    _ equation: (Term, Term) -> Equation
  ) {
    self.init(
      name, exactness, dtypes, where: condition, variables: 2,
      equation(.variable(0), .variable(1)))
  }

  /// A rule of three variables.
  public convenience init(
    _ name: String, _ exactness: PassContext.Exactness = .exact, on dtypes: DTypeSet = .all,
    where condition: @escaping @Sendable (Scalar) -> Bool = { _ in true },
    _ equation: (Term, Term, Term) -> Equation
  ) {
    self.init(
      name, exactness, dtypes, where: condition, variables: 3,
      equation(.variable(0), .variable(1), .variable(2)))
  }

  /// The same rule for other dtypes.
  func limited(to dtypes: DTypeSet) -> Rule {
    Rule(
      name, exactness, dtypes, where: condition, variables: variableCount,
      Equation(left: left, right: right))
  }

  /// Whether a row of the root function with operands of a dtype can match.
  func mayMatch(_ dtype: DType) -> Bool {
    let terms = root.function == .select ? root.operands.dropFirst() : root.operands[...]
    let hasVariable = terms.contains {
      switch $0 {
      case .variable, .constant: true
      case .literal, .apply: false
      }
    }
    return !hasVariable || dtypes.contains(dtype)
  }

  /// Whether both sides are defined, with one dtype, for dtypes of the variables.
  public func isTyped(_ variables: [DType]) -> Bool {
    guard variables.allSatisfy({ dtypes.contains($0) || $0 == .bool && masks($0, variables) }),
      let dtype = leftDType(variables)
    else { return false }
    return right.dtype(variables, context: dtype) == dtype
  }

  /// The dtype of the left side; literals without neighbours have that of the first variable.
  func leftDType(_ variables: [DType]) -> DType? {
    left.dtype(variables, context: variables.first)
  }

  /// The values of both sides, if they are defined.
  func sides(_ values: [Scalar]) -> (left: Scalar, right: Scalar)? {
    guard let left = left.evaluate(values, context: values.first?.dtype),
      let right = right.evaluate(values, context: left.dtype)
    else { return nil }
    return (left, right)
  }

  /// The mask of `select` is bool whatever dtypes the rule is for.
  private func masks(_ dtype: DType, _ variables: [DType]) -> Bool {
    guard root.function == .select, case .variable(let mask) = root.operands[0] else {
      return false
    }
    return variables.indices.allSatisfy { $0 == mask || dtypes.contains(variables[$0]) }
  }
}

extension Rule: CustomStringConvertible {
  /// Both sides: `multiply(x, 1) => x`.
  public var description: String { "\(left) => \(right)" }
}

extension ScalarFunction {
  /// Rough cost of one element: what needs floats is a series or at least a division.
  var cost: Int {
    switch domain {
    case .inexact, .float: 8
    case .quotient: 4
    case .any, .numeric, .numericFromBool, .realFromBool, .real, .integral, .integerFromBool,
      .integer:
      self == .pow ? 8 : 1
    }
  }
}

extension Term {
  /// The cost of the functions applied; that of constants is paid once.
  var cost: Int {
    switch self {
    case .variable, .constant, .literal: 0
    case .apply(let f, let terms): terms.reduce(f.cost) { $0 + $1.cost }
    }
  }
}
