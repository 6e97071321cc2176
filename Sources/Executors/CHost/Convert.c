// Conversions between all pairs of dtypes: NumPy's casts as an x86-64 processor does them.
//
// 1. Floats out of an integer's range give what the processor's conversion gives: the least int32
//    or int64, of which a narrower dtype keeps the low bits. Everything here is defined in C.
// 2. To bool is `!= 0`, which NaN is. From complex drops the imaginary part, except to bool.
// 3. To float16 and bfloat16 rounds once, to nearest, ties to even.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Convert.c"
#include "HalfPrecision.h"
#include "EachLevel.h"
#else

#ifndef WEFT_CONVERT_ONCE
#define WEFT_CONVERT_ONCE

// Carriers: what an element of a dtype is read as, before it becomes another.
#define WEFT_INTEGERS(DO, ...) \
  DO(i8, int8_t, __VA_ARGS__) DO(i16, int16_t, __VA_ARGS__) DO(i32, int32_t, __VA_ARGS__) \
  DO(i64, int64_t, __VA_ARGS__) DO(u8, uint8_t, __VA_ARGS__) DO(u16, uint16_t, __VA_ARGS__) \
  DO(u32, uint32_t, __VA_ARGS__) DO(u64, uint64_t, __VA_ARGS__)

// weft_TO_of_CARRIER.
#define WEFT_FROM_INTEGER(TAG, T, ...) \
  WEFT_INLINE uint8_t weft_b1_of_##TAG(T x) { return x != 0; } \
  WEFT_INLINE int8_t weft_i8_of_##TAG(T x) { return (int8_t)x; } \
  WEFT_INLINE int16_t weft_i16_of_##TAG(T x) { return (int16_t)x; } \
  WEFT_INLINE int32_t weft_i32_of_##TAG(T x) { return (int32_t)x; } \
  WEFT_INLINE int64_t weft_i64_of_##TAG(T x) { return (int64_t)x; } \
  WEFT_INLINE uint8_t weft_u8_of_##TAG(T x) { return (uint8_t)x; } \
  WEFT_INLINE uint16_t weft_u16_of_##TAG(T x) { return (uint16_t)x; } \
  WEFT_INLINE uint32_t weft_u32_of_##TAG(T x) { return (uint32_t)x; } \
  WEFT_INLINE uint64_t weft_u64_of_##TAG(T x) { return (uint64_t)x; } \
  /* Integers that float32 rounds are infinite in float16. */ \
  WEFT_INLINE uint16_t weft_f16_of_##TAG(T x) { return weft_half_of_float((float)x); } \
  WEFT_INLINE float weft_f32_of_##TAG(T x) { return (float)x; } \
  WEFT_INLINE double weft_f64_of_##TAG(T x) { return (double)x; }
WEFT_INTEGERS(WEFT_FROM_INTEGER, )

// bfloat16 of a wide integer: its low bits only say whether it is above a tie, so one sticky bit
// replaces those that double would round.
#define WEFT_BRAIN_DIRECT(TAG, T, ...) \
  WEFT_INLINE uint16_t weft_bf16_of_##TAG(T x) { \
    return weft_brain_of_float(weft_odd_float((double)x)); \
  }
WEFT_BRAIN_DIRECT(i8, int8_t) WEFT_BRAIN_DIRECT(i16, int16_t) WEFT_BRAIN_DIRECT(i32, int32_t)
WEFT_BRAIN_DIRECT(u8, uint8_t) WEFT_BRAIN_DIRECT(u16, uint16_t) WEFT_BRAIN_DIRECT(u32, uint32_t)
WEFT_INLINE uint16_t weft_bf16_of_u64(uint64_t x) {
  const uint64_t sticky = (x & ~UINT64_C(0xfff)) | ((uint64_t)((x & 0xfff) != 0) << 12);
  const double value = (double)(x >> 53 ? sticky : x);
  return weft_brain_of_float(weft_odd_float(value));
}
WEFT_INLINE uint16_t weft_bf16_of_i64(int64_t x) {
  const uint64_t size = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
  return (uint16_t)(weft_bf16_of_u64(size) | (x < 0 ? 0x8000u : 0u));
}

