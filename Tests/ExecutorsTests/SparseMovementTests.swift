import Testing
import Weft
import WeftIR

/// What moves and folds entries, on arrays of several parts.
@Suite("entries moved and folded by several threads")
struct SparseMovementTests {
  private static let formats: [SparseFormat] = [.csr, .csc, .coordinates]

  @Test("formats become each other", arguments: [DType.float64, .int16, .complex128])
  func conversions(dtype: DType) throws {
    let (dense, first) = try SparseRunning.pair([700, 900], dtype, .csr, every: 4)
    let formats: [SparseFormat] = [
      .csc, .coordinates, .csr, .fibres, .csc, .csr, .blocks(rows: 4, columns: 3), .csc,
    ]
    try SparseRunning.check(
      "\(dtype)",
      {
        var last = first
        return formats.map { format in
          last = last.asSparse(format)
          return last
        }
      }, { formats.map { _ in dense } })
  }

  @Test("entries are sorted by column below each row and the other way")
  func turned() throws {
    let (_, rows) = try SparseRunning.pair([600, 800], .float32, .csr, every: 3)
    let columns = try rows.asSparse(.csc).compute()
    for array in [columns, try columns.asSparse(.csr).compute()] {
      let elements = try #require(array.expr.buffer?.sparse)
      guard case .compressed(let ends, let inner)? = elements.levels.last else { continue }
      for row in 0..<ends.count - 1 {
        let range = Int(ends.scalar(at: row).intValue)..<Int(ends.scalar(at: row + 1).intValue)
        let own = range.map { inner.scalar(at: $0).intValue }
        #expect(zip(own, own.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
  }

  @Test("slices, joins, shapes, repetitions, items", arguments: formats)
  func movement(format: SparseFormat) throws {
    let (a, x) = try SparseRunning.pair([600, 500], .float64, format, every: 3)
    let (b, y) = try SparseRunning.pair([600, 500], .float64, format, every: 5, seed: 4)
    let places = try (arange(900) * 7 % 500).compute()
    func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
      [
        a[10..., 3..<400], flip(a, axis: 1), flip(a), concatenate([a, b], axis: 0),
        concatenate([a, b, a], axis: 1), stack([a, b]), a.reshaped([500, 600]),
        a.reshaped([30, 20, 500]), a.T + b.reshaped([500, 600]), take(a, places, axis: 1),
        take(a, [5, 5, 0], axis: 0), pad(a, [(1, 2), (0, 3)]), tile(a, [2, 1]),
        a.reshaped([600, 1, 500]).broadcasted(to: [600, 3, 500]),
      ]
    }
    try SparseRunning.check("\(format)", { results(x, y) }, { results(a, b) })
  }

  @Test(
    "folds with extremes, products and sums, over any axes",
    arguments: [DType.float64, .float32, .int32, .uint8, .bool, .complex128])
  func folds(dtype: DType) throws {
    for format in Self.formats {
      for fill in [0, 2] {
        if fill != 0, dtype == .bool { continue }
        let (plain, stored) = try SparseRunning.pair([500, 400], dtype, .coordinates, every: 2)
        let shift = try NDArray(integerLiteral: fill).asType(dtype).compute()
        let a = try (plain + shift).asType(dtype).compute()
        let x = try (stored + shift).asType(dtype).asSparse(format).compute()
        func results(_ a: NDArray) -> [NDArray] {
          let isComplex = a.dtype.isComplex
          let sums = [0, 1].flatMap { axis -> [NDArray] in
            [
              a.sum(axis: axis).asDense(), a[..<40, ..<30].prod(axis: axis).asDense(),
              isComplex ? a.sum(axis: axis) : a.max(axis: axis).asDense(),
              isComplex ? a.sum(axis: axis) : a.min(axis: axis).asDense(),
              a.any(axis: axis).asDense(), a.all(axis: axis).asDense(),
            ]
          }
          return sums + [isComplex ? a.sum() : a.max(), isComplex ? a.sum() : a.min(), a.sum()]
        }
        try SparseRunning.check(
          "\(dtype) in \(format), fill \(fill)", { results(x) }, { results(a) })
      }
    }
  }

  @Test("folds of tensors keep two axes")
  func tensors() throws {
    let formats: [SparseFormat] = [.coordinates, .fibres, .generalised(leading: [1])]
    for format in formats {
      let (a, x) = try SparseRunning.pair([60, 50, 70], .float64, format, every: 2)
      func results(_ a: NDArray) -> [NDArray] {
        (0..<3).flatMap { axis -> [NDArray] in
          [a.max(axis: axis), a.min(axis: axis), a.sum(axis: axis)]
        }
      }
      try SparseRunning.check("\(format)", { results(x) }, { results(a) })
    }
  }

  @Test("NaN is the greatest and the least")
  func undefined() throws {
    let values: [Double] = [0, .nan, 3, 0, 0, -2]
    let a = try NDArray(values).reshaped([2, 3]).compute()
    for axis in [0, 1] {
      for (got, want) in [
        (a.asSparse().max(axis: axis), a.max(axis: axis)),
        (a.asSparse().min(axis: axis), a.min(axis: axis)),
      ] {
        let found: [Double] = try got.asDense().toArray()
        let expected: [Double] = try want.toArray()
        #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
      }
    }
  }

  @Test(
    "blocks and diagonals multiply by themselves", arguments: [DType.float64, .float32, .int64])
  func packed(dtype: DType) throws {
    let shapes = [[64, 48], [65, 47], [30, 90], [7, 5]]
    for shape in shapes {
      // Whole blocks, blocks beyond the last row and column, one column a block, and a band.
      let formats: [SparseFormat] = [
        .blocks(rows: 4, columns: 4), .blocks(rows: 3, columns: 5), .blocks(rows: 2, columns: 1),
        .blocks(rows: 8, columns: 8), .diagonals,
      ]
      for format in formats {
        let (a, x) = try SparseRunning.pair(shape, dtype, format, every: 6)
        func factor(_ extents: [Int]) throws -> NDArray {
          try floor(random.uniform(extents, key: 3) * 9 - 4).asType(dtype).compute()
        }
        let (v, w) = (try factor([shape[1]]), try factor([shape[0]]))
        let wide = try [3, 16, 70].map { try factor([shape[1], $0]) }
        let turned = try factor([6, shape[1]])
        func results(_ a: NDArray) -> [NDArray] {
          [a • v, w • a, a • turned.T, turned • a.T] + wide.map { a • $0 }
        }
        try SparseRunning.check("\(dtype) \(shape) in \(format)", { results(x) }, { results(a) })
      }
    }
  }

  @Test("pairs of entries: kron and outer products", arguments: [DType.float64, .int32, .float16])
  func pairs(dtype: DType) throws {
    let (a, x) = try SparseRunning.pair([9, 7], dtype, .csr, every: 3)
    for format in Self.formats {
      let (b, y) = try SparseRunning.pair([5, 8], dtype, format, every: 2, seed: 5)
      func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
        [
          kron(a, b), kron(b, a), outer(a, b), a.reshaped([9, 7, 1]) * b.reshaped([1, 1, 40]),
          kron(a[0], b),
        ]
      }
      try SparseRunning.check("\(dtype) in \(format)", { results(x, y) }, { results(a, b) })
    }
    let (c, z) = try SparseRunning.pair([40, 50], .float64, .csr, every: 4)
    let (d, u) = try SparseRunning.pair([30, 20], .float64, .csr, every: 3, seed: 9)
    try SparseRunning.check("many", { [kron(z, u)] }, { [kron(c, d)] })
  }

