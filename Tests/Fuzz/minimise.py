"""Makes a failing program smaller while it fails in the same way."""

import ast
import re

from reference import split


class Minimiser:
    """Delta debugging over statements, subexpressions and literals."""

    def __init__(self, fails, limit=1500):
        self.fails, self.budget = fails, limit

    def run(self, statements):
        statements = list(statements)
        changed = True
        while changed and self.budget > 0:
            changed = False
            for reduce in (self.outputs, self.drop, self.inline, self.expressions, self.arrays):
                smaller = reduce(statements)
                if smaller is not None:
                    statements, changed = smaller, True
        return statements

    def check(self, statements):
        self.budget -= 1
        # The factors of a matrix are not unique; only what is made of them is.
        if re.fullmatch(r"[usvwqr]\d+", statements[-1]) or re.match(
                r"linalg\.(svd|eigh|qr|eig)\(", statements[-1]):
            return False
        return self.budget > 0 and self.fails("; ".join(statements))

    def outputs(self, statements):
        """Only one of several results, or an earlier value."""
        tree = ast.parse(statements[-1], mode="eval").body
        if isinstance(tree, ast.Tuple):
            for item in tree.elts:
                smaller = statements[:-1] + [ast.unparse(item)]
                if self.check(smaller):
                    return smaller
        for n in range(len(statements) - 1):
            target = statements[n].partition(" = ")[0]
            if target.replace(", ", "").isidentifier() and n + 2 <= len(statements):
                for name in target.split(", "):
                    smaller = statements[: n + 1] + [name]
                    if smaller != statements and self.check(smaller):
                        return smaller
        return None

    def drop(self, statements):
        found = None
        for n in reversed(range(len(statements) - 1)):
            smaller = statements[:n] + statements[n + 1:]
            if self.check(smaller):
                statements = found = smaller
        return found

    def inline(self, statements):
        """A variable used once in place of its use."""
        for n in range(len(statements) - 1):
            name, equal, text = statements[n].partition(" = ")
            if not equal or not name.isidentifier():
                continue
            later = statements[n + 1:]
            if sum(s.count(name) for s in later) > 2:
                continue
            try:
                value = ast.parse(text, mode="eval").body
                rest = [ast.unparse(_Replace(name, value).visit(ast.parse(s))) for s in later]
            except SyntaxError:
                continue
            smaller = statements[:n] + rest
            if self.check(smaller):
                return smaller
        return None

    def expressions(self, statements):
        """A subexpression in place of the whole; a default in place of an argument."""
        for n in reversed(range(len(statements))):
            tree = ast.parse(statements[n])
            for candidate in self.variants(tree):
                if len(candidate) >= len(statements[n]):
                    continue
                smaller = statements[:n] + [candidate] + statements[n + 1:]
                if self.check(smaller):
                    return smaller
        return None

    @staticmethod
    def variants(tree):
        count = sum(1 for _ in ast.walk(tree))
        for index in range(count):
            fresh = ast.parse(ast.unparse(tree))
            nodes = list(ast.walk(fresh))
            if index >= len(nodes):
                return
            node = nodes[index]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) \
                    and node.func.id == "asarray":
                continue
            if isinstance(node, ast.Call) and node.keywords:
                for k in range(len(node.keywords)):
                    kept = node.keywords.pop(k)
                    yield ast.unparse(fresh)
                    node.keywords.insert(k, kept)
            children = [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]
            if isinstance(node, ast.expr) and not isinstance(node, (ast.Constant, ast.Name)):
                for child in children:
                    replaced = _Swap(node, child).visit(fresh)
                    try:
                        yield ast.unparse(replaced)
                    except Exception:
                        pass
                    fresh = ast.parse(ast.unparse(tree))
                    nodes = list(ast.walk(fresh))
                    node = nodes[index]
                    children = [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]

    def arrays(self, statements):
        """Fewer elements in literals, simpler numbers."""
        for n, statement in enumerate(statements):
            tree = ast.parse(statement)
            for call in [c for c in ast.walk(tree) if isinstance(c, ast.Call)]:
                if not (isinstance(call.func, ast.Name) and call.func.id == "asarray" and call.args
                        and isinstance(call.args[0], ast.List)):
                    continue
                original = call.args[0]
                for smaller in self.smaller_lists(original):
                    call.args[0] = smaller
                    candidate = statements[:n] + [ast.unparse(tree)] + statements[n + 1:]
                    if self.check(candidate):
                        return candidate
                call.args[0] = original
        return None

    @staticmethod
    def smaller_lists(node):
        items = node.elts
        if len(items) > 1:
            half = len(items) // 2
            yield ast.List(items[:half], ast.Load())
            yield ast.List(items[half:], ast.Load())
            if len(items) < 12:
                for k in range(len(items)):
                    yield ast.List(items[:k] + items[k + 1:], ast.Load())
        if items and all(isinstance(i, ast.List) for i in items):
            width = len(items[0].elts)
            if width > 1:
                for part in (slice(0, width // 2), slice(width // 2, None)):
                    yield ast.List([ast.List(i.elts[part], ast.Load()) for i in items], ast.Load())
            if len(items) == 1:
                yield items[0]
        for k, item in enumerate(items):
            text = ast.unparse(item)
            if not isinstance(item, ast.List) and text not in ("1", "0", "1.0", "0.0") \
                    and len(items) < 40:
                for simple in ("0", "1", "2"):
                    if len(text) > 1:
                        yield ast.List(items[:k] + [ast.parse(simple, mode="eval").body]
                                       + items[k + 1:], ast.Load())


class _Replace(ast.NodeTransformer):
    def __init__(self, name, value):
        self.name, self.value = name, value

    def visit_Name(self, node):
        return self.value if node.id == self.name and isinstance(node.ctx, ast.Load) else node


class _Swap(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        if node is self.old:
            return self.new
        return super().generic_visit(node)
