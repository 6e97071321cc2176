import WeftIR

/// OpenCL C of what runs `KernelCode`: one program for all kernels.
///
/// Operations are those of compiled kernels, written by the same writer. A work-group of one item
/// runs units of its own; registers are local memory.
enum OpenCLInterpreter {
  /// Words before the values of index parameters: how many these are, the first constant's register,
  /// how many constants, then the bytes that each work-group has of each buffer.
  static let headWords = 3 + KernelCode.mostBuffers

  /// The text for devices with or without float64.
  static func source(hasDouble: Bool) -> String { hasDouble ? withDouble : withoutDouble }

  private static let withDouble = text(hasDouble: true)
  private static let withoutDouble = text(hasDouble: false)

  private static func text(hasDouble: Bool) -> String {
    var renderer = OpenCLRenderer(style: .items(1))
    var cases = ""
    for (number, operation) in InterpreterOperation.all.enumerated() {
      if !hasDouble, operation.dtypes.contains(.float64) { continue }
      cases += "    case \(number): {\n\(body(operation, &renderer))      break;\n    }\n"
    }
    let buffers = (0..<KernelCode.mostBuffers).map { "p\($0)" }
    return renderer.module(
      """
      __kernel __attribute__((reqd_work_group_size(1, 1, 1)))
      void \(OpenCLPrograms.symbol)(
        __global const ulong *code,
        __global const ulong *values,
        \(buffers.map { "__global uchar *\($0)" }.joined(separator: ",\n  "))) {
        __local ulong r[\(KernelCode.mostRegisters)];
        __global uchar *p[\(buffers.count)] = {
          \(buffers.joined(separator: ", "))};
        for (int n = 0; n < \(buffers.count); n++) p[n] += values[3 + n] * get_group_id(0);
        const uint indices = (uint)values[0], first = (uint)values[1], constants = (uint)values[2];
        for (uint n = 0; n < indices; n++) r[n] = values[\(headWords) + n];
        for (uint n = 0; n < constants; n++) r[first + n] = values[\(headWords) + indices + n];
        uint place = 0;
        for (;;) {
          const ulong word = code[2 * place], more = code[2 * place + 1];
          const uint d = (uint)(word >> 16) & 0xffff, a = (uint)(word >> 32) & 0xffff;
          const uint b = (uint)(word >> 48), c = (uint)more & 0xffff, number = (uint)(more >> 32);
          place++;
          switch ((uint)word & 0xffff) {
      \(cases)    }
        }
      }

      """)
  }

  /// The lines of an operation.
  private static func body(
    _ operation: InterpreterOperation, _ renderer: inout OpenCLRenderer
  ) -> String {
    func line(_ text: String) -> String { "      \(text)\n" }
    switch operation {
    case .end: return line("return;")
    case .move: return line("r[d] = r[a];")
    case .jump: return line("place = number;")
    case .jumpIfZero: return line("if (r[a] == 0) place = number;")
    case .jumpUnlessLess: return line("if ((long)r[a] >= (long)r[b]) place = number;")
    case .advance: return line("r[d] = r[a] + number;")
    case .group: return line("r[d] = get_group_id(0);")
    case .groups: return line("r[d] = get_num_groups(0);")
    case .fill: return line("for (uint n = 0; n < number; n++) r[d + n] = r[a];")
    case .getLane: return line("r[d] = r[number + ((uint)r[a] & b)];")
    case .putLane: return line("r[number + ((uint)r[a] & b)] = r[d];")
    case .load(let bytes):
      return line("r[d] = ((__global const \(OpenCLNames.unsigned(bytes)) *)p[b])[(long)r[a]];")
    case .loadBool: return line("r[d] = p[b][(long)r[a]] != 0;")
    case .store(let bytes):
      let type = OpenCLNames.unsigned(bytes)
      return line("((__global \(type) *)p[b])[(long)r[a]] = (\(type))r[d];")
    case .table: return line("r[d] = code[number + r[a]];")
    case .select: return line("r[d] = r[a] ? r[b] : r[c];")
    case .primitive(let primitive, let dtype):
      let names = ["a", "b", "c"].prefix(primitive.arity)
      let result = primitive.isComparison ? .bool : dtype
      return computed(names.map { ($0, dtype) }, result) { writer, values in
        writer.operation(primitive, values, result, &renderer)
      }
    case .convert(let from, let to):
      return computed([("a", from)], to) { writer, values in
        writer.convert(values[0], to: to, &renderer)
      }
    }
  }

  /// Lines that compute from registers.
  private static func computed(
    _ operands: [(register: String, dtype: DType)], _ result: DType,
    _ compute: (OpenCLWriter, [WrittenValue]) -> WrittenValue
  ) -> String {
    let writer = OpenCLWriter(lanes: 1)
    let values = operands.map { register, dtype in
      let type = OpenCLNames.type(dtype, 1)
      let bits = "r[\(register)]"
      let value =
        switch dtype {
        case .float32: "as_float((uint)\(bits))"
        case .float64: "as_double(\(bits))"
        default: "(\(type))\(bits)"
        }
      return WrittenValue.uniform(writer.emit(type, value), dtype)
    }
    let name = compute(writer, values).name
    let bits =
      switch result {
      case .float32: "as_uint(\(name))"
      case .float64: "as_ulong(\(name))"
      default: "(ulong)\(name)"
      }
    writer.line("r[d] = \(bits);")
    return writer.text.split(separator: "\n").map { "    \($0)\n" }.joined()
  }
}

extension InterpreterOperation {
  /// The dtypes that it computes with.
  fileprivate var dtypes: [DType] {
    switch self {
    case .primitive(_, let dtype): [dtype]
    case .convert(let from, let to): [from, to]
    default: []
    }
  }
}
