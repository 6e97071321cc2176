import WeftIR

/// Identities of ops that move elements and compute none.
extension Identity {
  static let broadcasts = [
    Identity("broadcast-nothing", "a broadcast to the operand's own shape is the operand") {
      g, row in
      guard case .broadcast(let shape, let axes) = row.op, g.type(row.operands[0]).shape == shape,
        axes == Array(0..<shape.rank)
      else { return nil }
      return .value(row.operands[0])
    },
    Identity("broadcast-broadcast", "two broadcasts are one") { g, row in
      guard case .broadcast(let shape, let axes) = row.op,
        case (.broadcast(_, let inner), let sources) = row.source(g), let source = sources.first
      else { return nil }
      return .row(.broadcast(to: shape, axes: inner.map { axes[$0] }), [source])
    },
    Identity("broadcast-permute", "a broadcast places axes without a permute") { g, row in
      guard case .broadcast(let shape, let axes) = row.op,
        case (.permute(let order), let sources) = row.source(g), let source = sources.first
      else { return nil }
      var placed = axes
      for (axis, origin) in order.enumerated() { placed[origin] = axes[axis] }
      return .row(.broadcast(to: shape, axes: placed), [source])
    },
    Identity("broadcast-inserted-axes", "a broadcast places axes without a reshape") { g, row in
      guard case .broadcast(let shape, let axes) = row.op,
        case (.reshape(let middle), let sources) = row.source(g), let source = sources.first,
        let placed = insertedAxes(g.type(source).shape, in: middle)
      else { return nil }
      return .row(.broadcast(to: shape, axes: placed.map { axes[$0] }), [source])
    },
  ]

  static let reshapes = [
    Identity("reshape-nothing", "a reshape to the operand's own shape is the operand") { g, row in
      row.type == g.type(row.operands[0]) ? .value(row.operands[0]) : nil
    },
    Identity("reshape-reshape", "two reshapes are one") { g, row in
      guard case (.reshape, let sources) = row.source(g), let source = sources.first,
        g.type(source).shape.isKnown
      else { return nil }
      return .row(row.op, [source])
    },
    uniform,
  ]

  static let permutes = [
    Identity("permute-nothing", "a permute that keeps the order is the operand") { g, row in
      guard case .permute(let axes) = row.op, axes == Array(0..<axes.count) else { return nil }
      return .value(row.operands[0])
    },
    Identity("permute-permute", "two permutes are one") { g, row in
      guard case .permute(let axes) = row.op,
        case (.permute(let inner), let sources) = row.source(g), let source = sources.first
      else { return nil }
      return .row(.permute(axes.map { inner[$0] }), [source])
    },
    Identity("permute-broadcast", "a broadcast places its axes in the permuted order") { g, row in
      guard case .permute(let axes) = row.op,
        case (.broadcast(_, let inner), let sources) = row.source(g), let source = sources.first
      else { return nil }
      var place = axes
      for (result, axis) in axes.enumerated() { place[axis] = result }
      return .row(.broadcast(to: row.type.shape, axes: inner.map { place[$0] }), [source])
    },
  ]

  static let slices = [
    Identity("slice-nothing", "a slice of everything is the operand") { g, row in
      guard case .slice(let spans) = row.op, row.type == g.type(row.operands[0]),
        spans.allSatisfy({ $0.start == 0 && $0.step == 1 || $0.count == 0 })
      else { return nil }
      return .value(row.operands[0])
    },
    Identity("slice-slice", "two slices are one") { g, row in
      guard case .slice(let spans) = row.op,
        case (.slice(let inner), let sources) = row.source(g), let source = sources.first
      else { return nil }
      let joined = zip(inner, spans).map { $0.taking($1) }
      return .row(.slice(joined), [source])
    },
    uniform,
  ]

