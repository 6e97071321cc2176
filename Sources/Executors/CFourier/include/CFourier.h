#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Which numbers a transform takes and gives.
enum { WEFT_FOURIER_COMPLEX, WEFT_FOURIER_FROM_REAL, WEFT_FOURIER_TO_REAL };

/// The bytes of a plan for n points; 0 when they cannot be counted.
int64_t weft_fourier_plan_bytes(int kind, int64_t n);
/// The bytes of scratch that a run with the plan needs.
int64_t weft_fourier_scratch_bytes(int kind, int64_t n);
/// Makes a plan in memory of that many bytes, aligned to 16; `scratch` is only used meanwhile.
void weft_fourier_plan(int kind, int64_t n, void *plan, void *scratch);
/// Transforms one row and divides by `divisor`.
///
/// Elements are floats or doubles, complex ones in pairs; sums are always in double. `inverse`
/// is for complex to complex; from real is forward, to real is backward.
void weft_fourier_run(
  const void *plan, int isDouble, int inverse, double divisor, const void *input, void *output,
  void *scratch);

#ifdef __cplusplus
}
#endif
