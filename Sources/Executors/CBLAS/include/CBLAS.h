#pragma once
#include "LAPACK.h"
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// BLAS opened at run time: the package builds and loads without it, and no thread of its own
// starts before the first use. The calls are CBLAS with 32-bit integers.

enum { WEFT_BLAS_ROW_MAJOR = 101, WEFT_BLAS_COLUMN_MAJOR = 102 };
enum { WEFT_BLAS_UPPER = 121, WEFT_BLAS_LOWER = 122 };
enum { WEFT_BLAS_NON_UNIT = 131, WEFT_BLAS_UNIT = 132 };
enum { WEFT_BLAS_LEFT = 141, WEFT_BLAS_RIGHT = 142 };
enum { WEFT_BLAS_NO_TRANS = 111, WEFT_BLAS_TRANS = 112, WEFT_BLAS_CONJ_TRANS = 113 };

/// Opens the library, once a process; NULL, or why it cannot be used.
///
/// It tries only `WEFT_BLAS_LIBRARY` when that is set; else OpenBLAS, then a reference BLAS.
/// OpenBLAS is then set to one thread, because our own threads share out the work.
const char *weft_blas_open(void);
/// The file that was opened, or NULL.
const char *weft_blas_library(void);

/// A symbol of the library, or NULL; for the table of LAPACK.
void *weft_blas_symbol(const char *name);

/// Why there is no memory for the library's buffers under `ulimit -v`; NULL when there is, or where
/// nothing limits the address space. For those who call the same library by other ways.
const char *weft_blas_no_room(void);

// The rest needs weft_blas_open() to have given NULL.

/// Waits, under `ulimit -v`, where as many threads are inside the library as it has buffers for.
void weft_blas_enter(void);
void weft_blas_leave(void);
/// Makes a call that uses the library; none is made inside another.
#define WEFT_BLAS_INSIDE(CALL) (weft_blas_enter(), (void)(CALL), weft_blas_leave())

#define WEFT_BLAS_DECLARE_REAL(P, T) \
  void weft_blas_##P##gemm(int order, int transA, int transB, int32_t m, int32_t n, int32_t k, \
    T alpha, const T *a, int32_t lda, const T *b, int32_t ldb, T beta, T *c, int32_t ldc); \
  void weft_blas_##P##gemv(int order, int trans, int32_t m, int32_t n, T alpha, const T *a, \
    int32_t lda, const T *x, int32_t incx, T beta, T *y, int32_t incy); \
  T weft_blas_##P##dot(int32_t n, const T *x, int32_t incx, const T *y, int32_t incy); \
  void weft_blas_##P##ger(int order, int32_t m, int32_t n, T alpha, const T *x, int32_t incx, \
    const T *y, int32_t incy, T *a, int32_t lda); \
  void weft_blas_##P##syrk(int order, int uplo, int trans, int32_t n, int32_t k, T alpha, \
    const T *a, int32_t lda, T beta, T *c, int32_t ldc); \
  void weft_blas_##P##trmm(int order, int side, int uplo, int trans, int diag, int32_t m, \
    int32_t n, T alpha, const T *a, int32_t lda, T *b, int32_t ldb); \
  void weft_blas_##P##trsm(int order, int side, int uplo, int trans, int diag, int32_t m, \
    int32_t n, T alpha, const T *a, int32_t lda, T *b, int32_t ldb); \
  void weft_blas_##P##trsv(int order, int uplo, int trans, int diag, int32_t n, const T *a, \
    int32_t lda, T *x, int32_t incx);
WEFT_BLAS_DECLARE_REAL(s, float)
WEFT_BLAS_DECLARE_REAL(d, double)
#undef WEFT_BLAS_DECLARE_REAL

// Complex numbers are two floats or doubles; alpha and beta go by address.
#define WEFT_BLAS_DECLARE_COMPLEX(P) \
  void weft_blas_##P##gemm(int order, int transA, int transB, int32_t m, int32_t n, int32_t k, \
    const void *alpha, const void *a, int32_t lda, const void *b, int32_t ldb, \
    const void *beta, void *c, int32_t ldc); \
  void weft_blas_##P##gemv(int order, int trans, int32_t m, int32_t n, const void *alpha, \
    const void *a, int32_t lda, const void *x, int32_t incx, const void *beta, void *y, \
    int32_t incy); \
  void weft_blas_##P##geru(int order, int32_t m, int32_t n, const void *alpha, const void *x, \
    int32_t incx, const void *y, int32_t incy, void *a, int32_t lda); \
  void weft_blas_##P##trsm(int order, int side, int uplo, int trans, int diag, int32_t m, \
    int32_t n, const void *alpha, const void *a, int32_t lda, void *b, int32_t ldb); \
  void weft_blas_##P##trsv(int order, int uplo, int trans, int diag, int32_t n, const void *a, \
    int32_t lda, void *x, int32_t incx);
WEFT_BLAS_DECLARE_COMPLEX(c)
WEFT_BLAS_DECLARE_COMPLEX(z)
#undef WEFT_BLAS_DECLARE_COMPLEX

/// 1 for a library that is not OpenBLAS.
int weft_blas_get_num_threads(void);
/// Does nothing for a library that is not OpenBLAS, nor under a limit of address space.
void weft_blas_set_num_threads(int threads);
/// How the library was built, or "" where it does not say.
const char *weft_blas_config(void);
/// The processor whose kernels it chose, or "".
const char *weft_blas_corename(void);

#ifdef __cplusplus
}
#endif
