// The table of symbols and the wrappers. A new routine is a line in WEFT_BLAS_REQUIRED, with its
// prototype as the C interface to BLAS declares it, and a wrapper.
#include "CBLAS.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define WEFT_REAL_SYMBOLS(DO, P, T) \
  DO(void, P##gemm, (int, int, int, int32_t, int32_t, int32_t, T, const T *, int32_t, const T *, \
    int32_t, T, T *, int32_t)) \
  DO(void, P##gemv, (int, int, int32_t, int32_t, T, const T *, int32_t, const T *, int32_t, T, \
    T *, int32_t)) \
  DO(T, P##dot, (int32_t, const T *, int32_t, const T *, int32_t)) \
  DO(void, P##ger, (int, int32_t, int32_t, T, const T *, int32_t, const T *, int32_t, T *, \
    int32_t)) \
  DO(void, P##syrk, (int, int, int, int32_t, int32_t, T, const T *, int32_t, T, T *, int32_t)) \
  DO(void, P##trmm, (int, int, int, int, int, int32_t, int32_t, T, const T *, int32_t, T *, \
    int32_t)) \
  DO(void, P##trsm, (int, int, int, int, int, int32_t, int32_t, T, const T *, int32_t, T *, \
    int32_t)) \
  DO(void, P##trsv, (int, int, int, int, int32_t, const T *, int32_t, T *, int32_t))
#define WEFT_COMPLEX_SYMBOLS(DO, P) \
  DO(void, P##gemm, (int, int, int, int32_t, int32_t, int32_t, const void *, const void *, \
    int32_t, const void *, int32_t, const void *, void *, int32_t)) \
  DO(void, P##gemv, (int, int, int32_t, int32_t, const void *, const void *, int32_t, \
    const void *, int32_t, const void *, void *, int32_t)) \
  DO(void, P##geru, (int, int32_t, int32_t, const void *, const void *, int32_t, const void *, \
    int32_t, void *, int32_t)) \
  DO(void, P##trsm, (int, int, int, int, int, int32_t, int32_t, const void *, const void *, \
    int32_t, void *, int32_t)) \
  DO(void, P##trsv, (int, int, int, int, int32_t, const void *, int32_t, void *, int32_t))
#define WEFT_BLAS_REQUIRED(DO) \
  WEFT_REAL_SYMBOLS(DO, s, float) WEFT_REAL_SYMBOLS(DO, d, double) \
  WEFT_COMPLEX_SYMBOLS(DO, c) WEFT_COMPLEX_SYMBOLS(DO, z)
#define WEFT_BLAS_OPTIONAL(DO) \
  DO(void, set_num_threads, (int)) DO(int, get_num_threads, (void)) \
  DO(char *, get_config, (void)) DO(char *, get_corename, (void))

#define WEFT_FIELD(RESULT, NAME, PARAMETERS) RESULT(*NAME) PARAMETERS;
static struct { WEFT_BLAS_REQUIRED(WEFT_FIELD) WEFT_BLAS_OPTIONAL(WEFT_FIELD) } blas;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char reason[512];
static char opened[512];
static void *handle;

static int load(const char *file) {
  // Local: the symbols of BLAS stay out of other libraries' way.
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, sizeof reason, "cannot open BLAS: %s", error ? error : file);
    return 0;
  }
  // Data and function pointers have one size wherever dlsym exists.
#define WEFT_LOAD(RESULT, NAME, PARAMETERS) \
  *(void **)&blas.NAME = dlsym(library, "cblas_" #NAME); \
  if (!blas.NAME) { \
    snprintf(reason, sizeof reason, "%s has no cblas_" #NAME, file); \
    dlclose(library); \
    return 0; \
  }
#define WEFT_LOAD_OPTIONAL(RESULT, NAME, PARAMETERS) \
  *(void **)&blas.NAME = dlsym(library, "openblas_" #NAME);
  WEFT_BLAS_REQUIRED(WEFT_LOAD)
  WEFT_BLAS_OPTIONAL(WEFT_LOAD_OPTIONAL)
  snprintf(opened, sizeof opened, "%s", file);
  handle = library;
  return 1;
}

// OpenBLAS asks for its buffers, one of 128 MiB for each thread of its own and each caller, in a
// loop that does not end where there is no memory. Under `ulimit -v` the library therefore has no
// threads of its own, the buffers of a number of callers are taken at once, when there is room for
// all of them, and no more callers than that are inside at any time.
enum { bufferBytes = 129 << 20, libraryBytes = 48 << 20, mostCallers = 64 };

/// How many may be inside; 0 for any number.
static long callers;
static long inside;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;

void weft_blas_enter(void) {
  if (callers == 0) return;
  pthread_mutex_lock(&mutex);
  while (inside >= callers) pthread_cond_wait(&left, &mutex);
  inside++;
  pthread_mutex_unlock(&mutex);
}

void weft_blas_leave(void) {
  if (callers == 0) return;
  pthread_mutex_lock(&mutex);
  inside--;
  pthread_cond_signal(&left);
  pthread_mutex_unlock(&mutex);
}

static long callersUnderLimit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY) return 0;
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors < 1 ? 1 : processors > mostCallers ? mostCallers : processors;
}

