import WeftIR

/// What a row's tiles are cut along, and what each operand has to do with it.
///
/// The axes of the space are those of the result, and after or between them those that the row
/// folds: the operand's axes of a reduction, the labels of a contraction.
public struct TileSpace: Sendable {
  /// What an operand's axis has to do with the space.
  public enum Use: Hashable, Sendable {
    /// A tile needs the same positions of the axis as it has of that axis of the space.
    case same(Int)
    /// A tile needs other positions, which follow from those of an axis of the space.
    case moved(Int)
    /// A tile needs the whole axis.
    case whole
  }

  /// How the parts of an element that several tiles make become one.
  public enum Combination: Sendable {
    /// No axis is folded.
    case none
    /// A function folds the parts in order.
    case fold(ScalarFunction)
    /// The first part with the extreme element gives the position.
    case position(ScalarFunction)
    /// The last element of each tile along an axis goes before the next tile.
    case carry(ScalarFunction, axis: Int)
    /// Sums and sums of squares about the mean, with what tells means of parts apart: what two rows fold
    /// in one reading. No row has it by itself.
    case moments
  }

  /// The extents of the space.
  public var extents: [Int]
  /// The axis of the space that each axis of the results is.
  public var output: [Int]
  /// What each axis of each operand has to do with the space.
  public var operands: [[Use]]
  /// How parts combine along the axes that the results lack.
  public var combination = Combination.none
  /// Axes of the space that must not be cut.
  public var whole: Set<Int> = []

  /// Axes of which a row within another's tile is only made whole: a running fold's is cut only where
  /// tiles hand their last elements on.
  public var wholeWithinTiles: Set<Int> {
    if case .carry(_, let axis) = combination { whole.union([axis]) } else { whole }
  }

  /// The axes of the space that the results lack.
  public var folded: [Int] { extents.indices.filter { !output.contains($0) } }
}

extension Graph {
  /// The space that a row's tiles are cut from; nil where the row only runs as a whole.
  ///
  /// One exhaustive switch, as `tile(of:region:)`, which says what one tile needs.
  public func tileSpace(_ row: Int) -> TileSpace? {
    let types = self.types(row)
    guard let type = types.first, types.allSatisfy(\.shape.isKnown) else { return nil }
    let operands = self.operands(row).map { self.type($0).shape.codes }
    guard operands.allSatisfy({ $0.allSatisfy { $0 >= 0 } }) else { return nil }
    let result = type.shape.codes
    func space(_ uses: [[TileSpace.Use]], whole: Set<Int> = []) -> TileSpace {
      TileSpace(extents: result, output: Array(result.indices), operands: uses, whole: whole)
    }
    let same = result.indices.map { TileSpace.Use.same($0) }
    switch rows[row].op {
    case .input, .constant, .iota: return space([])
    case .random: return space([[]])
    case .map, .convert, .store: return space(operands.map { _ in same })
    case .reduce(let f, let axes):
      var fold = TileSpace.folding(operands[0], axes, .fold(f))
      if !f.isCommutative { fold.whole = Set(axes.axes) }
      return fold
    case .argReduce(let f, let axis): return .folding(operands[0], [axis], .position(f))
    case .scan(let f, let axis):
      var scan = space([same])
      scan.combination = .carry(f, axis: axis)
      return scan
    case .contract(let contraction): return .contracting(contraction, operands)
    case .broadcast(_, let axes):
      return space([
        axes.indices.map { operands[0][$0] == result[axes[$0]] ? .same(axes[$0]) : .whole }
      ])
    case .reshape:
      let groups = ReshapeGroup.groups(from: operands[0], to: result)
      return space([ReshapeGroup.uses(groups, rank: operands[0].count)])
    case .permute(let axes):
      return space([axes.indices.map { .same(axes.firstIndex(of: $0) ?? $0) }])
    case .slice(let spans):
      return space([
        spans.indices.map { axis in
          spans[axis].start == 0 && spans[axis].step == 1 && result[axis] == operands[0][axis]
            ? .same(axis) : .moved(axis)
        }
      ])
    case .pad(let spans):
      return space([
        spans.indices.map { axis in
          spans[axis] == PadSpan(low: 0, high: 0) ? .same(axis) : .moved(axis)
        }, [],
      ])
    case .reverse(let axes):
      return space([result.indices.map { axes.contains($0) ? .moved($0) : .same($0) }])
    case .concatenate(let axis):
      return space(
        operands.map { _ in result.indices.map { $0 == axis ? .moved($0) : .same($0) } })
    case .gather(let axis):
      let indexRank = operands[1].count
      return space([
        operands[0].indices.map { other in
          other == axis ? .whole : .same(other < axis ? other : other + indexRank - 1)
        }, (0..<indexRank).map { .same(axis + $0) },
      ])
    case .scatter(let axis, _):
      let updates = result.indices.map { $0 == axis ? TileSpace.Use.whole : .same($0) }
      return space([same, [.whole], updates], whole: [axis])
    case .sort(let axis, _): return space([same], whole: [axis])
    case .compress, .call: return nil
    }
  }
}

extension TileSpace {
  fileprivate static func folding(
    _ operand: [Int], _ axes: AxisSet, _ combination: Combination
  ) -> TileSpace {
    TileSpace(
      extents: operand, output: operand.indices.filter { !axes.contains($0) },
      operands: [operand.indices.map { .same($0) }], combination: combination)
  }

  fileprivate static func contracting(
    _ contraction: Contraction, _ operands: [[Int]]
  ) -> TileSpace {
    var extents = Array(repeating: 1, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, extent) in zip(labels, operand) { extents[label] = extent }
    }
    return TileSpace(
      extents: extents, output: contraction.output,
      operands: contraction.operands.map { $0.map { .same($0) } }, combination: .fold(.add))
  }
}
