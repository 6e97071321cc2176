// Compiles the family in the file WEFT_FAMILY once per level of instructions.
//
// The package manager passes no machine flags, so each level is an attribute over the same text.
// Not target_clones: that needs ifunc, runs a resolver per function at load, and its x86-64-v4
// prefers 256-bit registers.
#include "TileLoops.h"

#define WEFT_LEVEL portable
#include WEFT_FAMILY
#undef WEFT_LEVEL

#if defined(__x86_64__)
#pragma clang attribute push( \
  __attribute__((target("avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt"))), apply_to = function)
#define WEFT_LEVEL avx2
#include WEFT_FAMILY
#undef WEFT_LEVEL
#pragma clang attribute pop

#pragma clang attribute push( \
  __attribute__((target("avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt," \
                        "avx512f,avx512bw,avx512cd,avx512dq,avx512vl"))), \
  apply_to = function)
#define WEFT_LEVEL avx512
#include WEFT_FAMILY
#undef WEFT_LEVEL
#pragma clang attribute pop
#endif
