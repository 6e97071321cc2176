import WeftIR

/// How the elements of a dense array are read: an offset and for each axis a stride, in elements.
public struct StridedView: Hashable, Sendable {
  /// Where the first element lies.
  public var offset: Int
  /// The extents of what is read.
  public var shape: [Int]
  /// The distance between neighbours along each axis; 0 repeats, negative reads backwards.
  public var strides: [Int]

  /// A view from its parts.
  public init(offset: Int, shape: [Int], strides: [Int]) {
    self.offset = offset
    self.shape = shape
    self.strides = strides
  }

  /// The whole of a dense array in C order.
  public init(contiguous shape: [Int]) {
    offset = 0
    self.shape = shape
    strides = Self.contiguousStrides(shape)
  }

  /// The strides of a dense array in C order.
  public static func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= max(1, shape[axis])
    }
    return strides
  }

  /// The number of elements read.
  public var count: Int { shape.reduce(1, *) }

  /// Whether the view reads `count` elements one after the other from the start.
  public var isContiguous: Bool {
    if offset != 0 { return false }
    var expected = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if shape[axis] == 0 { return true }
      if strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }
}

// MARK: - Views of views

extension StridedView {
  /// The view through `permute`.
  public func permuted(_ axes: [Int]) -> StridedView {
    StridedView(
      offset: offset, shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] })
  }

  /// The view through `slice`, whose spans have counts.
  public func sliced(_ spans: [SliceSpan]) -> StridedView {
    var view = self
    for (axis, span) in spans.enumerated() {
      guard let count = span.count else { continue }
      if count > 0 { view.offset += span.start * strides[axis] }
      view.strides[axis] = span.step * strides[axis]
      view.shape[axis] = count
    }
    return view
  }

  /// The view through `reverse`.
  public func reversed(_ axes: AxisSet) -> StridedView {
    var view = self
    for axis in shape.indices where axes.contains(axis) && shape[axis] > 0 {
      view.offset += (shape[axis] - 1) * strides[axis]
      view.strides[axis] = -strides[axis]
    }
    return view
  }

  /// The view through `broadcast`.
  public func broadcast(to target: [Int], axes: [Int]) -> StridedView {
    var view = StridedView(
      offset: offset, shape: target, strides: Array(repeating: 0, count: target.count))
    for (axis, place) in axes.enumerated() where shape[axis] == target[place] {
      view.strides[place] = shape[axis] == 1 ? 0 : strides[axis]
    }
    return view
  }

  /// The view through `reshape`, or nil when no strides tell it.
  ///
  /// - Source: the rule of NumPy's `_attempt_nocopy_reshape`: groups of axes with equal products,
  ///   each group of the old ones evenly spaced.
  public func reshaped(to target: [Int]) -> StridedView? {
    if isContiguous || count == 0 {
      var view = StridedView(contiguous: target)
      view.offset = offset
      return view
    }
    let old = shape.indices.filter { shape[$0] != 1 }
    var result = Array(repeating: 0, count: target.count)
    var (i, j) = (0, 0)
    while i < old.count, j < target.count {
      if target[j] == 1 {
        j += 1
        continue
      }
      var (end, last) = (i + 1, j + 1)
      var (have, want) = (shape[old[i]], target[j])
      while have != want {
        if have < want {
          guard end < old.count else { return nil }
          have *= shape[old[end]]
          end += 1
        } else {
          guard last < target.count else { return nil }
          want *= target[last]
          last += 1
        }
      }
      for k in i..<end - 1
      where strides[old[k]] != strides[old[k + 1]] * shape[old[k + 1]] {
        return nil
      }
      var stride = strides[old[end - 1]]
      for k in (j..<last).reversed() {
        result[k] = target[k] == 1 ? 0 : stride
        stride *= target[k]
      }
      (i, j) = (end, last)
    }
    return StridedView(offset: offset, shape: target, strides: result)
  }
}
