import Testing

@testable import Weft

/// What programs give, as the JSON that `weft eval --lines` answers.
@Suite("Script: values")
struct ScriptValueTests {
  private func answer(_ program: String) -> String {
    var answer = ScriptAnswer()
    answer.scope = [
      "x": .array(NDArray([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], shape: [2, 3])),
      "n": .array(NDArray([3, 1, 2])),
    ]
    return String(decoding: answer.json(to: Array(program.utf8)), as: UTF8.self)
  }

  private static func number(_ dtype: String, _ value: String) -> String {
    "{\"dtype\": \"\(dtype)\", \"shape\": [], \"values\": [\(value)]}"
  }

  @Test("products over semirings have a name, of dense and of sparse arrays")
  func semirings() {
    let far = "a = array([[0, 4, inf], [inf, 0, 1], [2, inf, 0]]); "
    let want = answer("array([[0.0, 4, 5], [3, 0, 1], [2, 6, 0]])")
    #expect(answer(far + "sparse.matmul(a, a, semiring='min_plus')") == want)
    let stored = "b = sparse.asarray(a, 'csr', inf); sparse.matmul(b, b, semiring='min_plus')"
    #expect(answer(far + stored + ".todense()") == want)
    #expect(answer(far + "sparse.matmul(a, a, semiring='plus_min')").contains("min_plus"))
  }

  /// Checked against Python 3.11.
  @Test(
    "host numbers compute as Python's",
    arguments: [
      ("7 // -2", "int64", "-4"), ("-7 % 3", "int64", "2"), ("7 % -3", "int64", "-2"),
      ("7 / 2", "float64", "3.5"), ("2 ** 10", "int64", "1024"), ("2 ** -1", "float64", "0.5"),
      ("(-8) ** 3", "int64", "-512"), ("-2 ** 2", "int64", "-4"), ("2 ** 3 ** 2", "int64", "512"),
      ("-7.5 // 2", "float64", "-4.0"), ("-7.5 % 2", "float64", "0.5"),
      ("1 << 62", "int64", "4611686018427387904"),
      ("2 ** 64 - 1", "uint64", "18446744073709551615"), ("-5 >> 1", "int64", "-3"),
      ("6 & 3 | 8 ^ 1", "int64", "11"), ("~5", "int64", "-6"), ("True + True", "int64", "2"),
      ("True & False", "bool", "false"), ("1 < 2 < 3", "bool", "true"),
      ("1 < 3 < 2", "bool", "false"),
      ("not 0", "bool", "true"), ("0 or 5", "int64", "5"), ("3 and 0.5", "float64", "0.5"),
      ("1 if [] else 2", "int64", "2"), ("(1 + 2j) * 2", "complex128", "[2.0, 4.0]"),
      ("0x10 + 0b11 + 1_000", "int64", "1019"), ("int(-2.7)", "int64", "-2"),
      ("float('1e3')", "float64", "1000.0"),
      ("len((1, 2, 3))", "int64", "3"), ("[1, 2, 3][-1]", "int64", "3"),
      ("1e16", "float64", "1e+16"),
      ("1 == 1.0", "bool", "true"), ("'a' < 'b'", "bool", "true"), ("inf", "float64", "\"inf\""),
    ])
  func hostNumbers(_ program: String, _ dtype: String, _ value: String) {
    #expect(answer(program) == Self.number(dtype, value))
  }

  @Test(
    "numbers are weak beside arrays and strong alone",
    arguments: [
      ("asarray([1], dtype=float32) * 2.5", "float32"), ("asarray([1], dtype=int8) + 1", "int8"),
      ("asarray([1], dtype=int8) + 1.5", "float64"), ("asarray([True]) + 1", "int64"),
      ("sqrt(2)", "float64"), ("add(1, 2)", "int64"), ("asarray([1]) * 1j", "complex128"),
      ("np.float32(3) * 2.0", "float32"), ("x.astype('f4')", "float32"),
      ("zeros(2, dtype=int)", "int64"),
      ("zeros(2, np.bool)", "bool"),
    ])
  func promotion(_ program: String, _ dtype: String) {
    #expect(answer(program).hasPrefix("{\"dtype\": \"\(dtype)\""))
  }

