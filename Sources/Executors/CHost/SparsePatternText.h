// Rows of products of sparse matrices, for one type of indices.

/// Scattered stores take longer than as many stores.
#define WEFT_ONE_BY_ONE _Pragma("clang loop vectorize(disable)")
/// The most pairs of factors of a row whose columns are listed, and how many columns are copied at once.
#define WEFT_LISTED 2048
#define WEFT_AT_ONCE 16

/// Asks for the rows of B that rows of A some places on name: their ends first, their columns and values then.
///
/// No prefetcher guesses which these are, and each is a few elements long.
WEFT_INLINE void WEFT_PATTERN_NAME(ask)(const weft_sparse_pair *m, intptr_t row, int values) {
  if (m->isNear) return;
  const WEFT_INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB;
  const intptr_t later = row + 4 < m->rowsA ? row + 4 : m->rowsA - 1;
  const intptr_t soon = row + 2 < m->rowsA ? row + 2 : m->rowsA - 1;
  for (intptr_t e = ends[later]; e < ends[later + 1]; e++) __builtin_prefetch(starts + inner[e]);
  for (intptr_t e = ends[soon]; e < ends[soon + 1]; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    __builtin_prefetch(columns + starts[k]);
    __builtin_prefetch(columns + starts[k + 1]);
    if (!values) continue;
    const char *value = (const char *)m->valuesB + starts[k] * m->itemBytes;
    __builtin_prefetch(value);
    __builtin_prefetch(value + 64);
  }
}

/// Whether a row of the product has so many pairs of factors that looking through a byte a column costs less than bits.
WEFT_INLINE int WEFT_PATTERN_NAME(is_full)(const weft_sparse_pair *m, intptr_t first, intptr_t last) {
  if (!m->flags) return 0;
  const WEFT_INDEX *inner = m->columnsA, *starts = m->endsB;
  intptr_t pairs = 0;
  WEFT_ONE_BY_ONE
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k < m->rowsB) pairs += starts[k + 1] - starts[k];
  }
  return pairs >= m->columns / 16;
}

/// The number of columns by a byte each, which no one waits for: bits of one word do.
WEFT_INLINE intptr_t WEFT_PATTERN_NAME(flag_count)(
  const weft_sparse_pair *m, intptr_t first, intptr_t last) {
  const WEFT_INDEX *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB;
  uint8_t *restrict flags = m->flags;
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) flags[columns[p]] = 1;
  }
  intptr_t count = 0;
  for (intptr_t c = 0; c < m->columns; c += 64) {
    uint8_t own = 0;
    for (int k = 0; k < 64; k++) own += flags[c + k];
    count += own;
    memset(flags + c, 0, 64);
  }
  return count;
}

/// The columns of a row's pairs of factors one after the other: jumps at the ends of rows of B, guesses where these have
/// different lengths, are taken once then. Sixteen are copied at once, whether or not there are as many.
///
/// Gives how many there are, or -1 where they are too many for the list.
WEFT_INLINE intptr_t WEFT_PATTERN_NAME(listed)(
  const weft_sparse_pair *m, intptr_t first, intptr_t last, WEFT_INDEX *list) {
  const WEFT_INDEX *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB;
  const intptr_t all = starts[m->rowsB];
  intptr_t listed = 0;
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    const intptr_t start = starts[k], count = starts[k + 1] - start;
    if (listed + count > WEFT_LISTED) return -1;
    WEFT_INDEX *out = list + listed;
    intptr_t n = 0;
    if (start + WEFT_AT_ONCE <= all)
      for (; n < WEFT_AT_ONCE; n++) out[n] = columns[start + n];
    for (; n < count; n++) out[n] = columns[start + n];
    listed += count;
  }
  return listed;
}

static intptr_t WEFT_PATTERN_NAME(pattern_count)(const weft_sparse_pair *m, intptr_t row) {
  const WEFT_INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB;
  uint64_t *restrict bits = m->bits;
  const intptr_t first = ends[row], last = ends[row + 1];
  WEFT_PATTERN_NAME(ask)(m, row, 0);
  if (WEFT_PATTERN_NAME(is_full)(m, first, last)) return WEFT_PATTERN_NAME(flag_count)(m, first, last);
  intptr_t count = 0;
  WEFT_INDEX list[WEFT_LISTED + WEFT_AT_ONCE];
  const intptr_t listed = WEFT_PATTERN_NAME(listed)(m, first, last, list);
  if (listed >= 0) {
    for (intptr_t p = 0; p < listed; p++) {
      const uint64_t column = (uint64_t)list[p], word = bits[column >> 6];
      count += !(word >> (column & 63) & 1);
      bits[column >> 6] = word | 1ull << (column & 63);
    }
    WEFT_ONE_BY_ONE
    for (intptr_t p = 0; p < listed; p++) bits[(uint64_t)list[p] >> 6] = 0;
    return count;
  }
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) {
      const uint64_t column = (uint64_t)columns[p], word = bits[column >> 6];
      count += !(word >> (column & 63) & 1);
      bits[column >> 6] = word | 1ull << (column & 63);
    }
  }
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    WEFT_ONE_BY_ONE
    for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++)
      bits[(uint64_t)columns[p] >> 6] = 0;
  }
  return count;
}

