// The text of `Bands.c` for one type and one level of instructions.

static inline intptr_t WEFT_BAND_NAME(least)(intptr_t a, intptr_t b) { return a < b ? a : b; }
static inline intptr_t WEFT_BAND_NAME(most)(intptr_t a, intptr_t b) { return a > b ? a : b; }

WEFT_INLINE void WEFT_BAND_NAME(band_product_of)(
  WEFT_REAL *restrict out, const WEFT_REAL *restrict left, intptr_t first, intptr_t last,
  intptr_t leftWidth, intptr_t lower, const WEFT_REAL *restrict right, intptr_t inner,
  intptr_t rightWidth) {
  const intptr_t width = leftWidth + rightWidth - 1;
  for (intptr_t i = first; i < last; i++) {
    WEFT_REAL *sums = out + i * width;
    for (intptr_t q = 0; q < width; q++) sums[q] = 0;
    const intptr_t start = WEFT_BAND_NAME(most)(0, lower - i);
    const intptr_t end = WEFT_BAND_NAME(least)(leftWidth, inner + lower - i);
    for (intptr_t p = start; p < end; p++) {
      const WEFT_REAL factor = left[i * leftWidth + p];
      const WEFT_REAL *row = right + (i - lower + p) * rightWidth;
      for (intptr_t q = 0; q < rightWidth; q++) sums[p + q] += factor * row[q];
    }
  }
}

/// Rows of a product of bands; what a row of the left one has outside the right one is left out.
static void WEFT_BAND_NAME(band_product)(
  WEFT_REAL *out, const WEFT_REAL *left, intptr_t first, intptr_t last, intptr_t leftWidth,
  intptr_t lower, const WEFT_REAL *right, intptr_t inner, intptr_t rightWidth) {
  // Loops of few turns are written out.
#define WEFT_BAND_CASE(N) \
  case N: \
    WEFT_BAND_NAME(band_product_of)( \
      out, left, first, last, leftWidth, lower, right, inner, N); \
    return;
  switch (rightWidth) {
    WEFT_BAND_CASE(1)
    WEFT_BAND_CASE(2)
    WEFT_BAND_CASE(3)
    WEFT_BAND_CASE(4)
    WEFT_BAND_CASE(5)
  default:
    WEFT_BAND_NAME(band_product_of)(
      out, left, first, last, leftWidth, lower, right, inner, rightWidth);
  }
#undef WEFT_BAND_CASE
}

/// The band of a matrix whose rows are `leading` elements apart; zeros where it has no element.
static void WEFT_BAND_NAME(band_read)(
  WEFT_REAL *restrict out, const WEFT_REAL *restrict a, intptr_t rows, intptr_t columns,
  intptr_t leading, intptr_t lower, intptr_t width) {
  for (intptr_t i = 0; i < rows; i++) {
    const WEFT_REAL *row = a + i * leading + i - lower;
    const intptr_t start = WEFT_BAND_NAME(most)(0, lower - i);
    const intptr_t end = WEFT_BAND_NAME(least)(width, columns + lower - i);
    if (start == 0 && end == width) {
      for (intptr_t t = 0; t < width; t++) out[t] = row[t];
    } else {
      for (intptr_t t = 0; t < width; t++) out[t] = t >= start && t < end ? row[t] : 0;
    }
    out += width;
  }
}

/// The band of the transpose of a matrix with `rows` rows and `columns` columns.
static void WEFT_BAND_NAME(band_transpose)(
  WEFT_REAL *restrict out, const WEFT_REAL *restrict a, intptr_t rows, intptr_t columns,
  intptr_t lower, intptr_t width) {
  const intptr_t upper = width - 1 - lower;
  for (intptr_t c = 0; c < columns; c++) {
    // Element (i, c) of the matrix for i from c - upper on.
    for (intptr_t t = 0; t < width; t++) {
      const intptr_t i = c - upper + t;
      out[c * width + t] = i < 0 || i >= rows ? 0 : a[i * width + width - 1 - t];
    }
  }
}

