#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How much of each value is stored, as an estimate.
///
/// Positions of different patterns are taken for independent and evenly spread, as is usual where only
/// counts are known (Ahrens, Kjolstad, Amarasinghe, "Autoscheduling for sparse tensor algebra with an
/// asymptotic cost model", PLDI 2022, 4): an intersection has the product of shares, a union what
/// remains of the product of the rests, and a sum of n products is there unless all n are not.
extension GraphLayouts {
  /// A share of elements that are stored, and the pattern that decides which.
  public struct Estimate: Hashable, Sendable {
    /// The share.
    public var share: Double
    /// The row whose positions these are; equal ones coincide.
    public var pattern: Int
  }

  /// The share of an array that somebody asks to be stored sparsely where nobody knows its elements.
  static let unknownShare = 1.0 / 16

  /// About which share of a value's elements is stored: 1 for a dense one, 0 for a repeated one.
  public func density(of value: Value) -> Double {
    switch self[value] {
    case .dense: 1
    case .uniform: 0
    case .sparse: estimates[value.index].share
    }
  }

  /// About how many elements of a value are stored.
  public func storedCount(of value: Value) -> Double {
    density(of: value) * Self.size(graph.type(value).shape)
  }

  /// About which share of the combinations of a product's labels has an entry in each sparse operand.
  public func combinations(of row: Int) -> Double {
    graph.operands(row).reduce(1) { self[$1].isSparse ? $0 * density(of: $1) : $0 }
  }

  /// Whether there is something to tell of how a row is stored: it is sparse, or a dense product of two
  /// sparse factors.
  public func tells(_ row: Int) -> Bool {
    if self[Value(row: row)].isSparse { return true }
    guard case .contract = graph.rows[row].op, graph.type(Value(row: row)).rank > 1 else {
      return false
    }
    return graph.operands(row).allSatisfy { self[$0].isSparse } && graph.operands(row).count == 2
  }

  /// About which share of a product's elements would be stored if it were sparse.
  public func likelyShare(_ row: Int) -> Double {
    guard case .contract(let contraction) = graph.rows[row].op else { return 1 }
    return density(of: contraction, row, labels: contraction.output)
  }

  static func size(_ shape: Shape) -> Double {
    shape.codes.reduce(1) { $0 * Double(max(0, $1)) }
  }

  /// The estimate of a row whose operands have theirs.
  func estimate(_ row: Int) -> Estimate {
    let none = Estimate(share: 1, pattern: row)
    guard self[Value(row: row)].isSparse else { return none }
    let operands = graph.operands(row)
    let type = graph.type(Value(row: row))
    func same() -> Estimate { operands.first.map { estimates[$0.index] } ?? none }
    func share(_ share: Double) -> Estimate { Estimate(share: share, pattern: row) }
    switch graph.rows[row].op {
    case .input(let n, _):
      guard let stored = graph.parameters[n].stored else { return share(Self.unknownShare) }
      return share(min(1, Double(stored) / max(1, Self.size(type.shape))))
    case .store:
      return operands.first.map { self[$0].isSparse } == true ? same() : share(Self.unknownShare)
    case .map(let f): return combined(f, row)
    case .convert: return same()
    case .permute, .reshape, .slice, .reverse, .broadcast, .gather, .sort, .compress:
      return share(same().share)
    case .reduce, .argReduce:
      guard let operand = operands.first else { return none }
      let folded = Self.size(graph.type(operand).shape) / max(1, Self.size(type.shape))
      return share(Self.any(of: folded, same().share))
    case .contract(let contraction):
      // At the entries of the only sparse factor, whose positions stay.
      let sparse = operands.enumerated().filter { self[$1].isSparse }
      if sparse.count == 1, contraction.operands[sparse[0].offset] == contraction.output {
        return estimates[sparse[0].element.index]
      }
      return share(density(of: contraction, row, labels: contraction.output))
    case .concatenate, .pad:
      let stored = operands.reduce(0) { $0 + storedCount(of: $1) }
      return share(min(1, stored / max(1, Self.size(type.shape))))
    case .call(let routine) where routine.semiring != nil:
      return share(
        density(of: Contraction([[0, 1], [1, 2]], to: [0, 2]), row, labels: [0, 2]))
    case .scatter:
      let stored = storedCount(of: operands[operands.startIndex])
      let put = Self.size(graph.type(operands[operands.startIndex + 1]).shape)
      return share(min(1, (stored + put) / max(1, Self.size(type.shape))))
    case .constant, .iota, .random, .scan, .call: return none
    }
  }

  /// The share of a function's results: where all operands that decide have entries, or some operand.
  private func combined(_ f: ScalarFunction, _ row: Int) -> Estimate {
    var patterns: [Int: Double] = [:]
    var deciding: [Int: Double] = [:]
    for (place, operand) in graph.operands(row).enumerated() {
      guard case .sparse(let layout) = self[operand] else { continue }
      let own = estimates[operand.index]
      patterns[own.pattern] = max(own.share, patterns[own.pattern] ?? 0)
      if let fill = layout.fill, f.isDecided(by: fill, at: place) {
        deciding[own.pattern] = min(own.share, deciding[own.pattern] ?? 1)
      }
    }
    let isUnion = deciding.isEmpty
    let parts = isUnion ? patterns : deciding
    if parts.count == 1, let only = parts.first {
      return Estimate(share: only.value, pattern: only.key)
    }
    let share =
      isUnion
      ? 1 - parts.values.reduce(1) { $0 * (1 - $1) } : parts.values.reduce(1) { $0 * $1 }
    return Estimate(share: share, pattern: row)
  }

  /// The share of a product over some labels that has an entry.
  func density(of contraction: Contraction, _ row: Int, labels: [Int]) -> Double {
    var summed: Set<Int> = []
    var extents: [Int: Double] = [:]
    for (own, operand) in zip(contraction.operands, graph.operands(row))
    where self[operand].isSparse {
      for (label, code) in zip(own, graph.type(operand).shape.codes) {
        extents[label] = Double(max(0, code))
        if !labels.contains(label) { summed.insert(label) }
      }
    }
    let count = summed.reduce(1.0) { $0 * (extents[$1] ?? 1) }
    return Self.any(of: count, combinations(of: row))
  }

  /// The chance that one of many is there, each with a share: 1 - (1 - share)^count.
  public static func any(of count: Double, _ share: Double) -> Double {
    if share >= 1 { return count > 0 ? 1 : 0 }
    return -expm1(count * log1p(-share))
  }
}
