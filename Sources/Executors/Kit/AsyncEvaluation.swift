import WeftIR

extension Session {
  /// As `evaluate`, off the cooperative threads; cancelling the task stops it.
  ///
  /// - Throws: as `evaluate`, and `cancelled`.
  public func evaluate(
    _ expressions: [Expr], on argument: ExecutorName? = nil
  ) async throws -> [Buffer] {
    let token = CancellationToken()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        @Sendable func compute() {
          continuation.resume(
            with: Result { try evaluate(expressions, on: argument, token: token) })
        }
        if !DetachedThread.start(compute) { compute() }
      }
    } onCancel: {
      token.cancel()
    }
  }
}
