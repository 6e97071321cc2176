import WeftIR

/// The real part.
///
/// - Shape: unchanged.
/// - DType: unchanged; that of the real part for complex.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.real`.
///
/// ```swift
/// real(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)]))  // [1. 3.]
/// ```
public func real(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.real, a, site: SourceSite(file: file, line: line))
}

/// The imaginary part; 0 for real numbers.
///
/// - Shape: unchanged.
/// - DType: unchanged; that of the real part for complex.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.imag`.
///
/// ```swift
/// imag(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)]))  // [ 2. -4.]
/// ```
public func imag(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.imag, a, site: SourceSite(file: file, line: line))
}

/// The conjugate.
///
/// - Shape: unchanged.
/// - DType: unchanged; bool gives int8.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.conj`.
///
/// ```swift
/// conj(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)]))  // [1.-2.j 3.+4.j]
/// ```
public func conj(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.conj, a, site: SourceSite(file: file, line: line))
}
