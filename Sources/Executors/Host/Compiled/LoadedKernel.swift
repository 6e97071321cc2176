/// Compiled kernels have this form: the bases of the arrays, the integers that the kernel takes
/// (extents, strides; then a word that tells which arrays to write past the cache), and the part of
/// the iteration space to run, from `begin` up to `end`.
typealias CompiledFunction =
  @convention(c) @Sendable (
    _ bases: UnsafePointer<UnsafeMutableRawPointer?>, _ integers: UnsafePointer<Int64>,
    _ begin: Int64, _ end: Int64
  ) -> Void

/// A kernel that can run, with how it came about.
struct LoadedKernel: Sendable {
  /// Where the code comes from.
  enum Origin: String, Sendable {
    /// This process had it.
    case memory
    /// An object file of the disk cache.
    case disk
    /// LLVM made it now.
    case compiled
  }

  /// What keeps the code in memory.
  let object: CompiledObject
  private let function: CompiledFunction
  /// Where the code of this load came from.
  let origin: Origin
  /// What this load took.
  let seconds: Double

  init(
    _ object: CompiledObject, at address: UnsafeRawPointer, _ origin: Origin, seconds: Double
  ) {
    self.object = object
    function = unsafeBitCast(address, to: CompiledFunction.self)
    self.origin = origin
    self.seconds = seconds
  }

  /// Runs a part of the kernel's iteration space.
  func callAsFunction(
    _ bases: UnsafePointer<UnsafeMutableRawPointer?>, _ integers: UnsafePointer<Int64>,
    from begin: Int64, to end: Int64
  ) {
    // The call does not refer to the object, which could go before the code has ended.
    withExtendedLifetime(object) { function(bases, integers, begin, end) }
  }
}
