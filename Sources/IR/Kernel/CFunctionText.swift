/// C text of kernel functions: static inline functions of scalars.
///
/// A function takes one more parameter, `rare`. Given NULL it computes everything. Given a place,
/// it leaves branches out, so that loops over it become vectors, and sets the place where one
/// would have run: its result is then wrong, and the caller asks again.
///
/// Signed integers compute in unsigned ones, since theirs wrap. The text needs `stdint.h`,
/// `string.h` and `math.h`.
public struct CFunctionText {
  /// Tables by their words, named for the function that first uses them.
  private var tables: [[UInt64]: String] = [:]
  private var current = ""
  /// The functions and tables so far.
  public private(set) var text = ""
  private let prefix: String

  /// A text whose names begin with a prefix.
  public init(prefix: String) { self.prefix = prefix }

  /// The functions that give a float's bits as an integer and back, which the others need.
  public func casts() -> String {
    let pairs: [(DType, DType)] = [(.float32, .int32), (.float32, .uint32)]
    let wide: [(DType, DType)] = [(.float64, .int64), (.float64, .uint64)]
    return (pairs + wide).flatMap { [$0, ($0.1, $0.0)] }.map { to, from in
      let (result, operand) = (Self.type(to), Self.type(from))
      return Self.declaration + result + "\n" + castName(to, from) + "(\(operand) x) {\n"
        + "  \(result) y;\n  memcpy(&y, &x, sizeof y);\n  return y;\n}\n"
    }.joined()
  }

  private static let declaration = "static inline __attribute__((always_inline, unused)) "

  private func castName(_ to: DType, _ from: DType) -> String {
    "\(prefix)\(to.name)_of_\(from.name)"
  }

  private static func type(_ dtype: DType) -> String {
    switch dtype {
    case .bool: "int"
    case .float32: "float"
    case .float64: "double"
    default: "\(dtype.name)_t"
    }
  }

  // MARK: - Functions

  /// Appends a function under a name.
  public mutating func add(_ function: KernelFunction, name: String) {
    let parameters = function.parameters.map { "\(Self.type($0.dtype)) v\($0.id)" }
    current = name
    let body = block(function.body, indent: "  ")
    text += Self.declaration + "\(Self.type(function.result.dtype)) \(prefix)\(name)(\n"
    text += "  \(parameters.joined(separator: ", ")), __attribute__((unused)) int *rare) {\n"
    text += body + "  return \(operand(function.result));\n}\n\n"
  }

  /// Statements, as many on a line as there is room for.
  private mutating func block(_ statements: [Kernel.Statement], indent: String) -> String {
    var (lines, line) = ("", "")
    func flush() {
      if !line.isEmpty { lines += indent + line + "\n" }
      line = ""
    }
    for statement in statements {
      let piece: String
      switch statement {
      case .define(let local, let expression):
        piece =
          "const \(Self.type(local.dtype)) v\(local.id) = \(value(expression, local.dtype));"
      case .variable(let local, let first):
        piece = "\(Self.type(local.dtype)) v\(local.id) = \(operand(first));"
      case .assign(let local, let value):
        piece = "v\(local.id) = \(operand(value));"
      case .branch(let condition, let then, let other):
        flush()
        let name = operand(condition)
        lines += indent + "if (rare) *rare |= \(name);\n" + indent + "else if (\(name)) {\n"
        lines += block(then, indent: indent + "  ")
        if !other.isEmpty {
          lines += indent + "} else {\n" + block(other, indent: indent + "  ")
        }
        lines += indent + "}\n"
        continue
      case .store, .prefetch, .loop, .repetition:
        preconditionFailure("a function has neither buffers nor loops")
      }
      if indent.count + line.count + piece.count + 1 > 100 { flush() }
      line += (line.isEmpty ? "" : " ") + piece
    }
    flush()
    return lines
  }

  /// The name of a table, which is written when first asked for.
  private mutating func table(_ words: [UInt64]) -> String {
    if let name = tables[words] { return name }
    let name = "\(prefix)\(current)_table"
    tables[words] = name
    text += "static const uint64_t \(name)[] = {"
    for (place, word) in words.enumerated() {
      text += (place % 4 == 0 ? "\n  " : " ") + "0x\(String(word, radix: 16)),"
    }
    text += "\n};\n"
    return name
  }

  // MARK: - Expressions

  private func operand(_ operand: Kernel.Operand) -> String {
    switch operand {
    case .local(let local): "v\(local.id)"
    case .parameter: preconditionFailure("a function has no index parameters")
    case .constant(let scalar): Self.constant(scalar)
    }
  }

