import WeftIR
import WeftPasses
import WeftPlans

/// A graph made ready for a device: steps over numbered slots.
struct OpenCLExecutable: Executable {
  /// One step with the slots that nobody needs after it.
  struct Step: Sendable {
    let code: Code
    var frees: [Int] = []

    init(_ code: Code) { self.code = code }
  }

  /// What a step does.
  enum Code: Sendable {
    /// Kernels that write to parts of the same values, or one kernel.
    case kernels([OpenCLKernelStep])
    case device(any OpenCLDeviceStep)
    case host(PartStep)
    /// The elements of a slot under another type.
    case alias(from: Int, to: Int, TensorType)
    /// Arrays without elements.
    case reserve([(slot: Int, type: TensorType)])

    var sources: [Int] {
      switch self {
      case .kernels(let steps): steps.flatMap(\.wiring.readSlots)
      case .device(let step): step.sources
      case .host(let part): part.sources
      case .alias(let from, _, _): [from]
      case .reserve: []
      }
    }

    /// The slots that must have values: sources, and what only the check of a first run reads, as where
    /// a kernel knows its index without the operand.
    var needs: [Int] {
      guard case .kernels(let steps) = self else { return sources }
      return steps.flatMap { $0.wiring.readSlots + $0.substitute.sources }
    }

    var targets: [Int] {
      switch self {
      case .kernels(let steps): steps.flatMap { $0.targets.map(\.slot) }
      case .device(let step): step.targets
      case .host(let part): part.targets
      case .alias(_, let to, _): [to]
      case .reserve(let targets): targets.map(\.slot)
      }
    }

    /// Bytes that a step needs only while it runs.
    var extraBytes: Int {
      switch self {
      case .kernels(let steps): steps.reduce(0) { $0 + $1.extraBytes }
      case .device(let step): step.extraBytes
      case .host(let part): part.extraBytes
      case .alias, .reserve: 0
      }
    }
  }

  let program: [Step]
  let slots: SlotTable
  let outputs: [Int]
  let peakBytes: Int
  /// The most bytes of the device's own memory that are used at once, inputs not included.
  let deviceBytes: Int
  /// Why rows are stored or computed again.
  let fusion: FuseDecisions
  let inputCount: Int
  let runtime: OpenCLRuntime

  var steps: [String] {
    var lines: [String] = []
    var kernels = 0
    for step in program {
      switch step.code {
      case .kernels(let steps):
        for (piece, step) in steps.enumerated() {
          let which = steps.count > 1 ? ", piece \(piece + 1)" : ""
          lines.append("kernel \(kernels)\(which): \(step.summary)")
        }
        kernels += 1
      case .device(let step):
        lines.append("kernel \(kernels): \(step.summary)")
        kernels += 1
      case .host(let part): lines.append(part.summary)
      case .alias(_, _, let type): lines.append("alias -> \(type)")
      case .reserve(let targets):
        lines.append("nothing -> " + targets.map(\.type.description).joined(separator: ", "))
      }
    }
    return lines
  }

  var listings: [KernelListing] {
    program.flatMap { step -> [KernelListing] in
      if case .device(let step) = step.code { return step.listings(runtime) }
      guard case .kernels(let steps) = step.code else { return [] }
      return steps.flatMap { step in
        [
          KernelListing(
            step: step.summary, language: "kernel", text: step.text.lowered.kernel.text()),
          KernelListing(step: step.summary, language: "opencl", text: step.text.source),
        ]
      }
    }
  }

  var takesElsewhere: Bool { true }

  /// Whether the device has too little memory for it, or for one of its arrays.
  var isLargerThanDevice: Bool {
    if runtime.sharesMemory { return false }
    let sizes = slots.types.map { $0.byteCount ?? 0 }
    return deviceBytes + sizes.prefix(inputCount).reduce(0, +) > runtime.memory.limit
      || sizes.contains { $0 > runtime.device.mostBufferBytes }
  }

  func notes(of graph: Graph) -> [String] {
    let (to, from) = movedBytes
    let moved =
      runtime.sharesMemory
      ? "arrays are shared, nothing is copied"
      : "at most \(ByteText.of(deviceBytes)) and inputs are there, at most "
        + "\(ByteText.of(to)) go to the device, \(ByteText.of(from)) come back before "
        + "somebody reads the results"
    return ["opencl: \(runtime.device.name), \(runtime.device.details); \(moved)"]
      + fusion.notes(of: graph)
  }

  /// The bytes that a run copies to a device with memory of its own, whose parameters are not there
  /// yet, and back; results stay there.
  var movedBytes: (to: Int, from: Int) {
    var moved = (to: 0, from: 0)
    // Where the value of each slot is by now; parameters come from here.
    var isHere = Set(slots.types.indices)
    var isThere: Set<Int> = []
    func fetch(_ slots: [Int]) {
      for slot in slots where isHere.insert(slot).inserted { moved.from += self.slots.bytes(slot) }
    }
    for step in program {
      switch step.code {
      case .kernels, .device:
        for slot in step.code.sources where isThere.insert(slot).inserted {
          moved.to += slots.bytes(slot)
        }
        for slot in step.code.targets {
          isThere.insert(slot)
          isHere.remove(slot)
        }
      case .host(let part): fetch(part.sources)
      case .alias(let from, let to, _):
        if isThere.contains(from) { isThere.insert(to) }
        if !isHere.contains(from) { isHere.remove(to) }
      case .reserve: break
      }
    }
    return moved
  }

  /// The inputs that commands of the device read, in the order in which they do.
  private var deviceInputs: [Int] {
    var seen: Set<Int> = []
    return program.flatMap { step -> [Int] in
      switch step.code {
      case .kernels, .device: step.code.sources
      case .host, .alias, .reserve: []
      }
    }.filter { $0 < inputCount && seen.insert($0).inserted }
  }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    let queue = context.trace == nil ? runtime.queue : try runtime.profilingQueue()
    let run = OpenCLRun(runtime, queue, slotCount: slots.types.count, context.memory, context)
    return try self.run(inputs, run, context.token)
  }

  func run(
    _ inputs: [Buffer], _ run: OpenCLRun, _ token: CancellationToken
  ) throws -> [Buffer] {
    for (slot, input) in inputs.enumerated() { run.setInput(slot, input) }
    do {
      try run.requireRoom(deviceBytes, inputs)
      try run.uploadInputs(deviceInputs)
      for step in program {
        try token.check()
        try run.perform(step.code)
        for slot in step.frees { run.free(slot) }
      }
      try run.show(outputs)
      try run.finish()
      return try outputs.map { try run.result($0) }
    } catch {
      // What is still on its way must not write to memory that is given back.
      run.abandon()
      throw error
    }
  }
}

extension PartStep {
  /// Where it runs, why, and the other executor's steps.
  var summary: String {
    let inner = steps.map { "[\($0)]" }.joined(separator: " ")
    let place = isByDesign ? "on \(executor), memory shared" : "-> \(executor)"
    return (isByDesign ? "" : "fallback ") + "\(what) \(place) \(inner)"
  }
}
