import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads and writes matrices as text: `.mtx`.
///
/// All variants of the header: coordinate or array; real, double, integer, unsigned-integer, complex or
/// pattern; general, symmetric, skew-symmetric or Hermitian. A symmetric file holds one triangle.
/// As in SciPy a Hermitian file of real numbers is a symmetric one, and the mirrored places of a
/// skew-symmetric pattern hold -1.
/// - Source: R. F. Boisvert, R. Pozo, K. A. Remington, "The Matrix Market Exchange Formats: Initial
///   Design", NISTIR 5935 (1996).
struct MatrixMarketFile {
  private enum Symmetry: String {
    case general, symmetric, skew = "skew-symmetric", hermitian
  }

  private let operation: String
  private var bytes: UnsafeRawBufferPointer
  private var offset = 0
  private var line = 1
  private var isSparse = true
  private var dtype = DType.float64
  private var isPattern = false
  private var symmetry = Symmetry.general

  /// The matrix of a file: sparse unless the file is an `array`.
  ///
  /// - Throws: `file` when it cannot be read; `file-format`, with the line, when it is damaged.
  static func read(_ path: String) throws(WeftError) -> NDArray {
    let operation = "read \"\(path)\""
    let contents = try FileContents.read(
      path, operation: operation, mapped: true, in: Session.current.memory)
    return try contents.reading { () throws(WeftError) in
      var file = MatrixMarketFile(contents.bytes, operation)
      return try file.matrix()
    }
  }

  private init(_ bytes: UnsafeRawBufferPointer, _ operation: String) {
    self.bytes = bytes
    self.operation = operation
  }

  private func failure(_ message: String) -> WeftError {
    WeftError(.fileFormat, operation, "line \(line): \(message)")
  }

  // MARK: - Reading

  private mutating func matrix() throws(WeftError) -> NDArray {
    try header()
    let rows = try count("rows")
    let columns = try count("columns", isFirst: false)
    return isSparse ? try entries(rows, columns) : try array(rows, columns)
  }

  private mutating func header() throws(WeftError) {
    let words = textOfLine().split { $0 == " " || $0 == "\t" }.map { $0.lowercased() }
    guard words.count == 5, words[0] == "%%matrixmarket", words[1] == "matrix" else {
      throw failure("expected '%%MatrixMarket matrix FORMAT FIELD SYMMETRY'")
    }
    switch words[2] {
    case "coordinate": isSparse = true
    case "array": isSparse = false
    default: throw failure("the format is '\(words[2].prefix(32))', expected coordinate or array")
    }
    switch words[3] {
    case "real", "double": dtype = .float64
    case "integer": dtype = .int64
    case "unsigned-integer": dtype = .uint64
    case "complex": dtype = .complex128
    case "pattern": isPattern = true
    default:
      throw failure(
        "the field is '\(words[3].prefix(32))', expected real, integer, complex or pattern")
    }
    guard let known = Symmetry(rawValue: words[4]) else {
      throw failure(
        "the symmetry is '\(words[4].prefix(32))', expected general, symmetric, skew-symmetric or "
          + "hermitian")
    }
    symmetry = known
    if isPattern, !isSparse { throw failure("a pattern is a coordinate file") }
    if dtype == .uint64, symmetry == .skew {
      throw failure("a skew-symmetric file has signed numbers")
    }
  }

  private mutating func entries(_ rows: Int, _ columns: Int) throws(WeftError) -> NDArray {
    let count = try self.count("entries", isFirst: false)
    try endLine("the number of entries")
    if symmetry != .general, rows != columns { throw failure("a symmetric matrix is square") }
    // An entry takes at least four bytes of text, so that no header asks for more than the file has.
    guard count <= bytes.count / 4 + 1 else {
      throw failure("\(count) entries cannot stand in \(bytes.count) bytes")
    }
    let room = symmetry == .general ? count : 2 * count
    let account = Session.current.memory
    let index = TensorType(.int64, Shape([room]))
    let (i, j) = (
      try Buffer(allocating: index, in: account), try Buffer(allocating: index, in: account)
    )
    let values = try Buffer(allocating: TensorType(dtype, Shape([room])), in: account)
    let row = i.base.assumingMemoryBound(to: Int64.self)
    let column = j.base.assumingMemoryBound(to: Int64.self)
    var next = 0
    func put(_ r: Int, _ c: Int, _ value: Scalar) {
      row[next] = Int64(r)
      column[next] = Int64(c)
      value.store(to: values.base + next * dtype.itemSize)
      next += 1
    }
    for _ in 0..<count {
      let r = try place(rows, "row")
      let c = try place(columns, "column", isFirst: false)
      let value = try element(isFirst: false)
      try endLine("an entry")
      if r == c, symmetry == .skew, value.boolValue {
        throw failure("the diagonal of a skew-symmetric matrix is zero")
      }
      put(r, c, value)
      if symmetry == .general || r == c { continue }
      put(c, r, mirrored(value))
    }
    try end()
    let parts = [i, j, values].map { NDArray($0)[..<next] }
    return try NDArray(
      coordinates: [parts[0], parts[1]], values: parts[2], shape: [rows, columns],
      format: .rows(rows, entries: next))
  }

