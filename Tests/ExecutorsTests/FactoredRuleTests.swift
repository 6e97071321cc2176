import Testing
import Weft
import WeftExecution
import WeftIR

@testable import WeftPasses

extension StructuredCase {
  /// Expressions whose matrices are products, sums of products, quotients and Kronecker's products.
  static let composed: [StructuredCase] = [
    StructuredCase(rule: "inverse-sum") {
      inv($0.definite).sum(axis: 1) / inv($0.definite).sum()
    },
    StructuredCase(rule: "woodbury-identity") {
      inv($0.diagonal + outer($0.vector, $0.vector)).dot($0.wide)
    },
    StructuredCase(rule: "woodbury-identity") {
      solve(2.0 * $0.identity - 0.25 * outer($0.vector, $0.general[0]), $0.wide)
    },
    StructuredCase(rule: "determinant-lemma") {
      log(det($0.diagonal + outer($0.vector, $0.vector)))
    },
    StructuredCase(rule: "kronecker-inverse") {
      inv(kron($0.definite[..<12, ..<12], $0.definite[20..<28, 20..<28])).dot($0.vector[..<96])
    },
    StructuredCase(rule: "kronecker-solve") {
      let right = concatenate([$0.wide, $0.wide], axis: 0)[..<108, ..<5]
      return solve(kron($0.definite[..<9, ..<9], $0.definite[20..<32, 20..<32]), right)
    },
    StructuredCase(rule: "kronecker-determinant") {
      log(abs(det(kron($0.general[..<12, ..<12], $0.definite[..<9, ..<9]))))
    },
    StructuredCase(rule: "kronecker-determinant") {
      log(det(kron($0.definite[..<8, ..<8], $0.definite[..<9, ..<9])))
    },
    StructuredCase(rule: "unfold-sum") {
      let (a, b) = ($0.general[..<10, ..<10], $0.other[..<9, ..<9])
      let (one, two) = (eye(9).asType(a.dtype), eye(10).asType(a.dtype))
      return (kron(a, one) + 0.5 * kron(two, b)).dot($0.other[..<9, ..<10].reshaped([90]))
    },
    StructuredCase(rule: "inverse-of-product") { inv($0.lower.dot($0.lower.T)).dot($0.vector) },
    StructuredCase(rule: "inverse-of-product") {
      $0.vector.dot(inv($0.general.dot($0.definite)))
    },
    StructuredCase(rule: "solve-product") { solve($0.general.T.dot($0.lower), $0.vector) },
    StructuredCase(rule: "solve-last") { solve($0.general, $0.wide).dot($0.wide[0]) },
    StructuredCase(rule: "solve-last") {
      $0.wide[..<20].dot(solve($0.definite, $0.wide).T)
    },
    StructuredCase(rule: "solve-last") { solve($0.general, $0.wide).mean(axis: 1) },
    StructuredCase(rule: "solve-last") { solve($0.definite, $0.wide).sum(axis: 1) },
    StructuredCase(rule: "determinant-of-product") { log(det($0.lower.dot($0.lower.T))) },
    StructuredCase(rule: "determinant-of-product") {
      log(abs(det($0.general.dot($0.definite))))
    },
    StructuredCase(rule: "determinant-of-product") { log(abs(det(inv($0.general)))) },
  ]
}

@Suite("Structure of what users compose")
struct FactoredRuleTests {
  private func text(_ x: NDArray) throws -> String { try Session.current.explain([x.expr]) }

  @Test("an inverse whose elements somebody needs is multiplied with, not factored again")
  func elements() throws {
    let n = 40
    let a = try (random.normal([n, n], key: 3) + Double(n) * eye(n)).compute()
    let x = try random.normal([n], key: 4).compute()
    let inverse = inv(a)
    let plan = try text(inverse.dot(x) / diag(inverse))
    #expect(!plan.contains("solve_factored"))
    // Without that user it is a system.
    #expect(try text(inverse.dot(x)).contains("solve_factored"))
  }

  @Test("a product that somebody needs is factored as it is")
  func products() throws {
    let n = 40
    let a = try (random.normal([n, n], key: 5) + Double(n) * eye(n)).compute()
    let b = try (random.normal([n, n], key: 6) + Double(n) * eye(n)).compute()
    let x = try random.normal([n], key: 7).compute()
    let product = a.dot(b)
    #expect(!(try text(inv(product).dot(x) + product.sum())).contains("inverse-of-product"))
    // So is a product of factors that are not square.
    let thin = try random.normal([n, 90], key: 8).compute()
    #expect(!(try text(inv(thin.dot(thin.T)).dot(x))).contains("inverse-of-product"))
  }

  @Test("a sum of all elements of a solution is one of a solution for one column")
  func sums() throws {
    let n = 30
    let a = try (random.normal([n, n], key: 11) + Double(n) * eye(n)).compute()
    let b = try random.normal([n, 12], key: 12).compute()
    #expect(try text(solve(a, b).sum()).contains("solve-last"))
    let whole = try Session.current.with(exactness: .exact) {
      try RewriteChecking.elements(solve(a, b).sum())
    }
    let sum = try RewriteChecking.elements(solve(a, b).sum())
    #expect(abs(sum[0] - whole[0]) < 1e-10)
  }

  @Test("a singular factor is the error of what the user wrote")
  func singular() throws {
    let n = 24
    let a = try (random.normal([n, n], key: 9) + Double(n) * eye(n)).compute()
    let flat = try ones([n, n]).compute()
    let x = try ones([n]).compute()
    let failing = [
      ("solve", solve(a.dot(flat), x)), ("inv", inv(flat.dot(a)).dot(x)),
      ("solve", solve(kron(flat[..<4, ..<4], a[..<6, ..<6]), x)),
    ]
    for (name, expression) in failing {
      do {
        try expression.compute()
        Issue.record("\(name) of a singular matrix gave a result")
      } catch {
        #expect(error.code == .singular)
        #expect("\(error)".contains(name), "\(error)")
      }
    }
  }
}
