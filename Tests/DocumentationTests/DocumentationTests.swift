import Foundation
import Testing

@Suite struct DocumentationTests {
  @Test("every public declaration has a doc comment, every function of arrays all that it must say")
  func coverage() throws {
    let gaps = try DocumentationRules.current().gaps()
    if gaps.isEmpty { return }
    Issue.record("\(gaps.count) gaps:\n\(gaps.joined(separator: "\n"))")
  }

  @Test("the exceptions are declarations that there are")
  func exceptions() throws {
    let names = Set(
      try SourceDeclaration.all(in: "Frontend").map {
        ($0.context + [$0.name]).joined(separator: ".")
      })
    #expect(DocumentationRules.exceptions.keys.filter { !names.contains($0) }.isEmpty)
  }

  @Test("the examples that are compiled are those of the doc comments; BLESS=1 writes them")
  func written() throws {
    let files = try ExampleRenderer.files(folders: ["IR", "Passes", "Executors", "Frontend"])
    let folder = ExampleRenderer.folder
    let isBlessing = ProcessInfo.processInfo.environment["BLESS"] == "1"
    let present = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in present where name.hasSuffix("Examples.swift") && files[name] == nil {
      guard isBlessing else {
        Issue.record("\(name) is of no source file: BLESS=1 removes it")
        continue
      }
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    for (name, text) in files {
      let path = folder + "/" + name
      if (try? String(contentsOfFile: path, encoding: .utf8)) == text { continue }
      if isBlessing {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      } else {
        Issue.record("\(name) is not what the doc comments say: BLESS=1 writes it anew")
      }
      #expect(text.split(separator: "\n").count < 500, "\(name) is too long")
    }
  }

  @Test("the examples of the doc comments give what they say", arguments: Example.all)
  func example(_ example: Example) async throws {
    try await example.run()
  }
}
