import WeftIR

/// What products cost, in multiplications and additions.
///
/// Moving a byte counts as `byte` of them and a step as `step`: a core of today does some 40 in
/// the time in which it reads or writes 8 bytes of memory, and tens of thousands while a step begins.
struct ContractionCost {
  static let byte = 5.0
  static let step = 10_000.0
  /// What a rewrite must save of the cost to be made.
  static let gain = 0.999

  /// An operation on elements that reads and writes so many elements.
  static func operation(_ count: Double, moving elements: Double, _ dtype: DType) -> Double {
    let width = dtype.isComplex ? 4.0 : 1.0
    return count * width + elements * Double(dtype.itemSize) * byte + step
  }
}

extension Graph {
  /// About what each live row costs, by the measure of `ContractionCost`.
  ///
  /// A function whose elements a product or a routine reads is written to memory for that.
  func contractionCosts() -> [Double] {
    let live = liveRows()
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
      costs[row] = contractionCost(row, isStored: isStored[row], layouts)
    }
    return costs
  }

  private func contractionCost(
    _ row: Int, isStored: Bool, _ layouts: GraphLayouts?
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
        ? ContractionCost.operation(elements, moving: 2 * elements, type.dtype)
        : elements + ContractionCost.step / 10
    case .contract, .reduce:
      return ContractionCost.operation(flops(row, layouts), moving: read + elements, type.dtype)
    case .call: return flops(row) + ContractionCost.step
    default: return 0
    }
  }
}
