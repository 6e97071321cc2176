import WeftIR

extension NDArray {
  /// Whether any element over an axis, or over all is not zero; false of none.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: bool; NaN counts as true.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.any`.
  public func any(
    axis: Int? = nil, keepAxes: Bool = false, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    any(
      axis.map { [$0] }, keepAxes: keepAxes, where: mask, Composition("any", file, line))
  }

  /// Whether any element over some axes is not zero; false of none.
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
  public func all(
    axis: Int? = nil, keepAxes: Bool = false, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    all(
      axis.map { [$0] }, keepAxes: keepAxes, where: mask, Composition("all", file, line))
  }

  /// Whether all elements over some axes are not zero; true of none.
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
  public func countNonzero(
    axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    countNonzero(
      axis.map { [$0] }, keepAxes: keepAxes, Composition("count_nonzero", file, line))
  }

  /// The number of elements over some axes that are not zero.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func countNonzero(
    axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    countNonzero(
      axes, keepAxes: keepAxes, Composition("count_nonzero", file, line))
  }
}
