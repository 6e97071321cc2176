import WeftIR

extension NPYHeader {
  /// The header of a C-order array, byte for byte as NumPy writes it.
  ///
  /// Version 1.0, or 2.0 when the text is too long for two bytes; never 3.0, as it is ASCII.
  static func encode(_ type: TensorType) -> [UInt8] {
    encode(descr: descr(type.dtype), type.shape.known ?? [])
  }

  /// The header of a C-order array of what NumPy calls `descr`.
  static func encode(descr: String, _ extents: [Int]) -> [UInt8] {
    let items = extents.map(String.init).joined(separator: ", ") + (extents.count == 1 ? "," : "")
    var text =
      "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(items)), }"
    // NumPy leaves room for the first extent to grow in place.
    if let first = extents.first {
      text += String(repeating: " ", count: max(0, 21 - String(first).utf8.count))
    }
    let version: UInt8 = text.utf8.count + 1 + 64 > Int(UInt16.max) ? 2 : 1
    let lengthByteCount = version == 1 ? 2 : 4
    let used = magic.count + 2 + lengthByteCount + text.utf8.count + 1
    text += String(repeating: " ", count: 64 - used % 64) + "\n"
    var bytes = magic + [version, 0]
    for i in 0..<lengthByteCount {
      bytes.append(UInt8(truncatingIfNeeded: text.utf8.count >> (8 * i)))
    }
    return bytes + Array(text.utf8)
  }

  static func descr(_ dtype: DType) -> String {
    switch dtype {
    case .bool: "|b1"
    case .int8, .uint8: "|\(dtype.kind == .signed ? "i" : "u")1"
    case .bfloat16: "<V2"
    case .int16, .int32, .int64: "<i\(dtype.itemSize)"
    case .uint16, .uint32, .uint64: "<u\(dtype.itemSize)"
    case .float16, .float32, .float64: "<f\(dtype.itemSize)"
    case .complex64, .complex128: "<c\(dtype.itemSize)"
    }
  }
}
