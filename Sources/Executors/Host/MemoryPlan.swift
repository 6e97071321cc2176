import WeftIR
import WeftPlans

/// Decides when slots are freed and which are written over, and adds up the peak.
///
/// Slots that share memory (aliases) count as their owner.
struct MemoryPlan {
  let slots: SlotTable
  let inputs: Int
  let outputs: [Int]
  /// The most threads that run a step.
  let threads: Int

  /// Fills in `frees` and `reuses` and gives the peak in bytes.
  mutating func plan(_ program: inout [HostExecutable.Step]) -> Int {
    let uses = program.map { step in
      var used: [Int] = []
      step.code.forEachSource { used.append($0) }
      step.code.forEachTarget { used.append($0) }
      return used
    }
    let lives = Lifetimes(slots, inputs: inputs, outputs: outputs, uses: uses)

    // Inputs belong to the caller, and the results of another executor may be inputs of it.
    var isTaken = Array(repeating: true, count: slots.types.count)
    for step in program {
      if case .fallback = step.code { continue }
      step.code.forEachNewTarget { isTaken[$0] = false }
    }
    var isGivenOn = Array(repeating: false, count: slots.types.count)
    var live = 0
    var peak = 0
    for index in program.indices {
      reuse(&program[index], at: index, lives, &isTaken, &isGivenOn)
      program[index].code.forEachNewTarget { slot in
        live += slots.bytes(slot)
      }
      peak = max(peak, live + program[index].code.scratchBytes(threads: threads))
      for slot in lives.dying(at: index, of: uses[index]) {
        program[index].frees.append(slot)
        program[index].frees += lives.aliases[slot] ?? []
        if !isGivenOn[slot] { live -= slots.bytes(slot) }
      }
    }
    return peak
  }

  /// Lets a kernel's outputs take the memory of operands that die in it.
  private func reuse(
    _ step: inout HostExecutable.Step, at index: Int, _ lives: Lifetimes,
    _ isTaken: inout [Bool], _ isGivenOn: inout [Bool]
  ) {
    guard let overwritable = step.code.overwritable, !overwritable.isEmpty else { return }
    var targets = step.code.targets
    var didReuse = false
    for (target, sources) in overwritable where targets[target].isNew {
      for slot in sources {
        guard slot >= inputs, slots.owner[slot] == slot, lives.lastUse[slot] == index,
          !lives.isPinned[slot], !isTaken[slot], lives.aliases[slot] == nil,
          slots.types[slot] == targets[target].type
        else { continue }
        targets[target].reuses = slot
        isTaken[slot] = true
        isGivenOn[slot] = true
        didReuse = true
        break
      }
    }
    if didReuse { step.code = step.code.with(targets) }
  }
}

extension HostExecutable.Code {
  /// For targets of kernels the slots whose memory they may take.
  fileprivate var overwritable: [(target: Int, slots: [Int])]? {
    switch self {
    case .kernel(let step):
      step.overwritable.map { ($0.target, $0.sources.map { step.sources[$0] }) }
    case .compiled(let step): step.overwritable
    case .product(let step): step.overwritable
    case .native, .blocked, .fallback, .alias: nil
    }
  }

  fileprivate var targets: [HostExecutable.Target] {
    switch self {
    case .kernel(let step): step.targets
    case .compiled(let step): step.targets
    case .product(let step): [step.target]
    case .native, .blocked, .fallback, .alias: []
    }
  }

  fileprivate func with(_ targets: [HostExecutable.Target]) -> Self {
    switch self {
    case .kernel(let step): .kernel(KernelStep(step, targets: targets))
    case .compiled(let step): .compiled(CompiledStep(step, targets: targets))
    case .product(let step): .product(ProductStep(step, target: targets[0]))
    case .native, .blocked, .fallback, .alias: self
    }
  }

  /// Visits the slots that are read.
  func forEachSource(_ visit: (Int) -> Void) {
    switch self {
    case .kernel(let step): for slot in step.sources where slot >= 0 { visit(slot) }
    case .compiled(let step): step.readSlots.forEach(visit)
    case .product(let step):
      visit(step.a.slot)
      visit(step.b.slot)
      if let addend = step.update.addend { visit(addend.slot) }
    case .native(let step): step.sources.forEach(visit)
    case .blocked(let step): step.sources.forEach { visit($0.slot) }
    case .fallback(let step): step.sources.forEach(visit)
    case .alias(let from, _, _): visit(from)
    }
  }

  /// Visits the slots that are written.
  func forEachTarget(_ visit: (Int) -> Void) {
    switch self {
    case .kernel(let step): for target in step.targets { visit(target.slot) }
    case .compiled(let step): for target in step.allTargets { visit(target.slot) }
    case .product(let step): visit(step.target.slot)
    case .native(let step): for target in step.targets { visit(target.slot) }
    case .blocked(let step): for target in step.targets { visit(target.slot) }
    case .fallback(let step): step.targets.forEach(visit)
    case .alias(_, let to, _): visit(to)
    }
  }

  /// Visits the slots that get memory of their own.
  func forEachNewTarget(_ visit: (Int) -> Void) {
    switch self {
    case .kernel(let step):
      for target in step.targets where target.isNew { visit(target.slot) }
    case .compiled(let step):
      for target in step.allTargets where target.isNew { visit(target.slot) }
    case .product(let step): if step.target.isNew { visit(step.target.slot) }
    case .alias: break
    case .native, .blocked, .fallback: forEachTarget(visit)
    }
  }

  /// Bytes that a step needs only while it runs.
  func scratchBytes(threads: Int) -> Int {
    switch self {
    case .kernel(let step): TileReduction.partialBytes(step.kernel)
    case .compiled(let step): step.scratchBytes(threads: threads)
    case .fallback(let step): step.extraBytes
    case .blocked(let step): step.scratchBytes(threads: threads)
    case .native(let step): step.scratchBytes(threads: threads)
    case .product, .alias: 0
    }
  }
}
