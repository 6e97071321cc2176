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
      (matmul(diag(x), a), 4_096),
      (matmul(eye(64), a), 0),
      (matmul(tril(a), b), 278_464),
      (matmul(zeros([64, 64]), a), 0),
    ]
    for (n, (array, expected)) in cases.enumerated() {
      let count = try Self.flops(array)
      let explanation = try array.explain()
      #expect(count == expected, "case \(n): \(explanation)")
    }
  }

  @Test("long chains are ordered, and identities in sums are no products")
  func longChains() throws {
    let matrices = try (0..<12).map { try Self.matrix($0) }
    let x = try random.uniform([64], key: 99).compute()
    let chain = matrices.dropFirst().reduce(matrices[0]) { matmul($0, $1) }
    #expect(try Self.flops(matmul(chain, x)) == 12 * 8_192)
    let thin = try random.uniform([64, 4], key: 98).compute()
    let shifted = matmul(matrices[0], matrices[1]) - eye(64)
    // Two products with four columns, and a subtraction.
    #expect(try Self.flops(matmul(shifted, thin)) == 2 * 32_768 + 256)
    // (I - T T^T) X (I - T T^T): products with four columns alone, two of them for all.
    let (wide, narrow) = (
      try random.uniform([256, 256], key: 97).compute(),
      try random.uniform([256, 4], key: 96).compute()
    )
    let projection = eye(256) - matmul(narrow, narrow.T)
    #expect(try Self.flops(matmul(matmul(projection, wide), projection)) < 6 * 524_288)
  }

  @Test("a symmetric matrix from the left is the transpose of one from the right")
  func symmetric() throws {
    let a = try Self.matrix(1)
    let s = try (a + a.T).compute().assuming(.symmetric)
    let thin = try random.uniform([64, 4], key: 98).compute()
    let (left, right) = (matmul(thin.T, s), matmul(s, thin))
    // One product, and the sum of its elements and of those of its transpose.
    let both = matmul(left, right)
    #expect(try Self.flops(both) <= 32_768 + 2 * 64 * 16)
  }

  @Test("terms with a common product of several matrices take it out")
  func commonProducts() throws {
    let big = try (0..<4).map { try random.uniform([256, 256], key: $0).compute() }
    let thin = try random.uniform([256, 8], key: 77).compute()
    // M U (U^T B) + N U (U^T B): the last product, with its rank of 8, is made once.
    let tail = matmul(matmul(thin.T, big[2]), big[3])
    let sum = matmul(matmul(big[0], thin), tail) + matmul(matmul(big[1], thin), tail)
    let product = 2.0 * 256 * 256 * 8
    #expect(try Self.flops(sum) < 5.1 * product)
  }

  @Test("orders that a caller gives are kept")
  func givenOrders() throws {
    let (a, b) = (try Self.matrix(1), try Self.matrix(2))
    let x = try random.uniform([64], key: 4).compute()
    func count(_ optimizer: EinsumOptimizer) throws -> Double {
      try Self.flops(einsum("ij,jk,k->i", a, b, x, optimize: optimizer))
    }
    #expect(try count(.automatic) == 16_384)
    #expect(try count(.path([[1, 2], [0, 1]])) == 16_384)
    #expect(try count(.path([[0, 1], [0, 1]])) == 524_288 + 8_192)
    #expect(try count(.leftToRight) == 524_288 + 8_192)
    // What stands around the contraction does not take it apart either.
    let outer = einsum("ij,jk->ik", matmul(a, b), a, optimize: .path([[0, 1]]))
    #expect(try Self.flops(matmul(outer, x)) == 2 * 524_288 + 8_192)
    let want = try matmul(a, matmul(b, x)).compute().toArray(of: Double.self)
    let got = try einsum("ij,jk,k->i", a, b, x, optimize: .leftToRight).compute()
    #expect(zip(try got.toArray(of: Double.self), want).allSatisfy { abs($0 - $1) < 1e-10 })
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
