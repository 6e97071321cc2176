import WeftIR
import WeftPlans

/// OpenCL C of work on entries by rows.
///
/// Extents and strides are arguments, fills too: one program for a kind of work, a dtype and the
/// width of indices. A work-item does one row, or one row for one position of the free axes.
struct OpenCLEntryText {
  /// What the text does, in a word or two.
  let title: String
  let source: String
  /// The arrays that are read, in the order of the parameters; the result comes behind them.
  let buffers: [Buffer]
  /// The numbers behind the arrays.
  let arguments: [Int64]
  /// The work-items.
  let items: Int
  /// About how many elements are read and written.
  let elements: Int

  /// The text of some work; nil where the device has no kernel for it.
  init?(_ work: EntryWork, _ device: OpenCLDevice) {
    let rows = work.rows
    let dtype = work.type.dtype
    let index = OpenCLNames.element(rows.ends.type.dtype)
    guard let element = EntryElement(dtype, device) else { return nil }
    let body: (title: String, text: String, buffers: [Buffer], arguments: [Int], items: Int)
    switch work.kind {
    case .times(let factor, let rowStride, let columnStride, let free):
      guard let text = Self.times(element, index, free.count) else { return nil }
      let width = free.reduce(1) { $0 * $1.extent }
      var arguments = [rows.count, width, rowStride, columnStride]
      for (place, axis) in free.enumerated() {
        if place > 0 { arguments.append(axis.extent) }
        arguments += [axis.source, axis.target]
      }
      body = (
        "rows times \(free.isEmpty ? "vector" : "dense")", text,
        [rows.ends, rows.columns, rows.values, factor], arguments, rows.count * width
      )
    case .fold(let f, let fill, let extent):
      guard rows.values.type.dtype == dtype, let text = Self.fold(f, element, index, device) else {
        return nil
      }
      body = (
        "fold of rows by \(f.name)", text, [rows.ends, rows.values],
        [rows.count, extent, Self.bits(fill.converted(to: dtype))], rows.count
      )
    case .take(let dense, let axes, let columnStride):
      let moved = EntryElement(moving: dtype)
      var arguments = [rows.count, columnStride]
      for (place, axis) in axes.enumerated() {
        if place > 0 { arguments.append(axis.extent) }
        arguments.append(axis.source)
      }
      body = (
        "elements at entries", Self.take(moved, index, axes.count),
        [rows.ends, rows.columns, dense], arguments, rows.count
      )
    case .dense(let fill, let columns, let rowStride, let columnStride):
      // Numbers are 64 bits; wider fills have no kernel.
      guard dtype.itemSize <= 8 else { return nil }
      let moved = EntryElement(moving: dtype)
      body = (
        "dense elements", Self.dense(moved, index), [rows.ends, rows.columns, rows.values],
        [rows.count, columns, rowStride, columnStride, Self.bits(fill.converted(to: dtype))],
        rows.count
      )
    }
    title = body.title
    source = body.text
    buffers = body.buffers
    arguments = body.arguments.map(Int64.init)
    items = body.items
    elements = rows.values.count + (work.type.shape.count ?? 0)
  }

