import Foundation

/// The text of a result in a doc comment; a row of `...` stands for any number of rows, and `...`
/// in a row for any text.
struct ExpectedText {
  let rows: [Substring]

  init(_ text: String) { rows = Self.rows(text) }

  /// Rows without the spaces at their ends, which a comment cannot keep, and without the places in
  /// the source that rows of graphs end with.
  private static func rows(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      var row = row[...]
      if let place = row.firstMatch(of: #/  // [^ ]+:[0-9]+$/#) {
        row = row[..<place.range.lowerBound]
      }
      while row.last == " " { row.removeLast() }
      return row
    }
  }

  func matches(_ text: String) -> Bool {
    let actual = Self.rows(text)
    guard let gap = rows.firstIndex(of: "...") else {
      return actual.elementsEqual(rows, by: Self.matches)
    }
    let (head, tail) = (rows[..<gap], rows[(gap + 1)...])
    return actual.count >= head.count + tail.count
      && actual.starts(with: head, by: Self.matches)
      && actual.suffix(tail.count).elementsEqual(tail, by: Self.matches)
  }

  private static func matches(_ actual: Substring, _ expected: Substring) -> Bool {
    let parts = String(expected).components(separatedBy: "...")
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return actual == expected
    }
    guard actual.hasPrefix(first), actual.hasSuffix(last),
      actual.count >= first.count + last.count
    else { return false }
    var rest = String(actual.dropFirst(first.count).dropLast(last.count))
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.range(of: part) else { return false }
      rest = String(rest[range.upperBound...])
    }
    return true
  }
}
