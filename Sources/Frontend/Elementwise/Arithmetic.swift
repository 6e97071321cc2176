import WeftIR

/// The sum; logical or for bool.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.add`.
///
/// ```swift
/// add([1, 2, 3], [0.5, 0.25, 0])  // [1.5  2.25 3.  ]
/// ```
public func add(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.add, a, b, site: SourceSite(file: file, line: line))
}

/// a - b; not for bool.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `dtype` for bool; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.subtract`.
///
/// ```swift
/// subtract([[5, 6], [7, 8]], [1, 2])
/// // [[4 4]
/// //  [6 6]]
/// ```
public func subtract(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.subtract, a, b, site: SourceSite(file: file, line: line))
}

/// a * b; logical and for bool.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.multiply`.
///
/// ```swift
/// multiply([1, 2, 3], [[10], [100]])
/// // [[ 10  20  30]
/// //  [100 200 300]]
/// ```
public func multiply(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.multiply, a, b, site: SourceSite(file: file, line: line))
}

/// a / b in floating point; integers convert to float64.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.divide`.
///
/// ```swift
/// divide([1, 2, 3], 2)  // [0.5 1.  1.5]
/// ```
public func divide(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.divide, a, b, site: SourceSite(file: file, line: line))
}

/// The quotient rounded towards -inf, as Python's `//`.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.floor_divide`.
///
/// ```swift
/// floorDivide([7, -7], 2)  // [ 3 -4]
/// floorDivide([7.5, -7.5], 2)  // [ 3. -4.]
/// ```
public func floorDivide(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.floorDivide, a, b, site: SourceSite(file: file, line: line))
}

/// The remainder with the divisor's sign, as Python's `%`.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.remainder`.
///
/// ```swift
/// remainder([7, -7], 3)  // [1 2]
/// ```
public func remainder(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.remainder, a, b, site: SourceSite(file: file, line: line))
}

/// The remainder with the dividend's sign, as C's `fmod`.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.fmod`.
///
/// ```swift
/// fmod([7, -7], 3)  // [ 1 -1]
/// ```
public func fmod(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.fmod, a, b, site: SourceSite(file: file, line: line))
}

/// a to the power b; integers by repeated squaring, wrapping.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - Accuracy: float32 within 0.6 ULP, float64 within 0.9 ULP (`Docs/accuracy.md`).
/// - NumPy: `numpy.pow`. As there, an exponent that is one number 0.5 takes the square root in
///   float32 and float64: -0.0 gives -0.0 and minus infinity NaN.
///
/// ```swift
/// pow([1, 2, 3], 2)  // [1 4 9]
/// pow(2.0, [-1, 0.5, 10])  // [5.00000000e-01 1.41421356e+00 1.02400000e+03]
/// pow([1, 2], -1)  // error: pow: integers cannot be raised to the negative power -1 [value]
/// ```
public func pow(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.pow, a, b, site: SourceSite(file: file, line: line))
}

/// -a; not for bool.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for bool.
/// - NumPy: `numpy.negative`.
///
/// ```swift
/// negative([1, -2.5])  // [-1.   2.5]
/// ```
public func negative(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.negative, a, site: SourceSite(file: file, line: line))
}

/// The absolute value; the modulus, in the real dtype, of complex.
///
/// - Shape: unchanged.
/// - DType: unchanged; that of the real part for complex.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.abs`.
///
/// ```swift
/// abs([-3, 4])  // [3 4]
/// abs(NDArray([Complex(3.0, 4.0)]))  // [5.]
/// ```
public func abs(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.abs, a, site: SourceSite(file: file, line: line))
}

/// -1, 0 or 1; NaN for NaN; z / |z| for complex. Not for bool.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for bool.
/// - NumPy: `numpy.sign`.
///
/// ```swift
/// sign(NDArray([-2.5, 0, 7, .nan]))  // [-1.  0.  1. nan]
/// ```
public func sign(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sign, a, site: SourceSite(file: file, line: line))
}

/// The greater; NaN if either is.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.maximum`.
///
/// ```swift
/// maximum([1, 5, 3], [4, 2, 3])  // [4 5 3]
/// maximum(NDArray([1, .nan]), 2)  // [ 2. nan]
/// ```
public func maximum(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.maximum, a, b, site: SourceSite(file: file, line: line))
}

/// The lesser; NaN if either is.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.minimum`.
///
/// ```swift
/// minimum([1, 5, 3], [4, 2, 3])  // [1 2 3]
/// ```
public func minimum(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.minimum, a, b, site: SourceSite(file: file, line: line))
}

/// The greater; the other one if one is NaN.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.fmax`.
///
/// ```swift
/// fmax(NDArray([1, .nan, 3]), [2, 2, 2])  // [2. 2. 3.]
/// ```
public func fmax(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.fmax, a, b, site: SourceSite(file: file, line: line))
}

/// The lesser; the other one if one is NaN.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.fmin`.
///
/// ```swift
/// fmin(NDArray([1, .nan, 3]), [2, 2, 2])  // [1. 2. 2.]
/// ```
public func fmin(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.fmin, a, b, site: SourceSite(file: file, line: line))
}

/// The magnitude of a with the sign of b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.copysign`.
///
/// ```swift
/// copysign([1, 2], [-0.0, 5])  // [-1.  2.]
/// ```
public func copysign(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.copysign, a, b, site: SourceSite(file: file, line: line))
}

/// 0 below zero, 1 above, the second operand at zero, NaN for NaN.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.heaviside`.
///
/// ```swift
/// heaviside([-1.5, 0, 2], 0.5)  // [0.  0.5 1. ]
/// ```
public func heaviside(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.heaviside, a, b, site: SourceSite(file: file, line: line))
}

/// The next number of the dtype after a towards b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast` when the shapes do not fit.
/// - NumPy: `numpy.nextafter`.
///
/// ```swift
/// nextafter([1.0], 2) .> 1  // [ True]
/// nextafter([1.0], 2) - 1  // [2.22044605e-16]
/// ```
public func nextafter(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.nextafter, a, b, site: SourceSite(file: file, line: line))
}

/// 1 in the last place: the distance to the next number away from zero.
///
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.spacing`.
///
/// ```swift
/// spacing([1.0, 1024])  // [2.22044605e-16 2.27373675e-13]
/// ```
public func spacing(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.spacing, a, site: SourceSite(file: file, line: line))
}

/// The greatest common divisor of the absolute values.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `dtype` for floats, complex and bool; `broadcast` when the shapes do
///   not fit.
/// - NumPy: `numpy.gcd`.
///
/// ```swift
/// gcd([12, 18], [8, 27])  // [4 9]
/// ```
public func gcd(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.gcd, a, b, site: SourceSite(file: file, line: line))
}

/// The least common multiple of the absolute values, wrapping.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: promoted.
/// - Throws: from `compute()`: `dtype` for floats, complex and bool; `broadcast` when the shapes do
///   not fit.
/// - NumPy: `numpy.lcm`.
///
/// ```swift
/// lcm([4, 6], 10)  // [20 30]
/// ```
public func lcm(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.lcm, a, b, site: SourceSite(file: file, line: line))
}
