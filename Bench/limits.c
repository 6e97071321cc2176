// What this machine can do at most, as one JSON line: memory bandwidth in GB/s with one and with two
// threads, and peak multiply-add rate in GFLOP/s with two; or of one kind, whose name is given. Each figure is the best of several rounds.
//
// Arrays are far larger than any cache. Stores bypass the cache where the CPU can (AVX), so that a
// triad moves exactly three arrays; elsewhere each store also reads its line and the figure is lower.
// Arrays lie on huge pages, where the system has them, at different places of a page: two that are
// read side by side from the same place hinder each other.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#if defined(__AVX__)
#include <immintrin.h>
#endif

enum { threadLimit = 2, rounds = 5, accumulators = 10, steps = 20000000 };
static const size_t elements = 32u << 20;  // of 8 bytes: 256 MiB an array

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
typedef double doubles __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef float floats __attribute__((vector_size(VECTOR_BYTES), may_alias));

static double *a, *b, *c;
static volatile double sink;

static inline void store(double *address, doubles value) {
#if VECTOR_BYTES == 64
  _mm512_stream_pd(address, (__m512d)value);
#elif VECTOR_BYTES == 32
  _mm256_stream_pd(address, (__m256d)value);
#else
  *(doubles *)address = value;
#endif
}

enum { lanes = VECTOR_BYTES / sizeof(double) };

static void triad(size_t from, size_t to) {
  for (size_t i = from; i < to; i += lanes)
    store(a + i, *(doubles *)(b + i) + 3.0 * *(doubles *)(c + i));
}

static void copy(size_t from, size_t to) {
  for (size_t i = from; i < to; i += lanes) store(a + i, *(doubles *)(b + i));
}

static void fill(size_t from, size_t to) {
  for (size_t i = from; i < to; i += lanes) store(a + i, (doubles){} + 1.0);
}

static void readAll(size_t from, size_t to) {
  doubles sums[4] = {};
  for (size_t i = from; i < to; i += 4 * lanes)
    for (int k = 0; k < 4; k++) sums[k] += *(doubles *)(a + i + k * lanes);
  sink = (sums[0] + sums[1] + sums[2] + sums[3])[0];
}

// Rows of 256 bytes at places without a pattern in a part of `b` that is larger than a cache: what products
// with a sparse matrix read. Each row is asked for some before its turn, as a product may.
enum { rowLanes = 32, gatherRows = 200000, gathered = 2000000, ahead = 24 };
static int32_t gatherPlaces[gathered + ahead];

static void gather(size_t from, size_t to) {
  doubles sums[4] = {};
  size_t first = (size_t)(from / (double)elements * gathered);
  size_t last = (size_t)(to / (double)elements * gathered);
  for (size_t i = first; i < last; i++) {
    const char *later = (const char *)(b + (size_t)gatherPlaces[i + ahead] * rowLanes);
    for (int line = 0; line < 4; line++) __builtin_prefetch(later + 64 * line, 0, 2);
    const double *row = b + (size_t)gatherPlaces[i] * rowLanes;
    for (int k = 0; k < rowLanes / lanes; k++) sums[k % 4] += *(doubles *)(row + k * lanes);
  }
  sink = (sums[0] + sums[1] + sums[2] + sums[3])[0];
}

// Enough independent chains to hide the latency of a multiply-add; few enough for 16 registers.
#define MULTIPLY_ADD(name, vector)                                                        \
  static void name(size_t from, size_t to) {                                              \
    (void)from, (void)to;                                                                 \
    vector v[accumulators] = {}, x = (vector){} + 0.999f, y = (vector){} + 1e-3f;         \
    for (long i = 0; i < steps; i++)                                                      \
      _Pragma("GCC unroll 16") for (int k = 0; k < accumulators; k++) v[k] = v[k] * x + y; \
    vector total = {};                                                                    \
    for (int k = 0; k < accumulators; k++) total += v[k];                                 \
    sink = total[0];                                                                      \
  }
MULTIPLY_ADD(multiplyAdd64, doubles)
MULTIPLY_ADD(multiplyAdd32, floats)

typedef struct {
  void (*body)(size_t, size_t);
  size_t from, to;
} Share;

static void *runShare(void *argument) {
  Share *share = argument;
  share->body(share->from, share->to);
  return NULL;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double best(void (*body)(size_t, size_t), int threads) {
  double shortest = 1e30;
  for (int round = 0; round < rounds; round++) {
    pthread_t handles[threadLimit];
    Share shares[threadLimit];
    double start = seconds();
    for (int t = 0; t < threads; t++) {
      shares[t] = (Share){body, elements / threads * t, elements / threads * (t + 1)};
      if (pthread_create(&handles[t], NULL, runShare, &shares[t])) exit(1);
    }
    for (int t = 0; t < threads; t++) pthread_join(handles[t], NULL);
    double elapsed = seconds() - start;
    if (elapsed < shortest) shortest = elapsed;
  }
  return shortest;
}

enum { hugePage = 2 << 20, placeBytes = 4096 + 512 };

static double *allocate(int place) {
  size_t bytes = elements * sizeof(double) + hugePage;
  char *block = aligned_alloc(hugePage, bytes);
  if (!block) exit(1);
#if defined(MADV_HUGEPAGE)
  madvise(block, bytes, MADV_HUGEPAGE);
#endif
  memset(block, 0, bytes);
  return (double *)(block + place * placeBytes);
}

// The amount, in GB or GFLOP, that a body moves or computes.
typedef struct {
  const char *name;
  void (*body)(size_t, size_t);
  double amount;
} Limit;

int main(int count, char **arguments) {
  a = allocate(0), b = allocate(1), c = allocate(2);
  uint64_t state = 1;
  for (size_t i = 0; i < gathered + ahead; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    gatherPlaces[i] = (int32_t)((state >> 33) % gatherRows);
  }
  double array = elements * sizeof(double) * 1e-9;
  double operations = 2e-9 * threadLimit * accumulators * (double)steps;
  const Limit memory[] = {
      {"triad", triad, 3 * array},
      {"copy", copy, 2 * array},
      {"read", readAll, array},
      {"fill", fill, array},
      {"rows", gather, gathered * rowLanes * sizeof(double) * 1e-9},
  };
  const Limit arithmetic[] = {
      {"fma64_2", multiplyAdd64, operations * VECTOR_BYTES / 8},
      {"fma32_2", multiplyAdd32, operations * VECTOR_BYTES / 4},
  };
  const char *wanted = count > 1 ? arguments[1] : "", *before = "{";
  for (int threads = 1; threads <= threadLimit; threads++)
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
      char name[16];
      snprintf(name, sizeof name, "%s_%d", memory[i].name, threads);
      if (*wanted && strcmp(name, wanted)) continue;
      printf("%s\"%s\": %.2f", before, name, memory[i].amount / best(memory[i].body, threads));
      before = ", ";
    }
  for (size_t i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++) {
    if (*wanted && strcmp(arithmetic[i].name, wanted)) continue;
    double rate = arithmetic[i].amount / best(arithmetic[i].body, threadLimit);
    printf("%s\"%s\": %.1f", before, arithmetic[i].name, rate);
    before = ", ";
  }
  printf("%s}\n", *before == '{' ? "{" : "");
}
