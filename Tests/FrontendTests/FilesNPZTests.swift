import Foundation
import Testing
import WeftIR

@testable import Weft

@Suite("npz files")
struct FilesNPZTests: FileTesting {
  private static let arrays = [
    ("x", DType.float64, [3, 4]), ("größe", .int16, [0, 2]), ("a/b", .bool, [70_000]),
  ]

  private func write(to path: String, isCompressed: Bool, wideLimit: Int) throws {
    var arrays: [(name: String, buffer: Buffer)] = []
    for (name, dtype, extents) in Self.arrays {
      arrays.append((name, try pattern(dtype, extents)))
    }
    try NPZFile.write(arrays, to: path, isCompressed: isCompressed, wideLimit: wideLimit)
  }

  @Test("arrays come back by name", arguments: [true, false], [0, 1, 500, ZipRecord.none32])
  func roundTrip(isCompressed: Bool, wideLimit: Int) throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npz")
    try write(to: path, isCompressed: isCompressed, wideLimit: wideLimit)
    let file = try NPZFile(reading: path)
    #expect(file.names == Self.arrays.map(\.0))
    for (name, dtype, extents) in Self.arrays {
      let array = try file.array(name)
      #expect(array.type == TensorType(dtype, Shape(extents)))
      #expect(elements(array.buffer) == elements(try pattern(dtype, extents)))
    }
    #expect(failure { () throws(WeftError) in _ = try file.array("y") }?.code == .name)
    #expect(folder.names == ["x.npz"])
  }

  @Test("every dtype comes back from an archive", arguments: [true, false])
  func dtypes(isCompressed: Bool) throws {
    let folder = ScratchFolder()
    var arrays: [(name: String, buffer: Buffer)] = []
    for dtype in DType.allCases { arrays.append((dtype.name, try pattern(dtype, [5, 3]))) }
    try NPZFile.write(arrays, to: folder.file("x.npz"), isCompressed: isCompressed)
    let file = try NPZFile(reading: folder.file("x.npz"), options: readsBFloat16)
    for (name, buffer) in arrays {
      #expect(elements(try file.array(name).buffer) == elements(buffer))
    }
  }

  @Test("stored arrays stay in the mapped file; it is released with the last of them")
  func inPlace() throws {
    let folder = ScratchFolder()
    let account = MemoryAccount()
    let buffer = try pattern(.float64, [20_000])
    try NPZFile.write([("odd", try pattern(.int8, [3])), ("x", buffer)], to: folder.file("x.npz"))
    var file: NPZFile? = try NPZFile(reading: folder.file("x.npz"), account: account)
    let array = try file?.array("x")
    file = nil
    #expect(account.liveBytes == 0)
    #expect(array.map { UInt(bitPattern: $0.buffer.base) % 64 } == 0)
    #expect(array.map { elements($0.buffer) } == elements(buffer))
  }

  @Test("an archive of no arrays is one")
  func empty() throws {
    let folder = ScratchFolder()
    try NPZFile.write([], to: folder.file("x.npz"))
    #expect(try NPZFile(reading: folder.file("x.npz")).names == [])
    #expect(try bytes(ofFile: folder.file("x.npz")).count == 22)
  }

  @Test("names that cannot be are refused before anything is written")
  func names() throws {
    let folder = ScratchFolder()
    let buffer = try pattern(.int8, [1])
    for names in [[""], ["a", "a"], ["a\0"], [String(repeating: "n", count: 70_000)]] {
      let error = failure { () throws(WeftError) in
        try NPZFile.write(names.map { ($0, buffer) }, to: folder.file("x.npz"))
      }
      #expect(error?.code == .argument)
    }
    #expect(folder.names == [])
  }

  @Test("damage and lies are found", arguments: [true, false])
  func damage(isCompressed: Bool) throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npz")
    try NPZFile.write([("x", try pattern(.int32, [50]))], to: path, isCompressed: isCompressed)
    let good = try bytes(ofFile: path)
    let directory = try #require(
      good.indices.last { good[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    func error(_ change: (inout [UInt8]) -> Void) -> WeftError? {
      var bytes = good
      change(&bytes)
      return failure { () throws(WeftError) in
        _ = try NPZFile(exactBuffer(bytes)).array("x")
      }
    }
    func expect(_ word: String, _ change: (inout [UInt8]) -> Void) {
      let error = error(change)
      #expect(
        error?.code == .fileFormat && error?.message.contains(word) == true,
        "\(word): \(error as Any)")
    }
    #expect(error { _ in } == nil)
    expect("checksum") { $0[directory + 16] ^= 1 }
    expect("encrypted") { $0[directory + 8] |= 1 }
    expect("method") { $0[directory + 10] = 12 }
    expect("overlaps") { $0[directory + 42] = 200 }
    expect("several parts") { $0[good.count - 22 + 4] = 1 }
    expect("not where") { $0[good.count - 22 + 16] ^= 1 }
    expect("not a zip archive") { $0.removeLast() }
    expect("zip64") { for i in 0..<4 { $0[directory + 24 + i] = 0xFF } }
    if isCompressed {
      expect("cannot hold") { $0[directory + 27] = 0x7F }
      expect("its header says") { $0[directory + 24] ^= 1 }
      // Block type 3 does not exist.
      expect("damaged") { $0[35] = 7 }
    } else {
      expect("stored") { $0[directory + 24] ^= 1 }
    }
    let npy = NPYHeader.encode(TensorType(.int8, Shape([1]))) + [1]
    let hint = failure { () throws(WeftError) in _ = try NPZFile(exactBuffer(npy)) }
    #expect(hint?.hint == "read it as .npy")
  }

  @Test("entries that share bytes are refused")
  func overlap() throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npz")
    let buffer = try pattern(.int32, [50])
    try NPZFile.write([("x", buffer), ("y", buffer)], to: path)
    var bytes = try bytes(ofFile: path)
    let entries = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
    for i in 0..<4 { bytes[entries[1] + 42 + i] = bytes[entries[0] + 42 + i] }
    let error = failure { () throws(WeftError) in _ = try NPZFile(exactBuffer(bytes)) }
    #expect(error?.message.contains("overlaps") == true)
  }

  @Test("a bomb is refused by its own limit of memory")
  func bomb() throws {
    let folder = ScratchFolder()
    let zeros = try Buffer(
      allocating: TensorType(.uint8, Shape([1 << 20])), in: MemoryAccount())
    memset(zeros.base, 0, zeros.byteCount)
    try NPZFile.write([("x", zeros)], to: folder.file("x.npz"), isCompressed: true)
    let file = try NPZFile(
      reading: folder.file("x.npz"), account: MemoryAccount(limit: 100_000))
    #expect(failure { () throws(WeftError) in _ = try file.array("x") }?.code == .outOfMemory)
  }
}
