import WeftIR

/// The greatest integral value not above a.
///
/// - NumPy: `numpy.floor`.
public func floor(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.floor, a, site: SourceSite(file: file, line: line))
}

/// The least integral value not below a.
///
/// - NumPy: `numpy.ceil`.
public func ceil(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.ceil, a, site: SourceSite(file: file, line: line))
}

/// The integral part.
///
/// - NumPy: `numpy.trunc`.
public func trunc(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.trunc, a, site: SourceSite(file: file, line: line))
}
