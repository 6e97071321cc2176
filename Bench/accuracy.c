// Measures the kernel library's functions in C: prints the tables of Docs/accuracy.md.
//
// float32: every value, against the float64 function of the library, whose own error is far below
// a float32's last place. float64: random values against the C library's 80-bit results. Built and
// run by Bench/accuracy.sh.
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "../Sources/Executors/CHost/KernelLoops.h"
#include "../Sources/Executors/CHost/KernelMath/All.h"

enum { block = 4096 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// xorshift64* (Vigna, ACM TOMS 42(4), 2016).
static uint64_t random_bits(void) {
  static uint64_t s = 88172645463325252u;
  s ^= s >> 12;
  s ^= s << 25;
  s ^= s >> 27;
  return s * UINT64_C(0x2545f4914f6cdd1d);
}
static double unit(void) { return (double)(random_bits() >> 11) * 0x1p-53; }

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
static double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// MARK: - Errors

/// A result that is wrong altogether: NaN, infinity or the sign of zero.
#define WRONG 1e9

/// The error in units of the last place that the exact result has in a format of `digits` bits.
static double error_of(long double got, long double exact, int digits, int least, long double most) {
  if (exact != exact || got != got) return exact != exact && got != got ? 0 : WRONG;
  if (isinf(got) || fabsl(exact) > most) {
    const int overflows = fabsl(exact) >= most;
    if (isinf(got)) return overflows && signbit(got) == signbit(exact) ? 0 : WRONG;
    return isinf(exact) ? WRONG : (double)(fabsl(got - exact) / ldexpl(1, ilogbl(most) - digits + 1));
  }
  if ((exact == 0 || got == 0) && signbit(got) != signbit(exact)) return WRONG;
  if (exact == 0) return got == 0 ? 0 : WRONG;
  int e = ilogbl(exact);
  if (e < least) e = least;
  return (double)(fabsl(got - exact) / ldexpl(1, e - digits + 1));
}

/// The same for float32, quickly.
static double error32(float got, double exact) {
  const float rounded = (float)exact;
  uint32_t a, b;
  memcpy(&a, &got, sizeof a);
  memcpy(&b, &rounded, sizeof b);
  if (a == b && fabsf(got) < INFINITY) {
    if (got == 0) return exact == 0 ? 0 : fabs(exact) * 0x1p149;
  } else if (a == b) {
    return 0;
  }
  return error_of(got, exact, FLT_MANT_DIG, FLT_MIN_EXP - 1, FLT_MAX);
}

typedef struct {
  double worst, x, y;
  long count;
} record;

static void note(record *r, double error, double x, double y) {
  r->count++;
  if (error > r->worst) *r = (record){error, x, y, r->count};
}

// MARK: - Functions

#define LOOPS(ID, T) WEFT_UNARY_KERNEL_OF(ID, T)
#define LOOPS2(ID, T) WEFT_BINARY_KERNEL_OF(ID, T)
#define WEFT_LEVEL avx512
#define DEFINE(ID) \
  LOOPS(ID##_f32, float) LOOPS(ID##_f64, double) \
  static long double exact_##ID(long double x, long double y) { (void)y; return ID##l(x); }
#define DEFINE2(ID) LOOPS2(ID##_f32, float) LOOPS2(ID##_f64, double)
WEFT_KERNELS(DEFINE, DEFINE2)
static long double exact_pow(long double x, long double y) { return powl(x, y); }
static long double exact_hypot(long double x, long double y) { return hypotl(x, y); }
static long double exact_atan2(long double x, long double y) { return atan2l(x, y); }
static long double exact_logaddexp(long double x, long double y) {
  if (x == y) return x + logl(2);
  return (x > y ? x : y) + log1pl(expl(-fabsl(x - y)));
}
static long double exact_logaddexp2(long double x, long double y) {
  if (x == y) return x + 1;
  return (x > y ? x : y) + log1pl(exp2l(-fabsl(x - y))) / logl(2);
}

typedef struct {
  const char *name;
  int operands;
  weft_tile_function f32, f64;
  long double (*exact)(long double, long double);
} function;
#define ROW1(ID) {#ID, 1, ID##_f32_avx512, ID##_f64_avx512, exact_##ID},
#define ROW2(ID) {#ID, 2, ID##_f32_avx512, ID##_f64_avx512, exact_##ID},
static const function functions[] = {WEFT_KERNELS(ROW1, ROW2)};
enum { count = sizeof functions / sizeof *functions };

// MARK: - Samples

/// Arguments of every size, and more of them where the function bends.
static double sample(int kind) {
  switch (kind % 5) {
  case 0: return double_of(random_bits());
  case 1: return 2 * unit() - 1;
  case 2: return (2 * unit() - 1) * 40;
  case 3: return 1 + (unit() - 0.5) * 0.25;
  default: return (2 * unit() - 1) * ldexp(1, (int)(random_bits() % 100) - 60);
  }
}
static const double specials[] = {
  0.0, -0.0, INFINITY, -INFINITY, NAN, 1, -1, 0.5, -0.5, 2, -2, 3, 1e22, -1e22, 710, -746, 1e300,
  -1e300, DBL_MAX, -DBL_MAX, DBL_MIN, 0x1p-1074, -0x1p-1074, 1e-310, 0x1.921fb54442d18p0,
};
enum { special_count = sizeof specials / sizeof *specials };

static record every32(const function *f, uint64_t stride) {
  static float x[block], got[block];
  static double wide[block], exact[block];
  record r = {0};
  for (uint64_t start = 0; start < UINT64_C(1) << 32; start += block * stride) {
    for (int i = 0; i < block; i++) wide[i] = x[i] = float_of((uint32_t)(start + (uint64_t)i * stride));
    f->f32(got, x, NULL, NULL, block);
    f->f64(exact, wide, NULL, NULL, block);
    for (int i = 0; i < block; i++) note(&r, error32(got[i], exact[i]), wide[i], 0);
  }
  return r;
}

/// Random operands; sums that cancel count in places of the greater operand.
static record random_operands(const function *f, int is64, long n) {
  static double x[block], y[block], got[block];
  static float x32[block], y32[block], got32[block];
  const int is_sum = !strncmp(f->name, "logaddexp", 9);
  record r = {0};
  for (long start = 0; start < n; start += block) {
    for (int i = 0; i < block; i++) {
      x[i] = sample((int)(start / block));
      y[i] = sample((int)(start / block / 5));
      if (start == 0 && i < special_count * special_count) {
        x[i] = specials[i % special_count];
        y[i] = specials[i / special_count];
      }
      if (!is64) {
        x[i] = x32[i] = (float)x[i];
        y[i] = y32[i] = (float)y[i];
      }
    }
    if (is64) f->f64(got, x, y, NULL, block);
    else f->f32(got32, x32, y32, NULL, block);
    for (int i = 0; i < block; i++) {
      const long double exact = f->exact(x[i], y[i]), value = is64 ? got[i] : got32[i];
      const int digits = is64 ? DBL_MANT_DIG : FLT_MANT_DIG;
      double error = error_of(
        value, exact, digits, (is64 ? DBL_MIN_EXP : FLT_MIN_EXP) - 1, is64 ? DBL_MAX : FLT_MAX);
      const double scale = fmax(fabs(x[i]), fabs(y[i]));
      if (is_sum && error < WRONG && isfinite(scale) && scale > fabsl(exact))
        error *= ldexp(1, ilogbl(exact) - ilogb(scale));
      note(&r, error, x[i], y[i]);
    }
  }
  return r;
}

static double nanoseconds(const function *f, int is64) {
  static double a[block], b[block], o[block];
  float *a32 = (float *)a, *b32 = (float *)b;
  for (int i = 0; i < block; i++) {
    const double x = 1.5 + unit() * 3, y = 0.5 + unit();
    const double v = !strcmp(f->name, "atanh") || !strcmp(f->name, "asin") || !strcmp(f->name, "acos") ? unit() : x;
    if (is64) a[i] = v, b[i] = y;
    else a32[i] = (float)v, b32[i] = (float)y;
  }
  double best = 1;
  for (int k = 0; k < 100; k++) {
    const double start = seconds();
    for (int j = 0; j < 5; j++) (is64 ? f->f64 : f->f32)(o, a, b, NULL, block);
    best = fmin(best, (seconds() - start) / (5 * block));
  }
  return best * 1e9;
}

// MARK: - NumPy's tables

/// The distance of NumPy's rows for a function: at most, and what NumPy allows; -1 without a table.
static void numpy_rows(const function *f, const char *folder, int is64, double *worst, double *allowed) {
  const char *name = f->name;
  char path[4096], line[256];
  const int is_arc = name[0] == 'a' && strcmp(name, "atan2");
  snprintf(path, sizeof path, "%s/umath-validation-set-%s%s.csv", folder, is_arc ? "arc" : "", name + is_arc);
  *worst = *allowed = -1;
  FILE *file = fopen(path, "r");
  if (!file) return;
  while (fgets(line, sizeof line, file)) {
    unsigned long long in, out;
    double limit;
    const int wide = !strncmp(line, "np.float64", 10);
    if (wide != is64 || (!wide && strncmp(line, "np.float32", 10))) continue;
    if (sscanf(line + 10, ",%llx,%llx,%lf", &in, &out, &limit) != 3) continue;
    double error;
    if (is64) {
      double x = double_of(in), y;
      f->f64(&y, &x, NULL, NULL, 1);
      error = error_of(y, double_of(out), DBL_MANT_DIG, DBL_MIN_EXP - 1, DBL_MAX);
    } else {
      float x = float_of((uint32_t)in), y;
      f->f32(&y, &x, NULL, NULL, 1);
      error = error_of(y, float_of((uint32_t)out), FLT_MANT_DIG, FLT_MIN_EXP - 1, FLT_MAX);
    }
    *worst = fmax(*worst, error);
    *allowed = fmax(*allowed, limit);
  }
  fclose(file);
}

/// accuracy FOLDER STRIDE SAMPLES [NAME]
int main(int argc, char **argv) {
  if (argc < 4) return 2;
  const uint64_t stride = strtoull(argv[2], NULL, 10);
  const long samples = strtol(argv[3], NULL, 10);
  for (int k = 0; k < count; k++) {
    const function *f = &functions[k];
    if (argc > 4 && strcmp(argv[4], f->name)) continue;
    for (int is64 = 0; is64 < 2; is64++) {
      const record r = !is64 && f->operands == 1 ? every32(f, stride) : random_operands(f, is64, samples);
      double worst, allowed;
      numpy_rows(f, argv[1], is64, &worst, &allowed);
      printf("| %s | %s | %ld | %.3f | ", f->name, is64 ? "float64" : "float32", r.count, r.worst);
      if (f->operands == 1) printf("`%a` | ", r.x);
      else printf("`%a`, `%a` | ", r.x, r.y);
      if (allowed < 0) printf("| ");
      else printf("%.0f of %.0f | ", worst, allowed);
      printf("%.2f |\n", nanoseconds(f, is64));
      fflush(stdout);
    }
  }
  return 0;
}
