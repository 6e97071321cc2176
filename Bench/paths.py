#!/usr/bin/env python3
"""Contraction orders of Weft beside those of opt_einsum and cotengra, as a Markdown table.

  paths.py [--weft .build/release/weft] [--time 10] [--peers opt_einsum,cotengra] [--only WORD,...] FILE.json|DIR ...

A network file has "inputs", "output", "sizes" (a list or an object by index). Costs are computed here
from the orders: multiply-adds for files whose sizes are an object, times 2 where an index is summed for
the others. "known" is the file's own best ("optimum", "best_found") or that of best_paths.json beside it.
"""
import argparse, json, math, os, subprocess, time


def load(path):
    with open(path) as f:
        j = json.load(f)
    sizes = j["sizes"]
    doubles = isinstance(sizes, list)
    sizes = dict(enumerate(sizes)) if doubles else {int(k): v for k, v in sizes.items()}
    return j, j["inputs"], j["output"], sizes, doubles


def cost(inputs, output, sizes, path, doubles, sliced=()):
    """log10 of the work and log2 of the largest value, from the definition"""
    gone = set(sliced)
    terms = [frozenset(t) - gone for t in inputs]
    out = frozenset(output) - gone
    holders = {}
    for t in terms:
        for i in t:
            holders[i] = holders.get(i, 0) + 1
    log2 = {i: math.log2(max(s, 1)) for i, s in sizes.items()}
    size = lambda t: sum(log2[i] for i in t)
    logs, largest = [], max(map(size, terms))
    for step in path:
        taken = [terms.pop(p) for p in sorted(step, reverse=True)]
        union = frozenset().union(*taken)
        for t in taken:
            for i in t:
                holders[i] -= 1
        kept = frozenset(i for i in union if holders[i] > 0 or i in out)
        for i in kept:
            holders[i] += 1
        terms.append(kept)
        if len(taken) > 1:
            logs.append(size(union) + (doubles and len(kept) < len(union)))
        largest = max(largest, size(kept))
    assert len(terms) == 1 and terms[0] == out, "the order leaves something"
    top = max(logs, default=0.0)
    total = top + math.log2(sum(2 ** (l - top) for l in logs)) if logs else 0.0
    return (total + sum(log2[i] for i in gone)) * math.log10(2), largest


def known(path, j):
    if "optimum" in j:
        return j["optimum"]["flops_log10"]
    if "best_found" in j:
        return j["best_found"]["flops_log10"]
    beside = os.path.join(os.path.dirname(path), "best_paths.json")
    if os.path.exists(beside):
        with open(beside) as f:
            return json.load(f).get(j.get("name"), {}).get("log10_flops")


def weft(program, path, seconds, *options):
    run = subprocess.run([program, "path", path, "--json", "--time", str(seconds), *options],
                         capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr.strip())
    return json.loads(run.stdout)


def peer(name, inputs, output, sizes, seconds):
    """a peer's order in linear form, or None where it is not installed"""
    import opt_einsum as oe
    if name == "opt_einsum":
        return oe.paths.auto([frozenset(t) for t in inputs], frozenset(output), sizes, None)
    import cotengra as ctg
    letters = lambda t: tuple(map(oe.get_symbol, t))
    methods = ["greedy", "labels"]
    try:
        import kahypar  # noqa: F401
        methods.append("kahypar")
    except ImportError:
        pass
    search = ctg.HyperOptimizer(methods=methods, max_time=seconds, max_repeats=10**6, minimize="flops",
                                parallel=2, reconf_opts={}, progbar=False)
    tree = search.search([letters(t) for t in inputs], letters(output),
                         {oe.get_symbol(i): s for i, s in sizes.items()})
    return tree.get_path()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--weft", default=".build/release/weft")
    parser.add_argument("--time", type=float, default=10)
    parser.add_argument("--peers", default="")
    parser.add_argument("--only", default="")
    a = parser.parse_args()
    peers = [p for p in a.peers.split(",") if p]
    files = []
    for p in a.paths:
        files += sorted(os.path.join(p, f) for f in os.listdir(p) if f.endswith(".json")) if os.path.isdir(p) else [p]
    print("| network | operands | known | Weft | difference | size (log2) | seconds | greedy s | method |"
          + "".join(f" {p} (s) |" for p in peers))
    print("|---" * (9 + len(peers)) + "|")
    for path in files:
        with open(path) as f:
            if "inputs" not in (j := json.load(f)):
                continue
        if a.only and not any(w in path for w in a.only.split(",")):
            continue
        j, inputs, output, sizes, doubles = load(path)
        best = known(path, j)
        found = weft(a.weft, path, a.time)
        greedy = weft(a.weft, path, 0, "--optimizer", "greedy")
        work, largest = cost(inputs, output, sizes, found["path"], doubles)
        assert abs(work - found["flops_log10"]) < 1e-6 and abs(largest - found["size_log2"]) < 1e-6, path
        cells = [os.path.basename(path)[:-5], str(len(inputs)), f"{best:.4f}" if best is not None else "",
                 f"{work:.4f}", f"{work - best:+.4f}" if best is not None else "", f"{largest:.1f}",
                 f"{found['seconds']:.2f}", f"{greedy['seconds']:.4f}", found["method"]]
        for p in peers:
            start = time.perf_counter()
            try:
                order = [tuple(map(int, s)) for s in peer(p, inputs, output, sizes, a.time)]
                cells.append(f"{cost(inputs, output, sizes, order, doubles)[0]:.4f} "
                             f"({time.perf_counter() - start:.1f})")
            except Exception as error:  # a peer that fails is a cell that says so
                cells.append(type(error).__name__)
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
