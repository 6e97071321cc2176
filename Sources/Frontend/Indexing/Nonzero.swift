import WeftIR

extension NDArray {
  /// The positions of elements that are not zero, one array of `int64` for each axis.
  ///
  /// - Shape: `[?n]` each: how many there are only the data tell.
  /// - DType: int64.
  /// - Throws: from `compute()`: `dtype` for a 0-d array, which has no axes.
  /// - NumPy: `numpy.nonzero`.
  ///
  /// ```swift
  /// NDArray([0, 3, 0, 4]).nonzero()[0]  // [1 3]
  /// ```
  public func nonzero(file: StaticString = #fileID, line: UInt = #line) -> [NDArray] {
    let site = SourceSite(file: file, line: line)
    if expr.isPoison { return [self] }
    guard rank > 0 else {
      return [NDArray(Expr(WeftError(.axis, "nonzero", "a 0-d array has no axes", site: site)))]
    }
    return truePositions(site)
  }
}
