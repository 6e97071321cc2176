#define _GNU_SOURCE
#include "CWeft.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The kernel grants a process 65,530 maps (vm.max_map_count).
#define WEFT_MAPS 65536

static struct {
  _Atomic(uintptr_t) base;
  _Atomic(size_t) length;
  _Atomic(char *) path;
  atomic_int isTorn;
} maps[WEFT_MAPS];
static atomic_int used, torn, watchers;
static size_t pageSize;
static struct sigaction previous;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int find(uintptr_t address) {
  int count = atomic_load(&used);
  for (int i = 0; i < count; ++i) {
    uintptr_t base = atomic_load(&maps[i].base);
    if (base && address >= base && address - base < atomic_load(&maps[i].length)) return i;
  }
  return -1;
}

// What a file has lost reads as zeros from now on; who ran meanwhile is told so and gives no result.
static void onFault(int signal, siginfo_t *info, void *context) {
  int i = atomic_load(&watchers) > 0 ? find((uintptr_t)info->si_addr) : -1;
  if (i >= 0) {
    uintptr_t page = (uintptr_t)info->si_addr & ~(uintptr_t)(pageSize - 1);
    size_t rest = atomic_load(&maps[i].base) + atomic_load(&maps[i].length) - page;
    if (mmap((void *)page, rest, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
      if (atomic_exchange(&maps[i].isTorn, 1) == 0) atomic_fetch_add(&torn, 1);
      return;
    }
  }
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  } else {
    // The access is tried again and ends the process as it would have.
    sigaction(signal, &previous, NULL);
  }
}

static void install(void) {
  pageSize = (size_t)sysconf(_SC_PAGESIZE);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &previous);
}

void weft_map_watch(const void *base, size_t length, const char *path) {
  pthread_once(&once, install);
  pthread_mutex_lock(&mutex);
  int count = atomic_load(&used);
  int i = 0;
  while (i < count && atomic_load(&maps[i].base)) ++i;
  if (i < WEFT_MAPS) {
    atomic_store(&maps[i].isTorn, 0);
    atomic_store(&maps[i].path, strdup(path));
    atomic_store(&maps[i].length, length);
    atomic_store(&maps[i].base, (uintptr_t)base);
    if (i == count) atomic_store(&used, count + 1);
  }
  pthread_mutex_unlock(&mutex);
}

void weft_map_forget(const void *base) {
  pthread_mutex_lock(&mutex);
  int i = find((uintptr_t)base);
  if (i >= 0 && atomic_load(&maps[i].base) == (uintptr_t)base) {
    atomic_store(&maps[i].base, 0);
    free(atomic_exchange(&maps[i].path, NULL));
    if (atomic_exchange(&maps[i].isTorn, 0)) atomic_fetch_sub(&torn, 1);
  }
  pthread_mutex_unlock(&mutex);
}

void weft_map_enter(void) { atomic_fetch_add(&watchers, 1); }
void weft_map_leave(void) { atomic_fetch_sub(&watchers, 1); }

const char *weft_map_torn_path(const void *address) {
  if (atomic_load(&torn) == 0) return NULL;
  int i = find((uintptr_t)address);
  return i >= 0 && atomic_load(&maps[i].isTorn) ? atomic_load(&maps[i].path) : NULL;
}
