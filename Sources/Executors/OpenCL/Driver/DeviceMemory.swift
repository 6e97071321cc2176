import COpenCL
import WeftIR

/// Counts the bytes of buffers on a device and holds them to its memory.
///
/// Arrays that stay there between runs are given up, this machine's copy being made first, where
/// others need the room.
final class DeviceAccount: Sendable {
  /// An array with memory on the device, as long as somebody has it.
  private struct Resident {
    weak var buffer: Buffer?
    weak var copy: DeviceCopy?
  }

  let limit: Int
  private let live = Lock(0)
  /// Arrays that stay, the oldest first.
  private let residents = Lock<[Resident]>([])

  init(limit: Int) { self.limit = limit }

  var liveBytes: Int { live.withLock { $0 } }

  /// Takes bytes, if need be from arrays that stay.
  func reserve(_ bytes: Int) throws(WeftError) {
    if take(bytes) { return }
    try makeRoom(bytes, keeping: [])
    if take(bytes) { return }
    throw refusal("a buffer needs \(bytes) bytes")
  }

  private func take(_ bytes: Int) -> Bool {
    live.withLock { live in
      if bytes > limit - live { return false }
      live += bytes
      return true
    }
  }

  private func refusal(_ words: String) -> WeftError {
    WeftError(
      .outOfMemory, "compute", "\(words); \(liveBytes) of the device's \(limit) are used",
      hint: "compute in parts or on another executor")
  }

  func release(_ bytes: Int) { live.withLock { $0 -= bytes } }

  /// Remembers that a buffer has its elements on the device too.
  func keep(_ copy: DeviceCopy, of buffer: Buffer) {
    buffer.keep(copy)
    residents.withLock { residents in
      if residents.count >= 64 { residents.removeAll { $0.buffer == nil || $0.copy == nil } }
      residents.append(Resident(buffer: buffer, copy: copy))
    }
  }

  /// Sees to it that so many bytes can be taken, but for those of some arrays.
  ///
  /// - Throws: `out-of-memory` when that cannot be.
  func requireRoom(_ bytes: Int, keeping kept: [DeviceCopy]) throws(WeftError) {
    if bytes <= limit - liveBytes { return }
    if bytes <= limit - kept.reduce(0, { $0 + $1.memory.byteCount }) {
      try makeRoom(bytes, keeping: kept)
      if bytes <= limit - liveBytes { return }
    }
    throw refusal("the run needs \(bytes) bytes at its peak")
  }

  /// Gives up arrays that stay, the oldest first, until there are so many bytes.
  private func makeRoom(_ bytes: Int, keeping kept: [DeviceCopy]) throws(WeftError) {
    let all = residents.withLock { residents in
      residents.compactMap { resident in
        resident.buffer.flatMap { buffer in resident.copy.map { (buffer, $0) } }
      }
    }
    for (buffer, copy) in all where !kept.contains(where: { $0 === copy }) {
      if bytes <= limit - liveBytes { return }
      try buffer.load()
      if buffer.residence === copy { buffer.keep(nil) }
    }
  }
}

/// The memory on a device that holds the elements of a buffer.
final class DeviceCopy: Residence {
  let memory: DeviceMemory
  let runtime: OpenCLRuntime
  private let counters: Counters?

  init(_ memory: DeviceMemory, _ runtime: OpenCLRuntime, _ counters: Counters?) {
    self.memory = memory
    self.runtime = runtime
    self.counters = counters
  }

  func copy(to base: UnsafeMutableRawPointer, _ byteCount: Int) throws(WeftError) {
    let status = weft_cl_EnqueueReadBuffer(
      runtime.queue, memory.handle, 1, 0, byteCount, base, 0, nil, nil)
    try OpenCLLibrary.check(status, "clEnqueueReadBuffer of \(byteCount) bytes")
    counters?.add("bytesFromDevice", byteCount)
  }
}

extension Buffer {
  /// The elements' memory on a device, if they are there.
  func deviceCopy(on runtime: OpenCLRuntime) -> DeviceCopy? {
    guard let copy = residence as? DeviceCopy, copy.runtime === runtime else { return nil }
    return copy
  }
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
    if bytes > runtime.device.mostBufferBytes {
      throw WeftError(
        .outOfMemory, "compute",
        "a buffer needs \(bytes) bytes; the device's largest has \(runtime.device.mostBufferBytes)",
        hint: "compute in parts or on another executor")
    }
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
