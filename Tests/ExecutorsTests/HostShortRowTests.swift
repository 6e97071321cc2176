import Foundation
import Testing
import WeftIR

@testable import WeftHost

/// Rows of a few elements, of which vectors hold one in each lane.
@Suite("Short rows side by side", .needsLLVM)
struct HostShortRowTests {
  private static let lengths = [1, 2, 3, 10, 15, 16, 17, 31, 32, 33]
  private static let counts = [1, 15, 16, 17, 63, 64, 65, 2001]

  private static func numbers(_ type: TensorType, seed: Int) throws -> Buffer {
    var random = HostRandom(seed)
    return try HostRunning.buffer(type) { _ in
      type.dtype.isFloat
        ? Scalar(Double(random.below(1 << 20)) / Double(1 << 18) - 2, type.dtype)
        : Scalar(Int64(random.below(7)), type.dtype)
    }
  }

  /// Compares what compiled kernels give with the reference's, on 1, 2 and 7 threads bit by bit.
  private static func check(_ graph: Graph, _ inputs: [Buffer], _ what: String) throws {
    let expected = try HostRunning.reference(graph, inputs)
    let results = try HostRunning.host(graph, inputs, threads: 1, .always)
    for (a, b) in zip(expected, results) {
      let difference = HostRunning.difference(a, b)
      #expect(difference == nil, "\(what): \(difference ?? "")")
    }
    for threads in [2, 7] {
      let others = try HostRunning.host(graph, inputs, threads: threads, .always)
      for (a, b) in zip(results, others) {
        #expect(HostRunning.isSame(a, b), "\(what), \(threads) threads")
      }
    }
  }

  /// exp(x - max) / sum, of rows.
  private static func softmax(_ graph: inout Graph, _ x: Value) throws -> Value {
    let shape = graph.type(x).shape
    let axis = shape.rank - 1
    let kept = Array(0..<axis)
    let largest = try graph.add(.reduce(.maximum, [axis]), [x])
    let spread = try graph.add(.broadcast(to: shape, axes: kept), [largest])
    let e = try graph.add(.map(.exp), [try graph.add(.map(.subtract), [x, spread])])
    let total = try graph.add(.reduce(.add, [axis]), [e])
    let all = try graph.add(.broadcast(to: shape, axes: kept), [total])
    return try graph.add(.map(.divide), [e, all])
  }

  @Test("softmax of rows of any short length and number", arguments: [DType.float32, .float64])
  func softmax(dtype: DType) throws {
    for length in Self.lengths {
      for count in Self.counts {
        var graph = Graph()
        let x = graph.addParameter("x", TensorType(dtype, Shape([count, length])))
        graph.outputs = [try Self.softmax(&graph, x)]
        let input = try Self.numbers(graph.type(x), seed: length)
        try Self.check(graph, [input], "\(dtype) [\(count), \(length)]")
      }
    }
  }

  @Test("deviations, scaled by a row, with their sums, extremes and positions")
  func manyResults() throws {
    for length in [2, 10, 16, 32] {
      for dtype: DType in [.float32, .float64, .int32, .int64] {
        var graph = Graph()
        let shape = Shape([3, 70, length])
        let x = graph.addParameter("x", TensorType(dtype, shape))
        let g = graph.addParameter("g", TensorType(dtype, Shape([length])))
        let largest = try graph.add(.reduce(.maximum, [2]), [x])
        let spread = try graph.add(.broadcast(to: shape, axes: [0, 1]), [largest])
        let gains = try graph.add(.broadcast(to: shape, axes: [2]), [g])
        let below = try graph.add(.map(.subtract), [spread, x])
        let scaled = try graph.add(.map(.multiply), [below, gains])
        graph.outputs = [
          scaled, below, largest, try graph.add(.reduce(.add, [2]), [scaled]),
          try graph.add(.argReduce(.maximum, axis: 2), [below]),
        ]
        let inputs = [
          try Self.numbers(graph.type(x), seed: length), try Self.numbers(graph.type(g), seed: 3),
        ]
        try Self.check(graph, inputs, "\(dtype) of \(length)")
      }
    }
  }

