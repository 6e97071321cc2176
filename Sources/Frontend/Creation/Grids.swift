import WeftIR

/// How `meshgrid` orders the first two axes.
public enum GridIndexing: Sendable {
  /// Cartesian: the first array runs along axis 1, the second along axis 0.
  case xy
  /// By matrix indices: array i runs along axis i.
  case ij
}

/// Coordinates of a grid from the coordinates along its axes.
///
/// - Shape: each result has an axis for each array (flattened); sparse ones have extent 1 but along
///   their own axis.
/// - DType: each keeps its own.
/// - Throws: from `compute()`: `unknown-extent` for arrays of unknown extent, unless sparse.
/// - NumPy: `numpy.meshgrid`.
///
/// ```swift
/// let grid = meshgrid([[1, 2, 3], [10, 20]])
/// grid[0] + grid[1]
/// // [[11 12 13]
/// //  [21 22 23]]
/// meshgrid([[1, 2, 3], [10, 20]], indexing: .ij)[1]
/// // [[10 20]
/// //  [10 20]
/// //  [10 20]]
/// ```
public func meshgrid(
  _ arrays: [NDArray], indexing: GridIndexing = .xy, sparse: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("meshgrid", file, line)
  return call.buildAll(arrays) { () throws(WeftError) in
    let rank = arrays.count
    guard rank <= 64 else { throw call.error(.value, "\(rank) axes; an array has at most 64") }
    let columns = arrays.enumerated().map { position, array in
      let axis = indexing == .xy && rank > 1 && position < 2 ? 1 - position : position
      let flat = call.flatten(array.strong)
      var codes = Array(repeating: 1, count: rank)
      codes[axis] = flat.expr.type.shape.codes[0]
      return call.reshape(flat, codes: codes)
    }
    if sparse { return columns }
    let shape = try call.broadcastShape(columns)
    guard shape.isKnown else {
      throw call.error(
        .unknownExtent, "a grid over \(shape), whose extents only the data tell",
        hint: "compute() the arrays first, or take the sparse grid")
    }
    _ = try call.shape(shape.codes)
    return columns.map { call.broadcast($0, to: shape) }
  }
}

/// For each axis the index of every element along it.
///
/// - Shape: `[rank] + shape`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.indices`.
///
/// ```swift
/// indices([2, 3])
/// // [[[0 0 0]
/// //   [1 1 1]]
/// //
/// //  [[0 1 2]
/// //   [0 1 2]]]
/// ```
public func indices(
  _ shape: [Int], dtype: DType = .int64, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("indices", file, line)
  return call.build([]) { () throws(WeftError) in
    let whole = try call.shape([shape.count] + shape)
    if shape.isEmpty { return call.broadcast(call.zero(dtype), to: whole) }
    let parts = shape.indices.map { axis in
      call.reshape(call.counts(shape, axis: axis), [1] + shape)
    }
    return call.convert(call.concatenate(parts, axis: 0), to: dtype)
  }
}

/// For each axis the index along it, with extent 1 along the others.
///
/// - Shape: `shape.count` arrays, each of extent 1 but along its own axis.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.indices` with `sparse=True`.
///
/// ```swift
/// let grid = sparseIndices([2, 3])
/// grid[0] * 10 + grid[1]
/// // [[ 0  1  2]
/// //  [10 11 12]]
/// ```
public func sparseIndices(
  _ shape: [Int], dtype: DType = .int64, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("indices", file, line)
  return call.buildAll([]) { () throws(WeftError) in
    _ = try call.shape(shape)
    return shape.indices.map { axis in
      call.convert(call.counts(shape[axis], axis: axis, rank: shape.count), to: dtype)
    }
  }
}

