import WeftIR

extension NDArray {
  /// The first position of the least element along an axis, or in C order; of the first NaN if any.
  ///
  /// - Shape: without the axis; `keepAxes` leaves extent 1 in its place.
  /// - DType: int64.
  /// - Throws: from `compute()`: `axis` for an axis out of range; `empty-reduction` for no elements.
  /// - NumPy: `numpy.argmin`.
  ///
  /// ```swift
  /// let a: NDArray = [[3, 1, 2], [0, 9, 0]]
  /// a.argmin()  // 3
  /// a.argmin(axis: 1)  // [1 0]
  /// ```
  public func argmin(
    axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    argExtreme(.minimum, axis, keepAxes: keepAxes, Composition("argmin", file, line))
  }

  /// The first position of the greatest element along an axis, or in C order; of the first NaN if any.
  ///
  /// - Shape: without the axis; `keepAxes` leaves extent 1 in its place.
  /// - DType: int64.
  /// - Throws: from `compute()`: `axis` for an axis out of range; `empty-reduction` for no elements.
  /// - NumPy: `numpy.argmax`.
  ///
  /// ```swift
  /// let a: NDArray = [[3, 1, 2], [0, 9, 0]]
  /// a.argmax()  // 4
  /// a.argmax(axis: 0, keepAxes: true)  // [[0 1 0]]
  /// ```
  public func argmax(
    axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    argExtreme(.maximum, axis, keepAxes: keepAxes, Composition("argmax", file, line))
  }
}

extension NDArray {
  /// The position of an extreme along an axis, or in C order when the axis is nil.
  func argExtreme(
    _ f: ScalarFunction, _ axis: Int?, keepAxes: Bool, _ c: Composition
  ) -> NDArray {
    c.one([self]) { () throws(WeftError) in
      guard let axis, try !Axes.folded([axis], c.name, self, c.site).isEmpty else {
        if count == 0 { throw c.error(.emptyReduction, "no elements in \(expr.type)") }
        let result = c.node(.argReduce(f, axis: 0), [c.flat(self)])
        return keepAxes ? c.reshape(result, Array(repeating: 1, count: rank)) : result
      }
      let position = try Axes.normalized(axis, rank: rank, c.name, self, c.site)
      let result = c.node(.argReduce(f, axis: position), [strong])
      return keepAxes ? c.restore(result, [position]) : result
    }
  }
}
