import ArgumentParser
import Foundation
import Weft

/// Real data on every executor, with known results beside what was computed.
@main
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weft-demo", abstract: "Runs the examples on every available executor.")

  @Option(help: "The folder of the data.") var data = "Examples/data"
  @Option(help: "Where pictures go.") var pictures = ".build/pictures"
  @Option(help: "Where arrays larger than memory go.") var scratch = ".build/scratch"
  @Option(help: "One executor instead of all.") var executor: String?

  func run() throws {
    try FileManager.default.createDirectory(
      atPath: pictures, withIntermediateDirectories: true)
    let known = try KnownResults(path: "\(data)/known_results.json")
    let names = executor.map { [$0] } ?? availableExecutors()
    var failures = 0
    for name in names {
      print("== executor \(name)")
      try Session.standard.with(executor: ExecutorName(name)) {
        failures += try timed("Indian Pines") {
          try indianPines(data, known, picture: "\(pictures)/indian_pines_\(name).png")
        }
        failures += try timed("climate") {
          try climate(data, known, picture: "\(pictures)/climate_trend_\(name).png")
        }
        failures += try timed("seed example") { try seedExample() }
        // Executors without sparse storage are given dense arrays: small ones.
        let isSparse = name == "sparse"
        let names = isSparse ? ["karate", "minnesota", "python_stdlib_imports"] : ["karate"]
        failures += try timed("graphs") { try graphs(data, known, names: names) }
        failures += try timed("recommender") {
          isSparse
            ? try recommender(users: 20_000, items: 10_000, ratings: 400_000, proves: true)
            : try recommender(users: 300, items: 200, ratings: 600, proves: false)
        }
        failures += try timed("Poisson") { try poisson(points: isSparse ? 150 : 16) }
      }
    }
    if names.contains("chunked") {
      print("== larger than memory")
      failures += try timed("climate, monthly") {
        try climateInChunks(
          data, known, scratch: scratch, picture: "\(pictures)/climate_monthly_trend.png")
      }
      failures += try timed("hyperspectral scene") {
        try cubeInChunks(data, known, scratch: scratch, picture: "\(pictures)/scene_classes.png")
      }
    }
    print("pictures: \(pictures)")
    if failures > 0 {
      print("\(failures) values are not the known ones")
      throw ExitCode.failure
    }
  }

  private func availableExecutors() -> [String] {
    Session.standard.executors.compactMap { executor in
      switch executor.probe() {
      case .available: return executor.name
      case .unavailable(let reason):
        print("executor \(executor.name) is not available: \(reason)")
        return nil
      }
    }
  }

  private func timed(_ title: String, _ body: () throws -> Report) throws -> Int {
    let start = ContinuousClock.now
    let report = try body()
    let duration = ContinuousClock.now - start
    print("\(title): \(duration.formatted(.units(allowed: [.milliseconds], width: .narrow)))")
    print(report.lines.joined(separator: "\n"))
    return report.failures
  }
}

/// Values beside the known ones.
struct Report {
  var lines: [String] = []
  var failures = 0

  /// Notes a value; it must be within a relative tolerance of the known one.
  mutating func add(_ title: String, _ value: Double, known: Double, tolerance: Double = 1e-9) {
    let isRight = abs(value - known) <= tolerance * max(abs(known), 1e-300)
    if !isRight { failures += 1 }
    lines.append("  \(title): \(value)  known \(known)\(isRight ? "" : "  DIFFERS")")
  }

  /// Notes a line without a known value.
  mutating func add(_ line: String) { lines.append("  " + line) }
}

/// The numbers of `known_results.json`, by path.
struct KnownResults {
  private let root: Any

  init(path: String) throws {
    root = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  struct Missing: Error { let path: [String] }

  /// The number at a path of keys and indices.
  func callAsFunction(_ path: String...) throws -> Double {
    var node = root
    for key in path {
      if let index = Int(key), let list = node as? [Any], list.indices.contains(index) {
        node = list[index]
      } else if let table = node as? [String: Any], let value = table[key] {
        node = value
      } else {
        throw Missing(path: path)
      }
    }
    guard let number = node as? NSNumber else { throw Missing(path: path) }
    return number.doubleValue
  }
}
