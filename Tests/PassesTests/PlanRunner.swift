import Testing
import WeftIR
import WeftReference

@testable import WeftPasses

/// Runs a plan: the meaning of clusters in terms of graphs.
///
/// Each cluster becomes a graph over its whole shape, whose loads are gathered here; the reference
/// executor computes it. What plans promise is checked on the way: values are held before they are
/// read, folded nodes are uniform, pieces write each element once.
struct PlanRunner {
  let graph: Graph
  private let memory = MemoryAccount()
  private var held: [Value: Buffer] = [:]

  /// The outputs of a graph, by its plan.
  static func run(_ graph: Graph, _ plan: ClusterPlan, seed: UInt64) throws -> [Buffer] {
    var runner = PlanRunner(graph: graph)
    return try runner.run(plan, try inputs(of: graph, seed: seed))
  }

  private mutating func run(_ plan: ClusterPlan, _ inputs: [Buffer]) throws -> [Buffer] {
    for row in 0..<graph.count {
      if case .input(let n, _) = graph.rows[row].op { held[Value(row: row)] = inputs[n] }
    }
    for step in plan.steps {
      switch step {
      case .cluster(let cluster): try run([cluster])
      case .pieces(let clusters): try run(clusters)
      case .contract(let row, let operands):
        let buffers = try operands.map { try window(of: $0.value, $0.view) }
        try runRow(row, buffers)
      case .row(let row): try runRow(row, try graph.operands(row).map { try buffer($0) })
      case .alias(let row, let source):
        let value = Value(row: row)
        held[value] = try buffer(source).reinterpreted(as: graph.type(value))
      }
    }
    return try graph.outputs.map { try buffer($0) }
  }

  private func buffer(_ value: Value) throws -> Buffer {
    try #require(held[value], "\(value) is read before it is held")
  }

  /// The elements that a view reads.
  private func window(of value: Value, _ view: StridedView) throws -> Buffer {
    let source = try buffer(value)
    let result = try Buffer(
      allocating: TensorType(graph.type(value).dtype, Shape(view.shape)), in: memory)
    for (i, place) in view.places().enumerated() {
      try #require(place >= 0 && place < source.count)
      result.set(source.scalar(at: place), at: i)
    }
    return result
  }

  private mutating func runRow(_ row: Int, _ operands: [Buffer]) throws {
    var single = Graph()
    var values: [Value] = []
    for (n, buffer) in operands.enumerated() {
      values.append(single.addParameter("p\(n)", buffer.type))
    }
    let made = single.add(
      graph.rows[row].op, values, types: Array(graph.types(row)), site: graph.rows[row].site)
    let count = graph.types(row).count
    single.outputs = (0..<count).map { Value(row: made.index, result: $0) }
    for (n, buffer) in try evaluate(single, operands).enumerated() {
      held[Value(row: row, result: n)] = buffer
    }
  }

  // MARK: - Clusters

  /// Runs pieces of the same values.
  private mutating func run(_ clusters: [Cluster]) throws {
    var writes: [Value: [Int]] = [:]
    var made: [Value: Buffer] = [:]
    for cluster in clusters {
      #expect(clusters.count == 1 || cluster.reductions.isEmpty)
      try run(cluster, &made, &writes)
    }
    for (value, counts) in writes {
      #expect(counts.allSatisfy { $0 == 1 }, "\(value) is not written once: \(counts)")
    }
    held.merge(made) { _, new in new }
  }

