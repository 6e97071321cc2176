// Complex arithmetic, order and tests; NumPy's formulas, so that special values agree.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "ComplexArithmetic.c"
#include "EachLevel.h"
#else

WEFT_EACH_COMPLEX(WEFT_DEFINE_BINARY_COMPLEX, add, ((__typeof__(x)){x.re + y.re, x.im + y.im}))
WEFT_EACH_COMPLEX(WEFT_DEFINE_BINARY_COMPLEX, subtract, ((__typeof__(x)){x.re - y.re, x.im - y.im}))
WEFT_EACH_COMPLEX(WEFT_DEFINE_BINARY_COMPLEX, multiply,
  ((__typeof__(x)){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}))
WEFT_EACH_COMPLEX(WEFT_DEFINE_UNARY_COMPLEX, square,
  ((__typeof__(x)){x.re * x.re - x.im * x.im, x.re * x.im + x.im * x.re}))
WEFT_EACH_COMPLEX(WEFT_DEFINE_UNARY_COMPLEX, negative, ((__typeof__(x)){-x.re, -x.im}))
WEFT_EACH_COMPLEX(WEFT_DEFINE_UNARY_COMPLEX, conj, ((__typeof__(x)){x.re, -x.im}))

// Smith 1962 (CACM 5, 435): the larger part of the divisor divides first, so that nothing
// overflows early. Both ways are computed and one is chosen, which keeps the loop a vector's.
// Part by part: structures as parameters and results become small vectors, which do not widen.
#define WEFT_DIVIDE(TAG, T, R, ...) \
  WEFT_INLINE R WEFT_AT(quotient_##TAG)(R xr, R xi, R yr, R yi, int imaginary) { \
    const R ar = __builtin_elementwise_abs(yr), ai = __builtin_elementwise_abs(yi); \
    const int real = ar >= ai, none = (ar == 0) & (ai == 0); \
    const R big = real ? yr : yi, small = real ? yi : yr; \
    const R ratio = small / big, scale = 1 / (big + small * ratio); \
    if (imaginary) { \
      const R im = real ? xi - xr * ratio : xi * ratio - xr; \
      return none ? xi / ar : im * scale; \
    } \
    const R re = real ? xr + xi * ratio : xr * ratio + xi; \
    return none ? xr / ar : re * scale; \
  } \
  WEFT_INLINE R WEFT_AT(inverse_##TAG)(R xr, R xi, int imaginary) { \
    const int real = __builtin_elementwise_abs(xi) <= __builtin_elementwise_abs(xr); \
    const R big = real ? xr : xi, small = real ? xi : xr; \
    const R ratio = small / big, length = big + small * ratio; \
    return (imaginary ? -(real ? ratio : 1) : (real ? 1 : ratio)) / length; \
  } \
  WEFT_BINARY_COMPLEX(divide_##TAG, T, T, \
    ((T){WEFT_AT(quotient_##TAG)(x.re, x.im, y.re, y.im, 0), \
         WEFT_AT(quotient_##TAG)(x.re, x.im, y.re, y.im, 1)})) \
  WEFT_UNARY_COMPLEX(reciprocal_##TAG, T, T, \
    ((T){WEFT_AT(inverse_##TAG)(x.re, x.im, 0), WEFT_AT(inverse_##TAG)(x.re, x.im, 1)}))
WEFT_EACH_COMPLEX(WEFT_DIVIDE, )
#undef WEFT_DIVIDE

// Lexicographic order. A NaN in an imaginary part makes the operands incomparable even where the
// real parts differ, and a NaN anywhere is the greatest and the least.
#define WEFT_NAN(Z) ((Z.re != Z.re) | (Z.im != Z.im))
#define WEFT_BEFORE(X, Y, LESS, LAST) \
  (((X.re LESS Y.re) & (X.im == X.im) & (Y.im == Y.im)) | ((X.re == Y.re) & (X.im LAST Y.im)))
#define WEFT_PICK(CHOICE) (CHOICE) ? x : y
#define WEFT_ORDER(TAG, T, R, ...) \
  WEFT_BINARY(less_##TAG, uint8_t, T, WEFT_BEFORE(x, y, <, <)) \
  WEFT_BINARY(less_equal_##TAG, uint8_t, T, WEFT_BEFORE(x, y, <, <=)) \
  WEFT_BINARY(greater_##TAG, uint8_t, T, WEFT_BEFORE(x, y, >, >)) \
  WEFT_BINARY(greater_equal_##TAG, uint8_t, T, WEFT_BEFORE(x, y, >, >=)) \
  WEFT_BINARY(equal_##TAG, uint8_t, T, (x.re == y.re) & (x.im == y.im)) \
  WEFT_BINARY(not_equal_##TAG, uint8_t, T, (x.re != y.re) | (x.im != y.im)) \
  WEFT_BINARY_COMPLEX(maximum_##TAG, T, T, WEFT_PICK(WEFT_NAN(x) | WEFT_BEFORE(x, y, >, >=))) \
  WEFT_BINARY_COMPLEX(minimum_##TAG, T, T, WEFT_PICK(WEFT_NAN(x) | WEFT_BEFORE(x, y, <, <=))) \
  WEFT_BINARY_COMPLEX(fmax_##TAG, T, T, WEFT_PICK(WEFT_NAN(y) | WEFT_BEFORE(x, y, >, >=))) \
  WEFT_BINARY_COMPLEX(fmin_##TAG, T, T, WEFT_PICK(WEFT_NAN(y) | WEFT_BEFORE(x, y, <, <=)))
WEFT_EACH_COMPLEX(WEFT_ORDER, )
#undef WEFT_ORDER

#define WEFT_TRUE(Z) ((Z.re != 0) | (Z.im != 0))
// x - x is 0 for finite numbers and NaN for the others.
#define WEFT_FINITE(V) ((V) - (V) == 0)
#define WEFT_INFINITE(V) (__builtin_elementwise_abs(V) == INFINITY)
#define WEFT_TESTS(TAG, T, R, ...) \
  WEFT_BINARY(logical_and_##TAG, uint8_t, T, WEFT_TRUE(x) & WEFT_TRUE(y)) \
  WEFT_BINARY(logical_or_##TAG, uint8_t, T, WEFT_TRUE(x) | WEFT_TRUE(y)) \
  WEFT_BINARY(logical_xor_##TAG, uint8_t, T, WEFT_TRUE(x) ^ WEFT_TRUE(y)) \
  WEFT_UNARY(logical_not_##TAG, uint8_t, T, !WEFT_TRUE(x)) \
  WEFT_UNARY(isnan_##TAG, uint8_t, T, WEFT_NAN(x)) \
  WEFT_UNARY(isinf_##TAG, uint8_t, T, WEFT_INFINITE(x.re) | WEFT_INFINITE(x.im)) \
  WEFT_UNARY(isfinite_##TAG, uint8_t, T, WEFT_FINITE(x.re) & WEFT_FINITE(x.im)) \
  WEFT_UNARY(real_##TAG, R, T, x.re) \
  WEFT_UNARY(imag_##TAG, R, T, x.im)
WEFT_EACH_COMPLEX(WEFT_TESTS, )
#undef WEFT_TESTS
#undef WEFT_TRUE
#undef WEFT_FINITE
#undef WEFT_INFINITE
#undef WEFT_NAN
#undef WEFT_BEFORE
#undef WEFT_PICK

#define WEFT_JOIN(ID, T, R) \
  WEFT_TILE(ID) { \
    T *o = out; \
    const R *p = a, *q = b; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const R re = p[i], im = q[i]; \
      o[i] = (T){re, im}; \
    } \
  }
WEFT_JOIN(join_f32, weft_c64, float)
WEFT_JOIN(join_f64, weft_c128, double)
#undef WEFT_JOIN

#define WEFT_COMPLEX_ROW(ID) WEFT_ROW(#ID, WEFT_COMPLEX(ID))
WEFT_TABLE(complex) {
  WEFT_COMPLEX_ROW(add),
  WEFT_COMPLEX_ROW(subtract),
  WEFT_COMPLEX_ROW(multiply),
  WEFT_COMPLEX_ROW(divide),
  WEFT_COMPLEX_ROW(square),
  WEFT_COMPLEX_ROW(reciprocal),
  WEFT_COMPLEX_ROW(negative),
  WEFT_COMPLEX_ROW(conj),
  WEFT_COMPLEX_ROW(real),
  WEFT_COMPLEX_ROW(imag),
  WEFT_COMPLEX_ROW(maximum),
  WEFT_COMPLEX_ROW(minimum),
  WEFT_COMPLEX_ROW(fmax),
  WEFT_COMPLEX_ROW(fmin),
  WEFT_COMPLEX_ROW(equal),
  WEFT_COMPLEX_ROW(not_equal),
  WEFT_COMPLEX_ROW(less),
  WEFT_COMPLEX_ROW(less_equal),
  WEFT_COMPLEX_ROW(greater),
  WEFT_COMPLEX_ROW(greater_equal),
  WEFT_COMPLEX_ROW(logical_and),
  WEFT_COMPLEX_ROW(logical_or),
  WEFT_COMPLEX_ROW(logical_xor),
  WEFT_COMPLEX_ROW(logical_not),
  WEFT_COMPLEX_ROW(isnan),
  WEFT_COMPLEX_ROW(isinf),
  WEFT_COMPLEX_ROW(isfinite),
  WEFT_ROW("complex", WEFT_FLOAT(join)),
  {0},
};
#undef WEFT_COMPLEX_ROW
#endif
