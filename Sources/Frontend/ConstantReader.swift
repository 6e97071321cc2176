import WeftIR

/// Reads integers that are known without running anything: constants, elements in memory, and
/// small compositions of them such as literals.
///
/// NumPy functions take arrays where a shape depends on the values (`repeat`, `delete`); shapes
/// are found when the expression is built, so such values must be known then.
enum ConstantReader {
  /// The most elements that are read where a shape depends on them.
  static let limit = 1 << 20
  /// The most elements that are read to find mistakes early, so that building stays quick.
  static let few = 1 << 12
  /// The most nodes between a value and its constants.
  private static let depth = 32

  /// The elements in C order; nil when they are not known, too many, or not integers or bool.
  static func integers(_ array: NDArray, atMost limit: Int = limit) -> [Int]? {
    guard array.count ?? 0 <= limit, !array.dtype.isInexact || array.count == 0,
      let scalars = scalars(array.expr, depth: depth)
    else { return nil }
    var result: [Int] = []
    for scalar in scalars {
      if scalar.dtype == .uint64 && scalar.uintValue > UInt64(Int.max) { return nil }
      result.append(Int(scalar.intValue))
    }
    return result
  }

  /// The elements in C order; nil when they are not known or too many.
  static func scalars(_ array: NDArray, atMost limit: Int = limit) -> [Scalar]? {
    array.count ?? 0 <= limit ? scalars(array.expr, depth: depth) : nil
  }

  /// Whether there is memory for lists of so many scalars.
  private static func hasRoom(_ count: Int) -> Bool {
    if count <= few { return true }
    let size = 4 * MemoryLayout<Scalar>.stride
    return (try? Session.current.memory.requireRoom(count, times: size, for: "read")) != nil
  }

  private static func scalars(_ expr: Expr, depth: Int) -> [Scalar]? {
    guard depth > 0, let count = expr.type.shape.count, count <= limit, hasRoom(count) else {
      return nil
    }
    switch expr.node {
    case .leaf(let buffer): return (0..<buffer.count).map { buffer.scalar(at: $0) }
    case .op(let op, let operands):
      var list: [Expr] = []
      operands.forEach { list.append($0) }
      return scalars(op, list, expr.type, count, depth: depth)
    case .projection, .poison, .released: return nil
    }
  }

  private static func scalars(
    _ op: Op, _ operands: [Expr], _ type: TensorType, _ count: Int, depth: Int
  ) -> [Scalar]? {
    switch op {
    case .constant(let scalar): return [scalar]
    case .reshape: return scalars(operands[0], depth: depth - 1)
    case .convert(let dtype):
      return scalars(operands[0], depth: depth - 1)?.map { $0.converted(to: dtype) }
    case .map(let f) where f.arity == 1:
      return scalars(operands[0], depth: depth - 1)?.map { f.evaluate($0, $0, $0) }
    case .broadcast where operands[0].type.shape.count == 1:
      guard let value = scalars(operands[0], depth: depth - 1)?.first else { return nil }
      return Array(repeating: value, count: count)
    case .concatenate(axis: 0):
      var result: [Scalar] = []
      for operand in operands {
        guard let part = scalars(operand, depth: depth - 1) else { return nil }
        result += part
      }
      return result
    case .iota where type.rank == 1:
      return (0..<count).map { Scalar(Int64($0), type.dtype) }
    default: return nil
    }
  }
}
