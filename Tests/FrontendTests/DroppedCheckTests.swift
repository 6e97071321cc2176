import Testing
import Weft
import WeftIR

/// What NumPy raises, arithmetic that no longer needs the value raises, too.
@Suite("Checks of values that arithmetic drops")
struct DroppedCheckTests {
  /// Integers that only a run tells.
  private func numbers(_ values: [Int]) -> NDArray {
    cumsum(NDArray(values) - NDArray([0] + values.dropLast()))
  }

  /// Expressions in which a value is no longer needed.
  private static let drops: [(name: String, build: @Sendable (NDArray) -> NDArray)] = [
    ("times zero", { $0 * 0 }), ("zero times", { zeros(like: $0) * $0 }),
    ("minus itself", { $0 - $0 }),
    ("to the power 0", { pow($0, 0) }), ("bits of nothing", { bitwiseAnd($0, 0) }),
    ("all bits", { bitwiseOr($0, -1) }),
    ("remainder of 1", { remainder($0, 1) }), ("compared with itself", { $0 .== $0 }),
    ("chosen never", { which(NDArray(booleanLiteral: false), $0, 7) }),
    ("imaginary part", { imag($0) }), ("is it NaN", { isnan($0) }), ("twice", { ($0 * 0 + 1) * 0 }),
    ("a product with zeros", { zeros([3, 3], dtype: .int64).dot($0) }),
  ]

  @Test("a negative power of integers", arguments: drops.indices)
  func powers(drop: Int) throws {
    let (name, build) = Self.drops[drop]
    #expect {
      try build(pow(3, numbers([1, -2, 3]))).compute()
    } throws: { error in
      let error = error as? WeftError
      return error?.code == .value && error?.operation == "pow"
    }
    #expect(try build(pow(3, numbers([1, 2, 3]))).compute().shape == [3], "\(name)")
  }

  @Test("an index out of range", arguments: drops.indices)
  func indices(drop: Int) throws {
    let (name, build) = Self.drops[drop]
    let table = NDArray([10, 20, 30, 40])
    #expect(throws: WeftError.self, "\(name)") { () throws in
      try build(take(table, numbers([0, 9, 1]))).compute()
    }
    #expect(try build(take(table, numbers([0, 3, 1]))).compute().shape == [3], "\(name)")
  }

  @Test("a matrix without an inverse")
  func inverses() throws {
    let singular = numbers([1, 2, 2, 4]).reshaped([2, 2]).asType(.float64)
    let b: NDArray = [1, 2]
    for result in [
      which(NDArray(booleanLiteral: true), 1, inv(singular)), inv(singular).asType(.int64) * 0,
      imag(solve(singular, b)),
    ] {
      #expect { try result.compute() } throws: { ($0 as? WeftError)?.code == .singular }
    }
  }

  @Test("what throws for no data is still dropped")
  func total() throws {
    let x = NDArray([1.0, 2, 3])
    var graph = try which(NDArray(booleanLiteral: true), x, real(fft(x))).graph()
    try Session.current.pipeline.run(&graph, Session.current.passContext())
    #expect(!graph.text().contains("fft"), "\(graph.text())")
  }
}