#define WEFT_FROM_FLOAT(TAG, T, LIMIT32, HALF, BRAIN) \
  WEFT_INLINE uint8_t weft_b1_of_##TAG(T x) { return x != 0; } \
  WEFT_INLINE int32_t weft_i32_of_##TAG(T x) { \
    return ((x < (T)0x1p31) & (x LIMIT32)) ? (int32_t)x : INT32_MIN; \
  } \
  WEFT_INLINE int64_t weft_i64_of_##TAG(T x) { \
    return ((x < (T)0x1p63) & (x >= -(T)0x1p63)) ? (int64_t)x : INT64_MIN; \
  } \
  WEFT_INLINE int8_t weft_i8_of_##TAG(T x) { return (int8_t)weft_i32_of_##TAG(x); } \
  WEFT_INLINE int16_t weft_i16_of_##TAG(T x) { return (int16_t)weft_i32_of_##TAG(x); } \
  WEFT_INLINE uint8_t weft_u8_of_##TAG(T x) { return (uint8_t)weft_i32_of_##TAG(x); } \
  WEFT_INLINE uint16_t weft_u16_of_##TAG(T x) { return (uint16_t)weft_i32_of_##TAG(x); } \
  WEFT_INLINE uint32_t weft_u32_of_##TAG(T x) { return (uint32_t)weft_i64_of_##TAG(x); } \
  WEFT_INLINE uint64_t weft_u64_of_##TAG(T x) { \
    const int large = x >= (T)0x1p63; \
    const T shifted = large ? x - (T)0x1p63 : x; \
    return (uint64_t)weft_i64_of_##TAG(shifted) ^ (large ? UINT64_C(1) << 63 : 0); \
  } \
  WEFT_INLINE uint16_t weft_f16_of_##TAG(T x) { return weft_half_of_float(HALF(x)); } \
  WEFT_INLINE uint16_t weft_bf16_of_##TAG(T x) { return weft_brain_of_float(BRAIN(x)); } \
  WEFT_INLINE float weft_f32_of_##TAG(T x) { return (float)x; } \
  WEFT_INLINE double weft_f64_of_##TAG(T x) { return (double)x; }
WEFT_FROM_FLOAT(f32, float, >= -0x1p31f, , )
WEFT_FROM_FLOAT(f64, double, > -0x1.00000002p31, weft_odd_float, weft_odd_float)
#endif

// The dtypes with their storage, and the carrier and the expression that reads one.
#define WEFT_SOURCES(DO) \
  DO(i8, int8_t, i8, x) DO(i16, int16_t, i16, x) DO(i32, int32_t, i32, x) \
  DO(i64, int64_t, i64, x) DO(u8, uint8_t, u8, x) DO(u16, uint16_t, u16, x) \
  DO(u32, uint32_t, u32, x) DO(u64, uint64_t, u64, x) \
  DO(f16, uint16_t, f32, weft_float_of_half(x)) DO(bf16, uint16_t, f32, weft_float_of_brain(x)) \
  DO(f32, float, f32, x) DO(f64, double, f64, x) \
  DO(c64, weft_c64, f32, x.re) DO(c128, weft_c128, f64, x.re)

