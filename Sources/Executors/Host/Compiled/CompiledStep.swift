import WeftIR
import WeftPasses
import WeftPlans

/// A compiled kernel with the slots it reads and writes.
final class CompiledStep: Sendable {
  let lowered: LoweredKernel
  /// For each buffer parameter where its address comes from.
  let sources: [KernelWiring.Source]
  /// The outputs, then the reductions that are stored and what is scattered.
  let targets: [HostExecutable.Target]
  /// Functions, for the summary.
  let title: String
  /// What brings chunks of reductions together.
  let combining: [Combining]
  /// For targets the slots whose memory they may take.
  let overwritable: [(target: Int, slots: [Int])]
  let constants: ConstantBlock
  /// The index parameters, and the word of streams: none.
  let indices: [Int64]
  /// What runs while the code is not there, with the same bits; nil where only the code serves.
  let interpreted: KernelStep?
  /// What tells a wrong index of each node that takes at indices, and of a scatter.
  let checks: [IndexCheck]
  /// Kernels that write other parts of the same values, run together with this one.
  let companions: [CompiledStep]
  private let loading: Loading

  /// The code, shared by the steps made from one.
  private final class Loading: Sendable {
    let code = Lock<LoadedKernel?>(nil)
    /// Where the code was found and what that took.
    let found = Lock<(origin: LoadedKernel.Origin, seconds: Double)?>(nil)
    let runs = Lock(0)
  }

  /// Partial results and what brings them together in a target.
  struct Combining: Sendable {
    enum Way: Sendable {
      case fold(TileKernel)
      /// Partial results are extremes; there is a position for each.
      case search(PositionSearch)
      /// Partial results are those of one part of complex numbers.
      case part(PartSum)
      /// The kernel itself, whose last run needs positions of extremes too or not.
      case kernel(hasPositions: Bool)
    }
    var type: TensorType
    var way: Way
    var target: Int

    /// The type of the positions, if there are some.
    var positions: TensorType? {
      switch way {
      case .search, .kernel(hasPositions: true): TensorType(.int64, type.shape)
      case .fold, .part, .kernel(hasPositions: false): nil
      }
    }
    /// The bytes of partial results.
    var byteCount: Int { (type.byteCount ?? 0) + (positions?.byteCount ?? 0) }
  }

  init(
    _ lowered: LoweredKernel, title: String, _ wiring: KernelWiring,
    targets: [HostExecutable.Target], combining: [Combining],
    overwritable: [(target: Int, slots: [Int])], interpreted: KernelStep?,
    checks: [IndexCheck] = []
  ) {
    self.checks = checks
    self.lowered = lowered
    self.title = title
    sources = wiring.sources
    self.targets = targets
    self.combining = combining
    self.overwritable = overwritable
    companions = []
    self.constants = ConstantBlock(wiring.constants)
    self.interpreted = interpreted
    loading = Loading()
    indices = lowered.indices + [0]
  }

  /// The same kernel, run together with others that write parts of the same values.
  init(_ step: CompiledStep, companions: [CompiledStep]) {
    lowered = step.lowered
    title = step.title
    sources = step.sources
    targets = step.targets
    combining = step.combining
    // What a companion reads must stay until all have run.
    overwritable = []
    constants = step.constants
    indices = step.indices
    interpreted = nil
    checks = step.checks
    loading = step.loading
    self.companions = companions
  }

  /// The same kernel with other targets.
  init(_ step: CompiledStep, targets: [HostExecutable.Target]) {
    lowered = step.lowered
    title = step.title
    sources = step.sources
    self.targets = targets
    combining = step.combining
    overwritable = step.overwritable
    companions = step.companions
    constants = step.constants
    indices = step.indices
    interpreted = step.interpreted.map { KernelStep($0, targets: targets) }
    checks = step.checks
    loading = step.loading
  }

  /// The slots that are read, companions' included.
  var readSlots: [Int] {
    sources.compactMap { if case .slot(let slot) = $0 { slot } else { nil } }
      + companions.flatMap(\.readSlots)
  }

  /// The targets, companions' included.
  var allTargets: [HostExecutable.Target] { targets + companions.flatMap(\.targets) }

