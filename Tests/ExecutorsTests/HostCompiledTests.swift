import Testing
import WeftIR

@testable import WeftHost

@Suite("compiled kernels")
struct HostCompiledTests {
  static let dtypes: [DType] = [
    .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .bfloat16,
    .float32, .float64,
  ]

  /// Elements with random bits, which are NaN, huge, tiny and subnormal often enough, between small
  /// numbers.
  static func elements(
    _ type: TensorType, _ random: inout HostRandom
  ) throws -> Buffer {
    try HostRunning.buffer(type) { i in
      if i % 3 == 0 || type.dtype == .bool {
        return Scalar(Int64(random.below(7)) - (type.dtype.kind == .unsigned ? 0 : 3), type.dtype)
      }
      if type.dtype.isFloat, i % 3 == 1 {
        return Scalar(Double(Int64(random.below(2_000_001)) - 1_000_000) * 1e-4, type.dtype)
      }
      var bits = random.next() << 11 ^ random.next()
      return withUnsafeBytes(of: &bits) { bytes in
        // Eight bytes hold an element of every real dtype.
        Scalar(type.dtype, loading: bytes.baseAddress.unsafelyUnwrapped)
      }
    }
  }

  @Test("every function gives the bits of the interpreter", .needsLLVM, arguments: dtypes)
  func sameBits(dtype: DType) throws {
    var random = HostRandom(17)
    for f in FunctionTable.standard.functions {
      guard f.operandDType(for: dtype) == dtype, KernelLibrary.function(f, dtype) != nil else {
        continue
      }
      var graph = Graph()
      var inputs: [Buffer] = []
      var operands: [Value] = []
      for n in 0..<f.arity {
        let type = TensorType(f == .select && n == 0 ? .bool : dtype, Shape([1037]))
        operands.append(graph.addParameter("p\(n)", type))
        inputs.append(try Self.elements(type, &random))
      }
      graph.outputs = [try graph.add(.map(f), operands)]
      let compiled = try HostRunning.host(graph, inputs, .always)
      let interpreted = try HostRunning.host(graph, inputs, .never)
      if let difference = Self.difference(compiled[0], interpreted[0]) {
        Issue.record("\(f.name) of \(dtype): \(difference)")
      }
    }
  }

  /// The first element with other bits; NaN is NaN.
  static func difference(_ a: Buffer, _ b: Buffer) -> String? {
    if HostRunning.isSame(a, b) { return nil }
    for i in 0..<a.count {
      let (x, y) = (a.scalar(at: i), b.scalar(at: i))
      if x == y || (x.doubleValue.isNaN && y.doubleValue.isNaN) { continue }
      return "element \(i): \(x) compiled, \(y) interpreted"
    }
    return nil
  }

  @Test("memory of a kernel's own counts against the limit", .needsLLVM)
  func limited() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([1000, 100])))
    let sum = try graph.add(.reduce(.add, [0]), [x])
    graph.outputs = [sum]
    var random = HostRandom(3)
    let input = try HostRunning.small(TensorType(.float64, Shape([1000, 100])), &random)
    let executable = try HostRunning.executable(graph, .always)
    // The result has 800 bytes; the running sums of its columns need more.
    #expect(throws: WeftError.self) {
      try executable.run([input], HostRunning.context(limit: 1500))
    }
    #expect(executable.peakBytes > 800)
  }
}
