import Foundation
import Testing
import Weft
import WeftExecution
import WeftIR

/// Numbers that are the same in every run; about two thirds are zero.
func sparseNumbers(_ shape: [Int], seed: Int = 1, special: Bool = false) -> NDArray {
  var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
  let count = shape.reduce(1, *)
  let numbers = (0..<count).map { _ -> Double in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let bits = Int(state >> 40)
    if bits % 3 != 0 { return 0 }
    if special, bits % 7 == 0 { return bits % 2 == 0 ? .infinity : .nan }
    return Double(bits % 19 - 9) / 4
  }
  return NDArray(numbers).reshaped(shape)
}

/// Checks that two arrays have the same type and elements, up to rounding.
func expectSame(
  _ got: NDArray, _ want: NDArray, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(got.type == want.type, "\(comment)", sourceLocation: sourceLocation)
  let a: [Double] = try got.asType(.float64).toArray()
  let b: [Double] = try want.asType(.float64).toArray()
  let isSame = zip(a, b).allSatisfy { x, y in
    x == y || x.isNaN && y.isNaN || abs(x - y) <= 1e-12 * max(abs(x), abs(y), 1)
  }
  #expect(
    isSame && a.count == b.count, "\(comment): \(a) is not \(b)", sourceLocation: sourceLocation)
}

@Suite struct SparseTests {
  static let formats: [SparseFormat] = [
    .coordinates, .csr, .csc, .blocks(rows: 2, columns: 3), .diagonals, .fibres,
    .generalised(leading: [1]),
  ]

  /// The array stored in a format, in memory.
  private func stored(_ a: NDArray, _ format: SparseFormat = .coordinates) throws -> NDArray {
    let s = try a.asSparse(format).compute()
    #expect(s.expr.buffer?.layout != nil)
    return s
  }

  @Test("a complex number with NaN in one part is not the fill with NaN in both")
  func partsNaN() throws {
    let zero = zeros([2], dtype: .complex128)
    let numerators = NDArray([3.0, 0]).asType(.complex128)
    let s = numerators.asSparse() / zero.asSparse()
    let dense = numerators / zero
    try expectSame(real(s.asDense()), real(dense))
    try expectSame(imag(s.asDense()), imag(dense))
    #expect(try s.storedCount() == 1)
  }

  // MARK: - Making

  @Test("arrays of any rank are the same in every format", arguments: 1...4)
  func roundTrip(rank: Int) throws {
    let a = sparseNumbers(Array([5, 4, 3, 2].prefix(rank)))
    for format in Self.formats where format.layout(rank: rank) != nil {
      let s = try stored(a, format)
      try expectSame(s.asDense(), a, "\(format)")
      for other in Self.formats where other.layout(rank: rank) != nil {
        try expectSame(s.asSparse(other).asDense(), a, "\(format) to \(other)")
      }
    }
  }

  @Test("blocks and diagonals hold fills, and say what they hold")
  func packed() throws {
    let a: NDArray = [[1.0, 0, 0, 0, 0], [2, 3, 0, 0, 0], [0, 0, 0, 0, 4]]
    let blocks = try stored(a, .blocks(rows: 2, columns: 2))
    #expect(try blocks.storedCount() == 8)
    #expect(try "\(blocks.layout())" == "{dense, compressed} blocks [2, 2] fill float64 0.0")
    let diagonals = try stored(a, .diagonals)
    #expect(try diagonals.storedCount() == 15)
    #expect(try "\(cos(diagonals).layout())" == "{compressed, dense} diagonals fill float64 1.0")
    for s in [blocks, diagonals] {
      let (coordinates, values) = try s.entries()
      #expect(try coordinates[0].toArray(of: Int.self) == [0, 1, 1, 2])
      #expect(try coordinates[1].toArray(of: Int.self) == [0, 0, 1, 4])
      #expect(try values.toArray(of: Double.self) == [1, 2, 3, 4])
      try expectSame((cos(s) * 2 - 1).asDense(), cos(a) * 2 - 1)
      try expectSame(s.T.asDense(), a.T)
      try expectSame((s + s).sum(axis: 0), (a + a).sum(axis: 0))
      try expectSame(s • ones([5]), a.sum(axis: 1))
    }
    for name in ["bsr", "dia"] {
      let format = try #require(SparseFormat(name: name))
      #expect(format.layout(rank: 3) == nil)
      for shape in [[0, 3], [3, 0], [1, 1], [7, 2]] {
        let empty = zeros(shape)
        try expectSame(empty.asSparse(format).asDense(), empty, "\(shape)")
        try expectSame(ones(shape).asSparse(format).asDense(), ones(shape), "\(shape)")
      }
    }
  }

