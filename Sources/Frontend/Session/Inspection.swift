import WeftExecution
import WeftIR

extension NDArray {
  /// The graph as text, before any pass; runs nothing. The error's text when the array carries one.
  ///
  /// ```swift
  /// let a = ones([3])
  /// sqrt(a).ir
  /// // graph @main() {
  /// //   %0 = constant 1.0 : float64[]
  /// //   %1 = broadcast %0 to [3] : float64[3]
  /// //   %2 = sqrt %1 : float64[3]
  /// //   return %2
  /// // }
  /// ```
  public var ir: String {
    do {
      return try graph().text(maxRows: 1000)
    } catch {
      return "// \(error)"
    }
  }

  /// The graph as text after a pass; runs nothing.
  ///
  /// - Throws: the expression's errors; `name` when no pass has the name.
  /// - NumPy: none.
  ///
  /// ```swift
  /// let a = ones([3])
  /// let b = sqrt(a * 1)
  /// try b.ir(after: "simplify")
  /// // ...
  /// // graph @main() {
  /// //   %0 = constant 1.0 : float64[]
  /// //   %1 = broadcast %0 to [3] : float64[3]
  /// //   return %1
  /// // }
  /// ```
  public func ir(after pass: String) throws(WeftError) -> String {
    try Session.current.texts(of: [expr], after: [pass])[0].text
  }

  /// The graph of the expression, before any pass.
  ///
  /// - Throws: the expression's errors.
  /// - NumPy: none.
  ///
  /// ```swift
  /// let graph = try sqrt(ones([3])).graph()
  /// graph
  /// // graph @main() {
  /// //   %0 = constant 1.0 : float64[]
  /// //   %1 = broadcast %0 to [3] : float64[3]
  /// //   %2 = sqrt %1 : float64[3]
  /// //   return %2
  /// // }
  /// ```
  public func graph() throws(WeftError) -> Graph { try Capture([expr]).graph }

  /// How the array would be computed: executor and why, passes, kernels, peak bytes; runs nothing.
  ///
  /// - Throws: the expression's errors.
  /// - NumPy: none.
  ///
  /// ```swift
  /// let a = random.uniform([1000, 1000], key: 1)
  /// let centred = a - a.mean(axis: 0)
  /// try centred.explain(on: .reference)
  /// // executor: reference (named by the call's argument)
  /// // device: plain loops on one thread
  /// // ...
  /// ```
  public func explain(on executor: ExecutorName? = nil) throws(WeftError) -> String {
    try Session.current.explain([expr], on: executor)
  }
}

extension Session {
  /// Runs a body and gives what its computes did when: see `Trace.table()` and `chromeJSON()`.
  ///
  /// - Throws: what the body throws.
  ///
  /// ```swift
  /// let x = random.uniform([100], key: 1)
  /// let trace = try Session.tracing { _ = try (x * 2).sum().compute() }
  /// trace.events.filter { $0.category == .compute }.count  // 1
  /// ```
  @discardableResult
  public static func tracing(_ body: () throws -> Void) rethrows -> Trace {
    try current.tracing(body)
  }

  /// As the synchronous one, for a body that waits.
  ///
  /// - Throws: what the body throws.
  @discardableResult
  public static func tracing(_ body: () async throws -> Void) async rethrows -> Trace {
    try await current.tracing(body)
  }
}
