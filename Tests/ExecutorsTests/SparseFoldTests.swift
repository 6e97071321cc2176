import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR

/// Folds of rows, columns and whole arrays beside those of dense arrays, for all dtypes and formats.
@Suite("folds of sparse arrays")
struct SparseFoldTests {
  private static let formats: [SparseFormat] = [.csr, .csc, .coordinates, .fibres]
  private static let dtypes: [DType] = [
    .float64, .float32, .float16, .int64, .int8, .uint32, .bool, .complex64, .complex128,
  ]

  private static func folds(_ a: NDArray) -> [NDArray] {
    var results = [a.sum(axis: 0), a.sum(axis: 1), a.sum()]
    if a.dtype.isComplex { return results }
    results += [a.max(axis: 0), a.max(axis: 1), a.min(axis: 0), a.min(axis: 1), a.max(), a.min()]
    if a.dtype == .float64 || a.dtype == .int64 {
      results += [a.prod(axis: 0), a.prod(axis: 1)]
    }
    return results
  }

  private static func check(
    _ what: String, _ a: NDArray, _ sparse: NDArray, _ folds: (NDArray) -> [NDArray] = folds
  ) throws {
    var first: [[UInt64]] = []
    for threads in [1, 2, 7] {
      try SparseRunning.session(threads).with { () throws in
        let found = try folds(sparse).map { try $0.asDense().compute() }
        let bits = try found.map { try SparseRunning.bits($0) }
        if threads > 1 {
          #expect(bits == first, "\(what), \(threads) threads")
          return
        }
        first = bits
        for (n, (x, y)) in zip(found, folds(a)).enumerated() {
          #expect(x.type == y.type, "\(what), result \(n)")
          if x.count == 0 { continue }
          let (x, y) = (SparseRunning.wide(x), SparseRunning.wide(y))
          let scale: Double = try (abs(y).max() + 1).item()
          let difference: Double = try abs(x - y).max().item()
          let tolerance: Double =
            switch a.dtype {
            case .float16: 2e-3
            case .complex64: 1e-5
            case .float32: 1e-6
            default: 1e-12
            }
          #expect(difference <= tolerance * scale, "\(what), result \(n): \(difference)")
        }
      }
    }
  }

  @Test("rows, columns and all of it", arguments: dtypes)
  func matrices(dtype: DType) throws {
    for format in Self.formats {
      for (shape, every) in [([40, 30], 4.0), ([7, 200], 2), ([200, 7], 30)] {
        let (a, x) = try SparseRunning.pair(shape, dtype, format, every: every, seed: 3)
        try Self.check("\(dtype) \(shape) in \(format)", a, x)
      }
    }
  }

  @Test(
    "so many entries that threads share them", arguments: [DType.float64, .float32, .int64])
  func large(dtype: DType) throws {
    for format in [SparseFormat.csr, .csc] {
      // Few columns, as many as entries, and more.
      for (shape, every) in [
        ([1500, 60], 1.25), ([100, 4000], 5), ([2, 70_000], 2), ([50_000, 2], 1.4),
      ] {
        let (a, x) = try SparseRunning.pair(shape, dtype, format, every: every, seed: 7)
        try Self.check("\(dtype) \(shape) in \(format)", a, x) { a in
          [a.sum(axis: 0), a.sum(axis: 1), a.max(axis: 1), a.min(axis: 0), a.sum()]
        }
      }
    }
  }

  @Test("arrays without entries, rows or columns")
  func empty() throws {
    for format in Self.formats {
      for shape in [[0, 5], [5, 0], [4, 6]] {
        let a = try zeros(shape).compute()
        try Self.check("\(shape) in \(format)", a, try a.asSparse(format).compute()) { a in
          [a.sum(axis: 0), a.sum(axis: 1), a.sum()]
        }
      }
    }
  }

  @Test("other fills are folded as often as they are not stored")
  func fills() throws {
    for format in Self.formats {
      let (a, x) = try SparseRunning.pair([30, 20], .float64, format, every: 3)
      try Self.check("fill in \(format)", cos(a), cos(x)) { a in
        [a.sum(axis: 0), a.sum(axis: 1), a.sum(), a.max(axis: 1), a.min(axis: 0), a.prod(axis: 1)]
      }
    }
  }

  @Test("infinities and NaN are in the rows and columns that have them")
  func exceptions() throws {
    var values = [Double](repeating: 0, count: 40)
    (values[3], values[17], values[20], values[23]) = (.infinity, .nan, 2, -.infinity)
    let a = try NDArray(values).reshaped([5, 8]).compute()
    for format in Self.formats {
      try SparseRunning.session(2).with { () throws in
        let x = try a.asSparse(format).compute()
        for (got, want) in zip(Self.folds(x), Self.folds(a)) {
          let found: [Double] = try got.asDense().reshaped([-1]).toArray()
          let expected: [Double] = try want.reshaped([-1]).toArray()
          #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(format)")
        }
      }
    }
  }

  @Test("entries that say zero and entries given twice count as they are")
  func duplicates() throws {
    let rows = NDArray([0, 0, 2, 2, 2, 1] as [Int64])
    let columns = NDArray([1, 1, 0, 0, 3, 2] as [Int64])
    let values = NDArray([1.5, 2, 0, 0, -4, 0])
    for format in [SparseFormat.csr, .csc, .coordinates] {
      let a = try NDArray(
        coordinates: [rows, columns], values: values, shape: [4, 4], format: format
      ).compute()
      let found: [[Double]] = try [a.sum(axis: 0), a.sum(axis: 1), a.max(axis: 0), a.min(axis: 1)]
        .map { try $0.asDense().toArray() }
      #expect(found == [[0, 3.5, 0, -4], [3.5, 0, -4, 0], [0, 3.5, 0, 0], [0, 0, -4, 0]])
    }
  }
}
