// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_exp_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fmaf(v0, 0x1.715476p0f, 0x1.8p23f); const float v2 = v1 - 0x1.8p23f;
  const float v3 = __builtin_fmaf(v2, -0x1.62e43p-1f, v0);
  const float v4 = __builtin_fmaf(v2, 0x1.05c61p-29f, v3);
  const float v5 = __builtin_fmaf(0x1.6d6a4ep-10f, v4, 0x1.123ac6p-7f);
  const float v6 = __builtin_fmaf(v5, v4, 0x1.5554cep-5f);
  const float v7 = __builtin_fmaf(v6, v4, 0x1.55549p-3f);
  const float v8 = __builtin_fmaf(v7, v4, 0x1.0p-1f); const float v9 = v4 * v4;
  const float v10 = __builtin_fmaf(v8, v9, v4); const float v11 = v10 + 0x1.0p0f;
  const int32_t v12 = weft_kernel_int32_of_float32(v11);
  const int32_t v13 = weft_kernel_int32_of_float32(v1);
  const int32_t v14 = (int32_t)((uint32_t)v13 << (uint32_t)23);
  const int32_t v15 = (int32_t)((uint32_t)v12 + (uint32_t)v14);
  const float v16 = weft_kernel_float32_of_int32(v15); float v17 = v16;
  const float v18 = __builtin_fabsf(v0); const int v19 = v18 < 0x1.5cp6f; const int v20 = v19 ^ 1;
  if (rare) *rare |= v20;
  else if (v20) {
    const int v21 = v0 < -0x1.b8p6f; const float v22 = v21 ? -0x1.b8p6f : v0;
    const int v23 = v22 > 0x1.9p6f; const float v24 = v23 ? 0x1.9p6f : v22;
    const float v25 = __builtin_fmaf(v24, 0x1.715476p0f, 0x1.8p23f);
    const float v26 = v25 - 0x1.8p23f; const float v27 = __builtin_fmaf(v26, -0x1.62e43p-1f, v24);
    const float v28 = __builtin_fmaf(v26, 0x1.05c61p-29f, v27);
    const float v29 = __builtin_fmaf(0x1.6d6a4ep-10f, v28, 0x1.123ac6p-7f);
    const float v30 = __builtin_fmaf(v29, v28, 0x1.5554cep-5f);
    const float v31 = __builtin_fmaf(v30, v28, 0x1.55549p-3f);
    const float v32 = __builtin_fmaf(v31, v28, 0x1.0p-1f); const float v33 = v28 * v28;
    const float v34 = __builtin_fmaf(v32, v33, v28); const float v35 = v34 + 0x1.0p0f;
    const int32_t v36 = weft_kernel_int32_of_float32(v25);
    const int32_t v37 = weft_kernel_int32_of_float32(0x1.8p23f);
    const int32_t v38 = (int32_t)((uint32_t)v36 - (uint32_t)v37); const int32_t v39 = v38 >> 1;
    const int32_t v40 = (int32_t)((uint32_t)v39 + (uint32_t)127);
    const int32_t v41 = (int32_t)((uint32_t)v40 << (uint32_t)23);
    const float v42 = weft_kernel_float32_of_int32(v41); const float v43 = v35 * v42;
    const int32_t v44 = (int32_t)((uint32_t)v38 - (uint32_t)v39);
    const int32_t v45 = (int32_t)((uint32_t)v44 + (uint32_t)127);
    const int32_t v46 = (int32_t)((uint32_t)v45 << (uint32_t)23);
    const float v47 = weft_kernel_float32_of_int32(v46); const float v48 = v43 * v47; v17 = v48;
  }
  return v17;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_exp_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fma(v0, 0x1.71547652b82fep0, 0x1.8p52);
  const double v2 = v1 - 0x1.8p52; const double v3 = __builtin_fma(v2, -0x1.62e42fefa39efp-1, v0);
  const double v4 = __builtin_fma(v2, -0x1.abc9e3b39803fp-56, v3);
  const double v5 = __builtin_fma(0x1.1f60cd9c00881p-29, v4, 0x1.af6fe4162d708p-26);
  const double v6 = __builtin_fma(v5, v4, 0x1.27e4e58e78563p-22);
  const double v7 = __builtin_fma(v6, v4, 0x1.71ddedb8ca825p-19);
  const double v8 = __builtin_fma(v7, v4, 0x1.a01a01a2fc252p-16);
  const double v9 = __builtin_fma(v8, v4, 0x1.a01a01b482d5bp-13);
  const double v10 = __builtin_fma(v9, v4, 0x1.6c16c16c16bdep-10);
  const double v11 = __builtin_fma(v10, v4, 0x1.111111110e992p-7);
  const double v12 = __builtin_fma(v11, v4, 0x1.5555555555555p-5);
  const double v13 = __builtin_fma(v12, v4, 0x1.555555555555cp-3);
  const double v14 = __builtin_fma(v13, v4, 0x1.0p-1); const double v15 = v4 * v4;
  const double v16 = __builtin_fma(v14, v15, v4); const double v17 = v16 + 0x1.0p0;
  const int64_t v18 = weft_kernel_int64_of_float64(v17);
  const int64_t v19 = weft_kernel_int64_of_float64(v1);
  const int64_t v20 = (int64_t)((uint64_t)v19 << (uint64_t)INT64_C(52));
  const int64_t v21 = (int64_t)((uint64_t)v18 + (uint64_t)v20);
  const double v22 = weft_kernel_float64_of_int64(v21); double v23 = v22;
  const double v24 = __builtin_fabs(v0); const int v25 = v24 < 0x1.62p9; const int v26 = v25 ^ 1;
  if (rare) *rare |= v26;
  else if (v26) {
    const int v27 = v0 < -0x1.9p9; const double v28 = v27 ? -0x1.9p9 : v0;
    const int v29 = v28 > 0x1.9p9; const double v30 = v29 ? 0x1.9p9 : v28;
    const double v31 = __builtin_fma(v30, 0x1.71547652b82fep0, 0x1.8p52);
    const double v32 = v31 - 0x1.8p52;
    const double v33 = __builtin_fma(v32, -0x1.62e42fefa39efp-1, v30);
    const double v34 = __builtin_fma(v32, -0x1.abc9e3b39803fp-56, v33);
    const double v35 = __builtin_fma(0x1.1f60cd9c00881p-29, v34, 0x1.af6fe4162d708p-26);
    const double v36 = __builtin_fma(v35, v34, 0x1.27e4e58e78563p-22);
    const double v37 = __builtin_fma(v36, v34, 0x1.71ddedb8ca825p-19);
    const double v38 = __builtin_fma(v37, v34, 0x1.a01a01a2fc252p-16);
    const double v39 = __builtin_fma(v38, v34, 0x1.a01a01b482d5bp-13);
    const double v40 = __builtin_fma(v39, v34, 0x1.6c16c16c16bdep-10);
    const double v41 = __builtin_fma(v40, v34, 0x1.111111110e992p-7);
    const double v42 = __builtin_fma(v41, v34, 0x1.5555555555555p-5);
    const double v43 = __builtin_fma(v42, v34, 0x1.555555555555cp-3);
    const double v44 = __builtin_fma(v43, v34, 0x1.0p-1); const double v45 = v34 * v34;
    const double v46 = __builtin_fma(v44, v45, v34); const double v47 = v46 + 0x1.0p0;
    const int64_t v48 = weft_kernel_int64_of_float64(v31);
    const int64_t v49 = weft_kernel_int64_of_float64(0x1.8p52);
    const int64_t v50 = (int64_t)((uint64_t)v48 - (uint64_t)v49);
    const int64_t v51 = v50 >> INT64_C(1);
    const int64_t v52 = (int64_t)((uint64_t)v51 + (uint64_t)INT64_C(1023));
    const int64_t v53 = (int64_t)((uint64_t)v52 << (uint64_t)INT64_C(52));
    const double v54 = weft_kernel_float64_of_int64(v53); const double v55 = v47 * v54;
    const int64_t v56 = (int64_t)((uint64_t)v50 - (uint64_t)v51);
    const int64_t v57 = (int64_t)((uint64_t)v56 + (uint64_t)INT64_C(1023));
    const int64_t v58 = (int64_t)((uint64_t)v57 << (uint64_t)INT64_C(52));
    const double v59 = weft_kernel_float64_of_int64(v58); const double v60 = v55 * v59; v23 = v60;
  }
  return v23;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_exp2_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = v0 + 0x1.8p23f; const float v2 = v1 - 0x1.8p23f; const float v3 = v0 - v2;
  const float v4 = __builtin_fmaf(0x1.ec5b02p-17f, v3, 0x1.440edep-13f);
  const float v5 = __builtin_fmaf(v4, v3, 0x1.5d9ccap-10f);
  const float v6 = __builtin_fmaf(v5, v3, 0x1.3b2a5cp-7f);
  const float v7 = __builtin_fmaf(v6, v3, 0x1.c6b074p-5f);
  const float v8 = __builtin_fmaf(v7, v3, 0x1.ebfbep-3f);
  const float v9 = __builtin_fmaf(v8, v3, 0x1.62e43p-1f);
  const float v10 = __builtin_fmaf(v9, v3, 0x1.0p0f);
  const int32_t v11 = weft_kernel_int32_of_float32(v10);
  const int32_t v12 = weft_kernel_int32_of_float32(v1);
  const int32_t v13 = (int32_t)((uint32_t)v12 << (uint32_t)23);
  const int32_t v14 = (int32_t)((uint32_t)v11 + (uint32_t)v13);
  const float v15 = weft_kernel_float32_of_int32(v14); float v16 = v15;
  const float v17 = __builtin_fabsf(v0); const int v18 = v17 < 0x1.f8p6f; const int v19 = v18 ^ 1;
  if (rare) *rare |= v19;
  else if (v19) {
    const int v20 = v0 < -0x1.9p7f; const float v21 = v20 ? -0x1.9p7f : v0;
    const int v22 = v21 > 0x1.9p7f; const float v23 = v22 ? 0x1.9p7f : v21;
    const float v24 = v23 + 0x1.8p23f; const float v25 = v24 - 0x1.8p23f;
    const float v26 = v23 - v25;
    const float v27 = __builtin_fmaf(0x1.ec5b02p-17f, v26, 0x1.440edep-13f);
    const float v28 = __builtin_fmaf(v27, v26, 0x1.5d9ccap-10f);
    const float v29 = __builtin_fmaf(v28, v26, 0x1.3b2a5cp-7f);
    const float v30 = __builtin_fmaf(v29, v26, 0x1.c6b074p-5f);
    const float v31 = __builtin_fmaf(v30, v26, 0x1.ebfbep-3f);
    const float v32 = __builtin_fmaf(v31, v26, 0x1.62e43p-1f);
    const float v33 = __builtin_fmaf(v32, v26, 0x1.0p0f);
    const int32_t v34 = weft_kernel_int32_of_float32(v24);
    const int32_t v35 = weft_kernel_int32_of_float32(0x1.8p23f);
    const int32_t v36 = (int32_t)((uint32_t)v34 - (uint32_t)v35); const int32_t v37 = v36 >> 1;
    const int32_t v38 = (int32_t)((uint32_t)v37 + (uint32_t)127);
    const int32_t v39 = (int32_t)((uint32_t)v38 << (uint32_t)23);
    const float v40 = weft_kernel_float32_of_int32(v39); const float v41 = v33 * v40;
    const int32_t v42 = (int32_t)((uint32_t)v36 - (uint32_t)v37);
    const int32_t v43 = (int32_t)((uint32_t)v42 + (uint32_t)127);
    const int32_t v44 = (int32_t)((uint32_t)v43 << (uint32_t)23);
    const float v45 = weft_kernel_float32_of_int32(v44); const float v46 = v41 * v45; v16 = v46;
  }
  return v16;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_exp2_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = v0 + 0x1.8p52; const double v2 = v1 - 0x1.8p52; const double v3 = v0 - v2;
  const double v4 = v3 * 0x1.62e42fefa39efp-1; const double v5 = -v4;
  const double v6 = __builtin_fma(v3, 0x1.62e42fefa39efp-1, v5);
  const double v7 = __builtin_fma(v3, 0x1.abc9e3b39803fp-56, v6);
  const double v8 = __builtin_fma(0x1.1f60cd9c00881p-29, v4, 0x1.af6fe4162d708p-26);
  const double v9 = __builtin_fma(v8, v4, 0x1.27e4e58e78563p-22);
  const double v10 = __builtin_fma(v9, v4, 0x1.71ddedb8ca825p-19);
  const double v11 = __builtin_fma(v10, v4, 0x1.a01a01a2fc252p-16);
  const double v12 = __builtin_fma(v11, v4, 0x1.a01a01b482d5bp-13);
  const double v13 = __builtin_fma(v12, v4, 0x1.6c16c16c16bdep-10);
  const double v14 = __builtin_fma(v13, v4, 0x1.111111110e992p-7);
  const double v15 = __builtin_fma(v14, v4, 0x1.5555555555555p-5);
  const double v16 = __builtin_fma(v15, v4, 0x1.555555555555cp-3);
  const double v17 = __builtin_fma(v16, v4, 0x1.0p-1); const double v18 = v4 * v4;
  const double v19 = __builtin_fma(v17, v18, v7); const double v20 = v4 + v19;
  const double v21 = v20 + 0x1.0p0; const int64_t v22 = weft_kernel_int64_of_float64(v21);
  const int64_t v23 = weft_kernel_int64_of_float64(v1);
  const int64_t v24 = (int64_t)((uint64_t)v23 << (uint64_t)INT64_C(52));
  const int64_t v25 = (int64_t)((uint64_t)v22 + (uint64_t)v24);
  const double v26 = weft_kernel_float64_of_int64(v25); double v27 = v26;
  const double v28 = __builtin_fabs(v0); const int v29 = v28 < 0x1.ffp9; const int v30 = v29 ^ 1;
  if (rare) *rare |= v30;
  else if (v30) {
    const int v31 = v0 < -0x1.2cp10; const double v32 = v31 ? -0x1.2cp10 : v0;
    const int v33 = v32 > 0x1.2cp10; const double v34 = v33 ? 0x1.2cp10 : v32;
    const double v35 = v34 + 0x1.8p52; const double v36 = v35 - 0x1.8p52;
    const double v37 = v34 - v36; const double v38 = v37 * 0x1.62e42fefa39efp-1;
    const double v39 = -v38; const double v40 = __builtin_fma(v37, 0x1.62e42fefa39efp-1, v39);
    const double v41 = __builtin_fma(v37, 0x1.abc9e3b39803fp-56, v40);
    const double v42 = __builtin_fma(0x1.1f60cd9c00881p-29, v38, 0x1.af6fe4162d708p-26);
    const double v43 = __builtin_fma(v42, v38, 0x1.27e4e58e78563p-22);
    const double v44 = __builtin_fma(v43, v38, 0x1.71ddedb8ca825p-19);
    const double v45 = __builtin_fma(v44, v38, 0x1.a01a01a2fc252p-16);
    const double v46 = __builtin_fma(v45, v38, 0x1.a01a01b482d5bp-13);
    const double v47 = __builtin_fma(v46, v38, 0x1.6c16c16c16bdep-10);
    const double v48 = __builtin_fma(v47, v38, 0x1.111111110e992p-7);
    const double v49 = __builtin_fma(v48, v38, 0x1.5555555555555p-5);
    const double v50 = __builtin_fma(v49, v38, 0x1.555555555555cp-3);
    const double v51 = __builtin_fma(v50, v38, 0x1.0p-1); const double v52 = v38 * v38;
    const double v53 = __builtin_fma(v51, v52, v41); const double v54 = v38 + v53;
    const double v55 = v54 + 0x1.0p0; const int64_t v56 = weft_kernel_int64_of_float64(v35);
    const int64_t v57 = weft_kernel_int64_of_float64(0x1.8p52);
    const int64_t v58 = (int64_t)((uint64_t)v56 - (uint64_t)v57);
    const int64_t v59 = v58 >> INT64_C(1);
    const int64_t v60 = (int64_t)((uint64_t)v59 + (uint64_t)INT64_C(1023));
    const int64_t v61 = (int64_t)((uint64_t)v60 << (uint64_t)INT64_C(52));
    const double v62 = weft_kernel_float64_of_int64(v61); const double v63 = v55 * v62;
    const int64_t v64 = (int64_t)((uint64_t)v58 - (uint64_t)v59);
    const int64_t v65 = (int64_t)((uint64_t)v64 + (uint64_t)INT64_C(1023));
    const int64_t v66 = (int64_t)((uint64_t)v65 << (uint64_t)INT64_C(52));
    const double v67 = weft_kernel_float64_of_int64(v66); const double v68 = v63 * v67; v27 = v68;
  }
  return v27;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_expm1_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 < -0x1.ep4f; const float v2 = v1 ? -0x1.ep4f : v0;
  const int v3 = v2 > 0x1.64p6f; const float v4 = v3 ? 0x1.64p6f : v2;
  const float v5 = __builtin_fmaf(v4, 0x1.715476p0f, 0x1.8p23f); const float v6 = v5 - 0x1.8p23f;
  const float v7 = __builtin_fmaf(v6, -0x1.62e43p-1f, v4);
  const float v8 = __builtin_fmaf(v6, 0x1.05c61p-29f, v7);
  const float v9 = __builtin_fmaf(0x1.6d6a4ep-10f, v8, 0x1.123ac6p-7f);
  const float v10 = __builtin_fmaf(v9, v8, 0x1.5554cep-5f);
  const float v11 = __builtin_fmaf(v10, v8, 0x1.55549p-3f);
  const float v12 = __builtin_fmaf(v11, v8, 0x1.0p-1f); const float v13 = v8 * v8;
  const float v14 = v7 - v8; const float v15 = __builtin_fmaf(v6, 0x1.05c61p-29f, v14);
  const float v16 = __builtin_fmaf(v12, v13, v15);
  const int32_t v17 = weft_kernel_int32_of_float32(0x1.0p-1f);
  const int32_t v18 = weft_kernel_int32_of_float32(v5);
  const int32_t v19 = (int32_t)((uint32_t)v18 << (uint32_t)23);
  const int32_t v20 = (int32_t)((uint32_t)v17 + (uint32_t)v19);
  const float v21 = weft_kernel_float32_of_int32(v20); const float v22 = v21 - 0x1.0p-1f;
  const float v23 = __builtin_fmaf(v21, v8, v22); const float v24 = v22 - v23;
  const float v25 = __builtin_fmaf(v21, v8, v24); const float v26 = __builtin_fmaf(v21, v16, v25);
  const float v27 = v23 + v26; const float v28 = v27 * 0x1.0p1f;
  const float v29 = __builtin_fabsf(v0); const int v30 = v29 < 0x1.0p-25f;
  const float v31 = v30 ? v0 : v28;
  return v31;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_expm1_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 < -0x1.ep5; const double v2 = v1 ? -0x1.ep5 : v0; const int v3 = v2 > 0x1.63p9;
  const double v4 = v3 ? 0x1.63p9 : v2;
  const double v5 = __builtin_fma(v4, 0x1.71547652b82fep0, 0x1.8p52);
  const double v6 = v5 - 0x1.8p52; const double v7 = __builtin_fma(v6, -0x1.62e42fefa39efp-1, v4);
  const double v8 = __builtin_fma(v6, -0x1.abc9e3b39803fp-56, v7);
  const double v9 = __builtin_fma(0x1.1f60cd9c00881p-29, v8, 0x1.af6fe4162d708p-26);
  const double v10 = __builtin_fma(v9, v8, 0x1.27e4e58e78563p-22);
  const double v11 = __builtin_fma(v10, v8, 0x1.71ddedb8ca825p-19);
  const double v12 = __builtin_fma(v11, v8, 0x1.a01a01a2fc252p-16);
  const double v13 = __builtin_fma(v12, v8, 0x1.a01a01b482d5bp-13);
  const double v14 = __builtin_fma(v13, v8, 0x1.6c16c16c16bdep-10);
  const double v15 = __builtin_fma(v14, v8, 0x1.111111110e992p-7);
  const double v16 = __builtin_fma(v15, v8, 0x1.5555555555555p-5);
  const double v17 = __builtin_fma(v16, v8, 0x1.555555555555cp-3);
  const double v18 = __builtin_fma(v17, v8, 0x1.0p-1); const double v19 = v8 * v8;
  const double v20 = v7 - v8; const double v21 = __builtin_fma(v6, -0x1.abc9e3b39803fp-56, v20);
  const double v22 = __builtin_fma(v18, v19, v21);
  const int64_t v23 = weft_kernel_int64_of_float64(0x1.0p-1);
  const int64_t v24 = weft_kernel_int64_of_float64(v5);
  const int64_t v25 = (int64_t)((uint64_t)v24 << (uint64_t)INT64_C(52));
  const int64_t v26 = (int64_t)((uint64_t)v23 + (uint64_t)v25);
  const double v27 = weft_kernel_float64_of_int64(v26); const double v28 = v27 - 0x1.0p-1;
  const double v29 = __builtin_fma(v27, v8, v28); const double v30 = v28 - v29;
  const double v31 = __builtin_fma(v27, v8, v30); const double v32 = __builtin_fma(v27, v22, v31);
  const double v33 = v29 + v32; const double v34 = v33 * 0x1.0p1;
  const double v35 = __builtin_fabs(v0); const int v36 = v35 < 0x1.0p-54;
  const double v37 = v36 ? v0 : v34;
  return v37;
}

#define WEFT_KERNELS_Exponentials(UNARY, BINARY) \
  UNARY(exp) UNARY(exp2) UNARY(expm1)
