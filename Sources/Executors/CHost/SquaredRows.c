// The sum of the outer products of rows with themselves: X^T X of a matrix X, whose rows are contiguous.
//
// A part of the summed index is copied once, to panels of a vector's columns, which serve as left and as right
// matrix. A tile of 8 rows and up to three panels stays in registers; those below the diagonal are not made.
// Each element is summed in the parts and the order of DirectProducts.c: the same bits.
//
// Only with 32 registers of 64 bytes is this quicker than BLAS.
#include "TileLoops.h"
#include <stdlib.h>

#if defined(__x86_64__)
#pragma clang attribute push( \
  __attribute__((target("avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt," \
                        "avx512f,avx512bw,avx512cd,avx512dq,avx512vl"))), \
  apply_to = function)
#pragma STDC FP_CONTRACT ON

enum {
  width = 8,
  tile_panels = 3,
  // `depthAtOnce` of DirectProductsText.h.
  depth_at_once = 256,
  // Some lines more than the elements, as panels that lie powers of two apart fall on the same lines of the
  // first cache while they are written side by side.
  panel_step = depth_at_once * width + 24
};
typedef double vector __attribute__((ext_vector_type(8), aligned(8)));
#define WEFT_UNROLL _Pragma("clang loop unroll(full)")

/// A tile of 8 rows and PANELS panels: adds to C, or sets it where these are the first summed positions.
#define WEFT_TILE_DEFINE(NAME, PANELS) \
  static void NAME( \
    int depth, const double *a, const double *b, double *c, intptr_t rowC, int rows, int columns, \
    double alpha, int isFirst) { \
    vector sums[width][PANELS]; \
    WEFT_UNROLL for (int r = 0; r < width; r++) \
      WEFT_UNROLL for (int v = 0; v < PANELS; v++) sums[r][v] = 0; \
    for (int p = 0; p < depth; p++) { \
      vector line[PANELS]; \
      WEFT_UNROLL for (int v = 0; v < PANELS; v++) \
        line[v] = *(const vector *)(b + v * panel_step + p * width); \
      WEFT_UNROLL for (int r = 0; r < width; r++) { \
        const vector factor = (vector)(a[p * width + r]); \
        WEFT_UNROLL for (int v = 0; v < PANELS; v++) sums[r][v] += factor * line[v]; \
      } \
    } \
    WEFT_UNROLL for (int r = 0; r < width; r++) \
      WEFT_UNROLL for (int v = 0; v < PANELS; v++) sums[r][v] = alpha * sums[r][v]; \
    if (rows == width && columns == PANELS * width) { \
      WEFT_UNROLL for (int r = 0; r < width; r++) \
        WEFT_UNROLL for (int v = 0; v < PANELS; v++) { \
          vector *out = (vector *)(c + r * rowC + v * width); \
          *out = isFirst ? sums[r][v] : *out + sums[r][v]; \
        } \
      return; \
    } \
    double values[width][PANELS * width]; \
    WEFT_UNROLL for (int r = 0; r < width; r++) \
      WEFT_UNROLL for (int v = 0; v < PANELS; v++) \
        *(vector *)(values[r] + v * width) = sums[r][v]; \
    for (int r = 0; r < rows; r++) \
      for (int j = 0; j < columns; j++) { \
        double *out = c + r * rowC + j; \
        *out = isFirst ? values[r][j] : *out + values[r][j]; \
      } \
  }
WEFT_TILE_DEFINE(tile1, 1)
WEFT_TILE_DEFINE(tile2, 2)
WEFT_TILE_DEFINE(tile3, 3)

/// Copies rows to panels, zeros behind the last column.
static void pack(int depth, intptr_t columns, const double *x, intptr_t rowX, double *packed) {
  const intptr_t whole = columns / width, tail = columns % width;
  for (int p = 0; p < depth; p++) {
    const double *row = x + p * rowX;
    double *out = packed + p * width;
    for (intptr_t q = 0; q < whole; q++)
      *(vector *)(out + q * panel_step) = *(const vector *)(row + q * width);
    if (tail == 0) continue;
    vector rest = 0;
    for (intptr_t j = 0; j < tail; j++) rest[j] = row[whole * width + j];
    *(vector *)(out + whole * panel_step) = rest;
  }
}

/// Copies what is above the diagonal to below it, in blocks whose lines stay in the first cache.
static void mirror(intptr_t order, double *c, intptr_t rowC) {
  for (intptr_t first = 0; first < order; first += width) {
    const intptr_t end = first + width < order ? first + width : order;
    for (intptr_t row = first + 1; row < order; row++) {
      const intptr_t stop = row < end ? row : end;
      for (intptr_t j = first; j < stop; j++) c[row * rowC + j] = c[j * rowC + row];
    }
  }
}

static int square(
  intptr_t order, intptr_t summed, const double *x, intptr_t rowX, double *c, intptr_t rowC,
  double alpha) {
  const intptr_t panels = (order + width - 1) / width;
  double *packed = aligned_alloc(64, (size_t)(panels * panel_step) * sizeof(double));
  if (!packed) return 0;
  for (intptr_t first = 0; first < summed; first += depth_at_once) {
    const intptr_t rest = summed - first;
    const int depth = rest < depth_at_once ? (int)rest : depth_at_once;
    pack(depth, order, x + first * rowX, rowX, packed);
    for (intptr_t panel = 0; panel < panels; panel += tile_panels) {
      const intptr_t end = panel + tile_panels < panels ? panel + tile_panels : panels;
      for (intptr_t row = 0; row < end; row++) {
        const intptr_t from = row > panel ? row : panel;
        const intptr_t columns = (end * width < order ? end * width : order) - from * width;
        const int rows = order - row * width < width ? (int)(order - row * width) : width;
        (end - from == 3 ? tile3 : end - from == 2 ? tile2 : tile1)(
          depth, packed + row * panel_step, packed + from * panel_step,
          c + row * width * rowC + from * width, rowC, rows, (int)columns, alpha, first == 0);
      }
    }
  }
  free(packed);
  mirror(order, c, rowC);
  return 1;
}
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute pop
#endif

int weft_square_rows(
  intptr_t order, intptr_t summed, const double *x, intptr_t rowX, double *c, intptr_t rowC,
  double alpha) {
#if defined(__x86_64__)
  if (weft_tile_level() >= 2) return square(order, summed, x, rowX, c, rowC, alpha);
#endif
  return 0;
}
