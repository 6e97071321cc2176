// Rows of a product of sparse matrices, and their columns.
//
// A bit a column marks what occurs; words that are not zero have a bit above them, twice, so that looking
// through a row costs what it holds. A column's place in the sorted row is how many bits stand before
// its own. Everything but the longest rows stays in the first cache, where an array of sums by column does not:
// there is one only where columns are few, for rows that have many of them.
// - Source of the method by rows: F. G. Gustavson, ACM TOMS 4 (1978).
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "SparsePattern.c"
#include "EachLevel.h"

#if defined(__x86_64__)
#define WEFT_PATTERN_LEVELS(ID) {ID##_portable, ID##_avx2, ID##_avx512}
#else
#define WEFT_PATTERN_LEVELS(ID) {ID##_portable}
#endif
weft_sparse_count_function *weft_sparse_count(int indexBytes) {
  static weft_sparse_count_function *const all[2][3] = {
    WEFT_PATTERN_LEVELS(pattern_count_i32), WEFT_PATTERN_LEVELS(pattern_count_i64)};
  return all[indexBytes == 8][weft_tile_level()];
}

weft_sparse_pattern_function *weft_sparse_pattern(int indexBytes) {
  static weft_sparse_pattern_function *const all[2][3] = {
    WEFT_PATTERN_LEVELS(pattern_i32), WEFT_PATTERN_LEVELS(pattern_i64)};
  return all[indexBytes == 8][weft_tile_level()];
}

/// The row of a table by dtypes and indices, -1 for other dtypes. Signs do not matter to sums and products that wrap.
static int pattern_kind(int dtype, int indexBytes) {
  const int wide = indexBytes == 8;
  switch (dtype) {
  case WEFT_FLOAT32: return wide;
  case WEFT_FLOAT64: return 2 + wide;
  case WEFT_INT32: case WEFT_UINT32: return 4 + wide;
  case WEFT_INT64: case WEFT_UINT64: return 6 + wide;
  default: return -1;
  }
}

#define WEFT_PATTERN_KINDS(ID) { \
  WEFT_PATTERN_LEVELS(ID##_f32_i32), WEFT_PATTERN_LEVELS(ID##_f32_i64), \
  WEFT_PATTERN_LEVELS(ID##_f64_i32), WEFT_PATTERN_LEVELS(ID##_f64_i64), \
  WEFT_PATTERN_LEVELS(ID##_u32_i32), WEFT_PATTERN_LEVELS(ID##_u32_i64), \
  WEFT_PATTERN_LEVELS(ID##_u64_i32), WEFT_PATTERN_LEVELS(ID##_u64_i64)}

weft_sparse_product_function *weft_sparse_product(int dtype, int indexBytes) {
  static weft_sparse_product_function *const all[8][3] = WEFT_PATTERN_KINDS(product);
  const int kind = pattern_kind(dtype, indexBytes);
  return kind < 0 ? NULL : all[kind][weft_tile_level()];
}

weft_sparse_masked_function *weft_sparse_masked(int dtype, int indexBytes) {
  static weft_sparse_masked_function *const all[8][3] = WEFT_PATTERN_KINDS(masked);
  const int kind = pattern_kind(dtype, indexBytes);
  return kind < 0 ? NULL : all[kind][weft_tile_level()];
}
#else

#define WEFT_PATTERN_NAME(ID) WEFT_AT(ID##_i32)
#define WEFT_INDEX int32_t
#include "SparsePatternText.h"
#define WEFT_PATTERN_NAME(ID) WEFT_AT(ID##_i64)
#define WEFT_INDEX int64_t
#include "SparsePatternText.h"
#endif
