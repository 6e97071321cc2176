import Testing

@testable import Weft

@Suite("JSON")
struct JSONTests {
  private func parse(_ text: String) -> JSONValue? { try? JSONParser.parse(Array(text.utf8)) }

  @Test(
    "what is written reads back",
    arguments: [
      "null", "true", "[]", "{}", "[1, -2, 0]", "{\"a\": [1.5, \"x\"], \"b\": {}}", "1e-05",
      "\"\\u0000\\n\\\"\\\\é😀\"", "-0.0", "9223372036854775807", "1.8446744073709552e+19",
    ])
  func roundTrip(_ text: String) throws {
    let value = try #require(parse(text))
    let written = JSONWriter.text(of: value)
    let again = try #require(parse(written))
    #expect(written == text || JSONWriter.text(of: again) == written)
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", " ", "nul", "[1,]", "[1 2]", "{\"a\"}", "{a: 1}", "01", "1.", ".5", "+1", "1e", "\"",
      "\"\\x\"",
      "\"\u{1}\"", "[", "]", "1 1", "\"\\ud800\"", "\"\\u12\"", "NaN", "-", "{\"a\": 1,}",
      String(repeating: "[", count: 100_000),
    ])
  func refused(_ text: String) { #expect(parse(text) == nil) }

  @Test("escapes and surrogate pairs read as text")
  func escapes() {
    #expect(parse("\"\\u00e9\\ud83d\\ude00\\/\\b\"")?.text == "é😀/\u{8}")
    #expect((try? JSONParser.parse([0x22, 0xFF, 0x22])) == nil)
  }
}
