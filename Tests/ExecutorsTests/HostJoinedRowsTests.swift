import Testing
import WeftIR

@testable import WeftHost

/// Rows that kernels hold only where they are compiled: taking, searching, running folds.
@Suite("Rows joined to compiled kernels", .needsLLVM)
struct HostJoinedRowsTests {
  /// A graph of one operand, `float64`, and what a closure makes of it.
  private static func graph(
    _ dtype: DType, _ shape: [Int], _ body: (inout Graph, Value) throws -> Value
  ) throws -> Graph {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(dtype, Shape(shape)))
    graph.outputs = [try body(&graph, x)]
    return graph
  }

  private static func buffer(_ dtype: DType, _ shape: [Int], seed: Int) throws -> Buffer {
    var random = HostRandom(seed)
    return try HostRunning.buffer(TensorType(dtype, Shape(shape))) { _ in
      let unit = Double(random.below(1 << 30)) / Double(1 << 30) - 0.5
      return dtype.isFloat ? Scalar(unit, dtype) : Scalar(Int64(random.below(100)), dtype)
    }
  }

  static let shapes: [([Int], Int)] = [
    ([3], 0), ([127], 0), ([129], 0), ([1025], 0), ([131_073], 0), ([200_000], 0),
    ([5, 300], 1), ([300, 5], 0), ([70, 70], 0), ([3, 70_000], 1), ([2, 66_000], 1),
    ([66_000, 2], 0), ([4, 5, 6], 1),
  ]

  @Test("running folds have the same bits for any number of threads, and err no more than NumPy's")
  func scans() throws {
    for (shape, axis) in Self.shapes {
      for f: ScalarFunction in [.add, .maximum, .multiply] {
        for dtype: DType in [.float32, .float64, .int32] {
          let graph = try Self.graph(dtype, shape) { graph, x in
            try graph.add(.scan(f, axis: axis), [x])
          }
          let input = try Self.buffer(dtype, shape, seed: 3)
          let one = try HostRunning.host(graph, [input], threads: 1, .always)[0]
          for threads in [2, 7] {
            let many = try HostRunning.host(graph, [input], threads: threads, .always)[0]
            #expect(HostRunning.isSame(one, many), "\(f.name) \(dtype) \(shape), \(threads)")
          }
          let reference = try HostRunning.reference(graph, [input])[0]
          let difference = HostRunning.difference(reference, one)
          #expect(difference == nil, "\(f.name) \(dtype) \(shape): \(difference ?? "")")
        }
      }
    }
  }

  @Test("a running sum of float64 errs less than one in order")
  func sumError() throws {
    let count = 500_000
    let graph = try Self.graph(.float64, [count]) { graph, x in
      try graph.add(.scan(.add, axis: 0), [x])
    }
    let input = try HostRunning.buffer(TensorType(.float64, Shape([count]))) { i in
      Scalar(0.1 + Double(i % 7), .float64)
    }
    let result = try HostRunning.host(graph, [input], .always)[0]
    // Exact in tenths.
    var (tenths, inOrder, worst, worstInOrder) = (0, 0.0, 0.0, 0.0)
    for i in 0..<count {
      tenths += 1 + 10 * (i % 7)
      inOrder += input.scalar(at: i).doubleValue
      let exact = Double(tenths) / 10
      worst = max(worst, abs(result.scalar(at: i).doubleValue - exact))
      worstInOrder = max(worstInOrder, abs(inOrder - exact))
    }
    #expect(worst <= worstInOrder, "\(worst) against \(worstInOrder)")
  }

  @Test("positions of extremes: NaN first, the first of equals, the least where all are alike")
  func positions() throws {
    for (shape, axis) in Self.shapes {
      for dtype: DType in [.float32, .float64, .uint8, .bool] {
        for f: ScalarFunction in [.minimum, .maximum] {
          let graph = try Self.graph(dtype, shape) { graph, x in
            try graph.add(.argReduce(f, axis: axis), [x])
          }
          for kind in 0..<4 {
            var random = HostRandom(kind + 1)
            let input = try HostRunning.buffer(TensorType(dtype, Shape(shape))) { i in
              let value = random.below(1000)
              switch kind {
              // Few values; one value; the dtype's extreme; NaN now and then.
              case 0: return Scalar(Int64(value % 3), dtype)
              case 1: return Scalar(Int64(1), dtype)
              case 2:
                return dtype.isFloat
                  ? Scalar(f == .maximum ? -Double.infinity : .infinity, dtype)
                  : Scalar(Int64(f == .maximum ? 0 : 255), dtype)
              default:
                return dtype.isFloat && value % 400 == 7
                  ? Scalar(Double.nan, dtype) : Scalar(Int64(value % 100), dtype)
              }
            }
            let expected = try HostRunning.reference(graph, [input])[0]
            for threads in [1, 2, 7] {
              let found = try HostRunning.host(graph, [input], threads: threads, .always)[0]
              #expect(
                HostRunning.isSame(expected, found), "\(f.name) \(dtype) \(shape) kind \(kind)")
            }
          }
        }
      }
    }
  }

  @Test("an index outside is an error that names it, wherever the index comes from")
  func outside() throws {
    for bad in [-4, 300, Int(Int64.min), Int(Int64.max)] {
      for isComputed in [false, true] {
        var graph = Graph()
        let x = graph.addParameter("x", TensorType(.float32, Shape([300])))
        let indices = graph.addParameter("i", TensorType(.int64, Shape([1000])))
        var index = indices
        if isComputed {
          let one = try graph.add(.constant(Scalar(1 as Int64, .int64)))
          let ones = try graph.add(.broadcast(to: Shape([1000]), axes: []), [one])
          index = try graph.add(.map(.multiply), [indices, ones])
        }
        let taken = try graph.add(.gather(axis: 0), [x, index])
        graph.outputs = [try graph.add(.map(.negative), [taken])]
        let input = try Self.buffer(.float32, [300], seed: 1)
        let places = try HostRunning.buffer(TensorType(.int64, Shape([1000]))) { i in
          Scalar(i == 777 ? Int64(bad) : i == 900 ? 5000 : Int64(i % 300), .int64)
        }
        #expect(
          try HostRunning.steps(graph, .always).contains { $0.contains("gather, negative") })
        for threads in [1, 2] {
          let error = #expect(throws: WeftError.self) {
            try HostRunning.host(graph, [input, places], threads: threads, .always)
          }
          #expect(error?.code == .indexOutOfBounds)
          #expect(error?.message.contains("index \(bad) ") == true, "\(String(describing: error))")
        }
      }
    }
  }

  @Test("complex arithmetic has the interpreter's bits, special values included")
  func complex() throws {
    let special: [Double] = [0, -0.0, 1, -2.5, .infinity, -.infinity, .nan, 1e30, 1e-30, 3e38]
    let binary: [ScalarFunction] = [
      .add, .subtract, .multiply, .divide, .equal, .notEqual, .less, .lessEqual, .greater,
      .greaterEqual, .logicalAnd, .logicalOr,
    ]
    let unary: [ScalarFunction] = [
      .negative, .conj, .real, .imag, .abs, .logicalNot, .isnan, .isinf, .isfinite,
    ]
    for dtype: DType in [.complex64, .complex128] {
      let count = special.count * special.count
      func buffer(_ shift: Int) throws -> Buffer {
        try HostRunning.buffer(TensorType(dtype, Shape([count * count]))) { i in
          let place = shift == 0 ? i / count : i % count
          return Scalar(
            special[place / special.count], special[place % special.count], dtype)
        }
      }
      let inputs = [try buffer(0), try buffer(1)]
      for f in binary + unary {
        var graph = Graph()
        let x = graph.addParameter("x", inputs[0].type)
        let y = graph.addParameter("y", inputs[1].type)
        graph.outputs = [try graph.add(.map(f), f.arity == 2 ? [x, y] : [x])]
        let compiled = try HostRunning.host(graph, inputs, .always)[0]
        let interpreted = try HostRunning.host(graph, inputs, .never)[0]
        #expect(try HostRunning.steps(graph, .always).contains { $0.contains("compiled") })
        let difference = HostRunning.difference(interpreted, compiled, tolerance: 0)
        #expect(difference == nil, "\(f.name) \(dtype): \(difference ?? "")")
      }
    }
  }

  @Test("sums of complex numbers are those of their parts, over all axes and in chunks")
  func complexSums() throws {
    for (shape, axes) in [([200_001], [0]), ([300, 7], [0]), ([300, 7], [1]), ([70, 70], [1])] {
      for dtype: DType in [.complex64, .complex128] {
        let graph = try Self.graph(dtype, shape) { graph, x in
          try graph.add(.reduce(.add, AxisSet(axes)), [try graph.add(.map(.conj), [x])])
        }
        var random = HostRandom(9)
        let input = try HostRunning.small(graph.type(Value(row: 0)), &random)
        let expected = try HostRunning.reference(graph, [input])[0]
        for threads in [1, 2, 7] {
          let result = try HostRunning.host(graph, [input], threads: threads, .always)[0]
          #expect(HostRunning.isSame(expected, result), "\(dtype) \(shape) \(axes)")
        }
      }
    }
  }

  @Test("short rows side by side: sums, extremes and positions", arguments: [2, 3, 32, 33])
  func shortRows(length: Int) throws {
    for dtype: DType in [.float16, .float32, .float64, .int8, .int64] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(dtype, Shape([1001, length])))
      graph.outputs = [
        try graph.add(.reduce(.add, [1]), [x]), try graph.add(.reduce(.maximum, [1]), [x]),
        try graph.add(.argReduce(.minimum, axis: 1), [x]),
      ]
      var random = HostRandom(length)
      let input = try HostRunning.small(graph.type(x), &random)
      let expected = try HostRunning.reference(graph, [input])
      for threads in [1, 2] {
        let results = try HostRunning.host(graph, [input], threads: threads, .always)
        for (a, b) in zip(expected, results) {
          #expect(HostRunning.isSame(a, b), "\(dtype) of \(length)")
        }
      }
    }
  }

  @Test("rows of few elements stay with the loops that need no code")
  func small() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float32, Shape([100_000])))
    let y = graph.addParameter("y", TensorType(.float32, Shape([40])))
    graph.outputs = [
      try graph.add(.map(.exp), [x]), try graph.add(.scan(.add, axis: 0), [y]),
      try graph.add(.argReduce(.maximum, axis: 0), [y]),
    ]
    let steps = try HostRunning.steps(graph)
    #expect(steps.count { $0.contains("compiled") } == 1, "\(steps)")
  }
}
