import Foundation

/// What a doc comment has to say, and what one lacks.
struct DocumentationRules {
  /// The public declarations of the whole library.
  let declarations: [SourceDeclaration]
  /// Those of the frontend by name without labels, which "See `name`" finds.
  private let byName: [String: [SourceDeclaration]]
  /// Largest errors from `Docs/accuracy.md`: by function, then by dtype.
  let accuracy: [String: [String: Double]]

  init(_ declarations: [SourceDeclaration], accuracy: [String: [String: Double]]) {
    self.declarations = declarations
    self.accuracy = accuracy
    byName = Dictionary(
      grouping: declarations.filter { $0.file.hasPrefix("Frontend/") }, by: \.baseName)
  }

  /// What is missing, a line for each thing.
  func gaps() -> [String] {
    declarations.flatMap { declaration in
      missing(declaration).map { "\(declaration.place): \($0)" }
    }
  }

  /// 1. Every public declaration has a doc comment.
  /// 2. A function of arrays, or one that gives arrays, says its shape and dtype (when it gives
  ///    arrays), what it throws and NumPy's name, and has an example.
  /// 3. What it does not say is said by the one that it names as "See `name`", which has it all.
  /// 4. A function that `Docs/accuracy.md` measures says its largest error.
  /// 5. A list of parameters has all of them, as DocC asks.
  private func missing(_ declaration: SourceDeclaration) -> [String] {
    guard let first = declaration.documentation.first, !first.isEmpty else {
      return ["no doc comment"]
    }
    var result = missingParameters(of: declaration)
    guard isFunctionOfArrays(declaration) else { return result }
    let others = siblings(of: declaration)
    if others?.isEmpty == true { result.append("'See' names nothing that says it all") }
    if others == nil { result += missingParts(of: declaration) }
    return result + missingAccuracy(of: declaration)
  }

  /// Functions that a protocol asks for, which say nothing of arrays' elements.
  static let exceptions: [String: String] = [
    "NDArray.==(_:_:)": "compares handles, for Hashable",
    "NDArray.hash(into:)": "hashes a handle, for Hashable",
    "NDArray.taken(from:)": "for CompiledResult, called by compile alone",
    "NDArray.put(into:)": "for CompiledResult, called by compile alone",
  ]

  /// A function, operator, initializer, subscript or array-valued property of the frontend that
  /// takes arrays as operands or gives some, outside the evaluation of scripts.
  func isFunctionOfArrays(_ declaration: SourceDeclaration) -> Bool {
    let context = declaration.context
    guard declaration.file.hasPrefix("Frontend/"), !declaration.file.hasPrefix("Frontend/Script/"),
      Self.exceptions[(context + [declaration.name]).joined(separator: ".")] == nil
    else { return false }
    let signature = declaration.signature
    switch declaration.kind {
    case "func", "subscript": return signature.contains("NDArray") || context == ["NDArray"]
    case "init": return context == ["NDArray"]
    case "var": return context == ["NDArray"] && givesArrays(declaration)
    default: return false
    }
  }

  private func givesArrays(_ declaration: SourceDeclaration) -> Bool {
    let signature = declaration.signature
    switch declaration.kind {
    case "init": return true
    case "var": return signature.contains(": NDArray") || signature.contains(": [NDArray]")
    default:
      let arrow = signature.range(of: "->", options: .backwards)
      let result = arrow.map { signature[$0.upperBound...] } ?? ""
      return result.contains("NDArray") || result.contains("LeastSquares")
        || result.contains("UniqueElements")
    }
  }

  private func missingParts(of declaration: SourceDeclaration) -> [String] {
    let said = Self.parts(of: declaration)
    var wanted = ["Throws", "NumPy"]
    if givesArrays(declaration) { wanted += ["Shape", "DType"] }
    var result = wanted.filter { !said.contains($0) }.map { "no '- \($0):'" }
    if !declaration.documentation.contains("```swift") { result.append("no example") }
    return result
  }

  /// The words before the colons of a doc comment's list.
  private static func parts(of declaration: SourceDeclaration) -> Set<String> {
    Set(
      declaration.documentation.compactMap { line in
        guard line.hasPrefix("- "), let colon = line.firstIndex(of: ":") else { return nil }
        return String(line[..<colon].dropFirst(2))
      })
  }

  /// The declarations that "See `name`" means and that say it all; nil when there is no such line.
  ///
  /// A name is the whole one or its beginning: `sum`, `sum(axis:)`, `concatenate(_:axis:)`.
  private func siblings(of declaration: SourceDeclaration) -> [SourceDeclaration]? {
    let text = declaration.documentation.joined(separator: " ")
    guard let start = text.range(of: "See `"),
      let end = text[start.upperBound...].firstIndex(of: "`")
    else { return nil }
    let name = text[start.upperBound..<end]
    let base = name.firstIndex(of: "(").map { name[..<$0] } ?? name
    let beginning = name.hasSuffix(")") ? name.dropLast() : name + "("
    return byName[String(base), default: []].filter {
      ($0.file, $0.line) != (declaration.file, declaration.line)
        && ($0.name.hasPrefix(beginning) || $0.name == name) && missingParts(of: $0).isEmpty
    }
  }

  private func missingParameters(of declaration: SourceDeclaration) -> [String] {
    let said = declaration.documentation.compactMap { line -> Substring? in
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "-" }
      if line.hasPrefix("- Parameter "), words.count > 2 { return words[2] }
      return line.hasPrefix("  - ") && words.count > 1 ? words[1] : nil
    }
    guard declaration.documentation.contains(where: { $0.hasPrefix("- Parameter") }) else {
      return []
    }
    return declaration.parameterNames.filter { !said.contains(Substring($0)) }
      .map { "no parameter '\($0)'" }
  }

  private func missingAccuracy(of declaration: SourceDeclaration) -> [String] {
    guard let errors = accuracy[declaration.baseName], declaration.context.isEmpty,
      declaration.file.contains("/Elementwise/")
    else { return [] }
    let words = declaration.documentation.joined(separator: " ")
    return errors.keys.sorted().compactMap { dtype in
      guard let range = words.range(of: "\(dtype) within "),
        let stated = Double(words[range.upperBound...].prefix { $0.isNumber || $0 == "." })
      else { return "no '- Accuracy: ... \(dtype) within N ULP'" }
      let measured = errors[dtype] ?? 0
      return stated >= measured ? nil : "\(dtype) within \(stated) ULP, but \(measured) measured"
    }
  }
}

extension DocumentationRules {
  /// The rules over `Sources` and the table of `Docs/accuracy.md`.
  static func current() throws -> DocumentationRules {
    let path = SourceDeclaration.sources + "/../Docs/accuracy.md"
    var accuracy: [String: [String: Double]] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count > 4, let error = Double(cells[3]) else { continue }
      accuracy[cells[0], default: [:]][cells[1]] = error
    }
    let folders = ["IR", "Passes", "Executors", "Frontend"]
    return DocumentationRules(
      try folders.flatMap { try SourceDeclaration.all(in: $0) }, accuracy: accuracy)
  }
}
