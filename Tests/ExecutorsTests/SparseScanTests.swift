import Testing
import Weft
import WeftExecution
import WeftIR

/// What has a value for each element of a sparse array, and is dense: running folds, positions of sorted elements, members.
@Suite("dense results of entries and fills")
struct SparseScanTests {
  private static let formats: [SparseFormat] = [.csr, .csc, .coordinates, .fibres]

  @Test("running folds of every dtype and fill", arguments: SparseSortingTests.dtypes)
  func scans(dtype: DType) throws {
    for (n, fill) in SparseSortingTests.fills(dtype).enumerated() {
      for format in Self.formats {
        let (a, x) = try SparseSortingTests.pair(
          [19, 83], dtype, format, fill: fill, every: 3, seed: n + 800)
        func results(_ a: NDArray) -> [NDArray] {
          [
            cumsum(a, axis: 0), cumsum(a, axis: 1), cumsum(a), cumprod(a, axis: 0),
            cumprod(a, axis: 1), cumsum(a, axis: 1, dtype: dtype),
            cumprod(a, axis: 0, dtype: dtype),
            nancumsum(a, axis: 0), nancumprod(a, axis: 1),
            cumulativeSum(a, axis: 0, includeInitial: true),
          ]
        }
        try SparseSortingTests.check(
          "\(dtype), \(format), fill \(fill)", { results(x) }, { results(a) })
      }
    }
  }

