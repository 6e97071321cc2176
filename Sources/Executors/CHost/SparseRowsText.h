// Rows of a sparse matrix times a vector or a dense array, for one type of values and one of indices.

/// How many entries ahead a row of a dense array is asked for.
#define WEFT_AHEAD 24
/// How many entries ahead columns and values are: places that they name miss the caches so often that no prefetcher
/// follows the two streams beside them. Some 6 KB of values, within the first cache.
#define WEFT_STREAM_AHEAD 512
/// How many products of short rows are at hand at once.
#define WEFT_GROUP 512
/// Entries of a matrix that stays in a second cache.
#define WEFT_NEAR_ENTRIES (1 << 16)

typedef WEFT_REAL WEFT_SPARSE_NAME(vector) __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL))));
typedef WEFT_REAL WEFT_SPARSE_NAME(loose)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL)), may_alias));
typedef WEFT_REAL WEFT_SPARSE_NAME(four) __attribute__((ext_vector_type(4)));
typedef WEFT_REAL WEFT_SPARSE_NAME(loose_four)
  __attribute__((ext_vector_type(4), aligned(sizeof(WEFT_REAL)), may_alias));
typedef WEFT_BITS WEFT_SPARSE_NAME(four_bits) __attribute__((ext_vector_type(4)));
#define WEFT_V WEFT_SPARSE_NAME(vector)
#define WEFT_X(E) WEFT_SPARSE_NAME(element)(x, columns, (E), step)
#define WEFT_V4 WEFT_SPARSE_NAME(four)
#define WEFT_LOAD(X) (*(const WEFT_SPARSE_NAME(loose) *)(X))
#define WEFT_STORE(Y, V, STREAMS) \
  do { \
    if (STREAMS) __builtin_nontemporal_store((V), (WEFT_V *)(Y)); \
    else *(WEFT_SPARSE_NAME(loose) *)(Y) = (V); \
  } while (0)

WEFT_INLINE void WEFT_SPARSE_NAME(ask)(const WEFT_REAL *x, intptr_t width) {
  const char *byte = (const char *)x, *end = (const char *)(x + width);
  for (; byte < end; byte += 64) __builtin_prefetch(byte, 0, 2);
}

/// Asks for what streams hold some entries on: a line of values and one of columns.
WEFT_INLINE void WEFT_SPARSE_NAME(ask_streams)(
  const WEFT_REAL *values, const WEFT_INDEX *columns, intptr_t e) {
  __builtin_prefetch(values + e + WEFT_STREAM_AHEAD);
  __builtin_prefetch(columns + e + WEFT_STREAM_AHEAD);
}

/// The next line of values, where as many entries as a line of columns has need two.
WEFT_INLINE void WEFT_SPARSE_NAME(ask_second)(const WEFT_REAL *values, intptr_t e) {
  if (sizeof *values > sizeof(int32_t))
    __builtin_prefetch(values + e + WEFT_STREAM_AHEAD + 64 / sizeof *values);
}

/// The element of a vector that an entry names: by a load of its own, which compilers do not join to gathers. These
/// take longer than as many loads (1.7 times, Zen 5).
WEFT_INLINE WEFT_REAL WEFT_SPARSE_NAME(element)(
  const WEFT_REAL *x, const WEFT_INDEX *columns, intptr_t e, intptr_t step) {
  intptr_t place = columns[e] * step;
  __asm__("" : "+r"(place));
  return x[place];
}

// The elements of a product with a vector are added up in one order, whichever loop does it: entry k of a row
// belongs to sum k mod 4, and the four are joined at the end.

/// Adds the products of four entries to as many sums.
#define WEFT_ADD_FOUR(E) \
  do { \
    a += values[E] * WEFT_X(E); \
    b += values[E + 1] * WEFT_X(E + 1); \
    c += values[E + 2] * WEFT_X(E + 2); \
    d += values[E + 3] * WEFT_X(E + 3); \
  } while (0)

