import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines
import WeftSparse

/// Kernels over many entries, in several parts: right, and with the same bits on any number of threads.
@Suite("kernels over entries")
struct SparseKernelTests {
  static let dtypes: [DType] = [.float32, .float64, .int64, .complex128]

  @Test("rows times dense arrays of any width", arguments: dtypes)
  func rowsTimesDense(dtype: DType) throws {
    for format in [SparseFormat.csr, .csc, .coordinates] {
      let (dense, sparse) = try SparseRunning.pair([500, 90], dtype, format)
      // Vectors, tails, whole vectors of registers, and several of them.
      for width in [3, 16, 70] {
        let x = try floor(random.uniform([90, width], key: 7) * 9).asType(dtype).compute()
        let turned = try x.T.compute()
        try SparseRunning.check(
          "\(format), \(width) columns",
          { [sparse • x, einsum("ij,kj->ki", sparse, turned)] },
          { [dense • x, einsum("ij,kj->ki", dense, turned)] })
      }
      let v = try floor(random.uniform([90], key: 8) * 9).asType(dtype).compute()
      try SparseRunning.check("\(format), a vector", { [sparse • v] }, { [dense • v] })
    }
  }

  @Test("entries beside dense factors", arguments: dtypes)
  func entries(dtype: DType) throws {
    let formats: [SparseFormat] = [.coordinates, .fibres, .generalised(leading: [1])]
    for format in formats {
      let (dense, sparse) = try SparseRunning.pair([30, 20, 25], dtype, format, every: 4)
      for width in [5, 43] {
        func factor(_ rows: Int, _ key: UInt64) throws -> NDArray {
          try floor(random.uniform([rows, width], key: key) * 5).asType(dtype).compute()
        }
        let (f, g, h) = (try factor(30, 1), try factor(20, 2), try factor(25, 3))
        func products(_ t: NDArray) -> [NDArray] {
          [
            einsum("ijk,jr,kr->ir", t, g, h), einsum("ijk,kr,ir->jr", t, h, f),
            einsum("ijk,kr->ijr", t, h), einsum("ijk,ir->kjr", t, f), einsum("ijk,jr->r", t, g),
            einsum("ijk,kr,jr->ijk", t, h, g), einsum("ijk,jr,kr->i", t, g, h),
          ]
        }
        try SparseRunning.check(
          "\(format), \(width) columns", { products(sparse) }, { products(dense) })
      }
      let v = try floor(random.uniform([25], key: 9) * 5).asType(dtype).compute()
      func folds(_ t: NDArray) -> [NDArray] {
        [
          einsum("ijk,k->ij", t, v), einsum("ijk,k->ji", t, v), t.sum(axis: 2).asDense(),
          t.sum(axes: [1, 2]), t.sum(axis: 0).asDense(), t.sum(axes: [0, 2]), t.sum(),
        ]
      }
      try SparseRunning.check("\(format), folds", { folds(sparse) }, { folds(dense) })
    }
  }

  @Test("products of two sparse matrices", arguments: dtypes)
  func matrices(dtype: DType) throws {
    for (columns, every) in [(100, 4.0), (5000, 100)] {
      let (a, x) = try SparseRunning.pair([200, 100], dtype, .csr, every: every)
      let (b, y) = try SparseRunning.pair([100, columns], dtype, .csr, every: every, seed: 3)
      try SparseRunning.check("\(columns) columns", { [x • y] }, { [a • b] })
    }
  }

  @Test("blocks and diagonals times vectors and few columns", arguments: [DType.float32, .float64])
  func packed(dtype: DType) throws {
    let formats: [SparseFormat] = [
      .blocks(rows: 4, columns: 4), .blocks(rows: 7, columns: 2), .blocks(rows: 3, columns: 8),
      .blocks(rows: 5, columns: 3), .diagonals,
    ]
    for format in formats {
      // Extents that no block divides.
      let (dense, sparse) = try SparseRunning.pair([61, 45], dtype, format, every: 20)
      for width in [1, 2, 3, 6, 8, 13, 40] {
        let x = try floor(random.uniform([45, width], key: 7) * 9).asType(dtype).compute()
        try SparseRunning.check(
          "\(format), \(width) columns", { [sparse • x, sparse • x[.all, 0]] },
          { [dense • x, dense • x[.all, 0]] })
      }
    }
  }

