import WeftExecution
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a result is written chunk by chunk.
struct ResultOptions {
  var path: String
  var chunks: [ChunkSpec]?
  var compression: ChunkCompression?
  var zarrVersion: Int?
  var resume: Bool

  private var operation: String { "write \"\(path)\"" }

  /// Smaller `.npy` files are computed whole, then written.
  private static let leastBytes = 64 << 20
  /// About the bytes of a chunk where nothing is said: some hundred a gigabyte, each worth a file.
  private static let chunkBytes = 8 << 20
  /// A chunk has this part of the memory limit at most: a task reads some and makes some on each thread.
  private static let partsOfLimit = 48
  /// A chunk of a `.npy` file that the user asks for has this part of it at most.
  private static let partsOfGivenLimit = 8
  /// More chunks than this are a mistake.
  private static let mostChunks = 100_000_000

  /// Refuses an option that the kind of file does not have.
  func refuse(_ isGiven: Bool, _ option: String, _ place: String) throws(WeftError) {
    if isGiven {
      throw WeftError(.argument, operation, "\(option) is for \(place)")
    }
  }

  // MARK: - Zarr

  /// Computes an array into a Zarr store.
  func writeZarr(_ array: NDArray) throws(WeftError) {
    let expression = try known(array)
    let extents = expression.type.shape.codes
    let cuts = try cuts(of: expression)
    var uniform: [Int] = []
    for (axis, cut) in cuts.enumerated() { uniform.append(try extent(cut, axis, extents[axis])) }
    let sink = try ZarrSink(
      path, type: expression.type, chunks: uniform, compression: compression ?? .zstd(),
      version: zarrVersion ?? 3, fingerprint: fingerprint(expression))
    note(sink.resumedCount, of: sink.chunkCount, sink.replacesOtherProgram)
    try fill(expression, sink) { () throws(WeftError) in
      try sink.finish()
    } orElse: {
      sink.abandon()
    }
  }

  /// The one extent of all pieces but the last.
  private func extent(
    _ cut: ChunkGrid.Cut, _ axis: Int, _ extent: Int
  ) throws(WeftError) -> Int {
    switch cut {
    case .uniform(let size): return max(1, min(size, extent))
    case .pieces(let pieces):
      let size = max(1, pieces.first ?? 1)
      guard pieces.dropLast().allSatisfy({ $0 == size }), pieces.last.map({ $0 <= size }) ?? true
      else {
        throw WeftError(
          .value, operation,
          "chunks of \(pieces) positions along axis \(axis); those of a Zarr array have one extent")
      }
      return size
    }
  }

  // MARK: - NPY

  /// Computes an array into a `.npy` file: box by box where it is large or computed in pieces.
  func writeNPY(_ array: NDArray) throws(WeftError) {
    guard try isStreamed(array) else {
      return try NPYFile.write(try array.buffer(), to: path)
    }
    let expression = try known(array)
    let sink = try NPYSink(
      path, type: expression.type, chunks: Self.fitting(try cuts(of: expression), expression.type),
      fingerprint: fingerprint(expression))
    note(sink.resumedCount, of: sink.chunkCount, sink.replacesOtherProgram)
    try fill(expression, sink) { () throws(WeftError) in
      try sink.finish()
    } orElse: {
      sink.abandon()
    }
  }

  /// Chunks that the memory limit has room for, cut along the first axes: the file is the same whatever boxes
  /// it is written in.
  private static func fitting(_ cuts: [ChunkGrid.Cut], _ type: TensorType) -> [ChunkGrid.Cut] {
    guard let limit = Session.current.memory.limit else { return cuts }
    var cuts = cuts
    var sizes = zip(cuts, type.shape.codes).map { cut, extent in
      switch cut {
      case .uniform(let size): max(1, min(size, extent))
      case .pieces(let pieces): pieces.max() ?? extent
      }
    }
    for axis in cuts.indices {
      let bytes = sizes.reduce(Double(type.dtype.itemSize)) { $0 * Double($1) }
      let share = Double(limit / partsOfGivenLimit) / bytes
      if share >= 1 { break }
      sizes[axis] = max(1, Int(Double(sizes[axis]) * share))
      cuts[axis] = .uniform(sizes[axis])
    }
    return cuts
  }

  private func isStreamed(_ array: NDArray) throws(WeftError) -> Bool {
    // Devices and pipes take bytes in order.
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return false }
    if array.expr.buffer?.isHere == true || array.expr.buffer?.sparse != nil { return false }
    guard let bytes = array.expr.type.byteCount else { return false }
    if chunks != nil || bytes >= Self.leastBytes { return true }
    let session = Session.current
    if let limit = session.memory.limit, bytes > limit / 2 { return true }
    return try session.chooseExecutor().executor.keepsLimit
  }

  // MARK: - Both

  /// The expression, computed where only the data tell its extents, or it is stored sparsely.
  private func known(_ array: NDArray) throws(WeftError) -> Expr {
    let expression = array.expr
    if let error = expression.error { throw error }
    if expression.buffer?.sparse != nil { return try known(array.asDense()) }
    guard !expression.type.shape.isKnown else { return expression }
    return NDArray(try Session.current.evaluate([expression])[0]).expr
  }

  private func cuts(of expression: Expr) throws(WeftError) -> [ChunkGrid.Cut] {
    let extents = expression.type.shape.codes
    let itemSize = expression.type.dtype.itemSize
    var cuts: [ChunkGrid.Cut]
    if let chunks {
      do throws(ChunkSpecError) {
        cuts = try ChunkCuts(extents, itemSize: itemSize).cuts(chunks)
      } catch {
        throw WeftError(.value, operation, error.message)
      }
    } else if case .op(.store(let layout), _) = expression.node, let given = layout.chunks {
      cuts = given
    } else {
      cuts = Self.rows(extents, itemSize, Session.current.memory.limit)
    }
    let count = ChunkGrid(extents, cuts: cuts).count
    guard count <= Self.mostChunks else {
      throw WeftError(
        .tooLarge, operation, "\(count) chunks; at most \(Self.mostChunks) are written")
    }
    return cuts
  }

  /// Whole inner axes, and as much of the next as makes up a chunk.
  private static func rows(_ extents: [Int], _ itemSize: Int, _ limit: Int?) -> [ChunkGrid.Cut] {
    let target = limit.map { min(chunkBytes, max(1 << 16, $0 / partsOfLimit)) } ?? chunkBytes
    var sizes = extents
    var bytes = itemSize
    for axis in extents.indices.reversed() {
      sizes[axis] = max(1, min(extents[axis], target / bytes))
      bytes *= sizes[axis]
    }
    return sizes.map { .uniform($0) }
  }

  private func fingerprint(_ expression: Expr) throws(WeftError) -> String? {
    resume ? try Session.current.fingerprint(of: expression) : nil
  }

  /// Says what became of an interrupted run.
  private func note(_ resumed: Int, of count: Int, _ isReplaced: Bool) {
    let message: String
    if resumed > 0 {
      message = "\(operation): \(resumed) of \(count) chunks are there from an interrupted run"
    } else if isReplaced {
      message = "\(operation): what an interrupted run left is of another program, and is given up"
    } else {
      return
    }
    Session.current.runtime.counters.note(
      Counters.Event(kind: "resume", message: message, site: .none))
  }

  private func fill(
    _ expression: Expr, _ sink: any RegionSink, then finish: () throws(WeftError) -> Void,
    orElse abandon: () -> Void
  ) throws(WeftError) {
    do throws(WeftError) {
      try Session.current.write([expression], to: [sink])
      try finish()
    } catch {
      abandon()
      throw error
    }
  }
}
