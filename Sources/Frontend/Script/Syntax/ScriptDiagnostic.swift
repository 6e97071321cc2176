/// A mistake in the text of a script, with the bytes at fault.
struct ScriptSyntaxError: Error, Sendable, Equatable {
  /// The fields on the heap: one word on the stack keeps the frames of the parser small.
  private final class Storage: Sendable {
    let message: String
    let range: Range<Int>
    let hint: String?

    init(_ message: String, _ range: Range<Int>, _ hint: String?) {
      self.message = message
      self.range = range
      self.hint = hint
    }
  }

  private let storage: Storage

  /// What is wrong, without place.
  var message: String { storage.message }
  /// The UTF-8 byte offsets of the guilty part; empty at the end of the source.
  var range: Range<Int> { storage.range }
  /// What to write instead, where one thing is best.
  var hint: String? { storage.hint }

  /// An error at a range of bytes.
  init(_ message: String, _ range: Range<Int>, hint: String? = nil) {
    storage = Storage(message, range, hint)
  }

  static func == (left: ScriptSyntaxError, right: ScriptSyntaxError) -> Bool {
    left.message == right.message && left.range == right.range && left.hint == right.hint
  }

  /// The message, the line with a caret under the guilty part, and the hint.
  func rendered(in source: String) -> String {
    ScriptDiagnostic.caretMessage(source: source, range: range, message: message, hint: hint)
  }

  /// The same for a source that may not be valid UTF-8.
  func rendered(in bytes: [UInt8]) -> String {
    ScriptDiagnostic.caretMessage(bytes: bytes, range: range, message: message, hint: hint)
  }
}

/// Prints a place in a source for a person.
enum ScriptDiagnostic {
  /// The widest line of source that is printed, in columns.
  static let maximumColumns = 100

  /// A message, the line of the source that it is about and a caret under the guilty part.
  ///
  ///     error: unexpected ')'
  ///       y = (x + ) * 2
  ///                ^
  ///
  /// - Note: In a source of several lines the message ends in the number of the line. A range over
  ///   several lines is marked to the end of its first line. Offsets out of bounds are clamped.
  /// - Units: the range counts UTF-8 bytes; the caret stands at terminal columns.
  static func caretMessage(
    source: String, range: Range<Int>, message: String, hint: String? = nil
  ) -> String {
    caretMessage(bytes: Array(source.utf8), range: range, message: message, hint: hint)
  }

  /// The same for bytes that may not be valid UTF-8.
  static func caretMessage(
    bytes: [UInt8], range: Range<Int>, message: String, hint: String? = nil
  ) -> String {
    let line = ScriptSourceLine(bytes: bytes, marking: range)
    let place = line.isOnly ? "" : " (line \(line.number))"
    var text = "error: \(message)\(place)\n  \(line.text)\n  \(line.underline)"
    if let hint { text += "\n  hint: \(hint)" }
    return text
  }

  /// Source text short enough for a message, with control characters replaced.
  static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    let limit = 40
    let short = bytes.prefix(limit)
    let scalars = String(decoding: short, as: UTF8.self).unicodeScalars
      .map { ScriptCell($0).text }.joined()
    return bytes.count > limit ? scalars + "…" : scalars
  }
}

/// One line of a source, cut to what fits around its marked part.
private struct ScriptSourceLine {
  /// The line as printed.
  var text = ""
  /// Blanks, then a caret and tildes under the marked part.
  var underline = ""
  /// Counted from 1.
  let number: Int
  /// Whether the source has no other line.
  let isOnly: Bool

