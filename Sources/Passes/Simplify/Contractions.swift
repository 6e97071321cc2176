import WeftIR

/// Identities of contractions: operands' movements become labels.
extension Identity {
  static let contractions = [
    Identity("contract-nothing", "one operand with the result's labels is the result") { g, row in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 1 else {
        return nil
      }
      let (labels, output) = (contraction.operands[0], contraction.output)
      if labels == output { return .value(row.operands[0]) }
      guard labels.count == output.count, Set(labels).count == labels.count else { return nil }
      return .row(.permute(output.map { labels.firstIndex(of: $0) ?? 0 }), row.operands)
    },
    Identity("contract-permute", "permuted operands are relabelled") { g, row in
      guard case .contract(let contraction) = row.op else { return nil }
      var labels = contraction.operands
      var operands = row.operands
      for (i, operand) in row.operands.enumerated() {
        guard case .permute(let axes) = g.op(operand),
          let source = g.operands(operand.index).first
        else { continue }
        for (axis, origin) in axes.enumerated() {
          labels[i][origin] = contraction.operands[i][axis]
        }
        operands[i] = source
      }
      if operands == row.operands { return nil }
      return .row(.contract(Contraction(labels, to: contraction.output)), operands)
    },
    Identity(
      "contract-broadcast", "an index that another operand has is not repeated", .contraction
    ) { g, row in
      guard case .contract(let contraction) = row.op, row.operands.count > 1 else { return nil }
      var labels = contraction.operands
      var operands = row.operands
      for (i, operand) in row.operands.enumerated() {
        guard case .broadcast(let shape, let place) = g.op(operand), !place.isEmpty,
          let source = g.operands(operand.index).first,
          zip(place, 0...).allSatisfy({ shape[$0] == g.type(source).shape[$1] })
        else { continue }
        let kept = place.map { labels[i][$0] }
        let others = Set(labels.indices.filter { $0 != i }.flatMap { labels[$0] }).union(kept)
        guard labels[i].allSatisfy({ others.contains($0) }) else { continue }
        // A repeated label that stands on a broadcast axis and on a kept one selects nothing.
        labels[i] = kept
        operands[i] = source
      }
      if operands == row.operands { return nil }
      return .row(.contract(Contraction(labels, to: contraction.output)), operands)
    },
  ]
}
