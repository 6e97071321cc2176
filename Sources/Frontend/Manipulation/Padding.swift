import WeftIR

/// What `pad` puts around an array.
///
/// ```swift
/// pad([1, 2, 3], 2, mode: .reflect())  // [3 2 1 2 3 2 1]
/// pad([1, 2, 3], 2, mode: .symmetric())  // [2 1 1 2 3 3 2]
/// pad([1, 2, 3], 2, mode: .wrap)  // [2 3 1 2 3 1 2]
/// ```
public enum PadMode: Sendable {
  /// One value.
  case constant(NDArray)
  /// A value before and one after for each axis; one pair serves all axes.
  case constants([(before: NDArray, after: NDArray)])
  /// The nearest element.
  case edge
  /// The elements mirrored at the first and last element; odd reflection turns them upside down.
  case reflect(odd: Bool = false)
  /// The elements mirrored at the array's ends, the first and last one included.
  case symmetric(odd: Bool = false)
  /// The elements from the other end.
  case wrap
  /// Even steps from the edge to a value before and one after for each axis.
  case linearRamp([(before: NDArray, after: NDArray)])
  /// The greatest of the elements along the axis, or of the given number at each end.
  case maximum(lengths: [(before: Int, after: Int)]? = nil)
  /// The least of the elements along the axis, or of the given number at each end.
  case minimum(lengths: [(before: Int, after: Int)]? = nil)
  /// The mean of the elements along the axis, or of the given number at each end.
  case mean(lengths: [(before: Int, after: Int)]? = nil)
  /// The median of the elements along the axis, or of the given number at each end.
  case median(lengths: [(before: Int, after: Int)]? = nil)
  /// Anything; zeros here.
  case empty
}

/// The array with elements added before and after along each axis.
///
/// - Shape: each extent grows by its two widths; one pair of widths serves all axes.
/// - DType: unchanged; values convert, means of integers round.
/// - Throws: from `compute()`: `negative-extent` for a negative width; `argument` for a wrong number
///   of pairs; `value` when an empty axis has no elements to extend; `too-large`.
/// - NumPy: `numpy.pad`; axes are padded one after the other, so that corners agree.
///
/// ```swift
/// pad([1, 2, 3], [(before: 1, after: 2)])  // [0 1 2 3 0 0]
/// pad([[1, 2], [3, 4]], [(before: 1, after: 0), (before: 0, after: 1)], mode: .edge)
/// // [[1 2 2]
/// //  [1 2 2]
/// //  [3 4 4]]
/// ```
public func pad(
  _ a: NDArray, _ widths: [(before: Int, after: Int)], mode: PadMode = .constant(0),
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("pad", file, line)
  return call.build([a] + mode.arrays) { () throws(WeftError) in
    let pairs = try call.pairs(widths, rank: a.rank, "pairs of widths")
    let extents = try call.extents(of: a)
    if let negative = pairs.first(where: { $0.before < 0 || $0.after < 0 }) {
      throw call.error(.negativeExtent, "widths \(negative) have a negative one")
    }
    var target: [Int] = []
    for (extent, pair) in zip(extents, pairs) {
      target.append(try call.sum(try call.sum(extent, pair.before), pair.after))
    }
    _ = try call.shape(target, of: [a])
    return try Padding(call: call, widths: pairs).pad(a.strong, mode)
  }
}

/// The array with as many elements added before and after along every axis.
///
/// - Shape: each extent grows by twice the width.
/// - DType: unchanged.
/// - Throws: from `compute()`: `negative-extent`; `value` when an empty axis has no elements to
///   extend; `too-large`.
/// - NumPy: `numpy.pad`.
///
/// ```swift
/// pad([[1, 2], [3, 4]], 1)
/// // [[0 0 0 0]
/// //  [0 1 2 0]
/// //  [0 3 4 0]
/// //  [0 0 0 0]]
/// pad([1, 2, 3], 2, mode: .edge)  // [1 1 1 2 3 3 3]
/// ```
public func pad(
  _ a: NDArray, _ width: Int, mode: PadMode = .constant(0), file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  pad(a, [(before: width, after: width)], mode: mode, file: file, line: line)
}

extension PadMode {
  fileprivate var arrays: [NDArray] {
    switch self {
    case .constant(let value): [value]
    case .constants(let pairs), .linearRamp(let pairs): pairs.flatMap { [$0.before, $0.after] }
    default: []
    }
  }
}

