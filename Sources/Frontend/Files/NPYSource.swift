import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The array in a `.npy` file, read box by box.
///
/// The file stays open; its elements lie as the file has them, so that those of a file in Fortran
/// order are the transpose.
///
/// ```swift
/// import Foundation
///
/// let path = NSTemporaryDirectory() + "weft-boxes.npy"
/// try arange(12).reshaped([3, 4]).save(to: path)
/// let source = try NPYSource(path)
/// source.type  // int64[3, 4]
/// NDArray(source)[1]  // [4 5 6 7]
/// ```
public final class NPYSource: RegionSource {
  /// Files with fewer bytes of elements are not worth a thought.
  static let leastBytes = 64 << 20

  /// What the file says of the array.
  public let header: NPYHeader
  private let descriptor: Int32
  private let path: String

  /// Opens a file.
  ///
  /// - Throws: `file` when the system refuses, `file-format` when the bytes are no array of numbers or
  ///   end early.
  public init(_ path: String, options: ArrayFileOptions = .init()) throws(WeftError) {
    let operation = "read \"\(path)\""
    let contents = try FileContents.read(
      path, operation: operation, mapped: true, in: MemoryAccount())
    header = try NPYHeader(parsing: contents.bytes, options: options, operation: operation)
    guard header.imageByteCount <= contents.byteCount else {
      throw WeftError(
        .fileFormat, operation,
        "the file ends early: \(header.type) needs \(header.dataByteCount) bytes after the header, "
          + "there are \(contents.byteCount - header.dataOffset)")
    }
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(path)\"") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// dtype and shape of the elements as they lie in the file.
  public var type: TensorType { header.storedType }
  /// The file's name, size and time.
  public var identity: String? { FileIdentity.text(path) }

  /// The file.
  public var origin: String { path }

  /// Reads the elements of a box.
  ///
  /// - Throws: `file`, with the box, when the system refuses or the file has become shorter.
  public func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    try FilePlace(descriptor, path, header.dataOffset, type).read(region, to: base)
    NPYFile.correct(
      UnsafeMutableRawBufferPointer(start: base, count: region.count * type.dtype.itemSize), header)
  }
}
