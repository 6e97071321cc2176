// The loops over entries of SparseRows.c for one type of values and one of indices, after those over rows.

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
  typedef double pair __attribute__((ext_vector_type(2)));
  typedef int64_t bits __attribute__((ext_vector_type(2)));
  pair sum = 0;
  intptr_t before = -1;
  for (intptr_t e = first; e < last; e++) {
    const intptr_t target = WEFT_SPARSE_NAME(place)(&own, e);
    // Without AVX-512 compilers make a branch of a choice between floats.
    int64_t isSame = -(int64_t)(target == before);
    __asm__("" : "+r"(isSame));
    sum = (pair)((bits)sum & (bits){isSame, 0}) + (pair){values[e], 0};
    y[target] = (WEFT_REAL)sum[0];
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
