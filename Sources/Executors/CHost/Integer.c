// Integer division, powers, divisors, bits and shifts. Division by zero gives 0, all else wraps.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Integer.c"
#include "EachLevel.h"
#else

// No processor divides integer vectors. Through double the quotient of 32-bit integers is exact:
// it differs from the next integer by at least 1/|b|, which is more than 2^-33 of it.
#define WEFT_QUOTIENT_NARROW(TAG, T, W) \
  WEFT_INLINE W WEFT_AT(quotient_##TAG)(T x, T y) { \
    const T safe = y == 0 ? 1 : y; \
    return (W)((double)x / (double)safe); \
  }
// The widened quotient of the least int32 and -1 is in range, and narrowing it wraps.
WEFT_QUOTIENT_NARROW(i8, int8_t, int32_t)
WEFT_QUOTIENT_NARROW(i16, int16_t, int32_t)
WEFT_QUOTIENT_NARROW(i32, int32_t, int64_t)
WEFT_QUOTIENT_NARROW(u8, uint8_t, uint32_t)
WEFT_QUOTIENT_NARROW(u16, uint16_t, uint32_t)
WEFT_QUOTIENT_NARROW(u32, uint32_t, int64_t)
#undef WEFT_QUOTIENT_NARROW
WEFT_INLINE int64_t WEFT_AT(quotient_i64)(int64_t x, int64_t y) {
  if (y == -1) return (int64_t)(0 - (uint64_t)x);
  return x / (y == 0 ? 1 : y);
}
WEFT_INLINE uint64_t WEFT_AT(quotient_u64)(uint64_t x, uint64_t y) { return x / (y == 0 ? 1 : y); }

