import WeftIR
import WeftSparse

extension NDArray {
  /// The array stored as entries that differ from a fill, whatever it was stored as.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged; the fill converts to it.
  /// - Throws: from `compute()`: `value` for a format that the rank does not have, and for a fill that
  ///   is not one known number.
  /// - NumPy: none; `sparse.asarray`, `scipy.sparse.csr_array(x)`.
  ///
  /// ```swift
  /// let a: NDArray = [[0, 0, 3], [4, 0, 0]]
  /// let s = a.asSparse(.csr)
  /// s  // <int64[2, 3] in {dense, compressed} fill int64 0, 2 stored>
  /// cos(s)  // <float64[2, 3] in {dense, compressed} fill float64 1.0, 2 stored>
  /// s.asDense() * 2
  /// // [[0 0 6]
  /// //  [8 0 0]]
  /// NDArray([1, 2]).asSparse(.csr)
  /// // error: asSparse: int64[2] has no format csr [value]
  /// ```
  public func asSparse(
    _ format: SparseFormat = .coordinates, fill: NDArray = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    asSparse(format, fill: fill, Call("asSparse", file, line))
  }

  func asSparse(_ format: SparseFormat, fill: NDArray, _ call: Call) -> NDArray {
    call.build([self, fill]) { () throws(WeftError) in
      guard let element = ConstantReader.scalars(fill)?.first, fill.count == 1 else {
        throw call.error(.value, "the fill is \(fill.expr.type), expected one known number")
      }
      guard let layout = format.layout(rank: rank, fill: element.converted(to: dtype)) else {
        throw call.error(.value, "\(expr.type) has no format \(format)")
      }
      return call.node(.store(layout), strong)
    }
  }

  /// The array with each element in a place of its own.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `out-of-memory`, `too-large`.
  /// - NumPy: none; `todense` and `toarray` of sparse arrays.
  ///
  /// ```swift
  /// let a = eye(2).asSparse()
  /// a.asDense()
  /// // [[1. 0.]
  /// //  [0. 1.]]
  /// ```
  public func asDense(file: StaticString = #fileID, line: UInt = #line) -> NDArray {
    let call = Call("asDense", file, line)
    return call.build([self]) { () throws(WeftError) in
      call.node(.store(.dense(rank: rank)), strong)
    }
  }

