/// Which columns of rows stay, and where they go: a shift of an axis by few operations an entry.
///
/// `@unchecked Sendable`: numbers alone, of which `Index.Magnitude` does not say so.
struct RowWindow<Index: FixedWidthInteger & BitwiseCopyable & Sendable>: @unchecked Sendable {
  private let first: Index
  /// How far the last column that stays is behind the first, and one more.
  private let span: Index.Magnitude
  let step: Index.Magnitude
  /// The reciprocal of the step, 2^64 / step rounded up: numbers of 32 bits are divided by a product.
  private let reciprocal: UInt64
  private let low: Index
  private let spread: Index
  private let last: Index
  let isReversed: Bool
  let holdsAll: Bool

  init(_ shift: AxisShift) {
    first = Index(truncatingIfNeeded: shift.start)
    let count = max(0, shift.count)
    span = Index.Magnitude(
      truncatingIfNeeded: count == 0 ? 0 : (count - 1) * shift.step + 1)
    step = Index.Magnitude(truncatingIfNeeded: shift.step)
    reciprocal = shift.step > 1 ? UInt64.max / UInt64(shift.step) + 1 : 0
    low = Index(truncatingIfNeeded: shift.low)
    spread = Index(truncatingIfNeeded: shift.spread)
    last = Index(truncatingIfNeeded: count - 1)
    (isReversed, holdsAll) = (shift.isReversed, shift.keepsAll)
  }

  /// Whether a column stays.
  ///
  /// - Source: Lemire, Kaser & Kurz 2019, "Faster remainder by direct computation", for the steps.
  @inline(__always)
  func holds(_ column: Index) -> Bool {
    let distance = Index.Magnitude(truncatingIfNeeded: column &- first)
    if step == 1 { return distance < span }
    if Index.bitWidth > 32 { return distance < span && distance % step == 0 }
    let rest = UInt64(truncatingIfNeeded: distance) &* reciprocal
    return distance < span && rest < reciprocal
  }

  /// Where a column that stays goes.
  @inline(__always)
  func moved(_ column: Index) -> Index {
    let distance = Index.Magnitude(truncatingIfNeeded: column &- first)
    var place: Index
    if step == 1 {
      place = Index(truncatingIfNeeded: distance)
    } else if Index.bitWidth > 32 {
      place = Index(truncatingIfNeeded: distance / step)
    } else {
      place = Index(
        truncatingIfNeeded:
          UInt64(truncatingIfNeeded: distance).multipliedFullWidth(by: reciprocal).high)
    }
    if isReversed { place = last &- place }
    return low &+ place &* spread
  }

  /// The entries of a sorted row whose columns lie in the span.
  func range(_ columns: UnsafePointer<Index>, _ start: Int, _ end: Int) -> Range<Int> {
    func place(_ bound: Index.Magnitude) -> Int {
      var (low, high) = (start, end)
      while low < high {
        let middle = (low &+ high) / 2
        let column = columns[middle]
        let isBefore =
          column < first || Index.Magnitude(truncatingIfNeeded: column &- first) < bound
        if isBefore { low = middle &+ 1 } else { high = middle }
      }
      return low
    }
    return place(0)..<place(span)
  }
}
