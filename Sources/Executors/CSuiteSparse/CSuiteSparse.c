// The table of symbols and the wrappers. Structures are those of cholmod.h, whose first fields have
// been the same since CHOLMOD 2.
#include "CSuiteSparse.h"
#include "CBLAS.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// cholmod_sparse, cholmod_dense and the beginning of cholmod_factor.
typedef struct {
  size_t nrow, ncol, nzmax;
  void *p, *i, *nz, *x, *z;
  int stype, itype, xtype, dtype, sorted, packed;
} SparseMatrix;
typedef struct {
  size_t nrow, ncol, nzmax, d;
  void *x, *z;
  int xtype, dtype;
} DenseMatrix;
typedef struct {
  size_t n, minor;
  void *order;
  // The entries of each column.
  int64_t *counts;
} FactorHead;

#define WEFT_UMFPACK_SYMBOLS(DO, P) \
  DO(int, umfpack_##P##_symbolic, (int64_t, int64_t, const int64_t *, const int64_t *, \
    const double *WEFT_Z_##P, void **, const double *, double *)) \
  DO(int, umfpack_##P##_numeric, (const int64_t *, const int64_t *, const double *WEFT_Z_##P, \
    void *, void **, const double *, double *)) \
  DO(int, umfpack_##P##_solve, (int, const int64_t *, const int64_t *, const double *WEFT_Z_##P, \
    double *WEFT_OUT_##P, const double *WEFT_Z_##P, void *, const double *, double *)) \
  DO(int, umfpack_##P##_get_determinant, (double *WEFT_OUT_##P, double *, void *, double *)) \
  DO(void, umfpack_##P##_free_symbolic, (void **)) \
  DO(void, umfpack_##P##_free_numeric, (void **))
// Imaginary parts stand beside real ones where their own array is NULL.
#define WEFT_Z_dl
#define WEFT_OUT_dl
#define WEFT_Z_zl , const double *
#define WEFT_OUT_zl , double *
#define WEFT_CHOLMOD_SYMBOLS(DO) \
  DO(int, cholmod_l_start, (void *)) \
  DO(int, cholmod_l_finish, (void *)) \
  DO(void *, cholmod_l_analyze, (SparseMatrix *, void *)) \
  DO(int, cholmod_l_factorize, (SparseMatrix *, void *, void *)) \
  DO(DenseMatrix *, cholmod_l_solve, (int, void *, DenseMatrix *, void *)) \
  DO(int, cholmod_l_free_factor, (void **, void *)) \
  DO(int, cholmod_l_free_dense, (DenseMatrix **, void *)) \
  DO(int, cholmod_l_free_sparse, (SparseMatrix **, void *)) \
  DO(void *, cholmod_l_free, (size_t, size_t, void *, void *))

#define WEFT_SPQR_SYMBOLS(DO) \
  DO(int64_t, SuiteSparseQR_C, (int, double, int64_t, int, SparseMatrix *, SparseMatrix *, \
    DenseMatrix *, SparseMatrix **, DenseMatrix **, SparseMatrix **, int64_t **, SparseMatrix **, \
    int64_t **, DenseMatrix **, void *))

#define WEFT_FIELD(RESULT, NAME, PARAMETERS) RESULT(*NAME) PARAMETERS;
static struct {
  WEFT_UMFPACK_SYMBOLS(WEFT_FIELD, dl)
  WEFT_UMFPACK_SYMBOLS(WEFT_FIELD, zl)
  WEFT_CHOLMOD_SYMBOLS(WEFT_FIELD)
  WEFT_SPQR_SYMBOLS(WEFT_FIELD)
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char reason[512];

static void *openFirst(const char *variable, const char *const *usual) {
  const char *chosen = getenv(variable);
  void *handle = NULL;
  if (chosen && *chosen) {
    handle = dlopen(chosen, RTLD_NOW | RTLD_LOCAL);
  } else {
    for (; *usual && !handle; usual++) handle = dlopen(*usual, RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) {
    const char *error = dlerror();
    snprintf(reason, sizeof reason, "cannot open SuiteSparse: %s", error ? error : variable);
  }
  return handle;
}

static int load(void) {
  static const char *const umfpackNames[] = {
    "libumfpack.so.6", "libumfpack.so.5", "libumfpack.so", "libumfpack.dylib", NULL};
  static const char *const cholmodNames[] = {
    "libcholmod.so.5", "libcholmod.so.4", "libcholmod.so.3", "libcholmod.so",
    "libcholmod.dylib", NULL};
  void *umfpack = openFirst("WEFT_UMFPACK_LIBRARY", umfpackNames);
  void *cholmod = umfpack ? openFirst("WEFT_CHOLMOD_LIBRARY", cholmodNames) : NULL;
  if (!cholmod) return 0;
#define WEFT_LOAD(FROM, NAME) \
  *(void **)&library.NAME = dlsym(FROM, #NAME); \
  if (!library.NAME) { \
    snprintf(reason, sizeof reason, "SuiteSparse has no " #NAME); \
    return 0; \
  }
#define WEFT_LOAD_UMFPACK(RESULT, NAME, PARAMETERS) WEFT_LOAD(umfpack, NAME)
#define WEFT_LOAD_CHOLMOD(RESULT, NAME, PARAMETERS) WEFT_LOAD(cholmod, NAME)
  WEFT_UMFPACK_SYMBOLS(WEFT_LOAD_UMFPACK, dl)
  WEFT_UMFPACK_SYMBOLS(WEFT_LOAD_UMFPACK, zl)
  WEFT_CHOLMOD_SYMBOLS(WEFT_LOAD_CHOLMOD)
  return 1;
}

static int loadQR(void) {
  static const char *const names[] = {
    "libspqr.so.4", "libspqr.so.3", "libspqr.so.2", "libspqr.so", "libspqr.dylib", NULL};
  void *spqr = openFirst("WEFT_SPQR_LIBRARY", names);
  if (!spqr) return 0;
#define WEFT_LOAD_SPQR(RESULT, NAME, PARAMETERS) WEFT_LOAD(spqr, NAME)
  WEFT_SPQR_SYMBOLS(WEFT_LOAD_SPQR)
  return 1;
}

static const char *failureOfQR;

static void openOnce(void) {
  const char *noRoom = weft_blas_no_room();
  if (noRoom) {
    failure = failureOfQR = noRoom;
  } else if (!load()) {
    failure = failureOfQR = reason;
  } else if (!loadQR()) {
    failureOfQR = reason;
  }
}

const char *weft_suitesparse_open(void) {
  pthread_once(&once, openOnce);
  return failure;
}

const char *weft_spqr_open(void) {
  pthread_once(&once, openOnce);
  return failureOfQR;
}

// UMFPACK: matrices by columns, so that ours are transposes.

static int umfpackStatus(int status) {
  switch (status) {
  case 0: return WEFT_SUITESPARSE_OK;
  case 1: return WEFT_SUITESPARSE_SINGULAR;
  case -1: return WEFT_SUITESPARSE_NO_MEMORY;
  default: return WEFT_SUITESPARSE_FAILED;
  }
}

// What symbolic analysis tells: the bytes of a unit, and the units that elimination takes at most.
enum { infoCount = 90, bytesOfUnit = 3, peakOfUnits = 21 };

int weft_umfpack_factor(int isComplex, int64_t n, const int64_t *ends, const int64_t *columns,
  const double *values, double mostBytes, void **factors) {
  void *symbolic = NULL;
  double info[infoCount] = {0};
  *factors = NULL;
  int status = isComplex
    ? library.umfpack_zl_symbolic(n, n, ends, columns, values, NULL, &symbolic, NULL, info)
    : library.umfpack_dl_symbolic(n, n, ends, columns, values, &symbolic, NULL, info);
  const int isTooLarge = status == 0 && info[peakOfUnits] * info[bytesOfUnit] > mostBytes;
  if (status == 0 && !isTooLarge) {
    WEFT_BLAS_INSIDE(
      status = isComplex
        ? library.umfpack_zl_numeric(ends, columns, values, NULL, symbolic, factors, NULL, NULL)
        : library.umfpack_dl_numeric(ends, columns, values, symbolic, factors, NULL, NULL));
  }
  if (symbolic) {
    if (isComplex) library.umfpack_zl_free_symbolic(&symbolic);
    else library.umfpack_dl_free_symbolic(&symbolic);
  }
  if (status != 0 && *factors) weft_umfpack_free(isComplex, factors);
  return isTooLarge ? WEFT_SUITESPARSE_TOO_LARGE : umfpackStatus(status);
}

int weft_umfpack_solve(int isComplex, int isTransposed, const int64_t *ends,
  const int64_t *columns, const double *values, double *x, const double *b, void *factors) {
  enum { itself = 0, transpose = 2 };
  int system = isTransposed ? itself : transpose, status;
  WEFT_BLAS_INSIDE(
    status = isComplex
      ? library.umfpack_zl_solve(system, ends, columns, values, NULL, x, NULL, b, NULL, factors,
          NULL, NULL)
      : library.umfpack_dl_solve(system, ends, columns, values, x, b, factors, NULL, NULL));
  return umfpackStatus(status);
}

int weft_umfpack_determinant(int isComplex, double *re, double *im, double *exponent,
  void *factors) {
  *im = 0;
  int status = isComplex
    ? library.umfpack_zl_get_determinant(re, im, exponent, factors, NULL)
    : library.umfpack_dl_get_determinant(re, exponent, factors, NULL);
  // A warning: it has no place among numbers without the exponent apart.
  return status == 2 || status == 3 ? WEFT_SUITESPARSE_OK : umfpackStatus(status);
}

void weft_umfpack_free(int isComplex, void **factors) {
  if (isComplex) library.umfpack_zl_free_numeric(factors);
  else library.umfpack_dl_free_numeric(factors);
}

// CHOLMOD.

enum {
  commonBytes = 1 << 16, longIntegers = 2, realNumbers = 1, complexNumbers = 2, doublePrecision = 0
};

struct weft_cholmod {
  // cholmod_common, some 3 KiB in all versions, aligned by malloc.
  void *common;
  void *factor;
  size_t n;
};

// Two fields of cholmod_common are set, found by the values that cholmod_start gives them and their
// neighbours, which are the same in CHOLMOD 2 to 5. `supernodal`, AUTO at first, becomes SUPERNODAL:
// that factor is L L^T, which tells whether a matrix is definite; the other, L D L^T, goes on.
// `print`, 3 at first, becomes 0: messages are ours to give. 0 where they are not found.
static int configure(void *common) {
  // supernodal_switch, then supernodal, final_asis, _super, _ll, _pack, _monotonic, _resymbol.
  static const double limit = 40;
  static const int kinds[] = {1, 1, 1, 0, 1, 1, 0};
  // prefer_zomplex, prefer_upper, quick_return_if_not_posdef, prefer_binary, print, precise, try_catch.
  static const int habits[] = {0, 1, 0, 0, 3, 0, 0};
  int *words = common, *supernodal = NULL;
  for (size_t i = 2; i < 256; i++) {
    if (!supernodal && memcmp(words + i - 2, &limit, sizeof limit) == 0
        && memcmp(words + i, kinds, sizeof kinds) == 0) {
      supernodal = words + i;
    } else if (supernodal && memcmp(words + i, habits, sizeof habits) == 0) {
      *supernodal = 2;
      words[i + 4] = 0;
      return 1;
    }
  }
  return 0;
}

void weft_cholmod_free(weft_cholmod *factor) {
  if (!factor) return;
  if (factor->common) {
    if (factor->factor) library.cholmod_l_free_factor(&factor->factor, factor->common);
    library.cholmod_l_finish(factor->common);
    free(factor->common);
  }
  free(factor);
}

// Numbers of a factor, with the zeros that supernodes add and room to work in: twice the entries.
static double factorBytes(const FactorHead *factor) {
  double entries = 0;
  for (size_t i = 0; i < factor->n; i++) entries += (double)factor->counts[i];
  return 2 * sizeof(double) * entries;
}

int weft_cholmod_factor(int64_t n, const int64_t *ends, const int64_t *columns,
  const double *values, double mostBytes, weft_cholmod **result) {
  *result = NULL;
  weft_cholmod *factor = calloc(1, sizeof *factor);
  if (!factor) return WEFT_SUITESPARSE_NO_MEMORY;
  factor->n = (size_t)n;
  factor->common = calloc(1, commonBytes);
  if (!factor->common || !library.cholmod_l_start(factor->common)) {
    free(factor->common);
    free(factor);
    return WEFT_SUITESPARSE_NO_MEMORY;
  }
  if (!configure(factor->common)) {
    weft_cholmod_free(factor);
    return WEFT_SUITESPARSE_FAILED;
  }
  // CHOLMOD does not write to what it factors.
  SparseMatrix matrix = {
    .nrow = (size_t)n, .ncol = (size_t)n, .nzmax = (size_t)ends[n], .p = (void *)ends,
    .i = (void *)columns, .x = (void *)values, .stype = 1, .itype = longIntegers,
    .xtype = realNumbers, .dtype = doublePrecision, .sorted = 1, .packed = 1};
  factor->factor = library.cholmod_l_analyze(&matrix, factor->common);
  if (factor->factor && factorBytes(factor->factor) > mostBytes) {
    weft_cholmod_free(factor);
    return WEFT_SUITESPARSE_TOO_LARGE;
  }
  int isFactored;
  WEFT_BLAS_INSIDE(
    isFactored = factor->factor
      && library.cholmod_l_factorize(&matrix, factor->factor, factor->common));
  if (!isFactored || ((FactorHead *)factor->factor)->minor < factor->n) {
    int status = factor->factor ? WEFT_SUITESPARSE_NOT_DEFINITE : WEFT_SUITESPARSE_NO_MEMORY;
    weft_cholmod_free(factor);
    return status;
  }
  *result = factor;
  return WEFT_SUITESPARSE_OK;
}

int weft_cholmod_solve(weft_cholmod *factor, int64_t count, const double *b, double *x) {
  DenseMatrix sides = {
    .nrow = factor->n, .ncol = (size_t)count, .nzmax = factor->n * (size_t)count,
    .d = factor->n, .x = (void *)b, .xtype = realNumbers, .dtype = doublePrecision};
  DenseMatrix *found;
  WEFT_BLAS_INSIDE(
    found = library.cholmod_l_solve(0, factor->factor, &sides, factor->common));
  if (!found) return WEFT_SUITESPARSE_NO_MEMORY;
  memcpy(x, found->x, factor->n * (size_t)count * sizeof *x);
  library.cholmod_l_free_dense(&found, factor->common);
  return WEFT_SUITESPARSE_OK;
}

// SPQR.

/// A matrix by columns as CHOLMOD has it; nothing is written to it.
static SparseMatrix byColumns(int isComplex, int64_t rows, int64_t columns, const int64_t *ends,
  const int64_t *places, const double *values) {
  return (SparseMatrix){
    .nrow = (size_t)rows, .ncol = (size_t)columns, .nzmax = (size_t)ends[columns],
    .p = (void *)ends, .i = (void *)places, .x = (void *)values, .itype = longIntegers,
    .xtype = isComplex ? complexNumbers : realNumbers, .dtype = doublePrecision, .sorted = 1,
    .packed = 1};
}

static int started(void **common) {
  *common = calloc(1, commonBytes);
  if (*common && library.cholmod_l_start(*common)) {
    configure(*common);
    return 1;
  }
  free(*common);
  return 0;
}

static void finish(void *common) {
  library.cholmod_l_finish(common);
  free(common);
}

enum { defaultOrdering = 7, defaultTolerance = -2, solution = 2 };

int weft_spqr_solve(int isComplex, int64_t rows, int64_t columns, const int64_t *ends,
  const int64_t *places, const double *values, int64_t count, const double *b, double *x,
  int64_t *rank) {
  void *common;
  if (!started(&common)) return WEFT_SUITESPARSE_NO_MEMORY;
  SparseMatrix matrix = byColumns(isComplex, rows, columns, ends, places, values);
  DenseMatrix sides = {
    .nrow = (size_t)rows, .ncol = (size_t)count, .nzmax = (size_t)(rows * count),
    .d = (size_t)rows, .x = (void *)b, .xtype = matrix.xtype, .dtype = doublePrecision};
  DenseMatrix *found = NULL;
  WEFT_BLAS_INSIDE(
    *rank = library.SuiteSparseQR_C(defaultOrdering, defaultTolerance, columns, solution, &matrix,
      NULL, &sides, NULL, &found, NULL, NULL, NULL, NULL, NULL, common));
  int status = found && *rank >= 0 ? WEFT_SUITESPARSE_OK : WEFT_SUITESPARSE_NO_MEMORY;
  if (status == WEFT_SUITESPARSE_OK) {
    memcpy(x, found->x, (size_t)(columns * count) * (isComplex ? 2 : 1) * sizeof *x);
  }
  if (found) library.cholmod_l_free_dense(&found, common);
  finish(common);
  return status;
}

typedef double _Complex Number;

static Number numberAt(int isComplex, const double *values, int64_t place) {
  return isComplex ? ((const Number *)values)[place] : values[place];
}

static Number conjugateAt(int isComplex, const double *values, int64_t place) {
  return isComplex ? __builtin_conj(((const Number *)values)[place]) : values[place];
}

/// y with T^H T y = b for the triangle of T's columns in another order: R^H and then R.
static void solveGram(int isComplex, const SparseMatrix *triangle, const int64_t *order,
  const Number *b, Number *work, Number *y) {
  const int64_t *ends = triangle->p, *rows = triangle->i;
  const double *values = triangle->x;
  const int64_t n = (int64_t)triangle->ncol;
  for (int64_t column = 0; column < n; column++) {
    Number rest = b[order ? order[column] : column];
    const int64_t last = ends[column + 1] - 1;
    for (int64_t k = ends[column]; k < last; k++) {
      rest -= conjugateAt(isComplex, values, k) * work[rows[k]];
    }
    work[column] = rest / conjugateAt(isComplex, values, last);
  }
  for (int64_t column = n - 1; column >= 0; column--) {
    const int64_t last = ends[column + 1] - 1;
    const Number found = work[column] / numberAt(isComplex, values, last);
    for (int64_t k = ends[column]; k < last; k++) {
      work[rows[k]] -= numberAt(isComplex, values, k) * found;
    }
    y[order ? order[column] : column] = found;
  }
}

/// Whether each column of a triangle ends with its diagonal, sorted by rows.
static int isTriangle(const SparseMatrix *triangle) {
  const int64_t *ends = triangle->p, *rows = triangle->i;
  if (triangle->nrow < triangle->ncol || !triangle->packed) return 0;
  for (size_t column = 0; column < triangle->ncol; column++) {
    if (ends[column + 1] == ends[column]) return 0;
    if (rows[ends[column + 1] - 1] != (int64_t)column) return 0;
  }
  return 1;
}

int weft_spqr_least(int isComplex, int64_t rows, int64_t columns, const int64_t *ends,
  const int64_t *places, const double *values, int64_t count, const double *b, double *x,
  int64_t *rank) {
  void *common;
  if (!started(&common)) return WEFT_SUITESPARSE_NO_MEMORY;
  SparseMatrix matrix = byColumns(isComplex, rows, columns, ends, places, values);
  SparseMatrix *triangle = NULL;
  int64_t *order = NULL;
  WEFT_BLAS_INSIDE(
    *rank = library.SuiteSparseQR_C(defaultOrdering, defaultTolerance, columns, 0, &matrix, NULL,
      NULL, NULL, NULL, &triangle, &order, NULL, NULL, NULL, common));
  Number *work = malloc((size_t)(3 * columns + rows + 1) * sizeof *work);
  int status = work && triangle && *rank >= 0 ? WEFT_SUITESPARSE_OK : WEFT_SUITESPARSE_NO_MEMORY;
  if (status == WEFT_SUITESPARSE_OK && *rank == columns && isTriangle(triangle)) {
    Number *rest = work + columns, *y = rest + columns, *found = y + columns;
    for (int64_t side = 0; side < count; side++) {
      for (int64_t i = 0; i < rows; i++) found[i] = 0;
      for (int64_t i = 0; i < columns; i++) rest[i] = numberAt(isComplex, b, side * columns + i);
      // Then twice the error that squaring the condition leaves.
      for (int pass = 0; pass < 3; pass++) {
        solveGram(isComplex, triangle, order, rest, work, y);
        for (int64_t j = 0; j < columns; j++) {
          for (int64_t k = ends[j]; k < ends[j + 1]; k++) {
            found[places[k]] += numberAt(isComplex, values, k) * y[j];
          }
        }
        for (int64_t j = 0; j < columns; j++) {
          Number sum = numberAt(isComplex, b, side * columns + j);
          for (int64_t k = ends[j]; k < ends[j + 1]; k++) {
            sum -= conjugateAt(isComplex, values, k) * found[places[k]];
          }
          rest[j] = sum;
        }
      }
      for (int64_t i = 0; i < rows; i++) {
        if (isComplex) ((Number *)x)[side * rows + i] = found[i];
        else x[side * rows + i] = __real__ found[i];
      }
    }
  } else if (status == WEFT_SUITESPARSE_OK) {
    *rank = *rank < columns ? *rank : columns - 1;
  }
  free(work);
  if (triangle) library.cholmod_l_free_sparse(&triangle, common);
  if (order) library.cholmod_l_free((size_t)columns, sizeof *order, order, common);
  finish(common);
  return status;
}
