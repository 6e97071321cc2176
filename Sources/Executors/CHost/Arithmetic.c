// Arithmetic that is one instruction or a few, on real dtypes. Complex is in ComplexArithmetic.c.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Arithmetic.c"
#include "EachLevel.h"
#else

// `0u +` lifts bytes and words to unsigned, because products of promoted uint16 overflow int.
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, add, (0u + x) + y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, subtract, (0u + x) - y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, multiply, (0u + x) * y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, negative, 0u - x)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, square, (0u + x) * x)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, identity, x)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, zero, 0)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, sign, x != 0)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, reciprocal, x == 1)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, maximum, x >= y ? x : y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, minimum, x <= y ? x : y)

#define WEFT_ABSOLUTE(TAG, T, U, ...) WEFT_UNARY(abs_##TAG, T, T, x < 0 ? (U)(0u - (U)x) : (U)x)
WEFT_EACH_SIGNED(WEFT_ABSOLUTE, )
#undef WEFT_ABSOLUTE
WEFT_EACH_SIGNED(WEFT_DEFINE_UNARY, sign, (x > 0) - (x < 0))
// 1 / 0 is the infinity that a cast turns into the least int32 or int64, and into 0 when narrower.
#define WEFT_RECIPROCAL(TAG, T, U, ...) \
  WEFT_UNARY(reciprocal_##TAG, T, T, \
    x == 0 && sizeof(T) >= 4 ? (U)1 << (sizeof(T) * 8 - 1) : (U)((x == 1) - (x == -1)))
WEFT_EACH_SIGNED(WEFT_RECIPROCAL, )
#undef WEFT_RECIPROCAL
WEFT_EACH_SIGNED(WEFT_DEFINE_BINARY, maximum, x >= y ? x : y)
WEFT_EACH_SIGNED(WEFT_DEFINE_BINARY, minimum, x <= y ? x : y)

WEFT_BINARY(or_b1, uint8_t, uint8_t, x | y)
WEFT_BINARY(and_b1, uint8_t, uint8_t, x & y)

WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, add, x + y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, subtract, x - y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, multiply, x * y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, divide, x / y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY_ONE, divide_by_one, x / y)
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, negative, -x)
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, abs, __builtin_elementwise_abs(x))
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, square, x * x)
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, identity, x)
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, zero, 0)
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, sqrt, __builtin_elementwise_sqrt(x))
// The comparisons give 0 for both zeros, and x itself is the NaN.
WEFT_EACH_FLOAT(WEFT_DEFINE_UNARY, sign, x != x ? x : (x > 0) - (x < 0))
WEFT_UNARY(reciprocal_f32, float, float, 1.0f / x)
WEFT_UNARY(reciprocal_f64, double, double, 1.0 / x)
// maximum and minimum give a NaN operand, the first if both are; fmax and fmin the other operand.
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, maximum, ((x >= y) | (x != x)) ? x : y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, minimum, ((x <= y) | (x != x)) ? x : y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, fmax, ((x >= y) | (y != y)) ? x : y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, fmin, ((x <= y) | (y != y)) ? x : y)
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, copysign, __builtin_elementwise_copysign(x, y))
WEFT_EACH_FLOAT(WEFT_DEFINE_BINARY, heaviside, x != x ? x : (x == 0 ? y : (x > 0)))

WEFT_TABLE(arithmetic) {
  WEFT_ROW("add", WEFT_BOOL_AS(or), WEFT_INTEGER_SHARED(add), WEFT_FLOAT(add)),
  WEFT_ROW("subtract", WEFT_INTEGER_SHARED(subtract), WEFT_FLOAT(subtract)),
  WEFT_ROW("multiply", WEFT_BOOL_AS(and), WEFT_INTEGER_SHARED(multiply), WEFT_FLOAT(multiply)),
  WEFT_ROW("divide", WEFT_FLOAT(divide)),
  // No function's name: the divisor is one element.
  WEFT_ROW("divide_by_one", WEFT_FLOAT(divide_by_one)),
  WEFT_ROW("negative", WEFT_INTEGER_SHARED(negative), WEFT_FLOAT(negative)),
  WEFT_ROW("abs", WEFT_BOOL_AS_BYTE(identity), WEFT_SIGNED(abs), WEFT_UNSIGNED(identity),
    WEFT_FLOAT(abs)),
  WEFT_ROW("sign", WEFT_INTEGER(sign), WEFT_FLOAT(sign)),
  WEFT_ROW("square", WEFT_BOOL_AS_BYTE(identity), WEFT_INTEGER_SHARED(square),
    WEFT_FLOAT(square)),
  WEFT_ROW("reciprocal", WEFT_INTEGER(reciprocal), WEFT_FLOAT(reciprocal)),
  WEFT_ROW("sqrt", WEFT_FLOAT(sqrt)),
  WEFT_ROW("maximum", WEFT_BOOL_AS(or), WEFT_INTEGER(maximum), WEFT_FLOAT(maximum)),
  WEFT_ROW("minimum", WEFT_BOOL_AS(and), WEFT_INTEGER(minimum), WEFT_FLOAT(minimum)),
  WEFT_ROW("fmax", WEFT_BOOL_AS(or), WEFT_INTEGER(maximum), WEFT_FLOAT(fmax)),
  WEFT_ROW("fmin", WEFT_BOOL_AS(and), WEFT_INTEGER(minimum), WEFT_FLOAT(fmin)),
  WEFT_ROW("copysign", WEFT_FLOAT(copysign)),
  WEFT_ROW("heaviside", WEFT_FLOAT(heaviside)),
  WEFT_ROW("conj", WEFT_BOOL_AS_BYTE(identity), WEFT_INTEGER_SHARED(identity),
    WEFT_FLOAT(identity)),
  WEFT_ROW("real", WEFT_BOOL_AS_BYTE(identity), WEFT_INTEGER_SHARED(identity),
    WEFT_FLOAT(identity)),
  WEFT_ROW("imag", WEFT_BOOL_AS_BYTE(zero), WEFT_INTEGER_SHARED(zero), WEFT_FLOAT(zero)),
  {0},
};
#endif
