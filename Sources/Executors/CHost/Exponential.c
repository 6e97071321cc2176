// exp, log and what is made of them: tanh, erf, and float32 powers.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Exponential.c"
#include "VectorMath.h"
#include "EachLevel.h"
#else

#define WEFT_THROUGH_DOUBLE(ID, SHORT) \
  WEFT_UNARY(ID##_f64, double, double, weft_##ID(x)) \
  WEFT_UNARY(ID##_f32, float, float, SHORT((double)x))
WEFT_THROUGH_DOUBLE(exp, weft_exp_short)
WEFT_THROUGH_DOUBLE(exp2, weft_exp2)
WEFT_THROUGH_DOUBLE(expm1, weft_expm1)
WEFT_THROUGH_DOUBLE(log, weft_log_short)
WEFT_THROUGH_DOUBLE(log1p, weft_log1p)
WEFT_THROUGH_DOUBLE(tanh, weft_tanh)
WEFT_THROUGH_DOUBLE(erf, weft_erf)
#undef WEFT_THROUGH_DOUBLE

// In double, exp(y log x) has more than float32's bits for all float32 powers. Bases that are not
// positive and finite, and exponents that are not finite, have rules of their own: the library's.
WEFT_TILE(pow_f32) {
  enum { block = 256 };
  float *o = out, x[block], y[block];
  const float *p = a, *q = b;
  for (intptr_t start = 0; start < n; start += block) {
    const intptr_t count = n - start < block ? n - start : block;
    memcpy(x, p + start, (size_t)count * sizeof *x);
    memcpy(y, q + start, (size_t)count * sizeof *y);
    unsigned special = 0;
    for (intptr_t i = 0; i < count; i++)
      special |= !((x[i] > 0) & (x[i] < INFINITY) & (__builtin_elementwise_abs(y[i]) < INFINITY));
    WEFT_VECTOR for (intptr_t i = 0; i < count; i++) {
      double m;
      const double k = weft_split((double)x[i], &m);
      o[start + i] = (float)weft_exp((double)y[i] * weft_log_sum(k, m - 1.0, 0.0));
    }
    if (!special) continue;
    for (intptr_t i = 0; i < count; i++)
      if (!((x[i] > 0) & (x[i] < INFINITY) & (__builtin_elementwise_abs(y[i]) < INFINITY)))
        o[start + i] = powf(x[i], y[i]);
  }
}

#define WEFT_FLOAT_ROW(ID) WEFT_ROW(#ID, WEFT_FLOAT(ID))
WEFT_TABLE(exponential) {
  WEFT_FLOAT_ROW(exp),
  WEFT_FLOAT_ROW(exp2),
  WEFT_FLOAT_ROW(expm1),
  WEFT_FLOAT_ROW(log),
  WEFT_FLOAT_ROW(log1p),
  WEFT_FLOAT_ROW(tanh),
  WEFT_FLOAT_ROW(erf),
  WEFT_ROW("pow", [WEFT_FLOAT32] = WEFT_AT(pow_f32)),
  {0},
};
#undef WEFT_FLOAT_ROW
#endif