static int hasRoom(void) {
  if (callers == 0) return 1;
  size_t bytes = (size_t)callers * bufferBytes + libraryBytes;
  void *room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (room == MAP_FAILED) {
    snprintf(reason, sizeof reason, "no memory for the buffers of BLAS, %zu bytes", bytes);
    return 0;
  }
  munmap(room, bytes);
  return 1;
}

static void takeBuffers(void) {
  void *(*take)(int) = NULL;
  void (*give)(void *) = NULL;
  *(void **)&take = dlsym(handle, "blas_memory_alloc");
  *(void **)&give = dlsym(handle, "blas_memory_free");
  if (!take || !give) return;
  void *buffers[mostCallers];
  for (long i = 0; i < callers; i++) buffers[i] = take(0);
  for (long i = 0; i < callers; i++) give(buffers[i]);
}

static void openFirst(void) {
  if (!hasRoom()) {
    failure = reason;
    return;
  }
  const char *chosen = getenv("WEFT_BLAS_LIBRARY");
  const char *const usual[] = {
#if defined(__APPLE__)
    "libopenblas.dylib", "/System/Library/Frameworks/Accelerate.framework/Accelerate",
#else
    "libopenblas.so.0", "libopenblas.so", "libblas.so.3",
#endif
  };
  int found = 0;
  if (chosen && *chosen) {
    found = load(chosen);
  } else {
    for (size_t i = 0; !found && i < sizeof usual / sizeof *usual; i++) found = load(usual[i]);
  }
  failure = found ? NULL : reason;
  if (found && blas.set_num_threads) blas.set_num_threads(1);
  if (found) takeBuffers();
}

// OpenBLAS's threads wait for work by yielding to others for some 2^26 cycles, 25 ms, before they
// sleep: from the moment the library is opened, and after each call on several threads. They take
// half a processor from our own threads meanwhile. 2^18 cycles are enough for the pauses inside a
// factorisation. The library reads its variables while it is opened and at no other time.
static const char *const patience = "OPENBLAS_THREAD_TIMEOUT";
static const char *const ownThreads = "OPENBLAS_NUM_THREADS";

static void openOnce(void) {
  callers = callersUnderLimit();
  const char *const given = getenv(ownThreads);
  char *const former = given ? strdup(given) : NULL;
  if (callers > 0) setenv(ownThreads, "1", 1);
  const int sets = !getenv(patience) && setenv(patience, "18", 0) == 0;
  openFirst();
  if (sets) unsetenv(patience);
  if (callers > 0 && former) setenv(ownThreads, former, 1);
  if (callers > 0 && !former) unsetenv(ownThreads);
  free(former);
}

const char *weft_blas_open(void) {
  pthread_once(&once, openOnce);
  return failure;
}

const char *weft_blas_no_room(void) {
  return callersUnderLimit() > 0 && weft_blas_open() && !handle ? failure : NULL;
}

const char *weft_blas_library(void) { return weft_blas_open() ? NULL : opened; }

void *weft_blas_symbol(const char *name) {
  return weft_blas_open() ? NULL : dlsym(handle, name);
}

