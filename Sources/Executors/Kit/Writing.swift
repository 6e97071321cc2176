import WeftIR

extension Session {
  /// Computes expressions and gives their elements to sinks, box by box.
  ///
  /// The executor `chunked`, and so `auto` where the results do not fit the memory limit, gives each
  /// chunk of a result to its sink as soon as it is made and lets it go; chunks that a sink has are not
  /// computed, nor what only they need. Other executors compute whole results first.
  ///
  /// An expression that is in memory already is not computed again. What is computed is not
  /// remembered by the expressions.
  ///
  /// - Throws: as `evaluate`, what sinks throw, and `argument` when there are not as many sinks or when
  ///   one wants chunks that its result cannot have. What sinks have taken before stays with them.
  public func write(
    _ expressions: [Expr], to sinks: [any RegionSink], on argument: ExecutorName? = nil,
    token: CancellationToken = CancellationToken()
  ) throws(WeftError) {
    guard sinks.count == expressions.count else {
      throw WeftError(
        .argument, "write", "\(sinks.count) sinks for \(expressions.count) expressions")
    }
    var pending: [Expr] = []
    var takers: [any RegionSink] = []
    for (expression, sink) in zip(expressions, sinks) {
      if let known = expression.buffer, known.isHere {
        try known.give(to: sink, token)
      } else {
        pending.append(expression)
        takers.append(sink)
      }
    }
    if pending.isEmpty { return }
    let start = traceStart
    defer { traceCompute(since: start, outputs: pending.count) }
    do throws(WeftError) {
      try writeAtOnce(pending, to: takers, on: argument, token)
    } catch {
      guard let other = inPieces(after: error, instead: argument, pending[0].site) else {
        throw error
      }
      try other.session.writeAtOnce(pending, to: takers, on: other.executor, token)
    }
    runtime.counters.add("computes")
  }

  private func writeAtOnce(
    _ pending: [Expr], to sinks: [any RegionSink], on argument: ExecutorName?,
    _ token: CancellationToken
  ) throws(WeftError) {
    let capture = try Capture(pending)
    let executor = try chooseExecutor(argument, for: capture.graph).executor
    let results =
      executor.takesSinks
      ? try run(capture.graph, capture.inputs, on: executor, to: sinks, token)
      : try computeAtOnce(pending, on: argument, token)
    for (result, sink) in zip(results, sinks) {
      try result.load()
      try result.give(to: sink, token)
    }
  }

  /// How sinks take a graph's results; nothing where an extent is only known from data.
  func streams(
    of graph: Graph, to sinks: [any RegionSink]
  ) throws(WeftError) -> [ResultStream] {
    guard !sinks.isEmpty, graph.outputs.allSatisfy({ graph.type($0).shape.isKnown }) else {
      return []
    }
    var streams: [ResultStream] = []
    for (output, sink) in zip(graph.outputs, sinks) {
      streams.append(ResultStream(chunks: try sink.checkedChunks(for: graph.type(output))))
    }
    return streams
  }
}

extension RegionSink {
  /// The chunks that it wants of a result.
  ///
  /// - Throws: `argument` where the result cannot have them.
  fileprivate func checkedChunks(for type: TensorType) throws(WeftError) -> [ChunkGrid.Cut]? {
    guard let chunks else { return nil }
    let isPossible =
      chunks.count == type.rank
      && zip(chunks, type.shape.codes).allSatisfy { cut, extent in
        switch cut {
        case .uniform(let size): size > 0
        case .pieces(let pieces):
          pieces.allSatisfy { $0 >= 0 } && pieces.reduce(0, +) == extent
        }
      }
    guard isPossible else {
      throw WeftError(.argument, "write", "the sink wants chunks \(chunks), the result is \(type)")
    }
    return chunks
  }
}

extension Buffer {
  /// Gives all elements to a sink, in the boxes that it wants.
  fileprivate func give(
    to sink: any RegionSink, _ token: CancellationToken
  ) throws(WeftError) {
    let extents = type.shape.codes
    let grid =
      try sink.checkedChunks(for: type).map { ChunkGrid(extents, cuts: $0) }
      ?? ChunkGrid(whole: extents)
    for chunk in 0..<grid.count {
      try token.check()
      let box = grid.region(of: chunk)
      if sink.has(box) { continue }
      if RegionCopy.isContiguous(box, of: extents) {
        let offset = RegionCopy.offset(box, of: extents) * type.dtype.itemSize
        try sink.take(box, from: UnsafeRawPointer(base) + (box.count == 0 ? 0 : offset))
        continue
      }
      let part = UnsafeMutableRawPointer.allocate(
        byteCount: max(1, box.count * type.dtype.itemSize), alignment: 64)
      defer { part.deallocate() }
      RegionCopy.copy(
        base, Region(whole: extents), to: part, box, itemSize: type.dtype.itemSize)
      try sink.take(box, from: part)
    }
    try FileMaps.check([self])
  }
}
