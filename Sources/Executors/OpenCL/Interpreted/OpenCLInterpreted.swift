import WeftIR

/// A kernel as the device's interpreter runs it: what every run needs besides arrays.
final class OpenCLInterpreted: Sendable {
  private let code: KernelCode
  /// The bytes that each work-group has of each buffer.
  private let own: [Int]
  private let memory = Lock<DeviceMemory?>(nil)
  /// Registers' first values, by the index parameters.
  private let values = Lock<[[Int64]: DeviceMemory]>([:])

  /// Nil where the interpreter cannot hold the kernel; `own` are the bytes of buffers that are a
  /// work-group's own, by their place among buffers.
  init?(_ kernel: Kernel, own: [Int: Int] = [:]) {
    guard let code = KernelCode(kernel) else { return nil }
    self.code = code
    self.own = (0..<KernelCode.mostBuffers).map { own[$0] ?? 0 }
  }

  /// About how many instructions a run on so many elements takes.
  func cost(elements: Int) -> Int { code.instructionCount * max(1, elements) }

  /// The arguments of the interpreter.
  func arguments(
    _ buffers: [DeviceMemory], _ indices: [Int64], on runtime: OpenCLRuntime
  ) throws(WeftError) -> [OpenCLKernel.Argument] {
    let words: DeviceMemory
    if let known = memory.withLock({ $0 }) {
      words = known
    } else {
      words = try Self.memory(code.words, runtime)
      memory.withLock { $0 = words }
    }
    var first = values.withLock { $0[indices] }
    if first == nil {
      let made = try Self.memory(head(indices), runtime)
      values.withLock { values in
        if values.count >= Self.mostValues { values = [:] }
        values[indices] = made
      }
      first = made
    }
    let all = buffers + Array(repeating: words, count: KernelCode.mostBuffers - buffers.count)
    return ([words, first ?? words] + all).map { .memory($0) }
  }

  /// How many sets of first values are kept: a kernel has one for each of its phases.
  private static let mostValues = 8

  private func head(_ indices: [Int64]) -> [UInt64] {
    [UInt64(indices.count), UInt64(code.firstConstant), UInt64(code.constants.count)]
      + own.map { UInt64($0) } + indices.map { UInt64(bitPattern: $0) } + code.constants
  }

  private static func memory(
    _ words: [UInt64], _ runtime: OpenCLRuntime
  ) throws(WeftError) -> DeviceMemory {
    try DeviceMemory(copying: words.withUnsafeBytes { Array($0) }, on: runtime)
  }
}
