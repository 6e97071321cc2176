// Two sorted lists of coordinates, row by row, as one; and elements by places.
//
// A list's entries in a result are told by their places, so that values of any dtype follow by one loop. Nothing
// branches on coordinates: patterns that are independent are mispredicted about every other entry.
#ifndef WEFT_LEVEL
// No prefetcher goes on from a page to the next, and a part of a list is few pages long.
enum { WEFT_BYTES_AHEAD = 4096, WEFT_ENTRIES_AHEAD = 512 };
#define WEFT_FAMILY "SparseMerge.c"
#include "EachLevel.h"

#if defined(__x86_64__)
#include "SparseMergeLanes.h"
#define WEFT_WIDE __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,bmi,bmi2,popcnt")))

/// Sums of all lanes before each lane and of its own.
WEFT_WIDE WEFT_INLINE __m512i running_sums(__m512i x) {
  const __m512i zero = _mm512_setzero_si512();
  x = _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 15));
  x = _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 14));
  x = _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 12));
  return _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 8));
}

/// Merges up to 16 entries of each list at a time: how many of the one are before each of the other is counted,
/// which gives their places in the result as bits, by which both are spread.
///
/// What is at most the last entry looked at, of the list that goes on, is settled; the rest comes again.
WEFT_WIDE WEFT_INLINE intptr_t merge_wide(int kind, const weft_merge *m, intptr_t first, intptr_t last) {
  const int32_t *endsA = m->ends[0], *endsB = m->ends[1];
  const int32_t *a = (const int32_t *)m->coordinates[0] + m->starts[0];
  const int32_t *b = (const int32_t *)m->coordinates[1] + m->starts[1];
  const intptr_t startA = m->starts[0], stopA = m->stops[0], startB = m->starts[1], stopB = m->stops[1];
  int32_t *coordinates = m->merged, *sourcesA = m->sources[0], *sourcesB = m->sources[1];
  const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i none = _mm512_set1_epi32(-1), one = _mm512_set1_epi32(1), zero = _mm512_setzero_si512();
  // No coordinate is as great.
  const __m512i top = _mm512_set1_epi32(INT32_MAX);
  intptr_t n = 0;
  int32_t i = endsA[first] > startA ? (int32_t)(endsA[first] - startA) : 0;
  int32_t j = endsB[first] > startB ? (int32_t)(endsB[first] - startB) : 0;
  for (intptr_t row = first; row < last; row++) {
    const int32_t endA = (int32_t)((endsA[row + 1] < stopA ? endsA[row + 1] : stopA) - startA);
    const int32_t endB = (int32_t)((endsB[row + 1] < stopB ? endsB[row + 1] : stopB) - startB);
    while (kind == weft_merge_either ? i < endA || j < endB : kind == weft_merge_both ? i < endA && j < endB : i < endA) {
      int32_t countA = endA - i, countB = endB - j;
      const int endsHereA = countA <= 16, endsHereB = countB <= 16;
      countA = countA < 16 ? countA : 16, countB = countB < 16 ? countB : 16;
      __mmask16 ofA = (__mmask16)_bzhi_u32(0xffff, countA), ofB = (__mmask16)_bzhi_u32(0xffff, countB);
      __builtin_prefetch(a + i + WEFT_ENTRIES_AHEAD);
      __builtin_prefetch(b + j + WEFT_ENTRIES_AHEAD);
      const __m512i x = _mm512_mask_loadu_epi32(top, ofA, a + i), y = _mm512_mask_loadu_epi32(top, ofB, b + j);
      if (!(endsHereA && endsHereB)) {
        int32_t limit = INT32_MAX;
        if (!endsHereA) limit = a[i + 15];
        if (!endsHereB && b[j + 15] < limit) limit = b[j + 15];
        ofA = _mm512_mask_cmple_epi32_mask(ofA, x, _mm512_set1_epi32(limit));
        ofB = _mm512_mask_cmple_epi32_mask(ofB, y, _mm512_set1_epi32(limit));
        countA = __builtin_popcount(ofA), countB = __builtin_popcount(ofB);
      }
      __m512i rank = zero, other = zero, at = zero;
      for (int32_t t = 0; t < countB; t += 4) {
        const __m512i next = _mm512_add_epi32(at, one), third = _mm512_add_epi32(next, one);
        const __m512i fourth = _mm512_add_epi32(third, one);
        rank = _mm512_mask_add_epi32(
          rank, _mm512_cmpgt_epi32_mask(x, _mm512_permutexvar_epi32(at, y)), rank, one);
        other = _mm512_mask_add_epi32(
          other, _mm512_cmpgt_epi32_mask(x, _mm512_permutexvar_epi32(next, y)), other, one);
        rank = _mm512_mask_add_epi32(
          rank, _mm512_cmpgt_epi32_mask(x, _mm512_permutexvar_epi32(third, y)), rank, one);
        other = _mm512_mask_add_epi32(
          other, _mm512_cmpgt_epi32_mask(x, _mm512_permutexvar_epi32(fourth, y)), other, one);
        at = _mm512_add_epi32(fourth, one);
      }
      rank = _mm512_add_epi32(rank, other);
      const __mmask16 same = _mm512_mask_cmpeq_epi32_mask(ofA, _mm512_permutexvar_epi32(rank, y), x);
      const __m512i placesA = _mm512_add_epi32(lanes, _mm512_set1_epi32(i));
      const __m512i placesB = _mm512_add_epi32(lanes, _mm512_set1_epi32(j));
      if (kind == weft_merge_both) {
        const int count = __builtin_popcount(same);
        _mm512_storeu_si512(coordinates + n, _mm512_maskz_compress_epi32(same, x));
        if (sourcesA) _mm512_storeu_si512(sourcesA + n, _mm512_maskz_compress_epi32(same, placesA));
        if (sourcesB)
          _mm512_storeu_si512(
            sourcesB + n,
            _mm512_maskz_compress_epi32(same, _mm512_add_epi32(rank, _mm512_set1_epi32(j))));
        n += count;
      } else if (kind == weft_merge_first) {
        _mm512_storeu_si512(
          sourcesB + n, _mm512_mask_add_epi32(none, same, rank, _mm512_set1_epi32(j)));
        n += countA;
      } else {
        __m512i place = _mm512_add_epi32(lanes, rank);
        if (same) {
          const __m512i ones = _mm512_maskz_mov_epi32(same, one);
          place = _mm512_sub_epi32(place, _mm512_sub_epi32(running_sums(ones), ones));
        }
        const __m512i bits = _mm512_maskz_sllv_epi32(ofA, one, place);
        const uint32_t inA = (uint32_t)_mm512_reduce_or_epi32(bits);
        const uint32_t inBoth = same ? (uint32_t)_mm512_reduce_or_epi32(_mm512_maskz_mov_epi32(same, bits)) : 0;
        const int count = countA + countB - __builtin_popcount(same);
        const uint32_t inB = (_bzhi_u32(0xffffffffu, (uint32_t)count) & ~inA) | inBoth;
        __mmask16 hereA = (__mmask16)inA, hereB = (__mmask16)inB;
        _mm512_storeu_si512(
          coordinates + n, _mm512_mask_expand_epi32(_mm512_maskz_expand_epi32(hereB, y), hereA, x));
        if (sourcesA) _mm512_storeu_si512(sourcesA + n, _mm512_mask_expand_epi32(none, hereA, placesA));
        if (sourcesB) _mm512_storeu_si512(sourcesB + n, _mm512_mask_expand_epi32(none, hereB, placesB));
        if (count > 16) {
          const __m512i skipA = _mm512_set1_epi32(__builtin_popcount(hereA));
          const __m512i skipB = _mm512_set1_epi32(__builtin_popcount(hereB));
          hereA = (__mmask16)(inA >> 16), hereB = (__mmask16)(inB >> 16);
          const __m512i restA = _mm512_permutexvar_epi32(_mm512_add_epi32(lanes, skipA), x);
          const __m512i restB = _mm512_permutexvar_epi32(_mm512_add_epi32(lanes, skipB), y);
          _mm512_storeu_si512(
            coordinates + n + 16,
            _mm512_mask_expand_epi32(_mm512_maskz_expand_epi32(hereB, restB), hereA, restA));
          if (sourcesA)
            _mm512_storeu_si512(
              sourcesA + n + 16, _mm512_mask_expand_epi32(none, hereA, _mm512_add_epi32(placesA, skipA)));
          if (sourcesB)
            _mm512_storeu_si512(
              sourcesB + n + 16, _mm512_mask_expand_epi32(none, hereB, _mm512_add_epi32(placesB, skipB)));
        }
        n += count;
      }
      i += countA, j += countB;
    }
    i = endA, j = endB;
    if (m->rowEnds) m->rowEnds[row - first] = n;
  }
  return n;
}

