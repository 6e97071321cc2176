import Foundation
import Testing
import Weft
import WeftIR

/// Zarr directory stores as their specifications have them, written by hand.
@Suite("Zarr stores")
struct ZarrTests {
  /// A folder with files, removed at the end.
  private func inStore(
    _ files: [String: [UInt8]], _ body: (String) throws -> Void
  ) throws {
    let folder = NSTemporaryDirectory() + "weft-\(UUID().uuidString).zarr"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, bytes) in files {
      let path = folder + "/" + name
      let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    try body(folder)
  }

  private func version2(
    _ shape: [Int], _ chunks: [Int], _ dtype: String, compressor: String = "null",
    fill: String = "0", more: String = ""
  ) -> [UInt8] {
    Array(
      """
      {"zarr_format": 2, "shape": \(shape), "chunks": \(chunks), "dtype": "\(dtype)",
       "compressor": \(compressor), "fill_value": \(fill), "order": "C", "filters": null\(more)}
      """.utf8)
  }

  private func version3(
    _ shape: [Int], _ chunks: [Int], _ type: String, codecs: String
  ) -> [UInt8] {
    Array(
      """
      {"zarr_format": 3, "node_type": "array", "shape": \(shape), "data_type": "\(type)",
       "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": \(chunks)}},
       "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
       "fill_value": "NaN", "codecs": [\(codecs)], "attributes": {}}
      """.utf8)
  }

  private func bytes<Element>(_ elements: [Element]) -> [UInt8] {
    elements.withUnsafeBytes { Array($0) }
  }

  /// Deflate data of one stored block.
  private func stored(_ data: [UInt8]) -> [UInt8] {
    let count = UInt16(data.count)
    return [1] + bytes([count, ~count]) + data
  }

  private func adler(_ data: [UInt8]) -> [UInt8] {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return bytes([(b << 16 | a).bigEndian])
  }

  @Test("version 2: chunks that go on behind the array, and chunks that are not stored")
  func edges() throws {
    let files: [String: [UInt8]] = [
      ".zarray": version2([3, 5], [2, 3], "<f8", fill: "\"Infinity\""),
      "0.0": bytes([0.0, 1, 2, 10, 11, 12]), "0.1": bytes([3.0, 4, -1, 13, 14, -1]),
      "1.1": bytes([23.0, 24, -1, -1, -1, -1]),
    ]
    try inStore(files) { folder in
      let x = try NDArray(contentsOf: folder)
      #expect(x.shape == [3, 5] && x.dtype == .float64)
      for executor: ExecutorName in [.blas, .reference, .chunked] {
        let found: [Double] = try (x + 0).compute(on: executor).toArray()
        let infinity = Double.infinity
        #expect(
          found == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, infinity, infinity, infinity, 23, 24])
        let sum: Double = try x[..<2].sum().compute(on: executor).item()
        #expect(sum == 70)
      }
    }
  }

  @Test("version 2: zlib, the other byte order, nested keys")
  func zlib() throws {
    let data = bytes([Int32(7).bigEndian, Int32(-9).bigEndian])
    let files: [String: [UInt8]] = [
      ".zarray": version2(
        [2, 2], [1, 2], ">i4", compressor: #"{"id": "zlib", "level": 1}"#, fill: "5",
        more: #", "dimension_separator": "/""#),
      "1/0": [0x78, 0x01] + stored(data) + adler(data),
    ]
    try inStore(files) { folder in
      let found: [Int32] = try NDArray(contentsOf: folder).toArray()
      #expect(found == [5, 5, 7, -9])
    }
  }

  @Test("version 3: plain bytes, and zstd")
  func third() throws {
    let little = #"{"name": "bytes", "configuration": {"endian": "little"}}"#
    let data = bytes([Float(1), 2, 3])
    try inStore([
      "zarr.json": version3([5], [3], "float32", codecs: little), "c/0": data,
    ]) { folder in
      let found: [Float] = try NDArray(contentsOf: folder).toArray()
      #expect(found[..<3] == [1, 2, 3] && found[3].isNaN && found[4].isNaN)
    }
    // A frame of one raw block: RFC 8878, 3.1.1.
    let frame: [UInt8] =
      [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(data.count), UInt8(data.count << 3 | 1), 0, 0] + data
    let codecs = little + #", {"name": "zstd", "configuration": {"level": 0, "checksum": false}}"#
    try inStore([
      "zarr.json": version3([3], [3], "float32", codecs: codecs), "c/0": frame,
    ]) { folder in
      let found: [Float] = try NDArray(contentsOf: folder).toArray()
      #expect(found == [1, 2, 3])
    }
  }

  @Test("damaged and unknown stores are errors that name the file or what is not read")
  func errors() throws {
    func error(_ files: [String: [UInt8]]) throws -> WeftError? {
      var found: WeftError?
      try inStore(files) { folder in
        do throws(WeftError) {
          _ = try NDArray(contentsOf: folder).compute()
        } catch {
          found = error
        }
      }
      return found
    }
    let short = try error([".zarray": version2([4], [4], "<i8"), "0": [1, 2, 3]])
    #expect(short?.code == .fileFormat && short?.operation.contains("/0\"") == true)
    let zlib = version2([4], [4], "<i8", compressor: #"{"id": "zlib"}"#)
    #expect(try error([".zarray": zlib, "0": [0x78, 1, 9, 9]])?.code == .fileFormat)
    let lzma = version2([4], [4], "<i8", compressor: #"{"id": "lzma"}"#)
    let unknown = try error([".zarray": lzma])
    #expect(unknown?.code == .unsupported && unknown?.message.contains("lzma") == true)
    #expect(try error([".zarray": Array("{".utf8)])?.code == .fileFormat)
    #expect(try error([".zarray": version2([4], [0], "<i8")])?.code == .fileFormat)
    #expect(try error([".zarray": version2([-4], [2], "<i8")])?.code == .fileFormat)
    #expect(try error([".zarray": version2([4], [2], "|O")])?.code == .unsupported)
    #expect(try error([:])?.code == .file)
  }
}
