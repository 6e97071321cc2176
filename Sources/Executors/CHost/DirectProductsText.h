// The code of DirectProducts.c for one element type, WEFT_REAL.

typedef WEFT_REAL WEFT_DIRECT_NAME(weft_direct_vector)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL))));
#define WEFT_DIRECT_VECTOR WEFT_DIRECT_NAME(weft_direct_vector)
#define WEFT_DIRECT_LANES ((int)(64 / sizeof(WEFT_REAL)))
#define WEFT_DIRECT_UNROLL _Pragma("clang loop unroll(full)")

// ROWS rows and VECTORS vectors of columns; `tail` is the number of elements of the last vector.
#define WEFT_DIRECT_DEFINE(TILE, ROWS, VECTORS) \
  WEFT_INLINE void WEFT_DIRECT_NAME(TILE)( \
    int depth, const WEFT_REAL *a, intptr_t rowA, intptr_t columnA, const WEFT_REAL *b, \
    intptr_t rowB, WEFT_REAL *c, intptr_t rowC, int tail, WEFT_REAL alpha, WEFT_REAL beta) { \
    WEFT_DIRECT_VECTOR sums[ROWS][VECTORS]; \
    WEFT_DIRECT_UNROLL for (int r = 0; r < ROWS; r++) \
      WEFT_DIRECT_UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = 0; \
    for (int p = 0; p < depth; p++) { \
      const WEFT_REAL *x = a + p * columnA, *y = b + p * rowB; \
      WEFT_DIRECT_VECTOR line[VECTORS]; \
      WEFT_DIRECT_UNROLL for (int v = 0; v < VECTORS; v++) \
        line[v] = *(const WEFT_DIRECT_VECTOR *)(y + v * WEFT_DIRECT_LANES); \
      WEFT_DIRECT_UNROLL for (int r = 0; r < ROWS; r++) { \
        const WEFT_DIRECT_VECTOR factor = (WEFT_DIRECT_VECTOR)(x[r * rowA]); \
        WEFT_DIRECT_UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += factor * line[v]; \
      } \
    } \
    WEFT_DIRECT_UNROLL for (int r = 0; r < ROWS; r++) \
      WEFT_DIRECT_UNROLL for (int v = 0; v < VECTORS; v++) { \
        WEFT_REAL *out = c + r * rowC + v * WEFT_DIRECT_LANES; \
        const WEFT_DIRECT_VECTOR value = alpha * sums[r][v]; \
        if (v < VECTORS - 1 || tail == WEFT_DIRECT_LANES) { \
          WEFT_DIRECT_VECTOR *place = (WEFT_DIRECT_VECTOR *)out; \
          *place = beta == 0 ? value : beta * *place + value; \
        } else { \
          for (int j = 0; j < tail; j++) \
            out[j] = beta == 0 ? value[j] : beta * out[j] + value[j]; \
        } \
      } \
  }
// All of a tile's rows that fit; what is left goes to shorter ones.
#define WEFT_DIRECT_RUN(TILE, ROWS) \
  for (; row + ROWS <= rows; row += ROWS) \
    WEFT_DIRECT_NAME(TILE)( \
      depth, a + row * rowA, rowA, columnA, b, rowB, c + row * rowC, rowC, tail, alpha, beta);

WEFT_DIRECT_DEFINE(weft_direct_24x1, 24, 1)
WEFT_DIRECT_DEFINE(weft_direct_8x1, 8, 1)
WEFT_DIRECT_DEFINE(weft_direct_1x1, 1, 1)
WEFT_DIRECT_DEFINE(weft_direct_12x2, 12, 2)
WEFT_DIRECT_DEFINE(weft_direct_4x2, 4, 2)
WEFT_DIRECT_DEFINE(weft_direct_1x2, 1, 2)
WEFT_DIRECT_DEFINE(weft_direct_8x3, 8, 3)
WEFT_DIRECT_DEFINE(weft_direct_3x3, 3, 3)
WEFT_DIRECT_DEFINE(weft_direct_1x3, 1, 3)
WEFT_DIRECT_DEFINE(weft_direct_6x4, 6, 4)
WEFT_DIRECT_DEFINE(weft_direct_2x4, 2, 4)
WEFT_DIRECT_DEFINE(weft_direct_1x4, 1, 4)

static void WEFT_DIRECT_NAME(weft_direct_rows)(
  int vectors, int rows, int depth, const WEFT_REAL *a, intptr_t rowA, intptr_t columnA,
  const WEFT_REAL *b, intptr_t rowB, WEFT_REAL *c, intptr_t rowC, int tail, WEFT_REAL alpha,
  WEFT_REAL beta) {
  int row = 0;
  switch (vectors) {
  case 1:
    WEFT_DIRECT_RUN(weft_direct_24x1, 24)
    WEFT_DIRECT_RUN(weft_direct_8x1, 8)
    WEFT_DIRECT_RUN(weft_direct_1x1, 1)
    break;
  case 2:
    WEFT_DIRECT_RUN(weft_direct_12x2, 12)
    WEFT_DIRECT_RUN(weft_direct_4x2, 4)
    WEFT_DIRECT_RUN(weft_direct_1x2, 1)
    break;
  case 3:
    WEFT_DIRECT_RUN(weft_direct_8x3, 8)
    WEFT_DIRECT_RUN(weft_direct_3x3, 3)
    WEFT_DIRECT_RUN(weft_direct_1x3, 1)
    break;
  default:
    WEFT_DIRECT_RUN(weft_direct_6x4, 6)
    WEFT_DIRECT_RUN(weft_direct_2x4, 2)
    WEFT_DIRECT_RUN(weft_direct_1x4, 1)
    break;
  }
}

