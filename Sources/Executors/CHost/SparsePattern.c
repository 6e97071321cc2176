// The columns of rows of a product of sparse matrices.
//
// A bit a column marks what occurs; words that are not zero have a bit above them, twice, so that looking
// through a row costs what it holds. A column's place in the sorted row is how many bits stand before
// its own. Everything but the longest rows stays in the first cache, where an array of sums by column does not.
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
#else

/// Asks for the rows of B that rows of A some places on name: their ends first, their columns and values then.
///
/// No prefetcher guesses which these are, and each is a few elements long.
#define WEFT_PATTERN(SUFFIX, INDEX) \
  WEFT_INLINE void WEFT_AT(ask_##SUFFIX)(const weft_sparse_pair *m, intptr_t row, int values) { \
    const INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB; \
    const intptr_t later = row + 4 < m->rowsA ? row + 4 : m->rowsA - 1; \
    const intptr_t soon = row + 2 < m->rowsA ? row + 2 : m->rowsA - 1; \
    for (intptr_t e = ends[later]; e < ends[later + 1]; e++) __builtin_prefetch(starts + inner[e]); \
    for (intptr_t e = ends[soon]; e < ends[soon + 1]; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= m->rowsB) continue; \
      __builtin_prefetch(columns + starts[k]); \
      __builtin_prefetch(columns + starts[k + 1]); \
      if (!values) continue; \
      const char *value = (const char *)m->valuesB + starts[k] * m->itemBytes; \
      __builtin_prefetch(value); \
      __builtin_prefetch(value + 64); \
    } \
  } \
  static intptr_t WEFT_AT(pattern_count_##SUFFIX)(const weft_sparse_pair *m, intptr_t row) { \
    const INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB; \
    uint64_t *restrict bits = m->bits; \
    const intptr_t rows = m->rowsB, first = ends[row], last = ends[row + 1]; \
    WEFT_AT(ask_##SUFFIX)(m, row, 0); \
    intptr_t count = 0; \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= rows) continue; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) { \
        const uint64_t column = (uint64_t)columns[p], word = bits[column >> 6]; \
        count += !(word >> (column & 63) & 1); \
        bits[column >> 6] = word | 1ull << (column & 63); \
      } \
    } \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= rows) continue; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) \
        bits[(uint64_t)columns[p] >> 6] = 0; \
    } \
    return count; \
  } \
  static intptr_t WEFT_AT(pattern_##SUFFIX)( \
    const weft_sparse_pair *m, intptr_t row, void *out, uint32_t *restrict places) { \
    const INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB; \
    INDEX *restrict found = out; \
    uint64_t *restrict bits = m->bits, *restrict all = m->above, *restrict tops = m->top; \
    uint32_t *restrict before = m->before; \
    const intptr_t rows = m->rowsB, topCount = m->tops, first = ends[row], last = ends[row + 1]; \
    WEFT_AT(ask_##SUFFIX)(m, row, 1); \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= rows) continue; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) { \
        const uint64_t column = (uint64_t)columns[p]; \
        bits[column >> 6] |= 1ull << (column & 63); \
        all[column >> 12] |= 1ull << (column >> 6 & 63); \
      } \
      if (topCount > 1) \
        for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) \
          tops[(uint64_t)columns[p] >> 18] |= 1ull << ((uint64_t)columns[p] >> 12 & 63); \
    } \
    intptr_t count = 0; \
    for (intptr_t t = 0; t < topCount; t++) { \
      uint64_t top = topCount > 1 ? tops[t] : m->topMask; \
      tops[t] = 0; \
      for (; top; top &= top - 1) { \
        const intptr_t a = t * 64 + __builtin_ctzll(top); \
        uint64_t above = all[a]; \
        all[a] = 0; \
        for (; above; above &= above - 1) { \
          const intptr_t w = a * 64 + __builtin_ctzll(above); \
          uint64_t word = bits[w]; \
          before[w] = (uint32_t)count; \
          for (; word; word &= word - 1) found[count++] = (INDEX)(w * 64 + __builtin_ctzll(word)); \
        } \
      } \
    } \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= rows) continue; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) { \
        const uint64_t column = (uint64_t)columns[p], word = bits[column >> 6]; \
        *places++ = \
          before[column >> 6] + (uint32_t)__builtin_popcountll(word & ((1ull << (column & 63)) - 1)); \
      } \
    } \
    for (intptr_t n = 0; n < count; n++) bits[(uint64_t)found[n] >> 6] = 0; \
    return count; \
  }
WEFT_PATTERN(i32, int32_t)
WEFT_PATTERN(i64, int64_t)
#endif
