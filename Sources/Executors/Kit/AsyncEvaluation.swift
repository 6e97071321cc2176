import WeftIR

extension Session {
  /// As `evaluate`, off the cooperative threads; cancelling the task stops it.
  ///
  /// - Throws: as `evaluate`, and `cancelled`.
  public func evaluate(
    _ expressions: [Expr], on argument: ExecutorName? = nil
  ) async throws -> [Buffer] {
    try await offCooperativeThreads { token in
      try evaluate(expressions, on: argument, token: token)
    }
  }
}

extension CompiledProgram {
  /// As `run`, off the cooperative threads; cancelling the task stops it.
  ///
  /// - Throws: as `run`, and `cancelled`.
  public func run(
    _ arguments: [Expr], in session: Session, on argument: ExecutorName? = nil
  ) async throws -> [Expr] {
    try await offCooperativeThreads { [self] token in
      try run(arguments, in: session, on: argument, token: token)
    }
  }
}

/// What a body gives on a thread of its own; cancelling the task cancels the body's token.
private func offCooperativeThreads<Answer: Sendable>(
  _ body: @escaping @Sendable (CancellationToken) throws -> Answer
) async throws -> Answer {
  let token = CancellationToken()
  // The result crosses in a lock, which the thread sanitizer sees; it does not see a resumption.
  let answer = Lock<Result<Answer, any Error>?>(nil)
  await withTaskCancellationHandler {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      @Sendable func compute() {
        let result = Result { try body(token) }
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
