import WeftIR

extension NDArray {
  /// A 1-d array of the elements that bytes hold, in the machine's order.
  ///
  /// - Shape: `[count]`, or as many elements as the bytes from the offset on hold.
  /// - DType: as given.
  /// - Throws: from `compute()`: `value` for bytes that are too few or no whole number of elements.
  /// - NumPy: `numpy.frombuffer`; the bytes are copied.
  ///
  /// ```swift
  /// NDArray(bytes: [1, 0, 2, 0], dtype: .int16)  // [1 2]
  /// ```
  public init(
    bytes: [UInt8], dtype: DType = .float64, count: Int? = nil, offset: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self = NDArray(bytes, file: file, line: line)
      .elements(dtype, count, offset, Call("frombuffer", file, line))
  }

  /// The elements that the bytes of an array hold.
  func elements(_ dtype: DType, _ count: Int?, _ offset: Int, _ call: Call) -> NDArray {
    call.build([self]) { () throws(WeftError) in
      let bytes = self.dtype == .uint8 ? call.flatten(self) : call.flatten(self).view(.uint8)
      if bytes.expr.isPoison { return bytes }
      let have = try call.extent(0, of: bytes)
      guard offset >= 0, offset <= have else {
        throw call.error(.value, "offset \(offset) is not within the \(have) bytes")
      }
      var wanted = have - offset
      if let count, count >= 0 {
        wanted = try call.product(count, dtype.itemSize)
        guard wanted <= have - offset else {
          throw call.error(
            .value, "\(count) elements of \(dtype) need \(wanted) bytes, there are \(have - offset)"
          )
        }
      }
      guard wanted % dtype.itemSize == 0 else {
        throw call.error(.value, "\(wanted) bytes are no whole number of \(dtype)")
      }
      return call.slice(bytes, axis: 0, from: offset, count: wanted).view(dtype)
    }
  }

  /// A 1-d array of a sequence's elements, as many as a count where one is given.
  ///
  /// - Shape: `[count]`, or as many elements as there are.
  /// - DType: that of the element type.
  /// - Throws: from `compute()`: `value` for fewer elements than the count.
  /// - NumPy: `numpy.fromiter`.
  ///
  /// ```swift
  /// NDArray(sequence: (1...4).lazy.map { $0 * $0 })  // [ 1  4  9 16]
  /// ```
  public init<Elements: Sequence>(
    sequence: Elements, count: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) where Elements.Element: ArrayElement {
    let elements = count.map { Array(sequence.prefix(Swift.max(0, $0))) } ?? Array(sequence)
    if let count, elements.count < count {
      self = Call("fromiter", file, line).failure(
        .value, "the sequence has \(elements.count) elements, expected \(count)")
    } else {
      self = NDArray(elements, file: file, line: line)
    }
  }

  /// A 1-d array of the numbers that a text holds between separators.
  ///
  /// - Shape: `[count]`, or as many elements as the text has.
  /// - DType: as given.
  /// - Throws: from `compute()`: `value` for what is no number of the dtype, or too few of them.
  /// - NumPy: `numpy.fromstring`, which stops at what is no number with a warning. White space around
  ///   separators does not count.
  ///
  /// ```swift
  /// NDArray(text: "1, 2, 3", separator: ",", dtype: .int64)  // [1 2 3]
  /// NDArray(text: "1 two", dtype: .int64)  // error: fromstring: 'two' is no int64 [value]
  /// ```
  public init(
    text: String, separator: String = " ", dtype: DType = .float64, count: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let call = Call("fromstring", file, line)
    self = call.build([]) { () throws(WeftError) in
      try Array(text.utf8).withBytes { (bytes) throws(WeftError) in
        try parsed(bytes, separator, dtype, count, call)
      }
    }
  }

