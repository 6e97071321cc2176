import Testing
import WeftIR

@testable import WeftPasses

@Suite("Rules")
struct RuleTests {
  @Test(
    "both sides of a rule agree as its class promises", arguments: RuleSet.standard.rules.indices)
  func twoSides(index: Int) {
    let rule = RuleSet.standard.rules[index]
    var check = RuleCheck(seed: UInt64(index + 1))
    let failures = check.failures(of: rule)
    #expect(failures.isEmpty, "\(failures.prefix(6).joined(separator: "\n"))")
  }

  @Test("names of rules and identities are unique")
  func uniqueNames() {
    let names = RuleSet.standard.rules.map(\.name) + Identity.all.map(\.name)
    let doubled = Dictionary(grouping: names) { $0 }.filter { $1.count > 1 && $0 != "move-uniform" }
      .keys
    #expect(doubled.isEmpty)
  }

  @Test("the check finds wrong rules")
  func wrongRules() {
    let wrong = [
      Rule("add-zero", on: .floats) { x in x + 0 => x },
      Rule("multiply-zero") { x in x * 0 => 0 },
      Rule("not-less") { x, y in !(x < y) => x >= y },
      Rule("square-of-sum", .stable, on: .floats) { x, y in x * x - y * y => (x - y) * (x - y) },
      Rule("exp-of-log", .stable) { x in
        ScalarFunction.exp(ScalarFunction.log(x)) => x
      },
    ]
    for rule in wrong {
      var check = RuleCheck()
      #expect(!check.failures(of: rule).isEmpty, "\(rule.name)")
    }
  }

  @Test("conversions left out change no value")
  func conversionChains() {
    for source in DType.allCases {
      for middle in DType.allCases {
        for target in DType.allCases where source.convertsEqually(through: middle, to: target) {
          for value in RuleCheck.specialValues(source) {
            let (once, twice) = (
              value.converted(to: target), value.converted(to: middle).converted(to: target)
            )
            #expect(
              RuleCheck.sameBits(once, twice), "\(value) \(source) -> \(middle) -> \(target)")
          }
        }
      }
    }
  }
}
