/// The order in which the operands of a network are contracted, two at a time.
///
/// Steps name values: 0..<operandCount are the operands, `operandCount + k` is the result of step k
/// (single-assignment form). The steps are a binary tree whose root is the last one.
public struct ContractionPath: Hashable, Sendable {
  /// Two values that become one.
  public struct Step: Hashable, Sendable {
    /// The first value.
    public var left: Int
    /// The second value.
    public var right: Int

    /// A step of two values.
    public init(_ left: Int, _ right: Int) {
      self.left = left
      self.right = right
    }
  }

  /// The number of operands.
  public let operandCount: Int
  /// The steps, operands first: none uses a value that a later one makes.
  public let steps: [Step]

  /// A path of steps that use each value once, in order; `mistake(in:)` checks what users give.
  public init(operandCount: Int, steps: [Step]) {
    self.operandCount = operandCount
    self.steps = steps
  }

  /// From the left to the right, as written.
  public static func leftToRight(_ operandCount: Int) -> ContractionPath {
    let steps = (1..<max(operandCount, 1)).map { position in
      Step(position == 1 ? 0 : operandCount + position - 2, position)
    }
    return ContractionPath(operandCount: operandCount, steps: steps)
  }

  /// The values that a value is made of, or nil for an operand.
  public func parts(of value: Int) -> Step? {
    value < operandCount ? nil : steps[value - operandCount]
  }
}

// MARK: - Linear form

extension ContractionPath {
  /// The path as positions in a list: each step takes two out and appends the result.
  ///
  /// - NumPy: what `numpy.einsum_path` lists behind its first word; opt_einsum's linear form.
  public var linear: [[Int]] {
    if operandCount == 1 { return [[0]] }
    // A value's position is the number of values before it that are still there.
    var tree = PositionTree(operandCount + steps.count)
    for value in 0..<operandCount { tree.add(value, 1) }
    return steps.enumerated().map { number, step in
      let (a, b) = (min(step.left, step.right), max(step.left, step.right))
      let pair = [tree.count(before: a), tree.count(before: b)]
      tree.add(a, -1)
      tree.add(b, -1)
      tree.add(operandCount + number, 1)
      return pair
    }
  }

  /// A path from its linear form, whose steps may take more than two positions (contracted from the
  /// left to the right) or one (nothing to do).
  ///
  /// - Throws: `PathMistake` for positions that are not in the list or stand twice, and for lists
  ///   that leave more than one value.
  public init(linear: [[Int]], operandCount: Int) throws(PathMistake) {
    var present = Array(0..<operandCount)
    var steps: [Step] = []
    for (number, positions) in linear.enumerated() {
      guard !positions.isEmpty else { throw PathMistake("step \(number) names no operand") }
      for (place, position) in positions.enumerated() {
        guard present.indices.contains(position) else {
          throw PathMistake(
            "step \(number) names position \(position) of \(present.count) operands")
        }
        if positions[..<place].contains(position) {
          throw PathMistake("step \(number) names position \(position) twice")
        }
      }
      let values = positions.map { present[$0] }
      for position in positions.sorted(by: >) { present.remove(at: position) }
      var result = values[0]
      for value in values.dropFirst() {
        steps.append(Step(result, value))
        result = operandCount + steps.count - 1
      }
      present.append(result)
    }
    guard present.count == 1 else {
      throw PathMistake("\(present.count) operands are left after the last step; one must be")
    }
    self.init(operandCount: operandCount, steps: steps)
  }
}

/// Why a path is none, in words.
public struct PathMistake: Error, Hashable, Sendable {
  /// What was given and what was expected.
  public let message: String

  init(_ message: String) { self.message = message }
}

/// Counts by position with sums of prefixes in logarithmic time (Fenwick's tree).
private struct PositionTree {
  private var sums: [Int]

  init(_ count: Int) { sums = Array(repeating: 0, count: count + 1) }

  mutating func add(_ position: Int, _ amount: Int) {
    var node = position + 1
    while node < sums.count {
      sums[node] += amount
      node += node & -node
    }
  }

  func count(before position: Int) -> Int {
    var node = position
    var sum = 0
    while node > 0 {
      sum += sums[node]
      node &= node - 1
    }
    return sum
  }
}
