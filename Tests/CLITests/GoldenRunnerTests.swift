import Foundation
import Testing

@Suite("weft-golden")
struct GoldenRunnerTests {
  /// A set of one array, `[0.0, 1.0, 2.0]`, and the cases given, by group.
  private func withSet<Result>(
    _ groups: [String: [String]], _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("weft-golden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let array = folder.appendingPathComponent("array.npy")
    #expect(try Program.weft.run("eval", "arange(3.0)", "--out", array.path).code == 0)
    try FileManager.default.moveItem(at: array, to: folder.appendingPathComponent("arrays.bin"))
    for (name, cases) in groups {
      let lines = cases.enumerated().map { "{\"id\":\"\(name)/\($0)\",\($1)}" }
      try lines.joined(separator: "\n").write(
        to: folder.appendingPathComponent(name + ".jsonl"), atomically: true, encoding: .utf8)
    }
    return try body(folder.path)
  }

  private static let good = [
    #""fn":"add","args":[[0,1,2],{"$f":"0.0"}],"out":{"$a":0},"tol":"exact""#,
    #""fn":"array.__len__","args":[{"$a":0}],"out":3,"tol":"exact""#,
    #""fn":"meshgrid","args":[{"$a":0}],"out":{"$t":[{"$a":0}]},"tol":{"ulp":0}"#,
    #""fn":"add","args":[{"$a":0},[1,2]],"err":{"kind":"broadcast"}"#,
    #""fn":"graph","nodes":[{"op":"input","value":{"$a":0},"shape":[3],"dtype":"float64"},{"op":"negative","args":[{"$n":0}],"shape":[3],"dtype":"float64"},{"op":"negative","args":[{"$n":1}],"shape":[3],"dtype":"float64"}],"outputs":[2],"out":[{"$a":0}],"tol":{"maxrel":1e-9}"#,
  ]

  private static let bad = [
    #""fn":"add","args":[{"$a":0},1],"out":{"$a":0},"tol":{"rtol":1e-9}"#,
    #""fn":"asarray","args":[[0,1,2]],"out":{"$a":0},"tol":"exact""#,
    #""fn":"negative","args":[{"$a":0}],"out":{"$a":0},"tol":"exact""#,
    #""fn":"asarray","args":[[{"$f":"-0.0"},{"$f":"1.0"},{"$f":"2.0"}]],"out":{"$a":0},"tol":"exact""#,
    #""fn":"add","args":[{"$a":0},1],"err":{"kind":"broadcast"}"#,
    #""fn":"array.__len__","args":[{"$a":0}],"out":4,"tol":"exact""#,
  ]

  @Test("cases that hold pass, and the closing line stands last")
  func passes() throws {
    let run = try withSet(["good": Self.good]) { try Program.golden.run($0) }
    #expect(run.output == "good: 5 passed, 0 failed, 0 unsupported\n5 passed, 0 failed\n")
    #expect(run.code == 0)
  }

  @Test("wrong values, dtypes, signs of zero and missing errors fail by name")
  func fails() throws {
    let run = try withSet(["bad": Self.bad]) { try Program.golden.run($0) }
    #expect(run.code == 1)
    #expect(run.lines.first == "bad: 0 passed, 6 failed, 0 unsupported")
    #expect(run.lines.last == "0 passed, 6 failed")
    for index in Self.bad.indices {
      #expect(run.lines.contains { $0.hasPrefix("  bad/\(index) ") })
    }
  }

  @Test("a function that scripts lack is unsupported, never passed; groups and cases are chosen")
  func unsupported() throws {
    let nonsense = #""fn":"nonsense","args":[],"out":1,"tol":"exact""#
    try withSet(["a": [nonsense, Self.good[0]], "b": Self.bad]) { folder in
      let group = try Program.golden.run(folder, "--group", "a")
      #expect(group.code == 0)
      #expect(
        group.output
          == "a: 1 passed, 0 failed, 1 unsupported\nunsupported: nonsense (1)\n1 passed, 0 failed\n"
      )
      let one = try Program.golden.run(folder, "--case", "b/2", "--executor", "reference")
      #expect(one.lines.last == "0 passed, 1 failed")
      let json = try Program.golden.run(folder, "--group", "a", "--json")
      #expect(json.lines.count == 1)
      #expect(json.output.contains("\"unsupported_functions\": {\"nonsense\": 1}"))
    }
  }
}