  init(bytes: [UInt8], marking range: Range<Int>) {
    let mark = min(max(range.lowerBound, 0), bytes.count)
    var start = mark
    while start > 0, !bytes[start - 1].isLineBreak { start -= 1 }
    var end = mark
    while end < bytes.count, !bytes[end].isLineBreak { end += 1 }
    var number = 1
    for index in bytes[..<start].indices where bytes[index].isLineBreak {
      let isSecondOfTwo =
        bytes[index] == UInt8(ascii: "\n") && index > 0
        && bytes[index - 1] == UInt8(ascii: "\r")
      if !isSecondOfTwo { number += 1 }
    }
    self.number = number
    isOnly = start == 0 && end == bytes.count
    let markEnd = max(mark, min(range.upperBound, end))
    // One column takes at most 4 bytes but for combining marks, of which a few fit besides.
    let reach = ScriptDiagnostic.maximumColumns * 6
    let before = Self.cells(bytes[max(start, mark - reach)..<mark])
    let marked = Self.cells(bytes[mark..<min(markEnd, mark + reach)])
    let after = Self.cells(bytes[min(markEnd, mark + reach)..<min(end, mark + 2 * reach)])
    lay(
      before, marked, after, isHeadCut: mark - reach > start, isTailCut: mark + 2 * reach < end)
  }

  private static func cells(_ bytes: ArraySlice<UInt8>) -> [ScriptCell] {
    // A window may begin inside a character.
    let aligned = bytes.drop { $0 & 0xC0 == 0x80 }
    return String(decoding: aligned, as: UTF8.self).unicodeScalars.map { ScriptCell($0) }
  }

  /// Fills the text and the underline, keeping the start of the marked part in sight.
  private mutating func lay(
    _ before: [ScriptCell], _ marked: [ScriptCell], _ after: [ScriptCell],
    isHeadCut: Bool, isTailCut: Bool
  ) {
    let limit = ScriptDiagnostic.maximumColumns
    let total = (before + marked + after).reduce(0) { $0 + $1.width }
    let fits = total <= limit && !isHeadCut && !isTailCut
    // Two columns are for the ellipses; the mark gets what half a line before it leaves over.
    let wanted = min(marked.reduce(0) { $0 + $1.width }, limit / 2)
    let trailing = after.reduce(0) { $0 + $1.width }
    let room = max(limit / 2 - 2, limit - 2 - wanted - trailing)
    let head = fits ? before : Self.tail(of: before, columns: room)
    let hidesHead = isHeadCut || head.count < before.count
    if hidesHead { text = "…" }
    var column = hidesHead ? 1 : 0
    for cell in head { append(cell, &column) }
    underline = String(repeating: " ", count: column) + "^"
    let caretColumn = column
    var hidesTail = isTailCut
    for cell in marked + after {
      guard fits || column + cell.width < limit else {
        hidesTail = true
        break
      }
      append(cell, &column)
    }
    if hidesTail { text += "…" }
    let width = min(marked.reduce(0) { $0 + $1.width }, column - caretColumn)
    underline += String(repeating: "~", count: max(0, width - 1))
  }

  private mutating func append(_ cell: ScriptCell, _ column: inout Int) {
    text += cell.text
    column += cell.width
  }

  /// The last cells that fit a number of columns.
  private static func tail(of cells: [ScriptCell], columns: Int) -> [ScriptCell] {
    var width = 0
    var first = cells.count
    while first > 0, width + cells[first - 1].width <= columns {
      first -= 1
      width += cells[first].width
    }
    return Array(cells[first...])
  }
}

/// A character as a terminal shows it.
private struct ScriptCell {
  let text: String
  /// In columns.
  let width: Int

  /// Blanks replace tabs, and a replacement character stands for each control character.
  init(_ scalar: Unicode.Scalar) {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate:
      text = scalar == "\t" ? " " : "\u{FFFD}"
      width = 1
    case .format, .nonspacingMark, .enclosingMark:
      // Marks of direction could reorder the line, so that the caret would point elsewhere.
      let isKept = scalar.properties.generalCategory != .format
      text = isKept ? String(scalar) : "\u{FFFD}"
      width = isKept ? 0 : 1
    default:
      text = String(scalar)
      width = Self.isWide(scalar.value) ? 2 : 1
    }
  }

  /// Whether a character takes two columns.
  ///
  /// - Source: Unicode Standard Annex 11, the blocks whose characters are wide or full width.
  private static func isWide(_ code: UInt32) -> Bool {
    switch code {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
