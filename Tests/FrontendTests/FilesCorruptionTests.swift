import Testing
import WeftIR

@testable import Weft

/// Damaged files give an array or an error, and nothing outside them is read.
///
/// Every image lies in memory of exactly its size: run under the address sanitizer to be sure.
@Suite("damaged files")
struct FilesCorruptionTests: FileTesting {
  private static let mutations = 20_000

  private func npyImages() throws -> [[UInt8]] {
    let folder = ScratchFolder()
    var images: [[UInt8]] = []
    for (dtype, extents) in [(DType.float64, [2, 3]), (.bool, [9]), (.complex64, [])] {
      try NPYFile.write(try pattern(dtype, extents), to: folder.file("x.npy"))
      images.append(try bytes(ofFile: folder.file("x.npy")))
    }
    images.append(
      image("{'descr': '>i4', 'fortran_order': True, 'shape': (2, 2)}", data: [UInt8](0..<16)))
    return images
  }

  private func npzImages() throws -> [[UInt8]] {
    let folder = ScratchFolder()
    let arrays = [("a", try pattern(.int16, [4])), ("b", try pattern(.bool, [3, 3]))]
    var images: [[UInt8]] = []
    for isCompressed in [true, false] {
      for wideLimit in [0, ZipRecord.none32] {
        try NPZFile.write(
          arrays, to: folder.file("x.npz"), isCompressed: isCompressed, wideLimit: wideLimit)
        images.append(try bytes(ofFile: folder.file("x.npz")))
      }
    }
    return images
  }

  /// Reads all there is; touches every byte of what comes out.
  private func read(_ bytes: [UInt8], isArchive: Bool, verifies: Bool = true) -> Int {
    var options = ArrayFileOptions()
    options.verifiesChecksums = verifies
    let account = MemoryAccount(limit: 1 << 24)
    let contents = exactBuffer(bytes)
    var sum = 0
    func touch(_ array: NPYArray) {
      #expect(array.buffer.byteCount == array.type.byteCount)
      for byte in array.buffer.bytes { sum &+= Int(byte) + 1 }
    }
    do throws(WeftError) {
      if isArchive {
        let file = try NPZFile(contents, options: options, account: account)
        for name in file.names {
          do throws(WeftError) { touch(try file.array(name)) } catch { check(error) }
        }
      } else {
        touch(try NPYFile.parse(contents, at: 0, options: options, account: account).array)
      }
    } catch { check(error) }
    return sum
  }

  private func check(_ error: WeftError) {
    #expect([.fileFormat, .outOfMemory].contains(error.code), "\(error)")
  }

  @Test("every shorter file is refused")
  func truncations() throws {
    for image in try npyImages() {
      for count in 0..<image.count {
        #expect(
          failure { () throws(WeftError) in _ = try parse(Array(image.prefix(count))) }?.code
            == .fileFormat)
      }
    }
    for image in try npzImages() {
      for count in 0..<image.count {
        let prefix = exactBuffer(Array(image.prefix(count)))
        #expect(failure { () throws(WeftError) in _ = try NPZFile(prefix) }?.code == .fileFormat)
      }
    }
  }

  @Test("random damage never ends the process", arguments: [false, true])
  func mutations(isArchive: Bool) throws {
    let images = try isArchive ? npzImages() : npyImages()
    var generator = SeededGenerator(state: isArchive ? 2 : 1)
    var readable = 0
    for i in 0..<Self.mutations {
      var bytes = images[i % images.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes, &generator) }
      let verifies = Bool.random(using: &generator)
      if read(bytes, isArchive: isArchive, verifies: verifies) > 0 { readable += 1 }
    }
    // Some damage is in padding: if nothing could be read the test would test nothing.
    #expect(readable > Self.mutations / 100)
  }

  private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    // Records that matter stand at the ends.
    let reach = Bool.random(using: &generator) ? bytes.count : min(bytes.count, 64)
    var i = Int.random(in: 0..<reach, using: &generator)
    if Bool.random(using: &generator) { i = bytes.count - 1 - i }
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[i] = UInt8.random(in: 0...255, using: &generator)
    case 2: bytes.remove(at: i)
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: i)
    case 4: bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator) / 4)
    case 5:
      let word = [0, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
      for j in i..<min(i + [2, 4, 8][Int(bytes[i]) % 3], bytes.count) { bytes[j] = UInt8(word) }
    case 6:
      let j = Int.random(in: 0..<bytes.count, using: &generator)
      bytes.swapAt(i, j)
    default:
      let text = Array("(){}[],:'\"-0123456789LuTF\\x<>|=fic".utf8)
      bytes[i] = text.randomElement(using: &generator) ?? 0
    }
  }

  @Test("random bytes after a good magic never end the process")
  func randomHeaders() {
    var generator = SeededGenerator(state: 3)
    let pieces = [
      "{", "}", "(", ")", "[", "]", ",", ":", "'descr'", "'shape'", "'fortran_order'", "'<f8'",
      "True", "False", "-", "9223372036854775807", "0", "3", "'", "\\", "\u{E9}", " ", "\n", "L",
    ]
    for _ in 0..<5_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0..<24, using: &generator) {
        text += pieces.randomElement(using: &generator) ?? ""
      }
      let version = UInt8.random(in: 1...3, using: &generator)
      _ = read(image(text, data: [1, 2, 3, 4, 5, 6, 7, 8], version: version), isArchive: false)
    }
  }
}

/// The same numbers every time.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  /// SplitMix64: Steele, Lea and Flood 2014.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