WEFT_WIDE static intptr_t either_wide(const weft_merge *m, intptr_t first, intptr_t last) {
  return merge_wide(weft_merge_either, m, first, last);
}
WEFT_WIDE static intptr_t both_wide(const weft_merge *m, intptr_t first, intptr_t last) {
  return merge_wide(weft_merge_both, m, first, last);
}
WEFT_WIDE static intptr_t first_wide(const weft_merge *m, intptr_t first, intptr_t last) {
  return merge_wide(weft_merge_first, m, first, last);
}

/// Elements that stand together are spread by masks: their places only say which of the result's are there.
#define WEFT_SPREAD(BYTES, LANES, MASK, LOAD, EXPAND, STORE, ALL) \
  WEFT_WIDE static void spread_##BYTES##_wide( \
    const void *elements, const void *fill, const int32_t *sources, void *result, intptr_t count) { \
    const char *from = elements; \
    char *to = result; \
    intptr_t n = 0; \
    for (; n < count && sources[n] < 0; n++) memcpy(to + n * BYTES, fill, BYTES); \
    if (n < count) from += (intptr_t)sources[n] * BYTES; \
    for (; n + LANES <= count; n += LANES) { \
      const unsigned there = MASK; \
      __builtin_prefetch(from + WEFT_BYTES_AHEAD); \
      const unsigned found = (unsigned)__builtin_popcount(there); \
      STORE(to + n * BYTES, EXPAND(ALL, there, LOAD(_bzhi_u32(~0u, found), from))); \
      from += found * BYTES; \
    } \
    for (; n < count; n++) { \
      const int isThere = sources[n] >= 0; \
      memcpy(to + n * BYTES, isThere ? (const void *)from : fill, BYTES); \
      from += isThere ? BYTES : 0; \
    } \
  }
