// One pool of threads for the process: regions of tasks, each thread's share claimed by a counter.
//
// A thread takes the tasks of its own share first, from region to region the same part of the
// numbers, so that what it wrote is still in its cache; then it helps with the shares of others.
//
// Workers start when a region first asks for them and never end; there are never more than the
// largest budget asked for, less its caller. A region is a value on its caller's stack, in a list
// that the mutex guards. The caller works too, so a region ends even if every worker is busy.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CHost.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { most_shares = 64 };

/// Consecutive tasks that one thread is to take first; alone in its cache line.
typedef struct {
  _Alignas(64) _Atomic int64_t next;
  int64_t end;
} share;

typedef struct region {
  void (*body)(void *context, int64_t task, int worker);
  void *context;
  share *shares;
  int share_count;
  // Under the mutex; `active` is also read without it by the waiting caller.
  int places, joined;
  _Atomic int active;
  bool waiting;
  struct region *later;
} region;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t published = PTHREAD_COND_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
// Under the mutex. Each publication changes `epoch`, which spinning workers watch.
static region *regions;
static int sleepers;
static bool prepared;
static _Atomic int workers;
static _Atomic uint64_t epoch;
static _Atomic int holders;

static _Thread_local bool insideRegion;
/// Which share a thread begins with: 0 for callers, from 1 on for workers.
static _Thread_local int habit;

// About fifty microseconds: as long as waking a sleeping thread takes, longer than between two
// kernels of a graph and than the last part of one takes, much shorter than a time slice.
enum { spins = 3000 };
// About two milliseconds: while one caller has said that more regions come, workers stay awake through the
// steps between them that one thread does, and the caller through the end of a region. With several
// callers every processor has something better to do.
enum { heldSpins = 40 * spins };

// About a microsecond. Where other programs take a processor, caller and worker may find themselves on
// one: a thread that waits without giving way holds up the one that it waits for by a time slice, some 3 ms.
enum { spinsBetweenYields = 64 };

static inline void relax(int spun) {
  if (spun % spinsBetweenYields == spinsBetweenYields - 1) {
    sched_yield();
    return;
  }
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Whether a thread that has waited so long goes on before it sleeps.
static inline bool spinsOn(int spun) {
  return spun < spins
    || (spun < heldSpins && atomic_load_explicit(&holders, memory_order_relaxed) == 1);
}

static void claim(region *r, int worker) {
  for (int i = 0; i < r->share_count; i++) {
    share *own = &r->shares[(habit + i) % r->share_count];
    for (;;) {
      const int64_t task = atomic_fetch_add_explicit(&own->next, 1, memory_order_relaxed);
      if (task >= own->end) break;
      r->body(r->context, task, worker);
    }
  }
}

/// Whether some task of a region is unclaimed.
static bool has_tasks(region *r) {
  for (int i = 0; i < r->share_count; i++)
    if (atomic_load_explicit(&r->shares[i].next, memory_order_relaxed) < r->shares[i].end)
      return true;
  return false;
}

/// A region with a free place and an unclaimed task; takes the place. Needs the mutex.
static region *join(int *worker) {
  for (region *r = regions; r; r = r->later)
    if (r->joined < r->places && has_tasks(r)) {
      *worker = ++r->joined;
      atomic_fetch_add_explicit(&r->active, 1, memory_order_relaxed);
      return r;
    }
  return NULL;
}

static void *work(void *number) {
  habit = (int)(intptr_t)number;
  insideRegion = true;
  pthread_mutex_lock(&mutex);
  for (;;) {
    int worker;
    region *r = join(&worker);
    if (r) {
      pthread_mutex_unlock(&mutex);
      claim(r, worker);
      pthread_mutex_lock(&mutex);
      // The caller may return as soon as `active` is zero, so the region is not touched after.
      const bool waiting = r->waiting;
      if (atomic_fetch_sub_explicit(&r->active, 1, memory_order_release) == 1 && waiting)
        pthread_cond_broadcast(&finished);
      continue;
    }
    const uint64_t seen = atomic_load_explicit(&epoch, memory_order_relaxed);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; spinsOn(i); i++) {
      if (atomic_load_explicit(&epoch, memory_order_relaxed) != seen) break;
      relax(i);
    }
    pthread_mutex_lock(&mutex);
    if (atomic_load_explicit(&epoch, memory_order_relaxed) == seen) {
      sleepers++;
      pthread_cond_wait(&published, &mutex);
      sleepers--;
    }
  }
  return NULL;
}

