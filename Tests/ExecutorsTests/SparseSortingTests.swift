import Testing
import Weft
import WeftExecution
import WeftIR

/// What sorts, searches and selects entries gives what it gives for dense arrays, bit for bit where it moves elements.
@Suite("entries sorted, searched and selected by several threads")
struct SparseSortingTests {
  /// Few different numbers, both zeros, and NaN where the dtype has it; most elements are the fill.
  static func pair(
    _ shape: [Int], _ dtype: DType, _ format: SparseFormat, fill: Double, every: Double, seed: Int
  ) throws -> (dense: NDArray, sparse: NDArray) {
    func uniform(_ lane: Int) -> NDArray { random.uniform(shape, key: UInt64(seed * 16 + lane)) }
    func numbers(_ lane: Int) -> NDArray {
      var values = floor(uniform(lane) * 9) - 3
      if dtype.isInexact {
        values = which(uniform(lane + 1) .< 0.1, NDArray(scalar: -0.0), values / 2)
        values = which(uniform(lane + 2) .< 0.05, NDArray(scalar: Double.nan), values)
      } else if dtype.kind == .unsigned || dtype == .bool {
        values = abs(values)
      }
      return values
    }
    let element = NDArray(scalar: fill).asType(dtype)
    var values = numbers(0).asType(dtype)
    if dtype.isComplex { values = numbers(0).asType(dtype) + numbers(4) * Complex<Double>(0, 1) }
    let isThere = uniform(8) .< NDArray(scalar: 1 / every)
    let array = which(isThere, values.asType(dtype), element).asType(dtype)
    let sparse = try array.asSparse(format, fill: element).compute()
    // Complex NaN are one where the fill is.
    return (try sparse.asDense().compute(), sparse)
  }

  /// The same elements on 1, 2 and 7 threads, and nothing stored densely on the way.
  static func check(
    _ what: String, isExact: Bool = true, _ got: () throws -> [NDArray],
    _ want: () throws -> [NDArray]
  ) throws {
    let expected = try want().map { try $0.compute() }
    for threads in [1, 2, 7] {
      let session = SparseRunning.session(threads)
      try session.with { () throws in
        let results = try got().map { try $0.compute() }
        #expect(session.runtime.counters["densified"] == 0, "\(what) on \(threads) threads")
        for (n, (a, b)) in zip(results, expected).enumerated() {
          let dense = try a.asDense().compute()
          #expect(dense.type == b.type, "\(what), result \(n)")
          let (x, y) = (try SparseRunning.bits(dense), try SparseRunning.bits(b))
          let isSame =
            isExact
            ? x == y
            : zip(x, y).allSatisfy {
              let (p, q) = (Double(bitPattern: $0), Double(bitPattern: $1))
              return p == q || p.isNaN && q.isNaN || Swift.abs(p - q) <= 1e-9 * max(1, Swift.abs(q))
            }
          #expect(x.count == y.count && isSame, "\(what), result \(n) on \(threads) threads")
        }
      }
    }
  }

  static let dtypes: [DType] = [
    .float64, .float32, .float16, .bfloat16, .int8, .int32, .int64, .uint8, .uint64, .bool,
    .complex64, .complex128,
  ]

  static func fills(_ dtype: DType) -> [Double] {
    dtype == .bool ? [0, 1] : dtype.isInexact ? [0, 0.5, .nan] : [0, 2]
  }

  @Test("matrices of every dtype and fill are sorted along both axes", arguments: dtypes)
  func matrices(dtype: DType) throws {
    let formats: [SparseFormat] = [.csr, .csc, .coordinates, .fibres]
    for (n, fill) in Self.fills(dtype).enumerated() {
      for format in formats {
        let (a, x) = try Self.pair([37, 53], dtype, format, fill: fill, every: 3, seed: n + 1)
        try Self.check(
          "\(dtype), \(format), fill \(fill)",
          { [x.sorted(axis: 0), x.sorted(axis: 1), x.sorted(axis: nil), x.T.sorted(axis: 0)] },
          { [a.sorted(axis: 0), a.sorted(axis: 1), a.sorted(axis: nil), a.T.sorted(axis: 0)] })
        let count = try x.storedCount()
        #expect(try x.sorted(axis: 0).storedCount() == count)
        #expect(try x.sorted(axis: 1).fillValue() == x.fillValue() || fill.isNaN)
      }
    }
  }

  @Test("places of extremes, NaN first", arguments: dtypes)
  func extremes(dtype: DType) throws {
    let formats: [SparseFormat] = [.csr, .csc, .coordinates, .fibres]
    for (n, fill) in Self.fills(dtype).enumerated() {
      for format in formats {
        let (a, x) = try Self.pair([41, 9], dtype, format, fill: fill, every: 2, seed: n + 20)
        func results(_ a: NDArray) -> [NDArray] {
          [0, 1].flatMap { [a.argmax(axis: $0), a.argmin(axis: $0)] } + [a.argmax(), a.argmin()]
        }
        try Self.check("\(dtype), \(format), fill \(fill)", { results(x) }, { results(a) })
      }
    }
  }

