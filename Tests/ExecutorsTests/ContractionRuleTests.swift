import Testing
import Weft
import WeftExecution
import WeftIR

@testable import WeftHost
@testable import WeftPasses

/// Expressions that rules about sums of products rewrite, each at least once.
@Suite("Rules about sums of products")
struct ContractionRuleTests {
  /// Whether this processor has products of our own.
  private static let isDirect =
    DirectProduct(.float64, m: 150, n: 16, k: 150, turned: false) != nil

  private static let direct: [StructuredCase] = [
    StructuredCase(rule: "direct-product") { exp($0.general).dot(exp($0.other[0..., ..<16])) },
    StructuredCase(rule: "direct-product") { exp($0.wide.T).dot(exp($0.other[0..., ..<40])) },
  ]

  static let cases: [StructuredCase] = (isDirect ? direct : []) + others

  private static let others: [StructuredCase] = [
    StructuredCase(rule: "order-product") { $0.other.dot($0.general).dot($0.vector) },
    StructuredCase(rule: "order-product") {
      $0.wide.T.dot($0.general).dot($0.other).dot($0.vector)
    },
    StructuredCase(rule: "push-into-product") { trace($0.other.dot($0.general)) },
    StructuredCase(rule: "push-into-product") { $0.other.dot($0.symmetric).sum(axis: 1) },
    StructuredCase(rule: "distribute-product") {
      ($0.other - $0.wide.dot($0.wide.T)).dot($0.vector)
    },
    StructuredCase(rule: "distribute-product") {
      let (u, v) = ($0.vector.reshaped([-1, 1]), $0.vector.reshaped([1, -1]))
      return ($0.general + exp(u) * v).dot($0.vector)
    },
    StructuredCase(rule: "distribute-product") {
      (diag(exp($0.vector)) - $0.general).dot($0.vector)
    },
    StructuredCase(rule: "divide-once") {
      let n = $0.vector.shape[0] ?? 0
      let reflection = 2 * outer($0.vector, $0.vector) / $0.vector.dot($0.vector)
      return (eye(n).asType($0.vector.dtype) - reflection).dot($0.general)
    },
    StructuredCase(rule: "divide-once") {
      let weights = exp($0.general)
      return (weights / weights.sum(axis: 1, keepAxes: true)).dot($0.vector)
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
    StructuredCase(rule: "repeat-product") {
      $0.other.dot($0.other).dot($0.other).dot($0.other)
    },
    StructuredCase(rule: "repeat-product") {
      $0.vector.dot($0.other.T).dot($0.other).dot($0.vector)
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
    StructuredCase(rule: "order-operands") {
      einsum(
        "ij,ik,il,im->jklm", $0.other[..<9, ..<5], $0.wide[..<9, ..<4], $0.general[..<9, ..<3],
        $0.definite[..<9, ..<6])
    },
    StructuredCase(rule: "order-operands") {
      einsum("ij,ik,il->jkl", $0.other[..<20, ..<9], $0.wide[..<20, ..<8], $0.general[..<20, ..<7])
    },
    StructuredCase(rule: "band-storage") {
      inv($0.diagonal + $0.scale * $0.tridiagonal.T.dot($0.tridiagonal)).dot($0.vector)
    },
    StructuredCase(rule: "band-storage") { solve($0.tridiagonal.T, $0.wide) },
    StructuredCase(rule: "band-storage") { $0.wide.T.dot(inv($0.tridiagonal)) },
    StructuredCase(rule: "band-storage") { inv($0.tridiagonal) },
    StructuredCase(rule: "band-storage") {
      let precision = $0.tridiagonal.T.dot($0.diagonal).dot($0.tridiagonal)
      return $0.vector.dot(inv(precision)).dot($0.vector) - log(det(precision))
    },
    StructuredCase(rule: "band-storage") {
      $0.wide.T.dot(inv($0.tridiagonal.dot($0.tridiagonal.T) + $0.diagonal)).dot($0.wide)
    },
    StructuredCase(rule: "band-storage") {
      let n = $0.vector.shape[0] ?? 0
      let difference = eye(n) - 2 * eye(n, offset: 1) + eye(n, offset: 2)
      let matrix = eye(n) + 10 * difference.T.dot(difference)
      return solve(matrix.asType($0.vector.dtype), $0.vector)
    },
    StructuredCase(rule: "band-storage") {
      let (n, v) = ($0.vector.shape[0] ?? 0, $0.vector)
      let matrix = diag(v + 4) + diag(v[..<(n - 1)], offset: 1) - diag(v[1...], offset: -1)
      return solve(matrix, $0.wide)
    },
    StructuredCase(rule: "fold-update") { $0.symmetric - 2.5 * $0.other.dot($0.general) },
    StructuredCase(rule: "fold-update") { 0.5 * $0.wide.dot($0.wide.T) },
  ]

  @Test(
    "rewritten sums of products are as accurate as what users wrote",
    arguments: cases.indices, [1.0, 100.0])
  func accuracy(index: Int, grade: Double) throws {
    for (n, seed) in [(67, 2), (120, 9)] {
      try RewriteChecking.expectAccuracy(
        of: Self.cases[index], order: n, seed: seed, grade: grade)
    }
  }

  @Test("each rule fires, says why, and can be switched off", arguments: cases.indices)
  func fires(index: Int) throws { try RewriteChecking.expectFiring(of: Self.cases[index]) }

  @Test("every rule has a case, a reason and a class")
  func allRules() {
    // Its cases are larger: `RowBlockTests`.
    let elsewhere: Set<String> = [RowBlocks.rule]
    let covered = Set((Self.cases + Self.direct).map(\.rule)).union(elsewhere)
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
