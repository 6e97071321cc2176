#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an order costs, as logarithms: networks of a thousand operands pass any number type.
public struct PathCost: Hashable, Sendable {
  /// Scalar multiply-adds: for each step the product of the extents of all indices of both values.
  public var log2MultiplyAdds: Double
  /// The same, times two where a step sums an index (opt_einsum's count).
  public var log2Flops: Double
  /// The elements of the largest value, operands and result included.
  public var log2Largest: Double
  /// The elements of the largest value that a step makes.
  public var log2LargestMade: Double
  /// The elements of all values that steps make.
  public var log2Written: Double

  /// The count of multiply-adds in powers of ten.
  public var log10MultiplyAdds: Double { log2MultiplyAdds * 0.301_029_995_663_981_2 }
  /// opt_einsum's count in powers of ten.
  public var log10Flops: Double { log2Flops * 0.301_029_995_663_981_2 }
}

extension ContractionNetwork {
  /// What a path costs.
  public func cost(of path: ContractionPath) -> PathCost {
    var evaluation = PathEvaluation(self)
    return evaluation.run(path, in: self) { _, _, _ in }
  }

  /// What a path costs by a model; infinite past what a number holds.
  public func cost(of path: ContractionPath, by model: PathCostModel) -> Double {
    let step = StepCost(model)
    var evaluation = PathEvaluation(self)
    var total = 0.0
    guard let pairCost = model.pairCost else {
      _ = evaluation.run(path, in: self) { union, size, flops in
        total += step.value(work: exp2(union), size: exp2(size), sums: flops > union)
      }
      return total
    }
    var sets = (0..<operands.count).map { OperandSet($0) }
    var sizes = operands.map { indices in
      Set(indices).reduce(1.0) { $0 * Double(max(extents[$1], 1)) }
    }
    _ = evaluation.run(path, in: self) { union, size, _ in
      let pair = path.steps[sets.count - operands.count]
      total += pairCost(
        PathPair(
          left: sets[pair.left], right: sets[pair.right], multiplyAdds: exp2(union),
          leftSize: sizes[pair.left], rightSize: sizes[pair.right], resultSize: exp2(size)))
      sets.append(sets[pair.left].union(sets[pair.right]))
      sizes.append(exp2(size))
    }
    return total
  }

  /// The indices of each value of a path, operands first: what a step's result keeps is what the
  /// output or a value outside it holds, in the order of its left value, then of its right one.
  public func indices(along path: ContractionPath) -> [[Int]] {
    var evaluation = PathEvaluation(self)
    _ = evaluation.run(path, in: self) { _, _, _ in }
    return evaluation.values
  }
}

/// Walks a path over lists of indices; independent of the searches, which it checks.
struct PathEvaluation {
  /// The indices of each value.
  private(set) var values: [[Int]]
  /// How many values, and the output, hold an index.
  private var holders: [Int]
  private let log2Extents: [Double]
  /// The last step whose left value held an index.
  private var marks: [Int]

  init(_ network: ContractionNetwork) {
    values = network.operands.map { indices in
      var seen: [Int] = []
      for index in indices where !seen.contains(index) { seen.append(index) }
      return seen
    }
    holders = Array(repeating: 0, count: network.extents.count)
    for index in values.joined() { holders[index] += 1 }
    for index in network.output { holders[index] += 1 }
    log2Extents = network.extents.map { log2(Double(max($0, 1))) }
    marks = Array(repeating: -1, count: network.extents.count)
  }

  /// The cost of a path; `step` gets the union's, the kept indices' logarithm and the flops' one.
  mutating func run(
    _ path: ContractionPath, in network: ContractionNetwork,
    step: (Double, Double, Double) -> Void
  ) -> PathCost {
    values.reserveCapacity(values.count + path.steps.count)
    var multiplyAdds = LogSum()
    var flops = LogSum()
    var written = LogSum()
    var largest = values.reduce(0.0) { max($0, size($1)) }
    var largestMade = 0.0
    for (number, pair) in path.steps.enumerated() {
      var kept: [Int] = []
      var union = 0.0
      var all = values[pair.left].count
      for index in values[pair.left] { marks[index] = number }
      for index in values[pair.right] {
        if marks[index] == number { holders[index] -= 1 } else { all += 1 }
      }
      for index in values[pair.left] {
        union += log2Extents[index]
        if holders[index] > 1 { kept.append(index) } else { holders[index] = 0 }
      }
      for index in values[pair.right] where marks[index] != number {
        union += log2Extents[index]
        if holders[index] > 1 { kept.append(index) } else { holders[index] = 0 }
      }
      let size = size(kept)
      let count = union + (kept.count < all ? 1 : 0)
      multiplyAdds.add(union)
      flops.add(count)
      written.add(size)
      largest = max(largest, size)
      largestMade = max(largestMade, size)
      values.append(kept)
      step(union, size, count)
    }
    return PathCost(
      log2MultiplyAdds: multiplyAdds.value, log2Flops: flops.value, log2Largest: largest,
      log2LargestMade: largestMade, log2Written: written.value)
  }

  private func size(_ indices: [Int]) -> Double {
    indices.reduce(0.0) { $0 + log2Extents[$1] }
  }
}

/// The logarithm of a sum of powers of two; 0 (one) for no terms.
private struct LogSum {
  private var largest = -Double.infinity
  private var sum = 0.0

  mutating func add(_ exponent: Double) {
    if exponent > largest {
      sum = sum * exp2(largest - exponent) + 1
      largest = exponent
    } else {
      sum += exp2(exponent - largest)
    }
  }

  var value: Double { sum == 0 ? 0 : largest + log2(sum) }
}
