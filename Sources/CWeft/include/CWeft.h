// C entry points that Swift cannot express: the caller's address, C99 complex mathematics, calls of one system alone.
#pragma once
#include <stdint.h>

// The address after the call of the function that this is inlined into: one word that names a line.
static inline __attribute__((always_inline)) uintptr_t weft_return_address(void) {
  return (uintptr_t)__builtin_return_address(0);
}

typedef struct { double re, im; } weft_complex128;
typedef struct { float re, im; } weft_complex64;

#define WEFT_COMPLEX_UNARY(X) \
  X(sqrt) X(exp) X(log) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) \
  X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh)

#define WEFT_DECLARE(NAME) \
  weft_complex128 weft_c##NAME(weft_complex128 z); \
  weft_complex64 weft_c##NAME##f(weft_complex64 z);
WEFT_COMPLEX_UNARY(WEFT_DECLARE)
#undef WEFT_DECLARE
weft_complex128 weft_cpow(weft_complex128 x, weft_complex128 y);
weft_complex64 weft_cpowf(weft_complex64 x, weft_complex64 y);

// The number of processors that the calling thread may run on; 0 when the system does not tell.
int weft_affinity_count(void);

// Takes the lock of an open file until it is closed; 1 when another process or descriptor has it.
int weft_lock_file(int descriptor);
// Lets go of the lock. Closing is not enough where a child process that has not yet become another program holds the file, too.
void weft_unlock_file(int descriptor);
// Lets two paths change places, at once; -1 with errno where the system cannot.
int weft_exchange(const char *a, const char *b);
// Waits until everything written to the file system of an open file is on its disk; -1 with errno.
int weft_sync_file_system(int descriptor);
// Makes an open file so long, and takes room on the disk for it where the file system can; -1 with errno.
int weft_reserve(int descriptor, int64_t count);

// Watches the pages of a mapped file: those that cannot be had, as the file became shorter, read as zeros and mark the
// map, where SIGBUS would end the process. The map's number, or -1 where there are 65,536 already. The first call sets
// the handler of SIGBUS; what it finds there gets all faults elsewhere.
int weft_map_watch(const void *base, int64_t count);
// Ends the watch, before the pages are unmapped.
void weft_map_unwatch(int number);
// Whether zeros stand where elements of a map should be.
int weft_map_is_damaged(int number);
// The maps, of all that are watched, that are damaged.
int weft_map_damaged_count(void);

// Looks at elements, in C because they are loops over memory that must be quick in debug builds too.
#define WEFT_DECLARE_LOOK(SUFFIX, T) \
  /* The index of the first element that is not zero, or count. */ \
  int64_t weft_first_nonzero_##SUFFIX(const T *row, int64_t count); \
  /* The index of the last element that is not zero, or -1. */ \
  int64_t weft_last_nonzero_##SUFFIX(const T *row, int64_t count); \
  int weft_all_finite_##SUFFIX(const T *elements, int64_t count); \
  /* Whether a square matrix is its transpose, conjugated where elements have two parts. */ \
  int weft_is_symmetric_##SUFFIX(const T *a, int64_t n, int parts);
WEFT_DECLARE_LOOK(f32, float)
WEFT_DECLARE_LOOK(f64, double)
#undef WEFT_DECLARE_LOOK
