"""What NumPy answers, and how far rounding moves it.

A script is Python over NumPy's functions. `Reference.run` evaluates it as it stands;
`Reference.run(noise=...)` evaluates it with each inexact step disturbed by as much as two correct
implementations may differ (`noise.py`).
"""

import ast
import operator

import numpy as np

try:
    from ml_dtypes import bfloat16
except ImportError:
    bfloat16 = None
try:
    from scipy.special import erf
except ImportError:
    erf = None

from exactness import each
from noise import Calls

BINARY = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "true_divide",
    ast.FloorDiv: "floor_divide", ast.Mod: "remainder", ast.Pow: "power", ast.MatMult: "matmul",
    ast.LShift: "left_shift", ast.RShift: "right_shift", ast.BitAnd: "bitwise_and",
    ast.BitOr: "bitwise_or", ast.BitXor: "bitwise_xor"}
UNARY = {ast.USub: "negative", ast.UAdd: "positive", ast.Invert: "invert"}


class Disturb(ast.NodeTransformer):
    """Sends calls and operators through `Calls`."""

    @staticmethod
    def _through(method, *args):
        function = ast.Attribute(ast.Name("calls_", ast.Load()), method, ast.Load())
        return ast.Call(function, list(args), [])

    def visit_Call(self, node):
        self.generic_visit(node)
        call = self._through("call", node.func, *node.args)
        call.keywords = node.keywords
        return call

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self._through(
            "operator", ast.Constant(BINARY[type(node.op)]), node.left, node.right)

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            return node
        name = "equal" if isinstance(node.ops[0], ast.Eq) else "not_equal"
        return self._through("operator", ast.Constant(name), node.left, *node.comparators)

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        if type(node.op) not in UNARY:
            return node
        if isinstance(node.operand, ast.Constant):
            return node
        return self._through("operator", ast.Constant(UNARY[type(node.op)]), node.operand)


IN_PLACE_CALLS = ("put", "place", "fill_diagonal", "put_along_axis", "sort", "at")


class InPlace(ast.NodeTransformer):
    """Gives calls that write into their array the value semantics of scripts."""

    def visit_Expr(self, node):
        call = node.value
        if not isinstance(call, ast.Call):
            return node
        function, arguments = call.func, list(call.args)
        if isinstance(function, ast.Attribute) and function.attr in IN_PLACE_CALLS \
                and isinstance(function.value, ast.Name) and function.attr == "sort":
            target, function = function.value, ast.Constant("sort")
        elif arguments and isinstance(arguments[0], ast.Name) \
                and getattr(function, "id", getattr(function, "attr", "")) in IN_PLACE_CALLS \
                and getattr(function, "id", "") != "sort":
            target = arguments.pop(0)
        else:
            return node
        value = ast.Call(ast.Name("inplace", ast.Load()), [
            function, ast.Name(target.id, ast.Load())] + arguments, call.keywords)
        return ast.Assign([ast.Name(target.id, ast.Store())], value)


def inplace(function, array, *args, **kwargs):
    """A copy that a function or method has written into."""
    array = np.array(array)
    if isinstance(function, str):
        getattr(array, function)(*args, **kwargs)
    else:
        function(array, *args, **kwargs)
    return array


class Assignments(ast.NodeTransformer):
    """Gives element assignments the value semantics of scripts: others keep the old array."""

    def __init__(self, through):
        self.through = through

    def _store(self, target, value):
        arguments = [ast.Name(target.value.id, ast.Load()), _key(target.slice), value]
        if self.through:
            call = Disturb._through("setitem", *arguments)
        else:
            call = ast.Call(ast.Name("setitem_", ast.Load()), arguments, [])
        return ast.Assign([ast.Name(target.value.id, ast.Store())], call)

    def visit_Assign(self, node):
        target = node.targets[0]
        if isinstance(target, ast.Subscript):
            return self._store(target, node.value)
        return node

    def visit_AugAssign(self, node):
        target = node.target
        if isinstance(target, ast.Name):
            # x += y keeps the dtype of x, as an in-place operator does.
            current = ast.Name(target.id, ast.Load())
            value = ast.Call(
                ast.Name("augment_", ast.Load()),
                [ast.Constant(BINARY[type(node.op)]), current, node.value]
                + ([ast.Name("calls_", ast.Load())] if self.through else []), [])
            return ast.Assign([ast.Name(target.id, ast.Store())], value)
        load = ast.Subscript(target.value, target.slice, ast.Load())
        value = ast.Call(
            ast.Name("augment_", ast.Load()),
            [ast.Constant(BINARY[type(node.op)]), load, node.value]
            + ([ast.Name("calls_", ast.Load())] if self.through else []), [])
        return self._store(ast.Subscript(target.value, target.slice, ast.Store()), value)


