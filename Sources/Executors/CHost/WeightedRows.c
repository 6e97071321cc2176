// Weighted sums of few rows: what a narrow band leaves of a product of matrices.
//
// Each element is added up from the first row to the last, so every level gives the same bits.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "WeightedRows.c"
#include "EachLevel.h"

void weft_weighted_rows_f32(
  float *out, const float *rows, intptr_t stride, const float *weights, intptr_t count, intptr_t n) {
  void (*const levels[])(
    float *, const float *, intptr_t, const float *, intptr_t, intptr_t) = {
    weighted_rows_f32_portable,
#if defined(__x86_64__)
    weighted_rows_f32_avx2, weighted_rows_f32_avx512,
#endif
  };
  levels[weft_tile_level()](out, rows, stride, weights, count, n);
}

void weft_weighted_rows_f64(
  double *out, const double *rows, intptr_t stride, const double *weights, intptr_t count,
  intptr_t n) {
  void (*const levels[])(
    double *, const double *, intptr_t, const double *, intptr_t, intptr_t) = {
    weighted_rows_f64_portable,
#if defined(__x86_64__)
    weighted_rows_f64_avx2, weighted_rows_f64_avx512,
#endif
  };
  levels[weft_tile_level()](out, rows, stride, weights, count, n);
}
#else

// One pass over the columns: a part of a line of sums stays in registers while rows are added.
#define WEFT_WEIGHTED_ROWS(ID, T) \
  typedef T WEFT_AT(ID##_vector) __attribute__((ext_vector_type(64 / sizeof(T)))); \
  static void WEFT_AT(ID)( \
    T *out, const T *rows, intptr_t stride, const T *weights, intptr_t count, intptr_t n) { \
    enum { width = 64 / sizeof(T), lanes = 4 * width }; \
    intptr_t j = 0; \
    for (; j + lanes <= n; j += lanes) { \
      WEFT_AT(ID##_vector) sums[4] = {0, 0, 0, 0}; \
      const T *row = rows + j; \
      for (intptr_t k = 0; k < count; k++, row += stride) \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) { \
          WEFT_AT(ID##_vector) x; \
          memcpy(&x, row + i * width, sizeof x); \
          sums[i] += weights[k] * x; \
        } \
      memcpy(out + j, sums, sizeof sums); \
    } \
    for (; j + width <= n; j += width) { \
      WEFT_AT(ID##_vector) sum = 0; \
      const T *row = rows + j; \
      for (intptr_t k = 0; k < count; k++, row += stride) { \
        WEFT_AT(ID##_vector) x; \
        memcpy(&x, row, sizeof x); \
        sum += weights[k] * x; \
      } \
      memcpy(out + j, &sum, sizeof sum); \
    } \
    for (; j < n; j++) { \
      T sum = 0; \
      for (intptr_t k = 0; k < count; k++) sum += weights[k] * rows[k * stride + j]; \
      out[j] = sum; \
    } \
  }
WEFT_WEIGHTED_ROWS(weighted_rows_f32, float)
WEFT_WEIGHTED_ROWS(weighted_rows_f64, double)
#endif