  /// An array of values at coordinates: one list for each axis. Values at one place are summed.
  ///
  /// The parts are computed, and what is made is in memory.
  ///
  /// - Shape: as given; more elements than can be counted are fine.
  /// - DType: that of the values.
  /// - Throws: as `compute()` of the parts; `shape-mismatch` where the lists do not go together;
  ///   `index-out-of-bounds`; `value` for a format that the rank does not have.
  /// - NumPy: none; `sparse.COO`, `scipy.sparse.coo_array`.
  ///
  /// ```swift
  /// let s = try NDArray(coordinates: [[0, 1, 0], [2, 0, 2]], values: [3, 4, 5], shape: [2, 3])
  /// s.asDense()
  /// // [[0 0 8]
  /// //  [4 0 0]]
  /// let huge = try NDArray(
  ///   coordinates: [[0, 999_999_999_999], [7, 8]], values: [0.5, 2], shape: [1 << 40, 1 << 40])
  /// (huge * 2).sum()  // 5.0
  /// try NDArray(coordinates: [[2], [0]], values: [1], shape: [2, 3])
  /// // error: sparse: coordinate 2 of entry 0 is out of bounds for axis 0 with extent 2 [index-out-of-bounds]
  /// ```
  public init(
    coordinates: [NDArray], values: NDArray, shape: [Int], fill: NDArray = 0,
    format: SparseFormat = .coordinates
  ) throws(WeftError) {
    let call = Call("sparse", .none)
    guard let element = ConstantReader.scalars(fill)?.first else {
      throw call.error(.value, "the fill is \(fill.expr.type), expected one known number")
    }
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw call.error(.negativeExtent, "shape \(shape) has a negative extent")
    }
    guard let layout = format.layout(rank: shape.count, fill: element.converted(to: values.dtype))
    else { throw call.error(.value, "\(values.dtype)\(Shape(shape)) has no format \(format)") }
    for (axis, list) in coordinates.enumerated() where list.dtype.isInexact && list.count != 0 {
      throw call.error(
        .dtype, "the coordinates along axis \(axis) are \(list.expr.type), expected integers")
    }
    let lists = coordinates.map { call.convert($0.strong, to: .int64) }
    let computed = try Session.current.evaluate((lists + [values.strong]).map(\.expr))
    for buffer in computed { try buffer.load() }
    self.init(
      try Session.current.sparse { builder in
        try builder.array(
          TensorType(values.dtype, Shape(shape)), layout, coordinates: Array(computed.dropLast()),
          values: computed[computed.count - 1])
      })
  }

  /// How the array is stored, or would be; runs nothing.
  ///
  /// - Throws: what was wrong with the expression.
  /// - NumPy: none; `format` of sparse arrays.
  ///
  /// ```swift
  /// let s = eye(3).asSparse(.csr)
  /// try s.layout()  // {dense, compressed} fill float64 0.0
  /// try cos(s).layout()  // {dense, compressed} fill float64 1.0
  /// try s.T.layout()  // {dense, compressed} order [1, 0] fill float64 0.0
  /// try (s + arange(3)).layout()  // {dense, dense}
  /// ```
  public func layout() throws(WeftError) -> Layout {
    if let buffer = expr.buffer { return buffer.layout ?? .dense(rank: rank) }
    let graph = try graph()
    guard let output = graph.outputs.first else { return .dense(rank: rank) }
    return GraphLayouts(graph).layout(of: output) ?? .dense(rank: rank)
  }

  /// The number of elements that are stored: all of a dense array. Computes the array.
  ///
  /// - Throws: as `compute()`.
  /// - NumPy: none; `nnz` of sparse arrays.
  ///
  /// ```swift
  /// try eye(4).asSparse().storedCount()  // 4
  /// try eye(4).storedCount()  // 16
  /// ```
  public func storedCount() throws(WeftError) -> Int {
    let buffer = try Session.current.evaluate([expr])[0]
    return buffer.sparse?.count ?? buffer.count
  }

  /// The share of elements that are stored. Computes the array.
  ///
  /// - Throws: as `compute()`.
  /// - NumPy: none; `density` of sparse arrays.
  ///
  /// ```swift
  /// try eye(4).asSparse().density()  // 0.25
  /// ```
  public func density() throws(WeftError) -> Double {
    let stored = try storedCount()
    let all = shape.reduce(1.0) { $0 * Double($1 ?? 1) }
    return all == 0 ? 1 : Double(stored) / all
  }

  /// The value of elements that are not stored; nil for a dense array. Runs nothing.
  ///
  /// - Throws: what was wrong with the expression.
  /// - NumPy: none; `fill_value` of sparse arrays.
  ///
  /// ```swift
  /// try (eye(2).asSparse() + 1).fillValue()  // 1.0
  /// ```
  public func fillValue() throws(WeftError) -> Scalar? {
    try layout().fill?.converted(to: dtype)
  }

  /// The coordinates of the entries, one list for each axis, and their values. Computes the array.
  ///
  /// - Shape: one axis each.
  /// - DType: int64 coordinates, values of the array's dtype.
  /// - Throws: as `compute()`; `value` for a dense array.
  /// - NumPy: none; `coords` and `data` of `sparse.COO`.
  ///
  /// ```swift
  /// let a: NDArray = [[0, 7], [8, 0]]
  /// let (coordinates, values) = try a.asSparse().entries()
  /// coordinates[1]  // [1 0]
  /// values  // [7 8]
  /// ```
  public func entries() throws(WeftError) -> (coordinates: [NDArray], values: NDArray) {
    let buffer = try Session.current.evaluate([expr])[0]
    guard let elements = buffer.sparse else {
      throw WeftError(
        .value, "entries", "\(expr.type) is stored densely", site: expr.site,
        hint: "use asSparse() first")
    }
    let lists = try Session.current.sparse { try $0.coordinates(of: elements) }
    return (lists.map { NDArray($0) }, NDArray(elements.values))
  }
}

extension Session {
  /// Runs a body with what makes sparse arrays.
  func sparse<Result>(
    _ body: (SparseBuilder) throws -> Result
  ) throws(WeftError) -> Result {
    try sparseContext { try body(SparseBuilder($0)) }
  }

  /// Runs a body with threads and memory of a run.
  func sparseContext<Result>(_ body: (RunContext) throws -> Result) throws(WeftError) -> Result {
    do {
      return try body(
        RunContext(
          scheduler: runtime.scheduler, memory: memory, token: CancellationToken(),
          counters: runtime.counters))
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.internal, "sparse", "\(error)")
    }
  }
}
