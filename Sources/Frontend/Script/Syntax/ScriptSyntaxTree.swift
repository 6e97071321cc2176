/// An expression of a script: what it is and which bytes of the source it stands on.
///
/// Chains are flat, so that a hundred thousand added terms are one node with as many operations,
/// and nesting is at most `maximumDepth`, so that a recursive walk is safe.
struct ScriptExpression: Sendable, Equatable {
  /// What an expression is.
  indirect enum Kind: Sendable, Equatable {
    case name(String)
    case integer(ScriptInteger)
    case float(Double)
    /// The imaginary part of a literal such as `2j`.
    case imaginary(Double)
    case string(String)
    case boolean(Bool)
    case none
    case ellipsis
    case tuple([ScriptExpression])
    case list([ScriptExpression])
    /// Attributes, calls and indices applied from left to right; never without a trailer.
    case postfix(ScriptExpression, [ScriptTrailer])
    case unary(ScriptUnaryOperator, ScriptExpression)
    /// Operators of one precedence applied from left to right; never without an operation.
    /// `**` associates to the right, so its chains have one operation.
    case chain(ScriptExpression, [ScriptOperation])
    /// `a < b < c`: true when every neighbouring pair compares so; `b` is evaluated once.
    case comparison(ScriptExpression, [ScriptComparison])
    /// Two or more operands joined by one connective.
    case logical(ScriptConnective, [ScriptExpression])
    /// `then if condition else otherwise`.
    case conditional(
      then: ScriptExpression, condition: ScriptExpression, otherwise: ScriptExpression)
  }

  /// The deepest nesting of brackets and of nodes that the parser accepts.
  ///
  /// A level costs the parser up to 5 KiB of stack in a debug build (measured by bisection over
  /// `ulimit -s`, Swift 6.3), so that 64 levels leave a third of a stack of 512 KiB free and a
  /// recursive walk may use 8 KiB a level.
  static let maximumDepth = 64

  /// The node on the heap: one word on the stack keeps the frames of recursive walks small.
  private final class Storage: Sendable {
    let kind: Kind
    let range: Range<Int>
    let depth: Int

    init(_ kind: Kind, _ range: Range<Int>, _ depth: Int) {
      self.kind = kind
      self.range = range
      self.depth = depth
    }
  }

  private let storage: Storage

  /// What the expression is.
  var kind: Kind { storage.kind }
  /// The UTF-8 byte offsets in the source, with the parentheses around the expression if any.
  var range: Range<Int> { storage.range }
  /// The number of levels below this node: 0 for a leaf, one more than the deepest child otherwise.
  var depth: Int { storage.depth }

  /// A node whose depth is counted from its children.
  init(_ kind: Kind, range: Range<Int>) {
    storage = Storage(kind, range, kind.depth)
  }

  /// The same expression standing on other bytes, for parentheses.
  init(_ expression: ScriptExpression, range: Range<Int>) {
    storage = Storage(expression.kind, range, expression.depth)
  }

  static func == (left: ScriptExpression, right: ScriptExpression) -> Bool {
    left.range == right.range && left.kind == right.kind
  }

  /// The name of an expression that is one name, nil otherwise.
  var name: String? {
    if case .name(let name) = kind { name } else { nil }
  }
}

extension ScriptExpression.Kind {
  /// The number of levels below a node of this kind.
  fileprivate var depth: Int {
    switch self {
    case .name, .integer, .float, .imaginary, .string, .boolean, .none, .ellipsis: 0
    case .tuple(let items), .list(let items), .logical(_, let items):
      1 + items.reduce(0) { max($0, $1.depth) }
    case .postfix(let base, let trailers):
      1 + trailers.reduce(base.depth) { max($0, $1.depth) }
    case .unary(_, let operand): 1 + operand.depth
    case .chain(let first, let rest): 1 + rest.reduce(first.depth) { max($0, $1.operand.depth) }
    case .comparison(let first, let rest):
      1 + rest.reduce(first.depth) { max($0, $1.operand.depth) }
    case .conditional(let then, let condition, let otherwise):
      1 + max(then.depth, condition.depth, otherwise.depth)
    }
  }
}

