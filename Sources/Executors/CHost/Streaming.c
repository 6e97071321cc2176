// Stores past the cache, which compiled kernels use for arrays that no cache holds.
#include "CHost.h"
#include <stdio.h>

intptr_t weft_cache_bytes(void) {
#if defined(__linux__)
  // What `sysconf` tells is the sum over all groups of cores of some processors.
  for (int level = 4; level >= 0; level--) {
    char path[64], unit = 0;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", level);
    FILE *file = fopen(path, "r");
    if (!file) continue;
    long size = 0;
    const int found = fscanf(file, "%ld%c", &size, &unit);
    fclose(file);
    if (found == 2 && size > 0) return (intptr_t)size << (unit == 'M' ? 20 : 10);
  }
#endif
  // Of systems that do not tell; what a few cores of a server share.
  return 32 << 20;
}

void weft_settle_stores(void) {
  // Elsewhere such stores keep the order of others.
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}
