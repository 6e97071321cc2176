// The fused loops that one would write by hand, for T = float or double: what a processor can do with
// gcc's -O3 -march=native -ffast-math and the vector functions of libmvec. Sums are of T, as written.
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <tgmath.h>

#define LOOP _Pragma("omp parallel for schedule(static)")
#define SUM _Pragma("omp parallel for schedule(static) reduction(+ : total)")

void combine(size_t n, const T *a, const T *b, const T *c, T *out) {
  LOOP for (size_t i = 0; i < n; i++) out[i] = 2 * a[i] + 3 * b[i] - sin(c[i]);
}

void black_scholes(size_t n, const T *s, const T *k, const T *t, T *call, T *put) {
  const T rate = (T)0.03, sigma = (T)0.25, half = (T)0.5, root = (T)0.70710678118654752440;
  const T drift = (T)(0.03 + 0.5 * 0.25 * 0.25);
  LOOP for (size_t i = 0; i < n; i++) {
    const T q = sigma * sqrt(t[i]);
    const T d1 = (log(s[i] / k[i]) + drift * t[i]) / q;
    const T n1 = half * (1 + erf(d1 * root)), n2 = half * (1 + erf((d1 - q) * root));
    const T e = k[i] * exp(-rate * t[i]);
    call[i] = s[i] * n1 - e * n2;
    put[i] = e * (1 - n2) - s[i] * (1 - n1);
  }
}

void square_distance(size_t n, const T *a, const T *b, T *out) {
  T total = 0;
  SUM for (size_t i = 0; i < n; i++) total += (a[i] - b[i]) * (a[i] - b[i]);
  *out = total;
}

void mean0(size_t n, size_t m, const T *x, T *out) {
  T *sums = out;
  memset(sums, 0, m * sizeof(T));
#pragma omp parallel for schedule(static) reduction(+ : sums[:m])
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < m; j++) sums[j] += x[i * m + j];
  for (size_t j = 0; j < m; j++) out[j] /= (T)n;
}

void std1(size_t n, size_t m, const T *x, T *out) {
  LOOP for (size_t i = 0; i < n; i++) {
    const T *row = x + i * m;
    T total = 0, squares = 0;
    for (size_t j = 0; j < m; j++) total += row[j];
    const T mean = total / (T)m;
    for (size_t j = 0; j < m; j++) squares += (row[j] - mean) * (row[j] - mean);
    out[i] = sqrt(squares / (T)m);
  }
}

void softmax(size_t n, size_t m, const T *x, T *out) {
  LOOP for (size_t i = 0; i < n; i++) {
    const T *row = x + i * m;
    T *result = out + i * m;
    T largest = row[0], total = 0;
    for (size_t j = 0; j < m; j++) largest = largest > row[j] ? largest : row[j];
    for (size_t j = 0; j < m; j++) total += result[j] = exp(row[j] - largest);
    const T share = 1 / total;
    for (size_t j = 0; j < m; j++) result[j] *= share;
  }
}

void layer_norm(size_t n, size_t m, const T *x, const T *g, const T *b, T *out) {
  LOOP for (size_t i = 0; i < n; i++) {
    const T *row = x + i * m;
    T total = 0, squares = 0;
    for (size_t j = 0; j < m; j++) total += row[j];
    const T mean = total / (T)m;
    for (size_t j = 0; j < m; j++) squares += (row[j] - mean) * (row[j] - mean);
    const T scale = 1 / sqrt(squares / (T)m + (T)1e-5);
    for (size_t j = 0; j < m; j++) out[i * m + j] = (row[j] - mean) * scale * g[j] + b[j];
  }
}

void diffuse(size_t n, size_t m, const T *u, T *v) {
  LOOP for (size_t i = 1; i < n - 1; i++) {
    const T *row = u + i * m;
    for (size_t j = 1; j < m - 1; j++) {
      const T around = row[j + m] + row[j - m] + row[j + 1] + row[j - 1];
      v[i * m + j] = row[j] + (T)0.1 * (around - 4 * row[j]);
    }
  }
}
