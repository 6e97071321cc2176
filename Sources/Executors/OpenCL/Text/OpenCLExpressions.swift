import WeftIR

extension OpenCLWriter {
  func call(
    _ name: String, _ values: [WrittenValue], _ dtype: DType, _ lanes: Int
  ) -> WrittenValue {
    let arguments = values.map { spread($0, lanes) }.joined(separator: ", ")
    return define("\(name)(\(arguments))", dtype, lanes)
  }

  func bitcast(_ source: WrittenValue, to dtype: DType) -> WrittenValue {
    let lanes = common([source])
    let name = spread(source, lanes)
    let type = OpenCLNames.type(dtype, lanes)
    if OpenCLNames.type(source.dtype, lanes) == type { return result(name, dtype, lanes) }
    return define("as_\(type)(\(name))", dtype, lanes)
  }

  /// A value of an expression's text.
  func define(_ text: String, _ dtype: DType, _ lanes: Int) -> WrittenValue {
    result(emit(OpenCLNames.type(dtype, lanes), text), dtype, lanes)
  }

  /// A mask of an expression's text.
  private func defineMask(_ text: String, _ bytes: Int) -> WrittenValue {
    .mask(emit("\(OpenCLNames.signed(bytes))\(lanes)", text), bytes: bytes)
  }

  // MARK: - Primitives

  func operation(
    _ primitive: Primitive, _ values: [WrittenValue], _ dtype: DType,
    _ renderer: inout OpenCLRenderer
  ) -> WrittenValue {
    let lanes = common(values)
    if lanes == 1 { return define(scalar(primitive, values, dtype), dtype, 1) }
    let operandType = values[primitive == .select ? 1 : 0].dtype
    if operandType == .bool { return masks(primitive, values) }
    if primitive == .select {
      let (a, b) = (spread(values[1], lanes), spread(values[2], lanes))
      if values[0].isUniform {
        return define("\(scalar(values[0])) ? \(a) : \(b)", dtype, lanes)
      }
      let mask = mask(values[0], bytes: dtype.itemSize)
      return define("select(\(b), \(a), \(mask))", dtype, lanes)
    }
    let x = values.map { spread($0, lanes) }
    if primitive.isComparison {
      return defineMask("\(x[0]) \(Self.comparison(primitive)) \(x[1])", operandType.itemSize)
    }
    return define(vector(primitive, x, dtype, lanes), dtype, lanes)
  }

  private static func comparison(_ primitive: Primitive) -> String {
    switch primitive {
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    default: ">="
    }
  }

  private static func infix(_ primitive: Primitive) -> String {
    switch primitive {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .rest: "%"
    case .and: "&"
    case .or: "|"
    case .xor: "^"
    case .shiftLeft: "<<"
    default: ">>"
    }
  }

  /// What is on bools in several lanes.
  private func masks(_ primitive: Primitive, _ values: [WrittenValue]) -> WrittenValue {
    let bytes =
      values.compactMap { if case .mask(_, let bytes) = $0 { bytes } else { nil } }
      .first ?? 4
    let x = values.map { mask($0, bytes: bytes) }
    switch primitive {
    case .and, .or, .xor: return defineMask("\(x[0]) \(Self.infix(primitive)) \(x[1])", bytes)
    case .notEqual: return defineMask("\(x[0]) ^ \(x[1])", bytes)
    case .equal: return defineMask("~(\(x[0]) ^ \(x[1]))", bytes)
    case .less: return defineMask("~\(x[0]) & \(x[1])", bytes)
    case .lessEqual: return defineMask("~\(x[0]) | \(x[1])", bytes)
    case .greater: return defineMask("\(x[0]) & ~\(x[1])", bytes)
    case .greaterEqual: return defineMask("\(x[0]) | ~\(x[1])", bytes)
    default: return defineMask("(\(x[0]) & \(x[1])) | (~\(x[0]) & \(x[2]))", bytes)
    }
  }

