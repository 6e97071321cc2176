// Trigonometric and hyperbolic functions and their inverses: the kernel library's functions.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Trigonometric.c"
#include "KernelLoops.h"
#include "KernelMath/Hyperbolic.h"
#include "KernelMath/InverseHyperbolic.h"
#include "KernelMath/InverseTrigonometric.h"
#include "KernelMath/Trigonometric.h"
#include "EachLevel.h"
#else

#define WEFT_EACH_KERNEL(UNARY, BINARY) \
  WEFT_KERNELS_Trigonometric(UNARY, BINARY) WEFT_KERNELS_InverseTrigonometric(UNARY, BINARY) \
  WEFT_KERNELS_Hyperbolic(UNARY, BINARY) WEFT_KERNELS_InverseHyperbolic(UNARY, BINARY)
WEFT_EACH_KERNEL(WEFT_UNARY_KERNEL, WEFT_BINARY_KERNEL)
WEFT_TABLE(trigonometric) {WEFT_EACH_KERNEL(WEFT_KERNEL_ROW, WEFT_KERNEL_ROW){0}};
#undef WEFT_EACH_KERNEL
#endif
