import Foundation

/// A public declaration as a source file writes it, with its doc comment.
struct SourceDeclaration {
  /// The file's path below `Sources`.
  let file: String
  /// The line of the declaration, from 1.
  let line: Int
  /// The lines of the doc comment without `///` and the space behind it.
  let documentation: [String]
  /// The line of the first line of the doc comment, from 1.
  let documentationLine: Int
  /// The declaration without its body, on one line.
  let signature: String
  /// The types around it, outermost first: `["NDArray"]` in `extension NDArray`.
  let context: [String]

  /// The last word before the name: `func`, `var`, `init`, `struct` and so on.
  let kind: String
  /// The name with its labels: `sum(axis:keepAxes:)`, `+(_:_:)`, `Session`.
  let name: String

  /// The name without labels.
  var baseName: String { name.firstIndex(of: "(").map { String(name[..<$0]) } ?? name }

  /// File and line, for messages.
  var place: String { "\(file):\(line): \(context.map { $0 + "." }.joined())\(name)" }
}

extension SourceDeclaration {
  /// The folder `Sources` of this package.
  static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources").path()

  /// The public declarations of all Swift files below a folder of `Sources`, by path and line.
  static func all(in folder: String) throws -> [SourceDeclaration] {
    try files(in: folder, suffix: ".swift").flatMap { file in
      read(try String(contentsOfFile: sources + "/" + file, encoding: .utf8), file: file)
    }
  }

  /// The articles of the documentation catalogues below a folder: their text as a doc comment.
  static func articles(in folder: String) throws -> [SourceDeclaration] {
    try files(in: folder, suffix: ".md").filter { $0.contains(".docc/") }.map { file in
      let text = try String(contentsOfFile: sources + "/" + file, encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return SourceDeclaration(
        file: file, line: 1, documentation: lines, documentationLine: 1, signature: "", context: [],
        kind: "article", name: String(file.split(separator: "/").last ?? ""))
    }
  }

  /// The files below a folder of `Sources` whose names end so, in order.
  private static func files(in folder: String, suffix: String) throws -> [String] {
    let files = FileManager.default.enumerator(atPath: sources + "/" + folder)
    return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(suffix) }.sorted()
      .map { folder + "/" + $0 }
  }

  /// The public declarations of a file's text.
  static func read(_ text: String, file: String) -> [SourceDeclaration] {
    SourceReader(text, file: file).declarations()
  }
}

/// Finds public declarations by the shape that `swift format` gives to a file: what is nested is
/// indented by two spaces, a declaration starts a line, its body starts at the end of one.
private struct SourceReader {
  let file: String
  let lines: [String]

  init(_ text: String, file: String) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// A type whose members are being read.
  private struct Scope {
    let name: String
    let indentation: Int
    /// Members without `public` are public too: cases, requirements, members of public extensions.
    let opensMembers: Bool
    let kind: String
  }

  func declarations() -> [SourceDeclaration] {
    var result: [SourceDeclaration] = []
    var scopes: [Scope] = []
    var documentation: [String] = []
    var isInText = false
    for (index, line) in lines.enumerated() {
      let text = line.trimmingCharacters(in: .whitespaces)
      if line.components(separatedBy: "\"\"\"").count % 2 == 0 { isInText.toggle() }
      if isInText { continue }
      if text.hasPrefix("///") {
        documentation.append(String(text.dropFirst(3).trimmingPrefix(" ")))
        continue
      }
      if text.hasPrefix("@"), !text.contains(" ") || text.hasSuffix(")") { continue }
      let indentation = line.prefix { $0 == " " }.count
      if !text.isEmpty {
        while let scope = scopes.last, indentation <= scope.indentation { scopes.removeLast() }
      }
      let isMember = scopes.last.map { indentation == $0.indentation + 2 } ?? (indentation == 0)
      if isMember, let found = declaration(at: index, text: text) {
        let isPublic = found.isPublic || isRequirement(found.kind, in: scopes.last)
        if isPublic, found.kind != "extension" {
          result.append(
            SourceDeclaration(
              file: file, line: index + 1, documentation: documentation,
              documentationLine: index + 1 - documentation.count, signature: found.signature,
              context: scopes.map(\.name), kind: found.kind, name: found.name))
        }
        if ["struct", "enum", "class", "protocol", "extension", "actor"].contains(found.kind) {
          let isOpen = isPublic || found.kind == "extension"
          scopes.append(
            Scope(
              name: found.name, indentation: indentation, opensMembers: isOpen, kind: found.kind))
        }
      }
      if !text.isEmpty { documentation = [] }
    }
    return result
  }