extension Call {
  /// A pair for each axis, from one pair for all or one for each.
  func pairs<Pair>(_ pairs: [Pair], rank: Int, _ what: String) throws(WeftError) -> [Pair] {
    if pairs.count == rank { return pairs }
    guard let pair = pairs.first, pairs.count == 1 else {
      throw error(.argument, "\(pairs.count) \(what) for \(rank) axes")
    }
    return Array(repeating: pair, count: rank)
  }
}

/// Padding by widths that are not negative and fit.
private struct Padding {
  typealias Widths = (before: Int, after: Int)

  let call: Call
  let widths: [Widths]

  func pad(_ a: NDArray, _ mode: PadMode) throws(WeftError) -> NDArray {
    switch mode {
    case .constant(let value): return try constant(a, try fill(value, a.dtype))
    case .empty: return try constant(a, call.zero(a.dtype))
    case .constants(let values):
      let values = try call.pairs(values, rank: a.rank, "pairs of values")
      return try eachAxis(a) { array, axis, width throws(WeftError) in
        let before = one(array, axis, width.before, 0, try fill(values[axis].before, a.dtype))
        return one(before, axis, 0, width.after, try fill(values[axis].after, a.dtype))
      }
    case .edge, .reflect, .symmetric, .wrap:
      try requireElements(a)
      return try eachAxis(a) { array, axis, width throws(WeftError) in
        try indexed(array, axis, width, mode)
      }
    case .linearRamp(let ends):
      try requireElements(a)
      let ends = try call.pairs(ends, rank: a.rank, "pairs of end values")
      return try eachAxis(a) { array, axis, width throws(WeftError) in
        try ramps(array, axis, width, ends[axis])
      }
    case .maximum(let lengths):
      return try statistic(a, lengths, orElse: nil) { call.reduce(.maximum, $0, [$1]) }
    case .minimum(let lengths):
      return try statistic(a, lengths, orElse: nil) { call.reduce(.minimum, $0, [$1]) }
    case .mean(let lengths): return try statistic(a, lengths, orElse: .nan) { mean($0, $1) }
    case .median(let lengths): return try statistic(a, lengths, orElse: .nan) { median($0, $1) }
    }
  }

  private func eachAxis(
    _ a: NDArray, _ body: (NDArray, Int, Widths) throws(WeftError) -> NDArray
  ) throws(WeftError) -> NDArray {
    var result = a
    for axis in 0..<a.rank where widths[axis].before > 0 || widths[axis].after > 0 {
      result = try body(result, axis, widths[axis])
    }
    return result
  }

  /// A 0-d value in the array's dtype.
  private func fill(_ value: NDArray, _ dtype: DType) throws(WeftError) -> NDArray {
    guard value.count == 1 else {
      throw call.error(.argument, "the value is \(value.expr.type), expected one element")
    }
    // NumPy wraps what unsigned integers do not hold.
    if dtype.kind == .signed { try value.requireFits(dtype, call.name, call.site) }
    return call.convert(call.reshape(value.strong, []), to: dtype)
  }

  private func constant(_ a: NDArray, _ value: NDArray) throws(WeftError) -> NDArray {
    if widths.allSatisfy({ $0.before == 0 && $0.after == 0 }) { return a }
    return call.node(.pad(widths.map { PadSpan(low: $0.before, high: $0.after) }), a, value)
  }

  private func one(
    _ a: NDArray, _ axis: Int, _ low: Int, _ high: Int, _ value: NDArray
  ) -> NDArray {
    if low == 0 && high == 0 { return a }
    var spans = Array(repeating: PadSpan(low: 0, high: 0), count: a.rank)
    spans[axis] = PadSpan(low: low, high: high)
    return call.node(.pad(spans), a, value)
  }

  /// Only constants extend an axis without elements.
  private func requireElements(_ a: NDArray) throws(WeftError) {
    for (axis, width) in widths.enumerated()
    where a.expr.type.shape[axis] == .known(0) && (width.before > 0 || width.after > 0) {
      throw call.error(
        .value, "axis \(axis) of \(a.expr.type) has no elements to extend it with",
        hint: "pad it with a constant")
    }
  }

  // MARK: Modes that show elements again

  private func indexed(
    _ a: NDArray, _ axis: Int, _ width: Widths, _ mode: PadMode
  ) throws(WeftError) -> NDArray {
    let n = try call.extent(axis, of: a)
    if n == 0 { return a }
    guard Composition(call.name, site: call.site).sparseFill(of: a) != nil else {
      return shown(a, axis, n, from: -width.before, n + width.before + width.after, mode)
    }
    // Of a sparse array only what is added is looked up.
    var parts = [a]
    if width.before > 0 {
      parts.insert(shown(a, axis, n, from: -width.before, width.before, mode), at: 0)
    }
    if width.after > 0 { parts.append(shown(a, axis, n, from: n, width.after, mode)) }
    return call.concatenate(parts, axis: axis)
  }

