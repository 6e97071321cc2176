extension Graph: Equatable {
  /// Whether both have the same rows in the same order.
  ///
  /// Call sites do not count, nor which ids unknown extents have, only which of them are equal.
  public static func == (a: Graph, b: Graph) -> Bool {
    guard
      a.name == b.name && a.outputs == b.outputs && a.count == b.count
        && a.parameters.count == b.parameters.count
        && zip(a.parameters, b.parameters).allSatisfy({
          $0.name == $1.name && $0.facts == $1.facts && $0.layout == $1.layout
            && $0.stored == $1.stored
        })
    else { return false }
    var (left, right) = (UnknownNumbering(), UnknownNumbering())
    for row in 0..<a.count {
      guard
        left.numbered(a.rows[row].op) == right.numbered(b.rows[row].op)
          && a.operands(row).elementsEqual(b.operands(row))
          && a.types(row).elementsEqual(
            b.types(row), by: { left.numbered($0) == right.numbered($1) })
      else { return false }
    }
    return true
  }
}

extension Graph: Hashable {
  /// Hashes rows and outputs, such that equal graphs have equal hashes.
  public func hash(into hasher: inout Hasher) {
    var numbering = UnknownNumbering()
    for row in 0..<count {
      hasher.combine(numbering.numbered(rows[row].op))
      for operand in operands(row) { hasher.combine(operand) }
      for type in types(row) where !type.shape.isKnown { hasher.combine(numbering.numbered(type)) }
    }
    hasher.combine(outputs)
  }
}

/// Numbers unknown extents in order of appearance.
struct UnknownNumbering {
  private var numbers: [Int: Int] = [:]

  mutating func number(_ id: Int) -> Int {
    if let known = numbers[id] { return known }
    let next = numbers.count
    numbers[id] = next
    return next
  }

  /// The number of an id that has appeared.
  func known(_ id: Int) -> Int { numbers[id] ?? id }

  mutating func numbered(_ type: TensorType) -> TensorType {
    type.shape.isKnown ? type : type.replacingUnknowns { .unknown(id: number($0)) }
  }

  mutating func numbered(_ op: Op) -> Op {
    op.mentionsUnknowns ? op.replacingUnknowns { .unknown(id: number($0)) } : op
  }
}

extension Op {
  /// Whether the op itself, not only its operands, names an unknown extent.
  public var mentionsUnknowns: Bool {
    switch self {
    case .input(_, let type), .iota(let type, _): !type.shape.isKnown
    case .random(let stream): !stream.shape.isKnown
    case .broadcast(let shape, _), .reshape(let shape): !shape.isKnown
    case .compress(_, let extent): if case .unknown = extent { true } else { false }
    case .constant, .map, .convert, .reduce, .scan, .argReduce, .contract, .permute, .slice, .pad,
      .reverse, .concatenate, .gather, .scatter, .sort, .store, .call:
      false
    }
  }

  /// The op with another extent in place of each unknown one that it names.
  public func replacingUnknowns(_ replacement: (Int) -> Extent) -> Op {
    switch self {
    case .input(let n, let type): return .input(n, type.replacingUnknowns(replacement))
    case .iota(let type, let axis):
      return .iota(type.replacingUnknowns(replacement), axis: axis)
    case .random(let stream):
      let shape = stream.shape.replacingUnknowns(replacement)
      return .random(RandomStream(shape: shape, lane: stream.lane))
    case .broadcast(let shape, let axes):
      return .broadcast(to: shape.replacingUnknowns(replacement), axes: axes)
    case .reshape(let shape): return .reshape(shape.replacingUnknowns(replacement))
    case .compress(let axis, .unknown(let id)):
      return .compress(axis: axis, extent: replacement(id))
    case .compress, .constant, .map, .convert, .reduce, .scan, .argReduce, .contract, .permute,
      .slice, .pad, .reverse, .concatenate, .gather, .scatter, .sort, .store, .call:
      return self
    }
  }
}
