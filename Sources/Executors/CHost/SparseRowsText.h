// The loops of SparseRows.c for one type of values and one of indices.

/// How many entries ahead a row is asked for.
#define WEFT_AHEAD 24

typedef WEFT_REAL WEFT_SPARSE_NAME(vector) __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL))));
typedef WEFT_REAL WEFT_SPARSE_NAME(loose)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL)), may_alias));
#define WEFT_V WEFT_SPARSE_NAME(vector)
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

/// Places of entries, of which the first two axes are at hand.
typedef struct {
  int count;
  const WEFT_INDEX *first, *second;
  intptr_t strideFirst, strideSecond;
  const weft_sparse_places *all;
} WEFT_SPARSE_NAME(places);

WEFT_INLINE WEFT_SPARSE_NAME(places) WEFT_SPARSE_NAME(known)(const weft_sparse_places *of) {
  WEFT_SPARSE_NAME(places) known = {.count = of->count, .all = of};
  if (of->count > 0) known.first = of->coordinates[0], known.strideFirst = of->strides[0];
  if (of->count > 1) known.second = of->coordinates[1], known.strideSecond = of->strides[1];
  return known;
}

WEFT_INLINE intptr_t WEFT_SPARSE_NAME(place)(const WEFT_SPARSE_NAME(places) *of, intptr_t entry) {
  intptr_t sum = 0;
  if (of->count > 0) sum = (intptr_t)of->first[entry] * of->strideFirst;
  if (of->count > 1) sum += (intptr_t)of->second[entry] * of->strideSecond;
  for (int k = 2; k < of->count; k++)
    sum += (intptr_t)((const WEFT_INDEX *)of->all->coordinates[k])[entry] * of->all->strides[k];
  return sum;
}

/// A step of 1 is a constant: what bounds these loops is how many instructions an entry takes.
WEFT_INLINE void WEFT_SPARSE_NAME(times_vector)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last, intptr_t step) {
  const WEFT_INDEX *ends = m->ends, *columns = m->columns;
  const WEFT_REAL *values = m->values, *x = m->x;
  WEFT_REAL *y = m->y;
  intptr_t e = ends[first];
  for (intptr_t row = first; row < last; row++) {
    WEFT_REAL a = 0, b = 0, c = 0, d = 0;
    const intptr_t end = ends[row + 1];
    for (; e + 3 < end; e += 4) {
      a += values[e] * x[columns[e] * step];
      b += values[e + 1] * x[columns[e + 1] * step];
      c += values[e + 2] * x[columns[e + 2] * step];
      d += values[e + 3] * x[columns[e + 3] * step];
    }
    for (; e < end; e++) a += values[e] * x[columns[e] * step];
    y[row * m->strideY] = (a + c) + (b + d);
  }
}

static void WEFT_SPARSE_NAME(weft_sparse_times_vector)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last) {
  if (m->strideX == 1) WEFT_SPARSE_NAME(times_vector)(m, first, last, 1);
  else WEFT_SPARSE_NAME(times_vector)(m, first, last, m->strideX);
}

// Elements of a row of the result that are no whole vector.
#define WEFT_SPARSE_PIECE(COUNT) \
  if (n - j >= COUNT) { \
    WEFT_REAL s[COUNT] = {0}; \
    for (intptr_t e = start; e < end; e++) { \
      const WEFT_REAL *at = x + columns[e] * step + j; \
      for (int k = 0; k < COUNT; k++) s[k] += values[e] * at[k]; \
    } \
    for (int k = 0; k < COUNT; k++) y[j + k] = s[k]; \
    j += COUNT; \
  }

static void WEFT_SPARSE_NAME(weft_sparse_times_dense)(
  const weft_sparse_rows *m, intptr_t first, intptr_t last) {
  enum { width = 64 / sizeof(WEFT_REAL), lanes = 4 * width };
  const WEFT_INDEX *ends = m->ends, *columns = m->columns;
  const WEFT_REAL *values = m->values, *x = m->x;
  const intptr_t n = m->width, step = m->strideX, all = m->entries - 1;
  for (intptr_t row = first; row < last; row++) {
    const intptr_t start = ends[row], end = ends[row + 1];
    WEFT_REAL *y = (WEFT_REAL *)m->y + row * m->strideY;
    intptr_t j = 0;
    for (intptr_t e = start; e < end && n < lanes; e++)
      WEFT_SPARSE_NAME(ask)(x + columns[e + WEFT_AHEAD < all ? e + WEFT_AHEAD : all] * step, n);
    for (; j + lanes <= n; j += lanes) {
      WEFT_V s[4] = {0, 0, 0, 0};
      for (intptr_t e = start; e < end; e++) {
        const intptr_t ahead = e + WEFT_AHEAD < all ? e + WEFT_AHEAD : all;
        WEFT_SPARSE_NAME(ask)(x + columns[ahead] * step + j, lanes);
        const WEFT_REAL *at = x + columns[e] * step + j;
        for (int k = 0; k < 4; k++) s[k] += values[e] * WEFT_LOAD(at + k * width);
      }
      for (int k = 0; k < 4; k++) WEFT_STORE(y + j + k * width, s[k], m->streams);
    }
    for (; j + width <= n; j += width) {
      WEFT_V s = 0;
      for (intptr_t e = start; e < end; e++)
        s += values[e] * WEFT_LOAD(x + columns[e] * step + j);
      WEFT_STORE(y + j, s, m->streams);
    }
    // What is left by halves of a vector, each in one run over the entries.
    WEFT_SPARSE_PIECE(8)
    WEFT_SPARSE_PIECE(4)
    WEFT_SPARSE_PIECE(2)
    WEFT_SPARSE_PIECE(1)
  }
}

