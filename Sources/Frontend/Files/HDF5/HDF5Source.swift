import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A dataset of an HDF5 file, read box by box through the system's libhdf5.
///
/// Datasets that lie in one piece, as they are, are read from the file by any number of threads; all others
/// one box after the other, as the library takes one thread at a time.
///
/// ```swift
/// try HDF5Source("no-such-file.h5", dataset: "/a")
/// // error: read "no-such-file.h5": cannot open "no-such-file.h5": No such file or directory [file]
/// ```
public final class HDF5Source: RegionSource, Sendable {
  /// dtype and shape.
  public let type: TensorType
  /// The dataset's name, from the root of the file.
  public let dataset: String
  private let stored: HDF5Type
  private let path: String
  private let operation: String
  private let fileHandle: HDF5Library.Handle
  private let handle: HDF5Library.Handle
  /// The extents of the file's chunks; nil where it has none.
  private let chunkExtents: [Int]?
  /// Where the elements are in the file, where they lie in one piece.
  private let place: Place?

  private struct Place {
    var descriptor: Int32
    var offset: Int
  }

  /// Opens a dataset; where none is named, the only one.
  ///
  /// - Throws: `file` when the file cannot be opened or there is no libhdf5, `file-format` when it is no HDF5 file
  ///   or damaged, `name`, with those there are, when it has no such dataset or several; `unsupported` for
  ///   elements that are no numbers and for filters that libhdf5 does not have.
  public init(_ path: String, dataset: String? = nil) throws(WeftError) {
    let operation = "read \"\(path)\""
    guard try Self.isHDF5(path, operation) else {
      throw WeftError(.fileFormat, operation, "the file is no HDF5 file")
    }
    let opened = try HDF5Library.use(for: operation) { (library) throws(WeftError) in
      let file = library.openFile(path, 0, 0)
      guard file >= 0 else { throw library.failure(operation, "the file cannot be opened") }
      do throws(WeftError) {
        return try Opened(library, file, dataset, operation)
      } catch {
        _ = library.closeFile(file)
        throw error
      }
    }
    self.path = path
    self.operation = "\(operation), dataset \"\(opened.name)\""
    self.dataset = opened.name
    fileHandle = opened.file
    handle = opened.dataset
    stored = opened.stored
    type = opened.type
    chunkExtents = opened.chunkExtents
    place = opened.offset.flatMap { offset in
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      return descriptor >= 0 ? Place(descriptor: descriptor, offset: offset) : nil
    }
  }

  deinit {
    if let place { close(place.descriptor) }
    _ = try? HDF5Library.use(for: operation) { (library) throws(WeftError) in
      _ = library.closeObject(handle)
      _ = library.closeFile(fileHandle)
    }
  }

