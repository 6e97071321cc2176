// Tiles that no loop over operands makes: one value, strided elements, counts.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Fill.c"
#include "HalfPrecision.h"
#include "EachLevel.h"

typedef struct { uint64_t word[2]; } weft_u128;

#define WEFT_BY_SIZE(DO) \
  case 1: DO(uint8_t) break; \
  case 2: DO(uint16_t) break; \
  case 4: DO(uint32_t) break; \
  case 8: DO(uint64_t) break; \
  case 16: DO(weft_u128) break;

void weft_tile_splat(void *out, const void *value, int itemSize, intptr_t n) {
#define WEFT_DO(T) { \
    T x, *o = out; \
    memcpy(&x, value, sizeof x); \
    for (intptr_t i = 0; i < n; i++) o[i] = x; \
  }
  switch (itemSize) {
    WEFT_BY_SIZE(WEFT_DO)
    default:
      for (intptr_t i = 0; i < n; i++) memcpy((char *)out + i * itemSize, value, (size_t)itemSize);
  }
#undef WEFT_DO
}

void weft_tile_gather_strided(
  void *out, const void *base, intptr_t strideBytes, int itemSize, intptr_t n) {
  const char *p = base;
  if (strideBytes == itemSize) {
    memcpy(out, base, (size_t)(n * itemSize));
    return;
  }
  // memcpy of a constant size is a load that need not be aligned.
#define WEFT_DO(T) { \
    T *o = out; \
    for (intptr_t i = 0; i < n; i++) memcpy(o + i, p + i * strideBytes, sizeof(T)); \
  }
  switch (itemSize) {
    WEFT_BY_SIZE(WEFT_DO)
    default:
      for (intptr_t i = 0; i < n; i++)
        memcpy((char *)out + i * itemSize, p + i * strideBytes, (size_t)itemSize);
  }
#undef WEFT_DO
}

void weft_tile_iota(void *out, int dtype, int64_t start, int64_t step, intptr_t n) {
  void (*const levels[])(void *, int, int64_t, int64_t, intptr_t) = {
    iota_portable,
#if defined(__x86_64__)
    iota_avx2, iota_avx512,
#endif
  };
  levels[weft_tile_level()](out, dtype, start, step, n);
}
#else

static void WEFT_AT(iota)(void *out, int dtype, int64_t start, int64_t step, intptr_t n) {
#define WEFT_DO(T, EXPRESSION) { \
    T *o = out; \
    WEFT_VECTOR for (intptr_t i = 0; i < n; i++) { \
      const uint64_t x = (uint64_t)start + (uint64_t)step * (uint64_t)i; \
      o[i] = EXPRESSION; \
    } \
    break; \
  }
  switch (dtype) {
    case WEFT_BOOL: WEFT_DO(uint8_t, x != 0)
    case WEFT_INT8: case WEFT_UINT8: WEFT_DO(uint8_t, (uint8_t)x)
    case WEFT_INT16: case WEFT_UINT16: WEFT_DO(uint16_t, (uint16_t)x)
    case WEFT_INT32: case WEFT_UINT32: WEFT_DO(uint32_t, (uint32_t)x)
    case WEFT_INT64: case WEFT_UINT64: WEFT_DO(uint64_t, x)
    case WEFT_FLOAT16: WEFT_DO(uint16_t, weft_half_of_float((float)(int64_t)x))
    case WEFT_BFLOAT16: WEFT_DO(uint16_t, weft_brain_of_float(weft_odd_float((double)(int64_t)x)))
    case WEFT_FLOAT32: WEFT_DO(float, (float)(int64_t)x)
    case WEFT_FLOAT64: WEFT_DO(double, (double)(int64_t)x)
    case WEFT_COMPLEX64: WEFT_DO(weft_c64, ((weft_c64){(float)(int64_t)x, 0}))
    case WEFT_COMPLEX128: WEFT_DO(weft_c128, ((weft_c128){(double)(int64_t)x, 0}))
    default: break;
  }
#undef WEFT_DO
}
#endif
