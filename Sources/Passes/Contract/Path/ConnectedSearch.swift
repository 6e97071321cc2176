#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Exact dynamic programming over subsets whose operands hang together: any number of operands.
///
/// Chains, rings and trees of a hundred operands have few such subsets. What it finds is the best
/// order without outer products of values that share no index; with `allowsOuter` it is the best of
/// all, for more subsets.
///
/// - Source: opt_einsum's `DynamicProgramming` after Pfeifer, Haegeman and Verstraete 2014 (Faster
///   identification of optimal contraction sequences): subsets by size, pairs of smaller ones, none
///   that costs more than a known order.
struct ConnectedSearch {
  private let table: IndexTable
  private let cost: StepCost
  private let setWords: Int
  /// Which operands hold each index.
  private let holders: [UInt64]
  /// Indices that two operands hold and the output does not: summed when both are in.
  private let paired: [UInt64]
  /// Indices that one operand holds alone: summed at its first step.
  private let lone: [UInt64]

  /// The subsets found: operands, indices, cost, parts.
  private var sets: [UInt64] = []
  private var indices: [UInt64] = []
  private var costs: [Double] = []
  private var parts: [(Int32, Int32)] = []
  private var sizes: [Double] = []
  private var slots: [Int32] = []

  init(_ table: IndexTable, cost: StepCost) {
    self.table = table
    self.cost = cost
    let setWords = (table.operandCount + 63) / 64
    self.setWords = setWords
    var holders = Array(repeating: UInt64(0), count: table.indexCount * setWords)
    for operand in 0..<table.operandCount {
      for index in table.indices(of: operand) {
        holders[index * setWords + operand >> 6] |= 1 << UInt64(operand & 63)
      }
    }
    self.holders = holders
    var paired = Array(repeating: UInt64(0), count: table.wordCount)
    var lone = paired
    for index in 0..<table.indexCount {
      let bit = UInt64(1) << UInt64(index & 63)
      if table.output[index >> 6] & bit != 0 { continue }
      let count = (0..<setWords).reduce(0) {
        $0 + holders[index * setWords + $1].nonzeroBitCount
      }
      if count == 2 { paired[index >> 6] |= bit }
      if count == 1 { lone[index >> 6] |= bit }
    }
    self.paired = paired
    self.lone = lone
  }

  /// The steps of the best order that costs less than a bound; nil when there is none or when more
  /// than a number of pairs would have to be looked at.
  mutating func solve(
    below bound: Double, allowsOuter: Bool, pairLimit: Int, isLate: () -> Bool = { false }
  ) -> (cost: Double, steps: [ContractionPath.Step])? {
    let count = table.operandCount
    slots = Array(repeating: -1, count: 1024)
    var lists: [[Int32]] = [[], []]
    for operand in 0..<count {
      var set = Array(repeating: UInt64(0), count: setWords)
      set[operand >> 6] |= 1 << UInt64(operand & 63)
      sets += set
      indices += table.operands[operand * table.wordCount..<(operand + 1) * table.wordCount]
      costs.append(0)
      parts.append((-1, -1))
      sizes.append(0)
      lists[1].append(Int32(operand))
    }
    var looked = 0
    var nextLook = 10_000
    for size in stride(from: 2, through: count, by: 1) {
      let first = costs.count
      for smaller in stride(from: 1, through: size / 2, by: 1) {
        let left = lists[smaller]
        let right = lists[size - smaller]
        for (position, a) in left.enumerated() {
          let from = smaller * 2 == size ? position + 1 : 0
          for b in right[from...] {
            looked += 1
            let sum = costs[Int(a)] + costs[Int(b)]
            if sum >= bound { break }
            join(a, b, sum: sum, below: bound, allowsOuter: allowsOuter)
          }
          if looked > pairLimit { return nil }
          if looked > nextLook {
            nextLook = looked + 10_000
            if isLate() { return nil }
          }
        }
      }
      // What a value costs at least when a later step reads it.
      var list: [Int32] = []
      for value in first..<costs.count {
        let later = size < count ? cost.least(size: exp2(sizes[value])) : 0
        if cost.squaresSizes || costs[value] + later <= bound { list.append(Int32(value)) }
      }
      list.sort { costs[Int($0)] < costs[Int($1)] }
      lists.append(list)
    }
    guard let whole = lists[count].first else { return nil }
    return (costs[Int(whole)], steps(to: Int(whole)))
  }

