import Testing
import WeftIR

@testable import WeftHost

/// Products that are scaled, or added to something.
@Suite("host products with updates")
struct HostUpdateTests {
  /// A contraction of two, with labels m, n, k and batch, times and plus something, at random.
  struct Case {
    var graph = Graph()
    var inputs: [Buffer] = []
    private var random: HostRandom

    init(seed: Int, extents: [Int]) throws {
      random = HostRandom(seed)
      let dtype = random.pick([.float64, .float32, .complex64, .complex128, .float64] as [DType])
      let labels = (0..<4).map { _ in random.pick(extents) }
      let batch = random.chance(40) ? [3] : []
      // 0 is a row, 1 a column, 2 summed, 3 the stack.
      var left = batch + [0, 2]
      var right = batch + [2, 1]
      var output = batch + [0, 1]
      if random.chance(20) { (right, output) = (batch + [2], batch + [0]) }
      if random.chance(30) { left.swapAt(left.count - 2, left.count - 1) }
      if random.chance(30), right.count > 1 { right.swapAt(right.count - 2, right.count - 1) }
      if random.chance(25) { output.reverse() }
      let isSquare = random.chance(25) && left.count == right.count
      var a = try operand(left.map { labels[$0] }, dtype)
      let b: Value
      if isSquare {
        // One array twice: rows and columns are the same.
        let own = labels[0]
        a = try operand(left.map { $0 == 0 ? own : labels[$0] }, dtype)
        b = a
        right = left.map { $0 == 0 ? 1 : $0 }
      } else {
        b = try operand(right.map { labels[$0] }, dtype)
      }
      let product = try graph.add(
        .contract(Contraction([left, right], to: output)), [a, b])
      let shape = graph.type(product).shape.codes
      var value = try scaled(product)
      let kind = random.below(6)
      if kind < 5 {
        var other: Value
        switch random.below(5) {
        case 0 where shape.count > 0:
          // A row that is repeated.
          let row = try operand([shape[shape.count - 1]], dtype)
          other = try graph.add(
            .broadcast(to: Shape(shape), axes: [shape.count - 1]), [row])
        case 1:
          other = try graph.add(
            .permute(Array(shape.indices.reversed())), [try operand(shape.reversed(), dtype)])
        case 2:
          // Computed here, and perhaps for the last time.
          let root = try operand(shape, dtype)
          other = try graph.add(.map(.multiply), [root, root])
        case 3 where graph.type(a).shape.codes == shape: other = a
        default: other = try operand(shape, dtype)
        }
        let isKept = random.chance(40)
        if isKept { graph.outputs.append(other) }
        other = try scaled(other)
        let f: ScalarFunction = random.chance(50) ? .add : .subtract
        value = try graph.add(.map(f), random.chance(50) ? [value, other] : [other, value])
      }
      if random.chance(25) {
        // Read by a product: stored, but no result.
        let last = graph.type(value).shape.codes.count - 1
        let all = Array(0...last)
        value = try graph.add(
          .contract(Contraction([all, [last]], to: Array(all.dropLast()))),
          [value, try operand([shape[last]], dtype)])
      }
      graph.outputs.append(value)
    }

    private mutating func operand(_ shape: [Int], _ dtype: DType) throws -> Value {
      let type = TensorType(dtype, Shape(shape))
      inputs.append(try HostRunning.small(type, &random))
      return graph.addParameter("p\(inputs.count)", type)
    }

    private mutating func scaled(_ value: Value) throws -> Value {
      let type = graph.type(value)
      func uniform(_ number: Double) throws -> Value {
        let scalar = try graph.add(.constant(Scalar(number, type.dtype)))
        return try graph.add(.broadcast(to: type.shape, axes: []), [scalar])
      }
      switch random.below(6) {
      case 0: return try graph.add(.map(.multiply), [value, try uniform(2.5)])
      case 1: return try graph.add(.map(.multiply), [try uniform(-0.5), value])
      case 2: return try graph.add(.map(.divide), [value, try uniform(4)])
      case 3: return try graph.add(.map(.negative), [value])
      case 4 where random.chance(20):
        return try graph.add(.map(.multiply), [value, try uniform(0)])
      default: return value
      }
    }
  }

