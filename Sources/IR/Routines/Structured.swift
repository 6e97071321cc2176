/// Routines that passes put in the place of what users wrote: factors that several solutions share,
/// and products that leave out zeros.
extension Routine {
  /// The operand, of which facts are declared; a pass that uses them takes the row away.
  public static func assume(_ facts: Facts) -> Routine {
    Routine("assume", options: facts.options, arity: 1, isTotal: true) { [$0[0]] }
  }

  /// Factors of a matrix by its structure: a triangle or a diagonal is its own factor, bands and
  /// blocks stay what they are, symmetric matrices with a positive diagonal are tried by Cholesky's
  /// method, everything else is P A = L U.
  ///
  /// What facts leave open a look at the elements decides. Errors name `user`, the operation that a
  /// user wrote. Results are for `solveFactored` alone: factors, and integers that tell what they
  /// are.
  ///
  /// - Shape: `[..., n, n]` to the same and `int32[..., 1, 2 n + 2]`.
  /// - Throws: `singular` at run time.
  /// - Source: LAPACK getrf, potrf, gbtrf.
  public static func factor(_ facts: Facts, for user: String) -> Routine {
    var options = facts.options
    options["for"] = user
    return Routine("factor", options: options, arity: 1) { types in
      let a = try square("factor", types[0])
      guard case .known(let n) = a.shape[a.rank - 1] else {
        throw WeftError(.unknownExtent, "factor", "\(a) has extents that only the data tell")
      }
      return [a, TensorType(.int32, Shape(codes: stack(a).codes + [1, 2 * n + 2]))]
    }
  }

  /// The X of a system with the factors of `factor`: operands are the matrix A, its factors, what
  /// they are, and B.
  ///
  /// - Parameters:
  ///   - transposed: Whether A's transpose stands in A's place; real dtypes only.
  ///   - right: Whether A stands on the right: X A = B instead of A X = B.
  public static func solveFactored(transposed: Bool, right: Bool) -> Routine {
    let options = ["right": "\(right)", "transposed": "\(transposed)"]
    return Routine("solve_factored", options: options, arity: 4) { types in
      let a = try square("solve_factored", types[0])
      let b = try matrix("solve_factored", types[3])
      let summed = right ? b.shape[b.rank - 1] : b.shape[b.rank - 2]
      guard a.dtype == b.dtype, TypeInference.mayEqual(a.shape[a.rank - 1], summed),
        types[1] == a, types[2].dtype == .int32, types[2].rank == a.rank
      else {
        throw WeftError(.shapeMismatch, "solve_factored", "\(a) and \(b) do not fit each other")
      }
      let stack = try stacks("solve_factored", a, b)
      return [TensorType(b.dtype, Shape(codes: stack + b.shape.codes.suffix(2)))]
    }
  }

  /// The X of A X = B, or of X A = B with `right`, for a diagonal matrix A: a division of each row,
  /// or column, by an element of the diagonal; nothing else of A is read.
  ///
  /// Operands: A, B. Errors name `user`, the operation that a user wrote.
  ///
  /// - Shape: `[..., n, n]` and `[..., n, k]` to `[..., n, k]`; with `right` `[..., k, n]`.
  /// - Throws: `singular` at run time, where an element of the diagonal is zero.
  /// - Accuracy: each element is rounded once.
  public static func solveDiagonal(right: Bool, for user: String) -> Routine {
    Routine("solve_diagonal", options: ["right": "\(right)", "for": user], arity: 2) { types in
      let a = try square("solve_diagonal", types[0])
      let b = try matrix("solve_diagonal", types[1])
      let summed = right ? b.shape[b.rank - 1] : b.shape[b.rank - 2]
      guard a.dtype == b.dtype, TypeInference.mayEqual(a.shape[a.rank - 1], summed) else {
        throw WeftError(.shapeMismatch, "solve_diagonal", "\(a) and \(b) do not fit each other")
      }
      let stack = try stacks("solve_diagonal", a, b)
      return [TensorType(b.dtype, Shape(codes: stack + b.shape.codes.suffix(2)))]
    }
  }

  /// The determinant of a matrix A with the factors of `factor`, or its sign and the logarithm of its
  /// magnitude.
  ///
  /// Operands: A, its factors, what they are.
  ///
  /// - Shape: as `det`, or `slogdet` with `logarithm`.
  public static func determinantFactored(logarithm: Bool) -> Routine {
    let options = ["log": "\(logarithm)"]
    return Routine("determinant_factored", options: options, arity: 3) { types in
      let a = try square("determinant_factored", types[0])
      guard types[1] == a, types[2].dtype == .int32, types[2].rank == a.rank else {
        throw WeftError(.shapeMismatch, "determinant_factored", "these are no factors of \(a)")
      }
      let value = TensorType(a.dtype, Shape(codes: Array(a.shape.codes.dropLast(2))))
      return logarithm ? [value, TensorType(a.dtype.realPart, value.shape)] : [value]
    }
  }

  /// X^T A^-1 X for real matrices with the factors of `factor`: half a solution and a symmetric
  /// product where they are Cholesky's.
  ///
  /// Operands: A, its factors, what they are, and X, `[n, k]`; with `right` its transpose, `[k, n]`.
  ///
  /// - Parameters:
  ///   - right: Whether X is given as its transpose.
  ///   - diagonal: Whether only the diagonal is asked for.
  /// - Shape: `[k, k]`; `[k]` for the diagonal.
  public static func inverseGram(right: Bool, diagonal: Bool = false) -> Routine {
    var options = ["right": "\(right)"]
    if diagonal { options["diagonal"] = "true" }
    return Routine("inverse_gram", options: options, arity: 4) { types in
      let a = try square("inverse_gram", types[0])
      let x = try matrix("inverse_gram", types[3])
      guard a.rank == 2, x.rank == 2, a.dtype == x.dtype, types[1] == a,
        TypeInference.mayEqual(a.shape[0], x.shape[right ? 1 : 0])
      else {
        throw WeftError(.shapeMismatch, "inverse_gram", "\(a) and \(x) do not fit each other")
      }
      let width = x.shape[right ? 0 : 1]
      return [TensorType(a.dtype, Shape(diagonal ? [width] : [width, width]))]
    }
  }

