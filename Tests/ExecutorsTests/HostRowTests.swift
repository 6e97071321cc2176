import Testing
import WeftIR

@testable import WeftHost

@Suite("host rows that are no kernels")
struct HostRowTests {
  static func check(
    _ inputs: [Buffer], _ what: String, _ build: (inout Graph, [Value]) throws -> [Value]
  ) throws {
    var graph = Graph()
    let values = inputs.enumerated().map { graph.addParameter("p\($0.offset)", $0.element.type) }
    graph.outputs = try build(&graph, values)
    let steps = try HostRunning.steps(graph)
    #expect(!steps.contains { $0.hasPrefix("fallback") }, "\(what): \(steps)")
    let expected = try HostRunning.reference(graph, inputs)
    let one = try HostRunning.host(graph, inputs, threads: 1)
    let many = try HostRunning.host(graph, inputs, threads: 3)
    for index in expected.indices {
      if let difference = HostRunning.difference(expected[index], one[index]) {
        Issue.record("\(what): \(difference)")
      }
      #expect(HostRunning.isSame(one[index], many[index]))
    }
  }

  static let shapes: [[Int]] = {
    let shapes = [[1], [7], [3, 4], [2, 3, 5], [300, 7], [2, 100, 6]]
    #if DEBUG
      return shapes + [[3000]]
    #else
      return shapes + [[70_000], [5, 3000], [3000, 5], [2, 100, 600]]
    #endif
  }()

  @Test("scan, argreduce and sort along every axis") func lanes() throws {
    var random = HostRandom(3)
    for dtype in DType.allCases {
      for shape in Self.shapes {
        let input = try HostRunning.small(TensorType(dtype, Shape(shape)), &random)
        for axis in shape.indices {
          try Self.check([input], "scan add \(dtype)\(shape) \(axis)") { graph, x in
            [try graph.add(.scan(.add, axis: axis), x)]
          }
          if dtype.isComplex { continue }
          try Self.check([input], "scan maximum \(dtype)\(shape) \(axis)") { graph, x in
            dtype.itemSize == 2 && dtype.isFloat
              ? x : [try graph.add(.scan(.maximum, axis: axis), x)]
          }
          try Self.check([input], "extremes \(dtype)\(shape) \(axis)") { graph, x in
            [
              try graph.add(.argReduce(.maximum, axis: axis), x),
              try graph.add(.argReduce(.minimum, axis: axis), x),
            ]
          }
          for isDescending in [false, true] {
            try Self.check([input], "sort \(dtype)\(shape) \(axis)") { graph, x in
              let sorted = try graph.add(.sort(axis: axis, descending: isDescending), x)
              return [sorted, Value(row: sorted.index, result: 1)]
            }
          }
        }
      }
    }
  }

  @Test("special floats") func special() throws {
    let specials: [Double] = [
      .nan, -.infinity, .infinity, 0, -0.0, 1, -1, Double.leastNonzeroMagnitude, -.nan,
    ]
    var random = HostRandom(9)
    for dtype in [DType.float16, .bfloat16, .float32, .float64] {
      for n in [9, 100, 5000] {
        let input = try HostRunning.buffer(TensorType(dtype, Shape([n]))) { _ in
          Scalar(specials[random.below(specials.count)], dtype)
        }
        try Self.check([input], "specials of \(dtype)[\(n)]") { graph, x in
          let up = try graph.add(.sort(axis: 0, descending: false), x)
          let down = try graph.add(.sort(axis: 0, descending: true), x)
          return [
            up, Value(row: up.index, result: 1), down, Value(row: down.index, result: 1),
            try graph.add(.argReduce(.maximum, axis: 0), x),
            try graph.add(.argReduce(.minimum, axis: 0), x),
            try graph.add(.reduce(.maximum, [0]), x), try graph.add(.reduce(.minimum, [0]), x),
          ]
        }
      }
    }
  }

  @Test("joining, padding, taking, putting") func movement() throws {
    var random = HostRandom(4)
    for dtype in [DType.bool, .int16, .float32, .float64, .complex128] {
      for shape in Self.shapes {
        let type = TensorType(dtype, Shape(shape))
        let (a, b) = (
          try HostRunning.small(type, &random), try HostRunning.small(type, &random)
        )
        for axis in shape.indices {
          try Self.check([a, b], "concatenate \(type) \(axis)") { graph, x in
            [try graph.add(.concatenate(axis: axis), [x[0], x[1], x[0]])]
          }
          let spans = shape.indices.map {
            PadSpan(low: $0, high: 2, interior: $0 == axis ? 1 : 0)
          }
          let fill = try HostRunning.small(TensorType(dtype, .scalar), &random)
          try Self.check([a, fill], "pad \(type)") { graph, x in [try graph.add(.pad(spans), x)] }
          let indices = try HostRunning.buffer(TensorType(.int64, Shape([2, 9]))) { _ in
            Scalar(Int64(random.below(shape[axis])), .int64)
          }
          try Self.check([a, indices], "gather \(type) \(axis)") { graph, x in
            [try graph.add(.gather(axis: axis), x)]
          }
          let list = indices.reinterpreted(as: TensorType(.int64, Shape([18])))
          var updated = shape
          updated[axis] = 18
          let updates = try HostRunning.small(TensorType(dtype, Shape(updated)), &random)
          for f in [ScalarFunction.second, .add, .maximum] {
            try Self.check([a, list, updates], "scatter \(type) \(axis)") { graph, x in
              [try graph.add(.scatter(axis: axis, f), x)]
            }
          }
          let mask = try HostRunning.small(TensorType(.bool, Shape([shape[axis]])), &random)
          try Self.check([a, mask], "compress \(type) \(axis)") { graph, x in
            [try graph.add(.compress(axis: axis, extent: Shape.freshUnknown()), x)]
          }
        }
      }
    }
  }

  @Test("an index outside is an error with its place") func outside() throws {
    let x = try HostRunning.buffer(TensorType(.float64, Shape([3]))) {
      Scalar(Double($0), .float64)
    }
    for bad in [-1, 3, Int64.max] {
      let indices = try HostRunning.buffer(TensorType(.int64, Shape([1]))) { _ in
        Scalar(bad, .int64)
      }
      var graph = Graph()
      let (a, b) = (graph.addParameter("x", x.type), graph.addParameter("i", indices.type))
      graph.outputs = [try graph.add(.gather(axis: 0), [a, b])]
      let expected = #expect(throws: WeftError.self) {
        try HostRunning.reference(graph, [x, indices])
      }
      let error = #expect(throws: WeftError.self) { try HostRunning.host(graph, [x, indices]) }
      #expect(error?.code == .indexOutOfBounds)
      #expect(error?.message == expected?.message)
    }
  }
}
