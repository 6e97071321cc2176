// sin and cos. Arguments too large for the reduction here go to the C library.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Trigonometric.c"
#include "VectorMath.h"
#include "EachLevel.h"
#else

#ifndef WEFT_TRIGONOMETRIC_ONCE
#define WEFT_TRIGONOMETRIC_ONCE
/// Up to here a quadrant's number has 19 bits, and its products with 33-bit parts are exact.
#define WEFT_FAST_ANGLE 0x1p19

/// sin (or, a quadrant on, cos) of x = k pi/2 + y, with y carried in two doubles.
WEFT_INLINE double weft_sine(double x, uint64_t quadrants) {
  const double shifted = x * 0x1.45f306dc9c883p-1 + WEFT_ROUNDER, k = shifted - WEFT_ROUNDER;
  // pi/2 in three parts of 33 bits and a rest (Cody & Waite). Each product with k is exact but
  // the last, and each difference keeps what it loses (two-sum), so that angles next to a
  // multiple of pi/2 lose nothing either.
  const double r0 = x - k * 0x1.921fb54400000p+0;
  const double w1 = k * 0x1.0b4611a600000p-34, r1 = r0 - w1;
  const double b1 = r1 - r0, e1 = (r0 - (r1 - b1)) - (w1 + b1);
  const double w2 = k * 0x1.3198a2e000000p-69 - e1, r2 = r1 - w2;
  const double b2 = r2 - r1, e2 = (r1 - (r2 - b2)) - (w2 + b2);
  const double w3 = k * 0x1.b839a252049c1p-104 - e2;
  const double y = r2 - w3, low = (r2 - y) - w3;
  const double z = y * y;
  // (sin y - y) / y^3 on z <= 0.618, degree 5, error 2^-58.
  double s = 0x1.5d92740696f8bp-33;
  s = s * z - 0x1.ae5e64f3bd7c4p-26;
  s = s * z + 0x1.71de357715833p-19;
  s = s * z - 0x1.a01a019c12693p-13;
  s = s * z + 0x1.111111110f893p-7;
  s = s * z - 0x1.5555555555549p-3;
  // sin(y + low) = sin y + low cos y.
  const double sine = y + (y * z * s + (low - 0.5 * z * low));
  // (cos y - 1 + z/2) / z^2, degree 5, error 2^-64.
  double c = -0x1.8fbb9f6416ba2p-37;
  c = c * z + 0x1.1eea07bbf8dd6p-29;
  c = c * z - 0x1.27e4f837d40f9p-22;
  c = c * z + 0x1.a01a019cfa255p-16;
  c = c * z - 0x1.6c16c16c154dfp-10;
  c = c * z + 0x1.555555555554ep-5;
  const double half = 0.5 * z, near = 1.0 - half;
  const double cosine = near + (((1.0 - near) - half) + (z * z * c - y * low));
  const uint64_t quadrant = weft_bits(shifted) + quadrants;
  const uint64_t chosen = weft_bits(quadrant & 1 ? cosine : sine);
  const double result = weft_double(chosen ^ ((quadrant & 2) << 62));
  return ((quadrants == 0) & (x == 0)) ? x : result;
}

/// The same to about 2^-36, for float32 angles.
WEFT_INLINE double weft_sine_short(double x, uint64_t quadrants) {
  const double shifted = x * 0x1.45f306dc9c883p-1 + WEFT_ROUNDER, k = shifted - WEFT_ROUNDER;
  const double y = (x - k * 0x1.921fb54000000p+0) - k * 0x1.10b4611a62633p-30, z = y * y;
  // Degrees 3 and 3; errors 2^-37.5 and 2^-43.1.
  double s = 0x1.6cd7465050f27p-19;
  s = s * z - 0x1.a00f9a7575030p-13;
  s = s * z + 0x1.11110894ce36ap-7;
  s = s * z - 0x1.5555554cbdde9p-3;
  double c = -0x1.242d6ebfad547p-22;
  c = c * z + 0x1.a011302257e83p-16;
  c = c * z - 0x1.6c16b8b823157p-10;
  c = c * z + 0x1.5555554f75154p-5;
  const double sine = y + y * z * s, cosine = (1.0 - 0.5 * z) + z * z * c;
  const uint64_t quadrant = weft_bits(shifted) + quadrants;
  const uint64_t chosen = weft_bits(quadrant & 1 ? cosine : sine);
  const double result = weft_double(chosen ^ ((quadrant & 2) << 62));
  return ((quadrants == 0) & (x == 0)) ? x : result;
}
#endif

// The operand is copied first: the result may lie over it, and the library needs it afterwards.
#define WEFT_ANGLE(ID, T, CORE, QUADRANTS, LIBRARY) \
  WEFT_TILE(ID) { \
    enum { block = 256 }; \
    T *o = out, x[block]; \
    const T *p = a; \
    for (intptr_t start = 0; start < n; start += block) { \
      const intptr_t count = n - start < block ? n - start : block; \
      memcpy(x, p + start, (size_t)count * sizeof *x); \
      unsigned slow = 0; \
      for (intptr_t i = 0; i < count; i++) \
        slow |= !(__builtin_elementwise_abs(x[i]) < (T)WEFT_FAST_ANGLE); \
      WEFT_VECTOR for (intptr_t i = 0; i < count; i++) \
        o[start + i] = (T)CORE((double)x[i], QUADRANTS); \
      if (!slow) continue; \
      for (intptr_t i = 0; i < count; i++) \
        if (!(__builtin_elementwise_abs(x[i]) < (T)WEFT_FAST_ANGLE)) \
          o[start + i] = LIBRARY(x[i]); \
    } \
  }
WEFT_ANGLE(sin_f64, double, weft_sine, 0, sin)
WEFT_ANGLE(cos_f64, double, weft_sine, 1, cos)
WEFT_ANGLE(sin_f32, float, weft_sine_short, 0, sinf)
WEFT_ANGLE(cos_f32, float, weft_sine_short, 1, cosf)
#undef WEFT_ANGLE

WEFT_TABLE(trigonometric) {
  WEFT_ROW("sin", WEFT_FLOAT(sin)),
  WEFT_ROW("cos", WEFT_FLOAT(cos)),
  {0},
};
#endif
