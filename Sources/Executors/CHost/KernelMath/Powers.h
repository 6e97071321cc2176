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
  const double v86 = __builtin_fma(v84, -0x1.abc9e3b39803fp-56, v85);
  const double v87 = __builtin_fma(v84, -0x1.abc9e3b39803fp-56, v82); const double v88 = v85 + v87;
  const double v89 = v85 - v88; const double v90 = v89 + v87;
  const double v91 = __builtin_fma(0x1.1f60cd9c00881p-29, v88, 0x1.af6fe4162d708p-26);
  const double v92 = __builtin_fma(v91, v88, 0x1.27e4e58e78563p-22);
  const double v93 = __builtin_fma(v92, v88, 0x1.71ddedb8ca825p-19);
  const double v94 = __builtin_fma(v93, v88, 0x1.a01a01a2fc252p-16);
  const double v95 = __builtin_fma(v94, v88, 0x1.a01a01b482d5bp-13);
  const double v96 = __builtin_fma(v95, v88, 0x1.6c16c16c16bdep-10);
  const double v97 = __builtin_fma(v96, v88, 0x1.111111110e992p-7);
  const double v98 = __builtin_fma(v97, v88, 0x1.5555555555555p-5);
  const double v99 = __builtin_fma(v98, v88, 0x1.555555555555cp-3);
  const double v100 = __builtin_fma(v99, v88, 0x1.0p-1); const double v101 = v88 * v88;
  const double v102 = __builtin_fma(v100, v101, v90); const double v103 = v88 + v102;
  const double v104 = v103 + 0x1.0p0; const int64_t v105 = weft_kernel_int64_of_float64(v104);
  const int64_t v106 = weft_kernel_int64_of_float64(v83);
  const int64_t v107 = (int64_t)((uint64_t)v106 << (uint64_t)INT64_C(52));
  const int64_t v108 = (int64_t)((uint64_t)v105 + (uint64_t)v107);
  const double v109 = weft_kernel_float64_of_int64(v108); double v110 = v109;
  const int v111 = v0 > 0.0; const int v112 = v0 < (double)INFINITY; const int v113 = v111 & v112;
  const double v114 = __builtin_fabs(v81); const int v115 = v114 < 0x1.62p9;
  const int v116 = v113 & v115; const int v117 = v116 ^ 1;
  if (rare) *rare |= v117;
  else if (v117) {
    const int64_t v118 = weft_kernel_int64_of_float64(v83);
    const int64_t v119 = weft_kernel_int64_of_float64(0x1.8p52);
    const int64_t v120 = (int64_t)((uint64_t)v118 - (uint64_t)v119);
    const int64_t v121 = v120 >> INT64_C(1);
    const int64_t v122 = (int64_t)((uint64_t)v121 + (uint64_t)INT64_C(1023));
    const int64_t v123 = (int64_t)((uint64_t)v122 << (uint64_t)INT64_C(52));
    const double v124 = weft_kernel_float64_of_int64(v123); const double v125 = v104 * v124;
    const int64_t v126 = (int64_t)((uint64_t)v120 - (uint64_t)v121);
    const int64_t v127 = (int64_t)((uint64_t)v126 + (uint64_t)INT64_C(1023));
    const int64_t v128 = (int64_t)((uint64_t)v127 << (uint64_t)INT64_C(52));
    const double v129 = weft_kernel_float64_of_int64(v128); const double v130 = v125 * v129;
    const double v131 = __builtin_fabs(v0); const int v132 = v1 < 0.0; const int v133 = v131 == 0.0;
    const double v134 = v132 ? (double)INFINITY : 0.0; const double v135 = v133 ? v134 : v130;
    const int v136 = v131 == (double)INFINITY; const double v137 = v132 ? 0.0 : (double)INFINITY;
    const double v138 = v136 ? v137 : v135; const double v139 = __builtin_fabs(v1);
    const int v140 = v139 == (double)INFINITY; const int v141 = v131 > 0x1.0p0;
    const int v142 = v1 > 0.0; const int v143 = v141 ^ v142;
    const double v144 = v143 ? 0.0 : (double)INFINITY; const int v145 = v131 == 0x1.0p0;
    const double v146 = v145 ? 0x1.0p0 : v144; const double v147 = v140 ? v146 : v138;
    const double v148 = __builtin_elementwise_trunc(v1); const int v149 = v1 == v148;
    const double v150 = v1 * 0x1.0p-1; const double v151 = __builtin_elementwise_trunc(v150);
    const int v152 = v150 != v151; const int v153 = v149 & v152; const int v154 = v140 ^ 1;
    const int v155 = v153 & v154; const int64_t v156 = weft_kernel_int64_of_float64(v0);
    const int v157 = v156 < INT64_C(0); const int v158 = v157 & v155; const double v159 = -v147;
    const double v160 = v158 ? v159 : v147; const int v161 = v0 < 0.0;
    const int v162 = v131 < (double)INFINITY; const int v163 = v161 & v162;
    const int v164 = v149 ^ 1; const int v165 = v163 & v164;
    const double v166 = v165 ? (double)NAN : v160; const int v167 = v0 != v0;
    const int v168 = v1 != v1; const int v169 = v167 | v168; const double v170 = v0 + v1;
    const double v171 = v169 ? v170 : v166; const int v172 = v1 == 0.0;
    const int v173 = v0 == 0x1.0p0; const int v174 = v172 | v173;
    const double v175 = v174 ? 0x1.0p0 : v171; v110 = v175;
  }
  return v110;
}

#define WEFT_KERNELS_Powers(UNARY, BINARY) \
  BINARY(pow)
