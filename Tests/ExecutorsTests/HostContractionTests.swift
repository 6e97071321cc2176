import Testing
import WeftIR

@testable import WeftHost

@Suite("host contractions")
struct HostContractionTests {
  /// A random product of 1 to 4 arrays, some read through permutes and slices.
  static func contraction(
    seed: Int, extents: [Int], most: Int = 3_000
  ) throws -> (Graph, [Buffer]) {
    var random = HostRandom(seed)
    let dtype = random.pick(
      [.float64, .float64, .float32, .complex64, .complex128, .int64, .int8, .bool, .float16]
        as [DType])
    let labels = (0..<2 + random.below(4)).map { _ in random.pick(extents) }
    var graph = Graph()
    var inputs: [Buffer] = []
    var operands: [[Int]] = []
    var values: [Value] = []
    for _ in 0..<1 + random.below(4) {
      var own: [Int] = []
      for label in labels.indices where random.chance(50) { own.append(label) }
      if random.chance(30) { own.reverse() }
      if own.count == 1, random.chance(15) { own.append(own[0]) }
      while own.reduce(1, { $0 * labels[$1] }) > most { own.removeLast() }
      var value: Value
      if random.chance(30), own.count > 1 {
        // The array lies transposed in memory.
        let shape = own.reversed().map { labels[$0] }
        value = graph.addParameter("p\(inputs.count)", TensorType(dtype, Shape(shape)))
        inputs.append(try HostRunning.small(TensorType(dtype, Shape(shape)), &random))
        value = try graph.add(.permute(Array((0..<own.count).reversed())), [value])
      } else if random.chance(25), !own.isEmpty {
        // Every second row and a margin of a larger array.
        let shape = own.map { labels[$0] * 2 + 1 }
        value = graph.addParameter("p\(inputs.count)", TensorType(dtype, Shape(shape)))
        inputs.append(try HostRunning.small(TensorType(dtype, Shape(shape)), &random))
        let spans = own.map {
          random.chance(50)
            ? SliceSpan(start: 1, step: 2, count: labels[$0])
            : SliceSpan(start: 1, count: labels[$0])
        }
        value = try graph.add(.slice(spans), [value])
      } else {
        let type = TensorType(dtype, Shape(own.map { labels[$0] }))
        value = graph.addParameter("p\(inputs.count)", type)
        inputs.append(try HostRunning.small(type, &random))
      }
      operands.append(own)
      values.append(value)
    }
    var output: [Int] = []
    for label in Set(operands.joined()).sorted() where random.chance(55) { output.append(label) }
    if random.chance(40) { output.reverse() }
    let value = try graph.add(.contract(Contraction(operands, to: output)), values)
    graph.outputs = [value]
    return (graph, inputs)
  }

  static func check(seed: Int, extents: [Int], most: Int = 3_000) throws {
    let (graph, inputs) = try contraction(seed: seed, extents: extents, most: most)
    guard let count = graph.type(graph.outputs[0]).shape.count, count < 2_000_000 else { return }
    let expected = try HostRunning.reference(graph, inputs)
    let one = try HostRunning.host(graph, inputs, threads: 1)
    if let difference = HostRunning.difference(expected[0], one[0]) {
      let steps = try HostRunning.steps(graph).joined(separator: "\n")
      Issue.record("seed \(seed): \(difference)\n\(graph.parameters)\n\(steps)")
    }
    for threads in [2, 7] {
      let many = try HostRunning.host(graph, inputs, threads: threads)
      #expect(HostRunning.isSame(one[0], many[0]), "seed \(seed), \(threads) threads")
    }
  }

  @Test("random contractions of small arrays") func small() throws {
    for seed in 1...1500 { try Self.check(seed: seed, extents: [1, 2, 3, 4, 7]) }
  }

  @Test("random contractions with empty axes") func empty() throws {
    for seed in 2000...2300 { try Self.check(seed: seed, extents: [0, 1, 3]) }
  }

  @Test("random contractions of larger arrays") func large() throws {
    for seed in 3000...3050 { try Self.check(seed: seed, extents: [3, 16, 37, 130], most: 20_000) }
  }