WEFT_SPREAD(
  4, 16,
  _mm512_cmpge_epi32_mask(_mm512_loadu_si512(sources + n), _mm512_setzero_si512()),
  _mm512_maskz_loadu_epi32, _mm512_mask_expand_epi32, _mm512_storeu_si512,
  _mm512_set1_epi32(*(const int32_t *)fill))
WEFT_SPREAD(
  8, 8,
  _mm256_cmpge_epi32_mask(
    _mm256_loadu_si256((const __m256i *)(sources + n)), _mm256_setzero_si256()),
  _mm512_maskz_loadu_epi64, _mm512_mask_expand_epi64, _mm512_storeu_si512,
  _mm512_set1_epi64(*(const int64_t *)fill))
#define WEFT_MERGE_LEVELS(KIND, INDEX) {merge_##KIND##_##INDEX##_portable, WEFT_MERGE_BEST_##INDEX(KIND)}
#define WEFT_MERGE_BEST_i32(KIND) KIND##_eight, KIND##_wide
#define WEFT_MERGE_BEST_i64(KIND) merge_##KIND##_i64_avx2, merge_##KIND##_i64_avx512
#define WEFT_GATHER_LEVELS(ITEM) {gather_##ITEM##_portable, gather_##ITEM##_avx2, gather_##ITEM##_avx512}
#else
#define WEFT_MERGE_LEVELS(KIND, INDEX) {merge_##KIND##_##INDEX##_portable}
#define WEFT_GATHER_LEVELS(ITEM) {gather_##ITEM##_portable}
#endif

weft_merge_function *weft_merge_at(int level, int kind, int indexBytes) {
  static weft_merge_function *const all[6][3] = {
    WEFT_MERGE_LEVELS(either, i32), WEFT_MERGE_LEVELS(either, i64), WEFT_MERGE_LEVELS(both, i32),
    WEFT_MERGE_LEVELS(both, i64), WEFT_MERGE_LEVELS(first, i32), WEFT_MERGE_LEVELS(first, i64)};
  return level < 0 || level > weft_tile_level() ? NULL : all[2 * kind + (indexBytes == 8)][level];
}
weft_merge_function *weft_merge_of(int kind, int indexBytes) {
  return weft_merge_at(weft_tile_level(), kind, indexBytes);
}

weft_gather_function *weft_gather_at(int level, int itemBytes, int isRun) {
  static weft_gather_function *const all[5][3] = {
    WEFT_GATHER_LEVELS(1), WEFT_GATHER_LEVELS(2), WEFT_GATHER_LEVELS(4), WEFT_GATHER_LEVELS(8),
    WEFT_GATHER_LEVELS(16)};
  if (level < 0 || level > weft_tile_level()) return NULL;
#if defined(__x86_64__)
  if (isRun && level > 0) {
    if (itemBytes == 4) return level == 2 ? spread_4_wide : spread_4_eight;
    if (itemBytes == 8) return level == 2 ? spread_8_wide : spread_8_eight;
  }
#endif
  const int row = itemBytes == 1 ? 0 : itemBytes == 2 ? 1 : itemBytes == 4 ? 2 : itemBytes == 8 ? 3 : 4;
  return all[row][level];
}
weft_gather_function *weft_gather_of(int itemBytes, int isRun) {
  return weft_gather_at(weft_tile_level(), itemBytes, isRun);
}

weft_gather_blocks_function *weft_gather_blocks_at(int level) {
  static weft_gather_blocks_function *const all[3] = WEFT_GATHER_LEVELS(blocks);
  return level < 0 || level > weft_tile_level() ? NULL : all[level];
}
weft_gather_blocks_function *weft_gather_blocks(void) {
  return weft_gather_blocks_at(weft_tile_level());
}
#else

