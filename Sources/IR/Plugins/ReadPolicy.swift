/// How often reading from a source is tried again, and after how long.
///
/// ```swift
/// import WeftIR
///
/// ReadPolicy(retries: 3, delay: 0.1).delay(before: 3)  // 0.4
/// ```
public struct ReadPolicy: Hashable, Sendable {
  /// How often reading that failed is tried again; 0 for not at all.
  public var retries: Int
  /// The seconds before the first of these; each later one waits twice as long.
  public var delay: Double

  /// A policy from its parts.
  public init(retries: Int = 2, delay: Double = 0.05) {
    self.retries = retries
    self.delay = delay
  }

  /// The seconds to wait before a retry, counted from 1.
  public func delay(before retry: Int) -> Double {
    (1..<max(1, retry)).reduce(delay) { seconds, _ in 2 * seconds }
  }
}
