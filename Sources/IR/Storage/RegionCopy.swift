#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Copies boxes of elements between dense arrays.
///
/// ```swift
/// import WeftIR
///
/// RegionCopy.isContiguous(Region([1..<3, 0..<4]), of: [5, 4])  // true
/// RegionCopy.isContiguous(Region([1..<3, 0..<2]), of: [5, 4])  // false
/// ```
public enum RegionCopy {
  /// Whether a box of an array lies in one piece of memory.
  public static func isContiguous(_ region: Region, of extents: [Int]) -> Bool {
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
  public static func offset(_ region: Region, of extents: [Int]) -> Int {
    zip(region.ranges, extents).reduce(0) { $0 * $1.1 + $1.0.lowerBound }
  }

  /// Copies the elements that two boxes share, each the content of an array that lies there.
  ///
  /// `source` holds the elements of the box `sourceBox` in C order, `target` those of `targetBox`.
  public static func copy(
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

  /// The pieces of an array in memory or a file that a box is made of, in order: their places in the
  /// array and their counts, in elements.
  public static func forEachRun<Failure: Error>(
    of region: Region, in extents: [Int],
    _ body: (_ place: Int, _ count: Int) throws(Failure) -> Void
  ) throws(Failure) {
    if region.count == 0 { return }
    var run = 1
    var outer = extents.count
    while outer > 0 {
      outer -= 1
      run *= region.ranges[outer].count
      if region.ranges[outer].count != extents[outer] { break }
    }
    var strides = Array(repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    var place = offset(region, of: extents)
    var indices = Array(repeating: 0, count: outer)
    while true {
      try body(place, run)
      var axis = outer - 1
      while axis >= 0 {
        place += strides[axis]
        indices[axis] += 1
        if indices[axis] < region.ranges[axis].count { break }
        place -= strides[axis] * region.ranges[axis].count
        indices[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
