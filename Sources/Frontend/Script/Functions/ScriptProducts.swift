import WeftIR

extension ScriptFunction {
  /// Products of vectors, matrices and tensors.
  static let products: [ScriptFunction] = [
    product("matmul(x1, x2, /, \(productOptions))", aliases: ["linalg.matmul"], swift: "a • b") {
      x, y, a in
      let places = try a.places([2, 2, 2])
      let product = matmul(
        try a.moved(a.typed(x), places?[0]), try a.moved(a.typed(y), places?[1]), file: a.file,
        line: a.line)
      return try a.moved(product, places?[2], back: true)
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
    product("matvec(x1, x2, /, \(productOptions))", swift: "matvec(a, b)") { x, y, a in
      let places = try a.places([2, 1, 1])
      let product = matvec(
        try a.moved(a.typed(x), places?[0]), try a.moved(a.typed(y), places?[1]), file: a.file,
        line: a.line)
      return try a.moved(product, places?[2], back: true)
    },
    product("vecmat(x1, x2, /, \(productOptions))", swift: "vecmat(a, b)") { x, y, a in
      let places = try a.places([1, 2, 1])
      let product = vecmat(
        try a.moved(a.typed(x), places?[0]), try a.moved(a.typed(y), places?[1]), file: a.file,
        line: a.line)
      return try a.moved(product, places?[2], back: true)
    },
    product("kron(x1|a, x2|b)", swift: "kron(a, b)") { x, y, a in
      kron(x, y, file: a.file, line: a.line)
    },
    product(
      "vecdot(x1, x2, /, out=None, *, axis=-1, axes=None, keepdims=False, casting='same_kind', "
        + "order='K', dtype=None, subok=True)", aliases: ["linalg.vecdot"],
      swift: "vecdot(a, b, axis: -1)"
    ) { x, y, a in
      let places = try a.places([1, 1, 0])
      let axis = places == nil ? try a.axis() : -1
      let product = vecdot(
        try a.moved(a.typed(x), places?[0]), try a.moved(a.typed(y), places?[1]), axis: axis,
        file: a.file, line: a.line)
      guard try a.bool("keepdims") else { return product }
      return expandDims(product, axes: [axis], file: a.file, line: a.line)
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
  ]

  /// What products that are universal functions take behind their operands.
  private static let productOptions =
    "out=None, *, casting='same_kind', order='K', dtype=None, subok=True, axes=None"

  private static func product(
    _ signature: String, aliases: [String] = [], isMethod: Bool = false, swift: String,
    _ body: @escaping @Sendable (NDArray, NDArray, ScriptArguments) throws -> NDArray
  ) -> ScriptFunction {
    ScriptFunction(signature, aliases: aliases, isMethod: isMethod, swift: swift) { a in
      .array(try body(try a.array("x1").strong, try a.array("x2").strong, a))
    }
  }
}

extension ScriptArguments {
  /// An operand in the dtype asked for.
  fileprivate func typed(_ x: NDArray) throws -> NDArray {
    guard let dtype = try optionalDType() else { return x }
    let rule = try string("casting", oneOf: Casting.allCases.map(\.rawValue))
    guard x.dtype.canConvert(to: dtype, casting: Casting(rawValue: rule) ?? .sameKind) else {
      throw failure(
        "dtype", "\(x.expr.type) does not convert to \(dtype) under '\(rule)'", code: .dtype)
    }
    return x.converted(to: dtype, site: site)
  }

  /// The axes of the operands and of the result that stand for their last ones, where given.
  fileprivate func places(_ counts: [Int]) throws -> [[Int]]? {
    if isNone("axes") { return nil }
    var places: [[Int]] = []
    for item in try items("axes") {
      guard let axes = try item.asInts() else {
        throw failure("axes", "\(item.summary) is no axis and no tuple of axes")
      }
      places.append(axes)
    }
    // The result of a product without axes of its own needs no entry.
    if places.count == counts.count - 1, counts.last == 0 { places.append([]) }
    guard places.map(\.count) == counts else {
      throw failure("axes", "'axes' is a list of \(counts) axes for the operands and the result")
    }
    return places
  }

  /// The array with some axes moved to the end, or from there.
  fileprivate func moved(_ x: NDArray, _ axes: [Int]?, back: Bool = false) throws -> NDArray {
    guard let axes, !axes.isEmpty else { return x }
    let last = Array(-axes.count..<0)
    return back
      ? moveAxis(x, last, to: axes, file: file, line: line)
      : moveAxis(x, axes, to: last, file: file, line: line)
  }
}
