"""Where Weft answers otherwise than NumPy on purpose, each with its reason."""

import re

# A pattern for the program, one for the difference, and why.
ALLOWED = (
    (r"(?s)(intersect1d|setxor1d).*[0-9]{16}|[0-9]{16}.*(intersect1d|setxor1d)", r".",
     "integers of 64 bits that become one float: NumPy takes them to be shared by both arrays"),
    (r"fft\.i?fftshift\(", r"where NumPy says ValueError: not enough values to unpack",
     "a 0-d array shifts to itself; NumPy fails in its own loop over no axes"),
    (r"\[.*\]", r"^error index: index: the mask bool\[0\] has extent 0",
     "NumPy takes an empty mask for no positions, whatever the extent; other extents are errors"),
    (r"clip\(", r"where NumPy says UFuncTypeError: ufunc 'positive'",
     "NumPy's clip without bounds is positive(), which bool lacks; ours is the array"),
    (r"lstsq\(", r"^error no-convergence: lstsq: the matrix has NaN or infinite elements",
     "a right side that is not finite is an error, not NaN"),
    (r"\*\* ?2|\*\*= ?2|\*\* ?True", r"int64\[.*\] for int8\[",
     "NumPy's operator takes square() for the literal 2, which makes int8 of bool; power() does not"),
    (r"(?s)fft\.(irfft|hfft).*zeros\(|zeros\(.*fft\.(irfft|hfft)|fft\.(irfft|hfft).*\[.*:.*\]",
     r"^result.* (for np\.(float|complex)[0-9]+\([-0-9.]*e-3[0-9]{2}|np\.float64\((0\.0|nan)\))",
     "NumPy gives memory that it did not write for a real transform of no points"),
    (r"fft\.(irfft|hfft)", r"(\(0\.0\)|0j) for np\..*(e-[0-9]{2}|, (\d+) of \3 elements)",
     "NumPy gives memory that it did not write for a real transform of no points"),
    (r"linalg\.cond\(", r"^error singular: inv",
     "the condition number of a singular matrix is an error where it takes an inverse, not infinity"),
    (r"(?s)nan.*unique_(inverse|all)|unique_(inverse|all).*nan|return_inverse", r"^result \d int64",
     "each NaN is a value of its own: which is which NumPy leaves to an unstable sort"),
    (r"\.(reduce|accumulate)\(", r"^error too-large: [a-z_]+\.(reduce|accumulate): .*parts to fold",
     "a function whose order matters folds at most 4096 parts: a step each"),
    (r"(mean|var|std)\(.*where=", r"^error axis: (mean|var|std): axis -?[01] is out of range",
     "NumPy's mean and variance of a 0-d array take an axis only with a mask; ours never does"),
    (r"\*\*|pow", r"^error value: (pow|.*integers cannot be raised to)",
     "a negative exponent of integers is an error by its value also where there are no elements"),
    (r"\*\*|pow", r"where NumPy says ValueError: Integers to negative integer powers",
     "exponents are looked at when a power is computed: times an integer 0, or unused, none is"),
    (r"square\(", r"\((nan|-?inf)[^)]*\) for np\.(float|complex)[0-9]+\((nan|-?inf)",
     "a complex square whose parts pass the largest number: NumPy's fused form subtracts before it rounds"),
    (r"(?s)mean\(.*dtype=u?int.*where=", r"^result \d u?int",
     "a mean of nothing is NaN, which no integer holds: what NumPy's cast gives depends on the processor"),
    (r"nan(quantile|percentile)\(", r"float64\[.*\] for float(32|16)\[",
     "NumPy's dtype depends on the elements where all are NaN: that of the array then"),
    (r"(?s)uint64.*\b(add|subtract|multiply|maximum|minimum)\.at\(", r"^result \d+ uint64\[.*\] at ",
     "ufunc.at converts values to the array's dtype; NumPy computes uint64 with int64 in float64"),
    (r"(?s)(?=.*nan)(?=.*bfloat16).*(sort|partition|median|percentile|quantile|unique)",
     r"np\.(float32|bfloat16)\(",
     "NumPy's bfloat16, of another package, has no place for NaN in a sort; here it is the last"),
    (r"reflect_type='odd'", r"\(-?(inf|nan)\) for np\.(float|complex)[0-9]+\(-?(inf|nan)\)",
     "NumPy reflects what it has padded so far: past one width of the array, infinity less itself"),
    (r"(median|percentile|quantile)\(.*axis=\(\)",
     r"where NumPy says ValueError: cannot reshape array of size 0",
     "order statistics over no axes of an array without elements: NumPy's own reshape fails"),
    (r"\b(max|min|amax|amin|maximum|minimum|ptp)\b",
     r"np\.complex[0-9]+\([^)]*nan[^)]*\) for np\.complex[0-9]+\([^)]*nan",
     "which of several complex NaN an extreme gives depends on the order, and so on the threads' shares"),
    (r"average\(", r"where NumPy says ZeroDivisionError",
     "an average of no rows has no elements; NumPy divides their number by zero"),
    (r"(?s)fft\..*e\+30[0-9]|e\+30[0-9].*fft\.", r"^result.*(nan|inf)",
     "sums of a transform that pass the largest number"),
)


def reason(program, difference):
    """Why a difference is meant; None when it is not."""
    for of_program, of_difference, why in ALLOWED:
        if re.search(of_program, program) and re.search(of_difference, difference):
            return why
    return None
