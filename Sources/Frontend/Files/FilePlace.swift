import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where an array's elements are in a file.
struct FilePlace {
  private let descriptor: Int32
  private let path: String
  private let offset: Int
  private let type: TensorType

  init(_ descriptor: Int32, _ path: String, _ offset: Int, _ type: TensorType) {
    self.descriptor = descriptor
    self.path = path
    self.offset = offset
    self.type = type
  }

  /// Reads the elements of a box, in C order.
  ///
  /// - Throws: `file`, with the box, when the system refuses or the file is shorter.
  func read(_ region: Region, to base: UnsafeMutableRawPointer) throws(WeftError) {
    let itemSize = type.dtype.itemSize
    var target = base
    try RegionCopy.forEachRun(of: region, in: type.shape.codes) {
      (place, count) throws(WeftError) in
      try read(offset + place * itemSize, count * itemSize, to: target, region)
      target += count * itemSize
    }
  }

  private func read(
    _ offset: Int, _ count: Int, to target: UnsafeMutableRawPointer, _ region: Region
  ) throws(WeftError) {
    var done = 0
    while done < count {
      let found = pread(descriptor, target + done, count - done, off_t(offset + done))
      if found < 0 {
        if errno == EINTR { continue }
        throw .system("read \"\(path)\"", "cannot read elements \(region)")
      }
      if found == 0 {
        throw WeftError(
          .file, "read \"\(path)\"",
          "the file ends within elements \(region): it has become shorter")
      }
      done += found
    }
  }

  /// Writes bytes at a place of a file.
  static func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, _ descriptor: Int32, _ operation: String,
    _ path: String
  ) throws(WeftError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, base + done, min(bytes.count - done, 1 << 30), off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation, "cannot write \"\(path)\"")
      }
      done += count
    }
  }
}
