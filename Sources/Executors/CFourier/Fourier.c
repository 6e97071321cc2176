// Stockham's FFT for any factors, Bluestein's for great primes, and real transforms by half as many
// complex points.
//
// Source: Van Loan, Computational Frameworks for the Fast Fourier Transform, SIAM 1992: 1.7
// (Stockham), 4.2 (chirp), 4.4 (real); the butterflies of 3 and 5 are those of FFTPACK
// (Swarztrauber 1982).
#include "CFourier.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct {
  double re, im;
} Complex;

/// Points of the longest transform: indices times 8 must be counted.
static const int64_t longest = (int64_t)1 << 40;

// MARK: Arithmetic

static inline Complex add(Complex a, Complex b) { return (Complex){a.re + b.re, a.im + b.im}; }
static inline Complex sub(Complex a, Complex b) { return (Complex){a.re - b.re, a.im - b.im}; }
static inline Complex mul(Complex a, Complex b) {
  return (Complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
static inline Complex conjugate(Complex a) { return (Complex){a.re, -a.im}; }
static inline Complex scaled(double s, Complex a) { return (Complex){s * a.re, s * a.im}; }
/// -i a
static inline Complex turned(Complex a) { return (Complex){a.im, -a.re}; }

/// exp(-2 pi i k / n) for 0 <= k < n, with the angle brought to an eighth of the circle exactly.
static Complex unit(int64_t k, int64_t n) {
  static const long double pi = 3.141592653589793238462643383279502884L;
  int64_t eighths = 8 * k;  // in units of 1 / (8 n) of the circle
  int64_t octant = eighths / n;
  // Even octants are counted from their start, odd ones from their end.
  int64_t rest = octant % 2 == 0 ? eighths - octant * n : (octant + 1) * n - eighths;
  long double angle = pi / 4 * (long double)rest / (long double)n;
  double c = (double)cosl(angle), s = (double)sinl(angle);
  switch (octant) {
  case 0: return (Complex){c, -s};
  case 1: return (Complex){s, -c};
  case 2: return (Complex){-s, -c};
  case 3: return (Complex){-c, -s};
  case 4: return (Complex){-c, s};
  case 5: return (Complex){-s, c};
  case 6: return (Complex){s, c};
  default: return (Complex){c, s};
  }
}

// MARK: Lengths

/// The next factor to split off: 4 and 2 first, then odd primes.
static int64_t nextFactor(int64_t n) {
  if (n % 4 == 0) return 4;
  if (n % 2 == 0) return 2;
  for (int64_t p = 3; p * p <= n; p += 2) {
    if (n % p == 0) return p;
  }
  return n;
}

static int64_t greatestFactor(int64_t n) {
  int64_t greatest = 1;
  while (n > 1) {
    int64_t p = nextFactor(n);
    if (p > greatest) greatest = p;
    n /= p;
  }
  return greatest;
}

/// The least number with no prime factor above 5 that is not below n.
static int64_t smoothLength(int64_t n) {
  int64_t best = 1;
  while (best < n) best *= 2;
  for (int64_t fives = 1; fives < best; fives *= 5) {
    for (int64_t threes = fives; threes < best; threes *= 3) {
      int64_t length = threes;
      while (length < n) length *= 2;
      if (length < best) best = length;
    }
  }
  return best;
}

/// Operations, about: a point of a stage costs its factor, a general one a little more.
static double cost(int64_t n) {
  double sum = 0;
  for (int64_t rest = n; rest > 1;) {
    int64_t p = nextFactor(rest);
    sum += p <= 5 ? (double)p : 1.1 * (double)p;
    rest /= p;
  }
  return sum * (double)n;
}

/// The length of the convolution of Bluestein's algorithm, or 0 where direct stages cost less.
static int64_t convolutionLength(int64_t n) {
  if (greatestFactor(n) < 50) return 0;
  int64_t length = smoothLength(2 * n - 1);
  return cost(n) > 3 * cost(length) ? length : 0;
}

// MARK: Plans

/// A complex transform: twiddles exp(-2 pi i k / n), or for Bluestein's algorithm those of the
/// convolution, the chirp and its transform.
typedef struct {
  int64_t points, convolution;
} Header;

typedef struct {
  int64_t kind, points, isHalved, unused;
} Outer;

static int64_t complexPlanBytes(int64_t n) {
  int64_t length = convolutionLength(n);
  int64_t count = length ? 2 * length + n : n;
  return (int64_t)sizeof(Header) + count * (int64_t)sizeof(Complex);
}

static int64_t complexScratch(int64_t n) {
  int64_t length = convolutionLength(n);
  return length ? 2 * length : 2 * n;
}

static int isHalved(int kind, int64_t n) { return kind != WEFT_FOURIER_COMPLEX && n % 2 == 0; }

int64_t weft_fourier_plan_bytes(int kind, int64_t n) {
  if (n < 1 || n > longest) return 0;
  int64_t bytes = (int64_t)sizeof(Outer);
  if (!isHalved(kind, n)) return bytes + complexPlanBytes(n);
  return bytes + complexPlanBytes(n / 2) + (n / 2 + 1) * (int64_t)sizeof(Complex);
}

int64_t weft_fourier_scratch_bytes(int kind, int64_t n) {
  if (n < 1 || n > longest) return 0;
  return (complexScratch(isHalved(kind, n) ? n / 2 : n)) * (int64_t)sizeof(Complex);
}

// MARK: Stages

// A stage takes points q + s (k + r m), r < p, to q + s (p k + j), j < p, for k < m and q < s.
// `w` holds exp(-2 pi i t / n) for all n points, and the twiddle of output j is w[j k s].

static void stage2(int64_t m, int64_t s, const Complex *w, const Complex *x, Complex *y) {
  for (int64_t k = 0; k < m; k++) {
    Complex w1 = w[k * s];
    const Complex *a = x + s * k, *b = a + s * m;
    Complex *out = y + 2 * s * k;
    for (int64_t q = 0; q < s; q++) {
      out[q] = add(a[q], b[q]);
      out[q + s] = mul(w1, sub(a[q], b[q]));
    }
  }
}

static void stage3(int64_t m, int64_t s, const Complex *w, const Complex *x, Complex *y) {
  const double half = 0.866025403784438646763723170752936183;  // sqrt(3) / 2
  for (int64_t k = 0; k < m; k++) {
    Complex w1 = w[k * s], w2 = w[2 * k * s];
    const Complex *a = x + s * k, *b = a + s * m, *c = b + s * m;
    Complex *out = y + 3 * s * k;
    for (int64_t q = 0; q < s; q++) {
      Complex sum = add(b[q], c[q]), turn = scaled(half, turned(sub(b[q], c[q])));
      Complex mean = sub(a[q], scaled(0.5, sum));
      out[q] = add(a[q], sum);
      out[q + s] = mul(w1, add(mean, turn));
      out[q + 2 * s] = mul(w2, sub(mean, turn));
    }
  }
}

static void stage4(int64_t m, int64_t s, const Complex *w, const Complex *x, Complex *y) {
  for (int64_t k = 0; k < m; k++) {
    Complex w1 = w[k * s], w2 = w[2 * k * s], w3 = w[3 * k * s];
    const Complex *a = x + s * k, *b = a + s * m, *c = b + s * m, *d = c + s * m;
    Complex *out = y + 4 * s * k;
    for (int64_t q = 0; q < s; q++) {
      Complex even = add(a[q], c[q]), evenDifference = sub(a[q], c[q]);
      Complex odd = add(b[q], d[q]), oddDifference = turned(sub(b[q], d[q]));
      out[q] = add(even, odd);
      out[q + s] = mul(w1, add(evenDifference, oddDifference));
      out[q + 2 * s] = mul(w2, sub(even, odd));
      out[q + 3 * s] = mul(w3, sub(evenDifference, oddDifference));
    }
  }
}

static void stage5(int64_t m, int64_t s, const Complex *w, const Complex *x, Complex *y) {
  // Cosine and sine of 2 pi / 5 and 4 pi / 5.
  const double c1 = 0.309016994374947424102293417182819059;
  const double s1 = 0.951056516295153572116439333379382143;
  const double c2 = -0.809016994374947424102293417182819059;
  const double s2 = 0.587785252292473129168705954639072769;
  for (int64_t k = 0; k < m; k++) {
    Complex w1 = w[k * s], w2 = w[2 * k * s], w3 = w[3 * k * s], w4 = w[4 * k * s];
    const Complex *a = x + s * k, *b = a + s * m, *c = b + s * m, *d = c + s * m, *e = d + s * m;
    Complex *out = y + 5 * s * k;
    for (int64_t q = 0; q < s; q++) {
      Complex outer = add(b[q], e[q]), outerTurn = turned(sub(b[q], e[q]));
      Complex inner = add(c[q], d[q]), innerTurn = turned(sub(c[q], d[q]));
      Complex one = add(a[q], add(scaled(c1, outer), scaled(c2, inner)));
      Complex two = add(a[q], add(scaled(c2, outer), scaled(c1, inner)));
      Complex oneTurn = add(scaled(s1, outerTurn), scaled(s2, innerTurn));
      Complex twoTurn = sub(scaled(s2, outerTurn), scaled(s1, innerTurn));
      out[q] = add(a[q], add(outer, inner));
      out[q + s] = mul(w1, add(one, oneTurn));
      out[q + 2 * s] = mul(w2, add(two, twoTurn));
      out[q + 3 * s] = mul(w3, sub(two, twoTurn));
      out[q + 4 * s] = mul(w4, sub(one, oneTurn));
    }
  }
}

/// Any odd factor: sums and differences of opposite points, so that products are real by complex.
static void stageOdd(
  int64_t p, int64_t m, int64_t s, const Complex *w, const Complex *x, Complex *y) {
  int64_t half = (p - 1) / 2;
  for (int64_t k = 0; k < m; k++) {
    const Complex *in = x + s * k;
    Complex *out = y + p * s * k;
    for (int64_t q = 0; q < s; q++) {
      Complex first = in[q], total = first;
      for (int64_t r = 1; r <= half; r++) {
        total = add(total, add(in[q + s * m * r], in[q + s * m * (p - r)]));
      }
      out[q] = total;
      for (int64_t j = 1; j <= half; j++) {
        Complex even = first, odd = {0, 0};
        int64_t turn = 0;
        for (int64_t r = 1; r <= half; r++) {
          turn += j;
          if (turn >= p) turn -= p;
          Complex root = w[turn * m * s];
          Complex a = in[q + s * m * r], b = in[q + s * m * (p - r)];
          even = add(even, scaled(root.re, add(a, b)));
          odd = add(odd, scaled(-root.im, turned(sub(a, b))));
        }
        out[q + s * j] = mul(w[j * k * s], add(even, odd));
        out[q + s * (p - j)] = mul(w[(p - j) * k * s], sub(even, odd));
      }
    }
  }
}

/// Transforms n points in `a`, with `b` as the other side; gives the side with the result.
static Complex *stages(int64_t n, const Complex *w, Complex *a, Complex *b) {
  int64_t s = 1;
  for (int64_t rest = n; rest > 1;) {
    int64_t p = nextFactor(rest), m = rest / p;
    switch (p) {
    case 2: stage2(m, s, w, a, b); break;
    case 3: stage3(m, s, w, a, b); break;
    case 4: stage4(m, s, w, a, b); break;
    case 5: stage5(m, s, w, a, b); break;
    default: stageOdd(p, m, s, w, a, b); break;
    }
    Complex *other = a;
    a = b;
    b = other;
    rest = m;
    s *= p;
  }
  return a;
}

// MARK: Complex transforms

/// exp(-2 pi i k / n) for all k; what symmetry gives is not computed, and has the same bits.
static void fillTwiddles(Complex *w, int64_t n) {
  int64_t quarter = n / 4;
  if (n % 4 != 0) {
    w[0] = unit(0, n);
    for (int64_t k = 1; k <= n / 2; k++) {
      w[k] = unit(k, n);
      w[n - k] = conjugate(w[k]);
    }
    return;
  }
  for (int64_t k = 0; 2 * k <= quarter; k++) {
    w[k] = unit(k, n);
    if (k > 0) w[quarter - k] = (Complex){-w[k].im, -w[k].re};
  }
  for (int64_t k = 0; k < quarter; k++) {
    w[quarter + k] = turned(w[k]);
    w[2 * quarter + k] = scaled(-1, w[k]);
    w[3 * quarter + k] = turned(w[2 * quarter + k]);
  }
}

static void planComplex(Header *plan, int64_t n, Complex *scratch) {
  plan->points = n;
  plan->convolution = convolutionLength(n);
  Complex *table = (Complex *)(plan + 1);
  int64_t length = plan->convolution;
  fillTwiddles(table, length ? length : n);
  if (!length) return;
  // exp(-pi i k^2 / n): k^2 modulo 2 n grows by 2 k + 1.
  Complex *transformed = table + length, *chirp = transformed + length;
  for (int64_t k = 0, square = 0; k < n; k++) {
    chirp[k] = unit(square, 2 * n);
    square = (square + 2 * k + 1) % (2 * n);
  }
  memset(scratch, 0, (size_t)length * sizeof(Complex));
  for (int64_t k = 0; k < n; k++) {
    Complex value = conjugate(chirp[k]);
    scratch[k] = value;
    if (k > 0) scratch[length - k] = value;
  }
  const Complex *result = stages(length, table, scratch, scratch + length);
  for (int64_t k = 0; k < length; k++) {
    transformed[k] = (Complex){result[k].re / (double)length, result[k].im / (double)length};
  }
}

/// Transforms the points at the start of scratch; gives where in scratch the result is.
static Complex *runComplex(const Header *plan, Complex *scratch) {
  int64_t n = plan->points, length = plan->convolution;
  const Complex *table = (const Complex *)(plan + 1);
  if (!length) return stages(n, table, scratch, scratch + n);
  const Complex *transformed = table + length, *chirp = transformed + length;
  for (int64_t k = 0; k < n; k++) scratch[k] = mul(scratch[k], chirp[k]);
  memset(scratch + n, 0, (size_t)(length - n) * sizeof(Complex));
  Complex *a = stages(length, table, scratch, scratch + length);
  // Backward by conjugates.
  for (int64_t k = 0; k < length; k++) a[k] = conjugate(mul(a[k], transformed[k]));
  Complex *b = stages(length, table, a, a == scratch ? scratch + length : scratch);
  for (int64_t k = 0; k < n; k++) b[k] = mul(conjugate(b[k]), chirp[k]);
  return b;
}

// MARK: Rows

void weft_fourier_plan(int kind, int64_t n, void *memory, void *scratch) {
  Outer *outer = memory;
  *outer = (Outer){kind, n, isHalved(kind, n), 0};
  char *rest = (char *)(outer + 1);
  if (outer->isHalved) {
    Complex *turns = (Complex *)(void *)rest;
    for (int64_t k = 0; k <= n / 2; k++) turns[k] = unit(k, n);
    rest += (n / 2 + 1) * (int64_t)sizeof(Complex);
    n /= 2;
  }
  planComplex((Header *)(void *)rest, n, scratch);
}

static inline double number(const void *elements, int isDouble, int64_t i) {
  return isDouble ? ((const double *)elements)[i] : (double)((const float *)elements)[i];
}
static inline Complex pair(const void *elements, int isDouble, int64_t i) {
  return (Complex){number(elements, isDouble, 2 * i), number(elements, isDouble, 2 * i + 1)};
}
static inline void put(void *elements, int isDouble, int64_t i, double value) {
  if (isDouble) {
    ((double *)elements)[i] = value;
  } else {
    ((float *)elements)[i] = (float)value;
  }
}
static inline void putPair(void *elements, int isDouble, int64_t i, Complex value, double divisor) {
  put(elements, isDouble, 2 * i, value.re / divisor);
  put(elements, isDouble, 2 * i + 1, value.im / divisor);
}

static void complexRow(
  const Header *plan, int isDouble, int inverse, double divisor, const void *in, void *out,
  Complex *scratch) {
  int64_t n = plan->points;
  // With real and imaginary parts swapped before and after, forward is backward.
  for (int64_t k = 0; k < n; k++) {
    Complex z = pair(in, isDouble, k);
    scratch[k] = inverse ? (Complex){z.im, z.re} : z;
  }
  const Complex *result = runComplex(plan, scratch);
  for (int64_t k = 0; k < n; k++) {
    Complex z = result[k];
    putPair(out, isDouble, k, inverse ? (Complex){z.im, z.re} : z, divisor);
  }
}

static void fromRealRow(
  const Outer *outer, const Complex *turns, const Header *plan, int isDouble, double divisor,
  const void *in, void *out, Complex *scratch) {
  int64_t n = outer->points, h = plan->points;
  if (!outer->isHalved) {
    for (int64_t k = 0; k < n; k++) scratch[k] = (Complex){number(in, isDouble, k), 0};
    const Complex *result = runComplex(plan, scratch);
    for (int64_t k = 0; k <= n / 2; k++) {
      Complex z = result[k];
      if (k == 0) z.im = 0;
      putPair(out, isDouble, k, z, divisor);
    }
    return;
  }
  for (int64_t k = 0; k < h; k++) scratch[k] = pair(in, isDouble, k);
  const Complex *z = runComplex(plan, scratch);
  putPair(out, isDouble, 0, (Complex){z[0].re + z[0].im, 0}, divisor);
  putPair(out, isDouble, h, (Complex){z[0].re - z[0].im, 0}, divisor);
  for (int64_t k = 1; k < h; k++) {
    Complex mirror = conjugate(z[h - k]);
    Complex even = scaled(0.5, add(z[k], mirror)), odd = scaled(0.5, turned(sub(z[k], mirror)));
    putPair(out, isDouble, k, add(even, mul(turns[k], odd)), divisor);
  }
}

static void toRealRow(
  const Outer *outer, const Complex *turns, const Header *plan, int isDouble, double divisor,
  const void *in, void *out, Complex *scratch) {
  int64_t n = outer->points, h = plan->points;
  if (!outer->isHalved) {
    // The other half are conjugates; swapped parts make it backward.
    for (int64_t k = 0; k <= n / 2; k++) {
      Complex z = pair(in, isDouble, k);
      if (k == 0) {
        scratch[0] = (Complex){0, z.re};
      } else {
        scratch[k] = (Complex){z.im, z.re};
        scratch[n - k] = (Complex){-z.im, z.re};
      }
    }
    const Complex *result = runComplex(plan, scratch);
    for (int64_t k = 0; k < n; k++) put(out, isDouble, k, result[k].im / divisor);
    return;
  }
  for (int64_t k = 0; k < h; k++) {
    Complex a = pair(in, isDouble, k), b = conjugate(pair(in, isDouble, h - k));
    // The first and the last coefficient of real numbers are real.
    if (k == 0) a.im = b.im = 0;
    Complex odd = mul(conjugate(turns[k]), sub(a, b));
    Complex z = add(add(a, b), (Complex){-odd.im, odd.re});
    scratch[k] = (Complex){z.im, z.re};
  }
  const Complex *result = runComplex(plan, scratch);
  for (int64_t k = 0; k < h; k++) {
    put(out, isDouble, 2 * k, result[k].im / divisor);
    put(out, isDouble, 2 * k + 1, result[k].re / divisor);
  }
}

void weft_fourier_run(
  const void *memory, int isDouble, int inverse, double divisor, const void *input, void *output,
  void *scratch) {
  const Outer *outer = memory;
  const char *rest = (const char *)(outer + 1);
  const Complex *turns = (const Complex *)(const void *)rest;
  if (outer->isHalved) rest += (outer->points / 2 + 1) * (int64_t)sizeof(Complex);
  const Header *plan = (const Header *)(const void *)rest;
  switch (outer->kind) {
  case WEFT_FOURIER_FROM_REAL:
    fromRealRow(outer, turns, plan, isDouble, divisor, input, output, scratch);
    break;
  case WEFT_FOURIER_TO_REAL:
    toRealRow(outer, turns, plan, isDouble, divisor, input, output, scratch);
    break;
  default: complexRow(plan, isDouble, inverse, divisor, input, output, scratch); break;
  }
}
