/// A place for a result's elements that takes them box by box: a file, a store, another library.
///
/// `Session.write` gives each element once. What an earlier run has written already need not be
/// computed again, so that a run that was interrupted goes on where it stopped.
///
/// ```swift
/// import Weft
/// import WeftExecution
/// import WeftIR
///
/// /// Adds up what it is given.
/// final class Adding: RegionSink {
///   let total = Lock(0.0)
///
///   func write(_ region: Region, from base: UnsafeRawPointer) throws {
///     let elements = base.assumingMemoryBound(to: Double.self)
///     let sum = (0..<region.count).reduce(0.0) { $0 + elements[$1] }
///     total.withLock { $0 += sum }
///   }
/// }
///
/// let sink = Adding()
/// try Session.current.write([ones([100, 10]).expr], to: [sink], on: .chunked)
/// sink.total.withLock { $0 }  // 1000.0
/// ```
public protocol RegionSink: Sendable {
  /// How it wants the array cut; nil where it does not matter.
  ///
  /// Boxes are then whole chunks of this grid.
  var chunks: [ChunkGrid.Cut]? { get }

  /// The bytes that one `write` takes of its own, at most: a chunk as it is stored.
  var writeScratchBytes: Int { get }

  /// Whether it has the elements of a box from an earlier run.
  func has(_ region: Region) -> Bool

  /// Takes the elements of a box, dense and in C order.
  ///
  /// Several threads may write boxes at once, never the same.
  func write(_ region: Region, from base: UnsafeRawPointer) throws
}

/// How a result is taken box by box, as far as plans depend on it.
public struct ResultStream: Hashable, Sendable {
  /// The sink's `chunks`.
  public var chunks: [ChunkGrid.Cut]?

  /// A stream from its parts.
  public init(chunks: [ChunkGrid.Cut]? = nil) { self.chunks = chunks }
}

extension RegionSink {
  /// No matter.
  public var chunks: [ChunkGrid.Cut]? { nil }

  /// None.
  public var writeScratchBytes: Int { 0 }

  /// Nothing from an earlier run.
  public func has(_ region: Region) -> Bool { false }
}

extension RegionSink {
  /// Gives it the elements of a box.
  ///
  /// - Throws: what it throws; errors of other kinds as `file`, with the box.
  package func take(_ region: Region, from base: UnsafeRawPointer) throws(WeftError) {
    do {
      try write(region, from: base)
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.file, "write", "the sink refuses elements \(region): \(error)")
    }
  }
}
