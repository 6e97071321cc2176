import WeftIR

/// The machine code of kernels, made once each.
enum CompiledKernels {
  /// Whether kernels can be compiled here.
  static var isAvailable: Bool { LLVMLibrary.unavailable == nil }

  /// The kernels that are found without rendering them; what else there is `KernelCode` keeps.
  private static let mostKernels = 2048
  private static let known = Lock(Known())

  private struct Known {
    var code: [Kernel: LoadedKernel] = [:]
    /// The texts of the kernels without their dtypes, by hash.
    var structures: Set<Int> = []
  }

  /// The code of a kernel, with where this call found it.
  struct Answer {
    var code: LoadedKernel
    var origin: LoadedKernel.Origin
    var seconds = 0.0
    /// Why there was no code in memory.
    var reason = ""
  }

  /// The code of a kernel.
  ///
  /// - Throws: `internal` when the compiler refuses the text.
  static func code(of kernel: Kernel) throws(WeftError) -> Answer {
    if let code = known.withLock({ $0.code[kernel] }) { return Answer(code: code, origin: .memory) }
    let text = try text(of: kernel)
    let code = try KernelCode.load(ir: text, symbol: "weft_kernel")
    let structure = structure(of: kernel)
    let hasOtherTypes = known.withLock { known in
      if known.code.count >= mostKernels { known = Known() }
      known.code[kernel] = code
      return !known.structures.insert(structure).inserted
    }
    return Answer(
      code: code, origin: code.origin, seconds: code.seconds,
      reason: hasOtherTypes ? "dtype differs from the nearest" : "new structure")
  }

  /// The LLVM text of a kernel, for this processor.
  static func text(of kernel: Kernel) throws(WeftError) -> String {
    try LLVMRenderer.render(kernel, symbol: "weft_kernel", vectorBytes: LLVMLibrary.vectorBytes)
  }

  /// A hash of a kernel's text without its dtypes.
  private static func structure(of kernel: Kernel) -> Int {
    var hasher = Hasher()
    for line in kernel.text().split(separator: "\n") {
      for word in line.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        if DType(name: String(word)) == nil { hasher.combine(word) }
      }
    }
    return hasher.finalize()
  }

  // MARK: - In the background

  private struct Queue {
    var steps: [(step: CompiledStep, counters: Counters, trace: Trace?)] = []
    var isRunning = false
  }
  private static let queue = Lock(Queue())

  /// Compiles the kernel of a step on a thread of its own, one after the other.
  static func compileLater(_ step: CompiledStep, _ context: RunContext) {
    let mustStart = queue.withLock { queue in
      queue.steps.append((step, context.counters, context.trace))
      defer { queue.isRunning = true }
      return !queue.isRunning
    }
    guard mustStart else { return }
    if !DetachedThread.start(inBackground: true, drain) {
      // Without a thread the kernels stay interpreted.
      queue.withLock { $0 = Queue() }
    }
  }

  @Sendable
  private static func drain() {
    while true {
      let next = queue.withLock {
        queue -> (step: CompiledStep, counters: Counters, trace: Trace?)? in
        if queue.steps.isEmpty {
          queue.isRunning = false
          return nil
        }
        return queue.steps.removeFirst()
      }
      guard let next else { return }
      // A kernel that cannot be compiled stays interpreted.
      _ = try? next.step.prepare(next.counters, next.trace, role: "compiler")
      next.trace?.flush()
    }
  }
}
