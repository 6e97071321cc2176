import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines
import WeftSparse

@testable import WeftOpenCL

/// Sparse arrays on a device: kernels over entries there, everything else visibly here.
@Suite("sparse arrays on a device", .needsOpenCL)
struct OpenCLSparseTests {
  private static let reference = ReferenceExecutor(routines: Routines.table)

  private static func session(copies: Bool, style: OpenCLStyle? = nil) -> Session {
    let host = HostExecutor(fallback: reference)
    let device = OpenCLExecutor(
      fallback: host, OpenCLRuntime.Options(copies: copies, style: style, checks: true))
    return Session(
      executors: [SparseExecutor(over: device), host, reference],
      runtime: Runtime(scheduler: HostScheduler(threadCount: 2)), environment: Environment())
  }

  private static let dtypes: [DType] = [
    .bool, .int8, .uint16, .int32, .int64, .uint64, .float32, .float64, .complex64, .complex128,
  ]

  /// Small numbers, most of them zero; some rows and columns are empty.
  private static func dense(_ shape: [Int], _ dtype: DType, seed: UInt64 = 1) throws -> NDArray {
    let numbers = floor(random.uniform(shape, key: seed) * 9) - 4
    let isThere = less(random.uniform(shape, key: seed + 50), 0.3)
    let isRow = notEqual(remainder(arange(shape[0]), 3), 1).reshaped(
      [-1] + shape.dropFirst().map { _ in 1 })
    var values = which(isThere .& isRow, numbers, zeros(like: numbers))
    if dtype.isComplex { values = values * Complex<Double>(1, -0.5) }
    if dtype.kind == .unsigned || dtype == .bool { values = abs(values) }
    return try values.asType(dtype).compute()
  }

  /// A matrix by rows with indices of a dtype.
  private static func csr(_ dense: NDArray, indices: DType) throws -> NDArray {
    let narrow = try dense.asSparse(.csr).compute().buffer()
    guard indices == .int64, let elements = narrow.sparse,
      case .compressed(let ends, let columns)? = elements.levels.last
    else { return NDArray(narrow) }
    let wide = [ends, columns].map { NDArray($0).asType(.int64) }
    let (a, b) = try compute(wide[0], wide[1])
    let level = SparseElements.Level.compressed(
      positions: try a.buffer(), coordinates: try b.buffer())
    return NDArray(
      Buffer(
        SparseElements(
          elements.type, elements.layout, levels: [.dense, level], values: elements.values),
        in: MemoryAccount()))
  }

  /// Checks programs of an array against the dense one's on the reference executor, in shared and in
  /// own memory, and by groups of items where asked; gives the counters of the last.
  @discardableResult
  private static func check(
    _ what: String, _ dense: NDArray, _ sparse: NDArray, isNative: Bool = true,
    groups: Bool = false,
    _ body: (NDArray) -> [NDArray]
  ) throws -> Counters {
    let plain = Session.standard.with(executor: .reference)
    let wanted = try plain.with { () throws in try body(dense).map { try $0.compute() } }
    var counters = Counters()
    for (copies, style) in [(false, nil), (true, nil), (true, OpenCLStyle.items(64))]
    where groups || style == nil {
      let session = session(copies: copies, style: style)
      let results = try session.with { () throws in try body(sparse).map { try $0.compute() } }
      counters = session.runtime.counters
      let got = try results.map { try $0.asDense().compute(on: .sparse) }
      let events = counters.events.map(\.message)
      for (n, (a, b)) in zip(got, wanted).enumerated() {
        let same = try isSame(a, b)
        #expect(
          same,
          "\(what), result \(n), copies \(copies), \(String(describing: style)): \(a) for \(b); \(events)"
        )
      }
      #expect(counters["quarantines"] == 0, "\(what): \(events)")
      if isNative { #expect(counters["fallbacks"] == 0, "\(what): \(events)") }
    }
    return counters
  }

  private static func isSame(_ a: NDArray, _ b: NDArray) throws -> Bool {
    guard a.expr.type == b.expr.type else { return false }
    let parts: (NDArray) -> [NDArray] = { $0.dtype.isComplex ? [real($0), imag($0)] : [$0] }
    for (x, y) in zip(parts(a), parts(b)) {
      let p: [Double] = try x.asType(.float64).compute(on: .reference).toArray()
      let q: [Double] = try y.asType(.float64).compute(on: .reference).toArray()
      let scale = q.filter(\.isFinite).map(abs).max() ?? 0
      let epsilon = a.dtype.realPart == .float32 ? 1e-5 : 1e-13
      for (u, v) in zip(p, q) {
        let isEqual = u == v || u.isNaN && v.isNaN || abs(u - v) <= epsilon * max(1, scale)
        if !isEqual { return false }
      }
    }
    return true
  }

