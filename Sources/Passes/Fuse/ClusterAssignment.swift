import WeftIR

/// Puts rows into steps, walking from the outputs to the inputs.
///
/// Steps get growing times on this walk; they run in falling order of time, so a producer's time
/// is never below that of a user. A row joins the step of its earliest user when each use there
/// is local (`Locality`); clusters that share a producer become one when no user of the first lies
/// between them. See `Note: why times make cycles impossible`.
struct ClusterAssignment {
  /// A step; merged clusters point at the one that lives on.
  struct Step {
    var kind: Kind
    var time: Int
    /// The row that opened the step.
    var row: Int
    var parent: Int32 = -1
    /// The number of rows, for the limit.
    var size = 1
    /// The arrays read, as row numbers, up to the limit.
    var arrays: [Int32] = []
    /// The number of rows that are stored, as far as is known; merges may make it less.
    var writes = 1
    /// Twice the time of the earliest user outside, plus 1 when that user needs it in memory.
    var earliestUser = -1
    /// The shape that the cluster iterates over.
    var shape: [Int] = []
    var reducedAxes: AxisSet?
    /// The number of the frame when the cluster is a row kernel, else -1.
    var frame: Int32 = -1
    /// Where operands of pads and concatenations lie in the shape.
    var boxes: [Box] = []
    /// Whether a row is in it that only plain kernels may hold.
    var isPlainOnly = false
    /// Whether it has stages, pieces, or what else only they may hold.
    var isVersatile = false
    /// Whether a running fold is in it.
    var hasScan = false
    /// Whether it ends by putting elements at indices.
    var hasScatter = false
  }

  enum Kind: UInt8 { case cluster, contract, row, alias }

  let reading: GraphReading
  let options: FuseOptions
  let frames: Frames
  let uses: RowUses
  var steps: [Step] = []
  /// The step of each row; -1 for rows that are inlined or dead.
  var stepOf: [Int32]
  /// Rows that each user computes for itself.
  private(set) var isRepeated: [Bool]
  /// The number of the box in which a row's elements lie in its cluster's shape; 0 is the whole.
  var context: [Int32]
  var contexts: [Box] = [Box(whole: [])]
  var contextNumbers: [Box: Int32] = [:]
  private(set) var decisions: [FuseDecision] = []

  init(_ reading: GraphReading, _ options: FuseOptions) {
    self.reading = reading
    self.options = options
    let count = reading.graph.count
    frames = Frames(reading, options)
    uses = RowUses(reading, options)
    stepOf = Array(repeating: -1, count: count)
    isRepeated = Array(repeating: false, count: count)
    context = Array(repeating: 0, count: count)
  }

  /// The step that a row ended in, or -1.
  func step(of row: Int) -> Int {
    stepOf[row] < 0 ? -1 : find(Int(stepOf[row]))
  }

  func find(_ step: Int) -> Int {
    var step = step
    while steps[step].parent >= 0 { step = Int(steps[step].parent) }
    return step
  }

  /// Whether some use of a row needs its result in memory.
  func isStored(_ row: Int) -> Bool {
    if reading.isDense[row] { return true }
    let own = step(of: row)
    return uses[row].contains { use in
      let user = Int(use.user)
      return use.way == .memory || isRepeated[user] || step(of: user) != own
    }
  }

  /// Whether a row of the same step uses a row's result.
  func isUsedInside(_ row: Int) -> Bool {
    let own = step(of: row)
    return uses[row].contains { $0.way != .memory && step(of: Int($0.user)) == own }
  }

  // MARK: - The walk

  mutating func run() {
    for row in (0..<reading.graph.count).reversed() {
      switch reading.roles[row] {
      case .dead: continue
      case .input: mergeSiblings(row)
      case .contract: open(.contract, row)
      case .other: open(.row, row)
      case .reduce, .scatter: place(row)
      case .view, .constant, .iota, .elementwise, .scan, .assembled:
        if reading.isAlias(row) {
          open(.alias, row)
          // What only outputs hold need not run before anything.
          if uses[row].isEmpty { steps[steps.count - 1].time = -1 }
        } else if reading.isClusterRow(row) {
          place(row)
        }
      }
      switch reading.roles[row] {
      case .contract, .scatter, .other: mergeSiblings(row)
      default: break
      }
    }
  }

