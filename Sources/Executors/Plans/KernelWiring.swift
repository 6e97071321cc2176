import WeftIR
import WeftPasses

/// Where the buffer parameters of a lowered kernel come from, by slots, and what it writes.
public struct KernelWiring: Sendable {
  /// Where the memory of a buffer parameter comes from.
  public enum Source: Sendable {
    /// The array of a slot.
    case slot(Int)
    /// A constant, by its place among the kernel's.
    case constant(Int)
    /// What the kernel writes, by its place among the targets.
    case target(Int)
    /// Partial results, by number.
    case partial(Int)
    /// The positions that belong to partial results.
    case partialPosition(Int)
    /// Memory of a thread's or a work-group's own.
    case scratch(Int)
    /// A byte for each check of indices.
    case flags
    /// The totals of units, where the kernel runs twice.
    case totals
    /// Nothing goes there.
    case nothing
  }

  /// A slot that the kernel writes.
  public struct Target: Sendable {
    /// The slot.
    public let slot: Int
    /// Whether an earlier kernel, or an earlier output of this one, takes the memory.
    public let isContinued: Bool
  }

  /// Results of chunks that must come together.
  public struct Partial: Sendable {
    /// The number of the reduction, or nil for the scatter.
    public let reduction: Int?
    /// The target of the whole; nil where it stays within the kernel.
    public let target: Int?
  }

  /// For each buffer parameter its source.
  public private(set) var sources: [Source] = []
  /// The elements that `.constant` counts.
  public private(set) var constants: [Scalar] = []
  /// The outputs, then the reductions that are stored and what is scattered.
  public private(set) var targets: [Target] = []
  /// What `.partial` counts.
  public private(set) var partials: [Partial] = []

  /// The wiring of a kernel; `begun` holds the slots that earlier pieces of a value took memory for.
  public init(
    _ lowered: LoweredKernel, of graph: Graph, _ slots: inout SlotTable, begun: inout Set<Int>
  ) {
    let cluster = lowered.cluster
    for output in cluster.outputs { _ = add(output.value, graph, &slots, &begun) }
    var results: [Int: Source] = [:]
    var partialResults: [Int: Source] = [:]
    for (n, reduction) in cluster.reductions.enumerated() {
      let target = reduction.isStored ? add(reduction.value, graph, &slots, &begun) : nil
      results[n] = target.map { .target($0) }
      if lowered.partials == nil { continue }
      partialResults[n] = .partial(partials.count)
      partials.append(Partial(reduction: n, target: target))
    }
    var scattered = Source.nothing
    if let scatter = cluster.scatter {
      let target = add(scatter.value, graph, &slots, &begun)
      scattered = .target(target)
      if lowered.partials != nil {
        scattered = .partial(partials.count)
        partials.append(Partial(reduction: nil, target: target))
      }
    }
    for binding in lowered.bindings {
      switch binding {
      case .value(let value): sources.append(.slot(slots.slot(of: value, in: graph)))
      case .constant(let scalar):
        sources.append(.constant(constants.count))
        constants.append(scalar)
      case .output(let n): sources.append(.target(n))
      case .reduction(let n): sources.append(results[n] ?? .nothing)
      // Where rows are whole nothing goes there.
      case .partial(let n): sources.append(partialResults[n] ?? results[n] ?? .nothing)
      case .partialPosition(let n):
        if case .partial(let k)? = partialResults[n] {
          sources.append(.partialPosition(k))
        } else {
          sources.append(results[n] ?? .nothing)
        }
      case .scratch(let n): sources.append(.scratch(n))
      case .flags: sources.append(.flags)
      case .totals: sources.append(.totals)
      case .scattered: sources.append(scattered)
      }
    }
  }

  private mutating func add(
    _ value: Value, _ graph: Graph, _ slots: inout SlotTable, _ begun: inout Set<Int>
  ) -> Int {
    let slot = slots.slot(of: value, in: graph)
    targets.append(Target(slot: slot, isContinued: !begun.insert(slot).inserted))
    return targets.count - 1
  }

  /// The slots that are read.
  public var readSlots: [Int] {
    sources.compactMap { if case .slot(let slot) = $0 { slot } else { nil } }
  }
}

extension LoweredKernel {
  /// The reduction whose chunks come together; for a scatter one of its function.
  public func reduction(_ partial: KernelWiring.Partial) -> Cluster.Reduction {
    if let n = partial.reduction { return cluster.reductions[n] }
    guard let scattered else { preconditionFailure("partial results of nothing") }
    return scattered
  }

  /// Bytes of the totals of units, where the kernel runs twice.
  public var totalBytes: Int {
    guard let phases, phases.needsTotals else { return 0 }
    return units * phases.parts * phases.dtype.itemSize
  }
}
