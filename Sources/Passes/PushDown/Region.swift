import WeftIR

/// The part of a row's results that its users need.
enum Region: Equatable {
  /// No user needs anything.
  case nothing
  /// All of it.
  case whole
  /// A box: a span for each axis, with known counts.
  case part([SliceSpan])

  /// A box in a shape; the whole when it covers the shape.
  ///
  /// A span of all of an axis may have no count where the extent became known later.
  init(_ spans: [SliceSpan], of shape: Shape) {
    let spans = zip(spans, shape.codes).map { span, code in
      span.count == nil && code >= 0 ? SliceSpan(start: 0, count: code) : span
    }
    let coversAll = zip(spans, 0...).allSatisfy { span, axis in
      shape[axis] == .known(span.count ?? -1)
    }
    self = coversAll ? .whole : .part(spans)
  }

  /// The spans of the region in a shape of known extents.
  func spans(in shape: Shape) -> [SliceSpan] {
    if case .part(let spans) = self { return spans }
    return shape.codes.map { SliceSpan(start: 0, count: max(0, $0)) }
  }

  /// The least box that holds both.
  func union(_ other: Region, in shape: Shape) -> Region {
    switch (self, other) {
    case (.nothing, let region), (let region, .nothing): region
    case (.whole, _), (_, .whole): .whole
    case (.part(let a), .part(let b)): Region(zip(a, b).map { $0.hull($1) }, of: shape)
    }
  }

  /// The same with all of some axes.
  func widened(_ isWhole: (Int) -> Bool, in shape: Shape) -> Region {
    guard case .part(var spans) = self else { return self }
    for axis in spans.indices where isWhole(axis) {
      spans[axis] = SliceSpan(start: 0, count: max(0, shape.codes[axis]))
    }
    return Region(spans, of: shape)
  }
}

extension SliceSpan {
  /// The last element taken, of a span that is not empty.
  private var last: Int { start + step * ((count ?? 1) - 1) }

  /// The least span that holds the elements of both.
  fileprivate func hull(_ other: SliceSpan) -> SliceSpan {
    guard let count, count > 0 else { return other }
    guard let otherCount = other.count, otherCount > 0 else { return self }
    let low = Swift.min(start, other.start)
    let high = Swift.max(last, other.last)
    var stride = abs(start - other.start)
    if count > 1 { stride = divisor(stride, step) }
    if otherCount > 1 { stride = divisor(stride, other.step) }
    stride = Swift.max(1, stride)
    return SliceSpan(start: low, step: stride, count: (high - low) / stride + 1)
  }

  private func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// This span counted in elements of one that holds it.
  func within(_ outer: SliceSpan) -> SliceSpan {
    guard let count, count > 0 else { return SliceSpan(start: 0, count: 0) }
    return SliceSpan(
      start: (start - outer.start) / outer.step, step: count == 1 ? 1 : step / outer.step,
      count: count)
  }

  /// The elements from `low` up to `low + extent`, counted from `low`, and how many of this span
  /// come before them.
  func clipped(low: Int, extent: Int) -> (before: Int, span: SliceSpan) {
    let count = count ?? 0
    let before = start >= low ? 0 : Swift.min(count, (low - start + step - 1) / step)
    let first = start + before * step
    let end = low + extent
    let inside = first >= end ? 0 : Swift.min(count - before, (end - first + step - 1) / step)
    if inside == 0 { return (before, SliceSpan(start: 0, count: 0)) }
    return (
      before, SliceSpan(start: first - low, step: inside == 1 ? 1 : step, count: inside)
    )
  }

  /// The same elements of an axis in reverse order.
  func mirrored(in extent: Int) -> SliceSpan {
    guard let count, count > 0 else { return self }
    return SliceSpan(start: extent - 1 - last, step: step, count: count)
  }
}
