#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// LAPACK from the library that CBLAS.h opens. Matrices are column-major, without padding between
// columns; `info` is LAPACK's: 0, or what went wrong.
//
// Complex `a` of heevd, gesdd and gelsd and `vh` of gesdd need a column's room behind them, as OpenBLAS reads
// an element more than a row has (see weft_blas_zgemv); so does `a` of potri where the triangle is 'U'.

/// The element type: float, double, and complex numbers of both.
enum { WEFT_LAPACK_S, WEFT_LAPACK_D, WEFT_LAPACK_C, WEFT_LAPACK_Z };

/// Finds the symbols, once a process; NULL, or why LAPACK cannot be used.
const char *weft_lapack_open(void);

// The rest needs weft_lapack_open() to have given NULL.

/// How many elements, real numbers and integers of work space a call needs.
///
/// A call with `work` NULL only fills this in; the next takes it back with that much space.
typedef struct {
  int64_t elements, reals, integers;
} weft_lapack_sizes;
/// The bytes of a work space.
int64_t weft_lapack_bytes(int type, weft_lapack_sizes sizes);

/// P A = L U in place, n by n.
int32_t weft_lapack_getrf(int type, int32_t n, void *a, int32_t *pivots);
/// Solves A^T X = B in place of B (n by k) with the factors of `getrf`.
int32_t weft_lapack_getrs_transposed(
  int type, int32_t n, int32_t k, const void *a, const int32_t *pivots, void *b);
/// The inverse in place of the factors of `getrf`.
int32_t weft_lapack_getri(
  int type, int32_t n, void *a, const int32_t *pivots, void *work, weft_lapack_sizes *sizes);
/// A Cholesky factor in place of the triangle 'U' or 'L'; the other one stays as it was.
int32_t weft_lapack_potrf(int type, char triangle, int32_t n, void *a);
/// As `getrf` and `potrf` for a block of a matrix whose columns are `leading` apart.
int32_t weft_lapack_getrf_strided(int type, int32_t n, void *a, int32_t leading, int32_t *pivots);
int32_t weft_lapack_potrf_strided(int type, char triangle, int32_t n, void *a, int32_t leading);
/// As `getrf` for `m` rows of `n` columns that are `leading` apart.
int32_t weft_lapack_getrf_panel(
  int type, int32_t m, int32_t n, void *a, int32_t leading, int32_t *pivots);
/// The inverse's triangle in place of a Cholesky factor.
int32_t weft_lapack_potri(int type, char triangle, int32_t n, void *a);
/// The inverse in place of a triangle; the other one stays as it was.
int32_t weft_lapack_trtri(int type, char triangle, int32_t n, void *a);
/// P A = L U in place of a matrix with `lower` and `upper` bands, as LAPACK stores bands.
int32_t weft_lapack_gbtrf(
  int type, int32_t n, int32_t lower, int32_t upper, void *ab, int32_t *pivots);
/// Solves A X = B, or A^T X = B for 'T', in place of B (n by k) with the factors of `gbtrf`.
int32_t weft_lapack_gbtrs(
  int type, char trans, int32_t n, int32_t lower, int32_t upper, int32_t k, const void *ab,
  const int32_t *pivots, void *b);
/// Eigenvalues in ascending order and, for job 'V', eigenvectors in place of a symmetric or
/// Hermitian matrix of which one triangle is read.
int32_t weft_lapack_heevd(
  int type, char job, char triangle, int32_t n, void *a, void *values, void *work,
  weft_lapack_sizes *sizes);
/// Eigenvalues and, for job 'V', right eigenvectors.
///
/// Real types: real and imaginary parts in `values` and `imaginary`, vectors of pairs as two
/// columns. Complex types: `imaginary` is not used.
int32_t weft_lapack_geev(
  int type, char job, int32_t n, void *a, void *values, void *imaginary, void *vectors,
  void *work, weft_lapack_sizes *sizes);
/// R and the reflectors of Q in place of A, m by n.
int32_t weft_lapack_geqrf(
  int type, int32_t m, int32_t n, void *a, void *tau, void *work, weft_lapack_sizes *sizes);
/// Q, m by n, in place of k reflectors.
int32_t weft_lapack_orgqr(
  int type, int32_t m, int32_t n, int32_t k, void *a, const void *tau, void *work,
  weft_lapack_sizes *sizes);
/// A = U S V^H, m by n; job 'A' for square U and V^H, 'S' for min(m, n) vectors, 'N' for none.
int32_t weft_lapack_gesdd(
  int type, char job, int32_t m, int32_t n, void *a, void *s, void *u, void *vh, void *work,
  weft_lapack_sizes *sizes);
/// Least squares of A X = B; B has max(m, n) rows and X takes its place.
int32_t weft_lapack_gelsd(
  int type, int32_t m, int32_t n, int32_t k, void *a, void *b, void *s, double rcond,
  int32_t *rank, void *work, weft_lapack_sizes *sizes);

#ifdef __cplusplus
}
#endif