  @Test("rows that are parts of longer ones, backwards, across or all the same")
  func views() throws {
    for dtype: DType in [.float32, .float64] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(dtype, Shape([150, 40])))
      let part = try graph.add(
        .slice([
          SliceSpan(start: 3, step: 2, count: 70), SliceSpan(start: 5, step: 1, count: 12),
        ]), [x])
      let across = try graph.add(
        .permute([1, 0]),
        [
          try graph.add(
            .slice([
              SliceSpan(start: 0, step: 1, count: 12), SliceSpan(start: 0, step: 1, count: 40),
            ]), [x])
        ])
      let row = graph.addParameter("r", TensorType(dtype, Shape([12])))
      let rows = try graph.add(.broadcast(to: Shape([70, 12]), axes: [1]), [row])
      graph.outputs = [
        try Self.softmax(&graph, part),
        try Self.softmax(&graph, try graph.add(.reverse([0]), [part])),
        try Self.softmax(&graph, try graph.add(.reverse([1]), [part])),
        try Self.softmax(&graph, across),
        try Self.softmax(&graph, try graph.add(.map(.multiply), [part, rows])),
        try Self.softmax(&graph, rows),
      ]
      let inputs = try graph.parameters.map { try Self.numbers($0.type, seed: 8) }
      try Self.check(graph, inputs, "\(dtype)")
    }
  }

  @Test("memory for blocks of short rows is taken where rows are short") func memory() throws {
    func scratchBytes(_ length: Int) throws -> Int {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float32, Shape([64, length])))
      graph.outputs = [try Self.softmax(&graph, x)]
      let executable = try #require(HostRunning.executable(graph, .always) as? HostExecutable)
      guard case .compiled(let step)? = executable.program.first?.code else { return 0 }
      return step.scratchBytes(threads: 1)
    }
    // Three blocks of columns of 80 places; one row of exponentials, and ends of cache lines.
    #expect(try scratchBytes(32) >= 3 * 32 * 80 * 4)
    #expect(try scratchBytes(4000) <= 4000 * 4 + 1024)
  }

  @Test("NaN, infinities and zeros stay in their rows") func special() throws {
    let values = [Double.nan, .infinity, -.infinity, -0.0, 0, 1, -1, .leastNonzeroMagnitude, 1e300]
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([200, 10])))
    let sum = try graph.add(.reduce(.add, [1]), [x])
    graph.outputs = [
      sum, try graph.add(.reduce(.maximum, [1]), [x]),
      try graph.add(
        .map(.subtract), [x, try graph.add(.broadcast(to: Shape([200, 10]), axes: [0]), [sum])]),
    ]
    let input = try HostRunning.buffer(graph.type(x)) { i in
      let row = i / 10
      return Scalar(row % 3 == 0 ? values[(i + row) % values.count] : Double(i % 10), .float64)
    }
    try Self.check(graph, [input], "special")
  }

  @Test("sums of float32 err less than a unit in the last place") func sumError() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float32, Shape([500, 32])))
    graph.outputs = [try graph.add(.reduce(.add, [1]), [x])]
    var random = HostRandom(5)
    let input = try HostRunning.buffer(graph.type(x)) { _ in
      Scalar(pow(10, Double(random.below(8))) * (Double(random.below(2000)) - 999), .float32)
    }
    let result = try HostRunning.host(graph, [input], .always)[0]
    for row in 0..<500 {
      // Numbers of at most 34 bits: exact.
      let exact = (0..<32).reduce(0) { $0 + input.scalar(at: row * 32 + $1).doubleValue }
      let got = result.scalar(at: row).doubleValue
      #expect(abs(got - exact) <= Double(Float(exact).ulp), "row \(row): \(got) for \(exact)")
    }
  }
}
