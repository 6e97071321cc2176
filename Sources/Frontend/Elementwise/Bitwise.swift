import WeftIR

/// Bits that are set in both.
///
/// - NumPy: `numpy.bitwise_and`.
public func bitwiseAnd(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseAnd, a, b, site: SourceSite(file: file, line: line))
}

/// Bits that are set in either.
///
/// - NumPy: `numpy.bitwise_or`.
public func bitwiseOr(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseOr, a, b, site: SourceSite(file: file, line: line))
}

/// Bits that are set in just one.
///
/// - NumPy: `numpy.bitwise_xor`.
public func bitwiseXor(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseXor, a, b, site: SourceSite(file: file, line: line))
}

/// Every bit turned; not for bool.
///
/// - NumPy: `numpy.bitwise_invert`.
public func bitwiseInvert(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseInvert, a, site: SourceSite(file: file, line: line))
}

/// Shifts left; a count of the width or more (or below 0) gives 0.
///
/// - NumPy: `numpy.bitwise_left_shift`.
public func bitwiseLeftShift(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseLeftShift, a, b, site: SourceSite(file: file, line: line))
}

/// Shifts right, keeping the sign; a count of the width or more gives 0 or -1.
///
/// - NumPy: `numpy.bitwise_right_shift`.
public func bitwiseRightShift(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseRightShift, a, b, site: SourceSite(file: file, line: line))
}

/// The number of set bits of the absolute value, as uint8.
///
/// - NumPy: `numpy.bitwise_count`.
public func bitwiseCount(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseCount, a, site: SourceSite(file: file, line: line))
}
