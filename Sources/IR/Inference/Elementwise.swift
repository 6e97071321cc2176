extension TypeInference {
  static func map(_ f: ScalarFunction, _ operands: [TensorType]) throws(WeftError) -> TensorType {
    let shape = try unified(f.name, operands)
    guard !operands.isEmpty else { throw WeftError(.argument, f.name, "needs an operand") }
    // `select` alone has operands of two dtypes: a mask and two of one dtype.
    let values = f == .select ? operands.dropFirst() : operands[...]
    guard let dtype = values.first?.dtype else { return operands[0] }
    if f == .select && operands[0].dtype != .bool {
      throw WeftError(.dtype, f.name, "the mask is \(operands[0]), expected bool")
    }
    if values.contains(where: { $0.dtype != dtype }) {
      throw WeftError(
        .dtype, f.name,
        "operands have different dtypes: "
          + operands.map(\.description).joined(separator: ", "))
    }
    if f.operandDType(for: dtype) != dtype {
      throw WeftError(.dtype, f.name, "is not defined for \(dtype)")
    }
    return TensorType(f.resultDType(for: dtype), shape)
  }

  static func iota(_ type: TensorType, _ axis: Int) throws(WeftError) -> TensorType {
    try requireAxis("iota", axis, type)
    if type.dtype == .bool || type.dtype.isComplex {
      throw WeftError(.dtype, "iota", "counts in integers or real floats, not \(type.dtype)")
    }
    return type
  }

  static func random(_ stream: RandomStream, _ key: TensorType) throws(WeftError) -> TensorType {
    if key != TensorType(.uint64, .scalar) {
      throw WeftError(.dtype, "random", "the key is \(key), expected uint64[]")
    }
    return TensorType(.uint64, stream.shape)
  }
}