/// As `band_lu` for a diagonal on either side: the row at hand stays in registers.
static intptr_t WEFT_BAND_NAME(band_lu_narrow)(WEFT_REAL *a, int32_t *pivots, intptr_t n) {
  WEFT_REAL *row = a + 1;
  WEFT_REAL x0 = row[0], x1 = row[1], x2 = row[2];
  for (intptr_t j = 0; j + 1 < n; j++, row += 4) {
    WEFT_REAL *below = row + 3;
    WEFT_REAL y0 = below[0], y1 = below[1], y2 = below[2];
    const int isSwapped = WEFT_MAGNITUDE(y0) > WEFT_MAGNITUDE(x0);
    pivots[j] = (int32_t)(j + isSwapped);
    if (isSwapped) {
      const WEFT_REAL z0 = x0, z1 = x1, z2 = x2;
      x0 = y0, x1 = y1, x2 = y2;
      y0 = z0, y1 = z1, y2 = z2;
      row[0] = x0, row[1] = x1, row[2] = x2;
    }
    if (WEFT_MAGNITUDE(x0) == 0) return j + 1;
    const WEFT_REAL factor = y0 / x0;
    if (factor != 0) {
      y1 -= factor * x1;
      y2 -= factor * x2;
    }
    below[0] = factor, below[1] = y1, below[2] = y2;
    // What the row below had in the column after these came with a swap.
    x0 = y1, x1 = y2, x2 = below[3];
  }
  if (n == 0) return 0;
  pivots[n - 1] = (int32_t)(n - 1);
  return WEFT_MAGNITUDE(x0) == 0 ? n : 0;
}

/// P A = L U in place of a band with room for `lower` more diagonals above it; the number of the column that has
/// no pivot, from 1 on, or 0. Rows below a pivot hold their multipliers, as LAPACK's gbtf2 leaves them.
static intptr_t WEFT_BAND_NAME(band_lu)(
  WEFT_REAL *a, int32_t *pivots, intptr_t n, intptr_t lower, intptr_t upper) {
  if (lower == 1 && upper == 1) return WEFT_BAND_NAME(band_lu_narrow)(a, pivots, n);
  const intptr_t step = 2 * lower + upper;
  WEFT_REAL *base = a + lower;
  for (intptr_t j = 0; j < n; j++) {
    const intptr_t end = WEFT_BAND_NAME(least)(n - 1, j + lower);
    const intptr_t last = WEFT_BAND_NAME(least)(n - 1, j + lower + upper);
    WEFT_REAL *row = base + j * step;
    intptr_t pivot = j;
    WEFT_REAL best = WEFT_MAGNITUDE(row[j]);
    for (intptr_t i = j + 1; i <= end; i++) {
      const WEFT_REAL size = WEFT_MAGNITUDE(base[i * step + j]);
      if (size > best) best = size, pivot = i;
    }
    pivots[j] = (int32_t)pivot;
    if (best == 0) return j + 1;
    if (pivot != j) {
      WEFT_REAL *other = base + pivot * step;
      for (intptr_t c = j; c <= last; c++) {
        const WEFT_REAL x = row[c];
        row[c] = other[c];
        other[c] = x;
      }
    }
    const WEFT_REAL divisor = row[j];
    for (intptr_t i = j + 1; i <= end; i++) {
      WEFT_REAL *below = base + i * step;
      const WEFT_REAL factor = below[j] / divisor;
      below[j] = factor;
      if (factor == 0) continue;
      for (intptr_t c = j + 1; c <= last; c++) below[c] -= factor * row[c];
    }
  }
  return 0;
}

/// Reciprocals of every `step`-th element: divisions that wait for nothing.
WEFT_INLINE void WEFT_BAND_NAME(band_reciprocals)(
  WEFT_REAL *restrict out, const WEFT_REAL *restrict a, intptr_t count, intptr_t step) {
  for (intptr_t t = 0; t < count; t++) out[t] = 1 / a[t * step];
}

