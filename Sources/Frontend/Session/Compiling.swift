import WeftExecution
import WeftIR

/// A function of arrays made ready to run: what `compile` gives.
///
/// It is traced at the first call with arguments of new dtypes and extents; a later call only
/// binds the arrays and runs. Results are in memory. A call inside another function that is being
/// traced becomes part of that one.
///
/// See `compile`.
public struct CompiledFunction<Arguments, Results>: Sendable {
  let program: CompiledProgram
  let results: @Sendable ([Expr]) -> Results

  /// How many lists of argument types it has been traced for.
  public var traceCount: Int { program.traceCount }

  func run(_ arguments: [Expr], on executor: ExecutorName?) throws(WeftError) -> Results {
    results(try program.run(arguments, in: .current, on: executor))
  }

  func run(_ arguments: [Expr], on executor: ExecutorName?) async throws -> Results {
    results(try await program.run(arguments, in: .current, on: executor))
  }
}

// MARK: - Compiling

/// Makes a function of one array reusable: traced once per dtype and extents, then only run.
///
/// The function builds expressions and must not compute its arguments; what it reads from outside
/// is taken when it is traced.
///
/// - Shape: those of what the function gives.
/// - DType: those of what the function gives.
/// - Throws: nothing itself; calling the result throws as `compute()`.
/// - NumPy: none; as `jax.jit`.
///
/// ```swift
/// let step = compile { (u: NDArray) in u + 0.5 * (roll(u, 1) - u) }
/// var u: NDArray = [1.0, 0, 0, 0]
/// for _ in 0..<3 { u = try step(u) }
/// u  // [0.125 0.375 0.375 0.125]
/// step.traceCount  // 1
/// ```
public func compile(
  _ body: @escaping @Sendable (NDArray) -> NDArray
) -> CompiledFunction<NDArray, NDArray> {
  CompiledFunction(
    program: CompiledProgram { exprs in [body(NDArray(exprs[0])).expr] },
    results: { exprs in NDArray(exprs[0]) })
}

/// Makes a function of two arrays reusable: traced once per dtypes and extents, then only run.
///
/// See `compile`.
///
/// ```swift
/// let line = compile { (x: NDArray, slope: NDArray) in slope * x + 1 }
/// try line([1, 2, 3], 10)  // [11 21 31]
/// ```
public func compile(
  _ body: @escaping @Sendable (NDArray, NDArray) -> NDArray
) -> CompiledFunction<(NDArray, NDArray), NDArray> {
  CompiledFunction(
    program: CompiledProgram { exprs in [body(NDArray(exprs[0]), NDArray(exprs[1])).expr] },
    results: { exprs in NDArray(exprs[0]) })
}

/// Makes a function of three arrays reusable: traced once per dtypes and extents, then only run.
///
/// See `compile`.
public func compile(
  _ body: @escaping @Sendable (NDArray, NDArray, NDArray) -> NDArray
) -> CompiledFunction<(NDArray, NDArray, NDArray), NDArray> {
  CompiledFunction(
    program: CompiledProgram { exprs in
      [body(NDArray(exprs[0]), NDArray(exprs[1]), NDArray(exprs[2])).expr]
    },
    results: { exprs in NDArray(exprs[0]) })
}

/// Makes a function of four arrays reusable: traced once per dtypes and extents, then only run.
///
/// See `compile`.
public func compile(
  _ body: @escaping @Sendable (NDArray, NDArray, NDArray, NDArray) -> NDArray
) -> CompiledFunction<(NDArray, NDArray, NDArray, NDArray), NDArray> {
  CompiledFunction(
    program: CompiledProgram { exprs in
      [body(NDArray(exprs[0]), NDArray(exprs[1]), NDArray(exprs[2]), NDArray(exprs[3])).expr]
    },
    results: { exprs in NDArray(exprs[0]) })
}

/// Makes a function from a list of arrays to a list reusable: traced once per number, dtypes and
/// extents of the arrays, then only run.
///
/// See `compile`.
///
/// ```swift
/// let spread = compile { (arrays: [NDArray]) in [arrays[0] - arrays[1], arrays[0] + arrays[1]] }
/// try spread([[1, 2], [10, 20]])
/// // [ -9 -18]
/// // [11 22]
/// ```
public func compile(
  _ body: @escaping @Sendable ([NDArray]) -> [NDArray]
) -> CompiledFunction<[NDArray], [NDArray]> {
  CompiledFunction(
    program: CompiledProgram { exprs in body(exprs.map { NDArray($0) }).map(\.expr) },
    results: { $0.map { NDArray($0) } })
}

