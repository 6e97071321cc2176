/// Routines on matrices of which a band alone is stored: row i of such an array holds the elements (i, i - lower)
/// to (i, i + upper) of its matrix. Places that lie outside the matrix hold anything and are never read.
extension Routine {
  /// The band of a matrix; one row stands for all `rows` of them, where there are more.
  ///
  /// - Shape: `[rows, m]` or `[1, m]` to `[rows, lower + upper + 1]`.
  public static func band(lower: Int, upper: Int, rows: Int) -> Routine {
    let options = ["lower": "\(lower)", "upper": "\(upper)", "rows": "\(rows)"]
    return Routine("band", options: options, arity: 1) { types in
      guard types[0].rank == 2, lower + upper >= 0, let codes = types[0].shape.known,
        codes[0] == rows || codes[0] == 1
      else { throw WeftError(.shapeMismatch, "band", "\(types[0]) has no such band") }
      return [TensorType(types[0].dtype, Shape([rows, lower + upper + 1]))]
    }
  }

  /// The band of the transpose of a matrix with so many columns, from its band.
  ///
  /// - Shape: `[n, k]` to `[columns, k]`.
  public static func bandTranspose(lower: Int, columns: Int) -> Routine {
    let options = ["lower": "\(lower)", "columns": "\(columns)"]
    return Routine("band_transpose", options: options, arity: 1) { types in
      [TensorType(types[0].dtype, Shape([columns, try bandWidth("band_transpose", types[0])]))]
    }
  }

  /// The matrix with a band, zero elsewhere.
  ///
  /// - Shape: `[n, k]` to `[n, columns]`.
  public static func bandMatrix(lower: Int, columns: Int) -> Routine {
    let options = ["lower": "\(lower)", "columns": "\(columns)"]
    return Routine("band_matrix", options: options, arity: 1) { types in
      _ = try bandWidth("band_matrix", types[0])
      return [TensorType(types[0].dtype, Shape([types[0].shape.codes[0], columns]))]
    }
  }

  /// The band of a product of two bands; its lower bandwidth is the sum of theirs.
  ///
  /// - Shape: `[n, k]` and `[m, l]` to `[n, k + l - 1]`.
  /// - DType: real floats.
  /// - Accuracy: sums from the first column on, as one would add them up by hand.
  public static func bandProduct(lower: Int) -> Routine {
    Routine("band_product", options: ["lower": "\(lower)"], arity: 2) { types in
      let (a, b) = (
        try bandWidth("band_product", types[0]), try bandWidth("band_product", types[1])
      )
      guard types[0].dtype == types[1].dtype else {
        throw WeftError(.shapeMismatch, "band_product", "\(types[0]) and \(types[1]) do not fit")
      }
      return [TensorType(types[0].dtype, Shape([types[0].shape.codes[0], a + b - 1]))]
    }
  }

  /// Factors of a square matrix from its band: Cholesky's where it is symmetric and turns out to be definite,
  /// else P A = L U. For `bandSolve` and `bandDeterminant` alone, which say what a matrix without pivots means.
  ///
  /// - Parameters:
  ///   - lower: The bandwidth below the diagonal; not negative.
  ///   - upper: That above it; not negative.
  ///   - symmetric: Whether the matrix is known to be symmetric, if only up to rounding.
  /// - Shape: `[n, k]` to `[n, 2 lower + upper + 1]` and `int32[n + 1]`.
  /// - DType: real floats.
  /// - Accuracy: backward stable, as LAPACK's gbtrf and pbtrf.
  /// - Source: Golub & Van Loan 4th ed. 4.3.3, 4.3.5.
  public static func bandFactor(lower: Int, upper: Int, symmetric: Bool) -> Routine {
    let options = ["lower": "\(lower)", "upper": "\(upper)", "symmetric": "\(symmetric)"]
    return Routine("band_factor", options: options, arity: 1) { types in
      guard try bandWidth("band_factor", types[0]) == lower + upper + 1, min(lower, upper) >= 0
      else { throw WeftError(.shapeMismatch, "band_factor", "\(types[0]) is no such band") }
      let n = types[0].shape.codes[0]
      return [
        TensorType(types[0].dtype, Shape([n, 2 * lower + upper + 1])),
        TensorType(.int32, Shape([n + 1])),
      ]
    }
  }

  /// The X of a system with the factors of `bandFactor`: operands are these two and B.
  ///
  /// - Parameters:
  ///   - lower: The bandwidth below the diagonal.
  ///   - upper: That above it.
  ///   - transposed: Whether A's transpose stands in A's place.
  ///   - right: Whether A stands on the right: X A = B.
  ///   - user: The operation that a user wrote, which errors name.
  /// - Shape: that of B, `[n, c]`, or `[c, n]` with `right`.
  /// - Throws: `singular` at run time, where a pivot is zero.
  public static func bandSolve(
    lower: Int, upper: Int, transposed: Bool, right: Bool, for user: String
  ) -> Routine {
    let options = [
      "lower": "\(lower)", "upper": "\(upper)", "transposed": "\(transposed)",
      "right": "\(right)", "for": user,
    ]
    return Routine("band_solve", options: options, arity: 3) { types in
      let b = types[2]
      guard try bandWidth("band_solve", types[0]) == 2 * lower + upper + 1, b.rank == 2,
        TypeInference.mayEqual(b.shape[right ? 1 : 0], types[0].shape[0]),
        b.dtype == types[0].dtype
      else {
        throw WeftError(.shapeMismatch, "band_solve", "\(types[0]) and \(b) do not fit each other")
      }
      return [b]
    }
  }

  /// The determinant of a matrix with the factors of `bandFactor`, or its sign and the logarithm of its
  /// magnitude.
  ///
  /// - Shape: as `det`, or `slogdet` with `logarithm`.
  public static func bandDeterminant(lower: Int, upper: Int, logarithm: Bool) -> Routine {
    let options = ["lower": "\(lower)", "upper": "\(upper)", "log": "\(logarithm)"]
    return Routine("band_determinant", options: options, arity: 2) { types in
      _ = try bandWidth("band_determinant", types[0])
      let value = TensorType(types[0].dtype, Shape(codes: []))
      return logarithm ? [value, value] : [value]
    }
  }

  /// The number of diagonals of a band.
  private static func bandWidth(_ name: String, _ type: TensorType) throws -> Int {
    guard type.rank == 2, let codes = type.shape.known, codes[1] > 0 else {
      throw WeftError(.shapeMismatch, name, "\(type) is no band")
    }
    return codes[1]
  }
}
