// Folds of contiguous elements in an order that depends on their number only.
//
// A block of 1024 elements goes to the lanes of four 64-byte vectors, element i to lane i modulo
// their number, and the lanes combine by halves; blocks combine in pairs as in a binary counter,
// so that the error of a sum grows with the logarithm of its length. Every level uses these
// lanes, whatever its registers, so the bits are the same everywhere.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Reduce.c"
#include "EachLevel.h"
#else

#ifndef WEFT_REDUCE_ONCE
#define WEFT_REDUCE_ONCE
enum { weft_fold_block = 1024, weft_fold_short = 16 };
#define WEFT_REDUCE_TILE(ID) static void WEFT_AT(ID)(void *accumulator, const void *p, intptr_t n)
#endif

// Lanes start from an identity. PARTS is 2 where real and imaginary parts alternate.
#define WEFT_FOLD(ID, T, PARTS, IDENTITY, VECTOR, SCALAR) \
  typedef T WEFT_AT(ID##_vector) __attribute__((ext_vector_type(64 / sizeof(T)))); \
  static void WEFT_AT(ID##_block)(T *result, const T *p, intptr_t n) { \
    enum { width = 64 / sizeof(T), lanes = 4 * width }; \
    WEFT_AT(ID##_vector) v[4] = {IDENTITY, IDENTITY, IDENTITY, IDENTITY}; \
    intptr_t i = 0; \
    for (; i + lanes <= n; i += lanes) \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) { \
        WEFT_AT(ID##_vector) y; \
        memcpy(&y, p + i + k * width, sizeof y); \
        const WEFT_AT(ID##_vector) x = v[k]; \
        v[k] = VECTOR; \
      } \
    T lane[lanes]; \
    memcpy(lane, v, sizeof v); \
    for (int j = 0; i < n; i++, j++) { \
      const T x = lane[j], y = p[i]; \
      lane[j] = (T)(SCALAR); \
    } \
    for (int half = lanes / 2; half >= PARTS; half /= 2) \
      for (int j = 0; j < half; j++) { \
        const T x = lane[j], y = lane[j + half]; \
        lane[j] = (T)(SCALAR); \
      } \
    for (int part = 0; part < PARTS; part++) result[part] = lane[part]; \
  } \
  WEFT_REDUCE_TILE(ID) { \
    T *total = accumulator; \
    const T *q = p; \
    n *= PARTS; \
    if (n < weft_fold_short * PARTS) { \
      for (intptr_t i = 0; i < n; i++) { \
        const T x = total[i % PARTS], y = q[i]; \
        total[i % PARTS] = (T)(SCALAR); \
      } \
      return; \
    } \
    T pending[64][PARTS]; \
    int depth = 0; \
    uint64_t blocks = 0; \
    for (intptr_t start = 0; start < n; start += weft_fold_block) { \
      const intptr_t left = n - start; \
      WEFT_AT(ID##_block)(pending[depth++], q + start, \
        left < weft_fold_block ? left : weft_fold_block); \
      for (uint64_t ones = blocks++; ones & 1; ones >>= 1) { \
        depth--; \
        for (int part = 0; part < PARTS; part++) { \
          const T x = pending[depth - 1][part], y = pending[depth][part]; \
          pending[depth - 1][part] = (T)(SCALAR); \
        } \
      } \
    } \
    while (--depth > 0) \
      for (int part = 0; part < PARTS; part++) { \
        const T x = pending[depth - 1][part], y = pending[depth][part]; \
        pending[depth - 1][part] = (T)(SCALAR); \
      } \
    for (int part = 0; part < PARTS; part++) { \
      const T x = total[part], y = pending[0][part]; \
      total[part] = (T)(SCALAR); \
    } \
  }

#define WEFT_FOLD_MOST(TAG, T, U, ID, EXPRESSION) \
  WEFT_FOLD(ID##_##TAG, T, 1, (T)-1, EXPRESSION, EXPRESSION)
#define WEFT_FOLD_PLAIN(TAG, T, U, ID, IDENTITY, EXPRESSION) \
  WEFT_FOLD(ID##_##TAG, T, 1, IDENTITY, EXPRESSION, EXPRESSION)
#define WEFT_FOLD_LIFTED(TAG, T, U, ID, IDENTITY, OPERATOR) \
  WEFT_FOLD(ID##_##TAG, T, 1, IDENTITY, x OPERATOR y, (0u + x) OPERATOR y)
WEFT_EACH_UNSIGNED(WEFT_FOLD_LIFTED, add, 0, +)
WEFT_EACH_UNSIGNED(WEFT_FOLD_LIFTED, multiply, 1, *)
WEFT_EACH_UNSIGNED(WEFT_FOLD_MOST, bitwise_and, x & y)
WEFT_EACH_UNSIGNED(WEFT_FOLD_PLAIN, bitwise_or, 0, x | y)
WEFT_EACH_UNSIGNED(WEFT_FOLD_PLAIN, bitwise_xor, 0, x ^ y)
WEFT_EACH_UNSIGNED(WEFT_FOLD_PLAIN, maximum, 0, __builtin_elementwise_max(x, y))
WEFT_EACH_UNSIGNED(WEFT_FOLD_MOST, minimum, __builtin_elementwise_min(x, y))
#define WEFT_LEAST(U) (U)((U)1 << (sizeof(U) * 8 - 1))
#define WEFT_FOLD_SIGNED(TAG, T, U, ...) \
  WEFT_FOLD(maximum_##TAG, T, 1, (T)WEFT_LEAST(U), __builtin_elementwise_max(x, y), \
    __builtin_elementwise_max(x, y)) \
  WEFT_FOLD(minimum_##TAG, T, 1, (T)(U)(WEFT_LEAST(U) - 1), __builtin_elementwise_min(x, y), \
    __builtin_elementwise_min(x, y))
WEFT_EACH_SIGNED(WEFT_FOLD_SIGNED, )
#undef WEFT_FOLD_SIGNED
#undef WEFT_LEAST
// The identity of a float sum is -0.0: 0.0 would lose the sign of a sum of negative zeros.
WEFT_EACH_FLOAT(WEFT_FOLD_PLAIN, add, -0.0f, x + y)
WEFT_EACH_FLOAT(WEFT_FOLD_PLAIN, multiply, 1, x * y)
WEFT_EACH_FLOAT(WEFT_FOLD_PLAIN, maximum, -INFINITY, ((x >= y) | (x != x)) ? x : y)
WEFT_EACH_FLOAT(WEFT_FOLD_PLAIN, minimum, INFINITY, ((x <= y) | (x != x)) ? x : y)
WEFT_FOLD(add_c64, float, 2, -0.0f, x + y, x + y)
WEFT_FOLD(add_c128, double, 2, -0.0, x + y, x + y)

// Truth is a byte, 0 or 1, and so are its folds.
WEFT_FOLD(truth_and, uint8_t, 1, 1, x & y, x & y)

// Complex products and orders go one by one, from the first to the last.
#define WEFT_FOLD_COMPLEX(ID, T, R, SCALAR) \
  WEFT_REDUCE_TILE(ID) { \
    T x = *(T *)accumulator; \
    const T *q = p; \
    for (intptr_t i = 0; i < n; i++) { \
      const T y = q[i]; \
      x = SCALAR; \
    } \
    *(T *)accumulator = x; \
  }
#define WEFT_NAN(Z) (Z.re != Z.re || Z.im != Z.im)
#define WEFT_FOLDS_COMPLEX(TAG, T, R, ...) \
  WEFT_FOLD_COMPLEX(multiply_##TAG, T, R, \
    ((T){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re})) \
  WEFT_FOLD_COMPLEX(maximum_##TAG, T, R, \
    WEFT_NAN(x) || (x.re > y.re && y.im == y.im) || (x.re == y.re && x.im >= y.im) ? x : y) \
  WEFT_FOLD_COMPLEX(minimum_##TAG, T, R, \
    WEFT_NAN(x) || (x.re < y.re && y.im == y.im) || (x.re == y.re && x.im <= y.im) ? x : y)
WEFT_EACH_COMPLEX(WEFT_FOLDS_COMPLEX, )
#undef WEFT_FOLDS_COMPLEX
#undef WEFT_FOLD_COMPLEX
#undef WEFT_NAN
#undef WEFT_FOLD
#undef WEFT_FOLD_PLAIN
#undef WEFT_FOLD_MOST
#undef WEFT_FOLD_LIFTED

#define WEFT_TRUTH_AND [WEFT_BOOL] = WEFT_AT(truth_and)
WEFT_REDUCE_TABLE(reduce) {
  WEFT_ROW("add", WEFT_BOOL_AS_BYTE(bitwise_or), WEFT_INTEGER_SHARED(add), WEFT_FLOAT(add),
    WEFT_COMPLEX(add)),
  WEFT_ROW("multiply", WEFT_TRUTH_AND, WEFT_INTEGER_SHARED(multiply), WEFT_FLOAT(multiply),
    WEFT_COMPLEX(multiply)),
  WEFT_ROW("maximum", WEFT_BOOL_AS_BYTE(bitwise_or), WEFT_INTEGER(maximum),
    WEFT_FLOAT(maximum), WEFT_COMPLEX(maximum)),
  WEFT_ROW("minimum", WEFT_TRUTH_AND, WEFT_INTEGER(minimum), WEFT_FLOAT(minimum),
    WEFT_COMPLEX(minimum)),
  WEFT_ROW("logical_and", WEFT_TRUTH_AND),
  WEFT_ROW("logical_or", WEFT_BOOL_AS_BYTE(bitwise_or)),
  WEFT_ROW("logical_xor", WEFT_BOOL_AS_BYTE(bitwise_xor)),
  WEFT_ROW("bitwise_and", WEFT_TRUTH_AND, WEFT_INTEGER_SHARED(bitwise_and)),
  WEFT_ROW("bitwise_or", WEFT_BOOL_AS_BYTE(bitwise_or), WEFT_INTEGER_SHARED(bitwise_or)),
  WEFT_ROW("bitwise_xor", WEFT_BOOL_AS_BYTE(bitwise_xor), WEFT_INTEGER_SHARED(bitwise_xor)),
  {0},
};
#undef WEFT_TRUTH_AND
#endif