// MARK: - Calling

extension CompiledFunction where Arguments == NDArray {
  /// The results for an array. See `compile`.
  ///
  /// - Throws: `WeftError`: mistakes in the argument and the function, run-time errors.
  public func callAsFunction(
    _ a: NDArray, on executor: ExecutorName? = nil
  ) throws(WeftError) -> Results {
    try run([a.expr], on: executor)
  }

  /// As the call that blocks, off the cooperative threads; cancelling the task stops it.
  ///
  /// See `compile`.
  ///
  /// - Throws: as the call that blocks, and `cancelled`.
  public func callAsFunction(
    _ a: NDArray, on executor: ExecutorName? = nil
  ) async throws -> Results {
    try await run([a.expr], on: executor)
  }
}

extension CompiledFunction where Arguments == (NDArray, NDArray) {
  /// The results for two arrays. See `compile`.
  ///
  /// - Throws: `WeftError`: mistakes in the arguments and the function, run-time errors.
  public func callAsFunction(
    _ a: NDArray, _ b: NDArray, on executor: ExecutorName? = nil
  ) throws(WeftError) -> Results {
    try run([a.expr, b.expr], on: executor)
  }

  /// As the call that blocks, off the cooperative threads; cancelling the task stops it.
  ///
  /// See `compile`.
  ///
  /// - Throws: as the call that blocks, and `cancelled`.
  public func callAsFunction(
    _ a: NDArray, _ b: NDArray, on executor: ExecutorName? = nil
  ) async throws -> Results {
    try await run([a.expr, b.expr], on: executor)
  }
}

extension CompiledFunction where Arguments == (NDArray, NDArray, NDArray) {
  /// The results for three arrays. See `compile`.
  ///
  /// - Throws: `WeftError`: mistakes in the arguments and the function, run-time errors.
  public func callAsFunction(
    _ a: NDArray, _ b: NDArray, _ c: NDArray, on executor: ExecutorName? = nil
  ) throws(WeftError) -> Results {
    try run([a.expr, b.expr, c.expr], on: executor)
  }

  /// As the call that blocks, off the cooperative threads; cancelling the task stops it.
  ///
  /// See `compile`.
  ///
  /// - Throws: as the call that blocks, and `cancelled`.
  public func callAsFunction(
    _ a: NDArray, _ b: NDArray, _ c: NDArray, on executor: ExecutorName? = nil
  ) async throws -> Results {
    try await run([a.expr, b.expr, c.expr], on: executor)
  }
}

extension CompiledFunction where Arguments == (NDArray, NDArray, NDArray, NDArray) {
  /// The results for four arrays. See `compile`.
  ///
  /// - Throws: `WeftError`: mistakes in the arguments and the function, run-time errors.
  public func callAsFunction(
    _ a: NDArray, _ b: NDArray, _ c: NDArray, _ d: NDArray, on executor: ExecutorName? = nil
  ) throws(WeftError) -> Results {
    try run([a.expr, b.expr, c.expr, d.expr], on: executor)
  }

  /// As the call that blocks, off the cooperative threads; cancelling the task stops it.
  ///
  /// See `compile`.
  ///
  /// - Throws: as the call that blocks, and `cancelled`.
  public func callAsFunction(
    _ a: NDArray, _ b: NDArray, _ c: NDArray, _ d: NDArray, on executor: ExecutorName? = nil
  ) async throws -> Results {
    try await run([a.expr, b.expr, c.expr, d.expr], on: executor)
  }
}

extension CompiledFunction where Arguments == [NDArray] {
  /// The results for a list of arrays. See `compile`.
  ///
  /// - Throws: `WeftError`: mistakes in the arguments and the function, run-time errors.
  public func callAsFunction(
    _ arrays: [NDArray], on executor: ExecutorName? = nil
  ) throws(WeftError) -> Results {
    try run(arrays.map(\.expr), on: executor)
  }

  /// As the call that blocks, off the cooperative threads; cancelling the task stops it.
  ///
  /// See `compile`.
  ///
  /// - Throws: as the call that blocks, and `cancelled`.
  public func callAsFunction(
    _ arrays: [NDArray], on executor: ExecutorName? = nil
  ) async throws -> Results {
    try await run(arrays.map(\.expr), on: executor)
  }
}
