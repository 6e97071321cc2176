import Testing
import Weft
import WeftExecution
import WeftIR

@testable import WeftPasses

/// Bands that are stored as such, against the same expressions over whole matrices.
@Suite("Bands")
struct BandStorageTests {
  private func elements(_ x: NDArray) throws -> [Double] { try RewriteChecking.elements(x) }

  private func lowered(_ x: NDArray) throws -> Graph {
    let expression = x.expr
    let plan = try Session.current.preparation(of: [expression])
    return plan.lowered
  }

  /// Numbers that follow from a seed, away from 0.
  private func numbers(_ shape: [Int], _ seed: Int, _ dtype: DType) throws -> NDArray {
    let k = arange(shape.reduce(1, *)).asType(.float64)
    return try (sin(k * k * 0.37 + k * (3.7 + Double(seed))) + Double(seed % 3)).reshaped(shape)
      .asType(dtype).compute()
  }

  /// Matrices with a band, each made in another way; diagonal weights make systems of them well posed.
  private func matrices(_ n: Int, _ dtype: DType) throws -> [NDArray] {
    let full = try numbers([n, n], 1, dtype)
    let (u, v) = (try numbers([n], 2, dtype), try numbers([n], 4, dtype))
    let band = triu(tril(full, offset: 2), offset: -1)
    let weight = (eye(n) * 9.0).asType(dtype)
    let step = eye(n)[1...] - eye(n)[..<(n - 1)]
    return [
      band + weight,
      weight - diag(u[1...], offset: 1) + diag(v[2...], offset: -2),
      (weight + band.T.dot(band)) * 0.5,
      (band + weight).dot(diag(v + 3)).dot(band.T + weight),
      (eye(n) + 4.0 * step.T.dot(step)).asType(dtype),
      weight + band.T * v.reshaped([n, 1]) - band * u,
      full.assuming(.banded(lower: 1, upper: 1)) + weight,
    ]
  }

  /// The same without what `assuming` says, its zeros written out.
  private func meant(_ n: Int, _ dtype: DType) throws -> [NDArray] {
    var all = try matrices(n, dtype)
    let full = try numbers([n, n], 1, dtype)
    all[6] = triu(tril(full, offset: 1), offset: -1) + (eye(n) * 9.0).asType(dtype)
    return all
  }

  private func expectSame(
    _ n: Int, _ dtype: DType, _ what: String, _ build: (NDArray) throws -> NDArray
  ) throws {
    let tolerance = dtype == .float32 ? 2e-4 : 1e-11
    for (number, (a, b)) in try zip(matrices(n, dtype), meant(n, dtype)).enumerated() {
      let want = try Session.current.with(exactness: .exact) { () throws in
        try elements(build(b))
      }
      for executor in ["blas", "reference"] {
        let got = try Session.current.with(executor: ExecutorName(executor)) { () throws in
          try elements(build(a))
        }
        let worst = RewriteChecking.error(got, want)
        #expect(worst < tolerance, "\(what) of matrix \(number), \(dtype), \(executor): \(worst)")
      }
    }
  }

  @Test("systems, from both sides and transposed", arguments: [DType.float32, .float64])
  func systems(dtype: DType) throws {
    let n = 90
    let (b, wide) = (try numbers([n], 5, dtype), try numbers([n, 70], 6, dtype))
    try expectSame(n, dtype, "a system") { solve($0, b) }
    try expectSame(n, dtype, "a transposed system") { solve($0.T, wide) }
    try expectSame(n, dtype, "a system on the right") { wide.T.dot(inv($0)) }
    try expectSame(n, dtype, "a transposed system on the right") { b.dot(inv($0.T)) }
    try expectSame(n, dtype, "an inverse") { inv($0) }
    try expectSame(n, dtype, "a form") { wide.T.dot(inv($0)).dot(wide) }
  }

