import Testing
import Weft
import WeftExecution
import WeftIR

/// Long lanes, sorted by several threads, have the elements and positions that a stable sort gives.
@Suite("long lanes")
struct LongSortTests {
  private static let count = 1 << 17

  private static func values(_ name: String) -> [Double] {
    var state: UInt64 = 88_172_645_463_325_252
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    return (0..<count).map { n in
      switch name {
      case "few": return Double(next() % 5) - 2
      case "zeros": return [0.0, -0.0, 1, .nan, -1][Int(next() % 5)]
      case "far apart": return n == 77 ? 1e300 : Double(next() % 1000) / 1000
      case "exponents":
        return Double(sign: .plus, exponent: Int(next() % 600) - 300, significand: 1)
      case "sorted": return Double(n)
      case "turned": return Double(count - n)
      case "same": return 3
      default: return Double(Int64(bitPattern: next()) >> 11) / 4096
      }
    }
  }

  @Test(
    "are sorted stably, with or without positions",
    arguments: ["few", "zeros", "far apart", "exponents", "sorted", "turned", "same", "any"])
  func sorting(name: String) throws {
    let values = Self.values(name)
    let order = values.indices.sorted { a, b in
      let (x, y) = (values[a], values[b])
      if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
      return x == y ? a < b : x < y
    }
    let a = try NDArray(values).compute()
    for threads in [1, 2, 5] {
      try SparseRunning.session(threads).with { () throws in
        let sorted: [Double] = try sort(a).toArray()
        #expect(
          sorted.map(\.bitPattern) == order.map { values[$0].bitPattern }, "\(threads) threads")
        let positions: [Int64] = try argsort(a).toArray()
        #expect(positions == order.map { Int64($0) }, "\(threads) threads")
      }
    }
  }

  @Test(
    "of every dtype, ascending and descending, beside each other",
    arguments: SparseSortingTests.dtypes)
  func dtypes(dtype: DType) throws {
    if dtype.isComplex { return }
    let a = try (NDArray(Self.values("few")) * 20).asType(dtype).reshaped([1 << 16, 2]).compute()
    try SparseRunning.session(2).with { () throws in
      let both = try [sort(a, axis: 0), sort(a, axis: 0, descending: true)].map {
        try $0.compute()
      }
      let places = try argsort(a, axis: 0, descending: true).compute()
      let taken = try takeAlongAxis(a, places, axis: 0).compute()
      #expect(try array_equal(taken, both[1]))
      #expect(try array_equal(flip(both[0], axis: 0), both[1]))
      let isAscending: Bool = try (both[0][1..., .all] .>= both[0][..<((1 << 16) - 1), .all]).all()
        .item()
      #expect(isAscending)
      #expect(try bincountOf(both[0]) == bincountOf(a))
    }
  }

  private func array_equal(_ a: NDArray, _ b: NDArray) throws -> Bool { try (a .== b).all().item() }

  private func bincountOf(_ a: NDArray) throws -> [Int64] {
    try bincount((a.asType(.int64) + 400).reshaped([-1])).toArray()
  }
}
