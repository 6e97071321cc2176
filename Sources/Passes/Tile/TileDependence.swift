import WeftIR

/// A range of positions of one axis, and why it is this one.
public struct TileRange: Hashable, Sendable {
  /// The positions.
  public var positions: Range<Int>
  /// The axis of the tile whose range this is; `fixed` and `moved` otherwise.
  public var source: Int

  /// The same for each tile.
  public static let fixed = -1
  /// Follows from the tile's place in another way.
  public static let moved = -2

  /// A range from its parts.
  public init(_ positions: Range<Int>, source: Int) {
    self.positions = positions
    self.source = source
  }

  /// A whole axis.
  public static func whole(_ extent: Int) -> TileRange { TileRange(0..<extent, source: fixed) }

  /// The number of positions.
  public var count: Int { positions.count }

  /// Positions that follow from these: the same for each tile where these are.
  func moved(to positions: Range<Int>) -> TileRange {
    TileRange(positions, source: source == Self.fixed ? Self.fixed : Self.moved)
  }
}

/// What one tile of a row needs of each operand, and the ops that make it of that.
///
/// The ops run one after the other: the first on the operands' regions that are needed, each other
/// on the result of the one before it. Without ops the tile is the first operand's region.
public struct TileDependence: Sendable {
  /// The region of each operand; nil where the tile needs nothing of it.
  public var operands: [[TileRange]?]
  /// The ops.
  public var ops: [Op]
  /// The axis along which an `iota` counts from the tile's first position.
  public var countedAxis: Int?
  /// Whether other tiles of equal extents may need other operands.
  public var isPlaced = false

  init(_ operands: [[TileRange]?], _ ops: [Op], countedAxis: Int? = nil) {
    self.operands = operands
    self.ops = ops
    self.countedAxis = countedAxis
  }
}

extension Graph {
  /// What the tile of a row at a region of its space (`tileSpace`) needs.
  ///
  /// Axes that the space keeps whole are whole in `region`. One exhaustive switch.
  public func tile(of row: Int, region: [TileRange]) -> TileDependence {
    let operands = self.operands(row).map { self.type($0).shape.codes }
    func whole(_ n: Int) -> [TileRange] { operands[n].map { .whole($0) } }
    let op = rows[row].op
    switch op {
    case .input, .constant: return TileDependence([], [op])
    case .random: return TileDependence([[]], [op])
    case .iota(let type, let axis):
      let tile = TensorType(type.dtype, Self.shape(region))
      return TileDependence([], [.iota(tile, axis: axis)], countedAxis: axis)
    case .map, .convert: return TileDependence(operands.map { _ in region }, [op])
    case .store: return TileDependence([region], [])
    case .reduce, .argReduce, .scan, .sort: return TileDependence([region], [op])
    case .contract(let contraction):
      return TileDependence(contraction.operands.map { $0.map { region[$0] } }, [op])
    case .broadcast(let shape, let axes):
      let needed = axes.indices.map { axis in
        operands[0][axis] == shape.codes[axes[axis]]
          ? region[axes[axis]] : .whole(operands[0][axis])
      }
      return TileDependence([needed], [.broadcast(to: Self.shape(region), axes: axes)])
    case .reshape(let shape):
      return ReshapeGroup.dependence(from: operands[0], to: shape.codes, region)
    case .permute(let axes):
      var needed = region
      for (axis, source) in axes.enumerated() { needed[source] = region[axis] }
      return TileDependence([needed], [op])
    case .slice(let spans): return Self.slice(spans, operands[0], region)
    case .pad(let spans): return Self.pad(spans, operands[0], region)
    case .reverse(let axes):
      let needed = region.indices.map { axis in
        axes.contains(axis) ? Self.reversed(region[axis], operands[0][axis]) : region[axis]
      }
      return TileDependence([needed], [op])
    case .concatenate(let axis): return Self.concatenate(axis, operands, region)
    case .gather(let axis):
      let indexRank = operands[1].count
      let indices = Array(region[axis..<axis + indexRank])
      let data = region[..<axis] + [.whole(operands[0][axis])] + region[(axis + indexRank)...]
      return TileDependence([Array(data), indices], [op])
    case .scatter(let axis, _):
      var updates = region
      updates[axis] = .whole(operands[2][axis])
      return TileDependence([region, whole(1), updates], [op])
    case .compress, .call: return TileDependence(operands.indices.map { whole($0) }, [op])
    }
  }

  private static func shape(_ region: [TileRange]) -> Shape { Shape(region.map(\.count)) }

  private static func reversed(_ range: TileRange, _ extent: Int) -> TileRange {
    range.moved(to: extent - range.positions.upperBound..<extent - range.positions.lowerBound)
  }

  private static func slice(
    _ spans: [SliceSpan], _ operand: [Int], _ region: [TileRange]
  ) -> TileDependence {
    var needed = region
    var inner: [SliceSpan] = []
    for (axis, span) in spans.enumerated() {
      let range = region[axis]
      inner.append(SliceSpan(start: 0, step: span.step, count: range.count))
      if span.start == 0, span.step == 1, span.count ?? operand[axis] == operand[axis] { continue }
      let start = span.start + range.positions.lowerBound * span.step
      let end = range.count == 0 ? start : start + (range.count - 1) * span.step + 1
      // An empty slice may begin at the end.
      let first = min(start, operand[axis])
      needed[axis] = range.moved(to: first..<max(first, min(end, operand[axis])))
    }
    return TileDependence(
      [needed], spans.contains { $0.step != 1 } ? [.slice(inner)] : [])
  }

  private static func pad(
    _ spans: [PadSpan], _ operand: [Int], _ region: [TileRange]
  ) -> TileDependence {
    var needed = region
    var inner: [PadSpan] = []
    for (axis, span) in spans.enumerated() {
      if span == PadSpan(low: 0, high: 0) {
        inner.append(span)
        continue
      }
      // Element i of the operand stands at low + i * step.
      let (positions, step) = (region[axis].positions, span.interior + 1)
      let before = positions.lowerBound - span.low
      let first = before <= 0 ? 0 : (before + step - 1) / step
      let behind = positions.upperBound - span.low
      let end = min(operand[axis], behind <= 0 ? 0 : (behind + step - 1) / step)
      guard first < end, !positions.isEmpty else {
        var fill = TileDependence([nil, []], [.broadcast(to: shape(region), axes: [])])
        fill.isPlaced = true
        return fill
      }
      needed[axis] = region[axis].moved(to: first..<end)
      inner.append(
        PadSpan(
          low: span.low + first * step - positions.lowerBound,
          high: positions.upperBound - (span.low + (end - 1) * step) - 1, interior: span.interior))
    }
    return TileDependence([needed, []], [.pad(inner)])
  }

  private static func concatenate(
    _ axis: Int, _ operands: [[Int]], _ region: [TileRange]
  ) -> TileDependence {
    let positions = region[axis].positions
    var needed: [[TileRange]?] = []
    var start = 0
    for operand in operands {
      let common = (start..<start + operand[axis]).clamped(to: positions)
      if common.isEmpty {
        needed.append(nil)
      } else {
        var own = region
        own[axis] = region[axis].moved(to: common.lowerBound - start..<common.upperBound - start)
        needed.append(own)
      }
      start += operand[axis]
    }
    if needed.allSatisfy({ $0 == nil }) {
      var own = region
      own[axis] = region[axis].moved(to: 0..<0)
      needed[0] = own
    }
    return TileDependence(
      needed, needed.count { $0 != nil } > 1 ? [.concatenate(axis: axis)] : [])
  }
}
