// The code of SymmetricPanel.c for one element type, WEFT_REAL.
typedef WEFT_REAL WEFT_PANEL_NAME(weft_panel_vector)
  __attribute__((ext_vector_type(64 / sizeof(WEFT_REAL)), aligned(sizeof(WEFT_REAL))));
#define WEFT_PANEL_VECTOR WEFT_PANEL_NAME(weft_panel_vector)
#define WEFT_PANEL_LANES ((intptr_t)(64 / sizeof(WEFT_REAL)))

/// Subtracts `count` rows, each times a factor, from a vector of n elements.
WEFT_INLINE void WEFT_PANEL_NAME(weft_panel_subtract)(
  intptr_t n, intptr_t count, const WEFT_REAL *rows, intptr_t stride, const WEFT_REAL *factors,
  intptr_t factorStride, WEFT_REAL *out) {
  intptr_t p = 0;
  for (; p + 8 <= count; p += 8) {
    const WEFT_REAL *row = rows + p * stride;
    WEFT_REAL f[8];
    for (int q = 0; q < 8; q++) f[q] = factors[(p + q) * factorStride];
    intptr_t i = 0;
    for (; i + WEFT_PANEL_LANES <= n; i += WEFT_PANEL_LANES) {
      // Two sums, so that one addition need not wait for the one before.
      WEFT_PANEL_VECTOR even = *(const WEFT_PANEL_VECTOR *)(out + i), odd = 0;
      _Pragma("clang loop unroll(full)") for (int q = 0; q < 8; q += 2) {
        even -= *(const WEFT_PANEL_VECTOR *)(row + q * stride + i) * f[q];
        odd -= *(const WEFT_PANEL_VECTOR *)(row + (q + 1) * stride + i) * f[q + 1];
      }
      *(WEFT_PANEL_VECTOR *)(out + i) = even + odd;
    }
    for (; i < n; i++) {
      WEFT_REAL value = out[i];
      for (int q = 0; q < 8; q++) value -= row[q * stride + i] * f[q];
      out[i] = value;
    }
  }
  for (; p < count; p++) {
    const WEFT_REAL f = factors[p * factorStride];
    const WEFT_REAL *row = rows + p * stride;
    for (intptr_t i = 0; i < n; i++) out[i] -= row[i] * f;
  }
}

/// The greatest size of n numbers, and where the first of that size stands; NaN is passed over.
WEFT_INLINE intptr_t WEFT_PANEL_NAME(weft_panel_largest)(
  intptr_t n, const WEFT_REAL *values, WEFT_REAL *size) {
  WEFT_PANEL_VECTOR most = 0;
  WEFT_REAL best = 0;
  intptr_t i = 0;
  for (; i + WEFT_PANEL_LANES <= n; i += WEFT_PANEL_LANES)
    most = __builtin_elementwise_max(
      most, __builtin_elementwise_abs(*(const WEFT_PANEL_VECTOR *)(values + i)));
  for (intptr_t lane = 0; lane < WEFT_PANEL_LANES; lane++)
    if (most[lane] > best) best = most[lane];
  for (; i < n; i++) {
    const WEFT_REAL value = values[i] < 0 ? -values[i] : values[i];
    if (value > best) best = value;
  }
  *size = best;
  for (i = 0; i < n; i++)
    if (values[i] == best || values[i] == -best) return i;
  return 0;
}

// Element i of column j of the lower triangle, and of the work space.
#define A(I, J) a[(intptr_t)(J) * leading + (I)]
#define W(I, J) w[(intptr_t)((J) - first) * workLeading + (I)]