/// The array that a function gives for the index arrays of a shape.
///
/// - Shape: that of what the function gives.
/// - DType: that of what the function gives; its arguments have the one given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.fromfunction`; the function gets whole arrays.
///
/// ```swift
/// fromFunction([3, 3], dtype: .int64) { $0[0] .== $0[1] }
/// // [[ True False False]
/// //  [False  True False]
/// //  [False False  True]]
/// ```
public func fromFunction(
  _ shape: [Int], dtype: DType = .float64, file: StaticString = #fileID, line: UInt = #line,
  _ body: ([NDArray]) -> NDArray
) -> NDArray {
  let call = Call("fromfunction", file, line)
  return call.build([]) { () throws(WeftError) in
    _ = try call.shape(shape)
    return body(shape.indices.map { call.convert(call.counts(shape, axis: $0), to: dtype) })
  }
}

/// The identity matrix.
///
/// - Shape: `[extent, extent]`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.identity`.
///
/// ```swift
/// identity(3, dtype: .int64)
/// // [[1 0 0]
/// //  [0 1 0]
/// //  [0 0 1]]
/// ```
public func identity(
  _ extent: Int, dtype: DType = .float64, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  eye(extent, dtype: dtype, file: file, line: line)
}

/// An array whose elements may be anything; zeros here.
///
/// - Shape: `shape`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.empty`.
///
/// ```swift
/// empty([2, 3]).type  // float64[2, 3]
/// ```
public func empty(
  _ shape: [Int], dtype: DType = .float64, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  full(shape, Scalar(0 as Int64, dtype), name: "empty", SourceSite(file: file, line: line))
}

/// An array whose elements may be anything, with the shape of another; zeros here.
///
/// - Shape: that of `a`.
/// - DType: that of `a` unless given.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.empty_like`.
///
/// ```swift
/// empty(like: [1, 2, 3]).type  // int64[3]
/// ```
public func empty(
  like a: NDArray, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  zeros(like: a, dtype: dtype, file: file, line: line)
}

/// The array itself, or in another dtype; host scalars get a dtype of their own.
///
/// - Shape: that of `a`.
/// - DType: that of `a` unless given; int64, float64, complex128 or bool for a Swift number.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.asarray`.
///
/// ```swift
/// asArray(3).type  // int64[]
/// asArray([1, 2], dtype: .float32).type  // float32[2]
/// ```
public func asArray(
  _ a: NDArray, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  a.strong.converted(to: dtype ?? a.dtype, site: SourceSite(file: file, line: line))
}

/// Values whose logarithms are evenly spaced.
///
/// - Shape: `[count]` before the shape that the ends and the base broadcast to.
/// - DType: float64 unless given or the ends decide.
/// - Throws: from `compute()`: `negative-extent` for a negative count; `axis`; `broadcast`.
/// - NumPy: `numpy.logspace`: `base ** linspace(start, stop)`.
///
/// ```swift
/// logspace(0, 3, count: 4)  // [   1.   10.  100. 1000.]
/// logspace(0, 3, count: 4, base: 2)  // [1. 2. 4. 8.]
/// ```
public func logspace(
  _ start: NDArray, _ stop: NDArray, count: Int = 50, endpoint: Bool = true, base: NDArray = 10.0,
  dtype: DType? = nil, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("logspace", file, line)
  return call.build([start, stop, base]) { () throws(WeftError) in
    var (first, base) = (start, base)
    if base.rank > 0 {
      // NumPy brings all three to one rank before it makes room for the new axis.
      let rank = max(start.rank, stop.rank, base.rank)
      func ranked(_ a: NDArray) -> NDArray {
        call.reshape(
          a.strong,
          codes: Array(repeating: 1, count: rank - a.rank) + a.expr.type.shape.codes)
      }
      first = ranked(start)
      base = expandDims(ranked(base), axis: axis, file: file, line: line)
    }
    let powers = linspace(
      first, stop, count: count, endpoint: endpoint, axis: axis, file: file, line: line)
    let values = call.apply(.pow, base, powers)
    return dtype.map { call.convert(values, to: $0) } ?? values
  }
}

