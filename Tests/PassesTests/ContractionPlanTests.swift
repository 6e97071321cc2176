import Testing
import WeftIR
import WeftReference

@testable import WeftPasses

@Suite("plans of sums of products")
struct ContractionPlanTests {
  /// A random program of products, sums, transposes, parts and scalings of a few matrices.
  private static func program(seed: Int, _ dtype: DType) throws -> Graph {
    var random = SplitMix(state: UInt64(seed))
    func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
    var graph = Graph()
    let extents = [1 + below(4), 2 + below(6), 3 + below(20)]
    var values: [Value] = []
    for n in 0..<3 + below(3) {
      let rank = below(8) == 0 ? 0 : below(3) == 0 ? 1 : 2
      let shape = (0..<rank).map { _ in extents[below(3)] }
      values.append(graph.addParameter("x\(n)", TensorType(dtype, Shape(shape))))
    }
    func shape(_ value: Value) -> [Int] { graph.type(value).shape.codes }
    for _ in 0..<5 + below(14) {
      let a = values[below(values.count)]
      let b = values[max(0, values.count - 1 - below(min(values.count, 5)))]
      let (m, n) = (shape(a), shape(b))
      var new: Value?
      switch below(12) {
      case 0...4:
        // A product over equal extents.
        var labels = (Array(0..<m.count), Array(10..<10 + n.count))
        var summed: Set<Int> = []
        for i in m.indices {
          for j in n.indices
          where m[i] == n[j] && labels.1[j] >= 10 && !summed.contains(i) && below(2) == 0 {
            labels.1[j] = i
            summed.insert(i)
          }
        }
        var output: [Int] = []
        for label in labels.0 + labels.1
        where !output.contains(label) && !(summed.contains(label) && below(4) != 0) {
          output.append(label)
        }
        if output.count <= 3 {
          new = try graph.add(
            .contract(Contraction([labels.0, labels.1], to: output)), [a, b])
        }
      case 5, 6:
        if m == n {
          let f = [ScalarFunction.add, .subtract, .multiply][below(3)]
          new = try graph.add(.map(f), [a, b])
        }
      case 7: new = try graph.add(.permute(Array(m.indices.reversed())), [a])
      case 8:
        let spans = m.map { extent -> SliceSpan in
          let start = below(extent)
          return SliceSpan(start: start, count: 1 + below(extent - start))
        }
        new = try graph.add(.slice(spans), [a])
      case 9:
        if !m.isEmpty { new = try graph.add(.reduce(.add, [below(m.count)]), [a]) }
      case 10:
        let scalar = try graph.add(.constant(Scalar(Int64(below(5)) - 2, dtype)))
        let uniform = try graph.add(.broadcast(to: Shape(m), axes: []), [scalar])
        new = try graph.add(.map(.multiply), [uniform, a])
      default:
        if m.count == 2, m[0] == m[1] {
          new = try graph.add(.contract(Contraction([[0, 0]], to: [0])), [a])
        } else if m.count == 1 {
          new = try graph.add(.broadcast(to: Shape([m[0], extents[0]]), axes: [0]), [a])
        }
      }
      if let new { values.append(new) }
    }
    graph.outputs = [
      values[values.count - 1], values[values.count - 1 - below(min(4, values.count))],
    ]
    return graph
  }

  private static func planned(_ graph: Graph) throws -> (graph: Graph, context: PassContext) {
    let context = PassContext.checking()
    var result = graph
    try Pipeline.standard.run(&result, context)
    return (result, context)
  }

  /// Numbers between -1 and 1; where they are ill-conditioned, of very different sizes.
  private static func floats(_ graph: Graph, seed: Int, _ dtype: DType) throws -> [Buffer] {
    var random = SplitMix(state: UInt64(seed))
    return try graph.parameters.map { parameter in
      let buffer = try Buffer(
        allocating: TensorType(dtype, parameter.type.shape), in: MemoryAccount())
      for i in 0..<buffer.count {
        var value = Double(Int64(bitPattern: random.next()) >> 40) / 0x1p23
        if seed % 2 == 1, random.next() % 4 == 0 { value *= 1000 }
        Scalar(Double(Float(value)), dtype).store(to: buffer.base + i * dtype.itemSize)
      }
      return buffer
    }
  }

