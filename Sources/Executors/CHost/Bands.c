// Matrices of which a band alone is stored: products, factors, solutions.
//
// Element (i, c) of a band with `lower` diagonals below the main one stands at i * (width - 1) + c + lower.
// Each element is added up in one order, so every level gives the same bits.
#ifndef WEFT_LEVEL
#include <math.h>
#include <string.h>
#define WEFT_FAMILY "Bands.c"
#include "EachLevel.h"

#if defined(__x86_64__)
#define WEFT_BAND_LEVELS(ID) {ID##_portable, ID##_avx2, ID##_avx512}
#else
#define WEFT_BAND_LEVELS(ID) {ID##_portable}
#endif

#define WEFT_BAND_ENTRIES(ID, T) \
  void weft_band_product_##ID( \
    T *out, const T *left, intptr_t first, intptr_t last, intptr_t leftWidth, intptr_t lower, \
    const T *right, intptr_t inner, intptr_t rightWidth) { \
    void (*const levels[])( \
      T *, const T *, intptr_t, intptr_t, intptr_t, intptr_t, const T *, intptr_t, intptr_t) = \
      WEFT_BAND_LEVELS(band_product_##ID); \
    levels[weft_tile_level()](out, left, first, last, leftWidth, lower, right, inner, rightWidth); \
  } \
  void weft_band_transpose_##ID( \
    T *out, const T *a, intptr_t rows, intptr_t columns, intptr_t lower, intptr_t width) { \
    void (*const levels[])(T *, const T *, intptr_t, intptr_t, intptr_t, intptr_t) = \
      WEFT_BAND_LEVELS(band_transpose_##ID); \
    levels[weft_tile_level()](out, a, rows, columns, lower, width); \
  } \
  void weft_band_read_##ID( \
    T *out, const T *a, intptr_t rows, intptr_t columns, intptr_t leading, intptr_t lower, \
    intptr_t width) { \
    void (*const levels[])(T *, const T *, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t) = \
      WEFT_BAND_LEVELS(band_read_##ID); \
    levels[weft_tile_level()](out, a, rows, columns, leading, lower, width); \
  } \
  int weft_band_factor_##ID( \
    T *out, int32_t *pivots, const T *a, intptr_t n, intptr_t lower, intptr_t upper, \
    int isSymmetric) { \
    int (*const levels[])(T *, int32_t *, const T *, intptr_t, intptr_t, intptr_t, int) = \
      WEFT_BAND_LEVELS(band_factor_##ID); \
    return levels[weft_tile_level()](out, pivots, a, n, lower, upper, isSymmetric); \
  } \
  void weft_band_cholesky_solve_##ID( \
    const T *a, intptr_t n, intptr_t lower, T *b, intptr_t columns, intptr_t leading) { \
    void (*const levels[])(const T *, intptr_t, intptr_t, T *, intptr_t, intptr_t) = \
      WEFT_BAND_LEVELS(band_cholesky_solve_##ID); \
    levels[weft_tile_level()](a, n, lower, b, columns, leading); \
  } \
  void weft_band_lu_solve_##ID( \
    const T *a, const int32_t *pivots, intptr_t n, intptr_t lower, intptr_t upper, int transposed, \
    T *b, intptr_t columns, intptr_t leading) { \
    void (*const levels[])( \
      const T *, const int32_t *, intptr_t, intptr_t, intptr_t, int, T *, intptr_t, intptr_t) = \
      WEFT_BAND_LEVELS(band_lu_solve_##ID); \
    levels[weft_tile_level()](a, pivots, n, lower, upper, transposed, b, columns, leading); \
  }
WEFT_BAND_ENTRIES(f32, float)
WEFT_BAND_ENTRIES(f64, double)
#else

#define WEFT_REAL float
#define WEFT_ROOT sqrtf
#define WEFT_MAGNITUDE fabsf
#define WEFT_BAND_NAME(ID) WEFT_AT(ID##_f32)
#include "BandsText.h"
#undef WEFT_REAL
#undef WEFT_ROOT
#undef WEFT_MAGNITUDE
#undef WEFT_BAND_NAME
#define WEFT_REAL double
#define WEFT_ROOT sqrt
#define WEFT_MAGNITUDE fabs
#define WEFT_BAND_NAME(ID) WEFT_AT(ID##_f64)
#include "BandsText.h"
#undef WEFT_REAL
#undef WEFT_ROOT
#undef WEFT_MAGNITUDE
#undef WEFT_BAND_NAME
#endif
