import WeftIR

/// Writes the elements that are kept, row by row.
struct BracketWriter {
  /// The extents of the array, and of what is kept of it.
  let extents: [Int]
  let kept: [Int]
  /// Where the kept elements are in the buffer, in C order.
  let positions: [Int]
  let buffer: Buffer
  let format: ElementFormat
  /// The elements shown at each end of an axis; nil when all are.
  let edgeItems: Int?
  let separator: String

  /// What stands in place of elements that are not shown.
  private static let omission = "..."

  /// The text of one block.
  ///
  /// - Parameters:
  ///   - axis: the outermost axis of the block; one less than there are axes is a row.
  ///   - first: the index of the block in units of blocks.
  ///   - indent: the spaces before lines that follow the first.
  ///   - width: the characters that a line may have.
  func text(axis: Int, first: Int, indent: Int, width: Int) -> String {
    if axis == kept.count { return format.text(buffer.scalar(at: positions[first])) }
    let count = kept[axis]
    var leading = 0
    var trailing = count
    var isCut = false
    if let edgeItems, extents[axis] > 2 * edgeItems {
      isCut = true
      leading = edgeItems
      // NumPy shows the last element even where no edges are asked for.
      trailing = max(1, edgeItems)
    }
    let items = Array(0..<leading) + Array(count - trailing..<count)
    let gap = isCut ? leading : nil
    if axis == kept.count - 1 {
      return row(items.map { first * count + $0 }, gap: gap, indent: indent, width: width)
    }
    let margin = String(repeating: " ", count: indent)
    let lineEnd =
      separator.strippingEnd() + String(repeating: "\n", count: kept.count - 1 - axis)
    var text = "["
    for (i, item) in items.enumerated() {
      if i > 0 { text += margin }
      if i == gap { text += Self.omission + lineEnd + margin }
      text += self.text(
        axis: axis + 1, first: first * count + item, indent: indent + 1, width: width - 1)
      if i < items.count - 1 { text += lineEnd }
    }
    return text + "]"
  }

  /// The text of elements side by side, with line breaks.
  private func row(_ items: [Int], gap: Int?, indent: Int, width: Int) -> String {
    let room = width - max(separator.strippingEnd().unicodeScalars.count, 1)
    let separatorWidth = separator.unicodeScalars.count
    let margin = String(repeating: " ", count: indent)
    var text = "["
    var line = ""
    var length = indent
    func put(_ word: String) {
      let wordWidth = word.unicodeScalars.count
      if length + wordWidth > room && length > indent {
        text += line.strippingEnd() + "\n"
        line = margin
        length = indent
      }
      line += word
      length += wordWidth
    }
    for (i, item) in items.enumerated() {
      if i == gap {
        put(Self.omission)
        line += separator
        length += separatorWidth
      }
      put(format.text(buffer.scalar(at: positions[item])))
      if i < items.count - 1 {
        line += separator
        length += separatorWidth
      }
    }
    return text + line + "]"
  }
}

extension String {
  /// The text without white space at its end.
  fileprivate func strippingEnd() -> String {
    guard let last = unicodeScalars.last, last.properties.isWhitespace else { return self }
    var scalars = unicodeScalars
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
