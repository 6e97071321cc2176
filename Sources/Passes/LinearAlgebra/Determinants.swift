import WeftIR

extension FactRule {
  /// Rules about determinants.
  static let determinants = [
    FactRule(
      "log-determinant", "the logarithm of a determinant is a sum of logarithms", .stable
    ) { g, row, _ in
      guard case .map(.log) = row.op, !row.type.dtype.isComplex else { return nil }
      var source = row.operands[0]
      var isAbsolute = false
      if case .map(.abs) = g.op(source), let inner = g.operands(source.index).first {
        source = inner
        isAbsolute = true
      }
      guard case .call(.det) = g.op(source), let matrix = g.operands(source.index).first,
        g.type(matrix).dtype == row.type.dtype
      else { return nil }
      let parts = try g.add(.call(.slogdet), [matrix], site: g.rows[source.index].site)
      let logarithm = Value(row: parts.index, result: 1)
      if isAbsolute { return .value(logarithm) }
      // log(1) is 0, log(-1) is NaN, and log(0) is the logarithm's own -inf.
      let sign = try g.add(.map(.log), [parts], site: row.site)
      return .value(try g.add(.map(.add), [sign, logarithm], site: row.site))
    }
  ]
}
