/// Elements from one order of axes to another.
enum PermutedCopy {
  /// Fills `target`, in C order, from elements that lie with other axes outermost: `axes[0]` of the target is
  /// the one that varies slowest in the source.
  static func copy(
    _ source: UnsafeRawPointer, axes: [Int], to target: UnsafeMutableRawPointer, extents: [Int],
    itemSize: Int
  ) {
    var strides = extents
    var stride = itemSize
    for axis in axes.reversed() {
      strides[axis] = stride
      stride *= extents[axis]
    }
    if extents.contains(0) { return }
    switch itemSize {
    case 1: copy(source, strides, target, extents, UInt8.self)
    case 2: copy(source, strides, target, extents, UInt16.self)
    case 4: copy(source, strides, target, extents, UInt32.self)
    case 8: copy(source, strides, target, extents, UInt64.self)
    default: copy(source, strides, target, extents, (UInt64, UInt64).self)
    }
  }

  private static func copy<Word: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ strides: [Int], _ target: UnsafeMutableRawPointer,
    _ extents: [Int], _ word: Word.Type
  ) {
    let (inner, step) = (extents.last ?? 1, strides.last ?? 0)
    var indices = Array(repeating: 0, count: max(0, extents.count - 1))
    var (from, to) = (source, target)
    while true {
      for i in 0..<inner {
        to.storeBytes(
          of: from.loadUnaligned(fromByteOffset: i * step, as: Word.self), as: Word.self)
        to += MemoryLayout<Word>.size
      }
      var axis = indices.count - 1
      while axis >= 0 {
        from += strides[axis]
        indices[axis] += 1
        if indices[axis] < extents[axis] { break }
        from -= strides[axis] * extents[axis]
        indices[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
