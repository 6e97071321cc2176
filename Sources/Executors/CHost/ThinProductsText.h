// The code of ThinProducts.c for one element type, WEFT_REAL.

typedef WEFT_REAL WEFT_THIN_NAME(weft_thin_vector)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL))));
#define WEFT_THIN_VECTOR WEFT_THIN_NAME(weft_thin_vector)
#define WEFT_THIN_LANES ((int)(64 / sizeof(WEFT_REAL)))
#define WEFT_THIN_UNROLL _Pragma("clang loop unroll(full)")

// The inner products of ROWS rows and COLUMNS rows over some positions.
#define WEFT_THIN_DEFINE(TILE, ROWS, COLUMNS) \
  WEFT_INLINE void WEFT_THIN_NAME(TILE)( \
    intptr_t depth, const WEFT_REAL *a, intptr_t rowA, const WEFT_REAL *b, intptr_t rowB, \
    WEFT_REAL *c, intptr_t rowC, int adds) { \
    WEFT_THIN_VECTOR sums[ROWS][COLUMNS]; \
    WEFT_THIN_UNROLL for (int r = 0; r < ROWS; r++) \
      WEFT_THIN_UNROLL for (int j = 0; j < COLUMNS; j++) sums[r][j] = 0; \
    intptr_t p = 0; \
    for (; p + WEFT_THIN_LANES <= depth; p += WEFT_THIN_LANES) { \
      WEFT_THIN_VECTOR y[COLUMNS]; \
      WEFT_THIN_UNROLL for (int j = 0; j < COLUMNS; j++) \
        y[j] = *(const WEFT_THIN_VECTOR *)(b + j * rowB + p); \
      WEFT_THIN_UNROLL for (int r = 0; r < ROWS; r++) { \
        const WEFT_THIN_VECTOR x = *(const WEFT_THIN_VECTOR *)(a + r * rowA + p); \
        WEFT_THIN_UNROLL for (int j = 0; j < COLUMNS; j++) sums[r][j] += x * y[j]; \
      } \
    } \
    WEFT_THIN_UNROLL for (int r = 0; r < ROWS; r++) \
      WEFT_THIN_UNROLL for (int j = 0; j < COLUMNS; j++) { \
        WEFT_REAL sum = 0; \
        for (int l = 0; l < WEFT_THIN_LANES; l++) sum += sums[r][j][l]; \
        for (intptr_t q = p; q < depth; q++) sum += a[r * rowA + q] * b[j * rowB + q]; \
        c[r * rowC + j] = adds ? c[r * rowC + j] + sum : sum; \
      } \
  }

WEFT_THIN_DEFINE(weft_thin_4x4, 4, 4)
WEFT_THIN_DEFINE(weft_thin_4x1, 4, 1)
WEFT_THIN_DEFINE(weft_thin_1x4, 1, 4)
WEFT_THIN_DEFINE(weft_thin_1x1, 1, 1)

static void WEFT_THIN_NAME(weft_thin_product)(
  intptr_t rows, intptr_t columns, intptr_t summed, const void *left, intptr_t rowA,
  const void *right, intptr_t rowB, void *result, intptr_t rowC) {
  // Four rows of 4 KiB stay in the first cache, many of them in the second.
  const intptr_t depthAtOnce = 4096 / sizeof(WEFT_REAL);
  for (intptr_t p = 0; p < summed; p += depthAtOnce) {
    const intptr_t depth = summed - p < depthAtOnce ? summed - p : depthAtOnce;
    for (intptr_t j = 0; j < columns; j += columns - j >= 4 ? 4 : 1) {
      const WEFT_REAL *y = (const WEFT_REAL *)right + j * rowB + p;
      for (intptr_t i = 0; i < rows; i += rows - i >= 4 ? 4 : 1) {
        const WEFT_REAL *x = (const WEFT_REAL *)left + i * rowA + p;
        WEFT_REAL *z = (WEFT_REAL *)result + i * rowC + j;
        if (columns - j >= 4) {
          if (rows - i >= 4) {
            WEFT_THIN_NAME(weft_thin_4x4)(depth, x, rowA, y, rowB, z, rowC, p > 0);
          } else {
            WEFT_THIN_NAME(weft_thin_1x4)(depth, x, rowA, y, rowB, z, rowC, p > 0);
          }
        } else if (rows - i >= 4) {
          WEFT_THIN_NAME(weft_thin_4x1)(depth, x, rowA, y, rowB, z, rowC, p > 0);
        } else {
          WEFT_THIN_NAME(weft_thin_1x1)(depth, x, rowA, y, rowB, z, rowC, p > 0);
        }
      }
    }
  }
}

#undef WEFT_THIN_VECTOR
#undef WEFT_THIN_LANES
#undef WEFT_THIN_UNROLL
#undef WEFT_THIN_DEFINE
