import WeftIR
import WeftPasses

/// What a step does, in numbers, and the user's lines that it computes: for traces and `explain()`.
///
/// Bytes are those that the arrays hold once, however often caches bring them in.
struct StepWork: Sendable {
  /// The places of the rows that the step computes, each once.
  var sites: [SourceSite] = []
  /// The bytes of the elements that are read.
  var read = 0
  /// The bytes of the elements that are written.
  var written = 0
  /// Floating-point operations of products; 0 where there are none.
  var flops = 0.0
  /// Functions times elements; 0 where there are none.
  var operations = 0.0
  /// The positions that are visited.
  var elements = 0

  /// About how long it takes, in elements that are read, written or computed one after another.
  var weight: Double { Double(read + written) / 8 + operations + flops / 8 }

  /// The most lines that a step remembers.
  private static let mostSites = 16

  /// Adds a place, unless it is there or there are enough.
  mutating func add(_ site: SourceSite) {
    guard site != .none, sites.count < Self.mostSites, !sites.contains(site) else { return }
    sites.append(site)
  }

  /// Adds what another part of the step does.
  mutating func add(_ other: StepWork) {
    for site in other.sites { add(site) }
    read += other.read
    written += other.written
    flops += other.flops
    operations += other.operations
    elements += other.elements
  }

  /// Counts what a cluster does; `bytes` tells how many a value has.
  mutating func count(_ cluster: Cluster, bytes: (Value) -> Int) {
    elements = cluster.shape.reduce(1, *)
    var loads: [(value: Value, view: StridedView)] = []
    var totals: [Value: Int] = [:]
    for (node, dtype) in zip(cluster.nodes, cluster.dtypes) {
      switch node {
      case .load(let value, let view):
        if loads.contains(where: { $0.value == value && $0.view == view }) { continue }
        loads.append((value, view))
        totals[value, default: 0] += Self.positions(view) * dtype.itemSize
      case .gather(let value, _, let taking):
        operations += Double(elements)
        if taking.isCount { continue }
        totals[value, default: 0] += elements * dtype.itemSize
      case .map, .convert, .random, .iota, .scanned: operations += Double(elements)
      case .constant, .folded: break
      }
    }
    if let scatter = cluster.scatter {
      operations += Double(elements)
      written += scatter.extent * scatter.dtype.itemSize
      if scatter.scalar == nil {
        totals[scatter.base, default: 0] +=
          Self.positions(scatter.view) * scatter.dtype.itemSize
      }
    }
    for (value, total) in totals { read += min(total, bytes(value)) }
    for output in cluster.outputs {
      written += Self.positions(output.view) * cluster.dtypes[output.node].itemSize
    }
    for reduction in cluster.reductions {
      operations += Double(elements)
      guard reduction.isStored else { continue }
      let kept = cluster.shape.indices.filter { !cluster.reducedAxes.contains($0) }
      written += kept.reduce(1) { $0 * cluster.shape[$1] } * reduction.dtype.itemSize
    }
  }

  /// The elements of memory that a view visits.
  private static func positions(_ view: StridedView) -> Int {
    zip(view.shape, view.strides).reduce(1) { $1.1 == 0 ? $0 : $0 * $1.0 }
  }

  // MARK: - Text

  /// What is read and written, in words.
  var traffic: String { "\(Self.text(read)) read, \(Self.text(written)) written" }

  /// The lines, as a comment behind a step's words.
  var comment: String {
    var lines: [String] = []
    for site in sites {
      let line = site.description
      if !line.isEmpty, !lines.contains(line) { lines.append(line) }
    }
    return lines.isEmpty ? "" : "  // " + lines.joined(separator: ", ")
  }

  private static func text(_ bytes: Int) -> String {
    var (value, unit) = (Double(bytes), 0)
    while value >= 1024, unit < 3 { (value, unit) = (value / 1024, unit + 1) }
    let tenths = Int((value * 10).rounded())
    let number = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    return number + [" B", " KiB", " MiB", " GiB"][unit]
  }
}
