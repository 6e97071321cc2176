// Products of matrices with few columns, without a copy of the left one.
//
// A tile of some rows and up to four vectors of columns stays in registers while it runs over the summed
// index, each element of the left matrix is read where it is and spread. BLAS copies it first, which
// costs as much as the product does where there are few columns. The summed index is taken in parts,
// so that the right matrix's stay in the second cache; parts are cut by shape alone.
//
// Only with 32 registers of 64 bytes is this quicker than BLAS.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "NarrowProducts.c"
#include "EachLevel.h"

#if defined(__x86_64__)
extern weft_narrow_product_function weft_narrow_product_f32_avx512, weft_narrow_product_f64_avx512;
#endif

weft_narrow_product_function *weft_narrow_product(int dtype) {
#if defined(__x86_64__)
  if (weft_tile_level() < 2) return NULL;
  if (dtype == WEFT_FLOAT32) return weft_narrow_product_f32_avx512;
  if (dtype == WEFT_FLOAT64) return weft_narrow_product_f64_avx512;
#endif
  return NULL;
}
#else
#define WEFT_HAS_TILES_avx512 1
#if WEFT_PASTE(WEFT_HAS_TILES, WEFT_LEVEL)
#pragma STDC FP_CONTRACT ON
#define WEFT_REAL float
#define WEFT_NARROW_NAME(ID) WEFT_AT(ID##_f32)
#include "NarrowProductsText.h"
#undef WEFT_REAL
#undef WEFT_NARROW_NAME
#define WEFT_REAL double
#define WEFT_NARROW_NAME(ID) WEFT_AT(ID##_f64)
#include "NarrowProductsText.h"
#undef WEFT_REAL
#undef WEFT_NARROW_NAME
#pragma STDC FP_CONTRACT OFF
#endif
#endif
