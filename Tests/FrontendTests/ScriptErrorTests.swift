import Testing

@testable import Weft

@Suite("Script: errors")
struct ScriptErrorTests {
  private func failure(_ program: String) -> ScriptError? {
    let variables = ["x": NDArray([1.0, 2.0, 3.0]), "k": NDArray([0, 7])]
    do {
      try Script.evaluate(program, variables: variables).compute()
      return nil
    } catch {
      return error
    }
  }

  /// Program, code, and the part of it that is guilty.
  @Test(
    "an error has a code and the guilty part of the text",
    arguments: [
      ("1 +", ErrorCode.syntax, ""), ("", .syntax, ""), ("y", .name, "y"),
      ("np.summ(x)", .name, "summ"),
      ("x.foo", .name, "foo"), ("linalg.foo(x)", .name, "foo"), ("1 / 0", .value, "1 / 0"),
      ("2 + x * zeros(4)", .broadcast, "x * zeros(4)"), ("x[5] + 1", .indexOutOfBounds, "x[5]"),
      ("x[1.5]", .index, "x[1.5]"), ("1 + x[k]", .indexOutOfBounds, "x[k]"),
      ("-(x[0] + x[k] * 2)", .indexOutOfBounds, "x[k]"),
      ("bool(x)", .ambiguousTruth, "bool(x)"), ("x and 1", .ambiguousTruth, "x"),
      ("1 if x > 1 else 2", .ambiguousTruth, "x > 1"), ("0 < x < 2", .ambiguousTruth, "0 < x"),
      ("sqrt()", .argument, "sqrt()"), ("sqrt(1, 2)", .argument, "2"),
      ("x.sum(axs=0)", .argument, "0"),
      ("x.sum(axis='a')", .argument, "'a'"), ("x.sum(0, axis=0)", .argument, "0"),
      ("x.reshape(2, 2)", .reshape, "x.reshape(2, 2)"), ("(x).T[0, 0]", .index, "(x).T[0, 0]"),
      ("10**40", .outOfRange, "10**40"), ("x + 10**20", .outOfRange, "x + 10**20"),
      ("asarray([1], dtype=uint8) + 300", .outOfRange, "asarray([1], dtype=uint8) + 300"),
      ("asarray([[1], [1, 2]])", .value, "[[1], [1, 2]]"), ("a, b = x", .value, "a, b"),
      ("x() + 1", .argument, "x"), ("3[0]", .index, "3[0]"), ("x[0][1] = 2", .assignment, "x[0]"),
      ("'a' + 1", .argument, "'a' + 1"), ("[1] < 2", .argument, "[1] < 2"),
      ("1j < 2", .argument, "1j < 2"),
      ("float(x)", .scalarConversion, "float(x)"),
      ("x += zeros((3, 3))", .broadcast, "x += zeros((3, 3))"),
      ("full((10**12, 10**12), 1)", .tooLarge, "full((10**12, 10**12), 1)"),
      ("[0] * 10**9", .tooLarge, "[0] * 10**9"),
      ("asarray([2]) ** asarray([-1])", .value, "asarray([2]) ** asarray([-1])"),
    ])
  func guilty(_ program: String, _ code: ErrorCode, _ part: String) throws {
    let error = try #require(failure(program))
    #expect(error.error.code == code)
    let bytes = Array(program.utf8)
    let range = try #require(error.range)
    #expect(String(decoding: bytes[range], as: UTF8.self) == part)
  }

  @Test("an error prints the line with a caret and a hint")
  func caret() {
    #expect(
      failure("y = 1\nz = summ(x)")?.description == """
        error: script: nothing is named 'summ' [name] (line 2)
          z = summ(x)
              ^~~~
          hint: did you mean sum?
        """)
  }

  @Test("run-time errors find the operation among many of one kind")
  func runTime() {
    let program = "a = x[k * 0]; b = x[k - 7]; c = x[k]; a + b + c"
    let result = failure(program)
    #expect(result?.error.code == .indexOutOfBounds)
    let guilty = result?.range.map { String(decoding: Array(program.utf8)[$0], as: UTF8.self) }
    #expect(guilty == "x[k - 7]" || guilty == "x[k]")
  }

  @Test("doubling a tuple and nesting a list end in an error, not in memory or stack")
  func growth() {
    let doubling = "y = (1,)\n" + String(repeating: "y = (y, y)\n", count: 100) + "y"
    #expect(failure(doubling)?.error.code == .tooLarge)
    let nesting = "y = 1\n" + String(repeating: "y = [y]\n", count: 100_000) + "y"
    #expect(failure(nesting)?.error.code == .tooLarge)
    let text = "y = 'ab'\n" + String(repeating: "y = y + y\n", count: 100) + "y"
    #expect(failure(text)?.error.code == .tooLarge)
  }

  @Test("long flat programs run: 20,000 terms, 2,000 statements")
  func length() throws {
    let terms = Array(repeating: "1", count: 20_000).joined(separator: " + ")
    #expect(try Script.evaluate(terms).array?.item(Int.self) == 20_000)
    let statements = "y = x\n" + String(repeating: "y = y + 1\n", count: 2_000) + "y[0]"
    let result = try Script.evaluate(statements, variables: ["x": NDArray([0.5])])
    #expect(try result.array?.item(Double.self) == 2000.5)
  }

  @Test("a limit of work stops what would take ages, and printing shows only the edges")
  func work() throws {
    let program = "full((10**8, 10**8), 1.0)"
    var session = Session.current
    session.workLimit = 1e9
    Session.$scoped.withValue(session) {
      #expect(failure(program + ".cumsum(axis=0)")?.error.code == .tooLarge)
    }
    let text = try Script.evaluate(program).formatted()
    #expect(text.hasPrefix("[[1. 1. 1. ... 1. 1. 1.]\n"))
  }
}
