import WeftIR

/// Writes arrays as nested brackets: columns, line breaks, summaries.
///
/// - NumPy: `numpy.array2string`, `str` and `repr` of 2.4.
struct ArrayText {
  var options: FormatOptions
  /// Between elements.
  var separator = " "
  /// What the caller writes before and after: it moves the lines that follow the first.
  var prefix = ""
  var suffix = ""

  /// - Throws: `argument` for negative counts.
  init(_ options: FormatOptions) throws(WeftError) {
    guard options.precision >= 0 else {
      throw WeftError(
        .argument, "format", "precision is \(options.precision), expected 0 or more")
    }
    guard options.edgeItems >= 0 else {
      throw WeftError(
        .argument, "format", "edgeItems is \(options.edgeItems), expected 0 or more")
    }
    self.options = options
    // Wider or narrower makes no difference, and sums stay small.
    self.options.lineWidth = min(max(options.lineWidth, -1 << 40), 1 << 40)
    self.options.edgeItems = min(options.edgeItems, 1 << 40)
  }

  /// As `str`: a 0-d array is written as its element.
  func plain(_ elements: ArrayElements) throws(WeftError) -> String {
    if elements.extents.isEmpty { return elements.buffer.scalar(at: 0).plainText }
    return try brackets(elements)
  }

  /// As `repr`: with dtype and shape where the brackets do not tell them.
  func representation(_ elements: ArrayElements) throws(WeftError) -> String {
    var inner = self
    (inner.separator, inner.prefix, inner.suffix) = (", ", "array(", ")")
    let head = inner.prefix + (try inner.brackets(elements))
    let dtype = elements.buffer.type.dtype
    var extras: [String] = []
    if elements.isEmpty && elements.extents != [0] || elements.isSummary(options) {
      let list = elements.extents.map(String.init).joined(separator: ", ")
      extras.append("shape=(\(list)\(elements.extents.count == 1 ? "," : ""))")
    }
    if elements.isEmpty || ![.bool, .int64, .float64, .complex128].contains(dtype) {
      extras.append("dtype=\(dtype)")
    }
    if extras.isEmpty { return head + ")" }
    let tail = extras.joined(separator: ", ") + ")"
    let lastLine = head.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
    let isWrapped = lastLine + tail.utf8.count + 1 > options.lineWidth
    return head + "," + (isWrapped ? "\n" + String(repeating: " ", count: 6) : " ") + tail
  }

  /// About the most bytes that an element takes while it is written: its place, its digits as
  /// they are looked for, its text twice.
  private static let bytesPerElement = 160

  /// As `array2string`.
  ///
  /// - Throws: `out-of-memory` when the text does not fit.
  func brackets(_ elements: ArrayElements) throws(WeftError) -> String {
    if elements.isEmpty { return "[]" }
    let summary = elements.isSummary(options)
    let kept = elements.kept(summary ? options.edgeItems : 0)
    try Session.current.memory.requireRoom(
      kept.extents.reduce(1, *), times: Self.bytesPerElement, for: "format")
    let positions = kept.positions()
    return try elements.buffer.reading {
      let writer = BracketWriter(
        extents: elements.extents, kept: kept.extents, positions: positions,
        buffer: elements.buffer, format: ElementFormat(elements.buffer, at: positions, options),
        edgeItems: summary ? options.edgeItems : nil, separator: separator)
      return writer.text(
        axis: 0, first: 0, indent: 1 + prefix.unicodeScalars.count,
        width: options.lineWidth - suffix.unicodeScalars.count)
    }
  }
}

/// Elements in memory that stand for an array: all of them, or those that a summary shows.
struct ArrayElements {
  let buffer: Buffer
  /// The extents of the array.
  let extents: [Int]

  var isEmpty: Bool { extents.contains(0) }

  /// Whether the array has more elements than are written in full.
  func isSummary(_ options: FormatOptions) -> Bool {
    Shape(extents).count.map { $0 > options.threshold } ?? true
  }

  /// The elements that are written: both ends of each axis of more than two edges.
  func kept(_ edge: Int) -> KeptElements {
    let stored = buffer.type.shape.known ?? []
    return KeptElements(
      stored: stored, extents: stored.map { edge > 0 && $0 > 2 * edge ? 2 * edge : $0 }, edge: edge)
  }
}

/// Which elements of a buffer are written.
struct KeptElements {
  /// The extents of the buffer.
  let stored: [Int]
  /// The extents of what is written.
  let extents: [Int]
  let edge: Int

  /// The positions in the buffer, in C order.
  func positions() -> [Int] {
    var positions = [0]
    for (extent, count) in zip(stored, extents) {
      if extent == count && positions == [0] {
        positions = Array(0..<extent)
        continue
      }
      var next: [Int] = []
      next.reserveCapacity(positions.count * count)
      for position in positions {
        for i in 0..<count {
          next.append(position * extent + (count < extent && i >= edge ? i + extent - count : i))
        }
      }
      positions = next
    }
    return positions
  }
}
