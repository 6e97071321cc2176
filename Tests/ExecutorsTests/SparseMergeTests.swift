import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR
import WeftPasses

/// Elementwise programs over sparse arrays as one compiled merge: as dense ones, and as merges that nothing compiles.
@Suite("merges of sparse arrays")
struct SparseMergeTests {
  private static let formats: [SparseFormat] = [.csr, .csc, .coordinates]
  private static let dtypes: [DType] = [
    .float64, .float32, .int32, .bool, .float16, .complex128, .complex64,
  ]

  /// Expressions of four arrays and two vectors, of one kind for numbers and one for truths.
  private static func programs(
    _ a: NDArray, _ b: NDArray, _ c: NDArray, _ d: NDArray, _ x: NDArray, _ y: NDArray
  ) -> [NDArray] {
    if a.dtype == .bool {
      return [
        logicalAnd(a, b), logicalOr(a, b), logicalOr(logicalAnd(a, b), c), logicalXor(a, c),
        logicalAnd(logicalOr(logicalOr(a, b), c), d), which(a, b, logicalAnd(c, x)),
      ]
    }
    if a.dtype.isComplex {
      return [
        a * b + a, a + b, a * b, conj(a) * b + c * 2 - d, a * x.reshaped([-1, 1]) + b,
        a * y - b * c, (a + b) * c + cos(b), a * b * c * d, (a + b + c + d) * y, a - a * b,
        real(a) + b,
      ]
    }
    return [
      a * b + a, a + b, a * b, sin(a) * b + c * 2 - d, a * x.reshaped([-1, 1]) + b, a * y - b * c,
      (a + b) * c + cos(b), maximum(a, b) * c - d, which(greater(a, b), c, d), a * b * c * d,
      (a + b + c + d) * y, a - a * b, greater(a, b).asType(a.dtype) + c,
    ]
  }

  private static func check(
    _ shape: [Int], _ dtype: DType, _ format: SparseFormat, _ compilation: PassContext.Compilation
  ) throws {
    let rates: [(Double, Int)] = [(3, 1), (4, 3), (9, 5), (2, 7)]
    let pairs = try rates.map {
      try SparseRunning.pair(shape, dtype, format, every: $0.0, seed: $0.1)
    }
    func vector(_ extent: Int, _ key: UInt64) throws -> NDArray {
      try floor(random.uniform([extent], key: key) * 4).asType(dtype).compute()
    }
    let leads = [shape[shape.count - 2], 1]
    let (x, y) = (try vector(leads[0], 8), try vector(shape[shape.count - 1], 9))
    let column = dtype == .bool ? x.reshaped(leads) : x
    func results(_ place: Int) -> [NDArray] {
      let all = pairs.map { place == 0 ? $0.0 : $0.1 }
      return programs(all[0], all[1], all[2], all[3], column, y)
    }
    try SparseRunning.check(
      "\(dtype) \(shape) in \(format), \(compilation)", { results(1) }, { results(0) },
      compilation: compilation)
  }

  @Test("matrices, compiled and not", arguments: dtypes)
  func matrices(dtype: DType) throws {
    for format in Self.formats {
      for compilation in [PassContext.Compilation.always, .never] {
        try Self.check([90, 70], dtype, format, compilation)
      }
    }
  }

  @Test("arrays of three axes", arguments: [SparseFormat.coordinates, .fibres])
  func tensors(format: SparseFormat) throws {
    for compilation in [PassContext.Compilation.always, .never] {
      try Self.check([12, 9, 14], .float64, format, compilation)
    }
    for leading in [[0], [2], [1, 0], [0, 2]] {
      try Self.check([12, 9, 14], .int64, .generalised(leading: leading), .always)
    }
  }

  @Test("many parts, and rows longer than a tile")
  func large() throws {
    for format in Self.formats {
      try Self.check([31, 9001], .float64, format, .always)
    }
    try Self.check([9001, 31], .float32, .csr, .always)
  }

  @Test("formats that differ meet as rows, where one of them has rows")
  func mixed() throws {
    let (a, x) = try SparseRunning.pair([60, 40], .float64, .csr)
    let (b, y) = try SparseRunning.pair([60, 40], .float64, .csc, every: 3, seed: 3)
    let (c, z) = try SparseRunning.pair([60, 40], .float64, .fibres, every: 4, seed: 5)
    try SparseRunning.check(
      "mixed", { [x * y + z, x + y * z - x, x * 2 + y] },
      { [a * b + c, a + b * c - a, a * 2 + b] }, compilation: .always)
  }

