import WeftIR

/// A graph cut where only data tell the extents: what can run now, and what waits for it.
///
/// Executors see graphs whose extents are known, but for `compress` rows that are outputs.
struct Stage {
  /// Rows of known extents, and the rows that make extents known.
  var graph = Graph()
  /// The waiting graph's values that each of the stage's outputs stands for.
  var boundary: [Value] = []

  /// Cuts a graph; nil when all extents are known.
  init?(cutting graph: Graph) throws(WeftError) {
    let live = graph.liveRows()
    var isReady = Array(repeating: false, count: graph.count)
    // What the rest can make again from nothing.
    var isGenerated = isReady
    var waits = false
    for row in 0..<graph.count where live[row] {
      let operandsKnown = graph.operands(row).allSatisfy {
        isReady[$0.index] && graph.type($0).shape.isKnown
      }
      isReady[row] = operandsKnown && Self.isSelfContained(graph.rows[row].op)
      isGenerated[row] =
        isReady[row] && Self.generates(graph.rows[row].op)
        && graph.operands(row).allSatisfy { isGenerated[$0.index] }
      if !isReady[row] { waits = true }
    }
    if !waits { return nil }
    var renamed: [Value: Value] = [:]
    for (n, parameter) in graph.parameters.enumerated() {
      renamed[Value(row: n)] = self.graph.addParameter(
        parameter.name, parameter.type, layout: parameter.layout, stored: parameter.stored)
    }
    try copy(graph, live, isReady, &renamed)
    // A value crosses when something that waits uses it, or when it is an output.
    var crossing: [Value] = []
    var seen: Set<Value> = []
    func cross(_ value: Value) {
      guard isReady[value.index], seen.insert(value).inserted else { return }
      if case .input = graph.op(value) { return }
      crossing.append(value)
    }
    for row in 0..<graph.count where live[row] && !isReady[row] {
      for operand in graph.operands(row) where !isGenerated[operand.index] { cross(operand) }
    }
    graph.outputs.forEach(cross)
    // Only values of unknown extent tell something: without one the rest would wait for ever.
    guard crossing.contains(where: { !graph.type($0).shape.isKnown }) else {
      throw Self.stuck(graph, live, isReady)
    }
    boundary = crossing
    self.graph.outputs = crossing.map { renamed[$0] ?? $0 }
  }

  private static func stuck(_ graph: Graph, _ live: [Bool], _ isReady: [Bool]) -> WeftError {
    let row = (0..<graph.count).first { live[$0] && !isReady[$0] } ?? 0
    return WeftError(
      .unknownExtent, graph.rows[row].op.name,
      "nothing in the expression tells the extents of \(graph.type(Value(row: row)))",
      site: graph.rows[row].site, hint: "compute() the parts first")
  }

  private mutating func copy(
    _ graph: Graph, _ live: [Bool], _ isReady: [Bool], _ renamed: inout [Value: Value]
  ) throws(WeftError) {
    for row in 0..<graph.count where live[row] && isReady[row] {
      if case .input(let n, _) = graph.rows[row].op {
        renamed[Value(row: row)] = Value(row: n)
        continue
      }
      let operands = graph.operands(row).map { renamed[$0] ?? $0 }
      let value = self.graph.add(
        graph.rows[row].op, operands, types: Array(graph.types(row)), site: graph.rows[row].site)
      for result in 0..<graph.types(row).count {
        renamed[Value(row: row, result: result)] = Value(row: value.index, result: result)
      }
    }
  }

  /// Whether a row makes its elements without memory, if its operands do.
  private static func generates(_ op: Op) -> Bool {
    switch op {
    case .constant, .iota, .broadcast, .convert, .permute, .slice, .reverse: true
    case .input, .random, .map, .reduce, .scan, .argReduce, .contract, .reshape, .pad, .concatenate,
      .gather, .scatter, .compress, .sort, .store, .call:
      false
    }
  }

  /// Whether an op's own payload has no unknown extent that it does not make known itself.
  private static func isSelfContained(_ op: Op) -> Bool {
    switch op {
    case .broadcast(let shape, _), .reshape(let shape): shape.isKnown
    case .iota(let type, _): type.shape.isKnown
    case .random(let stream): stream.shape.isKnown
    case .input, .constant, .map, .convert, .reduce, .scan, .argReduce, .contract, .permute,
      .slice, .pad, .reverse, .concatenate, .gather, .scatter, .compress, .sort, .store, .call:
      true
    }
  }

