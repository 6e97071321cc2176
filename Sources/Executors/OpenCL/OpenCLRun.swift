import COpenCL
import WeftIR

/// One run of a plan: where the values of slots are, and what is on its way.
///
/// Lives in the function that runs the plan.
final class OpenCLRun {
  /// A value in this machine's memory, on the device, or in both.
  private struct Slot {
    var buffer: Buffer?
    var memory: DeviceMemory?
    var type: TensorType?
    /// Whether another executor has seen the buffer, and may have made it a part of its results.
    var isGiven = false
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
  /// Bytes that were copied to the device and back.
  private(set) var moved = (to: 0, from: 0)

  init(
    _ runtime: OpenCLRuntime, _ queue: weft_cl_ref, slotCount: Int, _ account: MemoryAccount,
    _ context: RunContext?
  ) {
    self.runtime = runtime
    self.queue = queue
    self.account = account
    self.context = context
    slots = Array(repeating: Slot(), count: slotCount)
  }

  // MARK: - Slots

  /// Gives a slot a value of this machine's memory.
  func set(_ slot: Int, _ buffer: Buffer) {
    slots[slot] = Slot(buffer: buffer, memory: nil, type: buffer.type)
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
      memory = try DeviceMemory(sharing: buffer, on: runtime)
    } else {
      memory = try DeviceMemory(buffer.byteCount, on: runtime)
      moved.to += buffer.byteCount
      let status = weft_cl_EnqueueWriteBuffer(
        queue, memory.handle, 0, 0, buffer.byteCount, buffer.base, 0, nil, nil)
      try OpenCLLibrary.check(status, "clEnqueueWriteBuffer of \(buffer.type)")
      isPending = true
    }
    held.append(Block(memory: memory, buffer: buffer))
    slots[slot].memory = memory
    return memory
  }

