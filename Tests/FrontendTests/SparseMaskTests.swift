import Foundation
import Testing
import WeftExecution
import WeftIR
import WeftPasses

@testable import Weft

/// Products of dense arrays that a sparse mask uses are made at its entries.
@Suite struct SparseMaskTests {
  private let mask: NDArray
  private let ratings: NDArray
  private let u = arange(2000).reshaped([400, 5]) % 7 * 0.25 - 0.5
  private let v = arange(1500).reshaped([300, 5]) % 5 * 0.5 - 1
  private let dense: NDArray

  init() throws {
    let numbers = arange(120_000).reshaped([400, 300])
    dense = try (numbers % 11 * 0.5).compute()
    let places = (numbers * 37 % 101) .< 3
    mask = try which(places, numbers % 5 + 1, 0).asType(.float64).asSparse(.csr).compute()
    ratings = try which(places, numbers % 9, 0).asType(.float64).asSparse(.csr).compute()
  }

  private func dense(_ a: NDArray) -> NDArray { a.asDense() }

  private func check(
    _ name: String, _ build: (NDArray, NDArray) throws -> NDArray,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let masked = try build(mask, ratings)
    let plan = try masked.explain()
    #expect(plan.contains("rule masked-product") || !plan.contains("gemm"), "\(name): \(plan)")
    #expect(!plan.contains("gemm"), "\(name): \(plan)", sourceLocation: sourceLocation)
    // An account of its own: other tests run beside this one.
    var session = Session.standard
    session.memory = MemoryAccount()
    let taken = try Session.$scoped.withValue(session) {
      _ = try build(mask, ratings).compute()
      return session.memory.peakBytes
    }
    // Entries are 3 % of the elements; all of them are 960,000 bytes.
    #expect(taken < 480_000, "\(name) took \(taken) bytes", sourceLocation: sourceLocation)
    try expectSame(
      masked.asDense(), build(dense(mask).compute(), dense(ratings).compute()), name,
      sourceLocation: sourceLocation)
  }

  @Test("a mask times a product visits the mask's entries")
  func products() throws {
    try check("product") { m, _ in m * (u • v.T) }
    try check("turned") { m, _ in (v • u.T).T * m }
    try check("scaled") { m, _ in m * (3 * (u • v.T)) }
    try check("sum") { m, _ in (m * (u • v.T)).sum() }
    try check("sum over an axis") { m, _ in (m * (u • v.T)).sum(axis: 1) }
    try check("einsum") { m, _ in einsum("ij,ik,jk->ij", m, u, v) }
  }

  @Test("so do functions of a product that the mask brings to nothing")
  func functions() throws {
    try check("loss") { m, r in (m * (r - u • v.T) * (r - u • v.T)).sum() }
    try check("squares") { m, r in m * pow(r - u • v.T, 2) }
    try check("dense ratings") { m, _ in m * pow(dense - u • v.T, 2) }
    try check("biases") { m, r in
      m * (r - u • v.T - u.sum(axis: 1).reshaped([400, 1]) + v.sum(axis: 1))
    }
    try check("bounded") { m, _ in m * tanh(u • v.T) }
    try check("chosen") { m, _ in which(m .> 0, log(abs(u • v.T) + 1), 0) }
    try check("comparison") { m, _ in logicalAnd(m .> 0, (u • v.T) .> 0.5) }
    try check("gradient") { m, r in (m * (u • v.T - r)) • v }
  }

  @Test("what may be infinite where the mask is zero is computed everywhere")
  func infinite() throws {
    let plan = try (mask * log(u • v.T)).explain()
    #expect(!plan.contains("masked-product"))
    try expectSame(
      (mask * log(u • v.T)).asDense(), dense(mask) * log(u • v.T))
    // NaN and infinities of factors reach places where the mask is zero.
    let broken = try which(
      arange(1500).reshaped([300, 5]) .== 7, NDArray.number(.infinity, .float64), v
    ).compute()
    try expectSame((mask * (u • broken.T)).asDense(), dense(mask) * (u • broken.T))
    let holes = try which(dense .== 3, NDArray.number(.nan, .float64), dense).compute()
    try expectSame(
      (mask * (holes - u • v.T)).asDense(), dense(mask) * (holes - u • v.T))
  }

  @Test("the rule has a switch, a class and a reason")
  func reports() throws {
    var session = Session.standard
    session.disabledRules = ["masked-product"]
    try Session.$scoped.withValue(session) {
      let plan = try (mask * (u • v.T)).explain()
      #expect(!plan.contains("masked-product") && plan.contains("gemm"))
    }
    session = Session.standard
    session.exactness = .stable
    try Session.$scoped.withValue(session) {
      let plan = try (mask * (u • v.T)).explain()
      #expect(!plan.contains("masked-product"))
    }
    let plan = try (mask * (u • v.T)).explain()
    #expect(plan.contains("masked-product: ") && plan.contains("% of its places, the entries of"))
    #expect(plan.contains("% ") || plan.contains(" %"), "densities are told")
  }

