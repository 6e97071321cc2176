#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Contracts the cheapest-looking pair again and again: values that share an index, by how much the
/// result is larger than what it replaces.
///
/// - Source: opt_einsum's greedy and cotengra's random greedy (Gray and Kourtis 2021): the score is
///   `size(ab) / weight - weight * (size(a) + size(b))` on a logarithmic scale, plus Gumbel noise
///   times a temperature.
struct GreedySearch {
  /// How scores are formed.
  struct Settings: Sendable {
    /// How much the operands' sizes count against the result's.
    var weight = 1.0
    /// How much chance counts.
    var temperature = 0.0
  }

  private let operandIndices: [[Int32]]
  private let isOutput: [Bool]
  private let log2Extents: [Double]

  // What a run changes.
  /// The indices of all values, one list after the other, each in ascending order.
  private var lists: [Int32] = []
  private var starts: [Int] = []
  private var sizes: [Double] = []
  private var isAlive: [Bool] = []
  /// How many values, and the output, hold each index.
  private var holderCounts: [Int32] = []
  /// The values that hold each index, dead ones among them.
  private var holders: [[Int32]] = []
  private var stamps: [Int32] = []
  private var heap = PairHeap()

  /// An index in more values than this pairs each with some only: all pairs would be too many.
  private static let pairedHolders = 48

  init(_ network: ContractionNetwork) {
    operandIndices = network.operands.map { indices in
      var list = indices.map { Int32($0) }.sorted()
      var count = 0
      for index in list where count == 0 || list[count - 1] != index {
        list[count] = index
        count += 1
      }
      list.removeSubrange(count...)
      return list
    }
    var output = Array(repeating: false, count: network.extents.count)
    for index in network.output { output[index] = true }
    isOutput = output
    log2Extents = network.extents.map { log2(Double(max($0, 1))) }
  }

  /// One order.
  mutating func run(
    _ settings: Settings = Settings(), random: inout PathRandom
  ) -> ContractionPath {
    let count = operandIndices.count
    begin()
    for index in holders.indices { pushPairs(of: holders[index], settings, &random) }
    var steps: [ContractionPath.Step] = []
    steps.reserveCapacity(max(count - 1, 0))
    while let (a, b) = heap.popFirst() {
      guard isAlive[a], isAlive[b] else { continue }
      let value = contract(a, b)
      steps.append(ContractionPath.Step(a, b))
      pushNeighbours(of: value, settings, &random)
    }
    joinRest(&steps)
    return ContractionPath(operandCount: count, steps: steps)
  }

  private mutating func begin() {
    lists.removeAll(keepingCapacity: true)
    starts = [0]
    sizes.removeAll(keepingCapacity: true)
    isAlive = Array(repeating: true, count: operandIndices.count)
    stamps = Array(repeating: -1, count: operandIndices.count)
    holderCounts = isOutput.map { $0 ? 1 : 0 }
    holders = Array(repeating: [], count: isOutput.count)
    heap.removeAll()
    for (operand, indices) in operandIndices.enumerated() {
      var size = 0.0
      for index in indices {
        holderCounts[Int(index)] += 1
        holders[Int(index)].append(Int32(operand))
        size += log2Extents[Int(index)]
      }
      lists += indices
      starts.append(lists.count)
      sizes.append(size)
    }
  }

  // MARK: Pairs

  private mutating func pushPairs(
    of values: [Int32], _ settings: Settings, _ random: inout PathRandom
  ) {
    if values.count <= Self.pairedHolders {
      for (position, a) in values.enumerated() {
        for b in values[(position + 1)...] { push(Int(a), Int(b), settings, &random) }
      }
      return
    }
    // Neighbours in size and in the order written.
    let bySize = values.sorted { sizes[Int($0)] < sizes[Int($1)] }
    for list in [values, bySize] {
      for (position, a) in list.enumerated() {
        for b in list[(position + 1)...].prefix(8) { push(Int(a), Int(b), settings, &random) }
      }
    }
  }

