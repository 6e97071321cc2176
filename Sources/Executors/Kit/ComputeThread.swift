import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs a body on a thread of its own, so that Swift's cooperative threads never block.
enum ComputeThread {
  /// Starts a thread; runs the body in place when the system has none to give.
  static func start(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    pthread_attr_destroy(&attributes)
    if status != 0 { box.takeRetainedValue().run() }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

extension ComputeThread {
  /// What a body gives on a thread of its own; cancelling the task cancels the body's token.
  static func run<Answer: Sendable>(
    _ body: @escaping @Sendable (CancellationToken) throws -> Answer
  ) async throws -> Answer {
    let token = CancellationToken()
    // The result crosses in a lock, which the thread sanitizer sees; it does not see a resumption.
    let answer = Lock<Result<Answer, any Error>?>(nil)
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        ComputeThread.start {
          let result = Result { try body(token) }
          answer.withLock { $0 = result }
          continuation.resume()
        }
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

extension Session {
  /// As `evaluate`, off the cooperative threads; cancelling the task stops it.
  ///
  /// - Throws: as `evaluate`, and `cancelled`.
  public func evaluate(
    _ expressions: [Expr], on argument: ExecutorName? = nil
  ) async throws -> [Buffer] {
    try await ComputeThread.run { token in
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
    try await ComputeThread.run { [self] token in
      try run(arguments, in: session, on: argument, token: token)
    }
  }
}