  @Test("a product of sparse matrices is made at the entries of what it is multiplied with")
  func sparseProducts() throws {
    let text = "at the entries of what it is multiplied with"
    var without = Session.standard
    without.disabledRules = ["masked-product"]
    func check(_ name: String, _ a: NDArray, _ b: NDArray, _ mask: NDArray) throws {
      let product = { mask * (a • b) * 2 }
      #expect(try product().explain().contains(text), "\(name)")
      let want = try without.with { try product().compute() }
      let got = try product().compute()
      #expect(try got.storedCount() == want.storedCount(), "\(name)")
      // The same sums in the same order.
      let parts: [[Double]] = try [got, want].map {
        let dense = $0.asDense()
        return try concatenate([real(dense), imag(dense)]).asType(.float64).toArray()
      }
      #expect(zip(parts[0], parts[1]).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(name)")
    }
    let numbers = arange(90_000).reshaped([300, 300])
    let x = ratings[..<300, ..<300]
    let y = mask[50..<350, ..<300]
    let places = try which(numbers * 13 % 89 .< 9, numbers % 4 - 1, 0).compute()
    for dtype in [DType.float64, .float32, .int64, .int8, .bool, .complex128] {
      func stored(_ array: NDArray) throws -> NDArray {
        try array.asType(dtype).asSparse(.csr).compute()
      }
      try check("\(dtype)", stored(x), stored(y), stored(places))
    }
    let m = try places.asType(.float64).asSparse(.csc).compute()
    let (x64, y64) = try (x.compute(), y.compute())
    try check("by columns", x64, y64, m)
    let holes = try which(numbers % 7 .== 0, NDArray.number(.nan, .float64), m).compute()
    try check("NaN in the mask", x64, y64, holes.asSparse(.csr).compute())
    try check("nothing", x64, y64, zeros([300, 300]).asSparse(.csr).compute())
    // Far more columns than pairs of factors.
    let wide = arange(200_000).reshaped([2, 100_000])
    let some = try which(wide % 991 .== 0, wide % 7 - 3, 0).asType(.float64).compute()
    let turn: NDArray = [[0.0, 2], [1, 0]]
    let thirds = which(wide % 3 .== 0, some, 0)
    try check(
      "many columns", turn.asSparse(.csr).compute(), some.asSparse(.csr).compute(),
      thirds.asSparse(.csr).compute())
    // So many pairs of factors that several threads have parts.
    let many = arange(1_000_000).reshaped([1000, 1000])
    let long = try which(many * 7 % 67 .== 0, many % 5 + 1, 0).asType(.float64).asSparse(.csr)
      .compute()
    let rows = which(
      (many * 11 % 91 .< 5) .& (arange(1000).reshaped([1000, 1]) % 3 .== 2), many % 3 + 1, 0)
    try check("parts", long, long, rows.asType(.float64).asSparse(.csr).compute())
  }

  @Test("a product that is used otherwise too is made once, as it is")
  func shared() throws {
    let p = u • v.T
    let results: [NDArray] = try compute([(mask * p).asDense(), p])
    try expectSame(results[0], dense(mask) * results[1])
  }

  @Test("chains of products are ordered by what is stored")
  func order() throws {
    // By all elements (a b) c is cheaper than a (b c); by stored ones it is not, as a b fills in.
    let numbers = arange(40_000).reshaped([200, 200])
    let a = try which(numbers * 7 % 5 .== 0, numbers % 3 + 1, 0).asType(.float64).asSparse(.csr)
      .compute()
    let c = (arange(44_000).reshaped([200, 220]) % 7).asType(.float64)
    let plan = try einsum("ij,jk,kl->il", a, a, c).explain()
    #expect(!plan.contains("contract, float64[200, 200]"), "\(plan)")
    #expect(
      plan.components(separatedBy: "sparse contract, float64[200, 220]").count == 3, "\(plan)")
  }

  @Test("densities follow from counts of entries")
  func densities() throws {
    func share(_ a: NDArray) throws -> Double {
      let graph = try a.graph()
      return GraphLayouts(graph).density(of: graph.outputs[0])
    }
    let s = try NDArray(
      coordinates: [arange(256), arange(256)], values: ones([256]), shape: [256, 1024]
    ).compute()
    let own = Double(256) / (256 * 1024)
    func expect(_ a: NDArray, _ want: Double, within tolerance: Double = 1e-12) throws {
      let got = try share(a)
      #expect(Swift.abs(got - want) <= tolerance, "\(got) is not \(want)")
    }
    try expect(s, own)
    try expect(cos(s), own)
    // One pattern with itself.
    try expect(s * s, own)
    try expect(s.T • s, 256 * own * own, within: own * own)
    try expect(s.reshaped([512, 512]), own)
    let other = try NDArray(
      coordinates: [arange(256), arange(256) * 3], values: ones([256]), shape: [256, 1024]
    ).compute()
    try expect(s + other, 2 * own, within: 2 * own * own)
    try expect(s * other, own * own)
    try expect(s + 1.5 * arange(1024), 1)
  }

  @Test("a product of two sparse matrices that is mostly stored is dense")
  func filled() throws {
    let numbers = arange(300 * 300).reshaped([300, 300])
    let s = try which(numbers * 7 % 11 .== 0, numbers % 13, 0).asType(.float64).asSparse(.csr)
      .compute()
    #expect(try (s • s).layout().isDense)
    try expectSame(s • s, s.asDense() • s.asDense())
  }
}
