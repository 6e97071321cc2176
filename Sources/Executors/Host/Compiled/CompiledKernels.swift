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
    known.withLock { $0[kernel] = code }
    return (code, true)
  }
}
