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

  /// Copies, texts and files, which take memory beside that of arrays.
  private static let uses: [(name: String, run: @Sendable (_ folder: String) throws -> Void)] = [
    ("toArray", { _ in _ = try (arange(5000) + 1).toArray(of: Int.self) }),
    ("bytes", { _ in _ = try (arange(5000) + 1).bytes() }),
    ("formatted", { _ in _ = try linspace(0, 1, count: 900).formatted() }),
    ("representation", { _ in _ = try linspace(0, 1, count: 900).representation() }),
    ("text", { _ in _ = try NDArray(text: "1 2 3 4", dtype: .int64).buffer() }),
    (
      "npy",
      {
        try arange(5000).save(to: $0 + "/x.npy")
        _ = try NDArray(contentsOf: $0 + "/x.npy").buffer()
      }
    ),
    (
      "npz",
      {
        try NDArray.save(
          [("a", arange(5000)), ("b", ones([7]))], to: $0 + "/x.npz", isCompressed: true)
        _ = try NDArray.arrays(in: $0 + "/x.npz").mapValues { try $0.buffer() }
      }
    ),
    (
      "raw text",
      {
        try arange(500).writeRaw(to: $0 + "/x.txt", separator: " ")
        _ = try NDArray(rawContentsOf: $0 + "/x.txt", dtype: .int64, separator: " ").buffer()
      }
    ),
    ("PNG", { try arange(600).reshape(20, 30).savePNG(to: $0 + "/x.png") }),
  ]

  @Test("for a copy, a text or a file is an error", arguments: uses.map(\.name))
  func refused(use name: String) throws {
    let use = try #require(Self.uses.first { $0.name == name })
    let folder = FileManager.default.temporaryDirectory.appending(
      component: "weft-no-memory-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var session = Session.standard
    var refusals = 0
    for n in 1...100 {
      session.memory = MemoryAccount(refusing: n)
      var error: WeftError?
      do {
        try Session.$scoped.withValue(session) { try use.run(folder.path) }
      } catch let thrown as WeftError {
        error = thrown
      }
      guard session.memory.hasRefused else {
        #expect(error == nil)
        break
      }
      refusals += 1
      #expect(error?.code == .outOfMemory, "request \(n) of \(name): \(String(describing: error))")
      #expect(session.memory.liveBytes == 0, "request \(n) of \(name) left memory behind")
    }
    #expect(refusals > 0)
  }

  @Test("sorting in the reference takes its scratch memory from the account")
  func sortScratch() throws {
    var session = Self.session("reference")
    session.memory = MemoryAccount()
    try Session.$scoped.withValue(session) {
      let order = try argsort(arange(5000) % 7).toArray(of: Int.self)
      #expect(Array(order.prefix(3)) == [0, 7, 14])
      #expect(session.memory.peakBytes >= 4 * 5000 * 8)
    }
  }
}