// A child of fork has only the thread that forked.
static void beforeFork(void) { pthread_mutex_lock(&mutex); }
static void afterForkInParent(void) { pthread_mutex_unlock(&mutex); }
static void afterForkInChild(void) {
  regions = NULL;
  sleepers = 0;
  atomic_store(&workers, 0);
  atomic_store(&holders, 0);
  pthread_cond_init(&published, NULL);
  pthread_cond_init(&finished, NULL);
  pthread_mutex_unlock(&mutex);
}

/// Starts workers up to a number, or as many as the system gives. Needs the mutex.
static void start(int wanted) {
  if (!prepared) {
    prepared = true;
    pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
  }
  // Signals belong to the threads of the program, but for faults: the system ends a process that blocks its own.
  sigset_t all, before;
  sigfillset(&all);
  const int faults[] = {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (atomic_load_explicit(&workers, memory_order_relaxed) < wanted) {
    pthread_t thread;
    const intptr_t number = atomic_load_explicit(&workers, memory_order_relaxed) + 1;
    if (pthread_create(&thread, NULL, work, (void *)number) != 0) break;
    pthread_detach(thread);
    atomic_fetch_add_explicit(&workers, 1, memory_order_relaxed);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void weft_pool_hold(int threads) {
  atomic_fetch_add_explicit(&holders, 1, memory_order_relaxed);
  pthread_mutex_lock(&mutex);
  const int wake = sleepers < threads - 1 ? sleepers : threads - 1;
  for (int i = 0; i < wake; i++) pthread_cond_signal(&published);
  pthread_mutex_unlock(&mutex);
}

void weft_pool_release(void) { atomic_fetch_sub_explicit(&holders, 1, memory_order_relaxed); }

int weft_pool_size(void) { return atomic_load_explicit(&workers, memory_order_relaxed) + 1; }

void weft_parallel(
  int threads, int64_t tasks, void (*body)(void *context, int64_t task, int worker),
  void *context) {
  if (tasks < threads) threads = (int)tasks;
  if (threads <= 1 || insideRegion) {
    for (int64_t task = 0; task < tasks; task++) body(context, task, 0);
    return;
  }
  share shares[most_shares];
  const int count = threads < most_shares ? threads : most_shares;
  for (int i = 0; i < count; i++) {
    atomic_init(&shares[i].next, tasks / count * i + (tasks % count < i ? tasks % count : i));
    shares[i].end = tasks / count * (i + 1) + (tasks % count < i + 1 ? tasks % count : i + 1);
  }
  region r = {
    .body = body, .context = context, .shares = shares, .share_count = count,
    .places = threads - 1};

  pthread_mutex_lock(&mutex);
  if (atomic_load_explicit(&workers, memory_order_relaxed) < threads - 1) start(threads - 1);
  r.later = regions;
  regions = &r;
  atomic_fetch_add_explicit(&epoch, 1, memory_order_relaxed);
  const int wake = sleepers < threads - 1 ? sleepers : threads - 1;
  for (int i = 0; i < wake; i++) pthread_cond_signal(&published);
  pthread_mutex_unlock(&mutex);

  insideRegion = true;
  claim(&r, 0);
  insideRegion = false;

  pthread_mutex_lock(&mutex);
  region **link = &regions;
  while (*link != &r) link = &(*link)->later;
  *link = r.later;
  pthread_mutex_unlock(&mutex);
  // Nobody joins any more. What the workers wrote is visible once `active` is read as zero.
  for (int i = 0; spinsOn(i); i++) {
    if (atomic_load_explicit(&r.active, memory_order_acquire) == 0) return;
    relax(i);
  }
  pthread_mutex_lock(&mutex);
  r.waiting = true;
  while (atomic_load_explicit(&r.active, memory_order_acquire) != 0)
    pthread_cond_wait(&finished, &mutex);
  pthread_mutex_unlock(&mutex);
}
