import Foundation
import Testing

@testable import Weft

/// Every name of NumPy that the project sets out to have is there, or left out with a reason.
@Suite("NumPy's names")
struct CoverageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  /// The names with their priorities.
  private func names() throws -> [(name: String, priority: Int)] {
    try text("Tests/Golden/surface/names.tsv").split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\t")
      guard !line.hasPrefix("#"), parts.count == 2, let priority = Int(parts[1]) else { return nil }
      return (String(parts[0]), priority)
    }
  }

  /// Names of the table of what is left out, each with a reason.
  private func leftOut() throws -> [String: String] {
    let page = try text("Docs/differs-from-numpy.md")
    let section = try #require(page.components(separatedBy: "\n## Left out\n").dropFirst().first)
    var reasons: [String: String] = [:]
    for line in section.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      for name in cells[0].components(separatedBy: ", ") {
        reasons[name.trimmingCharacters(in: ["`"])] = cells[1]
      }
    }
    return reasons
  }

  /// Whether scripts have a function, method, attribute, constant or object of a name.
  private func isThere(_ name: String) throws -> Bool {
    let table = ScriptFunctionTable.standard
    if table[name] != nil || ScriptIndexer(rawValue: name) != nil { return true }
    if ScriptEvaluator.constant(name) != nil { return true }
    guard name.hasPrefix("ndarray.") else { return false }
    let member = String(name.dropFirst("ndarray.".count))
    if table.method(member) != nil { return true }
    let array = zeros([2, 2])
    return try array.scriptAttribute(member, .none) != nil
  }

  @Test("each name is there or left out with a reason")
  func coverage() throws {
    let names = try names()
    let reasons = try leftOut()
    #expect(names.count > 560)
    var missing: [String] = []
    for (name, _) in names where try !isThere(name) && reasons[name] == nil { missing.append(name) }
    #expect(missing.isEmpty, "neither there nor left out: \(missing.joined(separator: ", "))")
    for (name, reason) in reasons {
      #expect(reason.count > 10, "\(name) is left out without a reason")
      if names.contains(where: { $0.name == name && $0.priority < 3 }) {
        #expect(try !isThere(name), "\(name) is there but listed as left out")
      }
      #expect(names.contains { $0.name == name }, "\(name) is no name of the list")
    }
  }

  /// Arguments of the table of what is left out, each with the functions, `all` for all.
  private func argumentsLeftOut() throws -> [String: Set<String>] {
    let page = try text("Docs/differs-from-numpy.md")
    let section = try #require(
      page.components(separatedBy: "\n## Arguments left out\n").dropFirst().first?
        .components(separatedBy: "\n## ").first)
    var found: [String: Set<String>] = [:]
    for line in section.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { cell in
        cell.components(separatedBy: ", ").map { $0.trimmingCharacters(in: [" ", "`"]) }
      }
      for name in cells[0] { found[name, default: []].formUnion(cells[1]) }
    }
    return found
  }

  @Test("each argument with a default is taken or left out with a reason")
  func arguments() throws {
    let table = ScriptFunctionTable.standard
    let leftOut = try argumentsLeftOut()
    var missing: [String] = []
    var count = 0
    for line in try text("Tests/Golden/surface/arguments.tsv").split(separator: "\n")
    where !line.hasPrefix("#") {
      let parts = line.split(separator: "\t").map(String.init)
      let member = parts[0].hasPrefix("ndarray.") ? String(parts[0].dropFirst(8)) : nil
      guard let function = member.flatMap({ table.method($0) }) ?? table[parts[0]] else { continue }
      let taken = Set(function.signature.parameters.flatMap(\.names))
      for argument in parts[1].split(separator: ",").map(String.init)
      where !taken.contains(argument) {
        count += 1
        let functions = leftOut[argument] ?? []
        if functions.contains("all") || functions.contains(parts[0]) { continue }
        missing.append("\(parts[0])(\(argument)=)")
      }
    }
    #expect(missing.isEmpty, "neither taken nor left out: \(missing.joined(separator: ", "))")
    #expect(count > 0)
  }

  @Test("the page tells how many names there are")
  func counts() throws {
    let page = try text("Docs/differs-from-numpy.md")
    for priority in 1...2 {
      let all = try names().filter { $0.priority == priority }
      let there = try all.count { try isThere($0.name) }
      let line = "| \(priority) | \(there) | \(all.count) |"
      #expect(page.contains(line), "the page lacks \(line)")
    }
  }
}