static void WEFT_SPARSE_NAME(weft_sparse_sample)(
  const weft_sparse_entries *m, intptr_t first, intptr_t last) {
  enum { width = 64 / sizeof(WEFT_REAL) };
  const WEFT_REAL *values = m->values, *x = m->x[0], *z = m->x[1];
  WEFT_REAL *y = m->y;
  const intptr_t n = m->width, all = m->entries - 1;
  const WEFT_SPARSE_NAME(places) ofX = WEFT_SPARSE_NAME(known)(m->places);
  const WEFT_SPARSE_NAME(places) ofZ = WEFT_SPARSE_NAME(known)(m->places + 1);
  for (intptr_t e = first; e < last; e++) {
    const intptr_t ahead = e + WEFT_AHEAD < all ? e + WEFT_AHEAD : all;
    WEFT_SPARSE_NAME(ask)(z + WEFT_SPARSE_NAME(place)(&ofZ, ahead), n);
    const WEFT_REAL *a = x + WEFT_SPARSE_NAME(place)(&ofX, e);
    const WEFT_REAL *b = z + WEFT_SPARSE_NAME(place)(&ofZ, e);
    WEFT_V s = 0;
    intptr_t k = 0;
    for (; k + width <= n; k += width) s += WEFT_LOAD(a + k) * WEFT_LOAD(b + k);
    WEFT_REAL sums[width];
    memcpy(sums, &s, sizeof sums);
    for (int half = width / 2; half > 0; half /= 2)
      for (int i = 0; i < half; i++) sums[i] += sums[i + half];
    WEFT_REAL sum = sums[0];
    for (; k < n; k++) sum += a[k] * b[k];
    y[e] = values[e] * sum;
  }
}

/// What the loop over entries needs at hand.
typedef struct {
  WEFT_SPARSE_NAME(places) target, ofX, ofZ;
  const WEFT_REAL *values, *x, *z;
  int factors;
} WEFT_SPARSE_NAME(spread);

/// Adds value times the product of the factors' vectors, from column `j` on, to sums: entries of one target.
WEFT_INLINE intptr_t WEFT_SPARSE_NAME(run)(
  const WEFT_SPARSE_NAME(spread) *m, intptr_t e, intptr_t last, intptr_t target, intptr_t j, int count,
  WEFT_V *sums) {
  enum { width = 64 / sizeof(WEFT_REAL) };
  if (m->factors == 1) {
    do {
      const WEFT_REAL *a = m->x + WEFT_SPARSE_NAME(place)(&m->ofX, e) + j;
      for (int k = 0; k < count; k++) sums[k] += m->values[e] * WEFT_LOAD(a + k * width);
      e++;
    } while (e < last && WEFT_SPARSE_NAME(place)(&m->target, e) == target);
    return e;
  }
  // Entries that share the first factor's line share one product with it.
  int isOwn = 1;
  while (isOwn) {
    const intptr_t line = WEFT_SPARSE_NAME(place)(&m->ofX, e);
    WEFT_V part[4] = {0, 0, 0, 0};
    do {
      const WEFT_REAL *b = m->z + WEFT_SPARSE_NAME(place)(&m->ofZ, e) + j;
      for (int k = 0; k < count; k++) part[k] += m->values[e] * WEFT_LOAD(b + k * width);
      e++;
      isOwn = e < last && WEFT_SPARSE_NAME(place)(&m->target, e) == target;
    } while (isOwn && WEFT_SPARSE_NAME(place)(&m->ofX, e) == line);
    for (int k = 0; k < count; k++) sums[k] += part[k] * WEFT_LOAD(m->x + line + j + k * width);
  }
  return e;
}

WEFT_INLINE void WEFT_SPARSE_NAME(clear)(const weft_sparse_entries *m, intptr_t from, intptr_t to) {
  enum { width = 64 / sizeof(WEFT_REAL) };
  WEFT_REAL *y = (WEFT_REAL *)m->y;
  if (!m->streams) {
    if (to > from) memset(y + from, 0, (to - from) * sizeof *y);
    return;
  }
  const WEFT_V zero = 0;
  for (; from < to && (intptr_t)(y + from) % 64; from++) y[from] = 0;
  for (; from + width <= to; from += width) WEFT_STORE(y + from, zero, 1);
  for (; from < to; from++) y[from] = 0;
}

