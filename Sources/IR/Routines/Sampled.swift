/// Products of which only some elements are wanted.
extension Routine {
  /// How the wanted elements of a product are told.
  public enum Sampling: String, Sendable {
    /// A matrix that the product is multiplied with, most of it zero.
    case factor
    /// Truths: where they do not hold the result is zero, whatever the product has there.
    case choice
    /// A band of the result's places; there is no operand for it.
    case band
  }

  /// What is summed of the wanted elements.
  public enum SampleSum: String, Sendable {
    /// Nothing: the result is a matrix.
    case none
    /// Each row.
    case rows
    /// Everything.
    case all
  }

  /// Some elements of a product of two matrices L R; the other ones are zero.
  ///
  /// Where a factor is zero the product is not computed while all elements of L and R are finite;
  /// else all of it is, so that NaN and infinities come out as they must. A product of finite
  /// elements that overflows behind a zero is not seen. A mask with many elements other than zero is
  /// served by a whole product, rows by rows.
  ///
  /// Operands: the mask (for `band` none), L, R. Real floats; a mask may be `bool`.
  ///
  /// - Parameters:
  ///   - sampling: How the elements are told.
  ///   - places: The band, in `lower` and `upper`.
  ///   - left: Whether L's transpose is the operand.
  ///   - right: Whether R's transpose is the operand.
  ///   - sum: What is summed; nothing for bands.
  /// - Shape: `[m, n]`, `[m, k]` and `[k, n]` to `[m, n]`, `[m]` or `[]`.
  public static func sampledProduct(
    _ sampling: Sampling, places: Facts = .none, left: Bool, right: Bool, sum: SampleSum = .none
  ) -> Routine {
    var options = Facts(lower: places.lower, upper: places.upper).options
    options["mask"] = sampling.rawValue
    options["left"] = "\(left)"
    options["right"] = "\(right)"
    options["sum"] = sum.rawValue
    let count = sampling == .band ? 2 : 3
    return Routine("sampled_product", options: options, arity: count) { types in
      let (l, r) = (types[count - 2], types[count - 1])
      guard l.rank == 2, r.rank == 2, l.dtype == r.dtype,
        l.dtype == .float32 || l.dtype == .float64
      else {
        throw WeftError(.shapeMismatch, "sampled_product", "\(l) and \(r) are no matrices")
      }
      let (rows, inner) = left ? (l.shape[1], l.shape[0]) : (l.shape[0], l.shape[1])
      let (summed, columns) = right ? (r.shape[1], r.shape[0]) : (r.shape[0], r.shape[1])
      guard TypeInference.mayEqual(inner, summed) else {
        throw WeftError(.shapeMismatch, "sampled_product", "\(l) and \(r) do not fit each other")
      }
      let shape = Shape([rows, columns])
      if count == 3 {
        guard types[0].shape == shape, types[0].dtype == .bool || types[0].dtype == l.dtype else {
          throw WeftError(
            .shapeMismatch, "sampled_product", "\(types[0]) is no mask for \(shape)")
        }
      }
      switch sum {
      case .none: return [TensorType(l.dtype, shape)]
      case .rows: return [TensorType(l.dtype, Shape([rows]))]
      case .all: return [TensorType(l.dtype, .scalar)]
      }
    }
  }
}
