/// Factorisations and solutions of linear systems; matrices are the last two axes, the others are
/// stacks of them.
///
/// DType: float32, float64, complex64 and complex128 as they are; frontends convert integers to
/// float64. Narrower floats are an error, as in NumPy.
extension Routine {
  /// L with A = L L^H, or U with A = U^H U; reads one triangle of A, the other result half is 0.
  ///
  /// - Shape: `[..., n, n]` to the same.
  /// - Throws: `not-positive-definite` at run time.
  /// - Source: LAPACK potrf.
  public static func cholesky(upper: Bool) -> Routine {
    Routine("cholesky", options: ["upper": "\(upper)"], arity: 1) { types in
      [try square("cholesky", types[0])]
    }
  }

  /// The inverse.
  ///
  /// - Shape: `[..., n, n]` to the same.
  /// - Throws: `singular` at run time.
  /// - Source: LU with partial pivoting, Golub & Van Loan 4th ed. 3.4; LAPACK getrf, getri.
  public static let inv = Routine("inv", arity: 1) { [try square("inv", $0[0])] }

  /// X with A X = B; stacks broadcast, and one matrix is factored once.
  ///
  /// - Shape: `[..., n, n]` and `[..., n, k]` to `[..., n, k]`.
  /// - Throws: `singular` at run time.
  /// - Source: LAPACK getrf, getrs.
  public static let solve = Routine("solve", arity: 2) { types in
    let (a, b) = (try square("solve", types[0]), try matrix("solve", types[1]))
    if a.dtype != b.dtype {
      throw WeftError(.dtype, "solve", "operands \(a) and \(b) have different dtypes")
    }
    if !TypeInference.mayEqual(a.shape[a.rank - 1], b.shape[b.rank - 2]) {
      throw WeftError(.shapeMismatch, "solve", "\(a) and \(b) have different numbers of rows")
    }
    let stack = try stacks("solve", a, b)
    return [TensorType(b.dtype, Shape(codes: stack + b.shape.codes.suffix(2)))]
  }

  /// As `solve` for one matrix that is stored sparsely, and a matrix of right-hand sides.
  ///
  /// - Shape: `[n, n]` and `[n, k]` to `[n, k]`.
  /// - Throws: `singular` at run time; `unusable-executor` without SuiteSparse.
  /// - Source: SuiteSparse's CHOLMOD and UMFPACK; LAPACK getrf, getrs where it is stored densely.
  public static let sparseSolve = Routine("sparse_solve", arity: 2) { types in
    try solve.infer(types)
  }

  /// As `lstsq` for one matrix that is stored sparsely, without its singular values, which are NaN where the matrix
  /// was factored by its entries.
  ///
  /// - Shape: `[m, n]` and `[m, k]` to `[n, k]`, `[k]`, `[]`, `[min]`.
  /// - Source: SuiteSparse's SPQR; LAPACK gelsd where the rank is not full or it is stored densely.
  public static let sparseLstsq = Routine("sparse_lstsq", arity: 2) { types in
    try lstsq(rcond: nil).infer(types)
  }

  /// The determinant.
  ///
  /// - Shape: `[..., n, n]` to `[...]`; 1 for n = 0.
  /// - Source: the product of the diagonal of LU, with exponents apart so that it does not overflow
  ///   on the way.
  public static let det = Routine("det", arity: 1) { types in
    let a = try square("det", types[0])
    return [TensorType(a.dtype, stack(a))]
  }

  /// The sign of the determinant, on the unit circle or 0, and the logarithm of its magnitude.
  ///
  /// - Shape: `[..., n, n]` to `[...]` twice; 1 and 0 for n = 0.
  public static let slogdet = Routine("slogdet", arity: 1) { types in
    let a = try square("slogdet", types[0])
    return [TensorType(a.dtype, stack(a)), TensorType(a.dtype.realPart, stack(a))]
  }

