// Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
#pragma once
#include "Exponentials.h"
#include "Logarithms.h"
#include "ExponentialSums.h"
#include "Powers.h"
#include "Roots.h"
#include "ErrorFunction.h"
#include "Trigonometric.h"
#include "InverseTrigonometric.h"
#include "Hyperbolic.h"
#include "InverseHyperbolic.h"

#define WEFT_KERNELS(UNARY, BINARY) \
  WEFT_KERNELS_Exponentials(UNARY, BINARY) \
  WEFT_KERNELS_Logarithms(UNARY, BINARY) \
  WEFT_KERNELS_ExponentialSums(UNARY, BINARY) \
  WEFT_KERNELS_Powers(UNARY, BINARY) \
  WEFT_KERNELS_Roots(UNARY, BINARY) \
  WEFT_KERNELS_ErrorFunction(UNARY, BINARY) \
  WEFT_KERNELS_Trigonometric(UNARY, BINARY) \
  WEFT_KERNELS_InverseTrigonometric(UNARY, BINARY) \
  WEFT_KERNELS_Hyperbolic(UNARY, BINARY) \
  WEFT_KERNELS_InverseHyperbolic(UNARY, BINARY)
