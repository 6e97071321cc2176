import WeftIR

extension ScriptValue {
  /// The value as an integer; nil for another kind.
  ///
  /// A 0-d array of integers is computed.
  func asInt() throws -> Int? {
    switch self {
    case .bool(let value): return value ? 1 : 0
    case .integer(let value):
      guard let fits = Int(exactly: value) else { throw Self.overflow(value) }
      return fits
    case .array(let array):
      guard array.rank == 0, array.dtype.isInteger else { return nil }
      let element = try array.buffer().scalar(at: 0)
      guard element.dtype != .uint64 || element.uintValue <= UInt64(Int.max) else {
        throw Self.overflow(Int128(element.uintValue))
      }
      return Int(element.intValue)
    default: return nil
    }
  }

  /// One integer or the integers of a list, tuple or 1-d array; nil for another kind.
  func asInts() throws -> [Int]? {
    if let one = try asInt() { return [one] }
    if let items {
      var result: [Int] = []
      for item in items {
        guard let value = try item.asInt() else { return nil }
        result.append(value)
      }
      return result
    }
    if case .array(let array) = self, array.rank == 1, array.dtype.isInteger || array.count == 0,
      (array.count ?? 0) <= ScriptSequence.maximumCount
    {
      let buffer = try array.buffer()
      return (0..<buffer.count).map { Int(buffer.scalar(at: $0).intValue) }
    }
    return nil
  }

  /// The value as a real number; nil for another kind.
  func asReal() throws -> Double? {
    switch self {
    case .bool(let value): return value ? 1 : 0
    case .integer(let value): return Double(value)
    case .real(let value): return value
    case .array(let array):
      guard array.rank == 0, !array.dtype.isComplex else { return nil }
      return try array.buffer().scalar(at: 0).doubleValue
    default: return nil
    }
  }

  /// A host number or the element of a 0-d array as a scalar; nil for another kind.
  func asScalar() throws -> Scalar? {
    if let (scalar, _) = try hostScalar() { return scalar }
    if case .array(let array) = self, array.rank == 0 { return try array.buffer().scalar(at: 0) }
    return nil
  }

  /// A host number with its kind in promotion; nil for what is no host number.
  ///
  /// - Throws: `out-of-range` for an integer of more than 64 bits.
  func hostScalar() throws(WeftError) -> (Scalar, WeakKind)? {
    switch self {
    case .bool(let value): return (Scalar(value), .bool)
    case .integer(let value):
      if let signed = Int64(exactly: value) { return (Scalar(signed, .int64), .integer) }
      if let unsigned = UInt64(exactly: value) { return (Scalar(unsigned, .uint64), .integer) }
      throw Self.overflow(value)
    case .real(let value): return (Scalar(value, .float64), .float)
    case .complex(let re, let im): return (Scalar(re, im, .complex128), .complex)
    default: return nil
    }
  }

  /// The error for an integer that no array holds.
  static func overflow(_ value: Int128) -> WeftError {
    WeftError(.outOfRange, "integer", "\(value) does not fit in 64 bits")
  }

  /// A dtype or what stands for one in Python: a name, or a type such as `int`; nil for another kind.
  func asDType() -> DType? {
    switch self {
    case .dtype(let dtype): dtype
    case .string(let name): Self.dtype(named: name)
    case .function(let function): Self.dtype(named: function.name)
    default: nil
    }
  }

  /// The dtype of a name as NumPy reads it: `float32`, `f4`, `int`.
  static func dtype(named name: String) -> DType? {
    if let dtype = DType(name: name) { return dtype }
    return switch name {
    case "bool_", "?": .bool
    case "int", "int_", "intp", "longlong", "i8": .int64
    case "uint", "uintp", "ulonglong", "u8": .uint64
    case "float", "float_", "double", "f8", "d": .float64
    case "complex", "cdouble", "c16": .complex128
    case "single", "f4", "f": .float32
    case "half", "f2", "e": .float16
    case "csingle", "c8": .complex64
    case "byte", "i1": .int8
    case "short", "i2": .int16
    case "intc", "i4": .int32
    case "ubyte", "u1": .uint8
    case "ushort", "u2": .uint16
    case "uintc", "u4": .uint32
    default: nil
    }
  }

  /// Whether Python counts the value as true; computes arrays of one element.
  ///
  /// - Throws: `ambiguous-truth` for an array of another number of elements.
  func truth() throws -> Bool {
    switch self {
    case .bool(let value): return value
    case .integer(let value): return value != 0
    case .real(let value): return value != 0
    case .complex(let re, let im): return re != 0 || im != 0
    case .string(let text): return !text.isEmpty
    case .none: return false
    case .tuple(let sequence), .list(let sequence): return !sequence.items.isEmpty
    case .array(let array):
      if let count = array.count, count != 1 {
        throw WeftError(
          .ambiguousTruth, "bool",
          "\(array.expr.type) has \(count) elements, so that it is neither true nor false",
          hint: "use any() or all(), or & and | for elements")
      }
      let buffer = try array.buffer()
      guard buffer.count == 1 else {
        throw WeftError(
          .ambiguousTruth, "bool", "\(buffer.type) is neither true nor false",
          hint: "use any() or all()")
      }
      return buffer.scalar(at: 0).boolValue
    case .ellipsis, .dtype, .slice, .function, .method, .module, .record, .indexer, .blocks,
      .generator:
      return true
    }
  }
}
