// The code of NarrowProducts.c for one element type, WEFT_REAL.

typedef WEFT_REAL WEFT_NARROW_NAME(weft_narrow_vector)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL))));
#define WEFT_NARROW_VECTOR WEFT_NARROW_NAME(weft_narrow_vector)
#define WEFT_NARROW_LANES ((int)(64 / sizeof(WEFT_REAL)))
#define WEFT_NARROW_UNROLL _Pragma("clang loop unroll(full)")

// ROWS rows and VECTORS vectors of columns; `tail` is the number of elements of the last vector.
#define WEFT_NARROW_DEFINE(TILE, ROWS, VECTORS) \
  WEFT_INLINE void WEFT_NARROW_NAME(TILE)( \
    int depth, const WEFT_REAL *a, intptr_t rowA, intptr_t columnA, const WEFT_REAL *b, \
    intptr_t rowB, WEFT_REAL *c, intptr_t rowC, int tail, WEFT_REAL alpha, WEFT_REAL beta) { \
    WEFT_NARROW_VECTOR sums[ROWS][VECTORS]; \
    WEFT_NARROW_UNROLL for (int r = 0; r < ROWS; r++) \
      WEFT_NARROW_UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = 0; \
    for (int p = 0; p < depth; p++) { \
      const WEFT_REAL *x = a + p * columnA, *y = b + p * rowB; \
      WEFT_NARROW_VECTOR line[VECTORS]; \
      WEFT_NARROW_UNROLL for (int v = 0; v < VECTORS; v++) \
        line[v] = *(const WEFT_NARROW_VECTOR *)(y + v * WEFT_NARROW_LANES); \
      WEFT_NARROW_UNROLL for (int r = 0; r < ROWS; r++) { \
        const WEFT_NARROW_VECTOR factor = (WEFT_NARROW_VECTOR)(x[r * rowA]); \
        WEFT_NARROW_UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += factor * line[v]; \
      } \
    } \
    WEFT_NARROW_UNROLL for (int r = 0; r < ROWS; r++) \
      WEFT_NARROW_UNROLL for (int v = 0; v < VECTORS; v++) { \
        WEFT_REAL *out = c + r * rowC + v * WEFT_NARROW_LANES; \
        const WEFT_NARROW_VECTOR value = alpha * sums[r][v]; \
        if (v < VECTORS - 1 || tail == WEFT_NARROW_LANES) { \
          WEFT_NARROW_VECTOR *place = (WEFT_NARROW_VECTOR *)out; \
          *place = beta == 0 ? value : beta * *place + value; \
        } else { \
          for (int j = 0; j < tail; j++) \
            out[j] = beta == 0 ? value[j] : beta * out[j] + value[j]; \
        } \
      } \
  }
// All of a tile's rows that fit; what is left goes to shorter ones.
#define WEFT_NARROW_RUN(TILE, ROWS) \
  for (; row + ROWS <= rows; row += ROWS) \
    WEFT_NARROW_NAME(TILE)( \
      depth, a + row * rowA, rowA, columnA, b, rowB, c + row * rowC, rowC, tail, alpha, beta);

WEFT_NARROW_DEFINE(weft_narrow_24x1, 24, 1)
WEFT_NARROW_DEFINE(weft_narrow_8x1, 8, 1)
WEFT_NARROW_DEFINE(weft_narrow_1x1, 1, 1)
WEFT_NARROW_DEFINE(weft_narrow_12x2, 12, 2)
WEFT_NARROW_DEFINE(weft_narrow_4x2, 4, 2)
WEFT_NARROW_DEFINE(weft_narrow_1x2, 1, 2)
WEFT_NARROW_DEFINE(weft_narrow_8x3, 8, 3)
WEFT_NARROW_DEFINE(weft_narrow_3x3, 3, 3)
WEFT_NARROW_DEFINE(weft_narrow_1x3, 1, 3)
WEFT_NARROW_DEFINE(weft_narrow_6x4, 6, 4)
WEFT_NARROW_DEFINE(weft_narrow_2x4, 2, 4)
WEFT_NARROW_DEFINE(weft_narrow_1x4, 1, 4)

