import WeftIR

/// What a `.npy` file says of its array before the elements.
///
/// - Source: NumPy Enhancement Proposal 1 and `numpy.lib.format`, versions 1.0, 2.0 and 3.0.
public struct NPYHeader: Hashable, Sendable {
  /// dtype and shape as the user sees them.
  public var type: TensorType
  /// Whether the first axis varies fastest in the file.
  public var isFortranOrder: Bool
  /// Whether the elements' bytes are in the other order than this machine's.
  public var isByteSwapped: Bool
  /// The position of the first element in the file.
  public var dataOffset: Int
  /// The bytes of all elements.
  public var dataByteCount: Int

  /// The bytes of header and elements together.
  public var imageByteCount: Int { dataOffset + dataByteCount }

  /// The type of the elements as they lie in the file, in C order.
  public var storedType: TensorType {
    guard isFortranOrder, let extents = type.shape.known else { return type }
    return TensorType(type.dtype, Shape(Array(extents.reversed())))
  }
}

extension NPYHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Bytes that say how long the header is: magic, version, length.
  static let prefixByteCount = 12
  /// Headers of arrays without fields need a few bytes an axis; NumPy's own limit is 10,000.
  static let greatestTextByteCount = 1 << 20

  /// Reads the header at the start of an image.
  ///
  /// - Throws: `file-format`, with what is wrong.
  init(
    parsing bytes: UnsafeRawBufferPointer, options: ArrayFileOptions, operation: String
  ) throws(WeftError) {
    let prefix = try Prefix(parsing: bytes, operation: operation)
    guard bytes.count >= prefix.dataOffset else {
      throw Self.invalid(
        operation, "the header has \(prefix.dataOffset) bytes, the file \(bytes.count)")
    }
    let text = Array(bytes[prefix.textOffset..<prefix.dataOffset])
    if prefix.version == 3, String(validating: text, as: UTF8.self) == nil {
      throw Self.invalid(operation, "the header is not UTF-8")
    }
    let literal: PythonLiteral
    do throws(PythonLiteral.SyntaxError) {
      literal = try .parse(text, isUTF8: prefix.version == 3, allowsLong: prefix.version < 3)
    } catch {
      throw Self.invalid(
        operation, "the header is not a Python dictionary: \(error.message) at \(error.position)")
    }
    let fields = try Self.fields(of: literal, operation: operation)
    let (dtype, isByteSwapped) = try Self.dtype(
      of: fields.descr, options: options, operation: operation)
    let extents = try Self.extents(of: fields.shape, operation: operation)
    type = TensorType(dtype, Shape(extents))
    dataByteCount = try Self.byteCount(of: extents, dtype: dtype, operation: operation)
    dataOffset = prefix.dataOffset
    // With fewer than two axes the orders are the same.
    isFortranOrder = fields.isFortranOrder && extents.count > 1
    self.isByteSwapped = isByteSwapped
    guard !dataOffset.addingReportingOverflow(dataByteCount).overflow else {
      throw Self.invalid(operation, "\(type) has more bytes than can be counted")
    }
  }

  /// The part of fixed form: version and length of the text.
  struct Prefix {
    var version: UInt8
    var textOffset: Int
    var dataOffset: Int

    init(parsing bytes: UnsafeRawBufferPointer, operation: String) throws(WeftError) {
      try Self.checkMagic(bytes, operation: operation)
      guard bytes.count >= 8, (1...3).contains(bytes[6]), bytes[7] == 0 else {
        let version = bytes.count >= 8 ? "\(bytes[6]).\(bytes[7])" : "missing"
        throw invalid(operation, "format version \(version); known are 1.0, 2.0, 3.0")
      }
      version = bytes[6]
      textOffset = version == 1 ? 10 : 12
      guard bytes.count >= textOffset else {
        throw invalid(operation, "the file ends in the header, after \(bytes.count) bytes")
      }
      var count = 0
      for i in 8..<textOffset { count |= Int(bytes[i]) << (8 * (i - 8)) }
      guard count <= greatestTextByteCount else {
        throw invalid(
          operation, "the header has \(count) bytes; at most \(greatestTextByteCount) are read")
      }
      dataOffset = textOffset + count
    }

    private static func checkMagic(
      _ bytes: UnsafeRawBufferPointer, operation: String
    ) throws(WeftError) {
      if bytes.count >= magic.count, bytes.prefix(magic.count).elementsEqual(magic) { return }
      if bytes.isEmpty { throw invalid(operation, "the file is empty") }
      if bytes.prefix(2).elementsEqual("PK".utf8) {
        throw WeftError(
          .fileFormat, operation, "the file is a zip archive, not a .npy file",
          hint: "read it as .npz")
      }
      if bytes[0] == 0x80 {
        throw invalid(operation, "the file looks like a Python pickle, which is never loaded")
      }
      throw invalid(operation, "the file does not start with \\x93NUMPY")
    }
  }

  static func invalid(_ operation: String, _ message: String) -> WeftError {
    WeftError(.fileFormat, operation, message)
  }
}