  /// Functions of floats that OpenCL C has under a name.
  private static func named(_ primitive: Primitive) -> String? {
    switch primitive {
    case .fma, .sqrt, .copysign, .floor, .ceil, .trunc, .rint: primitive.rawValue
    case .abs: "fabs"
    default: nil
    }
  }

  private func scalar(
    _ primitive: Primitive, _ values: [WrittenValue], _ dtype: DType
  ) -> String {
    let x = values.map(scalar)
    if primitive == .select { return "\(x[0]) ? \(x[1]) : \(x[2])" }
    if primitive.isComparison { return "\(x[0]) \(Self.comparison(primitive)) \(x[1])" }
    if dtype == .bool { return "\(x[0]) \(Self.infix(primitive)) \(x[1])" }
    if dtype.isFloat {
      if let name = Self.named(primitive) { return "\(name)(\(x.joined(separator: ", ")))" }
      if primitive == .negate { return "-\(x[0])" }
      return "\(x[0]) \(Self.infix(primitive)) \(x[1])"
    }
    // Unsigned integers wrap, signed ones need not; narrow ones compute in wider ones.
    let type = OpenCLNames.element(dtype)
    let wide = dtype.itemSize == 8 ? "ulong" : "uint"
    switch primitive {
    case .add, .subtract, .multiply, .and, .or, .xor:
      return "(\(type))((\(wide))\(x[0]) \(Self.infix(primitive)) (\(wide))\(x[1]))"
    case .shiftLeft: return "(\(type))((\(wide))\(x[0]) << \(x[1]))"
    case .negate: return "(\(type))((\(wide))0 - (\(wide))\(x[0]))"
    case .abs:
      return dtype.kind == .unsigned
        ? x[0] : "(\(type))(\(x[0]) < 0 ? (\(wide))0 - (\(wide))\(x[0]) : (\(wide))\(x[0]))"
    case .countOnes: return "popcount(\(x[0]))"
    case .multiplyHigh: return "mul_hi(\(x[0]), \(x[1]))"
    default: return "(\(type))(\(x[0]) \(Self.infix(primitive)) \(x[1]))"
    }
  }

  private func vector(
    _ primitive: Primitive, _ x: [String], _ dtype: DType, _ lanes: Int
  ) -> String {
    if dtype.isFloat {
      if let name = Self.named(primitive) { return "\(name)(\(x.joined(separator: ", ")))" }
      if primitive == .negate { return "-\(x[0])" }
      return "\(x[0]) \(Self.infix(primitive)) \(x[1])"
    }
    let type = OpenCLNames.type(dtype, lanes)
    let wrapping = "\(OpenCLNames.unsigned(dtype.itemSize))\(lanes)"
    let u = dtype.kind == .unsigned ? x : x.map { "as_\(wrapping)(\($0))" }
    func back(_ text: String) -> String {
      dtype.kind == .unsigned ? text : "as_\(type)(\(text))"
    }
    switch primitive {
    case .add, .subtract, .multiply, .shiftLeft:
      return back("\(u[0]) \(Self.infix(primitive)) \(u[1])")
    case .negate: return back("(\(wrapping))(0) - \(u[0])")
    case .abs:
      return dtype.kind == .unsigned
        ? x[0] : "select(\(x[0]), \(back("(\(wrapping))(0) - \(u[0])")), \(x[0]) < (\(type))(0))"
    case .countOnes: return "popcount(\(x[0]))"
    case .multiplyHigh: return "mul_hi(\(x[0]), \(x[1]))"
    default: return "\(x[0]) \(Self.infix(primitive)) \(x[1])"
    }
  }

  func index(_ primitive: Primitive, _ a: String, _ b: String) -> String {
    emit("long", "\(a) \(Self.infix(primitive)) \(b)")
  }

  // MARK: - Conversions

