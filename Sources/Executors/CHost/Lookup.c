// Finds a loop by name and dtype at the best level that this processor has.
#include "TileLoops.h"
#include <stdatomic.h>

#define WEFT_LEVELED(DO) \
  DO(arithmetic) DO(comparison) DO(integer) DO(rounding) DO(exponential) DO(trigonometric) \
  DO(complex)

#if defined(__x86_64__)
#define WEFT_EACH_TABLE(DO, FAMILY) \
  DO(FAMILY, portable) DO(FAMILY, avx2) DO(FAMILY, avx512)
#else
#define WEFT_EACH_TABLE(DO, FAMILY) DO(FAMILY, portable)
#endif
#define WEFT_DECLARE(FAMILY, LEVEL) extern const weft_tile_row weft_rows_##FAMILY##_##LEVEL[];
#define WEFT_DECLARE_ALL(FAMILY) WEFT_EACH_TABLE(WEFT_DECLARE, FAMILY)
#define WEFT_DECLARE_FOLDS(FAMILY, LEVEL) \
  extern const weft_reduce_row weft_rows_##FAMILY##_##LEVEL[];
WEFT_LEVELED(WEFT_DECLARE_ALL)
WEFT_DECLARE_ALL(convert)
WEFT_EACH_TABLE(WEFT_DECLARE_FOLDS, reduce)
WEFT_DECLARE(library, portable)
WEFT_DECLARE(complex_library, portable)

enum { weft_levels = 3, weft_families = 9 };
#define WEFT_PORTABLE(FAMILY) weft_rows_##FAMILY##_portable,
#define WEFT_AVX2(FAMILY) weft_rows_##FAMILY##_avx2,
#define WEFT_AVX512(FAMILY) weft_rows_##FAMILY##_avx512,
#define WEFT_LIBRARIES weft_rows_library_portable, weft_rows_complex_library_portable
static const weft_tile_row *const tiles[][weft_families] = {
  {WEFT_LEVELED(WEFT_PORTABLE) WEFT_LIBRARIES},
#if defined(__x86_64__)
  {WEFT_LEVELED(WEFT_AVX2) WEFT_LIBRARIES},
  {WEFT_LEVELED(WEFT_AVX512) WEFT_LIBRARIES},
#endif
};
static const weft_tile_row *const conversions[] = {
  WEFT_PORTABLE(convert)
#if defined(__x86_64__)
  WEFT_AVX2(convert) WEFT_AVX512(convert)
#endif
};
static const weft_reduce_row *const folds[] = {
  WEFT_PORTABLE(reduce)
#if defined(__x86_64__)
  WEFT_AVX2(reduce) WEFT_AVX512(reduce)
#endif
};

static int detect(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
    && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f")
    && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
    && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return avx512 ? 2 : avx2 ? 1 : 0;
#else
  return 0;
#endif
}

int weft_tile_level(void) {
  // Racing threads write the same answer.
  static _Atomic int known = -1;
  int level = atomic_load_explicit(&known, memory_order_relaxed);
  if (level < 0) {
    level = detect();
    atomic_store_explicit(&known, level, memory_order_relaxed);
  }
  return level;
}

static int usable(int level) { return level >= 0 && level <= weft_tile_level(); }
static int isDType(int dtype) { return dtype >= 0 && dtype < WEFT_DTYPES; }

weft_tile_function weft_tile_lookup_at(int level, const char *name, int dtype) {
  if (!usable(level) || !isDType(dtype)) return NULL;
  // A name may stand in several families, for different dtypes.
  for (int family = 0; family < weft_families; family++)
    for (const weft_tile_row *row = tiles[level][family]; row->name; row++)
      if (row->by_dtype[dtype] && strcmp(row->name, name) == 0) return row->by_dtype[dtype];
  return NULL;
}

weft_tile_function weft_tile_convert_lookup_at(int level, int from, int to) {
  if (!usable(level) || !isDType(from) || !isDType(to)) return NULL;
  return conversions[level][from].by_dtype[to];
}

weft_reduce_function weft_reduce_lookup_at(int level, const char *name, int dtype) {
  if (!usable(level) || !isDType(dtype)) return NULL;
  for (const weft_reduce_row *row = folds[level]; row->name; row++)
    if (strcmp(row->name, name) == 0) return row->by_dtype[dtype];
  return NULL;
}

weft_tile_function weft_tile_lookup(const char *name, int dtype) {
  return weft_tile_lookup_at(weft_tile_level(), name, dtype);
}
weft_tile_function weft_tile_convert_lookup(int from, int to) {
  return weft_tile_convert_lookup_at(weft_tile_level(), from, to);
}
weft_reduce_function weft_reduce_lookup(const char *name, int dtype) {
  return weft_reduce_lookup_at(weft_tile_level(), name, dtype);
}
