// The table of LAPACK's symbols by element type, and wrappers that hide where the real and the
// complex routines differ. A new routine is a line in WEFT_LAPACK_SYMBOLS and a wrapper.
#include "CBLAS.h"
#include <dlfcn.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

// Fortran: every argument by address, the length of each text at the end.
typedef const int32_t *Int;
typedef const char *Text;
typedef size_t Length;

// The name for real types, that for complex ones, and the arguments with elements as `void *`.
// Routines that differ between the two have a row for each.
#define WEFT_LAPACK_SYMBOLS(DO) \
  DO(getrf, "getrf", "getrf", (Int, Int, void *, Int, int32_t *, int32_t *)) \
  DO(getrs, "getrs", "getrs", \
    (Text, Int, Int, const void *, Int, Int, void *, Int, int32_t *, Length)) \
  DO(getri, "getri", "getri", (Int, void *, Int, Int, void *, Int, int32_t *)) \
  DO(potrf, "potrf", "potrf", (Text, Int, void *, Int, int32_t *, Length)) \
  DO(potri, "potri", "potri", (Text, Int, void *, Int, int32_t *, Length)) \
  DO(trtri, "trtri", "trtri", (Text, Text, Int, void *, Int, int32_t *, Length, Length)) \
  DO(gbtrf, "gbtrf", "gbtrf", (Int, Int, Int, Int, void *, Int, int32_t *, int32_t *)) \
  DO(gbtrs, "gbtrs", "gbtrs", \
    (Text, Int, Int, Int, Int, const void *, Int, Int, void *, Int, int32_t *, Length)) \
  DO(geqrf, "geqrf", "geqrf", (Int, Int, void *, Int, void *, void *, Int, int32_t *)) \
  DO(orgqr, "orgqr", "ungqr", \
    (Int, Int, Int, void *, Int, const void *, void *, Int, int32_t *)) \
  DO(syevd, "syevd", NULL, \
    (Text, Text, Int, void *, Int, void *, void *, Int, int32_t *, Int, int32_t *, Length, \
      Length)) \
  DO(heevd, NULL, "heevd", \
    (Text, Text, Int, void *, Int, void *, void *, Int, void *, Int, int32_t *, Int, int32_t *, \
      Length, Length)) \
  DO(geevReal, "geev", NULL, \
    (Text, Text, Int, void *, Int, void *, void *, void *, Int, void *, Int, void *, Int, \
      int32_t *, Length, Length)) \
  DO(geevComplex, NULL, "geev", \
    (Text, Text, Int, void *, Int, void *, void *, Int, void *, Int, void *, Int, void *, \
      int32_t *, Length, Length)) \
  DO(gesddReal, "gesdd", NULL, \
    (Text, Int, Int, void *, Int, void *, void *, Int, void *, Int, void *, Int, int32_t *, \
      int32_t *, Length)) \
  DO(gesddComplex, NULL, "gesdd", \
    (Text, Int, Int, void *, Int, void *, void *, Int, void *, Int, void *, Int, void *, \
      int32_t *, int32_t *, Length)) \
  DO(gelsdReal, "gelsd", NULL, \
    (Int, Int, Int, void *, Int, void *, Int, void *, const void *, int32_t *, void *, Int, \
      int32_t *, int32_t *)) \
  DO(gelsdComplex, NULL, "gelsd", \
    (Int, Int, Int, void *, Int, void *, Int, void *, const void *, int32_t *, void *, Int, \
      void *, int32_t *, int32_t *))

#define WEFT_FIELD(FIELD, REAL, COMPLEX, PARAMETERS) void(*FIELD) PARAMETERS;
static struct Table {
  WEFT_LAPACK_SYMBOLS(WEFT_FIELD)
} tables[4];

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char reason[512];

static int isComplex(int type) { return type >= WEFT_LAPACK_C; }
static int isDouble(int type) { return type == WEFT_LAPACK_D || type == WEFT_LAPACK_Z; }
static int64_t realSize(int type) { return isDouble(type) ? 8 : 4; }
static int64_t elementSize(int type) { return realSize(type) * (isComplex(type) ? 2 : 1); }

