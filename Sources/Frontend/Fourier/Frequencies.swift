import WeftIR

/// The frequencies of the results of `fft`: 0, 1, ..., then the negative ones, over n d.
///
/// - Shape: `[n]`.
/// - DType: float64.
/// - Units: cycles per unit of the spacing `d`.
/// - Throws: from `compute()`: `value` for fewer than one point.
/// - NumPy: `numpy.fft.fftfreq`.
///
/// ```swift
/// fftfreq(5)  // [ 0.   0.2  0.4 -0.4 -0.2]
/// fftfreq(4, d: 0.5)  // [ 0.   0.5 -1.  -0.5]
/// ```
public func fftfreq(
  _ n: Int, d: Double = 1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  frequencies(Composition("fftfreq", file, line), n, d, isHalf: false)
}

/// The frequencies of the results of `rfft`: 0, 1, ..., n / 2, over n d.
///
/// - Shape: `[n / 2 + 1]`.
/// - DType: float64.
/// - Throws: from `compute()`: `value` for fewer than one point.
/// - NumPy: `numpy.fft.rfftfreq`.
///
/// ```swift
/// rfftfreq(4)  // [0.   0.25 0.5 ]
/// ```
public func rfftfreq(
  _ n: Int, d: Double = 1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  frequencies(Composition("rfftfreq", file, line), n, d, isHalf: true)
}

private func frequencies(_ c: Composition, _ n: Int, _ d: Double, isHalf: Bool) -> NDArray {
  c.one([]) { () throws(WeftError) in
    guard n >= 1 else { throw c.error(.value, "\(n) points have no frequencies") }
    var bins = c.iota(Shape([isHalf ? n / 2 + 1 : n]))
    if !isHalf {
      let isNegative = c(.greaterEqual, bins, c.integer((n - 1) / 2 + 1))
      bins = c.select(isNegative, c(.subtract, bins, c.integer(n)), bins)
    }
    return c(.multiply, c.convert(bins, .float64), c.number(1 / (Double(n) * d), .float64))
  }
}

/// The elements rolled so that frequency 0 stands in the middle of each axis.
///
/// - Shape: the operand's; all axes, or those given.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`.
/// - NumPy: `numpy.fft.fftshift`.
///
/// ```swift
/// fftshift(fftfreq(5))  // [-0.4 -0.2  0.   0.2  0.4]
/// ```
public func fftshift(
  _ a: NDArray, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  shifted(Composition("fftshift", file, line), a, axes) { $0 - $0 / 2 }
}

/// The inverse of `fftshift`. See `fftshift`.
///
/// - NumPy: `numpy.fft.ifftshift`.
///
/// ```swift
/// ifftshift(fftshift(fftfreq(5)))  // [ 0.   0.2  0.4 -0.4 -0.2]
/// ```
public func ifftshift(
  _ a: NDArray, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  shifted(Composition("ifftshift", file, line), a, axes) { $0 / 2 }
}

/// Each axis begins with the element at `start(extent)`.
private func shifted(
  _ c: Composition, _ a: NDArray, _ axes: [Int]?, _ start: (Int) -> Int
) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    var result = a.strong
    for axis in axes ?? Array(0..<a.rank) {
      let axis = try Axes.normalized(axis, rank: a.rank, c.name, a, c.site)
      guard let extent = a.extent(axis) else {
        throw c.error(
          .unknownExtent, "axis \(axis) of \(a.expr.type) has an extent that only the data tell")
      }
      let first = start(extent)
      guard first > 0, first < extent else { continue }
      result = c.join(
        [
          c.slice(result, axis, from: first, extent - first),
          c.slice(result, axis, from: 0, first),
        ], axis)
    }
    return result
  }
}
