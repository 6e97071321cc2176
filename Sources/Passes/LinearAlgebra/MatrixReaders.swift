import WeftIR

/// Who reads the inverses and the products of a graph, by row.
struct MatrixReaders {
  /// Inverses that nothing but sums and products with matrices or vectors reads.
  var summed: Set<Int> = []
  /// All other inverses.
  var read: Set<Int> = []
  /// Products that are read as the matrices of systems, inverses and determinants alone.
  var factored: Set<Int> = []

  init() {}

  init(_ graph: Graph) {
    var hasInverse = false
    for row in 0..<graph.count {
      guard case .call(let routine) = graph.rows[row].op, Self.factoring.contains(routine.name),
        let matrix = graph.operands(row).first
      else { continue }
      if routine.name == "inv" {
        hasInverse = true
        summed.insert(row)
      }
      if matrix.result == 0, GraphFacts.matrixProduct(matrix.index, of: graph) != nil {
        factored.insert(matrix.index)
      }
    }
    if !hasInverse, factored.isEmpty { return }
    func read(_ value: Value) {
      if summed.remove(value.index) != nil { self.read.insert(value.index) }
    }
    for output in graph.outputs {
      read(output)
      factored.remove(output.index)
    }
    for row in 0..<graph.count {
      switch graph.rows[row].op {
      case .reduce(let f, _) where f == .add:
        for operand in graph.operands(row) { factored.remove(operand.index) }
      case .contract(let contraction) where contraction.operands.count == 2:
        for (n, operand) in graph.operands(row).enumerated() {
          if !contraction.isProductWithMatrix(n) { read(operand) }
          factored.remove(operand.index)
        }
      case .call(let routine) where Self.factoring.contains(routine.name):
        for (n, operand) in graph.operands(row).enumerated() {
          read(operand)
          if n > 0 { factored.remove(operand.index) }
        }
      default:
        for operand in graph.operands(row) {
          read(operand)
          factored.remove(operand.index)
        }
      }
    }
  }

  private static let factoring: Set<String> = ["inv", "solve", "det", "slogdet"]
}

extension Contraction {
  /// Whether an operand is a matrix of which one index is summed with the other operand's, a matrix or a
  /// vector.
  fileprivate func isProductWithMatrix(_ n: Int) -> Bool {
    let (own, others) = (operands[n], operands[1 - n])
    guard own.count == 2, own[0] != own[1], (1...2).contains(others.count) else { return false }
    let summed = own.filter { others.contains($0) && !output.contains($0) }
    return summed.count == 1
      && own.allSatisfy { $0 == summed[0] || output.contains($0) && !others.contains($0) }
  }
}
