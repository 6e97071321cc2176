import Testing
import Weft
import WeftExecution
import WeftIR

/// What is asked of every rewrite, for a suite's cases.
enum RewriteChecking {
  static func elements(_ x: NDArray) throws -> [Double] { try x.asType(.float64).toArray() }

  /// The greatest difference, as a share of the greatest element.
  static func error(_ got: [Double], _ want: [Double]) -> Double {
    let scale = want.reduce(0) { max($0, abs($1)) }
    let worst = zip(got, want).reduce(0.0) { most, pair in
      pair.0.isFinite || !pair.1.isFinite ? max(most, abs(pair.0 - pair.1)) : .infinity
    }
    return worst / max(scale, .leastNormalMagnitude)
  }

  /// Expects errors in float32, against float64 without rewrites, of at most four times those of the
  /// expression as written, for matrices of an order.
  static func expectAccuracy(
    of example: StructuredCase, order n: Int, seed: Int, grade: Double
  ) throws {
    let single = try StructuredCase.Operands(n, .float32, seed: seed, grade: grade)
    // The same numbers, so that only the arithmetic differs.
    let exact = try Session.current.with(exactness: .exact) {
      try elements(example.build(try single.widened()))
    }
    let naive = try Session.current.with(exactness: .exact) {
      try error(elements(example.build(single)), exact)
    }
    for executor in ["blas", "reference"] {
      let rewritten = try Session.current.with(executor: ExecutorName(executor)) {
        try error(elements(example.build(single)), exact)
      }
      #expect(
        rewritten <= 4 * naive + 4e-7,
        "\(example.rule) \(n) on \(executor): \(rewritten), as written \(naive)")
    }
  }

  /// Expects that a rule fires, gives its reason, and does not fire when it is switched off.
  static func expectFiring(of example: StructuredCase) throws {
    let operands = try StructuredCase.Operands(150, .float64, seed: 3, grade: 4)
    let text = try Session.current.explain([example.build(operands).expr])
    #expect(text.contains("rule \(example.rule):"), "\(text)")
    let reasons = text.split(separator: "\n").filter {
      !$0.hasPrefix("rule ") && $0.contains(example.rule) && $0.contains(": ")
    }
    #expect(!reasons.isEmpty)
    var session = Session.current
    session.disabledRules = [example.rule]
    let off = try session.explain([example.build(operands).expr])
    #expect(!off.contains("rule \(example.rule):"))
  }
}
