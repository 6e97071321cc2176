import WeftIR

/// The code of the built-in routines.
public enum Routines {
  /// A routine's results from its operands.
  public typealias Implementation =
    @Sendable (Routine, [Buffer], RunContext) throws -> [Buffer]

  /// The implementations by the routines' names.
  public static let table: [String: Implementation] = [
    "cholesky": { try cholesky(MatrixCall($0, $1, $2)) },
    "inv": { try inv(MatrixCall($0, $1, $2)) },
    "solve": { try solve(MatrixCall($0, $1, $2)) },
    "sparse_solve": { try solve(MatrixCall($0, $1, $2)) },
    "det": { try det(MatrixCall($0, $1, $2)) },
    "slogdet": { try slogdet(MatrixCall($0, $1, $2)) },
    "eigh": { try eigh(MatrixCall($0, $1, $2), vectors: true) },
    "eigvalsh": { try eigh(MatrixCall($0, $1, $2), vectors: false) },
    "eig": { try eig(MatrixCall($0, $1, $2), vectors: true) },
    "eigvals": { try eig(MatrixCall($0, $1, $2), vectors: false) },
    "qr": { try qr(MatrixCall($0, $1, $2)) },
    "svd": { try svd(MatrixCall($0, $1, $2), vectors: true) },
    "svdvals": { try svd(MatrixCall($0, $1, $2), vectors: false) },
    "lstsq": { try lstsq(MatrixCall($0, $1, $2)) },
    "sparse_lstsq": { try lstsq(MatrixCall($0, $1, $2)) },
    "fft": fourier,
    "distinct": distinct,
    "view": view,
    "sample": sample,
    "sampleRows": sampleRows,
    "require": require,
    "assume": { _, operands, _ in [operands[0]] },
    "factor": { try factor(MatrixCall($0, $1, $2)) },
    "solve_factored": { try solveFactored(MatrixCall($0, $1, $2)) },
    "solve_diagonal": { try solveDiagonal(MatrixCall($0, $1, $2)) },
    "determinant_factored": { try determinantFactored(MatrixCall($0, $1, $2)) },
    "inverse_gram": { try inverseGram(MatrixCall($0, $1, $2)) },
    "low_rank_solve": { try lowRankSolve(MatrixCall($0, $1, $2)) },
    "band": band,
    "band_transpose": bandTranspose,
    "band_matrix": bandMatrix,
    "band_product": bandProduct,
    "band_factor": bandFactor,
    "band_solve": bandSolve,
    "band_determinant": bandDeterminant,
    "structured_product": { try structuredProduct($0, $1, $2) },
    "sampled_product": { try sampledProduct($0, $1, $2) },
  ]
}
