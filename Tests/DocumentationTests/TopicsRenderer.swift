import Foundation

/// Writes the pages of the documentation catalogue that list the frontend's symbols by subject: a
/// page for each folder of `Sources/Frontend`, with a group for each file.
enum TopicsRenderer {
  /// The catalogue's folder.
  static let catalogue = SourceDeclaration.sources + "/Frontend/Weft.docc"

  /// Symbols that a page lists: types, functions and the members of `NDArray` and `random`.
  private static func isListed(_ declaration: SourceDeclaration) -> Bool {
    let context = declaration.context
    if declaration.kind == "case" || declaration.name.hasPrefix("customMirror") { return false }
    return context.isEmpty || context == ["NDArray"] || context == ["random"]
  }

  /// The text of every written page by its name.
  static func files() throws -> [String: String] {
    let declarations = try SourceDeclaration.all(in: "Frontend").filter(isListed)
    let folders = Dictionary(grouping: declarations) { declaration in
      let parts = declaration.file.split(separator: "/")
      return parts.count > 2 ? String(parts[1]) : "Arrays"
    }
    var result: [String: String] = [:]
    var members = "# ``Weft/NDArray``\n\n\(head)\n## Topics\n"
    var pages = ""
    for (folder, group) in folders.sorted(by: { $0.key < $1.key }) {
      let files = Dictionary(grouping: group, by: \.file).sorted { $0.key < $1.key }
      var page = "# \(words(folder))\n\nThe functions and types of this subject.\n\n"
      page += "\(head)\n## Topics\n"
      for (file, declarations) in files {
        let name = file.split(separator: "/").last.map { $0.dropLast(6) } ?? ""
        page += "\n### \(words(String(name)))\n\n" + list(declarations.map(link))
      }
      result["Functions\(folder).md"] = page
      pages += "- <doc:Functions\(folder)>\n"
      let own = group.filter { $0.context == ["NDArray"] }
      if !own.isEmpty { members += "\n### \(words(folder))\n\n" + list(own.map(memberLink)) }
    }
    result["NDArray.md"] = members
    result["Functions.md"] = """
      # Functions by subject

      Every function and type of the frontend, in groups like those of `Docs/numpy-to-weft.md`.

      \(head)
      ## Topics

      ### Subjects

      \(pages)
      """
    return result
  }

  private static let head =
    "<!-- Written by `BLESS=1 swift test --filter DocumentationTests`. -->\n"

  private static func list(_ links: [String]) -> String {
    var seen: Set<String> = []
    return links.filter { seen.insert($0).inserted }.map { "- ``\($0)``\n" }.joined()
  }

  /// A symbol's place in the module.
  private static func link(_ declaration: SourceDeclaration) -> String {
    (declaration.context + [memberLink(declaration)]).joined(separator: "/")
  }

  private static func memberLink(_ declaration: SourceDeclaration) -> String {
    declaration.name.replacing("`", with: "")
  }

  /// `NDArray+Files` and `LinearAlgebra` as `NDArray files` and `Linear algebra`.
  private static func words(_ name: String) -> String {
    var result = ""
    for character in name {
      if character == "+" {
        result += " "
      } else if character.isUppercase, result.last?.isLowercase == true {
        result += " " + character.lowercased()
      } else {
        result.append(character)
      }
    }
    return result
  }
}
