import WeftIR

/// Computes single rows: one arm for each op, each a function of its family.
struct RowEvaluator {
  let context: RunContext
  let routines: [String: RoutineImplementation]

  var token: CancellationToken { context.token }

  func allocate(_ type: TensorType) throws(WeftError) -> Buffer {
    try Buffer(allocating: type, in: context.memory)
  }

  /// The results of an op whose payload has no unknown extents, for operands that inference has
  /// accepted; `types` are theirs.
  func results(
    of op: Op, _ operands: [Buffer], _ types: [TensorType], _ inputs: [Buffer]
  ) throws -> [Buffer] {
    switch op {
    case .input(let n, _): [inputs[n]]
    case .constant(let scalar): [try constant(scalar, types[0])]
    case .iota(let type, let axis): [try iota(type, axis)]
    case .random(let stream): [try random(stream, operands[0], types[0])]
    case .map(let f): [try map(f, operands, types[0])]
    case .convert: [try convert(operands[0], types[0])]
    case .reduce(let f, let axes): [try reduce(f, axes, operands[0], types[0])]
    case .scan(let f, let axis): [try scan(f, axis, operands[0], types[0])]
    case .argReduce(let f, let axis): [try argReduce(f, axis, operands[0], types[0])]
    case .contract(let contraction): [try contract(contraction, operands, types[0])]
    case .broadcast(_, let axes): [try broadcast(operands[0], axes, types[0])]
    case .reshape, .store: [try reshape(operands[0], types[0])]
    case .permute(let axes): [try permute(operands[0], axes, types[0])]
    case .slice(let spans): [try slice(operands[0], spans, types[0])]
    case .pad(let spans): [try pad(operands[0], operands[1], spans, types[0])]
    case .reverse(let axes): [try reverse(operands[0], axes, types[0])]
    case .concatenate(let axis): [try concatenate(operands, axis, types[0])]
    case .gather(let axis): [try gather(operands[0], operands[1], axis, types[0])]
    case .scatter(let axis, let f):
      [try scatter(operands[0], operands[1], operands[2], axis, f, types[0])]
    case .compress(let axis, _): [try compress(operands[0], operands[1], axis, types[0])]
    case .sort(let axis, let descending):
      try sort(operands[0], axis, descending: descending, types)
    case .call(let routine): try call(routine, operands)
    }
  }

  private func call(_ routine: Routine, _ operands: [Buffer]) throws -> [Buffer] {
    guard let implementation = routines[routine.name] ?? routine.body else {
      throw ReferenceExecutor.unsupported(routine)
    }
    return try implementation(routine, operands, context)
  }

  /// Bytes besides operands and results that a row needs at most, for operand types with known
  /// extents.
  static func scratchBytes(_ op: Op, _ operands: [TensorType]) -> Int {
    switch op {
    case .contract(let contraction):
      var extents = Array(repeating: 0, count: contraction.labelCount)
      for (labels, type) in zip(contraction.operands, operands) {
        for (label, extent) in zip(labels, type.shape.codes) { extents[label] = extent }
      }
      return ContractionPlan(contraction).scratchBytes(contraction, extents, operands[0].dtype)
    case .sort(let axis, _):
      return operands[0].shape.codes[axis].multipliedReportingOverflow(by: 8).partialValue
    default:
      return 0
    }
  }
}
