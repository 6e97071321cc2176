import Testing
import WeftIR

@testable import WeftPasses

@Suite("What fusion keeps")
struct FusePropertyTests {
  static let options: [FuseOptions] = [
    FuseOptions(), FuseOptions(rowKernels: true), FuseOptions(epilogues: true),
    FuseOptions(pieces: true),
    FuseOptions(siblings: true), FuseOptions(gathers: true), FuseOptions(positions: true),
    FuseOptions(scans: true), FuseOptions(scatters: true), .all,
  ]

  @Test("plans of random programs give the same bits", arguments: 0..<8)
  func sameBits(part: Int) throws {
    for seed in 0..<40 {
      let graph = RandomGraph.make(seed: UInt64(50_000 + part * 1000 + seed), rows: 40)
      try Self.check(graph, seed: UInt64(seed))
    }
  }

  @Test("plans of random rows, folds, boxes and movements give the same bits", arguments: 0..<8)
  func rows(part: Int) throws {
    var (staged, folded, pieces) = (0, 0, 0)
    var (scans, gathers, positions, scatters) = (0, 0, 0, 0)
    for seed in 0..<60 {
      let graph = try RandomRows.make(seed: UInt64(part * 1000 + seed), rows: 24)
      try Self.check(graph, seed: UInt64(seed))
      for step in ClusterPlan(graph, options: .all).steps {
        switch step {
        case .cluster(let cluster):
          if cluster.isStaged { staged += 1 }
          folded += cluster.outputs.count(where: \.isFolded)
          if cluster.scan != nil, cluster.nodes.count > 2 { scans += 1 }
          if cluster.gathers, cluster.nodes.count > 2 { gathers += 1 }
          if cluster.scatter != nil, cluster.nodes.count > 4 { scatters += 1 }
          positions += cluster.reductions.count { $0.isPosition }
        case .pieces(let clusters): pieces += clusters.count
        case .contract, .row, .alias: break
        }
      }
    }
    // The programs hold what they are meant to test.
    #expect(staged > 20 && folded > 10 && pieces > 50, "\([staged, folded, pieces])")
    #expect(
      scans > 5 && gathers > 5 && positions > 5 && scatters > 5,
      "\([scans, gathers, positions, scatters])")
  }

  static func check(_ graph: Graph, seed: UInt64) throws {
    let expected = try evaluate(graph, seed: seed)
    for options in options {
      let plan = ClusterPlan(graph, options: options)
      let actual = try PlanRunner.run(graph, plan, seed: seed)
      try expectSameBits(expected, actual) { "\(options)\n\(graph.text())\n\(plan.steps)" }
    }
    try checkPlainRows(graph, expected, seed: seed)
  }

  /// Rows that only plain kernels may hold are in plain kernels.
  private static func checkPlainRows(
    _ graph: Graph, _ expected: [Buffer], seed: UInt64
  ) throws {
    let plan = ClusterPlan(
      graph, options: .all,
      isVersatile: { row in
        switch graph.rows[row].op {
        case .map(let f): f != .multiply && f != .floor
        case .reduce(let f, _): f != .minimum
        default: true
        }
      })
    try expectSameBits(expected, try PlanRunner.run(graph, plan, seed: seed)) {
      "\(graph.text())\n\(plan.steps)"
    }
    for step in plan.steps {
      switch step {
      case .cluster(let cluster)
      where cluster.isStaged || cluster.outputs.contains(where: \.isFolded):
        #expect(isVersatile(cluster), "\(graph.text())")
      case .pieces(let clusters): #expect(clusters.allSatisfy(isVersatile), "\(graph.text())")
      case .cluster, .contract, .row, .alias: break
      }
    }
  }

  private static func isVersatile(_ cluster: Cluster) -> Bool {
    cluster.reductions.allSatisfy { $0.function != .minimum || $0.isPosition }
      && cluster.nodes.allSatisfy {
        if case .map(let f, _, _, _, _) = $0 { f != .multiply && f != .floor } else { true }
      }
  }
}

/// Makes random programs whose values are rows, folds of rows and boxes of both.
struct RandomRows {
  private var random: SplitMix
  private var graph = Graph()
  private var values: [Value] = []
  private static let shape = [3, 4]

