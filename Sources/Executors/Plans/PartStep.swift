import WeftIR

/// Rows that another executor runs, between slots.
public final class PartStep: Sendable {
  /// The slots that are read.
  public let sources: [Int]
  /// The slots that are written.
  public let targets: [Int]
  /// What it is, in a word or two.
  public let what: String
  /// The other executor's name.
  public let executor: String
  /// Whether that executor is the right place for it, so that nobody need be told.
  public let isByDesign: Bool
  /// The place of the rows.
  public let site: SourceSite
  private let executable: any Executable
  private let resultBytes: Int

  /// The rows that lead to some results from values that have slots.
  ///
  /// - Throws: what the other executor finds wrong with them.
  public init(
    computing results: [Value], of graph: Graph, _ slots: inout SlotTable,
    on other: any Executor, _ context: PassContext, what: String, site: SourceSite,
    isByDesign: Bool = false
  ) throws {
    let known = slots
    let own = Set(results.map(\.index))
    let (part, inputs) = graph.part(computing: results) {
      known.has($0.index) && !own.contains($0.index)
    }
    executable = try other.prepare(part, context)
    sources = inputs.map { slots.slot(of: $0, in: graph) }
    targets = results.map { slots.slot(of: $0, in: graph) }
    resultBytes = slots.bytes(of: targets)
    self.what = what
    self.site = site
    self.isByDesign = isByDesign
    executor = other.name
  }

  /// Bytes that the other executor needs besides the results.
  public var extraBytes: Int { max(0, executable.peakBytes - resultBytes) }

  /// The other executor's steps.
  public var steps: [String] { executable.steps }

  /// The results for the values of the sources; tells of it unless it is by design.
  public func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    if !isByDesign {
      context.counters.add("fallbacks")
      context.counters.note(
        Counters.Event(kind: "fallback", message: "\(what) runs on \(executor)", site: site))
    }
    return try executable.run(inputs, context)
  }
}
