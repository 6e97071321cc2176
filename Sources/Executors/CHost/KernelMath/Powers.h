// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Casts.h"

static inline __attribute__((always_inline, unused)) float weft_kernel_pow_f32(
  float v0, float v1, __attribute__((unused)) int *rare) {
  const float v2 = __builtin_fabsf(v0); const double v3 = (double)v2;
  const uint64_t v4 = weft_kernel_uint64_of_float64(v3);
  const uint64_t v5 = v4 + UINT64_C(0x195f619980c433); const uint64_t v6 = v5 >> UINT64_C(0x34);
  const uint64_t v7 = v6 << UINT64_C(0x34); const uint64_t v8 = v4 - v7;
  const uint64_t v9 = v8 + UINT64_C(0x4000000000000000);
  const double v10 = weft_kernel_float64_of_uint64(v9); const double v11 = v10 - 0x1.0p0;
  const uint64_t v12 = v6 | UINT64_C(0x4330000000000000);
  const double v13 = weft_kernel_float64_of_uint64(v12);
  const double v14 = v13 - 0x1.00000000004p52;
  const double v15 = __builtin_fma(0x1.3cd8967b8c0cep-4, v11, -0x1.24825752114f9p-3);
  const double v16 = __builtin_fma(v15, v11, 0x1.28725ac751e59p-3);
  const double v17 = __builtin_fma(v16, v11, -0x1.2530b81706014p-3);
  const double v18 = __builtin_fma(v17, v11, 0x1.452943b8959b3p-3);
  const double v19 = __builtin_fma(v18, v11, -0x1.71415274d764bp-3);
  const double v20 = __builtin_fma(v19, v11, 0x1.a63f3f3b5114dp-3);
  const double v21 = __builtin_fma(v20, v11, -0x1.ec72b68ba2d9ep-3);
  const double v22 = __builtin_fma(v21, v11, 0x1.2776521501349p-2);
  const double v23 = __builtin_fma(v22, v11, -0x1.715470967c36p-2);
  const double v24 = __builtin_fma(v23, v11, 0x1.ec709ebb4502cp-2);
  const double v25 = __builtin_fma(v24, v11, -0x1.715476565ce4dp-1);
  const double v26 = __builtin_fma(v25, v11, 0x1.71547652a1f55p0);
  const double v27 = __builtin_fma(v26, v11, v14); const double v28 = (double)v1;
  const double v29 = v27 * v28; const int v30 = v29 < -0x1.2cp8;
  const double v31 = v30 ? -0x1.2cp8 : v29; const int v32 = v31 > 0x1.2cp8;
  const double v33 = v32 ? 0x1.2cp8 : v31; const double v34 = v33 + 0x1.8p52;
  const double v35 = v34 - 0x1.8p52; const double v36 = v33 - v35;
  const double v37 = __builtin_fma(0x1.41d16b44445a2p-13, v36, 0x1.5f456c5b96c7p-10);
  const double v38 = __builtin_fma(v37, v36, 0x1.3b2dbe9220cc3p-7);
  const double v39 = __builtin_fma(v38, v36, 0x1.c6aed4be6979fp-5);
  const double v40 = __builtin_fma(v39, v36, 0x1.ebfbdad8bf73ap-3);
  const double v41 = __builtin_fma(v40, v36, 0x1.62e430c7d1bc8p-1);
  const double v42 = __builtin_fma(v41, v36, 0x1.0000000260b03p0);
  const int64_t v43 = weft_kernel_int64_of_float64(v42);
  const int64_t v44 = weft_kernel_int64_of_float64(v34);
  const int64_t v45 = (int64_t)((uint64_t)v44 << (uint64_t)INT64_C(52));
  const int64_t v46 = (int64_t)((uint64_t)v43 + (uint64_t)v45);
  const double v47 = weft_kernel_float64_of_int64(v46); const float v48 = (float)v47;
  float v49 = v48; const int v50 = v0 > 0.0f; const int v51 = v0 < INFINITY;
  const int v52 = v50 & v51; const float v53 = __builtin_fabsf(v1); const int v54 = v53 < INFINITY;
  const int v55 = v52 & v54; const int v56 = v55 ^ 1;
  if (rare) *rare |= v56;
  else if (v56) {
    const float v57 = __builtin_fabsf(v0); const int v58 = v1 < 0.0f; const int v59 = v57 == 0.0f;
    const float v60 = v58 ? INFINITY : 0.0f; const float v61 = v59 ? v60 : v49;
    const int v62 = v57 == INFINITY; const float v63 = v58 ? 0.0f : INFINITY;
    const float v64 = v62 ? v63 : v61; const float v65 = __builtin_fabsf(v1);
    const int v66 = v65 == INFINITY; const int v67 = v57 > 0x1.0p0f; const int v68 = v1 > 0.0f;
    const int v69 = v67 ^ v68; const float v70 = v69 ? 0.0f : INFINITY;
    const int v71 = v57 == 0x1.0p0f; const float v72 = v71 ? 0x1.0p0f : v70;
    const float v73 = v66 ? v72 : v64; const float v74 = __builtin_elementwise_trunc(v1);
    const int v75 = v1 == v74; const float v76 = v1 * 0x1.0p-1f;
    const float v77 = __builtin_elementwise_trunc(v76); const int v78 = v76 != v77;
    const int v79 = v75 & v78; const int v80 = v66 ^ 1; const int v81 = v79 & v80;
    const int32_t v82 = weft_kernel_int32_of_float32(v0); const int v83 = v82 < 0;
    const int v84 = v83 & v81; const float v85 = -v73; const float v86 = v84 ? v85 : v73;
    const int v87 = v0 < 0.0f; const int v88 = v57 < INFINITY; const int v89 = v87 & v88;
    const int v90 = v75 ^ 1; const int v91 = v89 & v90; const float v92 = v91 ? NAN : v86;
    const int v93 = v0 != v0; const int v94 = v1 != v1; const int v95 = v93 | v94;
    const float v96 = v0 + v1; const float v97 = v95 ? v96 : v92; const int v98 = v1 == 0.0f;
    const int v99 = v0 == 0x1.0p0f; const int v100 = v98 | v99;
    const float v101 = v100 ? 0x1.0p0f : v97; v49 = v101;
  }
  return v49;
}

