import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Arrays of files, one for each position of a new first axis; a file is open while it is read.
///
/// ```swift
/// import Foundation
///
/// let folder = NSTemporaryDirectory()
/// let paths = (0..<3).map { folder + "weft-frame-\($0).npy" }
/// for (n, path) in paths.enumerated() { try (zeros([2], dtype: .int64) + n).save(to: path) }
/// try StackSource(paths).type  // int64[3, 2]
/// ```
public final class StackSource: RegionSource {
  /// dtype and shape: those of a file behind the number of files.
  public let type: TensorType
  /// How one file is cut.
  private let inner: [ChunkGrid.Cut]?
  /// That of one file.
  public let readScratchBytes: Int
  private let paths: [String]

  /// Looks at the headers of all files.
  ///
  /// - Throws: `argument` for no files; `shape-mismatch` and `dtype`, with the first file and the one that
  ///   differs; `unsupported` for files other than `.npy`, HDF5 and Zarr arrays; what keeps a file from being
  ///   read.
  public init(_ paths: [String]) throws(WeftError) {
    guard let path = paths.first else { throw WeftError(.argument, "stack", "there are no files") }
    let first = try ArrayFile.source(path)
    for other in paths.dropFirst() {
      let found = try ArrayFile.source(other).type
      guard found != first.type else { continue }
      throw WeftError(
        found.shape == first.type.shape ? .dtype : .shapeMismatch, "stack",
        "\"\(other)\" holds \(found), \"\(path)\" \(first.type)")
    }
    type = TensorType(first.type.dtype, Shape([paths.count] + first.type.shape.codes))
    guard type.byteCount != nil else {
      throw WeftError(.tooLarge, "stack", "\(type) has more bytes than can be counted")
    }
    inner = first.chunks
    readScratchBytes = first.readScratchBytes
    self.paths = paths
  }

  /// Small files are read several at once, great ones as the program wants them.
  fileprivate static let (leastBytes, mostBytes) = (1 << 20, 32 << 20)

  /// The chunks of the files, or whole ones.
  public var chunks: [ChunkGrid.Cut]? {
    let extents = Array(type.shape.codes.dropFirst())
    let bytes = extents.reduce(type.dtype.itemSize, *)
    if inner == nil, bytes > Self.mostBytes { return nil }
    let several = max(1, min(paths.count, Self.leastBytes / max(1, bytes)))
    return [.uniform(several)] + (inner ?? extents.map { .uniform(max(1, $0)) })
  }

  /// The first file, and how many there are.
  public var origin: String { "\(paths[0]) and \(paths.count - 1) others" }
  /// Names, sizes and times of all files.
  public var identity: String? {
    var hash = ContentHash()
    for path in paths {
      guard let text = FileIdentity.text(ArrayLocation(path).path) else { return nil }
      hash.combine("\(path) \(text)")
    }
    return "stack \(hash.text)"
  }

  /// Reads the elements of a box, file by file.
  ///
  /// - Throws: what keeps a file from being read; `file-format` for one that holds another array now.
  public func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    if region.count == 0 { return }
    let part = Region(Array(region.ranges.dropFirst()))
    let step = part.count * type.dtype.itemSize
    for (place, number) in region.ranges[0].enumerated() {
      let source = try ArrayFile.source(paths[number])
      guard source.type.dtype == type.dtype,
        source.type.shape.codes == Array(type.shape.codes.dropFirst())
      else {
        throw WeftError(
          .fileFormat, "read \"\(paths[number])\"", "the file holds \(source.type) now, of \(type)")
      }
      try source.read(part, to: base + place * step)
    }
  }
}