  private func run(
    _ cluster: Cluster, _ made: inout [Value: Buffer], _ writes: inout [Value: [Int]]
  ) throws {
    var lowered = Graph()
    var inputs: [Buffer] = []
    var nodes: [Value] = []
    var folds: [Value] = []
    let shape = cluster.shape
    let kept = shape.indices.filter { !cluster.reducedAxes.contains($0) }

    func fold(_ number: Int) throws -> Value {
      let reduction = cluster.reductions[number]
      while folds.count <= number {
        let next = cluster.reductions[folds.count]
        let axes = cluster.reducedAxes
        #expect(!next.isPosition || axes.count == 1)
        let op: Op =
          next.isPosition
          ? .argReduce(next.function, axis: axes.axes[0]) : .reduce(next.function, axes)
        folds.append(try lowered.add(op, [nodes[next.node]]))
      }
      #expect(lowered.type(folds[number]).dtype == reduction.dtype)
      return folds[number]
    }
    func parameter(_ buffer: Buffer) -> Value {
      inputs.append(buffer)
      return lowered.addParameter("p\(inputs.count)", buffer.type)
    }
    for (node, dtype) in zip(cluster.nodes, cluster.dtypes) {
      let value: Value
      switch node {
      case .load(let source, let view):
        #expect(view.shape == shape)
        value = parameter(try window(of: source, view))
      case .constant(let scalar):
        let element = try lowered.add(.constant(scalar), [])
        value = try lowered.add(.broadcast(to: Shape(shape), axes: []), [element])
      case .iota(let dtype, let view):
        value = parameter(try count(at: view, dtype))
      case .random(let key, let lane, let view):
        let buffer = try Buffer(allocating: TensorType(.uint64, Shape(shape)), in: memory)
        guard let first = inputs.last, case .load = cluster.nodes[key] else { return }
        let generator = Philox(key: first.scalar(at: 0).uintValue)
        for (i, place) in view.places().enumerated() {
          let words = generator.block(UInt64(place), UInt64(lane))
          let bits = UInt64(words[0]) | UInt64(words[1]) << 32
          buffer.set(Scalar(bits, .uint64), at: i)
        }
        value = parameter(buffer)
      case .map(let f, _, let a, let b, let c):
        value = try lowered.add(.map(f), [a, b, c].prefix(f.arity).map { nodes[$0] })
      case .convert(let a): value = try lowered.add(.convert(dtype), [nodes[a]])
      case .scanned:
        let scan = try #require(cluster.scan)
        #expect(cluster.reducedAxes.isEmpty)
        value = try lowered.add(.scan(scan.function, axis: scan.axis), [nodes[scan.node]])
      case .gather(let source, let view, let taking):
        // One array a position of the view: all that it could take.
        let extents = shape + [taking.extent]
        let whole = StridedView(
          offset: view.offset, shape: extents, strides: view.strides + [taking.stride])
        let array = parameter(
          taking.isCount
            ? try count(at: whole, dtype) : try window(of: source, whole))
        let rows = parameter(try counts(shape, step: taking.extent))
        let place = try lowered.add(.map(.add), [nodes[taking.index], rows])
        let flat = try lowered.add(
          .reshape(Shape([shape.reduce(taking.extent, *)])), [array])
        value = try lowered.add(.gather(axis: 0), [flat, place])
      case .folded(let number):
        #expect(cluster.reductions[number].node < nodes.count)
        value = try lowered.add(
          .broadcast(to: Shape(shape), axes: kept), [try fold(number)])
      }
      #expect(lowered.type(value) == TensorType(dtype, Shape(shape)))
      nodes.append(value)
    }
    for number in cluster.reductions.indices { _ = try fold(number) }
    lowered.outputs = cluster.outputs.map { nodes[$0.node] } + folds
    if let scatter = cluster.scatter {
      #expect(lowered.outputs.isEmpty && cluster.scan == nil)
      let extents = Shape(scatter.view.shape)
      var base: Value
      if let scalar = scatter.scalar {
        base = try lowered.add(.constant(scalar), [])
        base = try lowered.add(.broadcast(to: extents, axes: []), [base])
      } else {
        base = parameter(try window(of: scatter.base, scatter.view))
      }
      lowered.outputs = [
        try lowered.add(
          .scatter(axis: 0, scatter.function), [base, nodes[scatter.index], nodes[scatter.node]])
      ]
      made[scatter.value] = try evaluate(lowered, inputs)[0]
      return
    }
    let results = try evaluate(lowered, inputs)
    for (output, result) in zip(cluster.outputs, results) {
      try store(result, output, cluster, &made, &writes)
    }
    for (reduction, result) in zip(cluster.reductions, results.dropFirst(cluster.outputs.count)) {
      if reduction.isStored {
        made[reduction.value] = result.reinterpreted(as: graph.type(reduction.value))
      }
    }
  }

  /// The places of a view themselves.
  private func count(at view: StridedView, _ dtype: DType) throws -> Buffer {
    let buffer = try Buffer(allocating: TensorType(dtype, Shape(view.shape)), in: memory)
    for (i, place) in view.places().enumerated() {
      buffer.set(Scalar(Int64(place), dtype), at: i)
    }
    return buffer
  }

  /// 0, step, 2 step, ... in C order.
  private func counts(_ shape: [Int], step: Int) throws -> Buffer {
    let counts = try Buffer(allocating: TensorType(.int64, Shape(shape)), in: memory)
    for i in 0..<counts.count { counts.set(Scalar(Int64(i * step), .int64), at: i) }
    return counts
  }

  private func store(
    _ result: Buffer, _ output: Cluster.Output, _ cluster: Cluster,
    _ made: inout [Value: Buffer], _ writes: inout [Value: [Int]]
  ) throws {
    let type = graph.type(output.value)
    let target = try made[output.value] ?? Buffer(allocating: type, in: memory)
    made[output.value] = target
    var counts = writes[output.value] ?? Array(repeating: 0, count: target.count)
    #expect(output.view.shape == cluster.shape)
    for (i, place) in output.view.places().enumerated() {
      try #require(place >= 0 && place < target.count)
      if output.isFolded, counts[place] == 1 {
        #expect(RuleCheck.sameBits(target.scalar(at: place), result.scalar(at: i)))
        continue
      }
      target.set(result.scalar(at: i), at: place)
      counts[place] += 1
    }
    writes[output.value] = counts
  }
}

extension StridedView {
  /// The places in C order.
  func places() -> [Int] {
    var places = [offset]
    for (extent, stride) in zip(shape, strides) {
      places = places.flatMap { place in (0..<extent).map { place + $0 * stride } }
    }
    return places
  }
}

extension Buffer {
  fileprivate func set(_ scalar: Scalar, at index: Int) {
    scalar.store(to: base + index * type.dtype.itemSize)
  }
}