  /// A 1-d array of the raw elements of a file, or of the numbers of a text file.
  ///
  /// The separator is what stands between numbers in a text file; empty for raw elements.
  ///
  /// - Shape: `[count]`, or as many elements as the file holds.
  /// - DType: as given.
  /// - Throws: `file` when it cannot be read; `value` for bytes that are no whole number of elements.
  /// - NumPy: `numpy.fromfile`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-raw.bin"
  /// try NDArray([1.5, 2.5]).writeRaw(to: path)
  /// try NDArray(rawContentsOf: path)  // [1.5 2.5]
  /// ```
  public init(
    rawContentsOf path: String, dtype: DType = .float64, count: Int? = nil, separator: String = "",
    offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(WeftError) {
    let call = Call("fromfile", file, line)
    let contents = try FileContents.read(
      path, operation: "fromfile \"\(path)\"", mapped: separator.isEmpty,
      in: Session.current.memory)
    guard separator.isEmpty else {
      let bytes = UnsafeRawBufferPointer(start: contents.base, count: contents.byteCount)
      self = try parsed(bytes, separator, dtype, count, call)
      return
    }
    guard offset >= 0, offset <= contents.byteCount else {
      throw call.error(.value, "offset \(offset) is not within \(contents.byteCount) bytes")
    }
    // As NumPy: a rest that is no whole element is left out, a file may hold fewer than asked for.
    let whole = (contents.byteCount - offset) / dtype.itemSize
    let wanted = count.map { $0 < 0 ? whole : Swift.min($0, whole) } ?? whole
    self = try NDArray(contents).elements(dtype, wanted, offset, call).checked()
  }

  /// Computes the elements as bytes in C order.
  ///
  /// - Throws: as `compute()`.
  /// - NumPy: `ndarray.tobytes`.
  ///
  /// ```swift
  /// try NDArray([1, 258] as [Int16]).bytes()  // [1, 0, 2, 1]
  /// ```
  public func bytes() throws(WeftError) -> [UInt8] {
    let buffer = try buffer()
    try Session.current.memory.requireRoom(buffer.byteCount, for: "bytes")
    return try buffer.reading { Array(buffer.bytes) }
  }

  /// Computes the elements and writes them raw, or as text with a separator.
  ///
  /// - Throws: as `compute()`; `file` when the system refuses.
  /// - NumPy: `ndarray.tofile`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-raw.txt"
  /// try NDArray([1.5, 2.5]).writeRaw(to: path, separator: ",")
  /// try String(contentsOfFile: path, encoding: .utf8)  // 1.5,2.5
  /// ```
  public func writeRaw(to path: String, separator: String = "") throws(WeftError) {
    let buffer = try buffer()
    var bytes: [UInt8] = []
    if !separator.isEmpty {
      try Session.current.memory.requireRoom(buffer.count, times: 96, for: "tofile")
      let texts = try buffer.reading {
        (0..<buffer.count).map { ScriptValue(buffer.scalar(at: $0)).numberText }
      }
      bytes = Array(texts.joined(separator: separator).utf8)
    }
    try FileOutput.create(path, operation: "tofile \"\(path)\"") { (output) throws(WeftError) in
      if separator.isEmpty {
        try output.write(UnsafeRawBufferPointer(start: buffer.base, count: buffer.byteCount))
      } else {
        try output.write(bytes)
      }
    }
  }
}

extension ScriptValue {
  /// A number as Python writes it.
  fileprivate var numberText: String {
    (try? pythonText(isRepresentation: false)) ?? ""
  }
}

/// The numbers between the separators of a text.
private func parsed(
  _ text: UnsafeRawBufferPointer, _ separator: String, _ dtype: DType, _ count: Int?, _ call: Call
) throws(WeftError) -> NDArray {
  let words = TextWords(text: text, mark: separator.utf8.filter { !isSpace($0) })
  var found = 0
  words.forEach { _ in found += 1 }
  if let count, count >= 0 {
    guard found >= count else {
      throw call.error(.value, "the text has \(found) numbers, expected \(count)")
    }
    found = count
  }
  let buffer = try Buffer(
    allocating: TensorType(dtype, Shape([found])), in: Session.current.memory)
  var index = 0
  try words.forEach { (word) throws(WeftError) in
    if index == found { return }
    let text = String(decoding: text[word].filter { !isSpace($0) }, as: UTF8.self)
    guard let scalar = Scalar(text: text, dtype) else {
      throw call.error(.value, "'\(text.prefix(40))' is no \(dtype)")
    }
    scalar.store(to: buffer.base + index * dtype.itemSize)
    index += 1
  }
  return NDArray(Expr(buffer, site: call.site))
}

/// The words of a text between separators, or between spaces without one.
private struct TextWords {
  let text: UnsafeRawBufferPointer
  /// The separator without its spaces.
  let mark: [UInt8]

  /// Where each word stands; spaces beside a separator belong to the word.
  func forEach<Failure: Error>(
    _ body: (Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    var start = 0
    var position = 0
    while position < text.count {
      let isMark = mark.isEmpty ? isSpace(text[position]) : text[position...].starts(with: mark)
      guard isMark else {
        position += 1
        continue
      }
      if !mark.isEmpty || position > start { try body(start..<position) }
      position += max(mark.count, 1)
      start = position
    }
    if !text[start...].allSatisfy(isSpace) { try body(start..<text.count) }
  }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

extension Scalar {
  /// The number of a text; nil for what is none of the dtype.
  fileprivate init?(text: String, _ dtype: DType) {
    switch dtype.kind {
    case .float:
      guard let value = Double(text) else { return nil }
      self.init(value, dtype)
    case .signed:
      guard let value = Int64(text) else { return nil }
      let scalar = Scalar(value, .int64)
      guard scalar.fits(dtype) else { return nil }
      self = scalar.converted(to: dtype)
    case .unsigned:
      guard let value = UInt64(text) else { return nil }
      let scalar = Scalar(value, .uint64)
      guard scalar.fits(dtype) else { return nil }
      self = scalar.converted(to: dtype)
    case .bool:
      guard let value = Int64(text) else { return nil }
      self.init(value != 0)
    case .complex: return nil
    }
  }
}
