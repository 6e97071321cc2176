import WeftIR

/// Elements put at indices along an axis, between slots.
///
/// Indices are sorted with their positions, so that updates of one element lie together, in order;
/// one work-item combines those of an element. The result has the same bits in every run.
final class OpenCLScatterStep: OpenCLDeviceStep {
  /// The slots of the base, the indices and the updates.
  let sources: [Int]
  let targets: [Int]
  private let function: ScalarFunction
  private let type: TensorType
  private let box: OpenCLBox
  private let updates: Int
  private let text: String
  private let check: OpenCLKernelStep.IndexCheck
  private let substitute: OpenCLSubstitute

  /// A scatter with so many updates along its axis.
  ///
  /// - Throws: `internal` when the function has no text.
  init(
    _ function: ScalarFunction, axis: Int, sources: [Int], target: Int, type: TensorType,
    updates: Int, site: SourceSite, _ substitute: OpenCLSubstitute
  ) throws(WeftError) {
    self.sources = sources
    targets = [target]
    self.function = function
    self.type = type
    box = OpenCLBox(type, axis: axis)
    self.updates = updates
    text = try Self.text(function, type.dtype)
    check = OpenCLKernelStep.IndexCheck(
      what: "scatter", axis: axis, extent: box.extent, site: site)
    self.substitute = substitute
  }

  /// The sort of the indices.
  private var sorting: OpenCLSorting {
    OpenCLSorting(
      dtype: .int64, box: OpenCLBox(TensorType(.int64, Shape([updates])), axis: 0),
      descending: false)
  }

  var extraBytes: Int { sorting.extraBytes + 2 * updates * MemoryLayout<Int64>.size }

  private var title: String { "scatter \(function.name)" }

  var summary: String { Self.summary(title, [type], check.site) }

  func listings(_ runtime: OpenCLRuntime) -> [KernelListing] {
    (sorting.sources + [text]).map {
      KernelListing(step: summary, language: "opencl", text: $0)
    }
  }

  func run(_ run: OpenCLRun) throws {
    let start = run.start
    let base = try run.memory(sources[0])
    let indices = try run.memory(sources[1])
    let elements = try run.memory(sources[2])
    let result = try run.allocate(targets[0], type)
    let bytes = updates * MemoryLayout<Int64>.size
    let order = (keys: try run.temporary(bytes), positions: try run.temporary(bytes))
    try run.copy(base, to: result, type.byteCount ?? 0)
    try sorting.enqueue(indices, to: order, run)
    let code = try run.code(text, title: title).kernel
    let count = box.outer * updates * box.inner
    let (groups, items) = OpenCLGrid.shape(count, on: run.runtime)
    try run.launch(
      code,
      [
        .memory(order.keys), .memory(order.positions), .memory(elements), .memory(result),
        .memory(try run.flags([check])),
      ] + [count, updates, box.extent, box.inner].map { .index(Int64($0)) },
      groups: groups, items: items)
    try finish(code, title, elements: count, since: start, at: check.site, substitute, run)
  }

  private static func text(
    _ function: ScalarFunction, _ dtype: DType
  ) throws(WeftError) -> String {
    let (definitions, name) = try OpenCLRenderer.definition(of: function, dtype)
    let (type, element) = (OpenCLNames.type(dtype, 1), OpenCLNames.element(dtype))
    let read = dtype == .bool ? " != 0" : ""
    return """
      \(definitions)
      __kernel void \(OpenCLPrograms.symbol)(
        __global const long *indices, __global const long *positions,
        __global const \(element) *updates, __global \(element) *result, __global uchar *flags,
        const long count, const long length, const long extent, const long inner) {
        const long e = get_global_id(0);
        if (e >= count) return;
        const long i = e % inner, k = e / inner % length, outer = e / inner / length;
        const long index = indices[k];
        if (index < 0 || index >= extent) {
          flags[0] = 1;
          return;
        }
        if (k > 0 && indices[k - 1] == index) return;
        const long place = (outer * extent + index) * inner + i;
        \(type) value = result[place]\(read);
        for (long j = k; j < length && indices[j] == index; j++) {
          const \(type) update = updates[(outer * length + positions[j]) * inner + i]\(read);
          value = \(name)(value, update);
        }
        result[place] = value;
      }

      """
  }
}
