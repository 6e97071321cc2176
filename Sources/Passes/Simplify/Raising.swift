import WeftIR

/// Elementwise rows move below (before) what only rearranges or repeats their operands: the work is
/// the same or less, and rearrangements meet others and cancel.
extension Identity {
  static let raising = [
    Identity("map-before-permute", "operands permuted alike are permuted once, after") { g, row in
      guard row.type.rank > 1 else { return nil }
      var axes: [Int]?
      for operand in row.operands {
        if case .permute(let these) = g.op(operand) {
          if axes ?? these != these { return nil }
          axes = these
        } else if g.uniformScalar(operand) == nil {
          return nil
        }
      }
      guard let axes else { return nil }
      guard
        let moved = try operands(
          of: row, in: &g, where: { if case .permute = $0 { true } else { false } })
      else { return nil }
      return .row(.permute(axes), [try g.add(row.op, moved, site: row.site)])
    },
    Identity("map-before-broadcast", "what is repeated is computed once") { g, row in
      guard row.type.rank > 0 else { return nil }
      var axes: [Int]?
      for operand in row.operands {
        guard case .broadcast(_, let these) = g.op(operand) else { return nil }
        if these.isEmpty { continue }
        if axes ?? these != these { return nil }
        axes = these
      }
      guard let moved = try repeated(row, axes ?? [], in: &g) else { return nil }
      let small = try g.add(row.op, moved, site: row.site)
      return .row(.broadcast(to: row.type.shape, axes: axes ?? []), [small])
    },
  ]

  /// The operands before their movement, uniform ones in the shape of the others.
  private static func operands(
    of row: Candidate, in g: inout Graph, where moves: (Op) -> Bool
  ) throws -> [Value]? {
    var sources: [Value?] = []
    var shape: Shape?
    for operand in row.operands {
      guard moves(g.op(operand)), let source = g.operands(operand.index).first else {
        sources.append(nil)
        continue
      }
      let other = g.type(source).shape
      if shape ?? other != other { return nil }
      shape = other
      sources.append(source)
    }
    guard let shape else { return nil }
    var values: [Value] = []
    for (operand, source) in zip(row.operands, sources) {
      if let source {
        values.append(source)
      } else if let scalar = g.uniformScalar(operand),
        let value = try g.addUniform(scalar, shape, site: row.site)
      {
        values.append(value)
      } else {
        return nil
      }
    }
    return values
  }

  /// The operands before their broadcast along the same axes; 0-d ones take the others' shape.
  private static func repeated(
    _ row: Candidate, _ axes: [Int], in g: inout Graph
  ) throws -> [Value]? {
    let sources = row.operands.compactMap { g.operands($0.index).first }
    let shapes = Set(sources.map { g.type($0).shape }.filter { $0.rank > 0 })
    guard shapes.count <= 1 else { return nil }
    let shape = shapes.first ?? .scalar
    guard shape.isMuchSmaller(than: row.type.shape) else { return nil }
    return try sources.map { source in
      g.type(source).rank == shape.rank
        ? source : try g.add(.broadcast(to: shape, axes: []), [source], site: row.site)
    }
  }
}

extension Shape {
  /// Whether computing on this shape and repeating saves enough to be worth a step of its own.
  func isMuchSmaller(than other: Shape) -> Bool {
    guard let count else { return false }
    guard let larger = other.count else { return rank == 0 }
    return count <= larger / 2
  }
}
