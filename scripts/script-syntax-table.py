"""Prints what Python's parser makes of script sources, to check Weft's parser against.

Reads sources from standard input, one a line with U+001F for a line break, and prints for each
`ok<TAB>tree` or `err<TAB>reason`, in the form of Tests/FrontendTests/ScriptSExpression.swift.
With --table it prints the rows of Tests/FrontendTests/ScriptSyntaxTable.swift.
"""

import ast
import sys
import warnings

warnings.simplefilter("ignore")

BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.MatMult: "@", ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&",
    ast.BitXor: "^", ast.BitOr: "|",
}
UNARY = {ast.UAdd: "u+", ast.USub: "u-", ast.Invert: "u~", ast.Not: "not"}
COMPARE = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}


class Unsupported(Exception):
    """The source is Python, but not of the script language."""


def form(head, *items):
    return "(" + " ".join([head, *items]) + ")"


def show(node):
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=value):
            if value is Ellipsis:
                return "..."
            if isinstance(value, bytes):
                raise Unsupported("bytes")
            if isinstance(value, complex):
                return f"{value.imag!r}j"
            return f"'{value}'" if isinstance(value, str) else repr(value)
        case ast.Tuple(elts=items):
            return form("tuple", *map(show, items))
        case ast.List(elts=items):
            return form("list", *map(show, items))
        case ast.UnaryOp(op=op, operand=operand):
            return form(UNARY[type(op)], show(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return form(BINARY[type(op)], show(left), show(right))
        case ast.BoolOp(op=op, values=values):
            return form("and" if isinstance(op, ast.And) else "or", *map(show, values))
        case ast.Compare(left=left, ops=ops, comparators=others):
            if any(type(op) not in COMPARE for op in ops):
                raise Unsupported("in, is")
            parts = [x for op, y in zip(ops, others) for x in (COMPARE[type(op)], show(y))]
            return form("cmp", show(left), *parts)
        case ast.IfExp(test=test, body=body, orelse=other):
            return form("if", show(test), show(body), show(other))
        case ast.Attribute(value=value, attr=name):
            return form(".", show(value), name)
        case ast.Call(func=function, args=args, keywords=keywords):
            if any(k.arg is None for k in keywords):
                raise Unsupported("**keywords")
            # Positional arguments and keywords stand in two lists; the source has one order.
            items = [(a.lineno, a.col_offset, show_argument(a)) for a in args]
            items += [(k.lineno, k.col_offset, form("=", k.arg, show(k.value))) for k in keywords]
            return form("call", show(function), *(text for _, _, text in sorted(items)))
        case ast.Subscript(value=value, slice=key):
            return form("[]", show(value), show(key))
        case ast.Slice(lower=lower, upper=upper, step=step):
            return form(":", *(show(part) if part else "_" for part in (lower, upper, step)))
    raise Unsupported(type(node).__name__)


def show_argument(node):
    return form("*", show(node.value)) if isinstance(node, ast.Starred) else show(node)


def show_statement(node):
    match node:
        case ast.Expr(value=value):
            return show(value)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                check_target(target)
            return form("=", *map(show, targets), show(value))
        case ast.AugAssign(target=target, op=op, value=value):
            check_target(target)
            return form(BINARY[type(op)] + "=", show(target), show(value))
    raise Unsupported(type(node).__name__)


def check_target(node):
    match node:
        case ast.Attribute():
            raise Unsupported("attribute target")
        case ast.Tuple(elts=items) | ast.List(elts=items):
            if not items:
                raise Unsupported("empty target")
            if isinstance(node, ast.List):
                node.__class__ = ast.Tuple
            for item in items:
                check_target(item)


def parse(source):
    try:
        return "ok\t" + "; ".join(map(show_statement, ast.parse(source).body))
    except Unsupported as reason:
        return f"err\tunsupported {reason}"
    except (SyntaxError, ValueError, RecursionError, MemoryError) as reason:
        return f"err\t{reason}"


if __name__ == "__main__":
    for line in sys.stdin.read().split("\n"):
        if not line:
            continue
        result = parse(line.replace("\x1f", "\n"))
        if "--table" in sys.argv:
            status, tree = result.split("\t", 1)
            assert status == "ok", (line, result)
            print(f'    (#"{line}"#, #"{tree}"#),')
        else:
            print(result.replace("\n", " "))
