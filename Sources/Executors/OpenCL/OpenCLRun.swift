import COpenCL
import WeftIR
import WeftPlans

/// One run of a plan: where the values of slots are, and what is on its way.
///
/// Lives in the function that runs the plan.
final class OpenCLRun {
  /// A value in this machine's memory, on the device, or in both.
  private struct Slot {
    var buffer: Buffer?
    var memory: DeviceMemory?
    var type: TensorType?
    /// Whether somebody else has seen the buffer, and may have made it a part of results.
    var isGiven = false
    /// Whether it is the caller's, who may give it again.
    var isInput = false
    /// Whether kernels have written what this machine has not been shown.
    var isUnseen = false
  }

  /// Memory with the buffer whose it is, on devices that share it.
  private struct Block {
    let memory: DeviceMemory
    let buffer: Buffer?
  }

  let runtime: OpenCLRuntime
  let queue: weft_cl_ref
  let account: MemoryAccount
  /// Nil in the probe.
  let context: RunContext?
  private var slots: [Slot]
  private var retired = RetiredMemory<Block>()
  /// What commands on their way use and nobody else holds.
  private var held: [Block] = []
  private var pendingFlags: [(memory: Block, checks: [OpenCLKernelStep.IndexCheck])] = []
  private var isPending = false
  /// What is being sent to the device, with the event that ends it.
  private var uploads: [(memory: DeviceMemory, event: weft_cl_ref)] = []
  /// The commands of the step that is being enqueued, where their times are wanted.
  private var events: [weft_cl_ref] = []

  init(
    _ runtime: OpenCLRuntime, _ queue: weft_cl_ref, slotCount: Int, _ account: MemoryAccount,
    _ context: RunContext?
  ) {
    self.runtime = runtime
    self.queue = queue
    self.account = account
    self.context = context
    slots = Array(repeating: Slot(), count: slotCount)
    IdleWork.process.beginRun()
  }

  deinit {
    for event in events + uploads.map(\.event) { _ = weft_cl_ReleaseEvent(event) }
    IdleWork.process.endRun()
  }

  // MARK: - Slots

  /// Gives a slot a value that somebody else made, and may still have under another name.
  func set(_ slot: Int, _ buffer: Buffer) {
    slots[slot] = Slot(buffer: buffer, memory: nil, type: buffer.type, isGiven: true)
  }

  /// Gives a slot a value of the caller's.
  func setInput(_ slot: Int, _ buffer: Buffer) {
    set(slot, buffer)
    slots[slot].isInput = true
  }

  /// Holds a run to the memory of the device.
  ///
  /// - Throws: `out-of-memory` when so many bytes besides the inputs do not fit.
  func requireRoom(_ peakBytes: Int, _ inputs: [Buffer]) throws(WeftError) {
    if runtime.sharesMemory { return }
    let own = inputs.reduce(0) { sum, input in
      input.deviceCopy(on: runtime) == nil ? sum + input.byteCount : sum
    }
    let kept = inputs.compactMap { $0.deviceCopy(on: runtime) }
    try runtime.memory.requireRoom(peakBytes + own, keeping: kept)
  }

  /// The memory in which kernels find a slot's value.
  func memory(_ slot: Int) throws(WeftError) -> DeviceMemory {
    if let memory = slots[slot].memory { return memory }
    guard let buffer = slots[slot].buffer else {
      throw WeftError(.internal, "compute", "slot \(slot) of the device's plan is empty")
    }
    let memory: DeviceMemory
    if buffer.byteCount == 0 {
      memory = try DeviceMemory(0, on: runtime)
    } else if runtime.sharesMemory {
      try buffer.load()
      memory = try DeviceMemory(sharing: buffer, on: runtime)
    } else if let copy = buffer.deviceCopy(on: runtime) {
      memory = copy.memory
    } else {
      // Elements of another device come through this machine's memory.
      try buffer.load()
      memory = try upload(buffer)
      if slots[slot].isInput {
        runtime.memory.keep(
          DeviceCopy(memory, runtime, context?.counters), of: buffer)
      }
    }
    held.append(Block(memory: memory, buffer: buffer))
    slots[slot].memory = memory
    return memory
  }

