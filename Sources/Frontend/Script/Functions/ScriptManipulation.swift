import WeftIR

extension ScriptFunction {
  /// Functions that move, join, part and repeat elements.
  static let manipulation: [ScriptFunction] =
    shaping + joining + parting + reordering + repeating + editing + packing

  private static let shaping: [ScriptFunction] = [
    ScriptFunction(
      "reshape(x|a, shape, order='C', *, copy=None)", swift: "x.reshaped([2, -1])"
    ) { a in
      .array(
        try a.array("x").strong.reshaped(
          try a.shape(), order: try a.indexOrder(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "ravel(x|a, order='C')", aliases: ["array.flatten"], isMethod: true, swift: "x.flattened()"
    ) { a in
      .array(ravel(try a.array("x"), order: try a.indexOrder(), file: a.file, line: a.line))
    },
    ScriptFunction("broadcast_to(x|array, shape, subok=False)", swift: "x.broadcasted(to: shape)") {
      a in
      .array(try a.array("x").strong.broadcasted(to: try a.shape(), file: a.file, line: a.line))
    },
    ScriptFunction("broadcast_arrays(*arrays, subok=False)", swift: "broadcastArrays([a, b])") {
      a in
      .list(of: broadcastArrays(try a.arrays(variadic: "arrays"), file: a.file, line: a.line))
    },
    ScriptFunction("broadcast_shapes(*shapes)", swift: "try broadcastShapes([s, t])") { a in
      var shapes: [[Int]] = []
      for value in a.rest("shapes") {
        guard let extents = try value.asInts() else {
          throw a.failure("shapes", "\(value.summary) is no shape")
        }
        shapes.append(extents)
      }
      return try .tuple(
        try broadcastShapes(shapes, file: a.file, line: a.line).map { .integer($0) })
    },
    ScriptFunction("expand_dims(x|a, axis=0)", swift: "expandDims(x, axis: 0)") { a in
      .array(
        expandDims(try a.array("x"), axes: try a.axes() ?? [0], file: a.file, line: a.line))
    },
    ScriptFunction(
      "squeeze(x|a, axis=None)", isMethod: true, swift: "x.squeezed(axes:)"
    ) { a in
      .array(squeeze(try a.array("x"), axes: try a.axes(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "permute_dims(x|a, axes=None)", aliases: ["transpose"], swift: "x.transposed([1, 0])"
    ) { a in
      .array(
        try a.array("x").strong.transposed(
          try a.optionalInts("axes"), file: a.file, line: a.line))
    },
    ScriptFunction("matrix_transpose(x, /)", aliases: ["linalg.matrix_transpose"], swift: "x.mT") {
      a in
      .array(matrixTranspose(try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "moveaxis(x|a, source, destination)", swift: "moveAxis(x, 0, to: -1)"
    ) { a in
      .array(
        moveAxis(
          try a.array("x"), try a.ints("source"), to: try a.ints("destination"), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "swapaxes(x|a, axis1, axis2)", isMethod: true, swift: "swapAxes(x, 0, 1)"
    ) { a in
      .array(
        swapAxes(
          try a.array("x"), try a.axis("axis1"), try a.axis("axis2"), file: a.file, line: a.line))
    },
    ScriptFunction("atleast_1d(*arrays)", swift: "atLeast1D(x)") { a in
      try each(a) { atLeast1D($0, file: a.file, line: a.line) }
    },
    ScriptFunction("atleast_2d(*arrays)", swift: "atLeast2D(x)") { a in
      try each(a) { atLeast2D($0, file: a.file, line: a.line) }
    },
    ScriptFunction("atleast_3d(*arrays)", swift: "atLeast3D(x)") { a in
      try each(a) { atLeast3D($0, file: a.file, line: a.line) }
    },
  ]

  /// A function of each of some arrays: one result, or a tuple of several.
  private static func each(
    _ a: ScriptArguments, _ function: (NDArray) -> NDArray
  ) throws -> ScriptValue {
    let arrays = try a.rest("arrays").map { try $0.requireArray(a.signature.name, a.site) }
    let results = arrays.map { function($0.strong) }
    return results.count == 1 ? .array(results[0]) : .tuple(of: results)
  }

  private static let joining: [ScriptFunction] = [
    ScriptFunction(
      "concat(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')",
      aliases: ["concatenate"],
      swift: "concatenate([a, b], axis: 0)"
    ) { a in
      .array(
        concatenate(
          try pieces(a), axis: try a.optionalAxis(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "stack(arrays, axis=0, out=None, *, dtype=None, casting='same_kind')",
      swift: "stack([a, b], axis: 0)"
    ) { a in
      .array(stack(try pieces(a), axis: try a.axis(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "hstack(arrays|tup, *, dtype=None, casting='same_kind')", swift: "hstack([a, b])"
    ) { a in
      .array(hstack(try pieces(a), file: a.file, line: a.line))
    },
    ScriptFunction(
      "vstack(arrays|tup, *, dtype=None, casting='same_kind')", aliases: ["row_stack"],
      swift: "vstack([a, b])"
    ) { a in
      .array(vstack(try pieces(a), file: a.file, line: a.line))
    },
    ScriptFunction("dstack(arrays|tup)", swift: "dstack([a, b])") { a in
      .array(dstack(try a.arrays("arrays"), file: a.file, line: a.line))
    },
    ScriptFunction("column_stack(arrays|tup)", swift: "columnStack([a, b])") { a in
      .array(columnStack(try a.arrays("arrays"), file: a.file, line: a.line))
    },
    ScriptFunction("append(x|arr, values, axis=None)", swift: "append(x, values)") { a in
      .array(
        append(
          try a.array("x"), try a.array("values"), axis: try a.optionalAxis(), file: a.file,
          line: a.line))
    },
  ]

  /// What is to be joined, in the dtype asked for.
  private static func pieces(_ a: ScriptArguments) throws -> [NDArray] {
    let arrays = try a.arrays("arrays").map(\.strong)
    guard let dtype = try a.optionalDType() else { return arrays }
    let rule = try a.string("casting", oneOf: Casting.allCases.map(\.rawValue))
    let casting = Casting(rawValue: rule) ?? .sameKind
    if let array = arrays.first(where: { !$0.dtype.canConvert(to: dtype, casting: casting) }) {
      throw a.failure(
        "dtype", "\(array.expr.type) does not convert to \(dtype) under '\(rule)'", code: .dtype)
    }
    return arrays.map { $0.converted(to: dtype, site: a.site) }
  }

  private static let parting: [ScriptFunction] = [
    ScriptFunction(
      "split(x|ary, indices_or_sections, axis=0)", swift: "split(x, 3, axis: 0)"
    ) { a in
      try parts(a, axis: try a.axis()) { split($0, $1, axis: $2, file: a.file, line: a.line) }
    },
    ScriptFunction(
      "array_split(x|ary, indices_or_sections, axis=0)", swift: "arraySplit(x, 3, axis: 0)"
    ) { a in
      try parts(a, axis: try a.axis()) { arraySplit($0, $1, axis: $2, file: a.file, line: a.line) }
    },
    ScriptFunction("hsplit(x|ary, indices_or_sections)", swift: "hsplit(x, 2)") { a in
      try parts(a, axis: try a.array("x").rank > 1 ? 1 : 0) { x, count, _ in
        hsplit(x, count, file: a.file, line: a.line)
      }
    },
    ScriptFunction("vsplit(x|ary, indices_or_sections)", swift: "vsplit(x, 2)") { a in
      try parts(a, axis: 0) { x, count, _ in vsplit(x, count, file: a.file, line: a.line) }
    },
    ScriptFunction("dsplit(x|ary, indices_or_sections)", swift: "dsplit(x, 2)") { a in
      try parts(a, axis: 2) { x, count, _ in dsplit(x, count, file: a.file, line: a.line) }
    },
    ScriptFunction("unstack(x, /, *, axis=0)", swift: "unstack(x, axis: 0)") { a in
      .tuple(of: unstack(try a.array("x"), axis: try a.axis(), file: a.file, line: a.line))
    },
  ]

  /// Parts by number, or cut at the positions of a list.
  private static func parts(
    _ a: ScriptArguments, axis: Int, _ equal: (NDArray, Int, Int) -> [NDArray]
  ) throws -> ScriptValue {
    let x = try a.array("x").strong
    if let count = try a["indices_or_sections"].asInt() { return .list(of: equal(x, count, axis)) }
    let positions = try a.ints("indices_or_sections")
    return .list(of: split(x, at: positions, axis: axis, file: a.file, line: a.line))
  }

  private static let reordering: [ScriptFunction] = [
    ScriptFunction("flip(x|m, axis=None)", swift: "flip(x, axis: 0)") { a in
      .array(flip(try a.array("x"), axes: try a.axes(), file: a.file, line: a.line))
    },
    ScriptFunction("flipud(x|m)", swift: "flipud(x)") { a in
      .array(flipud(try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction("fliplr(x|m)", swift: "fliplr(x)") { a in
      .array(fliplr(try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction("roll(x|a, shift, axis=None)", swift: "roll(x, 2, axis: 0)") { a in
      let x = try a.array("x")
      if let axes = try a.axes() {
        return .array(
          roll(x, try a.ints("shift"), axes: axes, file: a.file, line: a.line))
      }
      let shifts = try a.ints("shift")
      let total = shifts.reduce(0) { $0 &+ $1 }
      return .array(
        roll(x, shifts.count == 1 ? shifts[0] : total, file: a.file, line: a.line))
    },
    ScriptFunction("rot90(x|m, k=1, axes=None)", swift: "rot90(x, turns: 1)") { a in
      .array(
        rot90(
          try a.array("x"), turns: try a.int("k"), axes: try a.optionalInts("axes") ?? [0, 1],
          file: a.file, line: a.line))
    },
    ScriptFunction("tril(x|m, k=0)", swift: "tril(x, offset: 0)") { a in
      .array(tril(try a.array("x"), offset: try a.int("k"), file: a.file, line: a.line))
    },
    ScriptFunction("triu(x|m, k=0)", swift: "triu(x, offset: 0)") { a in
      .array(triu(try a.array("x"), offset: try a.int("k"), file: a.file, line: a.line))
    },
    ScriptFunction("diag(x|v, k=0)", swift: "diag(x, offset: 0)") { a in
      .array(diag(try a.array("x"), offset: try a.int("k"), file: a.file, line: a.line))
    },
    ScriptFunction("diagflat(x|v, k=0)", swift: "diagFlat(x, offset: 0)") { a in
      .array(diagFlat(try a.array("x"), offset: try a.int("k"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "diagonal(x|a, offset=0, axis1=0, axis2=1)", isMethod: true, swift: "x.diagonal(offset: 0)"
    ) { a in
      .array(
        diagonal(
          try a.array("x"), offset: try a.int("offset"), axis1: try a.axis("axis1"),
          axis2: try a.axis("axis2"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "trace(x|a, offset=0, axis1=0, axis2=1, dtype=None)", isMethod: true, swift: "x.trace()"
    ) { a in
      .array(
        trace(
          try a.array("x"), offset: try a.int("offset"), axis1: try a.axis("axis1"),
          axis2: try a.axis("axis2"), dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.diagonal(x, /, *, offset=0)", swift: "x.diagonal(axis1: -2, axis2: -1)")
    {
      a in
      .array(
        diagonal(
          try a.array("x"), offset: try a.int("offset"), axis1: -2, axis2: -1, file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "linalg.trace(x, /, *, offset=0, dtype=None)", swift: "x.trace(axis1: -2, axis2: -1)"
    ) { a in
      .array(
        trace(
          try a.array("x"), offset: try a.int("offset"), axis1: -2, axis2: -1,
          dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
  ]

  private static let repeating: [ScriptFunction] = [
    ScriptFunction("tile(x|A, repetitions|reps)", swift: "tile(x, [2, 1])") { a in
      .array(tile(try a.array("x"), try a.ints("repetitions"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "repeat(x|a, repeats, axis=None)", isMethod: true, swift: "repeated(x, 2, axis: 0)"
    ) { a in
      .array(
        repeated(
          try a.array("x"), try a.array("repeats"), axis: try a.optionalAxis(), file: a.file,
          line: a.line))
    },
    ScriptFunction("resize(x|a, shape|new_shape)", swift: "resize(x, shape)") { a in
      .array(resize(try a.array("x"), try a.shape(), file: a.file, line: a.line))
    },
  ]

  private static let packing: [ScriptFunction] = [
    ScriptFunction("block(arrays)", swift: "block([[.array(a), .array(b)]])") { a in
      .array(block(try a["arrays"].block(a.site), file: a.file, line: a.line))
    },
    ScriptFunction("rollaxis(a, axis, start=0)", swift: "rollaxis(x, 2)") { a in
      .array(
        rollaxis(
          try a.array("a"), try a.axis(), to: try a.int("start"), file: a.file, line: a.line))
    },
    ScriptFunction("packbits(a, axis=None, bitorder='big')", swift: "packbits(x)") { a in
      .array(
        packbits(
          try a.array("a"), axis: try a.optionalAxis(), order: try bitOrder(a), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "unpackbits(a, axis=None, count=None, bitorder='big')", swift: "unpackbits(x)"
    ) { a in
      .array(
        unpackbits(
          try a.array("a"), axis: try a.optionalAxis(), count: try a.optionalInt("count"),
          order: try bitOrder(a), file: a.file, line: a.line))
    },
  ]

  private static func bitOrder(_ a: ScriptArguments) throws -> BitOrder {
    let name = try a.string("bitorder", oneOf: BitOrder.allCases.map(\.rawValue))
    return BitOrder(rawValue: name) ?? .big
  }

  private static let editing: [ScriptFunction] = [
    ScriptFunction("delete(x|arr, obj, axis=None)", swift: "delete(x, 1, axis: 0)") { a in
      let (x, axis) = (try a.array("x"), try a.optionalAxis())
      if let position = try a["obj"].asInt(), !a["obj"].isArray {
        return .array(delete(x, position, axis: axis, file: a.file, line: a.line))
      }
      if case .slice = a["obj"], let slice = try a["obj"].axisIndices(a.site).first {
        return .array(delete(x, slice, axis: axis, file: a.file, line: a.line))
      }
      return .array(delete(x, try a.array("obj"), axis: axis, file: a.file, line: a.line))
    },
    ScriptFunction("insert(x|arr, obj, values, axis=None)", swift: "insert(x, 1, value, axis: 0)") {
      a in
      .array(
        insert(
          try a.array("x"), try a.array("obj"), try a.array("values"),
          axis: try a.optionalAxis(), file: a.file, line: a.line))
    },
    ScriptFunction("trim_zeros(x|filt, trim='fb', axis=None)", swift: "trimZeros(x)") { a in
      let ends = try a.string("trim", oneOf: ["f", "b", "fb", "bf"])
      return .array(
        trimZeros(
          try a.array("x"), ends == "f" ? .front : ends == "b" ? .back : .both,
          axes: try a.axes(), file: a.file, line: a.line))
    },
    padding,
  ]
}

extension ScriptValue {
  /// Nested lists of arrays as `block` takes them.
  fileprivate func block(_ site: SourceSite) throws -> Block {
    if case .list(let sequence) = self {
      return .row(try sequence.items.map { try $0.block(site) })
    }
    return .array(try requireArray("block", site))
  }
}