/// An integer literal of any length.
struct ScriptInteger: Sendable, Equatable {
  /// The digits alone, without prefix and underscores, as many as were written.
  let digits: String
  /// The base of the digits: 2, 8, 10 or 16.
  let radix: Int
  /// The value, nil where it needs more than 64 bits.
  let magnitude: UInt64?

  /// The value as a signed integer, nil where it does not fit.
  var signed: Int64? { magnitude.flatMap { Int64(exactly: $0) } }
  /// Whether the value needs more than 64 bits, so that only `digits` tells it.
  var overflows: Bool { magnitude == nil }
}

/// One operator and its right operand in a chain.
struct ScriptOperation: Sendable, Equatable {
  let symbol: ScriptBinaryOperator
  /// The bytes of the operator itself.
  let symbolRange: Range<Int>
  let operand: ScriptExpression
}

/// One comparator and its right operand in a comparison chain.
struct ScriptComparison: Sendable, Equatable {
  let symbol: ScriptComparator
  /// The bytes of the comparator itself.
  let symbolRange: Range<Int>
  let operand: ScriptExpression
}

/// What follows a value: `.name`, `(arguments)` or `[key]`.
struct ScriptTrailer: Sendable, Equatable {
  /// What a trailer does with the value before it.
  enum Kind: Sendable, Equatable {
    case attribute(String)
    case call([ScriptArgument])
    case index(ScriptKey)
  }

  let kind: Kind
  /// The bytes of the trailer: the name without its dot, or the brackets and what they hold.
  let range: Range<Int>

  /// The depth of the deepest expression in the trailer.
  fileprivate var depth: Int {
    switch kind {
    case .attribute: 0
    case .call(let arguments): arguments.reduce(0) { max($0, $1.value.depth) }
    case .index(let key): key.items.reduce(0) { max($0, $1.depth) }
    }
  }
}

/// A name and the bytes it stands on.
struct ScriptName: Sendable, Equatable {
  let text: String
  let range: Range<Int>
}

/// An argument of a call, in the order written.
struct ScriptArgument: Sendable, Equatable {
  /// How an argument finds its parameter.
  enum Kind: Sendable, Equatable {
    case positional
    /// `*value`: the items of a sequence as positional arguments.
    case unpacked
    case keyword(ScriptName)
  }

  let kind: Kind
  let value: ScriptExpression
  /// The bytes of the argument with its keyword or star.
  let range: Range<Int>
}

/// What stands between the brackets of an index.
struct ScriptKey: Sendable, Equatable {
  /// The items between the commas; never empty.
  let items: [ScriptKeyItem]
  /// Whether the key is a tuple: `x[1, 2]` and `x[1,]` but not `x[1]`.
  let isTuple: Bool
  /// The bytes from the opening to the closing bracket.
  let range: Range<Int>
}

/// One item of a key; `None` and `...` are expressions.
enum ScriptKeyItem: Sendable, Equatable {
  case expression(ScriptExpression)
  case slice(ScriptSlice)

  /// The bytes of the item.
  var range: Range<Int> {
    switch self {
    case .expression(let expression): expression.range
    case .slice(let slice): slice.range
    }
  }

  /// The depth of the deepest expression in the item.
  fileprivate var depth: Int {
    switch self {
    case .expression(let expression): expression.depth
    case .slice(let slice):
      max(slice.start?.depth ?? 0, slice.stop?.depth ?? 0, slice.step?.depth ?? 0)
    }
  }
}

/// `start:stop:step`, each of which may be left out.
struct ScriptSlice: Sendable, Equatable {
  let start: ScriptExpression?
  let stop: ScriptExpression?
  let step: ScriptExpression?
  /// The bytes of the slice; only the colon where all three are left out.
  let range: Range<Int>
}
