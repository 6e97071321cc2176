import Testing
import Weft
import WeftExecution
import WeftIR

/// What operations over sparse arrays allocate is proportional to what is stored, whatever the shape.
@Suite("memory of sparse operations")
struct SparseMemoryTests {
  private static let side = 1 << 40

  /// A matrix of 2^40 rows and columns, or others, with so many entries.
  private static func matrix(
    _ count: Int, _ factor: Int, side: Int = SparseMemoryTests.side
  ) throws -> NDArray {
    let numbers = arange(count)
    return try NDArray(
      coordinates: [numbers * 1_000_003 % side, numbers * factor % side],
      values: (numbers % 7 + 1).asType(.float64), shape: [side, side])
  }

  private typealias Body = @Sendable (NDArray, NDArray) throws -> NDArray

  private static let operations: [(name: String, body: Body)] = [
    ("map", { a, _ in sin(a) * 2 }), ("add", { $0 + $1 }), ("multiply", { $0 * $1 }),
    ("multiply and add", { $0 * $1 + $0 }), ("compare", { a, _ in greater(a, 3) }),
    ("convert", { a, _ in a.asType(.float32) }), ("fold rows", { a, _ in a.sum(axis: 0) }),
    ("fold columns", { a, _ in a.max(axis: 1) }), ("fold all", { a, _ in a.sum() }),
    ("least", { a, _ in a.min(axis: 0) }), ("products", { a, _ in a.prod(axis: 1) }),
    ("longer expression", { a, b in sin(a) * b + a * 2 - b }),
    ("transpose", { a, b in a.T + b }), ("reshape", { a, _ in a.reshaped([1 << 20, 1 << 60]) }),
    ("slice", { a, _ in a[5..., ..<(1 << 30)] }), ("reverse", { a, _ in flip(a) }),
    ("join", { a, b in concatenate([a, b], axis: 1) }), ("stack", { a, b in stack([a, b]) }),
    ("take", { a, _ in take(a, [0, 1_000_003, 7], axis: 0) }),
    ("take columns", { a, _ in take(a, [7_777_777, 0, 7_777_777, 5], axis: 1) }),
    ("steps", { a, _ in a[.stride(by: -3), .stride(from: 1, by: 2)] }),
    ("roll", { a, _ in roll(a, 5, axis: 1) }),
    ("repeat", { a, _ in repeated(a[..<(1 << 30), ..<(1 << 30)], 2, axis: 0) }),
    ("join unlike", { a, _ in concatenate([a, a.asSparse(.fibres), a], axis: 0) }),
    ("product", { a, b in a • b }), ("product of transposes", { a, b in a.T • b.T }),
    ("inner product", { a, b in einsum("ij,ij->", a, b) }),
    ("fibres", { a, _ in a.asSparse(.fibres) }),
    ("sort rows", { a, _ in a.sorted(axis: 1) }), ("sort columns", { a, _ in a.sorted(axis: 0) }),
    ("places of extremes", { a, _ in a.argmax(axis: 0) + a.argmin(axis: 0) }),
    ("median", { a, _ in median(a, axis: 1) }), ("diagonal", { a, _ in diagonal(a) }),
    ("lower triangle", { a, _ in tril(a) }), ("upper triangle", { a, _ in triu(a, offset: 7) }),
    ("condition", { a, b in which(a .> 3, a, b) }), ("clip", { a, _ in a.clip(min: 0, max: 3) }),
    ("mean", { a, _ in a.mean() }), ("mean of rows", { a, _ in a.mean(axis: 1) }),
    ("variance", { a, _ in a.var() }),
    ("average", { a, _ in average(a) }), ("sum but for NaN", { a, _ in nansum(a) }),
    ("norm", { a, _ in norm(a) }), ("count", { a, _ in a.countNonzero() }),
    ("tile", { a, _ in tile(a, [2, 1]) }), ("repeat", { a, _ in repeated(a, 2, axis: 0) }),
    ("pad", { a, _ in pad(a, 2) }), ("roll", { a, _ in roll(a, 5, axis: 0) }),
    ("turn", { a, _ in rot90(a) }), ("differences", { a, _ in diff(a, axis: 0) }),
    ("repeated along a new axis", { a, _ in a.broadcasted(to: [2, 1 << 40, 1 << 40]) }),
    ("least along rows", { a, _ in a.argmin(axis: 1) }), ("rounded", { a, _ in rint(a) }),
    ("powers", { a, _ in a * a + pow(a, 2) }),
    ("repeats one element", { a, _ in isnan(a) .| true }),
    ("pairs", { a, _ in outer(a[0], a[1_000_003]) }),
    ("kron", { a, _ in kron(a[..<(1 << 20), ..<9], a) }),
    ("equal", { a, b in (a .== b).all() }), ("column", { a, _ in a[.all, 7_777_777] }),
    ("without a row", { a, _ in delete(a, 5, axis: 0) }), ("axes", { a, _ in swapAxes(a, 0, 1) }),
    ("part", { a, _ in split(a, 2)[1] }), ("product of three", { a, b in a • b • a }),
    ("trace of a product", { a, b in einsum("ij,ji->", a, b) }),
  ]