  /// Begins to send a buffer to memory of the device, beside what the device computes.
  private func upload(_ buffer: Buffer) throws(WeftError) -> DeviceMemory {
    let memory = try DeviceMemory(buffer.byteCount, on: runtime)
    context?.counters.add("bytesToDevice", buffer.byteCount)
    var event: weft_cl_ref?
    let status = weft_cl_EnqueueWriteBuffer(
      runtime.transfers, memory.handle, 0, 0, buffer.byteCount, buffer.base, 0, nil, &event)
    try OpenCLLibrary.check(status, "clEnqueueWriteBuffer of \(buffer.type)")
    try OpenCLLibrary.check(weft_cl_Flush(runtime.transfers), "clFlush")
    if let event { uploads.append((memory, event)) }
    return memory
  }

  /// Begins to send all inputs that are not there, so that the first kernels need not wait for what
  /// only later ones read.
  func uploadInputs(_ slots: [Int]) throws(WeftError) {
    if runtime.sharesMemory { return }
    for slot in slots { _ = try memory(slot) }
  }

  /// Lets the queue wait for the memory that a command reads and that is on its way.
  private func useUploads(_ arguments: [OpenCLKernel.Argument]) throws(WeftError) {
    if uploads.isEmpty { return }
    var events: [weft_cl_ref?] = []
    uploads.removeAll { memory, event in
      let isUsed = arguments.contains {
        if case .memory(let used) = $0 { used === memory } else { false }
      }
      if isUsed { events.append(event) }
      return isUsed
    }
    if events.isEmpty { return }
    let status = weft_cl_EnqueueBarrierWithWaitList(queue, UInt32(events.count), &events, nil)
    for case let event? in events { _ = weft_cl_ReleaseEvent(event) }
    try OpenCLLibrary.check(status, "clEnqueueBarrierWithWaitList")
    isPending = true
  }

  /// Waits for what is being sent, whoever reads it.
  private func endUploads() throws(WeftError) {
    if uploads.isEmpty { return }
    for (_, event) in uploads { _ = weft_cl_ReleaseEvent(event) }
    uploads = []
    try OpenCLLibrary.check(weft_cl_Finish(runtime.transfers), "clFinish of transfers")
  }

  /// Takes memory for a slot's value.
  func allocate(_ slot: Int, _ type: TensorType) throws(WeftError) -> DeviceMemory {
    let bytes = type.byteCount ?? 0
    let block: Block
    if let known = retired.take(bytes) { block = known } else { block = try self.block(type) }
    slots[slot] = Slot(
      buffer: block.buffer.map { $0.type == type ? $0 : $0.reinterpreted(as: type) },
      memory: block.memory, type: type, isUnseen: true)
    return block.memory
  }

  private func block(_ type: TensorType) throws(WeftError) -> Block {
    let bytes = type.byteCount ?? 0
    if runtime.sharesMemory {
      let buffer = try Buffer(allocating: type, in: account)
      if bytes == 0 { return Block(memory: try DeviceMemory(0, on: runtime), buffer: buffer) }
      return Block(memory: try DeviceMemory(sharing: buffer, on: runtime), buffer: buffer)
    }
    return Block(memory: try DeviceMemory(bytes, on: runtime), buffer: nil)
  }

  /// The bytes that memory for so many has which only one step uses: shared blocks of less than a
  /// megabyte would go back to the system each time, and cost more than they hold.
  static func temporaryBytes(_ bytes: Int, on runtime: OpenCLRuntime) -> Int {
    runtime.sharesMemory && bytes > 1 << 17 ? max(bytes, 1 << 20) : max(16, bytes)
  }

