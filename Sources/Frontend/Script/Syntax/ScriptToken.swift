/// The smallest meaningful piece of a script, with the bytes it stands on.
struct ScriptToken: Sendable, Equatable {
  /// What a token is.
  enum Kind: Sendable, Equatable {
    case name(String)
    case keyword(ScriptKeyword)
    indirect case integer(ScriptInteger)
    case float(Double)
    case imaginary(Double)
    case string(String)
    case symbol(ScriptSymbol)
    /// A line break outside brackets.
    case newline
    /// The end of the source.
    case end
  }

  /// What the token is.
  var kind: Kind
  /// The UTF-8 byte offsets of the token in the source.
  var range: Range<Int>
}

/// The words that cannot be names.
enum ScriptKeyword: String, Sendable, CaseIterable {
  case `true` = "True"
  case `false` = "False"
  case none = "None"
  case and, or, not, `if`, `else`, `in`, `is`
  case lambda, `for`, async, await, yield
  case `while`, def, `class`, `return`, `import`, from, with, assert, del, global, nonlocal, pass
  case `break`, `continue`, raise, `try`, except, finally, elif, `as`

  /// The keyword of a spelling, by one hash lookup.
  static let bySpelling = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// What the language says of a Python construct that it leaves out; nil for words it uses.
  var rejection: String? {
    switch self {
    case .true, .false, .none, .and, .or, .not, .if, .else: nil
    case .in: "membership tests ('in', 'not in') are not supported"
    case .is: "identity tests ('is', 'is not') are not supported"
    case .lambda: "lambda is not supported"
    case .for, .while: "loops and comprehensions ('\(rawValue)') are not supported"
    case .async, .await: "asynchronous code ('\(rawValue)') is not supported"
    case .yield: "generators ('yield') are not supported"
    case .def, .return: "function definitions ('\(rawValue)') are not supported"
    case .class: "class definitions are not supported"
    case .import, .from: "imports ('\(rawValue)') are not supported"
    case .with, .as: "'\(rawValue)' is not supported"
    case .assert, .del, .global, .nonlocal, .pass: "'\(rawValue)' statements are not supported"
    case .break, .continue: "loops ('\(rawValue)') are not supported"
    case .raise, .try, .except, .finally: "exceptions ('\(rawValue)') are not supported"
    case .elif: "'elif' is not supported"
    }
  }

  /// What to write instead of a construct that the language leaves out, where one thing is best.
  var alternative: String? {
    switch self {
    case .import, .from: "every function is there already, under its NumPy name"
    case .elif: "write a conditional expression: a if test else b"
    case .is: "write == to compare values"
    default: nil
    }
  }
}

/// The operators, brackets and separators, spelled as in Python.
enum ScriptSymbol: String, Sendable, CaseIterable {
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case doubleStar = "**"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case ampersand = "&"
  case caret = "^"
  case bar = "|"
  case tilde = "~"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case assign = "="
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case doubleSlashAssign = "//="
  case percentAssign = "%="
  case atAssign = "@="
  case doubleStarAssign = "**="
  case shiftLeftAssign = "<<="
  case shiftRightAssign = ">>="
  case ampersandAssign = "&="
  case caretAssign = "^="
  case barAssign = "|="
  case colonAssign = ":="
  case arrow = "->"
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case ellipsis = "..."

  /// The symbol of one to three ASCII bytes packed with the first byte highest.
  static let byPackedBytes = Dictionary(
    uniqueKeysWithValues: allCases.map { symbol in
      (symbol.rawValue.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }, symbol)
    })

  /// The bracket that closes this one, nil for anything but an opening bracket.
  var closing: ScriptSymbol? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }

  /// Whether this is a closing bracket.
  var isClosing: Bool {
    self == .rightParenthesis || self == .rightBracket || self == .rightBrace
  }

  /// The operator that an augmented assignment applies, nil for anything else.
  var augmented: ScriptBinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .starAssign: .multiply
    case .slashAssign: .divide
    case .doubleSlashAssign: .floorDivide
    case .percentAssign: .remainder
    case .atAssign: .matrixMultiply
    case .doubleStarAssign: .power
    case .shiftLeftAssign: .shiftLeft
    case .shiftRightAssign: .shiftRight
    case .ampersandAssign: .bitwiseAnd
    case .caretAssign: .bitwiseXor
    case .barAssign: .bitwiseOr
    default: nil
    }
  }
}