  @Test("many right-hand sides and long products, in parts that threads share")
  func parts() throws {
    let n = 900
    let full = try numbers([n, n], 1, .float64)
    let (wide, u) = (try numbers([n, 100], 6, .float64), try numbers([n, 40], 2, .float64))
    func band() -> NDArray { triu(tril(full, offset: 2), offset: -1) + eye(n) * 9.0 }
    func low(_ y: NDArray) -> NDArray { solve(diag(full[0] + 9) + u.dot(u.T), y) }
    let results = [solve(band(), wide), wide.T.dot(inv(band())), band().dot(band().T), low(wide)]
    let names = try results.map { try lowered($0).text() }
    for (name, rows) in zip(["band_solve", "band_solve", "band_product", "low_rank_solve"], names) {
      #expect(rows.contains(name), "\(rows)")
    }
    let got = try results.map { try elements($0) }
    let want = try Session.current.with(exactness: .exact) { () throws in
      try [solve(band(), wide), wide.T.dot(inv(band())), band().dot(band().T), low(wide)].map {
        try elements($0)
      }
    }
    for (a, b) in zip(got, want) { #expect(RewriteChecking.error(a, b) < 1e-11) }
  }

  @Test("determinants, products and diagonals", arguments: [DType.float32, .float64])
  func others(dtype: DType) throws {
    let n = 96
    let wide = try numbers([n, 20], 6, dtype)
    try expectSame(n, dtype, "a logarithm") { slogdet($0).logabsdet + slogdet($0.T).sign }
    try expectSame(n, dtype, "a product") { $0.dot($0.T) }
    try expectSame(n, dtype, "a product with a matrix") { (2.0 * $0).dot(wide) + $0.dot(wide) }
    try expectSame(n, dtype, "a product from the left") { wide.T.dot($0) }
    try expectSame(n, dtype, "a diagonal") { diag($0) + inv($0).sum(axis: 0) }
  }

  @Test("only diagonals are made, and equal matrices are factored once")
  func storage() throws {
    let n = 300
    let step = eye(n)[1...] - eye(n)[..<(n - 1)]
    let matrix = eye(n) + 4.0 * step.T.dot(step)
    let b = try ones([n]).compute()
    let graph = try lowered(b.dot(inv(matrix)).dot(b) + log(det(matrix)))
    let rows = graph.rows.indices.filter { graph.liveRows()[$0] }
    let great = rows.filter { graph.types($0).contains { ($0.shape.count ?? 0) >= n * n / 8 } }
    #expect(great.isEmpty, "\(graph.text())")
    #expect(rows.count { graph.rows[$0].op.name == "band_factor" } == 1)
    #expect(rows.contains { graph.rows[$0].op.name == "band_determinant" })
  }

  @Test("orders of products count what bands hold")
  func orders() throws {
    let n = 512
    let (wide, tall) = (try numbers([n, 64], 6, .float64), try numbers([64, n], 2, .float64))
    func band(_ seed: Int) throws -> NDArray {
      triu(tril(try numbers([n, n], seed, .float64), offset: 1), offset: -1)
    }
    let (a, b) = (try band(1), try band(4))
    // A product of bands is one, and less to go over than a wide matrix a second time.
    let orders = [a.dot(b).dot(wide), a.dot(b.dot(wide)), tall.dot(a).dot(b), tall.dot(a.dot(b))]
    for product in orders {
      let graph = try lowered(product)
      let live = graph.liveRows()
      let made = (0..<graph.count).filter { row in
        guard live[row], let shape = graph.types(row).first?.shape.codes else { return false }
        return graph.rows[row].op.name != "input" && shape.sorted() == [64, n]
      }
      #expect(made.count == 1, "\(graph.text())")
    }
    let want = try Session.current.with(exactness: .exact) { () throws in
      try elements(a.dot(b).dot(wide))
    }
    #expect(RewriteChecking.error(try elements(orders[1]), want) < 1e-13)
  }

  @Test("matrices without pivots are errors of systems and determinants of 0")
  func singular() throws {
    let n = 80
    let v = try (arange(n).asType(.float64) - 40.0).compute()
    let matrix = diag(v) + eye(n, offset: 1)
    #expect(try elements(det(matrix)) == [0])
    let line: UInt = #line + 1
    let results = [(solve(matrix, ones([n])), "solve"), (inv(matrix).dot(ones([n])), "inv")]
    for (result, name) in results {
      #expect { try result.compute() } throws: { error in
        let error = error as? WeftError
        return error?.code == .singular && error?.operation == name
          && error?.site.description.hasSuffix(":\(line)") == true
      }
    }
  }

  @Test(
    "zeros that were found hide neither NaN nor infinity, those of ops do",
    arguments: [Double.nan, .infinity])
  func notFinite(wrong: Double) throws {
    let n = 160
    let full = try numbers([n, n], 3, .float64)
    let place = (arange(n * n) .== n * 70 + 71).reshaped([n, n])
    let band = triu(tril(full, offset: 1), offset: -1)
    let (found, spoiled) = (
      try band.compute(), try which(place, NDArray(floatLiteral: wrong), band).compute()
    )
    func product(_ a: NDArray, _ b: NDArray) -> NDArray { a.T.dot(b) + 0.5 * b.T.dot(a) }
    let want = try Session.current.with(exactness: .exact) { () throws in
      try elements(product(found, spoiled))
    }
    let got = try elements(product(found, spoiled))
    #expect(zip(got, want).allSatisfy { $0.isNaN == $1.isNaN && $0.isInfinite == $1.isInfinite })
    let other = try which(place, NDArray(floatLiteral: wrong), full).compute()
    // What has been computed is an array with zeros, so the band is written again.
    let again = triu(tril(full, offset: 1), offset: -1)
    let made = try elements((eye(n) + again.T.dot(again)).dot(other))
    #expect(made.prefix(n * 60).allSatisfy { $0.isFinite })
  }

  @Test("texts of the routines are read again")
  func texts() throws {
    let n = 100
    let band = triu(tril(try numbers([n, n], 1, .float64), offset: 1), offset: -1)
    let matrix = band.dot(band.T) + eye(n)
    let wide = try numbers([n, 7], 2, .float64)
    let graph = try lowered(
      solve(matrix, wide) + (2.0 * eye(n) + band).dot(wide) + det(matrix) + inv(matrix).sum())
    // What is read has no lines of users' programs.
    let text = graph.text().split(separator: "\n").map { line in
      line.firstRange(of: "  //").map { line[..<$0.lowerBound] } ?? line
    }
    #expect(try Graph(parsing: graph.text()).text().split(separator: "\n") == text)
  }
}
