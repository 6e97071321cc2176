import WeftIR

extension HostExecutor: KernelCompiling {
  /// Where LLVM is.
  public var compilesKernels: Bool { CompiledKernels.isAvailable }

  /// The code of a kernel, from the process, the disk or LLVM.
  public func code(of kernel: Kernel, _ counters: Counters) throws(WeftError) -> any KernelCall {
    let answer = try CompiledKernels.code(of: kernel)
    counters.add(answer.origin.counter)
    return answer.code
  }
}

extension LoadedKernel: KernelCall {
  func run(
    _ buffers: [UnsafeMutableRawPointer?], _ numbers: [Int64], _ range: Range<Int>
  ) {
    // The word of streams: nothing goes past the cache.
    let numbers = numbers + [0]
    buffers.withUnsafeBufferPointer { buffers in
      numbers.withUnsafeBufferPointer { numbers in
        guard let bases = buffers.baseAddress, let integers = numbers.baseAddress else { return }
        self(bases, integers, from: Int64(range.lowerBound), to: Int64(range.upperBound))
      }
    }
  }
}

extension LoadedKernel.Origin {
  /// What counts how often code came from here.
  var counter: String {
    switch self {
    case .compiled: "compiles"
    case .disk: "codeLoads"
    case .memory: "codeHits"
    }
  }
}
