import Foundation
import Testing
@testable import Weft
import WeftIR

@Suite struct SparseFilesTests {
  private func path(_ name: String) -> String {
    NSTemporaryDirectory() + "weft-\(UUID().uuidString)-\(name)"
  }

  private func matrix(_ text: String) throws -> NDArray {
    let path = path("\(abs(text.hashValue)).mtx")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try NDArray(contentsOf: path)
  }

  @Test("each variant of the header is read")
  func variants() throws {
    let head = "%%MatrixMarket matrix"
    let general = try matrix(
      "\(head) coordinate real general\n% note\n\n2 3 3\n1 1 1.5\n2 3 -2e1\n1 1 1\n")
    #expect(general.expr.buffer?.layout != nil)
    try expectSame(general.asDense(), [[2.5, 0, 0], [0, 0, -20]])
    let symmetric = try matrix("\(head) coordinate integer symmetric\n2 2 2\n1 1 7\n2 1 5\n")
    #expect(symmetric.dtype == .int64)
    try expectSame(symmetric.asDense(), [[7, 5], [5, 0]])
    let skew = try matrix("\(head) Coordinate Real Skew-Symmetric\r\n2 2 1\r\n2 1 5\r\n")
    try expectSame(skew.asDense(), [[0.0, -5], [5, 0]])
    let pattern = try matrix("\(head) coordinate pattern general\n2 2 1\n2 1\n")
    try expectSame(pattern.asDense(), [[0.0, 0], [1, 0]])
    let hermitian = try matrix("\(head) coordinate complex hermitian\n2 2 2\n1 1 3 0\n2 1 1 2\n")
    #expect(hermitian.dtype == .complex128)
    try expectSame(imag(hermitian.asDense()), [[0.0, -2], [2, 0]])
    let array = try matrix("\(head) array real general\n2 3\n1\n2\n3\n4\n5\n6\n")
    #expect(array.expr.buffer?.layout == nil)
    try expectSame(array, [[1.0, 3, 5], [2, 4, 6]])
    let triangle = try matrix("\(head) array integer symmetric\n2 2\n1\n2\n3\n")
    try expectSame(triangle, [[1, 2], [2, 3]])
    let skewArray = try matrix("\(head) array real skew-symmetric\n2 2\n4\n")
    try expectSame(skewArray, [[0.0, -4], [4, 0]])
    // As SciPy reads and writes them.
    let realHermitian = try matrix("\(head) coordinate real hermitian\n2 2 1\n2 1 5\n")
    try expectSame(realHermitian.asDense(), [[0.0, 5], [5, 0]])
    let skewPattern = try matrix("\(head) coordinate pattern skew-symmetric\n2 2 1\n2 1\n")
    try expectSame(skewPattern.asDense(), [[0.0, -1], [1, 0]])
    let zeroDiagonal = try matrix(
      "\(head) coordinate real skew-symmetric\n2 2 2\n1 1 0\n2 1 5\n")
    try expectSame(zeroDiagonal.asDense(), [[0.0, -5], [5, 0]])
    let unsigned = try matrix(
      "\(head) coordinate unsigned-integer general\n2 2 1\n1 2 18446744073709551615\n")
    #expect(unsigned.dtype == .uint64)
    #expect(try unsigned[0, 1].item(UInt64.self) == .max)
  }

  @Test("a matrix of far more rows than entries is stored by coordinates")
  func manyRows() throws {
    let text = "%%MatrixMarket matrix coordinate real general\n"
    let side = 1 << 40
    let a = try matrix("\(text)\(side) \(side) 2\n\(side) 3 5\n1 1 2\n")
    #expect(a.expr.buffer?.layout?.leadingDenseLevels == 0)
    #expect(try a.sum().item(Double.self) == 7)
    #expect(try a[side - 1, 2].item(Double.self) == 5)
    for kind in ["npz", "mtx"] {
      let path = path("huge.\(kind)")
      defer { try? FileManager.default.removeItem(atPath: path) }
      try (a * 2).save(to: path)
      let back = try NDArray(contentsOf: path)
      #expect(back.shape == [side, side])
      #expect(try back.sum().item(Double.self) == 14)
    }
  }

