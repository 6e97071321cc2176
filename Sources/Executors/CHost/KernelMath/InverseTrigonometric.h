// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_acos_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.0p-1f;
  const float v3 = __builtin_fmaf(v1, -0x1.0p-1f, 0x1.0p-1f); const float v4 = v1 * v1;
  const float v5 = v2 ? v3 : v4; const float v6 = __builtin_elementwise_sqrt(v3);
  const float v7 = v2 ? v6 : v1;
  const float v8 = __builtin_fmaf(0x1.59596cp-5f, v5, 0x1.8c4178p-6f);
  const float v9 = __builtin_fmaf(v8, v5, 0x1.747b72p-5f);
  const float v10 = __builtin_fmaf(v9, v5, 0x1.330206p-4f);
  const float v11 = __builtin_fmaf(v10, v5, 0x1.5555c8p-3f); const float v12 = v7 * v5;
  const float v13 = v12 * v11; const int v14 = v0 < 0.0f;
  const float v15 = v14 ? -0x1.0p1f : 0x1.0p1f; const float v16 = v14 ? 0x1.0p0f : -0x1.0p0f;
  const float v17 = v2 ? v15 : v16; const float v18 = v14 ? 0x1.921fb6p1f : 0.0f;
  const float v19 = v2 ? v18 : 0x1.921fb6p0f; const float v20 = v7 * v17;
  const float v21 = v19 + v20; const float v22 = v19 - v21; const float v23 = v22 + v20;
  const float v24 = v14 ? -0x1.777a5cp-24f : 0.0f; const float v25 = v2 ? v24 : -0x1.777a5cp-25f;
  const float v26 = __builtin_fmaf(v13, v17, v25); const float v27 = v23 + v26;
  const float v28 = v21 + v27;
  return v28;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_acos_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.0p-1;
  const double v3 = __builtin_fma(v1, -0x1.0p-1, 0x1.0p-1); const double v4 = v1 * v1;
  const double v5 = v2 ? v3 : v4; const double v6 = __builtin_elementwise_sqrt(v3);
  const double v7 = v2 ? v6 : v1;
  const double v8 = __builtin_fma(0x1.056a7626e207fp-5, v5, -0x1.09caa70772b79p-6);
  const double v9 = __builtin_fma(v8, v5, 0x1.3fef5de6d71cfp-6);
  const double v10 = __builtin_fma(v9, v5, 0x1.abd6dab2a9c76p-8);
  const double v11 = __builtin_fma(v10, v5, 0x1.8ec228dddecebp-7);
  const double v12 = __builtin_fma(v11, v5, 0x1.c6fddfe4a6cc8p-7);
  const double v13 = __builtin_fma(v12, v5, 0x1.1c6be041e2df5p-6);
  const double v14 = __builtin_fma(v13, v5, 0x1.6e89f454a97b1p-6);
  const double v15 = __builtin_fma(v14, v5, 0x1.f1c72c384b19bp-6);
  const double v16 = __builtin_fma(v15, v5, 0x1.6db6db427bc45p-5);
  const double v17 = __builtin_fma(v16, v5, 0x1.333333336e7ffp-4);
  const double v18 = __builtin_fma(v17, v5, 0x1.555555555539p-3); const double v19 = -v6;
  const double v20 = __builtin_fma(v19, v6, v3); const double v21 = v6 + 0x1.56e1fc2f8f359p-997;
  const double v22 = 0x1.0p-1 / v21; const double v23 = v20 * v22; const double v24 = v7 * v5;
  const double v25 = v2 ? v23 : 0.0; const double v26 = __builtin_fma(v24, v18, v25);
  const int v27 = v0 < 0.0; const double v28 = v27 ? -0x1.0p1 : 0x1.0p1;
  const double v29 = v27 ? 0x1.0p0 : -0x1.0p0; const double v30 = v2 ? v28 : v29;
  const double v31 = v27 ? 0x1.921fb54442d18p1 : 0.0;
  const double v32 = v2 ? v31 : 0x1.921fb54442d18p0; const double v33 = v7 * v30;
  const double v34 = v32 + v33; const double v35 = v32 - v34; const double v36 = v35 + v33;
  const double v37 = v27 ? 0x1.1a62633145c07p-53 : 0.0;
  const double v38 = v2 ? v37 : 0x1.1a62633145c07p-54;
  const double v39 = __builtin_fma(v26, v30, v38); const double v40 = v36 + v39;
  const double v41 = v34 + v40;
  return v41;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_asin_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.0p-1f;
  const float v3 = __builtin_fmaf(v1, -0x1.0p-1f, 0x1.0p-1f); const float v4 = v1 * v1;
  const float v5 = v2 ? v3 : v4; const float v6 = __builtin_elementwise_sqrt(v3);
  const float v7 = v2 ? v6 : v1;
  const float v8 = __builtin_fmaf(0x1.59596cp-5f, v5, 0x1.8c4178p-6f);
  const float v9 = __builtin_fmaf(v8, v5, 0x1.747b72p-5f);
  const float v10 = __builtin_fmaf(v9, v5, 0x1.330206p-4f);
  const float v11 = __builtin_fmaf(v10, v5, 0x1.5555c8p-3f); const float v12 = v7 * v5;
  const float v13 = v12 * v11; const float v14 = v7 * -0x1.0p1f;
  const float v15 = v14 + 0x1.921fb6p0f; const float v16 = 0x1.921fb6p0f - v15;
  const float v17 = v16 + v14; const float v18 = __builtin_fmaf(v13, -0x1.0p1f, -0x1.777a5cp-25f);
  const float v19 = v17 + v18; const float v20 = v15 + v19; const float v21 = v7 + v13;
  const float v22 = v2 ? v20 : v21; const float v23 = __builtin_copysignf(v22, v0);
  return v23;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_asin_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.0p-1;
  const double v3 = __builtin_fma(v1, -0x1.0p-1, 0x1.0p-1); const double v4 = v1 * v1;
  const double v5 = v2 ? v3 : v4; const double v6 = __builtin_elementwise_sqrt(v3);
  const double v7 = v2 ? v6 : v1;
  const double v8 = __builtin_fma(0x1.056a7626e207fp-5, v5, -0x1.09caa70772b79p-6);
  const double v9 = __builtin_fma(v8, v5, 0x1.3fef5de6d71cfp-6);
  const double v10 = __builtin_fma(v9, v5, 0x1.abd6dab2a9c76p-8);
  const double v11 = __builtin_fma(v10, v5, 0x1.8ec228dddecebp-7);
  const double v12 = __builtin_fma(v11, v5, 0x1.c6fddfe4a6cc8p-7);
  const double v13 = __builtin_fma(v12, v5, 0x1.1c6be041e2df5p-6);
  const double v14 = __builtin_fma(v13, v5, 0x1.6e89f454a97b1p-6);
  const double v15 = __builtin_fma(v14, v5, 0x1.f1c72c384b19bp-6);
  const double v16 = __builtin_fma(v15, v5, 0x1.6db6db427bc45p-5);
  const double v17 = __builtin_fma(v16, v5, 0x1.333333336e7ffp-4);
  const double v18 = __builtin_fma(v17, v5, 0x1.555555555539p-3); const double v19 = -v6;
  const double v20 = __builtin_fma(v19, v6, v3); const double v21 = v6 + 0x1.56e1fc2f8f359p-997;
  const double v22 = 0x1.0p-1 / v21; const double v23 = v20 * v22; const double v24 = v7 * v5;
  const double v25 = v2 ? v23 : 0.0; const double v26 = __builtin_fma(v24, v18, v25);
  const double v27 = v7 * -0x1.0p1; const double v28 = v27 + 0x1.921fb54442d18p0;
  const double v29 = 0x1.921fb54442d18p0 - v28; const double v30 = v29 + v27;
  const double v31 = __builtin_fma(v26, -0x1.0p1, 0x1.1a62633145c07p-54);
  const double v32 = v30 + v31; const double v33 = v28 + v32; const double v34 = v7 + v26;
  const double v35 = v2 ? v33 : v34; const double v36 = __builtin_copysign(v35, v0);
  return v36;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_atan_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fabsf(v0); const int v2 = v1 > 0x1.0p0f;
  const float v3 = -0x1.0p0f / v1; const float v4 = v2 ? v3 : v1;
  const float v5 = v2 ? 0x1.921fb6p0f : 0.0f; const float v6 = v2 ? -0x1.777a5cp-25f : 0.0f;
  const int v7 = v1 < 0x1.0p60f; const int v8 = v2 & v7; const float v9 = v4 * v4;
  const float v10 = __builtin_fmaf(-0x1.d47828p-10f, v9, 0x1.64b212p-7f);
  const float v11 = __builtin_fmaf(v10, v9, -0x1.fdefc4p-6f);
  const float v12 = __builtin_fmaf(v11, v9, 0x1.da59eap-5f);
  const float v13 = __builtin_fmaf(v12, v9, -0x1.581456p-4f);
  const float v14 = __builtin_fmaf(v13, v9, 0x1.c08f2ep-4f);
  const float v15 = __builtin_fmaf(v14, v9, -0x1.2420b4p-3f);
  const float v16 = __builtin_fmaf(v15, v9, 0x1.9991e6p-3f);
  const float v17 = __builtin_fmaf(v16, v9, -0x1.55553ep-2f); const float v18 = v4 * v9;
  const float v19 = __builtin_fmaf(v18, v17, v6); const float v20 = v4 + v19;
  const float v21 = v5 + v20; const float v22 = __builtin_copysignf(v21, v0);
  return v22;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_atan_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fabs(v0); const int v2 = v1 > 0x1.0p0;
  const double v3 = -0x1.0p0 / v1; const double v4 = v2 ? v3 : v1;
  const double v5 = v2 ? 0x1.921fb54442d18p0 : 0.0;
  const double v6 = v2 ? 0x1.1a62633145c07p-54 : 0.0; const int v7 = v1 < 0x1.0p60;
  const int v8 = v2 & v7; const double v9 = __builtin_fma(v4, v1, 0x1.0p0);
  const double v10 = v9 * v4; const double v11 = v8 ? v10 : 0.0; const double v12 = v4 * v4;
  const double v13 = __builtin_fma(0x1.bbe2f6547c781p-17, v12, -0x1.3f2fabb9ead91p-13);
  const double v14 = __builtin_fma(v13, v12, 0x1.b3f32b59d82d7p-11);
  const double v15 = __builtin_fma(v14, v12, -0x1.7a3439c7135fap-9);
  const double v16 = __builtin_fma(v15, v12, 0x1.d7b3f35e954f5p-8);
  const double v17 = __builtin_fma(v16, v12, -0x1.c78c2446c21b4p-7);
  const double v18 = __builtin_fma(v17, v12, 0x1.683ada3a6569p-6);
  const double v19 = __builtin_fma(v18, v12, -0x1.e9f87c6336bb6p-6);
  const double v20 = __builtin_fma(v19, v12, 0x1.2c2ddeeb76452p-5);
  const double v21 = __builtin_fma(v20, v12, -0x1.59a3c1bf5fbe7p-5);
  const double v22 = __builtin_fma(v21, v12, 0x1.82dac05b9ec17p-5);
  const double v23 = __builtin_fma(v22, v12, -0x1.ae5e6bf835226p-5);
  const double v24 = __builtin_fma(v23, v12, 0x1.e1bba4eafd4cap-5);
  const double v25 = __builtin_fma(v24, v12, -0x1.110e5107331a7p-4);
  const double v26 = __builtin_fma(v25, v12, 0x1.3b13669660862p-4);
  const double v27 = __builtin_fma(v26, v12, -0x1.745d11ae25419p-4);
  const double v28 = __builtin_fma(v27, v12, 0x1.c71c717fcb4bdp-4);
  const double v29 = __builtin_fma(v28, v12, -0x1.249249237f483p-3);
  const double v30 = __builtin_fma(v29, v12, 0x1.99999999955b1p-3);
  const double v31 = __builtin_fma(v30, v12, -0x1.5555555555526p-2);
  const double v32 = __builtin_fma(v12, -0x1.0p-1, 0x1.e9fbe76c8b439p-1);
  const double v33 = __builtin_fma(v11, v32, v6); const double v34 = v5 + v4;
  const double v35 = v5 - v34; const double v36 = v35 + v4; const double v37 = v4 * v12;
  const double v38 = __builtin_fma(v37, v31, v33); const double v39 = v36 + v38;
  const double v40 = v34 + v39; const double v41 = __builtin_copysign(v40, v0);
  return v41;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_atan2_f32(
  float v0, float v1, __attribute__((unused)) int *rare) {
  const float v2 = __builtin_fabsf(v1); const float v3 = __builtin_fabsf(v0);
  const int v4 = v3 > v2; const int32_t v5 = weft_kernel_int32_of_float32(v1);
  const int v6 = v5 < 0; const float v7 = v4 ? v2 : v3; const float v8 = v4 ? v3 : v2;
  const int v9 = v4 ^ v6; const float v10 = v6 ? 0x1.921fb6p1f : 0.0f;
  const float v11 = v4 ? 0x1.921fb6p0f : v10; const float v12 = v6 ? -0x1.777a5cp-24f : 0.0f;
  const float v13 = v4 ? -0x1.777a5cp-25f : v12; const float v14 = v7 / v8; float v15 = v14;
  const int v16 = v8 > 0.0f; const int v17 = v8 < INFINITY; const int v18 = v16 & v17;
  const int v19 = v18 ^ 1;
  if (rare) *rare |= v19;
  else if (v19) {
    const int v20 = v8 == 0.0f; const float v21 = v20 ? 0.0f : 0x1.0p0f; const int v22 = v7 == v8;
    const float v23 = v22 ? v21 : v15; v15 = v23;
  }
  const float v24 = -v15; const float v25 = v9 ? v24 : v15; const float v26 = v25 * v25;
  const float v27 = __builtin_fmaf(-0x1.d47828p-10f, v26, 0x1.64b212p-7f);
  const float v28 = __builtin_fmaf(v27, v26, -0x1.fdefc4p-6f);
  const float v29 = __builtin_fmaf(v28, v26, 0x1.da59eap-5f);
  const float v30 = __builtin_fmaf(v29, v26, -0x1.581456p-4f);
  const float v31 = __builtin_fmaf(v30, v26, 0x1.c08f2ep-4f);
  const float v32 = __builtin_fmaf(v31, v26, -0x1.2420b4p-3f);
  const float v33 = __builtin_fmaf(v32, v26, 0x1.9991e6p-3f);
  const float v34 = __builtin_fmaf(v33, v26, -0x1.55553ep-2f); const float v35 = v25 * v26;
  const float v36 = __builtin_fmaf(v35, v34, v13); const float v37 = v25 + v36;
  const float v38 = v11 + v37; const float v39 = __builtin_copysignf(v38, v0);
  return v39;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_atan2_f64(
  double v0, double v1, __attribute__((unused)) int *rare) {
  const double v2 = __builtin_fabs(v1); const double v3 = __builtin_fabs(v0);
  const int v4 = v3 > v2; const int64_t v5 = weft_kernel_int64_of_float64(v1);
  const int v6 = v5 < INT64_C(0); const double v7 = v4 ? v2 : v3; const double v8 = v4 ? v3 : v2;
  const int v9 = v4 ^ v6; const double v10 = v6 ? 0x1.921fb54442d18p1 : 0.0;
  const double v11 = v4 ? 0x1.921fb54442d18p0 : v10;
  const double v12 = v6 ? 0x1.1a62633145c07p-53 : 0.0;
  const double v13 = v4 ? 0x1.1a62633145c07p-54 : v12; const double v14 = v7 + v7;
  const int v15 = v14 >= v8; const double v16 = v7 + v8; const double v17 = v7 - v8;
  const double v18 = v15 ? v17 : v7; const double v19 = v15 ? v16 : v8; const double v20 = v16 - v8;
  const double v21 = v7 - v20; const double v22 = v15 ? v21 : 0.0; const double v23 = 0x1.0p0 / v19;
  const double v24 = v18 * v23; double v25 = v24; const double v26 = -v24; const double v27 = -v24;
  const double v28 = __builtin_fma(v27, v19, v18); const double v29 = __builtin_fma(v26, v22, v28);
  const double v30 = v29 * v23; double v31 = v30; int v32 = v15;
  const double v33 = __builtin_fabs(v24); const int v34 = v33 > 0x1.0p-1000;
  const int v35 = v7 > 0x1.0p-900; const int v36 = v34 & v35; const int v37 = v7 == 0.0;
  const int v38 = v36 | v37; const int v39 = v7 == v8; const int v40 = v38 | v39;
  const int v41 = v8 >= 0x1.0p-900; const int v42 = v8 <= 0x1.0p1000; const int v43 = v41 & v42;
  const int v44 = v43 & v40; const int v45 = v44 ^ 1;
  if (rare) *rare |= v45;
  else if (v45) {
    const int v46 = v8 == 0.0; const double v47 = v46 ? 0.0 : 0x1.0p0; const int v48 = v7 == v8;
    const double v49 = v7 / v8; const double v50 = v48 ? v47 : v49; v25 = v50; v31 = 0.0; v32 = 0;
  }
  const double v51 = v6 ? 0x1.2d97c7f3321d2p1 : 0x1.921fb54442d18p-1;
  const double v52 = v6 ? 0x1.a79394c9e8a0ap-54 : 0x1.1a62633145c07p-55; const double v53 = -v25;
  const double v54 = v9 ? v53 : v25; const double v55 = v32 ? v51 : v11;
  const double v56 = v32 ? v52 : v13; const double v57 = -v31; const double v58 = v9 ? v57 : v31;
  const double v59 = v54 * v54;
  const double v60 = __builtin_fma(0x1.bbe2f6547c781p-17, v59, -0x1.3f2fabb9ead91p-13);
  const double v61 = __builtin_fma(v60, v59, 0x1.b3f32b59d82d7p-11);
  const double v62 = __builtin_fma(v61, v59, -0x1.7a3439c7135fap-9);
  const double v63 = __builtin_fma(v62, v59, 0x1.d7b3f35e954f5p-8);
  const double v64 = __builtin_fma(v63, v59, -0x1.c78c2446c21b4p-7);
  const double v65 = __builtin_fma(v64, v59, 0x1.683ada3a6569p-6);
  const double v66 = __builtin_fma(v65, v59, -0x1.e9f87c6336bb6p-6);
  const double v67 = __builtin_fma(v66, v59, 0x1.2c2ddeeb76452p-5);
  const double v68 = __builtin_fma(v67, v59, -0x1.59a3c1bf5fbe7p-5);
  const double v69 = __builtin_fma(v68, v59, 0x1.82dac05b9ec17p-5);
  const double v70 = __builtin_fma(v69, v59, -0x1.ae5e6bf835226p-5);
  const double v71 = __builtin_fma(v70, v59, 0x1.e1bba4eafd4cap-5);
  const double v72 = __builtin_fma(v71, v59, -0x1.110e5107331a7p-4);
  const double v73 = __builtin_fma(v72, v59, 0x1.3b13669660862p-4);
  const double v74 = __builtin_fma(v73, v59, -0x1.745d11ae25419p-4);
  const double v75 = __builtin_fma(v74, v59, 0x1.c71c717fcb4bdp-4);
  const double v76 = __builtin_fma(v75, v59, -0x1.249249237f483p-3);
  const double v77 = __builtin_fma(v76, v59, 0x1.99999999955b1p-3);
  const double v78 = __builtin_fma(v77, v59, -0x1.5555555555526p-2);
  const double v79 = __builtin_fma(v59, -0x1.0p-1, 0x1.e9fbe76c8b439p-1);
  const double v80 = __builtin_fma(v58, v79, v56); const double v81 = v55 + v54;
  const double v82 = v55 - v81; const double v83 = v82 + v54; const double v84 = v54 * v59;
  const double v85 = __builtin_fma(v84, v78, v80); const double v86 = v83 + v85;
  const double v87 = v81 + v86; const double v88 = __builtin_copysign(v87, v0);
  return v88;
}

#define WEFT_KERNELS_InverseTrigonometric(UNARY, BINARY) \
  UNARY(acos) UNARY(asin) UNARY(atan) BINARY(atan2)
