import WeftIR

/// A sort along an axis, between slots.
final class OpenCLSortStep: OpenCLDeviceStep {
  let sources: [Int]
  let targets: [Int]
  private let sorting: OpenCLSorting
  private let types: [TensorType]
  private let site: SourceSite
  private let substitute: OpenCLSubstitute

  init(
    _ sorting: OpenCLSorting, source: Int, targets: [Int], types: [TensorType],
    site: SourceSite, _ substitute: OpenCLSubstitute
  ) {
    self.sorting = sorting
    sources = [source]
    self.targets = targets
    self.types = types
    self.site = site
    self.substitute = substitute
  }

  var extraBytes: Int { sorting.extraBytes }

  private var title: String {
    "sort of \(sorting.box.outer * sorting.box.inner) x \(sorting.box.extent)"
  }

  var summary: String { Self.summary(title, types, site) }

  func listings(_ runtime: OpenCLRuntime) -> [KernelListing] {
    sorting.sources.map { KernelListing(step: summary, language: "opencl", text: $0) }
  }

  func run(_ run: OpenCLRun) throws {
    let start = run.start
    let keys = try run.memory(sources[0])
    let result = (
      keys: try run.allocate(targets[0], types[0]),
      positions: try run.allocate(targets[1], types[1])
    )
    let code = try sorting.enqueue(keys, to: result, run)
    try finish(
      code, title, elements: sorting.box.count, since: start, at: site, substitute, run)
  }
}

extension OpenCLDeviceStep {
  static func summary(_ title: String, _ types: [TensorType], _ site: SourceSite) -> String {
    let place = site.description
    return "opencl \(title) -> \(types.map(\.description).joined(separator: ", "))"
      + (place.isEmpty ? "" : "  // \(place)")
  }

  /// Counts and notes a step whose commands are on their way, and checks its first run; a kernel
  /// that was wrong gives way to the other executor.
  func finish(
    _ code: OpenCLKernel, _ title: String, elements: Int, since start: Int, at site: SourceSite,
    _ substitute: OpenCLSubstitute, _ run: OpenCLRun
  ) throws {
    guard let context = run.context else { return }
    if code.trust.isQuarantined {
      try run.finish()
      try substitute.run(run, context)
      return
    }
    context.counters.add("kernels")
    try run.record(
      title, since: start,
      [
        ("kind", .text("opencl")), ("elements", .integer(elements)), ("lines", .lines([site])),
      ])
    if elements <= OpenCLSubstitute.mostCheckedElements {
      try substitute.check(code.trust, title: title, site: site, run, context)
    }
  }
}
