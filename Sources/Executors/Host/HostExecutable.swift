import CHost
import WeftIR
import WeftPasses
import WeftPlans

/// A graph made ready for the host: steps over numbered slots that hold buffers.
struct HostExecutable: Executable {
  /// A slot's place and what is to be allocated there.
  struct Target: Sendable {
    var slot: Int
    var type: TensorType
    /// A slot whose buffer dies here and is written over, or -1.
    var reuses = -1
    /// Whether an earlier step wrote another part of the same buffer.
    var isContinued = false
    /// Whether the step takes memory of its own for the slot.
    var isNew: Bool { reuses < 0 && !isContinued }
  }

  /// One step with the slots that nobody needs after it.
  struct Step: Sendable {
    var code: Code
    var frees: [Int]
    /// What the step does, for traces and `explain()`.
    var work: StepWork
  }

  /// What a step does.
  enum Code: Sendable {
    case kernel(KernelStep)
    case compiled(CompiledStep)
    case product(ProductStep)
    case native(NativeStep)
    case blocked(BlockedStep)
    case fallback(PartStep)
    /// The elements of a slot under another type.
    case alias(from: Int, to: Int, TensorType)
  }

  let program: [Step]
  let slotCount: Int
  let inputTypes: [TensorType]
  let outputs: [Int]
  /// The most bytes of buffers alive at once.
  let peakBytes: Int
  let kernelCount: Int
  let productCount: Int
  /// Steps that wait for the compiler at their first run.
  let waiting: [CompiledStep]
  /// Why rows are stored or computed again.
  let fusion: FuseDecisions
  /// Whether there is so much to do that threads are kept awake between steps.
  let keepsThreads: Bool

  /// One line a step.
  var steps: [String] {
    var lines: [String] = []
    var kernels = 0
    for step in program {
      var line: String
      switch step.code {
      case .kernel(let kernel):
        line = "kernel \(kernels): \(kernel.summary(step.work))"
        kernels += 1
      case .compiled(let kernel):
        line = "kernel \(kernels): \(kernel.summary(step.work))"
        kernels += 1
      case .product(let product): line = product.summary
      case .native(let native): line = native.summary
      case .blocked(let blocked): line = blocked.summary
      case .fallback(let fallback): line = "fallback \(fallback.what) -> \(fallback.executor)"
      case .alias(_, _, let type): line = "alias -> \(type)"
      }
      line += step.work.comment
      lines.append(line)
    }
    return lines
  }

  var listings: [KernelListing] {
    zip(program, steps).flatMap { step, summary -> [KernelListing] in
      switch step.code {
      case .compiled(let kernel): kernel.listings(summary)
      case .blocked(let blocked): blocked.listings
      default: []
      }
    }
  }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    if let trace = context.trace { return try run(inputs, context, tracing: trace) }
    var slots = slots(of: inputs)
    try prepareKernels(context)
    let holds = keepsThreads && context.scheduler.threadCount > 1
    if holds { weft_pool_hold(Int32(clamping: context.scheduler.threadCount)) }
    defer { if holds { weft_pool_release() } }
    // By place: a copy of a step would retain all it holds.
    for place in program.indices {
      try program[place].code.run(&slots, context)
      for slot in program[place].frees { slots[slot] = nil }
    }
    return try finish(slots, context)
  }

  /// Slots of which the first hold the inputs.
  func slots(of inputs: [Buffer]) -> ContiguousArray<Buffer?> {
    ContiguousArray(unsafeUninitializedCapacity: slotCount) { places, count in
      for input in inputs {
        places.initializeElement(at: count, to: input)
        count += 1
      }
      places[count...].initialize(repeating: nil)
      count = slotCount
    }
  }

  /// Counts what ran and gives the outputs.
  func finish(_ slots: ContiguousArray<Buffer?>, _ context: RunContext) throws -> [Buffer] {
    if kernelCount > 0 { context.counters.add("kernels", kernelCount) }
    if productCount > 0 { context.counters.add("contractions", productCount) }
    let results = [Buffer](unsafeUninitializedCapacity: outputs.count) { places, count in
      for slot in outputs {
        guard let buffer = slots[slot] else { return }
        places.initializeElement(at: count, to: buffer)
        count += 1
      }
    }
    if results.count < outputs.count {
      let slot = outputs[results.count]
      throw WeftError(.internal, "compute", "slot \(slot) of the host's plan is empty")
    }
    return results
  }
}

extension HostExecutable.Code {
  /// Runs the step over the slots.
  @inline(__always)
  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    switch self {
    case .kernel(let kernel): try kernel.run(&slots, context)
    case .compiled(let kernel): try kernel.run(&slots, context)
    case .product(let product): try product.run(&slots, context)
    case .native(let native): try native.run(&slots, context)
    case .blocked(let blocked): try blocked.run(&slots, context)
    case .fallback(let part): try part.run(&slots, context)
    case .alias(let from, let to, let type): slots[to] = slots[from]?.reinterpreted(as: type)
    }
  }
}

