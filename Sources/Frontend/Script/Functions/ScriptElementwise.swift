import WeftIR

extension ScriptFunction {
  /// Functions of single elements that compute numbers.
  static let elementwise: [ScriptFunction] = arithmetic + bitwise + exponential + trigonometric

  private static let arithmetic: [ScriptFunction] = [
    binary("add", .add, swift: "a + b"),
    binary("subtract", .subtract, swift: "a - b"),
    binary("multiply", .multiply, swift: "a * b"),
    binary("divide", .divide, aliases: ["true_divide"], swift: "a / b"),
    binary("floor_divide", .floorDivide, swift: "floorDivide(a, b)"),
    binary("remainder", .remainder, aliases: ["mod"], swift: "a % b"),
    binary("fmod", .fmod),
    binary("pow", .pow, aliases: ["power"], swift: "pow(a, b)"),
    ScriptFunction(
      "divmod(x1, x2, /, \(elementwiseOptions))", swift: "(floorDivide(a, b), a % b)"
    ) { a in
      let (x, y) = (try a.operand("x1"), try a.operand("x2"))
      return .tuple(of: [
        NDArray.apply(.floorDivide, x, y, site: a.site).strong,
        NDArray.apply(.remainder, x, y, site: a.site).strong,
      ])
    },
    unary("negative", .negative, swift: "-x"),
    ScriptFunction("positive(x, /, \(elementwiseOptions))", swift: "+x") { a in
      .array(try a.operand("x").positive(a.site))
    },
    unary("abs", .abs, aliases: ["absolute"]),
    unary("sign", .sign),
    binary("maximum", .maximum),
    binary("minimum", .minimum),
    binary("fmax", .fmax),
    binary("fmin", .fmin),
    binary("copysign", .copysign),
    binary("heaviside", .heaviside),
    binary("nextafter", .nextafter),
    unary("spacing", .spacing),
    binary("gcd", .gcd),
    binary("lcm", .lcm),
    unary("floor", .floor),
    unary("ceil", .ceil),
    unary("trunc", .trunc),
    unary("real", .real),
    unary("imag", .imag),
    unary("conj", .conj, aliases: ["conjugate"], isMethod: true),
    ScriptFunction(
      "clip(x|a, min|a_min=None, max|a_max=None, \(elementwiseOptions))", isMethod: true,
      swift: "x.clip(min:max:)"
    ) { a in
      .array(
        try a.operand("x").clip(
          min: try a.optionalArray("min"), max: try a.optionalArray("max"), file: a.file,
          line: a.line))
    },
  ]

  private static let bitwise: [ScriptFunction] = [
    binary("bitwise_and", .bitwiseAnd, swift: "a .& b"),
    binary("bitwise_or", .bitwiseOr, swift: "a .| b"),
    binary("bitwise_xor", .bitwiseXor, swift: "a .^ b"),
    unary("bitwise_invert", .bitwiseInvert, aliases: ["invert", "bitwise_not"], swift: "~x"),
    binary("bitwise_left_shift", .bitwiseLeftShift, aliases: ["left_shift"], swift: "a << b"),
    binary("bitwise_right_shift", .bitwiseRightShift, aliases: ["right_shift"], swift: "a >> b"),
    unary("bitwise_count", .bitwiseCount, swift: "bitwiseCount(x)"),
  ]

  private static let exponential: [ScriptFunction] = [
    unary("sqrt", .sqrt),
    unary("cbrt", .cbrt),
    unary("exp", .exp),
    unary("exp2", .exp2),
    unary("expm1", .expm1),
    unary("log", .log),
    unary("log2", .log2),
    unary("log10", .log10),
    unary("log1p", .log1p),
    binary("logaddexp", .logaddexp),
    binary("logaddexp2", .logaddexp2),
    binary("hypot", .hypot),
    unary("erf", .erf),
  ]

  private static let trigonometric: [ScriptFunction] = [
    unary("sin", .sin),
    unary("cos", .cos),
    unary("tan", .tan),
    unary("asin", .asin, aliases: ["arcsin"]),
    unary("acos", .acos, aliases: ["arccos"]),
    unary("atan", .atan, aliases: ["arctan"]),
    binary("atan2", .atan2, aliases: ["arctan2"]),
    unary("sinh", .sinh),
    unary("cosh", .cosh),
    unary("tanh", .tanh),
    unary("asinh", .asinh, aliases: ["arcsinh"]),
    unary("acosh", .acosh, aliases: ["arccosh"]),
    unary("atanh", .atanh, aliases: ["arctanh"]),
  ]

  /// What every elementwise function takes behind its operands.
  static let elementwiseOptions =
    "out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True"

  /// A row for a function of one element.
  static func unary(
    _ name: String, _ function: ScalarFunction, aliases: [String] = [], isMethod: Bool = false,
    swift: String? = nil
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(x, /, \(elementwiseOptions))", aliases: aliases, isMethod: isMethod,
      swift: swift ?? "\(name)(x)", elementwise: function
    ) { a in
      .array(NDArray.apply(function, try a.operand("x"), site: a.site))
    }
  }

  /// A row for a function of two elements; two host numbers give an array with a dtype of its own.
  static func binary(
    _ name: String, _ function: ScalarFunction, aliases: [String] = [], swift: String? = nil
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(x1, x2, /, \(elementwiseOptions))", aliases: aliases,
      swift: swift ?? "\(name)(a, b)", elementwise: function
    ) { a in
      .array(NDArray.apply(function, try a.operand("x1"), try a.operand("x2"), site: a.site).strong)
    }
  }
}

extension ScriptArguments {
  /// An operand of an elementwise function, in the dtype asked for: `add(x, y, dtype=float64)`.
  func operand(_ name: String) throws -> NDArray {
    guard case .bool(true) = self["where"] else {
      throw failure(
        "where", "a mask leaves elements that NumPy does not define",
        hint: "use where(mask, result, others)")
    }
    let array = try array(name)
    guard let dtype = try optionalDType() else { return array }
    let rule = try string("casting", oneOf: Casting.allCases.map(\.rawValue))
    let casting = Casting(rawValue: rule) ?? .sameKind
    guard array.converts(to: dtype, casting: casting) else {
      throw failure(
        "dtype", "\(array.expr.type) does not convert to \(dtype) under '\(rule)'", code: .dtype)
    }
    try array.requireFits(dtype, signature.name, site)
    return array.strong.converted(to: dtype, site: site)
  }
}

extension NDArray {
  /// Whether the elements convert under a rule; a host number has a kind but no width.
  fileprivate func converts(to dtype: DType, casting: Casting) -> Bool {
    guard let weakKind, casting != .unsafe else {
      return self.dtype.canConvert(to: dtype, casting: casting)
    }
    return switch weakKind {
    case .bool: true
    case .integer: dtype != .bool
    case .float: dtype.isInexact
    case .complex: dtype.isComplex
    }
  }
}
