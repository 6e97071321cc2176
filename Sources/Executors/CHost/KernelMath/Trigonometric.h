// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static const uint64_t weft_kernel_cos_f32_table[] = {
  0x0, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
  0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x6492eea09d1921c, 0xfe1deb1cb129a73e,
  0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
  0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
  0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
  0xf0cfbc209af4361d, 0x0, 0x0, 0x0,
  0x0, 0x0, 0x0, 0x0,
  0x0, 0x0, 0x0, 0x0,
  0x0, 0x0, 0x0, 0x0,
};
static inline __attribute__((always_inline, unused)) float weft_kernel_cos_f32(
  float v0, __attribute__((unused)) int *rare) {
  const float v1 = __builtin_fmaf(v0, 0x1.45f306p-1f, 0x1.8p23f); const float v2 = v1 - 0x1.8p23f;
  const float v3 = __builtin_fmaf(v2, -0x1.921fb6p0f, v0); const float v4 = v2 * -0x1.777a5cp-25f;
  const float v5 = -v4; const float v6 = __builtin_fmaf(v2, -0x1.777a5cp-25f, v5);
  const float v7 = v3 - v4; const float v8 = v3 - v7; const float v9 = v8 - v4;
  const float v10 = v9 - v6; const float v11 = __builtin_fmaf(v2, 0x1.ee59dap-50f, v10);
  const int32_t v12 = weft_kernel_int32_of_float32(v1); int32_t v13 = v12; float v14 = v7;
  float v15 = v11; const float v16 = __builtin_fabsf(v0); const int v17 = v16 < 0x1.0p17f;
  const int v18 = v17 ^ 1;
  if (rare) *rare |= v18;
  else if (v18) {
    const float v19 = __builtin_fabsf(v0); const uint32_t v20 = weft_kernel_uint32_of_float32(v19);
    const uint32_t v21 = v20 & 0x7fffffu; const uint32_t v22 = v21 | 0x800000u;
    const uint64_t v23 = (uint64_t)v22; const uint32_t v24 = v20 >> 0x17u;
    const uint64_t v25 = (uint64_t)v24; const uint64_t v26 = v25 - UINT64_C(0x58);
    const uint64_t v27 = v26 >> UINT64_C(0x6); const uint64_t v28 = v27 & UINT64_C(0x1f);
    const int64_t v29 = (int64_t)v28; const uint64_t v30 = v26 & UINT64_C(0x3f);
    const uint64_t v31 = UINT64_C(0x3f) - v30;
    const int64_t v32 = (int64_t)((uint64_t)v29 + (uint64_t)INT64_C(0));
    const uint64_t v33 = weft_kernel_cos_f32_table[v32];
    const int64_t v34 = (int64_t)((uint64_t)v29 + (uint64_t)INT64_C(1));
    const uint64_t v35 = weft_kernel_cos_f32_table[v34];
    const int64_t v36 = (int64_t)((uint64_t)v29 + (uint64_t)INT64_C(2));
    const uint64_t v37 = weft_kernel_cos_f32_table[v36]; const uint64_t v38 = v33 << v30;
    const uint64_t v39 = v35 >> UINT64_C(0x1); const uint64_t v40 = v39 >> v31;
    const uint64_t v41 = v38 | v40; const uint64_t v42 = v35 << v30;
    const uint64_t v43 = v37 >> UINT64_C(0x1); const uint64_t v44 = v43 >> v31;
    const uint64_t v45 = v42 | v44; const uint64_t v46 = v23 * v41;
    const uint64_t v47 = (uint64_t)((unsigned __int128)v23 * v45 >> 64);
    const uint64_t v48 = v46 + v47; const int v49 = v0 < 0.0f;
    const uint64_t v50 = (uint64_t)(0 - (uint64_t)v48); const uint64_t v51 = v49 ? v50 : v48;
    const uint64_t v52 = v51 + UINT64_C(0x2000000000000000);
    const uint64_t v53 = v52 >> UINT64_C(0x3e); const uint64_t v54 = v51 << UINT64_C(0x2);
    const int64_t v55 = (int64_t)v54; const double v56 = (double)v55;
    const double v57 = v56 * 0x1.921fb54442d18p-64; const float v58 = (float)v57;
    const double v59 = (double)v58; const double v60 = v57 - v59; const float v61 = (float)v60;
    const int32_t v62 = (int32_t)v53; v13 = v62; const float v63 = __builtin_fabsf(v0);
    const int v64 = v63 < INFINITY; const float v65 = v64 ? v58 : NAN; v14 = v65; v15 = v61;
  }
  const int32_t v66 = (int32_t)((uint32_t)v13 + (uint32_t)1);
  const int32_t v67 = (int32_t)((uint32_t)v66 & (uint32_t)1); const int v68 = v67 != 0;
  const float v69 = v14 * v14;
  const float v70 = __builtin_fmaf(0x1.99e246p-16f, v69, -0x1.6c0c1cp-10f);
  const float v71 = __builtin_fmaf(v70, v69, 0x1.55554ap-5f);
  const float v72 = __builtin_fmaf(v71, v69, -0x1.0p-1f);
  const float v73 = __builtin_fmaf(v72, v69, 0x1.0p0f); const float v74 = v14 * v14;
  const float v75 = v14 * v74;
  const float v76 = __builtin_fmaf(-0x1.9951fap-13f, v74, 0x1.110774p-7f);
  const float v77 = __builtin_fmaf(v76, v74, -0x1.555546p-3f);
  const float v78 = __builtin_fmaf(v75, v77, v15); const float v79 = v14 + v78;
  const float v80 = v68 ? v73 : v79; const int32_t v81 = (int32_t)((uint32_t)v66 & (uint32_t)2);
  const int32_t v82 = (int32_t)((uint32_t)v81 << (uint32_t)30);
  const int32_t v83 = weft_kernel_int32_of_float32(v80);
  const int32_t v84 = (int32_t)((uint32_t)v83 ^ (uint32_t)v82);
  const float v85 = weft_kernel_float32_of_int32(v84);
  return v85;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_cos_f64(
  double v0, __attribute__((unused)) int *rare) {
  const double v1 = __builtin_fma(v0, 0x1.45f306dc9c883p-1, 0x1.8p52);
  const double v2 = v1 - 0x1.8p52; const double v3 = __builtin_fma(v2, -0x1.921fb54442d18p0, v0);
  const double v4 = v2 * 0x1.1a62633145c07p-54; const double v5 = -v4;
  const double v6 = __builtin_fma(v2, 0x1.1a62633145c07p-54, v5); const double v7 = v3 - v4;
  const double v8 = v3 - v7; const double v9 = v8 - v4; const double v10 = v9 - v6;
  const double v11 = __builtin_fma(v2, 0x1.f1976b7ed8fbcp-110, v10);
  const int64_t v12 = weft_kernel_int64_of_float64(v1); int64_t v13 = v12; double v14 = v7;
  double v15 = v11; const double v16 = __builtin_fabs(v0); const int v17 = v16 < 0x1.0p30;
  const int v18 = v17 ^ 1;
  if (rare) *rare |= v18;
  else if (v18) {
    const double v19 = __builtin_fabs(v0); const uint64_t v20 = weft_kernel_uint64_of_float64(v19);
    const uint64_t v21 = v20 & UINT64_C(0xfffffffffffff);
    const uint64_t v22 = v21 | UINT64_C(0x10000000000000);
    const uint64_t v23 = v20 >> UINT64_C(0x34); const uint64_t v24 = v23 - UINT64_C(0x3f5);
    const uint64_t v25 = v24 >> UINT64_C(0x6); const uint64_t v26 = v25 & UINT64_C(0x1f);
    const int64_t v27 = (int64_t)v26; const uint64_t v28 = v24 & UINT64_C(0x3f);
    const uint64_t v29 = UINT64_C(0x3f) - v28;
    const int64_t v30 = (int64_t)((uint64_t)v27 + (uint64_t)INT64_C(0));
    const uint64_t v31 = weft_kernel_cos_f32_table[v30];
    const int64_t v32 = (int64_t)((uint64_t)v27 + (uint64_t)INT64_C(1));
    const uint64_t v33 = weft_kernel_cos_f32_table[v32];
    const int64_t v34 = (int64_t)((uint64_t)v27 + (uint64_t)INT64_C(2));
    const uint64_t v35 = weft_kernel_cos_f32_table[v34];
    const int64_t v36 = (int64_t)((uint64_t)v27 + (uint64_t)INT64_C(3));
    const uint64_t v37 = weft_kernel_cos_f32_table[v36]; const uint64_t v38 = v31 << v28;
    const uint64_t v39 = v33 >> UINT64_C(0x1); const uint64_t v40 = v39 >> v29;
    const uint64_t v41 = v38 | v40; const uint64_t v42 = v33 << v28;
    const uint64_t v43 = v35 >> UINT64_C(0x1); const uint64_t v44 = v43 >> v29;
    const uint64_t v45 = v42 | v44; const uint64_t v46 = v35 << v28;
    const uint64_t v47 = v37 >> UINT64_C(0x1); const uint64_t v48 = v47 >> v29;
    const uint64_t v49 = v46 | v48; const uint64_t v50 = v22 * v45;
    const uint64_t v51 = (uint64_t)((unsigned __int128)v22 * v49 >> 64);
    const uint64_t v52 = v50 + v51; const int v53 = v52 < v50;
    const uint64_t v54 = v53 ? UINT64_C(0x1) : UINT64_C(0x0); const uint64_t v55 = v22 * v41;
    const uint64_t v56 = (uint64_t)((unsigned __int128)v22 * v45 >> 64);
    const uint64_t v57 = v55 + v56; const uint64_t v58 = v57 + v54;
    const uint64_t v59 = v58 + UINT64_C(0x2000000000000000);
    const uint64_t v60 = v59 >> UINT64_C(0x3e); const int64_t v61 = (int64_t)v60;
    const uint64_t v62 = v58 << UINT64_C(0x2); const uint64_t v63 = v52 >> UINT64_C(0x3e);
    const uint64_t v64 = v62 | v63; const uint64_t v65 = v64 & UINT64_C(0xfffffffffffff800);
    const int64_t v66 = (int64_t)v65; const double v67 = (double)v66;
    const uint64_t v68 = v64 & UINT64_C(0x7ff); const int64_t v69 = (int64_t)v68;
    const double v70 = (double)v69; const uint64_t v71 = v52 << UINT64_C(0x2);
    const double v72 = (double)v71; const double v73 = v72 * 0x1.0p-64;
    const double v74 = v70 + v73; const double v75 = v67 + v74; const double v76 = v67 - v75;
    const double v77 = v76 + v74; const double v78 = v75 * 0x1.921fb54442d18p-64;
    const double v79 = -v78; const double v80 = __builtin_fma(v75, 0x1.921fb54442d18p-64, v79);
    const double v81 = v77 * 0x1.921fb54442d18p-64;
    const double v82 = __builtin_fma(v75, 0x1.1a62633145c07p-118, v81);
    const double v83 = v80 + v82; const int v84 = v0 < 0.0;
    const int64_t v85 = (int64_t)(0 - (uint64_t)v61); const int64_t v86 = v84 ? v85 : v61;
    const double v87 = -v78; const double v88 = v84 ? v87 : v78; const double v89 = -v83;
    const double v90 = v84 ? v89 : v83; v13 = v86; const double v91 = __builtin_fabs(v0);
    const int v92 = v91 < (double)INFINITY; const double v93 = v92 ? v88 : (double)NAN; v14 = v93;
    v15 = v90;
  }
  const int64_t v94 = (int64_t)((uint64_t)v13 + (uint64_t)INT64_C(1));
  const int64_t v95 = (int64_t)((uint64_t)v94 & (uint64_t)INT64_C(1));
  const int v96 = v95 != INT64_C(0); const double v97 = v14 * v14;
  const double v98 = __builtin_fma(-0x1.8fb00e70f76a9p-37, v97, 0x1.1ee9ef6aba53cp-29);
  const double v99 = __builtin_fma(v98, v97, -0x1.27e4f810662efp-22);
  const double v100 = __builtin_fma(v99, v97, 0x1.a01a019cbcff3p-16);
  const double v101 = __builtin_fma(v100, v97, -0x1.6c16c16c15211p-10);
  const double v102 = __builtin_fma(v101, v97, 0x1.555555555554cp-5);
  const double v103 = v97 * 0x1.0p-1; const double v104 = 0x1.0p0 - v103;
  const double v105 = 0x1.0p0 - v104; const double v106 = v105 - v103;
  const double v107 = v97 * v97; const double v108 = v14 * v15; const double v109 = -v108;
  const double v110 = __builtin_fma(v107, v102, v109); const double v111 = v106 + v110;
  const double v112 = v104 + v111; const double v113 = v14 * v14;
  const double v114 = __builtin_fma(0x1.5d8d0e68444e6p-33, v113, -0x1.ae5e50d71eeacp-26);
  const double v115 = __builtin_fma(v114, v113, 0x1.71de355b00df5p-19);
  const double v116 = __builtin_fma(v115, v113, -0x1.a01a019bee696p-13);
  const double v117 = __builtin_fma(v116, v113, 0x1.111111110f74ap-7);
  const double v118 = __builtin_fma(v117, v113, -0x1.5555555555548p-3);
  const double v119 = v14 * v113; const double v120 = v113 * -0x1.0p-1;
  const double v121 = __builtin_fma(v120, v15, v15);
  const double v122 = __builtin_fma(v119, v118, v121); const double v123 = v14 + v122;
  const double v124 = v96 ? v112 : v123;
  const int64_t v125 = (int64_t)((uint64_t)v94 & (uint64_t)INT64_C(2));
  const int64_t v126 = (int64_t)((uint64_t)v125 << (uint64_t)INT64_C(62));
  const int64_t v127 = weft_kernel_int64_of_float64(v124);
  const int64_t v128 = (int64_t)((uint64_t)v127 ^ (uint64_t)v126);
  const double v129 = weft_kernel_float64_of_int64(v128);
  return v129;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_sin_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 == 0.0f; const float v2 = __builtin_fmaf(v0, 0x1.45f306p-1f, 0x1.8p23f);
  const float v3 = v2 - 0x1.8p23f; const float v4 = __builtin_fmaf(v3, -0x1.921fb6p0f, v0);
  const float v5 = v3 * -0x1.777a5cp-25f; const float v6 = -v5;
  const float v7 = __builtin_fmaf(v3, -0x1.777a5cp-25f, v6); const float v8 = v4 - v5;
  const float v9 = v4 - v8; const float v10 = v9 - v5; const float v11 = v10 - v7;
  const float v12 = __builtin_fmaf(v3, 0x1.ee59dap-50f, v11);
  const int32_t v13 = weft_kernel_int32_of_float32(v2); int32_t v14 = v13; float v15 = v8;
  float v16 = v12; const float v17 = __builtin_fabsf(v0); const int v18 = v17 < 0x1.0p17f;
  const int v19 = v18 ^ 1;
  if (rare) *rare |= v19;
  else if (v19) {
    const float v20 = __builtin_fabsf(v0); const uint32_t v21 = weft_kernel_uint32_of_float32(v20);
    const uint32_t v22 = v21 & 0x7fffffu; const uint32_t v23 = v22 | 0x800000u;
    const uint64_t v24 = (uint64_t)v23; const uint32_t v25 = v21 >> 0x17u;
    const uint64_t v26 = (uint64_t)v25; const uint64_t v27 = v26 - UINT64_C(0x58);
    const uint64_t v28 = v27 >> UINT64_C(0x6); const uint64_t v29 = v28 & UINT64_C(0x1f);
    const int64_t v30 = (int64_t)v29; const uint64_t v31 = v27 & UINT64_C(0x3f);
    const uint64_t v32 = UINT64_C(0x3f) - v31;
    const int64_t v33 = (int64_t)((uint64_t)v30 + (uint64_t)INT64_C(0));
    const uint64_t v34 = weft_kernel_cos_f32_table[v33];
    const int64_t v35 = (int64_t)((uint64_t)v30 + (uint64_t)INT64_C(1));
    const uint64_t v36 = weft_kernel_cos_f32_table[v35];
    const int64_t v37 = (int64_t)((uint64_t)v30 + (uint64_t)INT64_C(2));
    const uint64_t v38 = weft_kernel_cos_f32_table[v37]; const uint64_t v39 = v34 << v31;
    const uint64_t v40 = v36 >> UINT64_C(0x1); const uint64_t v41 = v40 >> v32;
    const uint64_t v42 = v39 | v41; const uint64_t v43 = v36 << v31;
    const uint64_t v44 = v38 >> UINT64_C(0x1); const uint64_t v45 = v44 >> v32;
    const uint64_t v46 = v43 | v45; const uint64_t v47 = v24 * v42;
    const uint64_t v48 = (uint64_t)((unsigned __int128)v24 * v46 >> 64);
    const uint64_t v49 = v47 + v48; const int v50 = v0 < 0.0f;
    const uint64_t v51 = (uint64_t)(0 - (uint64_t)v49); const uint64_t v52 = v50 ? v51 : v49;
    const uint64_t v53 = v52 + UINT64_C(0x2000000000000000);
    const uint64_t v54 = v53 >> UINT64_C(0x3e); const uint64_t v55 = v52 << UINT64_C(0x2);
    const int64_t v56 = (int64_t)v55; const double v57 = (double)v56;
    const double v58 = v57 * 0x1.921fb54442d18p-64; const float v59 = (float)v58;
    const double v60 = (double)v59; const double v61 = v58 - v60; const float v62 = (float)v61;
    const int32_t v63 = (int32_t)v54; v14 = v63; const float v64 = __builtin_fabsf(v0);
    const int v65 = v64 < INFINITY; const float v66 = v65 ? v59 : NAN; v15 = v66; v16 = v62;
  }
  const int32_t v67 = (int32_t)((uint32_t)v14 & (uint32_t)1); const int v68 = v67 != 0;
  const float v69 = v15 * v15;
  const float v70 = __builtin_fmaf(0x1.99e246p-16f, v69, -0x1.6c0c1cp-10f);
  const float v71 = __builtin_fmaf(v70, v69, 0x1.55554ap-5f);
  const float v72 = __builtin_fmaf(v71, v69, -0x1.0p-1f);
  const float v73 = __builtin_fmaf(v72, v69, 0x1.0p0f); const float v74 = v15 * v15;
  const float v75 = v15 * v74;
  const float v76 = __builtin_fmaf(-0x1.9951fap-13f, v74, 0x1.110774p-7f);
  const float v77 = __builtin_fmaf(v76, v74, -0x1.555546p-3f);
  const float v78 = __builtin_fmaf(v75, v77, v16); const float v79 = v15 + v78;
  const float v80 = v68 ? v73 : v79; const int32_t v81 = (int32_t)((uint32_t)v14 & (uint32_t)2);
  const int32_t v82 = (int32_t)((uint32_t)v81 << (uint32_t)30);
  const int32_t v83 = weft_kernel_int32_of_float32(v80);
  const int32_t v84 = (int32_t)((uint32_t)v83 ^ (uint32_t)v82);
  const float v85 = weft_kernel_float32_of_int32(v84); const float v86 = v1 ? v0 : v85;
  return v86;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_sin_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 == 0.0; const double v2 = __builtin_fma(v0, 0x1.45f306dc9c883p-1, 0x1.8p52);
  const double v3 = v2 - 0x1.8p52; const double v4 = __builtin_fma(v3, -0x1.921fb54442d18p0, v0);
  const double v5 = v3 * 0x1.1a62633145c07p-54; const double v6 = -v5;
  const double v7 = __builtin_fma(v3, 0x1.1a62633145c07p-54, v6); const double v8 = v4 - v5;
  const double v9 = v4 - v8; const double v10 = v9 - v5; const double v11 = v10 - v7;
  const double v12 = __builtin_fma(v3, 0x1.f1976b7ed8fbcp-110, v11);
  const int64_t v13 = weft_kernel_int64_of_float64(v2); int64_t v14 = v13; double v15 = v8;
  double v16 = v12; const double v17 = __builtin_fabs(v0); const int v18 = v17 < 0x1.0p30;
  const int v19 = v18 ^ 1;
  if (rare) *rare |= v19;
  else if (v19) {
    const double v20 = __builtin_fabs(v0); const uint64_t v21 = weft_kernel_uint64_of_float64(v20);
    const uint64_t v22 = v21 & UINT64_C(0xfffffffffffff);
    const uint64_t v23 = v22 | UINT64_C(0x10000000000000);
    const uint64_t v24 = v21 >> UINT64_C(0x34); const uint64_t v25 = v24 - UINT64_C(0x3f5);
    const uint64_t v26 = v25 >> UINT64_C(0x6); const uint64_t v27 = v26 & UINT64_C(0x1f);
    const int64_t v28 = (int64_t)v27; const uint64_t v29 = v25 & UINT64_C(0x3f);
    const uint64_t v30 = UINT64_C(0x3f) - v29;
    const int64_t v31 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(0));
    const uint64_t v32 = weft_kernel_cos_f32_table[v31];
    const int64_t v33 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(1));
    const uint64_t v34 = weft_kernel_cos_f32_table[v33];
    const int64_t v35 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(2));
    const uint64_t v36 = weft_kernel_cos_f32_table[v35];
    const int64_t v37 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(3));
    const uint64_t v38 = weft_kernel_cos_f32_table[v37]; const uint64_t v39 = v32 << v29;
    const uint64_t v40 = v34 >> UINT64_C(0x1); const uint64_t v41 = v40 >> v30;
    const uint64_t v42 = v39 | v41; const uint64_t v43 = v34 << v29;
    const uint64_t v44 = v36 >> UINT64_C(0x1); const uint64_t v45 = v44 >> v30;
    const uint64_t v46 = v43 | v45; const uint64_t v47 = v36 << v29;
    const uint64_t v48 = v38 >> UINT64_C(0x1); const uint64_t v49 = v48 >> v30;
    const uint64_t v50 = v47 | v49; const uint64_t v51 = v23 * v46;
    const uint64_t v52 = (uint64_t)((unsigned __int128)v23 * v50 >> 64);
    const uint64_t v53 = v51 + v52; const int v54 = v53 < v51;
    const uint64_t v55 = v54 ? UINT64_C(0x1) : UINT64_C(0x0); const uint64_t v56 = v23 * v42;
    const uint64_t v57 = (uint64_t)((unsigned __int128)v23 * v46 >> 64);
    const uint64_t v58 = v56 + v57; const uint64_t v59 = v58 + v55;
    const uint64_t v60 = v59 + UINT64_C(0x2000000000000000);
    const uint64_t v61 = v60 >> UINT64_C(0x3e); const int64_t v62 = (int64_t)v61;
    const uint64_t v63 = v59 << UINT64_C(0x2); const uint64_t v64 = v53 >> UINT64_C(0x3e);
    const uint64_t v65 = v63 | v64; const uint64_t v66 = v65 & UINT64_C(0xfffffffffffff800);
    const int64_t v67 = (int64_t)v66; const double v68 = (double)v67;
    const uint64_t v69 = v65 & UINT64_C(0x7ff); const int64_t v70 = (int64_t)v69;
    const double v71 = (double)v70; const uint64_t v72 = v53 << UINT64_C(0x2);
    const double v73 = (double)v72; const double v74 = v73 * 0x1.0p-64;
    const double v75 = v71 + v74; const double v76 = v68 + v75; const double v77 = v68 - v76;
    const double v78 = v77 + v75; const double v79 = v76 * 0x1.921fb54442d18p-64;
    const double v80 = -v79; const double v81 = __builtin_fma(v76, 0x1.921fb54442d18p-64, v80);
    const double v82 = v78 * 0x1.921fb54442d18p-64;
    const double v83 = __builtin_fma(v76, 0x1.1a62633145c07p-118, v82);
    const double v84 = v81 + v83; const int v85 = v0 < 0.0;
    const int64_t v86 = (int64_t)(0 - (uint64_t)v62); const int64_t v87 = v85 ? v86 : v62;
    const double v88 = -v79; const double v89 = v85 ? v88 : v79; const double v90 = -v84;
    const double v91 = v85 ? v90 : v84; v14 = v87; const double v92 = __builtin_fabs(v0);
    const int v93 = v92 < (double)INFINITY; const double v94 = v93 ? v89 : (double)NAN; v15 = v94;
    v16 = v91;
  }
  const int64_t v95 = (int64_t)((uint64_t)v14 & (uint64_t)INT64_C(1));
  const int v96 = v95 != INT64_C(0); const double v97 = v15 * v15;
  const double v98 = __builtin_fma(-0x1.8fb00e70f76a9p-37, v97, 0x1.1ee9ef6aba53cp-29);
  const double v99 = __builtin_fma(v98, v97, -0x1.27e4f810662efp-22);
  const double v100 = __builtin_fma(v99, v97, 0x1.a01a019cbcff3p-16);
  const double v101 = __builtin_fma(v100, v97, -0x1.6c16c16c15211p-10);
  const double v102 = __builtin_fma(v101, v97, 0x1.555555555554cp-5);
  const double v103 = v97 * 0x1.0p-1; const double v104 = 0x1.0p0 - v103;
  const double v105 = 0x1.0p0 - v104; const double v106 = v105 - v103;
  const double v107 = v97 * v97; const double v108 = v15 * v16; const double v109 = -v108;
  const double v110 = __builtin_fma(v107, v102, v109); const double v111 = v106 + v110;
  const double v112 = v104 + v111; const double v113 = v15 * v15;
  const double v114 = __builtin_fma(0x1.5d8d0e68444e6p-33, v113, -0x1.ae5e50d71eeacp-26);
  const double v115 = __builtin_fma(v114, v113, 0x1.71de355b00df5p-19);
  const double v116 = __builtin_fma(v115, v113, -0x1.a01a019bee696p-13);
  const double v117 = __builtin_fma(v116, v113, 0x1.111111110f74ap-7);
  const double v118 = __builtin_fma(v117, v113, -0x1.5555555555548p-3);
  const double v119 = v15 * v113; const double v120 = v113 * -0x1.0p-1;
  const double v121 = __builtin_fma(v120, v16, v16);
  const double v122 = __builtin_fma(v119, v118, v121); const double v123 = v15 + v122;
  const double v124 = v96 ? v112 : v123;
  const int64_t v125 = (int64_t)((uint64_t)v14 & (uint64_t)INT64_C(2));
  const int64_t v126 = (int64_t)((uint64_t)v125 << (uint64_t)INT64_C(62));
  const int64_t v127 = weft_kernel_int64_of_float64(v124);
  const int64_t v128 = (int64_t)((uint64_t)v127 ^ (uint64_t)v126);
  const double v129 = weft_kernel_float64_of_int64(v128); const double v130 = v1 ? v0 : v129;
  return v130;
}

