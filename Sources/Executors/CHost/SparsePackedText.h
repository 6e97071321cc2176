// The loops of SparsePacked.c for one type of values and one of indices.

/// How many bytes ahead values are asked for.
#define WEFT_PACKED_AHEAD 4096

typedef WEFT_REAL WEFT_PACKED_NAME(packed)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL)), may_alias));
#define WEFT_V WEFT_PACKED_NAME(packed)
#define WEFT_AT_PLACE(X) (*(const WEFT_V *)(X))

/// A row of a row of blocks times a vector; `whole` blocks have all their columns, one more may have fewer.
WEFT_INLINE WEFT_REAL WEFT_PACKED_NAME(block_row)(
  const weft_sparse_packed *m, intptr_t e, intptr_t end, intptr_t row, intptr_t width) {
  const WEFT_INDEX *columns = m->coordinates;
  const WEFT_REAL *x = m->x, *values = (const WEFT_REAL *)m->values + row * width;
  const intptr_t size = m->height * width;
  WEFT_REAL sum = 0;
  for (; e < end; e++) {
    const intptr_t first = columns[e] * width;
    const WEFT_REAL *v = values + e * size;
    const intptr_t count = first + width <= m->columns ? width : m->columns - first;
    WEFT_REAL own = 0;
    if (count == width) {
      for (intptr_t c = 0; c < width; c++) own += v[c] * x[(first + c) * m->strideX];
    } else {
      for (intptr_t c = 0; c < count; c++) own += v[c] * x[(first + c) * m->strideX];
    }
    sum += own;
  }
  return sum;
}

