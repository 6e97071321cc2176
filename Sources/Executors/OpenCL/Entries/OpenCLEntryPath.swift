import WeftIR
import WeftPasses
import WeftPlans

/// OpenCL C of sums over the entries of rows, in pieces of equal work.
///
/// The ends of rows and the entries are one merged sequence, and a piece is so many steps of it: a row that
/// has nearly all entries is shared out, and so are a million empty rows. What a piece has of a row that goes
/// on behind it is carried to a second kernel, which adds the parts of a row in their order: the same bits
/// each time. Where the dense factor has columns, each work-item does some of them for a piece, so that
/// neighbours read neighbours. A vector's products are made by a group of a GPU side by side, into its local
/// memory, before each item adds those of its own steps.
///
/// - Source: D. Merrill and M. Garland, Merge-Based Parallel Sparse Matrix-Vector Multiplication, SC 2016
///   (pieces, carried parts); J. L. Greathouse and M. Daga, Efficient Sparse Matrix-Vector Multiplication on GPUs
///   Using the CSR Storage Format, SC 2014 (products in local memory).
struct OpenCLEntryPath {
  let launches: [OpenCLEntryText.Launch]
  /// Rows of carried parts, the parts, and those of rows that end in each piece.
  let ownBytes: [Int]

  /// Work-items of a group that make products side by side, and the steps of each.
  private static let groupItems = 128
  private static let itemSteps = 8

  /// A parameter's text, and what a kernel is given for it.
  private typealias Parameter = (text: String, argument: OpenCLEntryText.Argument)

  /// What a kernel does with an entry, and the arguments for it.
  private struct Steps {
    var algebra: EntryAlgebra
    /// Parameters between the result and the numbers that all kernels have, and what they are.
    var arrays: [Parameter]
    var numbers: [(name: String, value: Int)]
    /// The term of entry k for a column of the block.
    var term: (_ k: String, _ column: Int) -> String
    /// What is done where a row ends, before it is written.
    var finish: (_ sum: String) -> String
    /// Axes of the dense factor beside the summed one.
    var axes = 0
    var width = 1
    /// Columns that a work-item does.
    var block = 1
    var rowStride = 1
    var element: String
  }

  /// Rows times a dense array over a semiring; nil where the device has no such numbers.
  init?(
    times semiring: Semiring, _ work: EntryWork, rowStride: Int, columnStride: Int,
    _ free: [EntryAxis], on runtime: OpenCLRuntime
  ) {
    guard let algebra = EntryAlgebra(work.type.dtype, over: semiring, runtime.device) else {
      return nil
    }
    let isUnit = free.last?.source == 1
    var numbers: [(name: String, value: Int)] = [("columnStride", columnStride)]
    for (place, axis) in free.enumerated() {
      if place > 0 { numbers.append(("extent\(place)", axis.extent)) }
      numbers += [("source\(place)", axis.source), ("target\(place)", axis.target)]
    }
    let step = isUnit ? "" : " * source\(max(0, free.count - 1))"
    var steps = Steps(
      algebra: algebra,
      arrays: [
        ("__global const \(OpenCLNames.element(work.rows.ends.type.dtype)) *columns", .source(2)),
        ("__global const \(algebra.stored) *x", .source(3)),
      ], numbers: numbers,
      term: { k, column in
        let place = column == 0 ? "" : " + \(column)\(step)"
        return algebra.product("values[\(k)]", "x[columns[\(k)] * columnStride\(place)]")
      }, finish: { _ in "" }, rowStride: rowStride, element: algebra.stored)
    steps.axes = free.count
    steps.width = free.reduce(1) { $0 * $1.extent }
    if runtime.runsUnits, let last = free.last {
      steps.block = [16, 8, 4, 2].first { last.extent.isMultiple(of: $0) } ?? 1
    }
    (launches, ownBytes) = Self.launches(steps, work, on: runtime)
  }

