import WeftIR

/// Ones on and below a diagonal, zeros above.
///
/// - Shape: `[rows, columns ?? rows]`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.tri`; `offset` is NumPy's `k`.
///
/// ```swift
/// tri(3, dtype: .int64)
/// // [[1 0 0]
/// //  [1 1 0]
/// //  [1 1 1]]
/// ```
public func tri(
  _ rows: Int, _ columns: Int? = nil, offset: Int = 0, dtype: DType = .float64,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("tri", file, line)
  return call.build([]) { () throws(WeftError) in
    // NumPy counts negative extents as none here.
    let shape = try call.shape([max(0, rows), max(0, columns ?? rows)])
    return call.convert(lowerMask(shape, offset, call), to: dtype)
  }
}

/// The array with zeros above a diagonal of its last two axes.
///
/// - Shape: unchanged; `[n]` gives `[n, n]`.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for a 0-d array.
/// - NumPy: `numpy.tril`; `offset` is NumPy's `k`.
///
/// ```swift
/// tril([[1, 2], [3, 4]])
/// // [[1 0]
/// //  [3 4]]
/// ```
public func tril(
  _ a: NDArray, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("tril", file, line)
  return call.build([a]) { () throws(WeftError) in
    let mask = try lowerMask(of: a, offset, call)
    return call.select(mask, a.strong, call.zero(a.dtype))
  }
}

/// The array with zeros below a diagonal of its last two axes.
///
/// - Shape: unchanged; `[n]` gives `[n, n]`.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for a 0-d array.
/// - NumPy: `numpy.triu`; `offset` is NumPy's `k`.
///
/// ```swift
/// triu([[1, 2], [3, 4]])
/// // [[1 2]
/// //  [0 4]]
/// triu(ones([3, 3]), offset: 1)
/// // [[0. 1. 1.]
/// //  [0. 0. 1.]
/// //  [0. 0. 0.]]
/// ```
public func triu(
  _ a: NDArray, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("triu", file, line)
  return call.build([a]) { () throws(WeftError) in
    let below = offset == .min ? Int.min : offset - 1
    let mask = try lowerMask(of: a, below, call)
    return call.select(mask, call.zero(a.dtype), a.strong)
  }
}

/// Whether the column of an array's last two axes is at most the row plus an offset; of a vector those of the
/// matrix that it is repeated to.
///
/// Of a sparse array each element has counters of its own: they are made at its entries alone.
private func lowerMask(
  of a: NDArray, _ offset: Int, _ call: Call
) throws(WeftError) -> NDArray {
  guard a.rank > 0 else { throw call.error(.axis, "\(a.expr.type) has no axes") }
  let extents = try call.extents(of: a)
  if a.rank == 1 {
    return lowerMask(try call.shape([extents[0], extents[0]]), offset, call)
  }
  if (try? a.graph())?.isSparse == true {
    let (rows, columns) = (extents[a.rank - 2], extents[a.rank - 1])
    let row = call.apply(
      .add, call.counts(like: a, axis: a.rank - 2),
      call.integer(bounded(offset, rows, columns)))
    return call.apply(.lessEqual, call.counts(like: a, axis: a.rank - 1), row)
  }
  return lowerMask(try call.shape(Array(extents.suffix(2))), offset, call)
}

/// Whether the column is at most the row plus an offset.
private func lowerMask(_ shape: Shape, _ offset: Int, _ call: Call) -> NDArray {
  let (rows, columns) = (shape.codes[0], shape.codes[1])
  let row = call.apply(
    .add, call.counts([rows, 1], axis: 0), call.integer(bounded(offset, rows, columns)))
  return call.apply(.lessEqual, call.counts([1, columns], axis: 1), row)
}

/// Offsets past the shape select all or nothing; clamping keeps the sum from wrapping.
private func bounded(_ offset: Int, _ rows: Int, _ columns: Int) -> Int {
  min(max(offset, -rows - 1), columns + 1)
}

/// The diagonal of two axes, which becomes the last axis.
///
/// - Shape: the other axes, then the diagonal's extent.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for fewer than two axes, `axis-duplicate`.
/// - NumPy: `numpy.diagonal`.
///
/// ```swift
/// diagonal([[1, 2, 3], [4, 5, 6]])  // [1 5]
/// diagonal([[1, 2, 3], [4, 5, 6]], offset: 1)  // [2 6]
/// ```
public func diagonal(
  _ a: NDArray, offset: Int = 0, axis1: Int = 0, axis2: Int = 1, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("diagonal", file, line)
  return call.build([a]) { () throws(WeftError) in
    try diagonal(a, offset, axis1, axis2, call)
  }
}

