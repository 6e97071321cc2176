import Foundation

/// A block of Swift code in a doc comment: statements, some with the text of their results.
struct DocumentedExample {
  /// The declaration that it explains.
  let declaration: SourceDeclaration
  /// The statements in order.
  let statements: [Statement]

  /// A statement of one or more lines.
  struct Statement {
    /// The code without the comment that is its result.
    var code: [String]
    /// What is printed, row by row; nil where nothing is said.
    var result: [String]?
    /// The expression that the result belongs to.
    var expression: String?
  }

  /// What an example has wrong.
  struct Failure: Error, CustomStringConvertible {
    /// Place and mistake.
    let description: String
  }
}

extension DocumentedExample {
  /// The modules that it imports.
  var imports: [String] {
    statements.compactMap { statement in
      let words = statement.code[0].split(separator: " ")
      return words.count == 2 && words[0] == "import" ? String(words[1]) : nil
    }
  }

  /// The blocks between "```swift" and "```" in the doc comment of a declaration.
  static func all(of declaration: SourceDeclaration) throws -> [DocumentedExample] {
    var result: [DocumentedExample] = []
    var block: [String]?
    for line in declaration.documentation {
      if line == "```swift" {
        block = []
      } else if line == "```", let lines = block {
        result.append(
          DocumentedExample(
            declaration: declaration, statements: try statements(of: lines, declaration)))
        block = nil
      } else {
        block?.append(line)
      }
    }
    if block != nil { throw Failure(description: "\(declaration.place): a block has no end") }
    return result
  }

  /// Splits code into statements: one ends with the line that closes all its brackets.
  ///
  /// A comment behind a statement is its result; without one the comment lines below it are. What
  /// `let` names has a result only behind it.
  private static func statements(
    of lines: [String], _ declaration: SourceDeclaration
  ) throws -> [Statement] {
    var result: [Statement] = []
    var index = 0
    while index < lines.count {
      var statement = Statement(code: [])
      var comment: String?
      var depth = 0
      repeat {
        let (code, text, change) = split(lines[index])
        depth += change
        comment = text
        let isLast = depth <= 0 || index + 1 == lines.count
        statement.code.append(isLast && !code.isEmpty ? code : lines[index])
        index += 1
      } while depth > 0 && index < lines.count
      let first = statement.code[0].trimmingCharacters(in: .whitespaces)
      if first.isEmpty || first.hasPrefix("//") {
        result.append(statement)
        continue
      }
      statement.expression = expression(statement.code)
      var rows: [String] = []
      if let comment {
        rows = [comment]
      } else if isExpression(first) {
        while index < lines.count, lines[index].hasPrefix("//") {
          rows.append(String(lines[index].dropFirst(2).trimmingPrefix(" ")))
          index += 1
        }
      }
      if !rows.isEmpty {
        guard statement.expression != nil else {
          let code = statement.code.joined(separator: " ")
          throw Failure(description: "\(declaration.place): a result behind '\(code)'")
        }
        statement.result = rows
      }
      result.append(statement)
    }
    return result
  }

  /// The code of a line, the comment behind it, and by how much its brackets open.
  private static func split(_ line: String) -> (code: String, comment: String?, depth: Int) {
    var depth = 0
    var isInText = false
    var previous: Character = " "
    for (position, character) in zip(line.indices, line) {
      if character == "\"", previous != "\\" { isInText.toggle() }
      if !isInText {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
        if character == "/", previous == "/", position > line.startIndex {
          let code = line[..<line.index(before: position)]
          let comment = line[line.index(after: position)...].trimmingPrefix(" ")
          let trimmed = code.reversed().drop { $0 == " " }.reversed()
          return (String(trimmed), trimmed.isEmpty ? nil : String(comment), depth)
        }
      }
      previous = character
    }
    return (line, nil, depth)
  }

  /// Whether a statement is an expression by its first word, and assigns nothing.
  private static func isExpression(_ code: String) -> Bool {
    let keywords: Set<Substring> = [
      "let", "var", "for", "if", "while", "repeat", "do", "func", "struct", "enum", "final",
      "class", "extension", "import", "guard", "switch", "return", "defer",
    ]
    let word = code.prefix { !" ({".contains($0) }
    var depth = 0
    let outside = code.filter { character in
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      return depth == 0
    }
    return !keywords.contains(word) && !word.hasPrefix("@")
      && !["=", "+=", "-=", "*=", "/=", "%="].contains { outside.contains(" \($0) ") }
  }

  /// What a result would be compared with: an expression, or the name that `let` gives.
  private static func expression(_ code: [String]) -> String? {
    let words = code[0].split(separator: " ")
    if words.count > 2, words[0] == "let" || words[0] == "var", !words[1].hasPrefix("(") {
      return words[1].trimmingCharacters(in: [":"])
    }
    return isExpression(code[0]) ? code.joined(separator: "\n") : nil
  }
}