  @Test("entries are sorted and those of one place summed")
  func duplicates() throws {
    let s = try NDArray(
      coordinates: [[1, 0, 1, 0], [2, 1, 2, 0]], values: [1.5, 2, 3, 4], shape: [2, 3])
    #expect(try s.storedCount() == 3)
    try expectSame(s.asDense(), [[4, 2, 0], [0, 0, 4.5]])
    let (coordinates, values) = try s.entries()
    #expect(try coordinates[0].toArray(of: Int.self) == [0, 0, 1])
    #expect(try values.toArray(of: Double.self) == [4, 2, 4.5])
  }

  @Test("coordinates that do not fit are errors")
  func wrongCoordinates() {
    func code(_ body: () throws -> NDArray) -> ErrorCode? {
      do { _ = try body() } catch { return (error as? WeftError)?.code }
      return nil
    }
    #expect(
      code { try NDArray(coordinates: [[0, 2], [0, 0]], values: [1, 2], shape: [2, 2]) }
        == .indexOutOfBounds)
    #expect(
      code { try NDArray(coordinates: [[0, -1], [0, 0]], values: [1, 2], shape: [2, 2]) }
        == .indexOutOfBounds)
    #expect(
      code { try NDArray(coordinates: [[0], [0, 0]], values: [1, 2], shape: [2, 2]) }
        == .shapeMismatch)
    #expect(
      code { try NDArray(coordinates: [[0, 1]], values: [1, 2], shape: [2, 2]) } == .shapeMismatch)
    #expect(
      code { try NDArray(coordinates: [[0.5], [0]], values: [1], shape: [2, 2]) } == .dtype)
    #expect(
      code { try NDArray(coordinates: [[0]], values: [1], shape: [2], format: .csr) } == .value)
    #expect(
      code { try NDArray(coordinates: [[0], [0]], values: [1], shape: [-1, 2]) } == .negativeExtent)
  }

  @Test("a matrix of 2^40 rows and columns works as any other")
  func huge() throws {
    let side = 1 << 40
    let s = try NDArray(
      coordinates: [[0, side - 1, 7], [5, side - 1, 7]], values: [1.0, 2, 4], shape: [side, side])
    let total: Double = try (s * 2 + s.T).sum().item()
    #expect(total == 21)
    #expect(try (s + 1).fillValue() == Scalar(1.0, .float64))
    #expect(try (s • s.T).storedCount() == 3)
    #expect(try s[(side - 4)..., (side - 4)...].asDense().sum().item(Double.self) == 2)
    #expect(try s.sum(axis: 0).storedCount() == 3)
    #expect(try sort(s).storedCount() == 3)
    do {
      _ = try argsort(s).compute()
      Issue.record("no error")
    } catch {
      #expect(error.code == .wouldDensify)
      #expect(error.operation == "sort")
    }
  }

  // MARK: - Elementwise

  @Test("functions of sparse arrays are those of dense ones", arguments: formats.prefix(5))
  func elementwise(format: SparseFormat) throws {
    let (a, b) = (sparseNumbers([6, 7], seed: 3), sparseNumbers([6, 7], seed: 4))
    let (s, t) = (try stored(a, format), try stored(b, format))
    let other = try stored(b, .coordinates)
    let functions: [(String, (NDArray, NDArray) -> NDArray)] = [
      ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }),
      ("divide", { $0 / $1 }), ("maximum", { maximum($0, $1) }), ("equal", { $0 .== $1 }),
      ("less", { $0 .< $1 }), ("fused", { exp($0 * $1 + 1) - 2 * $0 }),
      ("chosen", { which($0 .> 0, $1, $0) }), ("power", { pow($0 * $0, $1) }),
    ]
    for (name, f) in functions {
      try expectSame(f(s, t).asDense(), f(a, b), name)
      try expectSame(f(s, other).asDense(), f(a, b), "\(name), two formats")
      try expectSame(f(s, b).asDense(), f(a, b), "\(name), dense")
      try expectSame(f(a, t).asDense(), f(a, b), "dense, \(name)")
    }
  }

  @Test("what is not stored is multiplied too: infinities and NaN count")
  func special() throws {
    let (a, b) = (sparseNumbers([9, 8], seed: 5), sparseNumbers([9, 8], seed: 6, special: true))
    let (s, t) = (try stored(a, .csr), try stored(b, .csr))
    try expectSame((s * t).asDense(), a * b)
    try expectSame((s * b).asDense(), a * b)
    try expectSame((s / b).asDense(), a / b)
    let row = b[0]
    #expect(try (s * row).layout().isDense == false)
    try expectSame((s * row).asDense(), a * row)
    try expectSame((s / row).asDense(), a / row)
    try expectSame((s • b.T), a • b.T)
    try expectSame((s • t.T).asDense(), a • b.T)
  }

  @Test("fills follow from the functions")
  func fills() throws {
    let s = try stored(eye(3), .csr)
    func fill(_ a: NDArray) throws -> String { try a.fillValue()?.description ?? "dense" }
    #expect(try fill(s + 1) == "1.0")
    #expect(try fill(cos(s)) == "1.0")
    #expect(try fill(s / 0) == "nan")
    #expect(try fill(s .== 0) == "true")
    #expect(try fill(s.clip(min: 0.1, max: 0.5)) == "0.1")
    #expect(try fill(s.asType(.int8)) == "0")
    #expect(try fill(s + arange(9).reshaped([3, 3])) == "dense")
    #expect(try (s .> 5).storedCount() == 0)
    #expect(try (s + 1).sum().item(Double.self) == 12)
    let filled = try stored(full([3, 4], 2.5), .coordinates)
    #expect(try filled.storedCount() == 12)
    #expect(try full([3, 4], 2.5).asSparse(fill: 2.5).storedCount() == 0)
  }

  // MARK: - Reductions and movement

  @Test("folds count what is not stored")
  func reductions() throws {
    let a = sparseNumbers([4, 5, 3], seed: 8)
    for shift in [0.0, 2] {
      let (s, d) = (try stored(a) + shift, a + shift)
      for axes in [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2]] {
        try expectSame(s.sum(axes: axes).asDense(), d.sum(axes: axes), "sum \(axes)")
        try expectSame(s.min(axes: axes).asDense(), d.min(axes: axes), "min \(axes)")
        try expectSame(s.prod(axes: axes).asDense(), d.prod(axes: axes), "prod \(axes)")
        try expectSame(s.mean(axes: axes).asDense(), d.mean(axes: axes), "mean \(axes)")
        try expectSame((s .> 1).any(axes: axes).asDense(), (d .> 1).any(axes: axes), "any \(axes)")
      }
      try expectSame(s.std(axis: 1).asDense(), d.std(axis: 1), "std")
      try expectSame(s.argmax(axis: 1).asDense(), d.argmax(axis: 1), "argmax")
    }
  }

  @Test("entries move as elements do", arguments: formats.prefix(5))
  func movement(format: SparseFormat) throws {
    let a = sparseNumbers([6, 8], seed: 9)
    let s = try stored(a, format)
    let moves: [(String, (NDArray) -> NDArray)] = [
      ("transpose", { $0.T }), ("reshape", { $0.reshaped([4, 12]) }),
      ("flat", { $0.reshaped([48]) }),
      ("slice", { $0[1..<5, .stride(from: 1, to: 7, by: 2)] }), ("row", { $0[2] }),
      ("reverse", { flip($0, axis: 1) }), ("pad", { pad($0, [(1, 2), (0, 3)]) }),
      ("concatenate", { concatenate([$0, $0 * 2], axis: 1) }), ("roll", { roll($0, 3, axis: 1) }),
      ("take", { $0[[5, 0, 5, -1]] }), ("columns", { take($0, [[1, 2], [7, 7]], axis: 1) }),
      ("stack", { stack([$0, $0], axis: 1) }), ("column", { $0[.all, .newAxis, 3] }),
      ("tile", { tile($0, [2, 1]) }), ("broadcast", { $0 + $0[0] }),
      ("kron", { kron($0[..<2, ..<2], $0[2..<4, 2..<4]) }),
    ]
    for (name, move) in moves { try expectSame(move(s).asDense(), move(a), name) }
  }

  // MARK: - Products

  @Test("products of one sparse factor", arguments: formats.prefix(5))
  func products(format: SparseFormat) throws {
    let a = sparseNumbers([7, 9], seed: 10)
    let s = try stored(a, format)
    let (x, y) = (sparseNumbers([9], seed: 11) + 1, sparseNumbers([7], seed: 12) + 1)
    let (b, c) = (sparseNumbers([9, 5], seed: 13) + 1, sparseNumbers([7, 5], seed: 14) + 1)
    try expectSame(s • x, a • x, "SpMV")
    try expectSame(s.T • y, a.T • y, "transposed SpMV")
    try expectSame(y • s, y • a, "vector first")
    try expectSame(s • b, a • b, "SpMM")
    try expectSame(s.T • c, a.T • c, "transposed SpMM")
    try expectSame(c.T • s, c.T • a, "dense first")
    let sampled = s * (c • b.T)
    try expectSame(sampled.asDense(), a * (c • b.T), "SDDMM")
    try expectSame(einsum("ij,ik,jk->ij", s, c, b).asDense(), a * (c • b.T), "SDDMM as einsum")
    try expectSame(einsum("ij,ij->", s, s), (a * a).sum(), "inner")
    try expectSame(einsum("ij,j->ji", s, x).asDense(), (a * x).T, "scaled")
    let single = s.asType(.float32) • x.asType(.float32)
    #expect(single.dtype == .float32)
    try expectSame((s.asType(.int32) • x.asType(.int32)), a.asType(.int32) • x.asType(.int32))
    try expectSame((s .> 0) • (x .> 1), (a .> 0) • (x .> 1), "truth")
  }

  @Test("products of tensors")
  func tensors() throws {
    let a = sparseNumbers([4, 5, 6], seed: 15)
    let s = try stored(a)
    let (b, c) = (sparseNumbers([5, 3], seed: 16) + 1, sparseNumbers([6, 3], seed: 17) + 1)
    let v = sparseNumbers([6], seed: 18) + 1
    try expectSame(einsum("ijk,jr,kr->ir", s, b, c), einsum("ijk,jr,kr->ir", a, b, c), "MTTKRP")
    try expectSame(
      einsum("ijk,k->ij", s, v).asDense(), einsum("ijk,k->ij", a, v), "TTV")
    try expectSame(einsum("ijk,kr->ijr", s, c), einsum("ijk,kr->ijr", a, c), "TTM")
    try expectSame(einsum("ijk->j", s), einsum("ijk->j", a), "sum")
  }

  @Test("products of two sparse factors", arguments: formats.prefix(6))
  func sparseProducts(format: SparseFormat) throws {
    let (a, b) = (sparseNumbers([8, 6], seed: 19), sparseNumbers([6, 9], seed: 20))
    let (s, t) = (try stored(a, format), try stored(b, format))
    let product = s • t
    #expect(try product.layout().isDense == false)
    try expectSame(product.asDense(), a • b, "SpGEMM")
    try expectSame((s • t.asSparse(.csr)).asDense(), a • b, "mixed formats")
    try expectSame(((s • t) • t.T).asDense(), a • b • b.T, "twice")
    try expectSame(
      einsum("ij,jk->ki", s, t).asDense(), (a • b).T, "transposed result")
    try expectSame(einsum("ij,ik->jk", s, s).asDense(), a.T • a, "shared rows")
    try expectSame(einsum("ij,kl->ijkl", s, t).asDense(), einsum("ij,kl->ijkl", a, b), "outer")
  }

  // MARK: - Storage and executors

  @Test("sparse arrays need no setting, and memory is that of their entries")
  func memory() throws {
    let n = 50_000
    let rows = arange(n)
    let s = try NDArray(
      coordinates: [rows, (rows * 7) % n], values: ones([n]), shape: [n, n], format: .csr)
    let session = Session.standard.with(memoryLimit: .mebibytes(64))
    try session.with { () throws in
      let x = ones([n])
      #expect(try (s • x).sum().item(Double.self) == Double(n))
      #expect(try (sin(s) * 2 + s.T).sum().item(Double.self) > 0)
      #expect(try (s • s).storedCount() == n)
      #expect(try s.sum(axis: 0).sum().item(Double.self) == Double(n))
    }
    #expect(session.memory.peakBytes < 64 << 20)
    #expect(try (s * 2).explain().contains("executor: sparse (auto"))
  }

  @Test("a sampled product does not form the product")
  func sampled() throws {
    let n = 3000
    let s = try NDArray(
      coordinates: [arange(n), (arange(n) * 7) % n], values: ones([n]), shape: [n, n], format: .csr)
    let (u, v) = (ones([n, 4]), ones([n, 4]))
    let session = Session.standard.with(memoryLimit: .mebibytes(16))
    let result = try session.with { try einsum("ij,ik,jk->ij", s, u, v).compute() }
    #expect(try result.storedCount() == n)
    #expect(try result.sum().item(Double.self) == Double(4 * n))
  }

  @Test("what would densify beyond the limit says op, bytes and limit")
  func limit() throws {
    let s = try stored(sparseNumbers([40, 30]), .csr)
    var session = Session.standard
    session.densifyLimit = .bytes(1000)
    for executor in [ExecutorName.auto, .reference] {
      do {
        _ = try session.with(executor: executor) { try cumsum(s, axis: 0).compute() }
        Issue.record("no error on \(executor)")
      } catch {
        let error = try #require(error as? WeftError)
        #expect(error.code == .wouldDensify)
        #expect(error.message.contains("9600 bytes") && error.message.contains("1000 bytes"))
      }
    }
    let before = session.runtime.counters["densified"]
    try expectSame(cumsum(s, axis: 0), cumsum(s.asDense(), axis: 0))
    #expect(session.runtime.counters["densified"] > before)
    #expect(session.runtime.counters.events.contains { $0.kind == "densify" })
  }

  @Test("other executors give the same answers", arguments: [ExecutorName.reference, .blas])
  func executors(name: ExecutorName) throws {
    let a = sparseNumbers([5, 6], seed: 21)
    let s = try stored(a, .csr)
    let result = try Session.standard.with(executor: name) {
      try (s • (s.T + 1)).sum(axis: 0).compute()
    }
    try expectSame(result, (a • (a.T + 1)).sum(axis: 0))
  }

  @Test("layouts stand in the text of graphs and are read from it")
  func text() throws {
    let s = try stored(sparseNumbers([4, 5]), .csc)
    let graph = try (s * 2).asSparse(.fibres).graph()
    let text = graph.text()
    #expect(
      text.contains("%p0: float64[4, 5] in {dense, compressed} order [1, 0] fill float64 0.0"))
    #expect(text.contains("store %2 {compressed, compressed} fill float64 0.0"))
    #expect(try Graph(parsing: text) == graph)
    #expect(graph.givenDense != graph)
    for wrong in [
      "in {dense, dense}", "in {singleton, dense} fill float64 0.0", "in {dense, compressed}",
    ] {
      #expect(throws: WeftError.self) {
        try Graph(parsing: "graph @main(%x: float64[4, 5] \(wrong)) {\n  return %x\n}")
      }
    }
  }

  @Test("compiled functions take sparse arrays")
  func compiled() throws {
    let a = sparseNumbers([5, 5], seed: 22)
    let step = compile { (x: NDArray) in (x * 2 + 1).sum(axis: 0) }
    try expectSame(try step(stored(a, .csr)), (a * 2 + 1).sum(axis: 0))
    try expectSame(try step(a), (a * 2 + 1).sum(axis: 0))
  }
}
