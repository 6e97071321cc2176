import Testing
import Weft

@Suite("Random numbers")
struct RandomTests {
  private func values(_ array: NDArray) throws -> [Double] {
    try array.asType(.float64).compute(on: .reference).toArray()
  }

  /// The greatest distance between the distribution of a sample and a given one, times the root of
  /// the sample's size; above 1.95 once in 1000 samples (Kolmogorov 1933).
  private func distance(_ sample: [Double], _ distribution: (Double) -> Double) -> Double {
    let sorted = sample.sorted()
    let count = Double(sorted.count)
    let greatest = sorted.enumerated().map { i, x in
      let p = distribution(x)
      return Swift.max(Swift.abs(p - Double(i) / count), Swift.abs(p - Double(i + 1) / count))
    }.max()
    return (greatest ?? 0) * count.squareRoot()
  }

  /// The mean, and the central moments of order 2 to 4 over powers of the deviation.
  private func moments(_ x: [Double]) -> (
    mean: Double, variance: Double, skew: Double, tail: Double
  ) {
    let count = Double(x.count)
    let mean = x.reduce(0, +) / count
    func moment(_ order: Int) -> Double {
      x.map { value in (0..<order).reduce(1.0) { p, _ in p * (value - mean) } }.reduce(0, +) / count
    }
    let variance = moment(2)
    return (
      mean, variance, moment(3) / (variance * variance.squareRoot()),
      moment(4) / (variance * variance)
    )
  }

