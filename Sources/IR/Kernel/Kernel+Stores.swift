extension Kernel {
  /// Where a store writes.
  public struct StorePlace: Hashable, Sendable {
    /// The buffer parameter.
    public let buffer: Int
    /// The element.
    public let index: Operand

    /// The place of a store.
    public init(buffer: Int, index: Operand) {
      self.buffer = buffer
      self.index = index
    }
  }
}

extension Kernel.Loop {
  /// A store whose place the body computes from the index by sums and products alone.
  public struct PlacedStore: Sendable {
    /// Where it writes.
    public let place: Kernel.StorePlace
    /// The definitions that compute the place.
    public let steps: [Kernel.Statement]
  }

  /// The first store, if it is such a one.
  public var firstStore: PlacedStore? {
    let first = body.first { if case .store = $0 { true } else { false } }
    guard case .store(let buffer, let index, _) = first else { return nil }
    let place = Kernel.StorePlace(buffer: buffer, index: index)
    return placedStores.first { $0.place == place }
  }

  /// The stores of the body whose places follow from the index.
  public var placedStores: [PlacedStore] {
    var result: [PlacedStore] = []
    var steps: [Kernel.Statement] = []
    var known: Set<Kernel.Local> = [index]
    for statement in body {
      switch statement {
      case .define(let local, .primitive(let primitive, let operands))
      where local.dtype == .int64
        && (primitive == .add || primitive == .subtract || primitive == .multiply):
        // An index may be computed from what is not an index, a count that was loaded for one.
        let isKnown = operands.allSatisfy { operand in
          guard case .local(let operand) = operand else { return true }
          return known.contains(operand) || !isInner(operand)
        }
        guard isKnown else { continue }
        steps.append(statement)
        known.insert(local)
      case .store(let buffer, let place, _):
        guard case .local(let local) = place, known.contains(local) else { continue }
        let place = Kernel.StorePlace(buffer: buffer, index: place)
        result.append(PlacedStore(place: place, steps: steps))
      default: break
      }
    }
    return result
  }

  /// Whether the body defines a local.
  private func isInner(_ local: Kernel.Local) -> Bool {
    body.contains { statement in
      switch statement {
      case .define(local, _), .variable(local, _): true
      default: false
      }
    }
  }
}
