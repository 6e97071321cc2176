/// A block of positions: `extents` of them along each axis, from `low` on.
struct Box: Hashable {
  var low: [Int]
  var extents: [Int]

  /// All positions of a shape.
  init(whole shape: [Int]) {
    low = shape.map { _ in 0 }
    extents = shape
  }

  /// A block from its parts.
  init(low: [Int], extents: [Int]) {
    self.low = low
    self.extents = extents
  }

  /// The number of positions.
  var count: Int { extents.reduce(1, *) }

  /// The positions in both, or nil when there are none.
  func intersection(_ other: Box) -> Box? {
    var box = self
    for axis in low.indices {
      let end = min(low[axis] + extents[axis], other.low[axis] + other.extents[axis])
      box.low[axis] = max(low[axis], other.low[axis])
      box.extents[axis] = end - box.low[axis]
      if box.extents[axis] <= 0 { return nil }
    }
    return box
  }

  /// Whether all positions of another block lie in this one.
  func contains(_ other: Box) -> Bool {
    low.indices.allSatisfy {
      low[$0] <= other.low[$0]
        && other.low[$0] + other.extents[$0] <= low[$0] + extents[$0]
    }
  }

  /// Blocks that cover a shape, each inside or outside of each of `boxes`; nil when there are more
  /// than `limit`.
  ///
  /// What lies around a box is cut off axis by axis, the first axes first, so that slabs are as
  /// long in memory as they can be.
  static func regions(of shape: [Int], cutBy boxes: [Box], limit: Int) -> [Box]? {
    var regions = [Box(whole: shape)]
    for box in boxes {
      var next: [Box] = []
      for region in regions {
        guard let inner = region.intersection(box) else {
          next.append(region)
          continue
        }
        var rest = region
        for axis in shape.indices {
          let before = inner.low[axis] - rest.low[axis]
          if before > 0 {
            var slab = rest
            slab.extents[axis] = before
            next.append(slab)
          }
          let after = rest.low[axis] + rest.extents[axis] - inner.low[axis] - inner.extents[axis]
          if after > 0 {
            var slab = rest
            slab.low[axis] = inner.low[axis] + inner.extents[axis]
            slab.extents[axis] = after
            next.append(slab)
          }
          rest.low[axis] = inner.low[axis]
          rest.extents[axis] = inner.extents[axis]
        }
        next.append(inner)
      }
      if next.count > limit { return nil }
      regions = next
    }
    return regions
  }
}
