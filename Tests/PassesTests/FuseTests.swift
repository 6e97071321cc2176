import Testing
import WeftGoldenFile
import WeftIR
import WeftPasses

@Suite("fuse")
struct FuseTests {
  /// A graph over float64 parameters of given shapes.
  static func plan(
    _ shapes: [[Int]], _ build: (inout Graph, [Value]) throws -> [Value]
  ) throws -> (plan: ClusterPlan, graph: Graph) {
    var graph = Graph()
    let values = shapes.enumerated().map {
      graph.addParameter("p\($0.offset)", TensorType(.float64, Shape($0.element)))
    }
    graph.outputs = try build(&graph, values)
    let plan = ClusterPlan(graph)
    try checkOrder(plan, graph)
    return (plan, graph)
  }

  /// Every step reads what inputs or earlier steps hold, and every output is held at the end.
  static func checkOrder(_ plan: ClusterPlan, _ graph: Graph) throws {
    var known: Set<Value> = []
    for row in 0..<graph.count {
      if case .input = graph.rows[row].op { known.insert(Value(row: row)) }
    }
    for step in plan.steps {
      switch step {
      case .cluster(let cluster):
        for load in cluster.loads { #expect(known.contains(load), "\(load) is read too early") }
        known.formUnion(cluster.stored)
      case .pieces(let clusters):
        for load in clusters.flatMap(\.loads) {
          #expect(known.contains(load), "\(load) is read too early")
        }
        known.formUnion(clusters.flatMap(\.stored))
      case .contract(let row, let operands):
        for operand in operands { #expect(known.contains(operand.value)) }
        known.insert(Value(row: row))
      case .row(let row):
        for operand in graph.operands(row) { #expect(known.contains(operand)) }
        for result in 0..<graph.types(row).count { known.insert(Value(row: row, result: result)) }
      case .alias(let row, let source):
        #expect(known.contains(source))
        known.insert(Value(row: row))
      }
    }
    for output in graph.outputs { #expect(known.contains(output), "\(output) is missing") }
  }

  static func spread(_ graph: inout Graph, _ x: Value, _ shape: [Int], _ axes: [Int]) throws
    -> Value
  {
    try graph.add(.broadcast(to: Shape(shape), axes: axes), [x])
  }

  @Test("an expression with constants and broadcasts is one kernel") func chain() throws {
    let (plan, graph) = try Self.plan([[8, 9], [8, 9], [9]]) { graph, x in
      let two = try Self.spread(&graph, graph.add(.constant(Scalar(2.0, .float64))), [8, 9], [])
      let row = try Self.spread(&graph, x[2], [8, 9], [1])
      let a = try graph.add(.map(.multiply), [two, x[0]])
      let b = try graph.add(.map(.multiply), [row, x[1]])
      let sine = try graph.add(.map(.sin), [x[0]])
      return [try graph.add(.map(.subtract), [try graph.add(.map(.add), [a, b]), sine])]
    }
    #expect(plan.kernelCount == 1)
    #expect(plan.intermediateCount(of: graph) == 0)
  }

  @Test("two results that share work are one kernel") func outputs() throws {
    let (plan, graph) = try Self.plan([[50], [50]]) { graph, x in
      let shared = try graph.add(.map(.exp), [try graph.add(.map(.add), x)])
      return [
        try graph.add(.map(.multiply), [shared, x[0]]),
        try graph.add(.map(.divide), [x[1], shared]),
      ]
    }
    #expect(plan.kernelCount == 1)
    #expect(plan.intermediateCount(of: graph) == 0)
  }

  @Test("a reduction ends the kernel of its operand") func reduction() throws {
    let (plan, _) = try Self.plan([[40, 50], [40, 50]]) { graph, x in
      let d = try graph.add(.map(.subtract), x)
      return [try graph.add(.reduce(.add, [0]), [try graph.add(.map(.multiply), [d, d])])]
    }
    #expect(plan.kernelCount == 1)
  }

  @Test("softmax: maximum, then exponentials with their sum, then the quotient") func softmax()
    throws
  {
    let (plan, graph) = try Self.plan([[40, 50]]) { graph, x in
      let most = try graph.add(.reduce(.maximum, [1]), [x[0]])
      let shifted = try graph.add(
        .map(.subtract), [x[0], try Self.spread(&graph, most, [40, 50], [0])])
      let e = try graph.add(.map(.exp), [shifted])
      let sum = try graph.add(.reduce(.add, [1]), [e])
      return [try graph.add(.map(.divide), [e, try Self.spread(&graph, sum, [40, 50], [0])])]
    }
    #expect(plan.kernelCount == 3)
    #expect(plan.intermediateCount(of: graph) == 3)
  }

  @Test("what is cheap to repeat is not stored") func variance() throws {
    let (plan, graph) = try Self.plan([[40, 50]]) { graph, x in
      let mean = try graph.add(.reduce(.add, [1]), [x[0]])
      let d = try graph.add(
        .map(.subtract), [x[0], try Self.spread(&graph, mean, [40, 50], [0])])
      let sum = try graph.add(.reduce(.add, [1]), [try graph.add(.map(.multiply), [d, d])])
      return [try graph.add(.map(.divide), [d, try Self.spread(&graph, sum, [40, 50], [0])])]
    }
    #expect(plan.kernelCount == 3)
    #expect(plan.intermediateCount(of: graph) == 2)
  }

  @Test("views of arrays are read in place; a view as result is a copy; reshapes are aliases")
  func views() throws {
    let (plan, graph) = try Self.plan([[6, 8]]) { graph, x in
      let t = try graph.add(.permute([1, 0]), [x[0]])
      let r = try graph.add(.reverse([0]), [t])
      let flat = try graph.add(.reshape(Shape([48])), [x[0]])
      return [try graph.add(.map(.exp), [r]), t, flat]
    }
    #expect(plan.intermediateCount(of: graph) == 0)
    let aliases = plan.steps.count { if case .alias = $0 { true } else { false } }
    #expect(aliases == 1)
    #expect(plan.kernelCount == 2)
  }

  @Test("a kernel never reads its own results through a view") func ownViews() throws {
    let (plan, graph) = try Self.plan([[7, 7]]) { graph, x in
      let e = try graph.add(.map(.exp), [x[0]])
      let t = try graph.add(.permute([1, 0]), [e])
      return [try graph.add(.map(.add), [e, t])]
    }
    #expect(plan.kernelCount == 2)
    #expect(plan.intermediateCount(of: graph) == 1)
  }

  @Test("a step between two users keeps them apart") func between() throws {
    let (plan, _) = try Self.plan([[5, 5]]) { graph, x in
      let e = try graph.add(.map(.exp), [x[0]])
      let product = try graph.add(
        .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [e, x[0]])
      return [try graph.add(.map(.add), [e, product])]
    }
    #expect(plan.kernelCount == 2)
  }

  @Test("kernels stay small, and planning a chain takes linear time", arguments: [false, true])
  func limits(isAll: Bool) throws {
    let options = isAll ? FuseOptions.all : FuseOptions()
    func seconds(_ n: Int) throws -> Double {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float64, Shape([10])))
      var y = x
      for _ in 0..<n { y = try graph.add(.map(.add), [y, x]) }
      graph.outputs = [y]
      let (plan, seconds) = Self.timed(graph, options)
      #expect(
        plan.kernelCount == (n + ClusterPlan.instructionLimit - 1) / ClusterPlan.instructionLimit)
      return seconds
    }
    _ = try seconds(1000)
    let (few, many) = (try seconds(5_000), try seconds(50_000))
    #expect(many <= 30 * few)
  }

  private static func timed(
    _ graph: Graph, _ options: FuseOptions
  ) -> (plan: ClusterPlan, seconds: Double) {
    let start = ProcessorTime.now
    let plan = ClusterPlan(graph, options: options)
    return (plan, ProcessorTime.now - start)
  }

  @Test("planning many softmaxes, one after the other or of one array, takes linear time")
  func manySoftmaxes() throws {
    func seconds(_ n: Int, isChain: Bool) throws -> Double {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float32, Shape([64, 64])))
      var y = x
      for _ in 0..<n {
        let most = try graph.add(.reduce(.maximum, [1]), [y])
        let back = try Self.spread(&graph, most, [64, 64], [0])
        let e = try graph.add(.map(.exp), [try graph.add(.map(.subtract), [y, back])])
        let sum = try graph.add(.reduce(.add, [1]), [e])
        let result = try graph.add(
          .map(.divide), [e, try Self.spread(&graph, sum, [64, 64], [0])])
        graph.outputs.append(result)
        if isChain { y = result }
      }
      let (plan, seconds) = Self.timed(graph, .all)
      #expect(plan.kernelCount <= n)
      try Self.checkOrder(plan, graph)
      return seconds
    }
    for isChain in [true, false] {
      _ = try seconds(100, isChain: isChain)
      let few = try seconds(500, isChain: isChain)
      let many = try seconds(5000, isChain: isChain)
      #expect(many <= 30 * few)
    }
  }

  @Test("each step of a stencil is one step in pieces, and only its array is stored")
  func manyStencils() throws {
    var graph = Graph()
    let n = 64
    var u = graph.addParameter("u", TensorType(.float64, Shape([n, n])))
    let zero = try graph.add(.constant(Scalar(0.0, .float64)))
    let (no, yes) = (
      try graph.add(.constant(Scalar(false))), try graph.add(.constant(Scalar(true)))
    )
    let spans = [PadSpan(low: 1, high: 1), PadSpan(low: 1, high: 1)]
    let inside = try Self.spread(&graph, yes, [n - 2, n - 2], [])
    let mask = try graph.add(.pad(spans), [inside, no])
    for _ in 0..<50 {
      func window(_ row: Int, _ column: Int) throws -> Value {
        try graph.add(
          .slice([
            SliceSpan(start: row, count: n - 2), SliceSpan(start: column, count: n - 2),
          ]), [u])
      }
      var sum = try window(1, 1)
      for (row, column) in [(0, 1), (2, 1), (1, 0), (1, 2)] {
        sum = try graph.add(.map(.add), [sum, try window(row, column)])
      }
      let padded = try graph.add(.pad(spans), [sum, zero])
      u = try graph.add(.map(.select), [mask, padded, u])
    }
    graph.outputs = [u]
    let plan = ClusterPlan(graph, options: .all)
    #expect(plan.steps.count == 50)
    #expect(plan.intermediateCount(of: graph) == 49)
    for case .pieces(let clusters) in plan.steps {
      #expect(clusters.count == 5)
      #expect(clusters[0].nodes.count == 9 && clusters[0].shape == [n - 2, n - 2])
      #expect(clusters[0].loads.count == 1)
      for border in clusters.dropFirst() { #expect(border.nodes.count == 1) }
    }
  }

  @Test("a sum of many arrays is cut at the limit of arrays") func manyArrays() throws {
    let (plan, _) = try Self.plan(Array(repeating: [10], count: 100)) { graph, x in
      var sum = x[0]
      for y in x.dropFirst() { sum = try graph.add(.map(.multiply), [sum, y]) }
      return [sum]
    }
    for case .cluster(let cluster) in plan.steps {
      #expect(cluster.loads.count <= ClusterPlan.arrayLimit + 1)
    }
    #expect(plan.kernelCount >= 4)
  }
}
