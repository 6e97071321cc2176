import Testing

@Suite struct DocumentedExampleTests {
  private func examples(_ lines: String...) throws -> [DocumentedExample] {
    let block = ["```swift"] + lines + ["```"]
    let text = "/// One.\n///\n" + block.map { "/// \($0)\n" }.joined() + "public let one = 1\n"
    return try SourceDeclaration.read(text, file: "Frontend/A.swift")
      .flatMap { try DocumentedExample.all(of: $0) }
  }

  @Test("a comment behind a statement or the lines below it are its result")
  func results() throws {
    let statements = try examples(
      "let a: NDArray = [", "  1, 2,", "]", "a + 1  // [2 3]", "a.T", "// [[1]", "//  [2]]",
      "let b = a.sum()  // 3", "", "// Prose.", "a[0] = 1", "\"// no\"  // // no"
    ).flatMap(\.statements)
    #expect(statements.compactMap(\.result) == [["[2 3]"], ["[[1]", " [2]]"], ["3"], ["// no"]])
    #expect(statements.compactMap(\.expression).filter { $0 != "a" }.count == 4)
  }

  @Test("a result behind what has none is an error")
  func misplaced() {
    #expect(throws: DocumentedExample.Failure.self) { try examples("a[0] = 1  // [1]") }
    #expect(throws: DocumentedExample.Failure.self) { try examples("let (a, b) = f()  // 1") }
  }

  @Test("what is compared are rows, without the places in them; dots stand for any rows")
  func texts() {
    #expect(ExpectedText("a\nb").matches("a\nb"))
    #expect(ExpectedText("a\nb").matches("a  // Main.swift:41\nb"))
    #expect(!ExpectedText("a\nb").matches("a\nc"))
    #expect(!ExpectedText("a").matches("a\nb"))
    #expect(ExpectedText("a\n...\nd").matches("a\nb\nc\nd"))
    #expect(ExpectedText("a\n...").matches("a"))
    #expect(!ExpectedText("a\n...\na").matches("a"))
    #expect(ExpectedText("needs ... of ... here").matches("needs 3 MiB of 4 here"))
    #expect(!ExpectedText("needs ... of 5 here").matches("needs 3 MiB of 4 here"))
  }

  @Test("a wrong result is found")
  func wrong() throws {
    withKnownIssue { try Example.expect("1 + 1", 1 + 1, "3") }
    withKnownIssue { try Example.expect("ones([2])", .init([1.0, 1.0]), "[1. 2.]") }
    try Example.expect("1 + 1", 1 + 1, "2")
  }
}
