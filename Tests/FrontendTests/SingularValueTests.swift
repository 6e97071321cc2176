import Testing
import WeftIR

@testable import Weft

/// `svds` on matrices whose singular values are known.
@Suite struct SingularValueTests {
  /// A sparse matrix with given singular values, `rows` by as many columns: neighbours are turned into each other,
  /// on either side with other angles.
  private func matrix(_ values: NDArray, rows: Int) throws -> NDArray {
    let n = values.shape[0] ?? 0
    func turning(_ order: Int, _ cosine: Double, _ sine: Double) throws -> NDArray {
      let half = order / 2
      let places = arange(half) * 2
      var list = [places, places, places + 1, places + 1]
      var others = [places, places + 1, places, places + 1]
      let one = ones([half])
      var numbers = [cosine * one, sine * one, -sine * one, cosine * one]
      if order % 2 == 1 {
        list.append(NDArray([Int64(order - 1)]))
        others.append(NDArray([Int64(order - 1)]))
        numbers.append(ones([1]))
      }
      return try NDArray(
        coordinates: [concatenate(list), concatenate(others)], values: concatenate(numbers),
        shape: [order, order], format: .csr)
    }
    let places = arange(n)
    // One place on, so that pairs of both sides overlap.
    let core = try NDArray(
      coordinates: [(places + 1) % rows, places], values: values, shape: [rows, n], format: .csr)
    return try (turning(rows, 0.8, 0.6) • core • turning(n, 0.28, 0.96)).asSparse(.csr).compute()
  }

  private func check(
    _ a: NDArray, _ all: [Double], _ k: Int, smallest: Bool = false, _ what: Comment,
    within tolerance: Double = 4e-14
  ) throws {
    let found = try svds(a, count: k, smallest: smallest)
    let ascending = all.sorted()
    let want = Array(smallest ? ascending.prefix(k) : ascending.suffix(k))
    let scale = ascending[ascending.count - 1]
    let got: [Double] = try found.s.asType(.float64).toArray()
    for (x, y) in zip(got, want) { #expect(Swift.abs(x - y) <= tolerance * scale, what) }
    #expect(found.u.shape == [a.shape[0] ?? 0, k] && found.vh.shape == [k, a.shape[1] ?? 0])
    let (v, u) = (conj(found.vh.T), found.u)
    for residual in [a • v - u * found.s, conj(a.T) • u - v * found.s] {
      #expect(
        try abs(residual).max().asType(.float64).item(Double.self) < 10 * tolerance * scale, what)
    }
    for gram in [conj(u.T) • u, found.vh • v] {
      #expect(
        try abs(gram - eye(k)).max().asType(.float64).item(Double.self) < 10 * tolerance, what)
    }
  }

  @Test("great and least values to the last digits, of tall, wide and square matrices")
  func accuracy() throws {
    let n = 130
    let spectra: [(String, NDArray)] = [
      ("well conditioned", linspace(1, 2, count: n)),
      ("a tail of tiny ones", concatenate([linspace(1, 2, count: n - 3), [1e-6, 1e-9, 1e-9]])),
      ("repeated ones", concatenate([[5, 5, 5, 3, 3], linspace(0.5, 1, count: n - 5)])),
      ("low rank", concatenate([[4.0, 3, 2], zeros([n - 3])])),
    ]
    for (name, values) in spectra {
      let values = values.asType(.float64)
      let all: [Double] = try values.toArray()
      for rows in [n, 2 * n] {
        let a = try matrix(values, rows: rows)
        try check(a, all, 5, "\(name), \(rows) rows")
        try check(a, all, 4, smallest: true, "\(name), least, \(rows) rows")
      }
      let wide = try matrix(values, rows: 200).T.asSparse(.csr).compute()
      try check(wide, all, 3, "\(name), wide")
      try check(wide, all, 3, smallest: true, "\(name), least, wide")
    }
  }

  @Test("least values that only factors find")
  func factors() throws {
    // From 1 to 1e-7, evenly in logarithms: steps of Lanczos' process hardly tell the least ones apart.
    let n = 128
    let values = exp(linspace(0, -16, count: n))
    let all: [Double] = try values.toArray()
    for rows in [n, 190] {
      let a = try matrix(values, rows: rows)
      try check(a, all, 4, smallest: true, "\(rows) rows")
      try check(a.T.asSparse(.csr).compute(), all, 4, smallest: true, "\(rows) columns")
    }
    let i = NDArray(scalar: Complex(0.6, 0.8))
    let complex = try (i * matrix(values, rows: n)).asSparse(.csr).compute()
    try check(complex, all, 3, smallest: true, "complex")
    // The cross product has no factors: the dense matrix.
    let graded = exp(linspace(0, -30, count: n))
    try check(matrix(graded, rows: 150), graded.toArray(), 3, smallest: true, "to 1e-13")
  }

  @Test("float32, complex numbers, operators, starts and loose tolerances")
  func kinds() throws {
    let values = concatenate([[6.0, 5, 4], linspace(0, 1, count: 120)])
    let all: [Double] = try values.toArray()
    let a = try matrix(values, rows: 140)
    let single = a.asType(.float32)
    try check(single, all, 3, "float32", within: 2e-6)
    #expect(try svds(single, count: 2).s.dtype == .float32)
    let i = NDArray(scalar: Complex(0.6, 0.8))
    let complex = try (i * a).asSparse(.csr).compute()
    try check(complex, all, 3, "complex")
    try check(conj(complex.T).asSparse(.csr).compute(), all, 3, "complex, wide")
    let turned = try a.T.asSparse(.csr).compute()
    let operation = LinearOperator(
      shape: [140, 123], dtype: .float64, adjoint: { turned • $0 }, multiply: { a • $0 })
    for found in [
      try svds(operation, count: 3).s, try svds(a, count: 3, start: ones([123])).s,
      try svds(a, count: 3, tolerance: 1e-4).s,
    ] {
      #expect(try abs(found - [4.0, 5, 6]).max().item(Double.self) < 1e-4)
    }
    do {
      _ = try svds(a, count: 6, basis: 20, maxIterations: 2)
      Issue.record("no error")
    } catch {
      #expect(error.code == .noConvergence)
      let found = try #require(error.convergedTriplets)
      #expect(try Swift.abs(found.s[-1].item(Double.self) - 6) < 1e-12)
      #expect(found.vh.shape[0] == found.s.shape[0])
    }
  }
}
