import Synchronization

/// A random generator of a program: each draw has a key of its own, by the seed and the number of
/// draws before it.
package final class ScriptGenerator: Sendable {
  private let seed: UInt64
  private let draws = Atomic<UInt64>(0)

  /// A generator that begins at a seed.
  package init(seed: UInt64) { self.seed = seed }

  /// The key of the next draw.
  func nextKey() -> UInt64 {
    random.fold(seed, draws.wrappingAdd(1, ordering: .relaxed).oldValue)
  }
}
