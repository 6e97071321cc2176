import WeftIR

/// Complex functions by real ones of their parts x and y.
///
/// - Source: C99 Annex G for special values; Kahan 1987 ("Branch cuts for complex elementary
///   functions") for the formulas; exponentials beyond the greatest number go in two factors, as in
///   glibc.
/// - Accuracy: complex64 is computed in float64 and rounded once. complex128 errs at most 2.5 units in
///   the last place of each part, `tan` and `tanh` 5.3 (300,000 numbers against 80-bit results).
extension ComplexParts {
  /// The functions that have formulas here; the interpreter calls the C library for them, whose
  /// results may differ in the last place.
  static let library: Set<ScalarFunction> = [
    .exp, .exp2, .expm1, .log, .log2, .log10, .log1p, .sign, .sqrt, .sinh, .cosh, .tanh, .sin,
    .cos, .tan,
  ]

  /// The parts of a function's result; the dtype is float64.
  mutating func library(_ f: ScalarFunction, _ z: Pair) -> Pair? {
    switch f {
    case .exp, .exp2: exponential(z, isBinary: f == .exp2)
    case .expm1: exponentialLessOne(z)
    case .sign: direction(z)
    case .log: logarithm(z)
    case .log1p: logarithmOfOneMore(z)
    case .log2: scaled(logarithm(z), 0x1.71547652b82fep+0)
    case .log10: scaled(logarithm(z), 0x1.bcb7b1526e50ep-2)
    case .sqrt: squareRoot(z)
    case .sinh: hyperbolic(z).sinh
    case .cosh: hyperbolic(z).cosh
    case .tanh: hyperbolicTangent(z)
    // sin z = -i sinh iz, cos z = cosh iz, tan z = -i tanh iz, and i(x + iy) = -y + ix.
    case .sin: turned(z) { $0.hyperbolic($1).sinh }
    case .cos: conjugate(hyperbolic(Pair(re: z.im, im: z.re)).cosh)
    case .tan: turned(z) { $0.hyperbolicTangent($1) }
    default: nil
    }
  }

  // MARK: - Small formulas

  private mutating func scaled(_ z: Pair, _ factor: Double) -> Pair {
    let factor = constant(factor)
    let re = map(.multiply, z.re, factor)
    return Pair(re: re, im: map(.multiply, z.im, factor))
  }

  private mutating func conjugate(_ z: Pair) -> Pair {
    Pair(re: z.re, im: map(.negative, z.im))
  }

  /// An odd function f with f(conj z) = conj f(z) at iz, divided by i: f(y + ix) with its parts
  /// exchanged.
  private mutating func turned(_ z: Pair, _ f: (inout Self, Pair) -> Pair) -> Pair {
    let result = f(&self, Pair(re: z.im, im: z.re))
    return Pair(re: result.im, im: result.re)
  }

  private mutating func both(_ a: Int, _ b: Int) -> Int { truth(.logicalAnd, a, b) }

  /// Whether x is infinite and y no finite number.
  private mutating func bothLeave(_ x: Int, _ y: Int) -> (x: Int, y: Int, both: Int) {
    let (first, second) = (map(.isinf, x), truth(.logicalNot, map(.isfinite, y)))
    return (first, second, both(first, second))
  }

  // MARK: - Exponentials

  /// e^x (cos y + i sin y), or 2^x (cos(y ln 2) + i sin(y ln 2)).
  private mutating func exponential(_ z: Pair, isBinary: Bool) -> Pair {
    let limit = constant(isBinary ? 1000 : 709)
    let isGreat = map(.greater, z.re, limit)
    let x = select(isGreat, map(.subtract, z.re, limit), z.re)
    // 2^1000 or e^709, in which the angle's functions take part.
    let great = constant(isBinary ? 0x1p1000 : 0x1.d422d2be5dc9bp+1022)
    let factor = select(isGreat, great, constant(1))
    let length = map(isBinary ? .exp2 : .exp, x)
    let y = isBinary ? map(.multiply, z.im, constant(0x1.62e42fefa39efp-1)) : z.im
    let re = map(.multiply, length, map(.multiply, map(.cos, y), factor))
    let im = map(.multiply, length, map(.multiply, map(.sin, y), factor))
    let none = zero(dtype)
    let leaves = bothLeave(z.re, z.im)
    // e^inf has a modulus without direction, e^-inf is 0 in any.
    let end = map(.maximum, z.re, none)
    let isNone = both(leaves.both, map(.less, z.re, none))
    return Pair(
      re: select(leaves.both, end, re),
      im: select(
        isNone, map(.copysign, none, z.im), select(map(.equal, z.im, none), z.im, im)))
  }

  /// (e^x - 1) cos y - 2 sin(y/2)^2 + i e^x sin y.
  private mutating func exponentialLessOne(_ z: Pair) -> Pair {
    let half = map(.sin, map(.multiply, z.im, constant(0.5)))
    let rest = map(.multiply, map(.multiply, half, half), constant(2))
    let re = map(.multiply, map(.expm1, z.re), map(.cos, z.im))
    return Pair(
      re: map(.subtract, re, rest), im: map(.multiply, map(.exp, z.re), map(.sin, z.im)))
  }

