import Runtime

/// Makes a one-frame backtrace of an address, which the standard library can symbolicate.
///
/// `Backtrace` has no public initializer from addresses but decodes from a compact form: a header
/// byte (2: 64-bit words), an instruction byte (0x20 + bytes - 1: a return address), the address in
/// big-endian order; all in base64.
enum ReturnAddress {
  static func backtrace(at address: UInt) -> Backtrace? {
    let bytes = (0..<6).reversed().map { UInt8(truncatingIfNeeded: address >> (8 * UInt($0))) }
    return try? Backtrace(from: CompactDecoder(text: base64([2, 0x25] + bytes)))
  }

  /// Base64 without padding, as the compact form has it.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    var buffer = 0
    var bits = 0
    for byte in bytes {
      buffer = (buffer << 8 | Int(byte)) & 0xFFFF
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[buffer >> bits & 63])
      }
    }
    if bits > 0 { text.append(alphabet[buffer << (6 - bits) & 63]) }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A decoder that holds just the two keys which a backtrace without an image map has.
private struct CompactDecoder: Decoder {
  let text: String
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Container<Key>(text: text))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unsupported }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unsupported }

  private var unsupported: DecodingError {
    .dataCorrupted(.init(codingPath: [], debugDescription: "a backtrace is a keyed value"))
  }

  private struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let text: String
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { ["architecture", "backtrace"].compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { allKeys.contains { $0.stringValue == key.stringValue } }
    func decodeNil(forKey key: Key) -> Bool { !contains(key) }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
      #if arch(x86_64)
        let architecture = "x86_64"
      #else
        let architecture = "arm64"
      #endif
      return key.stringValue == "architecture" ? architecture : text
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      if let value = try decode(String.self, forKey: key) as? T { return value }
      throw DecodingError.typeMismatch(
        type, .init(codingPath: [], debugDescription: "\(key.stringValue)"))
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: ""))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: ""))
    }

    func superDecoder() throws -> any Decoder { CompactDecoder(text: text) }
    func superDecoder(forKey key: Key) throws -> any Decoder { CompactDecoder(text: text) }
  }
}
