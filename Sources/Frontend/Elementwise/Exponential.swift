import WeftIR

/// The square root; NaN below 0.
///
/// - NumPy: `numpy.sqrt`.
public func sqrt(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sqrt, a, site: SourceSite(file: file, line: line))
}

/// The real cube root.
///
/// - NumPy: `numpy.cbrt`.
public func cbrt(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.cbrt, a, site: SourceSite(file: file, line: line))
}

/// e to the power a.
///
/// - NumPy: `numpy.exp`.
public func exp(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.exp, a, site: SourceSite(file: file, line: line))
}

/// 2 to the power a.
///
/// - NumPy: `numpy.exp2`.
public func exp2(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.exp2, a, site: SourceSite(file: file, line: line))
}

/// exp(a) - 1, accurate near 0.
///
/// - NumPy: `numpy.expm1`.
public func expm1(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.expm1, a, site: SourceSite(file: file, line: line))
}

/// The natural logarithm; -inf at 0, NaN below.
///
/// - NumPy: `numpy.log`.
public func log(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log, a, site: SourceSite(file: file, line: line))
}

/// The logarithm to base 2.
///
/// - NumPy: `numpy.log2`.
public func log2(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log2, a, site: SourceSite(file: file, line: line))
}

/// The logarithm to base 10.
///
/// - NumPy: `numpy.log10`.
public func log10(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log10, a, site: SourceSite(file: file, line: line))
}

/// log(1 + a), accurate near 0.
///
/// - NumPy: `numpy.log1p`.
public func log1p(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.log1p, a, site: SourceSite(file: file, line: line))
}

/// log(exp(a) + exp(b)) without overflow.
///
/// - NumPy: `numpy.logaddexp`.
public func logaddexp(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logaddexp, a, b, site: SourceSite(file: file, line: line))
}

/// log2(2**a + 2**b) without overflow.
///
/// - NumPy: `numpy.logaddexp2`.
public func logaddexp2(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.logaddexp2, a, b, site: SourceSite(file: file, line: line))
}

/// The length of the hypotenuse, without overflow.
///
/// - NumPy: `numpy.hypot`.
public func hypot(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.hypot, a, b, site: SourceSite(file: file, line: line))
}

/// The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to a.
///
/// - NumPy: `numpy.erf`.
public func erf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.erf, a, site: SourceSite(file: file, line: line))
}
