// Products of matrices of blocks and of diagonals with dense arrays, whose values are float32 or float64.
//
// Blocks and diagonals are dense, so that a coordinate is read once for many values. Each element is added up in one
// order, without contraction, so every level gives the same bits.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "SparsePacked.c"
#include "EachLevel.h"

#if defined(__x86_64__)
#define WEFT_PACKED_LEVELS(ID) {ID##_portable, ID##_avx2, ID##_avx512}
#else
#define WEFT_PACKED_LEVELS(ID) {ID##_portable}
#endif
#define WEFT_PACKED_LOOKUP(NAME) \
  weft_sparse_packed_function *NAME(int dtype, int indexBytes) { \
    static weft_sparse_packed_function *const all[4][3] = { \
      WEFT_PACKED_LEVELS(NAME##_f32_i32), WEFT_PACKED_LEVELS(NAME##_f32_i64), \
      WEFT_PACKED_LEVELS(NAME##_f64_i32), WEFT_PACKED_LEVELS(NAME##_f64_i64), \
    }; \
    if (dtype != WEFT_FLOAT32 && dtype != WEFT_FLOAT64) return NULL; \
    return all[2 * (dtype == WEFT_FLOAT64) + (indexBytes == 8)][weft_tile_level()]; \
  }
WEFT_PACKED_LOOKUP(weft_sparse_blocks)
WEFT_PACKED_LOOKUP(weft_sparse_diagonals)
#else

#define WEFT_PACKED_NAME(ID) WEFT_AT(ID##_f32_i32)
#define WEFT_REAL float
#define WEFT_INDEX int32_t
#include "SparsePackedText.h"
#define WEFT_PACKED_NAME(ID) WEFT_AT(ID##_f32_i64)
#define WEFT_REAL float
#define WEFT_INDEX int64_t
#include "SparsePackedText.h"
#define WEFT_PACKED_NAME(ID) WEFT_AT(ID##_f64_i32)
#define WEFT_REAL double
#define WEFT_INDEX int32_t
#include "SparsePackedText.h"
#define WEFT_PACKED_NAME(ID) WEFT_AT(ID##_f64_i64)
#define WEFT_REAL double
#define WEFT_INDEX int64_t
#include "SparsePackedText.h"
#endif