static void WEFT_NARROW_NAME(weft_narrow_rows)(
  int vectors, int rows, int depth, const WEFT_REAL *a, intptr_t rowA, intptr_t columnA,
  const WEFT_REAL *b, intptr_t rowB, WEFT_REAL *c, intptr_t rowC, int tail, WEFT_REAL alpha,
  WEFT_REAL beta) {
  int row = 0;
  switch (vectors) {
  case 1:
    WEFT_NARROW_RUN(weft_narrow_24x1, 24)
    WEFT_NARROW_RUN(weft_narrow_8x1, 8)
    WEFT_NARROW_RUN(weft_narrow_1x1, 1)
    break;
  case 2:
    WEFT_NARROW_RUN(weft_narrow_12x2, 12)
    WEFT_NARROW_RUN(weft_narrow_4x2, 4)
    WEFT_NARROW_RUN(weft_narrow_1x2, 1)
    break;
  case 3:
    WEFT_NARROW_RUN(weft_narrow_8x3, 8)
    WEFT_NARROW_RUN(weft_narrow_3x3, 3)
    WEFT_NARROW_RUN(weft_narrow_1x3, 1)
    break;
  default:
    WEFT_NARROW_RUN(weft_narrow_6x4, 6)
    WEFT_NARROW_RUN(weft_narrow_2x4, 2)
    WEFT_NARROW_RUN(weft_narrow_1x4, 1)
    break;
  }
}

void WEFT_NARROW_NAME(weft_narrow_product)(
  const weft_narrow_shape *shape, const void *left, const void *right, void *result,
  double alpha, double beta) {
  // As many summed positions as have 128 KiB of the widest right matrix, and rows between which the
  // left one's part stays in the first cache.
  enum { depthAtOnce = 131072 / WEFT_NARROW_COLUMNS / sizeof(WEFT_REAL), rowsAtOnce = 48 };
  WEFT_REAL packed[depthAtOnce * WEFT_NARROW_COLUMNS] __attribute__((aligned(64)));
  const WEFT_REAL *a = left, *b = right;
  WEFT_REAL *c = result;
  const int columns = shape->columns;
  const int vectors = (columns + WEFT_NARROW_LANES - 1) / WEFT_NARROW_LANES;
  const int tail = columns - (vectors - 1) * WEFT_NARROW_LANES;
  for (intptr_t first = 0; first < shape->summed; first += depthAtOnce) {
    const intptr_t left = shape->summed - first;
    const int depth = left < depthAtOnce ? (int)left : depthAtOnce;
    const WEFT_REAL *lines = b + first * shape->rowB;
    intptr_t rowB = shape->rowB;
    if (shape->columnB != 1 || tail != WEFT_NARROW_LANES) {
      rowB = vectors * WEFT_NARROW_LANES;
      for (int p = 0; p < depth; p++) {
        const WEFT_REAL *line = lines + p * shape->rowB;
        for (int j = 0; j < columns; j++) packed[p * rowB + j] = line[j * shape->columnB];
        for (intptr_t j = columns; j < rowB; j++) packed[p * rowB + j] = 0;
      }
      lines = packed;
    }
    const WEFT_REAL factor = first == 0 ? (WEFT_REAL)beta : 1;
    for (intptr_t row = 0; row < shape->rows; row += rowsAtOnce) {
      const intptr_t more = shape->rows - row;
      for (int v = 0; v < vectors; v += 4) {
        const int some = vectors - v < 4 ? vectors - v : 4;
        WEFT_NARROW_NAME(weft_narrow_rows)(
          some, more < rowsAtOnce ? (int)more : rowsAtOnce, depth,
          a + row * shape->rowA + first * shape->columnA, shape->rowA, shape->columnA,
          lines + v * WEFT_NARROW_LANES, rowB, c + row * shape->rowC + v * WEFT_NARROW_LANES,
          shape->rowC, v + some == vectors ? tail : WEFT_NARROW_LANES, (WEFT_REAL)alpha, factor);
      }
    }
  }
}

#undef WEFT_NARROW_VECTOR
#undef WEFT_NARROW_LANES
#undef WEFT_NARROW_UNROLL
#undef WEFT_NARROW_DEFINE
#undef WEFT_NARROW_RUN