  @Test("shapes far beyond what is stored take no time and no memory")
  func greatShapes() throws {
    let none = try matrix(
      "%%MatrixMarket matrix array real general\n0 4611686018427387904\n")
    #expect(none.shape == [0, 1 << 62])
    let path = path("great.npz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    for shape in [[1 << 40, 3], [3, 1 << 40]] {
      let parts: [(name: String, array: NDArray)] = [
        ("offsets", [-1, 1]), ("shape", NDArray(shape)), ("data", ones([2, 3])),
      ]
      try NPZFile.write(
        parts.map { ($0.name, try $0.array.buffer()) }, to: path, format: "dia")
      let session = Session.standard.with(memoryLimit: .mebibytes(1))
      try session.with { () throws in
        let a = try NDArray(contentsOf: path)
        #expect(a.shape == shape)
        #expect(try a.sum().item(Double.self) == (shape[0] == 3 ? 4 : 5))
      }
    }
  }

  @Test("files have what SciPy and pydata/sparse ask for", arguments: [2, 3])
  func marks(rank: Int) throws {
    let a = sparseNumbers(Array([4, 3, 2].prefix(rank)))
    let path = path("marks-\(rank).npz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try a.asSparse().save(to: path)
    let file = try NPZFile(reading: path)
    #expect(try file.text("format") == "coo")
    let names = rank == 2 ? ["row", "col"] : ["coords", "fill_value", "_is_array"]
    #expect(Set(file.names).isSuperset(of: names + ["shape", "data", "format"]))
    let layout = Layout.coordinates(rank: rank, fill: Scalar(0.0, .float64))
    #expect(try NDArray(contentsOf: path).layout() == layout)
    try a.asSparse(.generalised(leading: [rank - 1]), fill: 1).save(to: path)
    #expect(try NPZFile(reading: path).text("format") == "gcxs")
  }

  @Test("what a pattern does not say is not written")
  func pattern() throws {
    let path = path("pattern.mtx")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try NDArray(
      coordinates: [[0, 1], [1, 0]], values: [true, false], shape: [2, 2]
    ).save(to: path)
    try expectSame(NDArray(contentsOf: path).asDense(), [[0.0, 1], [0, 0]])
    try NDArray(coordinates: [[0], [1]], values: NDArray([UInt64.max]), shape: [2, 2])
      .save(to: path)
    #expect(try NDArray(contentsOf: path)[0, 1].item(UInt64.self) == .max)
  }

  @Test(
    "damaged files are errors that name the line",
    arguments: [
      "", "hello", "%%MatrixMarket matrix coordinate real\n1 1 0\n",
      "%%MatrixMarket matrix coordinate real general\n",
      "%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n",
      "%%MatrixMarket matrix coordinate real general\n2 2 1\n0 1 1\n",
      "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1\n",
      "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 x\n",
      "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n1 2 1\n",
      "%%MatrixMarket matrix coordinate real general\n2 2 999999999999\n1 1 1\n",
      "%%MatrixMarket matrix coordinate real general\n-2 2 0\n",
      "%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 1 99999999999999999999\n",
      "%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n",
      "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n",
      "%%MatrixMarket matrix coordinate unsigned-integer skew-symmetric\n2 2 0\n",
      "%%MatrixMarket matrix coordinate unsigned-integer general\n2 2 1\n1 1 -1\n",
      // Numbers of one line do not stand in for those of another.
      "%%MatrixMarket matrix coordinate pattern general\n3 3 3\n1 1 2\n3 1 1\n",
      "%%MatrixMarket matrix coordinate real general\n3 3 2\n1 1\n2 2 3\n1 5\n",
      "%%MatrixMarket matrix coordinate real general\n3 3\n1\n1 1 5\n",
      "%%MatrixMarket matrix array complex general\n1 2\n1\n2 3\n4\n",
      "%%MatrixMarket matrix array pattern general\n2 2\n",
      "%%MatrixMarket matrix array real general\n99999999 99999999\n1\n",
      "%%MatrixMarket matrix blocks real general\n2 2\n",
      "%%MatrixMarket vector array real general\n2\n",
    ])
  func damaged(text: String) throws {
    do {
      _ = try matrix(text)
      Issue.record("no error")
    } catch {
      let error = try #require(error as? WeftError)
      #expect(error.code == .fileFormat)
      #expect(error.message.contains("line "))
    }
  }

  @Test("files of cut and changed bytes never stop the process")
  func hostile() throws {
    let text = "%%MatrixMarket matrix coordinate complex general\n3 3 2\n1 2 0.5 -1\n3 3 1e3 2\n"
    for end in 0..<text.utf8.count { _ = try? matrix(String(text.prefix(end))) }
    var state: UInt64 = 7
    for _ in 0..<200 {
      var bytes = Array(text.utf8)
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20) & 0x7F
      }
      _ = try? matrix(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("what is written is read again", arguments: ["mtx", "npz"])
  func written(kind: String) throws {
    let a = sparseNumbers([6, 5], seed: 30)
    let formats: [SparseFormat] = [
      .coordinates, .csr, .csc, .fibres, .diagonals, .blocks(rows: 2, columns: 5),
      .blocks(rows: 4, columns: 3),
    ]
    for format in formats {
      let path = path("\(format).\(kind)")
      defer { try? FileManager.default.removeItem(atPath: path) }
      try a.asSparse(format).save(to: path)
      let back = try NDArray(contentsOf: path)
      #expect(back.expr.buffer?.layout != nil)
      try expectSame(back.asDense(), a, "\(format)")
    }
    if kind == "npz" {
      let tensor = sparseNumbers([3, 4, 2], seed: 31)
      let path = path("tensor.npz")
      defer { try? FileManager.default.removeItem(atPath: path) }
      try (tensor.asSparse() + 1).save(to: path)
      let back = try NDArray(contentsOf: path)
      #expect(try back.fillValue() == Scalar(1.0, .float64))
      try expectSame(back.asDense(), tensor + 1)
    }
  }

  @Test("rows along any axes are written as pydata/sparse's GCXS")
  func generalised() throws {
    let tensor = sparseNumbers([3, 4, 2, 5], seed: 31)
    for leading in [[0], [2], [1, 3], [3, 0], [0, 1, 2]] {
      let path = path("gcxs-\(leading.count)-\(leading[0]).npz")
      defer { try? FileManager.default.removeItem(atPath: path) }
      try (tensor.asSparse(.generalised(leading: leading)) + 1).asSparse(
        .generalised(leading: leading), fill: 1
      ).save(to: path)
      let back = try NDArray(contentsOf: path)
      // Its axes are sorted there.
      #expect(try back.layout().leadingDenseLevels == leading.count)
      #expect(try back.fillValue() == Scalar(1.0, .float64))
      try expectSame(back.asDense(), tensor + 1)
    }
  }

  @Test(
    "files that SciPy and pydata/sparse wrote",
    arguments: ["csr", "csc", "coo", "pydata", "bsr", "dia", "gcxs"])
  func foreign(name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/sparse").path
    let a = try NDArray(contentsOf: "\(folder)/\(name).npz")
    #expect(a.expr.buffer?.layout != nil)
    let expected: NDArray = [[0.0, 1.5, 0, 0], [2, 0, 0, -3], [0, 0, 0, 0]]
    try expectSame(a.asDense(), expected)
    let tensor = try NDArray(contentsOf: "\(folder)/gcxs3.npz")
    #expect(try tensor.layout().leadingDenseLevels == 2)
    try expectSame(tensor.asDense(), expected.reshaped([3, 2, 2]))
  }

  @Test("parts of archives that do not go together are errors")
  func wrongArchives() throws {
    let ends: NDArray = [0, 1, 1]
    let archives: [[(name: String, array: NDArray)]] = [
      [("data", [1.0, 2]), ("shape", [2, 2]), ("coords", [[0, 5], [0, 1]])],
      [
        ("data", [1.0]), ("shape", [2, 2]), ("indptr", ends), ("indices", [3]),
        ("compressed_axes", [0]),
      ],
      [
        ("data", [1.0]), ("shape", [2, 2]), ("indptr", ends), ("indices", [1]),
        ("compressed_axes", [4]),
      ],
      [
        ("data", [1.0]), ("shape", [2, 2]), ("indptr", ends), ("indices", [1]),
        ("compressed_axes", [0, 1]),
      ],
      [
        ("data", [1.0]), ("shape", [2, 2]), ("indptr", [0, 2, 1]), ("indices", [1]),
        ("compressed_axes", [0]),
      ],
      [
        ("data", [1.0]), ("shape", [2, 2]), ("indptr", [0]), ("indices", [1]),
        ("compressed_axes", [0]),
      ],
      [
        ("data", [1.0]), ("shape", [-2, 2]), ("indptr", ends), ("indices", [1]),
        ("compressed_axes", [0]),
      ],
      [
        ("data", [[1.0]]), ("shape", [2, 2]), ("indptr", ends), ("indices", [1]),
        ("compressed_axes", [0]),
      ],
    ]
    for parts in archives { try wrong(parts) }
  }

  /// SciPy's formats are named in the archive, by a text that only the writer of archives makes.
  @Test("parts of SciPy's blocks and diagonals that do not go together are errors")
  func wrongPacked() throws {
    let blocks: NDArray = [[[1.0, 2], [3, 4]]]
    let archives: [(String, [(name: String, array: NDArray)])] = [
      ("bsr", [("data", [1.0]), ("shape", [2, 2]), ("indptr", [0, 1]), ("indices", [0])]),
      ("bsr", [("data", blocks), ("shape", [3, 2]), ("indptr", [0, 1]), ("indices", [0])]),
      ("bsr", [("data", blocks), ("shape", [2, 2]), ("indptr", [0, 1]), ("indices", [1])]),
      (
        "bsr",
        [
          ("data", blocks), ("shape", [2, 2]), ("indptr", [0, 1]),
          ("indices", [4_611_686_018_427_387_904]),
        ]
      ),
      ("bsr", [("data", blocks), ("shape", [2, 2]), ("indptr", [0, 2]), ("indices", [0, 0])]),
      ("bsr", [("data", blocks), ("shape", [2]), ("indptr", [0, 1]), ("indices", [0])]),
      ("dia", [("data", [[1.0, 2]]), ("shape", [2, 2]), ("offsets", [0, 1])]),
      ("dia", [("data", [1.0, 2]), ("shape", [2, 2]), ("offsets", [0])]),
      ("dia", [("data", [[1.0, 2]]), ("shape", [2, 2])]),
      ("bent", [("data", [1.0]), ("shape", [2, 2])]),
    ]
    for (format, parts) in archives { try wrong(parts, format) }
    // Diagonals outside the matrix say nothing, as in SciPy.
    let path = path("outside.npz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let far = [Int.max, Int.min, -2, 2]
    let parts = [("offsets", NDArray(far)), ("shape", [2, 2]), ("data", ones([4, 2]))]
    try NPZFile.write(parts.map { ($0.0, try $0.1.buffer()) }, to: path, format: "dia")
    #expect(try NDArray(contentsOf: path).sum().item(Double.self) == 0)
  }

  private func wrong(_ parts: [(name: String, array: NDArray)], _ format: String? = nil) throws {
    let path = path("wrong.npz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let format {
      try NPZFile.write(parts.map { ($0.name, try $0.array.buffer()) }, to: path, format: format)
    } else {
      try NDArray.save(parts, to: path)
    }
    do {
      _ = try NDArray(contentsOf: path)
      Issue.record("no error for \(parts)")
    } catch { #expect(error.code == .fileFormat, "\(error)") }
  }

  @Test("the real graphs have what is known of them")
  func graphs() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/sparse").path
    let g = try NDArray(contentsOf: "\(folder)/karate.mtx")
    #expect(try g.storedCount() == 156)
    let triangles: Int = try (((g • g) * g).sum() / 6).asType(.int64).item()
    #expect(triangles == 45)
  }
}