  func convert(
    _ source: WrittenValue, to dtype: DType, _ renderer: inout OpenCLRenderer
  ) -> WrittenValue {
    let lanes = common([source])
    let from = source.dtype
    if from == dtype { return source }
    let type = OpenCLNames.type(dtype, lanes)
    if from == .bool {
      if lanes == 1 { return define("(\(type))(\(scalar(source)))", dtype, 1) }
      let mask = mask(source, bytes: dtype.itemSize)
      return define(
        dtype.isFloat
          ? "select((\(type))(0), (\(type))(1), \(mask))" : "as_\(type)(\(mask)) & (\(type))(1)",
        dtype, lanes)
    }
    let name = spread(source, lanes)
    if dtype == .bool {
      if lanes == 1 { return define("\(name) != 0", .bool, 1) }
      return defineMask("\(name) != (\(OpenCLNames.type(from, lanes)))(0)", from.itemSize)
    }
    if let helper = HalfFloatText.helper(from, dtype, lanes, &renderer) {
      return define("\(helper)(\(name))", dtype, lanes)
    }
    return define("convert_\(type)(\(name))", dtype, lanes)
  }
}

/// The conversions between half floats, which are stored as `ushort`, and float32, which devices
/// without half arithmetic need not have.
enum HalfFloatText {
  /// The name of the function that converts in some lanes; nil where neither dtype is a half float.
  static func helper(
    _ from: DType, _ to: DType, _ lanes: Int, _ renderer: inout OpenCLRenderer
  ) -> String? {
    let body: String
    switch (from, to) {
    case (.float16, _): body = widen
    case (_, .float16): body = narrow
    case (.bfloat16, _): body = "return as_F(convert_U(x) << 16);"
    case (_, .bfloat16): body = narrowBrain
    default: return nil
    }
    let isWidening = from == .float16 || from == .bfloat16
    return renderer.helper("\(to.name)_of_\(from.name)_\(lanes)") { name in
      let (half, float) = (
        OpenCLNames.vector("ushort", lanes), OpenCLNames.vector("float", lanes)
      )
      let (result, operand) = isWidening ? (float, half) : (half, float)
      var text = body
      for (letter, type) in [("F", float), ("U", "uint"), ("I", "int"), ("H", half)] {
        let type = letter == "U" || letter == "I" ? OpenCLNames.vector(type, lanes) : type
        text = text.replacing(word: letter, by: type)
      }
      return "static inline \(result) \(name)(\(operand) x) {\n  \(text)\n}\n"
    }
  }

  // Comparisons are 1 in one lane and -1 in several; `select` takes either.
  private static let widen = """
    const U h = convert_U(x), m = h & 0x7fff;
      const U normal = (m << 13) + (112u << 23);
      const U small = as_U(convert_F(m) * 0x1p-24f);
      const U finite = select(normal, small, m < 0x400);
      return as_F(select(finite, (m << 13) | 0x7f800000u, m >= 0x7c00) | (h & 0x8000) << 16);
    """
  private static let narrow = """
    const U u = as_U(x), a = u & 0x7fffffffu;
      const U normal = (a - 0x38000000u + 0xfffu + ((a >> 13) & 1)) >> 13;
      const U small = as_U(as_F(a) + 0.5f) - 0x3f000000u;
      const U finite = select(normal, small, a < 0x38800000u);
      const U number = select(finite, (U)(0x7c00u), a >= 0x47800000u);
      const U all = select(number, 0x7e00u | ((a >> 13) & 0x3ff), a > 0x7f800000u);
      return convert_H(all | ((u >> 16) & 0x8000));
    """
  private static let narrowBrain = """
    const U u = as_U(x), rounded = (u + ((u >> 16) & 1) + 0x7fffu) >> 16;
      const U all = select(rounded, (u >> 16) | 64u, (u & 0x7fffffffu) > 0x7f800000u);
      return convert_H(all);
    """
}

extension String {
  /// The text with a letter that stands by itself, or ends a name after an underscore, replaced.
  fileprivate func replacing(word: String, by text: String) -> String {
    var result = ""
    var before: Character = " "
    let characters = Array(self)
    for (n, c) in characters.enumerated() {
      let after = n + 1 < characters.count ? characters[n + 1] : " "
      let isWord =
        String(c) == word && !before.isLetter && !before.isNumber && !after.isLetter
        && !after.isNumber && after != "_"
      result += isWord ? text : String(c)
      before = c
    }
    return result
  }
}
