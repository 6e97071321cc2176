import WeftIR
import WeftPasses

/// Runs tiles over boxes of sparse arrays: what such a tile makes is dense, as chunks are.
struct SparseTiles: Executor {
  let inner: any Executor

  var name: String { inner.name }
  func probe() -> Availability { inner.probe() }
  func supports(_ row: Int, of graph: Graph) -> Support { inner.supports(row, of: graph) }

  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    guard graph.isSparse else { return try inner.prepare(graph, context) }
    var graph = graph
    try Pass.layouts.run(&graph, context)
    let layouts = GraphLayouts(graph)
    graph.outputs = try graph.outputs.map { output in
      guard layouts.layout(of: output) != nil else { return output }
      let type = graph.type(output)
      return try graph.add(
        .store(.dense(rank: type.rank)), [output], site: graph.rows[output.index].site)
    }
    return try inner.prepare(graph, context)
  }

  /// Why a graph over sparse arrays is not planned for chunks: nobody can count those of some value; nil where they
  /// are countable.
  static func uncounted(_ graph: Graph) -> String? {
    for row in 0..<graph.count {
      let type = graph.type(Value(row: row))
      if type.shape.isKnown, type.byteCount == nil { return "\(type) has too many chunks" }
    }
    return nil
  }

  /// Why a graph over sparse arrays is not cut, after a planner has said what is stored; nil where it is.
  static func problem(_ planner: StagePlanner) -> String? {
    let graph = planner.graph
    let layouts = GraphLayouts(graph)
    for (n, parameter) in graph.parameters.enumerated() {
      guard let layout = parameter.layout, !layout.isDense else { continue }
      if !layout.isCutCheaply { return "\(parameter.type) in \(layout) is not cut into boxes" }
      if parameter.type.byteCount ?? .max >= mostBytes {
        return "\(parameter.type) has too many chunks"
      }
      let tiles = planner.arrays.filter { $0.parameter == n }.map(\.grid.count).max() ?? 1
      if tiles > mostTiles { return "\(parameter.type) has too many chunks (\(tiles))" }
    }
    for (value, array) in planner.stored where planner.arrays[array].parameter == nil {
      if layouts.layout(of: value) != nil {
        return "the result of \(graph.title(of: value.index)) is stored sparsely"
      }
    }
    return nil
  }

  /// Bytes of a dense array from which on its chunks are too many.
  private static let mostBytes = 1 << 46
  /// Chunks of a sparse array from which on planning takes longer than running whole: most are empty.
  private static let mostTiles = 1 << 16
}

/// A graph over sparse arrays that is not cut.
struct UncutExecutable: Executable {
  let inner: any Executable
  let name: String
  let reason: String

  var takesElsewhere: Bool { inner.takesElsewhere }
  var peakBytes: Int { inner.peakBytes }
  var steps: [String] { inner.steps.map { "\(name): \($0)" } }
  var listings: [KernelListing] { inner.listings }
  func notes(of graph: Graph) -> [String] {
    ["chunks: none, \(reason)"] + inner.notes(of: graph)
  }

  var handedOn: (reason: String, site: SourceSite)? {
    ("\(reason); all of it runs on \(name), not in chunks", .none)
  }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    if let (message, site) = handedOn {
      context.counters.add("fallbacks")
      context.counters.note(Counters.Event(kind: "fallback", message: message, site: site))
    }
    return try inner.run(inputs, context)
  }
}

extension Graph.Parameter {
  /// The share of a dense array's bytes that entries and their coordinates take, at most 1.
  var storedShare: Double {
    guard let layout, !layout.isDense, let stored else { return 1 }
    let count = type.shape.codes.reduce(1) { $0 * Double(max(1, $1)) }
    let item = Double(type.dtype.itemSize)
    return min(1, Double(stored) / count * (item + 8) / item)
  }
}