  /// The mean product of deviations from given means.
  private func product(_ a: [Double], _ meanA: Double, _ b: [Double], _ meanB: Double) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += (x - meanA) * (y - meanB) }
    return sum / Double(a.count)
  }

  @Test("uniform numbers are uniform", arguments: [DType.float64, .float32])
  func uniform(dtype: DType) throws {
    let x = random.uniform([20_000], dtype: dtype, key: 11)
    #expect(x.dtype == dtype)
    let sample = try values(x)
    #expect(sample.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(distance(sample) { $0 } < 1.95)
    // Neighbours do not depend on each other.
    let neighbours = product(sample, 0.5, Array(sample.dropFirst()), 0.5) * 12
    #expect(Swift.abs(neighbours) < 4 / 20_000.0.squareRoot())
    let scaled = try values(random.uniform([1000], low: -3, high: 5, dtype: dtype, key: 12))
    #expect(scaled.allSatisfy { $0 >= -3 && $0 <= 5 })
    #expect(distance(scaled) { ($0 + 3) / 8 } < 1.95)
  }

  @Test("normal numbers are normal", arguments: [DType.float64, .float32])
  func normal(dtype: DType) throws {
    let sample = try values(random.normal([20_000], dtype: dtype, key: 13))
    let m = moments(sample)
    // Four deviations of each estimate: 1, 2, 6 and 24 over the sample's size.
    let root = 20_000.0.squareRoot()
    #expect(Swift.abs(m.mean) < 4 / root)
    #expect(Swift.abs(m.variance - 1) < 4 * 2.0.squareRoot() / root)
    #expect(Swift.abs(m.skew) < 4 * 6.0.squareRoot() / root)
    #expect(Swift.abs(m.tail - 3) < 4 * 24.0.squareRoot() / root)
    let table = try values(erf(NDArray(sample) / 2.0.squareRoot()))
    #expect(distance(table) { (1 + $0) / 2 } < 1.95)
    let moved = moments(try values(random.normal([5000], mean: 10, scale: 3, key: 14)))
    #expect(Swift.abs(moved.mean - 10) < 0.2 && Swift.abs(moved.variance - 9) < 0.9)
  }

  @Test("exponential numbers are exponential")
  func exponential() throws {
    let sample = try values(random.exponential([20_000], scale: 2, key: 15))
    let m = moments(sample)
    #expect(Swift.abs(m.mean - 2) < 0.06 && Swift.abs(m.variance - 4) < 0.33)
    let table = try values(exp(NDArray(sample) / -2.0))
    #expect(distance(table) { $0 } < 1.95)
  }

  @Test(
    "integers are even over their range",
    arguments: [(0, 6), (-3, 4), (0, 8), (Int.min, Int.max), (5, 6)])
  func integers(low: Int, high: Int) throws {
    let draws = try random.integers([12_000], low: low, high: high, key: 16)
      .compute(on: .reference).toArray(of: Int.self)
    #expect(draws.allSatisfy { $0 >= low && $0 < high })
    guard high.subtractingReportingOverflow(low).partialValue < 20, !(low == .min) else {
      let sample = draws.map { Double($0) / 0x1p64 + 0.5 }
      #expect(distance(sample) { $0 } < 1.95)
      return
    }
    let range = low..<high
    let expected = Double(draws.count) / Double(range.count)
    let counts = range.map { value in Double(draws.count { $0 == value }) }
    let squares = counts.map { ($0 - expected) * ($0 - expected) / expected }.reduce(0, +)
    // The 0.999 quantile of chi-squared with up to 7 degrees of freedom is 24.3.
    #expect(squares < 24.3)
  }

  @Test("integers of a range past 2^32 are the upper half of the product")
  func wideIntegers() throws {
    let count = UInt64(1 << 40) + 12_345
    let bits = try random.bits([4], key: 3).compute(on: .reference).toArray(of: UInt64.self)
    #expect(bits.count == 4)
    let draws = try random.integers([2000], high: Int(count), key: 3)
      .compute(on: .reference).toArray(of: Int.self)
    #expect(distance(draws.map { Double($0) / Double(count) }) { $0 } < 1.95)
  }

  @Test("every dtype of integers is drawn; bounds are checked")
  func integerDTypes() throws {
    for dtype in DType.allCases where dtype.isInteger {
      let x = random.integers([50], high: 100, dtype: dtype, key: 4)
      #expect(x.dtype == dtype)
      #expect(try values(x).allSatisfy { $0 >= 0 && $0 < 100 })
    }
    #expect(errorCode(random.integers([2], high: 300, dtype: .uint8, key: 1)) == "out-of-range")
    #expect(errorCode(random.integers([2], low: 5, high: 5, key: 1)) == "value")
    #expect(errorCode(random.uniform([2], dtype: .int32, key: 1)) == "dtype")
    #expect(errorCode(random.uniform([-1], key: 1)) == "negative-extent")
    #expect(errorCode(random.normal([2], mean: NDArray([1.0, 2, 3]), key: 1)) == "broadcast")
  }

  @Test("permutations hold each number once, and all are drawn")
  func permutation() throws {
    let order = try random.permutation(500, key: 21).compute(on: .reference).toArray(of: Int.self)
    #expect(order.sorted() == Array(0..<500) && order != Array(0..<500))
    var seen: Set<[Int]> = []
    for key in 0..<60 {
      seen.insert(
        try random.permutation(3, key: key).compute(on: .reference).toArray(of: Int.self))
    }
    #expect(seen.count == 6)
    let rows = random.shuffle(arange(12).reshaped([3, 4]), axis: 1, key: 5)
    #expect(try values(rows).sorted() == (0..<12).map { Double($0) })
  }

  @Test("choices follow their probabilities")
  func choice() throws {
    let p = NDArray([0.5, 0, 0.3, 0.2])
    let draws = try random.choice(4, [8000], probabilities: p, key: 22)
      .compute(on: .reference).toArray(of: Int.self)
    let shares = (0..<4).map { value in Double(draws.count { $0 == value }) / 8000 }
    for (share, wanted) in zip(shares, [0.5, 0, 0.3, 0.2]) {
      #expect(Swift.abs(share - wanted) < 0.025)
    }
    #expect(shares[1] == 0)
    let distinct = try random.choice(10, [10], replace: false, key: 23)
      .compute(on: .reference).toArray(of: Int.self)
    #expect(distinct.sorted() == Array(0..<10))
    let weighted = try random.choice(4, [3], replace: false, probabilities: p, key: 24)
      .compute(on: .reference).toArray(of: Int.self)
    #expect(Set(weighted) == [0, 2, 3])
    #expect(errorCode(random.choice(3, [4], replace: false, key: 1)) == "value")
    #expect(random.choice(NDArray([1.5, 2.5]), [7], key: 1).shape == [7])
  }

  @Test("values depend on key and element alone, not on the extent or on what is taken (R24)")
  func elementsOwnTheirNumbers() throws {
    typealias Draw = (Int) -> NDArray
    let draws: [Draw] = [
      { random.uniform([$0], key: 7) }, { random.normal([$0], key: 7) },
      { random.exponential([$0], key: 7) }, { random.integers([$0], high: 1 << 40, key: 7) },
      { random.choice(9, [$0], key: 7) }, { random.uniform([$0], dtype: .float32, key: 7) },
    ]
    for draw in draws {
      let whole = try values(draw(1000))
      #expect(try values(draw(100)) == Array(whole.prefix(100)))
      #expect(try values(draw(1000)[NDArray([999, 3])]) == [whole[999], whole[3]])
      #expect(try values(draw(1000)[.stride(by: -250)]) == [999, 749, 499, 249].map { whole[$0] })
      #expect(try values(draw(1000).reshaped([10, 100])[3]) == Array(whole[300..<400]))
      // Another executor's logarithm may differ in the last bits, its random bits may not.
      let other = try draw(1000).asType(.float64).compute().toArray(of: Double.self)
      for (a, b) in zip(other, whole) { #expect(Swift.abs(a - b) <= 1e-13 * Swift.abs(b)) }
    }
    // The flat index counts, whatever the shape.
    #expect(
      try values(random.normal([10, 100], key: 7)) == values(random.normal([1000], key: 7)))
  }

  @Test("keys, distributions and folds are independent of each other")
  func keys() throws {
    let keys = random.split(7, 3) + [7, random.fold(7, 100), random.fold(8, 0)]
    #expect(Set(keys).count == 6)
    #expect(random.split(7, 3)[2] == random.fold(7, 2))
    for key in keys.dropFirst() {
      let (a, b) = (
        try values(random.uniform([4000], key: keys[0])),
        try values(random.uniform([4000], key: key))
      )
      let correlation = product(a, 0.5, b, 0.5) * 12
      #expect(Swift.abs(correlation) < 4 / 4000.0.squareRoot())
    }
    let (u, e) = (
      try values(random.uniform([4000], key: 7)), try values(random.exponential([4000], key: 7))
    )
    let mixed = product(u, 0.5, e, 1) * 12.0.squareRoot()
    #expect(Swift.abs(mixed) < 4 / 4000.0.squareRoot())
  }

  @Test("a key may be an array")
  func arrayKey() throws {
    let key = NDArray([7, 8])[0]
    #expect(
      try values(random.normal([5], key: key)) == values(random.normal([5], key: 7)))
  }
}
