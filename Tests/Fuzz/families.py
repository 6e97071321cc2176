"""The functions that programs call, by family, with the arguments they take.

A line is a name and its arguments. `x` is the first array, `y` one that broadcasts with it, `z`
one of its shape; after a dot stands what dtypes it may have (b bool, i integers, f floats, c
complex, r all but complex, n all but bool). Other words are methods of `Arguments`. `?` leaves the
argument out half of the time; `a=` gives it by name. A leading dot is a method.
"""

ELEMENTWISE = """
square x; reciprocal x.fc; fabs x.r; rint x; degrees x.f; radians x.f; sinc x.f
round x digits?; float_power x.r y.r; ldexp x.f exponent; modf x.f; frexp x.f; angle x
nan_to_num x nan=real? posinf=real? neginf=real?
add x y; subtract x.n y.n; multiply x y; divide x y; floor_divide x.r y.r; remainder x.r y.r
fmod x.r y.r; pow x small; power x.f y.f; divmod x.r y.r; negative x.n; positive x.n; abs x; sign x.n
maximum x y; minimum x y; fmax x y; fmin x y; copysign x.r y.r; heaviside x.r y.r; nextafter x.f y.f
spacing x.f; gcd x.i y.i; lcm x.i y.i; floor x.r; ceil x.r; trunc x.r; real x; imag x; conj x.n
clip x.r bound bound; clip x.r min=bound? max=bound?; bitwise_and x.bi y.bi; bitwise_or x.bi y.bi
bitwise_xor x.bi y.bi; bitwise_invert x.bi; bitwise_left_shift x.i shift
bitwise_right_shift x.i shift; bitwise_count x.i; logaddexp x.f y.f; logaddexp2 x.f y.f
hypot x.r y.r; atan2 x.r y.r; isneginf x.r; isposinf x.r; isreal x; iscomplex x
"""
TRANSCENDENTAL = """
sqrt x; cbrt x.r; exp x; exp2 x.r; expm1 x; log x; log2 x; log10 x; log1p x; sin x; cos x; tan x
asin x; acos x; atan x; sinh x; cosh x; tanh x; asinh x; acosh x; atanh x; erf x.f
exp x.f; log x.f; sin x.f; tanh x.f; sqrt x.f
"""
LOGIC = """
equal x y; not_equal x y; less x y; less_equal x y; greater x y; greater_equal x y
logical_and x y; logical_or x y; logical_xor x y; logical_not x; isnan x; isinf x; isfinite x
signbit x.r; where condition x y; where condition x y; isclose x y equal_nan=flag?
allclose x y equal_nan=flag?; array_equal x z equal_nan=flag?; array_equiv x y
"""
DTYPES = """
astype x dtype; .astype x dtype; can_cast dtype dtype; can_cast dtype dtype casting
result_type x y; promote_types dtype dtype; isdtype dtypeobject kind
float32 x.r; int32 x.r; float64 x.r; complex64 x
"""
CREATION = """
zeros shape dtype?; ones shape dtype?; full shape number dtype=dtype?; zeros_like x dtype=dtype?
ones_like x dtype=dtype?; full_like x number dtype=dtype?; arange count; arange count count
arange count count step dtype=dtype?; arange fraction fraction fraction
linspace fraction fraction num=positive endpoint=flag?; linspace x.f y.f num=positive axis=newaxis?
eye positive positive? k=offset? dtype=dtype?; tri positive positive? offset?; identity positive
indices smallshape sparse=flag?; meshgrid v.r v.r indexing=xyij? sparse=flag?
logspace fraction fraction num=positive; geomspace fraction fraction num=positive
asarray x dtype=dtype?
"""
INDEXING = """
nonzero x; take x index axis=axis mode=mode?; take x flatindex; take_along_axis x along axis=axis
compress mask1 first axis=axis; extract mask x; choose choosers choices mode=mode?
select conditions choices default=number?; argwhere x; flatnonzero x; unravel_index flatindex shapeofx
ravel_multi_index multiindex dims mode=mode?
"""
REDUCTIONS = """
sum x axis=axes? keepdims=flag? dtype=dtypeseldom? initial=numberseldom? where=maskseldom?
prod x axis=axes? keepdims=flag? dtype=dtypeseldom? initial=numberseldom? where=maskseldom?
mean x axis=axes? keepdims=flag? where=maskseldom?; min x axis=axes? keepdims=flag?
max x axis=axes? keepdims=flag? initial=numberseldom?
min x.r axis=axes? keepdims=flag? initial=number where=mask
var x axis=axes? correction=correction? keepdims=flag?; std x axis=axes? correction=correction? keepdims=flag?
any x axis=axes? keepdims=flag? where=maskseldom?; all x axis=axes? keepdims=flag? where=maskseldom?
count_nonzero x axis=axes? keepdims=flag?; argmin x axis=axis? keepdims=flag?
argmax x axis=axis? keepdims=flag?; cumulative_sum x axis=axis include_initial=flag? dtype=dtypeseldom?
cumulative_prod x axis=axis include_initial=flag?; cumsum x axis=axis? dtype=dtypeseldom?
cumprod x axis=axis?; nancumsum x axis=axis?; nancumprod x axis=axis?; nansum x axis=axes? keepdims=flag?
nanprod x axis=axes? keepdims=flag?; nanmin x.r axis=axes? keepdims=flag?
nanmax x.r axis=axes? keepdims=flag?; nanmean x axis=axes? keepdims=flag?
nanvar x axis=axes? correction=correction? keepdims=flag?; nanstd x.r axis=axes? keepdims=flag?
nanargmin x.r axis=axis? keepdims=flag?; nanargmax x.r axis=axis? keepdims=flag?
.sum x axis=axes? keepdims=flag?; .mean x axis=axes? keepdims=flag?; .max x axis=axes?
.min x axis=axes?; .prod x axis=axes?; .std x axis=axes? ; .var x axis=axes?; .any x axis=axes?
.all x axis=axes?; .argmax x axis=axis?; .argmin x axis=axis?; .cumsum x axis=axis?
"""
STATISTICS = """
ptp x.n axis=axes? keepdims=flag?; average x.n axis=axis?; average x.n weights=weights axis=axis
median x.r axis=axis? keepdims=flag?; nanmedian x.r axis=axis? keepdims=flag?
cov v.f y=vsame? bias=flag?; cov m.r rowvar=flag? ddof=correction?; corrcoef m.f rowvar=flag?
quantile x.r q axis=axes? keepdims=flag? method=quantilemethod?
percentile x.r percent axis=axes? keepdims=flag? method=quantilemethod?
nanquantile x.f q axis=axis?; nanpercentile x.f percent axis=axis?
histogram x.r bins=bins? density=flag?; histogram x.r bins=bins range=range
histogram_bin_edges x.r bins=bins?; bincount v.counts minlength=positive?
digitize x.r edges right=flag?; convolve v v convolvemode?; correlate v v convolvemode?
interp x.r increasing v.fsame; unwrap x.f axis=axis?; gradient x.f axis=axis? edge_order=order?
trapezoid x.n dx=fraction? axis=axis?; diff x n=order? axis=axis?; diff x n=order prepend=number?
ediff1d x; polyval v.n x.n; vander v.n positive? increasing=flag?
"""
SORTING = """
sort x axis=axis?; argsort x axis=axis? stable=yes; searchsorted sorted1 x.r side=side?
lexsort keys; sort_complex v; sort x.r axis=axis; argsort x.r axis=axis kind=stablekind
"""
SETS = """
unique_values x; unique_counts x; unique_inverse x; unique_all x; unique x
unique x return_index=yes; unique x return_inverse=yes; unique x return_counts=yes
unique x axis=axis; intersect1d v v; union1d v v; setdiff1d v v; setxor1d v v
isin x v invert=flag?; unique x.r return_index=yes return_counts=yes equal_nan=flag
"""
MANIPULATION = """
reshape x newshape; .reshape x newshape; ravel x; broadcast_to x bigger
broadcast_arrays x y; broadcast_shapes shapeofx shapeofx; expand_dims x newaxis; squeeze x
squeeze x axis=unitaxis; permute_dims x permutation; transpose x; matrix_transpose m; moveaxis x axis axis
swapaxes x axis axis; atleast_1d x; atleast_2d x; atleast_3d x; concat samelist axis=axis
concatenate samelist axis=axis?; stack zlist axis=newaxis?; hstack zlist; vstack zlist; dstack zlist
column_stack vlist; append x z axis=axis; append x y; split x sections axis=axis
array_split x sections axis=axis?; unstack x axis=axis?; flip x axis=axes?; flipud x; fliplr x
roll x shiftby axis=axis; roll x shiftby; rot90 m k=turns?; tril m k=offset?; triu m k=offset?
diag vm k=offset?; diagflat v k=offset?; diagonal m offset=offset?; trace m offset=offset?
linalg.diagonal m offset=offset?; linalg.trace m offset=offset?; tile x reps; repeat x positive axis=axis?
repeat x repeats axis=axis; resize x smallshape; delete x position axis=axis; insert x position number axis=axis
trim_zeros v trim=trim?; pad x padding; pad x padding mode=padmode; .T m; .transpose x; .ravel x
.flatten x; .squeeze x; .swapaxes x axis axis; .repeat x positive; .copy x; .real x; .imag x; .mT m
.conj x.n; .clip x.r bound bound; .round x.f digits?; .take x index axis=axis; .diagonal m; .trace m
"""
PRODUCTS = """
matmul m inner; matmul m inner; dot x dotwith; inner x sameaxis; outer v v; vdot x z; matvec m vinner
vecdot x z axis=axis?; vecmat vouter first; kron x y; linalg.cross three threesame; tensordot x tensorwith
tensordot x tensorother axes=tensoraxes; linalg.matrix_power square power; linalg.multi_dot chain
einsum einsum1; einsum einsum2; einsum einsum2; einsum einsum3
"""
LINALG = """
linalg.inv square.fc; linalg.solve square.fc rhs; linalg.cholesky spd upper=flag?
linalg.det square.fc; linalg.slogdet square.fc; linalg.pinv small_matrix.fc; linalg.eigvalsh hermitian
linalg.svdvals small_matrix.fc; linalg.matrix_norm small_matrix.fc keepdims=flag? ord=matrixord?
linalg.vector_norm x.fc axis=axis? keepdims=flag? ord=vectorord?; linalg.norm v.fc ord=vectorord?
linalg.norm m2.fc ord=matrixord?; linalg.cond square.fc condorder?; linalg.matrix_rank small_matrix.fc
"""
FOURIER = """
fft.fft x n=positive? axis=axis? norm=norm?; fft.ifft x n=positive? axis=axis? norm=norm?
fft.rfft x.r n=positive? axis=axis? norm=norm?; fft.irfft x n=positive? axis=axis? norm=norm?
fft.hfft x n=positive? axis=axis?; fft.ihfft x.r n=positive? axis=axis?; fft.fftn x norm=norm?
fft.ifftn x axes=axeslist?; fft.rfftn x.r norm=norm?; fft.irfftn x.fc norm=norm?; fft.fft2 m
fft.ifft2 m; fft.rfft2 m.r; fft.irfft2 m; fft.fftfreq positive fraction?; fft.rfftfreq positive
fft.fftshift x axes=axis?; fft.ifftshift x axes=axis?
"""
# Arguments that are seldom given, and functions that are seldom called.
SELDOM = """
reshape x newshape order=order2; .reshape x newshape order=order2; ravel x order=order2
.flatten x order2; .copy x order2; unravel_index flatindex shapeofx order=order2
add x y dtype=wide; multiply x y dtype=wide; sqrt x.f dtype=wide; square x.n; positive x.n dtype=wide
subtract x.f y.f dtype=wide casting=samekind; matmul m inner dtype=wide; vecdot x z keepdims=flag
sum x axis=axis initial=number where=mask; prod x.f axis=axis initial=number where=mask
max x.r axis=axes? initial=number where=mask; nansum x.f axis=axis initial=number where=mask
nanmin m.r axis=axes? initial=number where=mask; nanmax m.r initial=number where=mask keepdims=flag
nanmean x.f axis=axis where=mask; nanvar x.f axis=axis where=mask; nanstd x.f axis=axis ddof=correction
mean x axis=axis dtype=wide where=mask; var x axis=axis where=mask ddof=correction; std x.f dtype=wide
var x.f axis=axis dtype=wide; all x axis=axis where=mask; cumsum x axis=axis dtype=wide
average x.n axis=axis keepdims=flag; average x.n weights=weights axis=axis keepdims=flag
quantile x.r quantile1 weights=weights axis=axis method=inverted; percentile x.r percent keepdims=flag
median x.r axis=axes keepdims=flag; nanmedian x.r axis=axes keepdims=flag; nanquantile x.f quantile1 axis=axes
gradient x.f fraction axis=axis edge_order=order?; trapezoid x.n axis=axis; unwrap x.f axis=axis period=fraction
ediff1d x to_begin=number?; ediff1d x.f to_end=number; diff x n=order axis=axis append=number
interp x.r increasing v.fsame left=fraction? right=fraction?; interp x.r increasing v.fsame period=positive
cov m.r ddof=order; cov m.r fweights=frequencies?; cov m.f aweights=weights1?
histogram x.r bins=bins weights=sameweights
histogram x.r range=range density=flag; histogram2d v.f vsame bins=bins; histogramdd samples bins=bins1
isclose x.f z.f rtol=tolerance atol=tolerance
isclose x.f y.f rtol=tolerance equal_nan=flag; allclose x.f z.f atol=tolerance
concatenate samelist axis=axis dtype=wide casting=unsafe; stack zlist axis=newaxis dtype=wide
concatenate samelist axis=nothing; append x y; repeat x repeats axis=axis; roll x twoshifts axis=twoaxes
rot90 m k=turns axes=twoaxes; pad x padding constant_values=number; pad x padding mode=padstat stat_length=positive
pad x padding mode=oddmode reflect_type=odd; pad x padding mode=ramp end_values=number
flip x axis=axes; expand_dims x twonew; squeeze x; moveaxis x twoaxes twoaxes; insert x position number axis=axis
insert x positions number axis=axis; delete x positions axis=axis; delete x slicetext axis=axis
take x index axis=axis; compress mask1 first axis=axis; tile x reps; resize x smallshape
linspace fraction fraction num=positive retstep=yes; linspace count fraction num=positive dtype=dtype
geomspace fraction fraction num=positive endpoint=flag; logspace fraction fraction num=positive base=fraction
arange count dtype=dtype; full shape number dtype=dtype order=order2; eye positive M=positive k=offset
tri positive positive k=offset dtype=dtype; array x dtype=dtype ndmin=positive; zeros_like x shape=smallshape
bartlett positive; blackman positive; hamming positive; hanning positive; kaiser positive fraction; i0 x.f; fix x.r
add.reduce x axis=axis keepdims=flag?; maximum.reduce x.r axis=axis; multiply.accumulate x axis=axis
subtract.reduce x.n axis=axis; logical_and.reduce x axis=axis; bitwise_or.reduce x.bi axis=axis
minimum.accumulate x.r axis=axis; add.accumulate x axis=axis; add.outer x small_other; maximum.outer x.r small_other
add.reduceat x cuts axis=axis; maximum.reduceat x.r cuts axis=axis; power.outer x.f small_other
tril_indices positive k=offset? m=positive?; triu_indices positive k=offset?; diag_indices positive positive
ix_ flat1 flat1; packbits octets axis=axis?; unpackbits octets axis=axis?; packbits octets bitorder=bitorder
block samelist; vsplit m two; hsplit m two; rollaxis x axis axis; cross three threesame; linalg.outer v.n v.n
linalg.cross three threesame axis=last; tensordot x tensorwith axes=order
linalg.tensorinv tensor6 ind=two; linalg.tensorsolve tensor6 tensorside; linalg.pinv small_matrix.fc rcond=tolerance
linalg.matrix_rank small_matrix.fc tol=tolerance; linalg.norm m2.fc ord=matrixord axis=bothaxes keepdims=flag?
linalg.norm x.fc axis=axis keepdims=flag?; linalg.vector_norm x.fc axis=axes; linalg.eigvalsh hermitian UPLO=triangle
fft.fft2 m axes=bothaxes? norm=norm; fft.fftn x s=positives axes=lastaxes; fft.irfft2 m s=positives2
fft.fftfreq positive d=fraction; fft.hfft x n=positive norm=norm
unique x.r equal_nan=flag; intersect1d v v return_indices=flag; isin x v invert=flag
union1d x x; lexsort keys axis=last
piecewise x.f twomasks twonumbers; select conditions choices default=number; choose choosers choices mode=mode
"""
# Shapes, dtypes and moments of random numbers, whose values are ours.
RANDOM = """
drawn size
"""
# Expressions over bfloat16 that are rounded once, where ml_dtypes gives NumPy the dtype.
BRAIN = """
brain values
"""
TEXT = """
str x; repr x; array2string x precision=places? separator=separator?; array_str x
array_repr x precision=places? suppress_small=flag?
"""
# Expressions written out: results that are unique where the parts are not.
WHOLE = """
eigh square.fc; svd small_matrix.fc; qr small_matrix.fc; eigvals square.fc; partition x.r; lstsq m2.fc; len x
softmax x.f; logsumexp x.f; standardize x.f; distances m.f; onehot v.i; layernorm x.f; cosine m.f
relu x.r; polynomial x.f; quadratic m.f; normal m.f
"""

