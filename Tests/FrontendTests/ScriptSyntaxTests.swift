import Testing

@testable import Weft

@Suite("ScriptSyntax: trees")
struct ScriptSyntaxTests {
  @Test("a source parses to the tree that Python gives it", arguments: scriptSyntaxTable)
  func python(_ row: (source: String, tree: String)) throws {
    #expect(try ScriptParser.parse(row.source).sExpression == row.tree)
  }

  @Test(
    "line breaks end statements outside brackets only, and comments are blanks",
    arguments: [
      ("a\nb\r\nc\rd", "a; b; c; d"), ("a;;b;\n;", "a; b"), ("", ""), (" \t# only a comment", ""),
      ("f(a,\n  # inside\n  b)\n", "(call f a b)"), ("a + \\\n b # c", "(+ a b)"),
      ("  x = [1,\r\n 2\n]; y", "(= x (list 1 2)); y"), ("\u{FEFF}a", "a"),
    ])
  func lineBreaks(_ row: (source: String, tree: String)) throws {
    #expect(try ScriptParser.parse(row.source).sExpression == row.tree)
  }

  @Test("integers keep their digits and tell whether they fit")
  func integers() throws {
    func integer(_ source: String) throws -> ScriptInteger? {
      guard case .integer(let integer) = try expression(source).kind else { return nil }
      return integer
    }
    #expect(
      try integer("9_223372036854775808")
        == ScriptInteger(digits: "9223372036854775808", radix: 10, magnitude: 1 << 63))
    #expect(try integer("9223372036854775807")?.signed == .max)
    #expect(try integer("9223372036854775808")?.signed == nil)
    #expect(try integer("0xFFFF_FFFF_FFFF_FFFF")?.magnitude == .max)
    let long = try integer("0b1" + String(repeating: "0", count: 64))
    #expect(long?.overflows == true && long?.radix == 2 && long?.digits.count == 65)
    #expect(try integer("000")?.magnitude == 0)
  }

  @Test(
    "floats are those of Python, with infinity above the largest",
    arguments: [
      ("1e400", Double.infinity), ("1e-400", 0), ("1.7976931348623157e308", 0x1.fffffffffffffp1023),
      ("5e-324", 0x1p-1074), ("0.1", 0.1), ("1.", 1), (".5", 0.5), ("1_0.5_0e0_1", 105),
      ("1e99999999999999999999", .infinity), ("0e99999999999999999999", 0), ("00.5", 0.5),
      ("9007199254740993.0", 9_007_199_254_740_992),
    ])
  func floats(_ row: (source: String, value: Double)) throws {
    #expect(try expression(row.source).kind == .float(row.value))
    #expect(try expression(row.source + "j").kind == .imaginary(row.value))
  }

  @Test(
    "strings read their escapes as Python does",
    arguments: [
      (#"'\n\t\\\'\"\r\a\b\f\v'"#, "\n\t\\'\"\r\u{7}\u{8}\u{C}\u{B}"),
      (#"'\0\12\1014\x7e'"#, "\0\nA4~"),
      (#""\u00e9\U0001F600é😀""#, "é😀é😀"), (#"'\q\é\ '"#, #"\q\é\ "#), (#"r'\n\''"#, #"\n\'"#),
      ("'a\\\n b'", "a b"), ("'a' \"b\" r'\\c'", "ab\\c"), ("''", ""),
    ])
  func strings(_ row: (source: String, text: String)) throws {
    #expect(try expression(row.source).kind == .string(row.text))
  }

  @Test("every node stands on its bytes, parentheses included")
  func ranges() throws {
    let source = "é = (a + b) * f(π[1:2], k=-3).T; g"
    let bytes = Array(source.utf8)
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let program = try ScriptParser.parse(source)
    #expect(text(program.statements[0].range) == "é = (a + b) * f(π[1:2], k=-3).T")
    guard case .assignment(let targets, let value) = program.statements[0].kind,
      case .chain(let first, let rest) = value.kind,
      case .postfix(let base, let trailers) = rest[0].operand.kind,
      case .call(let arguments) = trailers[0].kind,
      case .postfix(_, let inner) = arguments[0].value.kind, case .index(let key) = inner[0].kind
    else {
      Issue.record("not the expected tree")
      return
    }
    #expect(text(targets[0].range) == "é")
    #expect(text(value.range) == "(a + b) * f(π[1:2], k=-3).T")
    #expect(text(first.range) == "(a + b)")
    #expect(text(rest[0].symbolRange) == "*")
    #expect(text(rest[0].operand.range) == "f(π[1:2], k=-3).T")
    #expect(text(base.range) == "f")
    #expect(trailers.map { text($0.range) } == ["(π[1:2], k=-3)", "T"])
    #expect(arguments.map { text($0.range) } == ["π[1:2]", "k=-3"])
    #expect(text(arguments[1].value.range) == "-3")
    #expect(text(key.range) == "[1:2]" && text(key.items[0].range) == "1:2")
  }

  @Test("chains of one precedence are flat and powers nest to the right")
  func chains() throws {
    guard case .chain(_, let rest) = try expression("a + b - c").kind else {
      Issue.record("not a chain")
      return
    }
    #expect(rest.map(\.symbol) == [.add, .subtract])
    #expect(try expression("(a + b) - c").depth == 2)
    #expect(try expression("a ** b ** c").depth == 2)
    #expect(try expression("x.T[0](1).y").depth == 1)
  }

  private func expression(_ source: String) throws -> ScriptExpression {
    let program = try ScriptParser.parse(source)
    guard program.statements.count == 1, case .expression(let value) = program.statements[0].kind
    else { throw ScriptSyntaxError("not one expression", 0..<source.utf8.count) }
    return value
  }
}
