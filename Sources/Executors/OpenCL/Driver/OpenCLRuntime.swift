import COpenCL
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A device that is open: context, queues, programs.
///
/// `@unchecked Sendable`: OpenCL objects may be used by any thread, but for kernels' arguments,
/// which `OpenCLKernel` guards.
final class OpenCLRuntime: @unchecked Sendable {
  /// What tests change; the rest follows the device.
  struct Options: Hashable, Sendable {
    /// Whether buffers are copied to the device though it shares memory.
    var copies = false
    /// How loops are shared out; nil is as the device likes it.
    var style: OpenCLStyle?
    /// Whether the first run of each kernel is compared with the host.
    var checks = true
  }

  let device: OpenCLDevice
  let style: OpenCLStyle
  /// Whether buffers are this machine's memory.
  let sharesMemory: Bool
  let checks: Bool
  let context: weft_cl_ref
  let queue: weft_cl_ref
  /// The compiler's options: nothing that changes a bit.
  let buildOptions: String
  let programs: OpenCLPrograms
  /// Bytes of buffers on a device with memory of its own.
  let memory: DeviceAccount
  private let profiling = Lock<weft_cl_ref?>(nil)

  /// The process's open devices.
  private static let open = Lock<[Key: OpenCLRuntime]>([:])

  private struct Key: Hashable {
    let index: Int
    let options: Options
  }