func diagonal(
  _ a: NDArray, _ offset: Int, _ axis1: Int, _ axis2: Int, _ call: Call
) throws(WeftError) -> NDArray {
  guard a.rank >= 2 else {
    throw call.error(.axis, "\(a.expr.type) has fewer than two axes")
  }
  let axes = try call.axes([axis1, axis2], of: a)
  let (rows, columns) = (try call.extent(axes[0], of: a), try call.extent(axes[1], of: a))
  let firstColumn = min(max(offset, 0), columns)
  let firstRow = offset < 0 ? Int(min(offset.magnitude, UInt(rows))) : 0
  let extent = min(rows - firstRow, columns - firstColumn)
  var square = call.slice(a.strong, axis: axes[0], from: firstRow, count: extent)
  square = call.slice(square, axis: axes[1], from: firstColumn, count: extent)
  // One label on both axes is the diagonal.
  var labels = Array(0..<a.rank)
  labels[axes[1]] = axes[0]
  let others = (0..<a.rank).filter { !axes.contains($0) }
  return call.node(.contract(Contraction([labels], to: others + [axes[0]])), square)
}

/// The sum along a diagonal of two axes.
///
/// - Shape: the other axes.
/// - DType: that of `sum`: bool and narrow integers count in 64 bits, unless given.
/// - Throws: from `compute()`: `axis` for fewer than two axes, `axis-duplicate`.
/// - NumPy: `numpy.trace`.
///
/// ```swift
/// trace([[1, 2], [3, 4]])  // 5
/// ```
public func trace(
  _ a: NDArray, offset: Int = 0, axis1: Int = 0, axis2: Int = 1, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("trace", file, line)
  return call.build([a]) { () throws(WeftError) in
    let line = try diagonal(a, offset, axis1, axis2, call)
    let wide: DType =
      switch a.dtype.kind {
      case .bool, .signed: .int64
      case .unsigned: .uint64
      case .float, .complex: a.dtype
      }
    let terms = call.convert(line, to: dtype ?? wide)
    return call.reduce(.add, terms, [line.rank - 1])
  }
}

/// The diagonal of a matrix, or the matrix with a vector on a diagonal and zeros elsewhere.
///
/// - Shape: `[m, n]` gives the diagonal; `[n]` gives `[n + |offset|, n + |offset|]`.
/// - DType: unchanged.
/// - Throws: from `compute()`: `value` for other ranks; `too-large`.
/// - NumPy: `numpy.diag`; `offset` is NumPy's `k`.
///
/// ```swift
/// diag([1, 2])
/// // [[1 0]
/// //  [0 2]]
/// diag([[1, 2], [3, 4]])  // [1 4]
/// ```
public func diag(
  _ a: NDArray, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("diag", file, line)
  return call.build([a]) { () throws(WeftError) in
    switch a.rank {
    case 1: return try matrix(a.strong, offset, call)
    case 2: return try diagonal(a, offset, 0, 1, call)
    default: throw call.error(.value, "\(a.expr.type) has neither one axis nor two")
    }
  }
}

/// The matrix with the flattened elements on a diagonal and zeros elsewhere.
///
/// - Shape: `[n + |offset|, n + |offset|]` for n elements.
/// - DType: unchanged.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.diagflat`.
///
/// ```swift
/// diagFlat([[1, 2]], offset: 1)
/// // [[0 1 0]
/// //  [0 0 2]
/// //  [0 0 0]]
/// ```
public func diagFlat(
  _ a: NDArray, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("diagflat", file, line)
  return call.build([a]) { () throws(WeftError) in
    try matrix(call.flatten(a), offset, call)
  }
}

private func matrix(_ a: NDArray, _ offset: Int, _ call: Call) throws(WeftError) -> NDArray {
  let extent = try call.extent(0, of: a)
  guard offset.magnitude < UInt(Int.max) else {
    throw call.error(.tooLarge, "the offset is \(offset)")
  }
  let side = try call.sum(extent, Int(offset.magnitude))
  let shape = try call.shape([side, side])
  if extent == 0 { return call.broadcast(call.zero(a.dtype), to: shape) }
  // In C order the diagonal's elements stand side + 1 apart.
  let low = offset >= 0 ? offset : -offset * side
  let reach = (extent - 1) * (side + 1) + 1
  let flat = call.node(
    .pad([PadSpan(low: low, high: side * side - low - reach, interior: side)]), a,
    call.zero(a.dtype))
  return call.reshape(flat, [side, side])
}

extension NDArray {
  /// The diagonal of two axes, which becomes the last axis. See `diagonal(_:offset:)`.
  ///
  /// - NumPy: `ndarray.diagonal`.
  public func diagonal(
    offset: Int = 0, axis1: Int = 0, axis2: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    Weft.diagonal(self, offset: offset, axis1: axis1, axis2: axis2, file: file, line: line)
  }

  /// The sum along a diagonal of two axes. See `trace(_:offset:)`.
  ///
  /// - NumPy: `ndarray.trace`.
  public func trace(
    offset: Int = 0, axis1: Int = 0, axis2: Int = 1, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    Weft.trace(
      self, offset: offset, axis1: axis1, axis2: axis2, dtype: dtype, file: file, line: line)
  }
}
