import Testing
import Weft
import WeftExecution
import WeftIR

@testable import WeftPasses

/// Expressions that rules about sums of products rewrite, each at least once.
@Suite("Rules about sums of products")
struct ContractionRuleTests {
  static let cases: [StructuredCase] = [
    StructuredCase(rule: "order-product") { $0.other.dot($0.general).dot($0.vector) },
    StructuredCase(rule: "order-product") {
      $0.wide.T.dot($0.general).dot($0.other).dot($0.vector)
    },
    StructuredCase(rule: "push-into-product") { trace($0.other.dot($0.general)) },
    StructuredCase(rule: "push-into-product") { $0.other.dot($0.symmetric).sum(axis: 1) },
    StructuredCase(rule: "distribute-product") {
      ($0.other - $0.wide.dot($0.wide.T)).dot($0.vector)
    },
    StructuredCase(rule: "share-product") {
      let (rows, noise) = ($0.other[..<20], $0.definite[..<20, ..<20])
      return $0.definite.dot(rows.T).dot(inv(rows.dot($0.definite).dot(rows.T) + noise))
    },
    StructuredCase(rule: "factor-product") {
      $0.other.dot($0.general) + $0.other.dot($0.symmetric)
    },
    StructuredCase(rule: "factor-product") {
      $0.general.dot($0.wide) - $0.other.dot($0.wide)
    },
    StructuredCase(rule: "merge-equal-products") {
      $0.other.dot($0.general) + $0.general.T.dot($0.other.T).T
    },
    StructuredCase(rule: "fold-known-product") {
      let product = $0.other.dot($0.general).dot($0.wide[0..., ..<50])
      return product - product.sum(axis: 0)
    },
    StructuredCase(rule: "roll-loop") { operands in
      stack((0..<20).map { operands.other[$0].dot(operands.general) })
    },
    StructuredCase(rule: "roll-loop") { operands in
      stack((0..<9).map { operands.other[$0].dot(inv(operands.definite)).dot(operands.other[$0]) })
    },
    StructuredCase(rule: "roll-loop") { operands in
      stack((0..<9).map { solve(operands.definite, operands.other[$0]) })
    },
    StructuredCase(rule: "fold-update") { $0.symmetric - 2.5 * $0.other.dot($0.general) },
    StructuredCase(rule: "fold-update") { 0.5 * $0.wide.dot($0.wide.T) },
  ]

  private func elements(_ x: NDArray) throws -> [Double] { try x.asType(.float64).toArray() }

  /// The greatest difference, as a share of the greatest element.
  private func error(_ got: [Double], _ want: [Double]) -> Double {
    let scale = want.reduce(0) { max($0, abs($1)) }
    let worst = zip(got, want).reduce(0.0) { most, pair in
      pair.0.isFinite || !pair.1.isFinite ? max(most, abs(pair.0 - pair.1)) : .infinity
    }
    return worst / max(scale, .leastNormalMagnitude)
  }

  @Test(
    "rewritten sums of products are as accurate as what users wrote",
    arguments: cases.indices, [1.0, 100.0])
  func accuracy(index: Int, grade: Double) throws {
    let example = Self.cases[index]
    for (n, seed) in [(67, 2), (120, 9)] {
      let single = try StructuredCase.Operands(n, .float32, seed: seed, grade: grade)
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
  }

  @Test("each rule fires, says why, and can be switched off", arguments: cases.indices)
  func fires(index: Int) throws {
    let example = Self.cases[index]
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

  @Test("every rule has a case, a reason and a class")
  func allRules() {
    // Its cases are larger: `RowBlockTests`.
    let elsewhere: Set<String> = [RowBlocks.rule]
    let covered = Set(Self.cases.map(\.rule)).union(elsewhere)
    for rule in ContractionRule.all {
      #expect(covered.contains(rule.name), "\(rule.name)")
      #expect(!rule.summary.isEmpty)
      #expect(rule.exactness == .contraction)
    }
    let names = ContractionRule.all.map(\.name) + FactRule.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("plans of much work follow measured rates, all others and switched-off sessions do not")
  func rates() {
    var context = PassContext()
    #expect(context.rates(forOperations: 1e12) == .standard)
    let measured = CostRates(byte: 2, step: 50_000)
    context.measuredRates = { measured }
    #expect(context.rates(forOperations: 1e12) == measured)
    #expect(context.rates(forOperations: 1e8) == .standard)
    context.measuredRates = { nil }
    #expect(context.rates(forOperations: 1e12) == .standard)
    #expect(CostRates(byte: .nan, step: .infinity) == .standard)
    #expect(CostRates(byte: 1e9, step: 1).byte <= 50)
    #expect(!Environment { $0 == "WEFT_RATES" ? "0" : nil }.usesMeasuredRates)
  }
}
