import WeftIR

/// What the data have told so far of extents that the graph does not know.
struct UnknownExtents {
  private var known: [Int: Int] = [:]

  /// Learns the extents of a value from its actual type.
  ///
  /// - Throws: `shape-mismatch` when the type does not fit, `dtype` when the dtype differs.
  mutating func bind(
    _ type: TensorType, to actual: TensorType, _ name: String
  ) throws(WeftError) {
    guard type.dtype == actual.dtype else {
      throw WeftError(.dtype, name, "is \(actual), expected \(type)")
    }
    let expected = type.shape.resolved(known)
    guard expected.rank == actual.rank else {
      throw WeftError(.shapeMismatch, name, "is \(actual), expected \(type)")
    }
    for axis in 0..<actual.rank {
      let extent = actual.shape.codes[axis]
      switch type.shape.resolved(known)[axis] {
      case .known(let number):
        if number != extent {
          throw WeftError(
            .shapeMismatch, name, "is \(actual), expected \(TensorType(type.dtype, expected))")
        }
      case .unknown(let id): known[id] = extent
      }
    }
  }

  /// The op with known extents in its payload.
  ///
  /// What is not known yet follows from the operands: the extent that a mask selects, one extent
  /// of a reshape, extents that a broadcast keeps.
  func resolved(
    _ op: Op, _ operands: [Buffer], _ type: TensorType, _ evaluator: RowEvaluator
  ) throws(WeftError) -> Op {
    switch op {
    case .compress(let axis, _):
      return .compress(axis: axis, extent: .known(evaluator.selectedCount(operands[1])))
    case .input(let n, let type):
      return .input(n, TensorType(type.dtype, type.shape.resolved(known)))
    case .iota(let type, let axis):
      let shape = try complete(type.shape.resolved(known), "iota")
      return .iota(TensorType(type.dtype, shape), axis: axis)
    case .random(let stream):
      let shape = try complete(stream.shape.resolved(known), "random")
      return .random(RandomStream(shape: shape, lane: stream.lane))
    case .broadcast(let target, let axes):
      var shape = target.resolved(known)
      for (axis, place) in axes.enumerated() where shape.codes[place] < 0 {
        shape[place] = .known(operands[0].extents[axis])
      }
      return .broadcast(to: try complete(shape, "broadcast"), axes: axes)
    case .reshape(let target):
      var shape = target.resolved(known)
      let missing = shape.codes.indices.filter { shape.codes[$0] < 0 }
      let rest = shape.codes.reduce(1) { $1 < 0 ? $0 : $0 &* $1 }
      if missing.count == 1 && rest > 0 && operands[0].count % rest == 0 {
        shape[missing[0]] = .known(operands[0].count / rest)
      }
      return .reshape(try complete(shape, "reshape"))
    case .constant, .map, .convert, .reduce, .scan, .argReduce, .contract, .permute, .slice, .pad,
      .reverse, .concatenate, .gather, .scatter, .sort, .store, .call:
      return op
    }
  }

  private func complete(_ shape: Shape, _ name: String) throws(WeftError) -> Shape {
    if !shape.isKnown {
      throw WeftError(.unknownExtent, name, "nothing tells the unknown extents of \(shape)")
    }
    return shape
  }
}
