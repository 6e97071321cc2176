// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_cosh_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.666666p6f;
  const float v3 = v2 ? 0x1.666666p6f : v1;
  const float v4 = __builtin_fmaf(v3, 0x1.715476p0f, 0x1.8p23f); const float v5 = v4 - 0x1.8p23f;
  const float v6 = __builtin_fmaf(v5, -0x1.62e43p-1f, v3);
  const float v7 = __builtin_fmaf(v5, 0x1.05c61p-29f, v6);
  const float v8 = __builtin_fmaf(0x1.6d6a4ep-10f, v7, 0x1.123ac6p-7f);
  const float v9 = __builtin_fmaf(v8, v7, 0x1.5554cep-5f);
  const float v10 = __builtin_fmaf(v9, v7, 0x1.55549p-3f);
  const float v11 = __builtin_fmaf(v10, v7, 0x1.0p-1f); const float v12 = v7 * v7;
  const float v13 = __builtin_fmaf(v11, v12, v7); const float v14 = v13 + 0x1.0p0f;
  const float v15 = 0x1.0p0f - v14; const float v16 = v15 + v13; const float v17 = v6 - v7;
  const float v18 = __builtin_fmaf(v5, 0x1.05c61p-29f, v17); const float v19 = v16 + v18;
  const int32_t v20 = weft_kernel_int32_of_float32(0x1.0p-2f);
  const int32_t v21 = weft_kernel_int32_of_float32(v4);
  const int32_t v22 = (int32_t)((uint32_t)v21 << (uint32_t)23);
  const int32_t v23 = (int32_t)((uint32_t)v20 + (uint32_t)v22);
  const float v24 = weft_kernel_float32_of_int32(v23); const float v25 = v14 * v24;
  const float v26 = v19 * v24; const float v27 = 0x1.0p-4f / v25; const float v28 = v25 + v27;
  const float v29 = v25 - v28; const float v30 = v29 + v27; const float v31 = v30 + v26;
  const float v32 = v28 + v31; const float v33 = v32 * 0x1.0p1f;
  return v33;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_cosh_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.634cccccccccdp9;
  const double v3 = v2 ? 0x1.634cccccccccdp9 : v1;
  const double v4 = __builtin_fma(v3, 0x1.71547652b82fep0, 0x1.8p52);
  const double v5 = v4 - 0x1.8p52; const double v6 = __builtin_fma(v5, -0x1.62e42fefa39efp-1, v3);
  const double v7 = __builtin_fma(v5, -0x1.abc9e3b39803fp-56, v6);
  const double v8 = __builtin_fma(0x1.1f60cd9c00881p-29, v7, 0x1.af6fe4162d708p-26);
  const double v9 = __builtin_fma(v8, v7, 0x1.27e4e58e78563p-22);
  const double v10 = __builtin_fma(v9, v7, 0x1.71ddedb8ca825p-19);
  const double v11 = __builtin_fma(v10, v7, 0x1.a01a01a2fc252p-16);
  const double v12 = __builtin_fma(v11, v7, 0x1.a01a01b482d5bp-13);
  const double v13 = __builtin_fma(v12, v7, 0x1.6c16c16c16bdep-10);
  const double v14 = __builtin_fma(v13, v7, 0x1.111111110e992p-7);
  const double v15 = __builtin_fma(v14, v7, 0x1.5555555555555p-5);
  const double v16 = __builtin_fma(v15, v7, 0x1.555555555555cp-3);
  const double v17 = __builtin_fma(v16, v7, 0x1.0p-1); const double v18 = v7 * v7;
  const double v19 = __builtin_fma(v17, v18, v7); const double v20 = v19 + 0x1.0p0;
  const double v21 = 0x1.0p0 - v20; const double v22 = v21 + v19; const double v23 = v6 - v7;
  const double v24 = __builtin_fma(v5, -0x1.abc9e3b39803fp-56, v23); const double v25 = v22 + v24;
  const int64_t v26 = weft_kernel_int64_of_float64(0x1.0p-2);
  const int64_t v27 = weft_kernel_int64_of_float64(v4);
  const int64_t v28 = (int64_t)((uint64_t)v27 << (uint64_t)INT64_C(52));
  const int64_t v29 = (int64_t)((uint64_t)v26 + (uint64_t)v28);
  const double v30 = weft_kernel_float64_of_int64(v29); const double v31 = v20 * v30;
  const double v32 = v25 * v30; const double v33 = 0x1.0p-4 / v31; const double v34 = v31 + v33;
  const double v35 = v31 - v34; const double v36 = v35 + v33; const double v37 = v36 + v32;
  const double v38 = v34 + v37; const double v39 = v38 * 0x1.0p1;
  return v39;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_sinh_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.666666p6f;
  const float v3 = v2 ? 0x1.666666p6f : v1;
  const float v4 = __builtin_fmaf(v3, 0x1.715476p0f, 0x1.8p23f); const float v5 = v4 - 0x1.8p23f;
  const float v6 = __builtin_fmaf(v5, -0x1.62e43p-1f, v3);
  const float v7 = __builtin_fmaf(v5, 0x1.05c61p-29f, v6);
  const float v8 = __builtin_fmaf(0x1.6d6a4ep-10f, v7, 0x1.123ac6p-7f);
  const float v9 = __builtin_fmaf(v8, v7, 0x1.5554cep-5f);
  const float v10 = __builtin_fmaf(v9, v7, 0x1.55549p-3f);
  const float v11 = __builtin_fmaf(v10, v7, 0x1.0p-1f); const float v12 = v7 * v7;
  const float v13 = __builtin_fmaf(v11, v12, v7); const float v14 = v13 + 0x1.0p0f;
  const float v15 = 0x1.0p0f - v14; const float v16 = v15 + v13; const float v17 = v6 - v7;
  const float v18 = __builtin_fmaf(v5, 0x1.05c61p-29f, v17); const float v19 = v16 + v18;
  const int32_t v20 = weft_kernel_int32_of_float32(0x1.0p-2f);
  const int32_t v21 = weft_kernel_int32_of_float32(v4);
  const int32_t v22 = (int32_t)((uint32_t)v21 << (uint32_t)23);
  const int32_t v23 = (int32_t)((uint32_t)v20 + (uint32_t)v22);
  const float v24 = weft_kernel_float32_of_int32(v23); const float v25 = v14 * v24;
  const float v26 = v19 * v24; const float v27 = 0x1.0p-4f / v25; const float v28 = v25 - v27;
  const float v29 = v25 - v28; const float v30 = v29 - v27; const float v31 = v30 + v26;
  const float v32 = v28 + v31; const float v33 = v32 * 0x1.0p1f;
  const float v34 = __builtin_fabsf(v0); const float v35 = v34 * v34;
  const float v36 = __builtin_fmaf(0x1.756c1ep-19f, v35, 0x1.a022bcp-13f);
  const float v37 = __builtin_fmaf(v36, v35, 0x1.1110ep-7f);
  const float v38 = __builtin_fmaf(v37, v35, 0x1.555556p-3f); const int v39 = v34 >= 0x1.0p0f;
  const float v40 = v34 * v35; const float v41 = __builtin_fmaf(v40, v38, v34);
  const float v42 = v39 ? v33 : v41; const float v43 = __builtin_copysignf(v42, v0);
  return v43;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_sinh_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.634cccccccccdp9;
  const double v3 = v2 ? 0x1.634cccccccccdp9 : v1;
  const double v4 = __builtin_fma(v3, 0x1.71547652b82fep0, 0x1.8p52);
  const double v5 = v4 - 0x1.8p52; const double v6 = __builtin_fma(v5, -0x1.62e42fefa39efp-1, v3);
  const double v7 = __builtin_fma(v5, -0x1.abc9e3b39803fp-56, v6);
  const double v8 = __builtin_fma(0x1.1f60cd9c00881p-29, v7, 0x1.af6fe4162d708p-26);
  const double v9 = __builtin_fma(v8, v7, 0x1.27e4e58e78563p-22);
  const double v10 = __builtin_fma(v9, v7, 0x1.71ddedb8ca825p-19);
  const double v11 = __builtin_fma(v10, v7, 0x1.a01a01a2fc252p-16);
  const double v12 = __builtin_fma(v11, v7, 0x1.a01a01b482d5bp-13);
  const double v13 = __builtin_fma(v12, v7, 0x1.6c16c16c16bdep-10);
  const double v14 = __builtin_fma(v13, v7, 0x1.111111110e992p-7);
  const double v15 = __builtin_fma(v14, v7, 0x1.5555555555555p-5);
  const double v16 = __builtin_fma(v15, v7, 0x1.555555555555cp-3);
  const double v17 = __builtin_fma(v16, v7, 0x1.0p-1); const double v18 = v7 * v7;
  const double v19 = __builtin_fma(v17, v18, v7); const double v20 = v19 + 0x1.0p0;
  const double v21 = 0x1.0p0 - v20; const double v22 = v21 + v19; const double v23 = v6 - v7;
  const double v24 = __builtin_fma(v5, -0x1.abc9e3b39803fp-56, v23); const double v25 = v22 + v24;
  const int64_t v26 = weft_kernel_int64_of_float64(0x1.0p-2);
  const int64_t v27 = weft_kernel_int64_of_float64(v4);
  const int64_t v28 = (int64_t)((uint64_t)v27 << (uint64_t)INT64_C(52));
  const int64_t v29 = (int64_t)((uint64_t)v26 + (uint64_t)v28);
  const double v30 = weft_kernel_float64_of_int64(v29); const double v31 = v20 * v30;
  const double v32 = v25 * v30; const double v33 = 0x1.0p-4 / v31; const double v34 = v31 - v33;
  const double v35 = v31 - v34; const double v36 = v35 - v33; const double v37 = v36 + v32;
  const double v38 = v34 + v37; const double v39 = v38 * 0x1.0p1;
  const double v40 = __builtin_fabs(v0); const double v41 = v40 * v40;
  const double v42 = __builtin_fma(0x1.b5caaba66b521p-41, v41, 0x1.6116efe64a58dp-33);
  const double v43 = __builtin_fma(v42, v41, 0x1.ae646ffc7005p-26);
  const double v44 = __builtin_fma(v43, v41, 0x1.71de3a3b022f6p-19);
  const double v45 = __builtin_fma(v44, v41, 0x1.a01a01a037285p-13);
  const double v46 = __builtin_fma(v45, v41, 0x1.111111111101ep-7);
  const double v47 = __builtin_fma(v46, v41, 0x1.5555555555556p-3); const int v48 = v40 >= 0x1.0p0;
  const double v49 = v40 * v41; const double v50 = __builtin_fma(v49, v47, v40);
  const double v51 = v48 ? v39 : v50; const double v52 = __builtin_copysign(v51, v0);
  return v52;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_tanh_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.4p3f;
  const float v3 = v2 ? 0x1.4p3f : v1; const float v4 = v3 * v3;
  const float v5 = __builtin_fmaf(-0x1.756d16p-8f, v4, 0x1.520a3ap-6f);
  const float v6 = __builtin_fmaf(v5, v4, -0x1.b83792p-5f);
  const float v7 = __builtin_fmaf(v6, v4, 0x1.1106fep-3f);
  const float v8 = __builtin_fmaf(v7, v4, -0x1.555532p-2f); const float v9 = v3 * v4;
  const float v10 = __builtin_fmaf(v9, v8, v3); const float v11 = v3 + v3;
  const float v12 = __builtin_fmaf(v11, 0x1.715476p0f, 0x1.8p23f);
  const float v13 = v12 - 0x1.8p23f; const float v14 = __builtin_fmaf(v13, -0x1.62e43p-1f, v11);
  const float v15 = __builtin_fmaf(v13, 0x1.05c61p-29f, v14);
  const float v16 = __builtin_fmaf(0x1.6d6a4ep-10f, v15, 0x1.123ac6p-7f);
  const float v17 = __builtin_fmaf(v16, v15, 0x1.5554cep-5f);
  const float v18 = __builtin_fmaf(v17, v15, 0x1.55549p-3f);
  const float v19 = __builtin_fmaf(v18, v15, 0x1.0p-1f); const float v20 = v15 * v15;
  const float v21 = __builtin_fmaf(v19, v20, v15); const float v22 = v21 + 0x1.0p0f;
  const int32_t v23 = weft_kernel_int32_of_float32(v22);
  const int32_t v24 = weft_kernel_int32_of_float32(v12);
  const int32_t v25 = (int32_t)((uint32_t)v24 << (uint32_t)23);
  const int32_t v26 = (int32_t)((uint32_t)v23 + (uint32_t)v25);
  const float v27 = weft_kernel_float32_of_int32(v26); const float v28 = v27 + 0x1.0p0f;
  const float v29 = 0x1.0p1f / v28; const float v30 = 0x1.0p0f - v29;
  const int v31 = v3 >= 0x1.4p-1f; const float v32 = v31 ? v30 : v10;
  const float v33 = __builtin_copysignf(v32, v0);
  return v33;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_tanh_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.4p4;
  const double v3 = v2 ? 0x1.4p4 : v1; const double v4 = v3 * v3;
  const double v5 = __builtin_fma(0x1.96039b7f0ec5ep-18, v4, -0x1.fac48fa64c508p-16);
  const double v6 = __builtin_fma(v5, v4, 0x1.801b4c4f7d7bdp-14);
  const double v7 = __builtin_fma(v6, v4, -0x1.f1133d8ab07f1p-13);
  const double v8 = __builtin_fma(v7, v4, 0x1.350b8640067c1p-11);
  const double v9 = __builtin_fma(v8, v4, -0x1.7d9c32ee7516ep-10);
  const double v10 = __builtin_fma(v9, v4, 0x1.d6d35a3607389p-9);
  const double v11 = __builtin_fma(v10, v4, -0x1.226e32cf8c3f3p-7);
  const double v12 = __builtin_fma(v11, v4, 0x1.664f4870c2d2p-6);
  const double v13 = __builtin_fma(v12, v4, -0x1.ba1ba1b9d1958p-5);
  const double v14 = __builtin_fma(v13, v4, 0x1.1111111110c52p-3);
  const double v15 = __builtin_fma(v14, v4, -0x1.5555555555552p-2); const double v16 = v3 * v4;
  const double v17 = __builtin_fma(v16, v15, v3); const double v18 = v3 + v3;
  const double v19 = __builtin_fma(v18, 0x1.71547652b82fep0, 0x1.8p52);
  const double v20 = v19 - 0x1.8p52;
  const double v21 = __builtin_fma(v20, -0x1.62e42fefa39efp-1, v18);
  const double v22 = __builtin_fma(v20, -0x1.abc9e3b39803fp-56, v21);
  const double v23 = __builtin_fma(0x1.1f60cd9c00881p-29, v22, 0x1.af6fe4162d708p-26);
  const double v24 = __builtin_fma(v23, v22, 0x1.27e4e58e78563p-22);
  const double v25 = __builtin_fma(v24, v22, 0x1.71ddedb8ca825p-19);
  const double v26 = __builtin_fma(v25, v22, 0x1.a01a01a2fc252p-16);
  const double v27 = __builtin_fma(v26, v22, 0x1.a01a01b482d5bp-13);
  const double v28 = __builtin_fma(v27, v22, 0x1.6c16c16c16bdep-10);
  const double v29 = __builtin_fma(v28, v22, 0x1.111111110e992p-7);
  const double v30 = __builtin_fma(v29, v22, 0x1.5555555555555p-5);
  const double v31 = __builtin_fma(v30, v22, 0x1.555555555555cp-3);
  const double v32 = __builtin_fma(v31, v22, 0x1.0p-1); const double v33 = v22 * v22;
  const double v34 = __builtin_fma(v32, v33, v22); const double v35 = v34 + 0x1.0p0;
  const double v36 = 0x1.0p0 - v35; const double v37 = v36 + v34; const double v38 = v21 - v22;
  const double v39 = __builtin_fma(v20, -0x1.abc9e3b39803fp-56, v38); const double v40 = v37 + v39;
  const int64_t v41 = weft_kernel_int64_of_float64(0x1.0p0);
  const int64_t v42 = weft_kernel_int64_of_float64(v19);
  const int64_t v43 = (int64_t)((uint64_t)v42 << (uint64_t)INT64_C(52));
  const int64_t v44 = (int64_t)((uint64_t)v41 + (uint64_t)v43);
  const double v45 = weft_kernel_float64_of_int64(v44); const double v46 = v35 * v45;
  const double v47 = v46 + 0x1.0p0; const double v48 = v46 - v47; const double v49 = v48 + 0x1.0p0;
  const double v50 = __builtin_fma(v40, v45, v49); const double v51 = 0x1.0p1 / v47;
  const double v52 = v51 * v51; const double v53 = v52 * -0x1.0p-1;
  const double v54 = __builtin_fma(v53, v50, v51); const double v55 = 0x1.0p0 - v54;
  const int v56 = v3 >= 0x1.4p-1; const double v57 = v56 ? v55 : v17;
  const double v58 = __builtin_copysign(v57, v0);
  return v58;
}

#define WEFT_KERNELS_Hyperbolic(UNARY, BINARY) \
  UNARY(cosh) UNARY(sinh) UNARY(tanh)
