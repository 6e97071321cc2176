// Functions that the C library computes, one element at a time; no level improves on the calls.
#define WEFT_LEVEL portable
#include "TileLoops.h"

#define WEFT_UNARY_LIBRARY(DO) \
  DO(cbrt) DO(log2) DO(log10) DO(tan) DO(asin) DO(acos) DO(atan) DO(sinh) DO(cosh) \
  DO(asinh) DO(acosh) DO(atanh)
#define WEFT_BINARY_LIBRARY(DO) DO(fmod) DO(atan2) DO(hypot) DO(nextafter)

#define WEFT_DO(ID) \
  WEFT_UNARY_CALLS(ID##_f32, float, float, ID##f(x)) WEFT_UNARY_CALLS(ID##_f64, double, double, ID(x))
WEFT_UNARY_LIBRARY(WEFT_DO)
#undef WEFT_DO
#define WEFT_DO(ID) \
  WEFT_BINARY_CALLS(ID##_f32, float, float, ID##f(x, y)) WEFT_BINARY_CALLS(ID##_f64, double, double, ID(x, y))
WEFT_BINARY_LIBRARY(WEFT_DO)
#undef WEFT_DO
WEFT_BINARY_CALLS(pow_f64, double, double, pow(x, y))

// log(exp(x) + exp(y)) from the greater one, as NumPy does; equal operands include infinities.
// float32 goes through double, because the sum cancels where one of them is just below 0.
#define WEFT_LOG_ADD(ID, EQUAL, REST) \
  static double ID(double x, double y) { \
    if (x == y) return x + EQUAL; \
    const double difference = x - y; \
    if (difference != difference) return difference; \
    const double t = difference > 0 ? -difference : difference; \
    return (difference > 0 ? x : y) + REST; \
  }
WEFT_LOG_ADD(log_add, 0x1.62e42fefa39efp-1, log1p(exp(t)))
WEFT_LOG_ADD(log_add2, 1, 0x1.71547652b82fep+0 * log1p(exp2(t)))
WEFT_BINARY_CALLS(logaddexp_f32, float, float, (float)log_add(x, y))
WEFT_BINARY_CALLS(logaddexp_f64, double, double, log_add(x, y))
WEFT_BINARY_CALLS(logaddexp2_f32, float, float, (float)log_add2(x, y))
WEFT_BINARY_CALLS(logaddexp2_f64, double, double, log_add2(x, y))

#define WEFT_DO(ID) WEFT_ROW(#ID, WEFT_FLOAT(ID)),
WEFT_TABLE(library) {
  WEFT_UNARY_LIBRARY(WEFT_DO)
  WEFT_BINARY_LIBRARY(WEFT_DO)
  WEFT_ROW("pow", [WEFT_FLOAT64] = WEFT_AT(pow_f64)),
  WEFT_DO(logaddexp)
  WEFT_DO(logaddexp2)
  {0},
};
#undef WEFT_DO
