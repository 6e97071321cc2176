import Testing
import Weft

// Expected values are NumPy 2.4's.
@Suite("Statistics") struct StatisticsTests {
  let x = NDArray([3.0, -1.0, 2.5, 0.0, 4.0])

  private func near(_ a: NDArray, _ expected: [Double], _ tolerance: Double = 1e-14) throws -> Bool
  {
    let values: [Double] = try reference(a)
    guard values.count == expected.count else { return false }
    return zip(values, expected).allSatisfy { Swift.abs($0 - $1) <= tolerance }
  }

  @Test("medians take the mean of the middle two, and NaN wins")
  func medians() throws {
    #expect(try reference(median(x)) == [2.5])
    #expect(try reference(median(NDArray([3, 1, 2, 4]))) == [2.5])
    #expect(try reference(median(NDArray([1, .nan, 2])), as: Double.self)[0].isNaN)
    #expect(try reference(median(zeros([0])), as: Double.self)[0].isNaN)
    #expect(median(zeros([2, 3, 4]), axes: [0, 2], keepAxes: true).shape == [1, 3, 1])
  }

  @Test("each method finds its quantile", arguments: StatisticsTests.methods)
  func quantileMethods(method: QuantileMethod, expected: Double) throws {
    #expect(try near(quantile(x, 0.35, method: method), [expected], 1e-12))
  }

  static let methods: [(QuantileMethod, Double)] = [
    (.invertedCDF, 0), (.averagedInvertedCDF, 0), (.closestObservation, 0),
    (.interpolatedInvertedCDF, -0.25), (.hazen, 0.625), (.weibull, 0.25), (.linear, 1),
    (.medianUnbiased, 0.5), (.normalUnbiased, 0.53125), (.lower, 0), (.higher, 2.5),
    (.midpoint, 1.25), (.nearest, 0),
  ]

  @Test("quantiles have the shape of q in front, and percentiles are hundredths")
  func quantiles() throws {
    let q = NDArray([0.1, 0.5, 0.95])
    #expect(try near(quantile(x, q), [-0.6, 2.5, 3.8]))
    #expect(quantile(zeros([4, 3]), q, axis: 0).shape == [3, 3])
    #expect(try near(percentile(x, 25), [0]))
    #expect(quantile(zeros([3], dtype: .float32), 0.5).dtype == .float32)
    #expect(code(quantile(x, 1.5)) == .value)
    #expect(code(percentile(x, [20, 101])) == .value)
  }

  @Test("averages weigh along an axis or over the array")
  func averages() throws {
    let m: NDArray = [[1.0, 2.0], [3.0, 4.0]]
    #expect(try reference(average(m, axis: 0, weights: NDArray([1.0, 3.0]))) == [2.5, 3.5])
    #expect(try reference(average(m, weights: m)) == [3.0])
    #expect(code(average(m, weights: NDArray([1.0]))) == .shapeMismatch)
  }

  @Test("covariance and correlation of rows")
  func covariance() throws {
    let m: NDArray = [[1.0, 2.0, 4.0], [2.0, 1.0, 0.0]]
    #expect(try near(cov(m), [7.0 / 3, -1.5, -1.5, 1]))
    #expect(try near(corrcoef(m), [1, -0.9819805060619657, -0.9819805060619657, 1]))
    #expect(cov(m[0]).shape == [])
  }

  @Test("histograms count the last edge in, and edges may be given")
  func histograms() throws {
    let (counts, edges) = histogram(x, bins: 4)
    #expect(try reference(counts) == [2, 0, 1, 2])
    #expect(try reference(edges) == [-1.0, 0.25, 1.5, 2.75, 4.0])
    let given = histogram(x, bins: .edges(NDArray([0, 2, 3])), density: true)
    #expect(try near(given.counts, [1.0 / 6, 2.0 / 3]))
    #expect(try reference(histogram(zeros([0]), bins: 2).counts) == [0, 0])
    #expect(code(histogram(x, bins: .edges(NDArray([2, 1]))).counts) == .value)
  }

