import WeftIR

/// Stable sorting on a device: keys with their positions, lane by lane.
///
/// Blocks are sorted by counting, for each element, those that come before it; then neighbouring runs
/// are merged, each element finding its place in the other run by bisection. Elements do not wait
/// for each other, and equal ones keep their order, so that there is one result.
/// Source: merging by ranks, Satish, Harris & Garland 2009, section 4.
struct OpenCLSorting: Sendable {
  let dtype: DType
  /// Lanes along the middle axis.
  let box: OpenCLBox
  let descending: Bool

  /// Whether elements of a dtype can be sorted.
  static func canSort(_ dtype: DType, on runtime: OpenCLRuntime) -> Bool {
    !dtype.isComplex && (dtype != .float64 || runtime.device.hasDouble)
  }

  /// The elements of a block that is sorted by counting.
  private static let block = 32

  /// Bytes of the two copies that runs are merged between.
  var extraBytes: Int {
    box.extent <= Self.block ? 0 : 2 * box.count * (dtype.itemSize + MemoryLayout<Int64>.size)
  }

  /// An array of keys, and one of the positions that they come from.
  typealias Pair = (keys: DeviceMemory, positions: DeviceMemory)

  /// Enqueues the sort; the kernels' code, the first of which stands for all.
  @discardableResult
  func enqueue(
    _ keys: DeviceMemory, to result: Pair, _ run: OpenCLRun
  ) throws(WeftError) -> OpenCLKernel {
    let count = box.count
    let (groups, items) = OpenCLGrid.shape(count, on: run.runtime)
    let first = try run.code(blockText, title: "sort").kernel
    let isOne = box.extent <= Self.block
    func temporary() throws(WeftError) -> Pair {
      (
        try run.temporary(count * dtype.itemSize),
        try run.temporary(count * MemoryLayout<Int64>.size)
      )
    }
    var source = isOne ? result : try temporary()
    try run.launch(
      first,
      [.memory(keys), .memory(source.keys), .memory(source.positions)]
        + arguments(width: Self.block, isLast: isOne), groups: groups, items: items)
    if isOne { return first }
    let merge = try run.code(mergeText, title: "merge").kernel
    var target = try temporary()
    var width = Self.block
    while width < box.extent {
      let isLast = 2 * width >= box.extent
      let to = isLast ? result : target
      try run.launch(
        merge,
        [.memory(source.keys), .memory(source.positions), .memory(to.keys), .memory(to.positions)]
          + arguments(width: width, isLast: isLast), groups: groups, items: items)
      (source, target) = (to, source)
      width *= 2
    }
    return first
  }

  private func arguments(width: Int, isLast: Bool) -> [OpenCLKernel.Argument] {
    [box.count, box.extent, box.inner, width, descending ? 1 : 0, isLast ? 1 : 0].map {
      .index(Int64($0))
    }
  }

  // MARK: - Text

  /// The texts of both kernels.
  var sources: [String] { [blockText, mergeText] }

  private var type: String { OpenCLNames.element(dtype) }

  /// Lanes lie one behind the other while runs are merged; `PLACE` is where the operand and the
  /// result have an element.
  private var head: String {
    """
    \(dtype == .float64 ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable" : "")
    #define PLACE(k) ((lane / inner * extent + (k)) * inner + lane % inner)
    \(order)
    """
  }

  /// Whether one key comes before another: NaN come last either way, zeros are equal.
  private var order: String {
    let number: String
    let isNaN: String
    switch dtype {
    case .float16, .bfloat16:
      number = "((x) & 0x8000 ? -(int)((x) & 0x7fff) : (int)((x) & 0x7fff))"
      isNaN = "(((x) & 0x7fff) > \(dtype == .float16 ? "0x7c00" : "0x7f80"))"
    case .float32, .float64: (number, isNaN) = ("(x)", "((x) != (x))")
    default: (number, isNaN) = ("(x)", "0")
    }
    return """
      #define NUMBER(x) \(number)
      #define IS_NAN(x) \(isNaN)
      static inline int before(const \(type) a, const \(type) b, const long descending) {
        if (IS_NAN(a) || IS_NAN(b)) return !IS_NAN(a) && IS_NAN(b);
        return descending ? NUMBER(b) < NUMBER(a) : NUMBER(a) < NUMBER(b);
      }
      """
  }

  private var blockText: String {
    """
    \(head)
    __kernel void \(OpenCLPrograms.symbol)(
      __global const \(type) *from, __global \(type) *keys, __global long *positions,
      const long count, const long extent, const long inner, const long width,
      const long descending, const long isLast) {
      const long e = get_global_id(0);
      if (e >= count) return;
      const long lane = e / extent, k = e % extent;
      const long start = k / width * width, end = min(start + width, extent);
      const \(type) key = from[PLACE(k)];
      long rank = start;
      for (long j = start; j < end; j++) {
        const \(type) other = from[PLACE(j)];
        rank += j < k ? !before(key, other, descending) : before(other, key, descending);
      }
      const long place = isLast ? PLACE(rank) : lane * extent + rank;
      keys[place] = key;
      positions[place] = k;
    }

    """
  }

  private var mergeText: String {
    """
    \(head)
    __kernel void \(OpenCLPrograms.symbol)(
      __global const \(type) *from, __global const long *fromPositions,
      __global \(type) *keys, __global long *positions,
      const long count, const long extent, const long inner, const long width,
      const long descending, const long isLast) {
      const long e = get_global_id(0);
      if (e >= count) return;
      const long lane = e / extent, k = e % extent;
      from += lane * extent;
      const long start = k / (2 * width) * (2 * width);
      const long middle = min(start + width, extent), end = min(middle + width, extent);
      const \(type) key = from[k];
      const int isLeft = k < middle;
      long low = isLeft ? middle : start, high = isLeft ? end : middle;
      while (low < high) {
        const long m = (low + high) / 2;
        const \(type) other = from[m];
        if (isLeft ? before(other, key, descending) : !before(key, other, descending))
          low = m + 1;
        else
          high = m;
      }
      const long rank = isLeft ? k + low - middle : k - middle + low;
      const long place = isLast ? PLACE(rank) : lane * extent + rank;
      keys[place] = key;
      positions[place] = fromPositions[lane * extent + k];
    }

    """
  }
}

/// Work-items for kernels that take one element each.
enum OpenCLGrid {
  /// The groups, and the items of each, for so many elements; the last group may have some too many.
  static func shape(
    _ count: Int, most: Int = 256, on runtime: OpenCLRuntime
  ) -> (groups: Int, items: Int) {
    let items = min(most, runtime.device.mostItemsOfGroup)
    return (max(1, (count + items - 1) / items), items)
  }
}