/// So many rows of a row of blocks of WIDTH columns times a vector without steps: a sum a column, joined at the end.
/// Each piece of x is read once for all rows.
#define WEFT_PACKED_BLOCKS(WIDTH) \
  WEFT_INLINE void WEFT_PACKED_NAME(block_rows##WIDTH)( \
    const weft_sparse_packed *m, intptr_t start, intptr_t end, intptr_t row, int count, \
    WEFT_REAL *y) { \
    typedef WEFT_REAL piece __attribute__((ext_vector_type(WIDTH))); \
    typedef WEFT_REAL loose \
      __attribute__((ext_vector_type(WIDTH), aligned(sizeof(WEFT_REAL)), may_alias)); \
    const WEFT_INDEX *columns = m->coordinates; \
    const WEFT_REAL *x = m->x, *values = (const WEFT_REAL *)m->values + row * WIDTH; \
    const intptr_t size = m->height * WIDTH; \
    piece s[4] = {0, 0, 0, 0}; \
    for (intptr_t e = start; e < end; e++) { \
      const intptr_t first = columns[e] * WIDTH; \
      const WEFT_REAL *v = values + e * size; \
      for (int k = 0; k < count * WIDTH * (int)sizeof *v; k += 64) \
        __builtin_prefetch((const char *)v + WEFT_PACKED_AHEAD + k); \
      piece own = 0; \
      if (first + WIDTH <= m->columns) own = *(const loose *)(x + first); \
      else \
        for (intptr_t c = 0; first + c < m->columns; c++) own[c] = x[first + c]; \
      for (int k = 0; k < count; k++) s[k] += *(const loose *)(v + k * WIDTH) * own; \
    } \
    for (int k = 0; k < count; k++) { \
      WEFT_REAL sums[WIDTH]; \
      memcpy(sums, s + k, sizeof sums); \
      for (int half = WIDTH / 2; half > 0; half /= 2) \
        for (int c = 0; c < half; c++) sums[c] += sums[c + half]; \
      y[k * m->strideY] = sums[0]; \
    } \
  } \
  WEFT_INLINE void WEFT_PACKED_NAME(block_vector##WIDTH)( \
    const weft_sparse_packed *m, intptr_t start, intptr_t end, intptr_t rows, WEFT_REAL *y) { \
    intptr_t row = 0; \
    for (; row + 4 <= rows; row += 4) \
      WEFT_PACKED_NAME(block_rows##WIDTH)(m, start, end, row, 4, y + row * m->strideY); \
    for (; row + 2 <= rows; row += 2) \
      WEFT_PACKED_NAME(block_rows##WIDTH)(m, start, end, row, 2, y + row * m->strideY); \
    for (; row < rows; row++) \
      WEFT_PACKED_NAME(block_rows##WIDTH)(m, start, end, row, 1, y + row * m->strideY); \
  }
WEFT_PACKED_BLOCKS(2)
WEFT_PACKED_BLOCKS(4)
WEFT_PACKED_BLOCKS(8)

/// Columns `j` and on, of `count` vectors, of a row of the result.
WEFT_INLINE void WEFT_PACKED_NAME(block_piece)(
  const weft_sparse_packed *m, intptr_t e, intptr_t end, intptr_t row, intptr_t j, int count,
  WEFT_REAL *y) {
  enum { lanes = 64 / sizeof(WEFT_REAL) };
  const WEFT_INDEX *columns = m->coordinates;
  const intptr_t width = m->width, size = m->height * width;
  const WEFT_REAL *values = (const WEFT_REAL *)m->values + row * width;
  WEFT_V s[4] = {0, 0, 0, 0};
  for (; e < end; e++) {
    const intptr_t first = columns[e] * width;
    const intptr_t limit = first + width <= m->columns ? width : m->columns - first;
    const WEFT_REAL *v = values + e * size;
    const WEFT_REAL *x = (const WEFT_REAL *)m->x + first * m->strideX + j;
    for (intptr_t c = 0; c < limit; c++, x += m->strideX)
      for (int k = 0; k < count; k++) s[k] += v[c] * WEFT_AT_PLACE(x + k * lanes);
  }
  for (int k = 0; k < count; k++) *(WEFT_V *)(y + j + k * lanes) = s[k];
}

/// COUNT elements from column `j` on, fewer than a vector has: of a row of blocks, and of a row of diagonals.
#define WEFT_PACKED_PIECE(COUNT) \
  WEFT_INLINE void WEFT_PACKED_NAME(block_piece##COUNT)( \
    const weft_sparse_packed *m, intptr_t e, intptr_t end, intptr_t row, intptr_t j, WEFT_REAL *y) { \
    typedef WEFT_REAL piece __attribute__((ext_vector_type(COUNT))); \
    typedef WEFT_REAL loose \
      __attribute__((ext_vector_type(COUNT), aligned(sizeof(WEFT_REAL)), may_alias)); \
    const WEFT_INDEX *columns = m->coordinates; \
    const intptr_t width = m->width, size = m->height * width; \
    const WEFT_REAL *values = (const WEFT_REAL *)m->values + row * width; \
    piece s = 0; \
    for (; e < end; e++) { \
      const intptr_t first = columns[e] * width; \
      const intptr_t limit = first + width <= m->columns ? width : m->columns - first; \
      const WEFT_REAL *v = values + e * size; \
      const WEFT_REAL *x = (const WEFT_REAL *)m->x + first * m->strideX + j; \
      for (intptr_t c = 0; c < limit; c++, x += m->strideX) s += v[c] * *(const loose *)x; \
    } \
    *(loose *)(y + j) = s; \
  } \
  WEFT_INLINE void WEFT_PACKED_NAME(diagonal_piece##COUNT)( \
    const weft_sparse_packed *m, intptr_t row, intptr_t j, WEFT_REAL *y) { \
    typedef WEFT_REAL piece __attribute__((ext_vector_type(COUNT))); \
    typedef WEFT_REAL loose \
      __attribute__((ext_vector_type(COUNT), aligned(sizeof(WEFT_REAL)), may_alias)); \
    const WEFT_INDEX *offsets = m->coordinates; \
    const WEFT_REAL *values = m->values, *x = (const WEFT_REAL *)m->x + j; \
    piece s = 0; \
    for (intptr_t d = 0; d < m->count; d++) { \
      const intptr_t column = row + offsets[d]; \
      if (column < 0 || column >= m->columns) continue; \
      s += values[d * m->columns + column] * *(const loose *)(x + column * m->strideX); \
    } \
    *(loose *)(y + j) = s; \
  }
WEFT_PACKED_PIECE(1)
WEFT_PACKED_PIECE(2)
WEFT_PACKED_PIECE(4)
WEFT_PACKED_PIECE(8)

/// A row of a row of blocks times a vector or a dense array.
static void WEFT_PACKED_NAME(block_line)(
  const weft_sparse_packed *m, intptr_t start, intptr_t end, intptr_t row, WEFT_REAL *y) {
  enum { lanes = 64 / sizeof(WEFT_REAL) };
  const intptr_t n = m->n, width = m->width;
  if (n == 1) {
    if (width == 3) *y = WEFT_PACKED_NAME(block_row)(m, start, end, row, 3);
    else *y = WEFT_PACKED_NAME(block_row)(m, start, end, row, width);
    return;
  }
  intptr_t j = 0;
  for (; j + 4 * lanes <= n; j += 4 * lanes)
    WEFT_PACKED_NAME(block_piece)(m, start, end, row, j, 4, y);
  for (; j + lanes <= n; j += lanes) WEFT_PACKED_NAME(block_piece)(m, start, end, row, j, 1, y);
  for (; n - j >= 8; j += 8) WEFT_PACKED_NAME(block_piece8)(m, start, end, row, j, y);
  for (; n - j >= 4; j += 4) WEFT_PACKED_NAME(block_piece4)(m, start, end, row, j, y);
  for (; n - j >= 2; j += 2) WEFT_PACKED_NAME(block_piece2)(m, start, end, row, j, y);
  for (; j < n; j++) WEFT_PACKED_NAME(block_piece1)(m, start, end, row, j, y);
}

/// Rows of blocks `first`..<`last`.
static void WEFT_PACKED_NAME(weft_sparse_blocks)(
  const weft_sparse_packed *m, intptr_t first, intptr_t last) {
  const WEFT_INDEX *ends = m->ends;
  const intptr_t n = m->n, width = m->width;
  for (intptr_t block = first; block < last; block++) {
    const intptr_t start = ends[block], end = ends[block + 1], top = block * m->height;
    const intptr_t rows = top + m->height <= m->rows ? m->height : m->rows - top;
    WEFT_REAL *results = (WEFT_REAL *)m->y + top * m->strideY;
    const int isPiece = n == 1 && m->strideX == 1;
    if (isPiece && width == 2) WEFT_PACKED_NAME(block_vector2)(m, start, end, rows, results);
    else if (isPiece && width == 4) WEFT_PACKED_NAME(block_vector4)(m, start, end, rows, results);
    else if (isPiece && width == 8) WEFT_PACKED_NAME(block_vector8)(m, start, end, rows, results);
    else
      for (intptr_t row = 0; row < rows; row++)
        WEFT_PACKED_NAME(block_line)(m, start, end, row, results + row * m->strideY);
  }
}

/// The diagonals' part of rows `first`..<`last` of a vector, some rows at a time so that these stay in the cache.
WEFT_INLINE void WEFT_PACKED_NAME(diagonal_vector)(
  const weft_sparse_packed *m, intptr_t first, intptr_t last) {
  const WEFT_INDEX *offsets = m->coordinates;
  const WEFT_REAL *x = m->x;
  WEFT_REAL *y = m->y;
  for (intptr_t row = first; row < last; row += 1024) {
    const intptr_t stop = row + 1024 < last ? row + 1024 : last;
    for (intptr_t r = row; r < stop; r++) y[r * m->strideY] = 0;
    for (intptr_t d = 0; d < m->count; d++) {
      const intptr_t offset = offsets[d];
      const intptr_t from = row + offset < 0 ? -offset : row;
      const intptr_t to = stop + offset > m->columns ? m->columns - offset : stop;
      const WEFT_REAL *v = (const WEFT_REAL *)m->values + d * m->columns + offset;
      if (m->strideX == 1 && m->strideY == 1) {
        for (intptr_t r = from; r < to; r++) y[r] += v[r] * x[r + offset];
      } else {
        for (intptr_t r = from; r < to; r++)
          y[r * m->strideY] += v[r] * x[(r + offset) * m->strideX];
      }
    }
  }
}

/// Rows `first`..<`last`.
static void WEFT_PACKED_NAME(weft_sparse_diagonals)(
  const weft_sparse_packed *m, intptr_t first, intptr_t last) {
  enum { lanes = 64 / sizeof(WEFT_REAL) };
  if (m->n == 1) {
    WEFT_PACKED_NAME(diagonal_vector)(m, first, last);
    return;
  }
  const WEFT_INDEX *offsets = m->coordinates;
  const WEFT_REAL *values = m->values, *x = m->x;
  const intptr_t n = m->n;
  for (intptr_t row = first; row < last; row++) {
    WEFT_REAL *y = (WEFT_REAL *)m->y + row * m->strideY;
    intptr_t j = 0;
    for (; j + lanes <= n; j += lanes) {
      WEFT_V s = 0;
      for (intptr_t d = 0; d < m->count; d++) {
        const intptr_t column = row + offsets[d];
        if (column < 0 || column >= m->columns) continue;
        s += values[d * m->columns + column] * WEFT_AT_PLACE(x + column * m->strideX + j);
      }
      *(WEFT_V *)(y + j) = s;
    }
    for (; n - j >= 8; j += 8) WEFT_PACKED_NAME(diagonal_piece8)(m, row, j, y);
    for (; n - j >= 4; j += 4) WEFT_PACKED_NAME(diagonal_piece4)(m, row, j, y);
    for (; n - j >= 2; j += 2) WEFT_PACKED_NAME(diagonal_piece2)(m, row, j, y);
    for (; j < n; j++) WEFT_PACKED_NAME(diagonal_piece1)(m, row, j, y);
  }
}

#undef WEFT_PACKED_AHEAD
#undef WEFT_PACKED_BLOCKS
#undef WEFT_PACKED_PIECE
#undef WEFT_V
#undef WEFT_AT_PLACE
#undef WEFT_REAL
#undef WEFT_INDEX
#undef WEFT_PACKED_NAME
