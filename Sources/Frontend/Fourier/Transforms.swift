import WeftIR

/// Where the factor 1 / n of a transform and its inverse stands.
public enum FourierNorm: String, Hashable, Sendable, CaseIterable {
  /// In the inverse.
  case backward
  /// Half in each, as 1 / sqrt(n).
  case ortho
  /// In the forward transform.
  case forward
}

/// The discrete Fourier transform along an axis: sums of x[j] exp(-2 pi i j k / n).
///
/// - Shape: the axis has extent `n`; nil is the operand's. Zeros are added or the end left out.
/// - DType: complex64 for float16, float32 and complex64; else complex128.
/// - Throws: from `compute()`: `axis`; `value` for fewer than one point.
/// - Accuracy: relative to the norm about eps log2 n; complex64 is summed in complex128.
/// - NumPy: `numpy.fft.fft`.
/// - Source: `Docs/decisions/0004-fft-library.md`.
///
/// ```swift
/// fft([1, 0, 0, 0])  // [1.+0.j 1.+0.j 1.+0.j 1.+0.j]
/// fft([1, 2, 3, 4])  // [10.+0.j -2.+2.j -2.+0.j -2.-2.j]
/// ```
public func fft(
  _ a: NDArray, n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("fft", file, line)
  return c.one([a]) { () throws(WeftError) in
    try c.transform(a, .complex, n, axis, inverse: false, norm)
  }
}

/// The inverse of `fft`.
///
/// - Shape: as `fft`.
/// - DType: as `fft`.
/// - Throws: from `compute()`: as `fft`.
/// - NumPy: `numpy.fft.ifft`.
///
/// ```swift
/// ifft([10, -2, -2, -2])  // [1.+0.j 3.+0.j 3.+0.j 3.+0.j]
/// ```
public func ifft(
  _ a: NDArray, n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("ifft", file, line)
  return c.one([a]) { () throws(WeftError) in
    try c.transform(a, .complex, n, axis, inverse: true, norm)
  }
}

/// The first half of the transform of real numbers; the other half are conjugates.
///
/// - Shape: the axis has extent n / 2 + 1.
/// - DType: as `fft`.
/// - Throws: from `compute()`: as `fft`; `dtype` for complex numbers.
/// - NumPy: `numpy.fft.rfft`.
///
/// ```swift
/// rfft([1, 2, 3, 4])  // [10.+0.j -2.+2.j -2.+0.j]
/// ```
public func rfft(
  _ a: NDArray, n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("rfft", file, line)
  return c.one([a]) { () throws(WeftError) in
    try c.transform(a, .fromReal, n, axis, inverse: false, norm)
  }
}

/// The inverse of `rfft`: n real numbers from n / 2 + 1 coefficients.
///
/// - Shape: the axis has extent `n`; nil is 2 (m - 1) for m coefficients.
/// - DType: float16 for float16, float32 for complex64 and float32; else float64.
/// - Throws: from `compute()`: as `fft`.
/// - NumPy: `numpy.fft.irfft`.
///
/// ```swift
/// irfft(rfft([1, 2, 3, 4]))  // [1. 2. 3. 4.]
/// ```
public func irfft(
  _ a: NDArray, n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("irfft", file, line)
  return c.one([a]) { () throws(WeftError) in
    try c.transform(a, .toReal, n, axis, inverse: true, norm)
  }
}

/// The real spectrum of n points whose second half are conjugates of the first.
///
/// - Shape: the axis has extent `n`; nil is 2 (m - 1) for m given points.
/// - DType: float32 for complex64; else float64.
/// - Throws: from `compute()`: as `fft`.
/// - NumPy: `numpy.fft.hfft`.
///
/// ```swift
/// hfft([1, 2, 3])  // [ 8. -2.  0. -2.]
/// ```
public func hfft(
  _ a: NDArray, n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("hfft", file, line)
  return c.one([a]) { () throws(WeftError) in
    let conjugates = a.dtype.isComplex ? c(.conj, a) : a
    // Backward with the forward transform's factor.
    return try c.transform(conjugates, .toReal, n, axis, inverse: false, norm)
  }
}

/// The inverse of `hfft`.
///
/// - Shape: the axis has extent n / 2 + 1.
/// - DType: as `fft`.
/// - Throws: from `compute()`: as `rfft`.
/// - NumPy: `numpy.fft.ihfft`.
///
/// ```swift
/// ihfft([1, 2, 3, 2])  // [ 2. -0.j -0.5-0.j  0. -0.j]
/// ```
public func ihfft(
  _ a: NDArray, n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("ihfft", file, line)
  return c.one([a]) { () throws(WeftError) in
    c(.conj, try c.transform(a, .fromReal, n, axis, inverse: true, norm))
  }
}

extension Composition {
  /// The transform along an axis; `inverse` chooses the factor, and the direction of `.complex`.
  func transform(
    _ a: NDArray, _ kind: Routine.FourierKind, _ n: Int?, _ axis: Int, inverse: Bool,
    _ norm: FourierNorm
  ) throws(WeftError) -> NDArray {
    let axis = try Axes.normalized(axis, rank: a.rank, name, a, site)
    if kind == .fromReal, a.dtype.isComplex {
      throw error(.dtype, "is not defined for \(a.expr.type)", hint: "take its real part, or fft")
    }
    guard let extent = a.extent(axis) else {
      throw error(
        .unknownExtent, "axis \(axis) of \(a.expr.type) has an extent that only the data tell",
        hint: "compute() the operand first")
    }
    let count = n ?? (kind == .toReal ? 2 * (extent - 1) : extent)
    guard count >= 1 else { throw error(.value, "\(count) points cannot be transformed") }
    let complex = a.dtype.complexCounterpart
    let last = a.rank - 1
    var x = convert(a, kind == .fromReal ? complex.realPart : complex)
    x = resized(move(x, axis, to: last), last, to: kind == .toReal ? count / 2 + 1 : count)
    let routine = Routine.fourier(
      kind, count: count, inverse: kind == .complex && inverse, scale: scale(norm, inverse))
    let result = move(try results(routine, [x])[0], last, to: axis)
    // As in NumPy, real results of a 16-bit float are that again.
    return kind == .toReal && a.dtype == .float16 ? convert(result, .float16) : result
  }

  private func scale(_ norm: FourierNorm, _ inverse: Bool) -> Routine.FourierScale {
    switch norm {
    case .ortho: .root
    case .backward: inverse ? .full : .one
    case .forward: inverse ? .one : .full
    }
  }

  /// An axis of another extent: zeros added at its end, or elements left out.
  func resized(_ a: NDArray, _ axis: Int, to count: Int) -> NDArray {
    guard let extent = a.extent(axis), extent != count else { return a }
    if extent > count { return slice(a, axis, from: 0, count) }
    let spans = (0..<a.rank).map { PadSpan(low: 0, high: $0 == axis ? count - extent : 0) }
    return node(.pad(spans), [a, constant(Scalar(0 as Int64, a.dtype))])
  }
}
