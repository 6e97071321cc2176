#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Testing
import WeftGoldenFile
import WeftIR

@testable import WeftPasses

@Suite("Optimising is linear", .serialized)
struct LinearTimeTests {
  @Test("100,000 rows take at most 1.2 s in release", arguments: shapes)
  func hundredThousand(_ shape: Family) throws {
    #if DEBUG
      // Debug builds are slower by far; growth is what counts there.
      let small = try Self.time(shape.make(1_000))
      let large = try Self.time(shape.make(10_000))
      #expect(large < 40 * max(small, 0.005))
    #else
      let small = try Self.time(shape.make(10_000))
      let large = try Self.time(shape.make(100_000))
      print("optimise \(shape.name): 10k \(small * 1e3) ms, 100k \(large * 1e3) ms")
      #expect(small < 0.1 && large < 1.2)
    #endif
  }

  struct Family: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Int) throws -> Graph
    var testDescription: String { name }
  }

  private static func time(_ graph: Graph) throws -> Double {
    var context = PassContext()
    context.verifies = false
    _ = RuleSet.standard.rules.count
    var copy = graph
    return try ProcessorTime.seconds { try Pipeline.standard.run(&copy, context) }
  }

  static let shapes = [
    Family(name: "chain with constants") { n in
      var graph = Graph()
      var value = graph.addParameter("x", TensorType(.float64, Shape([100])))
      for i in 0..<n / 3 {
        let scalar = try graph.add(.constant(Scalar(Double(i) + 0.5, .float64)))
        let spread = try graph.add(.broadcast(to: Shape([100]), axes: []), [scalar])
        value = try graph.add(.map(i % 2 == 0 ? .add : .multiply), [value, spread])
      }
      graph.outputs = [value]
      return graph
    },
    Family(name: "chain that folds") { n in
      var graph = Graph()
      var value = graph.addParameter("x", TensorType(.int64, Shape([100])))
      let one = try graph.add(.constant(Scalar(1 as Int64, .int64)))
      let spread = try graph.add(.broadcast(to: Shape([100]), axes: []), [one])
      for _ in 0..<n { value = try graph.add(.map(.add), [value, spread]) }
      graph.outputs = [value]
      return graph
    },
    Family(name: "wide sum") { n in
      var graph = Graph()
      var values: [Value] = []
      for i in 0..<n / 4 {
        let x = graph.addParameter("x\(i)", TensorType(.float64, Shape([10])))
        values.append(try graph.add(.map(.exp), [x]))
      }
      while values.count > 1 {
        values = try stride(from: 0, to: values.count, by: 2).map { i in
          i + 1 < values.count ? try graph.add(.map(.add), [values[i], values[i + 1]]) : values[i]
        }
      }
      graph.outputs = values
      return graph
    },
    Family(name: "diamond ladder") { n in
      var graph = Graph()
      var value = graph.addParameter("x", TensorType(.float64, Shape([10])))
      for i in 0..<n / 3 {
        let left = try graph.add(.map(i % 2 == 0 ? .sin : .cos), [value])
        let right = try graph.add(.map(.tanh), [value])
        value = try graph.add(.map(.add), [left, right])
      }
      graph.outputs = [value]
      return graph
    },
    Family(name: "deep chain under a slice") { n in
      var graph = Graph()
      var value = graph.addParameter("x", TensorType(.float64, Shape([100, 10])))
      for i in 0..<n { value = try graph.add(.map(i % 2 == 0 ? .sin : .exp), [value]) }
      graph.outputs = [
        try graph.add(
          .slice([SliceSpan(start: 3, count: 1), SliceSpan(start: 0, count: 10)]), [value])
      ]
      return graph
    },
    Family(name: "a slice after every row") { n in
      var graph = Graph()
      var value = graph.addParameter("x", TensorType(.float64, Shape([n + 10])))
      for i in 0..<n / 2 {
        value = try graph.add(.map(.sin), [value])
        value = try graph.add(.slice([SliceSpan(start: 1, count: n + 9 - i)]), [value])
      }
      graph.outputs = [value]
      return graph
    },
    Family(name: "transposes") { n in
      var graph = Graph()
      var value = graph.addParameter("x", TensorType(.float64, Shape([4, 5])))
      for _ in 0..<n / 2 {
        value = try graph.add(.permute([1, 0]), [value])
        value = try graph.add(.map(.sin), [value])
      }
      graph.outputs = [value]
      return graph
    },
  ]
}
