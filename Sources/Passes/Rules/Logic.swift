import WeftIR

private let (select, logicalNot) = (ScalarFunction.select, ScalarFunction.logicalNot)
private let (isnan, isinf, isfinite) = (
  ScalarFunction.isnan, ScalarFunction.isinf, ScalarFunction.isfinite
)
private let (xor, or, leftShift, rightShift) = (
  ScalarFunction.bitwiseXor, ScalarFunction.bitwiseOr, ScalarFunction.bitwiseLeftShift,
  ScalarFunction.bitwiseRightShift
)

/// Comparisons, logic, selection, bits, and the parts of complex numbers.
extension Rule {
  static let logic = [
    Rule("not-not", on: .bools) { x in !(!x) => x },
    Rule("not-equal") { x, y in !(x == y) => x != y },
    Rule("not-not-equal") { x, y in !(x != y) => x == y },
    Rule("not-less", on: .integral) { x, y in !(x < y) => x >= y },
    Rule("not-less-equal", on: .integral) { x, y in !(x <= y) => x > y },
    Rule("not-greater", on: .integral) { x, y in !(x > y) => x <= y },
    Rule("not-greater-equal", on: .integral) { x, y in !(x >= y) => x < y },
    Rule("equal-to-itself", on: .integral) { x in x == x => 1 },
    Rule("differs-from-itself", on: .integral) { x in x != x => 0 },
    Rule("less-than-itself") { x in x < x => 0 },
    Rule("greater-than-itself") { x in x > x => 0 },
    Rule("differs-from-false", on: .bools) { x in x != 0 => x },
    Rule("equals-true", on: .bools) { x in x == 1 => x },
    Rule("equals-false", on: .bools) { x in x == 0 => !x },

    Rule("isnan-of-integer", on: .integral) { x in isnan(x) => 0 },
    Rule("isinf-of-integer", on: .integral) { x in isinf(x) => 0 },
    Rule("isfinite-of-integer", on: .integral) { x in isfinite(x) => 1 },

    Rule("select-true") { x, y in select(1, x, y) => x },
    Rule("select-false") { x, y in select(0, x, y) => y },
    Rule("select-same") { m, x in select(m, x, x) => x },
    Rule("select-not", on: .all) { m, x, y in select(!m, x, y) => select(m, y, x) },
    Rule("select-truth", on: .bools) { m in select(m, 1, 0) => m },
    Rule("select-falsehood", on: .bools) { m in select(m, 0, 1) => !m },

    Rule("xor-same", on: .integral) { x in xor(x, x) => 0 },
    Rule("or-all-bits", on: .integral) { x in or(x, -1) => -1 },
    Rule("left-shift-zero", on: .integers) { x in leftShift(x, 0) => x },
    Rule("right-shift-zero", on: .integers) { x in rightShift(x, 0) => x },
  ]

  static let complexParts = [
    Rule("real-of-complex", on: .floats) { x, y in real(complex(x, y)) => x },
    Rule("imag-of-complex", on: .floats) { x, y in imag(complex(x, y)) => y },
    Rule("complex-of-parts", on: .complexes) { z in complex(real(z), imag(z)) => z },
    Rule("real-of-conj") { z in real(conj(z)) => real(z) },
    Rule("imag-of-real-number", on: .reals) { x in imag(x) => 0 },
  ]
}

private let (real, imag, conj, complex) = (
  ScalarFunction.real, ScalarFunction.imag, ScalarFunction.conj, ScalarFunction.complex
)
