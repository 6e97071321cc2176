import WeftIR
import WeftPasses

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
    case host(HostPart)
    /// The elements of a slot under another type.
    case alias(from: Int, to: Int, TensorType)
    /// Arrays without elements.
    case reserve([(slot: Int, type: TensorType)])

    var sources: [Int] {
      switch self {
      case .kernels(let steps): steps.flatMap(\.readSlots)
      case .host(let part): part.sources
      case .alias(let from, _, _): [from]
      case .reserve: []
      }
    }

    var targets: [Int] {
      switch self {
      case .kernels(let steps): steps.flatMap { $0.targets.map(\.slot) }
      case .host(let part): part.targets
      case .alias(_, let to, _): [to]
      case .reserve(let targets): targets.map(\.slot)
      }
    }

    /// Bytes that a step needs only while it runs.
    var extraBytes: Int {
      switch self {
      case .kernels(let steps): steps.reduce(0) { $0 + $1.extraBytes }
      case .host(let part): part.extraBytes
      case .alias, .reserve: 0
      }
    }
  }

  let program: [Step]
  let slotCount: Int
  let outputs: [Int]
  /// The bytes of each slot's value.
  let slotBytes: [Int]
  /// The most bytes of buffers alive at once.
  let peakBytes: Int
  /// Why rows are stored or computed again.
  let fusion: FuseDecisions
  let runtime: OpenCLRuntime

  var steps: [String] {
    var lines: [String] = []
    var kernels = 0
    for step in program {
      switch step.code {
      case .kernels(let steps):
        for step in steps {
          lines.append("kernel \(kernels): \(step.summary)")
          kernels += 1
        }
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

  func notes(of graph: Graph) -> [String] {
    let (to, from) = movedBytes
    let moved =
      runtime.sharesMemory
      ? "arrays are shared, nothing is copied"
      : "\(ByteSize.text(to)) go to the device, \(ByteSize.text(from)) come back"
    return ["opencl: \(runtime.device.name), \(runtime.device.details); \(moved)"]
      + fusion.notes(of: graph)
  }

  /// The bytes that a run copies to a device with memory of its own, and back.
  var movedBytes: (to: Int, from: Int) {
    var moved = (to: 0, from: 0)
    // Where the value of each slot is by now; parameters come from here.
    var isHere = Set(0..<slotCount)
    var isThere: Set<Int> = []
    func fetch(_ slots: [Int]) {
      for slot in slots where isHere.insert(slot).inserted { moved.from += slotBytes[slot] }
    }
    for step in program {
      switch step.code {
      case .kernels(let steps):
        for step in steps {
          for slot in step.readSlots where isThere.insert(slot).inserted {
            moved.to += slotBytes[slot]
          }
          for target in step.targets {
            isThere.insert(target.slot)
            isHere.remove(target.slot)
          }
        }
      case .host(let part): fetch(part.sources)
      case .alias(let from, let to, _):
        if isThere.contains(from) { isThere.insert(to) }
        if !isHere.contains(from) { isHere.remove(to) }
      case .reserve: break
      }
    }
    fetch(outputs)
    return moved
  }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    let queue = context.trace == nil ? runtime.queue : try runtime.profilingQueue()
    let run = OpenCLRun(runtime, queue, slotCount: slotCount, context.memory, context)
    return try self.run(inputs, run, context.token)
  }

  func run(
    _ inputs: [Buffer], _ run: OpenCLRun, _ token: CancellationToken
  ) throws -> [Buffer] {
    for (slot, input) in inputs.enumerated() { run.set(slot, input) }
    do {
      for step in program {
        try token.check()
        try run.perform(step.code)
        for slot in step.frees { run.free(slot) }
      }
      return try outputs.map { try run.result($0) }
    } catch {
      // What is still on its way must not write to memory that is given back.
      run.abandon()
      throw error
    }
  }
}

/// Rows that another executor runs.
final class HostPart: Sendable {
  let executable: any Executable
  let sources: [Int]
  let targets: [Int]
  let site: SourceSite
  let what: String
  let executor: String
  /// Whether that executor is the right place for it, as for products on a processor.
  let isByDesign: Bool
  private let resultBytes: Int

  init(
    _ executable: any Executable, sources: [Int], targets: [Int], site: SourceSite, what: String,
    executor: String, isByDesign: Bool, resultBytes: Int
  ) {
    self.executable = executable
    self.sources = sources
    self.targets = targets
    self.site = site
    self.what = what
    self.executor = executor
    self.isByDesign = isByDesign
    self.resultBytes = resultBytes
  }

  /// Bytes that the other executor needs besides the results.
  var extraBytes: Int { max(0, executable.peakBytes - resultBytes) }

  var summary: String {
    let inner = executable.steps.map { "[\($0)]" }.joined(separator: " ")
    return (isByDesign ? "product on \(executor) " : "fallback \(what) -> \(executor) ") + inner
  }
}
