import Testing
import WeftIR

@testable import WeftHost

@Suite("Complex functions and running sums in compiled kernels", .needsLLVM)
struct HostComplexTests {
  static let functions: [ScalarFunction] = [
    .exp, .exp2, .expm1, .log, .log2, .log10, .log1p, .sign, .sqrt, .sinh, .cosh, .tanh, .sin,
    .cos, .tan,
  ]
  private static let special: [Double] = [
    0, -0.0, 1, -1, 0.5, -2.5, .infinity, -.infinity, .nan, 1e300, -1e-300, 710, -745, 0x1p-1050,
    30,
  ]

  private static func results(
    _ f: ScalarFunction, _ dtype: DType, _ numbers: [(Double, Double)],
    _ way: PassContext.Compilation
  ) throws -> [Scalar] {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(dtype, Shape([numbers.count])))
    graph.outputs = [try graph.add(.map(f), [x])]
    let input = try HostRunning.buffer(graph.type(x)) {
      Scalar(numbers[$0].0, numbers[$0].1, dtype)
    }
    if way == .always {
      #expect(try HostRunning.steps(graph, way).contains { $0.contains("compiled \(f.name)") })
    }
    let result = try HostRunning.host(graph, [input], way)[0]
    return numbers.indices.map { result.scalar(at: $0) }
  }

  @Test("special values are those of the C library", arguments: functions)
  func specials(_ f: ScalarFunction) throws {
    var numbers: [(Double, Double)] = []
    for x in Self.special { for y in Self.special { numbers.append((x, y)) } }
    for dtype: DType in [.complex64, .complex128] {
      let expected = try Self.results(f, dtype, numbers, .never)
      let found = try Self.results(f, dtype, numbers, .always)
      for (n, z) in numbers.enumerated() {
        // There the interpreter rounds z ln 2 first.
        if f == .exp2, max(z.0.magnitude, z.1.magnitude) > 1, z.0.isFinite { continue }
        let (a, b) = (expected[n], found[n])
        #expect(
          Self.isLike(a.doubleValue, b.doubleValue, dtype)
            && Self.isLike(a.imaginary, b.imaginary, dtype),
          "\(f.name)(\(z)) of \(dtype): \(a) is not \(b)")
      }
    }
  }

  /// Equal up to rounding; a sign of zero counts where C99 tells it, infinities and NaN always.
  private static func isLike(_ a: Double, _ b: Double, _ dtype: DType) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    if a == b { return true }
    let tolerance = dtype == .complex64 ? 1e-6 : 1e-14
    return abs(a - b) <= tolerance * max(abs(a), abs(b))
      || max(abs(a), abs(b)) < (dtype == .complex64 ? 1e-37 : 1e-300)
  }

  @Test("complex64 is rounded once, complex128 errs a few units", arguments: functions)
  func accuracy(_ f: ScalarFunction) throws {
    var random = HostRandom(17)
    let numbers = (0..<4000).map { n -> (Double, Double) in
      let scale = [1.0, 0.1, 20, 3][n % 4]
      func part() -> Double { Double(Float((Double(random.below(1 << 24)) / 0x1p23 - 1) * scale)) }
      return (part(), part())
    }
    let wide = try Self.results(f, .complex128, numbers, .never)
    let own = try Self.results(f, .complex128, numbers, .always)
    let narrow = try Self.results(f, .complex64, numbers, .always)
    for n in numbers.indices {
      let size = max(abs(wide[n].doubleValue), abs(wide[n].imaginary))
      for (a, b, c) in [
        (wide[n].doubleValue, own[n].doubleValue, narrow[n].doubleValue),
        (wide[n].imaginary, own[n].imaginary, narrow[n].imaginary),
      ] {
        // For base 2 the interpreter rounds z ln 2 first; both round 1 + z.
        let limit = f == .log1p ? 2 * (1.0).ulp : (f == .exp2 ? 64 : 8) * size.ulp
        #expect(abs(a - b) <= max(limit, 8 * size.ulp), "\(f.name)\(numbers[n]): \(a) is not \(b)")
        #expect(abs(a - c) <= 0.6 * Double(Float(size).ulp), "\(f.name)\(numbers[n]): \(c)")
      }
    }
  }

  @Test("running sums have the same bits for any number of threads, and functions around them")
  func scans() throws {
    for (shape, axis) in HostJoinedRowsTests.shapes {
      for dtype: DType in [.complex64, .complex128] {
        var graph = Graph()
        let x = graph.addParameter("x", TensorType(dtype, Shape(shape)))
        let product = try graph.add(.map(.multiply), [x, x])
        let sum = try graph.add(.scan(.add, axis: axis), [product])
        graph.outputs = [try graph.add(.map(.conj), [sum])]
        var random = HostRandom(5)
        let input = try HostRunning.small(graph.type(x), &random)
        #expect(
          try HostRunning.steps(graph, .always).contains {
            $0.contains("multiply, scan add, conj")
          })
        let expected = try HostRunning.reference(graph, [input])[0]
        for threads in [1, 2, 7] {
          let result = try HostRunning.host(graph, [input], threads: threads, .always)[0]
          #expect(
            HostRunning.difference(expected, result, tolerance: 0) == nil,
            "\(dtype) \(shape) \(axis), \(threads)")
        }
      }
    }
  }
}
