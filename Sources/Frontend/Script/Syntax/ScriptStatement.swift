/// A parsed script.
struct ScriptProgram: Sendable, Equatable {
  /// The text that all ranges point into.
  let source: String
  /// The statements in order; empty where the source has only comments.
  let statements: [ScriptStatement]
}

/// One statement of a script.
///
/// The value of a program is that of its last statement: of the expression, or of what was assigned.
struct ScriptStatement: Sendable, Equatable {
  /// What a statement does.
  enum Kind: Sendable, Equatable {
    case expression(ScriptExpression)
    /// `a = b, c = value`: every target receives the value, from left to right.
    case assignment([ScriptTarget], ScriptExpression)
    /// `target += value`; the target is a name or an element, never an unpacking.
    case augmented(
      ScriptTarget, ScriptBinaryOperator, symbolRange: Range<Int>, ScriptExpression)
  }

  let kind: Kind
  /// The bytes of the statement without its separator.
  let range: Range<Int>
}

/// What can stand on the left of an assignment.
indirect enum ScriptTarget: Sendable, Equatable {
  case name(ScriptName)
  /// `base[key]`.
  case element(ScriptExpression, ScriptKey, range: Range<Int>)
  /// `a, b`: one item of the value for each target; may be nested.
  case unpacking([ScriptTarget], range: Range<Int>)

  /// The bytes of the target.
  var range: Range<Int> {
    switch self {
    case .name(let name): name.range
    case .element(_, _, let range), .unpacking(_, let range): range
    }
  }
}
