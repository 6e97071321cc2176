#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The dtypes of tiles: the raw values of `DType` in Sources/IR/Types/DType.swift.
enum {
  WEFT_BOOL, WEFT_INT8, WEFT_INT16, WEFT_INT32, WEFT_INT64,
  WEFT_UINT8, WEFT_UINT16, WEFT_UINT32, WEFT_UINT64,
  WEFT_FLOAT16, WEFT_BFLOAT16, WEFT_FLOAT32, WEFT_FLOAT64,
  WEFT_COMPLEX64, WEFT_COMPLEX128, WEFT_DTYPES
};

/// Applies one scalar function to `n` contiguous elements; operands that it does not take are ignored.
///
/// `out` may be exactly an operand whose elements have the size of the result's; any other overlap
/// is not allowed. The bits do not depend on the processor, except where the C library's do.
typedef void (*weft_tile_function)(
  void *out, const void *a, const void *b, const void *c, intptr_t n);

/// Folds `n` contiguous elements into one accumulator of the same dtype, in a fixed order.
typedef void (*weft_reduce_function)(void *accumulator, const void *x, intptr_t n);

/// The loop of a scalar function (by its array-API name) over operands of a dtype, or NULL.
weft_tile_function weft_tile_lookup(const char *name, int dtype);
/// The loop that converts a dtype to another with NumPy's casts, or NULL for unknown dtypes.
weft_tile_function weft_tile_convert_lookup(int from, int to);
/// The fold of `add`, `multiply`, `maximum` and so on for a dtype, or NULL.
weft_reduce_function weft_reduce_lookup(const char *name, int dtype);

/// The instruction sets with loops of their own: 0 portable, 1 AVX2, 2 AVX-512.
int weft_tile_level(void);
/// The lookups at a level not above `weft_tile_level()`, so that tests compare levels.
weft_tile_function weft_tile_lookup_at(int level, const char *name, int dtype);
weft_tile_function weft_tile_convert_lookup_at(int level, int from, int to);
weft_reduce_function weft_reduce_lookup_at(int level, const char *name, int dtype);

/// Writes one element `n` times; `itemSize` is in bytes.
void weft_tile_splat(void *out, const void *value, int itemSize, intptr_t n);
/// Collects `n` elements that lie `strideBytes` apart.
void weft_tile_gather_strided(
  void *out, const void *base, intptr_t strideBytes, int itemSize, intptr_t n);
/// Writes `start + i * step` in a dtype; integers wrap.
void weft_tile_iota(void *out, int dtype, int64_t start, int64_t step, intptr_t n);
/// Writes the sum of `count` rows, `stride` elements apart, each times a weight, over `n` columns;
/// the result is none of the rows.
void weft_weighted_rows_f32(
  float *out, const float *rows, intptr_t stride, const float *weights, intptr_t count,
  intptr_t n);
void weft_weighted_rows_f64(
  double *out, const double *rows, intptr_t stride, const double *weights, intptr_t count,
  intptr_t n);
/// Matrices of which a band alone is stored, `lower` diagonals below the main one: see `Bands.c`.
///
/// Rows `first` to `last` of a product of two bands; the right one has `inner` rows.
void weft_band_product_f32(
  float *out, const float *left, intptr_t first, intptr_t last, intptr_t leftWidth, intptr_t lower,
  const float *right, intptr_t inner, intptr_t rightWidth);
void weft_band_transpose_f32(
  float *out, const float *a, intptr_t rows, intptr_t columns, intptr_t lower, intptr_t width);
void weft_band_read_f32(
  float *out, const float *a, intptr_t rows, intptr_t columns, intptr_t leading, intptr_t lower,
  intptr_t width);
int weft_band_factor_f32(
  float *out, int32_t *pivots, const float *a, intptr_t n, intptr_t lower, intptr_t upper,
  int isSymmetric);
void weft_band_cholesky_solve_f32(
  const float *a, intptr_t n, intptr_t lower, float *b, intptr_t columns, intptr_t leading);
void weft_band_lu_solve_f32(
  const float *a, const int32_t *pivots, intptr_t n, intptr_t lower, intptr_t upper, int transposed,
  float *b, intptr_t columns, intptr_t leading);
void weft_band_product_f64(
  double *out, const double *left, intptr_t first, intptr_t last, intptr_t leftWidth, intptr_t lower,
  const double *right, intptr_t inner, intptr_t rightWidth);
