import COpenCL
import WeftIR
import WeftKernelCache

/// A kernel that a device can run.
///
/// `@unchecked Sendable`: arguments are set and the kernel is enqueued under one lock.
final class OpenCLKernel: @unchecked Sendable {
  /// Where the code was found.
  enum Origin: String, Sendable {
    case compiled, disk, memory
  }

  /// What a parameter gets.
  enum Argument {
    case memory(DeviceMemory)
    case index(Int64)
  }

  private let program: weft_cl_ref
  private let handle: weft_cl_ref
  private let guarding = Lock(())
  let origin: Origin
  let seconds: Double
  let trust = OpenCLTrust()
  /// The key under which the program is not yet on disk, and how often the kernel has run.
  private let unstored: Lock<(key: [UInt8], runs: Int)?>

  /// A kernel of a program; with a key the program goes to the disk after some runs.
  init(
    _ program: weft_cl_ref, _ symbol: String, _ origin: Origin, _ seconds: Double,
    storing key: [UInt8]? = nil
  ) throws(WeftError) {
    unstored = Lock(key.map { ($0, 0) })
    var status: Int32 = 0
    guard let handle = weft_cl_CreateKernel(program, symbol, &status) else {
      _ = weft_cl_ReleaseProgram(program)
      throw OpenCLLibrary.error(status, "clCreateKernel")
    }
    self.program = program
    self.handle = handle
    self.origin = origin
    self.seconds = seconds
  }

  deinit {
    _ = weft_cl_ReleaseKernel(handle)
    _ = weft_cl_ReleaseProgram(program)
  }

  /// Enqueues the kernel in work-groups of so many items; the event is the caller's.
  func enqueue(
    _ arguments: [Argument], groups: Int, items: Int, on queue: weft_cl_ref, wantsEvent: Bool
  ) throws(WeftError) -> weft_cl_ref? {
    var event: weft_cl_ref?
    let failure = guarding.withLock { _ -> (Int32, String)? in
      for (n, argument) in arguments.enumerated() {
        let status: Int32
        switch argument {
        case .memory(let memory):
          var handle: weft_cl_ref? = memory.handle
          status = weft_cl_SetKernelArg(
            self.handle, UInt32(n), MemoryLayout<weft_cl_ref?>.size, &handle)
        case .index(var value):
          status = weft_cl_SetKernelArg(
            self.handle, UInt32(n), MemoryLayout<Int64>.size, &value)
        }
        if status != WEFT_CL_SUCCESS { return (status, "clSetKernelArg") }
      }
      var (global, local) = (groups * items, items)
      let status =
        wantsEvent
        ? weft_cl_EnqueueNDRangeKernel(queue, handle, 1, nil, &global, &local, 0, nil, &event)
        : weft_cl_EnqueueNDRangeKernel(queue, handle, 1, nil, &global, &local, 0, nil, nil)
      return status == WEFT_CL_SUCCESS ? nil : (status, "clEnqueueNDRangeKernel")
    }
    if let (status, call) = failure { throw OpenCLLibrary.error(status, call) }
    storeInTime()
    return event
  }

  /// The runs after which a program goes to the disk: processors' drivers compile it anew for that.
  private static let runsBeforeStoring = 4

  private func storeInTime() {
    let key = unstored.withLock { unstored -> [UInt8]? in
      guard let (key, runs) = unstored else { return nil }
      unstored = runs + 1 < Self.runsBeforeStoring ? (key, runs + 1) : nil
      return unstored == nil ? key : nil
    }
    if let key { IdleWork.process.add { OpenCLPrograms.store(self.program, for: key) } }
  }
}

/// Whether a kernel's results have been compared with the host's, and were wrong.
final class OpenCLTrust: Sendable {
  private let state = Lock((isChecked: false, isWrong: false))

  /// Whether its results were wrong here.
  var isQuarantined: Bool { state.withLock { $0.isWrong } }
  /// Keeps it from running again.
  func quarantine() { state.withLock { $0.isWrong = true } }
  /// Whether this call is the first to check it.
  func beginsCheck() -> Bool {
    state.withLock { state in
      defer { state.isChecked = true }
      return !state.isChecked
    }
  }
}

/// The programs of a device: from memory, from the disk cache, or from its compiler.
final class OpenCLPrograms: Sendable {
  /// A text's kernel, or that on its way: callers with the same text wait for the first on the
  /// slot's own lock.
  final class Slot: Sendable {
    fileprivate let outcome = Lock<Result<OpenCLKernel, WeftError>?>(nil)
    /// The instructions that were interpreted in the kernel's place.
    private let interpreted = Lock(0)
    /// Whether these gave the right results.
    let trust = OpenCLTrust()

    /// Whether a run that costs so many instructions may be better interpreted.
    func mayInterpret(_ cost: Int) -> Bool {
      if outcome.withLock({ $0 != nil }) { return false }
      return cost <= interpreted.withLock { Self.instructionsOfCompilation - $0 }
    }

    /// Whether a run that costs so many instructions is interpreted: all of these together take less
    /// than a compilation would.
    func interprets(_ cost: Int) -> Bool {
      interpreted.withLock { spent in
        if cost > Self.instructionsOfCompilation - spent { return false }
        spent += cost
        return true
      }
    }

