// Philox4x32-10: random words as a function of key and counter.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Random.c"
#include "EachLevel.h"

void weft_tile_philox(uint64_t *out, uint64_t key, uint64_t lane, uint64_t firstIndex, intptr_t n) {
  void (*const levels[])(uint64_t *, uint64_t, uint64_t, uint64_t, intptr_t) = {
    philox_portable,
#if defined(__x86_64__)
    philox_avx2, philox_avx512,
#endif
  };
  levels[weft_tile_level()](out, key, lane, firstIndex, n);
}
#else

// Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011), section 3.3
// and table 2 for the multipliers and the Weyl constants. Words sit in 64 bits, so that their
// products are one instruction a vector.
static void WEFT_AT(philox)(
  uint64_t *out, uint64_t key, uint64_t lane, uint64_t firstIndex, intptr_t n) {
  const uint64_t word = UINT64_C(0xffffffff);
  WEFT_VECTOR for (intptr_t i = 0; i < n; i++) {
    const uint64_t index = firstIndex + (uint64_t)i;
    uint64_t c0 = index & word, c1 = index >> 32, c2 = lane & word, c3 = lane >> 32;
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    _Pragma("clang loop unroll(full)") for (int round = 0; round < 10; round++) {
      const uint64_t p0 = c0 * UINT64_C(0xD2511F53), p1 = c2 * UINT64_C(0xCD9E8D57);
      c0 = (p1 >> 32) ^ c1 ^ k0;
      c2 = (p0 >> 32) ^ c3 ^ k1;
      c1 = p1 & word;
      c3 = p0 & word;
      k0 += UINT32_C(0x9E3779B9);
      k1 += UINT32_C(0xBB67AE85);
    }
    out[i] = c0 | c1 << 32;
  }
}
#endif