static void WEFT_SPARSE_NAME(weft_sparse_spread)(
  const weft_sparse_entries *m, intptr_t first, intptr_t last) {
  enum { width = 64 / sizeof(WEFT_REAL), lanes = 4 * width };
  const intptr_t n = m->width;
  const int streams = m->streams, clears = m->clears;
  WEFT_REAL *results = m->y;
  const WEFT_SPARSE_NAME(spread) own = {
    .target = WEFT_SPARSE_NAME(known)(m->target), .ofX = WEFT_SPARSE_NAME(known)(m->places),
    .ofZ = WEFT_SPARSE_NAME(known)(m->places + (m->factors > 1)), .values = m->values,
    .x = m->x[0], .z = m->x[1], .factors = m->factors};
  // What no entry of a part before writes, up to the part's own last line, is cleared on the way.
  intptr_t done = first == 0 ? 0 : WEFT_SPARSE_NAME(place)(&own.target, first - 1) + n;
  for (intptr_t e = first; e < last;) {
    const intptr_t target = WEFT_SPARSE_NAME(place)(&own.target, e);
    if (clears && target > done) WEFT_SPARSE_NAME(clear)(m, done, target);
    done = target + n;
    WEFT_REAL *y = results + target;
    intptr_t next = e, j = 0;
    for (; j + lanes <= n; j += lanes) {
      WEFT_V s[4] = {0, 0, 0, 0};
      next = WEFT_SPARSE_NAME(run)(&own, e, last, target, j, 4, s);
      for (int k = 0; k < 4; k++) WEFT_STORE(y + j + k * width, s[k], streams);
    }
    for (; j + 2 * width <= n; j += 2 * width) {
      WEFT_V s[4] = {0, 0, 0, 0};
      next = WEFT_SPARSE_NAME(run)(&own, e, last, target, j, 2, s);
      for (int k = 0; k < 2; k++) WEFT_STORE(y + j + k * width, s[k], streams);
    }
    for (; j + width <= n; j += width) {
      WEFT_V s[4] = {0, 0, 0, 0};
      next = WEFT_SPARSE_NAME(run)(&own, e, last, target, j, 1, s);
      WEFT_STORE(y + j, s[0], streams);
    }
    for (; j < n; j++) {
      WEFT_REAL sum = 0;
      next = e;
      do {
        const WEFT_REAL a = own.x[WEFT_SPARSE_NAME(place)(&own.ofX, next) + j];
        const WEFT_REAL b =
          own.factors == 1 ? 1 : own.z[WEFT_SPARSE_NAME(place)(&own.ofZ, next) + j];
        sum += own.values[next++] * (a * b);
      } while (next < last && WEFT_SPARSE_NAME(place)(&own.target, next) == target);
      y[j] = sum;
    }
    e = next;
  }
  if (clears && last == m->entries) WEFT_SPARSE_NAME(clear)(m, done, m->results);
}

/// Sums of entries whose places have so many axes: no branch asks whether the place is a new one.
WEFT_INLINE void WEFT_SPARSE_NAME(add)(
  const WEFT_SPARSE_NAME(places) *of, int count, const WEFT_REAL *values, WEFT_REAL *y, intptr_t first,
  intptr_t last) {
  WEFT_SPARSE_NAME(places) own = *of;
  own.count = count;
  double sum = 0;
  intptr_t before = -1;
  for (intptr_t e = first; e < last; e++) {
    const intptr_t target = WEFT_SPARSE_NAME(place)(&own, e);
    sum = (target == before ? sum : 0) + values[e];
    y[target] = (WEFT_REAL)sum;
    before = target;
  }
}

static void WEFT_SPARSE_NAME(weft_sparse_sum)(
  const weft_sparse_entries *m, intptr_t first, intptr_t last) {
  WEFT_REAL *y = m->y;
  const WEFT_SPARSE_NAME(places) of = WEFT_SPARSE_NAME(known)(m->target);
  const intptr_t done = first == 0 ? 0 : WEFT_SPARSE_NAME(place)(&of, first - 1) + 1;
  const intptr_t end =
    last == m->entries ? m->results : WEFT_SPARSE_NAME(place)(&of, last - 1) + 1;
  if (m->clears && end > done) memset(y + done, 0, (end - done) * sizeof *y);
  switch (of.count) {
  case 1: WEFT_SPARSE_NAME(add)(&of, 1, m->values, y, first, last); break;
  case 2: WEFT_SPARSE_NAME(add)(&of, 2, m->values, y, first, last); break;
  default: WEFT_SPARSE_NAME(add)(&of, of.count, m->values, y, first, last);
  }
}

#undef WEFT_SPARSE_PIECE
#undef WEFT_V
#undef WEFT_LOAD
#undef WEFT_STORE
#undef WEFT_AHEAD
#undef WEFT_REAL
#undef WEFT_INDEX
#undef WEFT_SPARSE_NAME
