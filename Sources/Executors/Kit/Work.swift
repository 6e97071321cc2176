import WeftIR

extension Graph {
  /// About how many elements the live rows make and read; contractions count their products.
  ///
  /// Extents that only the data tell count as 1.
  var work: Double {
    let live = liveRows()
    var total = 0.0
    for row in 0..<count where live[row] {
      switch rows[row].op {
      case .input, .constant: continue
      case .contract(let contraction):
        var extents: [Int: Double] = [:]
        for (labels, operand) in zip(contraction.operands, operands(row)) {
          for (axis, label) in labels.enumerated() {
            extents[label] = Self.elements(type(operand).shape[axis])
          }
        }
        total += extents.values.reduce(1, *)
      default:
        for type in types(row) { total += Self.elements(type.shape) }
        for operand in operands(row) { total += Self.elements(type(operand).shape) }
      }
    }
    return total
  }

  private static func elements(_ shape: Shape) -> Double {
    shape.extents.reduce(1) { $0 * elements($1) }
  }

  private static func elements(_ extent: Extent) -> Double {
    if case .known(let n) = extent { Double(n) } else { 1 }
  }
}
