// Stores past the cache, which compiled kernels use for arrays that no cache holds.
#include "CHost.h"
#include <unistd.h>

intptr_t weft_cache_bytes(void) {
#if defined(_SC_LEVEL3_CACHE_SIZE)
  const long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  if (bytes > 0) return bytes;
#endif
  // Of machines that do not tell; what a core of a server has a share of.
  return 32 << 20;
}

void weft_settle_stores(void) {
  // Elsewhere such stores keep the order of others.
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}
