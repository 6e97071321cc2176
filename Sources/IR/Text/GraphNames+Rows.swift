extension Graph {
  /// What the text form calls the first result of each row, such as `%3` or `%x`.
  public func valueNames() -> [String] {
    let names = GraphNames(self)
    return (0..<count).map { row in
      var buffer = TextBuffer()
      names.append(Value(row: row), to: &buffer)
      return buffer.text
    }
  }
}
