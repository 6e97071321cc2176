import CBLAS
import WeftIR

/// The threads of the BLAS library itself, for factorisations that cannot be cut into calls of ours.
///
/// Elsewhere BLAS keeps to one thread, as our own threads share out the work.
enum BlasThreads {
  /// Whether there is no BLAS.
  static var isMissing: Bool { weft_blas_open() != nil }

  /// Factorisations of a lower order are done on one thread before a second one helps.
  static let leastOrder = 512

  /// How many bodies with threads run now.
  private static let users = Lock(0)

  /// Runs a body in which BLAS may use so many threads; BLAS is back at one when the last ends.
  static func using<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    if count <= 1 { return try body() }
    users.withLock { users in
      users += 1
      if users == 1 { weft_blas_set_num_threads(Int32(count)) }
    }
    defer {
      users.withLock { users in
        users -= 1
        if users == 0 { weft_blas_set_num_threads(1) }
      }
    }
    return try body()
  }
}
