import WeftChunked
import WeftExecution
import WeftHost
import WeftIR
import WeftOpenCL
import WeftReference
import WeftRoutines
import WeftSparse

extension Session {
  /// The built-in executors, with threads and limits as the environment says.
  public static let standard: Session = {
    let environment = Environment.process
    let processors = Environment.processorCount
    let threads = min(environment.threads ?? processors, processors)
    let reference = ReferenceExecutor(
      routines: Routines.table, workspace: { Routines.workspaceBytes($0, $1, $2) })
    let host = HostExecutor(fallback: reference)
    let chunking = environment.chunking
    let spillFolder = SpillFolder(environment.spillFolder)
    let openCL = OpenCLExecutor(fallback: host) { device, memory in
      ChunkedExecutor(
        tiles: device, chunking: chunking, tileMemory: memory, spillFolder: spillFolder)
    }
    let sparse = SparseExecutor(dense: host)
    return Session(
      executors: [
        host, sparse, SparseExecutor(over: openCL),
        ChunkedExecutor(
          tiles: host, sparseTiles: sparse, chunking: chunking, spillFolder: spillFolder),
        reference,
      ],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)))
  }()

  /// The innermost scope's session, else the standard one.
  public static var current: Session { scoped ?? standard }
}

extension NDArray {
  /// Computes the elements and remembers them; free when they are known already.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: `WeftError`: every mistake in the expression, run-time errors with their line.
  /// - NumPy: none, which computes at once.
  ///
  /// ```swift
  /// let total = NDArray([1, 2, 3]).sum()
  /// total.isComputed  // false
  /// try total.compute()  // 6
  /// total.isComputed  // true
  /// try total.compute(on: .reference)  // 6
  /// ```
  @discardableResult
  public func compute(
    on executor: ExecutorName? = nil, progress: ProgressDisplay = .off
  ) throws(WeftError) -> NDArray {
    NDArray(try Session.current.showing(progress).evaluate(expr, on: executor))
  }

  /// As `compute()`, off the cooperative threads; cancelling the task stops it. See `compute`.
  ///
  /// - Throws: as `compute()`, and `cancelled`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// let later = Task { try await (a * 2).compute() }
  /// try await later.value  // [2 4 6]
  /// ```
  @discardableResult
  public func compute(
    on executor: ExecutorName? = nil, progress: ProgressDisplay = .off
  ) async throws -> NDArray {
    let session = Session.current.showing(progress)
    let buffers: [Buffer] = try await session.evaluate([expr], on: executor)
    return NDArray(buffers[0])
  }

  /// The elements in memory, computed if need be.
  ///
  /// - Throws: as `compute()`.
  /// - NumPy: `ndarray.data`.
  ///
  /// ```swift
  /// try NDArray([1, 2, 3]).buffer().type  // int64[3]
  /// ```
  public func buffer() throws(WeftError) -> Buffer {
    let buffer = try Session.current.evaluate(expr)
    try buffer.load()
    return buffer
  }

  /// The elements in C order.
  ///
  /// - Throws: as `compute()`; `dtype` when the array's dtype is not the element type's;
  ///   `out-of-memory` when there is no room for the copy.
  /// - NumPy: `ndarray.tolist`, flattened.
  ///
  /// ```swift
  /// let values: [Double] = try (NDArray([1, 2, 3]) / 2).toArray()
  /// values  // [0.5, 1.0, 1.5]
  /// try NDArray([1, 2]).toArray(of: Double.self)
  /// // error: toArray: the array is int64, not float64 [dtype]
  /// ```
  public func toArray<Element: ArrayElement>(
    of type: Element.Type = Element.self
  ) throws(WeftError) -> [Element] {
    let buffer = try buffer()
    guard buffer.type.dtype == Element.dtype else {
      throw WeftError(
        .dtype, "toArray", "the array is \(buffer.type.dtype), not \(Element.dtype)",
        site: expr.site, hint: "convert it with asType(.\(Element.dtype)) first")
    }
    try Session.current.memory.requireRoom(buffer.byteCount, for: "toArray")
    return try buffer.reading {
      Array(
        UnsafeBufferPointer(
          start: buffer.base.assumingMemoryBound(to: Element.self), count: buffer.count))
    }
  }

  /// The only element.
  ///
  /// - Throws: as `compute()`; `scalar-conversion` when there is not just one element; `dtype` when
  ///   the array's dtype is not the element type's.
  /// - NumPy: `ndarray.item`.
  ///
  /// ```swift
  /// let mean: Double = try NDArray([1, 2, 6]).mean().item()
  /// mean  // 3.0
  /// try NDArray([1, 2]).item(Int.self)
  /// // error: item: int64[2] has not just one element [scalar-conversion]
  /// ```
  public func item<Element: ArrayElement>(
    _ type: Element.Type = Element.self
  ) throws(WeftError) -> Element {
    let elements: [Element] = try toArray()
    guard elements.count == 1 else {
      throw WeftError(
        .scalarConversion, "item", "\(expr.type) has not just one element", site: expr.site)
    }
    return elements[0]
  }
}

/// Computes arrays together: what they share is computed once.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: `WeftError`: every mistake in the expressions, run-time errors with their line.
/// - NumPy: none, which computes at once.
///
/// ```swift
/// let x = linspace(0, 1, count: 5)
/// let shared = x * x
/// try compute([shared.sum(), shared.max()])
/// // 1.875
/// // 1.0
/// ```
@discardableResult
public func compute(
  _ arrays: [NDArray], on executor: ExecutorName? = nil, progress: ProgressDisplay = .off
) throws(WeftError) -> [NDArray] {
  try Session.current.showing(progress).evaluate(arrays.map(\.expr), on: executor)
    .map { NDArray($0) }
}

/// Computes two arrays together: what they share is computed once. See `compute(_:on:)`.
///
/// - Throws: as `compute()` of an array.
///
/// ```swift
/// let x: NDArray = [1, 2, 3]
/// let (total, mean) = try compute(x.sum(), x.mean())
/// total  // 6
/// mean  // 2.0
/// ```
@discardableResult
public func compute(
  _ a: NDArray, _ b: NDArray, on executor: ExecutorName? = nil
) throws(WeftError) -> (NDArray, NDArray) {
  let results = try compute([a, b], on: executor)
  return (results[0], results[1])
}

/// Computes three arrays together: what they share is computed once. See `compute(_:on:)`.
///
/// - Throws: as `compute()` of an array.
@discardableResult
public func compute(
  _ a: NDArray, _ b: NDArray, _ c: NDArray, on executor: ExecutorName? = nil
) throws(WeftError) -> (NDArray, NDArray, NDArray) {
  let results = try compute([a, b, c], on: executor)
  return (results[0], results[1], results[2])
}
