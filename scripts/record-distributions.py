#!/usr/bin/env python3
"""Records distribution functions of SciPy, which the tests compare random numbers with.

    scripts/record-distributions.py

Writes Tests/Golden/random/distributions.jsonl, one distribution with parameters a line: the program
that draws, mean and variance (null where infinite), and for continuous ones values x of the
distribution function at points; for counts the probabilities of bins and the chi-square value
that is exceeded once in 10,000 samples. Needs SciPy.
"""
import json
import pathlib

import numpy as np
from scipy import stats as st

FILE = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Golden" / "random" / "distributions.jsonl"
COUNT = 20_000


def finite(x):
    return float(x) if np.isfinite(x) else None


def line(program, d, **more):
    mean, variance = (finite(v) for v in d.stats("mv"))
    return {"program": f"r.{program[:-1]}{', ' if program[-2] != '(' else ''}size={COUNT})",
            "count": COUNT, "mean": mean, "variance": variance, **more}


def rounded(x):
    return [float(f"{v:.9g}") for v in x]


def continuous(program, d):
    points = d.ppf(np.linspace(0, 1, 130)[1:-1])
    points = np.unique(points[np.isfinite(points)])
    return line(program, d, points=points.tolist(), cdf=rounded(d.cdf(points)))


def counts(program, d):
    """Bins (a, b] of integers, each expected at least 20 times."""
    edges, low = [], -1
    top = int(d.ppf(1 - 1e-3)) + 1
    step = max(1, top // 2000)
    last = 0.0
    for k in range(int(d.ppf(1e-9)), top + 1, step):
        p = d.cdf(k)
        if (p - last) * COUNT >= 20 and (1 - p) * COUNT >= 20:
            edges.append(k)
            last = p
    cdf = [float(d.cdf(k)) for k in edges]
    p = np.diff([0.0] + cdf + [1.0])
    assert (p > 0).all(), program
    return line(program, d, edges=edges, probabilities=rounded(p),
                critical=float(st.chi2.ppf(0.9999, max(len(p) - 1, 1))))


lines = [
    continuous("laplace(1.5, 2.0)", st.laplace(1.5, 2)), continuous("logistic(-1.0, 0.5)", st.logistic(-1, 0.5)),
    continuous("gumbel(0.5, 2.0)", st.gumbel_r(0.5, 2)), continuous("rayleigh(3.0)", st.rayleigh(scale=3)),
    continuous("lognormal(0.5, 0.75)", st.lognorm(0.75, scale=np.exp(0.5))),
    continuous("standard_cauchy()", st.cauchy()), continuous("uniform(-2.0, 3.0)", st.uniform(-2, 5)),
    continuous("normal(1.0, 3.0)", st.norm(1, 3)), continuous("exponential(2.5)", st.expon(scale=2.5)),
    continuous("random()", st.uniform()), continuous("standard_normal()", st.norm()),
    continuous("standard_exponential()", st.expon()),
]
for a in (0.5, 1.0, 3.5):
    lines += [continuous(f"weibull({a})", st.weibull_min(a)), continuous(f"pareto({a})", st.lomax(a)),
              continuous(f"power({a})", st.powerlaw(a))]
for l, m, r in ((0, 0, 1), (-1, 2, 3), (0, 4, 4)):
    lines.append(continuous(f"triangular({l}, {m}, {r})", st.triang((m - l) / (r - l), l, r - l)))
for mean, scale in ((1.0, 1.0), (3.0, 0.5), (0.5, 20.0)):
    lines.append(continuous(f"wald({mean}, {scale})", st.invgauss(mean / scale, scale=scale)))
for a in (0.05, 0.5, 1.0, 2.5, 100.0):
    lines.append(continuous(f"standard_gamma({a})", st.gamma(a)))
lines.append(continuous("gamma(2.0, 3.0)", st.gamma(2, scale=3)))
for df in (0.7, 1.0, 4.0, 30.0):
    lines += [continuous(f"chisquare({df})", st.chi2(df)), continuous(f"standard_t({df})", st.t(df)),
              continuous(f"noncentral_chisquare({df}, 3.0)", st.ncx2(df, 3)),
              continuous(f"f({df}, 7.0)", st.f(df, 7))]
lines += [continuous("noncentral_chisquare(2.0, 0.0)", st.chi2(2)),
          continuous("noncentral_f(3.0, 12.0, 2.0)", st.ncf(3, 12, 2))]
for a, b in ((0.3, 0.4), (1.0, 1.0), (0.5, 3.0), (5.0, 2.0), (60.0, 70.0), (0.01, 0.02)):
    lines.append(continuous(f"beta({a}, {b})", st.beta(a, b)))
for mu, kappa in ((0.0, 1e-9), (0.5, 1e-6), (0.0, 0.5), (0.0, 4.0), (0.0, 300.0), (0.0, 2e6)):
    if kappa < 1e-5:
        lines.append(continuous(f"vonmises({mu}, {kappa})", st.uniform(-np.pi, 2 * np.pi)))
    else:
        lines.append(continuous(f"vonmises({mu}, {kappa})", st.norm(mu, kappa ** -0.5) if kappa > 1e6 else st.vonmises(kappa, mu)))
for lam in (0.1, 1.0, 9.99, 10.0, 35.5, 1000.0):
    lines.append(counts(f"poisson({lam})", st.poisson(lam)))
for n, p in ((1, 0.3), (10, 0.5), (40, 0.2), (40, 0.25), (100, 0.9), (1000, 0.37), (100000, 0.00005)):
    lines.append(counts(f"binomial({n}, {p})", st.binom(n, p)))
for n, p in ((1, 0.5), (3.5, 0.2), (40, 0.9)):
    lines.append(counts(f"negative_binomial({n}, {p})", st.nbinom(n, p)))
for p in (0.02, 0.35, 0.9):
    lines.append(counts(f"geometric({p})", st.geom(p)))
for g, b, n in ((15, 15, 15), (3, 40, 8), (50, 20, 45), (1000, 3000, 700), (7, 5, 12), (400, 100, 480)):
    if n < g + b:
        lines.append(counts(f"hypergeometric({g}, {b}, {n})", st.hypergeom(g + b, g, n)))
for a in (1.5, 2.0, 4.0):
    lines.append(counts(f"zipf({a})", st.zipf(a)))
for p in (0.1, 0.6, 0.97):
    lines.append(counts(f"logseries({p})", st.logser(p)))
for low, high in ((0, 6), (-5, 20)):
    lines.append(counts(f"integers({low}, {high})", st.randint(low, high)))
FILE.write_text("".join(json.dumps(l) + "\n" for l in lines))
