import Dispatch
import Foundation
import Testing
import WeftIR

@testable import Weft

extension OpenedLibraries {
  static let hasHDF5 =
    (try? HDF5Library.use(for: "test") { (_: HDF5Library) throws(WeftError) in true }) == true
}

/// Files that h5py wrote (`Tests/Fixtures/make_hdf5.py`).
@Suite("HDF5 files", .enabled(if: OpenedLibraries.hasHDF5))
struct HDF5Tests: FileTesting {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/hdf5").path

  private func file(_ name: String) -> String { "\(Self.folder)/\(name).h5" }

  private func check(_ path: String, _ dataset: String?, _ dtype: DType, _ extents: [Int]) throws {
    let x = try NDArray(contentsOf: path, dataset: dataset)
    #expect(x.dtype == dtype && x.shape == extents)
    let expected = NDArray(try pattern(dtype, extents))
    for executor: ExecutorName in [.reference, .chunked] {
      let isSame: Bool = try (x .== expected).all().compute(on: executor).item()
      #expect(isSame, "\(dataset ?? path) on \(executor)")
    }
    guard extents.count > 1 else { return }
    let part: Bool = try (x[1..., 1..<3] .== expected[1..., 1..<3]).all().compute(on: .chunked)
      .item()
    #expect(part, "\(dataset ?? path)")
  }

  static let types: [(String, DType)] = [
    ("bool", .bool), ("i1", .int8), ("i2", .int16), ("i4", .int32), ("i8", .int64),
    ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64), ("f2", .float16),
    ("f4", .float32), ("f8", .float64), ("c8", .complex64), ("c16", .complex128),
  ]

  @Test("every dtype, in both orders of bytes", arguments: types)
  func dtypes(_ name: String, _ dtype: DType) throws {
    for order in ["little", "big"] where order == "little" || dtype.itemSize > 1 {
      try check(file("types"), "\(name)-\(order)", dtype, [4, 5])
    }
  }

  @Test("contiguous, chunked, compressed, compact, filled; no axes, no elements; by a link")
  func layouts() throws {
    let path = file("layouts")
    try check(path, "contiguous", .float64, [6, 10])
    try check(path, "/link", .float64, [6, 10])
    try check(path, "chunked", .float64, [6, 10])
    try check(path, "/deep/er/deflate", .int32, [30, 40])
    try check(path, "compact", .int32, [6])
    try check(path, "unlimited", .int16, [9])
    let scalar: Int64 = try NDArray(contentsOf: path, dataset: "scalar").item()
    #expect(scalar == 7)
    let fill: [Float] = try NDArray(contentsOf: path, dataset: "fill").toArray()
    #expect(fill == Array(repeating: 2.5, count: 20))
    #expect(try NDArray(contentsOf: path, dataset: "nothing").compute().shape == [0, 3])
  }

  @Test("a dataset may stand behind the path, and the only one need not be named")
  func names() throws {
    try check(file("one"), nil, .float32, [3, 4])
    try check(file("one") + "/group/only", nil, .float32, [3, 4])
    try check(file("one") + "::group/only", nil, .float32, [3, 4])
    #expect(try HDF5Source.datasets(in: file("layouts")).contains("deep/er/deflate"))
    func error(_ name: String, _ dataset: String?) -> WeftError? {
      failure { () throws(WeftError) in
        _ = try NDArray(contentsOf: file(name), dataset: dataset)
      }
    }
    let several = error("layouts", nil)
    #expect(several?.code == .name && several?.message.contains("\"chunked\"") == true)
    let absent = error("layouts", "deep/absent")
    #expect(absent?.code == .name && absent?.message.contains("deep/er/deflate") == true)
    #expect(error("layouts", "deep")?.code == .name)
    for name in ["text", "strings", "table", "empty"] {
      #expect(error("others", name)?.code == .unsupported, "\(name)")
    }
    let colours: [Int32] = try NDArray(contentsOf: file("others"), dataset: "colours").toArray()
    #expect(colours == [1, 0])
    #expect(error("absent", "x")?.code == .file)
  }

  @Test("threads read at once, in one piece and in chunks")
  func threads() throws {
    let expected = NDArray(try pattern(.int32, [30, 40]))
    let source = try HDF5Source(file("layouts"), dataset: "deep/er/deflate")
    let wrong = Lock(0)
    DispatchQueue.concurrentPerform(iterations: 24) { row in
      var found = [Int32](repeating: 0, count: 40)
      let isRead = found.withUnsafeMutableBytes { bytes in
        (try? source.read(Region([row..<row + 1, 0..<40]), to: bytes.baseAddress!)) != nil
      }
      let right = (0..<40).map { Int32(3 * (row * 40 + $0) - 5) }
      if !isRead || found != right { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(try expected.compute().shape == [30, 40])
  }

  @Test("files that are cut, or no HDF5 files, are errors")
  func damage() throws {
    let scratch = ScratchFolder()
    let whole = try bytes(ofFile: file("layouts"))
    for count in stride(from: 0, to: whole.count, by: 997) {
      let path = try scratch.write(Array(whole[..<count]), "cut.h5")
      let error = failure { () throws(WeftError) in
        _ = try (NDArray(contentsOf: path, dataset: "chunked") + 0).compute(on: .reference)
      }
      #expect(error?.code == .fileFormat, "\(count) bytes: \(error as Any)")
    }
    let text = try scratch.write(Array("no array".utf8), "text.h5")
    #expect(
      failure { () throws(WeftError) in _ = try NDArray(contentsOf: text) }?.code == .fileFormat)
    #expect(
      failure { () throws(WeftError) in _ = try HDF5Source(scratch.path) }?.code == .file)
    // A block of chunks whose compressed bytes are wrong: HDF5 has a checksum for it here.
    var damaged = whole
    let deflated = try #require(
      whole.indices.dropLast(2).first {
        whole[$0] == 0x78 && [0x5E, 0x9C, 0x01].contains(whole[$0 + 1])
      })
    damaged[deflated + 40] ^= 0xFF
    let path = try scratch.write(damaged, "damaged.h5")
    let error = failure { () throws(WeftError) in
      _ = try (NDArray(contentsOf: path, dataset: "deep/er/deflate") + 0).compute(on: .chunked)
    }
    #expect(error?.code == .fileFormat && error?.message.contains("HDF5 says") == true)
  }
}
