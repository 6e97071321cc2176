import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Copies boxes of elements between dense arrays.
enum RegionCopy {
  /// Whether a box of an array lies in one piece of memory.
  static func isContiguous(_ region: Region, of extents: [Int]) -> Bool {
    var isInner = true
    for axis in extents.indices.reversed() {
      if isInner {
        if region.ranges[axis].count != extents[axis] { isInner = false }
      } else if region.ranges[axis].count != 1 {
        return false
      }
    }
    return true
  }

  /// The place of a box's first element, in elements.
  static func offset(_ region: Region, of extents: [Int]) -> Int {
    zip(region.ranges, extents).reduce(0) { $0 * $1.1 + $1.0.lowerBound }
  }

  /// Copies the elements that two boxes share, each the content of an array that lies there.
  ///
  /// `source` holds the elements of the box `sourceBox` in C order, `target` those of `targetBox`.
  static func copy(
    _ source: UnsafeRawPointer, _ sourceBox: Region, to target: UnsafeMutableRawPointer,
    _ targetBox: Region, itemSize: Int
  ) {
    let shared = zip(sourceBox.ranges, targetBox.ranges).map { $0.clamped(to: $1) }
    if shared.contains(where: \.isEmpty) { return }
    let rank = shared.count
    var sourceStrides = Array(repeating: itemSize, count: rank)
    var targetStrides = sourceStrides
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      sourceStrides[axis] = sourceStrides[axis + 1] * sourceBox.ranges[axis + 1].count
      targetStrides[axis] = targetStrides[axis + 1] * targetBox.ranges[axis + 1].count
    }
    var (from, to) = (source, target)
    for axis in 0..<rank {
      from += (shared[axis].lowerBound - sourceBox.ranges[axis].lowerBound) * sourceStrides[axis]
      to += (shared[axis].lowerBound - targetBox.ranges[axis].lowerBound) * targetStrides[axis]
    }
    // Inner axes that both hold whole are one run.
    var run = itemSize
    var outer = rank
    while outer > 0 {
      let axis = outer - 1
      run *= shared[axis].count
      outer = axis
      if shared[axis] != sourceBox.ranges[axis] || shared[axis] != targetBox.ranges[axis] { break }
    }
    var indices = Array(repeating: 0, count: outer)
    while true {
      memcpy(to, from, run)
      var axis = outer - 1
      while axis >= 0 {
        from += sourceStrides[axis]
        to += targetStrides[axis]
        indices[axis] += 1
        if indices[axis] < shared[axis].count { break }
        from -= sourceStrides[axis] * shared[axis].count
        to -= targetStrides[axis] * shared[axis].count
        indices[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
