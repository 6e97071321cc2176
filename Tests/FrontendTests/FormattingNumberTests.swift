import Testing
import WeftIR

@testable import Weft

@Suite("Numbers as text") struct FormattingNumberTests {
  @Test(
    "shortest and exact digits are NumPy's",
    arguments: [
      ("format_float_positional(float32(3.14159265358979))", "3.1415927"),
      ("format_float_positional(float16(0.3))", "0.3"),
      ("format_float_positional(float16(0.3), unique=False, precision=10)", "0.3000488281"),
      ("format_float_positional(16.0, trim='-')", "16"),
      ("format_float_positional(1234.5, precision=2, fractional=False)", "1200."),
      ("format_float_positional(0.5, precision=0)", "0."),
      ("format_float_positional(1.5, precision=0)", "2."),
      ("format_float_positional(2.5, pad_left=4, pad_right=3)", "   2.5  "),
      ("format_float_positional(3.0, min_digits=4)", "3.0000"),
      ("format_float_positional(0.1, min_digits=20)", "0.10000000000000000555"),
      ("format_float_scientific(float32(3.14159265358979))", "3.1415927e+00"),
      (
        "format_float_scientific(float32(1.23e24), unique=False, precision=15)",
        "1.230000071797338e+24"
      ),
      ("format_float_scientific(float32(1.23e24), exp_digits=4)", "1.23e+0024"),
      ("format_float_scientific(9.9999, precision=2)", "1.e+01"),
      ("format_float_scientific(2.0, exp_digits=0)", "2.e+"),
      ("format_float_scientific(5e-324)", "5.e-324"),
      ("format_float_scientific(1.7976931348623157e308)", "1.7976931348623157e+308"),
      ("format_float_scientific(9007199254740993.0)", "9.007199254740992e+15"),
      ("format_float_scientific(2e23)", "2.e+23"),
      ("format_float_scientific(-1.0, trim='-', pad_left=4)", "  -1e+00"),
    ])
  func scalars(expression: String, expected: String) throws {
    guard case .string(let text) = try Script.evaluate(expression).value else {
      Issue.record("no text")
      return
    }
    #expect(text == expected)
  }

  @Test("shortest digits read back to the same number, and none fewer do")
  func roundTrip() throws {
    var state: UInt64 = 1
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      guard value.isFinite else { continue }
      let text = Scalar(value, .float64).plainText
      #expect(Double(text) == value)
      // Swift's own text is shortest too.
      let digits = { (text: String) in
        text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.reversed().drop {
          $0 == "0"
        }
      }
      #expect(digits(text).count == digits(value.description).count, "\(value)")
    }
  }
}
