import WeftIR
import WeftPlans

/// OpenCL C of work on entries by rows: one kernel after another.
///
/// Extents and strides are arguments, fills too: one program for a kind of work, a dtype and the
/// width of indices.
struct OpenCLEntryText {
  /// What a kernel is given.
  enum Argument {
    /// One of the arrays that are read.
    case source(Int)
    case result
    /// One of the arrays that live from one kernel to the next.
    case own(Int)
    case number(Int)
  }

  /// A kernel with its arguments.
  struct Launch {
    let source: String
    let arguments: [Argument]
    let groups: Int
    let items: Int
  }

  /// What the text does, in a word or two.
  let title: String
  let launches: [Launch]
  /// The arrays that are read.
  let buffers: [Buffer]
  /// The bytes of each array that lives from one kernel to the next.
  let ownBytes: [Int]
  /// About how many elements are read and written.
  let elements: Int

  /// The text of some work; nil where the device has no kernel for it.
  init?(_ work: EntryWork, on runtime: OpenCLRuntime) {
    let rows = work.rows
    let dtype = work.type.dtype
    elements = rows.values.count + (work.type.shape.count ?? 0)
    switch work.kind {
    case .times(let factor, let semiring, let rowStride, let columnStride, let free):
      guard
        let path = OpenCLEntryPath(
          times: semiring, work, rowStride: rowStride, columnStride: columnStride, free, on: runtime
        )
      else { return nil }
      title = "rows times \(free.isEmpty ? "vector" : "dense")"
      buffers = [rows.ends, rows.values, rows.columns, factor]
      (launches, ownBytes) = (path.launches, path.ownBytes)
    case .fold(let f, let fill, let extent):
      guard rows.values.type.dtype == dtype,
        let path = OpenCLEntryPath(folding: f, work, fill: fill, extent: extent, on: runtime)
      else { return nil }
      title = "fold of rows by \(f.name)"
      buffers = [rows.ends, rows.values]
      (launches, ownBytes) = (path.launches, path.ownBytes)
    case .take(let dense, let axes, let columnStride):
      title = "elements at entries"
      buffers = [rows.ends, rows.columns, dense]
      launches = [Self.take(rows, axes, columnStride, EntryElement(moving: dtype), on: runtime)]
      ownBytes = []
    case .dense(let fill, let columns, let rowStride, let columnStride):
      // Numbers are 64 bits; wider fills have no kernel.
      guard dtype.itemSize <= 8 else { return nil }
      title = "dense elements"
      buffers = [rows.ends, rows.columns, rows.values]
      launches = Self.dense(
        rows, Self.bits(fill.converted(to: dtype)), columns, rowStride, columnStride,
        EntryElement(moving: dtype), on: runtime)
      ownBytes = []
    }
  }