static void *find(void *other, const char *symbol) {
  void *found = weft_blas_symbol(symbol);
  return found || !other ? found : dlsym(other, symbol);
}

static void openOnce(void) {
  failure = weft_blas_open();
  if (failure) return;
  // A reference BLAS has its LAPACK in a file of its own.
  void *other = weft_blas_symbol("dgetrf_") ? NULL : dlopen("liblapack.so.3", RTLD_NOW | RTLD_LOCAL);
  for (int type = 0; type < 4; type++) {
    char symbol[32];
    // Data and function pointers have one size wherever dlsym exists.
#define WEFT_LOAD(FIELD, REAL, COMPLEX, PARAMETERS) \
  { \
    const char *name = isComplex(type) ? COMPLEX : REAL; \
    if (name) { \
      snprintf(symbol, sizeof symbol, "%c%s_", "sdcz"[type], name); \
      *(void **)&tables[type].FIELD = find(other, symbol); \
      if (!tables[type].FIELD) goto missing; \
    } \
  }
    WEFT_LAPACK_SYMBOLS(WEFT_LOAD)
    continue;
  missing:
    snprintf(
      reason, sizeof reason, "%s has no LAPACK: it lacks %s", weft_blas_library(), symbol);
    failure = reason;
    return;
  }
}

const char *weft_lapack_open(void) {
  pthread_once(&once, openOnce);
  return failure;
}

// MARK: Work space

static int64_t aligned(int64_t bytes) { return (bytes + 63) / 64 * 64; }

int64_t weft_lapack_bytes(int type, weft_lapack_sizes sizes) {
  return aligned(sizes.elements * elementSize(type)) + aligned(sizes.reals * realSize(type))
    + aligned(sizes.integers * 4);
}

/// The parts of a work space, with lengths as Fortran takes them.
typedef struct {
  void *elements, *reals;
  int32_t *integers;
  int32_t elementCount, realCount, integerCount;
} Space;

static Space space(int type, void *work, const weft_lapack_sizes *sizes) {
  char *start = work;
  Space parts;
  parts.elements = start;
  start += aligned(sizes->elements * elementSize(type));
  parts.reals = start;
  start += aligned(sizes->reals * realSize(type));
  parts.integers = (int32_t *)(void *)start;
  parts.elementCount = (int32_t)sizes->elements;
  parts.realCount = (int32_t)sizes->reals;
  parts.integerCount = (int32_t)sizes->integers;
  return parts;
}

/// A space for asking: lengths of -1, one element each.
static Space question(double answers[6]) {
  for (int i = 0; i < 6; i++) answers[i] = 0;
  return (Space){&answers[0], &answers[2], (int32_t *)(void *)&answers[4], -1, -1, -1};
}

/// A length that LAPACK gave as a real number; a float may have been rounded down.
static int64_t counted(int type, const void *answer) {
  double count = isDouble(type) ? *(const double *)answer
                                : (double)nextafterf(*(const float *)answer, INFINITY);
  return count < 1 ? 1 : (int64_t)ceil(count);
}

static int64_t largest(int64_t a, int64_t b) { return a > b ? a : b; }
static int32_t stride(int32_t rows) { return rows > 0 ? rows : 1; }

/// -1000 for a work space that 32-bit lengths cannot tell.
static int32_t checked(const weft_lapack_sizes *sizes, int32_t info) {
  return sizes->elements > INT32_MAX || sizes->integers > INT32_MAX ? -1000 : info;
}

// MARK: Routines

int32_t weft_lapack_getrf(int type, int32_t n, void *a, int32_t *pivots) {
  int32_t info = 0, lda = stride(n);
  WEFT_BLAS_INSIDE(tables[type].getrf(&n, &n, a, &lda, pivots, &info));
  return info;
}

int32_t weft_lapack_getrs_transposed(
  int type, int32_t n, int32_t k, const void *a, const int32_t *pivots, void *b) {
  int32_t info = 0, lda = stride(n);
  WEFT_BLAS_INSIDE(tables[type].getrs("T", &n, &k, a, &lda, pivots, b, &lda, &info, 1));
  return info;
}