  /// The open device that the environment chooses.
  static func shared(_ options: Options = Options()) throws(WeftError) -> OpenCLRuntime {
    if let reason = OpenCLLibrary.unavailable {
      throw WeftError(.unusableExecutor, "compute", reason)
    }
    let device = try OpenCLDevice.chosen(by: wanted, of: OpenCLDevice.all)
    let key = Key(index: device.index, options: options)
    let result = open.withLock { open -> Result<OpenCLRuntime, WeftError> in
      if let known = open[key] { return .success(known) }
      do throws(WeftError) {
        let runtime = try OpenCLRuntime(device, options)
        open[key] = runtime
        return .success(runtime)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// `WEFT_OPENCL_DEVICE`.
  static let wanted: String? = getenv("WEFT_OPENCL_DEVICE").flatMap {
    let text = String(cString: $0)
    return text.isEmpty ? nil : text
  }

  /// `WEFT_OPENCL_CHECK` is 0.
  private static let skipsChecks = getenv("WEFT_OPENCL_CHECK").map { String(cString: $0) } == "0"

  private init(_ device: OpenCLDevice, _ options: Options) throws(WeftError) {
    self.device = device
    style =
      options.style
      ?? (device.kind == .cpu
        ? .vectors(bytes: min(64, max(16, device.vectorBytes)))
        : .items(
          1
            << min(
              6, device.mostItemsOfGroup.bitWidth - 1 - device.mostItemsOfGroup.leadingZeroBitCount)
        ))
    sharesMemory = device.sharesMemory && !options.copies
    checks = options.checks && !Self.skipsChecks
    buildOptions = "-w" + (device.roundsCorrectly ? " -cl-fp32-correctly-rounded-divide-sqrt" : "")
    var status: Int32 = 0
    var handles: [weft_cl_ref?] = [device.handle]
    guard let context = weft_cl_CreateContext(nil, 1, &handles, nil, nil, &status) else {
      throw OpenCLLibrary.error(status, "clCreateContext")
    }
    guard let queue = weft_cl_CreateCommandQueue(context, device.handle, 0, &status) else {
      _ = weft_cl_ReleaseContext(context)
      throw OpenCLLibrary.error(status, "clCreateCommandQueue")
    }
    self.context = context
    self.queue = queue
    programs = OpenCLPrograms()
    memory = DeviceAccount(limit: device.memoryBytes)
  }

  deinit {
    profiling.withLock { if let queue = $0 { _ = weft_cl_ReleaseCommandQueue(queue) } }
    _ = weft_cl_ReleaseCommandQueue(queue)
    _ = weft_cl_ReleaseContext(context)
  }

  /// A queue whose commands tell when they ran; runs that are traced use it.
  func profilingQueue() throws(WeftError) -> weft_cl_ref {
    var status: Int32 = 0
    let queue = profiling.withLock { queue -> weft_cl_ref? in
      if queue == nil {
        queue = weft_cl_CreateCommandQueue(
          context, device.handle, UInt64(WEFT_CL_QUEUE_PROFILING_ENABLE), &status)
      }
      return queue
    }
    guard let queue else { throw OpenCLLibrary.error(status, "clCreateCommandQueue") }
    return queue
  }
}

/// Counts the bytes of buffers on a device and holds them to its memory.
final class DeviceAccount: Sendable {
  let limit: Int
  private let live = Lock(0)

  init(limit: Int) { self.limit = limit }

  var liveBytes: Int { live.withLock { $0 } }

  func reserve(_ bytes: Int) throws(WeftError) {
    let used = live.withLock { live -> Int? in
      if bytes > limit - live { return live }
      live += bytes
      return nil
    }
    if let used {
      throw WeftError(
        .outOfMemory, "compute",
        "a buffer needs \(bytes) bytes; \(used) of the device's \(limit) are used",
        hint: "compute in parts or on another executor")
    }
  }

  func release(_ bytes: Int) { live.withLock { $0 -= bytes } }
}

/// Memory that kernels of a device read and write: its own, or that of a buffer.
///
/// `@unchecked Sendable`: the handle is released once, by the last holder.
final class DeviceMemory: @unchecked Sendable {
  let handle: weft_cl_ref
  let byteCount: Int
  /// The buffer whose memory it is, or whose elements were copied.
  private let buffer: Buffer?
  private let account: DeviceAccount?

  /// Memory of the device's own, not initialised.
  init(_ byteCount: Int, on runtime: OpenCLRuntime) throws(WeftError) {
    let bytes = max(16, byteCount)
    try runtime.memory.reserve(bytes)
    var status: Int32 = 0
    guard
      let handle = weft_cl_CreateBuffer(
        runtime.context, UInt64(WEFT_CL_MEM_READ_WRITE), bytes, nil, &status)
    else {
      runtime.memory.release(bytes)
      throw OpenCLLibrary.error(status, "clCreateBuffer of \(bytes) bytes")
    }
    self.handle = handle
    self.byteCount = bytes
    buffer = nil
    account = runtime.memory
  }

  /// The memory of a buffer, on devices that share it.
  init(sharing buffer: Buffer, on runtime: OpenCLRuntime) throws(WeftError) {
    var status: Int32 = 0
    guard
      let handle = weft_cl_CreateBuffer(
        runtime.context, UInt64(WEFT_CL_MEM_READ_WRITE | WEFT_CL_MEM_USE_HOST_PTR),
        buffer.byteCount, buffer.base, &status)
    else { throw OpenCLLibrary.error(status, "clCreateBuffer over \(buffer.type)") }
    self.handle = handle
    byteCount = buffer.byteCount
    self.buffer = buffer
    account = nil
  }

  /// Memory with the bytes of constants.
  init(copying bytes: [UInt8], on runtime: OpenCLRuntime) throws(WeftError) {
    var status: Int32 = 0
    var bytes = bytes
    guard
      let handle = weft_cl_CreateBuffer(
        runtime.context, UInt64(WEFT_CL_MEM_READ_WRITE | WEFT_CL_MEM_COPY_HOST_PTR),
        bytes.count, &bytes, &status)
    else { throw OpenCLLibrary.error(status, "clCreateBuffer of a constant") }
    self.handle = handle
    byteCount = bytes.count
    buffer = nil
    account = nil
  }

  deinit {
    _ = weft_cl_ReleaseMemObject(handle)
    account?.release(byteCount)
  }
}
