import Testing
import Weft
import WeftExecution
import WeftIR

/// Slices, taking and joining of sparse arrays give what they give for dense ones, bit for bit, and store as they did.
@Suite("entries sliced, taken and joined by several threads")
struct SparseIndexingTests {
  private static let formats: [SparseFormat] = [.csr, .csc, .coordinates, .fibres]
  private static let tensorFormats: [SparseFormat] = [
    .coordinates, .fibres, .generalised(leading: [1]), .generalised(leading: [2, 0]),
  ]

  private static func slices(_ a: NDArray) -> [NDArray] {
    [
      a[3..<20, 5..<31], a[..<0, 2...], a[4..., .all], a[.all, 7..<8],
      a[.stride(by: 3), .stride(from: 1, by: 2)], a[.stride(by: -1), .all],
      a[.all, .stride(by: -1)],
      a[.stride(from: 30, by: -4), .stride(from: 40, to: 3, by: -3)],
      a[5], a[.all, 11], a[-1], a[2..<3, 4..<5], flip(a), flip(a, axis: 0), flip(a, axis: 1),
      rot90(a), rot90(a, turns: 2), a.T[2..<9, 1..<30],
    ]
  }

  @Test("matrices of every dtype, fill and format are sliced", arguments: SparseSortingTests.dtypes)
  func slicing(dtype: DType) throws {
    for (n, fill) in SparseSortingTests.fills(dtype).enumerated() {
      for format in Self.formats {
        let (a, x) = try SparseSortingTests.pair(
          [37, 53], dtype, format, fill: fill, every: 3, seed: n + 200)
        try SparseSortingTests.check(
          "\(dtype), \(format), fill \(fill)", { Self.slices(x) }, { Self.slices(a) })
      }
    }
  }

  private static func taken(_ a: NDArray, fill: Double) throws -> [NDArray] {
    let (rows, columns) = (a.shape[0] ?? 0, a.shape[1] ?? 0)
    let mask = try (arange(rows) % 3 .== 1).compute()
    let others = try (arange(columns) % 5 .< 2).compute()
    let many = try (arange(3 * columns) * 7 % columns).compute()
    let pairs: NDArray = [[0, 2], [5, 5]]
    var results = [
      take(a, [3, 1, 3, 0, -1], axis: 0), take(a, [3, 1, 3, 0, -1], axis: 1),
      take(a, [2, 4, 4, 9], axis: 1), take(a, many, axis: 1), take(a, many % rows, axis: 0),
      take(a, pairs, axis: 0), take(a, pairs, axis: 1), take(a, 3, axis: 0), take(a, 3, axis: 1),
      take(a, [5, 77, 3]), compress(mask, a, axis: 0), compress(others, a, axis: 1),
    ]
    results += [
      repeated(a, 3, axis: 0), repeated(a, 2, axis: 1), repeated(a, 2), tile(a, [2, 3]),
      tile(a, [2, 1, 2]), repeated(a, (0..<rows).map { $0 % 3 }, axis: 0),
      roll(a, 5, axis: 0), roll(a, -3, axis: 1), roll(a, 4), roll(a, [1, 2], axes: [0, 1]),
      a.reshaped([columns, rows]), a.reshaped([1, rows, columns, 1]), a.reshaped([-1]),
    ]
    if fill == 0 { results += [pad(a, [(1, 2), (0, 3)]), pad(a, [(0, 2), (4, 0)])] }
    return results
  }

  @Test("and taken, repeated and turned round", arguments: SparseSortingTests.dtypes)
  func taking(dtype: DType) throws {
    for (n, fill) in SparseSortingTests.fills(dtype).enumerated() {
      for format in Self.formats {
        let (a, x) = try SparseSortingTests.pair(
          [23, 31], dtype, format, fill: fill, every: 3, seed: n + 300)
        try SparseSortingTests.check(
          "\(dtype), \(format), fill \(fill)", { try Self.taken(x, fill: fill) },
          { try Self.taken(a, fill: fill) })
      }
    }
  }

  @Test("arrays of more axes", arguments: tensorFormats.indices)
  func tensors(number: Int) throws {
    for (fill, dtype) in [(0.0, DType.float64), (2, .int16), (0, .complex128)] {
      let (a, x) = try SparseSortingTests.pair(
        [7, 9, 8], dtype, Self.tensorFormats[number], fill: fill, every: 3, seed: 400)
      func results(_ a: NDArray) -> [NDArray] {
        let slices = [
          a[2..<5, .all, 1..<7], a[.all, .stride(by: -2), .all], a[.stride(by: 2), 3, .all],
          a[.all, .all, .stride(from: 6, to: 1, by: -2)], flip(a), a[3], a[.ellipsis, 2],
        ]
        let taken = (0..<3).flatMap { axis -> [NDArray] in
          [
            take(a, [3, 1, 3, 6], axis: axis), take(a, [1, 2, 5], axis: axis),
            take(a, [[1], [0]], axis: axis), repeated(a, 2, axis: axis),
            roll(a, 2, axis: axis), concatenate([a, a[.all, .all, .all]], axis: axis),
            stack([a, flip(a)], axis: axis),
          ]
        }
        return slices + taken + [
          tile(a, [2, 1, 3]), a.reshaped([9, 56]), a.transposed([2, 0, 1]),
        ]
      }
      try SparseSortingTests.check(
        "\(Self.tensorFormats[number]), \(dtype)", { results(x) }, { results(a) })
    }
  }

