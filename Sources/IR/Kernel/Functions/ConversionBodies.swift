extension KernelTerm {
  /// The value in another dtype as `Scalar.converted(to:)` gives it; not complex.
  func astype(_ target: DType) -> KernelTerm {
    if target == dtype { return self }
    if dtype == .float16 || dtype == .bfloat16 {
      return converted(to: .float32).astype(target)
    }
    if dtype == .bool {
      if !KernelLibrary.computes(target) { return astype(.float32).converted(to: target) }
      return select(constant(1, target), constant(0, target))
    }
    switch target {
    case .bool: return truth
    case .float16: return toFloat32ForHalf.converted(to: target)
    case .bfloat16: return toFloat32ForHalf.converted(to: target)
    default: return dtype.isFloat && target.isInteger ? truncated(target) : converted(to: target)
    }
  }

  /// A float32 whose rounding to a half float is that of the value itself.
  ///
  /// Where float32 does not hold the value, its neighbour with an odd last bit stands for it
  /// ("rounding to odd": Boldo & Melquiond, IEEE Trans. Computers 57(4), 2008).
  private var toFloat32ForHalf: KernelTerm {
    if dtype == .float32 || dtype.itemSize < 4 { return converted(to: .float32) }
    let wide = converted(to: .float64)
    let narrow = wide.converted(to: .float32)
    let back = narrow.converted(to: .float64)
    let bits = narrow.signed
    let isInexact = (back .!= wide) & (narrow.magnitude .< .infinity)
    let isEven = (bits & bits.constant(1)) .== 0
    let step = (back.magnitude .> wide.magnitude).select(bits.constant(-1), bits.constant(1))
    let odd = bits + (isInexact & isEven).select(step, bits.constant(0))
    return odd.bitcast(to: .float32)
  }

  /// A C cast of a float to an integer as x86-64 does it: out of range gives the least value of
  /// the register; narrow integers go through int32, uint32 through int64.
  private func truncated(_ target: DType) -> KernelTerm {
    if target == .uint64 {
      let isUpper = self .>= 0x1p63
      let lower = isUpper.select(self - 0x1p63, self)
      let bits = lower.truncated(.int64).bitcast(to: .uint64)
      return bits ^ isUpper.select(bits.bits(1 << 63), bits.bits(0))
    }
    let register: DType = target == .int64 || target == .uint32 ? .int64 : .int32
    // The least value itself needs no conversion, for it is what stands for all others too.
    let isInside = magnitude .< (register == .int64 ? 0x1p63 : 0x1p31)
    let value = isInside.select(self, constant(0)).converted(to: register)
    let least = value.bits(register == .int64 ? 1 << 63 : 1 << 31)
    return isInside.select(value, least).converted(to: target)
  }
}