  /// Eigenvalues in ascending order and eigenvectors, as columns, of a Hermitian matrix of which one
  /// triangle is read.
  ///
  /// - Shape: `[..., n, n]` to `[..., n]` and `[..., n, n]`.
  /// - Throws: `no-convergence` at run time, also for NaN and infinity.
  /// - Source: divide and conquer, LAPACK syevd and heevd.
  public static func eigh(upper: Bool) -> Routine {
    Routine("eigh", options: ["upper": "\(upper)"], arity: 1) { types in
      let a = try square("eigh", types[0])
      return [TensorType(a.dtype.realPart, rows(a)), a]
    }
  }

  /// As `eigh` without vectors.
  public static func eigvalsh(upper: Bool) -> Routine {
    Routine("eigvalsh", options: ["upper": "\(upper)"], arity: 1) { types in
      let a = try square("eigvalsh", types[0])
      return [TensorType(a.dtype.realPart, rows(a))]
    }
  }

  /// Eigenvalues, in no order, and right eigenvectors of length 1, as columns.
  ///
  /// - Shape: `[..., n, n]` to `[..., n]` and `[..., n, n]`.
  /// - DType: always complex, because a dtype does not depend on elements.
  /// - Throws: `no-convergence` at run time, also for NaN and infinity.
  /// - Source: QR algorithm, LAPACK geev.
  public static let eig = Routine("eig", arity: 1) { types in
    let a = try square("eig", types[0])
    let dtype = a.dtype.complexCounterpart
    return [TensorType(dtype, rows(a)), TensorType(dtype, a.shape)]
  }

  /// As `eig` without vectors.
  public static let eigvals = Routine("eigvals", arity: 1) { types in
    let a = try square("eigvals", types[0])
    return [TensorType(a.dtype.complexCounterpart, rows(a))]
  }

  /// What a QR factorisation gives.
  public enum QRMode: String, Hashable, Sendable, CaseIterable {
    /// Q with min(m, n) columns and R with as many rows.
    case reduced
    /// Q square and R of A's shape.
    case complete
    /// R alone, reduced.
    case r
  }

  /// A = Q R with Q^H Q = 1 and R upper triangular.
  ///
  /// - Shape: `[..., m, n]` to Q and R as the mode says.
  /// - Source: Householder reflections, LAPACK geqrf, orgqr and ungqr.
  public static func qr(_ mode: QRMode) -> Routine {
    Routine("qr", options: ["mode": mode.rawValue], arity: 1) { types in
      let a = try known("qr", types[0])
      let (m, n) = (a.shape.codes[a.rank - 2], a.shape.codes[a.rank - 1])
      func result(_ rows: Int, _ columns: Int) -> TensorType {
        TensorType(a.dtype, Shape(codes: stack(a).codes + [rows, columns]))
      }
      return switch mode {
      case .reduced: [result(m, min(m, n)), result(min(m, n), n)]
      case .complete: [result(m, m), result(m, n)]
      case .r: [result(min(m, n), n)]
      }
    }
  }

  /// A = U S V^H with singular values in descending order; results are U, S and V^H.
  ///
  /// - Shape: `[..., m, n]` to `[..., m, m or k]`, `[..., k]`, `[..., n or k, n]`, k = min(m, n).
  /// - Throws: `no-convergence` at run time, also for NaN and infinity.
  /// - Source: divide and conquer, LAPACK gesdd.
  public static func svd(fullMatrices: Bool) -> Routine {
    Routine("svd", options: ["full": "\(fullMatrices)"], arity: 1) { types in
      let a = try known("svd", types[0])
      let (m, n) = (a.shape.codes[a.rank - 2], a.shape.codes[a.rank - 1])
      let (k, stack) = (min(m, n), stack(a).codes)
      return [
        TensorType(a.dtype, Shape(codes: stack + [m, fullMatrices ? m : k])),
        TensorType(a.dtype.realPart, Shape(codes: stack + [k])),
        TensorType(a.dtype, Shape(codes: stack + [fullMatrices ? n : k, n])),
      ]
    }
  }

  /// Singular values in descending order.
  public static let svdvals = Routine("svdvals", arity: 1) { types in
    let a = try known("svdvals", types[0])
    let k = min(a.shape.codes[a.rank - 2], a.shape.codes[a.rank - 1])
    return [TensorType(a.dtype.realPart, Shape(codes: stack(a).codes + [k]))]
  }