/// Marks a row's columns in the bits and the levels above.
WEFT_INLINE void WEFT_PATTERN_NAME(mark)(const weft_sparse_pair *m, intptr_t first, intptr_t last) {
  const WEFT_INDEX *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB;
  uint64_t *restrict bits = m->bits, *restrict all = m->above, *restrict tops = m->top;
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) {
      const uint64_t column = (uint64_t)columns[p];
      bits[column >> 6] |= 1ull << (column & 63);
      all[column >> 12] |= 1ull << (column >> 6 & 63);
    }
    if (m->tops > 1)
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++)
        tops[(uint64_t)columns[p] >> 18] |= 1ull << ((uint64_t)columns[p] >> 12 & 63);
  }
}

/// The places of the ones of a word, from `base` on; gives what comes after them.
///
/// So many at once are written whether or not there are as many, so that few jumps depend on data: behind what is
/// found there is room for them.
WEFT_INLINE WEFT_INDEX *WEFT_PATTERN_NAME(ones)(
  uint64_t word, uint64_t base, int atOnce, WEFT_INDEX *out) {
  WEFT_INDEX *end = out + __builtin_popcountll(word);
  do {
    for (int k = 0; k < atOnce; k++) {
      out[k] = (WEFT_INDEX)(base + (uint64_t)__builtin_ctzll(word | 1ull << 63));
      word &= word - 1;
    }
    out += atOnce;
  } while (word);
  return end;
}

/// The words of `bits` that are not zero, in order, as a list; the levels above become zero.
WEFT_INLINE intptr_t WEFT_PATTERN_NAME(words)(const weft_sparse_pair *m, WEFT_INDEX *list) {
  WEFT_INDEX *end = list;
  for (intptr_t t = 0; t < m->tops; t++) {
    uint64_t top = m->tops > 1 ? m->top[t] : m->topMask;
    m->top[t] = 0;
    for (; top; top &= top - 1) {
      const intptr_t a = t * 64 + __builtin_ctzll(top);
      if (m->above[a]) end = WEFT_PATTERN_NAME(ones)(m->above[a], (uint64_t)a * 64, 4, end);
      m->above[a] = 0;
    }
  }
  return end - list;
}

/// The sorted columns of a row after a list of words, and where each word's begin.
WEFT_INLINE intptr_t WEFT_PATTERN_NAME(columns)(
  const weft_sparse_pair *m, const WEFT_INDEX *list, intptr_t words, WEFT_INDEX *found) {
  WEFT_INDEX *end = found;
  for (intptr_t n = 0; n < words; n++) {
    const uint64_t word = (uint64_t)list[n];
    m->before[word] = (uint32_t)(end - found);
    end = WEFT_PATTERN_NAME(ones)(m->bits[word], word * 64, 2, end);
  }
  return end - found;
}

WEFT_INLINE void WEFT_PATTERN_NAME(clear)(
  const weft_sparse_pair *m, const WEFT_INDEX *list, intptr_t words) {
  WEFT_ONE_BY_ONE
  for (intptr_t n = 0; n < words; n++) m->bits[list[n]] = 0;
}

WEFT_INLINE intptr_t WEFT_PATTERN_NAME(place)(const weft_sparse_pair *m, uint64_t column) {
  const uint64_t below = m->bits[column >> 6] & ((1ull << (column & 63)) - 1);
  return m->before[column >> 6] + __builtin_popcountll(below);
}

static intptr_t WEFT_PATTERN_NAME(pattern)(
  const weft_sparse_pair *m, intptr_t row, void *out, uint32_t *restrict places) {
  const WEFT_INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB;
  const intptr_t first = ends[row], last = ends[row + 1];
  WEFT_PATTERN_NAME(ask)(m, row, 1);
  WEFT_PATTERN_NAME(mark)(m, first, last);
  WEFT_INDEX *list = m->list;
  const intptr_t words = WEFT_PATTERN_NAME(words)(m, list);
  WEFT_INDEX *found = list + words + 3;
  const intptr_t count = WEFT_PATTERN_NAME(columns)(m, list, words, found);
  memcpy(out, found, count * sizeof *found);
  for (intptr_t e = first; e < last; e++) {
    const intptr_t k = inner[e];
    if (k >= m->rowsB) continue;
    for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++)
      *places++ = (uint32_t)WEFT_PATTERN_NAME(place)(m, (uint64_t)columns[p]);
  }
  WEFT_PATTERN_NAME(clear)(m, list, words);
  return count;
}