  @Test("three and four dense factors", arguments: [DType.float64, .float32, .int64, .complex64])
  func factors(dtype: DType) throws {
    for format in [SparseFormat.coordinates, .fibres] {
      let (dense, sparse) = try SparseRunning.pair([30, 20, 25], dtype, format, every: 2)
      for width in [5, 19] {
        func factor(_ rows: Int, _ key: UInt64) throws -> NDArray {
          try floor(random.uniform([rows, width], key: key) * 3).asType(dtype).compute()
        }
        let (f, g, h) = (try factor(30, 1), try factor(20, 2), try factor(25, 3))
        let weights = try factor(1, 4).reshaped([width]).compute()
        func products(_ t: NDArray) -> [NDArray] {
          [
            einsum("ijk,ir,jr,kr->ijk", t, f, g, h), einsum("ijk,ir,jr,kr->ir", t, f, g, h),
            einsum("ijk,ir,jr,kr,r->jr", t, f, g, h, weights), einsum("ijk,ir,jr,kr->", t, f, g, h),
            einsum("ijk,ir,jr,kr->r", t, f, g, h),
          ]
        }
        try SparseRunning.check(
          "\(dtype) in \(format), \(width) columns", { products(sparse) }, { products(dense) })
      }
    }
  }

  @Test("an infinity beside what is not stored is NaN in a kron")
  func infinite() throws {
    let a: NDArray = [[0.0, NDArray(floatLiteral: .infinity)], [1, 0]]
    let b: NDArray = [[0.0, 2], [0, 0]]
    let found: [Double] = try kron(a.asSparse(), b.asSparse()).asDense().toArray()
    let expected: [Double] = try kron(a, b).toArray()
    #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
  }
}
