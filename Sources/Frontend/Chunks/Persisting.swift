import WeftExecution
import WeftIR

extension NDArray {
  /// The array computed and kept in chunks, which later programs read as they need them.
  ///
  /// Chunks are in memory where half of what the memory limit leaves holds them, else in a file without
  /// a name, which goes with the array. `compute()` puts one array together instead.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: as `compute()`; `file` when chunks cannot be written.
  /// - NumPy: none; `dask.array.Array.persist`.
  ///
  /// ```swift
  /// let x = try sqrt(arange(10).rechunked(4)).persist()
  /// x.chunks  // [[4, 4, 2]]
  /// x.blocks[2]  // [2.82842712 3.        ]
  /// ```
  public func persist(
    on executor: ExecutorName? = nil, progress: ProgressDisplay = .off
  ) throws(WeftError) -> NDArray {
    try Weft.persist([self], on: executor, progress: progress)[0]
  }
}

/// Arrays computed together and kept in chunks: what they share is computed once. See `persist`.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: as `persist` of an array.
/// - NumPy: none; `dask.persist`.
///
/// ```swift
/// let x = arange(6).rechunked(3)
/// let kept = try persist([x + 1, x * x])
/// (kept[0] + kept[1]).sum()  // 76
/// ```
public func persist(
  _ arrays: [NDArray], on executor: ExecutorName? = nil, progress: ProgressDisplay = .off
) throws(WeftError) -> [NDArray] {
  let session = Session.current.showing(progress)
  var results = arrays
  // What is in memory stays there; extents that only data tell are found by computing, and entries
  // of sparse arrays are one chunk.
  let open = arrays.indices.filter { place in
    let buffer = arrays[place].expr.buffer
    return buffer?.isHere != true && buffer?.sparse == nil
  }
  let known = open.filter { place in
    let array = arrays[place]
    return array.expr.error == nil && array.byteCount != nil
      && (try? array.layout().isDense) == true
  }
  if known.count < open.count {
    for (place, result) in zip(
      open, try session.evaluate(open.map { arrays[$0].expr }, on: executor))
    {
      results[place] = NDArray(result)
    }
    return results
  }
  let room = session.memory.limit.map { ($0 - session.memory.liveBytes) / 2 }
  let bytes = open.reduce(0) { $0 + (arrays[$1].byteCount ?? 0) }
  let pending = open.map { arrays[$0] }
  let kept: [KeptChunks]
  do {
    kept = try keep(pending, inMemory: room.map { bytes <= $0 } ?? true, session, executor)
  } catch {
    // The chunks in memory may have left the run too little.
    guard error.code == .outOfMemory, session.memory.limit != nil else { throw error }
    kept = try keep(pending, inMemory: false, session, executor)
  }
  for (place, chunks) in zip(open, kept) { results[place] = NDArray(chunks) }
  return results
}

private func keep(
  _ arrays: [NDArray], inMemory: Bool, _ session: Session, _ executor: ExecutorName?
) throws(WeftError) -> [KeptChunks] {
  var kept: [KeptChunks] = []
  for array in arrays {
    kept.append(
      try KeptChunks(
        array, in: inMemory ? session.memory : nil, limit: session.memory.limit))
  }
  try session.write(arrays.map(\.expr), to: kept, on: executor)
  return kept
}
