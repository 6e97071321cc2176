import Testing
import WeftIR

@testable import Weft

/// `eigsh` and `svds` beside dense results where Lanczos' process has something to get wrong.
@Suite struct EigenvalueTests {
  /// The wanted ones of all eigenvalues, ascending.
  private func wanted(_ all: [Double], _ k: Int, _ choice: EigenvalueChoice) -> [Double] {
    choice.order(all).prefix(k).map { all[$0] }.sorted()
  }

  /// Checks values, residuals and orthogonality of what was found in a matrix.
  private func check(
    _ a: NDArray, _ found: (values: NDArray, vectors: NDArray), _ want: [Double],
    _ what: String, within tolerance: Double = 1e-10
  ) throws {
    let scale = max(1, want.map { Swift.abs($0) }.max() ?? 1)
    let values: [Double] = try found.values.asType(.float64).toArray()
    #expect(values.count == want.count, "\(what)")
    for (x, y) in zip(values, want) {
      #expect(Swift.abs(x - y) < tolerance * scale, "\(what): \(values), expected \(want)")
    }
    let k = want.count
    let residual = a • found.vectors - found.vectors * found.values
    #expect(
      try abs(residual).max().asType(.float64).item(Double.self) < tolerance * scale, "\(what)")
    let gram = conj(found.vectors.T) • found.vectors - eye(k)
    #expect(try abs(gram).max().asType(.float64).item(Double.self) < tolerance, "\(what)")
  }

  /// A sparse matrix with given eigenvalues: pairs of axes are turned.
  private func turned(_ values: NDArray) throws -> NDArray {
    let n = values.shape[0] ?? 0
    let half = n / 2
    let places = arange(half)
    let (c, s) = (0.8, 0.6)
    let first = concatenate([places * 2, places * 2, places * 2 + 1, places * 2 + 1])
    let second = concatenate([places * 2, places * 2 + 1, places * 2, places * 2 + 1])
    let one = ones([half])
    var rows = first
    var columns = second
    var numbers = concatenate([c * one, s * one, -s * one, c * one])
    if n % 2 == 1 {
      rows = concatenate([rows, NDArray([Int64(n - 1)])])
      columns = concatenate([columns, NDArray([Int64(n - 1)])])
      numbers = concatenate([numbers, ones([1])])
    }
    let q = try NDArray(
      coordinates: [rows, columns], values: numbers, shape: [n, n], format: .csr)
    let shifted = roll(values, 1)
    // Neighbours of different pairs meet in the product.
    return try (q • diag(shifted).asSparse(.csr) • q.T).asSparse(.csr).compute()
  }

  @Test("all choices, in matrices of many orders", arguments: EigenvalueChoice.allCases)
  func choices(choice: EigenvalueChoice) throws {
    for n in [2, 3, 7, 40, 97, 150] {
      let all = try (sin(arange(n).asType(.float64) * 1.7) * 5 + 0.3).sorted().compute()
      let a = try turned(all)
      let list: [Double] = try all.toArray()
      for k in Set([1, 2, n / 2, n - 1]) where k > 0 && k < n && (n < 100 || k < 60) {
        // Eigenvalues in the middle of many are not found by Lanczos' process in reasonable time.
        if choice == .smallestMagnitude, n > 96, k < n / 2 { continue }
        let found = try eigsh(a, count: k, which: choice)
        try check(a, found, wanted(list, k, choice), "\(choice), n = \(n), k = \(k)")
        // Operators have no dense form.
        if n <= 40 {
          let operation = LinearOperator(shape: [n, n], dtype: .float64) { a • $0 }
          try check(
            a, eigsh(operation, count: k, which: choice), wanted(list, k, choice),
            "\(choice) of an operator, n = \(n), k = \(k)")
        }
      }
    }
  }

  @Test("multiple and clustered eigenvalues are found as often as they are there")
  func clusters() throws {
    // All of one order, so that plans of one serve the others.
    let order = 300
    func beside(_ values: NDArray) -> NDArray {
      concatenate([values, linspace(0, 0.5, count: order - (values.shape[0] ?? 0))])
    }
    let cases: [(String, NDArray)] = [
      ("three copies", beside([5, 5, 5, 3, 3, 1])),
      ("seven copies", beside(full([7], 10.0))),
      ("two values", concatenate([ones([150]), zeros([150])])),
      ("few above many", concatenate([full([3], 2.0), ones([297])])),
      ("a cluster", beside(2 + 1e-9 * arange(6).asType(.float64))),
      ("zeros alone", zeros([order])),
      ("ones alone", ones([order])),
      ("one above zeros", concatenate([ones([1]), zeros([299])])),
      ("far outside", beside([1e6, 1e3, -1e4])),
    ]
    for (name, values) in cases {
      let a = try turned(values.asType(.float64))
      let list: [Double] = try values.asType(.float64).toArray()
      for k in [1, 2, 3, 6] {
        for choice in [EigenvalueChoice.largest, .largestMagnitude] {
          let found = try eigsh(a, count: k, which: choice)
          try check(
            a, found, wanted(list, k, choice),
            "\(name), \(choice), k = \(k)", within: 1e-9)
        }
      }
    }
  }

  @Test("double eigenvalues of a square of points, which come with rounding alone")
  func doubles() throws {
    let side = 24
    let line = try (2 * eye(side) - eye(side, offset: 1) - eye(side, offset: -1)).asSparse(.csr)
      .compute()
    let one = try eye(side).asSparse(.csr).compute()
    let a = try (kron(one, line) + kron(line, one)).asSparse(.csr).compute()
    let ends: [Double] = try eigvalsh(line.asDense()).toArray()
    let all = ends.flatMap { x in ends.map { x + $0 } }
    for choice in [EigenvalueChoice.largest, .smallest, .largestMagnitude, .bothEnds] {
      for k in [1, 2, 3, 4, 6, 7] {
        try check(
          a, eigsh(a, count: k, which: choice), wanted(all, k, choice), "\(choice), k = \(k)")
      }
    }
  }

  @Test("starts in an invariant subspace, float32 and complex numbers")
  func starts() throws {
    let values = concatenate([linspace(0, 1, count: 120), [4.0, 5, 6]])
    let a = try diag(values).asSparse(.csr).compute()
    let want = [4.0, 5, 6]
    // An eigenvector, and a sum of two.
    for start in [eye(123)[3], eye(123)[122] + eye(123)[0]] {
      try check(a, eigsh(a, count: 3, start: start), want, "a start in a subspace")
    }
    let single = a.asType(.float32)
    let found = try eigsh(single, count: 3)
    #expect(found.values.dtype == .float32 && found.vectors.dtype == .float32)
    try check(single, found, want, "float32", within: 2e-5)
    let i = try #require(Script.evaluate("1j").array)
    let complex = try (a.asType(.complex128) + i * (eye(123, offset: 5) - eye(123, offset: -5)))
      .asSparse(.csr).compute()
    let all: [Double] = try eigvalsh(complex.asDense()).toArray()
    for choice in [EigenvalueChoice.largest, .smallest, .bothEnds] {
      try check(
        complex, eigsh(complex, count: 4, which: choice), wanted(all, 4, choice),
        "complex \(choice)")
    }
  }

  @Test("few vectors and loose tolerances do too", arguments: ["sparse", "reference", "blas"])
  func settings(executor: String) throws {
    try Session.$scoped.withValue(Session.standard.with(executor: ExecutorName(executor))) {
      let values = concatenate([linspace(0, 1, count: 117), [4.0, 5, 6]])
      let a = try turned(values)
      try check(a, eigsh(a, count: 2, which: .largest, basis: 9), [5, 6], "a small basis")
      try check(
        a, eigsh(a, count: 2, which: .largest, tolerance: 1e-4), [5, 6], "a tolerance", within: 1e-3
      )
      #expect(throws: WeftError.self) {
        try eigsh(a, count: 5, which: .smallest, basis: 7, maxIterations: 1)
      }
    }
  }

  @Test("singular values of low rank, of clusters and at either end")
  func singularValues() throws {
    let rows = sin(arange(200 * 3).asType(.float64)).reshaped([200, 3])
    let columns = cos(arange(3 * 120).asType(.float64) * 1.3).reshaped([3, 120])
    let low = try (rows • columns).compute()
    let want: [Double] = try svdvals(low).toArray()
    for a in [low, try low.T.compute(), try low.asSparse(.csr).compute()] {
      let found = try svds(a, count: 5)
      let got: [Double] = try found.s.toArray()
      for (x, y) in zip(got.reversed(), want) { #expect(Swift.abs(x - y) < 1e-13 * want[0]) }
      let product = (found.u * found.s) • found.vh
      #expect(try abs(product - a).max().item(Double.self) < 1e-13 * want[0])
    }
    let spread = concatenate([[9.0, 9, 9, 8], linspace(1, 2, count: 146)])
    let square = try turned(spread)
    let top: [Double] = try svds(square, count: 5).s.toArray()
    for (x, y) in zip(top, [2.0, 8, 9, 9, 9]) { #expect(Swift.abs(x - y) < 1e-9) }
    let wide = try concatenate([square.asDense(), zeros([150, 70])], axis: 1).asSparse(.csr)
      .compute()
    let least: [Double] = try svds(wide, count: 1, smallest: true, maxIterations: 4_000).s.toArray()
    #expect(Swift.abs(least[0] - 1) < 1e-12)
  }
}