static inline __attribute__((always_inline, unused)) double weft_kernel_pow_f64(
  double v0, double v1, __attribute__((unused)) int *rare) {
  const double v2 = __builtin_fabs(v0); const int v3 = v2 < 0x1.0p-1022;
  const double v4 = v2 * 0x1.0p54; const double v5 = v3 ? v4 : v2;
  const uint64_t v6 = weft_kernel_uint64_of_float64(v5);
  const uint64_t v7 = v6 + UINT64_C(0x195f619980c433); const uint64_t v8 = v7 >> UINT64_C(0x34);
  const uint64_t v9 = v8 << UINT64_C(0x34); const uint64_t v10 = v6 - v9;
  const uint64_t v11 = v10 + UINT64_C(0x4000000000000000);
  const double v12 = weft_kernel_float64_of_uint64(v11); const double v13 = v12 - 0x1.0p0;
  const uint64_t v14 = v8 | UINT64_C(0x4330000000000000);
  const double v15 = weft_kernel_float64_of_uint64(v14);
  const double v16 = v15 - 0x1.00000000004p52; const double v17 = v3 ? -0x1.bp5 : 0.0;
  const double v18 = v16 + v17; const double v19 = v13 + 0x1.0p1; const double v20 = v19 - 0x1.0p1;
  const double v21 = v13 - v20; const double v22 = 0x1.0p0 / v19; const double v23 = v13 * v22;
  const double v24 = -v23; const double v25 = -v23; const double v26 = __builtin_fma(v25, v19, v13);
  const double v27 = __builtin_fma(v24, v21, v26); const double v28 = v27 * v22;
  const double v29 = v23 * v23; const double v30 = -v29;
  const double v31 = __builtin_fma(v23, v23, v30); const double v32 = v23 + v23;
  const double v33 = v32 * v28; const double v34 = v31 + v33;
  const double v35 = __builtin_fma(0x1.e5b659c1bd5bbp-4, v29, 0x1.deddfd47cc55dp-4);
  const double v36 = __builtin_fma(v35, v29, 0x1.111c5b2b00727p-3);
  const double v37 = __builtin_fma(v36, v29, 0x1.3b1380b89092cp-3);
  const double v38 = __builtin_fma(v37, v29, 0x1.745d17bdc7723p-3);
  const double v39 = __builtin_fma(v38, v29, 0x1.c71c71c67b873p-3);
  const double v40 = __builtin_fma(v39, v29, 0x1.24924924927b5p-2);
  const double v41 = __builtin_fma(v40, v29, 0x1.9999999999999p-2); const double v42 = v29 * v41;
  const double v43 = v42 + 0x1.5555555555555p-1; const double v44 = 0x1.5555555555555p-1 - v43;
  const double v45 = v44 + v42; const double v46 = v45 + 0x1.5555555555555p-55;
  const double v47 = v29 * v43; const double v48 = -v47;
  const double v49 = __builtin_fma(v29, v43, v48); const double v50 = v34 * v43;
  const double v51 = __builtin_fma(v29, v46, v50); const double v52 = v49 + v51;
  const double v53 = v23 * v47; const double v54 = -v53;
  const double v55 = __builtin_fma(v23, v47, v54); const double v56 = v28 * v47;
  const double v57 = __builtin_fma(v23, v52, v56); const double v58 = v55 + v57;
  const double v59 = v18 * 0x1.62e42fefa38p-1; const double v60 = v23 + v23;
  const double v61 = v60 + v53; const double v62 = v60 - v61; const double v63 = v62 + v53;
  const double v64 = v59 + v61; const double v65 = v59 - v64; const double v66 = v65 + v61;
  const double v67 = __builtin_fma(v18, 0x1.ef35793c7673p-45, v63);
  const double v68 = __builtin_fma(v28, 0x1.0p1, v58); const double v69 = v67 + v68;
  const double v70 = v66 + v69; const double v71 = v64 + v70; const double v72 = v64 - v71;
  const double v73 = v72 + v70; const double v74 = v1 * v71; const double v75 = -v74;
  const double v76 = __builtin_fma(v1, v71, v75); const double v77 = __builtin_fma(v1, v73, v76);
  const double v78 = __builtin_fabs(v74); const int v79 = v78 < 0x1.9p9;
  const double v80 = __builtin_copysign(0x1.9p9, v74); const double v81 = v79 ? v74 : v80;
  const double v82 = v79 ? v77 : 0.0;
  const double v83 = __builtin_fma(v81, 0x1.71547652b82fep0, 0x1.8p52);
  const double v84 = v83 - 0x1.8p52;
  const double v85 = __builtin_fma(v84, -0x1.62e42fefa39efp-1, v81);
  const double v86 = __builtin_fma(v84, -0x1.abc9e3b39803fp-56, v82); const double v87 = v85 + v86;
  const double v88 = __builtin_fma(0x1.1f60cd9c00881p-29, v87, 0x1.af6fe4162d708p-26);
  const double v89 = __builtin_fma(v88, v87, 0x1.27e4e58e78563p-22);
  const double v90 = __builtin_fma(v89, v87, 0x1.71ddedb8ca825p-19);
  const double v91 = __builtin_fma(v90, v87, 0x1.a01a01a2fc252p-16);
  const double v92 = __builtin_fma(v91, v87, 0x1.a01a01b482d5bp-13);
  const double v93 = __builtin_fma(v92, v87, 0x1.6c16c16c16bdep-10);
  const double v94 = __builtin_fma(v93, v87, 0x1.111111110e992p-7);
  const double v95 = __builtin_fma(v94, v87, 0x1.5555555555555p-5);
  const double v96 = __builtin_fma(v95, v87, 0x1.555555555555cp-3);
  const double v97 = __builtin_fma(v96, v87, 0x1.0p-1); const double v98 = v87 * v87;
  const double v99 = v85 - v87; const double v100 = v99 + v86;
  const double v101 = __builtin_fma(v97, v98, v100); const double v102 = v87 + v101;
  const double v103 = v102 + 0x1.0p0; const int64_t v104 = weft_kernel_int64_of_float64(v103);
  const int64_t v105 = weft_kernel_int64_of_float64(v83);
  const int64_t v106 = (int64_t)((uint64_t)v105 << (uint64_t)INT64_C(52));
  const int64_t v107 = (int64_t)((uint64_t)v104 + (uint64_t)v106);
  const double v108 = weft_kernel_float64_of_int64(v107); double v109 = v108;
  const int v110 = v0 > 0.0; const int v111 = v0 < (double)INFINITY; const int v112 = v110 & v111;
  const double v113 = __builtin_fabs(v81); const int v114 = v113 < 0x1.62p9;
  const int v115 = v112 & v114; const int v116 = v115 ^ 1;
  if (rare) *rare |= v116;
  else if (v116) {
    const int64_t v117 = weft_kernel_int64_of_float64(v83);
    const int64_t v118 = weft_kernel_int64_of_float64(0x1.8p52);
    const int64_t v119 = (int64_t)((uint64_t)v117 - (uint64_t)v118);
    const int64_t v120 = v119 >> INT64_C(1);
    const int64_t v121 = (int64_t)((uint64_t)v120 + (uint64_t)INT64_C(1023));
    const int64_t v122 = (int64_t)((uint64_t)v121 << (uint64_t)INT64_C(52));
    const double v123 = weft_kernel_float64_of_int64(v122); const double v124 = v103 * v123;
    const int64_t v125 = (int64_t)((uint64_t)v119 - (uint64_t)v120);
    const int64_t v126 = (int64_t)((uint64_t)v125 + (uint64_t)INT64_C(1023));
    const int64_t v127 = (int64_t)((uint64_t)v126 << (uint64_t)INT64_C(52));
    const double v128 = weft_kernel_float64_of_int64(v127); const double v129 = v124 * v128;
    const double v130 = __builtin_fabs(v0); const int v131 = v1 < 0.0; const int v132 = v130 == 0.0;
    const double v133 = v131 ? (double)INFINITY : 0.0; const double v134 = v132 ? v133 : v129;
    const int v135 = v130 == (double)INFINITY; const double v136 = v131 ? 0.0 : (double)INFINITY;
    const double v137 = v135 ? v136 : v134; const double v138 = __builtin_fabs(v1);
    const int v139 = v138 == (double)INFINITY; const int v140 = v130 > 0x1.0p0;
    const int v141 = v1 > 0.0; const int v142 = v140 ^ v141;
    const double v143 = v142 ? 0.0 : (double)INFINITY; const int v144 = v130 == 0x1.0p0;
    const double v145 = v144 ? 0x1.0p0 : v143; const double v146 = v139 ? v145 : v137;
    const double v147 = __builtin_elementwise_trunc(v1); const int v148 = v1 == v147;
    const double v149 = v1 * 0x1.0p-1; const double v150 = __builtin_elementwise_trunc(v149);
    const int v151 = v149 != v150; const int v152 = v148 & v151; const int v153 = v139 ^ 1;
    const int v154 = v152 & v153; const int64_t v155 = weft_kernel_int64_of_float64(v0);
    const int v156 = v155 < INT64_C(0); const int v157 = v156 & v154; const double v158 = -v146;
    const double v159 = v157 ? v158 : v146; const int v160 = v0 < 0.0;
    const int v161 = v130 < (double)INFINITY; const int v162 = v160 & v161;
    const int v163 = v148 ^ 1; const int v164 = v162 & v163;
    const double v165 = v164 ? (double)NAN : v159; const int v166 = v0 != v0;
    const int v167 = v1 != v1; const int v168 = v166 | v167; const double v169 = v0 + v1;
    const double v170 = v168 ? v169 : v165; const int v171 = v1 == 0.0;
    const int v172 = v0 == 0x1.0p0; const int v173 = v171 | v172;
    const double v174 = v173 ? 0x1.0p0 : v170; v109 = v174;
  }
  return v109;
}

#define WEFT_KERNELS_Powers(UNARY, BINARY) \
  BINARY(pow)
