extension KernelTerm {
  /// c[0] + c[1] x + c[2] x^2 + ... by Horner's rule, one fma a step.
  func polynomial(_ coefficients: [Double]) -> KernelTerm {
    var value = constant(coefficients[coefficients.count - 1])
    for coefficient in coefficients.dropLast().reversed() {
      value = fma(value, self, constant(coefficient))
    }
    return value
  }

  /// A new variable whose first value this is.
  var variable: KernelVariable { builder.variable(self) }

  /// The same with a bound from above; NaN stays.
  func atMost(_ limit: Double) -> KernelTerm { (self .> limit).select(constant(limit), self) }
  /// The same with a bound from below; NaN stays.
  func atLeast(_ limit: Double) -> KernelTerm { (self .< limit).select(constant(limit), self) }
}

/// a * b + c with one rounding; numbers have the dtype of the terms.
func fma(_ a: KernelTerm, _ b: Double, _ c: KernelTerm) -> KernelTerm { fma(a, a.constant(b), c) }
/// a * b + c with one rounding; numbers have the dtype of the terms.
func fma(_ a: KernelTerm, _ b: KernelTerm, _ c: Double) -> KernelTerm { fma(a, b, a.constant(c)) }
/// a * b + c with one rounding; numbers have the dtype of the terms.
func fma(_ a: KernelTerm, _ b: Double, _ c: Double) -> KernelTerm {
  fma(a, a.constant(b), a.constant(c))
}

// Note: coefficients
//
// Each polynomial is a minimax approximation (Remez exchange with mpmath at 60 digits, weighted so
// that the error is relative to the function's result), made for this library. Its coefficients
// are rounded to the dtype one after the other from the lowest, and those that are left are fitted
// again each time (weighted least squares, Lawson's iteration). Comments give the interval and the
// largest error of the polynomial with the rounded coefficients, without the rounding of its
// evaluation. Reductions are the classical ones (Cody & Waite 1980; Payne & Hanek 1983; Muller,
// Elementary Functions, 3rd ed., chapters 11 and 12).