int32_t weft_lapack_getri(
  int type, int32_t n, void *a, const int32_t *pivots, void *work, weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(n);
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  WEFT_BLAS_INSIDE(tables[type].getri(&n, a, &lda, pivots, w.elements, &w.elementCount, &info));
  if (work) return info;
  *sizes = (weft_lapack_sizes){counted(type, w.elements), 0, 0};
  return checked(sizes, info);
}

int32_t weft_lapack_potrf(int type, char triangle, int32_t n, void *a) {
  int32_t info = 0, lda = stride(n);
  WEFT_BLAS_INSIDE(tables[type].potrf(&triangle, &n, a, &lda, &info, 1));
  return info;
}

int32_t weft_lapack_getrf_strided(
  int type, int32_t n, void *a, int32_t leading, int32_t *pivots) {
  int32_t info = 0;
  WEFT_BLAS_INSIDE(tables[type].getrf(&n, &n, a, &leading, pivots, &info));
  return info;
}

int32_t weft_lapack_getrf_panel(
  int type, int32_t m, int32_t n, void *a, int32_t leading, int32_t *pivots) {
  int32_t info = 0;
  WEFT_BLAS_INSIDE(tables[type].getrf(&m, &n, a, &leading, pivots, &info));
  return info;
}

int32_t weft_lapack_potrf_strided(int type, char triangle, int32_t n, void *a, int32_t leading) {
  int32_t info = 0;
  WEFT_BLAS_INSIDE(tables[type].potrf(&triangle, &n, a, &leading, &info, 1));
  return info;
}

int32_t weft_lapack_potri(int type, char triangle, int32_t n, void *a) {
  int32_t info = 0, lda = stride(n);
  WEFT_BLAS_INSIDE(tables[type].potri(&triangle, &n, a, &lda, &info, 1));
  return info;
}

int32_t weft_lapack_trtri(int type, char triangle, int32_t n, void *a) {
  int32_t info = 0, lda = stride(n);
  WEFT_BLAS_INSIDE(tables[type].trtri(&triangle, "N", &n, a, &lda, &info, 1, 1));
  return info;
}

int32_t weft_lapack_gbtrf(
  int type, int32_t n, int32_t lower, int32_t upper, void *ab, int32_t *pivots) {
  int32_t info = 0, ldab = 2 * lower + upper + 1;
  WEFT_BLAS_INSIDE(tables[type].gbtrf(&n, &n, &lower, &upper, ab, &ldab, pivots, &info));
  return info;
}

int32_t weft_lapack_gbtrs(
  int type, char trans, int32_t n, int32_t lower, int32_t upper, int32_t k, const void *ab,
  const int32_t *pivots, void *b) {
  int32_t info = 0, ldab = 2 * lower + upper + 1, ldb = stride(n);
  WEFT_BLAS_INSIDE(tables[type].gbtrs(
    &trans, &n, &lower, &upper, &k, ab, &ldab, pivots, b, &ldb, &info, 1));
  return info;
}

int32_t weft_lapack_heevd(
  int type, char job, char triangle, int32_t n, void *a, void *values, void *work,
  weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(n);
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  if (isComplex(type)) {
    WEFT_BLAS_INSIDE(tables[type].heevd(
      &job, &triangle, &n, a, &lda, values, w.elements, &w.elementCount, w.reals, &w.realCount,
      w.integers, &w.integerCount, &info, 1, 1));
  } else {
    WEFT_BLAS_INSIDE(tables[type].syevd(
      &job, &triangle, &n, a, &lda, values, w.elements, &w.elementCount, w.integers,
      &w.integerCount, &info, 1, 1));
  }
  if (work) return info;
  // A row of the panel of zlatrd is such a vector as weft_blas_zgemv speaks of.
  *sizes = (weft_lapack_sizes){
    counted(type, w.elements) + (isComplex(type) ? n : 0),
    isComplex(type) ? counted(type, w.reals) : 0, w.integers[0] > 1 ? w.integers[0] : 1};
  return checked(sizes, info);
}

