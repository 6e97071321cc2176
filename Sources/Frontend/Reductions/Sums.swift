import WeftIR

extension NDArray {
  /// The sum over an axis, or over all; what `mask` leaves out does not count.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: int64 or uint64 for bool and integers, else the same, unless given.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.sum`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2, 3], [4, 5, 6]]
  /// a.sum()  // 21
  /// a.sum(axis: 0)  // [5 7 9]
  /// a.sum(axis: -1, keepAxes: true)
  /// // [[ 6]
  /// //  [15]]
  /// a.sum(initial: 100, where: a .> 4)  // 111
  /// a.sum(axis: 2)  // error: sum: axis 2 is out of range for int64[2, 3] [axis]
  /// ```
  public func sum(
    axis: Int? = nil, keepAxes: Bool = false, dtype: DType? = nil, initial: NDArray? = nil,
    where mask: NDArray? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    sum(
      axis.map { [$0] }, keepAxes: keepAxes, dtype: dtype, initial: initial, where: mask,
      Composition("sum", file, line))
  }

  /// The sum over some axes; what `mask` leaves out does not count. See `sum(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func sum(
    axes: [Int], keepAxes: Bool = false, dtype: DType? = nil, initial: NDArray? = nil,
    where mask: NDArray? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    sum(
      axes, keepAxes: keepAxes, dtype: dtype, initial: initial, where: mask,
      Composition("sum", file, line))
  }

  /// The product over an axis, or over all; what `mask` leaves out does not count.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: int64 or uint64 for bool and integers, else the same, unless given.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.prod`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2, 3], [4, 5, 6]]
  /// a.prod()  // 720
  /// a.prod(axis: 1)  // [  6 120]
  /// ```
  public func prod(
    axis: Int? = nil, keepAxes: Bool = false, dtype: DType? = nil, initial: NDArray? = nil,
    where mask: NDArray? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    prod(
      axis.map { [$0] }, keepAxes: keepAxes, dtype: dtype, initial: initial, where: mask,
      Composition("prod", file, line))
  }

  /// The product over some axes; what `mask` leaves out does not count. See `prod(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func prod(
    axes: [Int], keepAxes: Bool = false, dtype: DType? = nil, initial: NDArray? = nil,
    where mask: NDArray? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    prod(
      axes, keepAxes: keepAxes, dtype: dtype, initial: initial, where: mask,
      Composition("prod", file, line))
  }

  /// The least element over an axis, or over all; NaN if any is.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: the same.
  /// - Throws: from `compute()`: `axis` for an axis out of range;
  ///   `empty-reduction` when there are no elements and no initial value.
  /// - NumPy: `numpy.min`.
  ///
  /// ```swift
  /// let a: NDArray = [[3, 1], [2, 5]]
  /// a.min()  // 1
  /// a.min(axis: 0)  // [2 1]
  /// zeros([0]).min()  // error: min: no elements along axis 0 of float64[0] [empty-reduction]
  /// ```
  public func min(
    axis: Int? = nil, keepAxes: Bool = false, initial: NDArray? = nil, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    min(
      axis.map { [$0] }, keepAxes: keepAxes, initial: initial, where: mask,
      Composition("min", file, line))
  }

  /// The least element over some axes; NaN if any is. See `min(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func min(
    axes: [Int], keepAxes: Bool = false, initial: NDArray? = nil, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    min(
      axes, keepAxes: keepAxes, initial: initial, where: mask,
      Composition("min", file, line))
  }

  /// The greatest element over an axis, or over all; NaN if any is.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: the same.
  /// - Throws: from `compute()`: `axis` for an axis out of range;
  ///   `empty-reduction` when there are no elements and no initial value.
  /// - NumPy: `numpy.max`.
  ///
  /// ```swift
  /// let a: NDArray = [[3, 1], [2, 5]]
  /// a.max(axis: 1)  // [3 5]
  /// a.max(initial: 0, where: a .< 3)  // 2
  /// ```
  public func max(
    axis: Int? = nil, keepAxes: Bool = false, initial: NDArray? = nil, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    max(
      axis.map { [$0] }, keepAxes: keepAxes, initial: initial, where: mask,
      Composition("max", file, line))
  }

  /// The greatest element over some axes; NaN if any is. See `max(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func max(
    axes: [Int], keepAxes: Bool = false, initial: NDArray? = nil, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    max(
      axes, keepAxes: keepAxes, initial: initial, where: mask,
      Composition("max", file, line))
  }
}

extension NDArray {
  func sum(
    _ axes: [Int]?, keepAxes: Bool, dtype: DType?, initial: NDArray?, where mask: NDArray?,
    _ c: Composition
  ) -> NDArray {
    fold(.add, axes, keepAxes, dtype ?? self.dtype.foldDType, initial, mask, c)
  }

  func prod(
    _ axes: [Int]?, keepAxes: Bool, dtype: DType?, initial: NDArray?, where mask: NDArray?,
    _ c: Composition
  ) -> NDArray {
    fold(.multiply, axes, keepAxes, dtype ?? self.dtype.foldDType, initial, mask, c)
  }

