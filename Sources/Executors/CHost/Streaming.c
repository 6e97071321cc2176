// Stores past the cache, which compiled kernels use for arrays that no cache holds.
#include "CHost.h"
#include <stdio.h>
#include <string.h>

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

void weft_copy_past_cache(void *to, const void *from, intptr_t bytes) {
  typedef int64_t pair __attribute__((vector_size(16)));
  char *out = to;
  const char *in = from;
  const intptr_t before = -(intptr_t)out & (intptr_t)(sizeof(pair) - 1);
  const intptr_t head = before < bytes ? before : bytes;
  memcpy(out, in, head);
  intptr_t n = head;
  for (; n + (intptr_t)sizeof(pair) <= bytes; n += sizeof(pair)) {
    pair next;
    memcpy(&next, in + n, sizeof next);
    __builtin_nontemporal_store(next, (pair *)(out + n));
  }
  memcpy(out + n, in + n, bytes - n);
}