  @Test("bincount has a length that only the data tell")
  func bincounts() throws {
    let counts = bincount(NDArray([1, 300, 1, 0]))
    #expect(counts.shape == [nil])
    let values: [Int] = try reference(counts)
    #expect(values.count == 301)
    #expect(values[0] == 1 && values[1] == 2 && values[300] == 1)
    #expect(try reference(bincount(NDArray([1, 1]), weights: NDArray([0.5, 1]))) == [0.0, 1.5])
    #expect(try reference(bincount(NDArray([1]), minLength: 4)) == [0, 1, 0, 0])
    #expect(code(bincount(NDArray([-1]))) == .value)
    let late = bincount(NDArray([1, 2]) - 3)
    #expect(throws: WeftError.self) { try late.compute(on: .reference) }
  }

  @Test("digitize takes bins that ascend or descend")
  func digitized() throws {
    #expect(try reference(digitize(x, NDArray([0, 2.5]))) == [2, 0, 2, 1, 2])
    #expect(try reference(digitize(x, NDArray([2.5, 0]), right: true)) == [0, 2, 1, 2, 0])
    #expect(code(digitize(x, NDArray([1, 3, 2]))) == .value)
  }

  @Test("differences, gradients and integrals")
  func differences() throws {
    #expect(try reference(diff(x)) == [-4.0, 3.5, -2.5, 4.0])
    #expect(try reference(diff(x, n: 2, append: 0.0)) == [7.5, -6.0, 6.5, -8.0])
    #expect(diff(x, n: 9).shape == [0])
    #expect(try reference(ediff1d(NDArray([1, 4, 9]), toEnd: 7)) == [3, 5, 7])
    #expect(try reference(gradient(x, axis: 0)) == [-4.0, -0.25, 0.5, 0.75, 4.0])
    #expect(try reference(gradient(x, axis: 0, edgeOrder: 2)) == [-7.75, -0.25, 0.5, 0.75, 7.25])
    #expect(try reference(trapezoid(x, dx: 0.5)) == [2.5])
    #expect(try near(unwrap(NDArray([0.0, 3.0, 7.0])), [0, 3, 0.7168146928204138]))
    #expect(code(gradient(NDArray([1.0]), axis: 0)) == .value)
  }

  @Test("convolutions have three lengths, and what does not overlap adds nothing")
  func convolutions() throws {
    let (a, v) = (NDArray([1, 2, 3]), NDArray([0, 1]))
    #expect(try reference(convolve(a, v)) == [0, 1, 2, 3])
    #expect(try reference(convolve(a, v, mode: .same)) == [0, 1, 2])
    #expect(try reference(convolve(v, a, mode: .valid)) == [1, 2])
    #expect(try reference(correlate(a, v)) == [2, 3])
    #expect(try reference(correlate(v, a, mode: .full)) == [0, 3, 2, 1])
    let infinite = convolve(NDArray([1.0, 2.0]), NDArray([.infinity, 1.0]))
    #expect(try reference(infinite) == [Double.infinity, .infinity, 2])
    #expect(code(convolve(a, zeros([0]))) == .value)
  }

  @Test("interpolation holds the ends, and polynomials follow Horner")
  func interpolation() throws {
    let (xp, fp) = (NDArray([0.0, 1.0, 3.0]), NDArray([10.0, 20.0, 0.0]))
    #expect(try reference(interp(NDArray([-1.0, 0.5, 2, 3, 9]), xp, fp)) == [10.0, 15, 10, 0, 0])
    #expect(try reference(interp(NDArray([-1.0, 9]), xp, fp, left: -7, right: 7)) == [-7.0, 7])
    #expect(try reference(polyval(NDArray([1, 2, 3]), NDArray([0, 2]))) == [3, 11])
    #expect(try reference(vander(NDArray([2, 3]), columns: 3)) == [4, 2, 1, 9, 3, 1])
  }
}
