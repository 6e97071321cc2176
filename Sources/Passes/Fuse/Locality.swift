import WeftIR

/// Which uses a kernel serves without memory.
///
/// Positions of a cluster are those of its shape. A row of a cluster stands in one of three
/// places: at all positions; at the kept ones of a row kernel, where it has one element for all
/// positions along the folded axes; or in a box of the positions, under a pad or concatenation.
/// A use is local when the place of the user determines that of the row it uses.
extension ClusterAssignment {
  /// The place of rows with one element for each kept position; others are numbers of contexts.
  static let keptPlace: Int32 = -1
  /// How many clusters are looked at as holders of one row, so that the walk stays linear.
  static let holderLimit = 32

  /// A cluster all of whose uses of a row are local.
  struct Holder {
    var step: Int
    var time: Int
    /// Where the row would stand.
    var place: Int32
    /// Whether every use is element for element at all positions.
    var isPlain: Bool
    /// A row of the cluster that uses the row.
    var user: Int
  }

  /// The clusters that could hold a row, the earliest first, and what speaks against them.
  struct Holders {
    var holders: [Holder] = []
    /// The time of the earliest user that needs the result in memory.
    var latestMemoryUse = -1
    /// That user, or -1.
    var blocker = -1

    mutating func add(memoryUse time: Int, _ user: Int) {
      if time > latestMemoryUse { (latestMemoryUse, blocker) = (time, user) }
    }
  }

  mutating func holders(of row: Int) -> Holders {
    var found = Holders()
    for use in uses[row] {
      let user = Int(use.user)
      if isRepeated[user] {
        for next in uses[user] {
          found.add(memoryUse: steps[step(of: Int(next.user))].time, user)
        }
        continue
      }
      let step = step(of: user)
      let time = steps[step].time
      guard let place = place(of: row, for: use, in: step) else {
        found.add(memoryUse: time, user)
        continue
      }
      let isPlain = use.way == .direct && place == 0
      if let known = found.holders.firstIndex(where: { $0.step == step }) {
        if found.holders[known].place == place {
          found.holders[known].isPlain = found.holders[known].isPlain && isPlain
        } else {
          found.add(memoryUse: time, user)
        }
      } else if found.holders.count < Self.holderLimit {
        found.holders.append(
          Holder(step: step, time: time, place: place, isPlain: isPlain, user: user))
      } else {
        found.add(memoryUse: time, user)
      }
    }
    if found.holders.count > 1 { found.holders.sort { $0.time > $1.time } }
    return found
  }

  /// Where a row would stand in a user's cluster, or nil when the use is not local.
  mutating func place(of row: Int, for use: RowUses.Use, in step: Int) -> Int32? {
    guard steps[step].kind == .cluster, !reading.isPlainOnly[row] || !steps[step].isVersatile,
      !reading.needsCode(row) || !steps[step].isPlainOnly
    else { return nil }
    if reading.roles[row] == .scatter { return nil }
    if steps[step].hasScatter {
      let isPart = reading.roles[row] == .elementwise && use.way == .direct
      return isPart && isUsed(row, onlyIn: step) ? 0 : nil
    }
    switch use.way {
    case .memory: return nil
    case .direct:
      if reading.roles[row] != .reduce {
        let place = context[Int(use.user)]
        if place > 0 { return reading.roles[row] == .scan ? nil : place }
        if reading.graph.type(Value(row: row)).shape.codes == steps[step].shape {
          if steps[step].reducedAxes != nil, isOverBoxes(row) { return nil }
          if reading.roles[row] == .scan { return mayScan(step) ? 0 : nil }
          if reading.roles[row] == .assembled, steps[step].hasScan { return nil }
          return reading.roles[row] == .assembled && steps[step].isPlainOnly ? nil : 0
        }
      }
      return isKept(row, use, step) ? Self.keptPlace : nil
    case .flat, .spread: return isKept(row, use, step) ? Self.keptPlace : nil
    case .boxed:
      if reading.roles[row] == .reduce || reading.roles[row] == .scan
        || steps[step].reducedAxes != nil || reading.isPlainOnly[row]
      {
        return nil
      }
      let user = Int(use.user)
      guard let boxes = reading.boxes(of: user), boxes.indices.contains(Int(use.detail)) else {
        return nil
      }
      return number(of: shifted(boxes[Int(use.detail)], context[user]))
    }
  }

