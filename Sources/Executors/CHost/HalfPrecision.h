// float16 and bfloat16 as bits: conversions by integer arithmetic, which every processor has.
#pragma once
#include "TileLoops.h"

WEFT_INLINE uint32_t weft_float_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
WEFT_INLINE float weft_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/// Exact: shifting the fields into float32's place divides by 2^112, subnormals included.
WEFT_INLINE float weft_float_of_half(uint16_t half) {
  const uint32_t fields = (uint32_t)(half & 0x7fff) << 13, sign = (uint32_t)(half & 0x8000) << 16;
  const uint32_t finite = weft_float_bits(weft_float(fields) * 0x1p112f);
  const uint32_t special = fields | 0x7f800000u;
  return weft_float((fields >= 0x0f800000u ? special : finite) | sign);
}

/// Nearest, ties to even. A NaN keeps the top of its payload, and stays one.
WEFT_INLINE uint16_t weft_half_of_float(float x) {
  const uint32_t bits = weft_float_bits(x), size = bits & 0x7fffffffu, sign = bits >> 16 & 0x8000u;
  // Subnormal results: adding 0.5, whose last bit is the least half, rounds to multiples of it.
  const uint32_t least = weft_float_bits(weft_float(size) + 0.5f) - 0x3f000000u;
  // Others: half of the lost bits, less one when the kept last bit is even, carries upwards.
  const uint32_t normal = (size - 0x38000000u + 0xfffu + (size >> 13 & 1)) >> 13;
  const uint32_t payload = size >> 13 & 0x3ffu;
  const uint32_t nan = 0x7c00u | payload | (payload == 0);
  uint32_t half = size < 0x38800000u ? least : normal;
  half = size >= 0x477ff000u ? 0x7c00u : half;
  half = size > 0x7f800000u ? nan : half;
  return (uint16_t)(half | sign);
}

WEFT_INLINE float weft_float_of_brain(uint16_t brain) {
  return weft_float((uint32_t)brain << 16);
}

/// Nearest, ties to even. A NaN keeps the top of its payload and becomes quiet.
WEFT_INLINE uint16_t weft_brain_of_float(float x) {
  const uint32_t bits = weft_float_bits(x);
  const uint32_t rounded = (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : rounded);
}

/// Rounds to odd: a float whose last bit says whether something was lost rounds correctly again
/// to any format with two bits less (Boldo & Melquiond 2008).
WEFT_INLINE float weft_odd_float(double x) {
  const float near = (float)x;
  const double back = (double)near;
  const uint32_t bits = weft_float_bits(near);
  const int beyond = __builtin_elementwise_abs(back) > __builtin_elementwise_abs(x);
  const uint32_t towards = bits - (uint32_t)beyond;
  return weft_float(((back == x) | (x != x)) ? bits : towards | 1);
}