  /// What takes the elements in one axis, on 2^58 of them.
  private static let flatOperations: [(name: String, body: @Sendable (NDArray) -> [NDArray])] = [
    ("sort", { [$0.sorted(axis: nil)] }), ("distinct", { [unique($0)] }),
    (
      "distinct, all but inverse",
      {
        let all = uniqueElements($0)
        return [all.values, all.counts, all.indices]
      }
    ), ("mask", { [$0[$0 .> 3]] }), ("positions", { $0.nonzero() }),
    ("extreme", { [$0.argmax(), $0.argmin()] }), ("median", { [median($0)] }),
    ("quantile", { [quantile($0, 0.7)] }), ("bins", { [histogram($0, bins: 4).counts] }),
    ("sets", { [intersect1d($0, $0 * 2), setxor1d($0, $0 * 2), union1d($0, $0 * 2)] }),
    ("counts", { [bincount($0.asType(.int64).reshaped([-1]))] }), ("trace", { [trace($0)] }),
    ("variance", { [$0.var(), $0.std()] }), ("members", { [isin($0, [1, 3])] }),
    ("variance of numbers", { [nanvar($0), nanstd($0)] }),
    ("quantiles", { [quantile($0, [0.2, 0.7, 0.9999])] }),
  ]

  @Test(
    "peaks follow the entries where elements stand in one axis", arguments: flatOperations.indices)
  func flat(number: Int) throws {
    let operation = Self.flatOperations[number]
    func peak(_ count: Int) throws -> Int {
      let session = Session.standard.with(memoryLimit: .mebibytes(256))
      return try session.with { () throws in
        let a = try Self.matrix(count, 7_777_777, side: 1 << 29)
        session.memory.resetPeak()
        let before = session.memory.liveBytes
        for result in operation.body(a) { _ = try result.compute() }
        return session.memory.peakBytes - before
      }
    }
    let (few, many) = (try peak(1000), try peak(4000))
    #expect(many <= 4000 * 24 * 16 + (1 << 20), "\(operation.name): \(many) bytes for 4000 entries")
    #expect(many <= 5 * few + (1 << 18), "\(operation.name): \(few) bytes, then \(many)")
  }

  /// What gives a value for each element: the bytes of the result, as often as it is there at once, are all that is dense.
  private static let spreading:
    [(name: String, copies: Int, shape: [Int], body: @Sendable (NDArray) -> NDArray)] = [
      ("running sums", 1, [1 << 10, 1 << 12], { cumsum($0, axis: 0) }),
      ("running products", 1, [1 << 10, 1 << 12], { cumprod($0, axis: 1) }),
      ("positions", 1, [1 << 10, 1 << 12], { argsort($0, axis: 1) }),
      ("inverse", 2, [1 << 10, 1 << 12], { uniqueElements($0).inverse }),
      ("members", 2, [1 << 10, 1 << 12], { isin($0, $0 * 2) }),
      ("places", 2, [1 << 10, 1 << 12], { searchsorted(arange(100), $0) }),
      ("covariances", 8, [1 << 6, 1 << 20], { cov($0) }),
      ("quantiles", 8, [1 << 6, 1 << 20], { quantile($0, [0.2, 0.999], axis: 1) }),
    ]

