import WeftIR

extension ScriptFunction {
  /// Products of vectors, matrices and tensors.
  static let products: [ScriptFunction] = [
    product("matmul(x1, x2, /)", aliases: ["linalg.matmul"], swift: "a • b") { x, y, a in
      matmul(x, y, file: a.file, line: a.line)
    },
    product("dot(x1|a, x2|b|other)", isMethod: true, swift: "a.dot(b)") { x, y, a in
      dot(x, y, file: a.file, line: a.line)
    },
    product("inner(x1|a, x2|b)", swift: "inner(a, b)") { x, y, a in
      inner(x, y, file: a.file, line: a.line)
    },
    product("outer(x1|a, x2|b)", swift: "outer(a, b)") { x, y, a in
      outer(x, y, file: a.file, line: a.line)
    },
    product("linalg.outer(x1, x2, /)", swift: "outer(a, b)") { x, y, a in
      guard x.rank == 1, y.rank == 1 else {
        throw a.failure(
          x.rank == 1 ? "x2" : "x1", "takes arrays of one axis, not \(x.type) and \(y.type)",
          code: .shapeMismatch)
      }
      return outer(x, y, file: a.file, line: a.line)
    },
    product("vdot(x1, x2, /)", swift: "vdot(a, b)") { x, y, a in
      vdot(x, y, file: a.file, line: a.line)
    },
    product("matvec(x1, x2, /)", swift: "matvec(a, b)") { x, y, a in
      matvec(x, y, file: a.file, line: a.line)
    },
    product("vecmat(x1, x2, /)", swift: "vecmat(a, b)") { x, y, a in
      vecmat(x, y, file: a.file, line: a.line)
    },
    product("kron(x1|a, x2|b)", swift: "kron(a, b)") { x, y, a in
      kron(x, y, file: a.file, line: a.line)
    },
    product(
      "vecdot(x1, x2, /, *, axis=-1)", aliases: ["linalg.vecdot"], swift: "vecdot(a, b, axis: -1)"
    ) { x, y, a in
      vecdot(x, y, axis: try a.axis(), file: a.file, line: a.line)
    },
    product(
      "linalg.cross(x1, x2, /, *, axis=-1)", swift: "cross(a, b, axis: -1)"
    ) { x, y, a in
      cross(x, y, axis: try a.axis(), file: a.file, line: a.line)
    },
    product(
      "cross(x1|a, x2|b, axisa=-1, axisb=-1, axisc=-1, axis=None)", swift: "cross(a, b, axis: -1)"
    ) { x, y, a in
      let common = try a.optionalAxis()
      let (axisA, axisB, axisC) = (
        try common ?? a.axis("axisa"), try common ?? a.axis("axisb"),
        try common ?? a.axis("axisc")
      )
      let (left, right) = (
        moveAxis(x, axisA, to: -1, file: a.file, line: a.line),
        moveAxis(y, axisB, to: -1, file: a.file, line: a.line)
      )
      let product = cross(left, right, axis: -1, file: a.file, line: a.line)
      return moveAxis(product, -1, to: axisC, file: a.file, line: a.line)
    },
    product(
      "tensordot(x1|a, x2|b, axes=2)", aliases: ["linalg.tensordot"],
      swift: "tensordot(a, b, axes: 2)"
    ) { x, y, a in
      guard let pair = a["axes"].items else {
        return tensordot(x, y, axes: try a.int("axes"), file: a.file, line: a.line)
      }
      guard pair.count == 2, let left = try pair[0].asInts(), let right = try pair[1].asInts()
      else { throw a.failure("axes", "'axes' is an integer or a pair of lists of axes") }
      return tensordot(x, y, axes: (left, right), file: a.file, line: a.line)
    },
    ScriptFunction("linalg.matrix_power(x|a, n)", swift: "matrixPower(x, 3)") { a in
      .array(matrixPower(try a.array("x"), try a.int("n"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.multi_dot(arrays, /)", swift: "multiDot([a, b, c])") { a in
      .array(multiDot(try a.arrays("arrays"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "einsum(*operands, optimize=False, dtype=None)", swift: "einsum(\"ij,jk->ik\", a, b)"
    ) { a in .array(try einsum(a)) },
  ]

  private static func product(
    _ signature: String, aliases: [String] = [], isMethod: Bool = false, swift: String,
    _ body: @escaping @Sendable (NDArray, NDArray, ScriptArguments) throws -> NDArray
  ) -> ScriptFunction {
    ScriptFunction(signature, aliases: aliases, isMethod: isMethod, swift: swift) { a in
      .array(try body(try a.array("x1").strong, try a.array("x2").strong, a))
    }
  }

  /// The form with a text, and the one with lists of labels: `einsum(a, [0, 1], b, [1, 2], [0, 2])`.
  private static func einsum(_ a: ScriptArguments) throws -> NDArray {
    let values = a.rest("operands")
    func array(_ value: ScriptValue) throws -> NDArray {
      try value.requireArray(a.signature.name, a.site).strong
    }
    let dtype = try a.optionalDType()
    func converted(_ x: NDArray) -> NDArray {
      dtype.map { x.asType($0, file: a.file, line: a.line) } ?? x
    }
    if case .string(let subscripts) = values.first {
      let operands = try values.dropFirst().map { converted(try array($0)) }
      return Weft.einsum(subscripts, operands, file: a.file, line: a.line)
    }
    guard values.count >= 2 else {
      throw a.failure("operands", "needs subscripts and operands")
    }
    func labels(_ value: ScriptValue) throws -> [EinsumLabel] {
      guard let items = value.items else {
        throw a.failure("operands", "\(value.summary) is no list of labels")
      }
      return try items.map { item in
        if case .ellipsis = item { return .ellipsis }
        guard let label = try item.asInt() else {
          throw a.failure("operands", "\(item.summary) is no label", code: .einsum)
        }
        return .index(label)
      }
    }
    var operands: [(NDArray, [EinsumLabel])] = []
    for i in stride(from: 0, to: values.count - 1, by: 2) {
      operands.append((converted(try array(values[i])), try labels(values[i + 1])))
    }
    let output = values.count % 2 == 1 ? try labels(values[values.count - 1]) : nil
    return Weft.einsum(operands: operands, output: output, file: a.file, line: a.line)
  }
}
