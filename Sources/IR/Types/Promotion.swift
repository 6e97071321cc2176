extension DType {
  /// The dtype that holds the values of both: NumPy's table.
  ///
  /// - Source: `scripts/generate-promotion.py`, read off NumPy 2.4 (bfloat16: JAX).
  ///
  /// ```swift
  /// DType.int32.promoted(with: .float32)  // float64
  /// DType.uint8.promoted(with: .int8)  // int16
  /// ```
  public func promoted(with other: DType) -> DType {
    Self.promotionTable[Int(rawValue) * Self.allCases.count + Int(other.rawValue)]
  }

  /// The dtype that holds the values of all; nil for none.
  ///
  /// Inexact dtypes decide first and each other one is then promoted with what they gave, so that
  /// the result does not depend on the order. It may be narrower than two at a time give.
  /// - NumPy: `numpy.result_type` of dtypes.
  ///
  /// ```swift
  /// DType.promoted([.int8, .uint8, .float16])  // float16
  /// DType.int8.promoted(with: .uint8).promoted(with: .float16)  // float32
  /// ```
  public static func promoted(_ dtypes: [DType]) -> DType? {
    func folded(_ dtypes: [DType]) -> DType? {
      dtypes.first.map { dtypes.dropFirst().reduce($0) { $0.promoted(with: $1) } }
    }
    guard let inexact = folded(dtypes.filter(\.isInexact)) else { return folded(dtypes) }
    return folded(dtypes.map { $0.promoted(with: inexact) })
  }

  /// The dtype of arithmetic with a weak scalar of a kind: the kind decides, the width comes from
  /// this dtype.
  public func promoted(withWeak kind: WeakKind) -> DType {
    switch kind {
    case .bool: self
    case .integer: self == .bool ? .int64 : self
    case .float: isInexact ? self : .float64
    case .complex: isInexact ? complexCounterpart : .complex128
    }
  }
}

/// The kind of a host scalar, which has no width of its own in promotion.
public enum WeakKind: UInt8, Comparable, Sendable {
  /// The kinds, from narrow to wide.
  case bool, integer, float, complex

  /// The dtype that the scalar has when no array decides.
  public var defaultDType: DType {
    switch self {
    case .bool: .bool
    case .integer: .int64
    case .float: .float64
    case .complex: .complex128
    }
  }

  /// Whether `a` comes before `b` in the order of the cases.
  public static func < (a: WeakKind, b: WeakKind) -> Bool { a.rawValue < b.rawValue }
}

/// How free a conversion between dtypes may be, as in NumPy's `casting`.
public enum Casting: String, Sendable, CaseIterable {
  /// NumPy's rules, from none to any; `sameKind` may narrow but not go from float to integer.
  case no, equiv, safe, sameKind = "same_kind", unsafe
}

extension DType {
  /// Whether a conversion to another dtype is allowed under a casting rule.
  ///
  /// ```swift
  /// DType.float64.canConvert(to: .float32, casting: .sameKind)  // true
  /// DType.float64.canConvert(to: .int64, casting: .sameKind)  // false
  /// ```
  public func canConvert(to target: DType, casting: Casting = .safe) -> Bool {
    switch casting {
    case .no, .equiv: self == target
    case .safe: promoted(with: target) == target
    case .sameKind: promoted(with: target) == target || castingRank <= target.castingRank
    case .unsafe: true
    }
  }

  /// bool < unsigned < signed < float < complex: a same-kind cast never goes down this order.
  private var castingRank: Int { Int(kind.rawValue) }
}