  @Test("a row that has nearly all entries", arguments: [DType.float32, .float64, .int64])
  func longRow(dtype: DType) throws {
    let n = 700_000
    let entries = try (arange(n) % 11 - 4).asType(dtype).compute()
    let a = try NDArray(
      coordinates: [concatenate([(arange(n - 2) * 0 + 1), NDArray([0, 4])]), arange(n)],
      values: entries, shape: [6, n], format: .csr
    ).compute()
    let x = try (arange(n) % 7 - 3).asType(dtype).compute()
    let d = try (arange(3 * n) % 5 - 2).asType(dtype).reshaped([n, 3]).compute()
    let whole: [NDArray] = [entries[..<(n - 2)], x[..<(n - 2)], d[..<(n - 2)]]
    func results() throws -> [NDArray] {
      let (v, w) = (a • x, a • d)
      return [v[1], w[1], v[2], v[0], v[4], w[5, 2]]
    }
    try SparseRunning.check(
      "\(dtype)", results,
      {
        [
          whole[0] • whole[1], whole[0] • whole[2], zeros([]).asType(dtype),
          entries[n - 2] * x[n - 2], entries[n - 1] * x[n - 1], zeros([]).asType(dtype),
        ]
      })
  }

  @Test("products with rows that have most columns, with sums of zero, and across many columns")
  func fullRows() throws {
    for dtype in Self.dtypes + [.int32, .bool] {
      // Some rows are full, some empty; whole ones by pairs far more than columns.
      let isThere = less(
        random.uniform([60, 300], key: 5), (arange(60) % 4).asType(.float64).reshaped([60, 1]) / 4)
      let dense = try (floor(random.uniform([60, 300], key: 6) * 7 - 3) * isThere.asType(.float64))
        .asType(dtype).compute()
      let sparse = try dense.asSparse(.csr).compute()
      try SparseRunning.check(
        "\(dtype)", { [sparse • sparse.T, sparse.T • sparse] },
        { [dense • dense.T, dense.T • dense] })
    }
    // Sums that are zero are stored, by bits and by bytes.
    for columns in [40, 4000] {
      let a = try NDArray(
        coordinates: [NDArray([0, 0]), NDArray([0, 1])], values: NDArray([1.0, 1.0]),
        shape: [1, 2], format: .csr)
      let b = try NDArray(
        coordinates: [NDArray([0, 0, 1, 1]), NDArray([3, 5, 3, 9])],
        values: NDArray([1.0, 2.0, -1.0, 4.0]), shape: [2, columns], format: .csr)
      let product = try (a • b).compute()
      #expect(try product.storedCount() == 3)
      let found: [Double] = try product.asDense()[0, ..<10].toArray()
      #expect(found == [0, 0, 0, 0, 0, 2, 0, 0, 0, 4])
    }
    // Three levels of bits.
    let n = 400_000
    let places = arange(2000)
    let a = try NDArray(
      coordinates: [places % 50, places * 7919 % 700], values: (places % 9).asType(.float64),
      shape: [50, 700], format: .csr)
    let b = try NDArray(
      coordinates: [places % 700, places * 104_729 % n], values: (places % 7).asType(.float64),
      shape: [700, n], format: .csr)
    let c = try NDArray(
      coordinates: [places * 104_729 % n], values: (places % 5).asType(.float64), shape: [n])
    try SparseRunning.check(
      "400,000 columns", { [(a • b).sum(axis: 1), a • b • c.asDense()] },
      { [a.asDense() • b.sum(axis: 1), a.asDense() • (b • c.asDense())] })
  }

