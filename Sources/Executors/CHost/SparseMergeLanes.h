// The merge of SparseMerge.c by eight entries of each list, and elements spread by their places, with AVX2.
//
// What AVX-512 compresses and expands is permuted here, by tables over the bits of eight lanes.
#pragma once
#include <immintrin.h>
#include "TileLoops.h"

#define WEFT_EIGHT __attribute__((target("avx,avx2,bmi,bmi2,popcnt")))

#define WEFT_TABLE_4(ROW, M) ROW(M), ROW(M + 1), ROW(M + 2), ROW(M + 3)
#define WEFT_TABLE_16(ROW, M) \
  WEFT_TABLE_4(ROW, M), WEFT_TABLE_4(ROW, M + 4), WEFT_TABLE_4(ROW, M + 8), WEFT_TABLE_4(ROW, M + 12)
#define WEFT_TABLE_64(ROW, M) \
  WEFT_TABLE_16(ROW, M), WEFT_TABLE_16(ROW, M + 16), WEFT_TABLE_16(ROW, M + 32), WEFT_TABLE_16(ROW, M + 48)
#define WEFT_TABLE_256(ROW) \
  WEFT_TABLE_64(ROW, 0), WEFT_TABLE_64(ROW, 64), WEFT_TABLE_64(ROW, 128), WEFT_TABLE_64(ROW, 192)

// A byte a lane, the first one lowest.
#define WEFT_BELOW(M, K) (uint64_t)__builtin_popcount((M) & ((1 << (K)) - 1))
#define WEFT_BEFORE(M, K) (WEFT_BELOW(M, K) | (~(uint64_t)(M) >> (K) & 1) << 7) << 8 * (K)
#define WEFT_PACKED(M, K) ((uint64_t)(M) >> (K) & 1) * (K) << 8 * (WEFT_BELOW(M, K) & 7)
#define WEFT_LANES(BYTE, M) \
  (BYTE(M, 0) | BYTE(M, 1) | BYTE(M, 2) | BYTE(M, 3) | BYTE(M, 4) | BYTE(M, 5) | BYTE(M, 6) | BYTE(M, 7))
#define WEFT_BEFORE_ALL(M) WEFT_LANES(WEFT_BEFORE, M)
#define WEFT_PACKED_ALL(M) WEFT_LANES(WEFT_PACKED, M)

/// How many lanes of a set are before each lane, less 128 for lanes outside: the first elements of a vector are spread
/// to the set by it, as permutations look at three bits and blends at signs.
static const uint64_t weft_before[256] = {WEFT_TABLE_256(WEFT_BEFORE_ALL)};
/// The lanes of a set, one after the other.
static const uint64_t weft_packed[256] = {WEFT_TABLE_256(WEFT_PACKED_ALL)};

