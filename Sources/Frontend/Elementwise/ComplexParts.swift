import WeftIR

/// The real part.
///
/// - NumPy: `numpy.real`.
public func real(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.real, a, site: SourceSite(file: file, line: line))
}

/// The imaginary part; 0 for real numbers.
///
/// - NumPy: `numpy.imag`.
public func imag(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.imag, a, site: SourceSite(file: file, line: line))
}

/// The conjugate.
///
/// - NumPy: `numpy.conj`.
public func conj(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.conj, a, site: SourceSite(file: file, line: line))
}