  /// Memory that only commands of the next step use.
  func temporary(_ wanted: Int) throws(WeftError) -> DeviceMemory {
    let bytes = Self.temporaryBytes(wanted, on: runtime)
    if retired.mustGo(before: bytes) { try finish() }
    let block = try block(TensorType(.uint8, Shape([bytes])))
    held.append(block)
    return block.memory
  }

  /// Lets another slot stand for the same elements.
  func alias(_ from: Int, _ to: Int, _ type: TensorType) {
    slots[to] = Slot(
      buffer: slots[from].buffer?.reinterpreted(as: type), memory: slots[from].memory,
      type: type, isGiven: slots[from].isGiven, isInput: slots[from].isInput,
      isUnseen: slots[from].isUnseen)
  }

  /// Lets go of a slot's value.
  func free(_ slot: Int) {
    let old = slots[slot]
    slots[slot] = Slot()
    guard let memory = old.memory, let type = old.type else { return }
    let isShared = slots.contains { $0.memory === memory }
    if isShared { return }
    if held.contains(where: { $0.memory === memory }) { return }
    // What somebody else knows is not written to again, but commands may still read it.
    if old.isGiven {
      held.append(Block(memory: memory, buffer: old.buffer))
      return
    }
    retired.add(
      Block(memory: memory, buffer: runtime.sharesMemory ? old.buffer : nil),
      type.byteCount ?? 0)
    if retired.isFull { try? finish() }
  }

  /// The value of a slot in this machine's memory, after all commands.
  func buffer(_ slot: Int) throws(WeftError) -> Buffer {
    try show([slot])
    try finish()
    if let buffer = slots[slot].buffer {
      try buffer.load()
      return buffer
    }
    guard let memory = slots[slot].memory, let type = slots[slot].type else {
      throw WeftError(.internal, "compute", "slot \(slot) of the device's plan is empty")
    }
    let buffer = try Buffer(allocating: type, in: account)
    if buffer.byteCount > 0 {
      context?.counters.add("bytesFromDevice", buffer.byteCount)
      let status = weft_cl_EnqueueReadBuffer(
        queue, memory.handle, 1, 0, buffer.byteCount, buffer.base, 0, nil, nil)
      try OpenCLLibrary.check(status, "clEnqueueReadBuffer of \(type)")
    }
    slots[slot].buffer = buffer
    return buffer
  }

  /// Begins to read values that are only on the device, so that all are waited for at once.
  private func fetch(_ slots: [Int]) throws(WeftError) {
    if runtime.sharesMemory { return }
    for slot in slots where self.slots[slot].buffer == nil {
      guard let memory = self.slots[slot].memory, let type = self.slots[slot].type,
        type.byteCount ?? 0 > 0
      else { continue }
      let buffer = try Buffer(allocating: type, in: account)
      try read(memory, buffer.byteCount, to: buffer.base)
      context?.counters.add("bytesFromDevice", buffer.byteCount)
      self.slots[slot].buffer = buffer
    }
  }

  /// Begins to read bytes; whoever calls keeps the place until the next wait.
  private func read(
    _ memory: DeviceMemory, _ byteCount: Int, to base: UnsafeMutableRawPointer
  ) throws(WeftError) {
    isPending = true
    let status = weft_cl_EnqueueReadBuffer(
      queue, memory.handle, 0, 0, byteCount, base, 0, nil, nil)
    try OpenCLLibrary.check(status, "clEnqueueReadBuffer of \(byteCount) bytes")
  }

  /// The value of a slot for another executor.
  func give(_ slot: Int) throws(WeftError) -> Buffer {
    let buffer = try buffer(slot)
    if runtime.sharesMemory, let memory = slots[slot].memory {
      for other in slots.indices where slots[other].memory === memory {
        slots[other].isGiven = true
      }
    }
    return buffer
  }

