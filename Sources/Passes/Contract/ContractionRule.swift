import WeftIR

/// A rewrite of sums of products that is no replacement of one row: what it is called, does and promises.
///
/// Passes find these by search or by the whole graph; each can be left out by its name, and reports give it with
/// its reason. `FactRule.all` has the rules about single rows.
struct ContractionRule: Sendable {
  let name: String
  let summary: String
  /// All of them add up in another order, or fewer times.
  let exactness = PassContext.Exactness.contraction

  /// All rules, each once, for tests and listings.
  static let all = [
    ContractionRule(
      name: ContractionRewrite.orderRule, summary: "products are multiplied in the cheapest order"),
    ContractionRule(
      name: Collection.pushRule,
      summary: "parts, sums and diagonals of products are products of parts and sums"),
    ContractionRule(
      name: ContractionRewrite.distributeRule,
      summary: "a product with a sum is a sum of products where that is cheaper"),
    ContractionRule(
      name: ContractionRewrite.repeatRule, summary: "equal parts of a product are made once"),
    ContractionRule(
      name: ContractionRewrite.shareRule, summary: ContractionRewrite.shareSummary),
    ContractionRule(
      name: SumPlanner.factorRule, summary: "terms with a common factor are multiplied once"),
    ContractionRule(
      name: SumPlanner.mergeRule, summary: "products that differ in their factors alone are one"),
    ContractionRule(
      name: SumPlanner.foldRule, summary: "a sum over a product that is there anyway folds it"),
    ContractionRule(name: DividedProducts.rule, summary: DividedProducts.summary),
    ContractionRule(name: BandStorage.rule, summary: BandStorage.summary),
    ContractionRule(name: OperandOrder.rule, summary: OperandOrder.summary),
    ContractionRule(name: DirectProductRule.name, summary: DirectProductRule.summary),
    ContractionRule(name: RolledLoop.rule, summary: RolledLoop.summary),
    ContractionRule(name: ProductUpdate.rule, summary: ProductUpdate.summary),
    ContractionRule(name: RowBlocks.rule, summary: RowBlocks.summary),
  ]
}

/// What executors may do to products of matrices without BLAS: named here, with the other rules, as passes know
/// nothing of executors.
public enum DirectProductRule {
  /// The name that reports and `disabledRules` use.
  public static let name = "direct-product"
  /// What it does, for reports.
  public static let summary = "code of our own reads the left matrix where it is"
}