  @Test("dense results take no dense operand", arguments: spreading.indices)
  func dense(number: Int) throws {
    let (name, copies, shape, body) = Self.spreading[number]
    let session = Session.standard.with(memoryLimit: .mebibytes(512))
    try session.with { () throws in
      let numbers = arange(2000)
      let a = try NDArray(
        coordinates: [numbers * 31 % shape[0], numbers * 7_777 % shape[1]],
        values: (numbers % 7 + 1).asType(.float64), shape: shape, format: .csr)
      session.memory.resetPeak()
      let before = session.memory.liveBytes
      let result = try body(a).compute()
      let peak = session.memory.peakBytes - before
      let bytes = result.expr.type.byteCount ?? 0
      #expect(peak <= copies * bytes + 2000 * 24 * 16 + (1 << 20), "\(name): \(peak) bytes")
    }
  }

  @Test("compiled merges take what entries do, whatever the shape", arguments: [1, 2, 3, 4])
  func merges(number: Int) throws {
    // The pairs of a kron have three times the rows.
    let side = number == 4 ? 1 << 24 : 1 << 30
    func peak(_ count: Int) throws -> Int {
      var session = Session.standard.with(memoryLimit: .mebibytes(256))
      session.compilation = .always
      return try session.with { () throws in
        let numbers = arange(count)
        func matrix(_ factor: Int) throws -> NDArray {
          try NDArray(
            coordinates: [numbers * 1_000_003 % side, numbers * factor % side],
            values: (numbers % 7 + 1).asType(.float64), shape: [side, side])
        }
        let (a, b, c) = (try matrix(7_777_777), try matrix(1_000_003), try matrix(31))
        session.memory.resetPeak()
        let before = session.memory.liveBytes
        let results = [
          a * b + c, a + b - c, sin(a) * b + c * 2 - a, kron(a, (eye(3) * 2).asSparse()),
        ]
        _ = try results[number - 1].compute()
        return session.memory.peakBytes - before
      }
    }
    let (few, many) = (try peak(10_000), try peak(100_000))
    // Two coordinates of 4 bytes and a value for each entry of the three, and parts of each thread; numbers of pairs
    // are sorted beside that.
    let copies = number == 4 ? 7 : 2
    #expect(many <= 3 * 100_000 * 16 * copies + (1 << 22), "\(many) bytes for 100,000 entries")
    #expect(many <= 11 * few + (1 << 20), "\(few) bytes, then \(many)")
  }

  @Test("peaks follow the entries on shapes of 2^80 elements", arguments: operations.indices)
  func huge(number: Int) throws {
    let operation = Self.operations[number]
    func peak(_ count: Int) throws -> Int {
      let session = Session.standard.with(memoryLimit: .mebibytes(256))
      return try session.with { () throws in
        let (a, b) = (try Self.matrix(count, 7_777_777), try Self.matrix(count, 1_000_003))
        session.memory.resetPeak()
        let before = session.memory.liveBytes
        _ = try operation.body(a, b).compute()
        return session.memory.peakBytes - before
      }
    }
    let (few, many) = (try peak(1000), try peak(4000))
    // An entry of this shape is 24 bytes as stored; its number while it is worked on another 16.
    #expect(many <= 4000 * 24 * 16 + (1 << 20), "\(operation.name): \(many) bytes for 4000 entries")
    #expect(many <= 5 * few + (1 << 18), "\(operation.name): \(few) bytes, then \(many)")
  }
}
