// Comparisons, truth, tests of floats, and choosing by a mask: results are bool bytes, 0 or 1.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Comparison.c"
#include "EachLevel.h"
#else

#define WEFT_ORDER(EACH) \
  EACH(WEFT_DEFINE_COMPARE, less, x < y) \
  EACH(WEFT_DEFINE_COMPARE, less_equal, x <= y) \
  EACH(WEFT_DEFINE_COMPARE, greater, x > y) \
  EACH(WEFT_DEFINE_COMPARE, greater_equal, x >= y)
#define WEFT_TRUTH(EACH) \
  EACH(WEFT_DEFINE_COMPARE, equal, x == y) \
  EACH(WEFT_DEFINE_COMPARE, not_equal, x != y) \
  EACH(WEFT_DEFINE_COMPARE, logical_and, (x != 0) & (y != 0)) \
  EACH(WEFT_DEFINE_COMPARE, logical_or, (x != 0) | (y != 0)) \
  EACH(WEFT_DEFINE_COMPARE, logical_xor, (x != 0) ^ (y != 0)) \
  EACH(WEFT_DEFINE_TEST, logical_not, x == 0)
WEFT_ORDER(WEFT_EACH_SIGNED)
WEFT_ORDER(WEFT_EACH_UNSIGNED)
WEFT_ORDER(WEFT_EACH_FLOAT)
WEFT_TRUTH(WEFT_EACH_UNSIGNED)
WEFT_TRUTH(WEFT_EACH_FLOAT)
#undef WEFT_ORDER
#undef WEFT_TRUTH

// Through the bits: a test of a float's class must not depend on how comparisons treat NaN.
WEFT_UNARY(isnan_f32, uint8_t, uint32_t, (x & 0x7fffffffu) > 0x7f800000u)
WEFT_UNARY(isinf_f32, uint8_t, uint32_t, (x & 0x7fffffffu) == 0x7f800000u)
WEFT_UNARY(isfinite_f32, uint8_t, uint32_t, (x & 0x7fffffffu) < 0x7f800000u)
WEFT_UNARY(isnan_f64, uint8_t, uint64_t, (x & ~(UINT64_C(1) << 63)) > UINT64_C(0x7ff) << 52)
WEFT_UNARY(isinf_f64, uint8_t, uint64_t, (x & ~(UINT64_C(1) << 63)) == UINT64_C(0x7ff) << 52)
WEFT_UNARY(isfinite_f64, uint8_t, uint64_t, (x & ~(UINT64_C(1) << 63)) < UINT64_C(0x7ff) << 52)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_TEST, signbit, x >> (sizeof(x) * 8 - 1))
WEFT_UNARY(no_u8, uint8_t, uint8_t, 0)
WEFT_UNARY(yes_u8, uint8_t, uint8_t, 1)
#define WEFT_ALL_INTEGERS(F) \
  [WEFT_BOOL] = F, [WEFT_INT8] = F, [WEFT_INT16] = F, [WEFT_INT32] = F, [WEFT_INT64] = F, \
  [WEFT_UINT8] = F, [WEFT_UINT16] = F, [WEFT_UINT32] = F, [WEFT_UINT64] = F

#define WEFT_SELECT(TAG, T) \
  WEFT_TILE(select_##TAG) { \
    T *o = out; \
    const uint8_t *mask = a; \
    const T *p = b, *q = c; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i], y = q[i]; \
      o[i] = mask[i] ? x : y; \
    } \
  }
WEFT_SELECT(u8, uint8_t)
WEFT_SELECT(u16, uint16_t)
WEFT_SELECT(u32, uint32_t)
WEFT_SELECT(u64, uint64_t)
#undef WEFT_SELECT

// Two words a complex element, so that the loop stays one of integers.
WEFT_TILE(select_u128) {
  uint64_t *o = out;
  const uint8_t *mask = a;
  const uint64_t *p = b, *q = c;
  WEFT_VECTOR for (intptr_t i = 0; i < n; i++) {
    const uint64_t x0 = p[2 * i], x1 = p[2 * i + 1], y0 = q[2 * i], y1 = q[2 * i + 1];
    const uint64_t keep = -(uint64_t)(mask[i] != 0);
    o[2 * i] = (x0 & keep) | (y0 & ~keep);
    o[2 * i + 1] = (x1 & keep) | (y1 & ~keep);
  }
}

#define WEFT_TRUTH_ROW(ID) \
  WEFT_ROW(#ID, WEFT_BOOL_AS_BYTE(ID), WEFT_INTEGER_SHARED(ID), WEFT_FLOAT(ID))
#define WEFT_ORDER_ROW(ID) WEFT_ROW(#ID, WEFT_BOOL_AS_BYTE(ID), WEFT_INTEGER(ID), WEFT_FLOAT(ID))

WEFT_TABLE(comparison) {
  WEFT_TRUTH_ROW(equal),
  WEFT_TRUTH_ROW(not_equal),
  WEFT_ORDER_ROW(less),
  WEFT_ORDER_ROW(less_equal),
  WEFT_ORDER_ROW(greater),
  WEFT_ORDER_ROW(greater_equal),
  WEFT_TRUTH_ROW(logical_and),
  WEFT_TRUTH_ROW(logical_or),
  WEFT_TRUTH_ROW(logical_xor),
  WEFT_TRUTH_ROW(logical_not),
  WEFT_ROW("isnan", WEFT_ALL_INTEGERS(WEFT_AT(no_u8)), WEFT_FLOAT(isnan)),
  WEFT_ROW("isinf", WEFT_ALL_INTEGERS(WEFT_AT(no_u8)), WEFT_FLOAT(isinf)),
  WEFT_ROW("isfinite", WEFT_ALL_INTEGERS(WEFT_AT(yes_u8)), WEFT_FLOAT(isfinite)),
  WEFT_ROW("signbit", [WEFT_BOOL] = WEFT_AT(no_u8), WEFT_SIGNED_AS_UNSIGNED(signbit),
    [WEFT_UINT8] = WEFT_AT(no_u8), [WEFT_UINT16] = WEFT_AT(no_u8),
    [WEFT_UINT32] = WEFT_AT(no_u8), [WEFT_UINT64] = WEFT_AT(no_u8),
    [WEFT_FLOAT32] = WEFT_AT(signbit_u32), [WEFT_FLOAT64] = WEFT_AT(signbit_u64)),
  WEFT_ROW("select", WEFT_BOOL_AS_BYTE(select), WEFT_INTEGER_SHARED(select),
    [WEFT_FLOAT16] = WEFT_AT(select_u16), [WEFT_BFLOAT16] = WEFT_AT(select_u16),
    [WEFT_FLOAT32] = WEFT_AT(select_u32), [WEFT_FLOAT64] = WEFT_AT(select_u64),
    [WEFT_COMPLEX64] = WEFT_AT(select_u64), [WEFT_COMPLEX128] = WEFT_AT(select_u128)),
  {0},
};
#undef WEFT_TRUTH_ROW
#undef WEFT_ORDER_ROW
#undef WEFT_ALL_INTEGERS
#endif
