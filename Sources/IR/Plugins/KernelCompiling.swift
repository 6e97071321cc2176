/// An executor that runs kernels that others made: those that merge sparse arrays, for one.
public protocol KernelCompiling: Sendable {
  /// Whether kernels can be compiled here; else others have to know another way.
  var compilesKernels: Bool { get }

  /// The code of a kernel: known, from the cache, or compiled now.
  ///
  /// - Throws: `internal` when the compiler refuses the kernel.
  func code(of kernel: Kernel, _ counters: Counters) throws(WeftError) -> any KernelCall
}

/// The code of a kernel.
public protocol KernelCall: Sendable {
  /// Runs iterations of the kernel's parallel loop.
  ///
  /// - Parameters:
  ///   - buffers: The address of each buffer parameter, in order.
  ///   - numbers: The value of each index parameter, in order.
  ///   - range: The iterations.
  func run(
    _ buffers: [UnsafeMutableRawPointer?], _ numbers: [Int64], _ range: Range<Int>)
}
