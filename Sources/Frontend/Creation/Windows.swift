import WeftIR

/// The Bartlett window: a triangle that is 0 at both ends.
///
/// - Shape: `[count]`; `[0]` for a count below 1.
/// - DType: float64.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.bartlett`.
///
/// ```swift
/// bartlett(5)  // [0.  0.5 1.  0.5 0. ]
/// ```
public func bartlett(
  _ count: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  window(count, Call("bartlett", file, line)) { call, n, last in
    let slope = call.apply(.divide, n, last)
    let one = call.number(1, .float64)
    return call.select(
      call.apply(.lessEqual, n, call.number(0, .float64)), call.apply(.add, one, slope),
      call.apply(.subtract, one, slope))
  }
}

/// The Blackman window: three terms of a cosine series.
///
/// - Shape: `[count]`; `[0]` for a count below 1.
/// - DType: float64.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.blackman`.
///
/// ```swift
/// blackman(5)[1..<4]  // [0.34 1.   0.34]
/// ```
public func blackman(
  _ count: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  window(count, Call("blackman", file, line)) { call, n, last in
    call.apply(
      .add,
      call.apply(.add, call.number(0.42, .float64), cosine(n, last, 0.5, 1, call)),
      cosine(n, last, 0.08, 2, call))
  }
}

/// The Hann window: a raised cosine that is 0 at both ends.
///
/// - Shape: `[count]`; `[0]` for a count below 1.
/// - DType: float64.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.hanning`.
///
/// ```swift
/// hanning(5)  // [0.  0.5 1.  0.5 0. ]
/// ```
public func hanning(
  _ count: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  window(count, Call("hanning", file, line)) { call, n, last in
    call.apply(.add, call.number(0.5, .float64), cosine(n, last, 0.5, 1, call))
  }
}

/// The Hamming window: a raised cosine that is 0.08 at both ends.
///
/// - Shape: `[count]`; `[0]` for a count below 1.
/// - DType: float64.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.hamming`.
///
/// ```swift
/// hamming(5)  // [0.08 0.54 1.   0.54 0.08]
/// ```
public func hamming(
  _ count: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  window(count, Call("hamming", file, line)) { call, n, last in
    call.apply(.add, call.number(0.54, .float64), cosine(n, last, 0.46, 1, call))
  }
}

/// The Kaiser window: i0 of the points of a half circle, relative to its top.
///
/// - Shape: `[count]`; `[0]` for a count below 1.
/// - DType: float64.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.kaiser`.
/// - Source: Kaiser, "Digital filters", in System Analysis by Digital Computer, 1966.
///
/// ```swift
/// kaiser(3, beta: 14)  // [7.72686684e-06 1.00000000e+00 7.72686684e-06]
/// ```
public func kaiser(
  _ count: Int, beta: Double, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  window(count, Call("kaiser", file, line)) { call, n, last in
    // n runs from 1 - count to count - 1 by 2: half of it is the distance from the middle.
    let place = call.apply(.divide, n, last)
    let height = call.apply(
      .sqrt,
      call.apply(.subtract, call.number(1, .float64), call.apply(.multiply, place, place)))
    let scale = call.number(beta, .float64)
    return call.apply(
      .divide, call.besselI0(call.apply(.multiply, scale, height)), call.besselI0(scale))
  }
}

/// A window of a count of points, from its formula over 1 - count, 3 - count, ..., count - 1.
private func window(
  _ count: Int, _ call: Call,
  _ formula: (_ call: Call, _ n: NDArray, _ last: NDArray) -> NDArray
) -> NDArray {
  call.build([]) { () throws(WeftError) in
    let shape = try call.shape([max(count, 0)])
    if count <= 1 { return call.broadcast(call.number(1, .float64), to: shape) }
    let steps = call.convert(call.counts([count]), to: .float64)
    let n = call.apply(
      .subtract, call.apply(.multiply, steps, call.number(2, .float64)),
      call.number(Double(count - 1), .float64))
    return formula(call, n, call.number(Double(count - 1), .float64))
  }
}

/// `weight * cos(turns * pi * n / last)`.
private func cosine(
  _ n: NDArray, _ last: NDArray, _ weight: Double, _ turns: Double, _ call: Call
) -> NDArray {
  let angle = call.apply(
    .divide, call.apply(.multiply, n, call.number(turns * Double.pi, .float64)), last)
  return call.apply(.multiply, call.number(weight, .float64), call.apply(.cos, angle))
}