int32_t WEFT_PANEL_NAME(weft_symmetric_panel)(
  int32_t n, int32_t first, int32_t width, void *matrix, intptr_t leading, void *work,
  intptr_t workLeading, int32_t *pivots) {
  const WEFT_REAL alpha = (WEFT_REAL)0.6403882032022076; // (1 + sqrt 17) / 8
  WEFT_REAL *a = matrix, *w = work;
  const int isLast = first + width >= n;
  int32_t k = first;
  while (k < n && (isLast || k - first < width - 1)) {
    WEFT_REAL *column = &W(0, k), *other = &W(0, k) + workLeading;
    memcpy(column + k, &A(k, k), (size_t)(n - k) * sizeof(WEFT_REAL));
    WEFT_PANEL_NAME(weft_panel_subtract)(
      n - k, k - first, &A(k, first), leading, &W(k, first), workLeading, column + k);
    const WEFT_REAL size = column[k] < 0 ? -column[k] : column[k];
    WEFT_REAL most = 0;
    int32_t place = k, pivot = k, step = 1;
    if (k + 1 < n)
      place = k + 1 + (int32_t)WEFT_PANEL_NAME(weft_panel_largest)(
        n - k - 1, column + k + 1, &most);
    if (size == 0 && most == 0) return -1;
    // A pivot that is NaN spoils what follows as it would anywhere.
    if (size < alpha * most) {
      for (int32_t i = k; i < place; i++) other[i] = A(place, i);
      memcpy(other + place, &A(place, place), (size_t)(n - place) * sizeof(WEFT_REAL));
      WEFT_PANEL_NAME(weft_panel_subtract)(
        n - k, k - first, &A(k, first), leading, &W(place, first), workLeading, other + k);
      WEFT_REAL before = 0, behind = 0;
      WEFT_PANEL_NAME(weft_panel_largest)(place - k, other + k, &before);
      WEFT_PANEL_NAME(weft_panel_largest)(n - place - 1, other + place + 1, &behind);
      const WEFT_REAL mostOther = before > behind ? before : behind;
      const WEFT_REAL own = other[place] < 0 ? -other[place] : other[place];
      if (size < alpha * most * (most / mostOther)) {
        pivot = place;
        if (own >= alpha * mostOther)
          memcpy(column + k, other + k, (size_t)(n - k) * sizeof(WEFT_REAL));
        else
          step = 2;
      }
    }
    const int32_t target = k + step - 1;
    if (pivot != target) {
      // Row and column `target` move to `pivot` as they were before the panel; what moves the other
      // way stands in the work space.
      A(pivot, pivot) = A(target, target);
      for (int32_t i = target + 1; i < pivot; i++) A(pivot, i) = A(i, target);
      memcpy(&A(pivot + 1, pivot), &A(pivot + 1, target),
        (size_t)(n - pivot - 1) * sizeof(WEFT_REAL));
      for (int32_t j = first; j < k; j++) {
        const WEFT_REAL kept = A(target, j);
        A(target, j) = A(pivot, j);
        A(pivot, j) = kept;
      }
      for (int32_t j = first; j <= target; j++) {
        const WEFT_REAL kept = W(target, j);
        W(target, j) = W(pivot, j);
        W(pivot, j) = kept;
      }
    }
    WEFT_REAL *x = &A(0, k);
    if (step == 1) {
      const WEFT_REAL d = column[k];
      if (d >= WEFT_LEAST_RECIPROCAL || -d >= WEFT_LEAST_RECIPROCAL) {
        const WEFT_REAL scale = 1 / d;
        for (int32_t i = k + 1; i < n; i++) x[i] = column[i] * scale;
      } else {
        for (int32_t i = k + 1; i < n; i++) x[i] = column[i] / d;
      }
      x[k] = d;
      if (k + 1 < n) A(k, k + 1) = 0;
      pivots[k] = pivot + 1;
    } else {
      WEFT_REAL *y = &A(0, k + 1);
      const WEFT_REAL beside = column[k + 1];
      const WEFT_REAL d11 = other[k + 1] / beside, d22 = column[k] / beside;
      const WEFT_REAL scale = 1 / (d11 * d22 - 1) / beside;
      for (int32_t i = k + 2; i < n; i++) {
        x[i] = scale * (d11 * column[i] - other[i]);
        y[i] = scale * (d22 * other[i] - column[i]);
      }
      x[k] = column[k];
      x[k + 1] = 0;
      y[k] = beside;
      y[k + 1] = other[k + 1];
      if (k + 2 < n) A(k + 1, k + 2) = 0;
      pivots[k] = k + 1;
      pivots[k + 1] = pivot + 1;
    }
    k += step;
  }
  return k - first;
}

#undef A
#undef W
#undef WEFT_PANEL_VECTOR
#undef WEFT_PANEL_LANES