  /// Folds of rows with what they do not store; nil where the device has none.
  init?(
    folding f: ScalarFunction, _ work: EntryWork, fill: Scalar, extent: Int,
    on runtime: OpenCLRuntime
  ) {
    let dtype = work.type.dtype
    guard var algebra = EntryAlgebra(dtype, folding: f, runtime.device) else { return nil }
    // The sum of nothing is no -0.0.
    if extent == 0, f == .add { algebra.none = "0" }
    let (loaded, sum) = (algebra.loaded, algebra.sum)
    let fill = fill.converted(to: dtype)
    let missing = "extent - (ends[row + 1] - ends[row])"
    let number = EntryElement.number("fill", dtype)
    // The fill with itself so many times, by squares, unless once is as good.
    let isIdempotent = f.evaluate(fill, fill, fill) == fill
    var steps = Steps(
      algebra: algebra, arrays: [],
      numbers: [("extent", extent), ("fill", OpenCLEntryText.bits(fill))],
      term: { k, _ in loaded("values[\(k)]") },
      finish: {
        let fills = isIdempotent ? number : "repeated(\(number), \(missing))"
        return "if (\(missing) > 0) \($0) = \(sum($0, fills));"
      }, element: OpenCLNames.element(dtype))
    if !isIdempotent {
      steps.algebra.definitions += """

        inline \(algebra.type) repeated(\(algebra.type) power, long count) {
          \(algebra.type) all = power;
          bool isBegun = false;
          for (; count > 0; count >>= 1) {
            if (count & 1) {
              all = isBegun ? \(algebra.sum("all", "power")) : power;
              isBegun = true;
            }
            if (count > 1) power = \(algebra.sum("power", "power"));
          }
          return all;
        }

        """
    }
    (launches, ownBytes) = Self.launches(steps, work, on: runtime)
  }

  // MARK: - Kernels

  private static func launches(
    _ steps: Steps, _ work: EntryWork, on runtime: OpenCLRuntime
  ) -> ([OpenCLEntryText.Launch], [Int]) {
    let rows = work.rows
    let isStaged = !runtime.runsUnits && steps.axes == 0
    let group = min(groupItems, runtime.device.mostItemsOfGroup)
    let count = rows.count + rows.values.count
    // The search for where a piece begins is a fifth of 1024 steps; few steps want pieces all the same.
    let length =
      runtime.runsUnits ? (count < 1 << 20 ? 1024 : 4096) : isStaged ? group * itemSteps : 64
    let pieces = max(1, (count + length - 1) / length)
    let blocks = steps.width / steps.block
    let index = OpenCLNames.element(rows.ends.type.dtype)

    let numbers: [(String, Int)] =
      [
        ("rows", rows.count), ("pieces", pieces), ("length", length), ("width", steps.width),
        ("rowStride", steps.rowStride),
      ] + steps.numbers.map { ($0.name, $0.value) }
    let ends: [Parameter] = [("__global const \(index) *ends", .source(0))]
    let values: [Parameter] = [("__global const \(steps.element) *values", .source(1))]
    let shared: [Parameter] =
      [
        ("__global \(steps.element) *y", .result), ("__global long *carriedRows", .own(0)),
        ("__global \(steps.algebra.stored) *carried", .own(1)),
        ("__global \(steps.algebra.stored) *heads", .own(2)),
      ] + numbers.map { ("const long \($0.0)", .number($0.1)) }

    let parameters = ends + values + steps.arrays + shared
    let source = OpenCLEntryText.kernel(
      steps.algebra.definitions + rowAt(index), parameters.map(\.text),
      isStaged ? staged(steps, group) : walk(steps), groupItems: isStaged ? group : nil)
    let (groups, items) = isStaged ? (pieces, group) : runtime.grid(pieces * blocks)
    var launches = [
      OpenCLEntryText.Launch(
        source: source, arguments: parameters.map(\.argument), groups: groups, items: items)
    ]
    if pieces > 1 {
      let parameters = ends + shared
      let (groups, items) = runtime.grid(pieces * steps.width)
      launches.append(
        OpenCLEntryText.Launch(
          source: OpenCLEntryText.kernel(
            steps.algebra.definitions, parameters.map(\.text), joined(steps)),
          arguments: parameters.map(\.argument), groups: groups, items: items))
    }
    let partBytes = steps.algebra.storedBytes * pieces * steps.width
    return (launches, [pieces * MemoryLayout<Int64>.size, partBytes, partBytes])
  }

  /// A function that finds the row of a place in the merged sequence: a row's end comes behind its last entry.
  private static func rowAt(_ index: String) -> String {
    """

    inline long rowAt(
      __global const \(index) *ends, long low, long high, const long entries, const long place) {
      low = max(place - entries, low);
      high = min(place, high);
      while (low < high) {
        const long middle = (low + high) >> 1;
        if (ends[middle + 1] - ends[0] <= place - middle - 1) low = middle + 1; else high = middle;
      }
      return low;
    }

    """
  }

  private static let bounds = """
      const long base = ends[0], entries = ends[rows] - base;
      const long first = min(piece * length, rows + entries);
      const long last = min(first + length, rows + entries);
    """