/// As `band_lu_solve` for a diagonal on either side and one column.
static void WEFT_BAND_NAME(band_lu_narrow_solve)(
  const WEFT_REAL *a, const int32_t *pivots, intptr_t n, WEFT_REAL *b) {
  const WEFT_REAL *base = a + 1;
  WEFT_REAL x = n > 0 ? b[0] : 0;
  for (intptr_t j = 0; j + 1 < n; j++) {
    WEFT_REAL next = b[j + 1];
    if (pivots[j] != j) {
      const WEFT_REAL y = x;
      x = next;
      next = y;
    }
    b[j] = x;
    x = next - base[(j + 1) * 3 + j] * x;
  }
  if (n > 0) b[n - 1] = x;
  WEFT_REAL after = 0, second = 0;
  enum { some = 64 };
  WEFT_REAL scale[some];
  for (intptr_t start = (n - 1) / some * some; start >= 0; start -= some) {
    const intptr_t end = WEFT_BAND_NAME(least)(n, start + some);
    WEFT_BAND_NAME(band_reciprocals)(scale, base + start * 4, end - start, 4);
    for (intptr_t i = end - 1; i >= start; i--) {
      const WEFT_REAL *row = base + i * 4;
      WEFT_REAL sum = b[i];
      if (i + 2 < n) sum -= row[2] * second;
      if (i + 1 < n) sum -= row[1] * after;
      second = after;
      after = sum * scale[i - start];
      b[i] = after;
    }
  }
}

/// As `band_lu_narrow_solve` for the transpose: U^T first, then L^T with the swaps from the last on.
static void WEFT_BAND_NAME(band_lu_narrow_turned)(
  const WEFT_REAL *a, const int32_t *pivots, intptr_t n, WEFT_REAL *b) {
  const WEFT_REAL *base = a + 1;
  enum { some = 64 };
  WEFT_REAL scale[some];
  WEFT_REAL x = n > 0 ? b[0] : 0, next = n > 1 ? b[1] : 0;
  for (intptr_t start = 0; start < n; start += some) {
    const intptr_t end = WEFT_BAND_NAME(least)(n, start + some);
    WEFT_BAND_NAME(band_reciprocals)(scale, base + start * 4, end - start, 4);
    for (intptr_t i = start; i < end; i++) {
      const WEFT_REAL *row = base + i * 4;
      const WEFT_REAL y = x * scale[i - start];
      b[i] = y;
      if (i + 1 < n) x = next - row[1] * y;
      if (i + 2 < n) next = b[i + 2] - row[2] * y;
    }
  }
  if (n == 0) return;
  WEFT_REAL below = b[n - 1];
  for (intptr_t j = n - 2; j >= 0; j--) {
    const WEFT_REAL y = b[j] - base[(j + 1) * 3 + j] * below;
    const int isSwapped = pivots[j] != j;
    b[j + 1] = isSwapped ? y : below;
    if (!isSwapped) below = y;
  }
  b[0] = below;
}

/// A = L L^T in place of a band's lower half, `lower` diagonals and the main one; the number of the row at which
/// the matrix turns out not to be definite, from 1 on, or 0.
WEFT_INLINE intptr_t WEFT_BAND_NAME(band_cholesky_of)(WEFT_REAL *a, intptr_t n, intptr_t lower) {
  for (intptr_t i = 0; i < n; i++) {
    WEFT_REAL *row = a + i * (lower + 1);
    // Rows at the top have fewer elements.
    const intptr_t missing = i < lower ? lower - i : 0;
    WEFT_REAL diagonal = row[lower];
    for (intptr_t t = missing; t < lower; t++) {
      const WEFT_REAL *other = row + (t - lower) * (lower + 1) + lower - t;
      WEFT_REAL sum = row[t];
      for (intptr_t s = missing; s < t; s++) sum -= row[s] * other[s];
      row[t] = sum / other[t];
      diagonal -= row[t] * row[t];
    }
    if (!(diagonal > 0)) return i + 1;
    row[lower] = WEFT_ROOT(diagonal);
  }
  return 0;
}

