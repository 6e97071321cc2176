import WeftIR

extension ScriptFunction {
  /// Functions that write arrays and numbers as text.
  static let formatting: [ScriptFunction] = [
    ScriptFunction("str(object, /)", aliases: ["array.__str__"], swift: "x.formatted()") { a in
      .string(try a["object"].pythonText(isRepresentation: false))
    },
    ScriptFunction("repr(object, /)", aliases: ["array.__repr__"], swift: "x.representation()") {
      a in
      .string(try a["object"].pythonText(isRepresentation: true))
    },
    ScriptFunction(
      "array_str(a, max_line_width=None, precision=None, suppress_small=None)",
      swift: "x.formatted(options:)"
    ) { a in
      .string(try a.array("a").formatted(options: try formatOptions(a)))
    },
    ScriptFunction(
      "array_repr(arr, max_line_width=None, precision=None, suppress_small=None)",
      swift: "x.representation(options:)"
    ) { a in
      .string(try a.array("arr").representation(options: try formatOptions(a)))
    },
    ScriptFunction(
      "array2string(a, max_line_width=None, precision=None, suppress_small=None, "
        + "separator=' ', prefix='', *, threshold=None, edgeitems=None, sign=None, "
        + "floatmode=None, suffix='')", swift: "x.array2string(separator:options:)"
    ) { a in
      var options = try formatOptions(a)
      if let threshold = try a.optionalInt("threshold") { options.threshold = threshold }
      if let edgeItems = try a.optionalInt("edgeitems") { options.edgeItems = edgeItems }
      if !a.isNone("sign") {
        let name = try a.string("sign", oneOf: FormatOptions.Sign.allCases.map(\.rawValue))
        options.sign = FormatOptions.Sign(rawValue: name) ?? options.sign
      }
      if !a.isNone("floatmode") {
        let name = try a.string(
          "floatmode", oneOf: FormatOptions.FloatMode.allCases.map(\.rawValue))
        options.floatMode = FormatOptions.FloatMode(rawValue: name) ?? options.floatMode
      }
      return .string(
        try a.array("a").array2string(
          separator: try a.string("separator"), prefix: try a.string("prefix"),
          suffix: try a.string("suffix"), options: options))
    },
    ScriptFunction(
      "format_float_positional(x, precision=None, unique=True, fractional=True, trim='k', "
        + "sign=False, pad_left=None, pad_right=None, min_digits=None)",
      swift: "formatFloatPositional(x)"
    ) { a in
      var style = try decimalText(a)
      style.countsFromPoint = try a.bool("fractional")
      if !style.countsFromPoint && style.precision == 0 {
        throw a.failure("precision", "precision is 0, expected more where fractional is False")
      }
      style.rightWidth = try count("pad_right", a) ?? -1
      return .string(style.text(try float("x", a), isScientific: false))
    },
    ScriptFunction(
      "format_float_scientific(x, precision=None, unique=True, trim='k', sign=False, "
        + "pad_left=None, exp_digits=None, min_digits=None)", swift: "formatFloatScientific(x)"
    ) { a in
      var style = try decimalText(a)
      style.exponentWidth = try count("exp_digits", a) ?? 2
      return .string(style.text(try float("x", a), isScientific: true))
    },
    ScriptFunction("get_printoptions()", swift: "FormatOptions.current") { _ in
      let options = FormatOptions.current
      return .record(
        ScriptRecord(
          "printoptions",
          [
            ("precision", .integer(options.precision)), ("threshold", .integer(options.threshold)),
            ("edgeitems", .integer(options.edgeItems)), ("linewidth", .integer(options.lineWidth)),
            ("suppress", .bool(options.suppressesSmall)), ("nanstr", .string(options.nanText)),
            ("infstr", .string(options.infinityText)), ("sign", .string(options.sign.rawValue)),
            ("floatmode", .string(options.floatMode.rawValue)),
          ], isTuple: false))
    },
  ]

  private static func formatOptions(_ a: ScriptArguments) throws -> FormatOptions {
    var options = FormatOptions.current
    if let width = try a.optionalInt("max_line_width") { options.lineWidth = width }
    if let precision = try a.optionalInt("precision") { options.precision = precision }
    if !a.isNone("suppress_small") { options.suppressesSmall = try a.bool("suppress_small") }
    return options
  }

  private static func decimalText(_ a: ScriptArguments) throws -> DecimalText {
    var style = DecimalText()
    style.isShortest = try a.bool("unique")
    style.precision = try count("precision", a)
    style.leastDigits = try count("min_digits", a)
    if let least = style.leastDigits, let most = style.precision, most > 0, least > most {
      throw a.failure("min_digits", "min_digits is \(least), expected at most precision, \(most)")
    }
    if !style.isShortest && style.precision == nil {
      throw a.failure("precision", "precision is None, expected a number where unique is False")
    }
    let trims: [DecimalText.Trim] = [.keep, .zeros, .allButOneZero, .zerosAndPoint]
    let name = try a.string("trim", oneOf: trims.map(\.rawValue))
    style.trim = DecimalText.Trim(rawValue: name) ?? .keep
    style.showsPlus = try a.bool("sign")
    style.leftWidth = try count("pad_left", a) ?? 0
    return style
  }

  /// A number of characters or digits; nil for None.
  private static func count(_ name: String, _ a: ScriptArguments) throws -> Int? {
    guard let count = try a.optionalInt(name) else { return nil }
    guard count >= 0, count <= 16_000 else {
      throw a.failure(name, "\(name) is \(count), expected 0 to 16000")
    }
    return count
  }

  private static func float(_ name: String, _ a: ScriptArguments) throws -> Scalar {
    let scalar = try a.scalar(name)
    guard scalar.dtype.isComplex else {
      return scalar.dtype.isFloat ? scalar : scalar.converted(to: .float64)
    }
    throw a.failure(name, "'\(name)' is complex, expected a real number", code: .dtype)
  }
}

extension DecimalText {
  fileprivate func text(_ value: Scalar, isScientific: Bool) -> String {
    let number = value.doubleValue
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : showsPlus ? "+inf" : "inf" }
    let binary = BinaryFloat(number, value.dtype)
    return String(
      decoding: isScientific ? scientific(binary) : positional(binary), as: UTF8.self)
  }
}