#define WEFT_WRAP_MATRICES(P, T, ALPHA) \
  void weft_blas_##P##trsm(int order, int side, int uplo, int trans, int diag, int32_t m, \
    int32_t n, ALPHA alpha, const T *a, int32_t lda, T *b, int32_t ldb) { \
    WEFT_BLAS_INSIDE(blas.P##trsm(order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb)); \
  }
#define WEFT_WRAP_REAL(P, T) \
  void weft_blas_##P##trmm(int order, int side, int uplo, int trans, int diag, int32_t m, \
    int32_t n, T alpha, const T *a, int32_t lda, T *b, int32_t ldb) { \
    WEFT_BLAS_INSIDE(blas.P##trmm(order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb)); \
  } \
  void weft_blas_##P##gemm(int order, int transA, int transB, int32_t m, int32_t n, int32_t k, \
    T alpha, const T *a, int32_t lda, const T *b, int32_t ldb, T beta, T *c, int32_t ldc) { \
    WEFT_BLAS_INSIDE(blas.P##gemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)); \
  } \
  void weft_blas_##P##gemv(int order, int trans, int32_t m, int32_t n, T alpha, const T *a, \
    int32_t lda, const T *x, int32_t incx, T beta, T *y, int32_t incy) { \
    WEFT_BLAS_INSIDE(blas.P##gemv(order, trans, m, n, alpha, a, lda, x, incx, beta, y, incy)); \
  } \
  T weft_blas_##P##dot(int32_t n, const T *x, int32_t incx, const T *y, int32_t incy) { \
    T sum; \
    WEFT_BLAS_INSIDE(sum = blas.P##dot(n, x, incx, y, incy)); \
    return sum; \
  } \
  void weft_blas_##P##ger(int order, int32_t m, int32_t n, T alpha, const T *x, int32_t incx, \
    const T *y, int32_t incy, T *a, int32_t lda) { \
    WEFT_BLAS_INSIDE(blas.P##ger(order, m, n, alpha, x, incx, y, incy, a, lda)); \
  } \
  void weft_blas_##P##syrk(int order, int uplo, int trans, int32_t n, int32_t k, T alpha, \
    const T *a, int32_t lda, T beta, T *c, int32_t ldc) { \
    WEFT_BLAS_INSIDE(blas.P##syrk(order, uplo, trans, n, k, alpha, a, lda, beta, c, ldc)); \
  } \
  void weft_blas_##P##trsv(int order, int uplo, int trans, int diag, int32_t n, const T *a, \
    int32_t lda, T *x, int32_t incx) { \
    WEFT_BLAS_INSIDE(blas.P##trsv(order, uplo, trans, diag, n, a, lda, x, incx)); \
  } \
  WEFT_WRAP_MATRICES(P, T, T)
WEFT_WRAP_REAL(s, float)
WEFT_WRAP_REAL(d, double)

// OpenBLAS's products of complex matrices and vectors for AVX and later (zgemv_n_4.c; seen in 0.3.21 on
// Sandy Bridge, Haswell and Zen) read one element behind the vector where two rows are left over, and so do
// triangular solutions, which call them. That is harmless where it lies on the last element's page.

/// Whether the element behind a vector lies on another page than its last one.
static int endsWithPage(const void *x, int32_t count, int32_t step, size_t size) {
  if (count <= 0 || step <= 0) return 0;
  const uintptr_t stride = (uintptr_t)step * size;
  const uintptr_t end = (uintptr_t)x + (uintptr_t)(count - 1) * stride + size - 1;
  return end / 4096 != (end + stride) / 4096;
}

/// A copy of a vector, side by side, with an element to spare; NULL where there is no memory.
static void *padded(const void *x, int32_t count, int32_t step, size_t size) {
  char *copy = malloc(((size_t)count + 1) * size);
  if (!copy) return NULL;
  for (int32_t i = 0; i < count; i++)
    memcpy(copy + (size_t)i * size, (const char *)x + (size_t)i * (size_t)step * size, size);
  memset(copy + (size_t)count * size, 0, size);
  return copy;
}

#define WEFT_WRAP_COMPLEX(P, T) \
  void weft_blas_##P##gemm(int order, int transA, int transB, int32_t m, int32_t n, int32_t k, \
    const void *alpha, const void *a, int32_t lda, const void *b, int32_t ldb, \
    const void *beta, void *c, int32_t ldc) { \
    WEFT_BLAS_INSIDE(blas.P##gemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)); \
  } \
  void weft_blas_##P##gemv(int order, int trans, int32_t m, int32_t n, const void *alpha, \
    const void *a, int32_t lda, const void *x, int32_t incx, const void *beta, void *y, \
    int32_t incy) { \
    const int32_t length = trans == WEFT_BLAS_NO_TRANS ? n : m; \
    const size_t size = 2 * sizeof(T); \
    void *copy = endsWithPage(x, length, incx, size) ? padded(x, length, incx, size) : NULL; \
    WEFT_BLAS_INSIDE(blas.P##gemv( \
      order, trans, m, n, alpha, a, lda, copy ? copy : x, copy ? 1 : incx, beta, y, incy)); \
    free(copy); \
  } \
  void weft_blas_##P##geru(int order, int32_t m, int32_t n, const void *alpha, const void *x, \
    int32_t incx, const void *y, int32_t incy, void *a, int32_t lda) { \
    WEFT_BLAS_INSIDE(blas.P##geru(order, m, n, alpha, x, incx, y, incy, a, lda)); \
  } \
  void weft_blas_##P##trsv(int order, int uplo, int trans, int diag, int32_t n, const void *a, \
    int32_t lda, void *x, int32_t incx) { \
    const size_t size = 2 * sizeof(T); \
    char *copy = endsWithPage(x, n, incx, size) ? padded(x, n, incx, size) : NULL; \
    WEFT_BLAS_INSIDE(blas.P##trsv(order, uplo, trans, diag, n, a, lda, copy ? copy : x, copy ? 1 : incx)); \
    for (int32_t i = 0; copy && i < n; i++) \
      memcpy((char *)x + (size_t)i * (size_t)incx * size, copy + (size_t)i * size, size); \
    free(copy); \
  } \
  WEFT_WRAP_MATRICES(P, void, const void *)
WEFT_WRAP_COMPLEX(c, float)
WEFT_WRAP_COMPLEX(z, double)

int weft_blas_get_num_threads(void) { return blas.get_num_threads ? blas.get_num_threads() : 1; }
void weft_blas_set_num_threads(int threads) {
  if (blas.set_num_threads && callers == 0) blas.set_num_threads(threads);
}
const char *weft_blas_config(void) { return blas.get_config ? blas.get_config() : ""; }
const char *weft_blas_corename(void) { return blas.get_corename ? blas.get_corename() : ""; }
