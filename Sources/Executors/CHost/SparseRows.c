// Products and sums of sparse arrays whose values are float32 or float64.
//
// What bounds them is memory: rows of dense arrays are asked for some entries ahead, since no prefetcher
// guesses which come next, and sums stay in registers until they are whole. Each element is added up in one
// order, without contraction, so every level gives the same bits.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "SparseRows.c"
#include "EachLevel.h"

#if defined(__x86_64__)
#define WEFT_SPARSE_LEVELS(ID) {ID##_portable, ID##_avx2, ID##_avx512}
#else
#define WEFT_SPARSE_LEVELS(ID) {ID##_portable}
#endif
#define WEFT_SPARSE_LOOKUP(NAME, FUNCTION) \
  FUNCTION *NAME(int dtype, int indexBytes) { \
    static FUNCTION *const all[4][3] = { \
      WEFT_SPARSE_LEVELS(NAME##_f32_i32), WEFT_SPARSE_LEVELS(NAME##_f32_i64), \
      WEFT_SPARSE_LEVELS(NAME##_f64_i32), WEFT_SPARSE_LEVELS(NAME##_f64_i64), \
    }; \
    if (dtype != WEFT_FLOAT32 && dtype != WEFT_FLOAT64) return NULL; \
    return all[2 * (dtype == WEFT_FLOAT64) + (indexBytes == 8)][weft_tile_level()]; \
  }
WEFT_SPARSE_LOOKUP(weft_sparse_times_vector, weft_sparse_rows_function)
WEFT_SPARSE_LOOKUP(weft_sparse_times_dense, weft_sparse_rows_function)
WEFT_SPARSE_LOOKUP(weft_sparse_sample, weft_sparse_entries_function)
WEFT_SPARSE_LOOKUP(weft_sparse_spread, weft_sparse_entries_function)
WEFT_SPARSE_LOOKUP(weft_sparse_sum, weft_sparse_entries_function)
#else

#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f32_i32)
#define WEFT_REAL float
#define WEFT_INDEX int32_t
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f32_i64)
#define WEFT_REAL float
#define WEFT_INDEX int64_t
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f64_i32)
#define WEFT_REAL double
#define WEFT_INDEX int32_t
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f64_i64)
#define WEFT_REAL double
#define WEFT_INDEX int64_t
#include "SparseRowsText.h"
#endif
