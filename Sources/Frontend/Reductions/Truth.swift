import WeftIR

extension NDArray {
  /// Whether any element over an axis, or over all is not zero; false of none.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: bool; NaN counts as true.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.any`.
  ///
  /// ```swift
  /// let a: NDArray = [[0, 0], [0, 7]]
  /// a.any()  // True
  /// (a .> 5).any(axis: 0)  // [False  True]
  /// ```
  public func any(
    axis: Int? = nil, keepAxes: Bool = false, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    any(
      axis.map { [$0] }, keepAxes: keepAxes, where: mask, Composition("any", file, line))
  }

  /// Whether any element over some axes is not zero; false of none. See `any(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func any(
    axes: [Int], keepAxes: Bool = false, where mask: NDArray? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    any(
      axes, keepAxes: keepAxes, where: mask, Composition("any", file, line))
  }

  /// Whether all elements over an axis, or over all are not zero; true of none.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: bool; NaN counts as true.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.all`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2], [0, 7]]
  /// a.all()  // False
  /// a.all(axis: 1)  // [ True False]
  /// ```
  public func all(
    axis: Int? = nil, keepAxes: Bool = false, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    all(
      axis.map { [$0] }, keepAxes: keepAxes, where: mask, Composition("all", file, line))
  }

  /// Whether all elements over some axes are not zero; true of none. See `all(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func all(
    axes: [Int], keepAxes: Bool = false, where mask: NDArray? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    all(
      axes, keepAxes: keepAxes, where: mask, Composition("all", file, line))
  }

  /// The number of elements over an axis, or over all that are not zero.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: int64.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.count_nonzero`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 0, 2], [0, 0, 7]]
  /// a.countNonzero()  // 3
  /// a.countNonzero(axis: 1)  // [2 1]
  /// ```
  public func countNonzero(
    axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    countNonzero(
      axis.map { [$0] }, keepAxes: keepAxes, Composition("count_nonzero", file, line))
  }

  /// The number of elements over some axes that are not zero. See `countNonzero(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func countNonzero(
    axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    countNonzero(
      axes, keepAxes: keepAxes, Composition("count_nonzero", file, line))
  }
}