  /// Makes what kernels wrote to shared memory visible here, as the standard asks, before commands
  /// end that are waited for next.
  func show(_ slots: [Int]) throws(WeftError) {
    guard runtime.sharesMemory else { return }
    for slot in slots where self.slots[slot].isUnseen {
      self.slots[slot].isUnseen = false
      guard let memory = self.slots[slot].memory, let buffer = self.slots[slot].buffer,
        buffer.byteCount > 0
      else { continue }
      var status: Int32 = 0
      let place = weft_cl_EnqueueMapBuffer(
        queue, memory.handle, 0, UInt64(WEFT_CL_MAP_READ), 0, buffer.byteCount, 0, nil, nil,
        &status)
      guard let place, status == WEFT_CL_SUCCESS else {
        throw OpenCLLibrary.error(status, "clEnqueueMapBuffer")
      }
      status = weft_cl_EnqueueUnmapMemObject(queue, memory.handle, place, 0, nil, nil)
      try OpenCLLibrary.check(status, "clEnqueueUnmapMemObject")
      isPending = true
    }
  }

  /// An output: on a device with memory of its own it stays there until somebody reads it.
  func result(_ slot: Int) throws(WeftError) -> Buffer {
    let value = slots[slot]
    guard !runtime.sharesMemory, value.buffer == nil, let memory = value.memory,
      let type = value.type, type.byteCount ?? 0 > 0
    else { return try slots[slot].isInput ? input(slot) : buffer(slot) }
    let copy = DeviceCopy(memory, runtime, context?.counters)
    let result = Buffer(at: copy, type: type, in: account)
    runtime.memory.keep(copy, of: result)
    return result
  }

  /// An output that is an input, wherever its elements are.
  private func input(_ slot: Int) throws(WeftError) -> Buffer {
    if let buffer = slots[slot].buffer { return buffer }
    return try buffer(slot)
  }

  // MARK: - Waiting

  /// Waits for all commands.
  func wait() throws(WeftError) {
    try endUploads()
    if isPending { try OpenCLLibrary.check(weft_cl_Finish(queue), "clFinish") }
    isPending = false
  }

