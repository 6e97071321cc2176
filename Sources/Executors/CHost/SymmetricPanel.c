// Panels of the factorisation of symmetric matrices that are not definite.
//
// Source: Bunch & Kaufman 1977, Math. Comp. 31, 163; the panel as in LAPACK's lasyf, whose columns are
// rows here. Rows of L are swapped at once, so that L is a triangle within the panel.
#ifndef WEFT_LEVEL
#include <float.h>
#include <string.h>
#define WEFT_FAMILY "SymmetricPanel.c"
#include "EachLevel.h"

#define WEFT_PANEL_DECLARE(LEVEL) \
  extern weft_symmetric_panel_function weft_symmetric_panel_f32_##LEVEL; \
  extern weft_symmetric_panel_function weft_symmetric_panel_f64_##LEVEL;
WEFT_PANEL_DECLARE(portable)
#if defined(__x86_64__)
WEFT_PANEL_DECLARE(avx2)
WEFT_PANEL_DECLARE(avx512)
#endif

weft_symmetric_panel_function *weft_symmetric_panel(int dtype) {
  const int isDouble = dtype == WEFT_FLOAT64;
  if (!isDouble && dtype != WEFT_FLOAT32) return NULL;
#if defined(__x86_64__)
  switch (weft_tile_level()) {
  case 2: return isDouble ? weft_symmetric_panel_f64_avx512 : weft_symmetric_panel_f32_avx512;
  case 1: return isDouble ? weft_symmetric_panel_f64_avx2 : weft_symmetric_panel_f32_avx2;
  default: break;
  }
#endif
  return isDouble ? weft_symmetric_panel_f64_portable : weft_symmetric_panel_f32_portable;
}
#else

#pragma STDC FP_CONTRACT ON
#define WEFT_REAL float
#define WEFT_LEAST_RECIPROCAL FLT_MIN
#define WEFT_PANEL_NAME(ID) WEFT_AT(ID##_f32)
#include "SymmetricPanelText.h"
#undef WEFT_REAL
#undef WEFT_LEAST_RECIPROCAL
#undef WEFT_PANEL_NAME
#define WEFT_REAL double
#define WEFT_LEAST_RECIPROCAL DBL_MIN
#define WEFT_PANEL_NAME(ID) WEFT_AT(ID##_f64)
#include "SymmetricPanelText.h"
#undef WEFT_REAL
#undef WEFT_LEAST_RECIPROCAL
#undef WEFT_PANEL_NAME
#pragma STDC FP_CONTRACT OFF
#endif