/// Entry by entry; a step of 1 is a constant, since what bounds this loop is how many instructions an entry takes. Of
/// rows that are short two streams are asked for once a row, of others all lines.
WEFT_INLINE void WEFT_SPARSE_NAME(vector_rows)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last, intptr_t step, int areShort) {
  const WEFT_INDEX *ends = m->ends, *columns = m->columns;
  const WEFT_REAL *values = m->values, *x = m->x;
  WEFT_REAL *y = m->y;
  intptr_t e = ends[first];
  for (intptr_t row = first; row < last; row++) {
    WEFT_REAL a = 0, b = 0, c = 0, d = 0;
    const intptr_t end = ends[row + 1];
    WEFT_SPARSE_NAME(ask_streams)(values, columns, e);
    if (!areShort) {
      WEFT_SPARSE_NAME(ask_second)(values, e);
      while (e + 15 < end) {
        WEFT_SPARSE_NAME(ask_streams)(values, columns, e + 16);
        WEFT_SPARSE_NAME(ask_second)(values, e + 16);
        for (const intptr_t stop = e + 16; e < stop; e += 4) WEFT_ADD_FOUR(e);
      }
    }
    for (; e + 3 < end; e += 4) WEFT_ADD_FOUR(e);
    switch (end - e) {
    case 3: c += values[e + 2] * WEFT_X(e + 2); __attribute__((fallthrough));
    case 2: b += values[e + 1] * WEFT_X(e + 1); __attribute__((fallthrough));
    case 1: a += values[e] * WEFT_X(e);
    }
    e = end;
    y[row * m->strideY] = (a + c) + (b + d);
  }
}

/// Adds four products from p on, of which the first `count` belong to the row; the others count as zero.
WEFT_INLINE void WEFT_SPARSE_NAME(add_some)(WEFT_V4 *sum, const WEFT_REAL *p, intptr_t count) {
  const WEFT_V4 all = *(const WEFT_SPARSE_NAME(loose_four) *)p;
  const WEFT_SPARSE_NAME(four_bits) places = {0, 1, 2, 3};
  *sum += (WEFT_V4)((WEFT_SPARSE_NAME(four_bits))all & (places < (WEFT_BITS)count));
}

/// Sums of rows whose products stand at p, none of more than four times `blocks`: no jump depends on lengths.
WEFT_INLINE void WEFT_SPARSE_NAME(short_sums)(
  const weft_sparse_rows *m, const WEFT_REAL *p, intptr_t row, intptr_t last, intptr_t blocks) {
  const WEFT_INDEX *ends = m->ends;
  WEFT_REAL *y = m->y;
  for (; row + 4 <= last; row += 4) {
    const intptr_t ownA = ends[row + 1] - ends[row], ownB = ends[row + 2] - ends[row + 1];
    const intptr_t ownC = ends[row + 3] - ends[row + 2], ownD = ends[row + 4] - ends[row + 3];
    const WEFT_REAL *ofA = p, *ofB = ofA + ownA, *ofC = ofB + ownB, *ofD = ofC + ownC;
    p = ofD + ownD;
    WEFT_V4 a = 0, b = 0, c = 0, d = 0;
    for (intptr_t k = 0; k < 4 * blocks; k += 4) {
      WEFT_SPARSE_NAME(add_some)(&a, ofA + k, ownA - k);
      WEFT_SPARSE_NAME(add_some)(&b, ofB + k, ownB - k);
      WEFT_SPARSE_NAME(add_some)(&c, ofC + k, ownC - k);
      WEFT_SPARSE_NAME(add_some)(&d, ofD + k, ownD - k);
    }
    const WEFT_V4 ac =
      __builtin_shufflevector(a, c, 0, 1, 4, 5) + __builtin_shufflevector(a, c, 2, 3, 6, 7);
    const WEFT_V4 bd =
      __builtin_shufflevector(b, d, 0, 1, 4, 5) + __builtin_shufflevector(b, d, 2, 3, 6, 7);
    const WEFT_V4 sums =
      __builtin_shufflevector(ac, bd, 0, 4, 2, 6) + __builtin_shufflevector(ac, bd, 1, 5, 3, 7);
    for (int k = 0; k < 4; k++) y[(row + k) * m->strideY] = sums[k];
  }
  for (; row < last; row++) {
    const intptr_t own = ends[row + 1] - ends[row];
    WEFT_V4 s = 0;
    for (intptr_t k = 0; k < 4 * blocks; k += 4) WEFT_SPARSE_NAME(add_some)(&s, p + k, own - k);
    y[row * m->strideY] = (s[0] + s[2]) + (s[1] + s[3]);
    p += own;
  }
}