FAMILIES = {
    "elementwise": (ELEMENTWISE, 22), "transcendental": (TRANSCENDENTAL, 10), "logic": (LOGIC, 6),
    "dtypes": (DTYPES, 3), "creation": (CREATION, 3), "indexing": (INDEXING, 5),
    "reductions": (REDUCTIONS, 12), "statistics": (STATISTICS, 4), "sorting": (SORTING, 3),
    "sets": (SETS, 2), "manipulation": (MANIPULATION, 14), "products": (PRODUCTS, 8),
    "seldom": (SELDOM, 14), "random": (RANDOM, 1), "brain": (BRAIN, 1), "linalg": (LINALG, 3), "fourier": (FOURIER, 3), "text": (TEXT, 1), "whole": (WHOLE, 5)}


def lines(family):
    """The lines of a family: name and argument words."""
    text = FAMILIES[family][0]
    return [line.split() for part in text.strip().split("\n") for line in part.split(";")
            if line.strip()]


def names(*families):
    """The names of the functions of families, without namespaces."""
    return {line[0].lstrip(".").rpartition(".")[2] for f in families for line in lines(f)}


# What sums or interpolates: errors come from the operands too.
SUMMING = names("reductions", "statistics", "products") | {
    "linspace", "logspace", "geomspace", "pad",
    "logaddexp", "logaddexp2", "isclose", "allclose", "std", "nanstd"}
