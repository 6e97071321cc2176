import Foundation
import Testing

@testable import Weft

/// Random numbers against SciPy's distributions, recorded by `scripts/record-distributions.py`.
@Suite("Distributions")
struct DistributionTests {
  static let lines: [JSONValue] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Golden/random/distributions.jsonl").standardizedFileURL
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONParser.parse(Array($0.utf8)) }
  }()

  private func numbers(_ value: JSONValue?) -> [Double] { value?.items?.compactMap(\.double) ?? [] }

  /// What the program of a line draws with a seed.
  private func sample(
    _ line: JSONValue, seed: Int, threads: Int? = nil, on executor: ExecutorName = .reference
  ) throws -> [Double] {
    let program = "r = random.default_rng(\(seed)); \(try #require(line["program"]?.text))"
    let array = try #require(try Script.evaluate(program).arrays.first)
    return try array.asType(.float64).compute(on: executor).toArray()
  }

  @Test("every distribution is recorded")
  func recorded() { #expect(Self.lines.count > 80) }

  @Test("moments and distribution functions are SciPy's")
  func distributions() throws {
    var failures: [String] = []
    for line in Self.lines {
      let name = line["program"]?.text ?? ""
      let values = try sample(line, seed: 1)
      let count = Double(values.count)
      if values.contains(where: { $0.isNaN }) { failures.append("\(name): NaN") }
      if let mean = line["mean"]?.double, let variance = line["variance"]?.double, variance > 0 {
        let error = values.reduce(0, +) / count - mean
        // Five deviations of the mean, once in 1.7 million samples.
        if Swift.abs(error) > 5 * (variance / count).squareRoot() {
          failures.append("\(name): the mean is off by \(error)")
        }
      }
      let sorted = values.sorted()
      func below(_ x: Double) -> Double {
        var (low, high) = (0, sorted.count)
        while low < high {
          let middle = (low + high) / 2
          if sorted[middle] <= x { low = middle + 1 } else { high = middle }
        }
        return Double(low)
      }
      if line["points"] != nil {
        let (points, cdf) = (numbers(line["points"]), numbers(line["cdf"]))
        let greatest = zip(points, cdf).map { Swift.abs(below($0) / count - $1) }.max() ?? 0
        // Kolmogorov's statistic exceeds 2.2 once in 8,000 samples.
        if greatest * count.squareRoot() > 2.2 {
          failures.append("\(name): distance \(greatest * count.squareRoot())")
        }
      } else {
        let (edges, probabilities) = (numbers(line["edges"]), numbers(line["probabilities"]))
        let sums = [0] + edges.map(below) + [count]
        let chi = probabilities.enumerated().reduce(0.0) { total, item in
          let expected = item.element * count
          let difference = sums[item.offset + 1] - sums[item.offset] - expected
          return total + difference * difference / expected
        }
        if chi > line["critical"]?.double ?? 0 { failures.append("\(name): chi-square \(chi)") }
      }
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("the same numbers on every executor and number of threads, and for longer draws")
  func reproducible() throws {
    for name in ["poisson(12.5", "standard_gamma(0.7", "binomial(100, 0.4", "beta(0.5, 0.5"] {
      func draw(_ count: Int, _ executor: ExecutorName) throws -> [Double] {
        let program = "random.default_rng(5).\(name), size=\(count))"
        let array = try #require(try Script.evaluate(program).arrays.first)
        return try array.asType(.float64).compute(on: executor).toArray()
      }
      let whole = try draw(5000, .reference)
      #expect(try draw(5000, .blas) == whole)
      #expect(try draw(100, .blas) == Array(whole.prefix(100)))
    }
  }

  @Test("parameters broadcast and are checked")
  func parameters() throws {
    let counts = random.poisson([3, 2], mean: [0, 1000], key: 3)
    let drawn: [Int] = try counts.toArray()
    #expect(drawn[0] == 0 && drawn[2] == 0 && drawn[4] == 0)
    #expect(drawn[1] > 800 && drawn[3] < 1200)
    #expect(errorCode(random.poisson([2], mean: -1, key: 1)) == "value")
    #expect(
      errorCode(random.beta([2], alpha: NDArray([1.0, 0]).sum() - 1, beta: 1, key: 1)) == "value")
    #expect(errorCode(random.gamma([2], alpha: [1, 2, 3], key: 1)) == "broadcast")
    #expect(errorCode(random.zipf([2], exponent: 1, key: 1)) == "value")
    #expect(errorCode(random.triangular([2], left: 0, mode: 3, right: 2, key: 1)) == "value")
    #expect(try random.poisson([0], mean: 3, key: 1).compute().shape == [0])
    let certain: [Int] = try random.geometric([2], probability: 1, key: 1).toArray()
    #expect(certain == [1, 1])
    let none: [Double] = try random.gamma([2], alpha: 0, key: 1).toArray()
    #expect(none == [0, 0])
  }

  @Test("integers within bounds of their own are all there and none else")
  func boundedIntegers() throws {
    let drawn: [Int] = try random.integers(
      [2000, 2], lows: [-3, 5], highs: [0, 6], key: 9
    ).toArray()
    #expect(Set(drawn) == [-3, -2, -1, 5])
    #expect(errorCode(random.integers([2], lows: [3], highs: [3], key: 1)) == "value")
  }

  @Test("shares and counts of categories add up, with the right means")
  func rows() throws {
    let shares = random.dirichlet([4000], alpha: [0.5, 1, 2.5], key: 4)
    let sums: [Double] = try shares.sum(axis: 1).toArray()
    #expect(sums.allSatisfy { Swift.abs($0 - 1) < 1e-12 })
    let means: [Double] = try shares.mean(axis: 0).toArray()
    for (mean, alpha) in zip(means, [0.125, 0.25, 0.625]) {
      #expect(Swift.abs(mean - alpha) < 0.03)
    }
    let tiny: [Double] = try random.dirichlet([50], alpha: [1e-4, 1e-4], key: 4).toArray()
    #expect(tiny.allSatisfy { $0 >= 0 && $0 <= 1 })

    let counts = random.multinomial(
      [3000], count: 20, probabilities: [0.2, 0, 0.3, 0.5], key: 6)
    let totals: [Int] = try counts.sum(axis: 1).toArray()
    #expect(totals.allSatisfy { $0 == 20 })
    let frequencies: [Double] = try counts.mean(axis: 0).toArray()
    for (mean, expected) in zip(frequencies, [4.0, 0, 6, 10]) {
      #expect(Swift.abs(mean - expected) < 0.25)
    }
    #expect(
      errorCode(random.multinomial([], count: 3, probabilities: [0.9, 0.9, 0.1], key: 1)) == "value"
    )

    let colors = random.multivariateHypergeometric([3000], colors: [16, 8, 4], draws: 7, key: 8)
    let drawn: [Int] = try colors.sum(axis: 1).toArray()
    #expect(drawn.allSatisfy { $0 == 7 })
    let colorMeans: [Double] = try colors.mean(axis: 0).toArray()
    for (mean, expected) in zip(colorMeans, [4.0, 2, 1]) {
      #expect(Swift.abs(mean - expected) < 0.15)
    }
  }

  @Test("normal vectors have their mean and covariance", arguments: CovarianceMethod.allCases)
  func multivariateNormal(method: CovarianceMethod) throws {
    let covariance: NDArray = [[2, 0.6, 0], [0.6, 1, -0.3], [0, -0.3, 0.5]]
    let x = random.multivariateNormal(
      [20_000], mean: [1, -2, 3], covariance: covariance, method: method, tolerance: 1e-8, key: 12)
    let means: [Double] = try x.mean(axis: 0).toArray()
    for (mean, expected) in zip(means, [1.0, -2, 3]) { #expect(Swift.abs(mean - expected) < 0.05) }
    let found: [Double] = try cov(x, rowVariables: false).toArray()
    let wanted: [Double] = try covariance.asType(.float64).toArray()
    for (a, b) in zip(found, wanted) { #expect(Swift.abs(a - b) < 0.08) }
    #expect(
      errorCode(random.multivariateNormal([], mean: [1], covariance: [[1, 2]], key: 1)) != nil)
    let indefinite = random.multivariateNormal(
      [2], mean: [0, 0], covariance: [[1, 2], [2, 1]], method: method, tolerance: 1e-8, key: 1)
    #expect(errorCode(indefinite) == (method == .cholesky ? "not-positive-definite" : "value"))
  }

  @Test("a generator's draws differ, and are the same for the same seed")
  func generator() throws {
    var (keys, same) = (random.Generator(seed: 7), random.Generator(seed: 7))
    let first = (keys.next(), keys.next())
    #expect(first.0 != first.1)
    #expect(first.0 == same.next() && first.1 == same.next())
    let bytes: [UInt8] = try random.bytes(1000, key: 3).toArray()
    #expect(Set(bytes).count > 200)
  }
}