/// All products of some rows first, then their sums: where jumps at the ends of rows are guesses, a wrong one
/// costs as much as the loads that it keeps from starting.
WEFT_INLINE void WEFT_SPARSE_NAME(vector_groups)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last, intptr_t step) {
  enum { width = 64 / sizeof(WEFT_REAL), mostBlocks = 8 };
  const WEFT_INDEX *ends = m->ends, *columns = m->columns;
  const WEFT_REAL *values = m->values, *x = m->x;
  WEFT_REAL products[WEFT_GROUP + 4 * mostBlocks] __attribute__((aligned(64))) = {0};
  for (intptr_t row = first, stop = row; row < last; row = stop) {
    const intptr_t start = ends[row];
    intptr_t longest = 0;
    for (; stop < last && ends[stop + 1] - start <= WEFT_GROUP; stop++) {
      const intptr_t own = ends[stop + 1] - ends[stop];
      longest = own > longest ? own : longest;
    }
    const intptr_t blocks = (longest + 3) / 4;
    if (stop == row || blocks > mostBlocks) {
      stop += stop == row;
      WEFT_SPARSE_NAME(vector_rows)(m, row, stop, step, 0);
      continue;
    }
    const intptr_t end = ends[stop];
    intptr_t e = start;
    WEFT_REAL *p = products;
    for (; e + width <= end; e += width, p += width) {
      WEFT_SPARSE_NAME(ask_streams)(values, columns, e);
      WEFT_V at;
      for (int k = 0; k < width; k++) at[k] = WEFT_X(e + k);
      *(WEFT_V *)p = WEFT_LOAD(values + e) * at;
    }
    for (; e < end; e++) *p++ = values[e] * WEFT_X(e);
    switch (blocks) {
    case 1: WEFT_SPARSE_NAME(short_sums)(m, products, row, stop, 1); break;
    case 2: WEFT_SPARSE_NAME(short_sums)(m, products, row, stop, 2); break;
    default: WEFT_SPARSE_NAME(short_sums)(m, products, row, stop, blocks);
    }
  }
}

/// Whether jumps at the ends of rows would be guesses: what length follows a length is not what followed it before.
///
/// A wrong guess costs some 24 cycles, products at hand 12 a row and a half an entry.
WEFT_INLINE int WEFT_SPARSE_NAME(is_irregular)(const WEFT_INDEX *ends, intptr_t first, intptr_t last) {
  enum { sample = 256 };
  if (last - first < 2 * sample) return 0;
  intptr_t following[64] = {0}, misses = 0, before = 0;
  for (intptr_t row = first; row < first + sample; row++) {
    const intptr_t own = ends[row + 1] - ends[row];
    misses += following[before] != own;
    following[before] = own;
    before = own & 63;
  }
  const intptr_t entries = ends[first + sample] - ends[first];
  return 24 * misses > 12 * sample + entries / 2;
}

/// Entry by entry, of matrices in cache whose rows' lengths processors foresee: some ten thousand rows that come again, as
/// in iterations, are learned, and products at hand take 1.5 to 1.9 times as long then (Zen 4).
WEFT_INLINE void WEFT_SPARSE_NAME(near_rows)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last) {
  const WEFT_INDEX *ends = m->ends, *columns = m->columns;
  const WEFT_REAL *values = m->values, *x = m->x;
  WEFT_REAL *y = m->y;
  const intptr_t step = 1;
  intptr_t e = ends[first];
  for (intptr_t row = first; row < last; row++) {
    WEFT_REAL a = 0, b = 0, c = 0, d = 0;
    const intptr_t end = ends[row + 1];
    for (; e + 3 < end; e += 4) WEFT_ADD_FOUR(e);
    if (e < end) {
      a += values[e] * WEFT_X(e);
      if (e + 1 < end) {
        b += values[e + 1] * WEFT_X(e + 1);
        if (e + 2 < end) c += values[e + 2] * WEFT_X(e + 2);
      }
    }
    e = end;
    y[row * m->strideY] = (a + c) + (b + d);
  }
}

static void WEFT_SPARSE_NAME(weft_sparse_times_vector)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last) {
  const WEFT_INDEX *ends = m->ends;
  const int areShort = ends[last] - ends[first] < 4 * (last - first);
  if (m->strideX != 1) WEFT_SPARSE_NAME(vector_rows)(m, first, last, m->strideX, 0);
  else if (m->entries < WEFT_NEAR_ENTRIES) WEFT_SPARSE_NAME(near_rows)(m, first, last);
  else if (WEFT_SPARSE_NAME(is_irregular)(ends, first, last))
    WEFT_SPARSE_NAME(vector_groups)(m, first, last, 1);
  else if (areShort) WEFT_SPARSE_NAME(vector_rows)(m, first, last, 1, 1);
  else WEFT_SPARSE_NAME(vector_rows)(m, first, last, 1, 0);
}

