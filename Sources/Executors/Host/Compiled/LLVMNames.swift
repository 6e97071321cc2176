import WeftIR

/// How LLVM's text writes types and constants.
enum LLVMNames {
  /// The type of a value in registers; `lanes` 1 is a scalar.
  static func type(_ dtype: DType, _ lanes: Int) -> String {
    vector(scalar(dtype), lanes)
  }

  /// The type of an element in memory: a bool is a byte.
  static func memory(_ dtype: DType, _ lanes: Int) -> String {
    vector(dtype == .bool ? "i8" : scalar(dtype), lanes)
  }

  static func vector(_ scalar: String, _ lanes: Int) -> String {
    lanes == 1 ? scalar : "<\(lanes) x \(scalar)>"
  }

  /// The type of an element in registers; a bfloat16 is its bits.
  static func scalar(_ dtype: DType) -> String {
    switch dtype {
    case .bool: "i1"
    case .int8, .uint8: "i8"
    case .int16, .uint16, .bfloat16: "i16"
    case .int32, .uint32: "i32"
    case .int64, .uint64: "i64"
    case .float16: "half"
    case .float32: "float"
    case .float64: "double"
    // Lowering splits complex numbers into parts.
    case .complex64, .complex128: "double"
    }
  }

  /// The part of an intrinsic's name that tells a type: `v16f32`, `i64`.
  static func suffix(_ scalar: String, _ lanes: Int) -> String {
    let short =
      switch scalar {
      case "half": "f16"
      case "float": "f32"
      case "double": "f64"
      case "ptr": "p0"
      default: scalar
      }
    return lanes == 1 ? short : "v\(lanes)\(short)"
  }

  /// A constant of a scalar type.
  static func constant(_ scalar: Scalar) -> String {
    switch scalar.dtype {
    case .bool: return scalar.boolValue ? "true" : "false"
    case .int8, .int16, .int32, .int64: return "\(scalar.intValue)"
    case .uint8, .uint16, .uint32, .uint64:
      return "\(Int64(bitPattern: scalar.uintValue))"
    case .float32, .float64:
      // Both are written as the bits of a double.
      return hexadecimal(scalar.doubleValue.bitPattern, digits: 16, prefix: "0x")
    case .float16:
      return hexadecimal(
        UInt64(Float16(scalar.doubleValue).bitPattern), digits: 4, prefix: "0xH")
    case .bfloat16:
      return "\(Float(scalar.doubleValue).bitPattern >> 16)"
    case .complex64, .complex128: return "0.0"
    }
  }

  /// A vector of equal constants.
  static func splat(_ constant: String, _ scalar: String, _ lanes: Int) -> String {
    if lanes == 1 { return constant }
    let element = "\(scalar) \(constant)"
    return "<" + Array(repeating: element, count: lanes).joined(separator: ", ") + ">"
  }

  /// The vector 0, 1, 2, ...
  static func iota(_ scalar: String, _ lanes: Int) -> String {
    "<" + (0..<lanes).map { "\(scalar) \($0)" }.joined(separator: ", ") + ">"
  }

  private static func hexadecimal(_ bits: UInt64, digits: Int, prefix: String) -> String {
    let text = String(bits, radix: 16, uppercase: true)
    return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
