/// Takes operands one after the other into one growing value, the one that keeps it smallest next.
///
/// Good for what is long or regular (lattices, circuits in time), where halves are no good first cut.
struct SweepSearch {
  private let operandIndices: [[Int32]]
  private let holders: [[Int32]]
  private let isOutput: [Bool]
  private let weights: [Double]

  init(_ table: IndexTable) {
    var holders = Array(repeating: [Int32](), count: table.indexCount)
    operandIndices = (0..<table.operandCount).map { operand in
      let indices = table.indices(of: operand)
      for index in indices { holders[index].append(Int32(operand)) }
      return indices.map { Int32($0) }
    }
    self.holders = holders
    isOutput = (0..<table.indexCount).map {
      table.output[$0 >> 6] >> UInt64($0 & 63) & 1 != 0
    }
    weights = table.log2Extents
  }

  /// How the next operand is chosen: the least growth plus noise plus pull times level.
  struct Settings: Sendable {
    /// The most that chance adds to the growth.
    var noise = 0.0
    /// How much the level counts.
    var pull = 0.0
    /// A number for each operand, the lower ones first; empty for none.
    var levels: [Double] = []
  }

  /// One order from an operand on.
  func run(
    from start: Int, _ settings: Settings, _ random: inout PathRandom
  ) -> ContractionPath {
    let count = operandIndices.count
    // Operands of each index that are not yet in; the output stays outside.
    var outside = holders.indices.map { Int32(holders[$0].count) + (isOutput[$0] ? 1 : 0) }
    var isOpen = Array(repeating: false, count: holders.count)
    var state = Array(repeating: UInt8(0), count: count)
    var growths = Array(repeating: 0.0, count: count)
    var border: [Int32] = []
    var order: [Int] = []
    func growth(of operand: Int) -> Double {
      var sum = 0.0
      for index in operandIndices[operand] {
        let place = Int(index)
        if outside[place] > 1 {
          if !isOpen[place] { sum += weights[place] }
        } else if isOpen[place] {
          sum -= weights[place]
        }
      }
      return sum
    }
    func take(_ operand: Int) {
      state[operand] = 2
      order.append(operand)
      for index in operandIndices[operand] {
        outside[Int(index)] -= 1
        isOpen[Int(index)] = outside[Int(index)] > 0
      }
      for index in operandIndices[operand] where holders[Int(index)].count <= 64 {
        for other in holders[Int(index)] where state[Int(other)] < 2 {
          var rank = growth(of: Int(other))
          if settings.noise > 0 { rank += settings.noise * random.unit() }
          if !settings.levels.isEmpty { rank += settings.pull * settings.levels[Int(other)] }
          growths[Int(other)] = rank
          if state[Int(other)] == 0 {
            state[Int(other)] = 1
            border.append(other)
          }
        }
      }
    }
    take(start)
    while order.count < count {
      // The least growth; of equal ones the first that was met.
      var choice = -1
      for place in border.indices
      where choice < 0 || growths[Int(border[place])] < growths[Int(border[choice])] - 1e-9 {
        choice = place
      }
      if choice >= 0 {
        let operand = Int(border[choice])
        border.remove(at: choice)
        take(operand)
      } else if let next = state.firstIndex(of: 0) {
        take(next)
      }
    }
    let steps = (1..<max(count, 1)).map { position in
      ContractionPath.Step(position == 1 ? order[0] : count + position - 2, order[position])
    }
    return ContractionPath(operandCount: count, steps: steps)
  }

  /// How many steps over indices each operand is from the border between two sides, those of side 1
  /// negative.
  func levels(from sides: [UInt8]) -> [Double] {
    var levels = Array(repeating: 0.0, count: sides.count)
    var queue: [Int] = []
    for list in holders where list.count <= 64 {
      guard let first = list.first, list.contains(where: { sides[Int($0)] != sides[Int(first)] })
      else { continue }
      for operand in list where levels[Int(operand)] == 0 {
        levels[Int(operand)] = 1
        queue.append(Int(operand))
      }
    }
    var next = 0
    while next < queue.count {
      let operand = queue[next]
      next += 1
      for index in operandIndices[operand] where holders[Int(index)].count <= 64 {
        for other in holders[Int(index)] where levels[Int(other)] == 0 {
          levels[Int(other)] = levels[operand] + 1
          queue.append(Int(other))
        }
      }
    }
    for operand in sides.indices where sides[operand] == 1 { levels[operand] = -levels[operand] }
    return levels
  }

  /// An operand as far as possible from a given one, by steps over indices.
  func farthest(from start: Int) -> Int {
    var isSeen = Array(repeating: false, count: operandIndices.count)
    isSeen[start] = true
    var queue = [start]
    var next = 0
    while next < queue.count {
      let operand = queue[next]
      next += 1
      for index in operandIndices[operand] where holders[Int(index)].count <= 64 {
        for other in holders[Int(index)] where !isSeen[Int(other)] {
          isSeen[Int(other)] = true
          queue.append(Int(other))
        }
      }
    }
    return queue[queue.count - 1]
  }
}
