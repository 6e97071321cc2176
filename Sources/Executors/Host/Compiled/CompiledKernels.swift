import WeftIR

/// The machine code of kernels, made once each.
enum CompiledKernels {
  /// Whether kernels can be compiled here.
  static var isAvailable: Bool { LLVMLibrary.unavailable == nil }

  /// The text that LLVM gets.
  static func text(of kernel: Kernel) throws(WeftError) -> String {
    try LLVMRenderer.render(
      kernel, symbol: "weft_kernel", vectorBytes: LLVMLibrary.vectorBytes)
  }

  /// The kernels that are found without rendering them; what else there is `KernelCode` keeps.
  private static let mostKernels = 2048
  private static let known = Lock<[Kernel: LoadedKernel]>([:])

  /// The code of a kernel, and whether this call had to look beyond the process for it.
  ///
  /// - Throws: `internal` when the compiler refuses the text.
  static func code(
    of kernel: Kernel
  ) throws(WeftError) -> (code: LoadedKernel, isNew: Bool) {
    if let code = known.withLock({ $0[kernel] }) { return (code, false) }
    let text = try text(of: kernel)
    let code = try KernelCode.load(ir: text, symbol: "weft_kernel")
    known.withLock { known in
      if known.count >= mostKernels { known = [:] }
      known[kernel] = code
    }
    return (code, true)
  }

  // MARK: - In the background

  private struct Queue {
    var steps: [CompiledStep] = []
    var isRunning = false
  }
  private static let queue = Lock(Queue())

  /// Compiles the kernel of a step on a thread of its own, one after the other.
  static func compileLater(_ step: CompiledStep, _ context: RunContext) {
    let mustStart = queue.withLock { queue in
      queue.steps.append(step)
      defer { queue.isRunning = true }
      return !queue.isRunning
    }
    guard mustStart else { return }
    let counters = context.counters
    if !DetachedThread.start({ drain(counters) }) {
      // Without a thread the kernels stay interpreted.
      queue.withLock { $0 = Queue() }
    }
  }

  private static func drain(_ counters: Counters) {
    while true {
      let step = queue.withLock { queue -> CompiledStep? in
        if queue.steps.isEmpty {
          queue.isRunning = false
          return nil
        }
        return queue.steps.removeFirst()
      }
      guard let step else { return }
      // A kernel that cannot be compiled stays interpreted.
      _ = try? step.prepare(counters)
    }
  }
}
