#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs a body on a thread of its own, so that Swift's cooperative threads never block.
public enum DetachedThread {
  /// Starts a thread that nobody waits for; false when the system has none to give.
  ///
  /// In the background it leaves processors to threads that somebody waits for, and so do threads that it starts.
  public static func start(
    inBackground: Bool = false, _ body: @escaping @Sendable () -> Void
  ) -> Bool {
    let box = Unmanaged.passRetained(Body(body, inBackground))
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
    if status != 0 { box.release() }
    return status == 0
  }

  private final class Body: Sendable {
    private let body: @Sendable () -> Void
    private let isInBackground: Bool

    init(_ body: @escaping @Sendable () -> Void, _ isInBackground: Bool) {
      self.body = body
      self.isInBackground = isInBackground
    }

    func run() {
      #if os(Linux)
        // There priorities are threads' own: a tenth of the share of others.
        if isInBackground { setpriority(.init(PRIO_PROCESS.rawValue), 0, 10) }
      #endif
      body()
    }
  }
}