extension HostExecutable {
  /// Compiles the kernels that would wait for their code, several at once.
  private func prepareKernels(_ context: RunContext) throws {
    if waiting.isEmpty { return }
    let steps = waiting.filter(\.waitsForCode)
    if steps.count < 2 { return }
    let counters = context.counters
    try context.scheduler.run(steps.count, context.token) { part, _ in
      try steps[part].prepare(counters, nil)
    }
  }

  /// The steps that only compiled code can run.
  static func waiting(in program: [Step]) -> [CompiledStep] {
    program.compactMap { step in
      if case .compiled(let step) = step.code, step.interpreted == nil { step } else { nil }
    }.flatMap { [$0] + $0.companions }
  }

  func notes(of graph: Graph) -> [String] { fusion.notes(of: graph) }
}

/// A kernel with the slots it reads and writes.
final class KernelStep: Sendable {
  let kernel: TileKernel
  /// For each stream a slot; -1 - n for constant n; `noSource` for none.
  let sources: [Int]
  let targets: [HostExecutable.Target]
  /// Which streams' memory each target may take; see `CompiledKernel`.
  let overwritable: [(target: Int, sources: [Int])]
  private let cluster: Cluster

  static let noSource = Int.min

  init(
    _ compiled: CompiledKernel, sources: [Int], targets: [HostExecutable.Target], _ cluster: Cluster
  ) {
    kernel = compiled.kernel
    overwritable = compiled.overwritable
    self.sources = sources
    self.targets = targets
    self.cluster = cluster
  }

  /// The same kernel with other targets.
  init(_ step: KernelStep, targets: [HostExecutable.Target]) {
    kernel = step.kernel
    overwritable = step.overwritable
    sources = step.sources
    self.targets = targets
    cluster = step.cluster
  }

  /// The functions.
  var title: String { cluster.title }

  /// Functions, result types and counts.
  func summary(_ work: StepWork) -> String {
    let types = targets.map { $0.type.description + ($0.reuses >= 0 ? " in place" : "") }
    let reads = Set(sources.filter { $0 >= 0 }).count
    return title + " -> " + types.joined(separator: ", ")
      + "  (\(kernel.instructions.count) instructions, \(reads) reads, \(targets.count) writes; "
      + "\(work.traffic))"
  }

  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    let kernel = kernel
    try withUnsafeTemporaryAllocation(
      of: UnsafeMutableRawPointer.self, capacity: max(1, kernel.baseCount)
    ) { bases in
      let base = bases.baseAddress.unsafelyUnwrapped
      var index = 0
      for source in sources {
        let address: UnsafeMutableRawPointer
        if source >= 0 {
          address = HostMemory.base(of: source, slots)
        } else {
          let constant = source == Self.noSource ? 0 : -1 - source
          address = kernel.constants + constant * 16
        }
        (base + index).initialize(to: address)
        index += 1
      }
      for target in targets {
        let buffer = try HostMemory.buffer(for: target, &slots, context)
        (base + index).initialize(to: buffer.base)
        index += 1
      }
      try kernel.run(KernelBases(pointer: UnsafePointer(base)), context)
    }
  }
}

extension Cluster {
  /// What the nodes and reductions do, in words.
  var title: String {
    var words: [String] = []
    for node in nodes {
      switch node {
      case .map(let f, _, _, _, _): words.append(f.name)
      case .convert: words.append("convert")
      case .iota: words.append("iota")
      case .random: words.append("random")
      case .gather: words.append("gather")
      case .scanned: words.append("scan \(scan?.function.name ?? "")")
      case .load, .constant, .folded: break
      }
    }
    words += reductions.map { ($0.isPosition ? "argreduce " : "reduce ") + $0.function.name }
    if let scatter { words.append("scatter \(scatter.function.name)") }
    return words.isEmpty ? "copy" : words.joined(separator: ", ")
  }
}

/// Buffers for results.
enum HostMemory {
  /// The elements of a slot that the planner has filled; retains nothing, as that costs more than a
  /// small kernel.
  @inline(__always)
  static func base(
    of slot: Int, _ slots: borrowing ContiguousArray<Buffer?>
  ) -> UnsafeMutableRawPointer {
    slots.withUnsafeBufferPointer { slots in
      Unmanaged.passUnretained(slots[slot].unsafelyUnwrapped)._withUnsafeGuaranteedRef { $0.base }
    }
  }

  /// The buffer of a target: fresh, or that of a slot which is used for the last time.
  @inline(__always)
  static func buffer(
    for target: HostExecutable.Target, _ slots: inout ContiguousArray<Buffer?>,
    _ context: RunContext
  ) throws -> Buffer {
    if target.isContinued, let begun = slots[target.slot] { return begun }
    if target.reuses >= 0, let old = slots[target.reuses] {
      slots[target.slot] = old
      return old
    }
    let buffer = try Buffer(allocating: target.type, in: context.memory)
    slots[target.slot] = buffer
    return buffer
  }
}

extension PartStep {
  /// Runs the rows on the other executor.
  fileprivate func run(
    _ slots: inout ContiguousArray<Buffer?>, _ context: RunContext
  ) throws {
    // The planner has filled every slot that a step reads.
    let results = try run(sources.map { slots[$0].unsafelyUnwrapped }, context)
    for (slot, result) in zip(targets, results) { slots[slot] = result }
  }
}