    /// About half of what PoCL takes for the smallest kernel.
    private static let instructionsOfCompilation = 1 << 23
  }

  private let slots = Lock<[String: Slot]>([:])

  private static let mostKernels = 4096
  static let symbol = "weft_kernel"

  /// The kernel of a text, and whether this call made it.
  ///
  /// - Throws: `internal` with the compiler's first lines when it refuses the text.
  func kernel(
    _ source: String, on runtime: OpenCLRuntime
  ) throws(WeftError) -> (kernel: OpenCLKernel, isNew: Bool) {
    let slot = slot(source)
    var isNew = false
    let outcome = slot.outcome.withLock { outcome in
      if let outcome { return outcome }
      isNew = true
      let made = make(source, runtime)
      outcome = made
      return made
    }
    return (try outcome.get(), isNew)
  }

  /// What is known of a text.
  func slot(_ source: String) -> Slot {
    slots.withLock { slots in
      if let slot = slots[source] { return slot }
      if slots.count >= Self.mostKernels { slots = [:] }
      let slot = Slot()
      slots[source] = slot
      return slot
    }
  }

  private func make(
    _ source: String, _ runtime: OpenCLRuntime
  ) -> Result<OpenCLKernel, WeftError> {
    let start = Trace.now
    func seconds() -> Double { Double(Trace.now - start) * 1e-9 }
    return Result { () throws(WeftError) in
      let key = Array((runtime.identity + source).utf8)
      let disk = KernelDiskCache.process
      if let stored = disk.find(key), let program = Self.load(stored, runtime),
        let kernel = try? OpenCLKernel(program, Self.symbol, .disk, seconds())
      {
        return kernel
      }
      let program = try Self.compile(source, runtime)
      if runtime.device.kind == .cpu {
        return try OpenCLKernel(program, Self.symbol, .compiled, seconds(), storing: key)
      }
      Self.store(program, for: key)
      return try OpenCLKernel(program, Self.symbol, .compiled, seconds())
    }
  }

  private static func compile(
    _ source: String, _ runtime: OpenCLRuntime
  ) throws(WeftError) -> weft_cl_ref {
    var status: Int32 = 0
    let program = source.withCString { text in
      var texts: [UnsafePointer<CChar>?] = [text]
      return weft_cl_CreateProgramWithSource(runtime.context, 1, &texts, nil, &status)
    }
    guard let program else { throw OpenCLLibrary.error(status, "clCreateProgramWithSource") }
    status = build(program, runtime)
    if status == WEFT_CL_SUCCESS { return program }
    let log = OpenCLLibrary.text {
      weft_cl_GetProgramBuildInfo(
        program, runtime.device.handle, UInt32(WEFT_CL_PROGRAM_BUILD_LOG), $0, $1, $2)
    }
    _ = weft_cl_ReleaseProgram(program)
    throw WeftError(
      .internal, "compile",
      "\(runtime.device.name) does not compile a kernel (\(status)): \(log.prefix(800))")
  }

  private static func build(_ program: weft_cl_ref, _ runtime: OpenCLRuntime) -> Int32 {
    var handles: [weft_cl_ref?] = [runtime.device.handle]
    return weft_cl_BuildProgram(program, 1, &handles, runtime.buildOptions, nil, nil)
  }

  private static func load(_ binary: [UInt8], _ runtime: OpenCLRuntime) -> weft_cl_ref? {
    var (status, own): (Int32, Int32) = (0, 0)
    let program = binary.withUnsafeBufferPointer { bytes -> weft_cl_ref? in
      var handles: [weft_cl_ref?] = [runtime.device.handle]
      var lengths = [bytes.count]
      var starts: [UnsafePointer<UInt8>?] = [bytes.baseAddress]
      return weft_cl_CreateProgramWithBinary(
        runtime.context, 1, &handles, &lengths, &starts, &own, &status)
    }
    guard let program else { return nil }
    if status == WEFT_CL_SUCCESS, build(program, runtime) == WEFT_CL_SUCCESS { return program }
    _ = weft_cl_ReleaseProgram(program)
    return nil
  }

  /// Keeps a program's binary in the disk cache.
  fileprivate static func store(_ program: weft_cl_ref, for key: [UInt8]) {
    if let binary = binary(of: program) { KernelDiskCache.process.store(binary, for: key) }
  }

  private static func binary(of program: weft_cl_ref) -> [UInt8]? {
    var size = 0
    guard
      weft_cl_GetProgramInfo(
        program, UInt32(WEFT_CL_PROGRAM_BINARY_SIZES), MemoryLayout<Int>.size, &size, nil)
        == WEFT_CL_SUCCESS, size > 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let status = bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
      var starts: [UnsafeMutablePointer<UInt8>?] = [buffer.baseAddress]
      return weft_cl_GetProgramInfo(
        program, UInt32(WEFT_CL_PROGRAM_BINARIES), MemoryLayout<UnsafeMutableRawPointer>.size,
        &starts, nil)
    }
    return status == WEFT_CL_SUCCESS ? bytes : nil
  }
}
