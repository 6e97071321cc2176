import WeftIR

/// The bytes of a file in the kernel cache: a header, the whole key, the object.
///
/// Header: eight letters; the lengths of key and object, and the hash of both, as words in this
/// machine's byte order, which the processor in the key decides.
enum KernelCacheEntry {
  /// What a file turned out to hold.
  enum Content {
    case object([UInt8])
    /// It is of another key, or none of ours.
    case foreign
    /// It was not written to its end, or changed later.
    case torn
  }

  private static let magic = Array("WEFTKRN1".utf8)
  private static let headerBytes = 40

  /// The file for a key's object.
  static func encode(key: [UInt8], object: [UInt8]) -> [UInt8] {
    let hash = hash(key, object)
    var bytes = magic
    bytes.reserveCapacity(headerBytes + key.count + object.count)
    for word in [UInt64(key.count), UInt64(object.count), hash.high, hash.low] {
      withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }
    return bytes + key + object
  }

  /// What a file holds for a key.
  static func decode(_ bytes: [UInt8], key: [UInt8]) -> Content {
    guard bytes.count >= headerBytes else {
      return magic.starts(with: bytes.prefix(magic.count)) ? .torn : .foreign
    }
    guard bytes.starts(with: magic) else { return .foreign }
    let words = bytes.withUnsafeBytes { buffer in
      (0..<4).map { buffer.loadUnaligned(fromByteOffset: 8 + 8 * $0, as: UInt64.self) }
    }
    let size = UInt64(bytes.count - headerBytes)
    guard words[0] <= size, words[1] == size - words[0] else { return .torn }
    let start = headerBytes + Int(words[0])
    let stored = Array(bytes[headerBytes..<start])
    let object = Array(bytes[start...])
    let hash = hash(stored, object)
    guard words[2] == hash.high, words[3] == hash.low else { return .torn }
    return stored == key ? .object(object) : .foreign
  }

  private static func hash(_ key: [UInt8], _ object: [UInt8]) -> ContentHash {
    var hash = ContentHash()
    key.withUnsafeBytes { hash.combine($0) }
    object.withUnsafeBytes { hash.combine($0) }
    return hash
  }
}
