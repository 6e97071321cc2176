// Products of matrices without a copy of the left one.
//
// A tile of some rows and up to four vectors of columns stays in registers while it runs over the summed
// index, each element of the left matrix is read where it is and spread. BLAS copies it first, which
// costs as much as the product where there are few columns, and its tiles are no quicker where there
// are many. The summed index is taken in parts, so that the right matrix's stay in the second
// cache; parts are cut by shape alone.
//
// Only with 32 registers of 64 bytes is this quicker than BLAS.
#include "TileLoops.h"
#include <stdlib.h>

#if defined(__x86_64__)
#pragma clang attribute push( \
  __attribute__((target("avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt," \
                        "avx512f,avx512bw,avx512cd,avx512dq,avx512vl"))), \
  apply_to = function)
#pragma STDC FP_CONTRACT ON
#define WEFT_REAL float
#define WEFT_DIRECT_NAME(ID) ID##_f32
#include "DirectProductsText.h"
#undef WEFT_REAL
#undef WEFT_DIRECT_NAME
#define WEFT_REAL double
#define WEFT_DIRECT_NAME(ID) ID##_f64
#include "DirectProductsText.h"
#undef WEFT_REAL
#undef WEFT_DIRECT_NAME
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute pop

/// Whether OpenBLAS is slower, as measured: up to 64 columns from 64 bytes a row on; of float64 always
/// but where there are few rows to use a copy of a turned matrix.
static int isUseful(int dtype, intptr_t rows, intptr_t columns, intptr_t summed, int turned) {
  const int size = dtype == WEFT_FLOAT32 ? 4 : 8;
  if (rows < 16 || summed < 16 || columns * size < 64) return 0;
  return columns <= 64 || (size == 8 && summed >= 32 && rows >= (turned ? 48 : 24));
}
#endif

weft_direct_product_function *weft_direct_product(
  int dtype, intptr_t rows, intptr_t columns, intptr_t summed, int turned) {
#if defined(__x86_64__)
  if (weft_tile_level() < 2) return NULL;
  if (dtype != WEFT_FLOAT32 && dtype != WEFT_FLOAT64) return NULL;
  if (!isUseful(dtype, rows, columns, summed, turned)) return NULL;
  return dtype == WEFT_FLOAT32 ? weft_direct_product_f32 : weft_direct_product_f64;
#else
  return NULL;
#endif
}
