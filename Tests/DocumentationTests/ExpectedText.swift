/// The text of a result in a doc comment; a row of `...` stands for any number of rows.
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
    guard let gap = rows.firstIndex(of: "...") else { return actual == rows }
    let (head, tail) = (rows[..<gap], rows[(gap + 1)...])
    return actual.count >= head.count + tail.count && actual.starts(with: head)
      && actual.suffix(tail.count).elementsEqual(tail)
  }
}