  static let reverses = [
    Identity("reverse-short-axes", "axes of extent 1 have no order") { g, row in
      guard case .reverse(let axes) = row.op else { return nil }
      let shape = row.type.shape
      let longer = AxisSet(axes.axes.filter { shape[$0] != .known(1) && shape[$0] != .known(0) })
      if longer.isEmpty { return .value(row.operands[0]) }
      return longer == axes ? nil : .row(.reverse(longer), row.operands)
    },
    Identity("reverse-reverse", "two reverses cancel on common axes") { g, row in
      guard case .reverse(let axes) = row.op,
        case (.reverse(let inner), let sources) = row.source(g), let source = sources.first
      else { return nil }
      let remaining = AxisSet(bits: axes.bits ^ inner.bits)
      return remaining.isEmpty ? .value(source) : .row(.reverse(remaining), [source])
    },
    uniform,
  ]

  static let pads = [
    Identity("pad-nothing", "a pad by no elements is the operand") { g, row in
      guard case .pad = row.op, row.type == g.type(row.operands[0]), row.type.shape.isKnown
      else { return nil }
      return .value(row.operands[0])
    }
  ]

  static let concatenations = [
    Identity("concatenate-one", "one part is the whole") { g, row in
      row.operands.count == 1 ? .value(row.operands[0]) : nil
    },
    Identity("concatenate-empty", "empty parts add nothing") { g, row in
      guard case .concatenate(let axis) = row.op else { return nil }
      let parts = row.operands.filter { g.type($0).shape[axis] != .known(0) }
      return parts.isEmpty || parts.count == row.operands.count ? nil : .row(row.op, parts)
    },
    Identity("concatenate-parts", "evenly spaced parts of one array are a part of it") { g, row in
      guard case .concatenate(let axis) = row.op, let parts = EvenParts(row.operands, axis, in: g)
      else { return nil }
      return try parts.value(row.type, axis, in: &g, row.site).map { .value($0) }
    },
  ]

  static let gathers = [
    Identity("gather-constant", "taking at one known index is a slice") { g, row in
      guard case .gather(let axis) = row.op, case .constant(let index) = g.op(row.operands[1])
      else { return nil }
      let shape = g.type(row.operands[0]).shape
      guard let extents = shape.known, index.intValue >= 0, index.intValue < extents[axis] else {
        return nil
      }
      var spans = extents.map { SliceSpan(start: 0, count: $0) }
      spans[axis] = SliceSpan(start: Int(index.intValue), count: 1)
      let part = try g.add(.slice(spans), [row.operands[0]], site: row.site)
      return .row(.reshape(row.type.shape), [part])
    }
  ]

  static let iotas = [
    Identity("iota-short-axis", "counting along an axis of extent 1 gives zeros") { g, row in
      guard case .iota(let type, let axis) = row.op, type.shape[axis] == .known(1) else {
        return nil
      }
      return try g.addUniform(Scalar(0 as Int64, type.dtype), type.shape, site: row.site)
        .map { .value($0) }
    }
  ]

  /// Elements that are all alike are not moved.
  static let uniform = Identity("move-uniform", "moving equal elements changes nothing") { g, row in
    guard let scalar = g.uniformScalar(row.operands[0]) else { return nil }
    return try g.addUniform(scalar, row.type.shape, site: row.site).map { .value($0) }
  }

  /// Where the axes of a shape stand in one that has more axes of extent 1 and is else the same.
  private static func insertedAxes(_ shape: Shape, in longer: Shape) -> [Int]? {
    guard shape.rank < longer.rank, shape.isKnown else { return nil }
    var places: [Int] = []
    for axis in 0..<longer.rank {
      if places.count < shape.rank, shape[places.count] == longer[axis] {
        places.append(axis)
      } else if longer[axis] != .known(1) {
        return nil
      }
    }
    return places.count == shape.rank ? places : nil
  }
}

extension SliceSpan {
  /// The span, of the whole axis, that takes a span of what this one takes.
  func taking(_ span: SliceSpan) -> SliceSpan {
    guard let count = span.count else { return self }
    if count == 0 { return SliceSpan(start: 0, count: 0) }
    let first = start + step * span.start
    return SliceSpan(start: first, step: count == 1 ? 1 : step * span.step, count: count)
  }
}