  /// Whether all users of a row stand in a cluster, so that nothing of it is stored.
  private func isUsed(_ row: Int, onlyIn step: Int) -> Bool {
    !reading.isDense[row] && uses[row].count <= Self.holderLimit
      && uses[row].allSatisfy { use in
        let user = Int(use.user)
        return use.way == .direct && !isRepeated[user] && self.step(of: user) == step
      }
  }

  /// Whether a cluster may run along an axis: it visits all positions once, in any order.
  private func mayScan(_ step: Int) -> Bool {
    !steps[step].hasScan && steps[step].reducedAxes == nil && steps[step].boxes.isEmpty
  }

  /// Whether a row is a pad or concatenation, or uses one as an update does.
  ///
  /// Kernels that fold are not cut into pieces: it is better to store such a row, and fold that,
  /// than to store what it consists of.
  private func isOverBoxes(_ row: Int) -> Bool {
    if reading.roles[row] == .assembled { return true }
    guard options.pieces, reading.roles[row] == .elementwise else { return false }
    return reading.graph.operands(row).contains {
      reading.roles[$0.index] == .assembled
    }
  }

  /// Whether a row would have one element for each kept position of a row kernel.
  private func isKept(_ row: Int, _ use: RowUses.Use, _ step: Int) -> Bool {
    guard options.usesFolds, steps[step].boxes.isEmpty, !steps[step].isPlainOnly,
      !steps[step].hasScan, !reading.isPlainOnly[row]
    else { return false }
    let own = frames.ofRow[row]
    switch reading.roles[row] {
    case .reduce: if own < 0 { return false }
    case .elementwise: break
    default: return false
    }
    let number = steps[step].reducedAxes == nil ? own : steps[step].frame
    if number < 0 || (reading.roles[row] == .reduce && number != own) { return false }
    let frame = frames.all[Int(number)]
    guard frame.keeps(reading.graph.type(Value(row: row)).shape.codes) else { return false }
    if use.way == .spread {
      return frame.isRow && use.detail == frame.spreadAxes && steps[step].shape == frame.shape
    }
    return steps[step].reducedAxes != nil || frame.keeps(steps[step].shape)
  }

  /// Makes a cluster a row kernel: over its own shape, or over rows of which it had the kept part.
  mutating func lift(_ step: Int, to number: Int32) {
    if number < 0 { return }
    steps[step].frame = number
    steps[step].shape = frames.all[Int(number)].shape
    steps[step].reducedAxes = frames.all[Int(number)].axes
  }

  // MARK: - Boxes

  /// A box of the positions of a place as one of the cluster's.
  func shifted(_ box: Box, _ place: Int32) -> Box {
    if place <= 0 { return box }
    var box = box
    for axis in box.low.indices { box.low[axis] += contexts[Int(place)].low[axis] }
    return box
  }

  /// The place of an operand of a pad or concatenation that stands in a cluster.
  func place(ofOperand number: Int, of row: Int) -> Int32 {
    guard let boxes = reading.boxes(of: row), boxes.indices.contains(number) else { return 0 }
    return contextNumbers[shifted(boxes[number], context[row])] ?? 0
  }

  private mutating func number(of box: Box) -> Int32 {
    if let known = contextNumbers[box] { return known }
    contexts.append(box)
    contextNumbers[box] = Int32(contexts.count - 1)
    return Int32(contexts.count - 1)
  }

  /// The boxes that a pad or concatenation adds to a cluster.
  func newBoxes(_ row: Int, _ place: Int32, _ step: Int) -> [Box] {
    var boxes: [Box] = []
    for box in reading.boxes(of: row) ?? [] {
      let box = shifted(box, place)
      if !boxes.contains(box), !steps[step].boxes.contains(box) { boxes.append(box) }
    }
    return boxes
  }

  /// Tells a cluster the boxes of a pad or concatenation that stands in it.
  mutating func addBoxes(_ row: Int, _ step: Int) {
    let boxes = newBoxes(row, context[row], step)
    steps[step].boxes += boxes
    steps[step].isVersatile = true
    for box in boxes { _ = number(of: box) }
  }

  // MARK: - Clusters that become one

