// Memory for LLVM, which ends the process where it finds none.
//
// Whoever is about to call it claims what it may take. Each claim is compared with what the system
// gives beside all the others, so two that run at the same time do not count on the same bytes;
// one that finds no room waits for those before it.
#include "Table.h"
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
// Under the mutex.
static size_t claimed;

/// Whether the system gives so many bytes now.
static bool isThere(size_t bytes) {
  void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (room == MAP_FAILED) return false;
  munmap(room, bytes);
  return true;
}

int weft_llvm_claim(size_t bytes) {
  pthread_mutex_lock(&mutex);
  bool fits = isThere(claimed + bytes);
  while (!fits && claimed > 0) {
    pthread_cond_wait(&released, &mutex);
    fits = isThere(claimed + bytes);
  }
  if (fits) claimed += bytes;
  pthread_mutex_unlock(&mutex);
  return fits;
}

void weft_llvm_release(size_t bytes) {
  pthread_mutex_lock(&mutex);
  claimed -= bytes;
  pthread_cond_broadcast(&released);
  pthread_mutex_unlock(&mutex);
}
