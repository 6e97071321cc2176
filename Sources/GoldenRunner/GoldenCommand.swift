import ArgumentParser
import Weft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `weft-golden`: compares with NumPy's golden vectors.
@main
struct GoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weft-golden",
    abstract: "Run NumPy's golden vectors through the script functions and compare.",
    discussion:
      "Exits with 1 when a case fails. Functions that scripts lack are unsupported, by name.")

  @Argument(help: "The folder with arrays.bin and the groups (*.jsonl).")
  var folder: String

  @Option(help: "The executor; WEFT_EXECUTOR or auto unless given.")
  var executor: String?

  @Option(help: "Only this group.")
  var group: String?

  @Option(name: .customLong("case"), help: "Only the case of this id.")
  var identifier: String?

  @Option(
    help: "A file of cases, one id a line with the reason behind it, whose failure is no news.")
  var known: String?

  @Flag(help: "One JSON object a group.")
  var json = false

  func run() throws {
    let executor = executor.map { ExecutorName($0) }
    let session = Session.standard.with(executor: executor)
    do {
      _ = try session.chooseExecutor()
      let store = try GoldenStore(folder: folder)
      let groups = try groupNames()
      let reports = try Session.$scoped.withValue(session) {
        try groups.map { try run($0, store) }
      }
      finish(reports)
      let known = try knownFailures()
      let isNews = reports.contains { $0.failures.contains { !known.contains($0.id) } }
      if isNews { throw ExitCode(1) }
    } catch let error as WeftError {
      StandardStream.error.line("\(error)")
      throw ExitCode(2)
    } catch let error as GoldenError {
      StandardStream.error.line("error: \(error)")
      throw ExitCode(2)
    }
  }

  /// The ids that the file of known failures names; they count as failed all the same.
  private func knownFailures() throws -> Set<String> {
    guard let known else { return [] }
    let file = try FileContents.read(
      known, operation: "golden", mapped: false, in: MemoryAccount())
    let bytes = UnsafeRawBufferPointer(start: file.base, count: file.byteCount)
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    return Set(
      lines.compactMap { line in
        line.split(separator: UInt8(ascii: " ")).first.map { String(decoding: $0, as: UTF8.self) }
      })
  }

  /// The groups in the folder, in the order of their names.
  private func groupNames() throws -> [String] {
    guard let directory = opendir(folder) else { throw GoldenError("cannot open \(folder)") }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".jsonl") { names.append(String(name.dropLast(6))) }
    }
    var wanted = names.sorted()
    if let group { wanted = wanted.filter { $0 == group } }
    if let identifier, let slash = identifier.firstIndex(of: "/") {
      wanted = wanted.filter { $0 == identifier[..<slash] }
    }
    if wanted.isEmpty { throw GoldenError("no such group in \(folder)") }
    return wanted
  }

  private func run(_ group: String, _ store: GoldenStore) throws -> GoldenReport {
    var report = GoldenReport(group: group)
    let file = try FileContents.read(
      "\(folder)/\(group).jsonl", operation: "golden", mapped: true, in: MemoryAccount())
    let bytes = UnsafeRawBufferPointer(start: file.base, count: file.byteCount)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      do {
        let golden = try GoldenCase(Array(line))
        if let identifier, golden.id != identifier { continue }
        report.add(golden, golden.run(store))
      } catch let error as JSONError {
        throw GoldenError("\(group).jsonl: \(error)")
      }
    }
    StandardStream.output.line(json ? report.json : report.text)
    return report
  }

  private func finish(_ reports: [GoldenReport]) {
    if json { return }
    let unsupported = reports.reduce(into: [String: Int]()) { sum, report in
      sum.merge(report.unsupported, uniquingKeysWith: +)
    }
    if !unsupported.isEmpty {
      let names = unsupported.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      StandardStream.output.line("unsupported: \(names.joined(separator: ", "))")
    }
    let passed = reports.reduce(0) { $0 + $1.passed }
    let failed = reports.reduce(0) { $0 + $1.failures.count }
    StandardStream.output.line("\(passed) passed, \(failed) failed")
  }
}

/// What became of a group's cases.
struct GoldenReport {
  let group: String
  var passed = 0
  var failures: [(id: String, function: String, reason: String)] = []
  /// Cases by the function that the table lacks.
  var unsupported: [String: Int] = [:]

  init(group: String) { self.group = group }

  mutating func add(_ golden: GoldenCase, _ outcome: GoldenCase.Outcome) {
    switch outcome {
    case .passed: passed += 1
    case .failed(let reason): failures.append((golden.id, golden.function, reason))
    case .unsupported(let name): unsupported[name, default: 0] += 1
    }
  }

  private var unsupportedCount: Int { unsupported.values.reduce(0, +) }

  var text: String {
    var lines = [
      "\(group): \(passed) passed, \(failures.count) failed, \(unsupportedCount) unsupported"
    ]
    lines += failures.map { "  \($0.id) \($0.function): \($0.reason)" }
    return lines.joined(separator: "\n")
  }

  var json: String {
    JSONWriter.text(
      of: .object([
        ("group", .string(group)), ("passed", .integer(Int64(passed))),
        ("failed", .integer(Int64(failures.count))),
        ("unsupported", .integer(Int64(unsupportedCount))),
        (
          "failures",
          .array(
            failures.map {
              .object([
                ("id", .string($0.id)), ("function", .string($0.function)),
                ("reason", .string($0.reason)),
              ])
            })
        ),
        (
          "unsupported_functions",
          .object(
            unsupported.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })
        ),
      ]))
  }
}
