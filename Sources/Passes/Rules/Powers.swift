import WeftIR

private let (pow, sqrt, logaddexp) = (
  ScalarFunction.pow, ScalarFunction.sqrt, ScalarFunction.logaddexp
)
private let (exp, expm1, log, log1p) = (
  ScalarFunction.exp, ScalarFunction.expm1, ScalarFunction.log, ScalarFunction.log1p
)

/// Powers, exponentials, logarithms.
extension Rule {
  static let powers = [
    Rule("pow-zero") { x in pow(x, 0) => 1 },
    Rule("pow-one", on: .reals) { x in pow(x, 1) => x },
    Rule("pow-two", .stable) { x in pow(x, 2) => x * x },
    Rule("pow-minus-one", .stable, on: .floats) { x in pow(x, -1) => 1 / x },
    Rule("log1p", .stable, on: .floats) { x in log(1 + x) => log1p(x) },
    Rule("expm1", .stable, on: .floats) { x in exp(x) - 1 => expm1(x) },
    Rule("one-minus-exp", .stable, on: .floats) { x in 1 - exp(x) => -expm1(x) },
    Rule("logaddexp", .stable, on: .floats) { x, y in log(exp(x) + exp(y)) => logaddexp(x, y) },
  ]

  /// What is true of real numbers only.
  static let relaxed = [
    Rule("add-zero", .relaxed) { x in x + 0 => x },
    Rule("multiply-zero", .relaxed) { x in x * 0 => 0 },
    Rule("difference-of-same", .relaxed, on: .floats.union(.complexes)) { x in x - x => 0 },
    Rule("quotient-of-same", .relaxed, on: .floats) { x in x / x => 1 },
    Rule("add-constants-floats", .relaxed, on: .floats) { x, c, d in
      (x + constant(c)) + constant(d) => x + (c + d)
    },
    Rule("multiply-constants-floats", .relaxed, on: .floats) { x, c, d in
      (x * constant(c)) * constant(d) => x * (c * d)
    },
    Rule("factor-floats", .relaxed, on: .floats) { x, y, z in x * y + x * z => x * (y + z) },
    Rule("reciprocal-twice", .relaxed, on: .floats) { x in 1 / (1 / x) => x },
    Rule("divide-by-constant", .relaxed, on: .floats) { x, c in x / constant(c) => x * (1 / c) },
    Rule("log-of-exp", .relaxed, on: .floats) { x in log(exp(x)) => x },
    Rule("exp-of-log", .relaxed, on: .floats) { x in exp(log(x)) => x },
    Rule("exp-product", .relaxed, on: .floats) { x, y in exp(x) * exp(y) => exp(x + y) },
    Rule("square-of-sqrt", .relaxed, on: .floats) { x in sqrt(x) * sqrt(x) => x },
    Rule("sqrt-of-square", .relaxed, on: .floats) { x in sqrt(x * x) => ScalarFunction.abs(x) },
    Rule("pow-half", .relaxed, on: .floats) { x in pow(x, 0.5) => sqrt(x) },
  ]
}
