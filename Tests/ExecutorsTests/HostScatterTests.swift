import Testing
import WeftIR

@testable import WeftHost

@Suite("Elements put at indices by compiled kernels", .needsLLVM)
struct HostScatterTests {
  /// x[i % n] combined with u * 2, where x is in memory or one element everywhere.
  private static func graph(
    _ dtype: DType, count: Int, extent: Int, _ f: ScalarFunction, base: Int64? = nil
  ) throws -> Graph {
    var graph = Graph()
    let updates = graph.addParameter("u", TensorType(dtype, Shape([count])))
    let indices = graph.addParameter("i", TensorType(.int64, Shape([count])))
    func spread(_ scalar: Scalar, _ extent: Int) throws -> Value {
      try graph.add(
        .broadcast(to: Shape([extent]), axes: []), [try graph.add(.constant(scalar), [])])
    }
    let start: Value
    if let base {
      start = try spread(Scalar(base, dtype), extent)
    } else {
      start = graph.addParameter("x", TensorType(dtype, Shape([extent])))
    }
    let place = try graph.add(
      .map(.remainder), [indices, try spread(Scalar(Int64(extent), .int64), count)])
    let twice = try graph.add(
      .map(.maximum), [updates, try spread(Scalar(Int64(1), dtype), count)])
    graph.outputs = [try graph.add(.scatter(axis: 0, f), [start, place, twice])]
    return graph
  }

  private static func inputs(_ graph: Graph, seed: Int) throws -> [Buffer] {
    var random = HostRandom(seed)
    return try graph.parameters.map { parameter in
      if parameter.name == "i" {
        return try HostRunning.buffer(parameter.type) { _ in
          Scalar(Int64(random.below(1 << 40)) - (1 << 39), .int64)
        }
      }
      return try HostRunning.small(parameter.type, &random)
    }
  }

  static let sizes = [
    (1, 1), (1000, 7), (1025, 3), (5000, 3000), (300_000, 10), (300_000, 200_000),
    (700_000, 3), (270_000, 16_385),
  ]
  static let dtypes: [DType] = [.float32, .float64, .int64, .int32, .uint8, .bool]