  private mutating func array(_ rows: Int, _ columns: Int) throws(WeftError) -> NDArray {
    if symmetry != .general, rows != columns { throw failure("a symmetric matrix is square") }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    // One triangle stands in the file, an element taking at least two bytes of text.
    guard !overflow, count / 2 <= bytes.count else {
      throw failure("\(rows) times \(columns) elements cannot stand in \(bytes.count) bytes")
    }
    let type = TensorType(dtype, Shape([rows, columns]))
    let result = try Buffer(allocating: type, in: Session.current.memory)
    result.base.initializeMemory(as: UInt8.self, repeating: 0, count: result.byteCount)
    // No rows may be said of more columns than can be gone through.
    for column in 0..<(count == 0 ? 0 : columns) {
      let first = symmetry == .general ? 0 : symmetry == .skew ? column + 1 : column
      for row in first..<max(first, rows) {
        let value = try element(isFirst: true)
        value.store(to: result.base + (row * columns + column) * dtype.itemSize)
        if symmetry != .general, row != column {
          mirrored(value).store(to: result.base + (column * columns + row) * dtype.itemSize)
        }
      }
    }
    try end()
    return NDArray(result)
  }

  private func mirrored(_ value: Scalar) -> Scalar {
    switch symmetry {
    case .general, .symmetric: value
    case .hermitian where dtype != .complex128: value
    case .skew: ScalarFunction.negative.evaluate(value, value, value)
    case .hermitian: Scalar(value.doubleValue, -value.imaginary, dtype)
    }
  }

  // MARK: - Words

