@testable import Weft

/// Makes programs that are wrong in most ways a program can be, the same ones for a seed.
struct ScriptProgramGenerator {
  private var state: UInt64
  private let functions: [ScriptFunction]
  private let names: [String]

  init(seed: UInt64) {
    state = seed
    functions = ScriptFunctionTable.standard.families.flatMap(\.functions)
    names = functions.flatMap { [$0.name] + $0.aliases }
  }

  /// SplitMix64.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  private mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One program; some have bytes that are no text.
  mutating func program() -> [UInt8] {
    var text: String
    switch below(10) {
    case 0...4: text = call(depth: 2)
    case 5...6: text = expression(depth: 4)
    case 7:
      let value = expression(depth: 2)
      text = "y = \(value); y[\(key())] = \(expression(depth: 1)); y"
    case 8: text = "y = \(call(depth: 1)); y \(pick(Self.operators))= \(value()); y"
    default: text = "a, b = \(call(depth: 1))\nz = \(call(depth: 1))[\(key())]; (a, z)"
    }
    if chance(8) { text = call(depth: 0) + "." + text }
    var bytes = Array(text.utf8)
    if chance(12) { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    for _ in 0...below(3) where !bytes.isEmpty {
      let position = below(bytes.count)
      switch below(4) {
      case 0: bytes.remove(at: position)
      case 1: bytes.insert(UInt8(truncatingIfNeeded: next()), at: position)
      case 2: bytes[position] = UInt8(truncatingIfNeeded: next())
      default: bytes.swapAt(position, below(bytes.count))
      }
    }
  }

  // MARK: Expressions

  private static let operators = [
    "+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^",
  ]
  private static let comparators = ["<", "<=", ">", ">=", "==", "!="]

  private mutating func expression(depth: Int) -> String {
    if depth <= 0 { return value() }
    switch below(12) {
    case 0...3:
      return
        "\(expression(depth: depth - 1)) \(pick(Self.operators)) \(expression(depth: depth - 1))"
    case 4: return "(\(expression(depth: depth - 1))) \(pick(Self.comparators)) \(value())"
    case 5: return pick(["-", "+", "~", "not "]) + "(" + expression(depth: depth - 1) + ")"
    case 6: return "(\(expression(depth: depth - 1)))[\(key())]"
    case 7: return call(depth: depth - 1)
    case 8:
      return "(\(expression(depth: depth - 1))) \(pick(["and", "or"])) \(value())"
    case 9: return "(\(value()) if \(expression(depth: depth - 1)) else \(value()))"
    case 10: return "(\(expression(depth: depth - 1))).\(attribute())"
    default: return "(\(value()), \(expression(depth: depth - 1)))"
    }
  }

  private mutating func attribute() -> String {
    chance(50)
      ? pick(["T", "mT", "shape", "dtype", "size", "ndim", "real", "imag", "nbytes", "flat", "x"])
      : pick(names) + "(\(arguments(nil, depth: 0)))"
  }

  // MARK: Calls

  private mutating func call(depth: Int) -> String {
    if chance(35) {
      let function = pick(functions)
      let name = chance(20) ? "np." + function.name : function.name
      guard name.hasPrefix("array.") else {
        return "\(name)(\(arguments(function, depth: depth)))"
      }
      return "\(array()).\(name.dropFirst(6))(\(arguments(function, depth: depth)))"
    }
    let function = pick(functions)
    var parts: [String] = []
    for parameter in function.signature.parameters {
      if parameter.fallback != nil, chance(70) { continue }
      let given = plausible(parameter.names[0], depth: depth)
      switch parameter.kind {
      case .keyword: parts.append("\(parameter.names[0])=\(given)")
      case .either where parts.last?.contains("=") ?? false || chance(30):
        parts.append("\(parameter.names[0])=\(given)")
      default: parts.append(given)
      }
    }
    if function.name.hasPrefix("array.") {
      let rest = parts.dropFirst().joined(separator: ", ")
      return "(\(parts.first ?? "x")).\(function.name.dropFirst(6))(\(rest))"
    }
    return "\(function.name)(\(parts.joined(separator: ", ")))"
  }

  private mutating func arguments(_ function: ScriptFunction?, depth: Int) -> String {
    var parts = (0..<below(4)).map { _ in chance(20) ? expression(depth: depth - 1) : value() }
    if chance(30) {
      let known = function?.signature.parameters.flatMap(\.names) ?? ["axis"]
      let name = known.isEmpty || chance(10) ? "nonsense" : pick(known)
      parts.append("\(name)=\(value())")
    }
    if chance(3) { parts.insert("*\(value())", at: 0) }
    return parts.joined(separator: ", ")
  }

  /// A value of the kind that a parameter of this name takes, most of the time.
  private mutating func plausible(_ name: String, depth: Int) -> String {
    if chance(12) { return value() }
    switch name {
    case "axis", "axis1", "axis2", "source", "destination", "k", "n", "offset", "num", "ddof":
      return chance(70) ? pick(["0", "1", "-1", "2", "None", "(0, 1)", "-3"]) : integer()
    case "axes", "shift", "shape", "reps", "repeats", "size", "newshape", "indices_or_sections":
      return chance(60) ? tuple() : integer()
    case "dtype", "type1", "type2", "to", "from_": return dtype()
    case "keepdims", "endpoint", "descending", "stable", "assume_unique":
      return pick(["True", "False"])
    case "subscripts": return string()
    case "arrays", "xs", "choices", "condlist", "choicelist":
      return chance(70) ? "[\(array()), \(array())]" : value()
    case "pad_width", "signature": return chance(50) ? "((1, 2), (0, 3))" : tuple()
    default: return depth > 0 && chance(15) ? expression(depth: depth - 1) : array()
    }
  }

  // MARK: Values

  mutating func value() -> String {
    switch below(12) {
    case 0...5: array()
    case 6: integer()
    case 7: number()
    case 8: tuple()
    case 9: string()
    case 10: dtype()
    default: pick(["None", "...", "True", "False", "[]", "()", "np", "sum", "nan", "newaxis"])
    }
  }

  private mutating func array() -> String {
    pick([
      "x", "v", "m", "t", "i", "b", "c", "z", "s", "u", "h", "w", "big", "[1, 2, 3]",
      "[[1, 2], [3, 4]]",
      "[1.5, nan]", "zeros((2, 0, 3))", "ones((1, 3))", "arange(5)", "eye(3)", "full((2, 2), 1j)",
      "[]", "v[::-1]", "m.T", "x > 0", "nonzero(b)[0]", "v[v > 1]", "[[1], [2, 3]]", "3", "-1",
    ])
  }

  private mutating func integer() -> String {
    pick([
      "0", "1", "2", "3", "-1", "-2", "7", "64", "65", "127", "-128", "255", "256", "1000",
      "2147483647", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
      "18446744073709551616", "-9223372036854775809", "10**12", "10**40", "10**30", "1 << 62",
    ])
  }

  private mutating func number() -> String {
    pick([
      "0.0", "-0.0", "1.5", "-2.25", "1e308", "1e-320", "inf", "-inf", "nan", "1e20", "2j",
      "(1 + 2j)", "0.1",
    ])
  }

  private mutating func tuple() -> String {
    let items = (0..<below(4)).map { _ in chance(80) ? pick(["0", "1", "2", "3", "-1"]) : integer()
    }
    let text = items.joined(separator: ", ")
    return chance(70) ? "(\(text)\(items.count == 1 ? "," : ""))" : "[\(text)]"
  }

  private mutating func string() -> String {
    pick([
      "'ij,jk->ik'", "'ii->i'", "'i,i'", "'...i,i'", "'ij'", "'float32'", "'xy'", "'constant'",
      "'edge'", "'wrap'", "'reflect'", "'left'", "'right'", "'linear'", "'full'", "'same'", "''",
      "'\\x00'", "'é'", "'a,b,c,d->abcd'", "'->'", "',,'", "'ij,->...'", "'fro'", "'nuc'",
    ])
  }

  private mutating func dtype() -> String {
    pick([
      "bool", "int8", "int64", "uint8", "uint64", "float16", "bfloat16", "float32", "float64",
      "complex64", "complex128", "int", "float", "'int32'", "'f4'", "'nonsense'", "np.float32",
    ])
  }

  private mutating func key() -> String {
    (0...below(3)).map { _ in
      switch below(9) {
      case 0: ":"
      case 1: "::\(integer())"
      case 2: "\(integer()):\(integer())"
      case 3: "None"
      case 4: "..."
      case 5: array()
      case 6: pick(["True", "False", "1.5", "'a'"])
      default: pick(["0", "1", "-1", "2", "-4"])
      }
    }.joined(separator: ", ")
  }
}