WEFT_EIGHT WEFT_INLINE __m256i eight_bytes(const uint64_t *table, unsigned set) {
  return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(table + set)));
}
WEFT_EIGHT WEFT_INLINE unsigned eight_set(__m256i mask) {
  return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(mask));
}
WEFT_EIGHT WEFT_INLINE uint32_t eight_or(__m256i x) {
  __m128i half = _mm_or_si128(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  half = _mm_or_si128(half, _mm_shuffle_epi32(half, 0x4e));
  return (uint32_t)_mm_cvtsi128_si32(_mm_or_si128(half, _mm_shuffle_epi32(half, 0xb1)));
}
WEFT_EIGHT WEFT_INLINE void eight_store(int32_t *to, __m256i x) {
  _mm256_storeu_si256((__m256i *)to, x);
}

/// Entries of a list; where there is none, what no coordinate is as great as. Loads that wait for masks take longer.
WEFT_EIGHT WEFT_INLINE __m256i eight_entries(const int32_t *list, __m256i mask, int areThere) {
  const __m256i all = __builtin_expect(areThere, 1)
    ? _mm256_loadu_si256((const __m256i *)list) : _mm256_maskload_epi32(list, mask);
  return _mm256_blendv_epi8(_mm256_set1_epi32(INT32_MAX), all, mask);
}

/// Where lanes of `choice` are negative, those of y.
WEFT_EIGHT WEFT_INLINE __m256i eight_else(__m256i x, __m256i y, __m256i choice) {
  return _mm256_castps_si256(_mm256_blendv_ps(
    _mm256_castsi256_ps(x), _mm256_castsi256_ps(y), _mm256_castsi256_ps(choice)));
}

/// Writes eight entries of a result: which element of each list they are, negative where it has none.
WEFT_EIGHT WEFT_INLINE void eight_spread(
  __m256i x, __m256i y, __m256i fromX, __m256i fromY, __m256i firstX, __m256i firstY,
  int32_t *coordinates, int32_t *sourcesX, int32_t *sourcesY) {
  const __m256i none = _mm256_set1_epi32(-1);
  eight_store(
    coordinates,
    eight_else(_mm256_permutevar8x32_epi32(x, fromX), _mm256_permutevar8x32_epi32(y, fromY), fromX));
  if (sourcesX) eight_store(sourcesX, eight_else(_mm256_add_epi32(fromX, firstX), none, fromX));
  if (sourcesY) eight_store(sourcesY, eight_else(_mm256_add_epi32(fromY, firstY), none, fromY));
}

/// The merge of SparseMerge.c by up to eight entries of each list at a time.
WEFT_EIGHT WEFT_INLINE intptr_t merge_eight(
  int kind, const weft_merge *m, intptr_t first, intptr_t last) {
  const int32_t *endsA = m->ends[0], *endsB = m->ends[1];
  const int32_t *a = (const int32_t *)m->coordinates[0] + m->starts[0];
  const int32_t *b = (const int32_t *)m->coordinates[1] + m->starts[1];
  const intptr_t startA = m->starts[0], stopA = m->stops[0], startB = m->starts[1], stopB = m->stops[1];
  int32_t *coordinates = m->merged, *sourcesA = m->sources[0], *sourcesB = m->sources[1];
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), seven = _mm256_set1_epi32(7);
  const __m256i none = _mm256_set1_epi32(-1), one = _mm256_set1_epi32(1);
  intptr_t n = 0;
  int32_t i = endsA[first] > startA ? (int32_t)(endsA[first] - startA) : 0;
  int32_t j = endsB[first] > startB ? (int32_t)(endsB[first] - startB) : 0;
  for (intptr_t row = first; row < last; row++) {
    const int32_t endA = (int32_t)((endsA[row + 1] < stopA ? endsA[row + 1] : stopA) - startA);
    const int32_t endB = (int32_t)((endsB[row + 1] < stopB ? endsB[row + 1] : stopB) - startB);
    while (kind == weft_merge_either ? i < endA || j < endB : kind == weft_merge_both ? i < endA && j < endB : i < endA) {
      const __m256i ofA = _mm256_cmpgt_epi32(_mm256_set1_epi32(endA - i), lanes);
      const __m256i ofB = _mm256_cmpgt_epi32(_mm256_set1_epi32(endB - j), lanes);
      __builtin_prefetch(a + i + WEFT_ENTRIES_AHEAD);
      __builtin_prefetch(b + j + WEFT_ENTRIES_AHEAD);
      const __m256i x = eight_entries(a + i, ofA, i + 8 <= stopA - startA);
      const __m256i y = eight_entries(b + j, ofB, j + 8 <= stopB - startB);
      // A list that ends here limits nothing: what it lacks is the greatest.
      const __m256i limit = _mm256_min_epi32(
        _mm256_permutevar8x32_epi32(x, seven), _mm256_permutevar8x32_epi32(y, seven));
      const __m256i isA = _mm256_andnot_si256(_mm256_cmpgt_epi32(x, limit), ofA);
      const unsigned setA = eight_set(isA);
      const unsigned setB = eight_set(_mm256_andnot_si256(_mm256_cmpgt_epi32(y, limit), ofB));
      const int32_t countA = __builtin_popcount(setA), countB = __builtin_popcount(setB);
      // Each half twice, so that one shuffle within halves gives an element to all lanes; compilers would take two.
      __m256i low = _mm256_permute2x128_si256(y, y, 0x00), high = _mm256_permute2x128_si256(y, y, 0x11);
      __asm__("" : "+x"(low), "+x"(high));
#define WEFT_GREATER(HALF, LANE) _mm256_cmpgt_epi32(x, _mm256_shuffle_epi32(HALF, LANE * 0x55))
      __m256i rank = _mm256_add_epi32(WEFT_GREATER(low, 0), WEFT_GREATER(low, 1));
      __m256i other = _mm256_add_epi32(WEFT_GREATER(low, 2), WEFT_GREATER(low, 3));
      rank = _mm256_add_epi32(rank, _mm256_add_epi32(WEFT_GREATER(high, 0), WEFT_GREATER(high, 1)));
      other = _mm256_add_epi32(other, _mm256_add_epi32(WEFT_GREATER(high, 2), WEFT_GREATER(high, 3)));
#undef WEFT_GREATER
      rank = _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_add_epi32(rank, other));
      const __m256i isSame = _mm256_cmpeq_epi32(_mm256_permutevar8x32_epi32(y, rank), x);
      const unsigned same = eight_set(isSame) & setA;
      const __m256i placesB = _mm256_add_epi32(rank, _mm256_set1_epi32(j));
      if (kind == weft_merge_both) {
        const __m256i from = eight_bytes(weft_packed, same);
        eight_store(coordinates + n, _mm256_permutevar8x32_epi32(x, from));
        if (sourcesA) eight_store(sourcesA + n, _mm256_add_epi32(from, _mm256_set1_epi32(i)));
        if (sourcesB) eight_store(sourcesB + n, _mm256_permutevar8x32_epi32(placesB, from));
        n += __builtin_popcount(same);
      } else if (kind == weft_merge_first) {
        eight_store(sourcesB + n, _mm256_blendv_epi8(none, placesB, isSame));
        n += countA;
      } else {
        const __m256i before = _mm256_and_si256(eight_bytes(weft_before, same), seven);
        const __m256i place = _mm256_sub_epi32(_mm256_add_epi32(lanes, rank), before);
        const __m256i bits = _mm256_and_si256(_mm256_sllv_epi32(one, place), isA);
        // Bits of both above those of A.
        const uint32_t found =
          eight_or(_mm256_or_si256(bits, _mm256_slli_epi32(_mm256_and_si256(bits, isSame), 16)));
        const int count = countA + countB - __builtin_popcount(same);
        const uint32_t inA = found & 0xffff;
        const uint32_t inB = (_bzhi_u32(0xffff, (uint32_t)count) & ~inA) | found >> 16;
        const __m256i firstA = _mm256_set1_epi32(i), firstB = _mm256_set1_epi32(j);
        eight_spread(
          x, y, eight_bytes(weft_before, inA & 0xff), eight_bytes(weft_before, inB & 0xff), firstA,
          firstB, coordinates + n, sourcesA ? sourcesA + n : NULL, sourcesB ? sourcesB + n : NULL);
        const __m256i doneA = _mm256_set1_epi32(__builtin_popcount(inA & 0xff));
        const __m256i doneB = _mm256_set1_epi32(__builtin_popcount(inB & 0xff));
        eight_spread(
          x, y, _mm256_add_epi32(eight_bytes(weft_before, inA >> 8), doneA),
          _mm256_add_epi32(eight_bytes(weft_before, inB >> 8), doneB), firstA, firstB,
          coordinates + n + 8, sourcesA ? sourcesA + n + 8 : NULL, sourcesB ? sourcesB + n + 8 : NULL);
        n += count;
      }
      i += countA, j += countB;
    }
    i = endA, j = endB;
    if (m->rowEnds) m->rowEnds[row - first] = n;
  }
  return n;
}

