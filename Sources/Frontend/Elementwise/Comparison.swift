import WeftIR

/// a == b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.equal`.
///
/// ```swift
/// equal([1, 2, 3], [1, 5, 3])  // [ True False  True]
/// ```
public func equal(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.equal, a, b, site: SourceSite(file: file, line: line))
}

/// a != b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.not_equal`.
///
/// ```swift
/// notEqual([1, 2, 3], [1, 5, 3])  // [False  True False]
/// ```
public func notEqual(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.notEqual, a, b, site: SourceSite(file: file, line: line))
}

/// a < b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.less`.
///
/// ```swift
/// less([1, 2, 3], 2)  // [ True False False]
/// ```
public func less(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.less, a, b, site: SourceSite(file: file, line: line))
}

/// a <= b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.less_equal`.
///
/// ```swift
/// lessEqual([1, 2, 3], 2)  // [ True  True False]
/// ```
public func lessEqual(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.lessEqual, a, b, site: SourceSite(file: file, line: line))
}

/// a > b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.greater`.
///
/// ```swift
/// greater([1, 2, 3], 2)  // [False False  True]
/// ```
public func greater(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.greater, a, b, site: SourceSite(file: file, line: line))
}

/// a >= b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.greater_equal`.
///
/// ```swift
/// greaterEqual([1, 2, 3], [[1], [3]])
/// // [[ True  True  True]
/// //  [False False  True]]
/// ```
public func greaterEqual(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.greaterEqual, a, b, site: SourceSite(file: file, line: line))
}

/// Both are true (not zero).
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.logical_and`.
///
/// ```swift
/// logicalAnd([0, 1, 2], [true, true, false])  // [False  True False]
/// ```
public func logicalAnd(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalAnd, a, b, site: SourceSite(file: file, line: line))
}

/// Either is true (not zero).
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.logical_or`.
///
/// ```swift
/// logicalOr([0, 1, 0], [false, false, true])  // [False  True  True]
/// ```
public func logicalOr(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalOr, a, b, site: SourceSite(file: file, line: line))
}

/// Just one is true (not zero).
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.logical_xor`.
///
/// ```swift
/// logicalXor([0, 1, 2], [true, true, false])  // [ True False  True]
/// ```
public func logicalXor(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalXor, a, b, site: SourceSite(file: file, line: line))
}

/// Whether a is zero.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.logical_not`.
///
/// ```swift
/// logicalNot([0, 1, 2])  // [ True False False]
/// ```
public func logicalNot(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logicalNot, a, site: SourceSite(file: file, line: line))
}

/// Whether a is not a number.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.isnan`.
///
/// ```swift
/// isnan(NDArray([1, .nan, .infinity]))  // [False  True False]
/// ```
public func isnan(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.isnan, a, site: SourceSite(file: file, line: line))
}

/// Whether a is infinite, in either part of complex.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.isinf`.
///
/// ```swift
/// isinf(NDArray([1, .nan, -Double.infinity]))  // [False False  True]
/// ```
public func isinf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.isinf, a, site: SourceSite(file: file, line: line))
}

/// Whether a is neither infinite nor NaN.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.isfinite`.
///
/// ```swift
/// isfinite(NDArray([1, .nan, .infinity]))  // [ True False False]
/// ```
public func isfinite(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.isfinite, a, site: SourceSite(file: file, line: line))
}

/// Whether the sign bit is set.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.signbit`.
///
/// ```swift
/// signbit([-1.0, -0.0, 0.0])  // [ True  True False]
/// ```
public func signbit(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.signbit, a, site: SourceSite(file: file, line: line))
}
