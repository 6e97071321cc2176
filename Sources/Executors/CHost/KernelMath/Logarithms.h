// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_log_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 >= 0x1.0p-126f; const int v2 = v0 < INFINITY; const int v3 = v1 & v2;
  float v4 = v0; float v5 = 0.0f; float v6 = 0.0f; const int v7 = v3 ^ 1;
  if (rare) *rare |= v7;
  else if (v7) {
    const int v8 = v0 > 0.0f; const int v9 = v0 < INFINITY; const int v10 = v8 & v9;
    const float v11 = v0 * 0x1.0p23f; const float v12 = v10 ? v11 : 0x1.0p0f; v4 = v12;
    const float v13 = v10 ? -0x1.7p4f : 0.0f; v5 = v13; const int v14 = v0 < 0.0f;
    const float v15 = v14 ? NAN : v0; const int v16 = v0 == 0.0f;
    const float v17 = v16 ? -INFINITY : v15; const float v18 = v10 ? 0.0f : v17; v6 = v18;
  }
  const int32_t v19 = weft_kernel_int32_of_float32(v4);
  const int32_t v20 = (int32_t)((uint32_t)v19 - (uint32_t)1060439283);
  const int32_t v21 = v20 >> 23; const int32_t v22 = (int32_t)((uint32_t)v21 << (uint32_t)23);
  const int32_t v23 = (int32_t)((uint32_t)v19 - (uint32_t)v22);
  const float v24 = weft_kernel_float32_of_int32(v23); const float v25 = v24 - 0x1.0p0f;
  const float v26 = (float)v21; const float v27 = v26 + v5;
  const float v28 = __builtin_fmaf(-0x1.37a74ep-4f, v25, 0x1.0830dp-3f);
  const float v29 = __builtin_fmaf(v28, v25, -0x1.0f4642p-3f);
  const float v30 = __builtin_fmaf(v29, v25, 0x1.2274f6p-3f);
  const float v31 = __builtin_fmaf(v30, v25, -0x1.5425f4p-3f);
  const float v32 = __builtin_fmaf(v31, v25, 0x1.99a3dap-3f);
  const float v33 = __builtin_fmaf(v32, v25, -0x1.00043p-2f);
  const float v34 = __builtin_fmaf(v33, v25, 0x1.55555p-2f);
  const float v35 = __builtin_fmaf(v34, v25, -0x1.fffff8p-2f); const float v36 = v25 * v25;
  const float v37 = __builtin_fmaf(v35, v36, v25);
  const float v38 = __builtin_fmaf(v27, 0x1.efa39ep-25f, v37);
  const float v39 = __builtin_fmaf(v27, 0x1.62e42ep-1f, v38); const float v40 = v39 + v6;
  return v40;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_log_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 >= 0x1.0p-1022; const int v2 = v0 < (double)INFINITY; const int v3 = v1 & v2;
  double v4 = v0; double v5 = 0.0; double v6 = 0.0; const int v7 = v3 ^ 1;
  if (rare) *rare |= v7;
  else if (v7) {
    const int v8 = v0 > 0.0; const int v9 = v0 < (double)INFINITY; const int v10 = v8 & v9;
    const double v11 = v0 * 0x1.0p54; const double v12 = v10 ? v11 : 0x1.0p0; v4 = v12;
    const double v13 = v10 ? -0x1.bp5 : 0.0; v5 = v13; const int v14 = v0 < 0.0;
    const double v15 = v14 ? (double)NAN : v0; const int v16 = v0 == 0.0;
    const double v17 = v16 ? -(double)INFINITY : v15; const double v18 = v10 ? 0.0 : v17; v6 = v18;
  }
  const uint64_t v19 = weft_kernel_uint64_of_float64(v4);
  const uint64_t v20 = v19 + UINT64_C(0x195f619980c433); const uint64_t v21 = v20 >> UINT64_C(0x34);
  const uint64_t v22 = v21 << UINT64_C(0x34); const uint64_t v23 = v19 - v22;
  const uint64_t v24 = v23 + UINT64_C(0x4000000000000000);
  const double v25 = weft_kernel_float64_of_uint64(v24); const double v26 = v25 - 0x1.0p0;
  const uint64_t v27 = v21 | UINT64_C(0x4330000000000000);
  const double v28 = weft_kernel_float64_of_uint64(v27);
  const double v29 = v28 - 0x1.00000000004p52; const double v30 = v29 + v5;
  const double v31 = v30 * 0x1.62e42fefa38p-1; const double v32 = v31 + v26;
  const double v33 = v31 - v32; const double v34 = v33 + v26;
  const double v35 = __builtin_fma(v30, 0x1.ef35793c7673p-45, v34);
  const double v36 = v26 + 0x1.0p1; const double v37 = v26 / v36; const double v38 = v37 * v37;
  const double v39 = __builtin_fma(0x1.2ef8915d82918p-3, v38, 0x1.39a334b1f0d46p-3);
  const double v40 = __builtin_fma(v39, v38, 0x1.74662dc3f942cp-3);
  const double v41 = __builtin_fma(v40, v38, 0x1.c71c526c881bp-3);
  const double v42 = __builtin_fma(v41, v38, 0x1.249249415cef5p-2);
  const double v43 = __builtin_fma(v42, v38, 0x1.9999999980afp-2);
  const double v44 = __builtin_fma(v43, v38, 0x1.555555555558fp-1);
  const double v45 = v26 * 0x1.0p-1; const double v46 = v45 * v26;
  const double v47 = __builtin_fma(v38, v44, v46); const double v48 = __builtin_fma(v37, v47, v35);
  const double v49 = v48 - v46; const double v50 = v32 + v49; const double v51 = v50 + v6;
  return v51;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_log10_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 >= 0x1.0p-126f; const int v2 = v0 < INFINITY; const int v3 = v1 & v2;
  float v4 = v0; float v5 = 0.0f; float v6 = 0.0f; const int v7 = v3 ^ 1;
  if (rare) *rare |= v7;
  else if (v7) {
    const int v8 = v0 > 0.0f; const int v9 = v0 < INFINITY; const int v10 = v8 & v9;
    const float v11 = v0 * 0x1.0p23f; const float v12 = v10 ? v11 : 0x1.0p0f; v4 = v12;
    const float v13 = v10 ? -0x1.7p4f : 0.0f; v5 = v13; const int v14 = v0 < 0.0f;
    const float v15 = v14 ? NAN : v0; const int v16 = v0 == 0.0f;
    const float v17 = v16 ? -INFINITY : v15; const float v18 = v10 ? 0.0f : v17; v6 = v18;
  }
  const int32_t v19 = weft_kernel_int32_of_float32(v4);
  const int32_t v20 = (int32_t)((uint32_t)v19 - (uint32_t)1060439283);
  const int32_t v21 = v20 >> 23; const int32_t v22 = (int32_t)((uint32_t)v21 << (uint32_t)23);
  const int32_t v23 = (int32_t)((uint32_t)v19 - (uint32_t)v22);
  const float v24 = weft_kernel_float32_of_int32(v23); const float v25 = v24 - 0x1.0p0f;
  const float v26 = (float)v21; const float v27 = v26 + v5; const float v28 = v25 * 0x1.bcb7b2p-2f;
  const float v29 = -v28; const float v30 = __builtin_fmaf(v25, 0x1.bcb7b2p-2f, v29);
  const float v31 = v27 * 0x1.344p-2f; const float v32 = v31 + v28;
  const float v33 = __builtin_fmaf(-0x1.37a74ep-4f, v25, 0x1.0830dp-3f);
  const float v34 = __builtin_fmaf(v33, v25, -0x1.0f4642p-3f);
  const float v35 = __builtin_fmaf(v34, v25, 0x1.2274f6p-3f);
  const float v36 = __builtin_fmaf(v35, v25, -0x1.5425f4p-3f);
  const float v37 = __builtin_fmaf(v36, v25, 0x1.99a3dap-3f);
  const float v38 = __builtin_fmaf(v37, v25, -0x1.00043p-2f);
  const float v39 = __builtin_fmaf(v38, v25, 0x1.55555p-2f);
  const float v40 = __builtin_fmaf(v39, v25, -0x1.fffff8p-2f); const float v41 = v25 * v25;
  const float v42 = __builtin_fmaf(v40, v41, 0.0f);
  const float v43 = __builtin_fmaf(v25, -0x1.5b235ep-27f, v30);
  const float v44 = __builtin_fmaf(v42, 0x1.bcb7b2p-2f, v43);
  const float v45 = __builtin_fmaf(v27, 0x1.3509f8p-18f, v44); const float v46 = v31 - v32;
  const float v47 = v46 + v28; const float v48 = v45 + v47; const float v49 = v32 + v48;
  const float v50 = v49 + v6;
  return v50;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_log10_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 >= 0x1.0p-1022; const int v2 = v0 < (double)INFINITY; const int v3 = v1 & v2;
  double v4 = v0; double v5 = 0.0; double v6 = 0.0; const int v7 = v3 ^ 1;
  if (rare) *rare |= v7;
  else if (v7) {
    const int v8 = v0 > 0.0; const int v9 = v0 < (double)INFINITY; const int v10 = v8 & v9;
    const double v11 = v0 * 0x1.0p54; const double v12 = v10 ? v11 : 0x1.0p0; v4 = v12;
    const double v13 = v10 ? -0x1.bp5 : 0.0; v5 = v13; const int v14 = v0 < 0.0;
    const double v15 = v14 ? (double)NAN : v0; const int v16 = v0 == 0.0;
    const double v17 = v16 ? -(double)INFINITY : v15; const double v18 = v10 ? 0.0 : v17; v6 = v18;
  }
  const uint64_t v19 = weft_kernel_uint64_of_float64(v4);
  const uint64_t v20 = v19 + UINT64_C(0x195f619980c433); const uint64_t v21 = v20 >> UINT64_C(0x34);
  const uint64_t v22 = v21 << UINT64_C(0x34); const uint64_t v23 = v19 - v22;
  const uint64_t v24 = v23 + UINT64_C(0x4000000000000000);
  const double v25 = weft_kernel_float64_of_uint64(v24); const double v26 = v25 - 0x1.0p0;
  const uint64_t v27 = v21 | UINT64_C(0x4330000000000000);
  const double v28 = weft_kernel_float64_of_uint64(v27);
  const double v29 = v28 - 0x1.00000000004p52; const double v30 = v29 + v5;
  const double v31 = v26 * 0x1.bcb7b1526e50ep-2; const double v32 = -v31;
  const double v33 = __builtin_fma(v26, 0x1.bcb7b1526e50ep-2, v32);
  const double v34 = v30 * 0x1.34413509f7p-2; const double v35 = v34 + v31;
  const double v36 = v26 + 0x1.0p1; const double v37 = v26 / v36; const double v38 = v37 * v37;
  const double v39 = __builtin_fma(0x1.2ef8915d82918p-3, v38, 0x1.39a334b1f0d46p-3);
  const double v40 = __builtin_fma(v39, v38, 0x1.74662dc3f942cp-3);
  const double v41 = __builtin_fma(v40, v38, 0x1.c71c526c881bp-3);
  const double v42 = __builtin_fma(v41, v38, 0x1.249249415cef5p-2);
  const double v43 = __builtin_fma(v42, v38, 0x1.9999999980afp-2);
  const double v44 = __builtin_fma(v43, v38, 0x1.555555555558fp-1);
  const double v45 = v26 * 0x1.0p-1; const double v46 = v45 * v26;
  const double v47 = __builtin_fma(v38, v44, v46); const double v48 = __builtin_fma(v37, v47, 0.0);
  const double v49 = v48 - v46; const double v50 = __builtin_fma(v26, 0x1.95355baaafad3p-57, v33);
  const double v51 = __builtin_fma(v49, 0x1.bcb7b1526e50ep-2, v50);
  const double v52 = __builtin_fma(v30, 0x1.3fde623e2566bp-43, v51); const double v53 = v34 - v35;
  const double v54 = v53 + v31; const double v55 = v52 + v54; const double v56 = v35 + v55;
  const double v57 = v56 + v6;
  return v57;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_log1p_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 == 0.0f; const int v2 = v0 > -0x1.0p0f; const int v3 = v0 < 0x1.0p100f;
  const int v4 = v2 & v3; float v5 = v0; float v6 = 0.0f; float v7 = 0.0f; const int v8 = v4 ^ 1;
  if (rare) *rare |= v8;
  else if (v8) {
    const int v9 = v0 > 0.0f; const int v10 = v0 < INFINITY; const int v11 = v9 & v10;
    const float v12 = v0 * 0x1.0p-64f; const float v13 = v11 ? v12 : 0.0f; v5 = v13;
    const float v14 = v11 ? 0x1.0p6f : 0.0f; v6 = v14; const int v15 = v0 < -0x1.0p0f;
    const float v16 = v15 ? NAN : v0; const int v17 = v0 == -0x1.0p0f;
    const float v18 = v17 ? -INFINITY : v16; const float v19 = v11 ? 0.0f : v18; v7 = v19;
  }
  const float v20 = v5 + 0x1.0p0f; const int32_t v21 = weft_kernel_int32_of_float32(v20);
  const int32_t v22 = (int32_t)((uint32_t)v21 - (uint32_t)1060439283);
  const int32_t v23 = v22 >> 23; const int32_t v24 = (int32_t)((uint32_t)v23 << (uint32_t)23);
  const int32_t v25 = (int32_t)((uint32_t)1065353216 - (uint32_t)v24);
  const float v26 = weft_kernel_float32_of_int32(v25); const float v27 = v26 - 0x1.0p0f;
  const float v28 = __builtin_fmaf(v5, v26, v27); const float v29 = v26 - 0x1.0p0f;
  const float v30 = v29 - v28; const float v31 = __builtin_fmaf(v5, v26, v30);
  const float v32 = (float)v23; const float v33 = v32 + v6;
  const float v34 = __builtin_fmaf(-0x1.37a74ep-4f, v28, 0x1.0830dp-3f);
  const float v35 = __builtin_fmaf(v34, v28, -0x1.0f4642p-3f);
  const float v36 = __builtin_fmaf(v35, v28, 0x1.2274f6p-3f);
  const float v37 = __builtin_fmaf(v36, v28, -0x1.5425f4p-3f);
  const float v38 = __builtin_fmaf(v37, v28, 0x1.99a3dap-3f);
  const float v39 = __builtin_fmaf(v38, v28, -0x1.00043p-2f);
  const float v40 = __builtin_fmaf(v39, v28, 0x1.55555p-2f);
  const float v41 = __builtin_fmaf(v40, v28, -0x1.fffff8p-2f); const float v42 = v28 * v28;
  const float v43 = __builtin_fmaf(v41, v42, v31); const float v44 = v43 + v28;
  const float v45 = __builtin_fmaf(v33, 0x1.efa39ep-25f, v44);
  const float v46 = __builtin_fmaf(v33, 0x1.62e42ep-1f, v45); const float v47 = v46 + v7;
  const float v48 = v1 ? v0 : v47;
  return v48;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_log1p_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 == 0.0; const int v2 = v0 > -0x1.0p0; const int v3 = v0 < 0x1.0p1000;
  const int v4 = v2 & v3; double v5 = v0; double v6 = 0.0; double v7 = 0.0; const int v8 = v4 ^ 1;
  if (rare) *rare |= v8;
  else if (v8) {
    const int v9 = v0 > 0.0; const int v10 = v0 < (double)INFINITY; const int v11 = v9 & v10;
    const double v12 = v0 * 0x1.0p-100; const double v13 = v11 ? v12 : 0.0; v5 = v13;
    const double v14 = v11 ? 0x1.9p6 : 0.0; v6 = v14; const int v15 = v0 < -0x1.0p0;
    const double v16 = v15 ? (double)NAN : v0; const int v17 = v0 == -0x1.0p0;
    const double v18 = v17 ? -(double)INFINITY : v16; const double v19 = v11 ? 0.0 : v18; v7 = v19;
  }
  const double v20 = v5 + 0x1.0p0; const uint64_t v21 = weft_kernel_uint64_of_float64(v20);
  const uint64_t v22 = v21 + UINT64_C(0x195f619980c433); const uint64_t v23 = v22 >> UINT64_C(0x34);
  const uint64_t v24 = v23 << UINT64_C(0x34);
  const uint64_t v25 = UINT64_C(0x7ff0000000000000) - v24;
  const double v26 = weft_kernel_float64_of_uint64(v25); const double v27 = v26 - 0x1.0p0;
  const double v28 = __builtin_fma(v5, v26, v27); const double v29 = v26 - 0x1.0p0;
  const double v30 = v29 - v28; const double v31 = __builtin_fma(v5, v26, v30);
  const uint64_t v32 = v23 | UINT64_C(0x4330000000000000);
  const double v33 = weft_kernel_float64_of_uint64(v32);
  const double v34 = v33 - 0x1.00000000004p52; const double v35 = v34 + v6;
  const double v36 = v35 * 0x1.62e42fefa38p-1; const double v37 = v36 + v28;
  const double v38 = v36 - v37; const double v39 = v38 + v28;
  const double v40 = __builtin_fma(v35, 0x1.ef35793c7673p-45, v39);
  const double v41 = v28 + 0x1.0p1; const double v42 = v28 / v41; const double v43 = v42 * v42;
  const double v44 = __builtin_fma(0x1.2ef8915d82918p-3, v43, 0x1.39a334b1f0d46p-3);
  const double v45 = __builtin_fma(v44, v43, 0x1.74662dc3f942cp-3);
  const double v46 = __builtin_fma(v45, v43, 0x1.c71c526c881bp-3);
  const double v47 = __builtin_fma(v46, v43, 0x1.249249415cef5p-2);
  const double v48 = __builtin_fma(v47, v43, 0x1.9999999980afp-2);
  const double v49 = __builtin_fma(v48, v43, 0x1.555555555558fp-1);
  const double v50 = v28 * 0x1.0p-1; const double v51 = v50 * v28;
  const double v52 = __builtin_fma(v43, v49, v51); const double v53 = __builtin_fma(v42, v52, v40);
  const double v54 = v53 - v51; const double v55 = v54 + v31; const double v56 = v37 + v55;
  const double v57 = v56 + v7; const double v58 = v1 ? v0 : v57;
  return v58;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_log2_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 >= 0x1.0p-126f; const int v2 = v0 < INFINITY; const int v3 = v1 & v2;
  float v4 = v0; float v5 = 0.0f; float v6 = 0.0f; const int v7 = v3 ^ 1;
  if (rare) *rare |= v7;
  else if (v7) {
    const int v8 = v0 > 0.0f; const int v9 = v0 < INFINITY; const int v10 = v8 & v9;
    const float v11 = v0 * 0x1.0p23f; const float v12 = v10 ? v11 : 0x1.0p0f; v4 = v12;
    const float v13 = v10 ? -0x1.7p4f : 0.0f; v5 = v13; const int v14 = v0 < 0.0f;
    const float v15 = v14 ? NAN : v0; const int v16 = v0 == 0.0f;
    const float v17 = v16 ? -INFINITY : v15; const float v18 = v10 ? 0.0f : v17; v6 = v18;
  }
  const int32_t v19 = weft_kernel_int32_of_float32(v4);
  const int32_t v20 = (int32_t)((uint32_t)v19 - (uint32_t)1060439283);
  const int32_t v21 = v20 >> 23; const int32_t v22 = (int32_t)((uint32_t)v21 << (uint32_t)23);
  const int32_t v23 = (int32_t)((uint32_t)v19 - (uint32_t)v22);
  const float v24 = weft_kernel_float32_of_int32(v23); const float v25 = v24 - 0x1.0p0f;
  const float v26 = (float)v21; const float v27 = v26 + v5; const float v28 = v25 * 0x1.715476p0f;
  const float v29 = -v28; const float v30 = __builtin_fmaf(v25, 0x1.715476p0f, v29);
  const float v31 = v27 * 0x1.0p0f; const float v32 = v31 + v28;
  const float v33 = __builtin_fmaf(-0x1.37a74ep-4f, v25, 0x1.0830dp-3f);
  const float v34 = __builtin_fmaf(v33, v25, -0x1.0f4642p-3f);
  const float v35 = __builtin_fmaf(v34, v25, 0x1.2274f6p-3f);
  const float v36 = __builtin_fmaf(v35, v25, -0x1.5425f4p-3f);
  const float v37 = __builtin_fmaf(v36, v25, 0x1.99a3dap-3f);
  const float v38 = __builtin_fmaf(v37, v25, -0x1.00043p-2f);
  const float v39 = __builtin_fmaf(v38, v25, 0x1.55555p-2f);
  const float v40 = __builtin_fmaf(v39, v25, -0x1.fffff8p-2f); const float v41 = v25 * v25;
  const float v42 = __builtin_fmaf(v40, v41, 0.0f);
  const float v43 = __builtin_fmaf(v25, 0x1.4ae0cp-26f, v30);
  const float v44 = __builtin_fmaf(v42, 0x1.715476p0f, v43); const float v45 = v31 - v32;
  const float v46 = v45 + v28; const float v47 = v44 + v46; const float v48 = v32 + v47;
  const float v49 = v48 + v6;
  return v49;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_log2_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 >= 0x1.0p-1022; const int v2 = v0 < (double)INFINITY; const int v3 = v1 & v2;
  double v4 = v0; double v5 = 0.0; double v6 = 0.0; const int v7 = v3 ^ 1;
  if (rare) *rare |= v7;
  else if (v7) {
    const int v8 = v0 > 0.0; const int v9 = v0 < (double)INFINITY; const int v10 = v8 & v9;
    const double v11 = v0 * 0x1.0p54; const double v12 = v10 ? v11 : 0x1.0p0; v4 = v12;
    const double v13 = v10 ? -0x1.bp5 : 0.0; v5 = v13; const int v14 = v0 < 0.0;
    const double v15 = v14 ? (double)NAN : v0; const int v16 = v0 == 0.0;
    const double v17 = v16 ? -(double)INFINITY : v15; const double v18 = v10 ? 0.0 : v17; v6 = v18;
  }
  const uint64_t v19 = weft_kernel_uint64_of_float64(v4);
  const uint64_t v20 = v19 + UINT64_C(0x195f619980c433); const uint64_t v21 = v20 >> UINT64_C(0x34);
  const uint64_t v22 = v21 << UINT64_C(0x34); const uint64_t v23 = v19 - v22;
  const uint64_t v24 = v23 + UINT64_C(0x4000000000000000);
  const double v25 = weft_kernel_float64_of_uint64(v24); const double v26 = v25 - 0x1.0p0;
  const uint64_t v27 = v21 | UINT64_C(0x4330000000000000);
  const double v28 = weft_kernel_float64_of_uint64(v27);
  const double v29 = v28 - 0x1.00000000004p52; const double v30 = v29 + v5;
  const double v31 = v26 * 0x1.71547652b82fep0; const double v32 = -v31;
  const double v33 = __builtin_fma(v26, 0x1.71547652b82fep0, v32); const double v34 = v30 * 0x1.0p0;
  const double v35 = v34 + v31; const double v36 = v26 + 0x1.0p1; const double v37 = v26 / v36;
  const double v38 = v37 * v37;
  const double v39 = __builtin_fma(0x1.2ef8915d82918p-3, v38, 0x1.39a334b1f0d46p-3);
  const double v40 = __builtin_fma(v39, v38, 0x1.74662dc3f942cp-3);
  const double v41 = __builtin_fma(v40, v38, 0x1.c71c526c881bp-3);
  const double v42 = __builtin_fma(v41, v38, 0x1.249249415cef5p-2);
  const double v43 = __builtin_fma(v42, v38, 0x1.9999999980afp-2);
  const double v44 = __builtin_fma(v43, v38, 0x1.555555555558fp-1);
  const double v45 = v26 * 0x1.0p-1; const double v46 = v45 * v26;
  const double v47 = __builtin_fma(v38, v44, v46); const double v48 = __builtin_fma(v37, v47, 0.0);
  const double v49 = v48 - v46; const double v50 = __builtin_fma(v26, 0x1.777d0ffda0d24p-56, v33);
  const double v51 = __builtin_fma(v49, 0x1.71547652b82fep0, v50); const double v52 = v34 - v35;
  const double v53 = v52 + v31; const double v54 = v51 + v53; const double v55 = v35 + v54;
  const double v56 = v55 + v6;
  return v56;
}

#define WEFT_KERNELS_Logarithms(UNARY, BINARY) \
  UNARY(log) UNARY(log10) UNARY(log1p) UNARY(log2)