  /// Joins the earliest holder with the next ones as long as nothing stands between.
  mutating func mergeHolders(_ found: inout Holders, _ frame: Int32) -> Bool {
    var merged = false
    while found.holders.count > 1 {
      let (first, second) = (found.holders[0], found.holders[1])
      // Rows at kept positions stand everywhere in a kernel that visits no others.
      guard second.time > found.latestMemoryUse,
        first.place == second.place || max(first.place, second.place) <= 0,
        merge(first.step, into: second.step, frame)
      else { return merged }
      found.holders.remove(at: 0)
      merged = true
    }
    return merged
  }

  /// Joins kernels that read the same array in memory over the same positions.
  mutating func mergeSiblings(_ row: Int) {
    guard options.siblings, reading.graph.type(Value(row: row)).rank > 0 else { return }
    var readers: [Int] = []
    for use in uses[row] where use.way == .direct && !isRepeated[Int(use.user)] {
      let step = step(of: Int(use.user))
      if steps[step].kind == .cluster, !readers.contains(step) { readers.append(step) }
      if readers.count == Self.holderLimit { break }
    }
    readers.sort { steps[$0].time > steps[$1].time }
    for (place, first) in readers.enumerated() {
      for second in readers.dropFirst(place + 1).prefix(Self.siblingLimit)
      where merge(first, into: second, -1) {
        break
      }
    }
  }

  /// How many later readers of an array an earlier one is compared with.
  static let siblingLimit = 8

  /// Moves the rows of a cluster into one that runs later, if no user of theirs runs before it.
  private mutating func merge(_ first: Int, into second: Int, _ hint: Int32) -> Bool {
    let (a, b) = (steps[first], steps[second])
    guard a.earliestUser <= 2 * b.time, a.size + b.size <= ClusterPlan.instructionLimit,
      a.writes + b.writes <= ClusterPlan.arrayLimit, var joined = joined(a, b, hint)
    else { return false }
    for array in a.arrays where !joined.arrays.contains(array) { joined.arrays.append(array) }
    guard joined.arrays.count <= ClusterPlan.arrayLimit else { return false }
    joined.size += a.size
    joined.writes += a.writes
    joined.earliestUser = max(b.earliestUser, min(a.earliestUser, 2 * b.time - 1))
    steps[second] = joined
    steps[first].parent = Int32(second)
    steps[first].arrays = []
    return true
  }

  /// The second of two clusters with the positions of both, or nil when no kernel visits them.
  private func joined(_ a: Step, _ b: Step, _ hint: Int32) -> Step? {
    var joined = b
    if a.hasScatter || b.hasScatter { return nil }
    joined.isPlainOnly = a.isPlainOnly || b.isPlainOnly
    joined.isVersatile = a.isVersatile || b.isVersatile || a.shape != b.shape
    if joined.isPlainOnly && joined.isVersatile { return nil }
    joined.hasScan = a.hasScan || b.hasScan
    if joined.hasScan {
      let isSimple = [a, b].allSatisfy { $0.reducedAxes == nil && $0.boxes.isEmpty }
      if !isSimple || a.shape != b.shape || a.hasScan && b.hasScan { return nil }
    }
    if a.shape == b.shape {
      if let axes = a.reducedAxes, let others = b.reducedAxes, axes != others { return nil }
      if b.reducedAxes == nil { (joined.reducedAxes, joined.frame) = (a.reducedAxes, a.frame) }
      if a.boxes.isEmpty, b.boxes.isEmpty { return joined }
      if joined.reducedAxes != nil { return nil }
      for box in a.boxes where !joined.boxes.contains(box) { joined.boxes.append(box) }
      let regions = Box.regions(
        of: b.shape, cutBy: joined.boxes, limit: ClusterPlan.pieceLimit)
      return regions == nil ? nil : joined
    }
    let number = a.frame >= 0 ? a.frame : b.frame >= 0 ? b.frame : hint
    guard number >= 0, a.boxes.isEmpty, b.boxes.isEmpty else { return nil }
    let frame = frames.all[Int(number)]
    func fits(_ step: Step) -> Bool {
      step.reducedAxes == nil
        ? step.shape == frame.shape || frame.keeps(step.shape) : step.frame == number
    }
    guard fits(a), fits(b) else { return nil }
    joined.frame = number
    joined.shape = frame.shape
    joined.reducedAxes = frame.axes
    return joined
  }
}
