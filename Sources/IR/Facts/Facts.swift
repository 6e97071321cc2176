/// What is known of a value's elements, taken as matrices of its last two axes.
///
/// Knowledge never changes a value: a program means the same without it. Bandwidths and blocks say
/// where elements are zero; whether those zeros were found in data or are there by definition
/// decides what may be left out, see `Docs/facts.md`.
public struct Facts: Hashable, Sendable {
  /// What holds or is not known.
  public struct Properties: OptionSet, Hashable, Sendable {
    /// One bit for each property.
    public let rawValue: UInt16
    /// A set from its bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The matrix is its transpose, conjugated where it is complex; up to rounding where it is a
    /// product.
    public static let symmetric = Properties(rawValue: 1)
    /// Symmetric, and x^H a x > 0 for every x but 0.
    public static let positiveDefinite = Properties(rawValue: 2)
    /// Symmetric, and x^H a x >= 0.
    public static let positiveSemidefinite = Properties(rawValue: 4)
    /// The inverse is the transpose, conjugated where it is complex.
    public static let orthogonal = Properties(rawValue: 8)
    /// Ones on the diagonal of a square, zeros elsewhere.
    public static let identity = Properties(rawValue: 16)
    /// Every element is zero.
    public static let zero = Properties(rawValue: 32)
    /// No element is infinite or NaN.
    public static let finite = Properties(rawValue: 64)
    /// The zeros outside bands and blocks are absent by definition: declared, or made by an op.
    public static let absentZeros = Properties(rawValue: 128)
    /// All elements of a matrix are equal.
    public static let constant = Properties(rawValue: 256)
    /// Every element is greater than zero.
    public static let positive = Properties(rawValue: 512)
    /// Few elements differ from zero: one in 16 at most, by a sample.
    public static let sparse = Properties(rawValue: 1024)
    /// No element is infinite or NaN, unless a sum or a product of finite ones overflowed.
    public static let finiteUnlessOverflow = Properties(rawValue: 2048)
  }

  /// A bandwidth that says nothing.
  public static let wide = Int(Int32.max)

  /// What holds.
  public var properties: Properties
  /// No element (i, j) with i - j greater than this differs from zero; negative above the diagonal.
  public var lower: Int
  /// No element (i, j) with j - i greater than this differs from zero.
  public var upper: Int
  /// The extents of square blocks along the diagonal that hold all elements other than zero; empty
  /// when there are not at least two.
  public var blocks: [Int]

  /// Facts from their parts.
  public init(
    _ properties: Properties = [], lower: Int = wide, upper: Int = wide, blocks: [Int] = []
  ) {
    self.properties = properties
    self.lower = lower
    self.upper = upper
    self.blocks = blocks
  }

  /// Nothing is known.
  public static let none = Facts()
  /// A matrix of zeros.
  public static let zero = Facts([.zero, .symmetric, .finite, .constant, .absentZeros])
  /// The identity matrix.
  public static let identity = Facts(
    [
      .identity, .symmetric, .positiveDefinite, .positiveSemidefinite, .orthogonal, .finite,
      .absentZeros,
    ], lower: 0, upper: 0)
  /// Zeros above the diagonal, by definition.
  public static let lowerTriangular = Facts([.absentZeros], upper: 0)
  /// Zeros below the diagonal, by definition.
  public static let upperTriangular = Facts([.absentZeros], lower: 0)
  /// Zeros beside the diagonal, by definition.
  public static let diagonal = Facts([.absentZeros], lower: 0, upper: 0)
  /// Equal to its transpose, conjugated where complex.
  public static let symmetric = Facts([.symmetric])
  /// Symmetric, or Hermitian, and positive definite.
  public static let spd = Facts([.symmetric, .positiveDefinite, .positiveSemidefinite])
  /// The inverse is the transpose, conjugated where complex.
  public static let orthogonal = Facts([.orthogonal])
  /// No infinity and no NaN.
  public static let finite = Facts([.finite])
  /// Zeros outside a band, by definition.
  public static func banded(lower: Int, upper: Int) -> Facts {
    Facts([.absentZeros], lower: lower, upper: upper)
  }
  /// Zeros outside square blocks of these extents along the diagonal, by definition.
  public static func blockDiagonal(_ extents: [Int]) -> Facts {
    Facts([.absentZeros], blocks: extents.count > 1 ? extents : [])
  }
}

