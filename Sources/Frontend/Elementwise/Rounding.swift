import WeftIR

/// The greatest integral value not above a.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.floor`.
///
/// ```swift
/// floor([-1.5, 1.5])  // [-2.  1.]
/// ```
public func floor(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.floor, a, site: SourceSite(file: file, line: line))
}

/// The least integral value not below a.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.ceil`.
///
/// ```swift
/// ceil([-1.5, 1.5])  // [-1.  2.]
/// ```
public func ceil(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.ceil, a, site: SourceSite(file: file, line: line))
}

/// The integral part.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.trunc`.
///
/// ```swift
/// trunc([-1.5, 1.5])  // [-1.  1.]
/// ```
public func trunc(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.trunc, a, site: SourceSite(file: file, line: line))
}
