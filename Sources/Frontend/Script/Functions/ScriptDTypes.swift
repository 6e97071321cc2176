import WeftIR

extension ScriptFunction {
  /// Functions about dtypes, and conversions.
  static let dtypes: [ScriptFunction] = [
    ScriptFunction(
      "astype(x, dtype, /, *, copy=True, device=None, casting='unsafe')", isMethod: true,
      swift: "x.asType(dtype)"
    ) { a in
      .array(try a.array("x").strong.converted(to: try a.dtype(), site: a.site))
    },
    ScriptFunction(
      "can_cast(from_, to, /, casting='safe')", swift: "dtype.canConvert(to:casting:)"
    ) { a in
      let target = try a.dtype("to")
      let name = try a.string("casting", oneOf: Casting.allCases.map(\.rawValue))
      let casting = Casting(rawValue: name) ?? .safe
      if case .array(let array) = a["from_"] {
        return .bool(array.dtype.canConvert(to: target, casting: casting))
      }
      return .bool(try a.dtype("from_").canConvert(to: target, casting: casting))
    },
    ScriptFunction("result_type(*arrays_and_dtypes)", swift: "a.promoted(with: b)") { a in
      .dtype(try promotedType(of: a.rest("arrays_and_dtypes"), a))
    },
    ScriptFunction("promote_types(type1, type2, /)", swift: "a.promoted(with: b)") { a in
      .dtype(try a.dtype("type1").promoted(with: try a.dtype("type2")))
    },
    ScriptFunction("isdtype(dtype, kind, /)", swift: "dtype.kind") { a in
      .bool(try a["kind"].matches(try a.dtype(), a))
    },
    ScriptFunction("finfo(type|dtype, /)", swift: "Float.ulpOfOne, ...") { a in
      .record(try floatLimits(of: try dtypeOfArgument("type", a), a))
    },
    ScriptFunction("iinfo(type|int_type, /)", swift: "dtype.integerRange") { a in
      .record(try integerLimits(of: try dtypeOfArgument("type", a), a))
    },
    hostConversion("bool") { .bool(try $0.truth()) },
    hostConversion("int") { .integer(try $0.truncated()) },
    hostConversion("float") { .real(try $0.floated()) },
    hostConversion("complex") { value in
      let (re, im) = try value.complexParts()
      return .complex(re, im)
    },
  ]

  /// A dtype called as a function: `float32(x)`.
  static func conversion(to dtype: DType) -> ScriptFunction {
    ScriptFunction("\(dtype)(x=0, /)", swift: "x.asType(.\(dtype))") { a in
      .array(try a.array("x").strong.converted(to: dtype, site: a.site))
    }
  }

  /// `int(x)` and the like: a host number from one, or from an array of one element.
  private static func hostConversion(
    _ name: String, _ convert: @escaping @Sendable (ScriptValue) throws -> ScriptValue
  ) -> ScriptFunction {
    ScriptFunction("\(name)(x=0, /)", swift: "try x.item()") { a in try convert(a["x"]) }
  }

  /// The dtype that arrays, dtypes and host numbers promote to; numbers are weak beside the others.
  private static func promotedType(
    of values: [ScriptValue], _ a: ScriptArguments
  ) throws -> DType {
    var dtypes: [DType] = []
    var weak: WeakKind?
    for value in values {
      if let (_, kind) = try value.hostScalar() {
        weak = weak.map { max($0, kind) } ?? kind
        continue
      }
      let next: DType
      if case .array(let array) = value {
        next = array.dtype
      } else if let given = value.asDType() {
        next = given
      } else {
        throw a.failure(
          "arrays_and_dtypes", "\(value.summary) is neither an array, a number nor a dtype")
      }
      dtypes.append(next)
    }
    switch (DType.promoted(dtypes), weak) {
    case (let dtype?, let kind?): return dtype.promoted(withWeak: kind)
    case (let dtype?, nil): return dtype
    case (nil, let kind?): return kind.defaultDType
    case (nil, nil):
      throw a.failure("arrays_and_dtypes", "needs at least one array or dtype")
    }
  }

  /// A dtype, or that of an array.
  private static func dtypeOfArgument(_ name: String, _ a: ScriptArguments) throws -> DType {
    if case .array(let array) = a[name] { return array.dtype }
    return try a.dtype(name)
  }