  @Test("rows times vectors and matrices", arguments: dtypes, [DType.int32, .int64])
  func products(dtype: DType, indices: DType) throws {
    let a = try Self.dense([40, 23], dtype)
    let x = try Self.dense([23, 6], dtype, seed: 2)
    let sparse = try Self.csr(a, indices: indices)
    let counters = try Self.check("\(dtype), \(indices)", a, sparse, groups: true) { a in
      [
        matmul(a, x), matmul(a, x[.all, 1]), einsum("ij,jk->ki", a, x),
        einsum("ij,jkl->ikl", a, x.reshaped([23, 2, 3])),
      ]
    }
    #expect(counters["entryKernels"] == 4)
  }

  /// A matrix of which a row has most entries, many have none, and some have a few.
  private static func uneven(_ dtype: DType, fill: NDArray) throws -> (NDArray, NDArray) {
    let (rows, columns) = (90, 1500)
    let numbers = floor(random.uniform([rows, columns], key: 11) * 5) + 1
    let isFull = equal(arange(rows), 41).reshaped([rows, 1])
    let isFew = less(random.uniform([rows, columns], key: 12), 0.01)
    let isRow = notEqual(remainder(arange(rows), 4), 1).reshaped([rows, 1])
    let isThere = isFull .| (isFew .& isRow)
    let dense = try which(isThere, numbers.asType(dtype), fill.asType(dtype)).compute()
    return (dense, try dense.asSparse(.csr, fill: fill.asType(dtype)).compute())
  }

  @Test(
    "rows of very different lengths are shared out in pieces", arguments: [DType.int64, .float32])
  func uneven(dtype: DType) throws {
    let (dense, sparse) = try Self.uneven(dtype, fill: 0)
    let x = try Self.dense([1500, 8], dtype, seed: 3)
    try Self.check("\(dtype)", dense, sparse, groups: true) { a in
      [
        matmul(a, x[.all, 2]), matmul(a, x), matmul(a, x[.all, ..<3]), a.sum(axis: 1),
        a.max(axis: 1), a.asDense(),
      ]
    }
    let (ones, other) = try Self.uneven(dtype, fill: 1)
    try Self.check("\(dtype), fill 1", ones, other, groups: true) {
      [$0.sum(axis: 1), $0.min(axis: 1)]
    }
  }

  @Test("results of uneven rows have the same bits each time")
  func deterministic() throws {
    let sparse = try (Self.uneven(.float64, fill: 0).1 * 0.1).compute()
    let x = try random.uniform([1500], key: 5).compute()
    for style in [nil, OpenCLStyle.items(64)] {
      let session = Self.session(copies: true, style: style)
      let first: [Double] = try session.with { () throws in
        try matmul(sparse, x).compute().toArray()
      }
      for _ in 0..<3 {
        let again: [Double] = try session.with { () throws in
          try matmul(sparse, x).compute().toArray()
        }
        #expect(again == first)
      }
    }
  }

  @Test("products over semirings are kernels too", arguments: Semiring.allCases)
  func semirings(semiring: Semiring) throws {
    let dtype: DType = semiring == .orAnd ? .bool : .float64
    let zero = try #require(semiring.zero(dtype))
    let fill = NDArray(floatLiteral: zero.doubleValue)
    let (dense, sparse) = try Self.uneven(dtype, fill: fill)
    let x = try abs(Self.dense([1500, 2], .float64, seed: 7)).asType(dtype).compute()
    let counters = try Self.check("\(semiring)", dense, sparse, groups: true) { a in
      [matmul(a, x, over: semiring), matmul(a, x[.all, 1], over: semiring)]
    }
    #expect(counters["entryKernels"] == 2)
    let few = try sparse[..<9].asSparse(.csr, fill: fill.asType(dtype)).compute()
    let square = try Self.check("\(semiring), sparse", dense[..<9], few, isNative: false) { a in
      [matmul(a, a.T, over: semiring)]
    }
    #expect(square["fallbacks"] > 0)
  }

  @Test("products with the transpose are made of its rows, visibly")
  func transposed() throws {
    let a = try Self.dense([40, 23], .float64)
    let x = try Self.dense([40, 3], .float64, seed: 2)
    let sparse = try Self.csr(a, indices: .int32)
    let session = Self.session(copies: true)
    try session.with { () throws in try matmul(sparse.T, x).compute() }
    #expect(session.runtime.counters["fallbacks"] == 1)
    let events = session.runtime.counters.events
    #expect(events.contains { $0.kind == "fallback" && $0.message.contains("storing") })
    // They are kept.
    let counters = try Self.check("transposed", a, sparse) { [matmul($0.T, x), matmul(x.T, $0)] }
    #expect(counters["entryKernels"] == 2)
  }

  @Test("elementwise functions of one array, of its like and of dense ones", arguments: dtypes)
  func elementwise(dtype: DType) throws {
    let a = try Self.dense([30, 17], dtype)
    // No product is zero: entries that become fills are taken out here.
    let one = ones([30, 17])
    let d = try (abs(Self.dense([30, 17], .float64, seed: 9)) + one).asType(dtype).compute()
    let row = try d[2].compute()
    let formats: [SparseFormat] = [.csr, .csc, .coordinates]
    for format in formats {
      let sparse = try a.asSparse(format).compute()
      try Self.check("\(dtype) \(format)", a, sparse, isNative: true) { a in
        if dtype == .bool { return [logicalNot(a), a .& d, a .& row] }
        return [a * 3, a * a * 2 - a, a * d, a * row]
      }
    }
    if dtype.isInexact && !dtype.isComplex {
      try Self.check("\(dtype) functions", a, try a.asSparse(.csr).compute()) {
        [exp($0) - 1, cos($0), sqrt(abs($0)), $0 / 4]
      }
    }
  }

