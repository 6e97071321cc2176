import Foundation
import Testing

@Suite("weft eval")
struct EvalTests {
  @Test("prints the value as NumPy does and ends with 0")
  func prints() throws {
    let run = try Program.weft.run("eval", "arange(6).reshape(2, 3) * 2")
    #expect(run.code == 0)
    #expect(run.output == "[[ 0  2  4]\n [ 6  8 10]]\n")
    #expect(run.errors == "")
  }

  @Test("an error in the expression ends with 1 and a caret on standard error")
  func mistake() throws {
    let run = try Program.weft.run("eval", "1 + zeros(2) * zeros(3)")
    #expect(run.code == 1)
    #expect(run.output == "")
    #expect(
      run.errors == """
        error: multiply: cannot broadcast float64[2] with float64[3] [broadcast]
          1 + zeros(2) * zeros(3)
              ^~~~~~~~~~~~~~~~~~~

        """)
  }

  @Test(
    "wrong usage ends with 2",
    arguments: [
      ["eval"], ["eval", "1", "--repeat", "0"], ["eval", "1", "--lines"], ["nonsense"],
      ["eval", "1", "--nonsense"], ["eval", "x", "--random", "x=1:float99"],
      ["eval", "x", "--random", "2x=1"], ["eval", "x", "--in", "x"],
    ])
  func usage(_ arguments: [String]) throws {
    let run = try run(arguments)
    #expect(run.code == 2)
    #expect(!run.errors.isEmpty)
  }

  private func run(_ arguments: [String]) throws -> Program.Outcome {
    switch arguments.count {
    case 1: try Program.weft.run(arguments[0])
    case 3: try Program.weft.run(arguments[0], arguments[1], arguments[2])
    case 4: try Program.weft.run(arguments[0], arguments[1], arguments[2], arguments[3])
    default: try Program.weft.run(arguments[0], arguments.count > 1 ? arguments[1] : "")
    }
  }

  @Test("--in and load read sparse arrays of SciPy and pydata/sparse")
  func sparseFiles() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/sparse").path
    for name in ["csr", "coo", "bsr", "dia", "pydata", "gcxs"] {
      let path = "\(folder)/\(name).npz"
      let given = try Program.weft.run("eval", "x.sum(axis=1), x.shape", "--in", "x=\(path)")
      #expect(given.output == "[ 1.5 -1.   0. ]\n(3, 4)\n", "\(name): \(given.errors)")
      let loaded = try Program.weft.run("eval", "load('\(path)').sum()", "--files")
      #expect(loaded.output == "0.5\n", "\(name): \(loaded.errors)")
    }
    let matrix = try Program.weft.run("eval", "x.nnz", "--in", "x=\(folder)/karate.mtx")
    #expect(matrix.output == "156\n")
  }

  @Test("--random gives the same numbers for the same text, and --out what --in reads")
  func files() throws {
    let path = NSTemporaryDirectory() + "weft-\(UUID().uuidString).npy"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let write = try Program.weft.run(
      "eval", "x * 2", "--random", "x=3x2:float32:7", "--out", path)
    #expect(write.code == 0)
    let back = try Program.weft.run(
      "eval", "(y == x * 2).all(), y.dtype, y.shape", "--in", "y=" + path, "--random",
      "x=3,2:float32:7")
    #expect(back.output == "True\nfloat32\n(3, 2)\n")
    let missing = try Program.weft.run("eval", "x", "--in", "x=/nonsense.npy")
    #expect(missing.code == 1)
  }

  @Test("--json --repeat reports times, peak, executor and a checksum")
  func report() throws {
    let run = try Program.weft.run(
      "eval", "x.sum(axis=0)", "--random", "x=4x5", "--json", "--repeat", "3", "--executor",
      "reference")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(json["dtype"] as? String == "float64")
    #expect(json["shape"] as? [Int] == [5])
    #expect(json["executor"] as? String == "reference")
    #expect((json["runs_s"] as? [Double])?.count == 3)
    #expect((json["compile_s"] as? Double ?? -1) >= 0)
    #expect((json["peak_bytes"] as? Int ?? 0) >= 40)
    #expect((json["checksum"] as? String)?.count == 16)
  }

  @Test("an unknown executor is told with the names there are")
  func executor() throws {
    let run = try Program.weft.run("eval", "1", "--executor", "nonsense")
    #expect(run.code == 1)
    #expect(run.errors.contains("no executor is named 'nonsense'"))
    #expect(run.errors.contains("reference"))
  }

  @Test("--explain and --dump speak on standard error")
  func explain() throws {
    let run = try Program.weft.run(
      "eval", "exp(x) + 1", "--random", "x=4", "--explain", "--dump", "final")
    #expect(run.code == 0)
    #expect(run.errors.contains("executor:"))
    #expect(run.errors.contains("graph @main"))
    #expect(run.lines.count == 1)
  }
}