/// Values with a constant quotient between neighbours.
///
/// - Shape: `[count]` before the shape that the ends broadcast to.
/// - DType: float64, complex128 for complex ends, unless given.
/// - Throws: from `compute()`: `value` for an end of zero that is known when building.
/// - NumPy: `numpy.geomspace`; the ends are exact; a zero among computed ends gives NaN.
///
/// ```swift
/// geomspace(1, 1000, count: 4)  // [   1.   10.  100. 1000.]
/// ```
public func geomspace(
  _ start: NDArray, _ stop: NDArray, count: Int = 50, endpoint: Bool = true, dtype: DType? = nil,
  axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("geomspace", file, line)
  return call.build([start, stop]) { () throws(WeftError) in
    for end in [start, stop]
    where ConstantReader.scalars(end, atMost: ConstantReader.few)?.contains(where: { !$0.boolValue }
    ) == true {
      throw call.error(.value, "a geometric sequence cannot include zero")
    }
    let (promoted, _) = NDArray.promotedDType(start, stop)
    let compute = promoted.promoted(withWeak: .float).promoted(with: dtype ?? .float64)
    // Signs and the angles of complex numbers go around the logarithms.
    let (first, last) = (call.convert(start, to: compute), call.convert(stop, to: compute))
    let sign = call.apply(.sign, first)
    let from = call.apply(.log10, call.apply(.divide, first, sign))
    let to = call.apply(.log10, call.apply(.divide, last, sign))
    var values = call.convert(
      logspace(
        from, to, count: count, endpoint: endpoint,
        base: call.number(10, compute), file: file, line: line), to: compute)
    guard !values.expr.isPoison, values.rank > 0 else { return values }
    values = call.apply(.multiply, values, sign)
    let step = call.counts(count, axis: 0, rank: values.rank)
    if count > 1 && endpoint {
      values = call.select(call.apply(.equal, step, call.integer(count - 1)), last, values)
    }
    values = call.select(call.apply(.equal, step, call.integer(0)), first, values)
    let result = call.convert(values, to: dtype ?? compute)
    return axis == 0 ? result : call.moveAxis(result, 0, to: axis)
  }
}

/// Coordinates of every point of a grid, one part of the first axis for each axis.
///
/// - Shape: `[rank]`, then the extents of the coordinates.
/// - DType: promoted.
/// - Throws: from `compute()`: `argument` for no coordinates; `value` for coordinates of several
///   axes.
/// - NumPy: `numpy.mgrid`, whose slices are coordinates here: `arange` or `linspace`.
///
/// ```swift
/// mgrid([arange(2), arange(3)])
/// // [[[0 0 0]
/// //   [1 1 1]]
/// //
/// //  [[0 1 2]
/// //   [0 1 2]]]
/// ```
public func mgrid(
  _ coordinates: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("mgrid", file, line)
  return call.build(coordinates) { () throws(WeftError) in
    guard !coordinates.isEmpty else { throw call.error(.argument, "there are no coordinates") }
    return stack(
      meshgrid(call.promoted(coordinates), indexing: .ij, file: file, line: line),
      name: call.name, site: call.site)
  }
}

/// Coordinates along each axis of a grid, with extent 1 along the others.
///
/// - Shape: for each coordinate its extent along its own axis, 1 along the others.
/// - DType: promoted.
/// - Throws: from `compute()`: as `mgrid`.
/// - NumPy: `numpy.ogrid`, whose slices are coordinates here: `arange` or `linspace`.
///
/// ```swift
/// let grid = ogrid([arange(2), arange(3)])
/// grid[0] * 10 + grid[1]
/// // [[ 0  1  2]
/// //  [10 11 12]]
/// ```
public func ogrid(
  _ coordinates: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("ogrid", file, line)
  return call.buildAll(coordinates) { () throws(WeftError) in
    meshgrid(
      call.promoted(coordinates), indexing: .ij, sparse: true, file: file, line: line)
  }
}

extension Call {
  /// The arrays in the dtype that they promote to.
  fileprivate func promoted(_ arrays: [NDArray]) -> [NDArray] {
    let dtype = promotedDType(arrays)
    return arrays.map { convert($0, to: dtype) }
  }
}
