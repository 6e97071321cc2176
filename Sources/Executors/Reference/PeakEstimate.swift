import WeftIR

/// The most bytes alive at once, from the types that the graph was built with.
///
/// An unknown extent counts as the greatest it can be where operands bound it (a mask selects no
/// more than there is), else as 0.
struct PeakEstimate {
  private(set) var bytes = 0
  private var bounds: [Int: Int] = [:]

  init(
    _ graph: Graph, _ live: [Bool], _ released: [[Value]],
    workspace: (Routine, [TensorType]) -> Int
  ) {
    var alive = 0
    for row in graph.rows.indices where live[row] {
      let operands = graph.operands(row).map { bounded(graph.type($0)) }
      learn(graph.rows[row].op, operands, graph.types(row))
      var isInput = false
      if case .input = graph.rows[row].op { isInput = true }
      if !isInput {
        for type in graph.types(row) { alive = Self.sum(alive, size(type)) }
      }
      var scratch = RowEvaluator.scratchBytes(graph.rows[row].op, operands)
      if case .call(let routine) = graph.rows[row].op { scratch = workspace(routine, operands) }
      bytes = max(bytes, Self.sum(alive, scratch))
      for value in released[row] {
        if case .input = graph.op(value) { continue }
        alive -= min(alive, size(graph.type(value)))
      }
    }
  }

  private func bounded(_ type: TensorType) -> TensorType {
    TensorType(type.dtype, Shape(codes: type.shape.resolved(bounds).codes.map { max(0, $0) }))
  }

  /// Too many to count is as many as can be counted: running such a row throws.
  private func size(_ type: TensorType) -> Int { bounded(type).byteCount ?? .max }

  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// Bounds the unknown extents that a row brings up.
  private mutating func learn(_ op: Op, _ operands: [TensorType], _ types: ArraySlice<TensorType>) {
    func learn(_ extent: Extent, _ bound: Int) {
      if case .unknown(let id) = extent { bounds[id] = min(bounds[id] ?? bound, bound) }
    }
    switch op {
    case .compress(let axis, let extent):
      learn(extent, operands[0].shape.codes[axis])
    case .concatenate(let axis):
      if let type = types.first {
        learn(type.shape[axis], operands.reduce(0) { Self.sum($0, $1.shape.codes[axis]) })
      }
    case .reshape(let shape):
      let known = shape.codes.reduce(1) { $1 < 0 ? $0 : $0 &* $1 }
      let unknown = shape.extents.filter { if case .unknown = $0 { true } else { false } }
      if unknown.count == 1, known > 0, let count = operands[0].shape.count {
        learn(unknown[0], count / known)
      }
    default:
      break
    }
  }
}
