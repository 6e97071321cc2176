import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The random numbers of one element: block t is Philox of (element, lane + t * 2^32) and the key.
struct SubStream {
  private let philox: Philox
  private let element: UInt64
  private let lane: UInt64
  private var block: UInt64 = 0
  private var spareWord: UInt64?
  private var spareNormal: Double?

  init(_ philox: Philox, element: Int, lane: Int) {
    self.philox = philox
    self.element = UInt64(element)
    self.lane = UInt64(lane)
  }

  /// 64 random bits.
  mutating func bits() -> UInt64 {
    if let word = spareWord {
      spareWord = nil
      return word
    }
    let words = philox.block(element, lane | block << 32)
    block += 1
    spareWord = UInt64(words[2]) | UInt64(words[3]) << 32
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  /// A number in [0, 1), a multiple of 2^-53.
  mutating func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }

  /// A number in (0, 1], a multiple of 2^-53: its logarithm is finite.
  mutating func positiveUnit() -> Double { Double((bits() >> 11) + 1) * 0x1p-53 }

  /// A number of the normal distribution with mean 0 and variance 1.
  ///
  /// - Source: Box & Muller, Ann. Math. Statist. 29(2), 1958; both numbers are used.
  mutating func normal() -> Double {
    if let number = spareNormal {
      spareNormal = nil
      return number
    }
    let radius = (-2 * log(positiveUnit())).squareRoot()
    let angle = 2 * Double.pi * unit()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// An integer from 0 to a greatest one, all equally likely.
  ///
  /// - Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
  mutating func below(_ greatest: UInt64) -> UInt64 {
    let (count, isAll) = greatest.addingReportingOverflow(1)
    if isAll { return bits() }
    var product = bits().multipliedFullWidth(by: count)
    if product.low < count {
      let threshold = (0 &- count) % count
      while product.low < threshold { product = bits().multipliedFullWidth(by: count) }
    }
    return product.high
  }
}

/// The logarithm of the gamma function for positive numbers.
///
/// - Accuracy: about 1e-15 relative to the larger of 1 and the result.
/// - Source: Stirling's series, Abramowitz & Stegun 6.1.41, from 7 on; below by the recurrence.
func logGamma(_ x: Double) -> Double {
  if x == 1 || x == 2 { return 0 }
  var (shifted, product) = (x, 1.0)
  while shifted < 7 {
    product *= shifted
    shifted += 1
  }
  let inverse = 1 / (shifted * shifted)
  // Bernoulli numbers B2k / (2k (2k - 1)), the highest order first.
  let coefficients = [
    -0.029_550_653_594_771_242, 0.006_410_256_410_256_410_3, -0.001_917_526_917_526_917_5,
    0.000_841_750_841_750_841_75, -0.000_595_238_095_238_095_24, 0.000_793_650_793_650_793_65,
    -0.002_777_777_777_777_777_8, 0.083_333_333_333_333_333,
  ]
  let series = coefficients.reduce(0) { $0 * inverse + $1 }
  let half = 0.918_938_533_204_672_74  // log(2 pi) / 2
  return (shifted - 0.5) * log(shifted) - shifted + half + series / shifted - log(product)
}

/// The logarithm of k!.
func logFactorial(_ k: Double) -> Double { logGamma(k + 1) }
