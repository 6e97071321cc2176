import CWeft

/// A complex number in the width of its dtype, so that rounding and overflow are the dtype's own.
struct ComplexValue: Sendable {
  var re: Double
  var im: Double
  var dtype: DType

  init(_ re: Double, _ im: Double, _ dtype: DType) {
    self.re = re
    self.im = im
    self.dtype = dtype
  }

  init(_ scalar: Scalar) {
    self.init(scalar.doubleValue, scalar.imaginary, scalar.dtype)
  }

  var scalar: Scalar { Scalar(re, im, dtype) }
  var isNaN: Bool { re.isNaN || im.isNaN }
  var isSingle: Bool { dtype == .complex64 }

  /// Applies the C99 function of the dtype's width.
  func applying(
    _ wide: (weft_complex128) -> weft_complex128, _ narrow: (weft_complex64) -> weft_complex64
  ) -> ComplexValue {
    if isSingle {
      let w = narrow(weft_complex64(re: Float(re), im: Float(im)))
      return ComplexValue(Double(w.re), Double(w.im), dtype)
    }
    let w = wide(weft_complex128(re: re, im: im))
    return ComplexValue(w.re, w.im, dtype)
  }

  /// The value in complex128, for formulas of several steps that round once at the end.
  var wide: ComplexValue { ComplexValue(re, im, .complex128) }

  /// The value rounded to a dtype.
  func rounded(to dtype: DType) -> ComplexValue { ComplexValue(re, im, dtype) }

  /// Applies a formula in the dtype's own width.
  private func formula(
    _ other: ComplexValue, _ wide: (Parts<Double>, Parts<Double>) -> Parts<Double>,
    _ narrow: (Parts<Float>, Parts<Float>) -> Parts<Float>
  ) -> ComplexValue {
    if isSingle {
      let w = narrow(
        Parts(re: Float(re), im: Float(im)), Parts(re: Float(other.re), im: Float(other.im)))
      return ComplexValue(Double(w.re), Double(w.im), dtype)
    }
    let w = wide(Parts(re: re, im: im), Parts(re: other.re, im: other.im))
    return ComplexValue(w.re, w.im, dtype)
  }

  static func + (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    ComplexValue(a.re + b.re, a.im + b.im, a.dtype)
  }

  static func - (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    ComplexValue(a.re - b.re, a.im - b.im, a.dtype)
  }

  static func * (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    a.formula(b, { $0.times($1) }, { $0.times($1) })
  }

  static func / (a: ComplexValue, b: ComplexValue) -> ComplexValue {
    a.formula(b, { $0.over($1) }, { $0.over($1) })
  }

  /// Lexicographic order, as NumPy compares; NaN compares false.
  static func < (a: ComplexValue, b: ComplexValue) -> Bool {
    a.re < b.re && !a.im.isNaN && !b.im.isNaN || a.re == b.re && a.im < b.im
  }

  static func <= (a: ComplexValue, b: ComplexValue) -> Bool {
    a.re < b.re && !a.im.isNaN && !b.im.isNaN || a.re == b.re && a.im <= b.im
  }

  static func == (a: ComplexValue, b: ComplexValue) -> Bool { a.re == b.re && a.im == b.im }

  /// The power as NumPy computes it: small integer exponents by multiplication.
  func power(_ b: ComplexValue) -> ComplexValue {
    if b.re == 0 && b.im == 0 { return ComplexValue(1, 0, dtype) }
    if re == 0 && im == 0 {
      if b.re > 0 { return ComplexValue(0, 0, dtype) }
      return ComplexValue(.nan, .nan, dtype)
    }
    if b.im == 0, let n = Int(exactly: b.re), n > -100, n < 100 {
      if n == 1 { return self }
      if n == 2 { return self * self }
      if n == 3 { return self * (self * self) }
      var mask = 1
      var result = ComplexValue(1, 0, dtype)
      var square = self
      while true {
        if n.magnitude & UInt(mask) != 0 { result = result * square }
        mask <<= 1
        if n.magnitude < UInt(mask) { break }
        square = square * square
      }
      return n < 0 ? ComplexValue(1, 0, dtype) / result : result
    }
    if isSingle {
      let w = weft_cpowf(
        weft_complex64(re: Float(re), im: Float(im)),
        weft_complex64(re: Float(b.re), im: Float(b.im)))
      return ComplexValue(Double(w.re), Double(w.im), dtype)
    }
    let w = weft_cpow(weft_complex128(re: re, im: im), weft_complex128(re: b.re, im: b.im))
    return ComplexValue(w.re, w.im, dtype)
  }
}

/// Real and imaginary part in one float type.
private struct Parts<T: BinaryFloatingPoint> {
  var re: T
  var im: T

  func times(_ b: Parts) -> Parts {
    Parts(re: re * b.re - im * b.im, im: re * b.im + im * b.re)
  }

  /// Smith's method (Comm. ACM 5(8), 1962): no overflow in the denominator.
  func over(_ b: Parts) -> Parts {
    if b.re.magnitude >= b.im.magnitude {
      if b.re == 0 && b.im == 0 {
        return Parts(re: re / b.re.magnitude, im: im / b.re.magnitude)
      }
      let ratio = b.im / b.re
      let scale = 1 / (b.re + b.im * ratio)
      return Parts(re: (re + im * ratio) * scale, im: (im - re * ratio) * scale)
    }
    let ratio = b.re / b.im
    let scale = 1 / (b.im + b.re * ratio)
    return Parts(re: (re * ratio + im) * scale, im: (im * ratio - re) * scale)
  }
}