  /// The value of two subsets that have no operand in common.
  private mutating func join(
    _ a: Int32, _ b: Int32, sum: Double, below bound: Double, allowsOuter: Bool
  ) {
    let (left, right) = (Int(a), Int(b))
    var isSplit = true
    for word in 0..<setWords
    where sets[left &* setWords &+ word] & sets[right &* setWords &+ word] != 0 {
      isSplit = false
    }
    if !isSplit { return }
    let words = table.wordCount
    var shares = allowsOuter
    var union = 0.0
    for word in 0..<words {
      let (x, y) = (indices[left &* words &+ word], indices[right &* words &+ word])
      if x & y != 0 { shares = true }
      union += table.size(x | y, word: word)
    }
    if !shares { return }
    let work = exp2(union)
    if !cost.squaresSizes, sum + work >= bound { return }
    let (slot, known) = find(left, right)
    let value: Int
    if let known {
      value = known
    } else {
      value = insert(left, right, at: slot)
    }
    let size = exp2(sizes[value])
    let total = sum + cost.value(work: work, size: size, sums: union > sizes[value])
    if total < bound, total < costs[value] {
      costs[value] = total
      parts[value] = (a, b)
    }
  }

  private func find(_ a: Int, _ b: Int) -> (slot: Int, value: Int?) {
    var hash: UInt64 = 0
    for word in 0..<setWords {
      let union = sets[a &* setWords &+ word] | sets[b &* setWords &+ word]
      hash = (hash ^ union) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
    while slots[slot] >= 0 {
      let value = Int(slots[slot])
      var isSame = true
      for word in 0..<setWords
      where sets[value &* setWords &+ word]
        != sets[a &* setWords &+ word] | sets[b &* setWords &+ word]
      {
        isSame = false
      }
      if isSame { return (slot, value) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return (slot, nil)
  }

  /// A new subset without an order yet.
  private mutating func insert(_ a: Int, _ b: Int, at slot: Int) -> Int {
    let value = costs.count
    slots[slot] = Int32(value)
    for word in 0..<setWords { sets.append(sets[a * setWords + word] | sets[b * setWords + word]) }
    let words = table.wordCount
    var size = 0.0
    for word in 0..<words {
      let (x, y) = (indices[a * words + word], indices[b * words + word])
      var kept = (x | y) & ~lone[word] & ~(x & y & paired[word])
      var unsure = kept & ~paired[word] & ~table.output[word]
      while unsure != 0 {
        let index = word * 64 + unsure.trailingZeroBitCount
        let isInside = (0..<setWords).allSatisfy {
          holders[index * setWords + $0] & ~sets[value * setWords + $0] == 0
        }
        if isInside { kept &= ~(1 << UInt64(index & 63)) }
        unsure &= unsure - 1
      }
      indices.append(kept)
      size += table.size(kept, word: word)
    }
    sizes.append(size)
    costs.append(.infinity)
    parts.append((-1, -1))
    if costs.count * 2 > slots.count { grow() }
    return value
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for value in table.operandCount..<costs.count {
      let (slot, _) = find(value, value)
      slots[slot] = Int32(value)
    }
  }

  private func steps(to whole: Int) -> [ContractionPath.Step] {
    var steps: [ContractionPath.Step] = []
    var pending = [(value: whole, isOpen: true)]
    var made: [Int] = []
    while let (value, isOpen) = pending.popLast() {
      if value < table.operandCount {
        made.append(value)
      } else if isOpen {
        pending.append((value, false))
        pending.append((Int(parts[value].1), true))
        pending.append((Int(parts[value].0), true))
      } else {
        let right = made.removeLast()
        let left = made.removeLast()
        made.append(table.operandCount + steps.count)
        steps.append(ContractionPath.Step(left, right))
      }
    }
    return steps
  }
}