// Loops of few turns are written out.
#define WEFT_BAND_WIDTHS(CASE) \
  switch (lower) { \
    CASE(1) \
    CASE(2) \
    CASE(3) \
    CASE(4) \
  default: break; \
  }

/// As `band_cholesky_of` for one diagonal or two, by way of L D L^T: a row waits for one division of the row before,
/// for no root.
WEFT_INLINE intptr_t WEFT_BAND_NAME(band_cholesky_narrow)(WEFT_REAL *a, intptr_t n, intptr_t lower) {
  // The pivots of the rows before, their roots, and the unit factor's element of the last one.
  WEFT_REAL first = 1, second = 1, firstRoot = 1, secondRoot = 1, unit = 0;
  for (intptr_t i = 0; i < n; i++, a += lower + 1) {
    const WEFT_REAL far = lower == 2 && i > 1 ? a[0] : 0;
    const WEFT_REAL farUnit = far / second;
    const WEFT_REAL near = (i > 0 ? a[lower - 1] : 0) - far * unit;
    unit = near / first;
    const WEFT_REAL pivot = a[lower] - far * farUnit - near * unit;
    if (!(pivot > 0)) return i + 1;
    if (lower == 2 && i > 1) a[0] = farUnit * secondRoot;
    if (i > 0) a[lower - 1] = unit * firstRoot;
    secondRoot = firstRoot;
    second = first;
    first = pivot;
    firstRoot = WEFT_ROOT(pivot);
    a[lower] = firstRoot;
  }
  return 0;
}

static intptr_t WEFT_BAND_NAME(band_cholesky)(WEFT_REAL *a, intptr_t n, intptr_t lower) {
  if (lower == 1) return WEFT_BAND_NAME(band_cholesky_narrow)(a, n, 1);
  if (lower == 2) return WEFT_BAND_NAME(band_cholesky_narrow)(a, n, 2);
#define WEFT_BAND_CASE(N) case N: return WEFT_BAND_NAME(band_cholesky_of)(a, n, N);
  WEFT_BAND_WIDTHS(WEFT_BAND_CASE)
#undef WEFT_BAND_CASE
  return WEFT_BAND_NAME(band_cholesky_of)(a, n, lower);
}

/// The solution for one column; each row waits for the one before, so that none divides.
WEFT_INLINE void WEFT_BAND_NAME(band_cholesky_column_of)(
  const WEFT_REAL *a, intptr_t n, intptr_t lower, WEFT_REAL *b) {
  enum { some = 64 };
  WEFT_REAL scale[some];
  for (intptr_t start = 0; start < n; start += some) {
    const intptr_t end = WEFT_BAND_NAME(least)(n, start + some);
    WEFT_BAND_NAME(band_reciprocals)(
      scale, a + start * (lower + 1) + lower, end - start, lower + 1);
    for (intptr_t i = start; i < end; i++) {
      const WEFT_REAL *row = a + i * (lower + 1);
      WEFT_REAL sum = b[i];
      for (intptr_t t = i < lower ? lower - i : 0; t < lower; t++) sum -= row[t] * b[i - lower + t];
      b[i] = sum * scale[i - start];
    }
  }
  for (intptr_t start = (n - 1) / some * some; start >= 0; start -= some) {
    const intptr_t end = WEFT_BAND_NAME(least)(n, start + some);
    WEFT_BAND_NAME(band_reciprocals)(
      scale, a + start * (lower + 1) + lower, end - start, lower + 1);
    for (intptr_t i = end - 1; i >= start; i--) {
      const WEFT_REAL *row = a + i * (lower + 1);
      const WEFT_REAL x = b[i] * scale[i - start];
      b[i] = x;
      for (intptr_t t = i < lower ? lower - i : 0; t < lower; t++) b[i - lower + t] -= row[t] * x;
    }
  }
}