void weft_band_transpose_f64(
  double *out, const double *a, intptr_t rows, intptr_t columns, intptr_t lower, intptr_t width);
void weft_band_read_f64(
  double *out, const double *a, intptr_t rows, intptr_t columns, intptr_t leading, intptr_t lower,
  intptr_t width);
int weft_band_factor_f64(
  double *out, int32_t *pivots, const double *a, intptr_t n, intptr_t lower, intptr_t upper,
  int isSymmetric);
void weft_band_cholesky_solve_f64(
  const double *a, intptr_t n, intptr_t lower, double *b, intptr_t columns, intptr_t leading);
void weft_band_lu_solve_f64(
  const double *a, const int32_t *pivots, intptr_t n, intptr_t lower, intptr_t upper, int transposed,
  double *b, intptr_t columns, intptr_t leading);
/// Philox4x32-10 (Salmon et al. 2011): element `i` is words 0 and 1 of the block at the counter
/// {index, lane}, index = `firstIndex + i`, each split into low and high words; so is the key.
void weft_tile_philox(
  uint64_t *out, uint64_t key, uint64_t lane, uint64_t firstIndex, intptr_t n);

/// The most columns, and the most summed positions, of a small product.
enum { WEFT_SMALL_COLUMNS = 16, WEFT_SMALL_SUMMED = 32 };
/// Products C = A B of one shape: extents, and strides in elements within and between matrices.
///
/// The rows of C are contiguous.
typedef struct {
  int32_t rows, summed;
  intptr_t rowA, columnA, rowB, columnB, rowC, stepA, stepB, stepC;
} weft_small_products;
/// Makes `count` products, each C = alpha A B, or C += alpha A B where it adds.
typedef void (*weft_small_products_function)(
  const weft_small_products *shape, const void *a, const void *b, void *c, intptr_t count,
  double alpha, int adds);
/// The code for float32 or float64 and a number of columns; NULL where there is none.
weft_small_products_function weft_small_products_lookup(int dtype, int columns);

/// A product C = alpha A B + beta C: extents, and strides in elements; the rows of C are contiguous.
typedef struct {
  intptr_t rows, columns, summed, rowA, columnA, rowB, columnB, rowC;
} weft_direct_shape;
/// Makes a product of at least one summed position; C is not read where beta is 0.
typedef void weft_direct_product_function(
  const weft_direct_shape *shape, const void *a, const void *b, void *c, double alpha, double beta);
/// The code for products of float32 or float64 of a shape, the elements of the right matrix's columns, not
/// those of its rows, lying together where it is turned; NULL where BLAS is as quick, by shape and processor alone.
weft_direct_product_function *weft_direct_product(
  int dtype, intptr_t rows, intptr_t columns, intptr_t summed, int turned);

/// Makes C = alpha X^T X of a matrix of `summed` rows, each `order` contiguous elements, on the calling thread: the
/// bits of a direct product. 0 where there is no code for the processor, or no memory for a copy of 256 rows.
int weft_square_rows(
  intptr_t order, intptr_t summed, const double *x, intptr_t rowX, double *c, intptr_t rowC,
  double alpha);

/// Makes the inner products of rows of one matrix with rows of another, each with its elements together: C = A B^T.
typedef void weft_thin_product_function(
  intptr_t rows, intptr_t columns, intptr_t summed, const void *a, intptr_t rowA, const void *b,
  intptr_t rowB, void *c, intptr_t rowC);
/// The code for float32 or float64, which BLAS is slower than for few rows of either and many positions;
/// NULL for others, and processors on which it is not.
weft_thin_product_function *weft_thin_product(int dtype);

/// Factors a panel of at most `width` columns, from `first` on, of a symmetric matrix of order n, of which
/// the lower triangle of columns `leading` apart is read: P A P^T = L D L^T.
///
/// Gives how many columns it made, or -1 where a column is zero. L's go to their places with ones on
/// the diagonal left out, D's diagonal to the diagonal, what stands beside D's to the element above it
/// of the other triangle, 0 for blocks of one; L D to the first columns of `work`, which has `width` of n
/// elements. `pivots` get the row that each row was swapped with, counted from 1; rows of columns
/// before the panel are left as they were.
typedef int32_t weft_symmetric_panel_function(
  int32_t n, int32_t first, int32_t width, void *matrix, intptr_t leading, void *work,
  intptr_t workLeading, int32_t *pivots);
/// The code for float32 or float64; NULL for others.
weft_symmetric_panel_function *weft_symmetric_panel(int dtype);

