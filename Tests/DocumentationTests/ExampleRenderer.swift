import Foundation

/// Writes the examples of a source file as functions that compare results, and a table of them.
enum ExampleRenderer {
  /// The folder of the written files.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Examples").path()

  /// The text of every written file by its name.
  static func files(folders: [String]) throws -> [String: String] {
    var result: [String: String] = [:]
    var tables: [String] = []
    for folder in folders {
      let declarations =
        try SourceDeclaration.all(in: folder)
        + SourceDeclaration.articles(in: folder)
      for (file, group) in Dictionary(grouping: declarations, by: \.file) {
        let examples = try group.flatMap { try DocumentedExample.all(of: $0) }
        if examples.isEmpty { continue }
        let table = tableName(file)
        tables.append(table)
        let name = file.replacing(/\.(swift|md)$/, with: "").replacing("/", with: ".")
        result[name + "Examples.swift"] = text(
          of: examples, file: file, table: table)
      }
    }
    result["AllExamples.swift"] = """
      // Written by `BLESS=1 swift test --filter DocumentationTests`.
      // swift-format-ignore-file

      extension Example {
        /// The examples of all doc comments.
        static let all: [Example] = [
      \(tables.sorted().map { "    \($0)," }.joined(separator: "\n"))
        ].flatMap { $0 }
      }

      """
    return result
  }

  /// `Frontend/Files/NPYHeader+Writing.swift` as `filesNPYHeaderWriting`.
  private static func tableName(_ file: String) -> String {
    let words = file.replacing(/\.(swift|md)$/, with: "").split { !$0.isLetter && !$0.isNumber }
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return name.prefix(1).lowercased() + name.dropFirst()
  }

  private static func text(
    of examples: [DocumentedExample], file: String, table: String
  ) -> String {
    var rows = ""
    var functions = ""
    for (number, example) in examples.enumerated() {
      let function = "\(table)\(number + 1)"
      let name = example.declaration.context.last.map { "\($0)." } ?? ""
      let title = quoted("\(file): \(name)\(example.declaration.name)")
      rows += "    Example(\(title), \(function)),\n"
      functions += "\n" + body(of: example, function)
    }
    let modules = Set(["Weft"] + examples.flatMap(\.imports)).sorted()
    return """
      // Written from Sources/\(file) by `BLESS=1 swift test --filter DocumentationTests`.
      // swift-format-ignore-file

      \(modules.map { "import \($0)" }.joined(separator: "\n"))

      extension Example {
        static let \(table): [Example] = [
      \(rows)  ]
      \(functions)}

      """
  }

  private static func body(of example: DocumentedExample, _ function: String) -> String {
    let code = example.statements.flatMap(\.code).joined(separator: "\n")
    let effects = code.contains("await ") ? "async throws" : "throws"
    var text = "  private static func \(function)() \(effects) {\n"
    for statement in example.statements {
      let isNamed = statement.expression != statement.code.joined(separator: "\n")
      if statement.result == nil || isNamed {
        for line in statement.code where !line.hasPrefix("import ") {
          text += line.isEmpty ? "\n" : "    \(line)\n"
        }
      }
      if let result = statement.result, let expression = statement.expression {
        let rows = quoted(result.joined(separator: "\n"))
        let check = expression.contains("await ") ? "await expectLater" : "expect"
        let lines = expression.replacing("\n", with: "\n    ")
        text += "    try \(check)(\(quoted(expression)), \(lines), \(rows))\n"
      }
    }
    return text + "  }\n"
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"" + escaped.replacing("\n", with: "\\n") + "\""
  }
}