#define WEFT_DIVISION_SIGNED(TAG, T, U, ...) \
  WEFT_INLINE T WEFT_AT(rest_##TAG)(T x, T y) { \
    return (T)((0u + (U)x) - (0u + (U)WEFT_AT(quotient_##TAG)(x, y)) * (U)y); \
  } \
  WEFT_INLINE T WEFT_AT(floor_##TAG)(T x, T y) { \
    const T quotient = (T)WEFT_AT(quotient_##TAG)(x, y); \
    const T rest = (T)((0u + (U)x) - (0u + (U)quotient) * (U)y); \
    const T down = (T)((rest != 0) & ((rest < 0) != (y < 0))); \
    return y == 0 ? 0 : (T)((0u + (U)quotient) - (U)down); \
  } \
  WEFT_INLINE T WEFT_AT(modulo_##TAG)(T x, T y) { \
    const T rest = WEFT_AT(rest_##TAG)(x, y); \
    const T up = ((rest != 0) & ((rest < 0) != (y < 0))) ? y : 0; \
    return y == 0 ? 0 : (T)((0u + (U)rest) + (U)up); \
  } \
  WEFT_BINARY(floor_divide_##TAG, T, T, WEFT_AT(floor_##TAG)(x, y)) \
  WEFT_BINARY(remainder_##TAG, T, T, WEFT_AT(modulo_##TAG)(x, y)) \
  WEFT_BINARY(fmod_##TAG, T, T, y == 0 ? 0 : WEFT_AT(rest_##TAG)(x, y))
WEFT_EACH_SIGNED(WEFT_DIVISION_SIGNED, )
#undef WEFT_DIVISION_SIGNED

#define WEFT_DIVISION_UNSIGNED(TAG, T, U, ...) \
  WEFT_BINARY(floor_divide_##TAG, T, T, y == 0 ? 0 : (T)WEFT_AT(quotient_##TAG)(x, y)) \
  WEFT_BINARY(remainder_##TAG, T, T, \
    y == 0 ? 0 : (T)((0u + x) - (0u + (T)WEFT_AT(quotient_##TAG)(x, y)) * y))
WEFT_EACH_UNSIGNED(WEFT_DIVISION_UNSIGNED, )
#undef WEFT_DIVISION_UNSIGNED

// By squaring. The steps end with the exponent's highest bit, which is mostly a low one.
#define WEFT_POWER_TILE(TAG, T, NEGATIVE) \
  WEFT_TILE(pow_##TAG) { \
    T *o = out; \
    const T *p = a, *q = b; \
    for (intptr_t i = 0; i < n; i++) { \
      T x = p[i], y = q[i], result = 1; \
      if (NEGATIVE) { \
        o[i] = (T)(x == 1 ? 1 : x == (T)-1 ? (y & 1 ? x : 1) : 0); \
        continue; \
      } \
      while (y) { \
        if (y & 1) result = (T)((0u + result) * x); \
        x = (T)((0u + x) * x); \
        y >>= 1; \
      } \
      o[i] = result; \
    } \
  }
WEFT_POWER_TILE(u8, uint8_t, 0)
WEFT_POWER_TILE(u16, uint16_t, 0)
WEFT_POWER_TILE(u32, uint32_t, 0)
WEFT_POWER_TILE(u64, uint64_t, 0)
WEFT_POWER_TILE(i8, uint8_t, y >> 7)
WEFT_POWER_TILE(i16, uint16_t, y >> 15)
WEFT_POWER_TILE(i32, uint32_t, y >> 31)
WEFT_POWER_TILE(i64, uint64_t, y >> 63)
#undef WEFT_POWER_TILE

// Euclid on magnitudes, as unsigned numbers: the least integer's magnitude wraps back on store.
#define WEFT_DIVISOR(TAG, T, U, ...) \
  WEFT_INLINE U WEFT_AT(divisor_##TAG)(U x, U y) { \
    while (y) { \
      const U rest = (U)(x % y); \
      x = y; \
      y = rest; \
    } \
    return x; \
  } \
  WEFT_INLINE U WEFT_AT(multiple_##TAG)(U x, U y) { \
    const U divisor = WEFT_AT(divisor_##TAG)(x, y); \
    return divisor == 0 ? 0 : (U)((0u + (U)(x / divisor)) * y); \
  }
WEFT_EACH_UNSIGNED(WEFT_DIVISOR, )
#undef WEFT_DIVISOR
#define WEFT_MAGNITUDE(U, X) ((U)((X) < 0 ? 0u - (U)(X) : (U)(X)))
#define WEFT_DIVISOR_TILES(TAG, T, U, UTAG, MAGNITUDE) \
  WEFT_BINARY_CALLS(gcd_##TAG, T, T, WEFT_AT(divisor_##UTAG)(MAGNITUDE(U, x), MAGNITUDE(U, y))) \
  WEFT_BINARY_CALLS(lcm_##TAG, T, T, WEFT_AT(multiple_##UTAG)(MAGNITUDE(U, x), MAGNITUDE(U, y)))
#define WEFT_AS_IS(U, X) X
WEFT_DIVISOR_TILES(i8, int8_t, uint8_t, u8, WEFT_MAGNITUDE)
WEFT_DIVISOR_TILES(i16, int16_t, uint16_t, u16, WEFT_MAGNITUDE)
WEFT_DIVISOR_TILES(i32, int32_t, uint32_t, u32, WEFT_MAGNITUDE)
WEFT_DIVISOR_TILES(i64, int64_t, uint64_t, u64, WEFT_MAGNITUDE)
WEFT_DIVISOR_TILES(u8, uint8_t, uint8_t, u8, WEFT_AS_IS)
WEFT_DIVISOR_TILES(u16, uint16_t, uint16_t, u16, WEFT_AS_IS)
WEFT_DIVISOR_TILES(u32, uint32_t, uint32_t, u32, WEFT_AS_IS)
WEFT_DIVISOR_TILES(u64, uint64_t, uint64_t, u64, WEFT_AS_IS)
#undef WEFT_DIVISOR_TILES
#undef WEFT_AS_IS

// Population counts by adding neighbours (Warren, Hacker's Delight, 5-1).
WEFT_INLINE uint64_t WEFT_AT(ones)(uint64_t x) {
  x -= (x >> 1) & UINT64_C(0x5555555555555555);
  x = (x & UINT64_C(0x3333333333333333)) + ((x >> 2) & UINT64_C(0x3333333333333333));
  x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
  return (x * UINT64_C(0x0101010101010101)) >> 56;
}
WEFT_INLINE uint32_t WEFT_AT(ones32)(uint32_t x) {
  x -= (x >> 1) & 0x55555555u;
  x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0fu;
  return (x * 0x01010101u) >> 24;
}
#define WEFT_COUNT_SIGNED(TAG, T, U, ONES) \
  WEFT_UNARY(bitwise_count_##TAG, uint8_t, T, WEFT_AT(ONES)(WEFT_MAGNITUDE(U, x)))
#define WEFT_COUNT_UNSIGNED(TAG, T, ONES) \
  WEFT_UNARY(bitwise_count_##TAG, uint8_t, T, WEFT_AT(ONES)(x))
WEFT_COUNT_SIGNED(i8, int8_t, uint8_t, ones32)
WEFT_COUNT_SIGNED(i16, int16_t, uint16_t, ones32)
WEFT_COUNT_SIGNED(i32, int32_t, uint32_t, ones32)
WEFT_COUNT_SIGNED(i64, int64_t, uint64_t, ones)
WEFT_COUNT_UNSIGNED(u8, uint8_t, ones32)
WEFT_COUNT_UNSIGNED(u16, uint16_t, ones32)
WEFT_COUNT_UNSIGNED(u32, uint32_t, ones32)
WEFT_COUNT_UNSIGNED(u64, uint64_t, ones)
#undef WEFT_COUNT_SIGNED
#undef WEFT_COUNT_UNSIGNED
#undef WEFT_MAGNITUDE

WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, bitwise_and, x & y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, bitwise_or, x | y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_BINARY, bitwise_xor, x ^ y)
WEFT_EACH_UNSIGNED(WEFT_DEFINE_UNARY, bitwise_invert, ~x)
WEFT_UNARY(invert_b1, uint8_t, uint8_t, x == 0)

// A count that is negative is a large unsigned one. The mask keeps the shift itself defined.
#define WEFT_SHIFT(TAG, T, U, ...) \
  WEFT_BINARY(bitwise_left_shift_##TAG, T, T, \
    (U)y < sizeof(T) * 8 ? (0u + (U)x) << ((U)y & (sizeof(T) * 8 - 1)) : 0u) \
  WEFT_BINARY(bitwise_right_shift_##TAG, T, T, \
    x >> ((U)y < sizeof(T) * 8 ? (U)y : (U)(sizeof(T) * 8 - 1)))
WEFT_EACH_SIGNED(WEFT_SHIFT, )
#undef WEFT_SHIFT
#define WEFT_SHIFT(TAG, T, U, ...) \
  WEFT_BINARY(bitwise_right_shift_##TAG, T, T, \
    y < sizeof(T) * 8 ? x >> (y & (sizeof(T) * 8 - 1)) : 0u) \
  WEFT_BINARY(bitwise_left_shift_##TAG, T, T, \
    y < sizeof(T) * 8 ? (0u + x) << (y & (sizeof(T) * 8 - 1)) : 0u)
WEFT_EACH_UNSIGNED(WEFT_SHIFT, )
#undef WEFT_SHIFT

#define WEFT_BITS_ROW(ID) WEFT_ROW(#ID, WEFT_BOOL_AS_BYTE(ID), WEFT_INTEGER_SHARED(ID))

WEFT_TABLE(integer) {
  WEFT_ROW("floor_divide", WEFT_INTEGER(floor_divide)),
  WEFT_ROW("remainder", WEFT_INTEGER(remainder)),
  WEFT_ROW("fmod", WEFT_SIGNED(fmod), [WEFT_UINT8] = WEFT_AT(remainder_u8),
    [WEFT_UINT16] = WEFT_AT(remainder_u16), [WEFT_UINT32] = WEFT_AT(remainder_u32),
    [WEFT_UINT64] = WEFT_AT(remainder_u64)),
  WEFT_ROW("pow", WEFT_INTEGER(pow)),
  WEFT_ROW("gcd", WEFT_INTEGER(gcd)),
  WEFT_ROW("lcm", WEFT_INTEGER(lcm)),
  WEFT_BITS_ROW(bitwise_and),
  WEFT_BITS_ROW(bitwise_or),
  WEFT_BITS_ROW(bitwise_xor),
  WEFT_ROW("bitwise_invert", WEFT_BOOL_AS(invert), WEFT_INTEGER_SHARED(bitwise_invert)),
  WEFT_ROW("bitwise_count", WEFT_INTEGER(bitwise_count)),
  WEFT_ROW("bitwise_left_shift", WEFT_INTEGER(bitwise_left_shift)),
  WEFT_ROW("bitwise_right_shift", WEFT_INTEGER(bitwise_right_shift)),
  {0},
};
#undef WEFT_BITS_ROW
#endif
