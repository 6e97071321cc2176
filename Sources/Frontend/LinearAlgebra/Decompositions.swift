import WeftIR

/// What a QR factorisation gives.
public typealias QRMode = Routine.QRMode

/// Eigenvalues and eigenvectors, as columns, of a Hermitian or symmetric matrix.
///
/// Only one triangle is read.
///
/// - Shape: `[..., n, n]` to `[..., n]`, ascending, and `[..., n, n]`.
/// - DType: values are real.
/// - Throws: from `compute()`: `not-square`; `no-convergence` with the position, also for NaN.
/// - Accuracy: backward stable; vectors are orthonormal to about n eps.
/// - NumPy: `numpy.linalg.eigh`; `upper` is UPLO='U'.
/// - Source: divide and conquer, LAPACK syevd and heevd.
///
/// ```swift
/// let (values, vectors) = eigh([[2, 1], [1, 2]])
/// values  // [1. 3.]
/// round(vectors • (values * vectors).T, decimals: 6)
/// // [[2. 1.]
/// //  [1. 2.]]
/// ```
public func eigh(
  _ a: NDArray, upper: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> (values: NDArray, vectors: NDArray) {
  let c = Composition("eigh", file, line)
  let parts = c.several(2, [a]) { () throws(WeftError) in
    try c.results(.eigh(upper: upper), [try c.matrix(a)])
  }
  return (parts[0], parts[1])
}

/// Eigenvalues of a Hermitian or symmetric matrix in ascending order.
///
/// - Shape: `[..., n, n]` to `[..., n]`.
/// - DType: the real dtype; integers convert to float64.
/// - Throws: as `eigh`.
/// - NumPy: `numpy.linalg.eigvalsh`.
///
/// ```swift
/// eigvalsh([[2, 1], [1, 2]])  // [1. 3.]
/// ```
public func eigvalsh(
  _ a: NDArray, upper: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  Composition("eigvalsh", file, line).result(.eigvalsh(upper: upper), of: a)
}

/// Eigenvalues and right eigenvectors, as columns of length 1, of a square matrix.
///
/// - Shape: `[..., n, n]` to `[..., n]`, in no order, and `[..., n, n]`.
/// - DType: complex, also where all values turn out to be real: no dtype depends on elements.
/// - Throws: from `compute()`: `not-square`; `no-convergence` with the position, also for NaN.
/// - NumPy: `numpy.linalg.eig`, whose dtype is real where all values are.
/// - Source: QR algorithm, LAPACK geev.
///
/// ```swift
/// let (values, _) = eig([[0, -1], [1, 0]])
/// sortComplex(values)  // [0.-1.j 0.+1.j]
/// ```
public func eig(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (values: NDArray, vectors: NDArray) {
  let c = Composition("eig", file, line)
  let parts = c.several(2, [a]) { () throws(WeftError) in
    try c.results(.eig, [try c.matrix(a)])
  }
  return (parts[0], parts[1])
}

/// Eigenvalues of a square matrix, in no order.
///
/// - Shape: `[..., n, n]` to `[..., n]`.
/// - DType: complex, as `eig`.
/// - Throws: as `eig`.
/// - NumPy: `numpy.linalg.eigvals`.
///
/// ```swift
/// eigvals([[2, 0], [0, 3]])  // [2.+0.j 3.+0.j]
/// ```
public func eigvals(_ a: NDArray, file: StaticString = #fileID, line: UInt = #line) -> NDArray {
  Composition("eigvals", file, line).result(.eigvals, of: a)
}

/// Q with orthonormal columns and R upper triangular with a = Q R.
///
/// - Shape: `[..., m, n]` to `[..., m, k]` and `[..., k, n]`; k is min(m, n), or m for `.complete`.
///   With `.r` there is no Q and its place has R too.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `shape-mismatch` for fewer than two axes.
/// - Accuracy: backward stable; Q is orthonormal to about n eps.
/// - NumPy: `numpy.linalg.qr`.
/// - Source: Householder reflections, Golub & Van Loan 4th ed. 5.2; LAPACK geqrf.
///
/// ```swift
/// let a: NDArray = [[3, 1], [4, 2]]
/// let (q, r) = qr(a)
/// allClose(q • r, a)  // True
/// round(abs(r), decimals: 6)
/// // [[5.  2.2]
/// //  [0.  0.4]]
/// ```
public func qr(
  _ a: NDArray, mode: QRMode = .reduced, file: StaticString = #fileID, line: UInt = #line
) -> (q: NDArray, r: NDArray) {
  let c = Composition("qr", file, line)
  let parts = c.several(2, [a]) { () throws(WeftError) in
    let results = try c.results(.qr(mode), [try c.matrix(a)])
    return results.count == 2 ? results : results + results
  }
  return (parts[0], parts[1])
}

/// Singular values in descending order and singular vectors: a = u s vh.
///
/// - Shape: `[..., m, n]` to `[..., m, m]`, `[..., k]`, `[..., n, n]` with k = min(m, n); without
///   `fullMatrices` `[..., m, k]`, `[..., k]`, `[..., k, n]`.
/// - DType: values are real.
/// - Throws: from `compute()`: `shape-mismatch`; `no-convergence` with the position, also for NaN.
/// - Accuracy: backward stable.
/// - NumPy: `numpy.linalg.svd`; `svdvals` is its `compute_uv=False`.
/// - Source: divide and conquer, LAPACK gesdd.
///
/// ```swift
/// let a: NDArray = [[3, 0], [0, 4], [0, 0]]
/// let (u, s, vh) = svd(a, fullMatrices: false)
/// s  // [4. 3.]
/// allClose(u * s • vh, a)  // True
/// ```
public func svd(
  _ a: NDArray, fullMatrices: Bool = true, file: StaticString = #fileID, line: UInt = #line
) -> (u: NDArray, s: NDArray, vh: NDArray) {
  let c = Composition("svd", file, line)
  let parts = c.several(3, [a]) { () throws(WeftError) in
    try c.results(.svd(fullMatrices: fullMatrices), [try c.matrix(a)])
  }
  return (parts[0], parts[1], parts[2])
}

/// Singular values in descending order.
///
/// - Shape: `[..., m, n]` to `[..., min(m, n)]`.
/// - DType: the real dtype; integers convert to float64.
/// - Throws: as `svd`.
/// - NumPy: `numpy.linalg.svdvals`.
///
/// ```swift
/// svdvals([[3, 0], [0, 4]])  // [4. 3.]
/// ```
public func svdvals(_ a: NDArray, file: StaticString = #fileID, line: UInt = #line) -> NDArray {
  Composition("svdvals", file, line).result(.svdvals, of: a)
}
