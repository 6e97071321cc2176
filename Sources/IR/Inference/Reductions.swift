extension TypeInference {
  static func reduce(
    _ f: ScalarFunction, _ axes: AxisSet, _ operand: TensorType
  ) throws(WeftError) -> TensorType {
    try requireFold("reduce", f, operand)
    try requireAxes("reduce", axes, operand)
    let folded = axes.axes.map { operand.shape[$0] }
    if f.identity == nil, folded.contains(.known(0)) {
      throw WeftError(
        .emptyReduction, f.name,
        "reduces no elements of \(operand) over axes \(axes.axes) and has no identity")
    }
    return TensorType(operand.dtype, operand.shape.removing(axes))
  }

  static func scan(
    _ f: ScalarFunction, _ axis: Int, _ operand: TensorType
  ) throws(WeftError) -> TensorType {
    try requireFold("scan", f, operand)
    try requireAxis("scan", axis, operand)
    return operand
  }

  static func argReduce(
    _ f: ScalarFunction, _ axis: Int, _ operand: TensorType
  ) throws(WeftError) -> TensorType {
    guard f == .minimum || f == .maximum else {
      throw WeftError(.argument, "argreduce", "finds minimum or maximum, not \(f.name)")
    }
    try requireAxis("argreduce", axis, operand)
    if operand.shape[axis] == .known(0) {
      throw WeftError(
        .emptyReduction, f == .minimum ? "argmin" : "argmax",
        "no elements along axis \(axis) of \(operand)")
    }
    return TensorType(.int64, operand.shape.removing([axis]))
  }

  /// A fold takes an associative function that gives the dtype it takes.
  private static func requireFold(
    _ name: String, _ f: ScalarFunction, _ operand: TensorType
  ) throws(WeftError) {
    guard f.arity == 2, f.isAssociative else {
      throw WeftError(.argument, name, "\(f.name) is not associative")
    }
    guard f.operandDType(for: operand.dtype) == operand.dtype,
      f.resultDType(for: operand.dtype) == operand.dtype
    else {
      throw WeftError(.dtype, name, "\(f.name) does not fold \(operand.dtype)")
    }
  }
}

extension Shape {
  /// The shape without the axes of a set.
  public func removing(_ axes: AxisSet) -> Shape {
    Shape(codes: codes.indices.filter { !axes.contains($0) }.map { codes[$0] })
  }
}