  /// X of least norm that minimises the norm of A X - B.
  ///
  /// Results: X, the sums of squares of each column of A X - B, the rank of A, A's singular values.
  /// Singular values up to `rcond` times the greatest count as 0.
  ///
  /// - Shape: `[..., m, n]` and `[..., m, k]` to `[..., n, k]`, `[..., k]`, `[...]`, `[..., min]`.
  /// - Throws: `no-convergence` at run time, also for NaN and infinity.
  /// - Source: LAPACK gelsd.
  public static func lstsq(rcond: Double?) -> Routine {
    let options = rcond.map { ["rcond": "\($0)"] } ?? [:]
    return Routine("lstsq", options: options, arity: 2) { types in
      let (a, b) = (try known("lstsq", types[0]), try known("lstsq", types[1]))
      if a.dtype != b.dtype {
        throw WeftError(.dtype, "lstsq", "operands \(a) and \(b) have different dtypes")
      }
      let (m, n) = (a.shape.codes[a.rank - 2], a.shape.codes[a.rank - 1])
      if m != b.shape.codes[b.rank - 2] {
        throw WeftError(.shapeMismatch, "lstsq", "\(a) and \(b) have different numbers of rows")
      }
      let stack = try stacks("lstsq", a, b)
      let k = b.shape.codes[b.rank - 1]
      return [
        TensorType(a.dtype, Shape(codes: stack + [n, k])),
        TensorType(a.dtype.realPart, Shape(codes: stack + [k])),
        TensorType(.int64, Shape(codes: stack)),
        TensorType(a.dtype.realPart, Shape(codes: stack + [min(m, n)])),
      ]
    }
  }
}

extension Routine {
  /// Whether it factors one matrix, and has a way over entries where that is stored sparsely.
  public var isFactorisation: Bool {
    self == .det || self == .slogdet || self == .inv || self == .cholesky(upper: false)
      || self == .cholesky(upper: true)
  }
}

// MARK: - Types

extension Routine {
  static func matrix(_ name: String, _ type: TensorType) throws(WeftError) -> TensorType {
    if type.rank < 2 {
      throw WeftError(.shapeMismatch, name, "\(type) is no matrix: it has fewer than two axes")
    }
    switch type.dtype {
    case .float32, .float64, .complex64, .complex128: return type
    default:
      throw WeftError(
        .dtype, name, "is not defined for \(type)", hint: "convert it to float32 or float64")
    }
  }

  static func square(_ name: String, _ type: TensorType) throws(WeftError) -> TensorType {
    let type = try matrix(name, type)
    if !TypeInference.mayEqual(type.shape[type.rank - 2], type.shape[type.rank - 1]) {
      throw WeftError(.notSquare, name, "\(type) is not square in its last two axes")
    }
    return type
  }

  private static func known(_ name: String, _ type: TensorType) throws(WeftError) -> TensorType {
    let type = try matrix(name, type)
    if type.shape.codes.suffix(2).contains(where: { $0 < 0 }) {
      throw WeftError(
        .unknownExtent, name, "\(type) has extents that only the data tell",
        hint: "compute() the operand first")
    }
    return type
  }

  static func stack(_ type: TensorType) -> Shape {
    Shape(codes: Array(type.shape.codes.dropLast(2)))
  }

  private static func rows(_ type: TensorType) -> Shape {
    Shape(codes: Array(type.shape.codes.dropLast()))
  }

  /// The stack that two stacks broadcast to; unknown extents must be equal.
  static func stacks(
    _ name: String, _ a: TensorType, _ b: TensorType
  ) throws(WeftError) -> [Int] {
    var (long, short) = (stack(a).codes, stack(b).codes)
    if long.count < short.count { swap(&long, &short) }
    let offset = long.count - short.count
    for (axis, extent) in short.enumerated() where extent != long[offset + axis] && extent != 1 {
      guard long[offset + axis] == 1 else {
        throw WeftError(.broadcast, name, "stacks of \(a) and \(b) do not broadcast")
      }
      long[offset + axis] = extent
    }
    return long
  }
}