static inline __attribute__((always_inline, unused)) float weft_kernel_tan_f32(
  float v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 == 0.0f; const float v2 = __builtin_fmaf(v0, 0x1.45f306p-1f, 0x1.8p23f);
  const float v3 = v2 - 0x1.8p23f; const float v4 = __builtin_fmaf(v3, -0x1.921fb6p0f, v0);
  const float v5 = v3 * -0x1.777a5cp-25f; const float v6 = -v5;
  const float v7 = __builtin_fmaf(v3, -0x1.777a5cp-25f, v6); const float v8 = v4 - v5;
  const float v9 = v4 - v8; const float v10 = v9 - v5; const float v11 = v10 - v7;
  const float v12 = __builtin_fmaf(v3, 0x1.ee59dap-50f, v11);
  const int32_t v13 = weft_kernel_int32_of_float32(v2); int32_t v14 = v13; float v15 = v8;
  float v16 = v12; const float v17 = __builtin_fabsf(v0); const int v18 = v17 < 0x1.0p17f;
  const int v19 = v18 ^ 1;
  if (rare) *rare |= v19;
  else if (v19) {
    const float v20 = __builtin_fabsf(v0); const uint32_t v21 = weft_kernel_uint32_of_float32(v20);
    const uint32_t v22 = v21 & 0x7fffffu; const uint32_t v23 = v22 | 0x800000u;
    const uint64_t v24 = (uint64_t)v23; const uint32_t v25 = v21 >> 0x17u;
    const uint64_t v26 = (uint64_t)v25; const uint64_t v27 = v26 - UINT64_C(0x58);
    const uint64_t v28 = v27 >> UINT64_C(0x6); const uint64_t v29 = v28 & UINT64_C(0x1f);
    const int64_t v30 = (int64_t)v29; const uint64_t v31 = v27 & UINT64_C(0x3f);
    const uint64_t v32 = UINT64_C(0x3f) - v31;
    const int64_t v33 = (int64_t)((uint64_t)v30 + (uint64_t)INT64_C(0));
    const uint64_t v34 = weft_kernel_cos_f32_table[v33];
    const int64_t v35 = (int64_t)((uint64_t)v30 + (uint64_t)INT64_C(1));
    const uint64_t v36 = weft_kernel_cos_f32_table[v35];
    const int64_t v37 = (int64_t)((uint64_t)v30 + (uint64_t)INT64_C(2));
    const uint64_t v38 = weft_kernel_cos_f32_table[v37]; const uint64_t v39 = v34 << v31;
    const uint64_t v40 = v36 >> UINT64_C(0x1); const uint64_t v41 = v40 >> v32;
    const uint64_t v42 = v39 | v41; const uint64_t v43 = v36 << v31;
    const uint64_t v44 = v38 >> UINT64_C(0x1); const uint64_t v45 = v44 >> v32;
    const uint64_t v46 = v43 | v45; const uint64_t v47 = v24 * v42;
    const uint64_t v48 = (uint64_t)((unsigned __int128)v24 * v46 >> 64);
    const uint64_t v49 = v47 + v48; const int v50 = v0 < 0.0f;
    const uint64_t v51 = (uint64_t)(0 - (uint64_t)v49); const uint64_t v52 = v50 ? v51 : v49;
    const uint64_t v53 = v52 + UINT64_C(0x2000000000000000);
    const uint64_t v54 = v53 >> UINT64_C(0x3e); const uint64_t v55 = v52 << UINT64_C(0x2);
    const int64_t v56 = (int64_t)v55; const double v57 = (double)v56;
    const double v58 = v57 * 0x1.921fb54442d18p-64; const float v59 = (float)v58;
    const double v60 = (double)v59; const double v61 = v58 - v60; const float v62 = (float)v61;
    const int32_t v63 = (int32_t)v54; v14 = v63; const float v64 = __builtin_fabsf(v0);
    const int v65 = v64 < INFINITY; const float v66 = v65 ? v59 : NAN; v15 = v66; v16 = v62;
  }
  const float v67 = v15 * v15;
  const float v68 = __builtin_fmaf(0x1.1ee6ep-8f, v67, 0x1.7512c2p-14f);
  const float v69 = __builtin_fmaf(v68, v67, 0x1.63011p-7f);
  const float v70 = __builtin_fmaf(v69, v67, 0x1.5cb832p-6f);
  const float v71 = __builtin_fmaf(v70, v67, 0x1.bada62p-5f);
  const float v72 = __builtin_fmaf(v71, v67, 0x1.110d9cp-3f);
  const float v73 = __builtin_fmaf(v72, v67, 0x1.55556p-2f); const float v74 = v15 * v67;
  const float v75 = __builtin_fmaf(v16, v67, v16); const float v76 = __builtin_fmaf(v74, v73, v75);
  const float v77 = v15 + v76; const float v78 = v15 - v77; const float v79 = v78 + v76;
  const float v80 = -0x1.0p0f / v77; const float v81 = __builtin_fmaf(v77, v80, 0x1.0p0f);
  const float v82 = v79 * v80; const float v83 = v81 + v82;
  const float v84 = __builtin_fmaf(v80, v83, v80);
  const int32_t v85 = (int32_t)((uint32_t)v14 & (uint32_t)1); const int v86 = v85 != 0;
  const float v87 = v86 ? v84 : v77; const float v88 = v1 ? v0 : v87;
  return v88;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_tan_f64(
  double v0, __attribute__((unused)) int *rare) {
  const int v1 = v0 == 0.0; const double v2 = __builtin_fma(v0, 0x1.45f306dc9c883p-1, 0x1.8p52);
  const double v3 = v2 - 0x1.8p52; const double v4 = __builtin_fma(v3, -0x1.921fb54442d18p0, v0);
  const double v5 = v3 * 0x1.1a62633145c07p-54; const double v6 = -v5;
  const double v7 = __builtin_fma(v3, 0x1.1a62633145c07p-54, v6); const double v8 = v4 - v5;
  const double v9 = v4 - v8; const double v10 = v9 - v5; const double v11 = v10 - v7;
  const double v12 = __builtin_fma(v3, 0x1.f1976b7ed8fbcp-110, v11);
  const int64_t v13 = weft_kernel_int64_of_float64(v2); int64_t v14 = v13; double v15 = v8;
  double v16 = v12; const double v17 = __builtin_fabs(v0); const int v18 = v17 < 0x1.0p30;
  const int v19 = v18 ^ 1;
  if (rare) *rare |= v19;
  else if (v19) {
    const double v20 = __builtin_fabs(v0); const uint64_t v21 = weft_kernel_uint64_of_float64(v20);
    const uint64_t v22 = v21 & UINT64_C(0xfffffffffffff);
    const uint64_t v23 = v22 | UINT64_C(0x10000000000000);
    const uint64_t v24 = v21 >> UINT64_C(0x34); const uint64_t v25 = v24 - UINT64_C(0x3f5);
    const uint64_t v26 = v25 >> UINT64_C(0x6); const uint64_t v27 = v26 & UINT64_C(0x1f);
    const int64_t v28 = (int64_t)v27; const uint64_t v29 = v25 & UINT64_C(0x3f);
    const uint64_t v30 = UINT64_C(0x3f) - v29;
    const int64_t v31 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(0));
    const uint64_t v32 = weft_kernel_cos_f32_table[v31];
    const int64_t v33 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(1));
    const uint64_t v34 = weft_kernel_cos_f32_table[v33];
    const int64_t v35 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(2));
    const uint64_t v36 = weft_kernel_cos_f32_table[v35];
    const int64_t v37 = (int64_t)((uint64_t)v28 + (uint64_t)INT64_C(3));
    const uint64_t v38 = weft_kernel_cos_f32_table[v37]; const uint64_t v39 = v32 << v29;
    const uint64_t v40 = v34 >> UINT64_C(0x1); const uint64_t v41 = v40 >> v30;
    const uint64_t v42 = v39 | v41; const uint64_t v43 = v34 << v29;
    const uint64_t v44 = v36 >> UINT64_C(0x1); const uint64_t v45 = v44 >> v30;
    const uint64_t v46 = v43 | v45; const uint64_t v47 = v36 << v29;
    const uint64_t v48 = v38 >> UINT64_C(0x1); const uint64_t v49 = v48 >> v30;
    const uint64_t v50 = v47 | v49; const uint64_t v51 = v23 * v46;
    const uint64_t v52 = (uint64_t)((unsigned __int128)v23 * v50 >> 64);
    const uint64_t v53 = v51 + v52; const int v54 = v53 < v51;
    const uint64_t v55 = v54 ? UINT64_C(0x1) : UINT64_C(0x0); const uint64_t v56 = v23 * v42;
    const uint64_t v57 = (uint64_t)((unsigned __int128)v23 * v46 >> 64);
    const uint64_t v58 = v56 + v57; const uint64_t v59 = v58 + v55;
    const uint64_t v60 = v59 + UINT64_C(0x2000000000000000);
    const uint64_t v61 = v60 >> UINT64_C(0x3e); const int64_t v62 = (int64_t)v61;
    const uint64_t v63 = v59 << UINT64_C(0x2); const uint64_t v64 = v53 >> UINT64_C(0x3e);
    const uint64_t v65 = v63 | v64; const uint64_t v66 = v65 & UINT64_C(0xfffffffffffff800);
    const int64_t v67 = (int64_t)v66; const double v68 = (double)v67;
    const uint64_t v69 = v65 & UINT64_C(0x7ff); const int64_t v70 = (int64_t)v69;
    const double v71 = (double)v70; const uint64_t v72 = v53 << UINT64_C(0x2);
    const double v73 = (double)v72; const double v74 = v73 * 0x1.0p-64;
    const double v75 = v71 + v74; const double v76 = v68 + v75; const double v77 = v68 - v76;
    const double v78 = v77 + v75; const double v79 = v76 * 0x1.921fb54442d18p-64;
    const double v80 = -v79; const double v81 = __builtin_fma(v76, 0x1.921fb54442d18p-64, v80);
    const double v82 = v78 * 0x1.921fb54442d18p-64;
    const double v83 = __builtin_fma(v76, 0x1.1a62633145c07p-118, v82);
    const double v84 = v81 + v83; const int v85 = v0 < 0.0;
    const int64_t v86 = (int64_t)(0 - (uint64_t)v62); const int64_t v87 = v85 ? v86 : v62;
    const double v88 = -v79; const double v89 = v85 ? v88 : v79; const double v90 = -v84;
    const double v91 = v85 ? v90 : v84; v14 = v87; const double v92 = __builtin_fabs(v0);
    const int v93 = v92 < (double)INFINITY; const double v94 = v93 ? v89 : (double)NAN; v15 = v94;
    v16 = v91;
  }
  const double v95 = v15 * v15;
  const double v96 = __builtin_fma(0x1.5f68897097f51p-16, v95, -0x1.7b51be12b874dp-15);
  const double v97 = __builtin_fma(v96, v95, 0x1.79d813aaec104p-14);
  const double v98 = __builtin_fma(v97, v95, -0x1.c63c014aa566p-16);
  const double v99 = __builtin_fma(v98, v95, 0x1.1f56ed43bb1fcp-13);
  const double v100 = __builtin_fma(v99, v95, 0x1.d1ddadcb5ac8p-13);
  const double v101 = __builtin_fma(v100, v95, 0x1.380716e5f4b65p-11);
  const double v102 = __builtin_fma(v101, v95, 0x1.7d59dbb31d6cep-10);
  const double v103 = __builtin_fma(v102, v95, 0x1.d6d953c12480cp-9);
  const double v104 = __builtin_fma(v103, v95, 0x1.226e1173c0922p-7);
  const double v105 = __builtin_fma(v104, v95, 0x1.664f49b0c831dp-6);
  const double v106 = __builtin_fma(v105, v95, 0x1.ba1ba1b43d888p-5);
  const double v107 = __builtin_fma(v106, v95, 0x1.11111111186d5p-3);
  const double v108 = __builtin_fma(v107, v95, 0x1.55555555554eep-2); const double v109 = v15 * v95;
  const double v110 = __builtin_fma(v16, v95, v16);
  const double v111 = __builtin_fma(v109, v108, v110); const double v112 = v15 + v111;
  const double v113 = v15 - v112; const double v114 = v113 + v111;
  const double v115 = -0x1.0p0 / v112; const double v116 = __builtin_fma(v112, v115, 0x1.0p0);
  const double v117 = v114 * v115; const double v118 = v116 + v117;
  const double v119 = __builtin_fma(v115, v118, v115);
  const int64_t v120 = (int64_t)((uint64_t)v14 & (uint64_t)INT64_C(1));
  const int v121 = v120 != INT64_C(0); const double v122 = v121 ? v119 : v112;
  const double v123 = v1 ? v0 : v122;
  return v123;
}

#define WEFT_KERNELS_Trigonometric(UNARY, BINARY) \
  UNARY(cos) UNARY(sin) UNARY(tan)
