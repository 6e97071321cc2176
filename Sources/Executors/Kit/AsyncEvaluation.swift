import WeftIR

extension Session {
  /// As `evaluate`, off the cooperative threads; cancelling the task stops it.
  ///
  /// - Throws: as `evaluate`, and `cancelled`.
  public func evaluate(
    _ expressions: [Expr], on argument: ExecutorName? = nil
  ) async throws -> [Buffer] {
    let token = CancellationToken()
    // The result crosses in a lock, which the thread sanitizer sees; it does not see a resumption.
    let answer = Lock<Result<[Buffer], any Error>?>(nil)
    await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        @Sendable func compute() {
          let result = Result { try evaluate(expressions, on: argument, token: token) }
          answer.withLock { $0 = result }
          continuation.resume()
        }
        if !DetachedThread.start(compute) { compute() }
      }
    } onCancel: {
      token.cancel()
    }
    guard let result = answer.withLock({ $0 }) else {
      throw WeftError(.internal, "compute", "the computing thread left no result")
    }
    return try result.get()
  }
}
