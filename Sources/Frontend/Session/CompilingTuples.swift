import WeftExecution
import WeftIR

/// What a compiled function of one, two, three or four arrays may give: an array or a tuple.
public protocol CompiledResult: Sendable {
  /// Takes the result off the front of what a program gave.
  static func taken(from exprs: inout ArraySlice<Expr>) -> Self
  /// Puts the result at the end of what a program is to give.
  func put(into exprs: inout [Expr])
}

extension NDArray: CompiledResult {
  /// The array of the first expression.
  public static func taken(from exprs: inout ArraySlice<Expr>) -> NDArray {
    NDArray(exprs.removeFirst())
  }

  /// Appends the array's expression.
  public func put(into exprs: inout [Expr]) { exprs.append(expr) }
}

/// Makes a function of one array reusable that gives a tuple of arrays. See `compile`.
///
/// ```swift
/// let parts = compile { (x: NDArray) in (x.min(), x.max()) }
/// let (low, high) = try parts([3, 1, 2])
/// low  // 1
/// high  // 3
/// ```
public func compile<each Result: CompiledResult>(
  _ body: @escaping @Sendable (NDArray) -> (repeat each Result)
) -> CompiledFunction<NDArray, (repeat each Result)> {
  CompiledFunction(
    program: CompiledProgram { exprs in
      let results = body(NDArray(exprs[0]))
      var list: [Expr] = []
      repeat (each results).put(into: &list)
      return list
    },
    results: { exprs in
      var rest = exprs[...]
      return (repeat (each Result).taken(from: &rest))
    })
}

/// Makes a function of two arrays reusable that gives a tuple of arrays. See `compile`.
public func compile<each Result: CompiledResult>(
  _ body: @escaping @Sendable (NDArray, NDArray) -> (repeat each Result)
) -> CompiledFunction<(NDArray, NDArray), (repeat each Result)> {
  CompiledFunction(
    program: CompiledProgram { exprs in
      let results = body(NDArray(exprs[0]), NDArray(exprs[1]))
      var list: [Expr] = []
      repeat (each results).put(into: &list)
      return list
    },
    results: { exprs in
      var rest = exprs[...]
      return (repeat (each Result).taken(from: &rest))
    })
}

/// Makes a function of three arrays reusable that gives a tuple of arrays. See `compile`.
public func compile<each Result: CompiledResult>(
  _ body: @escaping @Sendable (NDArray, NDArray, NDArray) -> (repeat each Result)
) -> CompiledFunction<(NDArray, NDArray, NDArray), (repeat each Result)> {
  CompiledFunction(
    program: CompiledProgram { exprs in
      let results = body(NDArray(exprs[0]), NDArray(exprs[1]), NDArray(exprs[2]))
      var list: [Expr] = []
      repeat (each results).put(into: &list)
      return list
    },
    results: { exprs in
      var rest = exprs[...]
      return (repeat (each Result).taken(from: &rest))
    })
}

/// Makes a function of four arrays reusable that gives a tuple of arrays. See `compile`.
public func compile<each Result: CompiledResult>(
  _ body: @escaping @Sendable (NDArray, NDArray, NDArray, NDArray) -> (repeat each Result)
) -> CompiledFunction<(NDArray, NDArray, NDArray, NDArray), (repeat each Result)> {
  CompiledFunction(
    program: CompiledProgram { exprs in
      let results = body(NDArray(exprs[0]), NDArray(exprs[1]), NDArray(exprs[2]), NDArray(exprs[3]))
      var list: [Expr] = []
      repeat (each results).put(into: &list)
      return list
    },
    results: { exprs in
      var rest = exprs[...]
      return (repeat (each Result).taken(from: &rest))
    })
}