  @Test(
    "names, attributes, methods, indices and statements",
    arguments: [
      ("x.shape", "{\"results\": [\(number("int64", "2")), \(number("int64", "3"))]}"),
      ("x.T.shape[0]", number("int64", "3")), ("x.ndim", number("int64", "2")),
      ("x.dtype", "{\"value\": \"float64\"}"), ("x.dtype == float", number("bool", "true")),
      ("x.sum()", number("float64", "21.0")), ("np.sum(x)", number("float64", "21.0")),
      ("x.reshape(3, 2)[2, 1]", number("float64", "6.0")),
      ("x.reshape((3, 2))[-1, 0]", number("float64", "5.0")),
      ("x[1, ::-2]", "{\"dtype\": \"float64\", \"shape\": [2], \"values\": [6.0, 4.0]}"),
      ("x[x > 4]", "{\"dtype\": \"float64\", \"shape\": [2], \"values\": [5.0, 6.0]}"),
      ("x[..., None].shape[2]", number("int64", "1")),
      ("y = x; y[0] = 0; y.sum() - x.sum()", number("float64", "-6.0")),
      ("a, (b, c) = 1, (2, 3); a + b * c", number("int64", "7")),
      ("a, b = x; b - a", "{\"dtype\": \"float64\", \"shape\": [3], \"values\": [3.0, 3.0, 3.0]}"),
      ("n[0] = 9; n += 1; n", "{\"dtype\": \"int64\", \"shape\": [3], \"values\": [10, 2, 3]}"),
      (
        "l = [1, 2]; l[1] = 5; l",
        "{\"results\": [\(number("int64", "1")), \(number("int64", "5"))]}"
      ),
      ("maximum(*x).sum()", number("float64", "15.0")),
      ("finfo(float32).bits", number("int64", "32")),
      ("x.max() if n.sum() > 5 else 0", number("float64", "6.0")),
      ("x.item(4)", number("float64", "5.0")),
      (
        "n.tolist()",
        "{\"results\": [\(number("int64", "3")), \(number("int64", "1")), \(number("int64", "2"))]}"
      ),
      ("None", "{\"value\": null}"), ("'a\\n'", "{\"value\": \"a\\n\"}"),
      ("pi > 3", number("bool", "true")),
      (
        "asarray([[1, 2], [3, 4.5]])[1]",
        "{\"dtype\": \"float64\", \"shape\": [2], \"values\": [3.0, 4.5]}"
      ),
      (
        "[nan, -inf, 1j][2] * asarray([0, nan])",
        "{\"dtype\": \"complex128\", \"shape\": [2], \"values\": [[0.0, 0.0], [\"nan\", \"nan\"]]}"
      ),
      (
        "x[0, [True, False, True]]",
        "{\"dtype\": \"float64\", \"shape\": [2], \"values\": [1.0, 3.0]}"
      ),
      ("str(n)", "{\"value\": \"[3 1 2]\"}"),
    ])
  func programs(_ program: String, _ expected: String) {
    #expect(answer(program) == expected)
  }

  @Test("float32 numbers are as short as float32 needs")
  func shortest() {
    #expect(answer("float32(0.1)") == Self.number("float32", "0.1"))
    #expect(answer("float16(0.1)") == Self.number("float16", "0.1"))
    #expect(answer("0.1 + 0.2") == Self.number("float64", "0.30000000000000004"))
  }

  @Test("users get arrays, variables and text")
  func result() throws {
    let x = NDArray([1.0, 2.0])
    let result = try Script.evaluate("y = x * 2; (y, y.sum(), 'text')", variables: ["x": x])
    #expect(result.arrays.count == 2)
    #expect(result.array == nil)
    #expect(result.variables.keys.sorted() == ["x", "y"])
    #expect(!(result.variables["y"]?.isComputed ?? true))
    #expect(try result.formatted() == "[2. 4.]\n6.0\n'text'")
    #expect(try Script.evaluate("x + 1", variables: ["x": x]).compute()[0].toArray() == [2.0, 3.0])
  }

  @Test("names are unique, signatures read back, methods take the array first")
  func table() {
    var seen: Set<String> = []
    for function in ScriptFunctionTable.standard.families.flatMap(\.functions) {
      for name in [function.name] + function.aliases {
        #expect(seen.insert(name).inserted, "\(name) has two rows")
      }
      #expect(!function.name.isEmpty && !function.swift.isEmpty)
      #expect(ScriptSignature(function.signature.text).text == function.signature.text)
      let first = function.signature.parameters.first?.kind
      if function.isMethod { #expect(first == .positional || first == .either) }
    }
  }
}
