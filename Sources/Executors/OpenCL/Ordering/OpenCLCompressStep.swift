import WeftIR

/// Positions along an axis that a mask keeps, between slots: how many they are only the run tells.
final class OpenCLCompressStep: OpenCLDeviceStep {
  /// The slots of the array and the mask.
  let sources: [Int]
  let targets: [Int]
  private let box: OpenCLBox
  private let axis: Int
  /// The result, but for its extent.
  private let type: TensorType
  private let site: SourceSite
  private let substitute: OpenCLSubstitute

  init(
    _ operand: TensorType, axis: Int, sources: [Int], target: Int, type: TensorType,
    site: SourceSite, _ substitute: OpenCLSubstitute
  ) {
    self.sources = sources
    targets = [target]
    box = OpenCLBox(operand, axis: axis)
    self.axis = axis
    self.type = type
    self.site = site
    self.substitute = substitute
  }

  /// The parts of the mask that are counted one by one, and the positions of one at least.
  private static let mostParts = 4096
  private static let leastPart = 1024

  private var part: Int {
    max(Self.leastPart, (box.extent + Self.mostParts - 1) / Self.mostParts)
  }
  private var parts: Int { max(1, (box.extent + part - 1) / part) }

  var extraBytes: Int { (parts + 1 + box.extent) * MemoryLayout<Int64>.size }

  private static let title = "compress"

  var summary: String { Self.summary(Self.title, [type], site) }

  func listings(_ runtime: OpenCLRuntime) -> [KernelListing] {
    [Self.countText, Self.sumText, Self.placeText, copyText].map {
      KernelListing(step: summary, language: "opencl", text: $0)
    }
  }

  func run(_ run: OpenCLRun) throws {
    let start = run.start
    let operand = try run.memory(sources[0])
    let mask = try run.memory(sources[1])
    let counts = try run.temporary((parts + 1) * MemoryLayout<Int64>.size)
    let places = try run.temporary(max(1, box.extent) * MemoryLayout<Int64>.size)
    let cut = [box.extent, part, parts].map { OpenCLKernel.Argument.index(Int64($0)) }
    let (groups, items) = OpenCLGrid.shape(parts, on: run.runtime)
    try run.launch(
      run.code(Self.countText, title: Self.title).kernel, [.memory(mask), .memory(counts)] + cut,
      groups: groups, items: items)
    try run.launch(
      run.code(Self.sumText, title: Self.title).kernel,
      [.memory(counts), .index(Int64(parts))], groups: 1, items: 1)
    try run.launch(
      run.code(Self.placeText, title: Self.title).kernel,
      [.memory(mask), .memory(counts), .memory(places)] + cut, groups: groups, items: items)
    let kept = Int(try run.read(counts, at: parts))
    var result = type
    result.shape[axis] = .known(kept)
    let target = try run.allocate(targets[0], result)
    let count = box.outer * kept * box.inner
    let code = try run.code(copyText, title: Self.title).kernel
    if count > 0 {
      let (groups, items) = OpenCLGrid.shape(count, on: run.runtime)
      try run.launch(
        code,
        [.memory(operand), .memory(places), .memory(target)]
          + [count, kept, box.extent, box.inner].map { .index(Int64($0)) },
        groups: groups, items: items)
    }
    try finish(code, Self.title, elements: box.count, since: start, at: site, substitute, run)
  }

  // MARK: - Text

  /// Counts what each part of the mask keeps.
  private static let countText = """
    __kernel void \(OpenCLPrograms.symbol)(
      __global const uchar *mask, __global long *counts, const long extent, const long part,
      const long parts) {
      const long p = get_global_id(0);
      if (p >= parts) return;
      long count = 0;
      for (long k = p * part; k < min((p + 1) * part, extent); k++) count += mask[k] != 0;
      counts[p] = count;
    }

    """

  /// Makes of counts how many come before each part, and of all behind the last.
  private static let sumText = """
    __kernel void \(OpenCLPrograms.symbol)(__global long *counts, const long parts) {
      long sum = 0;
      for (long p = 0; p < parts; p++) {
        const long count = counts[p];
        counts[p] = sum;
        sum += count;
      }
      counts[parts] = sum;
    }

    """

  /// Notes the positions that are kept.
  private static let placeText = """
    __kernel void \(OpenCLPrograms.symbol)(
      __global const uchar *mask, __global const long *counts, __global long *places,
      const long extent, const long part, const long parts) {
      const long p = get_global_id(0);
      if (p >= parts) return;
      long place = counts[p];
      for (long k = p * part; k < min((p + 1) * part, extent); k++)
        if (mask[k]) places[place++] = k;
    }

    """

  /// Copies the elements at the positions, whatever they are.
  private var copyText: String {
    let element =
      switch type.dtype.itemSize {
      case 1: "uchar"
      case 2: "ushort"
      case 4: "uint"
      case 8: "ulong"
      default: "ulong2"
      }
    return """
      __kernel void \(OpenCLPrograms.symbol)(
        __global const \(element) *from, __global const long *places, __global \(element) *to,
        const long count, const long kept, const long extent, const long inner) {
        const long e = get_global_id(0);
        if (e >= count) return;
        const long i = e % inner, k = e / inner % kept, outer = e / inner / kept;
        to[e] = from[(outer * extent + places[k]) * inner + i];
      }

      """
  }
}