extension Facts {
  /// Whether a property holds.
  @inlinable public func contains(_ properties: Properties) -> Bool {
    self.properties.isSuperset(of: properties)
  }
  /// Whether nothing stands beside the diagonal.
  public var isDiagonal: Bool { lower <= 0 && upper <= 0 }
  /// Whether nothing stands above the diagonal.
  public var isLower: Bool { upper <= 0 }
  /// Whether nothing stands below the diagonal.
  public var isUpper: Bool { lower <= 0 }
  /// Whether bands, blocks or the whole say where zeros are.
  public var hasZeros: Bool {
    lower < Self.wide || upper < Self.wide || !blocks.isEmpty || contains(.zero)
  }

  /// Both: what either says.
  public func and(_ other: Facts) -> Facts {
    var both = Facts(
      properties.union(other.properties), lower: min(lower, other.lower),
      upper: min(upper, other.upper), blocks: blocks.isEmpty ? other.blocks : blocks)
    // Found zeros next to declared ones are still found.
    let isAbsent =
      (!hasZeros || contains(.absentZeros)) && (!other.hasZeros || other.contains(.absentZeros))
    if !isAbsent { both.properties.remove(.absentZeros) }
    return both
  }

  /// Those of the transpose.
  public var transposed: Facts {
    Facts(properties, lower: upper, upper: lower, blocks: blocks)
  }

  /// Only what says where zeros are.
  var zeros: Facts {
    Facts(
      properties.intersection([.zero, .absentZeros]), lower: lower, upper: upper, blocks: blocks)
  }

  /// Where both are zero.
  func unionOfPlaces(_ other: Facts) -> Facts {
    if contains(.zero) { return other.zeros }
    if other.contains(.zero) { return zeros }
    return Facts(
      properties.intersection(other.properties).intersection(.absentZeros),
      lower: max(lower, other.lower), upper: max(upper, other.upper),
      blocks: Self.common(blocks, other.blocks))
  }

  /// Whether products with a matrix's zeros may be left out; what only overflow makes infinite is not seen.
  public func mayBeHidden(by other: Facts) -> Bool {
    other.contains(.absentZeros) || contains(.finite) || contains(.finiteUnlessOverflow)
  }

  /// Where either is zero, if each may hide what the other has there.
  func intersectionOfPlaces(_ other: Facts) -> Facts {
    let left = other.mayBeHidden(by: self) ? zeros : .none
    let right = mayBeHidden(by: other) ? other.zeros : .none
    return left.and(right)
  }

  /// The places of a product of matrices.
  func product(_ other: Facts) -> Facts {
    guard other.mayBeHidden(by: self) || !hasZeros, mayBeHidden(by: other) || !other.hasZeros
    else { return .none }
    if contains(.zero) || other.contains(.zero) { return .zero.zeros }
    var result = Facts(
      lower: Self.sum(lower, other.lower), upper: Self.sum(upper, other.upper),
      blocks: Self.common(blocks, other.blocks))
    let isAbsent =
      (!hasZeros || contains(.absentZeros)) && (!other.hasZeros || other.contains(.absentZeros))
    if isAbsent && result.hasZeros { result.properties.insert(.absentZeros) }
    return result
  }

  private static func sum(_ a: Int, _ b: Int) -> Int {
    a >= wide || b >= wide ? wide : min(wide, a + b)
  }

  /// The finest blocks of which both are made.
  private static func common(_ a: [Int], _ b: [Int]) -> [Int] {
    if a == b { return a }
    func ends(_ blocks: [Int]) -> [Int] {
      var end = 0
      return blocks.map {
        end += $0
        return end
      }
    }
    let shared = Set(ends(a)).intersection(ends(b)).sorted()
    guard shared.count > 1 else { return [] }
    return zip(shared, [0] + shared).map { $0 - $1 }
  }
}