  /// Waits for all commands, and throws for an index that was outside of its extent.
  func finish() throws(WeftError) {
    let flags = pendingFlags
    pendingFlags = []
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: flags.reduce(0) { $0 + $1.checks.count }, alignment: 1)
    defer {
      abandon()
      bytes.deallocate()
    }
    var place = bytes.baseAddress
    for (block, checks) in flags {
      if let place { try read(block.memory, checks.count, to: place) }
      place = place.map { $0 + checks.count }
    }
    try wait()
    if !held.isEmpty {
      let used = Set(slots.compactMap { $0.memory.map(ObjectIdentifier.init) })
      held.removeAll { !used.contains(ObjectIdentifier($0.memory)) }
    }
    retired.removeAll()
    for (byte, check) in zip(bytes, flags.flatMap(\.checks)) where byte != 0 {
      throw check.error
    }
  }

  /// Waits for what is on its way after an error.
  func abandon() {
    try? endUploads()
    if isPending { _ = weft_cl_Finish(queue) }
    isPending = false
  }

  /// Memory for flags of indices outside of their extents, all 0, which `finish` reads.
  func flags(_ checks: [OpenCLKernelStep.IndexCheck]) throws(WeftError) -> DeviceMemory {
    let memory = try DeviceMemory(
      copying: Array(repeating: 0, count: max(16, checks.count)), on: runtime)
    pendingFlags.append((Block(memory: memory, buffer: nil), checks))
    return memory
  }

  // MARK: - Steps

  /// When a step begins, where somebody wants to know.
  var start: Int { context?.trace == nil ? 0 : Trace.now }

  /// The code of a text, and where it was found.
  func code(
    _ source: String, title: String
  ) throws(WeftError) -> (kernel: OpenCLKernel, origin: OpenCLKernel.Origin) {
    let start = start
    let (kernel, isNew) = try runtime.programs.kernel(source, on: runtime)
    guard isNew else { return (kernel, .memory) }
    guard let context else { return (kernel, kernel.origin) }
    context.counters.add(kernel.origin == .disk ? "codeLoads" : "compiles")
    context.trace?.record(
      title, .compile, since: start, role: "caller",
      [
        ("code", .text(kernel.origin.rawValue)), ("reason", .text("new structure")),
        ("background", .integer(0)),
      ])
    return (kernel, kernel.origin)
  }

  /// Enqueues a kernel.
  func launch(
    _ kernel: OpenCLKernel, _ arguments: [OpenCLKernel.Argument], groups: Int, items: Int
  ) throws(WeftError) {
    try runtime.countLaunch()
    try useUploads(arguments)
    let event = try kernel.enqueue(
      arguments, groups: groups, items: items, on: queue, wantsEvent: context?.trace != nil)
    if let event { events.append(event) }
    isPending = true
  }

  /// Enqueues a copy of bytes.
  func copy(
    _ source: DeviceMemory, to target: DeviceMemory, _ byteCount: Int
  ) throws(WeftError) {
    try useUploads([.memory(source)])
    let status = weft_cl_EnqueueCopyBuffer(
      queue, source.handle, target.handle, 0, 0, byteCount, 0, nil, nil)
    try OpenCLLibrary.check(status, "clEnqueueCopyBuffer of \(byteCount) bytes")
    isPending = true
  }

  /// Waits for an `int64` of an array, by its place.
  func read(_ memory: DeviceMemory, at place: Int) throws(WeftError) -> Int64 {
    var value: Int64 = 0
    let size = MemoryLayout<Int64>.size
    let status = weft_cl_EnqueueReadBuffer(
      queue, memory.handle, 1, place * size, size, &value, 0, nil, nil)
    try OpenCLLibrary.check(status, "clEnqueueReadBuffer of a count")
    return value
  }

  /// Where there is a trace, waits and notes a step with the device's time.
  func record(
    _ title: String, since start: Int, _ arguments: [(name: String, value: Trace.Argument)]
  ) throws(WeftError) {
    guard let trace = context?.trace else { return }
    try wait()
    var nanoseconds = 0
    for event in events {
      func time(_ name: Int) -> UInt64 {
        var value: UInt64 = 0
        let status = weft_cl_GetEventProfilingInfo(event, UInt32(name), 8, &value, nil)
        return status == WEFT_CL_SUCCESS ? value : 0
      }
      let (begin, end) = (
        time(WEFT_CL_PROFILING_COMMAND_START), time(WEFT_CL_PROFILING_COMMAND_END)
      )
      if end > begin { nanoseconds += Int(end - begin) }
      _ = weft_cl_ReleaseEvent(event)
    }
    events = []
    trace.record(
      title, .step, since: start, role: "caller",
      arguments + [("device ns", .integer(nanoseconds))])
  }

  /// Runs a step, as far as nobody must wait for it.
  func perform(_ code: OpenCLExecutable.Code) throws {
    switch code {
    case .kernels(let steps):
      for step in steps { try step.run(self) }
      // The pieces of a value count as one.
      if steps[0].isPiece { context?.counters.add("kernels") }
    case .device(let step): try step.run(self)
    case .host(let part): try perform(part)
    case .alias(let from, let to, let type): alias(from, to, type)
    case .reserve(let targets):
      for (slot, type) in targets { set(slot, try Buffer(allocating: type, in: account)) }
    }
  }

  private func perform(_ part: PartStep) throws {
    guard let context else { return }
    let start = start
    try show(part.sources)
    try fetch(part.sources)
    try finish()
    let results = try part.run(part.sources.map { try give($0) }, context)
    for (slot, result) in zip(part.targets, results) { set(slot, result) }
    context.trace?.record(
      part.what, .step, since: start, role: "caller",
      [
        ("kind", .text(part.isByDesign ? "contraction" : "fallback")),
        ("executor", .text(part.executor)), ("lines", .lines([part.site])),
      ])
  }
}
