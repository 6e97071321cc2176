import Testing
import WeftIR

@testable import WeftHost

@Suite("Arrays that lie across a kernel's order", .needsLLVM)
struct HostTransposedTests {
  static let cases: [([Int], [Int])] = [
    ([70, 130], [1, 0]), ([64, 64], [1, 0]), ([1, 300], [1, 0]), ([300, 2], [1, 0]),
    ([3, 65, 67], [0, 2, 1]), ([3, 65, 67], [2, 1, 0]), ([5, 66, 7], [1, 2, 0]),
    ([2, 3, 70, 71], [1, 0, 3, 2]),
  ]

  @Test("transposed reads give the reference's elements for any number of threads")
  func reads() throws {
    for (shape, order) in Self.cases {
      for dtype: DType in [.float32, .float64, .int8, .bool, .float16, .complex64] {
        var graph = Graph()
        let x = graph.addParameter("x", TensorType(dtype, Shape(shape)))
        let z = graph.addParameter("z", TensorType(.float32, Shape(shape)))
        let across = try graph.add(.permute(order), [x])
        let y = graph.addParameter("y", graph.type(across))
        let other = try graph.add(.permute(order), [z])
        let mask = try graph.add(.map(.isnan), [other])
        let sum = try graph.add(.map(.add), [across, y])
        graph.outputs = [
          try graph.add(.map(.select), [mask, y, sum]), try graph.add(.map(.maximum), [across, y]),
        ]
        var random = HostRandom(shape.count)
        let inputs = try graph.parameters.map { parameter in
          parameter.name == "z"
            ? try HostRunning.buffer(parameter.type) {
              Scalar($0 % 5 == 2 ? .nan : Double($0), .float32)
            } : try HostRunning.small(parameter.type, &random)
        }
        let expected = try HostRunning.reference(graph, inputs)
        for threads in [1, 2, 7] {
          let results = try HostRunning.host(graph, inputs, threads: threads, .always)
          for (a, b) in zip(expected, results) {
            #expect(HostRunning.isSame(a, b), "\(dtype) \(shape) \(order), \(threads) threads")
          }
        }
      }
    }
  }

  @Test("and so do parts of them, backwards and repeated")
  func views() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([150, 90])))
    let part = try graph.add(
      .slice([
        SliceSpan(start: 3, step: 2, count: 70), SliceSpan(start: 1, step: 1, count: 80),
      ]), [x])
    let back = try graph.add(.reverse([0]), [part])
    let across = try graph.add(.permute([1, 0]), [back])
    let row = graph.addParameter("r", TensorType(.float64, Shape([70])))
    let rows = try graph.add(.broadcast(to: Shape([80, 70]), axes: [1]), [row])
    graph.outputs = [try graph.add(.map(.multiply), [across, rows])]
    var random = HostRandom(4)
    let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
    let expected = try HostRunning.reference(graph, inputs)[0]
    for threads in [1, 2] {
      let result = try HostRunning.host(graph, inputs, threads: threads, .always)[0]
      #expect(HostRunning.isSame(expected, result), "\(threads) threads")
    }
  }
}
