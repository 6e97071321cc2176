import WeftIR

/// The sine.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Units: radians.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.3 ULP, float64 within 0.8 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.sin`.
///
/// ```swift
/// sin(NDArray([0, Double.pi / 2]))  // [0. 1.]
/// ```
public func sin(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sin, a, site: SourceSite(file: file, line: line))
}

/// The cosine.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Units: radians.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.3 ULP, float64 within 0.8 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.cos`.
///
/// ```swift
/// cos(NDArray([0, .pi]))  // [ 1. -1.]
/// ```
public func cos(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.cos, a, site: SourceSite(file: file, line: line))
}

/// The tangent.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Units: radians.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.2 ULP, float64 within 1.2 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.tan`.
///
/// ```swift
/// tan([0, 1])  // [0.         1.55740772]
/// ```
public func tan(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.tan, a, site: SourceSite(file: file, line: line))
}

/// The angle in [-pi/2, pi/2] whose sine is a; NaN outside [-1, 1].
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Units: radians.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.2 ULP, float64 within 0.8 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.asin`.
///
/// ```swift
/// asin([0, 1, 2])  // [0.         1.57079633        nan]
/// ```
public func asin(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.asin, a, site: SourceSite(file: file, line: line))
}

/// The angle in [0, pi] whose cosine is a; NaN outside [-1, 1].
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Units: radians.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.2 ULP, float64 within 0.7 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.acos`.
///
/// ```swift
/// acos([1, 0, -1])  // [0.         1.57079633 3.14159265]
/// ```
public func acos(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.acos, a, site: SourceSite(file: file, line: line))
}

/// The angle in [-pi/2, pi/2] whose tangent is a.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Units: radians.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.2 ULP, float64 within 1.2 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.atan`.
///
/// ```swift
/// atan([0, 1])  // [0.         0.78539816]
/// ```
public func atan(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.atan, a, site: SourceSite(file: file, line: line))
}

/// The angle of the point (b, a), in [-pi, pi].
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Units: radians.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - Accuracy: float32 within 1.5 ULP, float64 within 1.5 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.atan2`.
///
/// ```swift
/// atan2([1, -1], [1, -1])  // [ 0.78539816 -2.35619449]
/// ```
public func atan2(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.atan2, a, b, site: SourceSite(file: file, line: line))
}

/// The hyperbolic sine.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 0.9 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.sinh`.
///
/// ```swift
/// sinh([0, 1])  // [0.         1.17520119]
/// ```
public func sinh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sinh, a, site: SourceSite(file: file, line: line))
}

/// The hyperbolic cosine.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 0.9 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.cosh`.
///
/// ```swift
/// cosh([0, 1])  // [1.         1.54308063]
/// ```
public func cosh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.cosh, a, site: SourceSite(file: file, line: line))
}

/// The hyperbolic tangent.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.4 ULP, float64 within 1.1 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.tanh`.
///
/// ```swift
/// tanh([0, 1, 100])  // [0.         0.76159416 1.        ]
/// ```
public func tanh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.tanh, a, site: SourceSite(file: file, line: line))
}

/// The inverse hyperbolic sine.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.3 ULP, float64 within 1.2 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.asinh`.
///
/// ```swift
/// asinh([0, 1])  // [0.         0.88137359]
/// ```
public func asinh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.asinh, a, site: SourceSite(file: file, line: line))
}

/// The inverse hyperbolic cosine; NaN below 1.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.1 ULP, float64 within 1.1 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.acosh`.
///
/// ```swift
/// acosh([1, 2, 0])  // [0.        1.3169579       nan]
/// ```
public func acosh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.acosh, a, site: SourceSite(file: file, line: line))
}

/// The inverse hyperbolic tangent; NaN outside [-1, 1].
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - Accuracy: float32 within 1.3 ULP, float64 within 1.2 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.atanh`.
///
/// ```swift
/// atanh([0, 0.5, 1])  // [0.         0.54930614        inf]
/// ```
public func atanh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.atanh, a, site: SourceSite(file: file, line: line))
}