/// Copies part of the right matrix to lines of whole vectors, zeros behind its columns.
static void WEFT_DIRECT_NAME(weft_direct_pack)(
  int depth, int columns, const WEFT_REAL *b, intptr_t rowB, intptr_t columnB, WEFT_REAL *out,
  int width) {
  for (int p = 0; p < depth; p++) {
    const WEFT_REAL *line = b + p * rowB;
    WEFT_REAL *to = out + p * width;
    if (columnB == 1)
      for (int j = 0; j < columns; j++) to[j] = line[j];
    else
      for (int j = 0; j < columns; j++) to[j] = line[j * columnB];
    for (int j = columns; j < width; j++) to[j] = 0;
  }
}

static void WEFT_DIRECT_NAME(weft_direct_product)(
  const weft_direct_shape *shape, const void *left, const void *right, void *result,
  double alpha, double beta) {
  // As many summed positions as have 128 KiB of a part of the right matrix, and rows between which the
  // left one's part stays in the first cache.
  enum {
    columnsAtOnce = 64,
    depthAtOnce = 131072 / columnsAtOnce / sizeof(WEFT_REAL),
    rowsAtOnce = 48
  };
  WEFT_REAL packed[depthAtOnce * columnsAtOnce] __attribute__((aligned(64)));
  WEFT_REAL turned[depthAtOnce * rowsAtOnce] __attribute__((aligned(64)));
  WEFT_REAL *c = result;
  for (intptr_t first = 0; first < shape->summed; first += depthAtOnce) {
    const intptr_t rest = shape->summed - first;
    const int depth = rest < depthAtOnce ? (int)rest : depthAtOnce;
    const WEFT_REAL *a = (const WEFT_REAL *)left + first * shape->columnA;
    const WEFT_REAL factor = first == 0 ? (WEFT_REAL)beta : 1;
    for (intptr_t column = 0; column < shape->columns; column += columnsAtOnce) {
      const intptr_t wide = shape->columns - column;
      const int columns = wide < columnsAtOnce ? (int)wide : columnsAtOnce;
      const int vectors = (columns + WEFT_DIRECT_LANES - 1) / WEFT_DIRECT_LANES;
      const int tail = columns - (vectors - 1) * WEFT_DIRECT_LANES;
      const WEFT_REAL *lines =
        (const WEFT_REAL *)right + first * shape->rowB + column * shape->columnB;
      intptr_t rowB = shape->rowB;
      // Lines far apart would each take an entry of the table of pages.
      if (shape->columnB != 1 || tail != WEFT_DIRECT_LANES || rowB > 4 * columnsAtOnce) {
        rowB = vectors * WEFT_DIRECT_LANES;
        WEFT_DIRECT_NAME(weft_direct_pack)(
          depth, columns, lines, shape->rowB, shape->columnB, packed, (int)rowB);
        lines = packed;
      }
      for (intptr_t row = 0; row < shape->rows; row += rowsAtOnce) {
        const intptr_t more = shape->rows - row;
        const int rows = more < rowsAtOnce ? (int)more : rowsAtOnce;
        const WEFT_REAL *x = a + row * shape->rowA;
        intptr_t rowA = shape->rowA, columnA = shape->columnA;
        if (columnA != 1 && depth > 64) {
          // Many columns far apart may all fall on the same lines of the first cache.
          for (int p = 0; p < depth; p++)
            for (int i = 0; i < rows; i++)
              turned[p * rowsAtOnce + i] = x[i * rowA + p * columnA];
          x = turned;
          rowA = 1;
          columnA = rowsAtOnce;
        }
        for (int v = 0; v < vectors; v += 4) {
          const int some = vectors - v < 4 ? vectors - v : 4;
          WEFT_DIRECT_NAME(weft_direct_rows)(
            some, rows, depth, x, rowA, columnA, lines + v * WEFT_DIRECT_LANES, rowB,
            c + row * shape->rowC + column + v * WEFT_DIRECT_LANES, shape->rowC,
            v + some == vectors ? tail : WEFT_DIRECT_LANES, (WEFT_REAL)alpha, factor);
        }
      }
    }
  }
}

#undef WEFT_DIRECT_VECTOR
#undef WEFT_DIRECT_LANES
#undef WEFT_DIRECT_UNROLL
#undef WEFT_DIRECT_DEFINE
#undef WEFT_DIRECT_RUN