  private mutating func textOfLine() -> String {
    let start = offset
    while offset < bytes.count, bytes[offset] != 10, offset - start < 1024 { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    return text.last == "\r" ? String(text.dropLast()) : text
  }

  /// Skips blanks, line ends and comments, which begin a line.
  private mutating func skip() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 10:
        line += 1
        offset += 1
        while offset < bytes.count, bytes[offset] == UInt8(ascii: "%") {
          while offset < bytes.count, bytes[offset] != 10 { offset += 1 }
          if offset < bytes.count {
            line += 1
            offset += 1
          }
        }
      case 9, 11, 12, 13, 32: offset += 1
      default: return
      }
    }
  }

  /// Skips what is blank up to the end of the line.
  private mutating func skipBlanks() {
    while offset < bytes.count, bytes[offset] != 10, bytes[offset] <= 32 { offset += 1 }
  }

  /// What comes next is the end of the line, or of the file.
  private mutating func endLine(_ what: String) throws(WeftError) {
    skipBlanks()
    if offset < bytes.count, bytes[offset] != 10 { throw failure("more follows \(what)") }
  }

  /// The bytes of the next word, at most 64; of one that is not the first, on the same line.
  private mutating func word(
    _ what: String, isFirst: Bool
  ) throws(WeftError) -> UnsafeRawBufferPointer {
    if isFirst { skip() } else { skipBlanks() }
    let start = offset
    while offset < bytes.count, bytes[offset] > 32 { offset += 1 }
    guard offset > start, offset - start <= 64 else {
      let place = offset == bytes.count ? "file" : "line"
      throw failure(offset == start ? "the \(place) ends before \(what)" : "\(what) is too long")
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
  }

  private mutating func integer<Number: FixedWidthInteger>(
    _ what: String, isFirst: Bool, _: Number.Type = Int64.self
  ) throws(WeftError) -> Number {
    let word = try word(what, isFirst: isFirst)
    let isNegative = word[0] == UInt8(ascii: "-")
    var digits = word[...]
    if isNegative || word[0] == UInt8(ascii: "+") { digits = digits.dropFirst() }
    var value: Number = 0
    for byte in digits {
      guard byte >= 48, byte <= 57 else { throw notNumber(word, what) }
      let (scaled, a) = value.multipliedReportingOverflow(by: 10)
      let digit = Number(byte - 48)
      let (sum, b) =
        isNegative
        ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
      if a || b {
        throw failure(
          "\(what) is too \(isNegative ? "small" : "large"): "
            + "'\(String(decoding: word, as: UTF8.self))'")
      }
      value = sum
    }
    if digits.isEmpty { throw notNumber(word, what) }
    return value
  }

  private func notNumber(_ word: UnsafeRawBufferPointer, _ what: String) -> WeftError {
    failure("\(what) is '\(String(decoding: word.prefix(32), as: UTF8.self))', expected a number")
  }

  private mutating func count(_ what: String, isFirst: Bool = true) throws(WeftError) -> Int {
    let value = try integer("the number of \(what)", isFirst: isFirst)
    if value < 0 { throw failure("the number of \(what) is negative") }
    return Int(value)
  }

  private mutating func place(
    _ extent: Int, _ what: String, isFirst: Bool = true
  ) throws(WeftError) -> Int {
    let value = try integer("a \(what)", isFirst: isFirst)
    guard value >= 1, value <= Int64(extent) else {
      throw failure("\(what) \(value) is not from 1 to \(extent)")
    }
    return Int(value) - 1
  }

  private mutating func real(isFirst: Bool) throws(WeftError) -> Double {
    let word = try word("a value", isFirst: isFirst)
    let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 72) { text -> Double? in
      for (n, byte) in word.enumerated() { text[n] = CChar(bitPattern: byte) }
      text[word.count] = 0
      guard let base = text.baseAddress else { return nil }
      var rest: UnsafeMutablePointer<CChar>?
      let value = strtod(base, &rest)
      return rest == base + word.count ? value : nil
    }
    guard let value else { throw notNumber(word, "a value") }
    return value
  }

  private mutating func element(isFirst: Bool) throws(WeftError) -> Scalar {
    if isPattern { return Scalar(1 as Int64, dtype) }
    switch dtype {
    case .int64: return Scalar(try integer("a value", isFirst: isFirst), dtype)
    case .uint64:
      return Scalar(try integer("a value", isFirst: isFirst, UInt64.self), dtype)
    case .complex128:
      return Scalar(try real(isFirst: isFirst), try real(isFirst: false), dtype)
    default: return Scalar(try real(isFirst: isFirst), dtype)
    }
  }

  private mutating func end() throws(WeftError) {
    skip()
    if offset < bytes.count { throw failure("more follows than the header says") }
  }

  // MARK: - Writing

  /// Writes the entries of a matrix, a general coordinate file.
  ///
  /// - Throws: as `compute()`; `value` for an array that is no matrix or whose fill is not zero; `file`.
  static func write(_ elements: SparseElements, to path: String) throws(WeftError) {
    let operation = "write \"\(path)\""
    guard elements.type.rank == 2, !elements.fill.boolValue else {
      throw WeftError(
        .value, operation,
        "\(elements.type) in \(elements.layout) is no matrix whose fill is zero")
    }
    let (own, lists) = try Session.current.sparse { builder in
      let own = try builder.unpacked(elements)
      return (own, try builder.coordinates(of: own))
    }
    let field =
      switch elements.type.dtype.kind {
      case .bool: "pattern"
      case .unsigned where elements.type.dtype == .uint64: "unsigned-integer"
      case .signed, .unsigned: "integer"
      case .float: "real"
      case .complex: "complex"
      }
    let shape = elements.type.shape.codes
    try FileOutput.create(path, operation: operation) { (output) throws(WeftError) in
      // A pattern says of what it lists that it is true.
      let isPattern = field == "pattern"
      let count =
        isPattern
        ? (0..<own.count).count { own.values.scalar(at: $0).boolValue } : own.count
      var text = "%%MatrixMarket matrix coordinate \(field) general\n"
      text += "\(shape[0]) \(shape[1]) \(count)\n"
      for entry in 0..<own.count {
        let value = own.values.scalar(at: entry)
        if isPattern, !value.boolValue { continue }
        text += "\(lists[0].scalar(at: entry).intValue + 1) "
        text += "\(lists[1].scalar(at: entry).intValue + 1)"
        switch field {
        case "pattern": break
        case "complex": text += " \(value.doubleValue) \(value.imaginary)"
        default: text += " \(value)"
        }
        text += "\n"
        if text.utf8.count > 1 << 16 {
          try output.write(Array(text.utf8))
          text = ""
        }
      }
      try output.write(Array(text.utf8))
    }
  }
}
