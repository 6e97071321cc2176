import WeftIR

/// An index expression checked against a shape: first the basic part, then the arrays.
///
/// Source of the rules: NumPy's "Indexing on ndarrays": integers and slices first; integer arrays
/// broadcast together; where they are not neighbours their axes come first.
struct IndexPlan {
  /// How one axis of the operand is cut.
  struct Cut {
    var start = 0
    var step = 1
    /// nil is the whole of an axis of unknown extent.
    var count: Int?
    var isReversed = false
    var isDropped = false
  }

  /// An integer array in place of an axis.
  struct Selector {
    /// The axis after the basic part.
    var axis: Int
    var indices: NDArray
  }

  /// A mask in place of one or more axes.
  struct Mask {
    /// The first of its axes after the basic part.
    var axis: Int
    var mask: NDArray
  }

  var cuts: [Cut] = []
  /// The axes after the basic part: operand axes, or nil for new ones.
  var axes: [Int?] = []
  var selectors: [Selector] = []
  var masks: [Mask] = []
  /// Whether integer arrays (and integers among them) are neighbours, so that their axes stay.
  var isAdjacent = true
  /// Whether arrays take part.
  var isAdvanced: Bool { !selectors.isEmpty || !masks.isEmpty }

  init(_ indices: [AxisIndex], of type: TensorType, site: SourceSite) throws(WeftError) {
    let expanded = try Self.expanded(indices, of: type, site)
    let hasArrays = expanded.contains { if case .array = $0 { true } else { false } }
    var axis = 0
    // Where among the index terms arrays (and integers beside them) stand.
    var advancedTerms: [Int] = []
    for (term, index) in expanded.enumerated() {
      switch index {
      case .inserted:
        axes.append(nil)
      case .remaining:
        break
      case .at(let position):
        let extent = type.shape[axis]
        let checked = try Self.position(position, extent, axis, type, site)
        if hasArrays { advancedTerms.append(term) }
        cuts.append(Cut(start: checked, step: 1, count: 1, isDropped: true))
        axis += 1
      case .slice(let start, let stop, let step):
        cuts.append(try Self.cut(start, stop, step, type.shape[axis], type, site))
        axes.append(axis)
        axis += 1
      case .array(let array):
        advancedTerms.append(term)
        if array.dtype == .bool {
          try add(mask: array, at: axis, of: type, site)
          for _ in 0..<array.rank {
            cuts.append(Self.whole(type.shape[axis]))
            axes.append(axis)
            axis += 1
          }
        } else {
          selectors.append(Selector(axis: axes.count, indices: try Self.integers(array, site)))
          cuts.append(Self.whole(type.shape[axis]))
          axes.append(axis)
          axis += 1
        }
      }
    }
    if let first = advancedTerms.first, let last = advancedTerms.last {
      isAdjacent = last - first + 1 == advancedTerms.count
    }
  }

  private mutating func add(
    mask: NDArray, at axis: Int, of type: TensorType, _ site: SourceSite
  ) throws(WeftError) {
    for offset in 0..<mask.rank {
      let (have, want) = (mask.expr.type.shape[offset], type.shape[axis + offset])
      if case .known(let a) = have, case .known(let b) = want, a != b {
        throw WeftError(
          .index, "index",
          "the mask \(mask.expr.type) has extent \(a) where axis \(axis + offset) of \(type) has \(b)",
          site: site)
      }
    }
    masks.append(Mask(axis: axes.count, mask: mask))
  }

  /// Fills up with whole axes, so that every axis has a term.
  private static func expanded(
    _ indices: [AxisIndex], of type: TensorType, _ site: SourceSite
  ) throws(WeftError) -> [AxisIndex] {
    var used = 0
    var ellipses = 0
    for index in indices {
      switch index {
      case .at, .slice: used += 1
      case .array(let array): used += array.dtype == .bool ? array.rank : 1
      case .remaining: ellipses += 1
      case .inserted: break
      }
    }
    if ellipses > 1 {
      throw WeftError(.index, "index", "only one ellipsis can stand in an index", site: site)
    }
    if used > type.rank {
      throw WeftError(
        .index, "index", "\(used) indices for \(type) of \(type.rank) axes", site: site)
    }
    let fill = Array(
      repeating: AxisIndex.slice(start: nil, stop: nil, step: 1), count: type.rank - used)
    guard ellipses == 1 else { return indices + fill }
    return indices.flatMap { index in
      if case .remaining = index { [AxisIndex.remaining] + fill } else { [index] }
    }
  }

  private static func whole(_ extent: Extent) -> Cut {
    if case .known(let n) = extent { return Cut(count: n) }
    return Cut(count: nil)
  }

  private static func position(
    _ position: Int, _ extent: Extent, _ axis: Int, _ type: TensorType, _ site: SourceSite
  ) throws(WeftError) -> Int {
    guard case .known(let n) = extent else {
      throw WeftError(
        .unknownExtent, "index", "axis \(axis) of \(type) has an extent that only the data tell",
        site: site, hint: "compute() the array first")
    }
    guard position >= -n, position < n else {
      throw WeftError(
        .indexOutOfBounds, "index",
        "index \(position) is out of bounds for axis \(axis) of \(type) with extent \(n)",
        site: site)
    }
    return position < 0 ? position + n : position
  }

  /// Python's slice on an extent: clamped bounds, count, and the first position in ascending order.
  private static func cut(
    _ start: Int?, _ stop: Int?, _ step: Int, _ extent: Extent, _ type: TensorType,
    _ site: SourceSite
  ) throws(WeftError) -> Cut {
    if step == 0 {
      throw WeftError(.index, "index", "a slice has a step of 0", site: site)
    }
    guard case .known(let n) = extent else {
      if start == nil && stop == nil && step.magnitude == 1 {
        return Cut(count: nil, isReversed: step < 0)
      }
      throw WeftError(
        .unknownExtent, "index",
        "\(type) has an extent that only the data tell; it can be taken whole",
        site: site, hint: "compute() the array first")
    }
    func clamped(_ bound: Int?, _ fallback: Int, low: Int, high: Int) -> Int {
      guard let bound else { return fallback }
      // Adding the extent to a negative bound cannot overflow.
      return min(max(bound < 0 ? bound + n : bound, low), high)
    }
    if step > 0 {
      let first = clamped(start, 0, low: 0, high: n)
      let end = clamped(stop, n, low: 0, high: n)
      let count = end > first ? (end - first - 1) / step + 1 : 0
      return Cut(start: count == 0 ? 0 : first, step: count <= 1 ? 1 : step, count: count)
    }
    let first = clamped(start, n - 1, low: -1, high: n - 1)
    let end = clamped(stop, -1, low: -1, high: n - 1)
    // The magnitude of Int.min does not fit; a stride past the extent takes one element anyway.
    let stride = step == .min ? Int.max : -step
    let count = first > end ? (first - end - 1) / stride + 1 : 0
    return Cut(
      start: count == 0 ? 0 : first - (count - 1) * stride, step: count <= 1 ? 1 : stride,
      count: count, isReversed: count > 1)
  }

  /// An index array as int64; an empty float literal (as `[]` makes) counts as integers.
  private static func integers(
    _ array: NDArray, _ site: SourceSite
  ) throws(WeftError) -> NDArray {
    if array.dtype.isInteger
      || array.count == 0 && array.expr.type == TensorType(.float64, Shape([0]))
    {
      return array.strong.converted(to: .int64, site: site)
    }
    throw WeftError(
      .index, "index", "\(array.expr.type) is neither integer nor bool", site: site)
  }
}
