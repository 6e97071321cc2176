import WeftIR

extension ScriptFunction {
  /// Methods and operators of arrays, under NumPy's names with `array.` before them.
  static let arrayMethods: [ScriptFunction] =
    binaryOperators + reflectedOperators + inPlaceOperators + comparisonOperators + conversions + [
      unaryOperator("__neg__", .negate, "-x"),
      unaryOperator("__pos__", .plus, "+x"),
      unaryOperator("__invert__", .invert, "~x"),
      ScriptFunction("array.__divmod__(x, other, /)", swift: "divmod(a, b)") { a in
        let parts = divmod(
          try a.array("x").strong, try a.array("other"), file: a.file, line: a.line)
        return .tuple(of: [parts.quotient, parts.remainder])
      },
      ScriptFunction("array.__iter__(x, /)", swift: "unstack(x)") { a in
        let parts = try a["x"].iterated("iter", a.site) ?? []
        return try .tuple(parts)
      },
      ScriptFunction("array.__array__(x, dtype=None, /, *, copy=None)", swift: "x") { a in
        .array(try a.array("x", dtype: try a.optionalDType()).strong)
      },
      ScriptFunction("array.__array_namespace__(x, /, *, api_version=None)", swift: "import Weft") {
        _ in .module("")
      },
      ScriptFunction("array.to_device(x, device, /, *, stream=None)", swift: "x") { a in
        _ = try a.string("device", oneOf: ArrayNamespaceInfo().devices)
        return .array(try a.array("x").strong)
      },
      ScriptFunction("array.__abs__(x, /)", swift: "abs(x)") { a in
        .array(NDArray.apply(.abs, try a.array("x"), site: a.site))
      },
      ScriptFunction("array.__getitem__(x, key, /)", swift: "x[index]") { a in
        try ScriptValue.array(try a.array("x").strong).element(at: a["key"], a.site)
      },
      ScriptFunction("array.__setitem__(x, key, value, /)", swift: "x[index] = value") { a in
        try ScriptValue.array(try a.array("x").strong).replacing(
          a["key"], with: a["value"], a.site)
      },
      ScriptFunction("array.__len__(x, /)", aliases: ["len"], swift: "x.shape[0]") { a in
        try length(a)
      },
      ScriptFunction("array.__bool__(x, /)", swift: "try x.item(Bool.self)") { a in
        .bool(try a["x"].truth())
      },
      ScriptFunction(
        "array.__int__(x, /)", aliases: ["array.__index__"], swift: "try x.item(Int.self)"
      ) { a in
        .integer(try a["x"].truncated())
      },
      ScriptFunction("array.__float__(x, /)", swift: "try x.item(Double.self)") { a in
        .real(try a["x"].floated())
      },
      ScriptFunction("array.__complex__(x, /)", swift: "try x.item(Complex<Double>.self)") { a in
        let (re, im) = try a["x"].complexParts()
        return .complex(re, im)
      },
      ScriptFunction("array.item(x, /, *index)", swift: "try x.item()") { a in
        let position = try a.ints(variadic: "index")
        var array = try a.array("x").strong
        if position.count == 1, array.rank != 1 {
          array = array.reshaped([-1], name: "item", site: a.site)
        }
        if !position.isEmpty {
          array = array.selecting(position.map { .at($0) }, site: a.site)
        }
        guard array.count == nil || array.count == 1 else {
          throw WeftError(
            .scalarConversion, "item", "\(array.expr.type) has not just one element", site: a.site)
        }
        let buffer = try array.buffer()
        guard buffer.count == 1 else {
          throw WeftError(.scalarConversion, "item", "\(buffer.type) has not just one element")
        }
        return ScriptValue(buffer.scalar(at: 0))
      },
      ScriptFunction("array.tolist(x, /)", swift: "try x.toArray()") { a in
        try nested(try a.array("x").buffer())
      },
      ScriptFunction("array.copy(x|a, /, order='C', subok=False)", aliases: ["copy"], swift: "x") {
        a in
        .array(try a.array("x").strong)
      },
      ScriptFunction(
        "array.reshape(x, /, *shape, order='C', copy=None)", swift: "x.reshape(2, 3)"
      ) { a in
        .array(
          try a.array("x").strong.reshaped(
            try a.ints(variadic: "shape"), order: try a.indexOrder(), file: a.file, line: a.line))
      },
      ScriptFunction("array.transpose(x, /, *axes)", swift: "x.transposed([1, 0])") { a in
        let axes = a.rest("axes")
        if axes.isEmpty {
          return .array(try a.array("x").permuted(nil, name: "transpose", site: a.site))
        }
        if axes.count == 1, case .none = axes[0] {
          return .array(try a.array("x").permuted(nil, name: "transpose", site: a.site))
        }
        return .array(
          try a.array("x").permuted(
            try a.ints(variadic: "axes"), name: "transpose", site: a.site))
      },
    ]

