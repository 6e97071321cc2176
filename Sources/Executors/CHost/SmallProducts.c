// Products of matrices so small that a call of BLAS costs more than they do.
//
// A product of at most 16 columns keeps four rows of its result in registers while it runs over the
// summed index; the number of columns is a constant of each function, so that no loop over them is
// left. Sums run in the order of the index, whatever stands beside them.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "SmallProducts.c"
#include "EachLevel.h"

#define WEFT_SMALL_DECLARE(LEVEL) \
  extern const weft_small_products_function weft_small_products_f32_##LEVEL[]; \
  extern const weft_small_products_function weft_small_products_f64_##LEVEL[];
WEFT_SMALL_DECLARE(portable)
#if defined(__x86_64__)
WEFT_SMALL_DECLARE(avx2)
WEFT_SMALL_DECLARE(avx512)
#endif

weft_small_products_function weft_small_products_lookup(int dtype, int columns) {
  if (columns < 1 || columns > WEFT_SMALL_COLUMNS) return NULL;
  if (dtype != WEFT_FLOAT32 && dtype != WEFT_FLOAT64) return NULL;
  const int isDouble = dtype == WEFT_FLOAT64;
  const weft_small_products_function *table =
    isDouble ? weft_small_products_f64_portable : weft_small_products_f32_portable;
#if defined(__x86_64__)
  const int level = weft_tile_level();
  if (level == 1) table = isDouble ? weft_small_products_f64_avx2 : weft_small_products_f32_avx2;
  if (level == 2)
    table = isDouble ? weft_small_products_f64_avx512 : weft_small_products_f32_avx512;
#endif
  return table[columns - 1];
}
#else

#ifndef WEFT_SMALL_TYPES
#define WEFT_SMALL_TYPES
// Vectors that lie anywhere.
#define WEFT_SMALL_VECTOR(T, N) \
  typedef T weft_##T##N __attribute__((ext_vector_type(N), aligned(sizeof(T))));
WEFT_SMALL_VECTOR(float, 2) WEFT_SMALL_VECTOR(float, 4) WEFT_SMALL_VECTOR(float, 8)
WEFT_SMALL_VECTOR(double, 2) WEFT_SMALL_VECTOR(double, 4) WEFT_SMALL_VECTOR(double, 8)

// The parts of a row of COLUMNS elements: vectors of 8, then of 4, 2 and 1.
#define WEFT_EIGHTS(COLUMNS) ((COLUMNS) / 8)
#define WEFT_SMALL_ROWS_OF(LEVEL, T, ROWS) weft_small_rows##ROWS##_##T##_##LEVEL
#define WEFT_SMALL_ROWS(LEVEL, T, ROWS) WEFT_SMALL_ROWS_OF(LEVEL, T, ROWS)

// ROWS rows of one product; COLUMNS is a constant where this is called.
#define WEFT_SMALL_DEFINE_ROWS(T, ROWS) \
  WEFT_INLINE void WEFT_SMALL_ROWS(WEFT_LEVEL, T, ROWS)( \
    const int columns, const int summed, const T *a, intptr_t rowA, intptr_t columnA, \
    const T *b, intptr_t rowB, T *c, intptr_t rowC, T alpha, int adds) { \
    weft_##T##8 s8[2][ROWS]; \
    weft_##T##4 s4[ROWS]; \
    weft_##T##2 s2[ROWS]; \
    T s1[ROWS]; \
    const int eights = WEFT_EIGHTS(columns); \
    const int at4 = eights * 8, at2 = columns / 4 * 4, at1 = columns / 2 * 2; \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) { \
      s8[0][r] = 0; s8[1][r] = 0; s4[r] = 0; s2[r] = 0; s1[r] = 0; \
    } \
    for (int p = 0; p < summed; p++) { \
      const T *line = b + p * rowB; \
      const T *left = a + p * columnA; \
      weft_##T##8 b8[2]; \
      weft_##T##4 b4; \
      weft_##T##2 b2; \
      T b1; \
      if (eights > 0) b8[0] = *(const weft_##T##8 *)line; \
      if (eights > 1) b8[1] = *(const weft_##T##8 *)(line + 8); \
      if (columns & 4) b4 = *(const weft_##T##4 *)(line + at4); \
      if (columns & 2) b2 = *(const weft_##T##2 *)(line + at2); \
      if (columns & 1) b1 = line[at1]; \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) { \
        const T x = left[r * rowA]; \
        if (eights > 0) s8[0][r] += x * b8[0]; \
        if (eights > 1) s8[1][r] += x * b8[1]; \
        if (columns & 4) s4[r] += x * b4; \
        if (columns & 2) s2[r] += x * b2; \
        if (columns & 1) s1[r] += x * b1; \
      } \
    } \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) { \
      T *line = c + r * rowC; \
      if (eights > 0) WEFT_SMALL_STORE(T, 8, line, s8[0][r]) \
      if (eights > 1) WEFT_SMALL_STORE(T, 8, line + 8, s8[1][r]) \
      if (columns & 4) WEFT_SMALL_STORE(T, 4, line + at4, s4[r]) \
      if (columns & 2) WEFT_SMALL_STORE(T, 2, line + at2, s2[r]) \
      if (columns & 1) { \
        const T value = alpha * s1[r]; \
        line[at1] = adds ? line[at1] + value : value; \
      } \
    } \
  }
#define WEFT_SMALL_STORE(T, N, PLACE, SUM) { \
    weft_##T##N *place = (weft_##T##N *)(PLACE); \
    const weft_##T##N value = alpha * (SUM); \
    *place = adds ? *place + value : value; \
  }

