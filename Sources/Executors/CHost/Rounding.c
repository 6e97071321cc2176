// Rounding, and the floor division of floats that is built on it.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Rounding.c"
#include "EachLevel.h"
#else

#if !defined(WEFT_ROUNDING_ONCE)
#define WEFT_ROUNDING_ONCE
// Python's floor division as NumPy computes it (npy_divmod in npy_math_internal.h.src): from the
// C remainder, which is exact, with the remainder's sign that of the divisor.
#define WEFT_FLOOR_DIVISION(T, SUFFIX) \
  WEFT_INLINE T weft_remainder##SUFFIX(T x, T y) { \
    T rest = fmod##SUFFIX(x, y); \
    if (y == 0) return rest; \
    if (rest == 0) return copysign##SUFFIX(0, y); \
    return (y < 0) != (rest < 0) ? rest + y : rest; \
  } \
  WEFT_INLINE T weft_floor_divide##SUFFIX(T x, T y) { \
    if (y == 0) return x / y; \
    const T rest = fmod##SUFFIX(x, y); \
    T quotient = (x - rest) / y; \
    if (rest != 0 && (y < 0) != (rest < 0)) quotient -= 1; \
    if (quotient == 0) return copysign##SUFFIX(0, x / y); \
    const T down = floor##SUFFIX(quotient); \
    return quotient - down > (T)0.5 ? down + 1 : down; \
  }
WEFT_FLOOR_DIVISION(double, )
// The remainder and the quotient are exact in double.
WEFT_INLINE float weft_floor_dividef(float x, float y) { return (float)weft_floor_divide(x, y); }
WEFT_INLINE float weft_remainderf(float x, float y) {
  const float rest = fmodf(x, y);
  if (rest == 0) return copysignf(0, y);
  return (y < 0) != (rest < 0) ? rest + y : rest;
}
#endif

WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, floor, __builtin_elementwise_floor(x))
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, ceil, __builtin_elementwise_ceil(x))
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, trunc, __builtin_elementwise_trunc(x))
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, round, __builtin_elementwise_roundeven(x))
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, whole, x)
WEFT_BINARY_CALLS(floor_divide_f32, float, float, weft_floor_dividef(x, y))
WEFT_BINARY_CALLS(floor_divide_f64, double, double, weft_floor_divide(x, y))
WEFT_BINARY_CALLS(remainder_f32, float, float, weft_remainderf(x, y))
WEFT_BINARY_CALLS(remainder_f64, double, double, weft_remainder(x, y))

#define WEFT_ROUND_ROW(ID) \
  WEFT_ROW(#ID, WEFT_BOOL_AS_BYTE(whole), WEFT_INTEGER_SHARED(whole), WEFT_FLOAT(ID))

WEFT_TABLE(rounding) {
  WEFT_ROUND_ROW(floor),
  WEFT_ROUND_ROW(ceil),
  WEFT_ROUND_ROW(trunc),
  WEFT_ROUND_ROW(round),
  WEFT_ROW("floor_divide", WEFT_FLOAT(floor_divide)),
  WEFT_ROW("remainder", WEFT_FLOAT(remainder)),
  {0},
};
#undef WEFT_ROUND_ROW
#endif
