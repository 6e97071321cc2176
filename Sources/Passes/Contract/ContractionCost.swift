import WeftIR

/// What products cost, in multiplications and additions.
///
/// Moving a byte counts as `byte` of them and a step as `step`; see `CostRates`.
struct ContractionCost {
  static let byte = CostRates.standard.byte
  /// What a rewrite must save of the cost to be made.
  static let gain = 0.999

  /// An operation on elements that reads and writes so many elements.
  static func operation(
    _ count: Double, moving elements: Double, _ dtype: DType, _ rates: CostRates = .standard
  ) -> Double {
    let width = dtype.isComplex ? 4.0 : 1.0
    return count * width + elements * Double(dtype.itemSize) * rates.byte + rates.step
  }
}

extension Graph {
  /// About what each live row costs, by the measure of `ContractionCost`.
  ///
  /// A function whose elements a product or a routine reads is written to memory for that.
  func contractionCosts(_ rates: CostRates) -> [Double] {
    let live = liveRows()
    let diagonals = diagonalRows()
    let layouts = isSparse ? GraphLayouts(self) : nil
    var isStored = Array(repeating: false, count: count)
    var costs = Array(repeating: 0.0, count: count)
    for row in (0..<count).reversed() where live[row] {
      let isRead: Bool
      switch rows[row].op {
      case .contract, .call: isRead = true
      case .permute, .slice, .reshape, .broadcast: isRead = isStored[row]
      default: isRead = false
      }
      if isRead { for operand in operands(row) { isStored[operand.index] = true } }
      costs[row] = contractionCost(row, isStored: isStored[row], diagonals, rates, layouts)
    }
    return costs
  }

  /// The rows whose value is known to be a diagonal matrix: what multiplies one is scaled.
  func diagonalRows() -> Set<Int> {
    let mayBe =
      parameters.contains { $0.facts.isDiagonal }
      || rows.contains { row in
        switch row.op {
        case .iota, .pad: true
        case .call(let routine): routine.name == "assume"
        default: false
        }
      }
    if !mayBe { return [] }
    let facts = GraphFacts(self)
    return Set((0..<count).filter { facts[Value(row: $0)].isDiagonal })
  }

  private func contractionCost(
    _ row: Int, isStored: Bool, _ diagonals: Set<Int>, _ rates: CostRates, _ layouts: GraphLayouts?
  ) -> Double {
    guard let type = types(row).first, let total = type.shape.count else { return 0 }
    func size(_ value: Value) -> Double {
      layouts.map { $0.storedCount(of: value) } ?? Double(self.type(value).shape.count ?? 0)
    }
    let elements = layouts == nil ? Double(total) : size(Value(row: row))
    let read = operands(row).reduce(0.0) { $0 + size($1) }
    switch rows[row].op {
    case .map:
      return isStored
        ? ContractionCost.operation(elements, moving: 2 * elements, type.dtype, rates)
        : elements + rates.step / 10
    case .contract(let contraction)
    where contraction.operands.count == 2 && layouts == nil
      && operands(row).contains { diagonals.contains($0.index) }:
      return ContractionCost.operation(elements, moving: 2 * elements, type.dtype, rates)
    case .contract, .reduce:
      return ContractionCost.operation(
        flops(row, layouts), moving: read + elements, type.dtype, rates)
    case .call: return flops(row) + rates.step
    default: return 0
    }
  }
}