  @Test("sums that plans make up inside sums are not taken for each other")
  func nestedSums() throws {
    var graph = Graph()
    let a = graph.addParameter("a", TensorType(.int64, Shape([40, 40])))
    let x = graph.addParameter("x", TensorType(.int64, Shape([40])))
    let labels = Contraction([[0, 1], [1]], to: [0])
    var (sum, power) = (x, a)
    for step in 0..<4 {
      let term = try graph.add(.contract(labels), [power, x])
      sum = try graph.add(.map(.add), [sum, term])
      if step < 3 {
        power = try graph.add(
          .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [power, a])
      }
    }
    graph.outputs = [sum]
    let (result, context) = try Self.planned(graph)
    #expect(context.report.rules["factor-product"] ?? 0 > 0)
    #expect(result.flops < 40 * 40 * 2 * 5)
    let inputs = try inputs(of: graph, seed: 3)
    try expectSameBits(try evaluate(graph, inputs), try evaluate(result, inputs)) { result.text() }
  }

  @Test("a product that others make with its operands turned is made once")
  func turnedProducts() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%a: float64[200, 200], %x: float64[200]) {
          %0 = contract %a[i, j], %x[j] -> [i]
          %1 = contract %x[i], %a[j, i] -> [j]
          %2 = contract %1[i], %a[i, j] -> [j]
          %3 = contract %2[i], %x[i] -> []
          %4 = sqrt %3
          %5 = broadcast %4 to [200]
          %6 = divide %0, %5
          return %6
        }
        """)
    let (result, _) = try Self.planned(graph)
    #expect(result.flops < 200 * 200 * 3)
  }

  @Test("random programs of integers give the same bits", arguments: 0..<8)
  func integers(_ block: Int) throws {
    var changed = 0
    for seed in block * 150..<block * 150 + 150 {
      for dtype in [DType.int64, seed % 2 == 0 ? .uint8 : .int32] {
        let graph = try Self.program(seed: seed, dtype)
        let (result, context) = try Self.planned(graph)
        if !context.report.rules.keys.allSatisfy({ !$0.hasSuffix("product") }) { changed += 1 }
        let inputs = try inputs(of: graph, seed: UInt64(seed))
        try expectSameBits(try evaluate(graph, inputs), try evaluate(result, inputs)) {
          "seed \(seed)\n\(graph.text())\n\(result.text())"
        }
      }
    }
    #expect(changed > 20)
  }

  @Test("random programs of floats err no more than they did", arguments: 0..<4)
  func floats(_ block: Int) throws {
    for seed in block * 100..<block * 100 + 100 {
      let narrow = try Self.program(seed: seed, .float32)
      let wide = try Self.program(seed: seed, .float64)
      let (result, _) = try Self.planned(narrow)
      let inputs = try Self.floats(narrow, seed: seed, .float32)
      let expected = try evaluate(wide, try Self.floats(narrow, seed: seed, .float64))
      let (before, after) = (try evaluate(narrow, inputs), try evaluate(result, inputs))
      for (n, exact) in expected.enumerated() {
        var (norm, old, new) = (0.0, 0.0, 0.0)
        for i in 0..<exact.count {
          let value = exact.scalar(at: i).doubleValue
          norm = max(norm, abs(value))
          old = max(old, abs(before[n].scalar(at: i).doubleValue - value))
          new = max(new, abs(after[n].scalar(at: i).doubleValue - value))
        }
        if !norm.isFinite || norm > 1e30 { continue }
        #expect(
          new <= 8 * old + 1e-5 * norm,
          "seed \(seed): \(new), was \(old), norm \(norm)\n\(narrow.text())\n\(result.text())")
      }
    }
  }
}
