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
  /// About what a row costs, by the measure of `ContractionCost`.
  func contractionCost(_ row: Int) -> Double {
    guard let type = types(row).first, let total = type.shape.count else { return 0 }
    let elements = Double(total)
    let read = operands(row).reduce(0.0) { $0 + count(of: $1) }
    switch rows[row].op {
    case .map: return elements + ContractionCost.step / 10
    case .contract, .reduce:
      return ContractionCost.operation(flops(row), moving: read + elements, type.dtype)
    case .call: return flops(row) + ContractionCost.step
    default: return 0
    }
  }

  private func count(of value: Value) -> Double { Double(type(value).shape.count ?? 0) }
}
