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
  const double v5 = __builtin_fma(-0x1.a8bd739065271p-31, v4, 0x1.d60eecb33b876p-27);
  const double v6 = __builtin_fma(v5, v4, -0x1.5bddb7e3559d8p-23);
  const double v7 = __builtin_fma(v6, v4, 0x1.b9788cae360aep-20);
  const double v8 = __builtin_fma(v7, v4, -0x1.f4c980c42630ap-17);
  const double v9 = __builtin_fma(v8, v4, 0x1.f9a2ac1637569p-14);
  const double v10 = __builtin_fma(v9, v4, -0x1.c02daf913b2dap-11);
  const double v11 = __builtin_fma(v10, v4, 0x1.565bccf41c98fp-8);
  const double v12 = __builtin_fma(v11, v4, -0x1.b82ce311cd5bbp-6);
  const double v13 = __builtin_fma(v12, v4, 0x1.ce2f21a03ffb7p-4);
  const double v14 = __builtin_fma(v13, v4, -0x1.812746b0379a3p-2);
  const double v15 = __builtin_fma(v14, v4, 0x1.06eba8214db68p-3);
  const int v16 = v3 >= 0x1.e666666666666p0; const double v17 = v16 ? 0x1.4p1 : 0x1.8p0;
  const double v18 = v3 - v17; const double v19 = v16 ? -0x1.f3a2dc8691b94p2 : -0x1.b137096b18e96p1;
  const double v20 = v16 ? -0x1.56925248daa4cp2 : -0x1.c1206279e92bep1;
  const double v21 = v16 ? -0x1.e3460a18ca914p-1 : -0x1.c90827462a192p-1;
  const double v22 = v16 ? -0x1.63cc1da568e35p-7 : -0x1.a71a4bddf9246p-6;
  const double v23 = v16 ? 0x1.1bd5597f03176p-9 : 0x1.89a87b495242ep-8;
  const double v24 = v16 ? -0x1.b96137031f08bp-12 : -0x1.4992624e6fc16p-10;
  const double v25 = v16 ? 0x1.4316aa1527425p-14 : 0x1.c4e868b45ff04p-13;
  const double v26 = v16 ? -0x1.ac0721f7be0d6p-17 : -0x1.790b623ac8728p-16;
  const double v27 = v16 ? 0x1.db475d223a009p-20 : -0x1.6337f116f41d3p-19;
  const double v28 = v16 ? -0x1.4d2aea6a11a8dp-23 : 0x1.3e225770b39cp-19;
  const double v29 = v16 ? -0x1.03acaea33ebbep-26 : -0x1.b89514b4cb695p-21;
  const double v30 = v16 ? 0x1.756e32765543dp-27 : 0x1.9fcb2854be222p-23;
  const double v31 = v16 ? -0x1.fcee9f1709f65p-30 : -0x1.82456dca22fddp-26;
  const double v32 = __builtin_fma(v31, v18, v30); const double v33 = __builtin_fma(v32, v18, v29);
  const double v34 = __builtin_fma(v33, v18, v28); const double v35 = __builtin_fma(v34, v18, v27);
  const double v36 = __builtin_fma(v35, v18, v26); const double v37 = __builtin_fma(v36, v18, v25);
  const double v38 = __builtin_fma(v37, v18, v24); const double v39 = __builtin_fma(v38, v18, v23);
  const double v40 = __builtin_fma(v39, v18, v22); const double v41 = __builtin_fma(v40, v18, v21);
  const double v42 = __builtin_fma(v41, v18, v20); const double v43 = __builtin_fma(v42, v18, v19);
  const double v44 = __builtin_fma(v43, 0x1.71547652b82fep0, 0x1.8p52);
  const double v45 = v44 - 0x1.8p52;
  const double v46 = __builtin_fma(v45, -0x1.62e42fefa39efp-1, v43);
  const double v47 = __builtin_fma(v45, -0x1.abc9e3b39803fp-56, v46);
  const double v48 = __builtin_fma(0x1.af6e0c41d4584p-26, v47, 0x1.28b116fdcaec1p-22);
  const double v49 = __builtin_fma(v48, v47, 0x1.71ddef249406p-19);
  const double v50 = __builtin_fma(v49, v47, 0x1.a019959b4690ap-16);
  const double v51 = __builtin_fma(v50, v47, 0x1.a01a01b3b7ca5p-13);
  const double v52 = __builtin_fma(v51, v47, 0x1.6c16c18610c88p-10);
  const double v53 = __builtin_fma(v52, v47, 0x1.111111110ec93p-7);
  const double v54 = __builtin_fma(v53, v47, 0x1.555555554fde8p-5);
  const double v55 = __builtin_fma(v54, v47, 0x1.555555555555bp-3);
  const double v56 = __builtin_fma(v55, v47, 0x1.000000000000cp-1); const double v57 = v47 * v47;
  const double v58 = __builtin_fma(v56, v57, v47); const double v59 = v58 + 0x1.0p0;
  const int64_t v60 = weft_kernel_int64_of_float64(v59);
  const int64_t v61 = weft_kernel_int64_of_float64(v44);
  const int64_t v62 = (int64_t)((uint64_t)v61 << (uint64_t)INT64_C(52));
  const int64_t v63 = (int64_t)((uint64_t)v60 + (uint64_t)v62);
  const double v64 = weft_kernel_float64_of_int64(v63); const double v65 = 0x1.0p0 - v64;
  const int v66 = v3 >= 0x1.0p0; const double v67 = __builtin_fma(v3, v15, v3);
  const double v68 = v66 ? v65 : v67; const double v69 = __builtin_copysign(v68, v0);
  return v69;
}

#define WEFT_KERNELS_ErrorFunction(UNARY, BINARY) \
  UNARY(erf)