  /// The bits of a number that is an argument.
  static func bits(_ scalar: Scalar) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: scalar.storageBits))
  }

  // MARK: - Texts

  /// A kernel's text; `groupItems` where it depends on their number.
  static func kernel(
    _ head: String, _ parameters: [String], _ body: String, groupItems: Int? = nil
  ) -> String {
    let size = groupItems.map { "__attribute__((reqd_work_group_size(\($0), 1, 1))) " } ?? ""
    let text = """
      \(head)
      __kernel \(size)void \(OpenCLPrograms.symbol)(
        \(parameters.joined(separator: ",\n  "))) {
        const long e = get_global_id(0);
      \(body)
      }

      """
    let options =
      text.contains("double") ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : ""
    return "#pragma OPENCL FP_CONTRACT OFF\n" + options + text
  }

  /// Where a position of some axes lies, the last axis fastest.
  static func place(_ position: String, _ axes: Int, _ array: String) -> String {
    if axes == 0 { return "0" }
    var terms: [String] = []
    var rest = position
    for axis in (0..<axes).reversed() {
      let digit = axis == 0 ? "(\(rest))" : "((\(rest)) % extent\(axis))"
      terms.append("\(digit) * \(array)\(axis)")
      if axis > 0 { rest = "(\(rest)) / extent\(axis)" }
    }
    return terms.joined(separator: " + ")
  }

  /// Entries one by one, each with its row: work-items take runs of them.
  ///
  /// Lanes of GPUs have neighbours, so that what they read and write side by side is one access;
  /// processors take runs, and look for a row once in each.
  private static func eachEntry(
    _ rows: EntryRows, _ parameters: [String], _ arguments: [Argument], _ element: EntryElement,
    seeking seek: String, doing body: String, on runtime: OpenCLRuntime
  ) -> Launch {
    let index = OpenCLNames.element(rows.ends.type.dtype)
    let run = runtime.runsUnits ? 1024 : 1
    let text = kernel(
      element.definitions,
      ["__global const \(index) *ends", "__global const \(index) *columns"] + parameters
        + ["const long rows", "const long run"],
      """
        long k = ends[0] + e * run;
        const long last = min(k + run, (long)ends[rows]);
        if (k >= last) return;
        // The last row that begins there or before, but for empty ones behind it.
        long row = 0, from = 0;
        for (long high = rows; row + 1 < high;) {
          const long middle = (row + high) >> 1;
          if (ends[middle] <= k) row = middle; else high = middle;
        }
        \(seek)
        for (; k < last; k++) {
          if (k >= ends[row + 1]) {
            while (k >= ends[row + 1]) row++;
            \(seek)
          }
          \(body)
        }
      """)
    let numbers = [Argument.number(rows.count), .number(run)]
    let (groups, items) = runtime.grid((rows.values.count + run - 1) / run)
    return Launch(
      source: text, arguments: [.source(0), .source(1)] + arguments + numbers, groups: groups,
      items: items)
  }

  private static func take(
    _ rows: EntryRows, _ axes: [EntryAxis], _ columnStride: Int, _ element: EntryElement,
    on runtime: OpenCLRuntime
  ) -> Launch {
    var parameters = [
      "__global const \(element.name) *x", "__global \(element.name) *result",
      "const long columnStride",
    ]
    var arguments: [Argument] = [.source(2), .result, .number(columnStride)]
    for (axis, given) in axes.enumerated() {
      if axis > 0 {
        parameters.append("const long extent\(axis)")
        arguments.append(.number(given.extent))
      }
      parameters.append("const long source\(axis)")
      arguments.append(.number(given.source))
    }
    let here = place("row", axes.count, "source")
    return eachEntry(
      rows, parameters, arguments, element,
      seeking: "from = \(here);",
      doing: "result[k] = x[from + columns[k] * columnStride];", on: runtime)
  }

  /// Fills first, then what is stored: row by row on processors, whose caches hold a row, else in two kernels.
  private static func dense(
    _ rows: EntryRows, _ fill: Int, _ columns: Int, _ rowStride: Int, _ columnStride: Int,
    _ element: EntryElement, on runtime: OpenCLRuntime
  ) -> [Launch] {
    let strides = ["const long rowStride", "const long columnStride"]
    let given = [Argument.number(rowStride), .number(columnStride)]
    if runtime.runsUnits {
      let index = OpenCLNames.element(rows.ends.type.dtype)
      let text = kernel(
        element.definitions,
        [
          "__global const \(index) *ends", "__global const \(index) *columns",
          "__global const \(element.name) *values", "__global \(element.name) *result",
          "const long rows", "const long width",
        ] + strides + ["const long fill"],
        """
          if (e >= rows) return;
          result += e * rowStride;
          const \(element.name) other = (\(element.name))fill;
          for (long c = 0; c < width; c++) result[c * columnStride] = other;
          const long end = ends[e + 1];
          for (long k = ends[e]; k < end; k++) result[columns[k] * columnStride] = values[k];
        """)
      let (groups, items) = runtime.grid(rows.count)
      let arguments: [Argument] =
        [.source(0), .source(1), .source(2), .result, .number(rows.count), .number(columns)]
        + given + [.number(fill)]
      return [Launch(source: text, arguments: arguments, groups: groups, items: items)]
    }
    let count = rows.count * columns
    let fills = kernel(
      element.definitions,
      ["__global \(element.name) *result", "const long count", "const long fill"],
      "  if (e < count) result[e] = (\(element.name))fill;")
    let (groups, items) = runtime.grid(count)
    let first = Launch(
      source: fills, arguments: [.result, .number(count), .number(fill)], groups: groups,
      items: items)
    let puts = eachEntry(
      rows,
      ["__global const \(element.name) *values", "__global \(element.name) *result"] + strides,
      [.source(2), .result] + given, element, seeking: "",
      doing: "result[row * rowStride + columns[k] * columnStride] = values[k];", on: runtime)
    return [first, puts]
  }
}

extension OpenCLRuntime {
  /// Whether a work-item does much one after another, as on processors.
  var runsUnits: Bool { if case .vectors = style { true } else { false } }

  /// The groups for so many work-items, and the items of each.
  ///
  /// Groups are what a processor's threads share out, so that they are small there.
  func grid(_ count: Int) -> (groups: Int, items: Int) {
    OpenCLGrid.shape(count, most: runsUnits ? 8 : 256, on: self)
  }
}
