import WeftIR

extension Session {
  /// Computes expressions and gives their elements to sinks, box by box.
  ///
  /// An expression that is in memory already is not computed again. What is computed is not
  /// remembered by the expressions.
  ///
  /// - Throws: as `evaluate`, what sinks throw, and `argument` when there are not as many sinks.
  public func write(
    _ expressions: [Expr], to sinks: [any RegionSink], on argument: ExecutorName? = nil,
    token: CancellationToken = CancellationToken()
  ) throws(WeftError) {
    guard sinks.count == expressions.count else {
      throw WeftError(
        .argument, "write", "\(sinks.count) sinks for \(expressions.count) expressions")
    }
    let results = try evaluate(expressions, on: argument, token: token)
    for (result, sink) in zip(results, sinks) {
      try result.load()
      try WeftError.wrapping("write") { try result.give(to: sink) }
    }
  }
}

extension Buffer {
  /// Gives all elements to a sink, in the boxes that it wants.
  fileprivate func give(to sink: any RegionSink) throws {
    let extents = type.shape.codes
    let grid =
      sink.chunks.map { ChunkGrid(extents, cuts: $0) } ?? ChunkGrid(whole: extents)
    for chunk in 0..<grid.count {
      let box = grid.region(of: chunk)
      if sink.has(box) { continue }
      let part = UnsafeMutableRawPointer.allocate(
        byteCount: max(1, box.count * type.dtype.itemSize), alignment: 64)
      defer { part.deallocate() }
      RegionCopy.copy(
        base, Region(whole: extents), to: part, box, itemSize: type.dtype.itemSize)
      try sink.write(box, from: part)
    }
  }
}
