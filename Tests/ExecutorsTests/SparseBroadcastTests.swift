import Testing
import Weft
import WeftExecution
import WeftIR

/// Sparse arrays repeated along other axes beside arrays that decide where results have entries.
@Suite("sparse arrays repeated beside others")
struct SparseBroadcastTests {
  private static let infinite = NDArray(floatLiteral: .infinity)

  private typealias Body = @Sendable (NDArray, NDArray, NDArray) -> NDArray

  /// Of a matrix with few entries, a row and a column; whether entries are repeated only where they meet some.
  private static let programs: [(name: String, isGuided: Bool, body: Body)] = [
    ("row", true, { a, r, _ in a * r }), ("column", true, { a, _, c in c * a }),
    ("both", true, { a, r, c in c * a * r }), ("function", true, { a, r, _ in sin(a) * r * 2 }),
    ("numbers", true, { a, r, _ in (a * 2) * abs(r) }),
    ("dense beside", true, { a, r, _ in a * (arange(40) + 1.0) * r }),
    ("sum", true, { a, r, _ in (a * r).sum(axis: 0) }),
    ("truth", true, { a, r, c in (a .> 0) .& (r .> 0) .& (c .> 0) }),
    ("condition", true, { a, r, _ in which(a .> 0, r, 0) }),
    ("other branch", true, { a, _, c in which(a .<= 0, 0, c) }),
    ("divisor", true, { a, r, _ in a / (r + 9) }),
    ("zero divisor", false, { a, r, _ in a / r }),
    ("one zero divisor", false, { a, r, _ in a / which(r .> 0, 0, 1) }),
    ("infinite", false, { a, r, _ in a * which(r .> 0, infinite, r) }),
    ("infinite fill", false, { a, r, _ in a * which(r .== 0, infinite, r) }),
    ("infinite in between", false, { a, r, c in which(c .> 0, infinite, c) * a * r }),
    ("dense infinite", false, { a, r, _ in a * (1 / arange(40).asType(.float64)) * r }),
    ("sum of both", false, { a, r, _ in a + r }),
  ]

  @Test("give what they give densely", arguments: programs.indices)
  func answers(number: Int) throws {
    let (name, isGuided, body) = Self.programs[number]
    for format in [SparseFormat.coordinates, .csr, .csc] {
      let (a, s) = try SparseRunning.pair([30, 40], .float64, format, every: 60, seed: 1)
      let (b, r) = try SparseRunning.pair([40], .float64, .coordinates, every: 3, seed: 2)
      let (c, d) = try SparseRunning.pair([30, 1], .float64, .coordinates, every: 3, seed: 3)
      // NaN are compared for themselves.
      func parts(_ x: NDArray) -> [NDArray] { x.dtype == .bool ? [x] : [nanToNum(x), isnan(x)] }
      try SparseRunning.check(name, { parts(body(s, r, d)) }, { parts(body(a, b, c)) })
      let session = SparseRunning.session(1)
      _ = try session.with { () throws in try body(s, r, d).compute() }
      let count = session.runtime.counters["guidedBroadcasts"]
      #expect((count > 0) == isGuided, "\(name): \(count)")
    }
  }

  @Test("sums of weighted rows on shapes of 2^80 elements")
  func large() throws {
    let numbers = arange(1000)
    let side = 1 << 40
    let s = try NDArray(
      coordinates: [numbers * 1_000_003, numbers * 7_777_777], values: numbers + 1.0,
      shape: [side, side])
    let v = try NDArray(
      coordinates: [numbers * 2 * 7_777_777], values: numbers + 0.5, shape: [side])
    // Every second entry meets one of the vector.
    let sum: Double = try (s * v).sum().item()
    var expected = 0.0
    for n in 0..<500 { expected += Double(2 * n + 1) * (Double(n) + 0.5) }
    #expect(sum == expected)
  }

  @Test("assignments on shapes of 2^80 elements")
  func assignments() throws {
    let numbers = arange(100)
    let side = 1 << 40
    let s = try NDArray(
      coordinates: [numbers, numbers * 7_777_777], values: numbers + 1.0, shape: [side, side])
    var x = s
    x[3, 4] = 7
    x[0] = 0
    x[.stride(from: 1, by: 2), 5...] = 0
    x[-1, ...2] = NDArray([1.0, 2, 3])
    // Rows 2, 4, ... stay, and row 3's number and the last row's three come.
    var expected = 7.0 + 6
    for n in 1..<50 { expected += Double(2 * n + 1) }
    #expect(try x.sum().item() == expected)
    #expect(try x.storedCount() == 49 + 4)
    #expect(try x[3, 4].item() == 7.0)
  }
}
