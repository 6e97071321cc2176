import Testing

@Suite struct DocumentationRulesTests {
  /// What the rules say of a file's text.
  private func gaps(_ text: String, accuracy: [String: [String: Double]] = [:]) -> [String] {
    let declarations = SourceDeclaration.read(text, file: "Frontend/Elementwise/Sample.swift")
    return DocumentationRules(declarations, accuracy: accuracy).gaps()
  }

  private let complete = """
    /// Twice a number.
    ///
    /// - Shape: unchanged.
    /// - DType: unchanged.
    /// - Throws: nothing of its own.
    /// - NumPy: none.
    ///
    /// ```swift
    /// twice([1, 2])  // [2 4]
    /// ```
    public func twice(_ a: NDArray) -> NDArray { 2 * a }

    """

  @Test("a complete doc comment has no gap")
  func whole() {
    #expect(gaps(complete).isEmpty)
  }

  @Test("each missing part is named", arguments: ["Shape", "DType", "Throws", "NumPy"])
  func missingPart(_ part: String) {
    let text = complete.split(separator: "\n").filter { !$0.contains("- \(part):") }
      .joined(separator: "\n")
    #expect(gaps(text).map { $0.hasSuffix("twice(_:): no '- \(part):'") } == [true])
  }

  @Test("a missing example and a missing doc comment are gaps")
  func missingWhole() {
    #expect(gaps(complete.replacing("```swift", with: "```")).count == 1)
    #expect(gaps("public struct Empty {\n  public var count: Int\n}").count == 2)
    #expect(gaps("/// Two.\npublic enum Two {\n  case one\n}").count == 1)
    #expect(gaps("struct Hidden {\n  public var count: Int\n}").count == 1)
  }

  @Test("what a sibling says counts, when there is one that says it all")
  func siblings() {
    let other = "/// Twice. See `twice(_:)`.\npublic func double(_ a: NDArray) -> NDArray { a }\n"
    #expect(gaps(complete + other).isEmpty)
    #expect(gaps(other).count == 1)
    #expect(gaps(complete.replacing("- NumPy", with: "- Numpy") + other).count == 2)
  }

  @Test("a stated accuracy below the measured one is a gap")
  func accuracy() {
    let stated = complete.replacing(
      "/// - NumPy", with: "/// - Accuracy: float32 within 1.2 ULP.\n/// - NumPy")
    #expect(gaps(stated, accuracy: ["twice": ["float32": 1.15]]).isEmpty)
    #expect(gaps(stated, accuracy: ["twice": ["float32": 1.25]]).count == 1)
    #expect(gaps(complete, accuracy: ["twice": ["float32": 1.25]]).count == 1)
  }

  @Test("a list of parameters has all of them")
  func parameters() {
    let text = """
      /// Moves.
      ///
      /// - Parameters:
      ///   - steps: how many.
      public func move(by steps: Int, _ other: Int = 3) {}
      """
    #expect(gaps(text).map { $0.hasSuffix("no parameter 'other'") } == [true])
    #expect(gaps(text.replacing("- steps", with: "- other: it.\n///   - steps")).isEmpty)
  }

  @Test("names have their labels")
  func names() {
    let text = """
      extension NDArray {
        /// A.
        @inline(never)
        public static func .<< (a: NDArray, b: some ScalarValue) -> NDArray { a }
        /// B.
        public func sum(
          axis: Int? = nil, by body: ([Int]) -> Int, _ rest: NDArray...
        ) -> NDArray { self }
        /// C.
        public subscript(_ indices: Int...) -> Int { 0 }
      }
      """
    let names = SourceDeclaration.read(text, file: "Frontend/A.swift").map(\.name)
    #expect(names == [".<<(_:_:)", "sum(axis:by:_:)", "subscript(_:)"])
  }
}