  private mutating func pushNeighbours(
    of value: Int, _ settings: Settings, _ random: inout PathRandom
  ) {
    for place in starts[value]..<starts[value + 1] {
      let index = Int(lists[place])
      // Dead holders go as they are met.
      var living = 0
      for place in holders[index].indices {
        let holder = holders[index][place]
        if isAlive[Int(holder)] {
          holders[index][living] = holder
          living += 1
        }
      }
      holders[index].removeSubrange(living...)
      let step = max(1, living / Self.pairedHolders)
      for place in stride(from: 0, to: living, by: step) {
        let other = Int(holders[index][place])
        if other == value || stamps[other] == value { continue }
        stamps[other] = Int32(value)
        push(other, value, settings, &random)
      }
    }
  }

  private mutating func push(
    _ a: Int, _ b: Int, _ settings: Settings, _ random: inout PathRandom
  ) {
    let result = sizeOfResult(a, b)
    // Sizes past what a number holds count as the largest that it does.
    func elements(_ size: Double) -> Double { exp2(min(size, 1000)) }
    let gain =
      elements(result) / settings.weight
      - settings.weight * (elements(sizes[a]) + elements(sizes[b]))
    var score = gain < 0 ? -log2(1 - gain) : log2(1 + gain)
    if settings.temperature > 0 {
      score += settings.temperature * log(-log(random.unit() + 0x1p-60))
    }
    heap.push(Float(score), a, b)
  }

  private func sizeOfResult(_ a: Int, _ b: Int) -> Double {
    var size = 0.0
    var i = starts[a]
    var j = starts[b]
    let (endI, endJ) = (starts[a + 1], starts[b + 1])
    while i < endI || j < endJ {
      let x = i < endI ? lists[i] : Int32.max
      let y = j < endJ ? lists[j] : Int32.max
      let index = Int(min(x, y))
      let inside: Int32 = x == y ? 2 : 1
      if holderCounts[index] > inside { size += log2Extents[index] }
      if x <= y { i += 1 }
      if y <= x { j += 1 }
    }
    return size
  }

  // MARK: Steps

  private mutating func contract(_ a: Int, _ b: Int) -> Int {
    let value = sizes.count
    var size = 0.0
    var i = starts[a]
    var j = starts[b]
    let (endI, endJ) = (starts[a + 1], starts[b + 1])
    while i < endI || j < endJ {
      let x = i < endI ? lists[i] : Int32.max
      let y = j < endJ ? lists[j] : Int32.max
      let index = min(x, y)
      if x == y { holderCounts[Int(index)] -= 1 }
      if holderCounts[Int(index)] > 1 {
        lists.append(index)
        size += log2Extents[Int(index)]
        holders[Int(index)].append(Int32(value))
      }
      if x <= y { i += 1 }
      if y <= x { j += 1 }
    }
    starts.append(lists.count)
    sizes.append(size)
    isAlive[a] = false
    isAlive[b] = false
    isAlive.append(true)
    stamps.append(-1)
    return value
  }

  /// What shares no index: the two smallest first.
  private mutating func joinRest(_ steps: inout [ContractionPath.Step]) {
    heap.removeAll()
    for value in isAlive.indices where isAlive[value] {
      heap.push(Float(sizes[value]), value, value)
    }
    while let (a, _) = heap.popFirst(), let (b, _) = heap.popFirst() {
      let value = contract(a, b)
      steps.append(ContractionPath.Step(a, b))
      heap.push(Float(sizes[value]), value, value)
    }
  }
}

/// Pairs of values, the least score first; of equal scores the pair that came first.
private struct PairHeap {
  private struct Entry {
    var score: Float
    var number: Int32
    var a: Int32
    var b: Int32

    @inline(__always)
    func isBefore(_ other: Entry) -> Bool {
      score != other.score ? score < other.score : number < other.number
    }
  }

  private var entries: [Entry] = []
  private var pushed: Int32 = 0

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    pushed = 0
  }

  mutating func push(_ score: Float, _ a: Int, _ b: Int) {
    let entry = Entry(score: score, number: pushed, a: Int32(a), b: Int32(b))
    pushed &+= 1
    entries.append(entry)
    var place = entries.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.isBefore(entries[parent]) else { break }
      entries[place] = entries[parent]
      place = parent
    }
    entries[place] = entry
  }

  mutating func popFirst() -> (Int, Int)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      var place = 0
      while true {
        var child = 2 * place + 1
        guard child < entries.count else { break }
        if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
        guard entries[child].isBefore(last) else { break }
        entries[place] = entries[child]
        place = child
      }
      entries[place] = last
    }
    return (Int(first.a), Int(first.b))
  }
}
