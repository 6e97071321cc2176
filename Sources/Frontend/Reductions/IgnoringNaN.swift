import WeftIR

/// The sum over an axis, or over all of what is not NaN.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: int64 or uint64 for bool and integers, else the same, unless given.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nansum`.
///
/// ```swift
/// nansum(NDArray([1, .nan, 3]))  // 4.0
/// ```
public func nansum(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanSum(.add, a, axis.map { [$0] }, keepAxes, dtype, Composition("nansum", file, line))
}

/// The sum over some axes of what is not NaN. See `nansum(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nansum(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanSum(.add, a, axes, keepAxes, dtype, Composition("nansum", file, line))
}

/// The product over an axis, or over all of what is not NaN.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: int64 or uint64 for bool and integers, else the same, unless given.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nanprod`.
///
/// ```swift
/// nanprod(NDArray([2, .nan, 3]))  // 6.0
/// ```
public func nanprod(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanSum(.multiply, a, axis.map { [$0] }, keepAxes, dtype, Composition("nanprod", file, line))
}

/// The product over some axes of what is not NaN. See `nanprod(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanprod(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanSum(.multiply, a, axes, keepAxes, dtype, Composition("nanprod", file, line))
}

/// The least over an axis, or over all of what is not NaN; NaN if all is.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: the same.
/// - Throws: from `compute()`: `axis` for an axis out of range; `empty-reduction` for no elements.
/// - NumPy: `numpy.nanmin`.
///
/// ```swift
/// nanmin(NDArray([2, .nan, 3]))  // 2.0
/// ```
public func nanmin(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  a.extreme(
    .fmin, axis.map { [$0] }, keepAxes, nil, nil, Composition("nanmin", file, line))
}

/// The least over some axes of what is not NaN; NaN if all is. See `nanmin(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanmin(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  a.extreme(
    .fmin, axes, keepAxes, nil, nil, Composition("nanmin", file, line))
}

/// The greatest over an axis, or over all of what is not NaN; NaN if all is.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: the same.
/// - Throws: from `compute()`: `axis` for an axis out of range; `empty-reduction` for no elements.
/// - NumPy: `numpy.nanmax`.
///
/// ```swift
/// nanmax(NDArray([2, .nan, 3]))  // 3.0
/// ```
public func nanmax(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  a.extreme(
    .fmax, axis.map { [$0] }, keepAxes, nil, nil, Composition("nanmax", file, line))
}

/// The greatest over some axes of what is not NaN; NaN if all is. See `nanmax(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanmax(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  a.extreme(
    .fmax, axes, keepAxes, nil, nil, Composition("nanmax", file, line))
}

/// The mean over an axis, or over all of what is not NaN; NaN if all is.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: float64 for bool and integers, else the same.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nanmean`.
///
/// ```swift
/// nanmean(NDArray([1, .nan, 3]))  // 2.0
/// ```
public func nanmean(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  nanMean(a, axis.map { [$0] }, keepAxes, Composition("nanmean", file, line))
}

/// The mean over some axes of what is not NaN; NaN if all is. See `nanmean(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanmean(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  nanMean(a, axes, keepAxes, Composition("nanmean", file, line))
}

/// The variance over an axis, or over all of what is not NaN; divides by the count less `correction`.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: float64 for bool and integers, the real dtype for complex, else the same.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nanvar`. NaN where the divisor is not positive.
///
/// ```swift
/// nanvar(NDArray([1, .nan, 3]))  // 1.0
/// ```
public func nanvar(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, correction: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanVariance(
    a, axis.map { [$0] }, keepAxes, correction, isRoot: false, Composition("nanvar", file, line))
}

/// The variance over some axes of what is not NaN; divides by the count less `correction`.
///
/// See `nanvar(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanvar(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, correction: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanVariance(
    a, axes, keepAxes, correction, isRoot: false, Composition("nanvar", file, line))
}

/// The standard deviation over an axis, or over all of what is not NaN; divides by the count less `correction`.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: float64 for bool and integers, the real dtype for complex, else the same.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nanstd`. NaN where the divisor is not positive.
///
/// ```swift
/// nanstd(NDArray([1, .nan, 3]), correction: 1)  // 1.4142135623730951
/// ```
public func nanstd(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, correction: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanVariance(
    a, axis.map { [$0] }, keepAxes, correction, isRoot: true, Composition("nanstd", file, line))
}

/// The standard deviation over some axes of what is not NaN; divides by the count less `correction`.
///
/// See `nanstd(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanstd(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, correction: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  nanVariance(
    a, axes, keepAxes, correction, isRoot: true, Composition("nanstd", file, line))
}

/// The position of the least element that is not NaN.
///
/// - Shape: without the axis.
/// - DType: int64.
/// - Throws: from `compute()`: `axis`; `empty-reduction` for no elements, or where all are NaN.
/// - NumPy: `numpy.nanargmin`.
///
/// ```swift
/// nanargmin(NDArray([.nan, 2, 1]))  // 2
/// ```
public func nanargmin(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  nanArgExtreme(.minimum, a, axis, keepAxes, Composition("nanargmin", file, line))
}