  private static func constant(_ scalar: Scalar) -> String {
    switch scalar.dtype {
    case .bool: return scalar.boolValue ? "1" : "0"
    case .float32, .float64:
      let value = scalar.doubleValue
      if value.isNaN { return scalar.dtype == .float32 ? "NAN" : "(double)NAN" }
      if value.isInfinite {
        return (value < 0 ? "-" : "") + (scalar.dtype == .float32 ? "INFINITY" : "(double)INFINITY")
      }
      return hexadecimal(value) + (scalar.dtype == .float32 ? "f" : "")
    case .int64: return scalar.intValue == .min ? "INT64_MIN" : "INT64_C(\(scalar.intValue))"
    case .int32: return scalar.intValue == Int64(Int32.min) ? "INT32_MIN" : "\(scalar.intValue)"
    case .uint64: return "UINT64_C(0x\(String(scalar.uintValue, radix: 16)))"
    case .uint32: return "0x\(String(scalar.uintValue, radix: 16))u"
    default: return "(\(type(scalar.dtype)))\(scalar.description)"
    }
  }

  /// C99's `%a`: exact.
  private static func hexadecimal(_ value: Double) -> String {
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return sign + "0.0" }
    let magnitude = value.magnitude
    let exponent = Int(magnitude.exponent)
    var digits = String(magnitude.significand.bitPattern & (1 << 52 - 1), radix: 16)
    digits = String(repeating: "0", count: 13 - digits.count) + digits
    while digits.hasSuffix("0") && digits.count > 1 { digits.removeLast() }
    return "\(sign)0x1.\(digits)p\(exponent)"
  }

  private mutating func value(_ expression: Kernel.Expression, _ dtype: DType) -> String {
    switch expression {
    case .primitive(let primitive, let operands):
      return value(primitive, operands.map(operand), operands[operands.count - 1].dtype)
    case .convert(let value):
      if dtype == .bool { return "\(operand(value)) != 0" }
      return "(\(Self.type(dtype)))\(operand(value))"
    case .bitcast(let value):
      if dtype.isFloat || value.dtype.isFloat {
        return "\(castName(dtype, value.dtype))(\(operand(value)))"
      }
      return "(\(Self.type(dtype)))\(operand(value))"
    case .table(let words, let index):
      let element = "\(table(words))[\(operand(index))]"
      return dtype == .float64 ? "\(castName(dtype, .uint64))(\(element))" : element
    case .call, .astype, .load: preconditionFailure("a library function calls nothing")
    }
  }

  private func value(_ primitive: Primitive, _ x: [String], _ dtype: DType) -> String {
    let isFloat = dtype.isFloat
    let suffix = dtype == .float32 ? "f" : ""
    /// An operation on integers of any sign, in unsigned ones.
    func infix(_ symbol: String) -> String {
      if isFloat || dtype == .bool { return "\(x[0]) \(symbol) \(x[1])" }
      let word = "u\(dtype.kind == .signed ? String(Self.type(dtype)) : "")"
      if dtype.kind != .signed { return "\(x[0]) \(symbol) \(x[1])" }
      return "(\(Self.type(dtype)))((\(word))\(x[0]) \(symbol) (\(word))\(x[1]))"
    }
    switch primitive {
    case .add: return infix("+")
    case .subtract: return infix("-")
    case .multiply: return infix("*")
    case .divide: return "\(x[0]) / \(x[1])"
    case .rest: return "\(x[0]) % \(x[1])"
    case .fma: return "__builtin_fma\(suffix)(\(x.joined(separator: ", ")))"
    case .negate:
      return isFloat
        ? "-\(x[0])" : "(\(Self.type(dtype)))(0 - (uint\(dtype.bitWidth)_t)\(x[0]))"
    case .abs:
      return isFloat
        ? "__builtin_fabs\(suffix)(\(x[0]))"
        : "\(x[0]) < 0 ? (\(Self.type(dtype)))(0 - (uint\(dtype.bitWidth)_t)\(x[0])) : \(x[0])"
    case .sqrt, .floor, .ceil, .trunc, .rint:
      let name = primitive == .rint ? "roundeven" : primitive.rawValue
      return "__builtin_elementwise_\(name)(\(x[0]))"
    case .copysign: return "__builtin_copysign\(suffix)(\(x[0]), \(x[1]))"
    case .equal: return "\(x[0]) == \(x[1])"
    case .notEqual: return "\(x[0]) != \(x[1])"
    case .less: return "\(x[0]) < \(x[1])"
    case .lessEqual: return "\(x[0]) <= \(x[1])"
    case .greater: return "\(x[0]) > \(x[1])"
    case .greaterEqual: return "\(x[0]) >= \(x[1])"
    case .and: return infix("&")
    case .or: return infix("|")
    case .xor: return infix("^")
    case .shiftLeft: return infix("<<")
    case .shiftRight: return "\(x[0]) >> \(x[1])"
    case .countOnes: return "__builtin_popcountg((uint\(dtype.bitWidth)_t)\(x[0]))"
    case .multiplyHigh:
      return dtype == .uint32
        ? "(uint32_t)((uint64_t)\(x[0]) * \(x[1]) >> 32)"
        : "(uint64_t)((unsigned __int128)\(x[0]) * \(x[1]) >> 64)"
    case .select: return "\(x[0]) ? \(x[1]) : \(x[2])"
    }
  }
}