/// Elements of a row of the result from column `j` on, so many vectors, in one run over the row's entries, which asks for
/// those of x some entries ahead.
WEFT_INLINE void WEFT_SPARSE_NAME(dense_vectors)(
  const weft_sparse_rows *m, intptr_t start, intptr_t end, intptr_t j, int count, WEFT_REAL *y) {
  enum { width = 64 / sizeof(WEFT_REAL) };
  const WEFT_INDEX *columns = m->columns;
  const WEFT_REAL *values = m->values, *x = (const WEFT_REAL *)m->x + j;
  const intptr_t step = m->strideX, all = m->entries - 1;
  WEFT_V s[4] = {0, 0, 0, 0};
  for (intptr_t e = start; e < end; e++) {
    const intptr_t ahead = e + WEFT_AHEAD < all ? e + WEFT_AHEAD : all;
    WEFT_SPARSE_NAME(ask)(x + columns[ahead] * step, count * width);
    const WEFT_REAL *at = x + columns[e] * step;
    for (int k = 0; k < count; k++) s[k] += values[e] * WEFT_LOAD(at + k * width);
  }
  for (int k = 0; k < count; k++) WEFT_STORE(y + j + k * width, s[k], m->streams);
}

/// The same for COUNT elements, fewer than a vector has.
#define WEFT_SPARSE_PIECE(COUNT) \
  WEFT_INLINE void WEFT_SPARSE_NAME(dense_piece##COUNT)( \
    const weft_sparse_rows *m, intptr_t start, intptr_t end, intptr_t j, WEFT_REAL *y) { \
    typedef WEFT_REAL piece __attribute__((ext_vector_type(COUNT))); \
    typedef WEFT_REAL loose \
      __attribute__((ext_vector_type(COUNT), aligned(sizeof(WEFT_REAL)), may_alias)); \
    const WEFT_INDEX *columns = m->columns; \
    const WEFT_REAL *values = m->values, *x = (const WEFT_REAL *)m->x + j; \
    const intptr_t step = m->strideX, all = m->entries - 1; \
    piece s = 0; \
    for (intptr_t e = start; e < end; e++) { \
      __builtin_prefetch(x + columns[e + WEFT_AHEAD < all ? e + WEFT_AHEAD : all] * step, 0, 2); \
      s += values[e] * *(const loose *)(x + columns[e] * step); \
    } \
    *(loose *)(y + j) = s; \
  }
WEFT_SPARSE_PIECE(1)
WEFT_SPARSE_PIECE(2)
WEFT_SPARSE_PIECE(4)
WEFT_SPARSE_PIECE(8)

static void WEFT_SPARSE_NAME(weft_sparse_times_dense)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last) {
  enum { width = 64 / sizeof(WEFT_REAL) };
  const WEFT_INDEX *ends = m->ends;
  const intptr_t n = m->width;
  for (intptr_t row = first; row < last; row++) {
    const intptr_t start = ends[row], end = ends[row + 1];
    WEFT_REAL *y = (WEFT_REAL *)m->y + row * m->strideY;
    intptr_t j = 0;
    for (; n - j >= 4 * width; j += 4 * width)
      WEFT_SPARSE_NAME(dense_vectors)(m, start, end, j, 4, y);
    for (; n - j >= 2 * width; j += 2 * width)
      WEFT_SPARSE_NAME(dense_vectors)(m, start, end, j, 2, y);
    for (; n - j >= width; j += width) WEFT_SPARSE_NAME(dense_vectors)(m, start, end, j, 1, y);
    for (; n - j >= 8; j += 8) WEFT_SPARSE_NAME(dense_piece8)(m, start, end, j, y);
    for (; n - j >= 4; j += 4) WEFT_SPARSE_NAME(dense_piece4)(m, start, end, j, y);
    for (; n - j >= 2; j += 2) WEFT_SPARSE_NAME(dense_piece2)(m, start, end, j, y);
    for (; j < n; j++) WEFT_SPARSE_NAME(dense_piece1)(m, start, end, j, y);
  }
}

#ifdef WEFT_SPARSE_ENTRIES
#include "SparseEntriesText.h"
#endif

#undef WEFT_SPARSE_PIECE
#undef WEFT_SPARSE_ENTRIES
#undef WEFT_V
#undef WEFT_V4
#undef WEFT_X
#undef WEFT_ADD_FOUR
#undef WEFT_LOAD
#undef WEFT_STORE
#undef WEFT_AHEAD
#undef WEFT_STREAM_AHEAD
#undef WEFT_GROUP
#undef WEFT_NEAR_ENTRIES
#undef WEFT_REAL
#undef WEFT_BITS
#undef WEFT_INDEX
#undef WEFT_SPARSE_NAME
