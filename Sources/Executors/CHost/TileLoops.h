// The shapes of a tile's loop, and the tables that name the loops.
#pragma once
#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include <math.h>
#include "CHost.h"

// Without contraction every level of instructions gives the same bits.
#pragma STDC FP_CONTRACT OFF

typedef struct { float re, im; } weft_c64;
typedef struct { double re, im; } weft_c128;

typedef struct {
  const char *name;
  weft_tile_function by_dtype[WEFT_DTYPES];
} weft_tile_row;

typedef struct {
  const char *name;
  weft_reduce_function by_dtype[WEFT_DTYPES];
} weft_reduce_row;

#define WEFT_INLINE static inline __attribute__((always_inline, unused))
#define WEFT_PASTE2(A, B) A##_##B
#define WEFT_PASTE(A, B) WEFT_PASTE2(A, B)
/// The name of a function at the level that is being compiled.
#define WEFT_AT(ID) WEFT_PASTE(ID, WEFT_LEVEL)

// Operands are disjoint from the result or exactly it, so no iteration depends on an earlier one;
// the compiler's own overlap check would send the in-place case to a scalar loop.
#define WEFT_VECTOR _Pragma("clang loop vectorize(assume_safety)")

#define WEFT_TILE(ID) \
  static void WEFT_AT(ID)( \
    void *out, __attribute__((unused)) const void *a, __attribute__((unused)) const void *b, \
    __attribute__((unused)) const void *c, intptr_t n)

#define WEFT_UNARY(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i]; \
      (void)x; \
      o[i] = (O)(EXPRESSION); \
    } \
  }

#define WEFT_BINARY(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a, *q = b; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i], y = q[i]; \
      o[i] = (O)(EXPRESSION); \
    } \
  }

// All elements with one second operand.
#define WEFT_BINARY_ONE(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a, y = *(const T *)b; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i]; \
      o[i] = (O)(EXPRESSION); \
    } \
  }

// The same loops around calls that cannot become vectors.
#define WEFT_UNARY_CALLS(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a; \
    for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i]; \
      o[i] = EXPRESSION; \
    } \
  }

#define WEFT_BINARY_CALLS(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a, *q = b; \
    for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i], y = q[i]; \
      o[i] = EXPRESSION; \
    } \
  }

// Complex expressions give the result through a compound literal, so they have no cast.
#define WEFT_UNARY_COMPLEX(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i]; \
      o[i] = EXPRESSION; \
    } \
  }

#define WEFT_BINARY_COMPLEX(ID, O, T, EXPRESSION) \
  WEFT_TILE(ID) { \
    O *o = out; \
    const T *p = a, *q = b; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const T x = p[i], y = q[i]; \
      o[i] = EXPRESSION; \
    } \
  }

// One definition a dtype. Two's complement makes many functions the same for both signs.
#define WEFT_EACH_SIGNED(D, ...) \
  D(i8, int8_t, uint8_t, __VA_ARGS__) D(i16, int16_t, uint16_t, __VA_ARGS__) \
  D(i32, int32_t, uint32_t, __VA_ARGS__) D(i64, int64_t, uint64_t, __VA_ARGS__)
#define WEFT_EACH_UNSIGNED(D, ...) \
  D(u8, uint8_t, uint8_t, __VA_ARGS__) D(u16, uint16_t, uint16_t, __VA_ARGS__) \
  D(u32, uint32_t, uint32_t, __VA_ARGS__) D(u64, uint64_t, uint64_t, __VA_ARGS__)
#define WEFT_EACH_FLOAT(D, ...) \
  D(f32, float, uint32_t, __VA_ARGS__) D(f64, double, uint64_t, __VA_ARGS__)
#define WEFT_EACH_COMPLEX(D, ...) \
  D(c64, weft_c64, float, __VA_ARGS__) D(c128, weft_c128, double, __VA_ARGS__)

#define WEFT_DEFINE_UNARY(TAG, T, U, ID, EXPRESSION) WEFT_UNARY(ID##_##TAG, T, T, EXPRESSION)
#define WEFT_DEFINE_BINARY(TAG, T, U, ID, EXPRESSION) WEFT_BINARY(ID##_##TAG, T, T, EXPRESSION)
#define WEFT_DEFINE_BINARY_ONE(TAG, T, U, ID, EXPRESSION) \
  WEFT_BINARY_ONE(ID##_##TAG, T, T, EXPRESSION)
#define WEFT_DEFINE_TEST(TAG, T, U, ID, EXPRESSION) WEFT_UNARY(ID##_##TAG, uint8_t, T, EXPRESSION)
#define WEFT_DEFINE_COMPARE(TAG, T, U, ID, EXPRESSION) \
  WEFT_BINARY(ID##_##TAG, uint8_t, T, EXPRESSION)
#define WEFT_DEFINE_UNARY_COMPLEX(TAG, T, R, ID, EXPRESSION) \
  WEFT_UNARY_COMPLEX(ID##_##TAG, T, T, EXPRESSION)
#define WEFT_DEFINE_BINARY_COMPLEX(TAG, T, R, ID, EXPRESSION) \
  WEFT_BINARY_COMPLEX(ID##_##TAG, T, T, EXPRESSION)

// The entries of a row.
#define WEFT_BOOL_AS(ID) [WEFT_BOOL] = WEFT_AT(ID##_b1)
#define WEFT_BOOL_AS_BYTE(ID) [WEFT_BOOL] = WEFT_AT(ID##_u8)
#define WEFT_SIGNED(ID) \
  [WEFT_INT8] = WEFT_AT(ID##_i8), [WEFT_INT16] = WEFT_AT(ID##_i16), \
  [WEFT_INT32] = WEFT_AT(ID##_i32), [WEFT_INT64] = WEFT_AT(ID##_i64)
#define WEFT_SIGNED_AS_UNSIGNED(ID) \
  [WEFT_INT8] = WEFT_AT(ID##_u8), [WEFT_INT16] = WEFT_AT(ID##_u16), \
  [WEFT_INT32] = WEFT_AT(ID##_u32), [WEFT_INT64] = WEFT_AT(ID##_u64)
#define WEFT_UNSIGNED(ID) \
  [WEFT_UINT8] = WEFT_AT(ID##_u8), [WEFT_UINT16] = WEFT_AT(ID##_u16), \
  [WEFT_UINT32] = WEFT_AT(ID##_u32), [WEFT_UINT64] = WEFT_AT(ID##_u64)
#define WEFT_INTEGER(ID) WEFT_SIGNED(ID), WEFT_UNSIGNED(ID)
#define WEFT_INTEGER_SHARED(ID) WEFT_SIGNED_AS_UNSIGNED(ID), WEFT_UNSIGNED(ID)
#define WEFT_FLOAT(ID) [WEFT_FLOAT32] = WEFT_AT(ID##_f32), [WEFT_FLOAT64] = WEFT_AT(ID##_f64)
#define WEFT_COMPLEX(ID) \
  [WEFT_COMPLEX64] = WEFT_AT(ID##_c64), [WEFT_COMPLEX128] = WEFT_AT(ID##_c128)
#define WEFT_ROW(NAME, ...) {NAME, {__VA_ARGS__}}

/// Opens the table of a family at the level that is being compiled; a row without a name ends it.
#define WEFT_TABLE(FAMILY) const weft_tile_row WEFT_AT(weft_rows_##FAMILY)[] =
#define WEFT_REDUCE_TABLE(FAMILY) const weft_reduce_row WEFT_AT(weft_rows_##FAMILY)[] =