  @Test("running extremes", arguments: [DType.float64, .float32, .int16, .uint64])
  func extremes(dtype: DType) throws {
    for (n, fill) in SparseSortingTests.fills(dtype).enumerated() {
      let (a, x) = try SparseSortingTests.pair(
        [30, 20], dtype, .csr, fill: fill, every: 3, seed: n + 820)
      func results(_ a: NDArray) throws -> [NDArray] {
        try ["maximum", "minimum"].flatMap { name in
          try [0, 1].map { axis in
            try #require(
              Script.evaluate("\(name).accumulate(a, axis=\(axis))", variables: ["a": a]).array)
          }
        }
      }
      try SparseSortingTests.check("\(dtype), fill \(fill)", { try results(x) }, { try results(a) })
    }
  }

  @Test("running folds of arrays of more axes, and of many columns")
  func more() throws {
    let (a, x) = try SparseSortingTests.pair(
      [4, 5, 300], .float64, .fibres, fill: 0, every: 3, seed: 840)
    let (b, y) = try SparseSortingTests.pair(
      [60, 3000], .float32, .csc, fill: 0.5, every: 4, seed: 841)
    func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
      (0..<3).map { cumsum(a, axis: $0) } + [cumsum(b, axis: 0), cumprod(b, axis: 1), cumsum(b)]
    }
    try SparseSortingTests.check("more", { results(x, y) }, { results(a, b) })
  }

  @Test("positions of sorted elements", arguments: SparseSortingTests.dtypes)
  func positions(dtype: DType) throws {
    for (n, fill) in SparseSortingTests.fills(dtype).enumerated() {
      for format in Self.formats {
        for every in format == .csr ? [1.0, 3, 1e9] : [3] {
          let (a, x) = try SparseSortingTests.pair(
            [17, 29], dtype, format, fill: fill, every: every, seed: n + 860)
          func results(_ a: NDArray) -> [NDArray] {
            [
              argsort(a, axis: 0), argsort(a, axis: 1), argsort(a, axis: nil),
              argpartition(a, kth: 3, axis: 1),
            ]
          }
          try SparseSortingTests.check(
            "\(dtype), \(format), fill \(fill), one in \(every)", { results(x) }, { results(a) })
        }
      }
    }
    let (a, x) = try SparseSortingTests.pair(
      [5, 6, 7], dtype, .coordinates, fill: 0, every: 2, seed: 880)
    try SparseSortingTests.check(
      "three axes", { (0..<3).map { argsort(x, axis: $0) } },
      { (0..<3).map { argsort(a, axis: $0) } })
  }

  @Test("which of the distinct elements each is, and members", arguments: SparseSortingTests.dtypes)
  func members(dtype: DType) throws {
    for (n, fill) in SparseSortingTests.fills(dtype).enumerated() {
      for every in [1.0, 4, 1e9] {
        let (a, x) = try SparseSortingTests.pair(
          [30, 20], dtype, .csr, fill: fill, every: every, seed: n + 900)
        let (b, y) = try SparseSortingTests.pair(
          [50], dtype, .coordinates, fill: 2, every: 2, seed: n + 910)
        func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
          var results = [uniqueElements(a).inverse]
          if !dtype.isComplex { results += [isin(a, b), isin(b, a), isin(a, b, invert: true)] }
          if !fill.isNaN { results.append(uniqueInverse(a).inverse) }
          return results
        }
        if fill.isNaN, dtype.isComplex { continue }
        try SparseSortingTests.check(
          "\(dtype), fill \(fill), one in \(every)", { results(x, y) }, { results(a, b) })
      }
    }
  }

  @Test("places in sorted arrays, and between samples")
  func places() throws {
    for fill in [0.0, 0.5] {
      let (a, x) = try SparseSortingTests.pair(
        [40, 30], .float64, .csc, fill: fill, every: 3, seed: 920)
      let sorted = try (arange(60).asType(.float64) / 10 - 3).compute()
      func results(_ a: NDArray) -> [NDArray] {
        [
          searchsorted(sorted, a), searchsorted(sorted, a, side: .right), digitize(a, sorted),
          interp(a, sorted, sin(sorted)), interp(a, [-1, 0, 1], [2, 3, 1]),
        ]
      }
      try SparseSortingTests.check("fill \(fill)", { results(x) }, { results(a) })
    }
  }

  @Test("covariances, several quantiles, variances of what is not NaN")
  func statistics() throws {
    for fill in [0.0, 0.5, .nan] {
      let (a, x) = try SparseSortingTests.pair(
        [12, 90], .float64, .csr, fill: fill, every: 3, seed: 930)
      let (b, y) = try SparseSortingTests.pair(
        [12, 90], .complex128, .csr, fill: fill, every: 3, seed: 931)
      func results(_ a: NDArray) -> [NDArray] {
        [
          nanvar(a), nanvar(a, axis: 0), nanvar(a, axis: 1), nanstd(a, axis: 0, correction: 1),
        ]
      }
      try SparseSortingTests.check(
        "fill \(fill)", isExact: false, { results(x) + results(y) }, { results(a) + results(b) })
      if fill.isNaN { continue }
      let (z, d) = (try nanToNum(x).compute(), try nanToNum(a).compute())
      let weights = try (arange(90) % 4 + 1).compute()
      func others(_ a: NDArray) -> [NDArray] {
        [
          cov(a).asDense(), corrcoef(a), cov(a, rowVariables: false).asDense(),
          cov(a, weights: weights), quantile(a, [0.1, 0.5, 0.9]),
          quantile(a, [0.1, 0.5, 0.9], axis: 0), percentile(a, [20, 70], axis: 1),
          nanquantile(a, [0.2, 0.6], axis: 1), quantile(a, [0.25, 0.5], axis: 1, method: .lower),
        ]
      }
      try SparseRunning.check("fill \(fill)", { others(z) }, { others(d) })
    }
  }

  @Test("what would be larger than the limit is an error that says so")
  func limits() throws {
    let numbers = arange(100)
    let a = try NDArray(
      coordinates: [numbers * 7, numbers], values: numbers + 1, shape: [1 << 30, 1 << 20])
    for result in [cumsum(a, axis: 0), argsort(a, axis: 1)] {
      #expect {
        try result.compute()
      } throws: { error in
        (error as? WeftError)?.code == .wouldDensify
          && "\(error)".contains("gives int64[1073741824, 1048576], a dense array of")
      }
    }
  }
}
