import WeftIR

extension ScriptFunction {
  /// Windows, and arrays of what programs list.
  static let windows: [ScriptFunction] = [
    window("bartlett") { bartlett($0, file: $1, line: $2) },
    window("blackman") { blackman($0, file: $1, line: $2) },
    window("hamming") { hamming($0, file: $1, line: $2) },
    window("hanning") { hanning($0, file: $1, line: $2) },
    ScriptFunction("kaiser(M, beta)", swift: "kaiser(n, beta: 14)") { a in
      .array(kaiser(try a.int("M"), beta: try a.real("beta"), file: a.file, line: a.line))
    },
    ScriptFunction("fromiter(iter, dtype, count=-1)", swift: "NDArray(sequence: values)") { a in
      let call = Call("fromiter", a.site)
      let flat = call.flatten(try a.array("iter", dtype: try a.dtype()))
      let count = try a.int("count")
      guard count >= 0, let have = flat.count else { return .array(flat) }
      guard count <= have else {
        throw a.failure("count", "there are \(have) elements, expected \(count)", code: .value)
      }
      return .array(call.slice(flat, axis: 0, from: 0, count: count))
    },
  ]

  private static func window(
    _ name: String, _ function: @escaping @Sendable (Int, StaticString, UInt) -> NDArray
  ) -> ScriptFunction {
    ScriptFunction("\(name)(M)", swift: "\(name)(n)") { a in
      .array(function(try a.int("M"), a.file, a.line))
    }
  }
}
