import Foundation
import Testing

/// A folder of files that are written from the sources and checked in.
struct WrittenFiles {
  /// The folder.
  let folder: String
  /// How the names begin that nothing else writes.
  var prefix = ""
  /// How they end.
  var suffix = ".md"

  /// Compares the folder with what should be there, or makes it so when `BLESS=1`.
  func check(_ files: [String: String]) throws {
    let isBlessing = ProcessInfo.processInfo.environment["BLESS"] == "1"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix(prefix) && name.hasSuffix(suffix) && files[name] == nil {
      guard isBlessing else {
        Issue.record("\(name) is of no source: BLESS=1 removes it")
        continue
      }
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    for (name, text) in files {
      let path = folder + "/" + name
      if (try? String(contentsOfFile: path, encoding: .utf8)) == text { continue }
      guard isBlessing else {
        Issue.record("\(name) is not what the doc comments say: BLESS=1 writes it anew")
        continue
      }
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
