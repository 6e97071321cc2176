import WeftIR

/// The sine.
///
/// - NumPy: `numpy.sin`.
public func sin(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sin, a, site: SourceSite(file: file, line: line))
}

/// The cosine.
///
/// - NumPy: `numpy.cos`.
public func cos(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.cos, a, site: SourceSite(file: file, line: line))
}

/// The tangent.
///
/// - NumPy: `numpy.tan`.
public func tan(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.tan, a, site: SourceSite(file: file, line: line))
}

/// The angle in [-pi/2, pi/2] whose sine is a; NaN outside [-1, 1].
///
/// - NumPy: `numpy.asin`.
public func asin(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.asin, a, site: SourceSite(file: file, line: line))
}

/// The angle in [0, pi] whose cosine is a; NaN outside [-1, 1].
///
/// - NumPy: `numpy.acos`.
public func acos(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.acos, a, site: SourceSite(file: file, line: line))
}

/// The angle in [-pi/2, pi/2] whose tangent is a.
///
/// - NumPy: `numpy.atan`.
public func atan(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.atan, a, site: SourceSite(file: file, line: line))
}

/// The angle of the point (b, a), in [-pi, pi].
///
/// - NumPy: `numpy.atan2`.
public func atan2(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.atan2, a, b, site: SourceSite(file: file, line: line))
}

/// The hyperbolic sine.
///
/// - NumPy: `numpy.sinh`.
public func sinh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sinh, a, site: SourceSite(file: file, line: line))
}

/// The hyperbolic cosine.
///
/// - NumPy: `numpy.cosh`.
public func cosh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.cosh, a, site: SourceSite(file: file, line: line))
}

/// The hyperbolic tangent.
///
/// - NumPy: `numpy.tanh`.
public func tanh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.tanh, a, site: SourceSite(file: file, line: line))
}

/// The inverse hyperbolic sine.
///
/// - NumPy: `numpy.asinh`.
public func asinh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.asinh, a, site: SourceSite(file: file, line: line))
}

/// The inverse hyperbolic cosine; NaN below 1.
///
/// - NumPy: `numpy.acosh`.
public func acosh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.acosh, a, site: SourceSite(file: file, line: line))
}

/// The inverse hyperbolic tangent; NaN outside [-1, 1].
///
/// - NumPy: `numpy.atanh`.
public func atanh(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.atanh, a, site: SourceSite(file: file, line: line))
}