  @Test("a product's columns are sorted, its indices as narrow as they may be")
  func sortedColumns() throws {
    let n = 20_000
    let rows = arange(n) % 200
    let a = try NDArray(
      coordinates: [rows, (arange(n) * 7919) % n], values: ones([n]), shape: [200, n], format: .csr)
    let product = try (a • a.T.asSparse(.csr)).compute()
    let twice = try (a.T.asSparse(.csr) • a).compute()
    for result in [product, twice] {
      guard let elements = result.expr.buffer?.sparse,
        case .compressed(let ends, let columns)? = elements.levels.last
      else {
        Issue.record("no rows")
        continue
      }
      #expect(ends.type.dtype == .int32)
      for row in stride(from: 0, to: ends.count - 1, by: 97) {
        let range = Int(ends.scalar(at: row).intValue)..<Int(ends.scalar(at: row + 1).intValue)
        let own = range.map { columns.scalar(at: $0).intValue }
        #expect(zip(own, own.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
  }

  @Test("elementwise functions merge rows", arguments: [SparseFormat.csr, .csc, .coordinates])
  func merges(format: SparseFormat) throws {
    for dtype in [DType.float64, .int32, .complex128, .bool] {
      let (a, x) = try SparseRunning.pair([400, 80], dtype, format, every: 5)
      let (b, y) = try SparseRunning.pair([400, 80], dtype, format, every: 9, seed: 3)
      let (c, z) = try SparseRunning.pair([400, 80], dtype, format, every: 30, seed: 5)
      let d = try floor(random.uniform([80], key: 4) * 3).asType(dtype).compute()
      func results(_ a: NDArray, _ b: NDArray, _ c: NDArray) -> [NDArray] {
        [
          a * b + a, a + b, a * b, a * b * c + c * a, (a + b) * c, a * d + b, a * a + b * b + c * c,
          which(notEqual(a * b, 0), b, c), a * b - b * a,
        ]
      }
      let isTruth = dtype == .bool
      func truths(_ a: NDArray, _ b: NDArray, _ c: NDArray) -> [NDArray] {
        [logicalAnd(a, b), logicalOr(a, b), logicalOr(logicalAnd(a, b), c), logicalXor(a, c)]
      }
      try SparseRunning.check(
        "\(dtype) in \(format)", { isTruth ? truths(x, y, z) : results(x, y, z) },
        { isTruth ? truths(a, b, c) : results(a, b, c) })
    }
  }

  @Test("parts of rows merge as all of them do")
  func manyRows() throws {
    let n = 90_000
    func matrix(_ factor: Int, _ format: SparseFormat) throws -> NDArray {
      return try NDArray(
        coordinates: [arange(n) * factor % 3000, arange(n) * 31 % 2999],
        values: (arange(n) % 17).asType(.float64),
        shape: [3000, 3000], format: format)
    }
    func results(_ format: SparseFormat) throws -> [NDArray] {
      let (a, b) = (try matrix(101, format), try matrix(97, format))
      let sums = [(a * b + b).sum(axis: 0), (a + b * 2).sum(axis: 1), (a - b).sum(axis: 0)]
      return sums + [which(a, b, 0).sum(axis: 1), (a * arange(3000)).sum(axis: 1)]
    }
    let (rows, numbers) = (try results(.csr), try results(.coordinates))
    try SparseRunning.check("merges", { rows }, { numbers })
  }

  @Test("infinities and NaN in one operand are where the other stores nothing")
  func exceptions() throws {
    var values = [Double](repeating: 0, count: 40)
    values[3] = .infinity
    values[17] = .nan
    values[20] = 2
    let a = NDArray(values).reshaped([5, 8])
    let b = try eye(5, 8).compute()
    let d = try (ones([5, 8]) / eye(5, 8)).compute()
    for format in [SparseFormat.csr, .csc, .coordinates] {
      let (x, y) = (try a.asSparse(format).compute(), try b.asSparse(format).compute())
      for (got, want) in [(x * y + x, a * b + a), (x * y, a * b), (y * d + x, b * d + a)] {
        let found: [Double] = try got.asDense().toArray()
        let expected: [Double] = try want.toArray()
        #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
      }
    }
  }
}
