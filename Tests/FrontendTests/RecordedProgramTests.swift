import Foundation
import Testing
import WeftIR

@testable import Weft

/// Programs with the answers that NumPy gave when they were recorded (`Tests/Fuzz`).
@Suite("Programs and NumPy's answers")
struct RecordedProgramTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(components: "Golden", "fuzz")

  @Test(
    "give the same dtypes, shapes, values and errors on every executor",
    arguments: ["regressions", "programs"], ["reference", "blas"])
  func recorded(_ file: String, _ executor: String) throws {
    let text = try String(
      contentsOf: Self.folder.appending(component: file + ".jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    try #require(lines.count > 20)
    var answer = ScriptAnswer()
    answer.elementLimit = 100_000
    let session = Session.standard.with(executor: ExecutorName(executor))
    try Session.$scoped.withValue(session) {
      for line in lines {
        let json = try JSONParser.parse(Array(line.utf8))
        let program = try #require(json["program"]?.text)
        let got = try JSONParser.parse(answer.json(to: Array(program.utf8)))
        if let reason = Self.difference(got, json) { Issue.record("\(program): \(reason)") }
      }
    }
  }

  /// Why an answer is not the recorded one; nil when it is.
  static func difference(_ got: JSONValue, _ want: JSONValue) -> String? {
    if want["error"] != nil {
      let code = got["error"]?["code"]?.text
      return code == nil || code == "internal" ? "no error of the user's" : nil
    }
    if let error = got["error"] { return "error \(error["message"]?.text ?? "")" }
    guard let answer = want["answer"] else { return "nothing recorded" }
    let results = (leaves(got), leaves(answer))
    let limits = want["limits"]?.items?.compactMap(\.double) ?? []
    guard results.0.count == results.1.count, limits.count == results.1.count else {
      return "\(results.0.count) results for \(results.1.count)"
    }
    for (n, (a, b)) in zip(results.0, results.1).enumerated() {
      if let reason = difference(a, b, limits[n]) { return "result \(n): \(reason)" }
    }
    return nil
  }

  private static func leaves(_ value: JSONValue) -> [JSONValue] {
    value["results"]?.items.map { $0.flatMap(leaves) } ?? [value]
  }

  private static func difference(
    _ got: JSONValue, _ want: JSONValue, _ limit: Double
  ) -> String? {
    guard let values = want["values"]?.items else {
      let (a, b) = (text(got["value"]), text(want["value"]))
      return a == b ? nil : "\(a) for \(b)"
    }
    let types = [got, want].map { text($0["dtype"]) + text($0["shape"]) }
    guard types[0] == types[1] else { return "\(types[0]) for \(types[1])" }
    for (n, (a, b)) in zip(got["values"]?.items ?? [], values).enumerated() {
      let pairs = zip(a.items ?? [a], b.items ?? [b])
      for (x, y) in pairs where !agree(x, y, limit) {
        return "\(text(x)) for \(text(y)) at \(n)"
      }
    }
    return nil
  }

  private static func text(_ value: JSONValue?) -> String {
    value.map { JSONWriter.text(of: $0) } ?? "nothing"
  }

  private static func agree(_ got: JSONValue, _ want: JSONValue, _ limit: Double) -> Bool {
    guard let a = got.double, let b = want.double else { return text(got) == text(want) }
    return limit > 0 ? abs(a - b) <= limit : a == b && a.sign == b.sign
  }
}