static void WEFT_BAND_NAME(band_cholesky_column)(
  const WEFT_REAL *a, intptr_t n, intptr_t lower, WEFT_REAL *b) {
#define WEFT_BAND_CASE(N) case N: WEFT_BAND_NAME(band_cholesky_column_of)(a, n, N, b); return;
  WEFT_BAND_WIDTHS(WEFT_BAND_CASE)
#undef WEFT_BAND_CASE
  WEFT_BAND_NAME(band_cholesky_column_of)(a, n, lower, b);
}
#undef WEFT_BAND_WIDTHS

/// b -= factor * x over some columns.
static inline void WEFT_BAND_NAME(band_update)(
  WEFT_REAL *restrict b, const WEFT_REAL *restrict x, WEFT_REAL factor, intptr_t columns) {
  for (intptr_t c = 0; c < columns; c++) b[c] -= factor * x[c];
}

static void WEFT_BAND_NAME(band_cholesky_solve)(
  const WEFT_REAL *a, intptr_t n, intptr_t lower, WEFT_REAL *b, intptr_t columns,
  intptr_t leading) {
  const WEFT_REAL *base = a + lower;
  if (columns == 1 && leading == 1) {
    WEFT_BAND_NAME(band_cholesky_column)(a, n, lower, b);
    return;
  }
  for (intptr_t i = 0; i < n; i++) {
    const WEFT_REAL *row = base + i * lower;
    WEFT_REAL *x = b + i * leading;
    for (intptr_t p = WEFT_BAND_NAME(most)(0, i - lower); p < i; p++)
      WEFT_BAND_NAME(band_update)(x, b + p * leading, row[p], columns);
    for (intptr_t c = 0; c < columns; c++) x[c] /= row[i];
  }
  for (intptr_t i = n - 1; i >= 0; i--) {
    const WEFT_REAL *row = base + i * lower;
    WEFT_REAL *x = b + i * leading;
    for (intptr_t c = 0; c < columns; c++) x[c] /= row[i];
    for (intptr_t p = WEFT_BAND_NAME(most)(0, i - lower); p < i; p++)
      WEFT_BAND_NAME(band_update)(b + p * leading, x, row[p], columns);
  }
}

static inline void WEFT_BAND_NAME(band_swap)(
  WEFT_REAL *b, intptr_t i, intptr_t j, intptr_t columns, intptr_t leading) {
  if (i == j) return;
  for (intptr_t c = 0; c < columns; c++) {
    const WEFT_REAL x = b[i * leading + c];
    b[i * leading + c] = b[j * leading + c];
    b[j * leading + c] = x;
  }
}

