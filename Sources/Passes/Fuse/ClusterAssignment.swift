import WeftIR

/// Puts rows into steps, walking from the outputs to the inputs.
///
/// Steps get growing times on this walk; they run in falling order of time, so a producer's time
/// is never below that of a user. A row joins the step of its earliest user when each use there is
/// elementwise; clusters that share a producer become one when no user of the first lies between
/// them. See `Note: why times make cycles impossible`.
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
    /// Twice the time of the earliest user outside, plus 1 when that user needs it in memory.
    var earliestUser = -1
    var reducedAxes: AxisSet?
    /// The row whose shape (or whose operand's shape) the cluster iterates over.
    var shapeCodes: [Int] = []
  }

  /// How many clusters are looked at as holders of one row, so that the walk stays linear.
  static let holderLimit = 32

  enum Kind: UInt8 { case cluster, contract, row, alias }

  let reading: GraphReading
  private(set) var steps: [Step] = []
  /// The step of each row; -1 for rows that are inlined or dead.
  private var stepOf: [Int32]
  /// Rows that each user computes for itself.
  private(set) var isRepeated: [Bool]

  /// Users of each row: `uses[useStart[r]..<useStart[r + 1]]`; negative (~u) when the use is not
  /// elementwise.
  private var useStart: [Int32]
  private var uses: [Int32]

  init(_ reading: GraphReading) {
    self.reading = reading
    let graph = reading.graph
    stepOf = Array(repeating: -1, count: graph.count)
    isRepeated = Array(repeating: false, count: graph.count)
    useStart = Array(repeating: 0, count: graph.count + 1)
    uses = []
    for row in 0..<graph.count {
      Self.forEachRead(reading, row) { root, _ in useStart[root + 1] += 1 }
    }
    for row in 0..<graph.count { useStart[row + 1] += useStart[row] }
    uses = Array(repeating: 0, count: Int(useStart[graph.count]))
    var fill = useStart
    for row in 0..<graph.count {
      Self.forEachRead(reading, row) { root, isDirect in
        uses[Int(fill[root])] = isDirect ? Int32(row) : ~Int32(row)
        fill[root] += 1
      }
    }
  }

  /// Visits the materialised rows that a row reads when it runs.
  private static func forEachRead(
    _ reading: GraphReading, _ row: Int, _ visit: (_ root: Int, _ isDirect: Bool) -> Void
  ) {
    let graph = reading.graph
    switch reading.roles[row] {
    case .dead, .input, .constant, .iota: return
    case .view:
      if !reading.isDense[row] { return }
      let root = reading.root(Value(row: row))
      if reading.isGenerated(root) { return }
      visit(root.index, false)
    case .elementwise, .reduce:
      let isRandom = if case .random = graph.rows[row].op { true } else { false }
      for operand in graph.operands(row) {
        let root = reading.root(operand)
        if reading.isGenerated(root) { continue }
        let isFolded = reading.roles[root.index] == .reduce
        visit(
          root.index,
          !isRandom && !isFolded && root.result == 0 && reading.isDirect(operand))
      }
    case .contract:
      for operand in graph.operands(row) {
        visit(reading.readingInMemory(operand).value.index, false)
      }
    case .other:
      for operand in graph.operands(row) { visit(operand.index, false) }
    }
  }

  /// The step that a row ended in, or -1.
  func step(of row: Int) -> Int {
    stepOf[row] < 0 ? -1 : find(Int(stepOf[row]))
  }

  private func find(_ step: Int) -> Int {
    var step = step
    while steps[step].parent >= 0 { step = Int(steps[step].parent) }
    return step
  }

  /// Whether some use of a row needs its result in memory.
  func isStored(_ row: Int) -> Bool {
    if reading.isDense[row] { return true }
    let own = step(of: row)
    for use in usesOf(row) {
      if use < 0 { return true }
      if isRepeated[Int(use)] || step(of: Int(use)) != own { return true }
    }
    return false
  }

  private func usesOf(_ row: Int) -> ArraySlice<Int32> {
    uses[Int(useStart[row])..<Int(useStart[row + 1])]
  }

  // MARK: - The walk

  mutating func run() {
    var direct: [(step: Int, time: Int)] = []
    for row in (0..<reading.graph.count).reversed() {
      switch reading.roles[row] {
      case .dead, .input: continue
      case .contract: open(.contract, row)
      case .other: open(.row, row)
      case .reduce: openReduction(row)
      case .view, .constant, .iota, .elementwise:
        if reading.isAlias(row) {
          open(.alias, row)
        } else if reading.isClusterRow(row) {
          place(row, &direct)
        }
      }
    }
  }

  /// Visits the steps that use a row's result, through rows that users repeat.
  private func forEachUser(_ row: Int, _ visit: (_ step: Int, _ isDirect: Bool) -> Void) {
    for use in usesOf(row) {
      let user = Int(use < 0 ? ~use : use)
      if isRepeated[user] {
        for next in usesOf(user) { visit(step(of: Int(next < 0 ? ~next : next)), false) }
      } else {
        visit(step(of: user), use >= 0)
      }
    }
  }

  private mutating func open(_ kind: Kind, _ row: Int) {
    stepOf[row] = Int32(steps.count)
    steps.append(Step(kind: kind, time: steps.count, row: row))
  }

  private mutating func openReduction(_ row: Int) {
    let graph = reading.graph
    guard case .reduce(_, let axes) = graph.rows[row].op,
      let operand = graph.operands(row).first
    else { return }
    open(.cluster, row)
    let step = steps.count - 1
    steps[step].reducedAxes = axes
    steps[step].shapeCodes = graph.type(operand).shape.codes
    noteReads(of: row, in: step)
    noteUsers(of: row, outside: -1, in: step)
  }

  private mutating func place(_ row: Int, _ direct: inout [(step: Int, time: Int)]) {
    let shape = reading.graph.type(Value(row: row)).shape.codes
    direct.removeAll(keepingCapacity: true)
    // The earliest user that needs the result in memory, and all users that could hold the row.
    var latestMemoryUse = -1
    forEachUser(row) { step, isDirect in
      let time = steps[step].time
      if isDirect && steps[step].kind == .cluster && steps[step].shapeCodes == shape {
        if direct.contains(where: { $0.step == step }) { return }
        if direct.count < Self.holderLimit {
          direct.append((step, time))
          return
        }
      }
      latestMemoryUse = max(latestMemoryUse, time)
    }
    if direct.count > 1 {
      direct.sort { $0.time > $1.time }
      mergeUsers(&direct, latestMemoryUse)
      if direct.count > 1, latestMemoryUse < 0, reading.isFreeToRepeat(row) {
        isRepeated[row] = true
        for user in direct { noteReads(of: row, in: user.step) }
        return
      }
    }
    if let first = direct.first, first.time > latestMemoryUse, admits(row, in: first.step) {
      stepOf[row] = Int32(first.step)
      steps[first.step].size += 1
      noteReads(of: row, in: first.step)
      noteUsers(of: row, outside: first.step, in: first.step)
      return
    }
    open(.cluster, row)
    let step = steps.count - 1
    steps[step].shapeCodes = shape
    noteReads(of: row, in: step)
    noteUsers(of: row, outside: step, in: step)
  }

  /// Joins the earliest user with the next ones as long as nothing stands between.
  private mutating func mergeUsers(
    _ users: inout [(step: Int, time: Int)], _ latestMemoryUse: Int
  ) {
    while users.count > 1 {
      let (first, second) = (users[0].step, users[1].step)
      guard users[1].time > latestMemoryUse, merge(first, into: second) else { return }
      users.remove(at: 0)
    }
  }

  /// Moves the rows of a cluster into one that runs later, if no user of theirs runs before it.
  private mutating func merge(_ first: Int, into second: Int) -> Bool {
    let (a, b) = (steps[first], steps[second])
    guard a.earliestUser <= 2 * b.time, a.size + b.size <= ClusterPlan.instructionLimit else {
      return false
    }
    if let axes = a.reducedAxes, let others = b.reducedAxes, axes != others { return false }
    var arrays = b.arrays
    for array in a.arrays where !arrays.contains(array) { arrays.append(array) }
    guard arrays.count <= ClusterPlan.arrayLimit else { return false }
    steps[second].arrays = arrays
    steps[second].size += a.size
    steps[second].reducedAxes = b.reducedAxes ?? a.reducedAxes
    steps[second].earliestUser = max(b.earliestUser, min(a.earliestUser, 2 * b.time - 1))
    steps[first].parent = Int32(second)
    steps[first].arrays = []
    return true
  }

  /// Whether a cluster has room for a row and the arrays it reads.
  private func admits(_ row: Int, in step: Int) -> Bool {
    if steps[step].size >= ClusterPlan.instructionLimit { return false }
    var arrays = steps[step].arrays.count
    Self.forEachRead(reading, row) { root, _ in
      if isArray(root), !steps[step].arrays.contains(Int32(root)) { arrays += 1 }
    }
    return arrays <= ClusterPlan.arrayLimit
  }

  private mutating func noteReads(of row: Int, in step: Int) {
    Self.forEachRead(reading, row) { root, _ in
      if isArray(root), !steps[step].arrays.contains(Int32(root)) {
        steps[step].arrays.append(Int32(root))
      }
    }
  }

  /// Whether a row is certainly read from memory and has more than one element.
  private func isArray(_ row: Int) -> Bool {
    switch reading.roles[row] {
    case .input, .reduce, .contract, .other:
      reading.graph.type(Value(row: row)).rank > 0
    case .dead, .constant, .iota, .view, .elementwise: false
    }
  }

  private mutating func noteUsers(of row: Int, outside own: Int, in step: Int) {
    var earliest = steps[step].earliestUser
    forEachUser(row) { user, isDirect in
      if user == own { return }
      earliest = max(earliest, 2 * steps[user].time + (isDirect ? 0 : 1))
    }
    steps[step].earliestUser = earliest
  }
}

// Note: why times make cycles impossible
//
// Every step has a time, and every row's step has at least the time of each of its users' steps,
// with equality only when both are the same cluster. A row joins its earliest user (the greatest
// time) only if all uses there are elementwise; otherwise it opens a step with a time greater than
// all others. A merge lowers the time of the first cluster to that of the second, which is allowed
// when no user of the first lies above the second's time and the second itself uses the first's
// results elementwise only. So running the steps in falling time order meets producers first.
