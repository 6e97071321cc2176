import WeftIR

/// Random numbers that belong to their elements: each depends on the key, the distribution and the
/// element's index alone, not on executor, threads, chunks or (along one axis) the total extent.
///
/// There is no global generator: one key gives one array, and the same one each time. Draws that
/// should be independent take keys of their own, from `split` or `fold`.
///
/// - Source: Philox4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
///
/// ```swift
/// let keys = random.split(42, 2)
/// random.uniform([2], key: keys[0])  // [0.40846808 0.36976537]
/// random.uniform([2], key: keys[1])  // [0.93938255 0.2353245 ]
/// arrayEqual(random.uniform([2], key: 42), random.uniform([5], key: 42)[..<2])  // True
/// ```
public enum random {
  /// The streams of one key; each distribution reads its own, so that draws of different
  /// distributions under one key are independent too.
  enum Lane: Int {
    case bits = 0
    case uniform, normalRadius, normalAngle, exponential, integers, integersLow, order, choice, keys
    case gamma, secondGamma, beta, vonMises, poisson, binomial, hypergeometric, zipf, logSeries
    case multinomial, multivariateHypergeometric, boundedIntegers
    case laplace, logistic, gumbel, rayleigh, weibull, pareto, power, cauchy, triangular, geometric
    case wald, dirichlet
  }

  /// Keys that are independent of each other and of this one.
  ///
  /// Key i is block (i, lane of keys) of Philox under this key, as `fold(key, i)`.
  ///
  /// - NumPy: `SeedSequence.spawn`, in spirit.
  public static func split(_ key: UInt64, _ count: Int = 2) -> [UInt64] {
    (0..<max(0, count)).map { fold(key, UInt64($0)) }
  }

  /// The key of a number under a key, such as that of a step in a loop.
  ///
  /// ```swift
  /// (0..<3).map { random.fold(42, $0) % 1000 }  // [993, 492, 395]
  /// ```
  public static func fold(_ key: UInt64, _ number: UInt64) -> UInt64 {
    let words = Philox(key: key).block(number, UInt64(Lane.keys.rawValue))
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }
}

extension random {
  /// Hands out a key for each draw, by a seed and the number of keys before it.
  ///
  ///     var keys = random.Generator(seed: 7)
  ///     let x = random.normal([3], key: keys.next()), y = random.normal([3], key: keys.next())
  ///
  /// - NumPy: `numpy.random.default_rng`, in spirit: what draws is still the functions.
  public struct Generator: Sendable {
    private let seed: UInt64
    private var draws: UInt64 = 0

    /// A generator that begins at a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// The next key, independent of those before.
    public mutating func next() -> UInt64 {
      defer { draws &+= 1 }
      return random.fold(seed, draws)
    }
  }
}

/// What opens a family of random streams: an integer, or a `uint64` array of rank 0.
public protocol RandomKey: Sendable {
  /// The key as an array.
  var keyArray: NDArray { get }
}

extension UInt64: RandomKey {
  /// The key as a constant.
  public var keyArray: NDArray { NDArray(Building.constant(Scalar(self, .uint64), site: .none)) }
}

extension Int: RandomKey {
  /// The key with the same bits, as a constant.
  public var keyArray: NDArray { UInt64(bitPattern: Int64(self)).keyArray }
}

extension NDArray: RandomKey {
  /// The array itself.
  ///
  /// - Shape: `[]`, or an error where it is used.
  /// - DType: an integer dtype, or an error where it is used.
  /// - Throws: nothing of its own.
  /// - NumPy: none.
  ///
  /// ```swift
  /// let step: NDArray = 3
  /// arrayEqual(random.uniform([4], key: step), random.uniform([4], key: 3))  // True
  /// ```
  public var keyArray: NDArray { self }
}

extension Call {
  /// 64 random bits an element.
  func bits(_ shape: Shape, _ lane: random.Lane, _ key: some RandomKey) throws(WeftError) -> NDArray
  {
    let key = key.keyArray
    guard key.rank == 0, key.dtype.isInteger else {
      throw error(.dtype, "the key is \(key.expr.type), expected one integer")
    }
    return node(.random(RandomStream(shape: shape, lane: lane.rawValue)), convert(key, to: .uint64))
  }

  /// Uniform numbers in [0, 1): the upper 53 bits for float64, the upper 24 for float32.
  func unit(
    _ shape: Shape, _ lane: random.Lane, _ key: some RandomKey, _ dtype: DType = .float64
  ) throws(WeftError) -> NDArray {
    let (shift, scale): (UInt64, Double) = dtype == .float32 ? (40, 0x1p-24) : (11, 0x1p-53)
    let upper = apply(
      .bitwiseRightShift, try bits(shape, lane, key), constant(Scalar(shift, .uint64)))
    return apply(.multiply, convert(upper, to: dtype), number(scale, dtype))
  }

  /// The dtype of samples, which is float32 or float64.
  func sampleDType(_ dtype: DType) throws(WeftError) -> DType {
    guard dtype == .float32 || dtype == .float64 else {
      throw error(.dtype, "draws float32 or float64, not \(dtype)")
    }
    return dtype
  }
}
