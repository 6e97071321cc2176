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
    /// Bytes of memory that buffers may take; nil is all of the device's.
    var memoryLimit: Int?
    /// The kernel whose launch fails as on a device that is gone, counted from 1; nil for none.
    var losesAt: Int?
    /// Whether it counts as a device without float64.
    var lacksDouble = false
    /// Whether the quickest tile is searched for small products too.
    var searchesAlways = false
  }

  let device: OpenCLDevice
  let style: OpenCLStyle
  /// Whether buffers are this machine's memory.
  let sharesMemory: Bool
  let checks: Bool
  let searchesAlways: Bool
  /// Whether the device's own kernels multiply, sort, put and keep; else the host does, over shared
  /// memory.
  let takesAll: Bool
  /// What binaries and tunings depend on besides a kernel: the key's head in the disk cache.
  let identity: String
  let context: weft_cl_ref
  let queue: weft_cl_ref
  /// What sends arrays to a device with memory of its own while `queue` computes.
  let transfers: weft_cl_ref
  /// The compiler's options: nothing that changes a bit.
  let buildOptions: String
  let programs = OpenCLPrograms()
  let tuning = OpenCLTuning()
  /// Bytes of buffers on a device with memory of its own.
  let memory: DeviceAccount
  private let launchesUntilLoss: Lock<Int>
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

  /// `WEFT_OPENCL_MEMORY` is `own`: arrays are copied as to a device that shares no memory.
  private static let copiesAlways =
    getenv("WEFT_OPENCL_MEMORY").map { String(cString: $0) } == "own"

  /// `WEFT_OPENCL_PRODUCTS` is `device`: so that a processor can try a GPU's products and sorts.
  private static let takesAllAlways =
    getenv("WEFT_OPENCL_PRODUCTS").map { String(cString: $0) } == "device"

  /// Changes when what is in a file of the disk cache changes.
  private static let formatVersion = 1

  private init(_ device: OpenCLDevice, _ options: Options) throws(WeftError) {
    var device = device
    if options.lacksDouble { device.hasDouble = false }
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
    sharesMemory = device.sharesMemory && !options.copies && !Self.copiesAlways
    checks = options.checks && !Self.skipsChecks
    launchesUntilLoss = Lock(options.losesAt ?? 0)
    searchesAlways = options.searchesAlways
    takesAll = !sharesMemory || Self.takesAllAlways
    buildOptions = "-w" + (device.roundsCorrectly ? " -cl-fp32-correctly-rounded-divide-sqrt" : "")
    let fields = [
      "weft opencl \(Self.formatVersion)",
      "platform \(device.platform) \(device.platformVersion)",
      "device \(device.name) \(device.version)", "driver \(device.driver)",
      "options \(buildOptions)", "",
    ]
    identity = fields.joined(separator: "\n")
    var status: Int32 = 0
    var handles: [weft_cl_ref?] = [device.handle]
    guard let context = weft_cl_CreateContext(nil, 1, &handles, nil, nil, &status) else {
      throw OpenCLLibrary.error(status, "clCreateContext")
    }
    guard let queue = weft_cl_CreateCommandQueue(context, device.handle, 0, &status),
      let transfers = weft_cl_CreateCommandQueue(context, device.handle, 0, &status)
    else {
      _ = weft_cl_ReleaseContext(context)
      throw OpenCLLibrary.error(status, "clCreateCommandQueue")
    }
    self.context = context
    self.queue = queue
    self.transfers = transfers
    memory = DeviceAccount(limit: options.memoryLimit ?? device.memoryBytes)
  }

  /// Throws for the launch that options want lost.
  func countLaunch() throws(WeftError) {
    let isLost = launchesUntilLoss.withLock { launches in
      launches -= 1
      return launches == 0
    }
    if isLost {
      throw OpenCLLibrary.error(Int32(WEFT_CL_DEVICE_NOT_AVAILABLE), "clEnqueueNDRangeKernel")
    }
  }

  deinit {
    profiling.withLock { if let queue = $0 { _ = weft_cl_ReleaseCommandQueue(queue) } }
    _ = weft_cl_ReleaseCommandQueue(queue)
    _ = weft_cl_ReleaseCommandQueue(transfers)
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