  private mutating func open(_ kind: Kind, _ row: Int) {
    stepOf[row] = Int32(steps.count)
    steps.append(Step(kind: kind, time: steps.count, row: row))
  }

  private mutating func openCluster(_ row: Int) {
    open(.cluster, row)
    let step = steps.count - 1
    let graph = reading.graph
    if let axes = graph.rows[row].op.foldedAxes, reading.roles[row] == .reduce,
      let operand = graph.operands(row).first
    {
      steps[step].reducedAxes = axes
      steps[step].frame = frames.ofRow[row]
      steps[step].shape = graph.type(operand).shape.codes
    } else if reading.roles[row] == .scatter, let updates = graph.operands(row).last {
      steps[step].shape = graph.type(updates).shape.codes
    } else {
      steps[step].shape = graph.type(Value(row: row)).shape.codes
    }
    enter(row, step)
  }

  /// Tells a step what a new row of it reads, writes and is used by.
  private mutating func enter(_ row: Int, _ step: Int) {
    if reading.isPlainOnly[row] { steps[step].isPlainOnly = true }
    if reading.needsCode(row) { steps[step].isVersatile = true }
    if reading.roles[row] == .scan { steps[step].hasScan = true }
    if reading.roles[row] == .scatter { steps[step].hasScatter = true }
    if reading.roles[row] == .assembled { addBoxes(row, step) }
    noteReads(of: row, in: step)
    noteUsers(of: row, in: step)
  }

  private mutating func place(_ row: Int) {
    if reading.roles[row] == .assembled, repeatAssembly(row) { return }
    var found = holders(of: row)
    if found.holders.count > 1 {
      if mergeHolders(&found, frames.ofRow[row]) { found = holders(of: row) }
      if found.holders.count > 1, found.latestMemoryUse < 0, found.holders.allSatisfy(\.isPlain),
        isRepeatCheaper(row, found.holders)
      {
        isRepeated[row] = true
        note(row, .again, found.holders[0].user, found.holders[1].user)
        for holder in found.holders {
          noteReads(of: row, in: holder.step)
          if reading.isPlainOnly[row] { steps[holder.step].isPlainOnly = true }
        }
        return
      }
    }
    guard let first = found.holders.first, first.time > found.latestMemoryUse,
      admits(row, first)
    else {
      explain(row, found)
      openCluster(row)
      return
    }
    stepOf[row] = Int32(first.step)
    steps[first.step].size += 1
    if first.place == Self.keptPlace {
      if steps[first.step].frame < 0 { lift(first.step, to: frames.ofRow[row]) }
      steps[first.step].isVersatile = true
    } else {
      context[row] = first.place
    }
    if isStored(row) { steps[first.step].writes += 1 }
    enter(row, first.step)
  }

  /// Lets each user make a pad or concatenation of what is in memory anyway, if all can.
  ///
  /// Reading boxes costs no more than reading the whole. The mask of an update is such a row, and
  /// all updates of equal slices share it.
  private mutating func repeatAssembly(_ row: Int) -> Bool {
    guard uses[row].count > 1, reading.isOverMemory(row) else { return false }
    var users: Set<Int> = []
    for use in uses[row] {
      let user = Int(use.user)
      let step = step(of: user)
      guard use.way == .direct, !isRepeated[user], place(of: row, for: use, in: step) == 0 else {
        return false
      }
      let holder = Holder(step: step, time: 0, place: 0, isPlain: true, user: user)
      if users.insert(step).inserted, !admits(row, holder) { return false }
    }
    if users.count < 2 { return false }
    isRepeated[row] = true
    for step in users {
      noteReads(of: row, in: step)
      addBoxes(row, step)
    }
    return true
  }

  private func isRepeatCheaper(_ row: Int, _ holders: [Holder]) -> Bool {
    FusionCost(reading: reading).isRepeatCheaper(row, users: holders.count) { array in
      holders.count { steps[$0.step].arrays.contains(Int32(array)) }
    }
  }