  /// A work-item does a piece for a block of columns, step by step.
  private static func walk(_ steps: Steps) -> String {
    let columns = 0..<steps.block
    let (algebra, type) = (steps.algebra, steps.algebra.type)
    let names = columns.map { "sum\($0)" }
    let step = steps.axes == 0 ? "0" : "target\(steps.axes - 1)"
    let lines = { (text: (Int) -> String) in columns.map(text).joined(separator: "\n      ") }
    let moved =
      steps.axes == 0 ? "" : "x += \(OpenCLEntryText.place("j", steps.axes, "source"));"
    return """
        const long blocks = width / \(steps.block);
        if (e >= pieces * blocks) return;
        const long piece = e / blocks, j = e % blocks * \(steps.block);
      \(bounds)
        const long firstRow = rowAt(ends, 0, rows, entries, first);
        const long lastRow = rowAt(ends, firstRow, min(rows, firstRow + length), entries, last);
        long row = firstRow, k = base + first - row;
        const long lastEntry = base + last - lastRow;
        const long target = \(OpenCLEntryText.place("j", steps.axes, "target"));
        \(moved)
        const \(type) none = \(algebra.none);
        \(type) \(names.map { "\($0) = none" }.joined(separator: ", "));
        carried += piece * width + j;
        heads += piece * width + j;
        for (;; row++) {
          const long end = row < lastRow ? ends[row + 1] : lastEntry;
          for (; k < end; k++) {
            \(lines { "\(names[$0]) = \(algebra.sum(names[$0], steps.term("k", $0)));" })
          }
          if (row == lastRow) break;
          if (row == firstRow) {
            \(lines { "heads[\($0)] = \(names[$0]);" })
          }
          \(lines { steps.finish(names[$0]) })
          __global \(steps.element) *out = y + row * rowStride + target;
          \(lines { "out[\($0) * \(step)] = \(names[$0]); \(names[$0]) = none;" })
        }
        if (j == 0) carriedRows[piece] = row;
        \(lines { "carried[\($0)] = \(names[$0]);" })
      """
  }

  /// A group does a piece: products side by side, then items some steps each, then what they carry.
  private static func staged(_ steps: Steps, _ group: Int) -> String {
    let algebra = steps.algebra
    return """
        __local \(algebra.stored) terms[\(group * itemSteps)], parts[\(group)], ended[\(group)];
        __local long partRows[\(group)], tileRows[2];
        const long piece = get_group_id(0);
        const int lane = get_local_id(0);
      \(bounds)
        if (lane < 2) tileRows[lane] = rowAt(ends, 0, rows, entries, lane == 0 ? first : last);
        barrier(CLK_LOCAL_MEM_FENCE);
        const long tileRow = tileRows[0], tileEnd = tileRows[1];
        const long tileEntry = base + first - tileRow, count = base + last - tileEnd - tileEntry;
        for (long n = lane; n < count; n += \(group)) terms[n] = \(steps.term("tileEntry + n", 0));
        barrier(CLK_LOCAL_MEM_FENCE);
        const long own = min(first + lane * \(itemSteps), last);
        const long next = min(own + \(itemSteps), last);
        const long ownRow = rowAt(ends, tileRow, tileEnd, entries, own);
        const long lastRow = rowAt(ends, ownRow, tileEnd, entries, next);
        long row = ownRow, k = base + own - row;
        const long lastEntry = base + next - lastRow;
        const \(algebra.type) none = \(algebra.none);
        \(algebra.type) sum = none;
        for (;; row++) {
          const long end = row < lastRow ? ends[row + 1] : lastEntry;
          for (; k < end; k++) sum = \(algebra.sum("sum", "terms[k - tileEntry]"));
          if (row == lastRow) break;
          if (row == ownRow) {
            ended[lane] = sum;
          } else {
            \(steps.finish("sum"))
            y[row * rowStride] = sum;
          }
          sum = none;
        }
        partRows[lane] = row;
        parts[lane] = sum;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane == 0 && tileRow < row) {
          heads[piece] = ended[0];
          \(algebra.type) all = ended[0];
          row = tileRow;
          \(steps.finish("all"))
          y[row * rowStride] = all;
          row = lastRow;
        }
        // The first item that has a part of a row adds those of the items behind it.
        if (lane > 0 && partRows[lane - 1] == row) return;
        int n = lane + 1;
        for (; n < \(group) && partRows[n] == row; n++) sum = \(algebra.sum("sum", "parts[n]"));
        if (row == tileEnd) {
          carriedRows[piece] = row;
          carried[piece] = sum;
          return;
        }
        sum = \(algebra.sum("sum", "ended[n]"));
        if (row == tileRow) heads[piece] = sum;
        \(steps.finish("sum"))
        y[row * rowStride] = sum;
      """
  }

