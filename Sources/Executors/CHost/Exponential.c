// exp, log and what is made of them, powers, roots, erf: the kernel library's functions.
#ifndef WEFT_LEVEL
#define WEFT_FAMILY "Exponential.c"
#include "KernelLoops.h"
#include "KernelMath/ErrorFunction.h"
#include "KernelMath/ExponentialSums.h"
#include "KernelMath/Exponentials.h"
#include "KernelMath/Logarithms.h"
#include "KernelMath/Powers.h"
#include "KernelMath/Roots.h"
#include "EachLevel.h"
#else

#define WEFT_EACH_KERNEL(UNARY, BINARY) \
  WEFT_KERNELS_ErrorFunction(UNARY, BINARY) WEFT_KERNELS_Exponentials(UNARY, BINARY) \
  WEFT_KERNELS_ExponentialSums(UNARY, BINARY) WEFT_KERNELS_Logarithms(UNARY, BINARY) \
  WEFT_KERNELS_Powers(UNARY, BINARY) WEFT_KERNELS_Roots(UNARY, BINARY)
WEFT_EACH_KERNEL(WEFT_UNARY_KERNEL, WEFT_BINARY_KERNEL)
WEFT_TABLE(exponential) {WEFT_EACH_KERNEL(WEFT_KERNEL_ROW, WEFT_KERNEL_ROW){0}};
#undef WEFT_EACH_KERNEL
#endif
