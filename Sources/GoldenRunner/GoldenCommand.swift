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

  @Option(
    help: ArgumentHelp(
      "A file to add lines to: executor, function, dtype, cases passed, cases; by tabs.",
      valueName: "file"))
  var coverage: String?

  @Option(
    help: ArgumentHelp(
      "Store arrays among the arguments sparsely: coo, csr, csc, csf, gcxs, bsr or dia, and coo where they "
        + "have no such format. Signs of zeros do not count then.", valueName: "format"))
  var sparse: String?

  @Option(help: "One case in so many of each group.")
  var every = 1

  @Flag(help: "What the executor counted: kernels, compilations, fallbacks.")
  var counters = false

  @Flag(help: "Also NumPy's accuracy tables, in the folder umath.")
  var umath = false

  @Flag(help: "One JSON object a group.")
  var json = false

  func run() throws {
    let executor = executor.map { ExecutorName($0) }
    let session = Session.standard.with(executor: executor)
    do {
      _ = try session.chooseExecutor()
      let store = try GoldenStore(folder: folder, storing: try format())
      let groups = try groupNames()
      let reports = try Session.$scoped.withValue(session) {
        try groups.map { try run($0, store) } + (umath ? [try runTables()] : [])
      }
      if counters {
        let counts = session.runtime.counters.all.sorted { $0.key < $1.key }
        StandardStream.output.line(
          "counted: " + counts.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
      }
      finish(reports)
      if let coverage {
        try write(reports, executor: try session.chooseExecutor().executor.name, to: coverage)
      }
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

  private func format() throws -> SparseFormat? {
    guard let sparse else { return nil }
    guard let format = SparseFormat(name: sparse) else {
      throw GoldenError("'\(sparse)' is no format; there are coo, csr, csc, csf, gcxs, bsr and dia")
    }
    return format
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
    var wanted = try fileNames(in: folder).compactMap { name in
      name.hasSuffix(".jsonl") ? String(name.dropLast(6)) : nil
    }
    if let group { wanted = wanted.filter { $0 == group } }
    if let identifier, let slash = identifier.firstIndex(of: "/") {
      wanted = wanted.filter { $0 == identifier[..<slash] }
    }
    if wanted.isEmpty { throw GoldenError("no such group in \(folder)") }
    return wanted
  }

  /// The names of a folder's files, in order.
  private func fileNames(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { throw GoldenError("cannot open \(folder)") }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }

  /// NumPy's accuracy tables as a group of their own.
  private func runTables() throws -> GoldenReport {
    var report = GoldenReport(group: "umath")
    for function in try fileNames(in: folder + "/umath").compactMap(GoldenTable.function(ofFile:)) {
      try GoldenTable(function: function, folder: folder + "/umath").run(into: &report)
    }
    StandardStream.output.line(json ? report.json : report.text)
    return report
  }

  /// Adds how many cases passed, by function and dtype.
  private func write(_ reports: [GoldenReport], executor: String, to path: String) throws {
    guard let file = fopen(path, "a") else { throw GoldenError("cannot write \(path)") }
    defer { fclose(file) }
    for report in reports {
      let rows = report.coverage.sorted {
        ($0.key.function, $0.key.dtype) < ($1.key.function, $1.key.dtype)
      }
      for (row, count) in rows {
        fputs("\(executor)\t\(row.function)\t\(row.dtype)\t\(count.passed)\t\(count.all)\n", file)
      }
    }
  }

  private func run(_ group: String, _ store: GoldenStore) throws -> GoldenReport {
    var report = GoldenReport(group: group)
    let file = try FileContents.read(
      "\(folder)/\(group).jsonl", operation: "golden", mapped: true, in: MemoryAccount())
    let bytes = UnsafeRawBufferPointer(start: file.base, count: file.byteCount)
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated()
    where number % max(1, every) == 0 {
      do {
        let golden = try GoldenCase(Array(line))
        if let identifier, golden.id != identifier { continue }
        report.add(
          id: golden.id, golden.function, golden.dtypeName(store), golden.run(store))
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