int32_t weft_lapack_geev(
  int type, char job, int32_t n, void *a, void *values, void *imaginary, void *vectors,
  void *work, weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(n), one = 1;
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  if (isComplex(type)) {
    WEFT_BLAS_INSIDE(tables[type].geevComplex(
      "N", &job, &n, a, &lda, values, NULL, &one, vectors, &lda, w.elements, &w.elementCount,
      w.reals, &info, 1, 1));
  } else {
    WEFT_BLAS_INSIDE(tables[type].geevReal(
      "N", &job, &n, a, &lda, values, imaginary, NULL, &one, vectors, &lda, w.elements,
      &w.elementCount, &info, 1, 1));
  }
  if (work) return info;
  *sizes = (weft_lapack_sizes){
    counted(type, w.elements), isComplex(type) ? 2 * (int64_t)n : 0, 0};
  return checked(sizes, info);
}

int32_t weft_lapack_geqrf(
  int type, int32_t m, int32_t n, void *a, void *tau, void *work, weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(m);
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  WEFT_BLAS_INSIDE(tables[type].geqrf(&m, &n, a, &lda, tau, w.elements, &w.elementCount, &info));
  if (work) return info;
  *sizes = (weft_lapack_sizes){counted(type, w.elements), 0, 0};
  return checked(sizes, info);
}

int32_t weft_lapack_orgqr(
  int type, int32_t m, int32_t n, int32_t k, void *a, const void *tau, void *work,
  weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(m);
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  WEFT_BLAS_INSIDE(tables[type].orgqr(&m, &n, &k, a, &lda, tau, w.elements, &w.elementCount, &info));
  if (work) return info;
  *sizes = (weft_lapack_sizes){counted(type, w.elements), 0, 0};
  return checked(sizes, info);
}

int32_t weft_lapack_gesdd(
  int type, char job, int32_t m, int32_t n, void *a, void *s, void *u, void *vh, void *work,
  weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(m), least = m < n ? m : n;
  int32_t ldvh = job == 'A' ? stride(n) : stride(least);
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  if (isComplex(type)) {
    WEFT_BLAS_INSIDE(tables[type].gesddComplex(
      &job, &m, &n, a, &lda, s, u, &lda, vh, &ldvh, w.elements, &w.elementCount, w.reals,
      w.integers, &info, 1));
  } else {
    WEFT_BLAS_INSIDE(tables[type].gesddReal(
      &job, &m, &n, a, &lda, s, u, &lda, vh, &ldvh, w.elements, &w.elementCount, w.integers,
      &info, 1));
  }
  if (work) return info;
  // The real work space of cgesdd and zgesdd, as their documentation gives it.
  int64_t few = least, many = largest(m, n);
  int64_t reals =
    job == 'N' ? 7 * few : largest(5 * few * few + 5 * few, 2 * many * few + 2 * few * few + few);
  *sizes = (weft_lapack_sizes){counted(type, w.elements), isComplex(type) ? reals : 0, 8 * few};
  return checked(sizes, info);
}

int32_t weft_lapack_gelsd(
  int type, int32_t m, int32_t n, int32_t k, void *a, void *b, void *s, double rcond,
  int32_t *rank, void *work, weft_lapack_sizes *sizes) {
  int32_t info = 0, lda = stride(m), ldb = stride(m > n ? m : n);
  float single = (float)rcond;
  const void *limit = isDouble(type) ? (const void *)&rcond : (const void *)&single;
  double answers[6];
  Space w = work ? space(type, work, sizes) : question(answers);
  if (isComplex(type)) {
    WEFT_BLAS_INSIDE(tables[type].gelsdComplex(
      &m, &n, &k, a, &lda, b, &ldb, s, limit, rank, w.elements, &w.elementCount, w.reals,
      w.integers, &info));
  } else {
    WEFT_BLAS_INSIDE(tables[type].gelsdReal(
      &m, &n, &k, a, &lda, b, &ldb, s, limit, rank, w.elements, &w.elementCount, w.integers,
      &info));
  }
  if (work) return info;
  *sizes = (weft_lapack_sizes){
    counted(type, w.elements), isComplex(type) ? counted(type, w.reals) : 0,
    w.integers[0] > 1 ? w.integers[0] : 1};
  return checked(sizes, info);
}
