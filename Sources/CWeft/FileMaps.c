#define _GNU_SOURCE
#include "CWeft.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

// A mapped file that becomes shorter has pages that cannot be had: touching one raises SIGBUS on the thread that
// touches it. The handler puts zeros there and marks the map; who used the map finds the mark and throws.

// Maps that are watched. A slot in use has an end; its holder keeps it until nobody touches the map any more, so that
// the handler, which runs while somebody does, reads a slot at rest. Without locks: a handler must take none.
typedef struct {
  _Atomic(uintptr_t) start, end;
  atomic_bool isDamaged;
} file_map;

// As many as the kernel maps by default (vm.max_map_count is 65,530); pages that nobody uses take no memory.
enum { most_maps = 1 << 16 };
static file_map maps[most_maps];
static atomic_int highest, damaged;
static uintptr_t page_size;
static struct sigaction earlier;

/// Puts zeros in place of a page and all that follow it in its map; false for what is in no map of ours.
static bool replace(uintptr_t address) {
  const int count = atomic_load(&highest);
  for (int i = 0; i < count; i++) {
    const uintptr_t end = atomic_load(&maps[i].end);
    if (address >= end || address < atomic_load(&maps[i].start)) continue;
    const uintptr_t page = address & ~(page_size - 1);
    if (mmap((void *)page, end - page, PROT_READ, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) == MAP_FAILED)
      return false;
    if (!atomic_exchange(&maps[i].isDamaged, true)) atomic_fetch_add(&damaged, 1);
    return true;
  }
  return false;
}

static void onFault(int signal, siginfo_t *info, void *context) {
  const int error = errno;
  // A number above zero is the kernel's: somebody's `kill` has no address.
  const bool isFault = info->si_code > 0;
  const bool isOurs = isFault && replace((uintptr_t)info->si_addr);
  errno = error;
  if (isOurs) return;
  if (earlier.sa_flags & SA_SIGINFO) {
    earlier.sa_sigaction(signal, info, context);
  } else if (earlier.sa_handler == SIG_DFL || (earlier.sa_handler == SIG_IGN && isFault)) {
    // Behind the handler the fault is raised again, or the signal that waits, and ends the process.
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    if (!isFault) raise(signal);
  } else if (earlier.sa_handler != SIG_IGN) {
    earlier.sa_handler(signal);
  }
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void install(void) {
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  // What the handler needs is there before it is.
  sigaction(SIGBUS, NULL, &earlier);
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, NULL);
}

int weft_map_watch(const void *base, int64_t count) {
  static atomic_int next;
  pthread_once(&once, install);
  const uintptr_t start = (uintptr_t)base;
  const uintptr_t end = (start + (uintptr_t)count + page_size - 1) & ~(page_size - 1);
  const int first = atomic_load(&next);
  for (int i = 0; i < most_maps; i++) {
    const int number = (first + i) % most_maps;
    uintptr_t none = 0;
    // The start is what takes a slot, the end what shows it.
    if (!atomic_compare_exchange_strong(&maps[number].start, &none, start)) continue;
    atomic_store(&maps[number].isDamaged, false);
    atomic_store(&maps[number].end, end);
    int seen = atomic_load(&highest);
    while (seen <= number && !atomic_compare_exchange_weak(&highest, &seen, number + 1)) {}
    atomic_store(&next, number + 1);
    return number;
  }
  return -1;
}

void weft_map_unwatch(int number) {
  atomic_store(&maps[number].end, 0);
  if (atomic_exchange(&maps[number].isDamaged, false)) atomic_fetch_sub(&damaged, 1);
  atomic_store(&maps[number].start, 0);
}

int weft_map_is_damaged(int number) { return atomic_load(&maps[number].isDamaged); }

int weft_map_damaged_count(void) { return atomic_load_explicit(&damaged, memory_order_acquire); }
