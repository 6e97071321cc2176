import WeftIR
import WeftPasses

/// Which arrays a run of a kernel writes past the cache.
///
/// A store to a line that is not in the cache reads it first, and evicts what is there. Arrays that
/// are larger than the cache are better written past it, which only whoever runs a kernel knows: a
/// word has a bit for each buffer parameter, in their order.
public enum KernelStreams {
  /// The buffers that have a bit.
  public static let most = 63

  /// The word for targets that are as large as that, by their place among the kernel's.
  public static func word(
    _ sources: [KernelWiring.Source], where isLarge: (Int) -> Bool
  ) -> Int64 {
    var word: Int64 = 0
    for (number, source) in sources.prefix(most).enumerated() {
      if case .target(let n) = source, isLarge(n) { word |= 1 << number }
    }
    return word
  }
}

extension LoweredKernel {
  /// The index parameters of a run that writes past the cache what a word says.
  public func indices(streams: Int64) -> [Int64] {
    // Few results push nothing out, many push out what was asked for ahead.
    if streams != 0 || cluster.outputs.allSatisfy(\.isFolded) { return indices }
    var result = indices
    for place in prefetchDistances { result[place] = 0 }
    return result
  }
}
