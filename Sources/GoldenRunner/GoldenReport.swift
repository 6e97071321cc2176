import Weft

/// What became of a group's cases.
struct GoldenReport {
  /// A function with the dtype of its first array.
  struct Row: Hashable {
    let function: String
    let dtype: String
  }

  let group: String
  var passed = 0
  var failures: [(id: String, function: String, reason: String)] = []
  /// Cases by the function that the table lacks.
  var unsupported: [String: Int] = [:]
  /// How many cases of a row passed, and how many there are.
  private(set) var coverage: [Row: (passed: Int, all: Int)] = [:]

  init(group: String) { self.group = group }

  mutating func add(
    id: String, _ function: String, _ dtype: String, _ outcome: GoldenCase.Outcome
  ) {
    var count = coverage[Row(function: function, dtype: dtype)] ?? (0, 0)
    count.all += 1
    switch outcome {
    case .passed:
      passed += 1
      count.passed += 1
    case .failed(let reason): failures.append((id, function, reason))
    case .unsupported(let name): unsupported[name, default: 0] += 1
    }
    coverage[Row(function: function, dtype: dtype)] = count
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