  @Test("arrays are joined along every axis, whatever their formats")
  func joining() throws {
    for (fill, dtype) in [(0.0, DType.float64), (2, .int32), (0, .complex64), (0, .bool)] {
      for format in Self.formats {
        for other in [format, .csr, .coordinates] {
          let (a, x) = try SparseSortingTests.pair(
            [14, 19], dtype, format, fill: fill, every: 3, seed: 500)
          let (b, y) = try SparseSortingTests.pair(
            [14, 19], dtype, other, fill: fill, every: 2, seed: 501)
          let (c, z) = try SparseSortingTests.pair(
            [14, 19], dtype, format, fill: fill, every: 1e9, seed: 502)
          func results(_ a: NDArray, _ b: NDArray, _ c: NDArray) -> [NDArray] {
            [
              concatenate([a, b], axis: 0), concatenate([a, b, a, c], axis: 1),
              concatenate([c, c], axis: 0), concatenate([c, a[..<0, .all], b], axis: 0),
              stack([a, b, c]), stack([a, b], axis: 1), stack([b, a], axis: 2), hstack([a, b]),
              vstack([a, b, c]), block([[.array(a), .array(b)], [.array(c), .array(a)]]),
              dstack([a, c]),
              concatenate([a, b], axis: nil), concatenate([a.T, b.T], axis: 1),
              concatenate(Array(repeating: [a, b, c], count: 7).flatMap { $0 }, axis: 1),
            ]
          }
          try SparseSortingTests.check(
            "\(dtype) in \(format) and \(other), fill \(fill)", { results(x, y, z) },
            { results(a, b, c) })
        }
      }
    }
  }

  @Test("few elements with another fill are stored beside many entries", arguments: formats)
  func unalike(format: SparseFormat) throws {
    let (a, x) = try SparseSortingTests.pair(
      [20, 30], .float64, format, fill: 0, every: 3, seed: 550)
    let (b, y) = try SparseSortingTests.pair(
      [2, 30], .float64, format, fill: 0.5, every: 3, seed: 551)
    let dense = try random.normal([3, 30], key: 5).compute()
    func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
      [
        concatenate([a, b], axis: 0), concatenate([b, a], axis: 0), vstack([dense, a]),
        concatenate([a.T, b.T, dense.T], axis: 1), vstack([a, ones([1, 30])]),
      ]
    }
    try SparseRunning.check(
      "\(format)", { results(nanToNum(x), nanToNum(y)) }, { results(nanToNum(a), nanToNum(b)) })
    for result in results(x, y) { #expect(try result.compute().fillValue()?.doubleValue == 0) }
    // Half of these would be stored.
    #expect(try concatenate([x, x + 1], axis: 0).compute().layout().isDense)
  }

  @Test("arrays of several parts", arguments: formats)
  func large(format: SparseFormat) throws {
    let (a, x) = try SparseSortingTests.pair(
      [600, 700], .float32, format, fill: 0, every: 2, seed: 600)
    let (b, y) = try SparseSortingTests.pair(
      [600, 700], .float32, format, fill: 0, every: 3, seed: 601)
    let rows = try (arange(900) * 7 % 600).compute()
    let columns = try (arange(1400) * 11 % 700).compute()
    func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
      [
        a[10..<580, 5..<650], a[.stride(by: -2), .stride(by: 3)], take(a, rows, axis: 0),
        take(a, columns, axis: 1), take(a, arange(350) * 2, axis: 1),
        concatenate([a, b], axis: 0), concatenate([a, b, a], axis: 1), stack([a, b], axis: 1),
        repeated(a, 2, axis: 0), repeated(a, 2, axis: 1), tile(a, [1, 2]), roll(a, 3, axis: 1),
      ]
    }
    try SparseSortingTests.check("\(format)", { results(x, y) }, { results(a, b) })
  }

  @Test("rows and columns of matrices without end take what they hold")
  func wide() throws {
    let side = 1 << 36
    let numbers = arange(500)
    let a = try NDArray(
      coordinates: [numbers % 50, numbers * 1_000_003 % side],
      values: (numbers % 7 + 1).asType(.float64), shape: [50, side], format: .csr)
    let places = try (arange(400) * 2_000_006 % side).compute()
    let taken = try take(a, places, axis: 1).compute()
    #expect(try taken.layout().hasLevels(of: .csr()))
    // The entries of even numbers below 800.
    let found: Double = try taken.sum().item()
    let expected: Double = try (numbers[.stride(from: 0, by: 2)] % 7 + 1).asType(.float64).sum()
      .item()
    #expect(found == expected)
    #expect(try a[2..<4, (side / 2)...].compute().layout().hasLevels(of: .csr()))
  }

  @Test("an index beyond an axis is an error that names it")
  func outOfBounds() throws {
    let (_, x) = try SparseSortingTests.pair([9, 8], .float64, .csr, fill: 0, every: 2, seed: 700)
    let places = try NDArray([1, 9]).compute()
    #expect {
      try take(x, places * 1, axis: 0).compute()
    } throws: { error in
      (error as? WeftError)?.code == .indexOutOfBounds
        && "\(error)".contains("index 9 is out of bounds for axis 0 with extent 9")
    }
  }
}
