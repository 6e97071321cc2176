import WeftIR

/// How OpenCL C writes types and constants.
enum OpenCLNames {
  /// The type of a value in some lanes; bool is `int`, 0 or 1 in one lane, 0 or -1 in several.
  static func type(_ dtype: DType, _ lanes: Int) -> String {
    vector(dtype == .bool ? "int" : element(dtype), lanes)
  }

  /// The type of an element in memory.
  static func element(_ dtype: DType) -> String {
    switch dtype {
    case .bool, .uint8: "uchar"
    case .int8: "char"
    case .int16: "short"
    case .uint16, .float16, .bfloat16: "ushort"
    case .int32: "int"
    case .uint32: "uint"
    case .int64: "long"
    case .uint64: "ulong"
    case .float32: "float"
    case .float64, .complex64, .complex128: "double"
    }
  }

  /// The signed integers of as many bytes: what masks are made of.
  static func signed(_ bytes: Int) -> String {
    switch bytes {
    case 1: "char"
    case 2: "short"
    case 4: "int"
    default: "long"
    }
  }

  /// The unsigned integers of as many bytes.
  static func unsigned(_ bytes: Int) -> String { "u" + signed(bytes) }

  static func vector(_ element: String, _ lanes: Int) -> String {
    lanes == 1 ? element : "\(element)\(lanes)"
  }

  /// 0, 1, 2 and so on in all lanes.
  static func iota(_ element: String, _ lanes: Int) -> String {
    "(\(vector(element, lanes)))(\((0..<lanes).map(String.init).joined(separator: ", ")))"
  }

  /// A name made of letters, digits and underscores.
  static func identifier(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  /// A constant of one lane; floats exactly.
  static func constant(_ scalar: Scalar) -> String {
    let dtype = scalar.dtype
    switch dtype {
    case .bool: return scalar.boolValue ? "1" : "0"
    case .float32, .float64:
      let value = scalar.doubleValue
      let suffix = dtype == .float32 ? "f" : ""
      if value.isFinite { return hexadecimal(value) + suffix }
      let bits = String(scalar.storageBits, radix: 16)
      return dtype == .float32 ? "as_float(0x\(bits)u)" : "as_double(0x\(bits)UL)"
    case .float16, .bfloat16: return "((ushort)\(scalar.storageBits))"
    case .int64: return scalar.intValue == .min ? "LONG_MIN" : "\(scalar.intValue)L"
    case .int32: return scalar.intValue == Int64(Int32.min) ? "INT_MIN" : "\(scalar.intValue)"
    case .uint64: return "0x\(String(scalar.uintValue, radix: 16))UL"
    case .uint32: return "0x\(String(scalar.uintValue, radix: 16))u"
    default: return "((\(element(dtype)))\(scalar.description))"
    }
  }

  /// C99's `%a`: exact.
  private static func hexadecimal(_ value: Double) -> String {
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return sign + "0.0" }
    // What is subnormal in one dtype may be normal in this one: the significand says it all.
    var digits = String(value.significand.magnitude.bitPattern & (1 << 52 - 1), radix: 16)
    digits = String(repeating: "0", count: 13 - digits.count) + digits
    while digits.hasSuffix("0") && digits.count > 1 { digits.removeLast() }
    return "\(sign)0x1.\(digits)p\(value.exponent)"
  }
}

/// How loops over units and vectors are shared out to work-items.
enum OpenCLStyle: Hashable, Sendable {
  /// A work-item runs a unit alone, vector loops in vectors of so many bytes: for processors.
  case vectors(bytes: Int)
  /// A work-group runs a unit, its work-items are the lanes of vector loops: for GPUs.
  case items(Int)
}