/// Rows of a sparse matrix times a dense array, and where the result goes; indices are int32 or int64, values
/// float32 or float64, strides are in elements.
///
/// `width` elements of a row of x go to as many of a row of y; `streams` says to store past the cache, for
/// which rows of y are aligned to 64 bytes.
typedef struct {
  const void *ends, *columns, *values, *x;
  void *y;
  intptr_t entries, strideX, strideY, width;
  int streams;
} weft_sparse_rows;
/// Makes the rows `first`..<`last` of the result.
typedef void weft_sparse_rows_function(const weft_sparse_rows *m, intptr_t first, intptr_t last);
/// One element a row (width is not read), and `width` a row; NULL for other dtypes.
weft_sparse_rows_function *weft_sparse_times_vector(int dtype, int indexBytes);
weft_sparse_rows_function *weft_sparse_times_dense(int dtype, int indexBytes);

/// A matrix of blocks or of diagonals, and a dense array it multiplies: `n` elements a row, side by side where they are
/// more than one. `coordinates` are the columns of blocks, of which those of a row of blocks end where `ends` says, or the
/// `count` diagonals' column minus row. Blocks have `height` rows and `width` columns.
typedef struct {
  const void *ends, *coordinates, *values, *x;
  void *y;
  intptr_t rows, columns, count, height, width, n, strideX, strideY;
} weft_sparse_packed;
/// Makes the rows, or rows of blocks, `first`..<`last` of the result.
typedef void weft_sparse_packed_function(const weft_sparse_packed *m, intptr_t first, intptr_t last);
/// NULL for other dtypes than float32 and float64.
weft_sparse_packed_function *weft_sparse_blocks(int dtype, int indexBytes);
weft_sparse_packed_function *weft_sparse_diagonals(int dtype, int indexBytes);

/// Where entries are in a dense array: the sum of coordinates times strides over some axes.
typedef struct {
  int count;
  const void *const *coordinates;
  const intptr_t *strides;
} weft_sparse_places;
/// Entries of a sparse array beside one or two dense factors, and where the results go.
///
/// `clears` says that targets only grow with the entries and that what lies between them, of `results`
/// elements in all, becomes zero.
typedef struct {
  const void *values;
  const weft_sparse_places *target, *places;
  const void *x[2];
  void *y;
  intptr_t entries, width, results;
  int factors, clears, streams;
} weft_sparse_entries;
/// Does the entries `first`..<`last`; entries of one target stand together, in one call.
typedef void weft_sparse_entries_function(const weft_sparse_entries *m, intptr_t first, intptr_t last);
/// Each value times the sum over `width` elements of the product of two factors; NULL for other dtypes.
weft_sparse_entries_function *weft_sparse_sample(int dtype, int indexBytes);
/// The sum over the entries of a target of value times `width` elements of one factor or of the product of two.
weft_sparse_entries_function *weft_sparse_spread(int dtype, int indexBytes);
/// The sum of the entries of a target, added in float64.
weft_sparse_entries_function *weft_sparse_sum(int dtype, int indexBytes);

/// Two sparse matrices A and B of which the product, with so many columns, is asked for, and a thread's memory for it:
/// `bits` has a bit for each column, `above` one for each word of `bits`, `top` (of `tops` words) one for each of `above`, all
/// zero between calls; `before` is as long as `bits`. `topMask` has a bit for each word of `above` where there are
/// no more than 64, which are then all looked at. `list` has room for as many indices as a row has
/// columns at most, as many as `bits` has words, and 8 more. `flags`, bytes in whole lines, and `sums` have an element a column, zero between calls; NULL where
/// columns are so many that these are further away than the other memory. `isNear` says that B is small enough to be in cache.
typedef struct {
  const void *endsA, *columnsA, *valuesA, *endsB, *columnsB, *valuesB;
  intptr_t rowsA, rowsB, columns, itemBytes, tops;
  int isNear;
  uint64_t topMask;
  uint64_t *bits, *above, *top;
  uint32_t *before;
  void *list;
  uint8_t *flags;
  void *sums;
} weft_sparse_pair;
/// The number of columns in a row of the product.
typedef intptr_t weft_sparse_count_function(const weft_sparse_pair *m, intptr_t row);
weft_sparse_count_function *weft_sparse_count(int indexBytes);
/// The sorted columns of a row, and the place among them of each pair of factors, in order.
typedef intptr_t weft_sparse_pattern_function(
  const weft_sparse_pair *m, intptr_t row, void *columns, uint32_t *places);
