#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// SuiteSparse opened at run time: the package builds and loads without it. Matrices are square and
// stored by rows: row i has the entries ends[i] to ends[i + 1], with ascending columns. Complex
// numbers are two doubles.

/// Opens UMFPACK and CHOLMOD, once a process; NULL, or why they cannot be used.
///
/// `WEFT_UMFPACK_LIBRARY` and `WEFT_CHOLMOD_LIBRARY` name the only files that are tried.
const char *weft_suitesparse_open(void);

// The rest needs weft_suitesparse_open() to have given NULL.

enum {
  WEFT_SUITESPARSE_OK = 0,
  WEFT_SUITESPARSE_SINGULAR = 1,
  WEFT_SUITESPARSE_NOT_DEFINITE = 2,
  WEFT_SUITESPARSE_NO_MEMORY = 3,
  WEFT_SUITESPARSE_FAILED = 4,
  WEFT_SUITESPARSE_TOO_LARGE = 5
};

/// LU factors by UMFPACK; the arrays must live as long as the factors. Too large where elimination may take more
/// than so many bytes, by symbolic analysis.
int weft_umfpack_factor(int isComplex, int64_t n, const int64_t *ends, const int64_t *columns,
  const double *values, double mostBytes, void **factors);
/// x with A x = b, or with the transpose of A.
int weft_umfpack_solve(int isComplex, int isTransposed, const int64_t *ends,
  const int64_t *columns, const double *values, double *x, const double *b, void *factors);
/// The determinant as a number from 1 to 10 in magnitude, or 0, times a power of ten.
int weft_umfpack_determinant(int isComplex, double *re, double *im, double *exponent,
  void *factors);
void weft_umfpack_free(int isComplex, void **factors);

/// A factor of a symmetric positive definite matrix by CHOLMOD; one triangle is read. Too large as for UMFPACK.
typedef struct weft_cholmod weft_cholmod;
int weft_cholmod_factor(int64_t n, const int64_t *ends, const int64_t *columns,
  const double *values, double mostBytes, weft_cholmod **factor);
/// X with A X = B for right-hand sides one after the other; not by two threads at once.
int weft_cholmod_solve(weft_cholmod *factor, int64_t count, const double *b, double *x);
void weft_cholmod_free(weft_cholmod *factor);

/// Opens SPQR beside the others, once a process; NULL, or why it cannot be used. `WEFT_SPQR_LIBRARY` names the
/// only file that is tried.
const char *weft_spqr_open(void);

// The rest needs weft_spqr_open() to have given NULL. Matrices are stored by columns, with at least as many rows as
// columns; right-hand sides and solutions stand one after the other. `rank` below the number of columns says that
// the solution is none.

/// The x of `columns` numbers with the least |A x - b|, b of `rows` numbers.
int weft_spqr_solve(int isComplex, int64_t rows, int64_t columns, const int64_t *ends,
  const int64_t *places, const double *values, int64_t count, const double *b, double *x,
  int64_t *rank);
/// The shortest x of `rows` numbers with A^H x = b, b of `columns` numbers.
int weft_spqr_least(int isComplex, int64_t rows, int64_t columns, const int64_t *ends,
  const int64_t *places, const double *values, int64_t count, const double *b, double *x,
  int64_t *rank);

#ifdef __cplusplus
}
#endif