  private static func floatLimits(
    of given: DType, _ a: ScriptArguments
  ) throws -> ScriptRecord {
    let dtype = given.realPart
    let (eps, max, tiny): (Double, Double, Double)
    switch dtype {
    case .float16: (eps, max, tiny) = (0x1p-10, 65504, 0x1p-14)
    case .bfloat16: (eps, max, tiny) = (0x1p-7, 0x1.FEp127, 0x1p-126)
    case .float32:
      (eps, max, tiny) = (
        Double(Float.ulpOfOne), Double(Float.greatestFiniteMagnitude),
        Double(Float.leastNormalMagnitude)
      )
    case .float64:
      (eps, max, tiny) = (.ulpOfOne, .greatestFiniteMagnitude, .leastNormalMagnitude)
    default: throw a.failure("type", "\(given) is no float dtype", code: .dtype)
    }
    return ScriptRecord(
      "finfo",
      [
        ("bits", .integer(dtype.bitWidth)), ("eps", .real(eps)), ("max", .real(max)),
        ("min", .real(-max)), ("smallest_normal", .real(tiny)), ("tiny", .real(tiny)),
        ("dtype", .dtype(dtype)),
      ], isTuple: false)
  }

  private static func integerLimits(
    of dtype: DType, _ a: ScriptArguments
  ) throws -> ScriptRecord {
    guard dtype.isInteger, let range = dtype.integerRange else {
      throw a.failure("type", "\(dtype) is no integer dtype", code: .dtype)
    }
    return ScriptRecord(
      "iinfo",
      [
        ("bits", .integer(dtype.bitWidth)), ("max", .integer(Int128(range.max))),
        ("min", .integer(Int128(range.min))), ("dtype", .dtype(dtype)),
      ], isTuple: false)
  }
}

extension ScriptValue {
  /// Whether a dtype is of this kind: a dtype, the standard's name of a kind, or a tuple of those.
  fileprivate func matches(_ dtype: DType, _ a: ScriptArguments) throws -> Bool {
    if let items {
      for item in items where try item.matches(dtype, a) { return true }
      return false
    }
    guard case .string(let name) = self else {
      guard let other = asDType() else {
        throw a.failure("kind", "\(summary) is neither a dtype nor a kind of dtypes")
      }
      return other == dtype
    }
    switch name {
    case "bool": return dtype == .bool
    case "signed integer": return dtype.kind == .signed
    case "unsigned integer": return dtype.kind == .unsigned
    case "integral": return dtype.isInteger
    case "real floating": return dtype.isFloat
    case "complex floating": return dtype.isComplex
    case "numeric": return dtype != .bool
    default:
      throw a.failure(
        "kind", "\(summary) is no kind of dtypes",
        hint: "kinds are 'bool', 'signed integer', 'unsigned integer', 'integral', "
          + "'real floating', 'complex floating', 'numeric'")
    }
  }

  /// The element of an array of one element, or the value itself; computes.
  private func single(_ operation: String) throws -> ScriptValue {
    guard case .array(let array) = self else { return self }
    if let count = array.count, count != 1 {
      throw WeftError(
        .scalarConversion, operation, "\(array.expr.type) has \(count) elements, not one")
    }
    let buffer = try array.buffer()
    guard buffer.count == 1 else {
      throw WeftError(.scalarConversion, operation, "\(buffer.type) has not just one element")
    }
    return ScriptValue(buffer.scalar(at: 0))
  }

  /// A scalar as a host value.
  init(_ scalar: Scalar) {
    switch scalar.dtype.kind {
    case .bool: self = .bool(scalar.boolValue)
    case .signed: self = .integer(Int128(scalar.intValue))
    case .unsigned: self = .integer(Int128(scalar.uintValue))
    case .float: self = .real(scalar.doubleValue)
    case .complex: self = .complex(scalar.doubleValue, scalar.imaginary)
    }
  }

  /// Python's `int(x)`.
  func truncated() throws -> Int128 {
    switch try single("int") {
    case .bool(let value): return value ? 1 : 0
    case .integer(let value): return value
    case .real(let value):
      if let result = Int128(exactly: value.rounded(.towardZero)) { return result }
      throw WeftError(.outOfRange, "int", "\(value) is no integer of 128 bits")
    case .string(let text):
      if let value = Int128(text) { return value }
      throw WeftError(.value, "int", "\(summary) is no integer")
    default:
      throw WeftError(.argument, "int", "\(summary) is no real number")
    }
  }

  /// Python's `float(x)`.
  func floated() throws -> Double {
    let value = try single("float")
    if case .string(let text) = value, let result = Double(text) { return result }
    if case .array = value { throw WeftError(.argument, "float", "\(summary) is no real number") }
    guard let result = try value.asReal() else {
      throw WeftError(.argument, "float", "\(summary) is no real number")
    }
    return result
  }

  /// Python's `complex(x)` as its parts.
  func complexParts() throws -> (Double, Double) {
    let value = try single("complex")
    if case .complex(let re, let im) = value { return (re, im) }
    return (try value.floated(), 0)
  }
}