  /// Whether a cluster has room for a row, the arrays it reads and the pieces it makes.
  private func admits(_ row: Int, _ holder: Holder) -> Bool {
    let step = holder.step
    if steps[step].size >= ClusterPlan.instructionLimit { return false }
    if steps[step].writes >= ClusterPlan.arrayLimit, isStored(row) { return false }
    var arrays = steps[step].arrays.count
    RowUses.forEachRoot(reading, row) { root in
      if isArray(root), !steps[step].arrays.contains(Int32(root)) { arrays += 1 }
    }
    if arrays > ClusterPlan.arrayLimit { return false }
    if reading.roles[row] != .assembled { return true }
    let boxes = steps[step].boxes + newBoxes(row, holder.place, step)
    return Box.regions(of: steps[step].shape, cutBy: boxes, limit: ClusterPlan.pieceLimit) != nil
  }

  private mutating func noteReads(of row: Int, in step: Int) {
    RowUses.forEachRoot(reading, row) { root in
      if isArray(root), !steps[step].arrays.contains(Int32(root)) {
        steps[step].arrays.append(Int32(root))
      }
    }
  }

  /// Whether a row is certainly read from memory and has more than one element.
  private func isArray(_ row: Int) -> Bool {
    switch reading.roles[row] {
    case .input, .contract, .scatter, .other: reading.graph.type(Value(row: row)).rank > 0
    // A fold of a row kernel may end in the kernel that uses it.
    case .reduce: frames.ofRow[row] < 0 && reading.graph.type(Value(row: row)).rank > 0
    case .dead, .constant, .iota, .view, .elementwise, .scan, .assembled: false
    }
  }

  private mutating func noteUsers(of row: Int, in own: Int) {
    var earliest = steps[own].earliestUser
    for use in uses[row] {
      let user = Int(use.user)
      if isRepeated[user] {
        for next in uses[user] {
          let step = step(of: Int(next.user))
          if step != own { earliest = max(earliest, 2 * steps[step].time + 1) }
        }
        continue
      }
      let step = step(of: user)
      if step == own { continue }
      let isDirect = use.way == .direct && context[row] == 0 && context[user] == 0
      earliest = max(earliest, 2 * steps[step].time + (isDirect ? 0 : 1))
    }
    steps[own].earliestUser = earliest
  }

  // MARK: - Reasons

  private mutating func note(
    _ row: Int, _ reason: FuseDecision.Reason, _ user: Int, _ other: Int? = nil
  ) {
    if decisions.count >= ClusterPlan.noteLimit { return }
    decisions.append(FuseDecision(row: row, reason: reason, user: user, other: other ?? user))
  }

  private mutating func explain(_ row: Int, _ found: Holders) {
    if decisions.count >= ClusterPlan.noteLimit || uses[row].isEmpty { return }
    let blocker = found.blocker
    if let first = found.holders.first {
      if blocker >= 0, first.time <= found.latestMemoryUse {
        if step(of: blocker) == first.step {
          note(row, .view, blocker)
        } else {
          note(row, .between, first.user, blocker)
        }
      } else {
        note(row, .full, first.user)
      }
      return
    }
    guard blocker >= 0 else { return }
    switch reading.roles[blocker] {
    case .contract: note(row, .contraction, blocker)
    case .elementwise, .reduce, .scan, .scatter, .assembled:
      let isView = uses[row].contains { Int($0.user) == blocker && $0.way == .memory }
      note(row, isView ? .view : .space, blocker)
    case .dead, .input, .constant, .iota, .view, .other: note(row, .memory, blocker)
    }
  }
}

// Note: why times make cycles impossible
//
// Every step has a time, and every row's step has at least the time of each of its users' steps,
// with equality only when both are the same cluster. A row joins its earliest user (the greatest
// time) only if all uses there are local; otherwise it opens a step with a time greater than all
// others. A merge lowers the time of the first cluster to that of the second, which is allowed
// when no user of the first lies above the second's time and the second itself uses the first's
// results directly only. So running the steps in falling time order meets producers first.
//
// Within a cluster there is an order as well, although values return to it after a fold: a use is
// local when the user needs, at a position of the kept axes, nothing of the producer but what lies
// at the same position. Rows stand in the graph with operands before users, and a kernel runs them
// in that order for one position after the other. A value that goes back through a contraction or
// an opaque step has a user of a greater time than the cluster's, and so never enters it.
// An alias that only outputs hold has time -1: nothing runs after it, and it is run last.