  @Test("seven and more patterns", arguments: [DType.float64, .complex128, .int64])
  func manyPatterns(dtype: DType) throws {
    for (shape, formats) in [
      ([60, 50], [SparseFormat.csr, .csc, .coordinates]), ([9, 8, 11], [.coordinates]),
    ] {
      for format in formats {
        let pairs = try (0..<9).map {
          try SparseRunning.pair(shape, dtype, format, every: Double(2 + $0), seed: 3 * $0 + 1)
        }
        func results(_ all: [NDArray]) -> [NDArray] {
          let sum = all.dropFirst().reduce(all[0], +)
          let products = all[0] * all[1] + all[2] * all[3] + all[4] * all[5] - all[6]
          return [sum, products, sum * all[8], all.prefix(6).reduce(all[7], *) + all[8]]
        }
        for compilation in [PassContext.Compilation.always, .never] {
          try SparseRunning.check(
            "\(dtype) \(shape) in \(format), \(compilation)", { results(pairs.map(\.1)) },
            { results(pairs.map(\.0)) }, compilation: compilation)
        }
      }
    }
  }

  @Test("parts end inside rows, rows and arrays are empty, and entries go while parts are merged")
  func shapes() throws {
    for shape in [[1, 60_000], [3, 20_000], [20_000, 3], [5000, 1], [1, 1]] {
      for (format, every) in [(SparseFormat.csr, 2.0), (.csc, 3), (.coordinates, 2), (.csr, 900)] {
        let (a, x) = try SparseRunning.pair(shape, .float64, format, every: every)
        let (b, y) = try SparseRunning.pair(shape, .float64, format, every: 2 * every, seed: 5)
        let weights = try (arange(shape[1]) % 3).asType(.float64).compute()
        func results(_ a: NDArray, _ b: NDArray) -> [NDArray] {
          [
            a + b, a * b, a - b * (equal(floor(b), b)).asType(.float64), a * weights + b,
            a * b + a, maximum(a - 5, 0), maximum(a, 0) * which(less(b, 5), b, 0), a * 0 + b,
          ]
        }
        for compilation in [PassContext.Compilation.always, .never] {
          try SparseRunning.check(
            "\(shape) in \(format), \(compilation)", { results(x, y) }, { results(a, b) },
            compilation: compilation)
        }
      }
    }
  }

  @Test("arrays without elements", arguments: [[0, 7], [7, 0], [0, 0]])
  func nothing(shape: [Int]) throws {
    let formats = Self.formats + [.blocks(rows: 2, columns: 3), .diagonals]
    for compilation in [PassContext.Compilation.always, .never] {
      try SparseRunning.session(2, compilation).with { () throws in
        for format in formats {
          let (a, b) = (
            try zeros(shape).asSparse(format).compute(), try ones(shape).asSparse(format).compute()
          )
          for result in [a + b, a * b, a * 2, maximum(a, 0), a * b + a, (a + b) * b - a] {
            let found = try result.compute()
            #expect(found.shape == shape)
            let elements: [Double] = try found.asDense().toArray()
            #expect(elements == [])
          }
        }
      }
    }
  }

  @Test("what stays is what differs from the fill, with the same indices on any path")
  func storedEntries() throws {
    for compilation in [PassContext.Compilation.always, .never] {
      try SparseRunning.session(2, compilation).with { () throws in
        let (a, x) = try SparseRunning.pair([300, 400], .float64, .csr, every: 3)
        let (b, y) = try SparseRunning.pair([300, 400], .float64, .csr, every: 2, seed: 9)
        let pairs = [
          (maximum(x - y, 0), maximum(a - b, 0)),
          (x * (which(less(x, 5), 0, 1)), a * which(less(a, 5), 0, 1)),
          (x * y - x * 2, a * b - a * 2), (which(less(y, 5), y, 0), which(less(b, 5), b, 0)),
        ]
        for (got, want) in pairs {
          let count: Int = try notEqual(want, 0).asType(.int64).sum().item()
          let result = try got.compute()
          #expect(try result.storedCount() == count)
          #expect(try result.layout().leadingDenseLevels == 1)
          let difference: Double = try abs(result.asDense() - want).max().item()
          #expect(difference == 0)
        }
        // A function of one array keeps its indices.
        func columns(_ array: NDArray) -> Buffer? {
          guard case .compressed(_, let own)? = array.expr.buffer?.sparse?.levels.last else {
            return nil
          }
          return own
        }
        #expect(try columns((x * 3).compute()) === columns(x))
        #expect(try columns((x * y + x).compute()) === columns(x))
      }
    }
  }