  private static func bits(_ scalar: Scalar) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: scalar.storageBits))
  }

  // MARK: - Texts

  private static func kernel(_ head: String, _ parameters: [String], _ body: String) -> String {
    let text = """
      \(head)
      __kernel void \(OpenCLPrograms.symbol)(
        \(parameters.joined(separator: ",\n  "))) {
        const long e = get_global_id(0);
      \(body)
      }

      """
    let options =
      text.contains("double") ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : ""
    return "#pragma OPENCL FP_CONTRACT OFF\n" + options + text
  }

  private static func rowParameters(_ index: String) -> [String] {
    ["__global const \(index) *ends", "__global const \(index) *columns"]
  }

  /// Where a position of some axes lies, the last axis fastest.
  private static func place(_ position: String, _ axes: Int, _ array: String) -> String {
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

  private static func times(_ element: EntryElement, _ index: String, _ axes: Int) -> String? {
    guard let sum = element.sum("sum", element.product("values[k]", "x[columns[k] * columnStride]"))
    else { return nil }
    var parameters =
      rowParameters(index) + [
        "__global const \(element.name) *values", "__global const \(element.name) *x",
        "__global \(element.name) *y",
      ]
    parameters += ["rows", "width", "rowStride", "columnStride"].map { "const long \($0)" }
    for axis in 0..<axes {
      if axis > 0 { parameters.append("const long extent\(axis)") }
      parameters += ["const long source\(axis)", "const long target\(axis)"]
    }
    return kernel(
      element.definitions, parameters,
      """
        if (e >= rows * width) return;
        const long row = e / width, j = e % width;
        x += \(place("j", axes, "source"));
        \(element.name) sum = \(element.zero);
        const long end = ends[row + 1];
        for (long k = ends[row]; k < end; k++) sum = \(sum);
        y[row * rowStride + \(place("j", axes, "target"))] = sum;
      """)
  }

  private static func fold(
    _ f: ScalarFunction, _ element: EntryElement, _ index: String, _ device: OpenCLDevice
  ) -> String? {
    let dtype = element.dtype
    // Sums of narrow floats are kept in wide ones, as on the host.
    let isWide = f == .add && dtype == .float32
    if isWide && !device.hasDouble || dtype == .float16 || dtype == .bfloat16 { return nil }
    let (definitions, apply): (String, (String, String) -> String)
    let value: String
    if isWide {
      (definitions, value) = ("", "double")
      apply = { "(\($0)) + (\($1))" }
    } else if dtype.isComplex {
      return nil
    } else {
      guard let function = try? OpenCLRenderer.definition(of: f, dtype) else { return nil }
      (definitions, value) = (function.text, OpenCLNames.type(dtype, 1))
      apply = { "\(function.name)(\($0), \($1))" }
    }
    let read = dtype == .bool ? " != 0" : ""
    return kernel(
      definitions,
      [
        "__global const \(index) *ends", "__global const \(element.name) *values",
        "__global \(element.name) *result", "const long rows", "const long extent",
        "const long fill",
      ],
      """
        if (e >= rows) return;
        const long start = ends[e], end = ends[e + 1];
        \(value) folded = 0;
        for (long k = start; k < end; k++) {
          const \(value) value = values[k]\(read);
          folded = k == start ? value : \(apply("folded", "value"));
        }
        // What is not stored: the fill with itself so many times, by squares.
        long missing = extent - (end - start);
        if (missing > 0) {
          \(value) power = \(element.number("fill")), fills = power;
          bool isBegun = false;
          for (; missing > 0; missing >>= 1) {
            if (missing & 1) {
              fills = isBegun ? \(apply("fills", "power")) : power;
              isBegun = true;
            }
            if (missing > 1) power = \(apply("power", "power"));
          }
          folded = end == start ? fills : \(apply("folded", "fills"));
        }
        result[e] = folded;
      """)
  }

  private static func take(_ element: EntryElement, _ index: String, _ axes: Int) -> String {
    var parameters =
      rowParameters(index) + [
        "__global const \(element.name) *x", "__global \(element.name) *result",
        "const long rows", "const long columnStride",
      ]
    for axis in 0..<axes {
      if axis > 0 { parameters.append("const long extent\(axis)") }
      parameters.append("const long source\(axis)")
    }
    return kernel(
      element.definitions, parameters,
      """
        if (e >= rows) return;
        x += \(place("e", axes, "source"));
        const long end = ends[e + 1];
        for (long k = ends[e]; k < end; k++) result[k] = x[columns[k] * columnStride];
      """)
  }

  private static func dense(_ element: EntryElement, _ index: String) -> String {
    kernel(
      element.definitions,
      rowParameters(index) + [
        "__global const \(element.name) *values", "__global \(element.name) *result",
        "const long rows", "const long width", "const long rowStride", "const long columnStride",
        "const long fill",
      ],
      """
        if (e >= rows) return;
        result += e * rowStride;
        const \(element.name) other = (\(element.name))fill;
        for (long c = 0; c < width; c++) result[c * columnStride] = other;
        const long end = ends[e + 1];
        for (long k = ends[e]; k < end; k++) result[columns[k] * columnStride] = values[k];
      """)
  }
}

/// Elements as OpenCL C has them, with sums and products as NumPy's.
private struct EntryElement {
  let dtype: DType
  /// The type, and what defines it.
  let name: String
  let definitions: String

  /// Elements that are added and multiplied; nil where the device has no such numbers.
  init?(_ dtype: DType, _ device: OpenCLDevice) {
    let isDouble = dtype == .float64 || dtype == .complex128
    if isDouble && !device.hasDouble { return nil }
    self.dtype = dtype
    guard dtype.isComplex else {
      (name, definitions) = (OpenCLNames.element(dtype), "")
      return
    }
    let part = dtype == .complex64 ? "float" : "double"
    name = "number"
    definitions = """
      typedef struct { \(part) re, im; } number;
      inline number add(number a, number b) {
        number c = { a.re + b.re, a.im + b.im };
        return c;
      }
      inline number multiply(number a, number b) {
        number c = { a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
        return c;
      }
      """
  }

  /// Elements that are only moved.
  init(moving dtype: DType) {
    self.dtype = dtype
    let width = min(8, dtype.itemSize)
    let word = OpenCLNames.unsigned(width)
    if dtype.itemSize <= 8 {
      (name, definitions) = (word, "")
    } else {
      (name, definitions) = ("number", "typedef struct { \(word) first, second; } number;")
    }
  }

  /// The sum of nothing.
  var zero: String { dtype.isComplex ? "{ 0, 0 }" : "0" }

  func product(_ a: String, _ b: String) -> String {
    if dtype.isComplex { return "multiply(\(a), \(b))" }
    if dtype == .bool { return "((\(a)) & (\(b)))" }
    guard !dtype.isInexact else { return "(\(a)) * (\(b))" }
    let wrapping = wrapping
    return "(\(wrapping))(\(a)) * (\(wrapping))(\(b))"
  }

  /// The sum of two numbers; nil for floats that need a wider one.
  func sum(_ a: String, _ b: String) -> String? {
    if dtype == .float16 || dtype == .bfloat16 { return nil }
    if dtype.isComplex { return "add(\(a), \(b))" }
    if dtype == .bool { return "(\(a)) | \(b)" }
    guard !dtype.isInexact else { return "\(a) + \(b)" }
    return "(\(name))((\(wrapping))(\(a)) + \(b))"
  }

  /// The unsigned type in which sums and products wrap.
  private var wrapping: String { dtype.itemSize == 8 ? "ulong" : "uint" }

  /// The number whose bits a word has.
  func number(_ word: String) -> String {
    switch dtype {
    case .float32: "as_float((int)\(word))"
    case .float64: "as_double(\(word))"
    case .bool: "(\(word) != 0)"
    default: "(\(name))\(word)"
    }
  }
}