  /// The graph that is left when the stage has run, with its extents filled in.
  ///
  /// - Throws: what inference finds wrong now that extents are known.
  func remainder(
    of graph: Graph, results: [Buffer]
  ) throws(WeftError) -> (graph: Graph, inputs: [Buffer]) {
    var known: [Int: Int] = [:]
    for (value, buffer) in zip(boundary, results) {
      try Self.bind(graph.type(value), to: buffer.type, &known, graph.rows[value.index].site)
    }
    // An extent may become known behind a row that names it: then the rows are made again.
    while true {
      let before = known.count
      let rest = try rows(of: graph, results, &known)
      if known.count == before { return (rest, results) }
    }
  }

  /// The rows that are left, with the extents known so far filled in; notes those that follow.
  private func rows(
    of graph: Graph, _ results: [Buffer], _ known: inout [Int: Int]
  ) throws(WeftError) -> Graph {
    var rest = Graph(name: graph.name)
    var renamed: [Value: Value] = [:]
    var parameterValues: [Value] = []
    for parameter in graph.parameters {
      parameterValues.append(
        rest.addParameter(
          parameter.name, parameter.type, layout: parameter.layout, stored: parameter.stored))
    }
    for (n, (value, buffer)) in zip(boundary, results).enumerated() {
      renamed[value] = rest.addParameter(
        "s\(graph.parameters.count + n)", buffer.type, layout: buffer.layout,
        stored: buffer.sparse?.count, site: graph.rows[value.index].site)
    }
    let live = graph.liveRows()
    for row in 0..<graph.count where live[row] {
      let site = graph.rows[row].site
      if case .input(let n, _) = graph.rows[row].op {
        renamed[Value(row: row)] = parameterValues[n]
        continue
      }
      // A row that crossed has run, whichever of its results are here.
      let hasRun = (0..<graph.types(row).count).contains {
        renamed[Value(row: row, result: $0)] != nil
      }
      if hasRun { continue }
      let operands = graph.operands(row).compactMap { renamed[$0] }
      // Rows before the boundary have run; their operands are not all here.
      if operands.count < graph.operands(row).count { continue }
      let op = Self.resolved(graph.rows[row].op, known, operands.map { rest.type($0) })
      let aligned = rest.aligned(op, operands, site: site)
      let value = rest.add(
        op, aligned, types: try Self.types(of: op, aligned, rest, like: graph.types(row), site),
        site: site)
      if aligned != operands {
        renamed[Value(row: row)] = value
        continue
      }
      for (result, type) in graph.types(row).enumerated() {
        let new = Value(row: value.index, result: result)
        try Self.bind(type, to: rest.type(new), &known, site)
        renamed[Value(row: row, result: result)] = new
      }
    }
    rest.outputs = graph.outputs.map { renamed[$0] ?? $0 }
    return rest
  }

  /// The types of a row's results; extents still unknown keep the names that later rows use.
  private static func types(
    of op: Op, _ operands: [Value], _ rest: Graph, like old: ArraySlice<TensorType>,
    _ site: SourceSite
  ) throws(WeftError) -> [TensorType] {
    var types: [TensorType]
    do {
      types = try TypeInference.infer(op, operands.map { rest.type($0) })
    } catch {
      throw error.located(at: site)
    }
    for (result, type) in zip(types.indices, old) where type.rank == types[result].rank {
      for axis in 0..<type.rank where types[result].shape.codes[axis] < 0 {
        types[result].shape[axis] = type.shape[axis]
      }
    }
    return types
  }

  private static func bind(
    _ expected: TensorType, to actual: TensorType, _ known: inout [Int: Int], _ site: SourceSite
  ) throws(WeftError) {
    for axis in 0..<min(expected.rank, actual.rank) {
      guard case .unknown(let id) = expected.shape[axis], case .known(let n) = actual.shape[axis]
      else { continue }
      if let earlier = known[id], earlier != n {
        // An extent of 1 that was taken to be another's is broadcast to it.
        if earlier == 1 || n == 1 { continue }
        throw WeftError(
          .shapeMismatch, "compute", "one unknown extent is \(earlier) and \(n)", site: site)
      }
      known[id] = n
    }
  }

  private static func resolved(
    _ op: Op, _ known: [Int: Int], _ operands: [TensorType]
  ) -> Op {
    switch op {
    case .broadcast(let shape, let axes):
      .broadcast(
        to: shape.widened(shape.resolved(known), axes: axes, operand: operands[0].shape),
        axes: axes)
    case .reshape(let shape):
      .reshape(shape.resolved(known).completed(count: operands[0].shape.count))
    case .iota(let type, let axis):
      .iota(TensorType(type.dtype, type.shape.resolved(known)), axis: axis)
    case .random(let stream):
      .random(RandomStream(shape: stream.shape.resolved(known), lane: stream.lane))
    case .input, .constant, .map, .convert, .reduce, .scan, .argReduce, .contract, .permute,
      .slice, .pad, .reverse, .concatenate, .gather, .scatter, .compress, .sort, .store, .call:
      op
    }
  }
}
