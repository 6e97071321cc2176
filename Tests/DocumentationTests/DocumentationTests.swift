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
  func writtenExamples() throws {
    let files = try ExampleRenderer.files(folders: ["IR", "Passes", "Executors", "Frontend"])
    try WrittenFiles(folder: ExampleRenderer.folder, suffix: "Examples.swift").check(files)
    for (name, text) in files { #expect(text.split(separator: "\n").count < 500, "\(name)") }
  }

  @Test("the catalogue lists every symbol of the frontend by subject; BLESS=1 writes its lists")
  func writtenTopics() throws {
    let files = try TopicsRenderer.files()
    try WrittenFiles(folder: TopicsRenderer.catalogue, prefix: "Functions").check(files)
  }

  @Test("the examples of the doc comments give what they say", arguments: Example.all)
  func example(_ example: Example) async throws {
    try await example.run()
  }
}