  /// z / |z|; of what is infinite in one part that part's axis, of 0 zero.
  private mutating func direction(_ z: Pair) -> Pair {
    let (none, one, undefined) = (zero(dtype), constant(1), constant(.nan))
    let length = map(.hypot, z.re, z.im)
    let (isRight, isUp) = (map(.isinf, z.re), map(.isinf, z.im))
    let isBoth = both(isRight, isUp)
    let isNone = map(.equal, length, none)
    func part(_ own: Int, _ isOwn: Int, _ isOther: Int, _ parts: inout Self) -> Int {
      let quotient = parts.select(isNone, none, parts.map(.divide, own, length))
      let end = parts.select(
        isBoth, undefined, parts.select(isOwn, parts.map(.copysign, one, own), none))
      return parts.select(parts.truth(.logicalOr, isOwn, isOther), end, quotient)
    }
    let re = part(z.re, isRight, isUp, &self)
    return Pair(re: re, im: part(z.im, isUp, isRight, &self))
  }

  /// sinh x cos y + i cosh x sin y, and cosh x cos y + i sinh x sin y.
  private mutating func hyperbolic(_ z: Pair) -> (sinh: Pair, cosh: Pair) {
    let (none, limit) = (zero(dtype), constant(709))
    let a = map(.abs, z.re)
    let isGreat = map(.greater, a, limit)
    let half = map(.multiply, map(.exp, map(.subtract, a, limit)), constant(0.5))
    let factor = select(isGreat, constant(0x1.d422d2be5dc9bp+1022), constant(1))
    let sinh = select(isGreat, map(.copysign, half, z.re), map(.sinh, z.re))
    let cosh = select(isGreat, half, map(.cosh, z.re))
    let cosine = map(.multiply, map(.cos, z.im), factor)
    let sine = map(.multiply, map(.sin, z.im), factor)
    let leaves = bothLeave(z.re, z.im)
    let (isRight, isReal) = (map(.equal, z.re, none), map(.equal, z.im, none))
    let isZero = both(isRight, leaves.y)
    let signed = map(.multiply, map(.copysign, constant(1), z.re), map(.copysign, none, z.im))
    let first = Pair(
      re: select(truth(.logicalOr, isZero, leaves.both), z.re, map(.multiply, sinh, cosine)),
      im: select(isReal, z.im, map(.multiply, cosh, sine)))
    let second = Pair(
      re: select(leaves.both, a, map(.multiply, cosh, cosine)),
      im: select(truth(.logicalOr, isReal, isZero), signed, map(.multiply, sinh, sine)))
    return (first, second)
  }

  /// With t = tan y and s = sinh x: (s c (1 + t^2) + i t) / (1 + (1 + t^2) s^2), c = sqrt(1 + s^2);
  /// far out the sign of x and 4 sin y cos y e^(-2|x|).
  private mutating func hyperbolicTangent(_ z: Pair) -> Pair {
    let (one, none) = (constant(1), zero(dtype))
    let a = map(.abs, z.re)
    let isFar = map(.greater, a, constant(22))
    let near = select(isFar, none, z.re)
    let (t, s) = (map(.tan, z.im), map(.sinh, near))
    let square = map(.multiply, s, s)
    let beta = map(.add, map(.multiply, t, t), one)
    let rho = map(.sqrt, map(.add, square, one))
    let divisor = map(.add, map(.multiply, beta, square), one)
    let re = map(.divide, map(.multiply, map(.multiply, beta, rho), s), divisor)
    let im = map(.divide, t, divisor)
    let decay = map(.exp, map(.multiply, a, constant(-2)))
    let angle = map(.multiply, map(.multiply, map(.sin, z.im), map(.cos, z.im)), constant(4))
    let leaves = bothLeave(z.re, z.im)
    let undefined = constant(.nan)
    let rest = select(
      leaves.y, select(leaves.x, map(.copysign, none, z.im), undefined),
      map(.multiply, angle, decay))
    let isLost = both(leaves.y, truth(.logicalNot, leaves.x))
    let far = select(isLost, undefined, map(.copysign, one, z.re))
    // NaN + 0i keeps its imaginary part, and so do all real numbers their zero.
    return Pair(
      re: select(map(.equal, z.re, none), z.re, select(isFar, far, re)),
      im: select(map(.equal, z.im, none), z.im, select(isFar, rest, im)))
  }

  // MARK: - Roots and logarithms

  /// |x|, |y|, the greater and the lesser of them times a power of two that keeps squares normal,
  /// and whether they are great or small.
  private mutating func moduli(
    _ z: Pair
  ) -> (x: Int, y: Int, greatest: Int, isGreat: Int, isSmall: Int) {
    let (ax, ay) = (map(.abs, z.re), map(.abs, z.im))
    let greatest = select(map(.less, ax, ay), ay, ax)
    let isGreat = map(.greater, greatest, constant(0x1p500))
    let isSmall = map(.less, greatest, constant(0x1p-400))
    let scale = select(
      isGreat, constant(0x1p-600), select(isSmall, constant(0x1p600), constant(1)))
    return (
      map(.multiply, ax, scale), map(.multiply, ay, scale), greatest, isGreat, isSmall
    )
  }

