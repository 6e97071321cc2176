// Inner products of a few rows with a few rows, over a long index that lies together in both.
//
// Sixteen sums stay in registers while four rows of either side run by. BLAS copies both sides first, which
// takes as long as the product where there are few rows: half of its time for 8 rows with 9 to 48, two
// thirds for 32 with 32 (22,500 and 20,000 positions).
#include "TileLoops.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
  __attribute__((target("avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt," \
                        "avx512f,avx512bw,avx512cd,avx512dq,avx512vl"))), \
  apply_to = function)
#pragma STDC FP_CONTRACT ON
#define WEFT_REAL float
#define WEFT_THIN_NAME(ID) ID##_f32
#include "ThinProductsText.h"
#undef WEFT_REAL
#undef WEFT_THIN_NAME
#define WEFT_REAL double
#define WEFT_THIN_NAME(ID) ID##_f64
#include "ThinProductsText.h"
#undef WEFT_REAL
#undef WEFT_THIN_NAME
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute pop
#endif

weft_thin_product_function *weft_thin_product(int dtype) {
#if defined(__x86_64__)
  if (weft_tile_level() < 2) return NULL;
  if (dtype == WEFT_FLOAT32) return weft_thin_product_f32;
  if (dtype == WEFT_FLOAT64) return weft_thin_product_f64;
#endif
  return NULL;
}
