/// Exact dynamic programming over all subsets of a few leaves, outer products included.
///
/// - Source: Selinger's recurrence over subsets (Lam, Sadayappan and Wenger 1997 for contractions;
///   Pfeifer, Haegeman and Verstraete 2014 for bounds): each subset of leaves becomes one value, best
///   made from the best of two parts. A subset whose value alone costs more than a known order is
///   left out. At most 3^n / 2 pairs for n leaves, a few loads each.
struct SubsetSearch<Bits: PatternSet> {
  private var anyOf: [Bits] = []
  private var kept: [Bits] = []
  private var best: [Double] = []
  private var firstPart: [UInt32] = []
  private var products: [Double] = []
  private var byteCount = 0

  /// The most leaves: 2^24 subsets are 600 MB.
  static var leafLimit: Int { 24 }

  /// The cost of the best order below a bound, or infinity; `isLate` is asked now and then and ends
  /// the search without a result.
  mutating func solve(
    _ patterns: IndexPatterns, leaves: Int, cost: StepCost, below bound: Double,
    pairCost: ((PathPair) -> Double)? = nil,
    isLate: () -> Bool = { false }
  ) -> Double {
    let output = prepare(patterns, leaves: leaves)
    let whole = 1 << leaves - 1
    for subset in stride(from: 3, through: whole, by: 1) where subset & (subset - 1) != 0 {
      if subset & 0xFFF == 0xFFF, isLate() { return .infinity }
      let bits = anyOf[subset] & (anyOf[whole ^ subset] | output)
      kept[subset] = bits
      let size = product(bits)
      let least = pairCost == nil ? cost.least(size: size) : 0
      var current = bound
      var choice = 0
      if least < bound {
        let low = subset & -subset
        let rest = subset ^ low
        var part = rest
        repeat {
          let other = subset ^ part
          let sum = best[part] + best[other]
          if sum + least < current {
            let union = kept[part] | kept[other]
            let work = product(union)
            let step: Double
            if let pairCost {
              step = pairCost(
                PathPair(
                  left: OperandSet(low: UInt64(other)), right: OperandSet(low: UInt64(part)),
                  multiplyAdds: work, leftSize: product(kept[other]),
                  rightSize: product(kept[part]), resultSize: size))
            } else {
              step = cost.value(work: work, size: size, sums: union != bits)
            }
            if sum + step < current {
              current = sum + step
              choice = part
            }
          }
          part = (part &- 1) & rest
        } while part != 0
      }
      best[subset] = choice == 0 ? .infinity : current
      firstPart[subset] = UInt32(choice)
    }
    return best[whole]
  }

  /// The steps of the order last found: leaves by number, results from `leaves` on.
  func steps(leaves: Int) -> [ContractionPath.Step] {
    var steps: [ContractionPath.Step] = []
    var pending = [(subset: 1 << leaves - 1, isOpen: true)]
    var values: [Int] = []
    while let (subset, isOpen) = pending.popLast() {
      if subset & (subset - 1) == 0 {
        values.append(subset.trailingZeroBitCount)
      } else if isOpen {
        let part = Int(firstPart[subset])
        pending.append((subset, false))
        pending.append((part, true))
        pending.append((subset ^ part, true))
      } else {
        let right = values.removeLast()
        let left = values.removeLast()
        values.append(leaves + steps.count)
        steps.append(ContractionPath.Step(left, right))
      }
    }
    return steps
  }

  /// Fills the tables of leaves; the result is the set of kept patterns.
  private mutating func prepare(_ patterns: IndexPatterns, leaves: Int) -> Bits {
    let count = 1 << leaves
    if anyOf.count < count {
      anyOf = Array(repeating: .none, count: count)
      kept = anyOf
      best = Array(repeating: 0, count: count)
      firstPart = Array(repeating: 0, count: count)
    }
    anyOf[0] = .none
    for leaf in 0..<leaves { anyOf[1 << leaf] = .none }
    var output = Bits.none
    for (pattern, key) in patterns.keys.enumerated() {
      if key & 1 != 0 { output.insert(pattern) }
      var rest = key >> 1
      while rest != 0 {
        anyOf[1 << rest.trailingZeroBitCount].insert(pattern)
        rest &= rest - 1
      }
    }
    for subset in 1..<count {
      let low = subset & -subset
      if low == subset {
        kept[subset] = anyOf[subset]
        best[subset] = 0
      } else {
        anyOf[subset] = anyOf[subset ^ low] | anyOf[low]
      }
    }
    fillProducts(patterns.extents)
    return output
  }

  /// The products of all sets of eight patterns that lie in one byte.
  private mutating func fillProducts(_ extents: [Double]) {
    byteCount = (extents.count + 7) / 8
    if products.count < byteCount * 256 {
      products = Array(repeating: 1, count: byteCount * 256)
    }
    for byte in 0..<byteCount {
      let base = byte * 256
      products[base] = 1
      for set in 1..<256 {
        let pattern = byte * 8 + set.trailingZeroBitCount
        let extent = pattern < extents.count ? extents[pattern] : 1
        products[base + set] = products[base + set & (set - 1)] * extent
      }
    }
  }

  @inline(__always)
  private func product(_ bits: Bits) -> Double {
    var result = 1.0
    for byte in 0..<byteCount { result *= products[byte &* 256 &+ bits.byte(byte)] }
    return result
  }
}