  @Test(
    "blocks meet as what they are",
    arguments: [
      SparseFormat.blocks(rows: 2, columns: 4), .blocks(rows: 3, columns: 3), .diagonals,
    ])
  func packed(format: SparseFormat) throws {
    for (shape, dtype) in [
      ([31, 45], DType.float64), ([45, 31], .float32), ([20, 20], .complex128), ([16, 24], .int64),
      ([9, 400], .float64),
    ] {
      let pairs = try [(40.0, 1), (25, 3), (3, 5)].map {
        try SparseRunning.pair(shape, dtype, format, every: $0.0, seed: $0.1)
      }
      func results(_ all: [NDArray]) -> [NDArray] {
        let (a, b, c) = (all[0], all[1], all[2])
        return [a + b, a * b, a * b + c, a - a * b, (a + b) * c - 2 * a, (a + b) * 3, a - a]
      }
      for compilation in [PassContext.Compilation.always, .never] {
        try SparseRunning.check(
          "\(dtype) \(shape) in \(format), \(compilation)", { results(pairs.map(\.1)) },
          { results(pairs.map(\.0)) }, compilation: compilation)
        try SparseRunning.session(2, compilation).with { () throws in
          let sum = try (pairs[0].1 + pairs[1].1).compute()
          #expect((sum.expr.buffer?.sparse?.layout.packing != .elements) == (format != .diagonals))
        }
      }
    }
    var values = [Double](repeating: 0, count: 48)
    (values[0], values[20], values[47]) = (.infinity, .nan, -1)
    let (a, b) = (try NDArray(values).reshaped([6, 8]).compute(), try eye(6, 8).compute())
    try SparseRunning.session(2).with { () throws in
      let product = try a.asSparse(format).compute() * b.asSparse(format).compute()
      let found: [Double] = try product.asDense().toArray()
      let expected: [Double] = try (a * b).toArray()
      #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    }
  }

  @Test("blocks and diagonals become rows when they are asked for as rows")
  func unpacked() throws {
    let (dense, rows) = try SparseRunning.pair([12, 8], .float64, .csr, every: 3)
    try SparseRunning.session(2).with { () throws in
      for format in [SparseFormat.blocks(rows: 2, columns: 4), .diagonals] {
        let result = try (rows.asSparse(format) * 2).asSparse(.csr).compute()
        let found = try #require(result.expr.buffer?.sparse)
        #expect(found.layout.packing == .elements)
        let count: Int = try notEqual(dense, 0).asType(.int64).sum().item()
        #expect(found.count == count)
        let difference: Double = try abs(result.asDense() - dense * 2).max().item()
        #expect(difference == 0)
      }
    }
  }

  @Test("an expression is one kernel when it is compiled, and none otherwise")
  func oneKernel() throws {
    guard HostExecutor(fallback: StillExecutor()).compilesKernels else {
      return
    }
    func kernels(_ compilation: PassContext.Compilation) throws -> Int {
      let session = SparseRunning.session(2, compilation)
      return try session.with { () throws in
        let pairs = try [2.0, 3, 4].map {
          try SparseRunning.pair([50, 60], .float64, .csr, every: $0, seed: Int($0))
        }
        let (a, b, c) = (pairs[0].1, pairs[1].1, pairs[2].1)
        let before = session.runtime.counters["mergeKernels"]
        _ = try (sin(a) * b + c * 2 - a * b * c).compute()
        return session.runtime.counters["mergeKernels"] - before
      }
    }
    // One merges, one computes.
    #expect(try kernels(.always) == 2)
    #expect(try kernels(.never) == 0)
  }

  @Test("infinities and NaN in one operand are where the others store nothing")
  func exceptions() throws {
    var values = [Double](repeating: 0, count: 40)
    (values[3], values[17], values[20]) = (.infinity, .nan, 2)
    let a = try NDArray(values).reshaped([5, 8]).compute()
    let (b, c) = (try eye(5, 8).compute(), try (flip(eye(5, 8), axis: 1) * 3).compute())
    for format in Self.formats {
      for compilation in [PassContext.Compilation.always, .never] {
        try SparseRunning.session(2, compilation).with { () throws in
          let stored = try [a, b, c].map { try $0.asSparse(format).compute() }
          let (x, y, z) = (stored[0], stored[1], stored[2])
          let pairs = [
            (x * y + z, a * b + c), (x * y * z, a * b * c), (z * y + x, c * b + a),
            ((x + z) * y, (a + c) * b),
          ]
          for (got, want) in pairs {
            let found: [Double] = try got.asDense().toArray()
            let expected: [Double] = try want.toArray()
            #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
          }
        }
      }
    }
  }

  @Test("entries with the fill's bits are not stored, whatever the fill")
  func pruned() throws {
    for compilation in [PassContext.Compilation.always, .never] {
      try SparseRunning.session(2, compilation).with { () throws in
        let (_, x) = try SparseRunning.pair([40, 50], .float64, .csr, every: 3)
        let (_, y) = try SparseRunning.pair([40, 50], .float64, .csr, every: 4, seed: 5)
        #expect(try (x * y - y * x).storedCount() == 0)
        let ones = (equal(x + y, y + x)).asType(.float64)
        #expect(try ones.fillValue() == Scalar(1.0, .float64))
        #expect(try ones.storedCount() == 0)
        let missing = (x * y) / 0
        #expect(try missing.fillValue()?.doubleValue.isNaN == true)
      }
    }
  }
}

/// Runs nothing.
private struct StillExecutor: Executor {
  let name = "still"
  func probe() -> Availability { .unavailable(reason: "a test's") }
  func supports(_ row: Int, of graph: Graph) -> Support { .none(reason: "a test's") }
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    throw WeftError(.internal, "still", "runs nothing")
  }
}
