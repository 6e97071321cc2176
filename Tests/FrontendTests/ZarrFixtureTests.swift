import Foundation
import Testing
import WeftIR

@testable import Weft

/// What is there on this machine of libraries that are opened when they are needed.
enum OpenedLibraries {
  static let hasBlosc = (try? BloscLibrary.open(for: "test")) != nil
}

/// Stores that zarr-python wrote (`Tests/Fixtures/make_zarr.py`).
@Suite("Zarr stores of zarr-python")
struct ZarrFixtureTests: FileTesting {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/zarr").path

  static let bloscNames = ["lz4", "lz4hc", "blosclz", "zstd", "zlib"].flatMap { compressor in
    (0...2).map { "v2-blosc-\(compressor)-\($0)" }
  }

  /// The store has the pattern, in memory and chunk by chunk.
  private func check(_ name: String, _ dtype: DType, _ extents: [Int]) throws {
    let x = try NDArray(contentsOf: "\(Self.folder)/\(name).zarr")
    #expect(x.dtype == dtype && x.shape == extents)
    let expected = NDArray(try pattern(dtype, extents))
    for executor: ExecutorName in [.reference, .chunked] {
      let isSame: Bool = try (x .== expected).all().compute(on: executor).item()
      #expect(isSame, "\(name) on \(executor)")
    }
    guard let last = extents.last, last > 3 else { return }
    let part: Bool = try (x[.ellipsis, 1..<3] .== expected[.ellipsis, 1..<3]).all().compute(
      on: .chunked
    ).item()
    #expect(part)
  }

  @Test(
    "blosc: all compressors and shuffles", .enabled(if: OpenedLibraries.hasBlosc),
    arguments: bloscNames)
  func blosc(_ name: String) throws { try check(name, .int32, [7, 30]) }

  @Test("version 2: gzip, zlib, zstd, the other byte order, nested keys, bool")
  func second() throws {
    try check("v2-gzip-big", .float64, [5, 6])
    try check("v2-zlib-nested", .int16, [5, 6])
    try check("v2-zstd-bool", .bool, [10])
  }

  @Test("chunks in Fortran order, and transposed")
  func orders() throws {
    try check("v2-fortran", .complex64, [3, 4, 5])
    try check("v3-transpose", .float16, [3, 4, 5])
  }

  @Test(
    "version 3: gzip with a checksum behind, zstd with one inside, the other byte order, no axes")
  func third() throws {
    try check("v3-gzip-crc", .uint16, [7, 9])
    try check("v3-zstd-big", .float32, [7, 9])
    try check("v3-scalar", .int64, [])
  }

  @Test("version 3: blosc", .enabled(if: OpenedLibraries.hasBlosc))
  func thirdBlosc() throws { try check("v3-blosc", .complex128, [7, 9]) }

  @Test("version 3: several chunks to a file, the index at either end, some chunks not stored")
  func shards() throws {
    try check("v3-shards", .int32, [10, 12])
    try check("v3-shards-start", .float64, [9, 7])
    let x = try NDArray(contentsOf: "\(Self.folder)/v3-shards-some.zarr")
    var expected = [Int](repeating: -9, count: 120)
    for i in 0..<12 { expected[(3 + i / 6) * 12 + 2 + i % 6] = 3 * i - 5 }
    for executor: ExecutorName in [.reference, .chunked] {
      let values: [Int] = try x.asType(.int64).compute(on: executor).toArray()
      #expect(values == expected)
      let part: [Int] = try x[2..<6, 5..<9].asType(.int64).compute(on: executor).toArray()
      let rows: [ArraySlice<Int>] = (2..<6).map { (row: Int) in
        expected[row * 12 + 5..<row * 12 + 9]
      }
      #expect(part == Array(rows.joined()))
    }
  }

