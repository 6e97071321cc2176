// Elementary functions as straight-line code, which the compiler turns into vectors.
//
// Every core takes double; float32 goes through double and rounds once at the end. Coefficients
// are minimax polynomials in the Remez sense, computed for this file with mpmath at 50 digits and
// rounded to double; each gives its interval, its degree and the error of its exact form.
// The reductions are the classical ones (Cody & Waite 1980; Muller, Elementary Functions, 3rd ed.).
// Without contraction of products the same bits come out at every level.
#pragma once
#include "TileLoops.h"

WEFT_INLINE uint64_t weft_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
WEFT_INLINE double weft_double(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Adding it rounds to an integer, to even, and leaves that integer in the low bits.
#define WEFT_ROUNDER 0x1.8p52
#define WEFT_LN2_HIGH 0x1.62e42fefa3000p-1
#define WEFT_LN2_LOW 0x1.3de6af278ece6p-42
#define WEFT_ONE_OVER_LN2 0x1.71547652b82fep+0

/// (exp(r) - 1 - r) / r^2 on |r| <= ln(2)/2, degree 10, error 2^-61.7 relative to exp(r) - 1.
WEFT_INLINE double weft_exp_tail(double r) {
  double p = 0x1.1f95e29d0608ep-29;
  p = p * r + 0x1.af5f9a7a73557p-26;
  p = p * r + 0x1.27e4c55321ec9p-22;
  p = p * r + 0x1.71ddf7e1f27dep-19;
  p = p * r + 0x1.a01a01b0d83fdp-16;
  p = p * r + 0x1.a01a01b00ce5dp-13;
  p = p * r + 0x1.6c16c16c143f5p-10;
  p = p * r + 0x1.111111110f65ap-7;
  p = p * r + 0x1.555555555555ap-5;
  p = p * r + 0x1.5555555555559p-3;
  return p * r + 0x1.0000000000000p-1;
}

/// The same with degree 5 and error 2^-32, for results that become float32.
WEFT_INLINE double weft_exp_tail_short(double r) {
  double p = 0x1.a1a27ed4eb8d9p-13;
  p = p * r + 0x1.6d7597b84fc4cp-10;
  p = p * r + 0x1.11108ee98bf63p-7;
  p = p * r + 0x1.5554ace4ede3bp-5;
  p = p * r + 0x1.55555589666c7p-3;
  return p * r + 0x1.0000002820f56p-1;
}

/// x * 2^k in two exact steps and one that rounds, for k from -2044 to 2046.
WEFT_INLINE double weft_scale(double x, int64_t k) {
  const uint64_t half = (((uint64_t)k + 4096) >> 1) - 2048, rest = (uint64_t)k - half;
  return x * weft_double((half + 1023) << 52) * weft_double((rest + 1023) << 52);
}

/// exp(x): x = k ln 2 + r, and 2^k (1 + (r + r^2 tail)).
WEFT_INLINE double weft_exp(double x) {
  // The clamps let NaN through. Beyond them the result is 0 or infinity already.
  double v = x < -746.0 ? -746.0 : x;
  v = v > 711.0 ? 711.0 : v;
  const double shifted = v * WEFT_ONE_OVER_LN2 + WEFT_ROUNDER, k = shifted - WEFT_ROUNDER;
  const double high = v - k * WEFT_LN2_HIGH, low = k * WEFT_LN2_LOW, r = high - low;
  const double lost = (high - r) - low;
  const double e = 1.0 + (r + (r * r * weft_exp_tail(r) + lost));
  return weft_scale(e, (int64_t)(weft_bits(shifted) - weft_bits(WEFT_ROUNDER)));
}

/// exp(x) to about 2^-31, for float32 results: its clamps keep one scaling step enough.
WEFT_INLINE double weft_exp_short(double x) {
  double v = x < -200.0 ? -200.0 : x;
  v = v > 200.0 ? 200.0 : v;
  const double shifted = v * WEFT_ONE_OVER_LN2 + WEFT_ROUNDER, k = shifted - WEFT_ROUNDER;
  const double r = v - k * 0x1.62e42fefa39efp-1;
  const double e = 1.0 + (r + r * r * weft_exp_tail_short(r));
  const uint64_t exponent = weft_bits(shifted) - weft_bits(WEFT_ROUNDER);
  return e * weft_double((exponent + 1023) << 52);
}

/// 2^x: the fraction of x is exact, its product with ln 2 is carried in two parts.
WEFT_INLINE double weft_exp2(double x) {
  double v = x < -1080.0 ? -1080.0 : x;
  v = v > 1026.0 ? 1026.0 : v;
  const double shifted = v + WEFT_ROUNDER, f = v - (shifted - WEFT_ROUNDER);
  const double coarse = (f + 0x1p27) - 0x1p27;
  const double high = coarse * WEFT_LN2_HIGH;
  const double low = (f - coarse) * WEFT_LN2_HIGH + f * WEFT_LN2_LOW;
  const double r = high + low, lost = (high - r) + low;
  const double e = 1.0 + (r + (r * r * weft_exp_tail(r) + lost));
  return weft_scale(e, (int64_t)(weft_bits(shifted) - weft_bits(WEFT_ROUNDER)));
}

/// exp(x) - 1 as 2^k p + (2^k - 1) with p = exp(r) - 1, which cancels nowhere.
WEFT_INLINE double weft_expm1(double x) {
  double v = x < -60.0 ? -60.0 : x;
  v = v > 709.9 ? 709.9 : v;
  const double shifted = v * WEFT_ONE_OVER_LN2 + WEFT_ROUNDER, k = shifted - WEFT_ROUNDER;
  const double high = v - k * WEFT_LN2_HIGH, low = k * WEFT_LN2_LOW, r = high - low;
  const double lost = (high - r) - low;
  const double p = r + (r * r * weft_exp_tail(r) + (lost + lost * r));
  // Half of 2^k, because 2^1024 is the scale of the greatest finite results.
  const uint64_t exponent = weft_bits(shifted) - weft_bits(WEFT_ROUNDER);
  const double half = weft_double((exponent + 1022) << 52);
  const double e = 2.0 * (half * p + (half - 0.5));
  return __builtin_elementwise_abs(x) < 0x1p-54 ? x : e;
}

/// (log((1+s)/(1-s)) - 2s) / s^3 in z = s^2 <= 0.0295, degree 6, error 2^-58.4.
WEFT_INLINE double weft_log_tail(double z) {
  double p = 0x1.2ef8915d82918p-3;
  p = p * z + 0x1.39a334b1f0d46p-3;
  p = p * z + 0x1.74662dc3f942cp-3;
  p = p * z + 0x1.c71c526c881b0p-3;
  p = p * z + 0x1.249249415cef5p-2;
  p = p * z + 0x1.9999999980af0p-2;
  return p * z + 0x1.555555555558fp-1;
}

/// The same with degree 3 and error 2^-36.6, for results that become float32.
WEFT_INLINE double weft_log_tail_short(double z) {
  double p = 0x1.e2ede1fbd311ep-3;
  p = p * z + 0x1.2439241112f93p-2;
  p = p * z + 0x1.999a78e6c1daep-2;
  return p * z + 0x1.555554fef3d4dp-1;
}

/// Splits a positive normal x into 2^k m with m from sqrt(1/2) to sqrt(2); gives k as a double.
WEFT_INLINE double weft_split(double x, double *m) {
  const uint64_t bits = weft_bits(x);
  // The bits of sqrt(1/2), less 1024 exponents, so that the shift sees no negative number.
  const uint64_t k = (bits - UINT64_C(0x3fe6a09e667f3bcd) + (UINT64_C(1024) << 52)) >> 52;
  *m = weft_double(bits - ((k - 1024) << 52));
  return weft_double(weft_bits(WEFT_ROUNDER) + k) - (WEFT_ROUNDER + 1024);
}

/// k ln 2 + log(1 + f) + c for a small correction c; f - f^2/2 first, since it is nearly exact.
WEFT_INLINE double weft_log_sum(double k, double f, double c) {
  const double s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  const double r = z * weft_log_tail(z);
  return k * WEFT_LN2_HIGH - ((half - (s * (half + r) + (k * WEFT_LN2_LOW + c))) - f);
}

WEFT_INLINE double weft_log_special(double x, double result) {
  result = x == 0 ? -INFINITY : result;
  result = x < 0 ? NAN : result;
  return x < INFINITY ? result : x;
}

WEFT_INLINE double weft_log(double x) {
  const int tiny = x < 0x1p-1022;
  double m;
  const double k = weft_split(tiny ? x * 0x1p54 : x, &m) - (tiny ? 54.0 : 0.0);
  return weft_log_special(x, weft_log_sum(k, m - 1.0, 0.0));
}

/// log(x) to about 2^-36, for float32 results: no float32 is subnormal as a double.
WEFT_INLINE double weft_log_short(double x) {
  double m;
  const double k = weft_split(x, &m), f = m - 1.0;
  const double s = f / (2.0 + f), z = s * s;
  const double r = 2.0 * s + s * z * weft_log_tail_short(z);
  return weft_log_special(x, k * 0x1.62e42fefa39efp-1 + r);
}

/// log(u) of u = 1 + x rounded, and what the rounding lost, divided by u.
WEFT_INLINE double weft_log1p(double x) {
  const double u = 1.0 + x, back = u - 1.0;
  const double lost = (1.0 - (u - back)) + (x - back);
  double m;
  const double k = weft_split(u, &m);
  double result = weft_log_sum(k, m - 1.0, lost / u);
  result = x == 0 ? x : result;
  result = x == -1 ? -INFINITY : result;
  result = x < -1 ? NAN : result;
  return x < INFINITY ? result : x;
}

/// tanh(x) from t = exp(2|x|) - 1: t / (t + 2), or 1 - 2 / (t + 2) where that loses less.
WEFT_INLINE double weft_tanh(double x) {
  double v = __builtin_elementwise_abs(x);
  v = v > 22.0 ? 22.0 : v;
  const double t = weft_expm1(2.0 * v);
  const int large = v > 0.55;
  const double quotient = (large ? -2.0 : t) / (t + 2.0);
  return __builtin_elementwise_copysign(large ? 1.0 + quotient : quotient, x);
}

/// erf(x): x + x P(x^2) up to 0.875, then 1 - exp(-x^2) Q((x - 2) / (x + 2)), 1 from 6 on.
///
/// P has degree 11 on [0, 0.77] and error 2^-61.3; Q approximates exp(x^2) erfc(x) on [0.87, 6]
/// with degree 15 and error 2^-57.6 after the product.
WEFT_INLINE double weft_erf(double x) {
  double v = __builtin_elementwise_abs(x);
  v = v > 6.0 ? 6.0 : v;
  const double z = v * v;
  double p = -0x1.dbaeb7cdc6d92p-31;
  p = p * z + 0x1.e5116969894a6p-27;
  p = p * z - 0x1.5dc9ef2f7d54fp-23;
  p = p * z + 0x1.b9c0542c322d8p-20;
  p = p * z - 0x1.f4d00dc844af4p-17;
  p = p * z + 0x1.f9a30f453cb2fp-14;
  p = p * z - 0x1.c02db35f8a6c7p-11;
  p = p * z + 0x1.565bcd0bb6b87p-8;
  p = p * z - 0x1.b82ce3127afa3p-6;
  p = p * z + 0x1.ce2f21a0429a1p-4;
  p = p * z - 0x1.812746b0379e4p-2;
  p = p * z + 0x1.06eba8214db69p-3;
  const double t = (v - 2.0) / (v + 2.0);
  double q = 0x1.369f3f93b431ap-21;
  q = q * t + 0x1.c8ea8b171b8f3p-19;
  q = q * t + 0x1.bfd4a54294380p-20;
  q = q * t - 0x1.d0b4f3a279cbfp-17;
  q = q * t - 0x1.cfbb45e947db1p-16;
  q = q * t + 0x1.cd77a7608aed8p-16;
  q = q * t + 0x1.6dad46df7bfdcp-13;
  q = q * t + 0x1.6d630884b75c3p-15;
  q = q * t - 0x1.016b64ac11cfcp-10;
  q = q * t - 0x1.bc25a7f0d1a26p-11;
  q = q * t + 0x1.ca95ed633235fp-8;
  q = q * t + 0x1.e947159d77cc4p-9;
  q = q * t - 0x1.437f0b68c4315p-4;
  q = q * t + 0x1.eeea7dc8a74eep-3;
  q = q * t - 0x1.b57034efd3f66p-2;
  q = q * t + 0x1.058671b52c777p-2;
  const double result = v < 0.875 ? v + v * p : 1.0 - weft_exp(-z) * q;
  return __builtin_elementwise_copysign(result, x);
}
