// Functions that the C library computes, one element at a time; no level improves on the calls.
#define WEFT_LEVEL portable
#include "TileLoops.h"

#define WEFT_BINARY_LIBRARY(DO) DO(fmod) DO(nextafter)
#define WEFT_DO(ID) \
  WEFT_BINARY_CALLS(ID##_f32, float, float, ID##f(x, y)) WEFT_BINARY_CALLS(ID##_f64, double, double, ID(x, y))
WEFT_BINARY_LIBRARY(WEFT_DO)
#undef WEFT_DO

#define WEFT_DO(ID) WEFT_ROW(#ID, WEFT_FLOAT(ID)),
WEFT_TABLE(library) {
  WEFT_BINARY_LIBRARY(WEFT_DO)
  {0},
};
#undef WEFT_DO
