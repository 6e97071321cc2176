import WeftIR

/// The discrete Fourier transform along several axes.
///
/// - Shape: axis `axes[i]` has extent `s[i]`, -1 for the operand's; nil for all axes and their
///   extents, or for the last ones when `s` is given. Without axes the array is its own transform.
/// - DType: as `fft`.
/// - Throws: from `compute()`: as `fft`; `value` when `s` and `axes` differ in number.
/// - NumPy: `numpy.fft.fftn`.
///
/// ```swift
/// fftn([[1, 2], [3, 4]])
/// // [[10.+0.j -2.+0.j]
/// //  [-4.+0.j  0.+0.j]]
/// ```
public func fftn(
  _ a: NDArray, s: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  transforms(Composition("fftn", file, line), a, s, axes, inverse: false, norm)
}

/// The inverse of `fftn`. See `fftn`.
///
/// - NumPy: `numpy.fft.ifftn`.
///
/// ```swift
/// ifftn([[10, -2], [-4, 0]])
/// // [[1.+0.j 2.+0.j]
/// //  [3.+0.j 4.+0.j]]
/// ```
public func ifftn(
  _ a: NDArray, s: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  transforms(Composition("ifftn", file, line), a, s, axes, inverse: true, norm)
}

/// The discrete Fourier transform along two axes. See `fftn`.
///
/// - NumPy: `numpy.fft.fft2`.
///
/// ```swift
/// fft2([[1, 0], [0, 1]])
/// // [[2.+0.j 0.+0.j]
/// //  [0.+0.j 2.+0.j]]
/// ```
public func fft2(
  _ a: NDArray, s: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  transforms(Composition("fft2", file, line), a, s, axes, inverse: false, norm)
}

/// The inverse of `fft2`. See `fftn`.
///
/// - NumPy: `numpy.fft.ifft2`.
public func ifft2(
  _ a: NDArray, s: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  transforms(Composition("ifft2", file, line), a, s, axes, inverse: true, norm)
}

/// The transform of real numbers along several axes; the last of them is halved as in `rfft`.
///
/// - Shape: as `fftn`; the last of the axes has extent n / 2 + 1.
/// - DType: as `rfft`.
/// - Throws: from `compute()`: as `fftn`; `dtype` for complex numbers.
/// - NumPy: `numpy.fft.rfftn`.
///
/// ```swift
/// rfftn([[1, 2, 3, 4], [5, 6, 7, 8]])
/// // [[ 36.+0.j  -4.+4.j  -4.+0.j]
/// //  [-16.+0.j   0.+0.j   0.+0.j]]
/// ```
public func rfftn(
  _ a: NDArray, s: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("rfftn", file, line)
  return c.one([a]) { () throws(WeftError) in
    var plan = try c.fourierAxes(a, s, axes)
    guard let last = plan.popLast() else { throw c.error(.axis, "has no axes to transform") }
    let first = try c.transform(a, .fromReal, last.count, last.axis, inverse: false, norm)
    return try c.transforms(first, plan, inverse: false, norm)
  }
}

/// The inverse of `rfftn`: the last axis is made whole as in `irfft`.
///
/// - Shape: as `fftn`; the last of the axes has the extent given, else 2 (m - 1) for m
///   coefficients.
/// - DType: as `irfft`.
/// - Throws: from `compute()`: as `fftn`.
/// - NumPy: `numpy.fft.irfftn`.
///
/// ```swift
/// irfftn(rfftn([[1, 2], [3, 4]]))
/// // [[1. 2.]
/// //  [3. 4.]]
/// ```
public func irfftn(
  _ a: NDArray, s: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("irfftn", file, line)
  return c.one([a]) { () throws(WeftError) in
    var plan = try c.fourierAxes(a, s, axes)
    guard let last = plan.popLast() else { throw c.error(.axis, "has no axes to transform") }
    let others = try c.transforms(a, plan, inverse: true, norm)
    return try c.transform(others, .toReal, last.count, last.axis, inverse: true, norm)
  }
}

private func transforms(
  _ c: Composition, _ a: NDArray, _ s: [Int]?, _ axes: [Int]?, inverse: Bool, _ norm: FourierNorm
) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    let plan = try c.fourierAxes(a, s, axes)
    if plan.isEmpty { return a.strong }
    return try c.transforms(a, plan, inverse: inverse, norm)
  }
}

extension Composition {
  /// Axes to transform and their numbers of points; nil for the operand's.
  func fourierAxes(
    _ a: NDArray, _ s: [Int]?, _ axes: [Int]?
  ) throws(WeftError) -> [(axis: Int, count: Int?)] {
    if let s, let axes, s.count != axes.count {
      throw error(.value, "\(s.count) extents for \(axes.count) axes")
    }
    if let s, s.count > a.rank {
      throw error(.value, "\(s.count) extents for \(a.expr.type), which has \(a.rank) axes")
    }
    let own = axes ?? Array((a.rank - (s?.count ?? a.rank))..<a.rank)
    return own.enumerated().map { index, axis in
      let count = s?[index]
      return (axis, count == -1 ? nil : count)
    }
  }

  /// Transforms along axes, the last one first.
  func transforms(
    _ a: NDArray, _ plan: [(axis: Int, count: Int?)], inverse: Bool, _ norm: FourierNorm
  ) throws(WeftError) -> NDArray {
    var result = a
    for (axis, count) in plan.reversed() {
      result = try transform(result, .complex, count, axis, inverse: inverse, norm)
    }
    return result
  }
}
