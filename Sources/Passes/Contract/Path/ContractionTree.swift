#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A path as a tree that searches change in place: operands first, then the values of steps.
struct ContractionTree {
  let table: IndexTable
  let cost: StepCost
  /// The children of each value, -1 for operands.
  private(set) var left: [Int32]
  private(set) var right: [Int32]
  /// The value that each is part of, -1 for the root.
  private(set) var parent: [Int32]
  /// The indices of each value, `table.wordCount` words each.
  private(set) var sets: [UInt64]
  /// What making each value costs; 0 for operands.
  private(set) var costs: [Double]
  /// The logarithm of each value's elements.
  private(set) var sizes: [Double]
  /// The last step's value.
  private(set) var root: Int

  /// The cost of all steps.
  var total: Double {
    var sum = 0.0
    for cost in costs { sum += cost }
    return sum
  }

  /// The logarithm of the elements of the largest value that a step makes.
  var largestMade: Double {
    var largest = 0.0
    for value in table.operandCount..<costs.count { largest = max(largest, sizes[value]) }
    return largest
  }

  init(_ path: ContractionPath, _ table: IndexTable, _ cost: StepCost) {
    self.table = table
    self.cost = cost
    let count = table.operandCount
    let values = max(2 * count - 1, 0)
    left = Array(repeating: -1, count: values)
    right = left
    parent = left
    sets = table.operands + Array(repeating: 0, count: (values - count) * table.wordCount)
    costs = Array(repeating: 0, count: values)
    sizes = costs
    root = values - 1
    for (number, step) in path.steps.enumerated() {
      let value = count + number
      left[value] = Int32(step.left)
      right[value] = Int32(step.right)
      parent[step.left] = Int32(value)
      parent[step.right] = Int32(value)
    }
    fill()
  }

  /// Whether a value is an operand.
  @inline(__always)
  func isOperand(_ value: Int) -> Bool { value < table.operandCount }

  /// The values of steps, parts first.
  func valuesInOrder() -> [Int] {
    var order: [Int] = []
    order.reserveCapacity(table.operandCount)
    var pending = [root]
    while let value = pending.popLast() {
      if isOperand(value) { continue }
      order.append(value)
      pending.append(Int(left[value]))
      pending.append(Int(right[value]))
    }
    order.reverse()
    return order
  }

  /// The tree as a path; the smaller of independent parts first where that needs less memory.
  func path() -> ContractionPath {
    let count = table.operandCount
    var number = Array(0..<costs.count)
    var steps: [ContractionPath.Step] = []
    for value in valuesInOrder() {
      let (a, b) = (number[Int(left[value])], number[Int(right[value])])
      number[value] = count + steps.count
      steps.append(ContractionPath.Step(min(a, b), max(a, b)))
    }
    return ContractionPath(operandCount: count, steps: steps)
  }

  /// Computes sets, sizes and costs of all steps.
  private mutating func fill() {
    let words = table.wordCount
    var holders = Array(repeating: Int32(0), count: table.indexCount)
    func count(_ value: Int, _ change: (Int) -> Void) {
      for word in 0..<words {
        var rest = sets[value * words + word]
        while rest != 0 {
          change(word * 64 + rest.trailingZeroBitCount)
          rest &= rest - 1
        }
      }
    }
    for operand in 0..<table.operandCount { count(operand) { holders[$0] += 1 } }
    for word in 0..<words {
      var rest = table.output[word]
      while rest != 0 {
        holders[word * 64 + rest.trailingZeroBitCount] += 1
        rest &= rest - 1
      }
    }
    for operand in 0..<table.operandCount {
      for word in 0..<words {
        sizes[operand] += table.size(sets[operand * words + word], word: word)
      }
    }
    for value in valuesInOrder() {
      let (a, b) = (Int(left[value]) * words, Int(right[value]) * words)
      for word in 0..<words {
        let (x, y) = (sets[a + word], sets[b + word])
        var kept = x | y
        var rest = kept
        while rest != 0 {
          let bit = rest & (0 &- rest)
          let index = word * 64 + rest.trailingZeroBitCount
          if x & y & bit != 0 { holders[index] -= 1 }
          if holders[index] <= 1 { kept &= ~bit }
          rest ^= bit
        }
        sets[value * words + word] = kept
      }
      measure(value)
    }
  }

  /// Computes a step's size and cost from the sets of its value and its parts.
  mutating func measure(_ value: Int) {
    let words = table.wordCount
    let (a, b, c) = (Int(left[value]) * words, Int(right[value]) * words, value * words)
    var work = 0.0
    var size = 0.0
    for word in 0..<words {
      work += table.size(sets[a &+ word] | sets[b &+ word], word: word)
      size += table.size(sets[c &+ word], word: word)
    }
    sizes[value] = size
    costs[value] = cost.value(work: exp2(work), size: exp2(size), sums: work > size)
  }

  // MARK: Changes

  /// Makes two values the parts of a third.
  mutating func join(_ a: Int, _ b: Int, into value: Int) {
    left[value] = Int32(a)
    right[value] = Int32(b)
    parent[a] = Int32(value)
    parent[b] = Int32(value)
  }

  /// Sets a word of a value's indices.
  @inline(__always)
  mutating func setWord(_ word: Int, of value: Int, to bits: UInt64) {
    sets[value &* table.wordCount &+ word] = bits
  }

  /// Stores what a step costs and how large its value is.
  @inline(__always)
  mutating func setMeasure(of value: Int, size: Double, cost: Double) {
    sizes[value] = size
    costs[value] = cost
  }
}
