/// Discrete Fourier transforms along the last axis.
extension Routine {
  /// Which numbers a transform takes and gives.
  public enum FourierKind: String, Hashable, Sendable, CaseIterable {
    /// Complex to complex.
    case complex = "c2c"
    /// Real numbers to the n / 2 + 1 first coefficients; the others are their conjugates.
    case fromReal = "r2c"
    /// n / 2 + 1 coefficients to n real numbers.
    case toReal = "c2r"
  }

  /// The sums over j of x[j] exp(-+ 2 pi i j k / n), times a factor.
  ///
  /// `fromReal` is forward and `toReal` backward; `inverse` conjugates the exponential of `complex`
  /// and has no other meaning. `count` is n; a `toReal` operand has `count / 2 + 1` elements.
  ///
  /// - Shape: `[..., n]` to `[..., n]`; halves as the kind says.
  /// - DType: complex64, complex128, and float32 or float64 on the real side.
  /// - Accuracy: relative to the norm about 0.5 eps log2 n.
  /// - Source: Stockham's ordering, Van Loan, Computational Frameworks for the FFT 1992, 1.7;
  ///   lengths with great prime factors by Bluestein's algorithm, ibid. 4.2.
  public static func fourier(
    _ kind: FourierKind, count: Int, inverse: Bool, scale: FourierScale
  ) -> Routine {
    let options = [
      "kind": kind.rawValue, "count": "\(count)", "inverse": "\(inverse)", "scale": scale.rawValue,
    ]
    return Routine("fft", options: options, arity: 1, isTotal: true) { types in
      [try fourierType(kind, count, types[0])]
    }
  }

  /// The factor of a transform.
  public enum FourierScale: String, Hashable, Sendable, CaseIterable {
    /// 1.
    case one
    /// 1 / sqrt(n).
    case root
    /// 1 / n.
    case full
  }

  private static func fourierType(
    _ kind: FourierKind, _ count: Int, _ type: TensorType
  ) throws(WeftError) -> TensorType {
    guard type.rank >= 1 else {
      throw WeftError(.axis, "fft", "\(type) has no axis to transform")
    }
    let isReal = kind == .fromReal
    switch type.dtype {
    case .float32 where isReal, .float64 where isReal: break
    case .complex64 where !isReal, .complex128 where !isReal: break
    default: throw WeftError(.dtype, "fft", "\(kind.rawValue) is not defined for \(type)")
    }
    let half = count / 2 + 1
    var codes = type.shape.codes
    guard count >= 1, codes[type.rank - 1] == (kind == .toReal ? half : count) else {
      throw WeftError(.shapeMismatch, "fft", "\(type) does not hold \(count) points")
    }
    codes[type.rank - 1] = isReal ? half : count
    let dtype =
      switch kind {
      case .complex: type.dtype
      case .fromReal: type.dtype.complexCounterpart
      case .toReal: type.dtype.realPart
      }
    return TensorType(dtype, Shape(codes: codes))
  }
}