/// The position of the greatest element that is not NaN.
///
/// - Shape: without the axis.
/// - DType: int64.
/// - Throws: from `compute()`: `axis`; `empty-reduction` for no elements, or where all are NaN.
/// - NumPy: `numpy.nanargmax`.
///
/// ```swift
/// nanargmax(NDArray([.nan, 2, 1]))  // 1
/// ```
public func nanargmax(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  nanArgExtreme(.maximum, a, axis, keepAxes, Composition("nanargmax", file, line))
}

// MARK: - Compositions

extension Composition {
  /// The array with a number in place of NaN.
  func replacingNaN(_ a: NDArray, with value: Double) -> NDArray {
    a.dtype.isInexact ? select(isNaN(a), number(value, a.dtype), a.strong) : a.strong
  }

  /// How many elements are not NaN, as a float to divide by.
  func countNumbers(_ a: NDArray, _ axes: [Int], keepAxes: Bool, _ dtype: DType) -> NDArray {
    let numbers = convert(not(isNaN(a)), .int64)
    return convert(reduce(.add, numbers, axes, keepAxes: keepAxes), dtype)
  }
}

func nanSum(
  _ f: ScalarFunction, _ a: NDArray, _ axes: [Int]?, _ keepAxes: Bool, _ dtype: DType?,
  initial: NDArray? = nil, where mask: NDArray? = nil, _ c: Composition
) -> NDArray {
  c.one([a]) {
    let x = c.replacingNaN(a, with: f == .multiply ? 1 : 0)
    return f == .multiply
      ? x.prod(axes, keepAxes: keepAxes, dtype: dtype, initial: initial, where: mask, c)
      : x.sum(axes, keepAxes: keepAxes, dtype: dtype, initial: initial, where: mask, c)
  }
}

func nanMean(_ a: NDArray, _ axes: [Int]?, _ keepAxes: Bool, _ c: Composition) -> NDArray {
  if !a.dtype.isInexact {
    return a.mean(axes, keepAxes: keepAxes, dtype: nil, where: nil, c)
  }
  return c.one([a]) { () throws(WeftError) in
    let axes = try Axes.folded(axes, c.name, a, c.site)
    let x = c.convert(a, a.dtype.meanComputing)
    let total = c.reduce(.add, c.replacingNaN(x, with: 0), axes, keepAxes: keepAxes)
    let count = c.countNumbers(x, axes, keepAxes: keepAxes, x.dtype)
    return c.convert(c(.divide, total, count), a.dtype)
  }
}

func nanVariance(
  _ a: NDArray, _ axes: [Int]?, _ keepAxes: Bool, _ correction: Double, mean known: NDArray? = nil,
  isRoot: Bool, _ c: Composition
) -> NDArray {
  if !a.dtype.isInexact {
    return a.variance(
      axes, keepAxes: keepAxes, correction: correction, mean: known, isRoot: isRoot, c)
  }
  return c.one([a] + [known].compactMap { $0 }) { () throws(WeftError) in
    let axes = try Axes.folded(axes, c.name, a, c.site)
    let x = c.convert(a, a.dtype.meanComputing)
    let real = x.dtype.realPart
    let total = c.reduce(.add, c.replacingNaN(x, with: 0), axes, keepAxes: true)
    let mean =
      known.map { c.convert($0, x.dtype) }
      ?? c(.divide, total, c.countNumbers(x, axes, keepAxes: true, x.dtype))
    let stored =
      known == nil
      ? c.storedDistances(x, from: mean, axes, keepAxes: keepAxes, ignoringNaN: true) : nil
    let distance = c.select(c.isNaN(x), c.number(0, x.dtype), c(.subtract, x, mean))
    let squares =
      stored ?? c.reduce(.add, c.squaredMagnitude(distance), axes, keepAxes: keepAxes)
    let freedom = c(
      .subtract, c.countNumbers(x, axes, keepAxes: keepAxes, real), c.number(correction, real))
    let isDefined = c(.greater, freedom, c.number(0, real))
    let variance = c.select(isDefined, c(.divide, squares, freedom), c.number(.nan, real))
    return c.convert(isRoot ? c(.sqrt, variance) : variance, a.dtype.realPart)
  }
}

func nanArgExtreme(
  _ f: ScalarFunction, _ a: NDArray, _ axis: Int?, _ keepAxes: Bool, _ c: Composition
) -> NDArray {
  if !a.dtype.isInexact { return a.argExtreme(f, axis, keepAxes: keepAxes, c) }
  return c.one([a]) { () throws(WeftError) in
    let axes = try Axes.folded(axis.map { [$0] }, c.name, a, c.site)
    let worst = f == .minimum ? Double.infinity : -.infinity
    let position = c.replacingNaN(a, with: worst)
      .argExtreme(f, axis, keepAxes: keepAxes, c)
    let isNone = c.reduce(.logicalAnd, c.isNaN(a), axes, keepAxes: keepAxes)
    return c.require(
      c(.logicalNot, isNone), position, .emptyReduction, "all elements of a row are NaN")
  }
}