  private static let operatorNames: [(name: String, symbol: ScriptBinaryOperator)] = [
    ("add", .add), ("sub", .subtract), ("mul", .multiply), ("truediv", .divide),
    ("floordiv", .floorDivide), ("mod", .remainder), ("pow", .power), ("matmul", .matrixMultiply),
    ("and", .bitwiseAnd), ("or", .bitwiseOr), ("xor", .bitwiseXor), ("lshift", .shiftLeft),
    ("rshift", .shiftRight),
  ]

  /// `other op x`.
  private static let reflectedOperators: [ScriptFunction] = operatorNames.map { name, symbol in
    ScriptFunction("array.__r\(name)__(x, other, /)", swift: "b \(symbol.swiftSpelling) a") { a in
      try ScriptValue.apply(symbol, a["other"], .array(try a.array("x").strong), site: a.site)
    }
  }

  /// `x op= other`: the value that the name would stand for.
  private static let inPlaceOperators: [ScriptFunction] = operatorNames.map { name, symbol in
    ScriptFunction("array.__i\(name)__(x, other, /)", swift: "a \(symbol.swiftSpelling)= b") { a in
      let x = try a.array("x").strong
      return try ScriptValue.apply(symbol, .array(x), a["other"], site: a.site)
        .replacingInPlace(x, symbol, a.site)
    }
  }

  private static let binaryOperators: [ScriptFunction] =
    operatorNames.map { name, symbol in
      let spelling = symbol.swiftSpelling
      return ScriptFunction("array.__\(name)__(x, other, /)", swift: "a \(spelling) b") { a in
        try ScriptValue.apply(symbol, .array(try a.array("x").strong), a["other"], site: a.site)
      }
    }

  private static let comparisonOperators: [ScriptFunction] =
    [
      ("lt", ScriptComparator.less), ("le", .lessOrEqual), ("gt", .greater),
      ("ge", .greaterOrEqual), ("eq", .equal), ("ne", .notEqual),
    ].map { name, symbol in
      ScriptFunction(
        "array.__\(name)__(x, other, /)", swift: "a .\(symbol.rawValue) b"
      ) { a in
        try ScriptValue.compare(symbol, .array(try a.array("x").strong), a["other"], site: a.site)
      }
    }

  private static func unaryOperator(
    _ name: String, _ symbol: ScriptUnaryOperator, _ swift: String
  ) -> ScriptFunction {
    ScriptFunction("array.\(name)(x, /)", swift: swift) { a in
      try ScriptValue.apply(symbol, .array(try a.array("x").strong), site: a.site)
    }
  }

  /// Python's `len`: the first extent of an array, the items of a sequence.
  private static func length(_ a: ScriptArguments) throws -> ScriptValue {
    if let items = a["x"].items { return .integer(items.count) }
    if case .string(let text) = a["x"] { return .integer(text.unicodeScalars.count) }
    let array = try a.array("x")
    guard array.rank > 0 else {
      throw a.failure("x", "a 0-d array has no length", code: .argument)
    }
    if case .known(let count) = array.expr.type.shape[0] { return .integer(count) }
    guard case .known(let count) = try array.buffer().type.shape[0] else { return .none }
    return .integer(count)
  }

  /// The elements as nested lists; a 0-d array gives the number alone.
  private static func nested(_ buffer: Buffer) throws -> ScriptValue {
    let extents = buffer.type.shape.known ?? []
    guard buffer.count <= ScriptSequence.maximumCount, extents.count < ScriptSequence.maximumDepth
    else {
      throw WeftError(
        .tooLarge, "tolist", "\(buffer.type) has more elements than a list may have")
    }
    var values = (0..<buffer.count).map { ScriptValue(buffer.scalar(at: $0)) }
    for axis in extents.indices.reversed() {
      let extent = extents[axis]
      let count = extents[..<axis].reduce(1, *)
      values = try (0..<count).map { n in
        try ScriptValue.list(Array(values[(n * extent)..<((n + 1) * extent)]))
      }
    }
    return values.first ?? .none
  }
}

extension ScriptFunction {
  /// Methods whose forms differ from the functions'.
  private static let conversions: [ScriptFunction] = [
    ScriptFunction(
      "array.astype(x, dtype, order='K', casting='unsafe', subok=True, copy=True)",
      swift: "x.asType(dtype)"
    ) { a in
      let (x, dtype) = (try a.array("x").strong, try a.dtype())
      let name = try a.string("casting", oneOf: Casting.allCases.map(\.rawValue))
      guard x.dtype.canConvert(to: dtype, casting: Casting(rawValue: name) ?? .unsafe) else {
        throw a.failure(
          "dtype", "\(x.expr.type) does not convert to \(dtype) under '\(name)'", code: .dtype)
      }
      return .array(x.converted(to: dtype, site: a.site))
    }
  ]
}

extension ScriptBinaryOperator {
  /// The operator in Swift.
  fileprivate var swiftSpelling: String {
    switch self {
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor: ".\(rawValue)"
    case .matrixMultiply: "•"
    default: rawValue
    }
  }
}