  /// Bytes that the step needs only while it runs on so many threads.
  func scratchBytes(threads: Int) -> Int {
    let partials = combining.reduce(checks.count + lowered.totalBytes) { $0 + $1.byteCount }
    let own = lowered.scratch.reduce(0, +) * min(threads, lowered.units)
    return partials + own + companions.reduce(0) { $0 + $1.scratchBytes(threads: threads) }
  }

  /// Functions, result types and counts.
  func summary(_ work: StepWork) -> String {
    let types = targets.filter { !$0.isContinued }.map { target in
      target.type.description + (target.reuses >= 0 ? " in place" : "")
    }
    let reads = Set(readSlots).count
    let pieces = companions.isEmpty ? "" : ", with \(companions.count) more pieces"
    return "compiled \(title) -> \(types.joined(separator: ", "))  "
      + "(\(lowered.elements) elements in \(lowered.units) units, \(reads) reads, "
      + "\(targets.count) writes\(pieces); \(work.traffic); code: \(codeText))"
  }

  /// Where the code was found and what that took, in words.
  private var codeText: String {
    guard let found = loading.found.withLock({ $0 }) else {
      return interpreted == nil ? "not yet" : "interpreted so far"
    }
    if found.origin == .memory { return "memory" }
    return "\(found.origin.rawValue) in \(Int(found.seconds * 1e6)) us"
  }

  /// What runs now: where the code was found, or the interpreter.
  var codeName: String { loading.found.withLock { $0 }?.origin.rawValue ?? "interpreted" }

  /// The kernel, and what LLVM gets of it.
  func listings(_ step: String) -> [KernelListing] {
    var listings = [KernelListing(step: step, language: "kernel", text: lowered.kernel.text())]
    if let text = try? CompiledKernels.text(of: lowered.kernel) {
      listings.append(KernelListing(step: step, language: "llvm", text: text))
    }
    return listings + companions.flatMap { $0.listings(step) }
  }

  // MARK: - Code

  /// The run of an interpreted kernel after which it is compiled.
  private static let patientRuns = 1

  /// The code, or nil while the interpreter serves.
  func code(_ context: RunContext) throws -> LoadedKernel? {
    if let code = loading.code.withLock({ $0 }) { return code }
    if interpreted == nil { return try prepare(context.counters, context.trace) }
    let runs = loading.runs.withLock { runs in
      runs += 1
      return runs
    }
    if runs == Self.patientRuns + 1 { CompiledKernels.compileLater(self, context) }
    return nil
  }

  /// Whether the step waits for its code when it runs next.
  var waitsForCode: Bool { interpreted == nil && loading.code.withLock { $0 == nil } }

  /// Gets the code, from the process, the disk or the compiler.
  ///
  /// `role` names the thread in the trace; nobody waits for the compiler's own.
  @discardableResult
  func prepare(
    _ counters: Counters, _ trace: Trace?, role: String = "caller"
  ) throws -> LoadedKernel {
    if let code = loading.code.withLock({ $0 }) { return code }
    let start = trace == nil ? 0 : Trace.now
    let answer = try CompiledKernels.code(of: lowered.kernel)
    counters.add(answer.origin.counter)
    if let trace {
      trace.record(
        title, .compile, since: start, role: role,
        [
          ("code", .text(answer.origin.rawValue)), ("reason", .text(answer.reason)),
          ("background", .integer(role == "compiler" ? 1 : 0)),
        ])
    }
    loading.found.withLock { $0 = (answer.origin, answer.seconds) }
    loading.code.withLock { $0 = answer.code }
    return answer.code
  }
}

/// The constants of a kernel, 16 bytes each.
///
/// `@unchecked Sendable`: written in `init` and only read afterwards.
final class ConstantBlock: @unchecked Sendable {
  let base: UnsafeMutableRawPointer

  init(_ constants: [Scalar]) {
    base = .allocate(byteCount: max(16, constants.count * 16), alignment: 16)
    for (index, scalar) in constants.enumerated() { scalar.store(to: base + index * 16) }
  }

  deinit { base.deallocate() }
}
