import WeftIR

/// Arrays that a product of matrices is multiplied with, element by element: where most of one is
/// zero, most of the product is not wanted.
enum MaskSearch {
  /// Products of fewer multiplications are done before a plan for them is found.
  private static let leastMultiplications = 1 << 21

  /// The parameters to look at, in ascending order.
  static func parameters(of graph: Graph) -> [Int] {
    var found: Set<Int> = []
    for row in 0..<graph.count {
      let operands = graph.operands(row)
      switch graph.rows[row].op {
      case .map(let f) where f == .multiply || f == .select:
        guard operands.contains(where: { isGreat($0, in: graph) }) else { continue }
        for operand in operands {
          if let n = parameter(operand, in: graph) { found.insert(n) }
        }
      case .contract(let contraction) where contraction.operands.count == 3:
        guard contraction.output.count <= 2 else { continue }
        for operand in operands {
          if let n = parameter(operand, in: graph) { found.insert(n) }
        }
      default: continue
      }
    }
    return found.sorted()
  }

  /// Whether a value is a product that is worth leaving parts of out.
  private static func isGreat(_ value: Value, in graph: Graph) -> Bool {
    guard case .contract(let contraction) = graph.op(value), contraction.operands.count == 2,
      let result = graph.type(value).shape.known, result.count == 2,
      let left = graph.operands(value.index).first.flatMap({ graph.type($0).shape.count })
    else { return false }
    let (product, overflows) = left.multipliedReportingOverflow(by: result[1])
    return overflows || product >= leastMultiplications
  }

  /// The matrix in memory that a value is, perhaps transposed or converted.
  private static func parameter(_ value: Value, in graph: Graph) -> Int? {
    var current = value
    for _ in 0..<3 {
      switch graph.op(current) {
      case .input(let n, let type): return type.rank == 2 ? n : nil
      case .permute, .convert:
        guard let source = graph.operands(current.index).first else { return nil }
        current = source
      default: return nil
      }
    }
    return nil
  }
}