  /// t = sqrt((|z| + |x|) / 2) and |y| / 2t, exchanged for negative x.
  private mutating func squareRoot(_ z: Pair) -> Pair {
    let m = moduli(z)
    let (half, none) = (constant(0.5), zero(dtype))
    let t = map(.sqrt, map(.multiply, map(.add, map(.hypot, m.x, m.y), m.x), half))
    let isNone = map(.equal, t, none)
    let other = select(isNone, none, map(.divide, map(.multiply, m.y, half), t))
    let back = select(
      m.isGreat, constant(0x1p300), select(m.isSmall, constant(0x1p-300), constant(1)))
    let (first, second) = (map(.multiply, t, back), map(.multiply, other, back))
    let isLeft = map(.less, z.re, none)
    let im = map(.copysign, select(isLeft, first, second), z.im)
    let leaves = map(.isinf, z.im)
    return Pair(
      re: select(leaves, map(.abs, z.im), select(isLeft, second, first)),
      im: select(leaves, z.im, im))
  }

  /// Half the logarithm of |z|^2, which is kept in two floats, and atan2(y, x).
  ///
  /// Near the unit circle 1 is taken off before anything is rounded.
  /// Of a real part in two floats the second counts there too.
  private mutating func logarithm(_ z: Pair, realLow: Int? = nil) -> Pair {
    let m = moduli(z)
    let isSwapped = map(.less, m.x, m.y)
    let (p, pLow) = square(select(isSwapped, m.y, m.x))
    let (q, qLow) = square(select(isSwapped, m.x, m.y))
    let (none, half) = (zero(dtype), constant(0.5))
    let squaresLow = map(.add, pLow, qLow)

    let (first, firstLow) = sum(p, constant(-1))
    let (second, secondLow) = sum(first, q)
    var less = map(
      .add, second, map(.add, map(.add, firstLow, secondLow), squaresLow))
    if let realLow {
      less = map(.add, less, map(.multiply, map(.add, z.re, z.re), realLow))
    }
    let near = map(.multiply, map(.log1p, less), half)
    let isInside = both(
      map(.greater, m.greatest, constant(0.25)), map(.less, m.greatest, constant(2)))
    let isNear = both(map(.greater, less, constant(-0.5)), isInside)

    let (squares, lost) = sum(p, q)
    let ratio = map(.divide, map(.add, lost, squaresLow), squares)
    let rest = select(map(.isfinite, ratio), ratio, none)
    // 600 ln 2.
    let shift = constant(0x1.9fe3682cd3be4p+8)
    let far = map(
      .add, map(.multiply, map(.add, map(.log, squares), rest), half),
      select(m.isGreat, shift, select(m.isSmall, map(.negative, shift), none)))
    let leaves = truth(.logicalOr, map(.isinf, z.re), map(.isinf, z.im))
    return Pair(
      re: select(leaves, constant(.infinity), select(isNear, near, far)),
      im: map(.atan2, z.im, z.re))
  }

  /// The logarithm of 1 + z, whose real part is kept in two floats.
  private mutating func logarithmOfOneMore(_ z: Pair) -> Pair {
    let (re, low) = sum(constant(1), z.re)
    return logarithm(Pair(re: re, im: z.im), realLow: low)
  }

  /// a^2 in two floats.
  ///
  /// - Source: Dekker 1971 (Numerische Mathematik 18, 224).
  private mutating func square(_ a: Int) -> (Int, low: Int) {
    let c = map(.multiply, a, constant(0x1p27 + 1))
    let high = map(.subtract, c, map(.subtract, c, a))
    let low = map(.subtract, a, high)
    let product = map(.multiply, a, a)
    let cross = map(.multiply, map(.add, high, high), low)
    let rest = map(.subtract, map(.multiply, high, high), product)
    return (product, map(.add, map(.add, rest, cross), map(.multiply, low, low)))
  }

  /// A sum and what it lost.
  ///
  /// - Source: Knuth's TwoSum (TAOCP vol. 2, 4.2.2, theorem B).
  private mutating func sum(_ a: Int, _ b: Int) -> (Int, low: Int) {
    let s = map(.add, a, b)
    let back = map(.subtract, s, a)
    return (s, map(.add, map(.subtract, a, map(.subtract, s, back)), map(.subtract, b, back)))
  }
}

extension Cluster {
  /// Whether compiled kernels compute some complex function by formulas of their own, so that the
  /// interpreter's bits differ.
  public var hasComplexFunctions: Bool {
    nodes.contains { node in
      if case .map(let f, let dtype, _, _, _) = node {
        dtype.isComplex && ComplexParts.library.contains(f)
      } else {
        false
      }
    }
  }
}
