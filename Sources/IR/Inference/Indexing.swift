extension TypeInference {
  static func gather(
    _ operand: TensorType, _ indices: TensorType, _ axis: Int
  ) throws(WeftError) -> TensorType {
    try requireAxis("gather", axis, operand)
    try requireIndices("gather", indices)
    var codes = operand.shape.codes
    codes.replaceSubrange(axis...axis, with: indices.shape.codes)
    return TensorType(operand.dtype, Shape(codes: codes))
  }

  static func scatter(
    _ operand: TensorType, _ indices: TensorType, _ updates: TensorType, _ axis: Int,
    _ f: ScalarFunction
  ) throws(WeftError) -> TensorType {
    try requireAxis("scatter", axis, operand)
    try requireIndices("scatter", indices)
    guard indices.rank == 1, updates.dtype == operand.dtype, updates.rank == operand.rank else {
      throw WeftError(
        .argument, "scatter", "cannot put \(updates) at \(indices) of axis \(axis) of \(operand)")
    }
    for other in 0..<operand.rank {
      let expected = other == axis ? indices.shape[0] : operand.shape[other]
      if !mayEqual(expected, updates.shape[other]) {
        throw WeftError(
          .shapeMismatch, "scatter",
          "cannot put \(updates) at \(indices) of axis \(axis) of \(operand)")
      }
    }
    guard f.arity == 2, f.operandDType(for: operand.dtype) == operand.dtype,
      f.resultDType(for: operand.dtype) == operand.dtype
    else {
      throw WeftError(.dtype, "scatter", "\(f.name) does not combine \(operand.dtype)")
    }
    return operand
  }

  static func compress(
    _ operand: TensorType, _ mask: TensorType, _ axis: Int, _ extent: Extent
  ) throws(WeftError) -> TensorType {
    try requireAxis("compress", axis, operand)
    guard mask.dtype == .bool, mask.rank == 1,
      mayEqual(mask.shape[0], operand.shape[axis])
    else {
      throw WeftError(
        .index, "compress", "the mask \(mask) does not select along axis \(axis) of \(operand)")
    }
    var shape = operand.shape
    shape[axis] = extent
    return TensorType(operand.dtype, shape)
  }

  private static func requireIndices(_ name: String, _ type: TensorType) throws(WeftError) {
    if type.dtype != .int64 {
      throw WeftError(.dtype, name, "indices are \(type), expected int64")
    }
  }
}