  private func isRequirement(_ kind: String, in scope: Scope?) -> Bool {
    guard let scope, scope.opensMembers else { return false }
    return kind == "case" ? scope.kind == "enum" : scope.kind == "protocol"
  }

  private func declaration(
    at index: Int, text: String
  ) -> (kind: String, name: String, signature: String, isPublic: Bool)? {
    let modifiers: Set<Substring> = [
      "public", "package", "private", "fileprivate", "internal", "open", "static", "final",
      "mutating", "prefix", "postfix", "infix", "indirect", "override", "nonisolated",
      "convenience", "required", "lazy", "weak",
    ]
    let kinds: Set<Substring> = [
      "func", "var", "let", "init", "subscript", "struct", "enum", "class", "protocol", "extension",
      "actor", "typealias", "associatedtype", "case",
    ]
    var words = text.split(separator: " ")[...]
    var isPublic = false
    while let word = words.first {
      if word == "public" || word == "open" { isPublic = true }
      guard modifiers.contains(word) || word.hasPrefix("@") else { break }
      words.removeFirst()
    }
    guard let first = words.first else { return nil }
    let kind = first.prefix { $0.isLetter }
    guard kinds.contains(kind) else { return nil }
    let signature = signature(from: index)
    let rest = signature.components(separatedBy: "\(kind)").dropFirst()
      .joined(separator: String(kind)).trimmingCharacters(in: .whitespaces)
    return (String(kind), name(kind: String(kind), rest: rest), signature, isPublic)
  }

  /// The declaration's lines up to the end of its parameters and result.
  private func signature(from start: Int) -> String {
    var text = ""
    for line in lines[start...] {
      text += (text.isEmpty ? "" : " ") + line.trimmingCharacters(in: .whitespaces)
      let depth = text.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
      if depth <= 0 { break }
    }
    return text
  }

  private func name(kind: String, rest: String) -> String {
    switch kind {
    case "init": return "init" + labels(rest)
    case "subscript": return "subscript" + labels(rest)
    case "func":
      let isOperator = rest.first.map { !$0.isLetter && $0 != "`" && $0 != "_" } ?? false
      let base = rest.prefix { $0 != "(" && (isOperator ? $0 != " " : $0 != "<") }
      let name = base.trimmingCharacters(in: ["`"])
      let labels = labels(String(rest.dropFirst(base.count)))
      return name + (isOperator ? labels.replacing(/[^(:)]+/, with: "_") : labels)
    case "extension": return String(rest.prefix { !" :{".contains($0) })
    default: return String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "`" })
    }
  }

  /// The argument labels of the first list of parameters.
  private func labels(_ text: String) -> String {
    "(" + SourceDeclaration.parameters(text).map { $0.label + ":" }.joined() + ")"
  }
}

extension SourceDeclaration {
  /// The parameters' names inside the function.
  var parameterNames: [String] {
    signature.range(of: baseName).map { range in
      Self.parameters(String(signature[range.upperBound...])).map(\.name)
    } ?? []
  }

  /// Labels and names in the first list of parameters.
  fileprivate static func parameters(_ text: String) -> [(label: String, name: String)] {
    guard let start = text.firstIndex(of: "(") else { return [] }
    var depth = 0
    var parameters = [""]
    for character in text[start...] {
      if "([<{".contains(character) { depth += 1 }
      if ")]>}".contains(character), parameters.last?.hasSuffix("-") != true { depth -= 1 }
      if depth == 0 { break }
      if depth == 1, character == "," {
        parameters.append("")
      } else if !(depth == 1 && character == "(") {
        parameters[parameters.count - 1].append(character)
      }
    }
    return parameters.compactMap { parameter in
      let trimmed = parameter.trimmingCharacters(in: .whitespaces)
      guard let colon = trimmed.firstIndex(of: ":") else { return nil }
      let words = trimmed[..<colon].split(separator: " ")
      guard let label = words.first, let name = words.last else { return nil }
      return (String(label), String(name))
    }
  }
}
