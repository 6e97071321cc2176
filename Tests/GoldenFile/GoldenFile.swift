import Foundation
import WeftIR

/// A test case in a file: a command, a program, and what is expected.
///
///     // test: pass simplify
///     // What the case shows.
///     graph @main(%x: float64[3]) { ...
///     // ----
///     expected text
///
/// The part after `// ----` may be missing. With `BLESS=1` in the environment, `check` rewrites it.
public struct GoldenFile: Sendable {
  /// Where the file is.
  public let path: String
  /// The first word after `test:`, such as `pass`.
  public let command: String
  /// The words after the command.
  public let arguments: [String]
  /// Values of other `// key: value` lines of the header, such as `run`; in order.
  public let options: [Option]
  /// The text before `// ----`, header included, so that lines count as in the file.
  public let input: String
  /// The text after `// ----`.
  public let expected: String?

  /// A `// key: value` line.
  public struct Option: Hashable, Sendable {
    /// The word before the colon.
    public var key: String
    /// The rest of the line.
    public var value: String
  }

  /// What a file has wrong.
  public struct Failure: Error, CustomStringConvertible {
    /// File and mistake.
    public let description: String
  }

  /// Reads a file.
  public init(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    self.path = path
    let separator = "\n// ----\n"
    if let range = text.range(of: separator) {
      input = String(text[..<range.lowerBound]) + "\n"
      expected = String(text[range.upperBound...])
    } else {
      input = text
      expected = nil
    }
    var options: [Option] = []
    for line in input.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("//") else { break }
      let content = line.dropFirst(2).trimmingPrefix(" ")
      guard let colon = content.firstIndex(of: ":"), !content[..<colon].contains(" ") else {
        continue
      }
      let value = content[content.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      options.append(Option(key: String(content[..<colon]), value: value))
    }
    guard let test = options.first, test.key == "test" else {
      throw Failure(description: "\(path): the first line is not '// test: command'")
    }
    let words = test.value.split(separator: " ").map(String.init)
    command = words.first ?? ""
    arguments = Array(words.dropFirst())
    self.options = Array(options.dropFirst())
  }

  /// All files of `Tests/Golden` with one of the commands, by path.
  public static func all(_ commands: Set<String>) throws -> [GoldenFile] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden")
    let names = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String }
    return try (names ?? []).filter { $0.hasSuffix(".ir") }.sorted()
      .map { try GoldenFile(path: folder.appending(path: $0).path()) }
      .filter { commands.contains($0.command) }
  }

  /// The lines with an `// error: text` comment, and the texts.
  public var expectedErrors: [(line: Int, text: String)] {
    input.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      guard let range = $1.range(of: "// error: "), !$1.hasPrefix("//") else { return nil }
      return ($0 + 1, String($1[range.upperBound...]))
    }
  }

  /// Compares a result with the expected part, or makes it the expected part when `BLESS=1`.
  ///
  /// - Returns: nil when they are equal, else both texts.
  public func check(_ actual: String) throws -> String? {
    let actual = actual.hasSuffix("\n") ? actual : actual + "\n"
    if actual == expected { return nil }
    if ProcessInfo.processInfo.environment["BLESS"] == "1" {
      try (input + "// ----\n" + actual).write(toFile: path, atomically: true, encoding: .utf8)
      return nil
    }
    return
      "\(path)\n--- expected\n\(expected ?? "(nothing; BLESS=1 writes it)\n")--- actual\n\(actual)"
  }
}

extension GoldenFile: CustomStringConvertible {
  /// The path below `Tests/Golden`.
  public var description: String {
    path.range(of: "/Golden/").map { String(path[$0.upperBound...]) } ?? path
  }
}
