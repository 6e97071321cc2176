/// Masks that compare row and column numbers, and what they select: `eye`, `tri`, `tril`, `triu`.
extension GraphFacts {
  /// A count along rows, columns or neither, plus a constant.
  private struct Position {
    var row = 0
    var column = 0
    var offset = 0
  }

  /// The positions that a value counts, if it does; looks through a few rows.
  private func position(_ value: Value, depth: Int = 6) -> Position? {
    guard depth > 0, graph.type(value).dtype.isInteger else { return nil }
    let rank = graph.type(value).rank
    let operands = graph.operands(value.index)
    switch graph.op(value) {
    case .constant(let scalar): return Position(offset: Int(scalar.intValue))
    case .iota(_, let axis):
      if axis == rank - 1 { return Position(column: 1) }
      return axis == rank - 2 ? Position(row: 1) : nil
    case .broadcast(_, let axes):
      guard let source = operands.first, let inner = position(source, depth: depth - 1) else {
        return nil
      }
      let count = graph.type(source).rank
      var result = Position(offset: inner.offset)
      func place(_ factor: Int, _ axis: Int) -> Bool {
        if factor == 0 { return true }
        guard axis >= 0 else { return false }
        if axes[axis] == rank - 1 {
          result.column += factor
        } else if axes[axis] == rank - 2 {
          result.row += factor
        } else {
          return false
        }
        return true
      }
      guard place(inner.row, count - 2), place(inner.column, count - 1) else { return nil }
      return result
    case .reshape(let shape):
      // Only axes of extent 1 come or go: a vector becomes a column.
      guard let source = operands.first, graph.type(source).rank == 1, shape.rank == 2,
        let codes = shape.known, let inner = position(source, depth: depth - 1)
      else { return nil }
      if codes[1] == 1 { return Position(row: inner.column, offset: inner.offset) }
      return codes[0] == 1 ? inner : nil
    case .slice(let spans):
      guard spans.suffix(2).allSatisfy({ $0.step == 1 }), let source = operands.first,
        var inner = position(source, depth: depth - 1)
      else { return nil }
      inner.offset += inner.column * (spans.last?.start ?? 0)
      if spans.count >= 2 { inner.offset += inner.row * spans[spans.count - 2].start }
      return inner
    case .map(let f) where f == .add || f == .subtract:
      guard let a = operands.first.flatMap({ position($0, depth: depth - 1) }),
        let b = operands.last.flatMap({ position($0, depth: depth - 1) })
      else { return nil }
      let sign = f == .add ? 1 : -1
      return Position(
        row: a.row + sign * b.row, column: a.column + sign * b.column,
        offset: a.offset + sign * b.offset)
    case .convert(let dtype):
      guard dtype.isInteger, let source = operands.first else { return nil }
      return position(source, depth: depth - 1)
    default: return nil
    }
  }

  /// Where a comparison of positions holds, as a band; the places where it does not are zeros.
  ///
  /// `isNegated` asks where it does not hold.
  private func band(_ value: Value, isNegated: Bool) -> (lower: Int, upper: Int)? {
    guard case .map(let f) = graph.op(value) else { return nil }
    let operands = graph.operands(value.index)
    if f == .logicalNot, let inner = operands.first {
      return band(inner, isNegated: !isNegated)
    }
    guard operands.count == 2, let a = operands.first.flatMap({ position($0) }),
      let b = operands.last.flatMap({ position($0) })
    else { return nil }
    // a - b = factor * (column - row) + offset
    let factor = a.column - b.column
    guard factor == b.row - a.row, abs(factor) == 1 else { return nil }
    let offset = a.offset - b.offset
    let wide = Facts.wide
    /// The band of factor * (column - row) + offset in a range.
    func places(least: Int?, most: Int?) -> (Int, Int) {
      let low = least.map { $0 - offset }
      let high = most.map { $0 - offset }
      return factor == 1
        ? (low.map { -$0 } ?? wide, high ?? wide) : (high ?? wide, low.map { -$0 } ?? wide)
    }
    switch (f, isNegated) {
    case (.equal, false), (.notEqual, true): return places(least: 0, most: 0)
    case (.lessEqual, false), (.greater, true): return places(least: nil, most: 0)
    case (.less, false), (.greaterEqual, true): return places(least: nil, most: -1)
    case (.greaterEqual, false), (.less, true): return places(least: 0, most: nil)
    case (.greater, false), (.lessEqual, true): return places(least: 1, most: nil)
    default: return nil
    }
  }

  /// The facts of a mask of positions.
  func mask(_ value: Value) -> Facts? {
    guard graph.type(value).dtype == .bool, graph.type(value).rank >= 2,
      let band = band(value, isNegated: false)
    else { return nil }
    let codes = graph.type(value).shape.codes.suffix(2)
    var facts = Facts([.absentZeros], lower: band.lower, upper: band.upper)
    if case .map(.equal) = graph.op(value), band.lower == 0, band.upper == 0,
      codes.first == codes.last
    {
      facts = .identity
    }
    return facts
  }

  /// The facts of `select`: a mask of positions with zeros on one side leaves a band.
  func select(_ row: Int) -> Facts {
    let operands = Array(graph.operands(row))
    let (first, second) = (self[operands[1]], self[operands[2]])
    var facts = first.zeros.unionOfPlaces(second.zeros)
    if first.contains(.finite), second.contains(.finite) { facts.properties.insert(.finite) }
    for (value, zero, isNegated) in [(first, second, false), (second, first, true)]
    where zero.contains(.zero) {
      guard let band = maskBand(operands[0], isNegated: isNegated) else { continue }
      let places = Facts([.absentZeros], lower: band.lower, upper: band.upper)
      facts = facts.and(value.zeros).and(places)
      if !value.hasZeros { facts.properties.insert(.absentZeros) }
    }
    return facts
  }

  /// The band in which a mask of positions holds, and does nowhere else, seen through a broadcast over stacks;
  /// nil for other masks. `isNegated` asks where it does not hold.
  public func maskBand(_ value: Value, isNegated: Bool) -> (lower: Int, upper: Int)? {
    if case .broadcast(let shape, let axes) = graph.op(value),
      let source = graph.operands(value.index).first, graph.type(source).rank == 2,
      axes == [shape.rank - 2, shape.rank - 1],
      graph.type(source).shape.codes == Array(shape.codes.suffix(2))
    {
      return band(source, isNegated: isNegated)
    }
    return band(value, isNegated: isNegated)
  }
}