static void WEFT_BAND_NAME(band_lu_solve)(
  const WEFT_REAL *a, const int32_t *pivots, intptr_t n, intptr_t lower, intptr_t upper,
  int transposed, WEFT_REAL *b, intptr_t columns, intptr_t leading) {
  const intptr_t step = 2 * lower + upper;
  const WEFT_REAL *base = a + lower;
  if (columns == 1 && leading == 1 && lower == 1 && upper == 1) {
    if (transposed)
      WEFT_BAND_NAME(band_lu_narrow_turned)(a, pivots, n, b);
    else
      WEFT_BAND_NAME(band_lu_narrow_solve)(a, pivots, n, b);
    return;
  }
  if (!transposed && columns == 1 && leading == 1) {
    for (intptr_t j = 0; j < n; j++) {
      const WEFT_REAL x = b[pivots[j]];
      b[pivots[j]] = b[j];
      b[j] = x;
      const intptr_t end = WEFT_BAND_NAME(least)(n - 1, j + lower);
      for (intptr_t i = j + 1; i <= end; i++) b[i] -= base[i * step + j] * x;
    }
    for (intptr_t i = n - 1; i >= 0; i--) {
      const WEFT_REAL *row = base + i * step;
      const intptr_t last = WEFT_BAND_NAME(least)(n - 1, i + lower + upper);
      WEFT_REAL sum = b[i];
      for (intptr_t c = last; c > i; c--) sum -= row[c] * b[c];
      b[i] = sum / row[i];
    }
    return;
  }
  if (!transposed) {
    for (intptr_t j = 0; j < n; j++) {
      WEFT_BAND_NAME(band_swap)(b, j, pivots[j], columns, leading);
      const intptr_t end = WEFT_BAND_NAME(least)(n - 1, j + lower);
      for (intptr_t i = j + 1; i <= end; i++)
        WEFT_BAND_NAME(band_update)(
          b + i * leading, b + j * leading, base[i * step + j], columns);
    }
    for (intptr_t i = n - 1; i >= 0; i--) {
      const WEFT_REAL *row = base + i * step;
      WEFT_REAL *x = b + i * leading;
      const intptr_t last = WEFT_BAND_NAME(least)(n - 1, i + lower + upper);
      for (intptr_t c = last; c > i; c--)
        WEFT_BAND_NAME(band_update)(x, b + c * leading, row[c], columns);
      for (intptr_t c = 0; c < columns; c++) x[c] /= row[i];
    }
    return;
  }
  for (intptr_t i = 0; i < n; i++) {
    const WEFT_REAL *row = base + i * step;
    WEFT_REAL *x = b + i * leading;
    for (intptr_t c = 0; c < columns; c++) x[c] /= row[i];
    const intptr_t last = WEFT_BAND_NAME(least)(n - 1, i + lower + upper);
    for (intptr_t c = i + 1; c <= last; c++)
      WEFT_BAND_NAME(band_update)(b + c * leading, x, row[c], columns);
  }
  for (intptr_t j = n - 1; j >= 0; j--) {
    const intptr_t end = WEFT_BAND_NAME(least)(n - 1, j + lower);
    for (intptr_t i = end; i > j; i--)
      WEFT_BAND_NAME(band_update)(b + j * leading, b + i * leading, base[i * step + j], columns);
    WEFT_BAND_NAME(band_swap)(b, j, pivots[j], columns, leading);
  }
}

/// Factors of a band: 1 where they are Cholesky's, in rows of `lower` + 1; 0 for P A = L U; 2 where some column has
/// no pivot.
static int WEFT_BAND_NAME(band_factor)(
  WEFT_REAL *out, int32_t *pivots, const WEFT_REAL *a, intptr_t n, intptr_t lower, intptr_t upper,
  int isSymmetric) {
  const intptr_t width = lower + upper + 1;
  for (intptr_t i = 0; i < n; i++) pivots[i] = 0;
  int mayBeDefinite = lower == upper;
  for (intptr_t i = 0; i < n && mayBeDefinite; i++) {
    const WEFT_REAL *row = a + i * width + lower;
    mayBeDefinite = row[0] > 0;
    for (intptr_t k = 1; k <= WEFT_BAND_NAME(least)(lower, i) && !isSymmetric && mayBeDefinite; k++)
      mayBeDefinite = row[-k] == row[k - k * width];
  }
  if (mayBeDefinite) {
    for (intptr_t i = 0; i < n; i++)
      for (intptr_t t = 0; t <= lower; t++) out[i * (lower + 1) + t] = a[i * width + t];
    if (WEFT_BAND_NAME(band_cholesky)(out, n, lower) == 0) return 1;
  }
  for (intptr_t i = 0; i < n; i++) {
    WEFT_REAL *row = out + i * (width + lower);
    for (intptr_t t = 0; t < width; t++) row[t] = a[i * width + t];
    for (intptr_t t = width; t < width + lower; t++) row[t] = 0;
  }
  return WEFT_BAND_NAME(band_lu)(out, pivots, n, lower, upper) == 0 ? 0 : 2;
}