  @Test("a shard may be damaged anywhere, end anywhere, and name places outside of it")
  func damagedShards() throws {
    let scratch = ScratchFolder()
    let copy = scratch.file("x.zarr")
    try FileManager.default.copyItem(atPath: "\(Self.folder)/v3-shards.zarr", toPath: copy)
    let file = copy + "/c/0/0"
    let whole = try bytes(ofFile: file)
    func code(_ bytes: [UInt8]) throws -> ErrorCode? {
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      return failure { () throws(WeftError) in
        _ = try (NDArray(contentsOf: copy) + 0).compute(on: .reference)
      }?.code
    }
    #expect(try code(whole) == nil)
    for count in 0..<whole.count { #expect(try code(Array(whole[..<count])) == .fileFormat) }
    for place in whole.count - 68..<whole.count {
      var bytes = whole
      bytes[place] ^= 0x5A
      #expect(try code(bytes) == .fileFormat, "byte \(place) of the index")
    }
    // Without a checksum, in the other store, an index can say anything.
    let other = scratch.file("y.zarr")
    try FileManager.default.copyItem(
      atPath: "\(Self.folder)/v3-shards-start.zarr", toPath: other)
    for word in [UInt64.max - 1, 1 << 63, 1 << 40, 5000] {
      for place in [0, 8] {
        var bytes = try bytes(ofFile: other + "/c/0/0")
        withUnsafeBytes(of: word.bigEndian) { bytes.replaceSubrange(place..<place + 8, with: $0) }
        let broken = scratch.file("z-\(word)-\(place).zarr")
        try FileManager.default.copyItem(atPath: other, toPath: broken)
        try Data(bytes).write(to: URL(fileURLWithPath: broken + "/c/0/0"))
        let error = failure { () throws(WeftError) in
          _ = try NDArray(contentsOf: broken).sum().compute(on: .chunked)
        }
        #expect(error?.code == .fileFormat && error?.message.contains("said to be") == true)
      }
    }
  }

  @Test("each byte of a compressed chunk may be wrong, and the chunk may end anywhere")
  func damage() throws {
    let names =
      ["v3-gzip-crc", "v3-zstd-big", "v2-gzip-big"]
      + (OpenedLibraries.hasBlosc ? ["v3-blosc", "v2-blosc-lz4-1", "v2-blosc-blosclz-2"] : [])
    for name in names {
      let scratch = ScratchFolder()
      let copy = scratch.file("x.zarr")
      try FileManager.default.copyItem(atPath: "\(Self.folder)/\(name).zarr", toPath: copy)
      let chunk = name.hasPrefix("v3") ? copy + "/c/0/0" : copy + "/0.0"
      let whole = try bytes(ofFile: chunk)
      func code(_ bytes: [UInt8]) throws -> ErrorCode? {
        try Data(bytes).write(to: URL(fileURLWithPath: chunk))
        return failure { () throws(WeftError) in
          _ = try (NDArray(contentsOf: copy) + 0).compute(on: .reference)
        }?.code
      }
      for count in stride(from: 0, to: whole.count, by: 7) {
        #expect(try code(Array(whole[..<count])) == .fileFormat, "\(name), \(count) bytes")
      }
      for place in stride(from: 0, to: whole.count, by: 5) {
        var bytes = whole
        bytes[place] ^= 0x5A
        let found = try code(bytes)
        // Blosc's blocks have no checksum: some damage is only other elements.
        #expect(found == nil || found == .fileFormat, "\(name), byte \(place): \(found as Any)")
        #expect(found != nil || name.contains("blosc") || name.contains("gzip-big"))
      }
    }
  }

  @Test("metadata that lie are errors, and take no memory")
  func hostile() throws {
    func store(_ metadata: String, chunk: [UInt8]? = nil) throws -> WeftError? {
      let scratch = ScratchFolder()
      _ = try scratch.write(Array(metadata.utf8), ".zarray")
      if let chunk { _ = try scratch.write(chunk, "0") }
      return failure { () throws(WeftError) in
        _ = try NDArray(contentsOf: scratch.path)[..<2].compute(on: .chunked)
      }
    }
    func metadata(_ shape: String, _ chunks: String, _ more: String = "") -> String {
      """
      {"zarr_format": 2, "shape": \(shape), "chunks": \(chunks), "dtype": "|i1", "fill_value": 0,
       "order": "C", "filters": null, "compressor": null\(more)}
      """
    }
    let most = Int.max
    #expect(try store(metadata("[\(most)]", "[\(most)]"))?.code == .fileFormat)
    #expect(try store(metadata("[4611686018427387909]", "[4611686018427387904]")) != nil)
    #expect(try store(metadata("[0, \(1 << 40), \(1 << 40)]", "[1, 1, 1]")) != nil)
    #expect(try store(metadata("[9223372036854775808]", "[1]")) != nil)
    #expect(try store(metadata("[4]", "[4]", #", "dimension_separator": "/../""#)) != nil)
    // The whole is too large, but two elements of it are not; the chunk's file is far too small.
    let large = metadata("[\(1 << 50)]", "[\(1 << 50)]")
    #expect(try store(large) == nil)
    #expect(try store(large, chunk: [1, 2, 3])?.code == .fileFormat)
    let deep = String(repeating: "[", count: 100_000)
    #expect(try store(deep)?.code == .fileFormat)
  }
}
