import Testing
import Weft
import WeftExecution
import WeftIR

@Suite("what products cost")
struct ProductCountTests {
  private static func flops(_ array: NDArray) throws -> Double {
    try Session.current.preparation(of: [array.expr]).lowered.flops
  }

  private static func matrix(_ key: Int) throws -> NDArray {
    try random.uniform([64, 64], key: key).compute()
  }

  @Test("only what is asked for is multiplied and added")
  func counts() throws {
    let (a, b, c) = (try Self.matrix(1), try Self.matrix(2), try Self.matrix(3))
    let x = try random.uniform([64], key: 4).compute()
    let cases: [(NDArray, Double)] = [
      (matmul(a, b)[..<2], 16_384),
      (matmul(a, b)[0, 0], 128),
      (matmul(a, b).sum(axis: 1), 12_288),
      (trace(matmul(a, b)), 8_192),
      (matmul(matmul(a, b), x), 16_384),
      (matmul(a, b) + matmul(a, c), 528_384),
      (matmul(a, b) + matmul(a, b), 528_384),
      (matmul(a.T, b) + matmul(b.T, a), 528_384),
      (matmul(a, a.T), 262_144),
      (matmul(matmul(matmul(matmul(a.T, b), a.T), b), x), 32_768),
      (matmul(a - matmul(c.T, c), x), 24_640),
      (diagonal(exp(a + b)), 128),
    ]
    for (n, (array, expected)) in cases.enumerated() {
      let count = try Self.flops(array)
      let explanation = try array.explain()
      #expect(count == expected, "case \(n): \(explanation)")
    }
  }

  @Test("columns without their mean touch five rows of a product's operand")
  func seed() throws {
    let x = try random.uniform([200, 100], key: 5).compute()
    let y = dot(x.T, log(x) + 1)
    let z = y - y.mean(axis: 0)
    // log and 1: 2 * 20,000; rows summed: 20,000; two products of 1 and 5 rows: 2 * 6 * 20,000.
    #expect(try Self.flops(z[..<5]) < 310_000)
    #expect(try Self.flops(z) < 4_200_000)
  }

  @Test("with exact results products stay as they are written, and each rule can be left out")
  func switches() throws {
    let (a, b) = (try Self.matrix(1), try Self.matrix(2))
    let x = try random.uniform([64], key: 4).compute()
    let chain = matmul(matmul(a, b), x)
    let asWritten = try Session.current.with(exactness: .stable) { try Self.flops(chain) }
    #expect(asWritten == 524_288 + 8_192)
    var session = Session.current
    session.disabledRules = ["factor-product"]
    let apart = try Session.$scoped.withValue(session) {
      try Self.flops(matmul(a, b) + matmul(a, a))
    }
    #expect(apart > 1_000_000)
  }
}