WEFT_EIGHT static intptr_t either_eight(const weft_merge *m, intptr_t first, intptr_t last) {
  return merge_eight(weft_merge_either, m, first, last);
}
WEFT_EIGHT static intptr_t both_eight(const weft_merge *m, intptr_t first, intptr_t last) {
  return merge_eight(weft_merge_both, m, first, last);
}
WEFT_EIGHT static intptr_t first_eight(const weft_merge *m, intptr_t first, intptr_t last) {
  return merge_eight(weft_merge_first, m, first, last);
}

/// By a mask of four bits, the same for elements of two lanes.
static const uint64_t weft_before_pairs[16] = {
#define WEFT_PAIRS(M) \
  (WEFT_PAIR(M, 0) | WEFT_PAIR(M, 1) | WEFT_PAIR(M, 2) | WEFT_PAIR(M, 3))
#define WEFT_PAIR(M, K) \
  (WEFT_BELOW(M, K) * 0x0202 + 0x0100 | (~(uint64_t)(M) >> (K) & 1) * 0x8080) << 16 * (K)
  WEFT_TABLE_16(WEFT_PAIRS, 0)};

/// Elements that stand together are spread by masks: their places only say which of the result's are there.
///
/// Vectors are read whole, so that the last elements go one by one.
#define WEFT_SPREAD_EIGHT(BYTES, LANES, MISSING, TABLE, EMPTY) \
  WEFT_EIGHT static void spread_##BYTES##_eight( \
    const void *elements, const void *fill, const int32_t *sources, void *result, intptr_t count) { \
    const char *from = elements, *last = from; \
    char *to = result; \
    const __m256i empty = EMPTY; \
    intptr_t n = 0, end = count; \
    for (; n < count && sources[n] < 0; n++) memcpy(to + n * BYTES, fill, BYTES); \
    while (end > n && sources[end - 1] < 0) end--; \
    if (n < end) { \
      last += ((intptr_t)sources[end - 1] + 1) * BYTES; \
      from += (intptr_t)sources[n] * BYTES; \
    } \
    for (; n + LANES <= count && last - from >= 32; n += LANES) { \
      const unsigned there = ~(unsigned)MISSING & ((1u << LANES) - 1); \
      const __m256i places = eight_bytes(TABLE, there); \
      const __m256i found = _mm256_loadu_si256((const __m256i *)from); \
      __builtin_prefetch(from + WEFT_BYTES_AHEAD); \
      _mm256_storeu_si256( \
        (__m256i *)(to + n * BYTES), \
        eight_else(_mm256_permutevar8x32_epi32(found, places), empty, places)); \
      from += (intptr_t)__builtin_popcount(there) * BYTES; \
    } \
    for (; n < count; n++) { \
      const int isThere = sources[n] >= 0; \
      memcpy(to + n * BYTES, isThere ? (const void *)from : fill, BYTES); \
      from += isThere ? BYTES : 0; \
    } \
  }
WEFT_SPREAD_EIGHT(
  4, 8, _mm256_movemask_ps(_mm256_loadu_ps((const float *)(sources + n))), weft_before,
  _mm256_set1_epi32(*(const int32_t *)fill))
WEFT_SPREAD_EIGHT(
  8, 4, _mm_movemask_ps(_mm_loadu_ps((const float *)(sources + n))), weft_before_pairs,
  _mm256_set1_epi64x(*(const int64_t *)fill))