  @Test("small whole numbers give the reference's elements for any number of threads")
  func exact() throws {
    for (count, extent) in Self.sizes {
      for dtype in Self.dtypes {
        let functions: [ScalarFunction] =
          dtype == .bool ? [.second, .add] : [.second, .add, .maximum, .subtract]
        for f in functions where f != .subtract || count < 6000 {
          for base in [nil, 3 as Int64] {
            let graph = try Self.graph(dtype, count: count, extent: extent, f, base: base)
            let inputs = try Self.inputs(graph, seed: count + extent)
            let expected = try HostRunning.reference(graph, inputs)[0]
            let steps = try HostRunning.steps(graph, .always)
            #expect(
              steps.count == 1 && steps[0].contains("remainder, maximum, scatter \(f.name)"),
              "\(dtype) \(steps)")
            for way: PassContext.Compilation in [.always, .never] {
              for threads in way == .always ? [1, 2, 7] : [2] {
                let result = try HostRunning.host(graph, inputs, threads: threads, way)[0]
                #expect(
                  HostRunning.isSame(expected, result),
                  "\(f.name) \(dtype) \(count) into \(extent), \(threads) \(way)")
              }
            }
          }
        }
      }
    }
  }

  @Test("sums that round have the same bits for any number of threads, and err as in order or less")
  func sums() throws {
    for (count, extent) in [(400_000, 5), (300_000, 250_000), (3000, 50)] {
      for dtype: DType in [.float32, .float64] {
        var graph = Graph()
        let x = graph.addParameter("x", TensorType(dtype, Shape([extent])))
        let i = graph.addParameter("i", TensorType(.int64, Shape([count])))
        let u = graph.addParameter("u", TensorType(dtype, Shape([count])))
        graph.outputs = [try graph.add(.scatter(axis: 0, .add), [x, i, u])]
        var random = HostRandom(11)
        var exact = Array(repeating: 0.0, count: extent)
        var inOrder = Array(repeating: Float(0), count: extent)
        let start = try HostRunning.buffer(graph.type(x)) { _ in Scalar(0.0, dtype) }
        let places = try HostRunning.buffer(graph.type(i)) { _ in
          Scalar(Int64(random.below(extent)), .int64)
        }
        let updates = try HostRunning.buffer(graph.type(u)) { k in
          let value = Float(random.below(1 << 20)) / Float(1 << 10)
          let place = Int(places.scalar(at: k).intValue)
          exact[place] += Double(value)
          inOrder[place] += value
          return Scalar(Double(value), dtype)
        }
        let inputs = [start, places, updates]
        let one = try HostRunning.host(graph, inputs, threads: 1, .always)[0]
        for threads in [2, 7] {
          let many = try HostRunning.host(graph, inputs, threads: threads, .always)[0]
          #expect(HostRunning.isSame(one, many), "\(dtype) \(count) into \(extent), \(threads)")
        }
        let errors = (0..<extent).map { abs(one.scalar(at: $0).doubleValue - exact[$0]) }
        let worst = (0..<extent).map { abs(Double(inOrder[$0]) - exact[$0]) }.max() ?? 0
        // Numbers of 20 bits: float64 sums are exact.
        #expect(errors.max() ?? 0 <= (dtype == .float64 ? 0 : worst), "\(dtype) \(count)")
      }
    }
  }

  @Test("an index outside is an error that names it, wherever the index comes from")
  func outside() throws {
    for bad in [-4, 300, Int(Int64.min), Int(Int64.max)] {
      for isComputed in [false, true] {
        for count in [1000, 300_000] {
          var graph = Graph()
          let x = graph.addParameter("x", TensorType(.float32, Shape([300])))
          let indices = graph.addParameter("i", TensorType(.int64, Shape([count])))
          let u = graph.addParameter("u", TensorType(.float32, Shape([count])))
          let index = isComputed ? try graph.add(.map(.abs), [indices]) : indices
          let updates = try graph.add(.map(.negative), [u])
          graph.outputs = [try graph.add(.scatter(axis: 0, .add), [x, index, updates])]
          let buffers = try graph.parameters.map { parameter in
            try HostRunning.buffer(parameter.type) { k in
              if parameter.name != "i" { return Scalar(1 as Int64, .float32) }
              return Scalar(k == 777 ? Int64(bad) : k == 900 ? 5000 : Int64(k % 300), .int64)
            }
          }
          #expect(
            try HostRunning.steps(graph, .always).contains { $0.contains("scatter add") })
          for threads in [1, 2] {
            if isComputed, bad == -4 { continue }
            let error = #expect(throws: WeftError.self) {
              try HostRunning.host(graph, buffers, threads: threads, .always)
            }
            #expect(error?.code == .indexOutOfBounds)
            let message = error?.message ?? ""
            #expect(message.contains("index \(bad) "), "\(message)")
          }
        }
      }
    }
  }

  @Test("extremes meet NaN and infinities as functions do")
  func specials() throws {
    let special: [Double] = [.nan, 1, -.infinity, .infinity, -0.0, 0, -5]
    for count in [70, 300_000] {
      for f: ScalarFunction in [.maximum, .minimum, .add, .second, .multiply] {
        var graph = Graph()
        let x = graph.addParameter("x", TensorType(.float64, Shape([97])))
        let i = graph.addParameter("i", TensorType(.int64, Shape([count])))
        let u = graph.addParameter("u", TensorType(.float64, Shape([count])))
        graph.outputs = [try graph.add(.scatter(axis: 0, f), [x, i, u])]
        var random = HostRandom(count)
        let inputs = [
          try HostRunning.buffer(graph.type(x)) { Scalar(special[$0 % 7], .float64) },
          try HostRunning.buffer(graph.type(i)) { _ in Scalar(Int64(random.below(96)), .int64) },
          try HostRunning.buffer(graph.type(u)) { k in
            Scalar(special[k % 11 == 3 ? k % 7 : 1 + 4 * (k % 2)], .float64)
          },
        ]
        let expected = try HostRunning.reference(graph, inputs)[0]
        for threads in [1, 2] {
          let result = try HostRunning.host(graph, inputs, threads: threads, .always)[0]
          let difference = HostRunning.difference(expected, result)
          #expect(difference == nil, "\(f.name) \(count): \(difference ?? "")")
        }
      }
    }
  }

  @Test("positions taken from a count are computed where elements are put")
  func counts() throws {
    for bad in [nil, 9000 as Int64] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float64, Shape([3000])))
      let i = graph.addParameter("i", TensorType(.int64, Shape([8000])))
      let u = graph.addParameter("u", TensorType(.float64, Shape([8000])))
      let count = try graph.add(.iota(TensorType(.int64, Shape([3000])), axis: 0), [])
      let back = try graph.add(.reverse([0]), [count])
      let index = try graph.add(.map(.abs), [i])
      let places = try graph.add(.gather(axis: 0), [back, index])
      graph.outputs = [try graph.add(.scatter(axis: 0, .add), [x, places, u])]
      let steps = try HostRunning.steps(graph, .always)
      #expect(steps.count == 1 && steps[0].contains("gather, scatter add"), "\(steps)")
      var random = HostRandom(2)
      let inputs = try graph.parameters.map { parameter in
        if parameter.name != "i" { return try HostRunning.small(parameter.type, &random) }
        return try HostRunning.buffer(parameter.type) { k in
          Scalar(k == 4321 ? bad ?? 7 : -Int64(k * 7 % 3000), .int64)
        }
      }
      if bad != nil {
        let error = #expect(throws: WeftError.self) {
          try HostRunning.host(graph, inputs, .always)
        }
        #expect(error?.message.contains("index 9000 ") == true)
        continue
      }
      let expected = try HostRunning.reference(graph, inputs)[0]
      for threads in [1, 2, 7] {
        let result = try HostRunning.host(graph, inputs, threads: threads, .always)[0]
        #expect(HostRunning.isSame(expected, result), "\(threads)")
      }
    }
  }

  @Test("what others need too is stored, and the scatter reads it")
  func shared() throws {
    var graph = Graph()
    let i = graph.addParameter("i", TensorType(.int64, Shape([5000])))
    let u = graph.addParameter("u", TensorType(.float32, Shape([5000])))
    let zero = try graph.add(.constant(Scalar(0.0, .float32)), [])
    let base = try graph.add(.broadcast(to: Shape([50]), axes: []), [zero])
    let place = try graph.add(.map(.abs), [i])
    let value = try graph.add(.map(.exp), [u])
    let put = try graph.add(.scatter(axis: 0, .second), [base, place, value])
    let twice = try graph.add(.map(.add), [put, put])
    graph.outputs = [place, try graph.add(.map(.sqrt), [value]), twice]
    let inputs = [
      try HostRunning.buffer(graph.type(i)) { Scalar(Int64(-($0 * 7 % 50)), .int64) },
      try HostRunning.buffer(graph.type(u)) { Scalar(Double($0) / 5000, .float32) },
    ]
    let expected = try HostRunning.reference(graph, inputs)
    for threads in [1, 2] {
      let results = try HostRunning.host(graph, inputs, threads: threads, .always)
      for (a, b) in zip(expected, results) {
        #expect(HostRunning.difference(a, b) == nil)
      }
    }
  }
}