@Suite("weft eval --lines")
struct LinesTests {
  @Test("answers every line, whatever it holds")
  func lines() throws {
    var input: [UInt8] = []
    let programs: [[UInt8]] = [
      Array("x + 1".utf8), [], Array("1 / 0".utf8), [0xFF, 0xFE], [0], Array("a\0b".utf8),
      Array("full((10**6, 10**6), 1.0)".utf8), Array("full((10**8, 10**8), 1.0).cumsum()".utf8),
      Array(repeating: UInt8(ascii: "("), count: 100_000),
      Array(repeating: UInt8(ascii: "x"), count: 3_000_000), Array("1 + 1\r".utf8),
      Array("x.sum(), 'text', None, float32".utf8), Array("[nan, -inf]".utf8),
    ]
    for program in programs { input += program + [UInt8(ascii: "\n")] }
    input += Array("2 * 3".utf8)
    let run = try Program.weft.run("eval", "--lines", "--random", "x=2:int64:1", input: input)
    #expect(run.code == 0)
    let answers = run.lines.map {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] ?? [:]
    }
    try #require(answers.count == programs.count + 1)
    let codes = answers.map { ($0["error"] as? [String: Any])?["code"] as? String }
    #expect(
      codes == [
        nil, "syntax", "value", "syntax", "syntax", "syntax", "too-large", "too-large", "syntax",
        "too-large", nil, nil, nil, nil,
      ])
    #expect(answers[0]["dtype"] as? String == "int64")
    #expect(answers[10]["values"] as? [Int] == [2])
    #expect((answers[11]["results"] as? [Any])?.count == 4)
    #expect(answers[13]["values"] as? [Int] == [6])
  }
}

@Suite("weft run, ir, executors, functions")
struct SubcommandTests {
  @Test("the graph of an expression runs to the same value")
  func graphs() throws {
    let graph = try Program.weft.run("ir", "log(x).sum(axis=0) + 1", "--random", "x=3x2")
    #expect(graph.code == 0)
    let path = NSTemporaryDirectory() + "weft-\(UUID().uuidString).ir"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try graph.output.write(toFile: path, atomically: true, encoding: .utf8)
    let run = try Program.weft.run("run", path, "--random", "p0=3x2")
    let value = try Program.weft.run("eval", "log(x).sum(axis=0) + 1", "--random", "x=3x2")
    #expect(run.code == 0)
    #expect(run.output == value.output)
    let missing = try Program.weft.run("run", path)
    #expect(missing.code == 1)
    #expect(missing.errors.contains("%p0"))
  }

  @Test("graphs print as text, DOT and JSON, before and after passes")
  func forms() throws {
    for form in ["text", "dot", "json"] {
      let run = try Program.weft.run("ir", "exp(arange(3.0))", "--format", form)
      #expect(run.code == 0)
      #expect(run.output.contains("exp"))
    }
    let all = try Program.weft.run("ir", "exp(arange(3.0))[0]", "--after", "all")
    #expect(all.lines.filter { $0.hasPrefix("// after") }.count > 2)
    let wrong = try Program.weft.run("ir", "1", "--after", "nonsense")
    #expect(wrong.code == 1)
  }

  @Test("kernels print in the IR's text and as LLVM gets them; where there are none, that is said")
  func kernels() throws {
    let program = "(x * 2 + 1).sum(axis=1)"
    let both = try Program.weft.run("ir", program, "--random", "x=3x5", "--kernels", "--llvm")
    #expect(both.code == 0)
    if !both.output.hasPrefix("// no step") {
      #expect(both.output.contains("// kernel 0: compiled"))
      #expect(both.output.contains("kernel @kernel(%b0"))
      #expect(both.output.contains("define void @weft_kernel"))
    }
    let none = try Program.weft.run(
      "ir", program, "--random", "x=3x5", "--kernels", "--executor", "reference")
    #expect(none.code == 0)
    #expect(none.output.hasPrefix("// no step"))
    let wrong = try Program.weft.run("ir", program, "--kernels", "--after", "all")
    #expect(wrong.code == 2)
  }

  @Test("executors are listed with what they are")
  func executors() throws {
    let run = try Program.weft.run("executors", "--json")
    #expect(run.code == 0)
    #expect(run.output.contains("\"name\": \"reference\", \"available\": true"))
  }

  @Test("the table of functions is Markdown")
  func functions() throws {
    let run = try Program.weft.run("functions")
    #expect(run.code == 0)
    #expect(run.output.contains("| `add(x1, x2, /, out=None, *, where=True, casting='same_kind',"))
  }

  @Test("version, help and completions end with 0")
  func information() throws {
    for option in ["--version", "--help"] { #expect(try Program.weft.run(option).code == 0) }
    let script = try Program.weft.run("--generate-completion-script", "bash")
    #expect(script.code == 0)
    #expect(script.output.contains("eval"))
  }
}
