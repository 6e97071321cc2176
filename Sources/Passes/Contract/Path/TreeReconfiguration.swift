/// Replaces parts of a tree by their best order: a value with a few values below it, again and again.
///
/// - Source: subtree reconfiguration of cotengra (Gray and Kourtis 2021, section 4.3), here with all
///   orders of up to a dozen values, outer products included.
struct TreeReconfiguration {
  private var narrow = SubsetSearch<UInt64>()
  private var wide = SubsetSearch<WidePatternSet>()
  private var patterns = IndexPatterns()
  /// The frontier's values that hold an index: bit k + 1 is the k-th.
  private var masks: [UInt64]
  private var touched: [Int32] = []
  private var frontier: [Int] = []
  private var inner: [Int] = []
  /// How often each value's set changed, and the frontier that gave nothing when last tried.
  private var versions: [UInt64]
  private var exhausted: [UInt64]

  /// Which values below are opened first.
  enum Opening: Sendable {
    case costliest
    case largest
    case anyOf
  }

  init(_ table: IndexTable) {
    masks = Array(repeating: 0, count: table.indexCount)
    versions = Array(repeating: 0, count: max(2 * table.operandCount - 1, 0))
    exhausted = versions
  }

  /// Forgets which parts gave nothing; to be called when the tree changed by other means.
  mutating func reset() {
    for value in exhausted.indices { exhausted[value] = 0 }
  }

  /// Goes over all values once; true when something became cheaper.
  mutating func pass(
    _ tree: inout ContractionTree, leaves: Int, _ opening: Opening, _ random: inout PathRandom,
    isLate: () -> Bool = { false }
  ) -> Bool {
    var isBetter = false
    for value in tree.valuesInOrder() {
      if isLate() { break }
      if improve(&tree, at: value, leaves: leaves, opening, &random) { isBetter = true }
    }
    return isBetter
  }

  /// The best order of a value from values below it; true when it is cheaper than the present one.
  mutating func improve(
    _ tree: inout ContractionTree, at value: Int, leaves: Int, _ opening: Opening,
    _ random: inout PathRandom
  ) -> Bool {
    open(tree, value, leaves, opening, &random)
    guard frontier.count > 2 else { return false }
    var hash: UInt64 = UInt64(frontier.count)
    for leaf in frontier {
      hash = (hash ^ UInt64(leaf) ^ versions[leaf] << 32) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 31
    }
    if exhausted[value] == hash { return false }
    var present = 0.0
    for part in inner { present += tree.costs[part] }
    collectPatterns(tree, value)
    // Rounding must not look like progress.
    let bound = present < .infinity ? present * (1 - 1e-9) : present
    let count = frontier.count
    let steps: [ContractionPath.Step]
    if patterns.keys.count <= UInt64.capacity {
      let found = narrow.solve(patterns, leaves: count, cost: tree.cost, below: bound)
      steps = found < .infinity ? narrow.steps(leaves: count) : []
    } else if patterns.keys.count <= WidePatternSet.capacity {
      let found = wide.solve(patterns, leaves: count, cost: tree.cost, below: bound)
      steps = found < .infinity ? wide.steps(leaves: count) : []
    } else {
      steps = []
    }
    if steps.isEmpty { exhausted[value] = hash } else { apply(steps, &tree, value) }
    for index in touched { masks[Int(index)] = 0 }
    return !steps.isEmpty
  }

  private mutating func open(
    _ tree: ContractionTree, _ value: Int, _ leaves: Int, _ opening: Opening,
    _ random: inout PathRandom
  ) {
    frontier.removeAll(keepingCapacity: true)
    inner.removeAll(keepingCapacity: true)
    inner.append(value)
    frontier.append(Int(tree.left[value]))
    frontier.append(Int(tree.right[value]))
    while frontier.count < leaves {
      var choice = -1
      var most = -Double.infinity
      for (place, leaf) in frontier.enumerated() where !tree.isOperand(leaf) {
        let rank: Double
        switch opening {
        case .costliest: rank = tree.costs[leaf]
        case .largest: rank = tree.sizes[leaf]
        case .anyOf: rank = random.unit()
        }
        if rank > most || choice < 0 {
          most = rank
          choice = place
        }
      }
      guard choice >= 0 else { break }
      let opened = frontier[choice]
      inner.append(opened)
      frontier[choice] = Int(tree.left[opened])
      frontier.append(Int(tree.right[opened]))
    }
  }

  private mutating func collectPatterns(_ tree: ContractionTree, _ value: Int) {
    let words = tree.table.wordCount
    touched.removeAll(keepingCapacity: true)
    for (leaf, node) in frontier.enumerated() {
      let bit = UInt64(2) << UInt64(leaf)
      for word in 0..<words {
        var rest = tree.sets[node &* words &+ word]
        while rest != 0 {
          let index = word &* 64 &+ rest.trailingZeroBitCount
          if masks[index] == 0 { touched.append(Int32(index)) }
          masks[index] |= bit
          rest &= rest &- 1
        }
      }
    }
    patterns.removeAll()
    for index in touched {
      let place = Int(index)
      let isKept = tree.sets[value &* words &+ place >> 6] >> UInt64(place & 63) & 1
      masks[place] |= isKept
      patterns.add(masks[place], extent: tree.table.extents[place])
    }
  }

  private mutating func apply(
    _ steps: [ContractionPath.Step], _ tree: inout ContractionTree, _ value: Int
  ) {
    let words = tree.table.wordCount
    let count = frontier.count
    // The last step's value is the old one; the others are named in any order.
    var values = frontier
    var members = frontier.indices.map { UInt64(2) << UInt64($0) }
    for (number, step) in steps.enumerated() {
      let node = number == steps.count - 1 ? value : inner[number + 1]
      let (a, b) = (values[step.left], values[step.right])
      let member = members[step.left] | members[step.right]
      values.append(node)
      members.append(member)
      tree.join(a, b, into: node)
      if node != value {
        for word in 0..<words {
          var kept = tree.sets[a * words + word] | tree.sets[b * words + word]
          var rest = kept
          while rest != 0 {
            let bit = rest & (0 &- rest)
            let mask = masks[word * 64 + rest.trailingZeroBitCount]
            if mask & ~member == 0 { kept &= ~bit }
            rest ^= bit
          }
          tree.setWord(word, of: node, to: kept)
        }
        versions[node] &+= 1
      }
      tree.measure(node)
    }
    assert(values.count == 2 * count - 1)
  }
}
