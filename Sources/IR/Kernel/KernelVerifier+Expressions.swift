extension KernelChecker {
  /// Checks an expression that is given a dtype; tells whether it may differ between iterations.
  func check(_ expression: Kernel.Expression, _ dtype: DType) throws(Violation) -> Bool {
    switch expression {
    case .primitive(let primitive, let operands):
      let varies = try uses(operands)
      try check(primitive, operands.map(\.dtype), dtype)
      return varies
    case .call(let f, let operands):
      let varies = try uses(operands)
      try result(of: f, operands.map(\.dtype), dtype)
      return varies
    case .convert(let operand):
      let from = operand.dtype
      for (half, other) in [(from, dtype), (dtype, from)]
      where half.isHalf && other != .float32 && other != half {
        throw Violation("half floats convert to and from float32, not \(other)")
      }
      return try use(operand)
    case .astype(let operand):
      if KernelLibrary.conversion(from: operand.dtype, to: dtype) == nil {
        throw Violation("the library has no conversion from \(operand.dtype) to \(dtype)")
      }
      return try use(operand)
    case .bitcast(let operand):
      if operand.dtype.itemSize != dtype.itemSize || operand.dtype == .bool || dtype == .bool {
        throw Violation("\(operand.dtype) and \(dtype) have no common bits")
      }
      return try use(operand)
    case .load(let buffer, let index):
      let stored = try self.buffer(buffer).dtype
      if stored != dtype { throw Violation("the buffer's dtype is \(stored), not \(dtype)") }
      try expect(index, .int64, "the index")
      return try use(index)
    case .table(let bits, let index):
      return try checkTable(bits.count, index, dtype)
    }
  }

  private func checkTable(
    _ count: Int, _ index: Kernel.Operand, _ dtype: DType
  ) throws(Violation) -> Bool {
    if count == 0 { throw Violation("the table is empty") }
    if dtype.itemSize != 4 && dtype.itemSize != 8 {
      throw Violation("elements of a table have 4 or 8 bytes, not those of \(dtype)")
    }
    if !index.dtype.isInteger { throw Violation("the index is \(index.dtype), no integer") }
    if case .constant(let scalar) = index, scalar.intValue < 0 || scalar.intValue >= count {
      throw Violation("index \(scalar.intValue) is outside the table of \(count)")
    }
    return try use(index)
  }

  private func uses(_ operands: [Kernel.Operand]) throws(Violation) -> Bool {
    var varies = false
    for operand in operands where try use(operand) { varies = true }
    return varies
  }

  /// Checks a scalar function's operands and result against its body in the library.
  func result(of f: ScalarFunction, _ operands: [DType], _ dtype: DType) throws(Violation) {
    if operands.count != f.arity {
      throw Violation("\(f.name) takes \(f.arity) operands, not \(operands.count)")
    }
    let of = operands[f == .select ? 1 : 0]
    guard let body = KernelLibrary.function(f, of) else {
      throw Violation("the library has no \(f.name) of \(of)")
    }
    let expected = body.parameters.map(\.dtype)
    if operands != expected {
      throw Violation("\(f.name) takes \(Self.text(expected)), not \(Self.text(operands))")
    }
    if body.result.dtype != dtype {
      throw Violation("\(f.name) of \(of) gives \(body.result.dtype), not \(dtype)")
    }
  }

  private func check(
    _ primitive: Primitive, _ operands: [DType], _ dtype: DType
  ) throws(Violation) {
    let name = primitive.rawValue
    if operands.count != primitive.arity {
      throw Violation("\(name) takes \(primitive.arity) operands, not \(operands.count)")
    }
    var values = operands[...]
    if primitive == .select, values.removeFirst() != .bool {
      throw Violation("select takes a bool first, not \(operands[0])")
    }
    let of = values.first ?? .bool
    if values.contains(where: { $0 != of }) {
      throw Violation("\(name) takes operands of one dtype, not \(Self.text(operands))")
    }
    if !primitive.isDefined(for: of) { throw Violation("there is no \(name) of \(of)") }
    let result = primitive.isComparison ? .bool : of
    if dtype != result { throw Violation("\(name) of \(of) gives \(result), not \(dtype)") }
  }

  private static func text(_ dtypes: [DType]) -> String {
    dtypes.map(\.name).joined(separator: ", ")
  }
}

extension DType {
  /// Whether kernels only move it and convert it to and from float32.
  fileprivate var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

extension Primitive {
  /// Whether it has a meaning for operands (of `select` the second) of a dtype.
  func isDefined(for dtype: DType) -> Bool {
    if dtype.isComplex { return false }
    if self == .select { return true }
    if dtype.isHalf { return false }
    switch self {
    case .add, .subtract, .multiply, .divide, .negate: return dtype != .bool
    case .less, .lessEqual, .greater, .greaterEqual: return dtype != .bool
    case .equal, .notEqual, .select: return true
    case .abs: return dtype.isFloat || dtype.kind == .signed
    case .rest, .shiftLeft, .shiftRight, .countOnes: return dtype.isInteger
    case .fma, .sqrt, .copysign, .floor, .ceil, .trunc, .rint: return dtype.isFloat
    case .and, .or, .xor: return dtype == .bool || dtype.isInteger
    case .multiplyHigh: return dtype == .uint32 || dtype == .uint64
    }
  }
}
