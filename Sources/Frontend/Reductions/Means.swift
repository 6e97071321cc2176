import WeftIR

extension NDArray {
  /// The mean over an axis, or over all; NaN where there are no elements.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: float64 for bool and integers, else the same, unless given.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - Accuracy: 16-bit floats are summed in float32.
  /// - NumPy: `numpy.mean`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2], [3, 5]]
  /// a.mean()  // 2.75
  /// a.mean(axis: 0)  // [2.  3.5]
  /// a - a.mean(axis: 1, keepAxes: true)
  /// // [[-0.5  0.5]
  /// //  [-1.   1. ]]
  /// ```
  public func mean(
    axis: Int? = nil, keepAxes: Bool = false, dtype: DType? = nil, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    mean(
      axis.map { [$0] }, keepAxes: keepAxes, dtype: dtype, where: mask,
      Composition("mean", file, line))
  }

  /// The mean over some axes; NaN where there are no elements. See `mean(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func mean(
    axes: [Int], keepAxes: Bool = false, dtype: DType? = nil, where mask: NDArray? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    mean(
      axes, keepAxes: keepAxes, dtype: dtype, where: mask, Composition("mean", file, line))
  }

  /// The variance over an axis, or over all; divides by the count less `correction`.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: float64 for bool and integers, the real dtype for complex, else the same.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.var`; `correction` is also called `ddof`.
  /// - Source: two passes: the mean of |x - mean|^2.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3, 4]
  /// a.var()  // 1.25
  /// a.var(correction: 1)  // 1.6666666666666667
  /// ```
  public func `var`(
    axis: Int? = nil, keepAxes: Bool = false, correction: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    variance(
      axis.map { [$0] }, keepAxes: keepAxes, correction: correction, isRoot: false,
      Composition("var", file, line))
  }

  /// The variance over some axes; divides by the count less `correction`. See `var(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func `var`(
    axes: [Int], keepAxes: Bool = false, correction: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    variance(
      axes, keepAxes: keepAxes, correction: correction, isRoot: false,
      Composition("var", file, line))
  }

  /// The standard deviation over an axis, or over all; divides by the count less `correction`.
  ///
  /// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
  /// - DType: float64 for bool and integers, the real dtype for complex, else the same.
  /// - Throws: from `compute()`: `axis` for an axis out of range.
  /// - NumPy: `numpy.std`; `correction` is also called `ddof`.
  /// - Source: two passes: the mean of |x - mean|^2.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 3], [10, 30]]
  /// a.std(axis: 1)  // [ 1. 10.]
  /// ```
  public func std(
    axis: Int? = nil, keepAxes: Bool = false, correction: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    variance(
      axis.map { [$0] }, keepAxes: keepAxes, correction: correction, isRoot: true,
      Composition("std", file, line))
  }

  /// The standard deviation over some axes; divides by the count less `correction`.
  ///
  /// See `std(axis:)`.
  ///
  /// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
  public func std(
    axes: [Int], keepAxes: Bool = false, correction: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> NDArray {
    variance(
      axes, keepAxes: keepAxes, correction: correction, isRoot: true,
      Composition("std", file, line))
  }
}

extension NDArray {
  func mean(
    _ axes: [Int]?, keepAxes: Bool, dtype: DType?, where mask: NDArray?, _ c: Composition
  ) -> NDArray {
    c.one([self] + [mask].compactMap { $0 }) { () throws(WeftError) in
      let axes = try Axes.normalized(axes, c.name, self, c.site)
      let result = dtype ?? self.dtype.meanDType
      // As in NumPy an integer dtype is what the sum is taken in, where it wraps.
      let isWrapping = result.isInteger
      let computing =
        isWrapping ? result : result.isInexact ? result.meanComputing : .float64
      var x = c.convert(self, computing)
      var count = c.extent(self, axes)
      if let mask {
        let mask = try c.mask(mask, for: self)
        x = c.select(mask, x, c.number(0, computing))
        let counted = c.convert(c.broadcast(mask, x.expr.type.shape), .int64)
        count = c.reduce(.add, counted, axes, keepAxes: keepAxes)
      }
      let sum = c.reduce(.add, x, axes, keepAxes: keepAxes)
      let total = isWrapping ? c.convert(sum, .float64) : sum
      return c.convert(c.quotient(total, count), result)
    }
  }

  /// The mean of squared distances from the mean, in two passes.
  ///
  /// What a mask leaves out does not count; a mean that is given is taken instead of the own one.
  func variance(
    _ axes: [Int]?, keepAxes: Bool, correction: Double, dtype given: DType? = nil,
    where mask: NDArray? = nil, mean known: NDArray? = nil, isRoot: Bool, _ c: Composition
  ) -> NDArray {
    c.one([self] + [mask, known].compactMap { $0 }) { () throws(WeftError) in
      let axes = try Axes.normalized(axes, c.name, self, c.site)
      let result = given ?? self.dtype.meanDType.realPart
      let wide = self.dtype.isComplex ? result.complexCounterpart : result
      let computing = result.isInexact ? wide.meanComputing : .float64
      let x = c.convert(self, computing)
      var (count, counted, terms) = (c.extent(self, axes), c.extent(self, axes), x)
      var holds: NDArray?
      if let mask {
        let broadcast = c.broadcast(try c.mask(mask, for: self), x.expr.type.shape)
        let ones = c.convert(broadcast, .int64)
        count = c.reduce(.add, ones, axes, keepAxes: keepAxes)
        counted = c.reduce(.add, ones, axes, keepAxes: true)
        terms = c.select(broadcast, x, c.number(0, computing))
        holds = broadcast
      }
      let mean =
        known.map { c.convert($0, computing) }
        ?? c.quotient(c.reduce(.add, terms, axes, keepAxes: true), counted)
      if given == nil, mask == nil, known == nil,
        let total = c.storedDistances(x, from: mean, axes, keepAxes: keepAxes)
      {
        let variance = c.quotient(total, c.freedom(count, correction))
        return c.convert(isRoot ? c(.sqrt, variance) : variance, result)
      }
      // A dtype that is given is that of the mean and of the sums, not of the elements.
      let distance =
        given == nil ? c(.subtract, x, mean) : c(.subtract, strong, c.convert(mean, wide))
      var squares = c.squaredMagnitude(distance)
      if let holds { squares = c.select(holds, squares, c.number(0, squares.dtype)) }
      if given != nil { squares = c.convert(squares, computing.realPart) }
      let total = c.reduce(.add, squares, axes, keepAxes: keepAxes)
      let variance = c.quotient(total, c.freedom(count, correction))
      if !isRoot { return c.convert(variance, result) }
      // The root is that of the variance in a dtype that is given.
      return c.convert(
        c(.sqrt, given?.isInexact == true ? c.convert(variance, result) : variance), result)
    }
  }
}

