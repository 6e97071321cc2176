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
    Identity("diagonal-map", "of a function only the diagonal's elements are computed") { g, row in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 1,
        Set(contraction.operands[0]) == Set(contraction.output),
        contraction.output.count < contraction.operands[0].count,
        case .map = g.op(row.operands[0])
      else { return nil }
      let function = g.op(row.operands[0])
      var parts: [Value] = []
      for operand in g.operands(row.operands[0].index) {
        parts.append(try g.add(row.op, [operand], site: row.site))
      }
      return .row(function, parts)
    },
    Identity(
      "outer-product", "a product that sums one element at most is elementwise", .contraction
    ) { g, row in
      guard case .contract(let contraction) = row.op, row.operands.count == 2,
        row.type.dtype.itemSize > 2, row.type.dtype != .bool, row.type.shape.isKnown,
        row.operands.allSatisfy({ g.type($0).shape.isKnown })
      else { return nil }
      var parts: [(labels: [Int], shape: [Int])] = []
      for (labels, operand) in zip(contraction.operands, row.operands) {
        guard Set(labels).count == labels.count else { return nil }
        let codes = g.type(operand).shape.codes
        let kept = labels.indices.filter { contraction.output.contains(labels[$0]) }
        guard labels.indices.allSatisfy({ kept.contains($0) || codes[$0] == 1 }) else { return nil }
        parts.append((kept.map { labels[$0] }, kept.map { codes[$0] }))
      }
      var factors: [Value] = []
      for (part, operand) in zip(parts, row.operands) {
        let array = try g.add(.reshape(Shape(part.shape)), [operand], site: row.site)
        let axes = part.labels.map { contraction.output.firstIndex(of: $0) ?? 0 }
        factors.append(
          try g.add(.broadcast(to: row.type.shape, axes: axes), [array], site: row.site))
      }
      return .row(.map(.multiply), factors)
    },
  ]
}
