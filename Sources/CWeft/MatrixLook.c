#include "CWeft.h"
#include <string.h>

// Looks at the elements of matrices. Rows are contiguous; a complex element is two numbers.

#define WEFT_LOOK(SUFFIX, T) \
  int64_t weft_first_nonzero_##SUFFIX(const T *row, int64_t count) { \
    int64_t i = 0; \
    for (; i + 16 <= count; i += 16) { \
      int any = 0; \
      for (int j = 0; j < 16; j++) any |= row[i + j] != 0; \
      if (any) break; \
    } \
    for (; i < count; i++) if (row[i] != 0) return i; \
    return count; \
  } \
  int64_t weft_last_nonzero_##SUFFIX(const T *row, int64_t count) { \
    int64_t i = count; \
    for (; i >= 16; i -= 16) { \
      int any = 0; \
      for (int j = 1; j <= 16; j++) any |= row[i - j] != 0; \
      if (any) break; \
    } \
    for (; i > 0; i--) if (row[i - 1] != 0) return i - 1; \
    return -1; \
  } \
  int weft_all_finite_##SUFFIX(const T *elements, int64_t count) { \
    /* x - x is 0, or NaN for NaN and infinity. */ \
    for (int64_t start = 0; start < count; start += 4096) { \
      int64_t end = start + 4096 < count ? start + 4096 : count; \
      int wrong = 0; \
      for (int64_t i = start; i < end; i++) wrong |= elements[i] - elements[i] != 0; \
      if (wrong) return 0; \
    } \
    return 1; \
  } \
  int weft_is_symmetric_##SUFFIX(const T *a, int64_t n, int parts) { \
    enum { block = 32 }; \
    for (int64_t top = 0; top < n; top += block) { \
      int64_t bottom = top + block < n ? top + block : n; \
      for (int64_t left = 0; left <= top; left += block) { \
        int64_t right = left + block < n ? left + block : n; \
        int wrong = 0; \
        for (int64_t i = top; i < bottom; i++) { \
          int64_t end = right < i + 1 ? right : i + 1; \
          if (parts == 1) { \
            for (int64_t j = left; j < end; j++) wrong |= !(a[i * n + j] == a[j * n + i]); \
          } else { \
            for (int64_t j = left; j < end; j++) { \
              const T *x = a + 2 * (i * n + j), *y = a + 2 * (j * n + i); \
              wrong |= !(x[0] == y[0] && x[1] == -y[1]); \
            } \
          } \
        } \
        if (wrong) return 0; \
      } \
    } \
    return 1; \
  }
WEFT_LOOK(f32, float)
WEFT_LOOK(f64, double)
