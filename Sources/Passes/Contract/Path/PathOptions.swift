/// What a search makes small.
public struct PathCostModel: Sendable {
  /// How the work of a step is counted.
  public enum Count: Hashable, Sendable {
    /// The product of the extents of all indices of both values.
    case multiplyAdds
    /// The same, times two where the step sums an index (opt_einsum's count).
    case flops
  }

  /// How the work of a step is counted.
  public var count: Count
  /// What writing an element costs, in units of the count; 0 counts the work alone.
  public var writeWeight: Double
  /// Whether the squares of the values' sizes count in place of the work: the largest decide.
  public var minimizesSize = false
  /// The cost of a step in place of the count, not negative; for operands with structure.
  ///
  /// Asked by the exact search and for the choice between orders found otherwise, which move by count.
  public var pairCost: (@Sendable (PathPair) -> Double)?

  /// A count with a weight of writes.
  public init(_ count: Count = .multiplyAdds, writeWeight: Double = 0) {
    self.count = count
    self.writeWeight = writeWeight
  }

  /// Multiply-adds alone.
  public static let multiplyAdds = PathCostModel(.multiplyAdds)
  /// opt_einsum's count.
  public static let flops = PathCostModel(.flops)
  /// The largest value.
  public static let size: PathCostModel = {
    var model = PathCostModel()
    model.minimizesSize = true
    return model
  }()
}

/// Two values that a step would contract, as a cost function sees them.
public struct PathPair: Sendable {
  /// The operands that the first value is made of.
  public var left: OperandSet
  /// The operands that the second value is made of.
  public var right: OperandSet
  /// The product of the extents of all indices of both.
  public var multiplyAdds: Double
  /// The elements of the first value.
  public var leftSize: Double
  /// The elements of the second value.
  public var rightSize: Double
  /// The elements of the result.
  public var resultSize: Double
}

/// Some of the operands of a network, any number of them.
public struct OperandSet: Hashable, Sendable {
  /// Operands 0 to 63; no allocation for those.
  var low: UInt64
  /// The others, 64 a word.
  var high: [UInt64] = []

  init(low: UInt64) { self.low = low }

  /// The set of one operand.
  public init(_ operand: Int) {
    low = operand < 64 ? 1 << UInt64(operand) : 0
    if operand >= 64 {
      high = Array(repeating: 0, count: operand / 64)
      high[operand / 64 - 1] = 1 << UInt64(operand & 63)
    }
  }

  /// Whether an operand is in.
  public func contains(_ operand: Int) -> Bool {
    if operand < 64 { return operand >= 0 && low >> UInt64(operand) & 1 != 0 }
    let word = operand / 64 - 1
    return word < high.count && high[word] >> UInt64(operand & 63) & 1 != 0
  }

  /// The operands in ascending order.
  public var members: [Int] {
    var result: [Int] = []
    for (position, word) in ([low] + high).enumerated() {
      var rest = word
      while rest != 0 {
        result.append(position * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return result
  }

  /// The operands of both.
  public func union(_ other: OperandSet) -> OperandSet {
    var result = OperandSet(low: low | other.low)
    if high.isEmpty && other.high.isEmpty { return result }
    let (short, long) = high.count < other.high.count ? (high, other.high) : (other.high, high)
    result.high = long
    for word in short.indices { result.high[word] |= short[word] }
    return result
  }
}

/// How an order is searched.
public struct PathOptions: Sendable {
  /// How the search goes about it.
  public enum Method: Hashable, Sendable {
    /// Exact for small networks, greedy and improved for larger ones, as far as the time goes.
    case automatic
    /// The best of all orders, however long it takes within the time; else the best found.
    case optimal
    /// The cheapest-looking pair at each step.
    case greedy
    /// From the left to the right.
    case leftToRight
  }

  /// How the search goes about it.
  public var method: Method
  /// What it makes small.
  public var model: PathCostModel
  /// The most seconds of search beyond the greedy order; 0 for what polynomial time gives.
  public var seconds: Double
  /// The most rounds of a search, for results that do not depend on the machine (with no seconds, or
  /// enough of them); nil for no limit.
  public var rounds: Int?
  /// The most elements of any value, the result included; nil for no limit.
  public var memoryLimit: Double?
  /// Whether a limit may be met by slices over indices.
  public var allowsSlicing = true
  /// Where random numbers begin.
  public var seed: UInt64 = 0
  /// The most threads.
  public var threadCount = 1

  /// Options of a method.
  public init(
    _ method: Method = .automatic, model: PathCostModel = .multiplyAdds, seconds: Double = 0
  ) {
    self.method = method
    self.model = model
    self.seconds = seconds
  }
}

/// An order with what it costs and how it was found.
public struct ContractionPlan: Sendable {
  /// The order.
  public var path: ContractionPath
  /// The indices that slices run over; the steps contract one slice, results add up or stand side
  /// by side.
  public var sliced: [Int] = []
  /// The cost of one slice.
  public var cost: PathCost
  /// The binary logarithm of the number of slices.
  public var log2Slices = 0.0
  /// Whether no order is cheaper by the model.
  public var isOptimal: Bool
  /// The least size of the largest value of all orders found, where a limit cannot be met; the
  /// path is then no answer.
  public var leastFeasibleSize: Double?
  /// The search that found it, in words.
  public var method: String

  /// A plan from its parts.
  public init(path: ContractionPath, cost: PathCost, isOptimal: Bool, method: String) {
    self.path = path
    self.cost = cost
    self.isOptimal = isOptimal
    self.method = method
  }
}