  @Test("a matrix times its transpose, with tails and slices") func symmetric() throws {
    var random = HostRandom(77)
    for (rows, columns) in [(300, 40), (40, 300), (520, 33)] {
      for dtype in [DType.float64, .float32, .complex64, .int32] {
        let type = TensorType(dtype, Shape([rows + 3, columns + 5]))
        let input = try HostRunning.small(type, &random)
        for labels in [[[0, 1], [0, 2]], [[1, 0], [2, 0]]] {
          var graph = Graph()
          let x = graph.addParameter("x", type)
          let part = try graph.add(
            .slice([SliceSpan(start: 1, count: rows), SliceSpan(start: 2, count: columns)]), [x])
          graph.outputs = [
            try graph.add(.contract(Contraction(labels, to: [1, 2])), [part, part])
          ]
          let expected = try HostRunning.reference(graph, [input])
          let one = try HostRunning.host(graph, [input], threads: 1)
          let difference = HostRunning.difference(expected[0], one[0])
          #expect(difference == nil, "\(dtype) \(rows) x \(columns)")
          #expect(HostRunning.isSame(one[0], try HostRunning.host(graph, [input], threads: 3)[0]))
        }
      }
    }
  }

  @Test("of a product that is symmetric half is made", arguments: [100, 301])
  func weighted(_ columns: Int) throws {
    var random = HostRandom(columns)
    for dtype in [DType.float64, .float32, .int64] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(dtype, Shape([150, columns])))
      let w = graph.addParameter("w", TensorType(dtype, Shape([150])))
      let spread = try graph.add(.broadcast(to: Shape([150, columns]), axes: [0]), [w])
      let scaled = try graph.add(.map(.multiply), [spread, x])
      graph.outputs = [
        try graph.add(.contract(Contraction([[0, 1], [0, 2]], to: [1, 2])), [x, scaled])
      ]
      let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
      let expected = try HostRunning.reference(graph, inputs)
      let one = try HostRunning.host(graph, inputs, threads: 1)
      #expect(HostRunning.difference(expected[0], one[0]) == nil, "\(dtype)")
      #expect(HostRunning.isSame(one[0], try HostRunning.host(graph, inputs, threads: 3)[0]))
      for (i, j) in [(0, 1), (3, 77), (99, 40)] {
        #expect(one[0].scalar(at: i * columns + j) == one[0].scalar(at: j * columns + i))
      }
      if columns > 256 {
        #expect(try HostRunning.steps(graph).contains { $0.contains(" symmetric") })
      }
    }
  }

  @Test("products with vectors use the matrix as it lies", arguments: [1, 4])
  func vectors(_ scale: Int) throws {
    var random = HostRandom(78)
    for dtype in [DType.float64, .float32, .complex128, .int64] {
      let (rows, columns) = (200 * scale, 130 * scale)
      let matrix = try HostRunning.small(TensorType(dtype, Shape([rows, columns])), &random)
      let long = try HostRunning.small(TensorType(dtype, Shape([rows])), &random)
      let short = try HostRunning.small(TensorType(dtype, Shape([columns])), &random)
      for (labels, vector) in [([[0, 1], [1]], short), ([[1, 0], [1]], long)] {
        for swapped in [false, true] {
          var graph = Graph()
          let x = graph.addParameter("x", matrix.type)
          let v = graph.addParameter("v", vector.type)
          let contraction = Contraction(swapped ? labels.reversed() : labels, to: [0])
          graph.outputs = [
            try graph.add(.contract(contraction), swapped ? [v, x] : [x, v])
          ]
          let expected = try HostRunning.reference(graph, [matrix, vector])
          let result = try HostRunning.host(graph, [matrix, vector])
          #expect(HostRunning.difference(expected[0], result[0]) == nil)
          let one = try HostRunning.host(graph, [matrix, vector], threads: 1)
          #expect(HostRunning.isSame(one[0], result[0]))
        }
      }
    }
  }

  @Test("a transposed matrix times a vector is added to another one") func addedVectors() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%a: float64[700, 600], %x: float64[700], %y: float64[600]) {
          %0 = contract %a[i, j], %x[i] -> [j]
          %1 = constant -2.0 : float64[]
          %2 = broadcast %1 to [600]
          %3 = multiply %0, %2
          %4 = subtract %3, %y
          return %4
        }
        """)
    var random = HostRandom(81)
    let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
    let expected = try HostRunning.reference(graph, inputs)
    let one = try HostRunning.host(graph, inputs, threads: 1)
    #expect(HostRunning.difference(expected[0], one[0]) == nil)
    #expect(HostRunning.isSame(one[0], try HostRunning.host(graph, inputs, threads: 3)[0]))
  }

  @Test("matrix products become one gemm without copies") func steps() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([30, 40])))
    let t = try graph.add(.permute([1, 0]), [x])
    graph.outputs = [
      try graph.add(.contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [t, x])
    ]
    let steps = try HostRunning.steps(graph)
    #expect(steps.count == 1)
    #expect(steps[0].hasPrefix("gemm m=40 n=40 k=30 transA") || steps[0].hasPrefix("product loop"))
  }
}
