/// The types of a row's results: one exhaustive switch, each arm a function of its family.
public enum TypeInference {
  /// The types of an op's results for operand types.
  ///
  /// - Throws: what is wrong with the operands, without a place.
  public static func infer(_ op: Op, _ operands: [TensorType]) throws(WeftError) -> [TensorType] {
    try requireCount(op, operands.count)
    switch op {
    case .input(_, let type): return [type]
    case .constant(let scalar): return [TensorType(scalar.dtype, .scalar)]
    case .iota(let type, let axis): return [try iota(type, axis)]
    case .random(let stream): return [try random(stream, operands[0])]
    case .map(let f): return [try map(f, operands)]
    case .convert(let dtype): return [TensorType(dtype, operands[0].shape)]
    case .reduce(let f, let axes): return [try reduce(f, axes, operands[0])]
    case .scan(let f, let axis): return [try scan(f, axis, operands[0])]
    case .argReduce(let f, let axis): return [try argReduce(f, axis, operands[0])]
    case .contract(let contraction): return [try contract(contraction, operands)]
    case .broadcast(let shape, let axes): return [try broadcast(operands[0], shape, axes)]
    case .reshape(let shape): return [try reshape(operands[0], shape)]
    case .permute(let axes): return [try permute(operands[0], axes)]
    case .slice(let spans): return [try slice(operands[0], spans)]
    case .pad(let spans): return [try pad(operands[0], operands[1], spans)]
    case .reverse(let axes):
      try requireAxes("reverse", axes, operands[0])
      return [operands[0]]
    case .concatenate(let axis): return [try concatenate(operands, axis)]
    case .gather(let axis): return [try gather(operands[0], operands[1], axis)]
    case .scatter(let axis, let f):
      return [try scatter(operands[0], operands[1], operands[2], axis, f)]
    case .compress(let axis, let extent):
      return [try compress(operands[0], operands[1], axis, extent)]
    case .sort(let axis, _):
      try requireAxis("sort", axis, operands[0])
      return [operands[0], TensorType(.int64, operands[0].shape)]
    case .store(let layout):
      if layout.levels.count != operands[0].rank {
        throw WeftError(
          .shapeMismatch, "store", "\(layout) has \(layout.levels.count) levels for \(operands[0])")
      }
      if let problem = layout.problem { throw WeftError(.value, "store", problem) }
      if let chunks = layout.chunks { try requireChunks(chunks, operands[0]) }
      return [operands[0]]
    case .call(let routine): return try call(routine, operands)
    }
  }

  /// Pieces have positions, and given ones are all of their axis.
  private static func requireChunks(
    _ chunks: [ChunkGrid.Cut], _ operand: TensorType
  ) throws(WeftError) {
    for (axis, cut) in chunks.enumerated() {
      switch cut {
      case .uniform(let size):
        if size < 1 {
          throw WeftError(.value, "store", "chunks of \(size) positions along axis \(axis)")
        }
      case .pieces(let pieces):
        let sum = pieces.reduce(0) { $0.addingReportingOverflow($1).partialValue }
        guard pieces.allSatisfy({ $0 >= 0 }), .known(sum) == operand.shape[axis] else {
          throw WeftError(
            .shapeMismatch, "store",
            "chunks of \(pieces) positions do not make up axis \(axis) of \(operand)")
        }
      }
    }
  }

  private static func call(
    _ routine: Routine, _ operands: [TensorType]
  ) throws(WeftError) -> [TensorType] {
    do {
      let types = try routine.infer(operands)
      if types.isEmpty { throw WeftError(.internal, routine.name, "gives no results") }
      return types
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.internal, routine.name, "\(error)")
    }
  }

  /// As `infer`, with the unknown extents that inference makes up taken from types known before.
  ///
  /// Each inference gives them fresh ids.
  public static func infer(
    _ op: Op, _ operands: [TensorType], keeping known: [TensorType]
  ) throws(WeftError) -> [TensorType] {
    let types = try infer(op, operands)
    if !op.makesExtents { return types }
    if types.count != known.count || types.allSatisfy({ $0.shape.isKnown }) { return types }
    var names: [Int: Extent] = [:]
    for type in operands {
      for case .unknown(let id) in type.shape.extents { names[id] = .unknown(id: id) }
    }
    for (type, old) in zip(types, known) where type.rank == old.rank {
      for case (.unknown(let id), .unknown(let oldId)) in zip(type.shape.extents, old.shape.extents)
      where names[id] == nil {
        names[id] = .unknown(id: oldId)
      }
    }
    return types.map { $0.replacingUnknowns { names[$0] ?? .unknown(id: $0) } }
  }

  private static func requireCount(_ op: Op, _ count: Int) throws(WeftError) {
    let expected: Int?
    switch op {
    case .input, .constant, .iota: expected = 0
    case .map(let f): expected = f.arity
    case .contract(let contraction): expected = contraction.operands.count
    case .pad, .gather, .compress: expected = 2
    case .scatter: expected = 3
    case .concatenate: expected = nil
    case .call(let routine): expected = routine.arity
    case .random, .convert, .reduce, .scan, .argReduce, .broadcast, .reshape, .permute, .slice,
      .reverse, .sort, .store:
      expected = 1
    }
    if let expected, expected != count {
      throw WeftError(.argument, op.name, "takes \(expected) operands, got \(count)")
    }
  }

  static func requireAxis(_ name: String, _ axis: Int, _ type: TensorType) throws(WeftError) {
    if axis < 0 || axis >= type.rank {
      throw WeftError(.axis, name, "axis \(axis) is out of range for \(type)")
    }
  }

  static func requireAxes(_ name: String, _ axes: AxisSet, _ type: TensorType) throws(WeftError) {
    if axes.bits >> UInt64(type.rank) != 0 {
      throw WeftError(.axis, name, "axes \(axes.axes) are out of range for \(type)")
    }
  }

  /// Whether two extents can be the same at run time.
  public static func mayEqual(_ a: Extent, _ b: Extent) -> Bool {
    switch (a, b) {
    case (.known(let x), .known(let y)): x == y
    default: true
    }
  }

  /// The shape that operands of equal shape have; a known extent tells an unknown one.
  static func unified(
    _ name: String, _ operands: some Collection<TensorType>
  ) throws(WeftError) -> Shape {
    guard var shape = operands.first?.shape else { return .scalar }
    for operand in operands.dropFirst() where operand.shape != shape {
      let other = operand.shape
      guard other.rank == shape.rank else { throw mismatch(name, operands) }
      for axis in 0..<shape.rank where shape[axis] != other[axis] {
        if !mayEqual(shape[axis], other[axis]) { throw mismatch(name, operands) }
        if case .known = other[axis] { shape[axis] = other[axis] }
      }
    }
    return shape
  }

  private static func mismatch(
    _ name: String, _ operands: some Collection<TensorType>
  ) -> WeftError {
    WeftError(
      .shapeMismatch, name,
      "operands have different shapes: " + operands.map(\.description).joined(separator: ", "))
  }
}
