import Testing
import Weft

/// An example of a doc comment, ready to run.
struct Example: Sendable, CustomTestStringConvertible {
  /// File and declaration.
  let testDescription: String
  /// The statements, with a comparison for each result.
  let run: @Sendable () async throws -> Void

  init(_ name: String, _ run: @escaping @Sendable () async throws -> Void) {
    testDescription = name
    self.run = run
  }
}

extension Example {
  /// Compares the elements of an array with the text of the doc comment.
  static func expect(
    _ code: String, _ value: @autoclosure () throws -> NDArray, _ expected: String
  ) throws {
    compare(code, expected) { try value().formatted() }
  }

  /// Compares the elements of arrays, one after the other.
  static func expect(
    _ code: String, _ value: @autoclosure () throws -> [NDArray], _ expected: String
  ) throws {
    compare(code, expected) {
      try value().map { try $0.formatted() }.joined(separator: "\n")
    }
  }

  /// Compares what an optional holds, or `nil`.
  static func expect<Value>(
    _ code: String, _ value: @autoclosure () throws -> Value?, _ expected: String
  ) throws {
    guard let value = try value() else { return compare(code, expected) { "nil" } }
    if let array = value as? NDArray { return try expect(code, array, expected) }
    try expect(code, value, expected)
  }

  /// Compares what printing a value gives.
  static func expect<Value>(
    _ code: String, _ value: @autoclosure () throws -> Value, _ expected: String
  ) throws {
    compare(code, expected) { "\(try value())" }
  }

  /// Compares what printing a value gives that has to be waited for.
  static func expectLater<Value>(_ code: String, _ value: Value, _ expected: String) async throws {
    if let array = value as? NDArray { return try expect(code, array, expected) }
    compare(code, expected) { "\(value)" }
  }

  /// Compares a text, or the error that stands in its place: without the place that it names.
  private static func compare(_ code: String, _ expected: String, _ text: () throws -> String) {
    var actual: String
    do {
      actual = try text()
    } catch {
      let message = "\(error)"
      actual = message.range(of: "error: ").map { String(message[$0.lowerBound...]) } ?? message
      actual = actual.split(separator: "\n").first.map(String.init) ?? actual
    }
    if actual.hasSuffix("\n") { actual.removeLast() }
    if ExpectedText(expected).matches(actual) { return }
    Issue.record("\(code)\n--- the doc comment says\n\(expected)\n--- it gives\n\(actual)")
  }
}