/// The array of a file, as a source in C order.
package enum ArrayFile {
  static func source(_ path: String) throws(WeftError) -> any RegionSource {
    let location = ArrayLocation(path)
    if let member = location.member, ZarrSource.isFolder(location.path) {
      return try ZarrSource("\(location.path)/\(member)")
    }
    if ZarrSource.isFolder(location.path) { return try ZarrSource(location.path) }
    if NDArray.isHDF5(location.path) {
      return try HDF5Source(location.path, dataset: location.member)
    }
    for suffix in [".npz", ".mtx"] where path.hasSuffix(suffix) {
      throw WeftError(
        .unsupported, "stack", "\"\(path)\": \(suffix) files are not stacked",
        hint: "read them one by one and stack the arrays")
    }
    let source = try NPYSource(path, options: .reading)
    return source.header.isFortranOrder ? TransposedSource(source: source) : source
  }

  /// Whether a path is a pattern of the shell, and not that of a file.
  package static func isPattern(_ path: String) -> Bool {
    var status = stat()
    return path.contains { "*?[".contains($0) } && stat(path, &status) != 0
  }

  /// The paths that a pattern of the shell matches, by name.
  ///
  /// - Throws: `file` where there are none.
  static func paths(matching pattern: String) throws(WeftError) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    var paths: [String] = []
    if !pattern.utf8.contains(0), glob(pattern, 0, nil, &found) == 0, let list = found.gl_pathv {
      paths = (0..<Int(found.gl_pathc)).compactMap { list[$0].map { String(cString: $0) } }
    }
    guard !paths.isEmpty else {
      throw WeftError(.file, "stack", "no file matches \"\(pattern)\"")
    }
    return paths.sorted()
  }
}

/// A file in Fortran order, in C order.
private struct TransposedSource: RegionSource {
  let source: NPYSource

  var type: TensorType { source.header.type }
  var origin: String { source.origin }
  /// A box in the file's order: a whole small file, else a piece as `RegionReader` asks for.
  var readScratchBytes: Int {
    let bytes = type.byteCount ?? 0
    return bytes <= StackSource.mostBytes ? bytes : 4 << 20
  }

  func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    let stored = Region(region.ranges.reversed())
    let held = try Buffer(
      allocating: TensorType(type.dtype, Shape(stored.extents)), in: MemoryAccount())
    try source.read(stored, to: held.base)
    PermutedCopy.copy(
      held.base, axes: (0..<region.rank).reversed(), to: base, extents: region.extents,
      itemSize: type.dtype.itemSize)
  }
}

extension NDArray {
  /// The arrays of files as one, along a new axis; files are read where their elements are needed.
  ///
  /// `.npy`, HDF5 datasets (`x.h5::name`) and Zarr arrays; all headers are looked at now.
  ///
  /// - Shape: that of a file, with the number of files as another extent.
  /// - DType: that of the files.
  /// - Throws: `argument` for no files; `shape-mismatch` and `dtype`, with the first file and the one that
  ///   differs; `unsupported` for other files; `file`, `file-format`. From `compute()`: `axis`.
  /// - NumPy: none; `dask.array.image.imread`, `dask.array.stack` of `from_npy_stack`'s kind.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let folder = NSTemporaryDirectory()
  /// let paths = (0..<3).map { folder + "weft-slice-\($0).npy" }
  /// for (n, path) in paths.enumerated() { try (zeros([2], dtype: .int64) + n).save(to: path) }
  /// try NDArray(stacking: paths)
  /// // [[0 0]
  /// //  [1 1]
  /// //  [2 2]]
  /// ```
  public init(
    stacking paths: [String], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(WeftError) {
    let stacked = NDArray(try StackSource(paths))
    self = axis == 0 ? stacked : moveAxis(stacked, 0, to: axis, file: file, line: line)
  }

  /// The arrays of the files that a pattern of the shell matches, in the order of their names.
  ///
  /// - Shape: as `init(stacking:)`.
  /// - DType: that of the files.
  /// - Throws: `file` where no file matches, and as `init(stacking:)`.
  /// - NumPy: none; `dask.array.image.imread`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let folder = NSTemporaryDirectory()
  /// for n in 0..<3 { try (zeros([2], dtype: .int64) + n).save(to: folder + "weft-glob-\(n).npy") }
  /// try NDArray(stackingFilesMatching: folder + "weft-glob-?.npy").sum(axis: 0)  // [3 3]
  /// ```
  public init(
    stackingFilesMatching pattern: String, axis: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(WeftError) {
    self = try NDArray(
      stacking: ArrayFile.paths(matching: pattern), axis: axis, file: file, line: line)
  }
}
