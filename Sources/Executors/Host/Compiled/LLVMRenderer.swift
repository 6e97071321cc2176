import WeftIR
import WeftPlans

/// Renders kernels as LLVM IR: explicit vectors, masked tails, functions from the library inlined.
///
/// The text depends on the kernel and the width of vectors alone.
struct LLVMRenderer: FunctionDefining {
  /// The bytes of a vector register.
  let vectorBytes: Int
  private var definitions = ""
  private var declarations: Set<String> = []
  var functions: Set<String> = []
  private var tables: [Table: String] = [:]

  /// The text of a module with one function: an array of buffers, one of indices, and the range of
  /// the parallel loop that a call runs.
  ///
  /// - Throws: `internal` for what this renderer has no text.
  static func render(
    _ kernel: Kernel, symbol: String, vectorBytes: Int
  ) throws(WeftError) -> String {
    var renderer = LLVMRenderer(vectorBytes: vectorBytes)
    let writer = LLVMWriter(lanes: 1, isFunction: false)
    try writer.writeKernel(kernel, &renderer)
    let head = "define void @\(symbol)(ptr %buffers, ptr %indices, i64 %begin, i64 %end) #0"
    return renderer.module(head + writer.finish("ret void"))
  }

  private init(vectorBytes: Int) { self.vectorBytes = vectorBytes }

  private func module(_ main: String) -> String {
    let bits = vectorBytes * 8
    return """
      \(definitions)
      \(main)
      \(declarations.sorted().joined(separator: "\n"))
      attributes #0 = { nounwind "prefer-vector-width"="\(bits)" "min-legal-vector-width"="\(bits)" }
      attributes #1 = { alwaysinline nounwind "prefer-vector-width"="\(bits)" "min-legal-vector-width"="\(bits)" }
      !0 = !{!"branch_weights", i32 1, i32 4000}
      !1 = !{i32 1}

      """
  }

  /// Notes that an intrinsic is used.
  mutating func declare(_ result: String, _ name: String, _ parameters: [String]) {
    declarations.insert("declare \(result) @\(name)(\(parameters.joined(separator: ", ")))")
  }

  /// Elements of so many bytes.
  private struct Table: Hashable {
    let bits: [UInt64]
    let itemSize: Int
  }

  /// The name of a constant table.
  mutating func table(_ bits: [UInt64], _ dtype: DType) -> String {
    let table = Table(bits: bits, itemSize: dtype.itemSize)
    if let known = tables[table] { return known }
    let name = "@table\(tables.count)"
    tables[table] = name
    let type = "i\(dtype.itemSize * 8)"
    let elements = bits.map { "\(type) \(Int64(bitPattern: $0))" }.joined(separator: ", ")
    definitions +=
      "\(name) = private unnamed_addr constant [\(bits.count) x \(type)] [\(elements)]\n"
    return name
  }

  static func functionName(_ words: [String]) -> String { "@" + words.joined(separator: ".") }

  mutating func define(
    _ name: String, _ body: KernelFunction, lanes: Int
  ) throws(WeftError) {
    let writer = LLVMWriter(lanes: lanes, isFunction: true)
    let result = try writer.writeFunction(body, parameters: { "%a\($0)" }, &self)
    let parameters = body.parameters.enumerated().map {
      "\(LLVMNames.type($1.dtype, lanes)) %a\($0)"
    }
    let type = LLVMNames.type(body.result.dtype, lanes)
    definitions +=
      "define internal \(type) \(name)(\(parameters.joined(separator: ", "))) #1"
      + writer.finish("ret \(type) \(result)") + "\n"
  }
}
