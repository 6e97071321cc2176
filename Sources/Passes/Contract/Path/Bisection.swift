/// Parts a hypergraph in two with little cut between: coarsened, parted, refined on the way back.
///
/// - Source: multilevel partitioning (Karypis and Kumar 1998; KaHyPar, Schlag and others 2016):
///   heavy-edge matching, greedy growing from a random vertex, refinement by Fiduccia and Mattheyses
///   1982.
struct Bisection {
  /// How much heavier than half a side may be, as a part of half.
  var imbalance: Double
  /// How many first parts are tried on the coarsest graph.
  var starts = 6

  /// The side of each vertex, 0 or 1; both have vertices where there are two.
  func run(_ graph: Hypergraph, _ random: inout PathRandom) -> [UInt8] {
    var levels = [graph]
    var groups: [[Int32]] = []
    while levels[levels.count - 1].vertexCount > 40 {
      let fine = levels[levels.count - 1]
      let (group, count) = Self.match(fine, &random)
      if count * 20 > fine.vertexCount * 19 { break }
      groups.append(group)
      levels.append(fine.contracted(group, count: count))
    }
    var sides = first(levels[levels.count - 1], &random)
    for level in stride(from: groups.count - 1, through: 0, by: -1) {
      sides = groups[level].map { sides[Int($0)] }
      var refinement = BisectionRefinement(levels[level], sides, imbalance)
      refinement.run(passes: 3)
      sides = refinement.sides
    }
    return sides
  }

  /// Pairs of vertices that heavy edges join, as group numbers.
  private static func match(_ graph: Hypergraph, _ random: inout PathRandom) -> ([Int32], Int) {
    let count = graph.vertexCount
    let limit = Int32(max(2, graph.totalWeight / 12))
    var group = Array(repeating: Int32(-1), count: count)
    var ratings = Array(repeating: 0.0, count: count)
    var rated: [Int32] = []
    var groups: Int32 = 0
    for vertex in (0..<count).shuffled(using: &random) where group[vertex] < 0 {
      for slot in graph.edges(of: vertex) {
        let edge = Int(graph.edges[slot])
        let ends = graph.ends(of: edge)
        if ends.count > 64 { continue }
        let rating = graph.edgeWeights[edge] / Double(ends.count - 1)
        for place in ends {
          let other = Int(graph.ends[place])
          if other == vertex || group[other] >= 0 { continue }
          if ratings[other] == 0 { rated.append(Int32(other)) }
          ratings[other] += rating + 1e-12
        }
      }
      var mate = -1
      var most = 0.0
      for other in rated {
        let candidate = Int(other)
        let weight = graph.vertexWeights[vertex] + graph.vertexWeights[candidate]
        let rating =
          ratings[candidate]
          / Double(graph.vertexWeights[vertex] * graph.vertexWeights[candidate])
        ratings[candidate] = 0
        if weight <= limit, rating > most {
          most = rating
          mate = candidate
        }
      }
      rated.removeAll(keepingCapacity: true)
      group[vertex] = groups
      if mate >= 0 { group[mate] = groups }
      groups += 1
    }
    return (group, Int(groups))
  }

  /// The best of a few parts grown from random vertices.
  private func first(_ graph: Hypergraph, _ random: inout PathRandom) -> [UInt8] {
    var best: [UInt8] = []
    var least = Double.infinity
    for _ in 0..<starts {
      let grown = Self.grow(graph, &random)
      var refinement = BisectionRefinement(graph, grown, imbalance)
      refinement.run(passes: 4)
      if refinement.cut < least || best.isEmpty {
        least = refinement.cut
        best = refinement.sides
      }
    }
    return best
  }

  /// Half of the weight, taken breadth first from a random vertex.
  private static func grow(_ graph: Hypergraph, _ random: inout PathRandom) -> [UInt8] {
    let count = graph.vertexCount
    var sides = Array(repeating: UInt8(0), count: count)
    if count < 2 { return sides }
    let total = graph.totalWeight
    var isSeen = Array(repeating: false, count: count)
    var queue: [Int] = []
    var next = 0
    var weight = 0
    while weight * 2 < total {
      if next == queue.count {
        var seed = random.below(count)
        while isSeen[seed] { seed = (seed + 1) % count }
        isSeen[seed] = true
        queue.append(seed)
      }
      let vertex = queue[next]
      next += 1
      let more = Int(graph.vertexWeights[vertex])
      if weight > 0, (weight + more) * 2 > total + more { break }
      sides[vertex] = 1
      weight += more
      if next == count - 1 { break }
      for slot in graph.edges(of: vertex) {
        for place in graph.ends(of: Int(graph.edges[slot])) {
          let other = Int(graph.ends[place])
          if !isSeen[other] {
            isSeen[other] = true
            queue.append(other)
          }
        }
      }
    }
    return sides
  }
}

/// Moves vertices between two sides as long as the cut becomes smaller, through worse states too.
struct BisectionRefinement {
  private let graph: Hypergraph
  private(set) var sides: [UInt8]
  /// The weight of the edges with ends on both sides.
  private(set) var cut = 0.0
  private var sideWeights = [0, 0]
  private var sideCounts = [0, 0]
  private let mostWeight: Int
  /// How many ends of each edge lie on side 0 and side 1.
  private var endCounts: [Int32]
  private var gains: [Double]
  private var versions: [Int32]
  private var heap: [Entry] = []

