// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_cbrt_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 < 0x1.0p-126f;
  const float v3 = v1 * 0x1.0p24f; const float v4 = v2 ? v3 : v1;
  const uint32_t v5 = weft_kernel_uint32_of_float32(v4); const uint32_t v6 = v5 & 0x807fffffu;
  const uint32_t v7 = v6 | 0x3f000000u; const float v8 = weft_kernel_float32_of_uint32(v7);
  const uint32_t v9 = v5 >> 0x17u; const int32_t v10 = (int32_t)v9; const float v11 = (float)v10;
  const float v12 = v11 - 0x1.f8p6f;
  const float v13 = __builtin_fmaf(v12, 0x1.555556p-2f, 0x1.8p23f);
  const float v14 = v13 - 0x1.8p23f; const float v15 = __builtin_fmaf(v14, -0x1.8p1f, v12);
  const int v16 = v15 > 0.0f; const int v17 = v15 < 0.0f;
  const float v18 = v17 ? 0x1.0p-1f : 0x1.0p0f; const float v19 = v16 ? 0x1.0p1f : v18;
  const float v20 = v8 * v19; const float v21 = __builtin_fmaf(-0x1.01b19cp-1f, v8, 0x1.99f1ecp0f);
  const float v22 = __builtin_fmaf(v21, v8, -0x1.053d9ep1f);
  const float v23 = __builtin_fmaf(v22, v8, 0x1.f1518cp0f); const int v24 = v15 > 0.0f;
  const int v25 = v15 < 0.0f; const float v26 = v25 ? 0x1.428a3p0f : 0x1.0p0f;
  const float v27 = v24 ? 0x1.965feap-1f : v26; const float v28 = v23 * v27;
  const float v29 = v28 * v28; const float v30 = -v29; const float v31 = v28 * v20;
  const float v32 = __builtin_fmaf(v30, v31, 0x1.0p0f);
  const float v33 = __builtin_fmaf(v32, 0x1.c71c72p-3f, 0x1.555556p-2f);
  const float v34 = v28 * v32; const float v35 = __builtin_fmaf(v34, v33, v28);
  const float v36 = v35 * v35; const float v37 = v36 * v20; const float v38 = v37 * v37;
  const float v39 = -v20; const float v40 = __builtin_fmaf(v38, v37, v39); const float v41 = -v38;
  const float v42 = __builtin_fmaf(v37, v37, v41); const float v43 = v42 * v37;
  const float v44 = v40 + v43; const float v45 = v36 * -0x1.555556p-2f;
  const float v46 = __builtin_fmaf(v44, v45, v37); const float v47 = v2 ? -0x1.0p3f : 0.0f;
  const float v48 = v13 + v47; const int32_t v49 = weft_kernel_int32_of_float32(v46);
  const int32_t v50 = weft_kernel_int32_of_float32(v48);
  const int32_t v51 = (int32_t)((uint32_t)v50 << (uint32_t)23);
  const int32_t v52 = (int32_t)((uint32_t)v49 + (uint32_t)v51);
  const float v53 = weft_kernel_float32_of_int32(v52);
  const float v54 = __builtin_copysignf(v53, v0); const int v55 = v1 > 0.0f;
  const int v56 = v1 < INFINITY; const int v57 = v55 & v56; const float v58 = v57 ? v54 : v0;
  return v58;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_cbrt_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 < 0x1.0p-1022;
  const double v3 = v1 * 0x1.0p54; const double v4 = v2 ? v3 : v1;
  const uint64_t v5 = weft_kernel_uint64_of_float64(v4);
  const uint64_t v6 = v5 & UINT64_C(0x800fffffffffffff);
  const uint64_t v7 = v6 | UINT64_C(0x3fe0000000000000);
  const double v8 = weft_kernel_float64_of_uint64(v7); const uint64_t v9 = v5 >> UINT64_C(0x34);
  const uint64_t v10 = v9 | UINT64_C(0x4330000000000000);
  const double v11 = weft_kernel_float64_of_uint64(v10);
  const double v12 = v11 - 0x1.00000000003fep52;
  const double v13 = __builtin_fma(v12, 0x1.5555555555555p-2, 0x1.8p52);
  const double v14 = v13 - 0x1.8p52; const double v15 = __builtin_fma(v14, -0x1.8p1, v12);
  const int v16 = v15 > 0.0; const int v17 = v15 < 0.0; const double v18 = v17 ? 0x1.0p-1 : 0x1.0p0;
  const double v19 = v16 ? 0x1.0p1 : v18; const double v20 = v8 * v19;
  const double v21 = __builtin_fma(0x1.271c5e8c4a9e5p-1, v8, -0x1.1d71865c5e16ap1);
  const double v22 = __builtin_fma(v21, v8, 0x1.c0a7885f52fd6p1);
  const double v23 = __builtin_fma(v22, v8, -0x1.7a4e89b5eb5d2p1);
  const double v24 = __builtin_fma(v23, v8, 0x1.0d52abebccca3p1); const int v25 = v15 > 0.0;
  const int v26 = v15 < 0.0; const double v27 = v26 ? 0x1.428a2f98d728bp0 : 0x1.0p0;
  const double v28 = v25 ? 0x1.965fea53d6e3dp-1 : v27; const double v29 = v24 * v28;
  const double v30 = v29 * v29; const double v31 = -v30; const double v32 = v29 * v20;
  const double v33 = __builtin_fma(v31, v32, 0x1.0p0);
  const double v34 = __builtin_fma(v33, 0x1.c71c71c71c71cp-3, 0x1.5555555555555p-2);
  const double v35 = v29 * v33; const double v36 = __builtin_fma(v35, v34, v29);
  const double v37 = v36 * v36; const double v38 = v37 * v20; const double v39 = v38 * v38;
  const double v40 = -v20; const double v41 = __builtin_fma(v39, v38, v40); const double v42 = -v39;
  const double v43 = __builtin_fma(v38, v38, v42); const double v44 = v43 * v38;
  const double v45 = v41 + v44; const double v46 = v37 * -0x1.5555555555555p-2;
  const double v47 = __builtin_fma(v45, v46, v38); const double v48 = v2 ? -0x1.2p4 : 0.0;
  const double v49 = v13 + v48; const int64_t v50 = weft_kernel_int64_of_float64(v47);
  const int64_t v51 = weft_kernel_int64_of_float64(v49);
  const int64_t v52 = (int64_t)((uint64_t)v51 << (uint64_t)INT64_C(52));
  const int64_t v53 = (int64_t)((uint64_t)v50 + (uint64_t)v52);
  const double v54 = weft_kernel_float64_of_int64(v53);
  const double v55 = __builtin_copysign(v54, v0); const int v56 = v1 > 0.0;
  const int v57 = v1 < (double)INFINITY; const int v58 = v56 & v57;
  const double v59 = v58 ? v55 : v0;
  return v59;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_hypot_f32(
  float v0, float v1, __attribute__((unused)) int *rare) {
  const float v2 = __builtin_fabsf(v0); const float v3 = __builtin_fabsf(v1);
  const int v4 = v3 > v2; const float v5 = v4 ? v3 : v2; const float v6 = v4 ? v2 : v3;
  float v7 = v5; float v8 = v6; float v9 = 0x1.0p0f; const int v10 = v5 > 0x1.0p-40f;
  const int v11 = v5 < 0x1.0p60f; const int v12 = v10 & v11; const int v13 = v12 ^ 1;
  if (rare) *rare |= v13;
  else if (v13) {
    const int v14 = v5 > 0x1.0p0f; const float v15 = v14 ? 0x1.0p-80f : 0x1.0p80f;
    const int v16 = v2 == INFINITY; const int v17 = v3 == INFINITY; const int v18 = v16 | v17;
    const float v19 = v5 * v15; const float v20 = v18 ? INFINITY : v19; v7 = v20;
    const float v21 = v6 * v15; const float v22 = v18 ? 0.0f : v21; v8 = v22;
    const float v23 = v14 ? 0x1.0p80f : 0x1.0p-80f; v9 = v23;
  }
  const float v24 = v8 * v8; const float v25 = __builtin_fmaf(v7, v7, v24);
  const float v26 = __builtin_elementwise_sqrt(v25); const float v27 = v26 * v9;
  return v27;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_hypot_f64(
  double v0, double v1, __attribute__((unused)) int *rare) {
  const double v2 = __builtin_fabs(v0); const double v3 = __builtin_fabs(v1);
  const int v4 = v3 > v2; const double v5 = v4 ? v3 : v2; const double v6 = v4 ? v2 : v3;
  double v7 = v5; double v8 = v6; double v9 = 0x1.0p0; const int v10 = v5 > 0x1.0p-400;
  const int v11 = v5 < 0x1.0p500; const int v12 = v10 & v11; const int v13 = v12 ^ 1;
  if (rare) *rare |= v13;
  else if (v13) {
    const int v14 = v5 > 0x1.0p0; const double v15 = v14 ? 0x1.0p-600 : 0x1.0p600;
    const int v16 = v2 == (double)INFINITY; const int v17 = v3 == (double)INFINITY;
    const int v18 = v16 | v17; const double v19 = v5 * v15;
    const double v20 = v18 ? (double)INFINITY : v19; v7 = v20; const double v21 = v6 * v15;
    const double v22 = v18 ? 0.0 : v21; v8 = v22; const double v23 = v14 ? 0x1.0p600 : 0x1.0p-600;
    v9 = v23;
  }
  const double v24 = v8 * v8; const double v25 = __builtin_fma(v7, v7, v24);
  const double v26 = __builtin_elementwise_sqrt(v25); const double v27 = v26 * v9;
  return v27;
}

#define WEFT_KERNELS_Roots(UNARY, BINARY) \
  UNARY(cbrt) BINARY(hypot)
