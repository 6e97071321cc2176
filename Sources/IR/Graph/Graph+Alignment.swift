/// What is made of rows whose unknown extents turned out to be 1.
///
/// Frontends take an unknown extent to be equal to the one that it meets; one that is 1 is broadcast.
extension Graph {
  /// The operands of an elementwise row, broadcast to each other where an extent of some is 1.
  package mutating func aligned(_ op: Op, _ operands: [Value], site: SourceSite) -> [Value] {
    guard case .map = op, let first = operands.first else { return operands }
    let shapes = operands.map { type($0).shape }
    guard shapes.contains(where: { $0 != shapes[0] }) else { return operands }
    var codes = type(first).shape.codes
    for shape in shapes {
      guard shape.rank == codes.count else { return operands }
      for (axis, code) in shape.codes.enumerated() where code != codes[axis] {
        guard code == 1 || codes[axis] == 1 else { return operands }
        codes[axis] = code == 1 ? codes[axis] : code
      }
    }
    let common = Shape(codes: codes)
    return operands.map { operand in
      let type = type(operand)
      if type.shape == common { return operand }
      let op = Op.broadcast(to: common, axes: Array(0..<common.rank))
      return add(op, [operand], types: [TensorType(type.dtype, common)], site: site)
    }
  }
}

extension Shape {
  /// A broadcast's shape as its unknown extents turned out, with the operand's in place of those
  /// that are 1.
  package func widened(_ resolved: Shape, axes: [Int], operand: Shape) -> Shape {
    var result = resolved
    for (axis, target) in axes.enumerated() {
      guard case .unknown = self[target], resolved[target] == .known(1) else { continue }
      result[target] = operand[axis]
    }
    return result
  }
}
