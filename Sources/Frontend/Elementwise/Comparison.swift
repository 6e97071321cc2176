import WeftIR

/// a == b.
///
/// - NumPy: `numpy.equal`.
public func equal(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.equal, a, b, site: SourceSite(file: file, line: line))
}

/// a != b.
///
/// - NumPy: `numpy.not_equal`.
public func notEqual(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.notEqual, a, b, site: SourceSite(file: file, line: line))
}

/// a < b.
///
/// - NumPy: `numpy.less`.
public func less(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.less, a, b, site: SourceSite(file: file, line: line))
}

/// a <= b.
///
/// - NumPy: `numpy.less_equal`.
public func lessEqual(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.lessEqual, a, b, site: SourceSite(file: file, line: line))
}

/// a > b.
///
/// - NumPy: `numpy.greater`.
public func greater(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.greater, a, b, site: SourceSite(file: file, line: line))
}

/// a >= b.
///
/// - NumPy: `numpy.greater_equal`.
public func greaterEqual(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.greaterEqual, a, b, site: SourceSite(file: file, line: line))
}

/// Both are true (not zero).
///
/// - NumPy: `numpy.logical_and`.
public func logicalAnd(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalAnd, a, b, site: SourceSite(file: file, line: line))
}

/// Either is true (not zero).
///
/// - NumPy: `numpy.logical_or`.
public func logicalOr(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalOr, a, b, site: SourceSite(file: file, line: line))
}

/// Just one is true (not zero).
///
/// - NumPy: `numpy.logical_xor`.
public func logicalXor(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalXor, a, b, site: SourceSite(file: file, line: line))
}

/// Whether a is zero.
///
/// - NumPy: `numpy.logical_not`.
public func logicalNot(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalNot, a, site: SourceSite(file: file, line: line))
}

/// Whether a is not a number.
///
/// - NumPy: `numpy.isnan`.
public func isnan(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.isnan, a, site: SourceSite(file: file, line: line))
}

/// Whether a is infinite, in either part of complex.
///
/// - NumPy: `numpy.isinf`.
public func isinf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.isinf, a, site: SourceSite(file: file, line: line))
}

/// Whether a is neither infinite nor NaN.
///
/// - NumPy: `numpy.isfinite`.
public func isfinite(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.isfinite, a, site: SourceSite(file: file, line: line))
}

/// Whether the sign bit is set.
///
/// - NumPy: `numpy.signbit`.
public func signbit(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.signbit, a, site: SourceSite(file: file, line: line))
}
