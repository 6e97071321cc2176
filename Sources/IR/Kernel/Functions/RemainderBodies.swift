extension KernelLibrary {
  /// Remainders and rounded quotients of floats, exact as C's `fmod`; float32 computes in float64.
  ///
  /// - Source: NumPy's `npy_divmod` (npy_math_internal.h.src) for what follows from the remainder.
  static func floatDivision(_ f: ScalarFunction, _ a: KernelTerm, _ b: KernelTerm) -> KernelTerm? {
    guard a.dtype.isFloat else { return nil }
    let (x, y) = (a.converted(to: .float64), b.converted(to: .float64))
    let rest = remainder(x, y)
    if f == .fmod { return rest.converted(to: a.dtype) }
    // Signs that differ with NaN make NaN, as they should.
    let differ = (rest .!= 0) & ((y .< 0) .!= (rest .< 0))
    if f == .remainder {
      let small = rest.converted(to: a.dtype)
      let zero = a.constant(0).applying(.copysign, b)
      return (small .== 0).select(zero, differ.select(small + b, small))
    }
    let whole = (x - rest) / y
    let quotient = differ.select(whole - 1, whole)
    let down = quotient.applying(.floor)
    let rounded = (quotient - down .> 0.5).select(down + 1, down)
    let zero = x.constant(0).applying(.copysign, x / y)
    let result = (quotient .== 0).select(zero, rounded)
    return (y .== 0).select(x / y, result).converted(to: a.dtype)
  }

  /// C's `fmod` of float64.
  ///
  /// A quotient below 2^52 is off by at most one, and what is left of the dividend is exact.
  private static func remainder(_ x: KernelTerm, _ y: KernelTerm) -> KernelTerm {
    let (a, b) = (x.magnitude, y.magnitude)
    let ratio = a / b
    let near = fma(-ratio.applying(.trunc), b, a)
    let result = (near .< 0).select(near + b, near).variable
    let isGreat = (ratio .>= 0x1p52) & (a .< .infinity) & (b .> 0)
    x.builder.branch(isGreat) { result.assign(greatRemainder(a, b)) }
    let isNumber = (a .< .infinity) & (b .> 0)
    let finite = (b .== .infinity).select(a, result.value)
    return isNumber.select(finite, x.float(.nan)).applying(.copysign, x)
  }

  /// The remainder of normal by any positive number of which it is a great multiple: that of
  /// significands, (s 2^n) modulo t, with 2^n by squaring.
  private static func greatRemainder(_ a: KernelTerm, _ b: KernelTerm) -> KernelTerm {
    let fraction: UInt64 = 1 << 52 - 1
    func significand(_ bits: KernelTerm) -> KernelTerm {
      (bits & bits.bits(fraction)) | bits.bits(1 << 52)
    }
    let isSubnormal = b .< 0x1p-1022
    let scaled = isSubnormal.select(b * 0x1p54, b)
    let (top, bottom) = (a.unsigned, scaled.unsigned)
    let exponent = (bottom >> 52) - isSubnormal.select(top.constant(54), top.constant(0))
    let n = (top >> 52) - exponent
    let t = significand(bottom)
    let float = t.converted(to: .float64)

    /// x y modulo t for x and y below t: the quotient in floats is off by at most 2, and what is
    /// left fits 64 bits that wrap.
    func product(_ x: KernelTerm, _ y: KernelTerm) -> KernelTerm {
      let estimate = x.converted(to: .float64) * y.converted(to: .float64) / float
      let q = estimate.converted(to: .uint64)
      var left = (x * y - q * t).signed
      let modulus = t.signed
      for _ in 0..<2 { left = (left .< 0).select(left + modulus, left) }
      for _ in 0..<2 { left = (left .>= modulus).select(left - modulus, left) }
      return left.bitcast(to: .uint64)
    }
    // n is below 2^12: its upper six bits are at most 33.
    var power = n.constant(1).applying(.shiftLeft, n >> 6)
    for bit in (0..<6).reversed() {
      power = product(power, power)
      let twice = power << 1
      let isSet = (n & n.bits(1 << UInt64(bit))) .!= 0
      power = isSet.select((twice .>= t).select(twice - t, twice), power)
    }
    let s = significand(top)
    let rest = product(power, (s .>= t).select(s - t, s)).converted(to: .float64)
    // The unit of the divisor's last place; of a scaled one what underflows is no part of the rest.
    let result = rest * (scaled / float)
    return isSubnormal.select(result * 0x1p-54, result)
  }

  /// Euclid's algorithm.
  static let divisors: [ScalarFunction: Body] = [
    .gcd: { greatestDivisor($0[0], $0[1]) },
    .lcm: { x in
      guard let divisor = greatestDivisor(x[0], x[1]) else { return nil }
      let isZero = divisor .== 0
      let quotient =
        x[0].magnitude.unsignedBits
        / isZero.select(divisor.constant(1), divisor)
        .unsignedBits
      return quotient.bitcast(to: x[0].dtype) * x[1].magnitude
    },
  ]

  /// The greatest common divisor of magnitudes.
  ///
  /// Quotients come from floats. Where they are not exact, what is left still has the divisors of
  /// both, and is so much less that a few steps more are enough.
  private static func greatestDivisor(_ a: KernelTerm, _ b: KernelTerm) -> KernelTerm? {
    guard a.dtype.isInteger else { return nil }
    let bits = a.dtype.bitWidth
    let float: DType = bits <= 16 ? .float32 : .float64
    // Fibonacci numbers need the most steps: the 94th is above 2^64.
    let steps = bits == 64 ? 112 : bits * 3 / 2 + 8
    let (p, q) = (a.magnitude.unsignedBits, b.magnitude.unsignedBits)
    let isOrdered = p .>= q
    // The greater first: what is left has then a sign that tells it from its wrapped value.
    let u = isOrdered.select(p, q).variable
    let v = isOrdered.select(q, p).variable
    func repeating(_ count: Int, _ body: () -> Void) {
      a.builder.loop(.serial, from: a.constant(0, .int64), to: a.constant(count, .int64)) { _ in
        a.builder.branch(v.value .!= 0) { body() }
      }
    }
    // In groups, so that what ends early passes over the rest in a few steps.
    repeating(steps / 8) {
      repeating(8) {
        let (x, y) = (u.value, v.value)
        let quotient = x.converted(to: float) / y.converted(to: float)
        let left = x - quotient.converted(to: x.dtype) * y
        u.assign(y)
        // Quotients of at most 32 bits are exact.
        v.assign(bits == 64 ? left.signed.magnitude.unsignedBits : left)
      }
    }
    return u.value.bitcast(to: a.dtype)
  }
}

extension KernelTerm {
  /// The bits of an integer as one without a sign.
  fileprivate var unsignedBits: KernelTerm {
    switch dtype {
    case .int8: bitcast(to: .uint8)
    case .int16: bitcast(to: .uint16)
    case .int32: bitcast(to: .uint32)
    case .int64: bitcast(to: .uint64)
    default: self
    }
  }
}
