import Testing
import WeftIR

@Suite("Kernel library: bodies give the reference's meaning")
struct KernelLibraryTests {
  /// Functions that the reference takes from the C library; all others are exact.
  static let approximate: Set<ScalarFunction> = [
    .cbrt, .exp, .exp2, .expm1, .log, .log2, .log10, .log1p, .logaddexp, .logaddexp2, .hypot, .erf,
    .sin, .cos, .tan, .asin, .acos, .atan, .atan2, .sinh, .cosh, .tanh, .asinh, .acosh, .atanh,
  ]
  static let cases = FunctionTable.standard.functions.flatMap { f in
    DType.allCases.compactMap { KernelLibrary.function(f, $0) == nil ? nil : (f, $0) }
  }

  /// The C library's cube root is off by up to 4 ULP itself.
  @Test("a function is what the reference computes, bit for bit where that is exact")
  func meaning() {
    #expect(Self.cases.count > 300)
    for (f, dtype) in Self.cases {
      guard let body = KernelLibrary.function(f, dtype) else { continue }
      let isExact = !Self.approximate.contains(f) && !(f == .pow && dtype.isFloat)
      var worst = (distance: UInt64(0), operands: [Scalar]())
      var elements = Elements(seed: 7)
      for operands in elements.operands(of: f, dtype) {
        let given = KernelInterpreter.evaluate(body, operands)
        let wanted = f.evaluate(
          operands[0], operands[min(1, f.arity - 1)], operands[min(2, f.arity - 1)])
        var distance = given.distance(to: wanted)
        if f == .logaddexp || f == .logaddexp2, given.isNear(wanted, by: operands) { distance = 0 }
        if distance > worst.distance { worst = (distance, operands) }
      }
      #expect(
        worst.distance <= (isExact ? 0 : f == .cbrt ? 4 : 2),
        "\(f.name) of \(dtype): \(worst.distance) ULP at \(worst.operands)")
    }
  }

  @Test("the high half of a product is that of the whole product, of 32 bits as of 64")
  func highHalves() {
    let operands: [(DType, UInt64)] = [(.uint32, 0xFFFF_FFFE), (.uint64, 0xFFFF_FFFF_FFFF_FFFE)]
    for (dtype, wanted) in operands {
      let body = KernelFunction([dtype, dtype]) { _, x in
        x[0].applying(.multiplyHigh, x[1])
      }
      let most = Scalar(wanted + 1, dtype)
      #expect(KernelInterpreter.evaluate(body, [most, most]) == Scalar(wanted, dtype))
    }
  }

  @Test("a conversion is the reference's astype, bit for bit")
  func conversions() {
    let dtypes = DType.allCases.filter { !$0.isComplex }
    for from in dtypes {
      for to in dtypes {
        let body = KernelLibrary.conversion(from: from, to: to)
        #expect(body != nil)
        guard let body else { continue }
        var wrong: (Scalar, Scalar)?
        var elements = Elements(seed: 11)
        for x in elements.of(from) {
          let given = KernelInterpreter.evaluate(body, [x])
          if given.distance(to: x.converted(to: to)) != 0 { wrong = (x, given) }
        }
        #expect(wrong == nil, "\(from) to \(to): \(String(describing: wrong))")
      }
    }
  }

  @Test("half floats and complex numbers have no bodies")
  func absent() {
    #expect(KernelLibrary.function(.add, .float16) == nil)
    #expect(KernelLibrary.function(.exp, .complex64) == nil)
    #expect(KernelLibrary.function(.subtract, .bool) == nil)
    #expect(KernelLibrary.conversion(from: .float32, to: .complex64) == nil)
  }
}

/// Values that try a dtype: specials, boundaries, and numbers of every size.
struct Elements {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private static let special: [Double] = [
    0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2, -2, 2.5, 3, -3, 7, -7, 10, 63, 64, 127, 128, -128,
    -129, 255, 256, 32767, 32768, -32769, 65504, 65520, 65535, 65536, 0x1p24, 0x1p31, -0x1p31,
    -2_147_483_649, 0x1p32, 0x1p62, 0x1p63, -0x1p63, 0x1p64, 1e10, -1e10, 1e22, 3e38, 1e300,
    -1e300, 0x1p-126, 0x1p-149, -0x1p-149, 0x1p-1022, 0x1p-1074, -0x1p-1074, 1e-20, 0.1, 88.7,
    -103.9, 709.78, -745.1, 0.785, 1.5707963, 3.14159265, .infinity, -.infinity, .nan,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
  ]

  /// Values of a dtype.
  mutating func of(_ dtype: DType) -> [Scalar] {
    if dtype == .bool { return [Scalar(false), Scalar(true)] }
    if dtype.isInteger {
      let edges: [UInt64] = [0, 1, 2, 3, 5, 7, 31, 32, 63, 64, 127, 128, 255, 1 << 31, 1 << 63]
      return edges.flatMap { [Scalar($0, dtype), Scalar(0 &- $0, dtype), Scalar(~$0, dtype)] }
        + (0..<60).map { _ in Scalar(next() >> (next() & 63), dtype) }
    }
    return Self.special.map { Scalar($0, dtype) }
      + (0..<100).map { _ in Scalar(bits: next(), dtype) }
      + (0..<100).map { _ in
        let unit = Double(next() >> 11) * 0x1p-53
        return Scalar((unit * 2 - 1) * Double(next() % 40 + 1), dtype)
      }
  }

  /// Lists of operands of a function.
  mutating func operands(of f: ScalarFunction, _ dtype: DType) -> [[Scalar]] {
    let values = of(dtype)
    switch f.arity {
    case 1: return values.map { [$0] }
    case 2:
      // All pairs of the specials, which come first, and as many of the others as there are.
      let specials = values.prefix(dtype.isFloat ? Self.special.count : 24)
      return specials.flatMap { a in specials.map { [a, $0] } }
        + zip(values, values.reversed()).map { [$0, $1] }
        + zip(values.dropFirst(3), values.reversed()).map { [$0, $1] }
    default:
      return values.map {
        [Scalar(next() & 1 == 0), $0, values[Int(next() % UInt64(values.count))]]
      }
    }
  }
}

extension Scalar {
  /// Whether a sum that may cancel is right to the places of its greatest term.
  fileprivate func isNear(_ other: Scalar, by operands: [Scalar]) -> Bool {
    let scale = operands.map { abs($0.doubleValue) }.max() ?? 0
    let unit = dtype == .float64 ? 0x1p-51 : 0x1p-22
    return abs(doubleValue - other.doubleValue) <= unit * max(scale, 1)
  }

  /// How many numbers of the dtype lie between; 0 for two NaN and for equal bits.
  fileprivate func distance(to other: Scalar) -> UInt64 {
    if dtype != other.dtype { return .max }
    if self == other || doubleValue.isNaN && other.doubleValue.isNaN { return 0 }
    if !dtype.isFloat || doubleValue.isNaN || other.doubleValue.isNaN { return .max }
    if doubleValue.sign != other.doubleValue.sign { return .max }
    let (a, b) = (storageBits, other.storageBits)
    return a > b ? a - b : b - a
  }
}
