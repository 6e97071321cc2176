import WeftIR

/// What the elements of a dataset are.
struct HDF5Type: Hashable, Sendable {
  var dtype: DType
  /// Whether their bytes are in the other order than this machine's.
  var isByteSwapped: Bool

  /// Reads a type of HDF5: integers and floats of whole bytes, h5py's enumeration of false and true and its
  /// pairs of `r` and `i`; another enumeration is the integers below it.
  ///
  /// - Throws: `unsupported`, with what it is.
  init(
    _ library: HDF5Library, _ type: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) {
    let kind = Int(library.classOfType(type))
    switch kind {
    case 0:
      self = try Self.integer(library, type, operation)
    case 1:
      self = try Self.float(library, type, operation)
    case 6:
      self = try Self.complex(library, type, operation)
    case 8:
      if Self.isTruth(library, type) {
        self.init(dtype: .bool, isByteSwapped: false)
        return
      }
      let base = library.baseOfType(type)
      defer { _ = library.closeType(base) }
      self = try Self.integer(library, base, operation)
    default:
      let names = [
        2: "times", 3: "text", 4: "bits", 5: "bytes without meaning", 7: "references",
        9: "lists of any length", 10: "arrays in elements",
      ]
      throw Self.unsupported(names[kind] ?? "elements of class \(kind)", operation)
    }
  }

  private init(dtype: DType, isByteSwapped: Bool) {
    self.dtype = dtype
    self.isByteSwapped = isByteSwapped
  }

  private static func unsupported(_ what: String, _ operation: String) -> WeftError {
    WeftError(.unsupported, operation, "the dataset has \(what); weft arrays are numbers")
  }

  private static func isSwapped(
    _ library: HDF5Library, _ type: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> Bool {
    if library.sizeOfType(type) == 1 { return false }
    // H5T_ORDER_LE and H5T_ORDER_BE.
    switch library.orderOfType(type) {
    case 0: return false
    case 1: return true
    default: throw unsupported("bytes in an order of its own", operation)
    }
  }

  private static func integer(
    _ library: HDF5Library, _ type: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> HDF5Type {
    let size = library.sizeOfType(type)
    let kind = library.signOfType(type) == 0 ? "uint" : "int"
    guard [1, 2, 4, 8].contains(size), library.precisionOfType(type) == 8 * size,
      library.offsetOfType(type) == 0, let dtype = DType(name: "\(kind)\(8 * size)")
    else {
      throw unsupported(
        "integers of \(library.precisionOfType(type)) bits in \(size) bytes", operation)
    }
    return HDF5Type(dtype: dtype, isByteSwapped: try isSwapped(library, type, operation))
  }

  /// The formats by sign, exponent (place, bits), fraction (place, bits) and bias.
  ///
  /// - Source: IEEE 754-2008, table 3.5; bfloat16 is the upper half of binary32.
  private static let floats: [[Int]: DType] = [
    [15, 10, 5, 0, 10, 15]: .float16, [15, 7, 8, 0, 7, 127]: .bfloat16,
    [31, 23, 8, 0, 23, 127]: .float32, [63, 52, 11, 0, 52, 1023]: .float64,
  ]

  private static func float(
    _ library: HDF5Library, _ type: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> HDF5Type {
    var parts = Array(repeating: 0, count: 5)
    let status = parts.withUnsafeMutableBufferPointer { parts in
      guard let base = parts.baseAddress else { return Int32(-1) }
      return library.fieldsOfType(type, base, base + 1, base + 2, base + 3, base + 4)
    }
    guard status >= 0, let dtype = floats[parts + [library.biasOfType(type)]],
      library.sizeOfType(type) == dtype.itemSize
    else {
      throw unsupported(
        "floats of \(library.precisionOfType(type)) bits in \(library.sizeOfType(type)) bytes",
        operation)
    }
    return HDF5Type(dtype: dtype, isByteSwapped: try isSwapped(library, type, operation))
  }

  private static func names(_ library: HDF5Library, _ type: HDF5Library.Handle) -> [String] {
    (0..<UInt32(clamping: min(2, library.memberCount(type)))).compactMap { member in
      guard let name = library.memberName(type, member) else { return nil }
      defer { _ = library.free(name) }
      return String(cString: name).lowercased()
    }
  }

  /// Two floats of one format, one behind the other.
  private static func complex(
    _ library: HDF5Library, _ type: HDF5Library.Handle, _ operation: String
  ) throws(WeftError) -> HDF5Type {
    let names = names(library, type)
    guard library.memberCount(type) == 2, [["r", "i"], ["real", "imag"]].contains(names) else {
      throw unsupported("a table with columns", operation)
    }
    var parts: [HDF5Type] = []
    for member in [UInt32(0), 1] {
      let part = library.memberType(type, member)
      defer { _ = library.closeType(part) }
      guard library.classOfType(part) == 1 else {
        throw unsupported("pairs of other than floats", operation)
      }
      parts.append(try float(library, part, operation))
    }
    let size = parts[0].dtype.itemSize
    guard parts[0] == parts[1], library.memberOffset(type, 0) == 0,
      library.memberOffset(type, 1) == size, library.sizeOfType(type) == 2 * size,
      let dtype = [DType.float32: DType.complex64, .float64: .complex128][parts[0].dtype]
    else { throw unsupported("pairs that are no complex64 and no complex128", operation) }
    return HDF5Type(dtype: dtype, isByteSwapped: parts[0].isByteSwapped)
  }

  /// Whether an enumeration is h5py's of a byte.
  private static func isTruth(_ library: HDF5Library, _ type: HDF5Library.Handle) -> Bool {
    guard library.sizeOfType(type) == 1, library.memberCount(type) == 2 else { return false }
    let names = names(library, type)
    for (member, name) in names.enumerated() {
      var value: UInt8 = 0
      guard library.memberValue(type, UInt32(member), &value) >= 0,
        (name == "false" && value == 0) || (name == "true" && value == 1)
      else { return false }
    }
    return Set(names).count == 2
  }
}