// MARK: - Fields

extension NPYHeader {
  private struct Fields {
    var descr: PythonLiteral
    var isFortranOrder: Bool
    var shape: [PythonLiteral]
  }

  private static func fields(
    of literal: PythonLiteral, operation: String
  ) throws(WeftError) -> Fields {
    guard case .dictionary(let entries) = literal else {
      throw invalid(operation, "the header is not a dictionary")
    }
    let names = entries.map { if case .string(let name) = $0.key { name } else { "?" } }
    guard names.sorted() == ["descr", "fortran_order", "shape"] else {
      throw invalid(
        operation,
        "the header has the keys \(quoted(names)); expected descr, fortran_order, shape")
    }
    func value(_ name: String) -> PythonLiteral {
      names.firstIndex(of: name).map { entries[$0].value } ?? .none
    }
    guard case .bool(let isFortranOrder) = value("fortran_order") else {
      throw invalid(operation, "fortran_order is neither True nor False")
    }
    guard case .tuple(let shape) = value("shape") else {
      throw invalid(operation, "shape is not a tuple")
    }
    return Fields(descr: value("descr"), isFortranOrder: isFortranOrder, shape: shape)
  }

  private static func extents(
    of shape: [PythonLiteral], operation: String
  ) throws(WeftError) -> [Int] {
    var extents: [Int] = []
    for item in shape {
      guard case .integer(let value) = item else {
        throw invalid(operation, "shape has an extent that is not an integer")
      }
      guard let value else { throw invalid(operation, "shape has an extent too large to count") }
      guard value >= 0 else { throw invalid(operation, "shape has the extent \(value)") }
      extents.append(value)
    }
    return extents
  }

  /// The bytes of all elements; counts as if no extent were 0, so that strides can be counted too.
  private static func byteCount(
    of extents: [Int], dtype: DType, operation: String
  ) throws(WeftError) -> Int {
    var bytes = dtype.itemSize
    for extent in extents where extent > 0 {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw invalid(
          operation, "\(dtype)\(Shape(extents)) has more bytes than can be counted")
      }
      bytes = product
    }
    return extents.contains(0) ? 0 : bytes
  }

  private static func quoted(_ names: [String]) -> String {
    let shown = names.prefix(8).map { "\"\($0.prefix(32))\"" }.joined(separator: ", ")
    return "[\(shown)\(names.count > 8 ? ", ..." : "")]"
  }
}

// MARK: - dtype

extension NPYHeader {
  private static func dtype(
    of descr: PythonLiteral, options: ArrayFileOptions, operation: String
  ) throws(WeftError) -> (DType, isByteSwapped: Bool) {
    switch descr {
    case .string(let text):
      return try dtype(named: text, options: options, operation: operation)
    case .list, .tuple:
      throw invalid(operation, "the dtype is structured; weft arrays have one number an element")
    default: throw invalid(operation, "the dtype is not a string")
    }
  }

  private static func dtype(
    named text: String, options: ArrayFileOptions, operation: String
  ) throws(WeftError) -> (DType, isByteSwapped: Bool) {
    var code = Substring(text)
    var order: Character = "="
    if let first = code.first, "<>=|".contains(first) {
      order = first
      code = code.dropFirst()
    }
    if let dtype = codes[code] ?? DType(name: code) {
      return (dtype, order == ">" && dtype.itemSize > 1)
    }
    // ml_dtypes, which JAX uses, leaves bfloat16 as two bytes without meaning.
    if code == "V2", order != ">" {
      if options.readsVoidAsBFloat16 { return (.bfloat16, false) }
      throw WeftError(
        .fileFormat, operation, "the dtype \"\(text)\" is two bytes without meaning",
        hint: "if they are bfloat16, as JAX and weft write it, read with readsVoidAsBFloat16")
    }
    throw invalid(operation, "the dtype \"\(text.prefix(64))\" \(reason(code))")
  }

  private static func reason(_ code: Substring) -> String {
    switch code.first {
    case "O": "is Python objects, which are never loaded"
    case "S", "a", "U", "T": "is text; weft arrays are numbers"
    case "M", "m": "is dates or times; weft arrays are numbers"
    case "V": "is bytes without meaning; weft arrays are numbers"
    default: "is not known"
    }
  }

  /// NumPy's codes: kind and bytes of an element.
  private static let codes: [Substring: DType] = [
    "b1": .bool, "?": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
    "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64, "c16": .complex128,
  ]
}