  /// Whether a file has HDF5's signature.
  ///
  /// - Source: HDF5 File Format Specification 3.0, II.A: at byte 0, or at 512 times a power of two.
  static func isHDF5(_ path: String, _ operation: String) throws(WeftError) -> Bool {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw WeftError(.file, operation, "a path is not empty and has no NUL")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(path)\"") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw WeftError(.file, operation, "\"\(path)\" is not a regular file")
    }
    let signature: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]
    var offset = 0
    while offset <= Int(status.st_size) - signature.count {
      var bytes = signature.map { _ in UInt8(0) }
      if pread(descriptor, &bytes, bytes.count, off_t(offset)) == bytes.count, bytes == signature {
        return true
      }
      offset = max(512, 2 * offset)
    }
    return false
  }

  /// The names of the datasets in a file, from its root.
  ///
  /// - Throws: as `init`.
  public static func datasets(in path: String) throws(WeftError) -> [String] {
    let operation = "read \"\(path)\""
    guard try isHDF5(path, operation) else {
      throw WeftError(.fileFormat, operation, "the file is no HDF5 file")
    }
    return try HDF5Library.use(for: operation) { (library) throws(WeftError) in
      let file = library.openFile(path, 0, 0)
      guard file >= 0 else { throw library.failure(operation, "the file cannot be opened") }
      defer { _ = library.closeFile(file) }
      return library.datasets(of: file)
    }
  }

  /// Smaller chunks are read several at once.
  private static let leastBytes = 1 << 20

  /// The chunks of the file; as many of small ones, along the last axes first, as make up a MiB.
  public var chunks: [ChunkGrid.Cut]? {
    guard var sizes = chunkExtents, let extents = type.shape.known else { return nil }
    var bytes = sizes.reduce(type.dtype.itemSize, *)
    for axis in sizes.indices.reversed() where bytes < Self.leastBytes && sizes[axis] > 0 {
      let pieces = (extents[axis] + sizes[axis] - 1) / sizes[axis]
      let several = max(1, min(pieces, Self.leastBytes / max(1, bytes)))
      sizes[axis] *= several
      bytes *= several
    }
    return sizes.map { .uniform($0) }
  }

  /// What the library keeps of one chunk, as stored and as it was; chunks below a MiB stay in its cache of
  /// that size.
  public var readScratchBytes: Int {
    guard let chunkExtents else { return 0 }
    return 2 * max(Self.leastBytes, chunkExtents.reduce(type.dtype.itemSize, *))
  }
  /// The file.
  public var origin: String { path }
  /// The file's name, size and time, and the dataset's name.
  public var identity: String? { FileIdentity.text(path).map { "\($0) \(dataset)" } }

  /// Reads the elements of a box.
  ///
  /// - Throws: `file` and `file-format`, with the box, where the file is shorter or damaged.
  public func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    if region.count == 0 { return }
    if let place {
      try FilePlace(place.descriptor, path, place.offset, type).read(region, to: base)
    } else {
      try HDF5Library.use(for: operation) { (library) throws(WeftError) in
        try read(region, to: base, library)
      }
    }
    let byteCount = region.count * type.dtype.itemSize
    NPYFile.correct(
      UnsafeMutableRawBufferPointer(start: base, count: byteCount),
      NPYHeader(
        type: type, isFortranOrder: false, isByteSwapped: stored.isByteSwapped, dataOffset: 0,
        dataByteCount: byteCount))
  }

  private func read(
    _ region: Region, to base: UnsafeMutableRawPointer, _ library: HDF5Library
  ) throws(WeftError) {
    let failure = "elements \(region) cannot be read"
    let space = library.spaceOfDataset(handle)
    // Elements come as the file has them: HDF5 converts nothing.
    let elements = library.typeOfDataset(handle)
    let extents = region.extents.map { UInt64($0) }
    let memory = library.makeSpace(Int32(region.rank), extents, nil)
    defer {
      if space >= 0 { _ = library.closeSpace(space) }
      if elements >= 0 { _ = library.closeType(elements) }
      if memory >= 0 { _ = library.closeSpace(memory) }
    }
    guard space >= 0, elements >= 0, memory >= 0 else {
      throw library.failure(operation, failure)
    }
    if region.rank > 0 {
      let starts = region.ranges.map { UInt64($0.lowerBound) }
      guard library.select(space, 0, starts, nil, extents, nil) >= 0 else {
        throw library.failure(operation, failure)
      }
    }
    guard
      library.read(
        handle, elements, region.rank > 0 ? memory : 0, region.rank > 0 ? space : 0, 0, base) >= 0
    else { throw library.failure(operation, failure) }
  }
}

/// An open dataset, and what it says of itself; who makes it closes its handles.
private struct Opened: Sendable {
  let file: HDF5Library.Handle
  let dataset: HDF5Library.Handle
  let name: String
  let stored: HDF5Type
  let type: TensorType
  let chunkExtents: [Int]?
  let offset: Int?

  init(
    _ library: HDF5Library, _ file: HDF5Library.Handle, _ wanted: String?, _ operation: String
  ) throws(WeftError) {
    let name = if let wanted { wanted } else { try Self.only(library, file, operation) }
    guard !name.utf8.contains(0) else {
      throw WeftError(.name, operation, "the name of a dataset has no NUL")
    }
    let handle = library.openObject(file, name, 0)
    guard handle >= 0 else { throw Self.unknown(name, "no dataset", library, file, operation) }
    do throws(WeftError) {
      guard library.kindOfObject(handle) == HDF5Library.datasetKind else {
        throw Self.unknown(name, "a group, not a dataset,", library, file, operation)
      }
      let operation = "\(operation), dataset \"\(name)\""
      stored = try Self.elements(library, handle, operation)
      let extents = try Self.extents(library, handle, operation)
      type = TensorType(stored.dtype, Shape(extents))
      // Counted as if no extent were 0, so that steps along axes can be counted too.
      let most = TensorType(stored.dtype, Shape(extents.map { max(1, $0) }))
      guard type.byteCount != nil, most.byteCount != nil else {
        throw WeftError(.fileFormat, operation, "\(type) has more bytes than can be counted")
      }
      (chunkExtents, offset) = try Self.storage(library, handle, extents.count, operation)
    } catch {
      _ = library.closeObject(handle)
      throw error
    }
    self.file = file
    dataset = handle
    self.name = name
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map { "\"\($0.prefix(64))\"" }.joined(separator: ", ")
    return names.isEmpty ? "there are none" : "there are \(shown)\(names.count > 8 ? ", ..." : "")"
  }

