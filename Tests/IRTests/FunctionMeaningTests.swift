import Testing
import WeftIR

/// Expected values are NumPy 2.4.6's.
@Suite("Scalar functions: meanings that are easily got wrong")
struct FunctionMeaningTests {
  private func value(
    _ f: ScalarFunction, _ a: Double, _ b: Double = 0, _ dtype: DType = .float64
  ) -> Double {
    f.evaluate(Scalar(a, dtype), Scalar(b, dtype), Scalar(b, dtype)).doubleValue
  }

  @Test("spacing has the sign of its operand, but not at -0.0 and not in float16")
  func spacing() {
    #expect(value(.spacing, -1) == -0x1p-52)
    #expect(value(.spacing, -0.0) == 0x1p-1074)
    #expect(value(.spacing, -49152, 0, .float16) == 32)
    #expect(value(.spacing, 65504, 0, .float16) == .infinity)
    #expect(value(.spacing, .infinity).isNaN)
  }

  @Test("nextafter of equal float16 numbers is the first")
  func nextafter() {
    #expect(value(.nextafter, -0.0, 0, .float16).sign == .minus)
    #expect(value(.nextafter, 1, 2, .float16) == 1.0009765625)
  }

  @Test("fmax of two complex NaN is the first")
  func fmax() {
    let a = Scalar(.nan, 1, .complex128)
    let b = Scalar(.nan, 2, .complex128)
    #expect(ScalarFunction.fmax.evaluate(a, b, b).imaginary == 1)
    #expect(ScalarFunction.fmin.evaluate(a, b, b).imaginary == 1)
  }

  @Test("a complex zero to a power with positive real part is zero")
  func complexPower() {
    let zero = Scalar(0, 0, .complex128)
    let power = Scalar(1, -5, .complex128)
    #expect(ScalarFunction.pow.evaluate(zero, power, power) == zero)
    let imaginary = Scalar(0, 1, .complex128)
    #expect(ScalarFunction.pow.evaluate(zero, imaginary, imaginary).doubleValue.isNaN)
  }

  @Test("gcd and lcm are not defined for bool; the conjugate of bool is int8")
  func boolDomains() {
    #expect(ScalarFunction.gcd.operandDType(for: .bool) == nil)
    #expect(ScalarFunction.lcm.operandDType(for: .bool) == nil)
    #expect(ScalarFunction.conj.operandDType(for: .bool) == .int8)
  }

  @Test("floored division of floats corrects the quotient from the exact remainder")
  func floorDivide() {
    #expect(value(.floorDivide, -1, 0.1) == -10)
    #expect(value(.remainder, -1, 0.1) == 0x1p-54)
    #expect(value(.floorDivide, 1, -.infinity) == -1)
    #expect(value(.remainder, 1, -.infinity) == -.infinity)
    #expect(value(.floorDivide, 7, 0) == .infinity)
    #expect(value(.remainder, -0.0, 3).sign == .plus)
  }
}
