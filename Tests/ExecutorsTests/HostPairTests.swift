import Testing
import WeftIR

@testable import WeftHost

@Suite("Folds of pairs of rows", .needsLLVM)
struct HostPairTests {
  /// `fold(f(x[i, k], y[j, k]))` over k, with whatever order of axes.
  private static func graph(
    _ dtype: DType, _ extents: (i: Int, j: Int, k: Int), fold: ScalarFunction, order: [Int],
    isTransposed: Bool, ends: Bool
  ) throws -> Graph {
    var graph = Graph()
    let (i, j, k) = extents
    let x = graph.addParameter("x", TensorType(dtype, Shape([i, k])))
    let other = graph.addParameter(
      "y", TensorType(dtype, Shape(isTransposed ? [k, j] : [j, k])))
    // The place of each of i, j, k among the axes.
    let place = (0..<3).map { n in order.firstIndex(of: n) ?? 0 }
    let shape = Shape(order.map { [i, j, k][$0] })
    func spread(_ value: Value, _ axes: [Int]) throws -> Value {
      let sorted = axes.sorted()
      var value = value
      if sorted != axes {
        value = try graph.add(.permute(sorted == axes ? [0, 1] : [1, 0]), [value])
      }
      return try graph.add(.broadcast(to: shape, axes: sorted), [value])
    }
    let left = try spread(x, [place[0], place[2]])
    let right = try spread(other, isTransposed ? [place[2], place[1]] : [place[1], place[2]])
    let rest = try graph.add(.map(.subtract), [left, right])
    let square = try graph.add(.map(.multiply), [rest, rest])
    let folded = try graph.add(.reduce(fold, [place[2]]), [square])
    graph.outputs = [folded]
    if ends {
      let two = try graph.add(
        .broadcast(to: graph.type(folded).shape, axes: []),
        [graph.add(.constant(Scalar(2.0, dtype)), [])])
      graph.outputs = [try graph.add(.map(.multiply), [folded, two]), folded]
    }
    return graph
  }

  @Test(
    "small whole numbers give the reference's elements for any number of threads",
    arguments: [DType.float32, .float64, .int32, .float16])
  func exact(dtype: DType) throws {
    for (number, extents) in [
      (300, 70, 5), (129, 257, 64), (64, 256, 1), (130, 128, 129), (16, 1030, 200), (1100, 17, 65),
      (5, 4000, 9),
    ].enumerated() {
      for order in [[0, 1, 2], [0, 2, 1], [2, 0, 1]] {
        for isTransposed in [false, true] {
          let graph = try Self.graph(
            dtype, extents, fold: number % 3 == 1 ? .maximum : .add, order: order,
            isTransposed: isTransposed, ends: number % 2 == 1)
          var random = HostRandom(number + 1)
          let inputs = try graph.parameters.map { parameter in
            try HostRunning.buffer(parameter.type) { _ in
              Scalar(Int64(random.below(dtype == .float16 ? 2 : 9)), dtype)
            }
          }
          let expected = try HostRunning.reference(graph, inputs)
          for threads in [1, 2, 7] {
            let results = try HostRunning.host(graph, inputs, threads: threads, .always)
            for (a, b) in zip(expected, results) {
              #expect(
                HostRunning.isSame(a, b),
                "\(dtype) \(extents) \(order) \(isTransposed), \(threads) threads")
            }
          }
          let interpreted = try HostRunning.host(graph, inputs, .never)
          for (a, b) in zip(expected, interpreted) {
            #expect(HostRunning.isSame(a, b), "\(dtype) \(extents) \(order), interpreted")
          }
        }
      }
    }
  }

  @Test("long sums are right to a few units, and no thread changes a bit")
  func accuracy() throws {
    let graph = try Self.graph(
      .float32, (140, 130, 3000), fold: .add, order: [0, 1, 2], isTransposed: false, ends: false)
    let inputs = try graph.parameters.enumerated().map { n, parameter in
      try HostRunning.buffer(parameter.type) {
        Scalar(Double(($0 * 7919 + n * 31) % 1009) / 1009, .float32)
      }
    }
    let one = try HostRunning.host(graph, inputs, threads: 1, .always)[0]
    let three = try HostRunning.host(graph, inputs, threads: 3, .always)[0]
    #expect(HostRunning.isSame(one, three))
    for place in stride(from: 0, to: one.count, by: 977) {
      let (i, j) = place.quotientAndRemainder(dividingBy: 130)
      var sum = 0.0
      for k in 0..<3000 {
        let rest =
          inputs[0].scalar(at: i * 3000 + k).doubleValue
          - inputs[1].scalar(at: j * 3000 + k).doubleValue
        sum += rest * rest
      }
      #expect(abs(one.scalar(at: place).doubleValue / sum - 1) < 4e-6)
    }
  }
}

@Suite("Products without copies")
struct HostDirectTests {
  @Test(
    "every number of columns, transposed, scaled and added", arguments: [DType.float32, .float64])
  func exact(dtype: DType) throws {
    for (m, k) in [(16, 16), (131, 40), (50, 700), (400, 65)] {
      for n in [7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 200, 333] {
        for (transA, transB, adds) in [
          (false, false, false), (true, false, true), (false, true, true), (true, true, false),
        ] {
          var graph = Graph()
          let a = graph.addParameter("a", TensorType(dtype, Shape(transA ? [k, m] : [m, k])))
          let b = graph.addParameter("b", TensorType(dtype, Shape(transB ? [n, k] : [k, n])))
          let product = try graph.add(
            .contract(
              Contraction(
                [transA ? [1, 0] : [0, 1], transB ? [2, 1] : [1, 2]], to: [0, 2])),
            [a, b])
          graph.outputs = [product]
          if adds {
            let c = graph.addParameter("c", TensorType(dtype, Shape([m, n])))
            let three = try graph.add(
              .broadcast(to: Shape([m, n]), axes: []),
              [graph.add(.constant(Scalar(3.0, dtype)), [])])
            let scaled = try graph.add(.map(.multiply), [product, three])
            graph.outputs = [try graph.add(.map(.add), [scaled, c])]
          }
          var random = HostRandom(n)
          let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
          let expected = try HostRunning.reference(graph, inputs)[0]
          for threads in [1, 3] {
            let result = try HostRunning.host(graph, inputs, threads: threads)[0]
            #expect(
              HostRunning.isSame(expected, result), "\(dtype) \(m) \(k) \(n) \(transA) \(transB)")
          }
        }
      }
    }
  }

  @Test("what is not a number spreads to its row alone")
  func spreads() throws {
    var graph = Graph()
    let a = graph.addParameter("a", TensorType(.float64, Shape([40, 50])))
    let b = graph.addParameter("b", TensorType(.float64, Shape([50, 20])))
    graph.outputs = [
      try graph.add(.contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [a, b])
    ]
    let inputs = try graph.parameters.map { parameter in
      try HostRunning.buffer(parameter.type) {
        Scalar(parameter.name == "a" && $0 == 50 * 7 + 3 ? .nan : 1.0, .float64)
      }
    }
    let result = try HostRunning.host(graph, inputs)[0]
    for place in 0..<result.count {
      let value = result.scalar(at: place).doubleValue
      #expect(place / 20 == 7 ? value.isNaN : value == 50)
    }
  }
}
