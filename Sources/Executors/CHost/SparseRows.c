// Products and sums of sparse arrays: by rows for values of 32 and 64 bits, by entries for float32 and float64.
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
/// Signs do not matter to sums and products that wrap.
#define WEFT_SPARSE_ROWS_LOOKUP(NAME) \
  weft_sparse_rows_function *NAME(int dtype, int indexBytes) { \
    static weft_sparse_rows_function *const all[8][3] = { \
      WEFT_SPARSE_LEVELS(NAME##_f32_i32), WEFT_SPARSE_LEVELS(NAME##_f32_i64), \
      WEFT_SPARSE_LEVELS(NAME##_f64_i32), WEFT_SPARSE_LEVELS(NAME##_f64_i64), \
      WEFT_SPARSE_LEVELS(NAME##_u32_i32), WEFT_SPARSE_LEVELS(NAME##_u32_i64), \
      WEFT_SPARSE_LEVELS(NAME##_u64_i32), WEFT_SPARSE_LEVELS(NAME##_u64_i64), \
    }; \
    int values = 0; \
    switch (dtype) { \
    case WEFT_FLOAT32: values = 0; break; \
    case WEFT_FLOAT64: values = 2; break; \
    case WEFT_INT32: case WEFT_UINT32: values = 4; break; \
    case WEFT_INT64: case WEFT_UINT64: values = 6; break; \
    default: return NULL; \
    } \
    return all[values + (indexBytes == 8)][weft_tile_level()]; \
  }
#define WEFT_SPARSE_ENTRIES_LOOKUP(NAME) \
  weft_sparse_entries_function *NAME(int dtype, int indexBytes) { \
    static weft_sparse_entries_function *const all[4][3] = { \
      WEFT_SPARSE_LEVELS(NAME##_f32_i32), WEFT_SPARSE_LEVELS(NAME##_f32_i64), \
      WEFT_SPARSE_LEVELS(NAME##_f64_i32), WEFT_SPARSE_LEVELS(NAME##_f64_i64), \
    }; \
    if (dtype != WEFT_FLOAT32 && dtype != WEFT_FLOAT64) return NULL; \
    return all[2 * (dtype == WEFT_FLOAT64) + (indexBytes == 8)][weft_tile_level()]; \
  }
WEFT_SPARSE_ROWS_LOOKUP(weft_sparse_times_vector)
WEFT_SPARSE_ROWS_LOOKUP(weft_sparse_times_dense)
WEFT_SPARSE_ENTRIES_LOOKUP(weft_sparse_sample)
WEFT_SPARSE_ENTRIES_LOOKUP(weft_sparse_spread)
WEFT_SPARSE_ENTRIES_LOOKUP(weft_sparse_sum)
#else

#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f32_i32)
#define WEFT_REAL float
#define WEFT_BITS int32_t
#define WEFT_INDEX int32_t
#define WEFT_SPARSE_ENTRIES
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f32_i64)
#define WEFT_REAL float
#define WEFT_BITS int32_t
#define WEFT_INDEX int64_t
#define WEFT_SPARSE_ENTRIES
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f64_i32)
#define WEFT_REAL double
#define WEFT_BITS int64_t
#define WEFT_INDEX int32_t
#define WEFT_SPARSE_ENTRIES
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_f64_i64)
#define WEFT_REAL double
#define WEFT_BITS int64_t
#define WEFT_INDEX int64_t
#define WEFT_SPARSE_ENTRIES
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_u32_i32)
#define WEFT_REAL uint32_t
#define WEFT_BITS int32_t
#define WEFT_INDEX int32_t
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_u32_i64)
#define WEFT_REAL uint32_t
#define WEFT_BITS int32_t
#define WEFT_INDEX int64_t
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_u64_i32)
#define WEFT_REAL uint64_t
#define WEFT_BITS int64_t
#define WEFT_INDEX int32_t
#include "SparseRowsText.h"
#define WEFT_SPARSE_NAME(ID) WEFT_AT(ID##_u64_i64)
#define WEFT_REAL uint64_t
#define WEFT_BITS int64_t
#define WEFT_INDEX int64_t
#include "SparseRowsText.h"
#endif