  /// The X of a system (diag(d) + U V) X = B whose matrix is never made: its inverse is that of a
  /// matrix of the lesser order by Woodbury's identity.
  ///
  /// Operands: U, V, d as a column, B. Errors name `user`.
  ///
  /// - Parameters:
  ///   - left: Whether the first operand is U's transpose.
  ///   - right: Whether the second operand is V's transpose.
  ///   - symmetric: Whether V is U's transpose, so that positive d make a definite matrix.
  ///   - user: The operation that a user wrote.
  /// - Shape: `[n, k]`, `[k, n]`, `[n, 1]` and `[n, c]` to `[n, c]`.
  /// - DType: real floats.
  /// - Throws: `singular` at run time.
  /// - Accuracy: no worse than Gaussian elimination's; where the correction of a solution shows that it would
  ///   be, the matrix is made and factored.
  /// - Source: Woodbury, Princeton Stat. Res. Group Memo 42 (1950); Yip, SIAM J. Sci. Stat. Comput. 7,
  ///   507 (1986) on when it is stable.
  public static func lowRankSolve(left: Bool, right: Bool, symmetric: Bool, for user: String)
    -> Routine
  {
    let options = [
      "left": "\(left)", "right": "\(right)", "symmetric": "\(symmetric)", "for": user,
    ]
    return Routine("low_rank_solve", options: options, arity: 4) { types in
      let (u, v, d, b) = (types[0], types[1], types[2], types[3])
      guard types.allSatisfy({ $0.rank == 2 && $0.dtype == b.dtype }) else {
        throw WeftError(
          .shapeMismatch, "low_rank_solve", "\(u), \(v), \(d) and \(b) are no matrices")
      }
      let (n, k) = (u.shape[left ? 1 : 0], u.shape[left ? 0 : 1])
      guard TypeInference.mayEqual(v.shape[right ? 0 : 1], n),
        TypeInference.mayEqual(v.shape[right ? 1 : 0], k), TypeInference.mayEqual(d.shape[0], n),
        TypeInference.mayEqual(d.shape[1], .known(1)), TypeInference.mayEqual(b.shape[0], n)
      else {
        throw WeftError(
          .shapeMismatch, "low_rank_solve", "\(u), \(v), \(d) and \(b) do not fit each other")
      }
      return [TensorType(b.dtype, Shape([n, b.shape[1]]))]
    }
  }

  /// The options of `structuredProduct` that are no facts.
  public static let structuredProductOptions: Set<String> = [
    "right", "transposed", "other", "scale", "columns",
  ]

  /// The facts of the structured matrix in a call of `structuredProduct`, as it stands in the product.
  public var structuredFacts: Facts? {
    guard name == "structured_product" else { return nil }
    return Facts(options: options.filter { !Self.structuredProductOptions.contains($0.key) })
  }

  /// A product of two matrices of which the structured one is zero outside bands or blocks; those
  /// places are not read.
  ///
  /// The facts are those of the structured matrix as it stands in the product. Zeros that were only
  /// found, not declared, are left out while all elements of the other operand are finite; else the
  /// product is computed in full, so that NaN and infinities come out as they must.
  ///
  /// Operands: the structured matrix, the other one.
  /// - Parameters:
  ///   - facts: Those of the structured matrix: its bands and blocks, and whether zeros are absent.
  ///   - right: Whether the structured matrix is the second factor.
  ///   - transposed: Whether the structured matrix stands transposed in the product.
  ///   - otherTransposed: Whether the other matrix does.
  ///   - scale: A factor of the product: the alpha of BLAS's TRMM.
  ///   - columns: Where the first operand is the band of the structured matrix, as `band` makes it, how many
  ///     columns that has.
  public static func structuredProduct(
    _ facts: Facts, right: Bool, transposed: Bool, otherTransposed: Bool, scale: Double = 1,
    columns: Int? = nil
  ) -> Routine {
    var options = Facts(
      facts.properties.intersection(.absentZeros), lower: facts.lower, upper: facts.upper,
      blocks: facts.blocks
    ).options
    options["right"] = "\(right)"
    options["transposed"] = "\(transposed)"
    options["other"] = "\(otherTransposed)"
    if scale != 1 { options["scale"] = "\(scale)" }
    if let columns { options["columns"] = "\(columns)" }
    return Routine("structured_product", options: options, arity: 2) { types in
      let (s, other) = (types[0], types[1])
      guard s.rank == 2, other.rank == 2, s.dtype == other.dtype else {
        throw WeftError(.shapeMismatch, "structured_product", "\(s) and \(other) are no matrices")
      }
      let width = columns.map { Extent.known($0) } ?? s.shape[1]
      let (rows, inner) = transposed ? (width, s.shape[0]) : (s.shape[0], width)
      let (first, second) =
        otherTransposed ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
      guard TypeInference.mayEqual(right ? rows : inner, right ? second : first) else {
        throw WeftError(
          .shapeMismatch, "structured_product", "\(s) and \(other) do not fit each other")
      }
      return [TensorType(s.dtype, Shape(right ? [first, inner] : [rows, second]))]
    }
  }
}