  func any(_ axes: [Int]?, keepAxes: Bool, where mask: NDArray?, _ c: Composition) -> NDArray {
    fold(.logicalOr, axes, keepAxes, .bool, nil, mask, c)
  }

  func all(_ axes: [Int]?, keepAxes: Bool, where mask: NDArray?, _ c: Composition) -> NDArray {
    fold(.logicalAnd, axes, keepAxes, .bool, nil, mask, c)
  }

  func countNonzero(_ axes: [Int]?, keepAxes: Bool, _ c: Composition) -> NDArray {
    c.convert(self, .bool).fold(.add, axes, keepAxes, .int64, nil, nil, c)
  }

  /// Folds with a function that has an identity, which stands for what a mask leaves out.
  private func fold(
    _ f: ScalarFunction, _ axes: [Int]?, _ keepAxes: Bool, _ dtype: DType, _ initial: NDArray?,
    _ mask: NDArray?, _ c: Composition
  ) -> NDArray {
    c.one([self] + [initial, mask].compactMap { $0 }) { () throws(WeftError) in
      let axes = try Axes.folded(axes, c.name, self, c.site)
      var x = c.convert(self, dtype)
      if let mask {
        let mask = try c.mask(mask, for: self)
        x = c.select(mask, x, c.constant(Scalar(Int64(f.identity ?? 0), dtype)))
      }
      let result = c.reduce(f, x, axes, keepAxes: keepAxes)
      guard let initial else { return result }
      return c(f, result, c.convert(try c.single(initial, dtype), dtype))
    }
  }

  func min(
    _ axes: [Int]?, keepAxes: Bool, initial: NDArray?, where mask: NDArray?, _ c: Composition
  ) -> NDArray {
    extreme(.minimum, axes, keepAxes, initial, mask, c)
  }

  func max(
    _ axes: [Int]?, keepAxes: Bool, initial: NDArray?, where mask: NDArray?, _ c: Composition
  ) -> NDArray {
    extreme(.maximum, axes, keepAxes, initial, mask, c)
  }

  /// Folds with a function without identity: masks and empty axes need an initial value.
  func extreme(
    _ f: ScalarFunction, _ axes: [Int]?, _ keepAxes: Bool, _ initial: NDArray?, _ mask: NDArray?,
    _ c: Composition
  ) -> NDArray {
    c.one([self] + [initial, mask].compactMap { $0 }) { () throws(WeftError) in
      let axes = try Axes.folded(axes, c.name, self, c.site)
      guard let initial else {
        if mask != nil {
          throw c.error(.argument, "has no identity: a mask needs an initial value")
        }
        try c.requireElements(self, axes)
        return c.reduce(f, strong, axes, keepAxes: keepAxes)
      }
      let start = NDArray(try c.single(initial, dtype).operand(f, dtype, c.site))
      var x = strong
      if let mask { x = c.select(try c.mask(mask, for: self), x, start) }
      if axes.contains(where: { x.extent($0) == 0 }) {
        let shape = x.expr.type.shape.removing(AxisSet(axes))
        // Sums of nothing have extents that only the data tell.
        let none =
          shape.isKnown
          ? c.broadcast(start, shape) : c(.add, c.reduce(.add, x, axes, keepAxes: false), start)
        return keepAxes ? c.restore(none, axes) : none
      }
      let more = c.withOneMore(x, axes, start)
      return c(f, c.reduce(f, more, axes, keepAxes: keepAxes), start)
    }
  }
}

extension Composition {
  /// A mask as bool, which broadcasts to the array's shape.
  func mask(_ mask: NDArray, for a: NDArray) throws(WeftError) -> NDArray {
    guard let shape = a.expr.type.shape.broadcasted(with: mask.expr.type.shape),
      shape.rank == a.rank
    else {
      throw error(.broadcast, "the mask \(mask.expr.type) does not broadcast to \(a.expr.type)")
    }
    return convert(mask, .bool)
  }

  /// A 0-d array, or the same number as one; not complex where the dtype is not, but for bool, and
  /// as a host number one that the dtype holds.
  func single(_ a: NDArray, _ dtype: DType) throws(WeftError) -> NDArray {
    if a.dtype.isComplex, !dtype.isComplex, dtype != .bool {
      throw error(.dtype, "the initial value is \(a.expr.type) for \(dtype)")
    }
    try a.requireFits(dtype, name, site)
    if a.rank == 0 { return a }
    if a.count == 1 { return reshape(a.strong, []) }
    throw error(.value, "the initial value \(a.expr.type) is not one number")
  }

  /// - Throws: `empty-reduction` when some axis to fold holds nothing.
  func requireElements(_ a: NDArray, _ axes: [Int]) throws(WeftError) {
    guard let axis = axes.first(where: { a.extent($0) == 0 }) else { return }
    throw error(
      .emptyReduction, "no elements along axis \(axis) of \(a.expr.type)",
      hint: "give an initial value where the function takes one")
  }
}