  @Test("arrays of more axes, whatever their levels are")
  func moreAxes() throws {
    let formats: [SparseFormat] = [
      .coordinates, .fibres, .generalised(leading: [1]), .generalised(leading: [2, 0]),
    ]
    for (n, format) in formats.enumerated() {
      for dtype in [DType.float64, .complex128] {
        let (a, x) = try Self.pair([6, 5, 7], dtype, format, fill: 0, every: 3, seed: n + 40)
        func results(_ a: NDArray) -> [NDArray] {
          let axes = [0, 1, 2]
          return axes.map { a.sorted(axis: $0) } + axes.map { a.argmax(axis: $0) }
            + [diagonal(a, axis1: 0, axis2: 2), diagonal(a, axis1: 1, axis2: 2)]
            + [a.transposed([2, 0, 1]).sorted(axis: 1)]
        }
        try Self.check("\(format), \(dtype)", { results(x) }, { results(a) })
      }
    }
  }

  @Test("lanes of many entries, and many lanes", arguments: [SparseFormat.csr, .csc, .coordinates])
  func manyEntries(format: SparseFormat) throws {
    for dtype in [DType.float64, .int16, .complex64] {
      let (a, x) = try Self.pair([700, 600], dtype, format, fill: 0, every: 2, seed: 60)
      try Self.check(
        "\(format), \(dtype)",
        { [x.sorted(axis: 0), x.sorted(axis: 1), x.sorted(axis: nil), x.argmin(axis: 0)] },
        { [a.sorted(axis: 0), a.sorted(axis: 1), a.sorted(axis: nil), a.argmin(axis: 0)] })
    }
    // Two lanes that all threads sort together.
    let (a, x) = try Self.pair([2, 150_000], .float32, format, fill: 0, every: 1.5, seed: 61)
    try Self.check("\(format), long", { [x.sorted(axis: 1)] }, { [a.sorted(axis: 1)] })
  }

  @Test("sets and counts take the fill once", arguments: dtypes)
  func sets(dtype: DType) throws {
    for (n, fill) in Self.fills(dtype).enumerated() {
      for every in [1.0, 4, 1e9] {
        let (a, x) = try Self.pair([30, 20], dtype, .csr, fill: fill, every: every, seed: n + 80)
        let (b, y) = try Self.pair([50], dtype, .coordinates, fill: 0, every: 2, seed: n + 90)
        func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
          let all = uniqueElements(a)
          var results = [all.values, all.counts, all.indices, unique(a)]
          if dtype.isComplex { return results.map { $0.dtype == dtype ? $0 * 0 : $0 } }
          results += [union1d(a, b), intersect1d(a, b), setdiff1d(a, b), setxor1d(a, b)]
          if !fill.isNaN { results += [uniqueCounts(a).values, uniqueCounts(a).counts] }
          return results
        }
        // Which zero stands for both follows from what is stored.
        if fill.isNaN, dtype.isComplex { continue }
        try Self.check(
          "\(dtype), fill \(fill), one in \(every)", isExact: false, { results(x, y) },
          { results(a, b) })
      }
    }
  }

  @Test("masks, positions, conditions and diagonals")
  func selections() throws {
    for format in [SparseFormat.csr, .csc, .coordinates, .fibres] {
      for fill in [0.0, 0.5] {
        let (a, x) = try Self.pair([300, 200], .float64, format, fill: fill, every: 4, seed: 100)
        let (b, y) = try Self.pair([300, 200], .float64, format, fill: fill, every: 9, seed: 101)
        let d = try random.normal([300, 200], key: 7).compute()
        let rows = try (arange(300) % 3 .== 0).compute()
        let members = NDArray([0.5, 2, Double.nan])
        func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
          let mask = a .> 0.5
          var results = [a[mask], b[mask], d[mask], a[d .> 1]]
          results += [compress(rows, a, axis: 0), which(d .> 0, a, b)]
          results += mask.nonzero() + [argWhere(mask), flatNonzero(mask)]
          results += [diagonal(a), diagonal(a, offset: -3), isin(a, members)]
          if fill == 0 { results += [tril(a), triu(a, offset: 2), tril(a, offset: -400)] }
          return results
        }
        try Self.check("\(format), fill \(fill)", { results(x, y) }, { results(a, b) })
      }
    }
  }

  @Test("medians, quantiles, counts and bins")
  func statistics() throws {
    for fill in [0.0, 0.5] {
      let (a, x) = try Self.pair([40, 30], .float64, .csr, fill: fill, every: 3, seed: 110)
      let (b, y) = try Self.pair([40, 30], .int64, .csc, fill: fill, every: 3, seed: 111)
      func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
        let z = nanToNum(a)
        let sums = fill == 0 ? [trace(z)] : []
        return sums + [
          median(a), median(a, axis: 0), median(z, axis: 1), median(b, axis: 0),
          quantile(z, 0.3), quantile(z, 0.3, axis: 0), percentile(z, [20, 70], axis: 1),
          bincount(abs(b).reshaped([-1])), histogram(z, bins: 5).counts,
        ]
      }
      try Self.check("fill \(fill)", isExact: false, { results(x, y) }, { results(a, b) })
    }
  }
}
