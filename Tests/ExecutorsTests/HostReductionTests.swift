import Testing
import WeftIR

@testable import WeftHost

@Suite("host reductions")
struct HostReductionTests {
  static let shapes: [[Int]] = {
    let shapes = [
      [1], [5], [3000], [3, 5], [300, 7], [7, 300], [2, 5000], [5000, 2], [3, 4, 5],
      [40, 3, 50], [2, 3000, 3], [3, 2, 2500], [3, 2, 4, 5], [20, 3, 40, 3], [300, 1, 70],
    ]
    // The reference is slow without optimisation.
    #if DEBUG
      return shapes + [[270_000], [90_000, 3]]
    #else
      return shapes + [
        [270_000], [1200, 1300], [140_000, 3], [3, 270_000], [9, 40_000, 1], [2, 600, 2, 600],
        [10, 20_000],
      ]
    #endif
  }()

  static func check(
    _ f: ScalarFunction, _ dtype: DType, _ shape: [Int], axes: AxisSet, isPermuted: Bool,
    alsoStored: Bool
  ) throws {
    var random = HostRandom(shape.reduce(7, { $0 * 31 + $1 }) + Int(axes.bits))
    let type = TensorType(dtype, Shape(isPermuted ? shape.reversed() : shape))
    var graph = Graph()
    var x = graph.addParameter("x", type)
    if isPermuted { x = try graph.add(.permute(Array(shape.indices.reversed())), [x]) }
    let sign: ScalarFunction = f == .lcm ? .abs : .negative
    let y = dtype == .bool ? x : try graph.add(.map(sign), [x])
    if alsoStored { graph.outputs.append(y) }
    graph.outputs.append(try graph.add(.reduce(f, axes), [y]))
    let input = try HostRunning.small(type, &random)
    let expected = try HostRunning.reference(graph, [input])
    let one = try HostRunning.host(graph, [input], threads: 1)
    for (a, b) in zip(expected, one) {
      if let difference = HostRunning.difference(a, b) {
        let steps = try HostRunning.steps(graph).joined(separator: "\n")
        Issue.record("\(f.name) of \(dtype)\(shape) over \(axes.axes): \(difference)\n\(steps)")
      }
    }
    for threads in [2, 7] {
      let many = try HostRunning.host(graph, [input], threads: threads)
      for (a, b) in zip(one, many) { #expect(HostRunning.isSame(a, b)) }
    }
  }

  @Test("every set of axes, every shape", arguments: [false, true], [false, true])
  func axes(isPermuted: Bool, alsoStored: Bool) throws {
    for shape in Self.shapes {
      for bits in 0..<UInt64(1 << shape.count) {
        try Self.check(
          .add, .float64, shape, axes: AxisSet(bits: bits), isPermuted: isPermuted,
          alsoStored: alsoStored)
        try Self.check(
          .maximum, .float32, shape, axes: AxisSet(bits: bits), isPermuted: isPermuted,
          alsoStored: alsoStored)
      }
    }
  }

  @Test("every dtype and function") func dtypes() throws {
    let functions: [ScalarFunction] = [
      .add, .multiply, .maximum, .minimum, .logicalAnd, .logicalOr, .logicalXor, .bitwiseAnd,
      .bitwiseOr, .bitwiseXor, .gcd, .lcm, .fmax, .fmin, .logaddexp,
    ]
    for dtype in DType.allCases {
      for f in functions {
        guard f.operandDType(for: dtype) == dtype, f.resultDType(for: dtype) == dtype else {
          continue
        }
        // Long products overflow, and long folds of half floats round in another order.
        let isLong = f != .multiply && !(f == .logaddexp && dtype.itemSize == 2)
        for shape in [[6], [4, 5], [5, 4], [2, 3, 4]] + (isLong ? [[3, 130], [130, 3]] : []) {
          for bits in 1..<UInt64(1 << shape.count) {
            try Self.check(
              f, dtype, shape, axes: AxisSet(bits: bits), isPermuted: false, alsoStored: false)
          }
        }
      }
    }
  }

  @Test("sums of twenty million float32 are right to a few units in the last place")
  func accuracy() throws {
    var random = HostRandom(5)
    #if DEBUG
      let n = 1_000_000
    #else
      let n = 20_000_000
    #endif
    let input = try Buffer(
      allocating: TensorType(.float32, Shape([n])), in: MemoryAccount())
    let p = input.base.assumingMemoryBound(to: Float.self)
    var exact = 0.0
    for i in 0..<n {
      p[i] = Float(random.below(1 << 20)) / 1000
      exact += Double(p[i])
    }
    var graph = Graph()
    let x = graph.addParameter("x", input.type)
    graph.outputs = [try graph.add(.reduce(.add, [0]), [x])]
    let result = try HostRunning.host(graph, [input])[0].scalar(at: 0).doubleValue
    #expect(abs(result - exact) <= 4 * Double(Float(exact).ulp))
  }

  @Test("folds of one kernel whose wide elements differ in size keep out of each other's way")
  func unlikeFolds() throws {
    for count in [5000, 70_000, 200_001] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float32, Shape([count])))
      let y = try graph.add(.map(.multiply), [x, x])
      graph.outputs = [
        try graph.add(.reduce(.add, [0]), [y]), try graph.add(.reduce(.maximum, [0]), [y]),
      ]
      var random = HostRandom(3)
      let input = try HostRunning.small(graph.type(x), &random)
      let expected = try HostRunning.reference(graph, [input])
      let results = try HostRunning.host(graph, [input], .never)
      for (a, b) in zip(expected, results) {
        let difference = HostRunning.difference(a, b)
        #expect(difference == nil, "\(count): \(difference ?? "")")
      }
    }
  }

  @Test(
    "the place of an extreme is found among values that are stored too", arguments: [3, 900, 5000])
  func placeBesideValues(count: Int) throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([4, count, 3])))
    // The operand dies in the kernel that looks for the place: its memory must not be taken.
    let sums = try graph.add(.reduce(.add, [2]), [x])
    let roots = try graph.add(.map(.sqrt), [sums])
    graph.outputs = [try graph.add(.argReduce(.minimum, axis: 1), [roots]), roots]
    var random = HostRandom(count)
    let input = try HostRunning.buffer(graph.type(x)) { _ in
      Scalar(Double(random.below(1 << 20)) / 1000, .float64)
    }
    let expected = try HostRunning.reference(graph, [input])
    for compilation in [PassContext.Compilation.never, .always] {
      let results = try HostRunning.host(graph, [input], compilation)
      for (a, b) in zip(expected, results) {
        let difference = HostRunning.difference(a, b)
        #expect(difference == nil, "\(count): \(difference ?? "")")
      }
    }
  }
}
