import WeftIR

/// The square root; NaN below 0.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: correctly rounded.
/// - NumPy: `numpy.sqrt`.
///
/// ```swift
/// sqrt([1, 2, 4])  // [1.         1.41421356 2.        ]
/// sqrt([-1.0])  // [nan]
/// ```
public func sqrt(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sqrt, a, site: SourceSite(file: file, line: line))
}

/// The real cube root.
///
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - Accuracy: float32 within 0.5 ULP, float64 within 0.5 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.cbrt`.
///
/// ```swift
/// cbrt([8, -27])  // [ 2. -3.]
/// ```
public func cbrt(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.cbrt, a, site: SourceSite(file: file, line: line))
}

/// e to the power a.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.1 ULP, float64 within 1.0 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.exp`.
///
/// ```swift
/// exp([0, 1, -1])  // [1.         2.71828183 0.36787944]
/// ```
public func exp(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.exp, a, site: SourceSite(file: file, line: line))
}

/// 2 to the power a.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 0.9 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.exp2`.
///
/// ```swift
/// exp2([-1, 0, 10])  // [5.000e-01 1.000e+00 1.024e+03]
/// ```
public func exp2(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.exp2, a, site: SourceSite(file: file, line: line))
}

/// exp(a) - 1, accurate near 0.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.1 ULP, float64 within 1.2 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.expm1`.
///
/// ```swift
/// expm1([0, 1e-10])  // [0.e+00 1.e-10]
/// ```
public func expm1(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.expm1, a, site: SourceSite(file: file, line: line))
}

/// The natural logarithm; -inf at 0, NaN below.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.0 ULP, float64 within 0.8 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.log`.
///
/// ```swift
/// log([1, 10, 0])  // [0.         2.30258509       -inf]
/// ```
public func log(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log, a, site: SourceSite(file: file, line: line))
}

/// The logarithm to base 2.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.1 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.log2`.
///
/// ```swift
/// log2([1, 8, 0.5])  // [ 0.  3. -1.]
/// ```
public func log2(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log2, a, site: SourceSite(file: file, line: line))
}

/// The logarithm to base 10.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.0 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.log10`.
///
/// ```swift
/// log10([1, 1000, 0.01])  // [ 0.  3. -2.]
/// ```
public func log10(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log10, a, site: SourceSite(file: file, line: line))
}

/// log(1 + a), accurate near 0.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 0.9 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.log1p`.
///
/// ```swift
/// log1p([0, 1e-10])  // [0.e+00 1.e-10]
/// ```
public func log1p(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log1p, a, site: SourceSite(file: file, line: line))
}

/// log(exp(a) + exp(b)) without overflow.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - Accuracy: float32 within 0.5 ULP, float64 within 1.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.logaddexp`.
///
/// ```swift
/// logaddexp([0, 1000], [0, 1000])  // [6.93147181e-01 1.00069315e+03]
/// ```
public func logaddexp(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logaddexp, a, b, site: SourceSite(file: file, line: line))
}

/// log2(2**a + 2**b) without overflow.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - Accuracy: float32 within 0.5 ULP, float64 within 2.4 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.logaddexp2`.
///
/// ```swift
/// logaddexp2([0, 1000], [0, 1000])  // [1.000e+00 1.001e+03]
/// ```
public func logaddexp2(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logaddexp2, a, b, site: SourceSite(file: file, line: line))
}

/// The length of the hypotenuse, without overflow.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - Accuracy: float32 within 1.0 ULP, float64 within 1.0 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.hypot`.
///
/// ```swift
/// hypot([3, 5e200], [4, 12e200])  // [5.0e+000 1.3e+201]
/// ```
public func hypot(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.hypot, a, b, site: SourceSite(file: file, line: line))
}

/// The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to a.
///
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - Accuracy: float32 within 1.1 ULP, float64 within 1.2 ULP (`Docs/accuracy.md`).
/// - NumPy: none; `scipy.special.erf`.
///
/// ```swift
/// erf([0, 0.5, -0.5])  // [ 0.          0.52049988 -0.52049988]
/// ```
public func erf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.erf, a, site: SourceSite(file: file, line: line))
}
