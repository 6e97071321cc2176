#include "CWeft.h"
#include <complex.h>

static inline double complex wide(weft_complex128 z) { return __builtin_complex(z.re, z.im); }
static inline float complex narrow(weft_complex64 z) { return __builtin_complex(z.re, z.im); }

#define WEFT_DEFINE(NAME) \
  weft_complex128 weft_c##NAME(weft_complex128 z) { \
    double complex w = c##NAME(wide(z)); \
    return (weft_complex128){creal(w), cimag(w)}; \
  } \
  weft_complex64 weft_c##NAME##f(weft_complex64 z) { \
    float complex w = c##NAME##f(narrow(z)); \
    return (weft_complex64){crealf(w), cimagf(w)}; \
  }
WEFT_COMPLEX_UNARY(WEFT_DEFINE)

weft_complex128 weft_cpow(weft_complex128 x, weft_complex128 y) {
  double complex w = cpow(wide(x), wide(y));
  return (weft_complex128){creal(w), cimag(w)};
}

weft_complex64 weft_cpowf(weft_complex64 x, weft_complex64 y) {
  float complex w = cpowf(narrow(x), narrow(y));
  return (weft_complex64){crealf(w), cimagf(w)};
}