// All rows of products, COLUMNS and where it is not 0 SUMMED constant.
#define WEFT_SMALL_EACH(T, COLUMNS, SUMMED) \
  for (intptr_t i = 0; i < count; i++) { \
    const T *left = a, *right = b; \
    T *out = c; \
    if (shape->columnB != 1) { \
      if (i == 0 || shape->stepB != 0) \
        for (int p = 0; p < SUMMED; p++) \
          for (int j = 0; j < COLUMNS; j++) \
            packed[p * COLUMNS + j] = right[p * rowB + j * shape->columnB]; \
      right = packed; \
    } \
    const intptr_t line = shape->columnB != 1 ? COLUMNS : rowB; \
    int row = 0; \
    for (; row + 4 <= rows; row += 4) \
      WEFT_SMALL_ROWS(WEFT_LEVEL, T, 4)(COLUMNS, SUMMED, left + row * rowA, rowA, columnA, \
        right, line, out + row * rowC, rowC, alpha, adds); \
    left += row * rowA; \
    out += row * rowC; \
    switch (rows - row) { \
    case 3: \
      WEFT_SMALL_ROWS(WEFT_LEVEL, T, 3)( \
        COLUMNS, SUMMED, left, rowA, columnA, right, line, out, rowC, alpha, adds); \
      break; \
    case 2: \
      WEFT_SMALL_ROWS(WEFT_LEVEL, T, 2)( \
        COLUMNS, SUMMED, left, rowA, columnA, right, line, out, rowC, alpha, adds); \
      break; \
    case 1: \
      WEFT_SMALL_ROWS(WEFT_LEVEL, T, 1)( \
        COLUMNS, SUMMED, left, rowA, columnA, right, line, out, rowC, alpha, adds); \
      break; \
    default: break; \
    } \
    a += shape->stepA; \
    b += shape->stepB; \
    c += shape->stepC; \
  }

#define WEFT_SMALL_SQUARE(T, COLUMNS, ORDER) \
  WEFT_SMALL_ROWS(WEFT_LEVEL, T, ORDER)( \
    COLUMNS, ORDER, a, rowA, columnA, b, rowB, c, rowC, alpha, adds);
#define WEFT_SMALL_DEFINE(T, COLUMNS) \
  static void WEFT_AT(WEFT_PASTE(weft_small_##T, COLUMNS))( \
    const weft_small_products *shape, const void *first, const void *second, void *result, \
    intptr_t count, double factor, int adds) { \
    const T *a = first, *b = second; \
    T *c = result; \
    const T alpha = (T)factor; \
    const int rows = shape->rows, summed = shape->summed; \
    const intptr_t rowA = shape->rowA, columnA = shape->columnA; \
    const intptr_t rowB = shape->rowB, rowC = shape->rowC; \
    T packed[WEFT_SMALL_SUMMED * COLUMNS]; \
    if (COLUMNS <= 4 && summed == rows && shape->columnB == 1 && rows >= 2 && rows <= 4) { \
      for (intptr_t i = 0; i < count; i++) { \
        if (rows == 2) WEFT_SMALL_SQUARE(T, COLUMNS, 2) \
        if (rows == 3) WEFT_SMALL_SQUARE(T, COLUMNS, 3) \
        if (rows == 4) WEFT_SMALL_SQUARE(T, COLUMNS, 4) \
        a += shape->stepA; \
        b += shape->stepB; \
        c += shape->stepC; \
      } \
    } else if (COLUMNS <= 4 && summed == 3) { \
      WEFT_SMALL_EACH(T, COLUMNS, 3) \
    } else if (COLUMNS <= 4 && summed == 4) { \
      WEFT_SMALL_EACH(T, COLUMNS, 4) \
    } else { \
      WEFT_SMALL_EACH(T, COLUMNS, summed) \
    } \
  }
#define WEFT_SMALL_EACH_COLUMNS(DO, T) \
  DO(T, 1) DO(T, 2) DO(T, 3) DO(T, 4) DO(T, 5) DO(T, 6) DO(T, 7) DO(T, 8) DO(T, 9) DO(T, 10) \
  DO(T, 11) DO(T, 12) DO(T, 13) DO(T, 14) DO(T, 15) DO(T, 16)
#define WEFT_SMALL_NAME(T, COLUMNS) WEFT_AT(WEFT_PASTE(weft_small_##T, COLUMNS)),
#define WEFT_SMALL_ALL(T, TAG) \
  WEFT_SMALL_DEFINE_ROWS(T, 1) WEFT_SMALL_DEFINE_ROWS(T, 2) \
  WEFT_SMALL_DEFINE_ROWS(T, 3) WEFT_SMALL_DEFINE_ROWS(T, 4) \
  WEFT_SMALL_EACH_COLUMNS(WEFT_SMALL_DEFINE, T) \
  const weft_small_products_function WEFT_AT(weft_small_products_##TAG)[] = { \
    WEFT_SMALL_EACH_COLUMNS(WEFT_SMALL_NAME, T)};
#endif

#pragma STDC FP_CONTRACT ON
WEFT_SMALL_ALL(float, f32)
WEFT_SMALL_ALL(double, f64)
#pragma STDC FP_CONTRACT OFF
#endif
