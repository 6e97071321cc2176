"""What of a step is exact, and what it would be in a wider dtype."""

import numpy as np


def each(value, change, *rest):
    if isinstance(value, (list, tuple)):
        items = [each(v, change, *rest) for v in value]
        if hasattr(value, "_fields"):
            return type(value)(*items)
        return type(value)(items)
    return change(value, *rest)


def overflows(value):
    """Whether products of some elements pass the range of the dtype, whose order then decides."""
    value = np.asarray(value)
    if value.dtype.kind not in "fc":
        return False
    info = np.finfo(value.dtype)
    size = np.abs(value[np.isfinite(value) & (value != 0)]).astype(np.float64)
    with np.errstate(all="ignore"):
        logs = np.log2(size)
    return bool(np.sum(logs[logs > 0]) > info.maxexp
                or np.sum(logs[logs < 0]) < info.minexp - info.nmant)


def is_exact(values, product_terms):
    """Whether sums and products over these small dyadic numbers are exact."""
    limit = None
    for value in values:
        if not isinstance(value, (np.ndarray, np.generic)):
            if isinstance(value, (list, tuple)):
                if not is_exact(value, product_terms):
                    return False
            elif isinstance(value, (float, complex)):
                part = np.abs(np.array([value.real, value.imag]))
                if not (np.all(part < 1024) and np.all(part * 16 == np.trunc(part * 16))):
                    return False
            continue
        if value.dtype.kind in "biu" or value.size == 0:
            continue
        size = value.dtype.itemsize // (2 if value.dtype.kind == "c" else 1)
        limit = {2: 32, 4: 256, 8: 2.0**20}[size] / (product_terms if size == 2 else 1)
        for part in (value.real, value.imag) if value.dtype.kind == "c" else (value,):
            grid = part.astype(np.float64) * {2: 4, 4: 16, 8: 1024}[size]
            if not (np.all(np.abs(part) <= limit) and np.all(grid == np.trunc(grid))):
                return False
    return True


def singular(name, matrix, result):
    """The result where matrices that are singular within their own error have no pivot."""
    matrix = np.asarray(matrix)
    if matrix.ndim < 2 or 0 in matrix.shape or not np.all(np.isfinite(matrix)):
        return result
    if matrix.dtype.kind not in "fc":
        matrix = matrix.astype(np.float64)
    values = np.linalg.svdvals(matrix)
    error = 8 * matrix.shape[-1] * float(np.finfo(matrix.dtype).eps)
    lost = values[..., -1] <= error * values[..., 0]
    if not np.any(lost):
        return result
    if name == "det":
        return np.where(lost, 0, result).astype(np.asarray(result).dtype)[()]
    if name == "slogdet":
        sign, log = (np.asarray(part) for part in result)
        return type(result)(np.where(lost, 0, sign).astype(sign.dtype)[()],
                            np.where(lost, -np.inf, log).astype(log.dtype)[()])
    raise np.linalg.LinAlgError("Singular matrix")


def result_is_float(result):
    return isinstance(result, (np.ndarray, np.generic)) and result.dtype.kind in "fc"


def as_float(value):
    """Integers whose mean or variance is taken are floats first."""
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "iu" \
            and value.dtype.itemsize == 8 and np.any(np.abs(value.astype(float)) > 2.0**40):
        return value.astype(np.float64)
    return value


def integers_as_float(value):
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.ndim:
        return value.astype(np.float64)
    return value


WIDER = {"float16": np.float64, "float32": np.float64, "float64": np.longdouble,
         "complex64": np.complex128, "complex128": np.clongdouble}


def wide(function, operands, kwargs, result):
    """The result by way of a wider dtype, in which nothing overflows on the way."""
    def widened(value):
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.name in WIDER:
            return value.astype(WIDER[value.dtype.name])
        return value

    def narrowed(value, like):
        if isinstance(like, (list, tuple)):
            return type(like)(narrowed(v, w) for v, w in zip(value, like))
        if isinstance(like, (np.ndarray, np.generic)):
            return np.asarray(value).astype(like.dtype)
        return value

    if hasattr(result, "_fields"):
        return result
    if kwargs.get("dtype") is not None:
        name = np.dtype(kwargs["dtype"]).name
        if name not in WIDER:
            return result
        kwargs = dict(kwargs, dtype=WIDER[name])
    try:
        wider = function(*[each(v, widened) for v in operands], **kwargs)
    except TypeError:
        # NumPy lacks the function in the wider dtype.
        return result
    return narrowed(wider, result)


def finite(values):
    return all(np.all(np.isfinite(v)) for v in values
               if isinstance(v, (np.ndarray, np.generic)) and v.dtype.kind in "fc")


def terms(values):
    return max([np.size(v) for v in values if isinstance(v, (np.ndarray, np.generic))] or [1])
