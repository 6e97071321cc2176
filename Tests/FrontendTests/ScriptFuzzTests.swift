import Foundation
import Testing
import WeftGoldenFile

@testable import Weft

@Suite("Script: malformed programs")
struct ScriptFuzzTests {
  /// Arrays of all kinds for the programs, small.
  static let scope: [String: ScriptValue] = {
    let sources = [
      "x": "arange(12.0).reshape(3, 4) - 5", "v": "asarray([1.0, 2.5, -3.0, 4.0])",
      "m": "arange(6).reshape(2, 3)", "t": "arange(24).reshape(2, 3, 4)",
      "i": "asarray([0, 2, 1], dtype=int64)", "b": "asarray([True, False, True])",
      "c": "asarray([1 + 2j, 3 - 4j])", "z": "zeros((0, 3))", "s": "asarray(5)",
      "u": "asarray([1, 200], dtype=uint8)", "h": "asarray([1.5, 2.5], dtype=float16)",
      "w": "asarray([1.5, 2.5], dtype=bfloat16)", "big": "full((1000, 1000, 1000), 1.5)",
    ]
    return sources.compactMapValues {
      try? Script.evaluate(utf8: Array($0.utf8), scope: [:]).value
    }
  }()

  @Test("20,000 malformed programs give an answer each and none stops the process")
  func programs() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["WEFT_FUZZ"].flatMap { Int($0) } ?? 20_000
    let seed = environment["WEFT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    // The last program before a trap is the last line of this file.
    let log = environment["WEFT_FUZZ_LOG"].flatMap { fopen($0, "w") }
    var generator = ScriptProgramGenerator(seed: seed)
    var answer = ScriptAnswer()
    answer.elementLimit = 100_000
    answer.scope = Self.scope
    try #require(answer.scope.count == 13)
    var session = Session.current.with(memoryLimit: .mebibytes(64))
    session.workLimit = 1e7
    var (values, errors) = (0, 0)
    Session.$scoped.withValue(session) {
      for _ in 0..<count {
        let program = generator.program()
        if let log {
          fputs(String(decoding: program, as: UTF8.self).debugDescription + "\n", log)
          fflush(log)
        }
        if environment["WEFT_FUZZ_DRY"] != nil { continue }
        let start = ProcessorTime.now
        let reply = answer.json(to: program)
        let seconds = ProcessorTime.now - start
        let text = String(decoding: program, as: UTF8.self)
        if seconds > 60 { Issue.record("\(seconds) s: \(text)") }
        guard let json = try? JSONParser.parse(reply) else {
          Issue.record("no JSON for \(text)")
          continue
        }
        if let error = json["error"] {
          errors += 1
          if error["code"]?.text == "internal" {
            Issue.record("\(text): \(error["message"]?.text ?? "")")
          }
        } else {
          values += 1
        }
      }
    }
    // Programs that all fail alike would test little. Most calls at random are mistakes: many
    // functions take functions, files or texts of their own.
    #expect(values > count / 15)
    #expect(errors > count / 10)
  }
}