extension Composition {
  /// A quotient in the first operand's dtype.
  func quotient(_ a: NDArray, _ count: NDArray) -> NDArray {
    self(.divide, a, convert(count, a.dtype))
  }

  /// The divisor of a variance.
  fileprivate func freedom(_ count: NDArray, _ correction: Double) -> NDArray {
    self(
      .maximum, self(.subtract, convert(count, .float64), number(correction, .float64)),
      number(0, .float64))
  }

  /// The sums of squared distances from means along axes that are kept with extent 1, of an array that is stored
  /// sparsely: those of what differs from the fill, then the fill's as often as there are others; nil for other
  /// arrays, and where the sums have more than one axis or are stored sparsely themselves, unless `spreadDistances` has
  /// them.
  func storedDistances(
    _ x: NDArray, from mean: NDArray, _ axes: [Int], keepAxes: Bool, ignoringNaN: Bool = false
  ) -> NDArray? {
    guard x.expr.type.shape.isKnown, let fill = sparseFill(of: x), ignoringNaN || !isFillNaN(x)
    else { return nil }
    if x.rank - axes.count > 1 || sparseFill(of: reduce(.add, x, axes)) != nil {
      return spreadDistances(x, fill, axes, keepAxes: keepAxes, ignoringNaN: ignoringNaN)
    }
    let differs = self(.notEqual, x, constant(fill))
    let isStored = ignoringNaN ? and(differs, not(isNaN(x))) : differs
    let none = number(0, x.dtype)
    let own = self(.subtract, x, select(isStored, broadcast(mean, x.expr.type.shape), none))
    let squares = squaredMagnitude(select(isStored, own, none))
    let total = reduce(.add, squares, axes, keepAxes: keepAxes)
    if isFillNaN(x) { return total }
    let stored = reduce(.add, convert(differs, .int64), axes, keepAxes: keepAxes)
    let fillCount = self(.subtract, extent(x, axes), stored)
    let rest = squaredMagnitude(
      self(.subtract, constant(fill), keepAxes ? mean : reshape(mean, total.codes)))
    let others = select(
      self(.greater, fillCount, integer(0)),
      self(.multiply, convert(fillCount, rest.dtype), rest), number(0, rest.dtype))
    return self(.add, total, others)
  }

  /// The same as the sums of squares less the squares of sums over their number, which are sparse where lanes are. At
  /// most a quarter of what a lane folds is likely to be stored: by the inequality of Cauchy and Schwarz three quarters of
  /// the squares remain, and little cancels. nil for others.
  private func spreadDistances(
    _ x: NDArray, _ fill: Scalar, _ axes: [Int], keepAxes: Bool,
    ignoringNaN: Bool
  ) -> NDArray? {
    let folded = axes.reduce(1.0) { $0 * Double(x.codes[$1]) }
    guard fill.doubleValue.isFinite, fill.imaginary.isFinite,
      storedCount(of: x) <= folded * Self.mostStoredOfLane
    else { return nil }
    var away = fill.boolValue ? self(.subtract, x, constant(fill)) : x
    var count = convert(extent(x, axes), x.dtype.realPart)
    if ignoringNaN {
      away = replacingNaN(away, with: 0)
      count = countNumbers(x, axes, keepAxes: keepAxes, x.dtype.realPart)
    }
    let squares = reduce(.add, squaredMagnitude(away), axes, keepAxes: keepAxes)
    let sum = reduce(.add, away, axes, keepAxes: keepAxes)
    // Squares beyond the dtype's range are infinite, and so is the variance, as long as the sum is a number.
    let isBeyond = self(.equal, squares, number(.infinity, squares.dtype))
    let others = select(
      isBeyond, number(0, squares.dtype), self(.divide, squaredMagnitude(sum), count))
    let distances = self(.subtract, squares, others)
    let isNumber = self(.isfinite, sum)
    return select(
      isNumber, self(.maximum, distances, number(0, squares.dtype)), number(.nan, squares.dtype))
  }

  private static let mostStoredOfLane = 0.25

  /// |x|^2, real.
  func squaredMagnitude(_ x: NDArray) -> NDArray {
    if !x.dtype.isComplex { return self(.multiply, x, x) }
    let (re, im) = (self(.real, x), self(.imag, x))
    return self(.add, self(.multiply, re, re), self(.multiply, im, im))
  }
}