def _key(key):
    """An index as an expression: slices become calls of slice."""
    if isinstance(key, ast.Slice):
        bounds = [b or ast.Constant(None) for b in (key.lower, key.upper, key.step)]
        return ast.Call(ast.Name("slice_", ast.Load()), bounds, [])
    if isinstance(key, ast.Tuple):
        return ast.Tuple([_key(item) for item in key.elts], ast.Load())
    return key


def setitem(array, key, value):
    array = np.array(array)
    array[key] = value
    return array


IN_PLACE = {
    "add": operator.iadd, "subtract": operator.isub, "multiply": operator.imul,
    "true_divide": operator.itruediv, "floor_divide": operator.ifloordiv,
    "remainder": operator.imod, "power": operator.ipow, "matmul": operator.imatmul,
    "left_shift": operator.ilshift, "right_shift": operator.irshift,
    "bitwise_and": operator.iand, "bitwise_or": operator.ior, "bitwise_xor": operator.ixor}


def augment(name, current, value, calls=None):
    if isinstance(current, np.ndarray):
        current = np.array(current)
    result = IN_PLACE[name](current, value)
    if calls is None or not isinstance(result, np.ndarray):
        return result
    disturbed = calls.operator(name, np.asarray(result), 0) if name == "add" else result
    return each(disturbed, calls.noise.elementwise, 2) if result.dtype.kind in "fc" else result


def names():
    """What scripts see: NumPy's functions under their own names."""
    scope = {n: getattr(np, n) for n in dir(np) if not n.startswith("_")}
    for n in ("bool", "int", "float", "complex", "str", "repr", "len", "object"):
        scope[n] = __builtins__[n] if isinstance(__builtins__, dict) else getattr(__builtins__, n)
    scope.update(
        np=np, linalg=np.linalg, fft=np.fft, newaxis=None, setitem_=setitem, slice_=slice,
        augment_=augment, inplace=inplace,
        array_str=lambda x, **kw: np.array_str(np.asarray(x), **kw))
    if erf is not None:
        scope["erf"] = _erf
    if bfloat16 is not None:
        scope["bfloat16"] = bfloat16
    return scope


def _erf(x):
    """SciPy's, with the dtypes of NumPy's functions."""
    dtype = np.sin(np.asarray(x)[:0] if np.ndim(x) else np.asarray(x)).dtype
    return erf(np.asarray(x).astype(np.float64)).astype(dtype)


class Reference:
    """NumPy over the pool of arrays."""

    def __init__(self, pool):
        self.scope = names()
        self.scope.update(pool)

    def run(self, program, noise=None, calls=None):
        """The value of the last statement; with functions and operators through calls where these are given."""
        calls = calls or noise and Calls(noise)
        tree = InPlace().visit(ast.parse("\n".join(split(program))))
        if calls is not None:
            tree = Disturb().visit(tree)
        tree = Assignments(calls is not None).visit(tree)
        body = tree.body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        ast.fix_missing_locations(tree)
        scope = dict(self.scope)
        if calls is not None:
            scope["calls_"] = calls
        with np.errstate(all="ignore"):
            exec(compile(tree, "program", "exec"), scope)
            if last is None:
                return None
            return eval(compile(ast.fix_missing_locations(ast.Expression(last.value)),
                                "program", "eval"), scope)


def split(program):
    """The statements of a program."""
    statements, start, quote = [], 0, None
    for index, character in enumerate(program):
        if quote:
            quote = None if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in ";\n":
            statements.append(program[start:index].strip())
            start = index + 1
    statements.append(program[start:].strip())
    return [s for s in statements if s]
