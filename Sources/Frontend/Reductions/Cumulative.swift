import WeftIR

/// Running sums along an axis.
///
/// - Shape: the same; one longer along the axis with `includeInitial`.
/// - DType: as `sum`: int64 or uint64 for bool and integers, else the same, unless given.
/// - Throws: from `compute()`: `axis` when out of range, or nil for an array of several axes.
/// - NumPy: `numpy.cumulative_sum`.
///
/// ```swift
/// cumulativeSum([1, 2, 3, 4])  // [ 1  3  6 10]
/// cumulativeSum([[1, 2], [3, 4]], axis: 1, includeInitial: true)
/// // [[0 1 3]
/// //  [0 3 7]]
/// ```
public func cumulativeSum(
  _ a: NDArray, axis: Int? = nil, dtype: DType? = nil, includeInitial: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  cumulative(
    .add, a, axis, dtype, includeInitial: includeInitial,
    Composition("cumulative_sum", file, line))
}

/// Running products along an axis.
///
/// - Shape: the same; one longer along the axis with `includeInitial`.
/// - DType: as `prod`: int64 or uint64 for bool and integers, else the same, unless given.
/// - Throws: from `compute()`: `axis` when out of range, or nil for an array of several axes.
/// - NumPy: `numpy.cumulative_prod`.
///
/// ```swift
/// cumulativeProduct([1, 2, 3, 4])  // [ 1  2  6 24]
/// ```
public func cumulativeProduct(
  _ a: NDArray, axis: Int? = nil, dtype: DType? = nil, includeInitial: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  cumulative(
    .multiply, a, axis, dtype, includeInitial: includeInitial,
    Composition("cumulative_prod", file, line))
}

/// Running sums along an axis, or of the flattened array.
///
/// - Shape: the same; 1-d without an axis.
/// - DType: as `sum`.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.cumsum`.
///
/// ```swift
/// cumsum([[1, 2], [3, 4]])  // [ 1  3  6 10]
/// cumsum([[1, 2], [3, 4]], axis: 0)
/// // [[1 2]
/// //  [4 6]]
/// ```
public func cumsum(
  _ a: NDArray, axis: Int? = nil, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  flatCumulative(.add, a, axis, dtype, Composition("cumsum", file, line))
}

/// Running products along an axis, or of the flattened array.
///
/// - Shape: the same; 1-d without an axis.
/// - DType: as `prod`.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.cumprod`.
///
/// ```swift
/// cumprod([[1, 2], [3, 4]], axis: 1)
/// // [[ 1  2]
/// //  [ 3 12]]
/// ```
public func cumprod(
  _ a: NDArray, axis: Int? = nil, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  flatCumulative(.multiply, a, axis, dtype, Composition("cumprod", file, line))
}

/// Running sums of what is not NaN, along an axis or of the flattened array.
///
/// - Shape: the same; 1-d without an axis.
/// - DType: as `sum`.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nancumsum`.
///
/// ```swift
/// nancumsum(NDArray([1, .nan, 3]))  // [1. 1. 4.]
/// ```
public func nancumsum(
  _ a: NDArray, axis: Int? = nil, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("nancumsum", file, line)
  return flatCumulative(.add, c.replacingNaN(a, with: 0), axis, dtype, c)
}

/// Running products of what is not NaN, along an axis or of the flattened array.
///
/// - Shape: the same; 1-d without an axis.
/// - DType: as `prod`.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nancumprod`.
///
/// ```swift
/// nancumprod(NDArray([2, .nan, 3]))  // [2. 2. 6.]
/// ```
public func nancumprod(
  _ a: NDArray, axis: Int? = nil, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("nancumprod", file, line)
  return flatCumulative(.multiply, c.replacingNaN(a, with: 1), axis, dtype, c)
}

func flatCumulative(
  _ f: ScalarFunction, _ a: NDArray, _ axis: Int?, _ dtype: DType?, _ c: Composition
) -> NDArray {
  if axis != nil || a.expr.isPoison {
    return cumulative(f, a, axis, dtype, includeInitial: false, c)
  }
  return cumulative(f, c.flat(a), 0, dtype, includeInitial: false, c)
}

func cumulative(
  _ f: ScalarFunction, _ a: NDArray, _ axis: Int?, _ dtype: DType?, includeInitial: Bool,
  _ c: Composition
) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    if axis == nil && a.rank > 1 {
      throw c.error(.axis, "needs an axis for \(a.expr.type) of \(a.rank) axes")
    }
    // NumPy takes a 0-d array for one of one element here.
    let a = a.rank == 0 ? c.flat(a) : a
    let axis = try Axes.normalized(axis ?? 0, rank: a.rank, c.name, a, c.site)
    let dtype = dtype ?? a.dtype.foldDType
    let result = c.scan(f, c.convert(a, dtype), axis)
    guard includeInitial else { return result }
    var codes = a.codes
    codes[axis] = 1
    let initial = c.fill(Scalar(Int64(f.identity ?? 0), dtype), Shape(codes: codes))
    return c.join([initial, result], axis)
  }
}
