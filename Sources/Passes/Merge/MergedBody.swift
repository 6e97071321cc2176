import WeftIR

/// What elementwise rows compute for one element, written into a kernel.
struct MergedBody {
  private let graph: Graph
  private let rows: [Int]

  /// The rows in order; the last is the result.
  init(_ graph: Graph, _ rows: [Int]) {
    self.graph = graph
    self.rows = rows
  }

  /// Whether kernels have all functions and dtypes.
  var isWritable: Bool {
    rows.allSatisfy { row in
      let types = graph.operands(row).map { graph.type($0).dtype }
      if (types + [graph.type(Value(row: row)).dtype]).contains(where: \.isComplex) { return false }
      switch graph.rows[row].op {
      case .map(let f):
        return KernelLibrary.function(f, Self.computing(types[f == .select ? 1 : 0])) != nil
      case .convert: return true
      default: return false
      }
    }
  }

  /// The result for terms of the values from outside.
  func term(_ inputs: [Value: KernelTerm], _ builder: KernelBuilder) -> KernelTerm? {
    var terms = inputs
    for row in rows {
      let dtype = graph.type(Value(row: row)).dtype
      let operands = graph.operands(row).compactMap { terms[$0] }
      switch graph.rows[row].op {
      case .map(let f):
        let wide = operands.map { $0.converted(to: Self.computing($0.dtype)) }
        terms[Value(row: row)] =
          builder.call(f, Self.computing(dtype), wide).converted(to: dtype)
      case .convert:
        guard let operand = operands.first else { return nil }
        terms[Value(row: row)] =
          operand.dtype == dtype ? operand : builder.define(dtype, .astype(operand.operand))
      default: return nil
      }
    }
    return rows.last.flatMap { terms[Value(row: $0)] }
  }

  /// The dtype in which kernels compute elements.
  private static func computing(_ dtype: DType) -> DType { ClusterLowering.computing(dtype) }
}
