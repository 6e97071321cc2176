import Foundation
import Testing
import WeftIR

@testable import Weft

/// Programs with what NumPy 2.4 answers, recorded by `scripts/record-surface.py`.
@Suite("NumPy's surface")
struct SurfaceTests {
  /// A file of recorded answers.
  struct Family: Sendable, CustomTestStringConvertible {
    let url: URL
    var testDescription: String { url.deletingPathExtension().lastPathComponent }

    static var all: [Family] {
      let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Golden/surface").standardizedFileURL
      let files =
        (try? FileManager.default.contentsOfDirectory(
          at: folder, includingPropertiesForKeys: nil)) ?? []
      return files.filter { $0.pathExtension == "jsonl" }
        .sorted { $0.path < $1.path }.map(Family.init)
    }

    func cases() throws -> [(program: String, answer: JSONValue)] {
      let text = try String(contentsOf: url, encoding: .utf8)
      return try text.split(separator: "\n").map { line in
        let json = try JSONParser.parse(Array(line.utf8))
        return (try #require(json["program"]?.text), try #require(json["answer"]))
      }
    }
  }

  @Test("answers are recorded")
  func recorded() { #expect(!Family.all.isEmpty) }

  @Test(
    "programs answer as NumPy does", arguments: Family.all, [ExecutorName.reference, .blas])
  func answers(family: Family, executor: ExecutorName) throws {
    var failures: [String] = []
    for (program, want) in try family.cases() {
      let text = Session.standard.with(executor: executor) {
        ScriptAnswer().json(to: Array(program.utf8))
      }
      let got = try JSONParser.parse(text)
      if let difference = Self.difference(got, want) {
        failures.append("\(program): \(difference)")
      }
    }
    let report = failures.prefix(12).joined(separator: "\n")
    #expect(failures.isEmpty, "\(failures.count) differ:\n\(report)")
  }

  /// Why an answer is not the one expected; nil when it is.
  private static func difference(_ got: JSONValue, _ want: JSONValue) -> String? {
    if want["error"] != nil {
      guard let code = got["error"]?["code"]?.text else { return "no error" }
      return code == "internal" || code == "unsupported" ? "error \(code)" : nil
    }
    if got["error"] != nil { return "\(got["error"]?["message"]?.text ?? "error")" }
    if let items = want["results"]?.items {
      guard let own = got["results"]?.items, own.count == items.count else {
        return "expected \(items.count) results"
      }
      for (a, b) in zip(own, items) { if let reason = difference(a, b) { return reason } }
      return nil
    }
    if let value = want["value"] {
      let (a, b) = (got["value"].map(JSONWriter.text), JSONWriter.text(of: value))
      return a == b ? nil : "\(a ?? "no value") for \(b)"
    }
    guard let dtype = want["dtype"]?.text, got["dtype"]?.text == dtype else {
      return "dtype \(got["dtype"]?.text ?? "none") for \(want["dtype"]?.text ?? "none")"
    }
    let shapes = [got, want].map { $0["shape"].map(JSONWriter.text) ?? "" }
    if shapes[0] != shapes[1] { return "shape \(shapes[0]) for \(shapes[1])" }
    let (a, b) = (got["values"]?.items ?? [], want["values"]?.items ?? [])
    if a.count != b.count { return "\(a.count) values for \(b.count)" }
    let scale = b.map(magnitude).filter(\.isFinite).max() ?? 0
    for (index, (x, y)) in zip(a, b).enumerated() where !agree(x, y, dtype, scale) {
      return "element \(index) is \(JSONWriter.text(of: x)) for \(JSONWriter.text(of: y))"
    }
    return nil
  }

  /// Integers and bool exactly; floats up to some units in the last place of the largest element,
  /// since sums are taken in another order.
  private static func agree(
    _ a: JSONValue, _ b: JSONValue, _ dtype: String, _ scale: Double
  ) -> Bool {
    if let x = a.items, let y = b.items {
      return zip(x, y).allSatisfy { agree($0, $1, dtype, scale) }
    }
    guard dtype.contains("float") || dtype.contains("complex"), let x = a.double, let y = b.double
    else { return JSONWriter.text(of: a) == JSONWriter.text(of: b) }
    let unit =
      switch dtype {
      case "float16": 0x1p-10
      case "float32", "complex64": 0x1p-23
      default: 0x1p-52
      }
    return x == y || Swift.abs(x - y) <= 16 * unit * Swift.max(Swift.abs(y), scale)
  }

  private static func magnitude(_ value: JSONValue) -> Double {
    value.items.map { $0.map(magnitude).max() ?? 0 } ?? Swift.abs(value.double ?? 0)
  }
}
