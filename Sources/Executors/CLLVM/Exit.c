// The end of the process waits for what runs inside LLVM, whose data its destructors free.
//
// Handlers of `atexit` run in reverse order, so ours must be younger than LLVM's. LLVM sets its own
// while it is opened and while a first compilation meets its static data; therefore opening ends
// with a compilation, and then with our handler.
//
// For a process that ends while LLVM is being opened there is a second guard: a destructor of the
// main thread's local data, set at the start, comes before all handlers when that thread ends the
// process. A process that another thread ends (an asynchronous `main`) has the first guard alone,
// so callers open LLVM where somebody waits for them.
#include "Table.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
// Under the mutex.
static int inside;
static bool isExiting;

/// How deep this thread is inside; one that ends the process from there must not wait for itself.
static _Thread_local int depth;

int weft_llvm_enter(void) {
  pthread_mutex_lock(&mutex);
  int mayEnter = !isExiting;
  if (mayEnter) inside++;
  pthread_mutex_unlock(&mutex);
  if (mayEnter) depth++;
  return mayEnter;
}

void weft_llvm_leave(void) {
  depth--;
  pthread_mutex_lock(&mutex);
  inside--;
  pthread_cond_broadcast(&left);
  pthread_mutex_unlock(&mutex);
}

static void waitAtExit(void) {
  if (depth) return;
  pthread_mutex_lock(&mutex);
  isExiting = true;
  while (inside > 0) pthread_cond_wait(&left, &mutex);
  pthread_mutex_unlock(&mutex);
}

void weft_llvm_guard_exit(void) { atexit(waitAtExit); }

#if defined(__linux__)
// glibc's form of the destructors of C++'s thread_local.
extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *) __attribute__((weak));
extern void *__dso_handle __attribute__((visibility("hidden")));

static void waitAtThreadExit(void *nothing) {
  (void)nothing;
  waitAtExit();
}

__attribute__((constructor)) static void guardMainThread(void) {
  if (__cxa_thread_atexit_impl) __cxa_thread_atexit_impl(waitAtThreadExit, NULL, &__dso_handle);
}
#endif