  static func make(seed: UInt64, rows: Int) throws -> Graph {
    var maker = RandomRows(random: SplitMix(state: seed))
    for (n, shape) in [[3, 4], [3, 4], [4], [3, 1]].enumerated() {
      maker.values.append(
        maker.graph.addParameter("x\(n)", TensorType(.float64, Shape(shape))))
    }
    for _ in 0..<rows { try maker.addRow() }
    maker.graph.outputs = [maker.values[maker.values.count - 1]]
    for _ in 0..<maker.below(3) {
      maker.graph.outputs.append(maker.values[maker.below(maker.values.count)])
    }
    return maker.graph
  }

  private init(random: SplitMix) { self.random = random }

  private mutating func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }

  private mutating func recent() -> Value {
    values[max(0, values.count - 1 - below(min(values.count, 7)))]
  }

  private mutating func addRow() throws {
    let a = recent()
    let shape = graph.type(a).shape.codes
    switch below(22) {
    case 20, 21: try addScatter(a)
    case 15:
      guard let last = shape.last, last > 1 else { return }
      values.append(
        try graph.add(
          .scan([.add, .maximum][below(2)], axis: below(shape.count)), [a]))
    case 16:
      guard let last = shape.last, last > 1 else { return }
      let position = try graph.add(
        .argReduce([.minimum, .maximum][below(2)], axis: below(shape.count)), [a])
      values.append(try graph.add(.convert(.float64), [position]))
    case 17..<20: try addGather(a)
    case 0..<4: try addMap(a, recent())
    case 4: values.append(try graph.add(.map([.negative, .abs, .floor][below(3)]), [a]))
    case 5, 6:
      guard !shape.isEmpty else { return }
      let axes: AxisSet = below(4) == 0 ? AxisSet(shape.indices) : [shape.count - 1]
      let f: ScalarFunction = [.add, .maximum, .minimum][below(3)]
      values.append(try graph.add(.reduce(f, axes), [a]))
    case 7:
      values.append(
        try graph.add(.reshape(Shape(below(2) == 0 ? shape + [1] : shape.filter { $0 != 1 })), [a]))
    case 8: try addUpdate(a)
    case 12..<15: try addFoldAndReturn(a)
    case 9:
      guard !shape.isEmpty, shape.reduce(1, *) < 100 else { return }
      let other = recent()
      let isSame = graph.type(other).shape.codes == shape
      values.append(
        try graph.add(.concatenate(axis: below(shape.count)), [a, isSame ? other : a]))
    case 10:
      guard !shape.isEmpty, shape.allSatisfy({ $0 > 1 }) else { return }
      values.append(
        try graph.add(.slice(shape.map { SliceSpan(start: below(2), count: $0 - 1) }), [a]))
    default: values.append(try graph.add(.permute(Array(shape.indices.reversed())), [a]))
    }
  }

  /// Elements at indices that are positions of extremes, or counts.
  private mutating func addGather(_ a: Value) throws {
    let shape = graph.type(a).shape.codes
    guard let extent = shape.last, extent > 0, shape.count < 3 else { return }
    let other = recent()
    let rows = graph.type(other).shape.codes
    var index: Value
    if shape.count == 1, !rows.isEmpty, !rows.contains(0), below(2) == 0 {
      let limit = try graph.add(.constant(Scalar(Int64(extent), .int64)), [])
      // Whole numbers of any sign, brought into the extent.
      index = try graph.add(.convert(.int64), [try graph.add(.map(.isnan), [other])])
      index = try graph.add(
        .map(.minimum),
        [
          index,
          try graph.add(
            .map(.subtract),
            [
              try graph.add(.broadcast(to: Shape(rows), axes: []), [limit]),
              try graph.add(
                .broadcast(to: Shape(rows), axes: []),
                [try graph.add(.constant(Scalar(1 as Int64, .int64)), [])]),
            ]),
        ])
    } else {
      index = try graph.add(.iota(TensorType(.int64, Shape([extent])), axis: 0), [])
      index = try graph.add(.reverse([0]), [index])
    }
    let made = try graph.add(.gather(axis: shape.count - 1), [a, index])
    if graph.type(made).shape.codes.reduce(1, *) < 200 { values.append(made) }
  }

  /// Elements put at counts that are computed, so that some places are met twice.
  private mutating func addScatter(_ a: Value) throws {
    let count = graph.type(a).shape.count ?? 0
    let other = recent()
    guard count > 0, graph.type(other).shape.codes.reduce(1, *) > 1 else { return }
    let shape = Shape([count])
    func spread(_ number: Int) throws -> Value {
      let element = try graph.add(.constant(Scalar(Int64(number), .int64)), [])
      return try graph.add(.broadcast(to: shape, axes: []), [element])
    }
    let updates = try graph.add(.reshape(shape), [a])
    var base = try graph.add(
      .reshape(Shape([graph.type(other).shape.codes.reduce(1, *)])), [other])
    if below(2) == 0 {
      base = try graph.add(.constant(Scalar(0.5, .float64)), [])
      base = try graph.add(.broadcast(to: Shape([5]), axes: []), [base])
    }
    let extent = graph.type(base).shape.count ?? 1
    let nothing = try graph.add(.convert(.int64), [try graph.add(.map(.isnan), [updates])])
    let counts = try graph.add(.iota(TensorType(.int64, shape), axis: 0), [])
    let sum = try graph.add(.map(.add), [counts, nothing])
    let index = try graph.add(.map(.remainder), [sum, try spread(extent)])
    let f: ScalarFunction = [.add, .second, .maximum][below(3)]
    values.append(try graph.add(.scatter(axis: 0, f), [base, index, updates]))
  }

  /// What standardising and its kin do: a fold, functions of it, and the way back.
  private mutating func addFoldAndReturn(_ a: Value) throws {
    let shape = graph.type(a).shape.codes
    guard let last = shape.last, last > 1 else { return }
    let f: ScalarFunction = [.add, .maximum][below(2)]
    var fold = try graph.add(.reduce(f, [shape.count - 1]), [a])
    let kept = Array(shape.dropLast())
    let isFlat = below(2) == 0
    if !isFlat { fold = try graph.add(.reshape(Shape(kept + [1])), [fold]) }
    for _ in 0..<below(3) {
      fold = try graph.add(.map([.negative, .abs, .floor][below(3)]), [fold])
      values.append(fold)
    }
    let axes = Array(shape.indices.prefix(isFlat ? kept.count : shape.count))
    let back = try graph.add(.broadcast(to: Shape(shape), axes: axes), [fold])
    values.append(try graph.add(.map([.subtract, .multiply][below(2)]), [a, back]))
  }

  /// A function of values that are spread to the shape of both.
  private mutating func addMap(_ a: Value, _ b: Value) throws {
    let f: ScalarFunction = [.add, .subtract, .multiply, .maximum][below(4)]
    let (x, y) = (graph.type(a).shape.codes, graph.type(b).shape.codes)
    let rank = max(x.count, y.count)
    func extent(_ shape: [Int], _ axis: Int) -> Int {
      axis < rank - shape.count ? 1 : shape[axis - rank + shape.count]
    }
    var target: [Int] = []
    for axis in 0..<rank {
      let (p, q) = (extent(x, axis), extent(y, axis))
      if p != q, p != 1, q != 1 { return }
      target.append(max(p, q))
    }
    if target.reduce(1, *) > 200 { return }
    let operands = try [(a, x), (b, y)].map { value, shape in
      shape == target
        ? value
        : try graph.add(
          .broadcast(to: Shape(target), axes: Array(rank - shape.count..<rank)), [value])
    }
    values.append(try graph.add(.map(f), operands))
  }

  /// What an assignment to a slice becomes.
  private mutating func addUpdate(_ a: Value) throws {
    let shape = graph.type(a).shape.codes
    guard !shape.isEmpty, shape.reduce(1, *) < 100 else { return }
    let spans = shape.map { _ in PadSpan(low: below(2), high: below(2)) }
    let zero = try graph.add(.constant(Scalar(0.0, .float64)), [])
    let padded = try graph.add(.pad(spans), [a, zero])
    let target = graph.type(padded).shape
    let no = try graph.add(.constant(Scalar(false)), [])
    let yes = try graph.add(.constant(Scalar(true)), [])
    let mask = try graph.add(
      .pad(spans), [try graph.add(.broadcast(to: Shape(shape), axes: []), [yes]), no])
    var other = padded
    if let same = values.last(where: { graph.type($0).shape == target }) { other = same }
    values.append(try graph.add(.map(.select), [mask, padded, other]))
  }
}
