import WeftIR

/// What orders of a contraction cost where some operands are sparse: by stored elements.
struct StoredCost: Sendable {
  private let network: ContractionNetwork
  /// The share of each operand's elements that is stored; 1 for dense ones.
  private let shares: [Double]
  /// What writing and reading an element costs, in multiplications.
  private let elementCost: Double

  init(_ network: ContractionNetwork, _ shares: [Double], itemSize: Double) {
    self.network = network
    self.shares = shares
    elementCost = 2 * itemSize * ContractionCost.byte
  }

  /// A step: two operations for each combination that has an entry in both, and the result.
  func cost(of pair: PathPair) -> Double {
    let (left, right) = (share(of: pair.left), share(of: pair.right))
    return 2 * pair.multiplyAdds * left * right
      + pair.resultSize * share(of: pair.left.union(pair.right)) * elementCost
  }

  /// The share of the product of some operands that has an entry: independent positions are summed.
  private func share(of set: OperandSet) -> Double {
    let members = set.members.filter { network.operands.indices.contains($0) }
    let sparse = members.filter { shares[$0] < 1 }
    if sparse.isEmpty { return 1 }
    let own = Set(sparse.flatMap { network.operands[$0] })
    let others = network.operands.indices.filter { !members.contains($0) }
      .flatMap { network.operands[$0] }
    let kept = Set(others + network.output)
    let summed = own.subtracting(kept).reduce(1.0) { $0 * Double(max(0, network.extents[$1])) }
    // Labels of dense operands alone are free: they repeat what the sparse ones hold, and a result
    // with free labels is dense.
    let all = Set(members.flatMap { network.operands[$0] })
    let isDense = sparse.count == 1 && !all.intersection(kept).isSubset(of: own)
    if isDense { return 1 }
    return GraphLayouts.any(of: summed, sparse.reduce(1) { $0 * shares[$1] })
  }

  /// Whether visiting the entries of the only sparse operand costs less than an order of pairs: no
  /// product of dense operands is made, and each entry multiplies all of them.
  func visitsEntries(insteadOf path: ContractionPath) -> Bool {
    guard shares.count(where: { $0 < 1 }) == 1 else { return false }
    let all = Set(network.operands.joined())
    let combinations = all.reduce(1.0) { $0 * Double(max(0, network.extents[$1])) }
    // Rows are gathered for each entry, which blocks of a product are not.
    let entries = 2 * combinations * shares.reduce(1, *) * Double(shares.count)
    let result = network.output.reduce(1.0) { $0 * Double(max(0, network.extents[$1])) }
    let kept = Set(network.output)
    let own = network.operands.indices.first { shares[$0] < 1 }.map { network.operands[$0] } ?? []
    let isInside = kept.isSubset(of: own)
    let written = isInside ? result * shares.reduce(1, *) : result
    var model = PathCostModel(.flops)
    model.pairCost = { cost(of: $0) }
    return entries + written * elementCost <= network.cost(of: path, by: model)
  }
}
