import WeftIR
import WeftPlans

/// OpenCL C of kernels.
///
/// Scalar functions come from the kernel library, each operation rounded by itself, so that results
/// have the host's bits wherever the device divides and takes roots correctly.
struct OpenCLRenderer: FunctionDefining {
  let style: OpenCLStyle
  private var helpers: [String: String] = [:]
  private var order: [String] = []
  private var tables: [Table: String] = [:]
  var functions: Set<String> = []
  private var definitions = ""
  private var locals: [(name: String, type: String, count: Int)] = []

  /// Elements of so many bytes.
  private struct Table: Hashable {
    let bits: [UInt64]
    let itemSize: Int
  }

  /// The text of a kernel under a name.
  ///
  /// The function takes the kernel's parameters in order, then for each of `scratch`, parameters
  /// that are a work-group's own, how many elements each has, and on processors the word of
  /// `KernelStreams`; it runs in any number of work-groups.
  ///
  /// - Throws: `internal` when a function has no text.
  static func render(
    _ kernel: Kernel, symbol: String, style: OpenCLStyle, scratch: [Int] = []
  ) throws(WeftError) -> String {
    var renderer = OpenCLRenderer(style: style)
    let writer = OpenCLWriter(lanes: 1)
    var parameters = kernel.parameters.enumerated().map { n, parameter in
      switch parameter {
      case .buffer(let dtype, let isWritten):
        "__global \(isWritten ? "" : "const ")\(OpenCLNames.element(dtype)) *p\(n)"
      case .index: "const long p\(n)"
      }
    }
    for n in scratch {
      parameters.append("const long own\(n)")
      writer.line("p\(n) += get_group_id(0) * own\(n);")
    }
    if style.takesStreams { parameters.append("const long \(OpenCLWriter.streamsName)") }
    try writer.writeKernel(kernel, own: scratch, &renderer)
    let size =
      switch style {
      case .vectors: 1
      case .items(let count): count
      }
    return renderer.module(
      """
      __kernel __attribute__((reqd_work_group_size(\(size), 1, 1)))
      void \(symbol)(
        \(parameters.joined(separator: ",\n  "))) {
      \(renderer.locals.map { "  __local \($0.type) \($0.name)[\($0.count)];\n" }.joined())\
      \(writer.text)}

      """)
  }

  /// The text that defines a scalar function of single elements, and its name.
  ///
  /// - Throws: `internal` when it has no text.
  static func definition(
    of f: ScalarFunction, _ dtype: DType
  ) throws(WeftError) -> (text: String, name: String) {
    let (text, names) = try definitions(of: [f], dtype)
    return (text, names[0])
  }

  /// The text that defines some scalar functions of single elements, and their names.
  ///
  /// - Throws: `internal` when one has no text.
  static func definitions(
    of functions: [ScalarFunction], _ dtype: DType
  ) throws(WeftError) -> (text: String, names: [String]) {
    var renderer = OpenCLRenderer(style: .items(1))
    var names: [String] = []
    for f in functions { names.append(try renderer.function(f, dtype, lanes: 1)) }
    return (renderer.module(""), names)
  }

  init(style: OpenCLStyle) { self.style = style }

  /// The text of what has been defined, and of a kernel.
  func module(_ main: String) -> String {
    var text = "#pragma OPENCL FP_CONTRACT OFF\n"
    let rest = order.compactMap { helpers[$0] }.joined() + definitions + main
    if rest.contains("double") { text += "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" }
    return text + rest
  }

  /// Notes that a helper is used, and gives its name.
  mutating func helper(_ name: String, _ text: (String) -> String) -> String {
    if helpers[name] == nil {
      helpers[name] = text(name)
      order.append(name)
    }
    return name
  }

  /// The name of a constant table.
  mutating func table(_ bits: [UInt64], _ dtype: DType) -> String {
    let table = Table(bits: bits, itemSize: dtype.itemSize)
    if let known = tables[table] { return known }
    let name = "table\(tables.count)"
    tables[table] = name
    let element = OpenCLNames.unsigned(dtype.itemSize)
    let suffix = dtype.itemSize == 8 ? "UL" : "u"
    var text = "__constant \(element) \(name)[\(bits.count)] = {"
    for (place, word) in bits.enumerated() {
      text += (place % 4 == 0 ? "\n  " : " ") + "0x\(String(word, radix: 16))\(suffix),"
    }
    definitions += text + "\n};\n"
    return name
  }

  /// The name of local memory with so many elements, declared in the kernel.
  mutating func localMemory(_ type: String, _ count: Int) -> String {
    let name = "local_\(type)"
    if !locals.contains(where: { $0.name == name }) { locals.append((name, type, count)) }
    return name
  }

  // MARK: - Functions

  static func functionName(_ words: [String]) -> String {
    OpenCLNames.identifier("f_" + words.joined(separator: "_"))
  }

  mutating func define(
    _ name: String, _ body: KernelFunction, lanes: Int
  ) throws(WeftError) {
    let writer = OpenCLWriter(lanes: lanes)
    let result = try writer.writeFunction(body, parameters: { "a\($0)" }, &self)
    let parameters = body.parameters.enumerated().map {
      "\(OpenCLNames.type($1.dtype, lanes)) a\($0)"
    }
    let type = OpenCLNames.type(body.result.dtype, lanes)
    definitions +=
      "static inline \(type) \(name)(\(parameters.joined(separator: ", "))) {\n"
      + writer.text + "  return \(result);\n}\n"
  }
}
