// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "../TileLoops.h"

static inline __attribute__((always_inline, unused)) float
weft_kernel_float32_of_int32(int32_t x) {
  float y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) int32_t
weft_kernel_int32_of_float32(float x) {
  int32_t y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) float
weft_kernel_float32_of_uint32(uint32_t x) {
  float y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) uint32_t
weft_kernel_uint32_of_float32(float x) {
  uint32_t y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) double
weft_kernel_float64_of_int64(int64_t x) {
  double y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) int64_t
weft_kernel_int64_of_float64(double x) {
  int64_t y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) double
weft_kernel_float64_of_uint64(uint64_t x) {
  double y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline __attribute__((always_inline, unused)) uint64_t
weft_kernel_uint64_of_float64(double x) {
  uint64_t y;
  memcpy(&y, &x, sizeof y);
  return y;
}
