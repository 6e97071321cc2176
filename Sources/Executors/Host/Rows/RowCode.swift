import WeftIR

/// Rows that are neither kernels nor contractions and run here.
struct RowCode: Sendable {
  let name: String

  /// The code of a row, or nil where the fallback runs it.
  init?(_ row: Int, of graph: Graph) { return nil }

  /// Whether a row has code here.
  static func isNative(_ row: Int, of graph: Graph) -> Bool { RowCode(row, of: graph) != nil }
}

/// A row with the slots it reads and writes.
final class NativeStep: Sendable {
  let code: RowCode
  let sources: [Int]
  let targets: [HostExecutable.Target]

  init(_ code: RowCode, sources: [Int], targets: [HostExecutable.Target]) {
    self.code = code
    self.sources = sources
    self.targets = targets
  }

  var summary: String {
    "\(code.name) -> \(targets.map(\.type.description).joined(separator: ", "))"
  }

  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
  }
}
