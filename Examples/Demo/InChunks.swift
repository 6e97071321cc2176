import Foundation
import Weft

/// Programs over arrays several times larger than the memory that they may take.
struct InChunks {
  /// The bytes that buffers may take.
  static let limit = ByteCount.mebibytes(64)

  /// The session of these programs.
  private let session = Session.standard.with(executor: .chunked, memoryLimit: limit)

  /// Runs a program and tells what it took beside the limit; more than that is a failure.
  func run(
    _ title: String, over array: NDArray, _ body: (inout Report) throws -> Void
  ) throws -> Report {
    var report = Report()
    ProcessMemory.resetPeak()
    let before = ProcessMemory.peak ?? 0
    session.memory.resetPeak()
    try session.with { try body(&report) }
    let (peak, size) = (session.memory.peakBytes, array.byteCount ?? 0)
    report.add(
      "\(title): \(array.type), \(ByteCount(bytes: size)), in \(Self.limit) of buffers: "
        + "at most \(ByteCount(bytes: peak)) were taken")
    if let after = ProcessMemory.peak {
      report.add("the process grew by \(ByteCount(bytes: max(0, after - before))) at most")
    }
    if peak > Self.limit.bytes { report.fail("more than the limit") }
    return report
  }
}

extension Report {
  /// Notes that something is not as it must be.
  mutating func fail(_ line: String) {
    failures += 1
    lines.append("  \(line): DIFFERS")
  }
}

/// A `.npy` file written part by part.
struct PartsFile {
  private let handle: FileHandle
  let path: String

  /// A file of little-endian elements; `descr` is NumPy's word for the dtype.
  init(_ path: String, descr: String, shape: [Int]) throws {
    self.path = path
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    let extents = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(extents),), }"
    // The header ends with a line break at a multiple of 64 bytes.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let count = UInt16(header.utf8.count)
    try handle.write(
      contentsOf: Data(
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)])
        + Data(header.utf8))
  }

  /// Adds the elements of an array.
  func append(_ array: NDArray) throws {
    let buffer = try array.buffer()
    try handle.write(
      contentsOf: Data(
        bytesNoCopy: buffer.base, count: buffer.byteCount, deallocator: .none))
  }

  /// Ends the file.
  func close() throws { try handle.close() }
}

/// What the process takes of the machine's memory, where the system tells.
enum ProcessMemory {
  /// The most bytes resident since the last reset.
  static var peak: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = Int(line.filter(\.isNumber))
    else { return nil }
    return kibibytes * 1024
  }

  /// Counts from now on.
  static func resetPeak() {
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
  }
}