/// A row of the product for one type of values.
#define WEFT_PRODUCT(REAL, NAME) \
  WEFT_INLINE intptr_t WEFT_PATTERN_NAME(NAME##_full)( \
    const weft_sparse_pair *m, intptr_t first, intptr_t last, WEFT_INDEX *found, REAL *sums) { \
    const WEFT_INDEX *inner = m->columnsA, *starts = m->endsB, *columns = m->columnsB; \
    const REAL *left = m->valuesA, *right = m->valuesB; \
    uint8_t *restrict flags = m->flags; \
    REAL *restrict all = m->sums; \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= m->rowsB) continue; \
      const REAL value = left[e]; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) { \
        all[columns[p]] += value * right[p]; \
        flags[columns[p]] = 1; \
      } \
    } \
    intptr_t count = 0; \
    for (intptr_t c = 0; c < m->columns; c++) { \
      if (!flags[c]) continue; \
      found[count] = (WEFT_INDEX)c; \
      sums[count++] = all[c]; \
      all[c] = 0; \
    } \
    memset(flags, 0, m->columns); \
    return count; \
  } \
  static intptr_t WEFT_PATTERN_NAME(NAME)( \
    const weft_sparse_pair *m, intptr_t row, void *out, void *results) { \
    const WEFT_INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB; \
    const WEFT_INDEX *columns = m->columnsB; \
    const REAL *left = m->valuesA, *right = m->valuesB; \
    REAL *restrict sums = results; \
    const intptr_t first = ends[row], last = ends[row + 1]; \
    WEFT_PATTERN_NAME(ask)(m, row, 1); \
    if (WEFT_PATTERN_NAME(is_full)(m, first, last)) \
      return WEFT_PATTERN_NAME(NAME##_full)(m, first, last, out, sums); \
    WEFT_PATTERN_NAME(mark)(m, first, last); \
    WEFT_INDEX *list = m->list; \
    const intptr_t words = WEFT_PATTERN_NAME(words)(m, list); \
    WEFT_INDEX *found = list + words + 3; \
    const intptr_t count = WEFT_PATTERN_NAME(columns)(m, list, words, found); \
    memcpy(out, found, count * sizeof *found); \
    memset(sums, 0, count * sizeof *sums); \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= m->rowsB) continue; \
      const REAL value = left[e]; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) \
        sums[WEFT_PATTERN_NAME(place)(m, (uint64_t)columns[p])] += value * right[p]; \
    } \
    WEFT_PATTERN_NAME(clear)(m, list, words); \
    return count; \
  }
WEFT_PRODUCT(float, product_f32)
WEFT_PRODUCT(double, product_f64)
WEFT_PRODUCT(uint32_t, product_u32)
WEFT_PRODUCT(uint64_t, product_u64)

/// A row of the product at the entries of a mask's row.
#define WEFT_MASKED(REAL, NAME) \
  static intptr_t WEFT_PATTERN_NAME(NAME)( \
    const weft_sparse_pair *m, const weft_sparse_mask *mask, intptr_t row, void *out, void *results) { \
    const WEFT_INDEX *ends = m->endsA, *inner = m->columnsA, *starts = m->endsB; \
    const WEFT_INDEX *columns = m->columnsB, *wantedEnds = mask->ends; \
    const WEFT_INDEX *wanted = (const WEFT_INDEX *)mask->columns + wantedEnds[row]; \
    const REAL *left = m->valuesA, *right = m->valuesB; \
    WEFT_INDEX *found = out; \
    REAL *sums = results; \
    uint32_t *restrict places = mask->places; \
    uint8_t *restrict hits = mask->hits; \
    const intptr_t first = ends[row], last = ends[row + 1]; \
    const intptr_t count = wantedEnds[row + 1] - wantedEnds[row]; \
    WEFT_PATTERN_NAME(ask)(m, row, 1); \
    if (!count || first == last) return 0; \
    for (intptr_t n = 0; n < count; n++) { \
      places[wanted[n]] = (uint32_t)n + 1; \
      sums[n] = 0; \
      hits[n] = 0; \
    } \
    for (intptr_t e = first; e < last; e++) { \
      const intptr_t k = inner[e]; \
      if (k >= m->rowsB) continue; \
      const REAL value = left[e]; \
      for (intptr_t p = starts[k], end = starts[k + 1]; p < end; p++) { \
        const uint32_t place = places[columns[p]]; \
        if (!place) continue; \
        sums[place - 1] += value * right[p]; \
        hits[place - 1] = 1; \
      } \
    } \
    intptr_t kept = 0; \
    for (intptr_t n = 0; n < count; n++) { \
      places[wanted[n]] = 0; \
      found[kept] = wanted[n]; \
      sums[kept] = sums[n]; \
      kept += hits[n]; \
    } \
    return kept; \
  }
WEFT_MASKED(float, masked_f32)
WEFT_MASKED(double, masked_f64)
WEFT_MASKED(uint32_t, masked_u32)
WEFT_MASKED(uint64_t, masked_u64)

#undef WEFT_MASKED
#undef WEFT_PRODUCT
#undef WEFT_ONE_BY_ONE
#undef WEFT_LISTED
#undef WEFT_AT_ONCE
#undef WEFT_INDEX
#undef WEFT_PATTERN_NAME
