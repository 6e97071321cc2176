import Foundation
import Testing
import WeftIR

@testable import Weft

/// What happens when there is no memory, for each request in turn.
@Suite("No memory")
struct FaultInjectionTests {
  private static func programs(_ file: String, limit: Int) throws -> [[UInt8]] {
    let text = try String(
      contentsOf: RecordedProgramTests.folder.appending(component: file + ".jsonl"),
      encoding: .utf8)
    return try text.split(separator: "\n").prefix(limit).compactMap {
      try JSONParser.parse(Array($0.utf8))["program"]?.text.map { Array($0.utf8) }
    }
  }

  private static func session(_ executor: String) -> Session {
    let parts = executor.split(separator: "/").map(String.init)
    var session = Session.standard.with(executor: ExecutorName(parts[0]))
    if parts.count > 1 { session.compilation = parts[1] == "always" ? .always : .never }
    return session
  }

  @Test(
    "at any one request is an error, and the next run is right",
    arguments: ["reference", "blas/never", "blas/always"])
  func refused(_ executor: String) throws {
    var session = Self.session(executor)
    let programs =
      try Self.programs("regressions", limit: 100) + Self.programs("programs", limit: 100)
    var refusals = 0
    for program in programs {
      session.memory = MemoryAccount()
      let right = Session.$scoped.withValue(session) { ScriptAnswer().json(to: program) }
      let wrong = try JSONParser.parse(right)["error"]?["code"]?.text
      for n in 1...200 {
        session.memory = MemoryAccount(refusing: n)
        let answer = Session.$scoped.withValue(session) { ScriptAnswer().json(to: program) }
        guard session.memory.hasRefused else { break }
        refusals += 1
        let code = try JSONParser.parse(answer)["error"]?["code"]?.text
        // A program that is wrong may say so first.
        let isExpected = code == "out-of-memory" || answer == right || code != nil && code == wrong
        #expect(
          isExpected,
          "request \(n) of \(String(decoding: program, as: UTF8.self)): \(code ?? "other values")")
        #expect(session.memory.liveBytes == 0, "request \(n) left memory behind")
      }
      session.memory = MemoryAccount()
      let again = Session.$scoped.withValue(session) { ScriptAnswer().json(to: program) }
      #expect(again == right, "\(String(decoding: program, as: UTF8.self))")
    }
    #expect(refusals > programs.count)
  }
}
