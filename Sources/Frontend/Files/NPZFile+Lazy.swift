import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension NPZFile {
  /// As `array`, but a large array is read when somebody needs its elements: box by box where it is
  /// stored as it is, else inflated whole, within the memory limit.
  ///
  /// The checksum of an array is compared when it is read whole.
  func lazyArray(
    _ name: String, storedFrom least: Int = NPYSource.leastBytes,
    deflatedFrom deflated: Int = 1 << 20
  ) throws(WeftError) -> NPYArray {
    let (entry, operation) = try entry(name)
    guard let file, entry.byteCount >= (entry.isDeflated ? deflated : least) else {
      return try array(name)
    }
    let data = try archive.data(of: entry)
    if entry.isDeflated {
      let header = try openedDeflated(entry, data, operation: operation).header
      let residence = InflatedResidence { (base) throws(WeftError) in
        try archive.contents.reading { () throws(WeftError) in
          let data = try archive.data(of: entry)
          let (header, inflater) = try openedDeflated(entry, data, operation: operation)
          try inflate(inflater, header, entry, to: base, operation: operation)
        }
      }
      return NPYFile.array(Buffer(at: residence, type: header.storedType, in: account), header)
    }
    let header = try NPYHeader(parsing: data, options: options, operation: operation)
    try checkExtent(header.imageByteCount, entry, operation: operation)
    guard header.imageByteCount <= data.count, let start = data.baseAddress else {
      return try array(name)
    }
    let source = NPZMemberSource(
      file, header, offset: start - UnsafeRawPointer(archive.contents.base), name: name,
      checksum: options.verifiesChecksums ? entry.checksum : nil, operation: operation)
    guard options.isMapped, header.type.dtype != .bool,
      NPYFile.isAligned(start + header.dataOffset, header)
    else {
      return NPYFile.array(
        Buffer(at: SourceResidence(source), type: header.storedType, in: account), header)
    }
    let (array, _) = try NPYFile.decode(
      data, owner: archive.contents, options: options, account: account, operation: operation)
    array.buffer.keep(SourceResidence(source))
    return array
  }
}

/// A file that stays open as long as somebody holds it.
final class OpenFile: Sendable {
  let descriptor: Int32
  let path: String

  init(_ path: String, operation: String) throws(WeftError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(path)\"") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

/// An array of an archive that lies there as it is, read box by box.
private struct NPZMemberSource: RegionSource {
  private let file: OpenFile
  private let header: NPYHeader
  private let offset: Int
  private let name: String
  private let checksum: UInt32?
  private let operation: String

  init(
    _ file: OpenFile, _ header: NPYHeader, offset: Int, name: String, checksum: UInt32?,
    operation: String
  ) {
    self.file = file
    self.header = header
    self.offset = offset
    self.name = name
    self.checksum = checksum
    self.operation = operation
  }

  var type: TensorType { header.storedType }
  var origin: String { file.path }
  var identity: String? { FileIdentity.text(file.path).map { "\($0) \(name)" } }

  func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    let place = FilePlace(file.descriptor, file.path, offset + header.dataOffset, type)
    try place.read(region, to: base)
    let bytes = UnsafeMutableRawBufferPointer(
      start: base, count: region.count * type.dtype.itemSize)
    if let checksum, region == Region(whole: type.shape.codes) { try check(checksum, bytes) }
    NPYFile.correct(bytes, header)
  }

  /// The checksum is that of header and elements.
  private func check(
    _ checksum: UInt32, _ bytes: UnsafeMutableRawBufferPointer
  ) throws(WeftError) {
    var head = [UInt8](repeating: 0, count: header.dataOffset)
    let place = FilePlace(
      file.descriptor, file.path, offset, TensorType(.uint8, Shape([head.count])))
    try head.withMutableBytes { (head) throws(WeftError) in
      guard let base = head.baseAddress else { return }
      try place.read(Region([0..<head.count]), to: base)
    }
    let library = try ZlibLibrary.open(for: operation)
    let seed = try head.withBytes { (head) throws(WeftError) in library.checksum(head) }
    guard library.checksum(UnsafeRawBufferPointer(bytes), seed: seed) == checksum else {
      throw NPYHeader.invalid(operation, "the checksum differs: the bytes are damaged")
    }
  }
}

/// An array of an archive that is inflated when somebody reads it.
private final class InflatedResidence: Residence {
  private let inflate: @Sendable (UnsafeMutableRawPointer) throws(WeftError) -> Void

  init(_ inflate: @escaping @Sendable (UnsafeMutableRawPointer) throws(WeftError) -> Void) {
    self.inflate = inflate
  }

  func copy(to base: UnsafeMutableRawPointer, _ byteCount: Int) throws(WeftError) {
    try inflate(base)
  }
}