  static func check(seed: Int, extents: [Int]) throws {
    let program = try Case(seed: seed, extents: extents)
    let before = program.inputs.map(HostRunning.bytes)
    let expected = try HostRunning.reference(program.graph, program.inputs)
    let one = try HostRunning.host(program.graph, program.inputs, threads: 1)
    for (a, b) in zip(expected, one) {
      if let difference = HostRunning.difference(a, b) {
        let steps = try HostRunning.steps(program.graph).joined(separator: "\n")
        Issue.record("seed \(seed): \(difference)\n\(program.graph)\n\(steps)")
      }
    }
    for threads in [2, 7] {
      let many = try HostRunning.host(program.graph, program.inputs, threads: threads)
      for (a, b) in zip(one, many) {
        #expect(HostRunning.isSame(a, b), "seed \(seed), \(threads) threads")
      }
    }
    #expect(program.inputs.map(HostRunning.bytes) == before, "seed \(seed) wrote to an input")
  }

  @Test("random updates of small products") func small() throws {
    for seed in 1...900 { try Self.check(seed: seed, extents: [1, 2, 3, 4, 7, 17]) }
  }

  @Test("random updates of larger products") func large() throws {
    for seed in 2000...2040 { try Self.check(seed: seed, extents: [5, 33, 70, 260]) }
  }

  @Test("random updates with empty axes") func empty() throws {
    for seed in 4000...4200 { try Self.check(seed: seed, extents: [0, 1, 3]) }
  }

  /// The steps of alpha A B + beta C, all results wanted.
  private static func steps(
    alpha: Double, beta: Double?, reads: Bool = false, then f: ScalarFunction? = nil
  ) throws -> [String] {
    var graph = Graph()
    let square = TensorType(.float64, Shape([40, 40]))
    let (a, b) = (graph.addParameter("a", square), graph.addParameter("b", square))
    func scaled(_ value: Value, _ factor: Double) throws -> Value {
      if factor == 1 { return value }
      let scalar = try graph.add(.constant(Scalar(factor, .float64)))
      let uniform = try graph.add(.broadcast(to: square.shape, axes: []), [scalar])
      return try graph.add(.map(.multiply), [uniform, value])
    }
    let product = try graph.add(
      .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [a, b])
    var value = try scaled(product, alpha)
    if let beta {
      let c = try graph.add(.map(.multiply), [a, a])
      value = try graph.add(.map(.add), [try scaled(c, beta), value])
      if reads { graph.outputs.append(c) }
    }
    if let f { value = try graph.add(.map(f), [value]) }
    graph.outputs.append(value)
    return try HostRunning.steps(graph, .never)
  }

  @Test("a scaled product is one call") func scaledStep() throws {
    let steps = try Self.steps(alpha: 2, beta: nil)
    #expect(steps.count == 1 && steps[0].contains("scaled"))
  }

  @Test("a sum with a product is made where the other term was") func inPlace() throws {
    let steps = try Self.steps(alpha: 2, beta: 0.5)
    #expect(steps.count == 2 && steps[1].contains("scaled added in place"))
  }

  @Test("what is read afterwards is not written over") func kept() throws {
    let steps = try Self.steps(alpha: 1, beta: 1, reads: true)
    #expect(steps.count == 2 && steps[1].contains("added ->"))
  }

  @Test("a function of the sum keeps all of it in one kernel") func fused() throws {
    let steps = try Self.steps(alpha: 2, beta: 0.5, then: .exp)
    #expect(steps.count == 2 && steps[0].hasPrefix("gemm m=40 n=40 k=40"))
  }

  @Test("a factor of zero multiplies what it meets") func zeroFactor() throws {
    var graph = Graph()
    let square = TensorType(.float64, Shape([20, 20]))
    let (a, b) = (graph.addParameter("a", square), graph.addParameter("b", square))
    let scalar = try graph.add(.constant(Scalar(0.0, .float64)))
    let zero = try graph.add(.broadcast(to: square.shape, axes: []), [scalar])
    let product = try graph.add(
      .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [a, b])
    graph.outputs = [try graph.add(.map(.multiply), [product, zero])]
    let infinite = try HostRunning.buffer(square) { Scalar($0 == 0 ? .infinity : 1.0, .float64) }
    let result = try HostRunning.host(graph, [infinite, infinite])[0]
    #expect(result.scalar(at: 0).doubleValue.isNaN && result.scalar(at: 399).doubleValue == 0)
  }
}
