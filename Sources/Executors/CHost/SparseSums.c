// Sums of runs of elements, added in float64.
//
// Runs of many elements are summed by lanes, in one order at every level of instructions.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "SparseSums.c"
#include "EachLevel.h"

#if defined(__x86_64__)
#define WEFT_SUM_LEVELS(ID) {ID##_portable, ID##_avx2, ID##_avx512}
#else
#define WEFT_SUM_LEVELS(ID) {ID##_portable}
#endif
weft_sum_runs_function *weft_sum_runs(int dtype, int indexBytes) {
  static weft_sum_runs_function *const all[4][3] = {
    WEFT_SUM_LEVELS(sum_f32_i32), WEFT_SUM_LEVELS(sum_f32_i64), WEFT_SUM_LEVELS(sum_f64_i32),
    WEFT_SUM_LEVELS(sum_f64_i64)};
  if (dtype != WEFT_FLOAT32 && dtype != WEFT_FLOAT64) return NULL;
  return all[2 * (dtype == WEFT_FLOAT64) + (indexBytes == 8)][weft_tile_level()];
}
#else

#define WEFT_SUM_RUNS(SUFFIX, REAL, INDEX) \
  static void WEFT_AT(sum_##SUFFIX)( \
    const void *ends, const void *values, void *sums, intptr_t first, intptr_t last) { \
    typedef REAL loose __attribute__((ext_vector_type(8), aligned(sizeof(REAL)), may_alias)); \
    typedef double lanes __attribute__((ext_vector_type(8))); \
    const INDEX *end = (const INDEX *)ends + 1; \
    const REAL *v = values; \
    REAL *y = sums; \
    intptr_t e = ((const INDEX *)ends)[first]; \
    for (intptr_t run = first; run < last; run++) { \
      const intptr_t stop = end[run]; \
      double a = 0, b = 0, c = 0, d = 0; \
      if (stop - e >= 32) { \
        lanes s = 0, t = 0, u = 0, w = 0; \
        for (; e + 32 <= stop; e += 32) { \
          s += __builtin_convertvector(*(const loose *)(v + e), lanes); \
          t += __builtin_convertvector(*(const loose *)(v + e + 8), lanes); \
          u += __builtin_convertvector(*(const loose *)(v + e + 16), lanes); \
          w += __builtin_convertvector(*(const loose *)(v + e + 24), lanes); \
        } \
        s = (s + u) + (t + w); \
        a = (s[0] + s[4]) + (s[2] + s[6]); \
        b = (s[1] + s[5]) + (s[3] + s[7]); \
      } \
      for (; e + 4 <= stop; e += 4) a += v[e], b += v[e + 1], c += v[e + 2], d += v[e + 3]; \
      for (; e < stop; e++) a += v[e]; \
      y[run] = (REAL)((a + c) + (b + d)); \
    } \
  }
WEFT_SUM_RUNS(f32_i32, float, int32_t)
WEFT_SUM_RUNS(f32_i64, float, int64_t)
WEFT_SUM_RUNS(f64_i32, double, int32_t)
WEFT_SUM_RUNS(f64_i64, double, int64_t)
#endif