  /// So many positions along an axis, which count from the first element on, of an array that goes on around itself.
  private func shown(
    _ a: NDArray, _ axis: Int, _ n: Int, from start: Int, _ count: Int, _ mode: PadMode
  ) -> NDArray {
    // Positions relative to the first element.
    let position = call.apply(.subtract, call.counts([count]), call.integer(-start))
    var isOdd = false
    var period = n
    let index: NDArray
    switch mode {
    case .reflect(let odd) where n > 1:
      (isOdd, period) = (odd, 2 * (n - 1))
      index = mirrored(position, n, period, at: period)
    case .symmetric(let odd) where n > 1:
      (isOdd, period) = (odd, 2 * n)
      index = mirrored(position, n, period, at: period - 1)
    case .wrap: index = call.apply(.remainder, position, call.integer(n))
    default:
      index = call.apply(
        .minimum, call.apply(.maximum, position, call.integer(0)), call.integer(n - 1))
    }
    let values = call.gather(a, index, axis: axis)
    if !isOdd { return values }
    // As in NumPy, differences of bool are integers, and bool again.
    guard a.dtype == .bool else { return turned(values, a, axis, position, n, period) }
    let turned = turned(
      call.convert(values, to: .int64), call.convert(a, to: .int64), axis, position, n, period)
    return call.convert(turned, to: .bool)
  }

  /// The position in a period, mirrored where it lies past the array.
  private func mirrored(_ position: NDArray, _ n: Int, _ period: Int, at mirror: Int) -> NDArray {
    let phase = call.apply(.remainder, position, call.integer(period))
    return call.select(
      call.apply(.less, phase, call.integer(n)), phase,
      call.apply(.subtract, call.integer(mirror), phase))
  }

  /// Odd reflection: 2 * edge - value in mirrored parts, the edge being the one towards the array;
  /// each period further away rises by twice the difference between last and first element.
  private func turned(
    _ values: NDArray, _ a: NDArray, _ axis: Int, _ position: NDArray, _ n: Int, _ period: Int
  ) -> NDArray {
    func column(_ index: NDArray) -> NDArray {
      var extents = Array(repeating: 1, count: a.rank)
      extents[axis] = index.count ?? 1
      return call.reshape(index, extents)
    }
    let two = call.constant(Scalar(2 as Int64, a.dtype))
    let first = call.slice(a, axis: axis, from: 0, count: 1)
    let last = call.slice(a, axis: axis, from: n - 1, count: 1)
    let phase = call.apply(.remainder, position, call.integer(period))
    let isBefore = call.apply(.less, position, call.integer(0))
    var isFlipped = call.apply(.greaterEqual, phase, call.integer(n))
    var round = call.apply(.floorDivide, position, call.integer(period))
    if period < 2 * n {
      // Where edges are not repeated, the last element of a mirrored part is both the first and
      // the last of its period: it belongs to the part that begins at the array.
      let isAfter = call.apply(.greaterEqual, position, call.integer(n))
      let isLast = call.apply(
        .logicalAnd, isBefore, call.apply(.equal, phase, call.integer(n - 1)))
      let isFirst = call.apply(.logicalAnd, isAfter, call.apply(.equal, phase, call.integer(0)))
      isFlipped = call.apply(.logicalOr, isFlipped, call.apply(.logicalOr, isLast, isFirst))
      round = call.apply(.subtract, round, call.convert(isFirst, to: .int64))
    }
    // What is mirrored at the first element has come from there.
    let isNext = call.apply(.logicalAnd, isFlipped, isBefore)
    let cycle = call.convert(
      call.apply(.add, round, call.convert(isNext, to: .int64)), to: a.dtype)
    let edge = call.select(column(isBefore), first, last)
    let flipped = call.apply(.subtract, call.apply(.multiply, two, edge), values)
    let isMirrored = column(isFlipped)
    let rise = call.apply(.multiply, two, call.apply(.subtract, last, first))
    let base = call.select(isMirrored, flipped, values)
    let lifted = call.apply(.add, base, call.apply(.multiply, column(cycle), rise))
    // Where nothing is lifted the bits stay, infinities too.
    return call.select(
      column(call.apply(.equal, cycle, call.zero(a.dtype))), base, lifted)
  }

  // MARK: Ramps

