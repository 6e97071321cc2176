/// Parts the operands in two with little cut between, then each part, and so on: the tree's steps.
struct PartitionSearch {
  private let graph: Hypergraph

  /// Vertices are operands, edges are indices, weights are the logarithms of extents.
  init(_ table: IndexTable) {
    var ends = Array(repeating: [Int32](), count: table.indexCount)
    for operand in 0..<table.operandCount {
      for index in table.indices(of: operand) { ends[index].append(Int32(operand)) }
    }
    graph = Hypergraph(
      vertexWeights: Array(repeating: 1, count: table.operandCount),
      edges: ends.enumerated().map { ($0.element, max(table.log2Extents[$0.offset], 1e-3)) })
  }

  /// The side of each operand in one bisection.
  func sides(imbalance: Double, _ random: inout PathRandom) -> [UInt8] {
    Bisection(imbalance: imbalance).run(graph, &random)
  }

  /// One order; each bisection may be as far from halves as the imbalance says.
  func run(imbalance: Double, _ random: inout PathRandom, isLate: () -> Bool) -> ContractionPath? {
    let count = graph.vertexCount
    let bisection = Bisection(imbalance: imbalance)
    var steps: [ContractionPath.Step] = []
    var places = Array(repeating: Int32(-1), count: count)
    // Parts to be split, and marks where two made values become one.
    var pending: [[Int32]?] = [(0..<Int32(count)).map { $0 }]
    var made: [Int] = []
    while let next = pending.popLast() {
      guard let part = next else {
        let right = made.removeLast()
        let left = made.removeLast()
        made.append(count + steps.count)
        steps.append(ContractionPath.Step(left, right))
        continue
      }
      if part.count == 1 {
        made.append(Int(part[0]))
        continue
      }
      if isLate() { return nil }
      var halves: ([Int32], [Int32]) = ([], [])
      if part.count == 2 {
        halves = ([part[0]], [part[1]])
      } else {
        let sides = bisection.run(graph.restricted(to: part, &places), &random)
        for (vertex, side) in zip(part, sides) {
          if side == 0 { halves.0.append(vertex) } else { halves.1.append(vertex) }
        }
        if halves.0.isEmpty || halves.1.isEmpty {
          let all = part
          halves = (Array(all[..<(all.count / 2)]), Array(all[(all.count / 2)...]))
        }
      }
      pending.append(nil)
      pending.append(halves.0)
      pending.append(halves.1)
    }
    return ContractionPath(operandCount: count, steps: steps)
  }
}