  @Test("folds of rows and of everything, whatever the fill", arguments: dtypes)
  func folds(dtype: DType) throws {
    let a = try Self.dense([30, 17], dtype)
    for fill in [0, 1] {
      let fills = full([], NDArray(scalar: fill)).asType(dtype.isComplex ? .float64 : dtype)
      let sparse = try a.asSparse(.csr, fill: fills).compute()
      // Complex numbers have a kernel for sums over everything alone.
      try Self.check("\(dtype), fill \(fill)", a, sparse, isNative: !dtype.isComplex) { a in
        var results = [a.sum(axis: 1), a.sum()]
        if !dtype.isComplex {
          results += [a.max(axis: 1), a.min(axis: 1), a.max(), a.prod(axis: 1)]
        }
        if dtype == .bool { results = [a.any(axis: 1), a.all(axis: 1), a.any()] }
        return results
      }
    }
    try Self.check("\(dtype), columns", a, try Self.csr(a, indices: .int64), isNative: false) {
      [$0.sum(axis: 0)]
    }
  }

  @Test("infinities and NaN among entries and beside them")
  func special() throws {
    let a = try Self.dense([20, 9], .float64)
    let odd = which(
      equal(a, 2), full([], NDArray(scalar: Double.infinity)),
      which(equal(a, 3), full([], NDArray(scalar: Double.nan)), a))
    let stored = try odd.compute()
    let sparse = try stored.asSparse(.csr).compute()
    let x = try Self.dense([9, 2], .float64, seed: 4)
    try Self.check("entries", stored, sparse) {
      [matmul($0, x), $0.sum(axis: 1), $0.max(axis: 1), $0 * 2]
    }
    // What is not stored is zero times an infinity: that is no kernel's work.
    let dense = which(equal(x, 1), full([], NDArray(scalar: Double.infinity)), x)
    try Self.check("factors", stored, sparse, isNative: false) {
      [matmul($0, dense), $0 * dense[.all, 0], $0 / dense[.all, 0]]
    }
  }

  @Test("what has no kernel runs here, and an event says so")
  func fallback() throws {
    let a = try Self.dense([20, 9], .float64)
    let b = try Self.dense([20, 9], .float64, seed: 5)
    let (s, t) = (try a.asSparse(.csr).compute(), try b.asSparse(.csr).compute())
    func both(_ x: NDArray) -> NDArray { (try? x.layout()) == nil ? b : t }
    let programs: [(String, (NDArray) -> NDArray)] = [
      ("add", { $0 + both($0) }), ("slice", { $0[1..<7] }), ("reshape", { $0.reshaped([9, 20]) }),
      ("contract", { matmul($0, both($0).T) }), ("maximum", { maximum($0, zeros(like: $0)) }),
    ]
    for (name, program) in programs {
      let counters = try Self.check(name, a, s, isNative: false) { [program($0)] }
      #expect(counters["fallbacks"] > 0, "\(name)")
      let isTold = counters.events.contains { $0.kind == "fallback" && $0.message.contains(name) }
      #expect(isTold, "\(name): \(counters.events)")
      #expect(counters["densified"] == 0, "\(name)")
    }
  }

  @Test("the arrays of levels stay on the device")
  func stays() throws {
    let a = try Self.dense([50, 40], .float64)
    let s = try a.asSparse(.csr).compute()
    let x = try Self.dense([40, 3], .float64, seed: 3)
    let session = Self.session(copies: true)
    try session.with { () throws in
      try matmul(s, x).compute()
      let sent = session.runtime.counters["bytesToDevice"]
      #expect(sent > 0)
      try matmul(s, x).compute()
      try (s * 2).compute()
      #expect(session.runtime.counters["bytesToDevice"] == sent)
    }
  }

  @Test("nothing densifies unseen, and asking for it is answered there")
  func dense() throws {
    let a = try Self.dense([20, 9], .complex64)
    for format in [SparseFormat.csr, .csc] {
      let s = try a.asSparse(format, fill: full([], 2.0)).compute()
      let counters = try Self.check("\(format)", a, s) { [($0.asDense() + 1)] }
      #expect(counters["densified"] > 0 && counters["entryKernels"] == 1)
    }
    let s = try a.asSparse(.csr).compute()
    var session = Self.session(copies: false)
    session.densifyLimit = .bytes(100)
    do {
      _ = try session.with { () throws in try cumsum(s, axis: 0).compute() }
      Issue.record("no error")
    } catch let error as WeftError {
      #expect(error.code == .wouldDensify)
    }
  }
}