  /// The rows that pieces carry: their parts in order, up to that of the piece in which they end.
  private static func joined(_ steps: Steps) -> String {
    let algebra = steps.algebra
    return """
        if (e >= pieces * width) return;
        long piece = e / width;
        const long j = e % width, row = carriedRows[piece];
        if (row >= rows || piece > 0 && carriedRows[piece - 1] == row) return;
        \(algebra.type) sum = carried[e];
        for (piece++; carriedRows[piece] == row; piece++) {
          sum = \(algebra.sum("sum", "carried[piece * width + j]"));
        }
        sum = \(algebra.sum("sum", "heads[piece * width + j]"));
        \(steps.finish("sum"))
        y[row * rowStride + \(OpenCLEntryText.place("j", steps.axes, "target"))] = sum;
      """
  }
}

/// How what entries give comes together, as OpenCL C.
struct EntryAlgebra {
  var definitions: String
  /// The type of a sum in registers, and in memory.
  let type: String
  let stored: String
  let storedBytes: Int
  /// What adds nothing.
  var none: String
  let sum: (String, String) -> String
  let product: (String, String) -> String
  /// An element of the arrays' dtype that was read.
  let loaded: (String) -> String

  /// Sums and products of a semiring; nil where the device has no such numbers.
  init?(_ dtype: DType, over semiring: Semiring, _ device: OpenCLDevice) {
    guard let element = EntryElement(dtype, device), dtype != .float16, dtype != .bfloat16 else {
      return nil
    }
    (type, stored, storedBytes) = (element.name, element.name, dtype.itemSize)
    loaded = { $0 }
    if semiring == .plusTimes || dtype == .bool && (semiring == .orAnd || semiring == .maxTimes) {
      (definitions, none) = (element.definitions, element.zero)
      (sum, product) = (element.sum, element.product)
      return
    }
    let functions = [semiring.add, semiring.multiply]
    guard dtype == .float32 || dtype == .float64, let zero = semiring.zero(dtype),
      let (text, names) = try? OpenCLRenderer.definitions(of: functions, dtype)
    else { return nil }
    definitions = text
    none = zero.doubleValue == 0 ? "0" : zero.doubleValue > 0 ? "INFINITY" : "-INFINITY"
    sum = { "\(names[0])(\($0), \($1))" }
    product = { "\(names[1])(\($0), \($1))" }
  }

  /// A fold of real numbers; nil where the device has none.
  init?(_ dtype: DType, folding f: ScalarFunction, _ device: OpenCLDevice) {
    // Sums of narrow floats are kept in wide ones, as on the host.
    let isWide = f == .add && dtype == .float32
    let kept = isWide ? DType.float64 : dtype
    guard !dtype.isComplex, dtype != .float16, dtype != .bfloat16,
      kept != .float64 || device.hasDouble, let neutral = Self.neutral(f, kept),
      let (text, names) = try? OpenCLRenderer.definitions(of: [f], kept)
    else { return nil }
    definitions = text
    (type, stored, storedBytes) = (
      OpenCLNames.type(kept, 1), OpenCLNames.element(kept), kept.itemSize
    )
    let bits = UInt64(bitPattern: Int64(OpenCLEntryText.bits(neutral)))
    none = EntryElement.number("0x\(String(bits, radix: 16))UL", kept)
    sum = { "\(names[0])(\($0), \($1))" }
    product = { a, _ in a }
    loaded = { dtype == .bool ? "(\($0) != 0)" : $0 }
  }

  /// The element that changes no other; nil where there is none, as of `gcd`, which changes signs.
  private static func neutral(_ f: ScalarFunction, _ dtype: DType) -> Scalar? {
    switch f {
    case .gcd: nil
    case .fmax where dtype.isFloat, .fmin where dtype.isFloat: Scalar(Double.nan, dtype)
    case .fmax: ScalarFunction.maximum.neutral(dtype)
    case .fmin: ScalarFunction.minimum.neutral(dtype)
    case .logaddexp, .logaddexp2: Scalar(-Double.infinity, dtype)
    default: f.neutral(dtype)
    }
  }
}