  private func ramps(
    _ a: NDArray, _ axis: Int, _ width: Widths, _ ends: (before: NDArray, after: NDArray)
  ) throws(WeftError) -> NDArray {
    let n = try call.extent(axis, of: a)
    func ramp(_ edge: NDArray, _ end: NDArray, _ count: Int) throws(WeftError) -> NDArray {
      // What is not zero is true: also an imaginary number.
      let isComplex = a.dtype == .bool && end.dtype.kind == .complex
      let dtype = a.dtype.isInexact ? a.dtype : isComplex ? .complex128 : .float64
      let start = call.convert(try fill(end, dtype), to: dtype)
      let span = call.apply(.subtract, call.convert(edge, to: dtype), start)
      let steps = call.convert(
        call.counts(count, axis: axis, rank: a.rank), to: dtype.realPart)
      let step = call.apply(
        .divide, span, call.constant(Scalar(Int64(count), dtype)))
      var values = call.apply(.add, call.apply(.multiply, steps, step), start)
      if a.dtype.isInteger { values = call.apply(.floor, values) }
      return call.convert(values, to: a.dtype)
    }
    var parts: [NDArray] = []
    if width.before > 0 {
      parts.append(
        try ramp(call.slice(a, axis: axis, from: 0, count: 1), ends.before, width.before))
    }
    parts.append(a)
    if width.after > 0 {
      let rising = try ramp(
        call.slice(a, axis: axis, from: n - 1, count: 1), ends.after, width.after)
      parts.append(call.reverse(rising, [axis]))
    }
    return call.concatenate(parts, axis: axis)
  }

  // MARK: Statistics

  private func statistic(
    _ a: NDArray, _ lengths: [(before: Int, after: Int)]?, orElse empty: Double?,
    _ body: (NDArray, Int) -> NDArray
  ) throws(WeftError) -> NDArray {
    try requireElements(a)
    let lengths = try lengths.map { lengths throws(WeftError) in
      try call.pairs(lengths, rank: a.rank, "pairs of lengths")
    }
    if let negative = lengths?.first(where: { $0.before < 0 || $0.after < 0 }) {
      throw call.error(.negativeExtent, "lengths \(negative) have a negative one")
    }
    return try eachAxis(a) { array, axis, width throws(WeftError) in
      let n = try call.extent(axis, of: array)
      func value(_ length: Int, fromEnd: Bool) throws(WeftError) -> NDArray {
        guard length > 0 || empty != nil else {
          throw call.error(.value, "no elements have no extreme; lengths are at least 1")
        }
        let part = call.slice(array, axis: axis, from: fromEnd ? n - length : 0, count: length)
        var result = body(part, axis)
        if a.dtype.isInteger && result.dtype.isInexact { result = call.apply(.round, result) }
        var codes = array.expr.type.shape.codes
        codes[axis] = 1
        return call.reshape(call.convert(result, to: a.dtype), codes: codes)
      }
      func spread(_ value: NDArray, _ count: Int) -> NDArray {
        var shape = array.expr.type.shape
        shape[axis] = .known(count)
        return call.broadcast(value, to: shape)
      }
      let before = min(lengths?[axis].before ?? n, n)
      let after = min(lengths?[axis].after ?? n, n)
      return call.concatenate(
        [
          spread(try value(before, fromEnd: false), width.before), array,
          spread(try value(after, fromEnd: true), width.after),
        ], axis: axis)
    }
  }

  private func mean(_ a: NDArray, _ axis: Int) -> NDArray {
    let dtype: DType = a.dtype.isInexact ? a.dtype : .float64
    let count = a.expr.type.shape.codes[axis]
    let sum = call.reduce(.add, call.convert(a, to: dtype), [axis])
    return call.apply(.divide, sum, call.constant(Scalar(Int64(count), dtype)))
  }

  private func median(_ a: NDArray, _ axis: Int) -> NDArray {
    let count = a.expr.type.shape.codes[axis]
    if count == 0 { return mean(a, axis) }
    let both = Building.node(
      .sort(axis: axis, descending: false), [a.expr], name: call.name, site: call.site)
    let sorted = NDArray(both.isPoison ? both : Expr(projecting: 0, of: both))
    let low = (count - 1) / 2
    let middle = call.slice(sorted, axis: axis, from: low, count: count / 2 - low + 1)
    // NaN sorts last; one makes the median NaN.
    let last = call.element(sorted, axis: axis, at: count - 1)
    let value = mean(middle, axis)
    return a.dtype.isInexact
      ? call.select(call.apply(.isnan, last), call.convert(last, to: value.dtype), value) : value
  }
}
