extension KernelLibrary {
  /// Cube roots and the length of the hypotenuse.
  static let roots: [ScalarFunction: Body] = [
    .cbrt: { $0[0].cubeRoot },
    .hypot: { hypotenuse($0[0], $0[1]) },
  ]

  /// sqrt(a^2 + b^2), scaled where a square leaves the normal numbers.
  private static func hypotenuse(_ x: KernelTerm, _ y: KernelTerm) -> KernelTerm {
    let isDouble = x.dtype == .float64
    let (ax, ay) = (x.magnitude, y.magnitude)
    let isSwapped = ay .> ax
    let greater = isSwapped.select(ay, ax)
    let lesser = isSwapped.select(ax, ay)
    let (a, b, back) = (greater.variable, lesser.variable, x.constant(1).variable)
    let (least, most) = isDouble ? (0x1p-400, 0x1p500) : (0x1p-40, 0x1p60)
    let (up, down) = isDouble ? (0x1p600, 0x1p-600) : (0x1p80, 0x1p-80)
    x.builder.branch(!((greater .> least) & (greater .< most))) {
      let isGreat = greater .> 1
      let scale = isGreat.select(x.constant(down), x.constant(up))
      // An infinite operand gives infinity, even beside NaN.
      let isInfinite = (ax .== .infinity) | (ay .== .infinity)
      a.assign(isInfinite.select(x.float(.infinity), greater * scale))
      b.assign(isInfinite.select(x.constant(0), lesser * scale))
      back.assign(isGreat.select(x.constant(up), x.constant(down)))
    }
    return fma(a.value, a.value, b.value * b.value).applying(.sqrt) * back.value
  }
}

extension KernelTerm {
  /// cbrt(x): 1 / cbrt of the fraction from a polynomial and one step of Halley's kind, times x
  /// squared by it; then one Newton step with the residual in two floats.
  fileprivate var cubeRoot: KernelTerm {
    let format = FloatFormat(dtype)
    let isDouble = format.isDouble
    let a = magnitude
    let isSubnormal = a .< (isDouble ? 0x1p-1022 : 0x1p-126)
    let v = isSubnormal.select(a * (isDouble ? 0x1p54 : 0x1p24), a)
    let bits = v.unsigned
    // The fraction in [1/2, 1) and its exponent e = 3 q + r with r from -1 to 1.
    let half = UInt64(format.bias - 1) << UInt64(format.fraction)
    let m = ((bits & bits.bits(~format.exponentMask)) | bits.bits(half)).bitcast(to: dtype)
    let e =
      isDouble
      ? ((bits >> 52) | bits.bits(0x4330_0000_0000_0000)).bitcast(to: .float64) - (0x1p52 + 1022)
      : (bits >> 23).signed.converted(to: .float32) - 126
    let shifted = fma(e, isDouble ? 0x1.5555555555555p-2 : 0x1.555556p-2, format.rounder)
    let r = fma(shifted - format.rounder, -3, e)
    func choose(_ above: Double, _ below: Double) -> KernelTerm {
      (r .> 0).select(constant(above), (r .< 0).select(constant(below), constant(1)))
    }
    let x = m * choose(2, 0.5)
    // m^(-1/3) on [1/2, 1): degree 4, error 2^-14.7; float32: degree 3, 2^-11.9.
    let first = m.polynomial(
      isDouble
        ? [
          0x1.0d52abebccca3p+1, -0x1.7a4e89b5eb5d2p+1, 0x1.c0a7885f52fd6p+1,
          -0x1.1d71865c5e16ap+1, 0x1.271c5e8c4a9e5p-1,
        ]
        : [0x1.f1518cp+0, -0x1.053d9ep+1, 0x1.99f1ecp+0, -0x1.01b19cp-1])
    let w =
      first
      * (isDouble
        ? choose(0x1.965fea53d6e3dp-1, 0x1.428a2f98d728bp+0)
        : choose(0x1.965feap-1, 0x1.428a3p+0))
    let error = fma(-(w * w), w * x, constant(1))
    let third = isDouble ? 0x1.5555555555555p-2 : 0x1.555556p-2
    let step = fma(error, isDouble ? 0x1.c71c71c71c71cp-3 : 0x1.c71c72p-3, third)
    let better = fma(w * error, step, w)
    let square = better * better
    let y = square * x
    let y2 = y * y
    let residual = fma(y2, y, -x) + fma(y, y, -y2) * y
    let root = fma(residual, square * -third, y)
    let shift = shifted + isSubnormal.select(constant(isDouble ? -18 : -8), constant(0))
    let result = root.scaled(by: shift).applying(.copysign, self)
    return ((a .> 0) & (a .< .infinity)).select(result, self)
  }
}