  /// Takes memory for a slot's value.
  func allocate(_ slot: Int, _ type: TensorType) throws(WeftError) -> DeviceMemory {
    let bytes = type.byteCount ?? 0
    let block: Block
    if let known = retired.take(bytes) { block = known } else { block = try self.block(type) }
    slots[slot] = Slot(
      buffer: block.buffer.map { $0.type == type ? $0 : $0.reinterpreted(as: type) },
      memory: block.memory, type: type)
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

  /// Memory that only commands of the next step use.
  func temporary(_ bytes: Int) throws(WeftError) -> DeviceMemory {
    if retired.mustGo(before: bytes) { try finish() }
    let block = try block(TensorType(.uint8, Shape([max(16, bytes)])))
    held.append(block)
    return block.memory
  }

  /// Lets another slot stand for the same elements.
  func alias(_ from: Int, _ to: Int, _ type: TensorType) {
    slots[to] = Slot(
      buffer: slots[from].buffer?.reinterpreted(as: type), memory: slots[from].memory,
      type: type, isGiven: slots[from].isGiven)
  }

  /// Lets go of a slot's value.
  func free(_ slot: Int) {
    let old = slots[slot]
    slots[slot] = Slot()
    guard let memory = old.memory, let type = old.type else { return }
    let isShared = slots.contains { $0.memory === memory }
    if isShared { return }
    if held.contains(where: { $0.memory === memory }) { return }
    // What another executor knows is not written to again, but commands may still read it.
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
    try finish()
    if let buffer = slots[slot].buffer {
      guard let memory = slots[slot].memory, buffer.byteCount > 0, runtime.sharesMemory else {
        return buffer
      }
      try map(memory, buffer)
      return buffer
    }
    guard let memory = slots[slot].memory, let type = slots[slot].type else {
      throw WeftError(.internal, "compute", "slot \(slot) of the device's plan is empty")
    }
    let buffer = try Buffer(allocating: type, in: account)
    if buffer.byteCount > 0 {
      moved.from += buffer.byteCount
      let status = weft_cl_EnqueueReadBuffer(
        queue, memory.handle, 1, 0, buffer.byteCount, buffer.base, 0, nil, nil)
      try OpenCLLibrary.check(status, "clEnqueueReadBuffer of \(type)")
    }
    slots[slot].buffer = buffer
    return buffer
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

  /// Makes what kernels wrote to a buffer's memory visible here, as the standard asks.
  private func map(_ memory: DeviceMemory, _ buffer: Buffer) throws(WeftError) {
    var status: Int32 = 0
    let place = weft_cl_EnqueueMapBuffer(
      queue, memory.handle, 1, UInt64(WEFT_CL_MAP_READ), 0, buffer.byteCount, 0, nil, nil,
      &status)
    guard let place, status == WEFT_CL_SUCCESS else {
      throw OpenCLLibrary.error(status, "clEnqueueMapBuffer")
    }
    status = weft_cl_EnqueueUnmapMemObject(queue, memory.handle, place, 0, nil, nil)
    try OpenCLLibrary.check(status, "clEnqueueUnmapMemObject")
    try OpenCLLibrary.check(weft_cl_Finish(queue), "clFinish")
  }

  /// An output.
  func result(_ slot: Int) throws(WeftError) -> Buffer {
    try buffer(slot)
  }

  // MARK: - Waiting

  /// Waits for all commands, and throws for an index that was outside of its extent.
  func finish() throws(WeftError) {
    if isPending {
      try OpenCLLibrary.check(weft_cl_Finish(queue), "clFinish")
      isPending = false
    }
    held.removeAll { block in !slots.contains { $0.memory === block.memory } }
    retired.removeAll()
    let flags = pendingFlags
    pendingFlags = []
    for (block, checks) in flags {
      var bytes = [UInt8](repeating: 0, count: checks.count)
      let status = weft_cl_EnqueueReadBuffer(
        queue, block.memory.handle, 1, 0, bytes.count, &bytes, 0, nil, nil)
      try OpenCLLibrary.check(status, "clEnqueueReadBuffer of flags")
      for (byte, check) in zip(bytes, checks) where byte != 0 { throw check.error }
    }
  }

  /// Waits for what is on its way after an error.
  func abandon() {
    if isPending { _ = weft_cl_Finish(queue) }
    isPending = false
  }

  /// Notes that a command is on its way.
  func noteCommand() { isPending = true }

  /// Memory for flags of indices outside of their extents, all 0, which `finish` reads.
  func flags(_ checks: [OpenCLKernelStep.IndexCheck]) throws(WeftError) -> DeviceMemory {
    let memory = try DeviceMemory(
      copying: Array(repeating: 0, count: max(16, checks.count)), on: runtime)
    pendingFlags.append((Block(memory: memory, buffer: nil), checks))
    return memory
  }

  // MARK: - Steps

  /// Runs a step, as far as nobody must wait for it.
  func perform(_ code: OpenCLExecutable.Code) throws {
    switch code {
    case .kernels(let steps): for step in steps { try step.run(self) }
    case .host(let part): try perform(part)
    case .alias(let from, let to, let type): alias(from, to, type)
    case .reserve(let targets):
      for (slot, type) in targets { set(slot, try Buffer(allocating: type, in: account)) }
    }
  }

  private func perform(_ part: HostPart) throws {
    guard let context else { return }
    let start = context.trace == nil ? 0 : Trace.now
    if !part.isByDesign {
      context.counters.add("fallbacks")
      context.counters.note(
        Counters.Event(
          kind: "fallback", message: "\(part.what) runs on \(part.executor)", site: part.site))
    }
    try finish()
    let results = try part.executable.run(part.sources.map { try give($0) }, context)
    for (slot, result) in zip(part.targets, results) { set(slot, result) }
    context.trace?.record(
      part.what, .step, since: start, role: "caller",
      [
        ("kind", .text(part.isByDesign ? "contraction" : "fallback")),
        ("executor", .text(part.executor)), ("lines", .lines([part.site])),
      ])
  }
}
