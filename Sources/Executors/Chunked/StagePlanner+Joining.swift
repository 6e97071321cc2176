import WeftIR
import WeftPasses

/// Stages that read the same regions of an array become one, so that it is read once.
extension StagePlanner {
  /// Beyond so many stages nobody looks for those that read the same.
  private static let mostStages = 512
  /// The results of a stage that others wait for are small beside what it reads: by this factor.
  private static let leastFolding = 8
  /// Together they make so many times the elements of a tile at most: a task holds all of them.
  private static let mostResults = 4

  /// An axis along which tiles differ.
  private struct CutAxis: Hashable {
    let axis: Int
    /// Axes of one class may have several: a joined array's is longer.
    let extent: Int
    let cut: ChunkGrid.Cut
    /// How far apart the chunks of results are.
    let step: Int
  }

  /// Joins stages whose tiles are cut alike, that read an array in common and of which none needs
  /// another's results.
  mutating func joinStages() {
    guard stages.count <= Self.mostStages else { return }
    var groups: [[CutAxis]: [Int]] = [:]
    var order: [[CutAxis]] = []
    for number in stages.indices {
      guard let key = key(number), !key.isEmpty else { continue }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(number)
    }
    var isGone = Array(repeating: false, count: stages.count)
    for key in order {
      let group = groups[key] ?? []
      for (place, first) in group.enumerated() where !isGone[first] {
        for second in group[(place + 1)...] where !isGone[second] {
          guard
            made(by: first) + made(by: second)
              <= Self.mostResults * stages[first].grid.region(of: 0).count,
            !reads(ofStage: first).isDisjoint(with: reads(ofStage: second)),
            !depends(second, on: first, isGone), !depends(first, on: second, isGone)
          else { continue }
          join(first, with: second)
          isGone[second] = true
        }
      }
    }
    stages = stages.indices.filter { !isGone[$0] }.map { stages[$0] }
  }

  /// What has to be equal of two stages that become one; nil for one that stays alone.
  private func key(_ number: Int) -> [CutAxis]? {
    let stage = stages[number]
    guard let space = spaces[stage.row], stage.grid.count > 1 else { return nil }
    switch stage.kind {
    case .tile, .part: break
    case .join, .carry, .random: return nil
    }
    let most = stage.grid.region(of: 0).count / Self.leastFolding
    for array in stage.results {
      let isTaken = arrays[array].isResult || !arrays[array].sinks.isEmpty
      let count = arrays[array].grid.region(of: 0).count
      guard isTaken || count <= most else { return nil }
    }
    let classes = self.classes.classes(stage.row, space)
    var key: [CutAxis] = []
    for axis in stage.grid.counts.indices where stage.grid.counts[axis] > 1 {
      guard let known = classes[axis] else { return nil }
      key.append(
        CutAxis(
          axis: known, extent: stage.grid.extents[axis], cut: stage.grid.cuts[axis],
          step: stage.steps[axis]))
    }
    return key
  }

  /// The elements that a stage's first tile makes.
  private func made(by stage: Int) -> Int {
    stages[stage].results.reduce(0) { $0 + arrays[$1].grid.region(of: 0).count }
  }

  /// The arrays that a stage's tiles read.
  private func reads(ofStage number: Int) -> Set<Int> {
    var found = Set(stages[number].parts)
    for row in stages[number].members {
      for operand in graph.operands(row) {
        if let array = stored[operand] { found.insert(array) }
      }
    }
    return found
  }

  /// Whether a stage needs another's results, by way of any others.
  private func depends(_ stage: Int, on other: Int, _ isGone: [Bool]) -> Bool {
    var makers: [Int: Int] = [:]
    for number in stages.indices where !isGone[number] {
      for array in stages[number].results { makers[array] = number }
    }
    var seen: Set<Int> = [stage]
    var open = [stage]
    while let next = open.popLast() {
      for array in reads(ofStage: next) {
        guard let maker = makers[array], seen.insert(maker).inserted else { continue }
        if maker == other { return true }
        open.append(maker)
      }
    }
    return false
  }

  private mutating func join(_ first: Int, with second: Int) {
    let own = stages[first].grid.counts.indices.filter { stages[first].grid.counts[$0] > 1 }
    let other = stages[second]
    var next = 0
    let axes = other.grid.counts.indices.map { axis -> (stage: Int?, extent: Int) in
      guard other.grid.counts[axis] > 1 else { return (nil, other.grid.extents[axis]) }
      next += 1
      return (own[next - 1], other.grid.extents[axis])
    }
    stages[first].companions.append(
      Stage.Companion(row: other.row, kind: other.kind, axes: axes))
    stages[first].results += other.results
    stages[first].members = Set(stages[first].members + other.members).sorted()
  }
}
