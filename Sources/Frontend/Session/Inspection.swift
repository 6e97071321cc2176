import WeftExecution
import WeftIR

extension NDArray {
  /// The graph as text, before any pass; runs nothing. The error's text when the array carries one.
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
  public func ir(after pass: String) throws(WeftError) -> String {
    try Session.current.texts(of: [expr], after: [pass])[0].text
  }

  /// The graph of the expression, before any pass.
  ///
  /// - Throws: the expression's errors.
  public func graph() throws(WeftError) -> Graph { try Capture([expr]).graph }

  /// How the array would be computed: executor and why, passes, kernels, peak bytes; runs nothing.
  ///
  /// - Throws: the expression's errors.
  public func explain(on executor: ExecutorName? = nil) throws(WeftError) -> String {
    try Session.current.explain([expr], on: executor)
  }
}

extension Session {
  /// Runs a body and gives what its computes did when: see `Trace.table()` and `chromeJSON()`.
  ///
  /// - Throws: what the body throws.
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
