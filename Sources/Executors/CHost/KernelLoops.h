// Loops over functions of the kernel library, whose text lies in KernelMath.
#pragma once
#include "TileLoops.h"

// The functions use fma. Where the processor has none, the C library's is called, and a loop of
// calls cannot become vectors.
#if defined(__x86_64__)
#define WEFT_FMA_LOOP_portable
#else
#define WEFT_FMA_LOOP_portable WEFT_VECTOR
#endif
#define WEFT_FMA_LOOP_avx2 WEFT_VECTOR
#define WEFT_FMA_LOOP_avx512 WEFT_VECTOR
#define WEFT_FMA_LOOP WEFT_PASTE(WEFT_FMA_LOOP, WEFT_LEVEL)

// Vectors go without the functions' rare branches; the elements that need one are computed again.
// Operands are copied first, because the result may lie over them.
#define WEFT_KERNEL_LOOP(T, COPIES, ARGUMENTS, F) \
  enum { block = 256 }; \
  T *o = out; \
  for (intptr_t start = 0; start < n; start += block) { \
    const intptr_t count = n - start < block ? n - start : block; \
    COPIES \
    uint8_t again[block]; \
    int rare = 0; \
    WEFT_FMA_LOOP for (intptr_t i = 0; i < count; i++) { \
      int r = 0; \
      o[start + i] = F(ARGUMENTS, &r); \
      again[i] = (uint8_t)r; \
      rare |= r; \
    } \
    if (!rare) continue; \
    for (intptr_t i = 0; i < count; i++) \
      if (again[i]) o[start + i] = F(ARGUMENTS, NULL); \
  }
#define WEFT_COPY(T, NAME, FROM) \
  T NAME[block]; \
  memcpy(NAME, (const T *)FROM + start, (size_t)count * sizeof *NAME);
#define WEFT_COMMA ,

#define WEFT_UNARY_KERNEL_OF(ID, T) \
  WEFT_TILE(ID) { WEFT_KERNEL_LOOP(T, WEFT_COPY(T, x, a), x[i], weft_kernel_##ID) }
#define WEFT_BINARY_KERNEL_OF(ID, T) \
  WEFT_TILE(ID) { \
    WEFT_KERNEL_LOOP( \
      T, WEFT_COPY(T, x, a) WEFT_COPY(T, y, b), x[i] WEFT_COMMA y[i], weft_kernel_##ID) \
  }
#define WEFT_UNARY_KERNEL(ID) \
  WEFT_UNARY_KERNEL_OF(ID##_f32, float) WEFT_UNARY_KERNEL_OF(ID##_f64, double)
#define WEFT_BINARY_KERNEL(ID) \
  WEFT_BINARY_KERNEL_OF(ID##_f32, float) WEFT_BINARY_KERNEL_OF(ID##_f64, double)
#define WEFT_KERNEL_ROW(ID) WEFT_ROW(#ID, WEFT_FLOAT(ID)),