  private static func unknown(
    _ name: String, _ what: String, _ library: HDF5Library, _ file: HDF5Library.Handle,
    _ operation: String
  ) -> WeftError {
    WeftError(
      .name, operation,
      "\(what) is named \"\(name.prefix(64))\"; \(list(library.datasets(of: file)))")
  }

  /// The only dataset of a file.
  private static func only(
    _ library: HDF5Library, _ file: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> String {
    let names = library.datasets(of: file)
    if names.count == 1 { return names[0] }
    throw WeftError(
      .name, operation, "holds \(names.count) datasets, expected one; \(list(names))",
      hint: "name one of them")
  }

  private static func elements(
    _ library: HDF5Library, _ handle: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> HDF5Type {
    let type = library.typeOfDataset(handle)
    guard type >= 0 else { throw library.failure(operation, "its type cannot be read") }
    defer { _ = library.closeType(type) }
    return try HDF5Type(library, type, operation)
  }

  private static func extents(
    _ library: HDF5Library, _ handle: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> [Int] {
    let space = library.spaceOfDataset(handle)
    guard space >= 0 else { throw library.failure(operation, "its shape cannot be read") }
    defer { _ = library.closeSpace(space) }
    // H5S_NULL: neither an array nor one element.
    guard library.kindOfSpace(space) != 2 else {
      throw WeftError(.unsupported, operation, "the dataset has no shape (a null dataspace)")
    }
    let rank = Int(library.rankOfSpace(space))
    // H5S_MAX_RANK is 32.
    guard (0...32).contains(rank) else {
      throw library.failure(operation, "its shape cannot be read")
    }
    var extents = Array(repeating: UInt64(0), count: rank)
    guard rank == 0 || library.extentsOfSpace(space, &extents, nil) >= 0 else {
      throw library.failure(operation, "its shape cannot be read")
    }
    guard extents.allSatisfy({ $0 <= Int.max }) else {
      throw WeftError(.fileFormat, operation, "an extent is too large to count")
    }
    return extents.map { Int($0) }
  }

  /// The chunks, or where the elements lie in one piece as they are.
  private static func storage(
    _ library: HDF5Library, _ handle: HDF5Library.Handle, _ rank: Int, _ operation: String
  ) throws(WeftError) -> (chunks: [Int]?, offset: Int?) {
    let list = library.listOfDataset(handle)
    guard list >= 0 else { throw library.failure(operation, "its layout cannot be read") }
    defer { _ = library.closeList(list) }
    try checkFilters(library, list, operation)
    switch library.layoutOfList(list) {
    case 1:
      let offset = library.offsetOfDataset(handle)
      // HADDR_UNDEF: nothing was written.
      guard offset != .max, offset <= Int.max, library.externalCount(list) == 0 else {
        return (nil, nil)
      }
      return (nil, Int(offset))
    case 2:
      var extents = Array(repeating: UInt64(0), count: max(1, rank))
      guard library.chunkOfList(list, Int32(rank), &extents) == rank,
        extents.prefix(rank).allSatisfy({ (1...UInt64(UInt32.max)).contains($0) })
      else { throw library.failure(operation, "its chunks cannot be read") }
      return (extents.prefix(rank).map { Int($0) }, nil)
    default: return (nil, nil)
    }
  }

  private static func checkFilters(
    _ library: HDF5Library, _ list: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) {
    for number in 0..<UInt32(clamping: max(0, library.filterCount(list))) {
      var name = [CChar](repeating: 0, count: 64)
      var (flags, values) = (UInt32(0), 0)
      let filter = library.filter(list, number, &flags, &values, nil, name.count - 1, &name, nil)
      guard filter >= 0 else { throw library.failure(operation, "its filters cannot be read") }
      if library.hasFilter(filter) <= 0 {
        let text = String(
          decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw WeftError(
          .unsupported, operation,
          "its chunks went through the filter \(text.isEmpty ? "\(filter)" : text), which libhdf5 does not have"
        )
      }
    }
  }
}
