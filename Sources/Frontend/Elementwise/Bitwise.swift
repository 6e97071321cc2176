import WeftIR

/// Bits that are set in both.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast` when the shapes do not
///   fit.
/// - NumPy: `numpy.bitwise_and`.
///
/// ```swift
/// bitwiseAnd([12, 10], 6)  // [4 2]
/// ```
public func bitwiseAnd(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseAnd, a, b, site: SourceSite(file: file, line: line))
}

/// Bits that are set in either.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast` when the shapes do not
///   fit.
/// - NumPy: `numpy.bitwise_or`.
///
/// ```swift
/// bitwiseOr([12, 10], 6)  // [14 14]
/// ```
public func bitwiseOr(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseOr, a, b, site: SourceSite(file: file, line: line))
}

/// Bits that are set in just one.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast` when the shapes do not
///   fit.
/// - NumPy: `numpy.bitwise_xor`.
///
/// ```swift
/// bitwiseXor([12, 10], 6)  // [10 12]
/// ```
public func bitwiseXor(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseXor, a, b, site: SourceSite(file: file, line: line))
}

/// Every bit turned; not for bool.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for floats and complex.
/// - NumPy: `numpy.bitwise_invert`.
///
/// ```swift
/// bitwiseInvert([0, 5])  // [-1 -6]
/// ```
public func bitwiseInvert(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseInvert, a, site: SourceSite(file: file, line: line))
}

/// Shifts left; a count of the width or more (or below 0) gives 0.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast` when the shapes do not
///   fit.
/// - NumPy: `numpy.bitwise_left_shift`.
///
/// ```swift
/// bitwiseLeftShift([1, 3], [4, 1])  // [16  6]
/// ```
public func bitwiseLeftShift(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseLeftShift, a, b, site: SourceSite(file: file, line: line))
}

/// Shifts right, keeping the sign; a count of the width or more gives 0 or -1.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast` when the shapes do not
///   fit.
/// - NumPy: `numpy.bitwise_right_shift`.
///
/// ```swift
/// bitwiseRightShift([16, -16], 2)  // [ 4 -4]
/// ```
public func bitwiseRightShift(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseRightShift, a, b, site: SourceSite(file: file, line: line))
}

/// The number of set bits of the absolute value, as uint8.
///
/// - Shape: unchanged.
/// - DType: uint8.
/// - Throws: from `compute()`: `dtype` for floats and complex.
/// - NumPy: `numpy.bitwise_count`.
///
/// ```swift
/// bitwiseCount([0, 7, 255])  // [0 3 8]
/// ```
public func bitwiseCount(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.bitwiseCount, a, site: SourceSite(file: file, line: line))
}
