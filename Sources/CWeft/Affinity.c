#define _GNU_SOURCE
#include "CWeft.h"

#ifdef __linux__
#include <sched.h>

int weft_affinity_count(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}
#else
int weft_affinity_count(void) { return 0; }
#endif
