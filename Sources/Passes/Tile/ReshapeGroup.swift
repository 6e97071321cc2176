import WeftIR

/// Neighbouring axes of an operand and of its reshaped form that have equally many positions.
///
/// Elements keep their place in C order within a group, whatever the other groups do.
struct ReshapeGroup {
  /// The operand's axes.
  var source: Range<Int>
  /// The result's axes.
  var target: Range<Int>

  /// The finest groups; one of all axes where there are no elements. An axis of extent 1 beside one of
  /// another extent is a group of its own, so that the other may be kept.
  static func groups(from source: [Int], to target: [Int]) -> [ReshapeGroup] {
    if source.contains(0) || target.contains(0) {
      return [ReshapeGroup(source: 0..<source.count, target: 0..<target.count)]
    }
    var groups: [ReshapeGroup] = []
    var (i, j) = (0, 0)
    while i < source.count || j < target.count {
      let (firstSource, firstTarget) = (i, j)
      if i < source.count, j < target.count, source[i] != target[j] {
        if source[i] == 1 { i += 1 } else if target[j] == 1 { j += 1 }
        if i > firstSource || j > firstTarget {
          groups.append(ReshapeGroup(source: firstSource..<i, target: firstTarget..<j))
          continue
        }
      }
      var (a, b) = (1, 1)
      if i < source.count {
        a = source[i]
        i += 1
      }
      if j < target.count {
        b = target[j]
        j += 1
      }
      while a != b {
        if a < b, i < source.count {
          a *= source[i]
          i += 1
        } else if j < target.count {
          b *= target[j]
          j += 1
        } else {
          a *= source[i]
          i += 1
        }
      }
      groups.append(ReshapeGroup(source: firstSource..<i, target: firstTarget..<j))
    }
    return groups
  }

  /// Whether one axis stays what it is.
  private var isKept: Bool { source.count == 1 && target.count == 1 }

  /// What the operand's axes have to do with the result's.
  static func uses(_ groups: [ReshapeGroup], rank: Int) -> [TileSpace.Use] {
    var uses = Array(repeating: TileSpace.Use.whole, count: rank)
    for group in groups {
      for axis in group.source {
        if group.isKept {
          uses[axis] = .same(group.target.lowerBound)
        } else if let first = group.target.first {
          uses[axis] = .moved(first)
        }
      }
    }
    return uses
  }

  /// What a tile needs of the operand, and the reshapes and slices that make it.
  static func dependence(
    from source: [Int], to target: [Int], _ region: [TileRange]
  ) -> TileDependence {
    var needed = source.map { TileRange.whole($0) }
    if source.contains(0) || target.contains(0) {
      let spans = region.map {
        SliceSpan(start: $0.positions.lowerBound, count: $0.count)
      }
      return TileDependence([needed], [.reshape(Shape(target)), .slice(spans)])
    }
    var flat: [Int] = []
    var taken: [SliceSpan] = []
    var box: [Int] = []
    var rest: [SliceSpan] = []
    for group in groups(from: source, to: target) {
      if group.isKept {
        let range = region[group.target.lowerBound]
        needed[group.source.lowerBound] = range
        flat.append(range.count)
        taken.append(SliceSpan(start: 0, count: range.count))
        box.append(range.count)
        rest.append(SliceSpan(start: 0, count: range.count))
        continue
      }
      let run = Run(Array(target[group.target]), region[group.target].map(\.positions))
      let cover = Run(source[group.source].map { $0 }, covering: run.positions)
      for (axis, positions) in zip(group.source, cover.box) {
        let isFixed = region[group.target].allSatisfy { $0.source == TileRange.fixed }
        needed[axis] = TileRange(positions, source: isFixed ? TileRange.fixed : TileRange.moved)
      }
      flat.append(cover.positions.count)
      taken.append(
        SliceSpan(
          start: run.positions.lowerBound - cover.positions.lowerBound,
          count: run.positions.count))
      box += run.box.map(\.count)
      rest += zip(region[group.target], run.box).map {
        SliceSpan(start: $0.positions.lowerBound - $1.lowerBound, count: $0.count)
      }
    }
    let counts = taken.map { $0.count ?? 0 }
    let extents = rest.map { $0.count ?? 0 }
    var ops: [Op] = []
    if counts == flat {
      ops.append(.reshape(Shape(box)))
    } else {
      ops += [.reshape(Shape(flat)), .slice(taken), .reshape(Shape(box))]
    }
    if extents != box { ops.append(.slice(rest)) }
    return TileDependence([needed], ops)
  }
}

/// Positions of axes that follow each other in C order.
private struct Run {
  /// The positions as one range of the axes' C order.
  var positions: Range<Int>
  /// The box that they are: an index on leading axes, a range of one, all of the others.
  var box: [Range<Int>]

  /// The least run that holds a box.
  init(_ extents: [Int], _ ranges: [Range<Int>]) {
    box = ranges
    guard let cut = ranges.indices.first(where: { ranges[$0].count != 1 }) else {
      let place = Self.place(ranges.map(\.lowerBound), extents)
      positions = place..<place + 1
      return
    }
    for axis in ranges.indices where axis > cut { box[axis] = 0..<extents[axis] }
    var first = box.map(\.lowerBound)
    for axis in ranges.indices where axis > cut { first[axis] = 0 }
    let inner = extents[(cut + 1)...].reduce(1, *)
    let start = Self.place(first, extents)
    positions = start..<start + ranges[cut].count * inner
  }

  /// The least box of this form that holds a run.
  init(_ extents: [Int], covering run: Range<Int>) {
    box = extents.map { 0..<$0 }
    var inner = extents.reduce(1, *)
    // An empty run may begin at the end.
    var low = min(run.lowerBound, inner - 1)
    var high = max(run.upperBound, low + 1)
    var start = 0
    for axis in extents.indices {
      inner /= extents[axis]
      let (first, last) = (low / inner, (high - 1) / inner)
      box[axis] = first..<last + 1
      start += first * inner
      if first != last {
        positions = start..<start + (last - first + 1) * inner
        return
      }
      low -= first * inner
      high -= first * inner
    }
    positions = start..<start + 1
  }

  private static func place(_ indices: [Int], _ extents: [Int]) -> Int {
    zip(indices, extents).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