#define WEFT_CONVERT(FROM, T, CARRIER, READ, TO, O) \
  WEFT_UNARY(FROM##_to_##TO, O, T, weft_##TO##_of_##CARRIER(READ))
#define WEFT_CONVERT_COMPLEX(FROM, T, CARRIER, READ, TO, O, PART) \
  WEFT_UNARY_COMPLEX(FROM##_to_##TO, O, T, ((O){weft_##PART##_of_##CARRIER(READ), 0}))
#define WEFT_TO_ALL_REAL(FROM, T, CARRIER, READ) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, i8, int8_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, i16, int16_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, i32, int32_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, i64, int64_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, u8, uint8_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, u16, uint16_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, u32, uint32_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, u64, uint64_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, f16, uint16_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, bf16, uint16_t) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, f32, float) \
  WEFT_CONVERT(FROM, T, CARRIER, READ, f64, double)
WEFT_SOURCES(WEFT_TO_ALL_REAL)

#define WEFT_TO_COMPLEX(FROM, T, CARRIER, READ) \
  WEFT_CONVERT_COMPLEX(FROM, T, CARRIER, READ, c64, weft_c64, f32) \
  WEFT_CONVERT_COMPLEX(FROM, T, CARRIER, READ, c128, weft_c128, f64)
#define WEFT_REAL_SOURCES(DO) \
  DO(i8, int8_t, i8, x) DO(i16, int16_t, i16, x) DO(i32, int32_t, i32, x) \
  DO(i64, int64_t, i64, x) DO(u8, uint8_t, u8, x) DO(u16, uint16_t, u16, x) \
  DO(u32, uint32_t, u32, x) DO(u64, uint64_t, u64, x) \
  DO(f16, uint16_t, f32, weft_float_of_half(x)) DO(bf16, uint16_t, f32, weft_float_of_brain(x)) \
  DO(f32, float, f32, x) DO(f64, double, f64, x)
WEFT_REAL_SOURCES(WEFT_TO_COMPLEX)

#define WEFT_TO_BOOL(FROM, T, CARRIER, READ) \
  WEFT_UNARY(FROM##_to_b1, uint8_t, T, weft_b1_of_##CARRIER(READ))
WEFT_REAL_SOURCES(WEFT_TO_BOOL)
WEFT_UNARY(c64_to_b1, uint8_t, weft_c64, (x.re != 0) | (x.im != 0))
WEFT_UNARY(c128_to_b1, uint8_t, weft_c128, (x.re != 0) | (x.im != 0))
WEFT_UNARY_COMPLEX(c64_to_c64, weft_c64, weft_c64, ((weft_c64){x.re, x.im}))
WEFT_UNARY_COMPLEX(c128_to_c128, weft_c128, weft_c128, ((weft_c128){x.re, x.im}))
WEFT_UNARY_COMPLEX(c64_to_c128, weft_c128, weft_c64, ((weft_c128){x.re, x.im}))
WEFT_UNARY_COMPLEX(c128_to_c64, weft_c64, weft_c128, ((weft_c64){(float)x.re, (float)x.im}))

#define WEFT_CONVERT_ROW(FROM, TO_BOOL) \
  {#FROM, { \
    [WEFT_BOOL] = WEFT_AT(TO_BOOL), [WEFT_INT8] = WEFT_AT(FROM##_to_i8), \
    [WEFT_INT16] = WEFT_AT(FROM##_to_i16), [WEFT_INT32] = WEFT_AT(FROM##_to_i32), \
    [WEFT_INT64] = WEFT_AT(FROM##_to_i64), [WEFT_UINT8] = WEFT_AT(FROM##_to_u8), \
    [WEFT_UINT16] = WEFT_AT(FROM##_to_u16), [WEFT_UINT32] = WEFT_AT(FROM##_to_u32), \
    [WEFT_UINT64] = WEFT_AT(FROM##_to_u64), [WEFT_FLOAT16] = WEFT_AT(FROM##_to_f16), \
    [WEFT_BFLOAT16] = WEFT_AT(FROM##_to_bf16), [WEFT_FLOAT32] = WEFT_AT(FROM##_to_f32), \
    [WEFT_FLOAT64] = WEFT_AT(FROM##_to_f64), [WEFT_COMPLEX64] = WEFT_AT(FROM##_to_c64), \
    [WEFT_COMPLEX128] = WEFT_AT(FROM##_to_c128)}}

// Rows in the order of the dtypes; bool is an unsigned byte that is its own truth.
const weft_tile_row WEFT_AT(weft_rows_convert)[] = {
  WEFT_CONVERT_ROW(u8, u8_to_u8),
  WEFT_CONVERT_ROW(i8, i8_to_b1),
  WEFT_CONVERT_ROW(i16, i16_to_b1),
  WEFT_CONVERT_ROW(i32, i32_to_b1),
  WEFT_CONVERT_ROW(i64, i64_to_b1),
  WEFT_CONVERT_ROW(u8, u8_to_b1),
  WEFT_CONVERT_ROW(u16, u16_to_b1),
  WEFT_CONVERT_ROW(u32, u32_to_b1),
  WEFT_CONVERT_ROW(u64, u64_to_b1),
  WEFT_CONVERT_ROW(f16, f16_to_b1),
  WEFT_CONVERT_ROW(bf16, bf16_to_b1),
  WEFT_CONVERT_ROW(f32, f32_to_b1),
  WEFT_CONVERT_ROW(f64, f64_to_b1),
  WEFT_CONVERT_ROW(c64, c64_to_b1),
  WEFT_CONVERT_ROW(c128, c128_to_b1),
};
#undef WEFT_CONVERT_ROW
#endif
