// Complex functions through the C library (C99 Annex G gives the special values).
#define WEFT_LEVEL portable
#include "TileLoops.h"
#include "KernelMath/Roots.h"
#include <complex.h>

// As compiled kernels compute it, bit for bit.
#define WEFT_LENGTH_c64 weft_kernel_hypot_f32
#define WEFT_LENGTH_c128 weft_kernel_hypot_f64

// One text for both precisions: S is the suffix of the library's names.
// a + b in two floats.
static double two_sum(double a, double b, double *low) {
  const double s = a + b;
  const double back = s - a;
  *low = (a - (s - back)) + (b - back);
  return s;
}

// log |1 + x + iy|; near the unit circle from |1 + z|^2 - 1 in two floats, before anything of it is lost.
static double log_of_one_more(double x, double y) {
  if (fmax(fabs(x), fabs(y)) < 4) {
    const double xx = x * x, yy = y * y;
    double first_low, second_low;
    const double first = two_sum(2 * x, xx, &first_low);
    const double second = two_sum(first, yy, &second_low);
    const double less = second + (first_low + second_low + (fma(x, x, -xx) + fma(y, y, -yy)));
    if (less > -0.5) return 0.5 * log1p(less);
  }
  return log(hypot(x + 1, y));
}

#define WEFT_WRAP(T, R, S, TAG) \
  static R _Complex wide##S(T x) { \
    R _Complex z; \
    memcpy(&z, &x, sizeof z); \
    return z; \
  } \
  static T narrow##S(R _Complex z) { return (T){creal##S(z), cimag##S(z)}; } \
  WEFT_UNARY_CALLS(abs_##TAG, R, T, WEFT_LENGTH_##TAG(x.re, x.im, NULL)) \
  /* The direction; of what is infinite in one part, that part's axis, as in NumPy 2. */ \
  static T sign##S(T x) { \
    const R length = hypot##S(x.re, x.im); \
    if (length != length) return (T){NAN, NAN}; \
    if (length == INFINITY) { \
      if (isinf(x.re)) return isinf(x.im) ? (T){NAN, NAN} : (T){x.re > 0 ? 1 : -1, 0}; \
      if (isinf(x.im)) return (T){0, x.im > 0 ? 1 : -1}; \
      return (T){x.re / length, x.im / length}; \
    } \
    return length == 0 ? (T){0, 0} : (T){x.re / length, x.im / length}; \
  } \
  static T scaled_log##S(T x, R factor) { \
    const T l = narrow##S(clog##S(wide##S(x))); \
    return (T){l.re * factor, l.im * factor}; \
  } \
  static T log1p##S##_parts(T x) { \
    return (T){(R)log_of_one_more(x.re, x.im), atan2##S(x.im, x.re + 1)}; \
  } \
  static T expm1##S##_parts(T x) { \
    const R half = sin##S(x.im / 2); \
    return (T){expm1##S(x.re) * cos##S(x.im) - 2 * half * half, exp##S(x.re) * sin##S(x.im)}; \
  } \
  static T exp2##S##_parts(T x) { \
    const T y = {x.re * (R)0x1.62e42fefa39efp-1, x.im * (R)0x1.62e42fefa39efp-1}; \
    return narrow##S(cexp##S(wide##S(y))); \
  } \
  static T product##S(T x, T y) { \
    return (T){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}; \
  } \
  static T inverse##S(T x) { \
    if (fabs##S(x.im) <= fabs##S(x.re)) { \
      const R ratio = x.im / x.re, length = x.re + x.im * ratio; \
      return (T){1 / length, -ratio / length}; \
    } \
    const R ratio = x.re / x.im, length = x.im + x.re * ratio; \
    return (T){ratio / length, -1 / length}; \
  } \
  /* npy_cpow: x^0 is 1, powers of 0 are 0 or undefined, small whole exponents multiply. */ \
  static T power##S(T x, T y) { \
    if (y.re == 0 && y.im == 0) return (T){1, 0}; \
    if (x.re == 0 && x.im == 0) return y.re > 0 ? (T){0, 0} : (T){NAN, NAN}; \
    if (y.im == 0 && y.re > -100 && y.re < 100 && y.re == trunc##S(y.re)) { \
      int n = (int)y.re; \
      if (n == 1) return x; \
      if (n == 2) return product##S(x, x); \
      if (n == 3) return product##S(x, product##S(x, x)); \
      T result = {1, 0}; \
      for (unsigned left = (unsigned)(n < 0 ? -n : n); left; left >>= 1) { \
        if (left & 1) result = product##S(result, x); \
        x = product##S(x, x); \
      } \
      return n < 0 ? inverse##S(result) : result; \
    } \
    return narrow##S(cpow##S(wide##S(x), wide##S(y))); \
  } \
  WEFT_UNARY_CALLS(sign_##TAG, T, T, sign##S(x)) \
  WEFT_UNARY_CALLS(log2_##TAG, T, T, scaled_log##S(x, (R)WEFT_LOG2_E)) \
  WEFT_UNARY_CALLS(log10_##TAG, T, T, scaled_log##S(x, (R)WEFT_LOG10_E)) \
  WEFT_UNARY_CALLS(log1p_##TAG, T, T, log1p##S##_parts(x)) \
  WEFT_UNARY_CALLS(expm1_##TAG, T, T, expm1##S##_parts(x)) \
  WEFT_UNARY_CALLS(exp2_##TAG, T, T, exp2##S##_parts(x)) \
  WEFT_BINARY_CALLS(pow_##TAG, T, T, power##S(x, y))
#define WEFT_LOG2_E 0x1.71547652b82fep+0
#define WEFT_LOG10_E 0x1.bcb7b1526e50ep-2
WEFT_WRAP(weft_c64, float, f, c64)
WEFT_WRAP(weft_c128, double, , c128)

#define WEFT_COMPLEX_LIBRARY(DO) \
  DO(sqrt) DO(exp) DO(log) DO(sin) DO(cos) DO(tan) DO(asin) DO(acos) DO(atan) \
  DO(sinh) DO(cosh) DO(tanh) DO(asinh) DO(acosh) DO(atanh)
#define WEFT_DO(ID) \
  WEFT_UNARY_CALLS(ID##_c64, weft_c64, weft_c64, narrowf(c##ID##f(widef(x)))) \
  WEFT_UNARY_CALLS(ID##_c128, weft_c128, weft_c128, narrow(c##ID(wide(x))))
WEFT_COMPLEX_LIBRARY(WEFT_DO)
#undef WEFT_DO

#define WEFT_DO(ID) WEFT_ROW(#ID, WEFT_COMPLEX(ID)),
WEFT_TABLE(complex_library) {
  WEFT_COMPLEX_LIBRARY(WEFT_DO)
  WEFT_DO(abs)
  WEFT_DO(sign)
  WEFT_DO(exp2)
  WEFT_DO(expm1)
  WEFT_DO(log2)
  WEFT_DO(log10)
  WEFT_DO(log1p)
  WEFT_DO(pow)
  {0},
};
#undef WEFT_DO
