// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_erf_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.f851ecp1f;
  const float v3 = v2 ? 0x1.f851ecp1f : v1; const float v4 = v3 * v3;
  const float v5 = __builtin_fmaf(0x1.4f3478p-14f, v4, -0x1.a6001p-11f);
  const float v6 = __builtin_fmaf(v5, v4, 0x1.54497ap-8f);
  const float v7 = __builtin_fmaf(v6, v4, -0x1.b80114p-6f);
  const float v8 = __builtin_fmaf(v7, v4, 0x1.ce2d64p-4f);
  const float v9 = __builtin_fmaf(v8, v4, -0x1.81274p-2f);
  const float v10 = __builtin_fmaf(v9, v4, 0x1.06eba8p-3f);
  const float v11 = __builtin_fmaf(0x1.9c6b4ap-13f, v3, -0x1.8fba74p-9f);
  const float v12 = __builtin_fmaf(v11, v3, 0x1.6c8de8p-6f);
  const float v13 = __builtin_fmaf(v12, v3, -0x1.a9e3c8p-4f);
  const float v14 = __builtin_fmaf(v13, v3, -0x1.463678p-1f);
  const float v15 = __builtin_fmaf(v14, v3, -0x1.20b116p0f);
  const float v16 = __builtin_fmaf(v15, v3, -0x1.8dcd2p-13f);
  const float v17 = __builtin_fmaf(v16, 0x1.715476p0f, 0x1.8p23f);
  const float v18 = v17 - 0x1.8p23f; const float v19 = __builtin_fmaf(v18, -0x1.62e43p-1f, v16);
  const float v20 = __builtin_fmaf(v18, 0x1.05c61p-29f, v19);
  const float v21 = __builtin_fmaf(0x1.6d6a4ep-10f, v20, 0x1.123ac6p-7f);
  const float v22 = __builtin_fmaf(v21, v20, 0x1.5554cep-5f);
  const float v23 = __builtin_fmaf(v22, v20, 0x1.55549p-3f);
  const float v24 = __builtin_fmaf(v23, v20, 0x1.0p-1f); const float v25 = v20 * v20;
  const float v26 = __builtin_fmaf(v24, v25, v20); const float v27 = v26 + 0x1.0p0f;
  const int32_t v28 = weft_kernel_int32_of_float32(v27);
  const int32_t v29 = weft_kernel_int32_of_float32(v17);
  const int32_t v30 = (int32_t)((uint32_t)v29 << (uint32_t)23);
  const int32_t v31 = (int32_t)((uint32_t)v28 + (uint32_t)v30);
  const float v32 = weft_kernel_float32_of_int32(v31); const float v33 = 0x1.0p0f - v32;
  const int v34 = v3 >= 0x1.d70a3ep-1f; const float v35 = __builtin_fmaf(v3, v10, v3);
  const float v36 = v34 ? v33 : v35; const float v37 = __builtin_copysignf(v36, v0);
  return v37;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_erf_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.7cccccccccccdp2;
  const double v3 = v2 ? 0x1.7cccccccccccdp2 : v1; const double v4 = v3 * v3;
  const double v5 = v4 - 0x1.0p0;
  const double v6 = __builtin_fma(-0x1.8b46d362f38bcp-39, v5, 0x1.4da07321b70a8p-35);
  const double v7 = __builtin_fma(v6, v5, -0x1.0dd6da03121f9p-31);
  const double v8 = __builtin_fma(v7, v5, 0x1.99a7b938b0ecp-28);
  const double v9 = __builtin_fma(v8, v5, -0x1.1d8a5299d06c1p-24);
  const double v10 = __builtin_fma(v9, v5, 0x1.6aecd05130527p-21);
  const double v11 = __builtin_fma(v10, v5, -0x1.a0dfbea5303e3p-18);
  const double v12 = __builtin_fma(v11, v5, 0x1.ac251193102bcp-15);
  const double v13 = __builtin_fma(v12, v5, -0x1.84227ca83de43p-12);
  const double v14 = __builtin_fma(v13, v5, 0x1.31cd0cec0be3ap-9);
  const double v15 = __builtin_fma(v14, v5, -0x1.9b3c1054f19a9p-7);
  const double v16 = __builtin_fma(v15, v5, 0x1.cf6d2bc57863bp-5);
  const double v17 = __builtin_fma(v16, v5, -0x1.b5db0451254f2p-3);
  const double v18 = __builtin_fma(v17, v5, -0x1.4226162fbddd5p-3); const double v19 = v3 - 0x1.2p1;
  const double v20 = __builtin_fma(-0x1.8dd389f4f6cep-33, v19, 0x1.b9ced3e28dfd5p-30);
  const double v21 = __builtin_fma(v20, v19, -0x1.03e9af9232276p-27);
  const double v22 = __builtin_fma(v21, v19, 0x1.c874d32b332e3p-26);
  const double v23 = __builtin_fma(v22, v19, -0x1.0760cabf710f5p-24);
  const double v24 = __builtin_fma(v23, v19, -0x1.3545bb034ff9dp-24);
  const double v25 = __builtin_fma(v24, v19, 0x1.12e3cf3f47bd6p-19);
  const double v26 = __builtin_fma(v25, v19, -0x1.169187087ebccp-16);
  const double v27 = __builtin_fma(v26, v19, 0x1.ae7e8b8794e68p-14);
  const double v28 = __builtin_fma(v27, v19, -0x1.22e57b884a3a5p-11);
  const double v29 = __builtin_fma(v28, v19, 0x1.6b3ea215ef029p-9);
  const double v30 = __builtin_fma(v29, v19, -0x1.b439bfff14b5dp-7);
  const double v31 = __builtin_fma(v30, v19, -0x1.dea6f633aa877p-1);
  const double v32 = __builtin_fma(v31, v19, -0x1.3881a8ed5e6c7p2);
  const double v33 = __builtin_fma(v32, v19, -0x1.a1c1e72735ef7p2);
  const double v34 = __builtin_fma(v33, 0x1.71547652b82fep0, 0x1.8p52);
  const double v35 = v34 - 0x1.8p52;
  const double v36 = __builtin_fma(v35, -0x1.62e42fefa39efp-1, v33);
  const double v37 = __builtin_fma(v35, -0x1.abc9e3b39803fp-56, v36);
  const double v38 = __builtin_fma(0x1.28b882e1603e9p-22, v37, 0x1.72ea6efc25763p-19);
  const double v39 = __builtin_fma(v38, v37, 0x1.a0198dae23acep-16);
  const double v40 = __builtin_fma(v39, v37, 0x1.a0198c130f1f9p-13);
  const double v41 = __builtin_fma(v40, v37, 0x1.6c16c188d4a5p-10);
  const double v42 = __builtin_fma(v41, v37, 0x1.111111261439dp-7);
  const double v43 = __builtin_fma(v42, v37, 0x1.555555554f32dp-5);
  const double v44 = __builtin_fma(v43, v37, 0x1.55555555505a4p-3);
  const double v45 = __builtin_fma(v44, v37, 0x1.000000000000dp-1); const double v46 = v37 * v37;
  const double v47 = __builtin_fma(v45, v46, v37); const double v48 = v47 + 0x1.0p0;
  const int64_t v49 = weft_kernel_int64_of_float64(v48);
  const int64_t v50 = weft_kernel_int64_of_float64(v34);
  const int64_t v51 = (int64_t)((uint64_t)v50 << (uint64_t)INT64_C(52));
  const int64_t v52 = (int64_t)((uint64_t)v49 + (uint64_t)v51);
  const double v53 = weft_kernel_float64_of_int64(v52); const double v54 = 0x1.0p0 - v53;
  const int v55 = v3 >= 0x1.6p0; const double v56 = __builtin_fma(v3, v18, v3);
  const double v57 = v55 ? v54 : v56; const double v58 = __builtin_copysign(v57, v0);
  return v58;
}

#define WEFT_KERNELS_ErrorFunction(UNARY, BINARY) \
  UNARY(erf)