weft_sparse_pattern_function *weft_sparse_pattern(int indexBytes);
/// The sorted columns of a row and its elements, which have the matrices' dtype.
typedef intptr_t weft_sparse_product_function(
  const weft_sparse_pair *m, intptr_t row, void *columns, void *values);
/// For floats and integers of 32 and 64 bits; NULL for others.
weft_sparse_product_function *weft_sparse_product(int dtype, int indexBytes);
/// The rows of a matrix at whose entries alone a product is wanted, and a thread's memory: `places` has an element a column, zero
/// between calls, `hits` one for each entry of the longest row.
typedef struct {
  const void *ends, *columns;
  uint32_t *places;
  uint8_t *hits;
} weft_sparse_mask;
/// As a product's row, at the columns of the mask's row that have a pair of factors; `columns` and `values` have room
/// for all of the mask's.
typedef intptr_t weft_sparse_masked_function(
  const weft_sparse_pair *m, const weft_sparse_mask *mask, intptr_t row, void *columns, void *values);
/// For the dtypes of `weft_sparse_product`.
weft_sparse_masked_function *weft_sparse_masked(int dtype, int indexBytes);

/// Sums the elements `ends[n]`..<`ends[n + 1]` for each n of `first`..<`last`, in float64; NULL for other dtypes.
typedef void weft_sum_runs_function(
  const void *ends, const void *values, void *sums, intptr_t first, intptr_t last);
weft_sum_runs_function *weft_sum_runs(int dtype, int indexBytes);

/// Two sorted lists of coordinates by rows, the entries of each that are merged, and where the result goes.
///
/// `sources` get each entry's place in a list, counted from its start, and -1 where the list lacks it; `rowEnds` how
/// many entries there are up to the end of each row. Any of these may be NULL. Results have room for 32 entries more.
typedef struct {
  const void *ends[2], *coordinates[2];
  intptr_t starts[2], stops[2];
  void *merged;
  int32_t *sources[2];
  int64_t *rowEnds;
} weft_merge;
/// Which entries a merge keeps: those of either list, of both, of the first, whose coordinates are not written again.
enum { weft_merge_either = 0, weft_merge_both = 1, weft_merge_first = 2 };
/// Merges the rows `first`..<`last` and gives the number of entries; there are entries for fewer than 2^31.
typedef intptr_t weft_merge_function(const weft_merge *m, intptr_t first, intptr_t last);
weft_merge_function *weft_merge_of(int kind, int indexBytes);
/// The same at a level of instructions that this processor has; NULL at others.
weft_merge_function *weft_merge_at(int level, int kind, int indexBytes);
/// The elements at places, a fill where the place is negative; there is an element at place 0.
///
/// `isRun` says that the places that are not negative follow one another without a gap.
typedef void weft_gather_function(
  const void *elements, const void *fill, const int32_t *sources, void *result, intptr_t count);
weft_gather_function *weft_gather_of(int itemBytes, int isRun);
weft_gather_function *weft_gather_at(int level, int itemBytes, int isRun);
/// The same for blocks of so many bytes.
typedef void weft_gather_blocks_function(
  const void *elements, const void *fill, const int32_t *sources, void *result, intptr_t count,
  intptr_t bytes);
weft_gather_blocks_function *weft_gather_blocks(void);
weft_gather_blocks_function *weft_gather_blocks_at(int level);

/// How many threads a region could use now without starting more: the workers and the caller.
int weft_pool_size(void);
/// Says that regions of so many threads will follow one another: workers wake and stay awake for some
/// milliseconds between them. Ends with a release.
void weft_pool_hold(int threads);
void weft_pool_release(void);
/// Runs tasks 0..<`tasks` on at most `threads` threads and returns when all are done.
///
/// Tasks are claimed in order by whoever is free; `worker` is below `threads` and no two threads
/// of a region share it. The caller takes part. A call from inside a body runs inline.
void weft_parallel(
  int threads, int64_t tasks, void (*body)(void *context, int64_t task, int worker),
  void *context);

/// The bytes of the last cache.
intptr_t weft_cache_bytes(void);
/// Makes stores past the cache visible to other threads before what this thread stores next.
void weft_settle_stores(void);
/// Copies bytes that do not overlap past the cache, to be settled: lines of the target are not read first.
void weft_copy_past_cache(void *to, const void *from, intptr_t bytes);

#ifdef __cplusplus
}
#endif
