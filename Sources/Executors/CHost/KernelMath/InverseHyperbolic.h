// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_acosh_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = v0 - 0x1.0p0f; const float v2 = v1 + v1;
  const float v3 = __builtin_fmaf(v1, v1, v2); const float v4 = v2 - v3;
  const float v5 = __builtin_fmaf(v1, v1, v4); const float v6 = __builtin_elementwise_sqrt(v3);
  const float v7 = -v6; const float v8 = __builtin_fmaf(v7, v6, v3); const float v9 = v8 + v5;
  const float v10 = v6 + 0x1.4484cp-100f; const float v11 = 0x1.0p-1f / v10;
  const float v12 = v9 * v11; const float v13 = v6 + v1; const float v14 = v6 - v13;
  const float v15 = v14 + v1; const float v16 = v15 + v12; const int v17 = v0 > 0x1.bc16d6p59f;
  const float v18 = v17 ? v0 : v13; const float v19 = v17 ? 0.0f : v16;
  const float v20 = v17 ? 0x1.0p0f : 0.0f; const int v21 = v18 > -0x1.0p0f;
  const int v22 = v18 < 0x1.0p100f; const int v23 = v21 & v22; float v24 = v18; float v25 = 0.0f;
  float v26 = 0.0f; const int v27 = v23 ^ 1;
  if (rare) *rare |= v27;
  else if (v27) {
    const int v28 = v18 > 0.0f; const int v29 = v18 < INFINITY; const int v30 = v28 & v29;
    const float v31 = v18 * 0x1.0p-64f; const float v32 = v30 ? v31 : 0.0f; v24 = v32;
    const float v33 = v30 ? 0x1.0p6f : 0.0f; v25 = v33; const int v34 = v18 < -0x1.0p0f;
    const float v35 = v34 ? NAN : v18; const int v36 = v18 == -0x1.0p0f;
    const float v37 = v36 ? -INFINITY : v35; const float v38 = v30 ? 0.0f : v37; v26 = v38;
  }
  const float v39 = v24 + 0x1.0p0f; const int32_t v40 = weft_kernel_int32_of_float32(v39);
  const int32_t v41 = (int32_t)((uint32_t)v40 - (uint32_t)1060439283);
  const int32_t v42 = v41 >> 23; const int32_t v43 = (int32_t)((uint32_t)v42 << (uint32_t)23);
  const int32_t v44 = (int32_t)((uint32_t)1065353216 - (uint32_t)v43);
  const float v45 = weft_kernel_float32_of_int32(v44); const float v46 = v45 - 0x1.0p0f;
  const float v47 = __builtin_fmaf(v24, v45, v46); const float v48 = v45 - 0x1.0p0f;
  const float v49 = v48 - v47; const float v50 = __builtin_fmaf(v24, v45, v49);
  const float v51 = __builtin_fmaf(v19, v45, v50); const float v52 = (float)v42;
  const float v53 = v52 + v25; const float v54 = v53 + v20;
  const float v55 = __builtin_fmaf(-0x1.37a74ep-4f, v47, 0x1.0830dp-3f);
  const float v56 = __builtin_fmaf(v55, v47, -0x1.0f4642p-3f);
  const float v57 = __builtin_fmaf(v56, v47, 0x1.2274f6p-3f);
  const float v58 = __builtin_fmaf(v57, v47, -0x1.5425f4p-3f);
  const float v59 = __builtin_fmaf(v58, v47, 0x1.99a3dap-3f);
  const float v60 = __builtin_fmaf(v59, v47, -0x1.00043p-2f);
  const float v61 = __builtin_fmaf(v60, v47, 0x1.55555p-2f);
  const float v62 = __builtin_fmaf(v61, v47, -0x1.fffff8p-2f); const float v63 = v47 * v47;
  const float v64 = __builtin_fmaf(v62, v63, v51); const float v65 = v64 + v47;
  const float v66 = __builtin_fmaf(v54, 0x1.efa39ep-25f, v65);
  const float v67 = __builtin_fmaf(v54, 0x1.62e42ep-1f, v66); const float v68 = v67 + v26;
  const int v69 = v0 < 0x1.0p0f; const float v70 = v69 ? NAN : v68;
  return v70;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_acosh_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = v0 - 0x1.0p0; const double v2 = v1 + v1;
  const double v3 = __builtin_fma(v1, v1, v2); const double v4 = v2 - v3;
  const double v5 = __builtin_fma(v1, v1, v4); const double v6 = __builtin_elementwise_sqrt(v3);
  const double v7 = -v6; const double v8 = __builtin_fma(v7, v6, v3); const double v9 = v8 + v5;
  const double v10 = v6 + 0x1.56e1fc2f8f359p-997; const double v11 = 0x1.0p-1 / v10;
  const double v12 = v9 * v11; const double v13 = v6 + v1; const double v14 = v6 - v13;
  const double v15 = v14 + v1; const double v16 = v15 + v12;
  const int v17 = v0 > 0x1.38d352e5096afp498; const double v18 = v17 ? v0 : v13;
  const double v19 = v17 ? 0.0 : v16; const double v20 = v17 ? 0x1.0p0 : 0.0;
  const int v21 = v18 > -0x1.0p0; const int v22 = v18 < 0x1.0p1000; const int v23 = v21 & v22;
  double v24 = v18; double v25 = 0.0; double v26 = 0.0; const int v27 = v23 ^ 1;
  if (rare) *rare |= v27;
  else if (v27) {
    const int v28 = v18 > 0.0; const int v29 = v18 < (double)INFINITY; const int v30 = v28 & v29;
    const double v31 = v18 * 0x1.0p-100; const double v32 = v30 ? v31 : 0.0; v24 = v32;
    const double v33 = v30 ? 0x1.9p6 : 0.0; v25 = v33; const int v34 = v18 < -0x1.0p0;
    const double v35 = v34 ? (double)NAN : v18; const int v36 = v18 == -0x1.0p0;
    const double v37 = v36 ? -(double)INFINITY : v35; const double v38 = v30 ? 0.0 : v37; v26 = v38;
  }
  const double v39 = v24 + 0x1.0p0; const uint64_t v40 = weft_kernel_uint64_of_float64(v39);
  const uint64_t v41 = v40 + UINT64_C(0x195f619980c433); const uint64_t v42 = v41 >> UINT64_C(0x34);
  const uint64_t v43 = v42 << UINT64_C(0x34);
  const uint64_t v44 = UINT64_C(0x7ff0000000000000) - v43;
  const double v45 = weft_kernel_float64_of_uint64(v44); const double v46 = v45 - 0x1.0p0;
  const double v47 = __builtin_fma(v24, v45, v46); const double v48 = v45 - 0x1.0p0;
  const double v49 = v48 - v47; const double v50 = __builtin_fma(v24, v45, v49);
  const double v51 = __builtin_fma(v19, v45, v50);
  const uint64_t v52 = v42 | UINT64_C(0x4330000000000000);
  const double v53 = weft_kernel_float64_of_uint64(v52);
  const double v54 = v53 - 0x1.00000000004p52; const double v55 = v54 + v25;
  const double v56 = v55 + v20; const double v57 = v56 * 0x1.62e42fefa38p-1;
  const double v58 = v57 + v47; const double v59 = v57 - v58; const double v60 = v59 + v47;
  const double v61 = __builtin_fma(v56, 0x1.ef35793c7673p-45, v60);
  const double v62 = v47 + 0x1.0p1; const double v63 = v47 / v62; const double v64 = v63 * v63;
  const double v65 = __builtin_fma(0x1.2ef8915d82918p-3, v64, 0x1.39a334b1f0d46p-3);
  const double v66 = __builtin_fma(v65, v64, 0x1.74662dc3f942cp-3);
  const double v67 = __builtin_fma(v66, v64, 0x1.c71c526c881bp-3);
  const double v68 = __builtin_fma(v67, v64, 0x1.249249415cef5p-2);
  const double v69 = __builtin_fma(v68, v64, 0x1.9999999980afp-2);
  const double v70 = __builtin_fma(v69, v64, 0x1.555555555558fp-1);
  const double v71 = v47 * 0x1.0p-1; const double v72 = v71 * v47;
  const double v73 = __builtin_fma(v64, v70, v72); const double v74 = __builtin_fma(v63, v73, v61);
  const double v75 = v74 - v72; const double v76 = v75 + v51; const double v77 = v58 + v76;
  const double v78 = v77 + v26; const int v79 = v0 < 0x1.0p0;
  const double v80 = v79 ? (double)NAN : v78;
  return v80;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_asinh_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const float v2 = v1 * v1; const float v3 = v2 + 0x1.0p0f;
  const float v4 = __builtin_elementwise_sqrt(v3); const float v5 = v4 + 0x1.0p0f;
  const float v6 = v2 / v5; const float v7 = v1 + v6; const float v8 = v1 - v7;
  const float v9 = v8 + v6; const int v10 = v1 > 0x1.bc16d6p59f; const float v11 = v10 ? v1 : v7;
  const float v12 = v10 ? 0.0f : v9; const float v13 = v10 ? 0x1.0p0f : 0.0f;
  const int v14 = v11 > -0x1.0p0f; const int v15 = v11 < 0x1.0p100f; const int v16 = v14 & v15;
  float v17 = v11; float v18 = 0.0f; float v19 = 0.0f; const int v20 = v16 ^ 1;
  if (rare) *rare |= v20;
  else if (v20) {
    const int v21 = v11 > 0.0f; const int v22 = v11 < INFINITY; const int v23 = v21 & v22;
    const float v24 = v11 * 0x1.0p-64f; const float v25 = v23 ? v24 : 0.0f; v17 = v25;
    const float v26 = v23 ? 0x1.0p6f : 0.0f; v18 = v26; const int v27 = v11 < -0x1.0p0f;
    const float v28 = v27 ? NAN : v11; const int v29 = v11 == -0x1.0p0f;
    const float v30 = v29 ? -INFINITY : v28; const float v31 = v23 ? 0.0f : v30; v19 = v31;
  }
  const float v32 = v17 + 0x1.0p0f; const int32_t v33 = weft_kernel_int32_of_float32(v32);
  const int32_t v34 = (int32_t)((uint32_t)v33 - (uint32_t)1060439283);
  const int32_t v35 = v34 >> 23; const int32_t v36 = (int32_t)((uint32_t)v35 << (uint32_t)23);
  const int32_t v37 = (int32_t)((uint32_t)1065353216 - (uint32_t)v36);
  const float v38 = weft_kernel_float32_of_int32(v37); const float v39 = v38 - 0x1.0p0f;
  const float v40 = __builtin_fmaf(v17, v38, v39); const float v41 = v38 - 0x1.0p0f;
  const float v42 = v41 - v40; const float v43 = __builtin_fmaf(v17, v38, v42);
  const float v44 = __builtin_fmaf(v12, v38, v43); const float v45 = (float)v35;
  const float v46 = v45 + v18; const float v47 = v46 + v13;
  const float v48 = __builtin_fmaf(-0x1.37a74ep-4f, v40, 0x1.0830dp-3f);
  const float v49 = __builtin_fmaf(v48, v40, -0x1.0f4642p-3f);
  const float v50 = __builtin_fmaf(v49, v40, 0x1.2274f6p-3f);
  const float v51 = __builtin_fmaf(v50, v40, -0x1.5425f4p-3f);
  const float v52 = __builtin_fmaf(v51, v40, 0x1.99a3dap-3f);
  const float v53 = __builtin_fmaf(v52, v40, -0x1.00043p-2f);
  const float v54 = __builtin_fmaf(v53, v40, 0x1.55555p-2f);
  const float v55 = __builtin_fmaf(v54, v40, -0x1.fffff8p-2f); const float v56 = v40 * v40;
  const float v57 = __builtin_fmaf(v55, v56, v44); const float v58 = v57 + v40;
  const float v59 = __builtin_fmaf(v47, 0x1.efa39ep-25f, v58);
  const float v60 = __builtin_fmaf(v47, 0x1.62e42ep-1f, v59); const float v61 = v60 + v19;
  const int v62 = v1 < 0x1.0p-13f; const float v63 = v62 ? v1 : v61;
  const float v64 = __builtin_copysignf(v63, v0);
  return v64;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_asinh_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const double v2 = v1 * v1; const double v3 = v2 + 0x1.0p0;
  const double v4 = __builtin_elementwise_sqrt(v3); const double v5 = v4 + 0x1.0p0;
  const double v6 = v2 / v5; const double v7 = v1 + v6; const double v8 = v1 - v7;
  const double v9 = v8 + v6; const int v10 = v1 > 0x1.38d352e5096afp498;
  const double v11 = v10 ? v1 : v7; const double v12 = v10 ? 0.0 : v9;
  const double v13 = v10 ? 0x1.0p0 : 0.0; const int v14 = v11 > -0x1.0p0;
  const int v15 = v11 < 0x1.0p1000; const int v16 = v14 & v15; double v17 = v11; double v18 = 0.0;
  double v19 = 0.0; const int v20 = v16 ^ 1;
  if (rare) *rare |= v20;
  else if (v20) {
    const int v21 = v11 > 0.0; const int v22 = v11 < (double)INFINITY; const int v23 = v21 & v22;
    const double v24 = v11 * 0x1.0p-100; const double v25 = v23 ? v24 : 0.0; v17 = v25;
    const double v26 = v23 ? 0x1.9p6 : 0.0; v18 = v26; const int v27 = v11 < -0x1.0p0;
    const double v28 = v27 ? (double)NAN : v11; const int v29 = v11 == -0x1.0p0;
    const double v30 = v29 ? -(double)INFINITY : v28; const double v31 = v23 ? 0.0 : v30; v19 = v31;
  }
  const double v32 = v17 + 0x1.0p0; const uint64_t v33 = weft_kernel_uint64_of_float64(v32);
  const uint64_t v34 = v33 + UINT64_C(0x195f619980c433); const uint64_t v35 = v34 >> UINT64_C(0x34);
  const uint64_t v36 = v35 << UINT64_C(0x34);
  const uint64_t v37 = UINT64_C(0x7ff0000000000000) - v36;
  const double v38 = weft_kernel_float64_of_uint64(v37); const double v39 = v38 - 0x1.0p0;
  const double v40 = __builtin_fma(v17, v38, v39); const double v41 = v38 - 0x1.0p0;
  const double v42 = v41 - v40; const double v43 = __builtin_fma(v17, v38, v42);
  const double v44 = __builtin_fma(v12, v38, v43);
  const uint64_t v45 = v35 | UINT64_C(0x4330000000000000);
  const double v46 = weft_kernel_float64_of_uint64(v45);
  const double v47 = v46 - 0x1.00000000004p52; const double v48 = v47 + v18;
  const double v49 = v48 + v13; const double v50 = v49 * 0x1.62e42fefa38p-1;
  const double v51 = v50 + v40; const double v52 = v50 - v51; const double v53 = v52 + v40;
  const double v54 = __builtin_fma(v49, 0x1.ef35793c7673p-45, v53);
  const double v55 = v40 + 0x1.0p1; const double v56 = v40 / v55; const double v57 = v56 * v56;
  const double v58 = __builtin_fma(0x1.2ef8915d82918p-3, v57, 0x1.39a334b1f0d46p-3);
  const double v59 = __builtin_fma(v58, v57, 0x1.74662dc3f942cp-3);
  const double v60 = __builtin_fma(v59, v57, 0x1.c71c526c881bp-3);
  const double v61 = __builtin_fma(v60, v57, 0x1.249249415cef5p-2);
  const double v62 = __builtin_fma(v61, v57, 0x1.9999999980afp-2);
  const double v63 = __builtin_fma(v62, v57, 0x1.555555555558fp-1);
  const double v64 = v40 * 0x1.0p-1; const double v65 = v64 * v40;
  const double v66 = __builtin_fma(v57, v63, v65); const double v67 = __builtin_fma(v56, v66, v54);
  const double v68 = v67 - v65; const double v69 = v68 + v44; const double v70 = v51 + v69;
  const double v71 = v70 + v19; const int v72 = v1 < 0x1.0p-28; const double v73 = v72 ? v1 : v71;
  const double v74 = __builtin_copysign(v73, v0);
  return v74;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_atanh_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const float v2 = 0x1.0p0f - v1;
  const float v3 = 0x1.0p0f - v2; const float v4 = v3 - v1; const float v5 = 0x1.0p0f / v2;
  const float v6 = v1 + v1; const float v7 = v6 * v5; const float v8 = -v7;
  const float v9 = __builtin_fmaf(v8, v2, v6); const float v10 = v7 * v4;
  const float v11 = v9 - v10; const float v12 = v11 * v5; const int v13 = v1 < 0x1.0p0f;
  const float v14 = v13 ? v12 : 0.0f; const int v15 = v7 > -0x1.0p0f;
  const int v16 = v7 < 0x1.0p100f; const int v17 = v15 & v16; float v18 = v7; float v19 = 0.0f;
  float v20 = 0.0f; const int v21 = v17 ^ 1;
  if (rare) *rare |= v21;
  else if (v21) {
    const int v22 = v7 > 0.0f; const int v23 = v7 < INFINITY; const int v24 = v22 & v23;
    const float v25 = v7 * 0x1.0p-64f; const float v26 = v24 ? v25 : 0.0f; v18 = v26;
    const float v27 = v24 ? 0x1.0p6f : 0.0f; v19 = v27; const int v28 = v7 < -0x1.0p0f;
    const float v29 = v28 ? NAN : v7; const int v30 = v7 == -0x1.0p0f;
    const float v31 = v30 ? -INFINITY : v29; const float v32 = v24 ? 0.0f : v31; v20 = v32;
  }
  const float v33 = v18 + 0x1.0p0f; const int32_t v34 = weft_kernel_int32_of_float32(v33);
  const int32_t v35 = (int32_t)((uint32_t)v34 - (uint32_t)1060439283);
  const int32_t v36 = v35 >> 23; const int32_t v37 = (int32_t)((uint32_t)v36 << (uint32_t)23);
  const int32_t v38 = (int32_t)((uint32_t)1065353216 - (uint32_t)v37);
  const float v39 = weft_kernel_float32_of_int32(v38); const float v40 = v39 - 0x1.0p0f;
  const float v41 = __builtin_fmaf(v18, v39, v40); const float v42 = v39 - 0x1.0p0f;
  const float v43 = v42 - v41; const float v44 = __builtin_fmaf(v18, v39, v43);
  const float v45 = __builtin_fmaf(v14, v39, v44); const float v46 = (float)v36;
  const float v47 = v46 + v19;
  const float v48 = __builtin_fmaf(-0x1.37a74ep-4f, v41, 0x1.0830dp-3f);
  const float v49 = __builtin_fmaf(v48, v41, -0x1.0f4642p-3f);
  const float v50 = __builtin_fmaf(v49, v41, 0x1.2274f6p-3f);
  const float v51 = __builtin_fmaf(v50, v41, -0x1.5425f4p-3f);
  const float v52 = __builtin_fmaf(v51, v41, 0x1.99a3dap-3f);
  const float v53 = __builtin_fmaf(v52, v41, -0x1.00043p-2f);
  const float v54 = __builtin_fmaf(v53, v41, 0x1.55555p-2f);
  const float v55 = __builtin_fmaf(v54, v41, -0x1.fffff8p-2f); const float v56 = v41 * v41;
  const float v57 = __builtin_fmaf(v55, v56, v45); const float v58 = v57 + v41;
  const float v59 = __builtin_fmaf(v47, 0x1.efa39ep-25f, v58);
  const float v60 = __builtin_fmaf(v47, 0x1.62e42ep-1f, v59); const float v61 = v60 + v20;
  const float v62 = v61 * 0x1.0p-1f; const int v63 = v1 < 0x1.0p-13f;
  const float v64 = v63 ? v1 : v62; const float v65 = __builtin_copysignf(v64, v0);
  return v65;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_atanh_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const double v2 = 0x1.0p0 - v1;
  const double v3 = 0x1.0p0 - v2; const double v4 = v3 - v1; const double v5 = 0x1.0p0 / v2;
  const double v6 = v1 + v1; const double v7 = v6 * v5; const double v8 = -v7;
  const double v9 = __builtin_fma(v8, v2, v6); const double v10 = v7 * v4;
  const double v11 = v9 - v10; const double v12 = v11 * v5; const int v13 = v1 < 0x1.0p0;
  const double v14 = v13 ? v12 : 0.0; const int v15 = v7 > -0x1.0p0;
  const int v16 = v7 < 0x1.0p1000; const int v17 = v15 & v16; double v18 = v7; double v19 = 0.0;
  double v20 = 0.0; const int v21 = v17 ^ 1;
  if (rare) *rare |= v21;
  else if (v21) {
    const int v22 = v7 > 0.0; const int v23 = v7 < (double)INFINITY; const int v24 = v22 & v23;
    const double v25 = v7 * 0x1.0p-100; const double v26 = v24 ? v25 : 0.0; v18 = v26;
    const double v27 = v24 ? 0x1.9p6 : 0.0; v19 = v27; const int v28 = v7 < -0x1.0p0;
    const double v29 = v28 ? (double)NAN : v7; const int v30 = v7 == -0x1.0p0;
    const double v31 = v30 ? -(double)INFINITY : v29; const double v32 = v24 ? 0.0 : v31; v20 = v32;
  }
  const double v33 = v18 + 0x1.0p0; const uint64_t v34 = weft_kernel_uint64_of_float64(v33);
  const uint64_t v35 = v34 + UINT64_C(0x195f619980c433); const uint64_t v36 = v35 >> UINT64_C(0x34);
  const uint64_t v37 = v36 << UINT64_C(0x34);
  const uint64_t v38 = UINT64_C(0x7ff0000000000000) - v37;
  const double v39 = weft_kernel_float64_of_uint64(v38); const double v40 = v39 - 0x1.0p0;
  const double v41 = __builtin_fma(v18, v39, v40); const double v42 = v39 - 0x1.0p0;
  const double v43 = v42 - v41; const double v44 = __builtin_fma(v18, v39, v43);
  const double v45 = __builtin_fma(v14, v39, v44);
  const uint64_t v46 = v36 | UINT64_C(0x4330000000000000);
  const double v47 = weft_kernel_float64_of_uint64(v46);
  const double v48 = v47 - 0x1.00000000004p52; const double v49 = v48 + v19;
  const double v50 = v49 * 0x1.62e42fefa38p-1; const double v51 = v50 + v41;
  const double v52 = v50 - v51; const double v53 = v52 + v41;
  const double v54 = __builtin_fma(v49, 0x1.ef35793c7673p-45, v53);
  const double v55 = v41 + 0x1.0p1; const double v56 = v41 / v55; const double v57 = v56 * v56;
  const double v58 = __builtin_fma(0x1.2ef8915d82918p-3, v57, 0x1.39a334b1f0d46p-3);
  const double v59 = __builtin_fma(v58, v57, 0x1.74662dc3f942cp-3);
  const double v60 = __builtin_fma(v59, v57, 0x1.c71c526c881bp-3);
  const double v61 = __builtin_fma(v60, v57, 0x1.249249415cef5p-2);
  const double v62 = __builtin_fma(v61, v57, 0x1.9999999980afp-2);
  const double v63 = __builtin_fma(v62, v57, 0x1.555555555558fp-1);
  const double v64 = v41 * 0x1.0p-1; const double v65 = v64 * v41;
  const double v66 = __builtin_fma(v57, v63, v65); const double v67 = __builtin_fma(v56, v66, v54);
  const double v68 = v67 - v65; const double v69 = v68 + v45; const double v70 = v51 + v69;
  const double v71 = v70 + v20; const double v72 = v71 * 0x1.0p-1; const int v73 = v1 < 0x1.0p-28;
  const double v74 = v73 ? v1 : v72; const double v75 = __builtin_copysign(v74, v0);
  return v75;
}

#define WEFT_KERNELS_InverseHyperbolic(UNARY, BINARY) \
  UNARY(acosh) UNARY(asinh) UNARY(atanh)