#define WEFT_MERGE(KIND, SUFFIX, INDEX) \
  __attribute__((unused)) static intptr_t WEFT_AT(merge_##KIND##_##SUFFIX)(const weft_merge *m, intptr_t first, intptr_t last) { \
    const INDEX *endsA = m->ends[0], *endsB = m->ends[1], *a = m->coordinates[0], *b = m->coordinates[1]; \
    const intptr_t startA = m->starts[0], stopA = m->stops[0], startB = m->starts[1], stopB = m->stops[1]; \
    INDEX *coordinates = m->merged; \
    int32_t *sourcesA = m->sources[0], *sourcesB = m->sources[1]; \
    intptr_t n = 0, i = endsA[first] > startA ? endsA[first] : startA, j = endsB[first] > startB ? endsB[first] : startB; \
    for (intptr_t row = first; row < last; row++) { \
      const intptr_t endA = endsA[row + 1] < stopA ? endsA[row + 1] : stopA; \
      const intptr_t endB = endsB[row + 1] < stopB ? endsB[row + 1] : stopB; \
      while (i < endA && j < endB) { \
        const INDEX x = a[i], y = b[j]; \
        const int isA = x <= y, isB = y <= x; \
        if (weft_merge_##KIND != weft_merge_first) coordinates[n] = isA ? x : y; \
        if (weft_merge_##KIND != weft_merge_first && sourcesA) sourcesA[n] = isA ? (int32_t)(i - startA) : -1; \
        if (sourcesB) sourcesB[n] = isB ? (int32_t)(j - startB) : -1; \
        i += isA, j += isB; \
        n += weft_merge_##KIND == weft_merge_either ? 1 : weft_merge_##KIND == weft_merge_both ? isA & isB : isA; \
      } \
      if (weft_merge_##KIND != weft_merge_both) { \
        for (; i < endA; i++, n++) { \
          if (weft_merge_##KIND == weft_merge_either) coordinates[n] = a[i]; \
          if (weft_merge_##KIND == weft_merge_either && sourcesA) sourcesA[n] = (int32_t)(i - startA); \
          if (sourcesB) sourcesB[n] = -1; \
        } \
      } \
      if (weft_merge_##KIND == weft_merge_either) { \
        for (; j < endB; j++, n++) { \
          coordinates[n] = b[j]; \
          if (sourcesA) sourcesA[n] = -1; \
          if (sourcesB) sourcesB[n] = (int32_t)(j - startB); \
        } \
      } \
      i = endA, j = endB; \
      if (m->rowEnds) m->rowEnds[row - first] = n; \
    } \
    return n; \
  }
WEFT_MERGE(either, i32, int32_t)
WEFT_MERGE(either, i64, int64_t)
WEFT_MERGE(both, i32, int32_t)
WEFT_MERGE(both, i64, int64_t)
WEFT_MERGE(first, i32, int32_t)
WEFT_MERGE(first, i64, int64_t)

#define WEFT_GATHER(BYTES, ITEM) \
  static void WEFT_AT(gather_##BYTES)( \
    const void *elements, const void *fill, const int32_t *restrict sources, void *restrict result, intptr_t count) { \
    const ITEM *from = elements; \
    ITEM *restrict to = result; \
    const ITEM empty = *(const ITEM *)fill; \
    _Pragma("clang loop vectorize(disable)") \
    for (intptr_t n = 0; n < count; n++) { \
      const int32_t source = sources[n]; \
      const ITEM item = from[source < 0 ? 0 : source]; \
      __builtin_prefetch((const char *)(from + (source < 0 ? 0 : source)) + WEFT_BYTES_AHEAD); \
      to[n] = source < 0 ? empty : item; \
    } \
  }
WEFT_GATHER(1, uint8_t)
WEFT_GATHER(2, uint16_t)
WEFT_GATHER(4, uint32_t)
WEFT_GATHER(8, uint64_t)
WEFT_GATHER(16, unsigned __int128)

/// Copies of sizes that compilers know are a few instructions; a call for each block takes longer than the block.
static void WEFT_AT(gather_blocks)(
  const void *elements, const void *fill, const int32_t *restrict sources, void *restrict result,
  intptr_t count, intptr_t bytes) {
  char *to = result;
  for (intptr_t n = 0; n < count; n++, to += bytes) {
    const char *from = sources[n] < 0 ? fill : (const char *)elements + sources[n] * bytes;
    intptr_t b = 0;
    for (; b + 64 <= bytes; b += 64) {
      __builtin_prefetch(from + b + WEFT_BYTES_AHEAD);
      memcpy(to + b, from + b, 64);
    }
    for (; b + 8 <= bytes; b += 8) memcpy(to + b, from + b, 8);
    for (; b < bytes; b++) to[b] = from[b];
  }
}
#endif
