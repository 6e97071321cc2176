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
        ComputeThread.start {
          continuation.resume(
            with: Result { try evaluate(expressions, on: argument, token: token) })
        }
      }
    } onCancel: {
      token.cancel()
    }
  }
}
