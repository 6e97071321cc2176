import Testing

@testable import Weft

@Suite("ScriptSyntax: errors")
struct ScriptSyntaxErrorTests {
  /// Sources, the text that the error points at (`$` for the end), and key words of the message.
  static let mistakes: [(source: String, guilty: String, words: String)] = [
    ("y = (x + ) * 2", ")", "unexpected ')'"), ("x +", "$", "end of input"),
    ("x = \ny", "$", "end of line"), ("f(1, [2", "[", "'[' was never closed"),
    ("(a]", "]", "']' does not close '('"), ("a)", ")", "unexpected ')'"),
    ("x[]", "[]", "needs a key"), ("f(,)", ",", "unexpected ','"), ("(,)", ",", "unexpected"),
    ("lambda x: x", "lambda", "lambda is not supported"),
    ("[x for x in y]", "for", "comprehensions"), ("f(x for x in y)", "for", "comprehensions"),
    ("a in b", "in", "membership"), ("a not  in b", "not  in", "membership"),
    ("a is not b", "is", "identity"), ("(x := 2)", ":=", "assignment expressions"),
    ("f'{x}'", "f", "f-strings"), ("rb'x'", "rb", "byte strings"), ("{1: 2}", "{", "dictionaries"),
    ("def f(): pass", "def", "function definitions"), ("import numpy", "import", "imports"),
    ("if x: y", "if", "'if' statements"), ("a if b", "a if b", "needs 'else'"),
    ("yield x", "yield", "yield"), ("while x: y", "while", "loops"),
    ("f(a=1, 2)", "2", "positional argument follows"), ("f(k=1, k=2)", "k", "given twice"),
    ("f(**k)", "**", "keyword unpacking"), ("f((a)=1)", "(a)", "must be a name"),
    ("f(None=1)", "None", "must be a name"), ("*a, b = c", "*", "unpacking"),
    ("[*a]", "*", "unpacking"), ("a.b = 1", "a.b", "attributes"), ("f(x) = 1", "f(x)", "call"),
    ("1 = x", "1", "literal"), ("a, -b = c", "-b", "expression cannot be assigned"),
    ("a, b += 1", "a, b", "'+='"), ("a += b = c", "=", "unexpected '='"),
    ("() = x", "()", "needs a name"), ("2x", "2x", "invalid number"), ("1_", "1_", "invalid"),
    ("1__0", "1__0", "invalid number"), ("0b12", "0b12", "invalid number"), ("0x", "0x", "invalid"),
    ("007", "007", "begin with zeros"), ("1e", "1e", "invalid number"), ("a b", "b", "unexpected"),
    ("1 + not x", "not", "unexpected 'not'"), ("x.if", "if", "unexpected 'if'"),
    ("x.5", ".5", "unexpected '.5'"), ("x! = 2", "!", "unexpected '!'"), ("a && b", "&", "'&'"),
    ("x \u{2212} 1", "\u{2212}", "U+2212"), ("'abc", "'abc", "not closed"),
    ("'abc\nd'", "'abc", "not closed"), ("'''a'''", "'''", "triple"), (#"'\xZ'"#, #"\x"#, "escape"),
    (#"'\ud800'"#, #"\ud800"#, "escape"), ("a \\ b", "\\", "unexpected"), ("\0", "\0", "U+0000"),
    ("x: int = 3", ":", "unexpected ':'"), ("(a:b)", ":", "unexpected ':'"), ("@", "@", "'@'"),
    ("x[1:2:3:4]", ":", "unexpected ':'"), ("x[*a]", "*", "unpacking"), ("a -> b", "->", "'->'"),
  ]

  @Test("a mistake is named and pointed at", arguments: mistakes)
  func mistake(_ row: (source: String, guilty: String, words: String)) throws {
    let error = try #require(throws: ScriptSyntaxError.self) {
      try ScriptParser.parse(row.source)
    }
    let guilty = String(decoding: Array(row.source.utf8)[error.range], as: UTF8.self)
    #expect(guilty == (row.guilty == "$" ? "" : row.guilty))
    #expect(error.message.contains(row.words), "\(error.message)")
  }

  @Test(
    "the caret stands under the guilty part",
    arguments: [
      (
        "y = (x + ) * 2",
        """
        error: unexpected ')'
          y = (x + ) * 2
                   ^
        """
      ),
      (
        "a = 1\nb\t= é + 中 + foo bar\nc",
        """
        error: unexpected 'bar' (line 2)
          b = é + 中 + foo bar
                           ^~~
          hint: an operator or ; is missing before it
        """
      ),
      (
        "a = 1 +\r\n",
        """
        error: unexpected end of line (line 1)
          a = 1 +
                 ^
        """
      ),
    ])
  func caret(_ row: (source: String, text: String)) throws {
    let error = try #require(throws: ScriptSyntaxError.self) {
      try ScriptParser.parse(row.source)
    }
    #expect(error.rendered(in: row.source) == row.text)
  }

  @Test("a long line is cut around the caret", arguments: [0, 1, 50, 99, 100, 101, 5000, 199_999])
  func longLines(_ place: Int) throws {
    for letter in ["a", "é", "中"] {
      let head = String(repeating: letter, count: place)
      let source = head + "$$$" + String(repeating: letter, count: 200_000 - place)
      let start = head.utf8.count
      let lines = ScriptDiagnostic.caretMessage(
        source: source, range: start..<start + 3, message: "m"
      ).split(separator: "\n")
      let column = try #require(lines[2].firstIndex(of: "^"))
      let caret = lines[2].distance(from: lines[2].startIndex, to: column)
      let cells = lines[1].flatMap { Array(repeating: $0, count: $0 == "中" ? 2 : 1) }
      // The line stands behind two blanks.
      #expect(cells.count <= ScriptDiagnostic.maximumColumns + 2)
      #expect(cells[caret..<caret + 3].allSatisfy { $0 == "$" })
      #expect(lines[2].hasSuffix("^~~"))
    }
  }

  @Test("any range of any bytes is rendered")
  func anyRange() {
    let sources: [[UInt8]] = [
      [], [0x0A], [0xFF, 0x80, 0x0D], Array("a\r\n\tb\u{301}\u{202E}中\0".utf8), [0xF0, 0x9F],
    ]
    for bytes in sources {
      for lower in -1...bytes.count + 1 {
        for upper in lower...bytes.count + 3 {
          let text = ScriptDiagnostic.caretMessage(
            bytes: bytes, range: lower..<upper, message: "m")
          #expect(text.contains("^") && !text.contains("\0") && !text.contains("\u{202E}"))
        }
      }
    }
    let ends = ScriptDiagnostic.caretMessage(source: "a", range: Int.max..<Int.max, message: "m")
    #expect(ends.hasSuffix("  a\n   ^"))
  }

  @Test("bytes that are not UTF-8 are an error at the first of them")
  func invalidBytes() {
    #expect(throws: ScriptSyntaxError("the source is not valid UTF-8", 3..<4)) {
      try ScriptParser.parse(utf8: [0x61, 0xC3, 0xA9, 0xFF, 0x62])
    }
    #expect(throws: ScriptSyntaxError("the source is not valid UTF-8", 1..<2)) {
      try ScriptParser.parse(utf8: [0x61, 0xE4, 0xB8])
    }
  }
}