  private struct Entry {
    var gain: Double
    var vertex: Int32
    var version: Int32
  }

  init(_ graph: Hypergraph, _ sides: [UInt8], _ imbalance: Double) {
    self.graph = graph
    self.sides = sides
    let total = graph.totalWeight
    let heaviest = Int(graph.vertexWeights.max() ?? 1)
    mostWeight = max(Int(Double(total) * (1 + imbalance) / 2), (total + heaviest) / 2)
    endCounts = Array(repeating: 0, count: graph.edgeCount * 2)
    gains = Array(repeating: 0, count: graph.vertexCount)
    versions = Array(repeating: 0, count: graph.vertexCount)
    for (vertex, side) in sides.enumerated() {
      sideWeights[Int(side)] += Int(graph.vertexWeights[vertex])
      sideCounts[Int(side)] += 1
    }
    for edge in 0..<graph.edgeCount {
      for place in graph.ends(of: edge) {
        endCounts[edge * 2 + Int(sides[Int(graph.ends[place])])] += 1
      }
      if endCounts[edge * 2] > 0, endCounts[edge * 2 + 1] > 0 { cut += graph.edgeWeights[edge] }
    }
  }

  /// At most a number of passes; ends when one gives nothing.
  mutating func run(passes: Int) {
    for _ in 0..<passes where !pass() { return }
  }

  private mutating func pass() -> Bool {
    let count = graph.vertexCount
    var isMoved = Array(repeating: false, count: count)
    heap.removeAll(keepingCapacity: true)
    for vertex in 0..<count {
      gains[vertex] = gain(vertex)
      push(vertex)
    }
    let start = cut
    var best = cut
    var bestExcess = excess
    var moves: [Int32] = []
    var kept = 0
    var held: [Entry] = []
    while moves.count - kept < 24 + count / 8, let entry = pop() {
      let vertex = Int(entry.vertex)
      if isMoved[vertex] || entry.version != versions[vertex] { continue }
      let side = Int(sides[vertex])
      let weight = Int(graph.vertexWeights[vertex])
      // Neither too heavy on the other side, unless this one is, nor the last of its side.
      let isAllowed =
        sideCounts[side] > 1
        && (sideWeights[1 - side] + weight <= mostWeight || sideWeights[side] > mostWeight)
      if !isAllowed {
        held.append(entry)
        continue
      }
      for entry in held where entry.version == versions[Int(entry.vertex)] {
        push(Int(entry.vertex))
      }
      held.removeAll(keepingCapacity: true)
      isMoved[vertex] = true
      move(vertex)
      moves.append(Int32(vertex))
      if excess < bestExcess || excess == bestExcess && cut < best - 1e-9 {
        best = cut
        bestExcess = excess
        kept = moves.count
      }
    }
    for vertex in moves[kept...].reversed() { move(Int(vertex)) }
    return kept > 0 && cut < start - 1e-9
  }

  /// How much too heavy a side is.
  private var excess: Int { max(0, max(sideWeights[0], sideWeights[1]) - mostWeight) }

  private func gain(_ vertex: Int) -> Double {
    let side = Int(sides[vertex])
    var gain = 0.0
    for slot in graph.edges(of: vertex) {
      let edge = Int(graph.edges[slot])
      if endCounts[edge * 2 + side] == 1 { gain += graph.edgeWeights[edge] }
      if endCounts[edge * 2 + 1 - side] == 0 { gain -= graph.edgeWeights[edge] }
    }
    return gain
  }

  private mutating func move(_ vertex: Int) {
    let side = Int(sides[vertex])
    cut -= gain(vertex)
    sides[vertex] = UInt8(1 - side)
    let weight = Int(graph.vertexWeights[vertex])
    sideWeights[side] -= weight
    sideWeights[1 - side] += weight
    sideCounts[side] -= 1
    sideCounts[1 - side] += 1
    for slot in graph.edges(of: vertex) {
      let edge = Int(graph.edges[slot])
      endCounts[edge * 2 + side] -= 1
      endCounts[edge * 2 + 1 - side] += 1
      // Only edges with few ends on a side change what others gain.
      guard endCounts[edge * 2 + side] <= 1 || endCounts[edge * 2 + 1 - side] <= 2 else { continue }
      for place in graph.ends(of: edge) {
        let other = Int(graph.ends[place])
        let now = gain(other)
        if now != gains[other] {
          gains[other] = now
          versions[other] &+= 1
          push(other)
        }
      }
    }
  }

  private mutating func push(_ vertex: Int) {
    let entry = Entry(gain: gains[vertex], vertex: Int32(vertex), version: versions[vertex])
    heap.append(entry)
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.gain > heap[parent].gain else { break }
      heap[place] = heap[parent]
      place = parent
    }
    heap[place] = entry
  }

  private mutating func pop() -> Entry? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      var place = 0
      while true {
        var child = 2 * place + 1
        guard child < heap.count else { break }
        if child + 1 < heap.count, heap[child + 1].gain > heap[child].gain { child += 1 }
        guard heap[child].gain > last.gain else { break }
        heap[place] = heap[child]
        place = child
      }
      heap[place] = last
    }
    return first
  }
}
