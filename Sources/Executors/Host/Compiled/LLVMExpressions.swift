import WeftIR

extension LLVMWriter {
  func call(
    _ name: String, _ values: [WrittenValue], _ dtype: DType, _ lanes: Int
  ) -> WrittenValue {
    let arguments = values.map { "\(LLVMNames.type($0.dtype, lanes)) \(spread($0, lanes))" }
    return result(
      emit("call \(LLVMNames.type(dtype, lanes)) \(name)(\(arguments.joined(separator: ", ")))"),
      dtype, lanes)
  }

  func entry(
    _ bits: [UInt64], _ index: WrittenValue, _ dtype: DType, _ renderer: inout LLVMRenderer
  ) -> WrittenValue {
    let stored: DType = dtype.itemSize == 8 ? .uint64 : .uint32
    let place = index.dtype.itemSize == 8 ? index : convert(index, to: .int64, &renderer)
    return bitcast(load(renderer.table(bits, stored), stored, at: place, &renderer), to: dtype)
  }

  func bitcast(_ source: WrittenValue, to dtype: DType) -> WrittenValue {
    let lanes = common([source])
    let (from, to) = (LLVMNames.type(source.dtype, lanes), LLVMNames.type(dtype, lanes))
    let name = spread(source, lanes)
    return result(from == to ? name : emit("bitcast \(from) \(name) to \(to)"), dtype, lanes)
  }

  // MARK: - Primitives

  func operation(
    _ primitive: Primitive, _ values: [WrittenValue], _ dtype: DType, _ renderer: inout LLVMRenderer
  ) -> WrittenValue {
    let lanes = common(values)
    let operandType = values[primitive == .select ? 1 : 0].dtype
    let type = LLVMNames.type(operandType, lanes)
    if primitive == .select {
      let condition =
        values[0].isUniform
        ? "i1 \(scalar(values[0]))" : "<\(lanes) x i1> \(spread(values[0], lanes))"
      return result(
        emit(
          "select \(condition), \(type) \(spread(values[1], lanes)), "
            + "\(type) \(spread(values[2], lanes))"), dtype, lanes)
    }
    let names = values.map { spread($0, lanes) }
    let text: String
    if primitive.isComparison {
      text = "\(comparison(primitive, operandType)) \(type) \(names[0]), \(names[1])"
    } else if let word = instruction(primitive, operandType) {
      text = "\(word) \(type) \(names.joined(separator: ", "))"
    } else {
      return result(
        special(primitive, names, operandType, lanes, &renderer), dtype, lanes)
    }
    return result(emit(text), dtype, lanes)
  }

  private func comparison(_ primitive: Primitive, _ dtype: DType) -> String {
    let word =
      switch primitive {
      case .equal: dtype.isFloat ? "oeq" : "eq"
      case .notEqual: dtype.isFloat ? "une" : "ne"
      case .less: dtype.isFloat ? "olt" : dtype.kind == .signed ? "slt" : "ult"
      case .lessEqual: dtype.isFloat ? "ole" : dtype.kind == .signed ? "sle" : "ule"
      case .greater: dtype.isFloat ? "ogt" : dtype.kind == .signed ? "sgt" : "ugt"
      default: dtype.isFloat ? "oge" : dtype.kind == .signed ? "sge" : "uge"
      }
    return (dtype.isFloat ? "fcmp " : "icmp ") + word
  }

  /// The instruction that is a primitive, if one is.
  private func instruction(_ primitive: Primitive, _ dtype: DType) -> String? {
    let (float, signed) = (dtype.isFloat, dtype.kind == .signed)
    switch primitive {
    case .add: return float ? "fadd" : "add"
    case .subtract: return float ? "fsub" : "sub"
    case .multiply: return float ? "fmul" : "mul"
    case .divide: return float ? "fdiv" : signed ? "sdiv" : "udiv"
    case .rest: return signed ? "srem" : "urem"
    case .negate: return float ? "fneg" : nil
    case .and: return "and"
    case .or: return "or"
    case .xor: return "xor"
    case .shiftLeft: return "shl"
    case .shiftRight: return signed ? "ashr" : "lshr"
    default: return nil
    }
  }

  /// What is an intrinsic, or several instructions.
  private func special(
    _ primitive: Primitive, _ names: [String], _ dtype: DType, _ lanes: Int,
    _ renderer: inout LLVMRenderer
  ) -> String {
    let type = LLVMNames.type(dtype, lanes)
    let suffix = LLVMNames.suffix(LLVMNames.scalar(dtype), lanes)
    func intrinsic(_ name: String, _ extra: String = "") -> String {
      let parameters = names.map { _ in type } + (extra.isEmpty ? [] : ["i1"])
      renderer.declare(type, "llvm.\(name).\(suffix)", parameters)
      let arguments = names.map { "\(type) \($0)" }.joined(separator: ", ")
      return emit("call \(type) @llvm.\(name).\(suffix)(\(arguments)\(extra))")
    }
    switch primitive {
    case .negate: return emit("sub \(type) \(lanes == 1 ? "0" : "zeroinitializer"), \(names[0])")
    case .abs: return dtype.isFloat ? intrinsic("fabs") : intrinsic("abs", ", i1 false")
    case .countOnes: return intrinsic("ctpop")
    case .multiplyHigh:
      let bits = dtype.itemSize * 8
      let wide = LLVMNames.vector("i\(bits * 2)", lanes)
      let a = emit("zext \(type) \(names[0]) to \(wide)")
      let b = emit("zext \(type) \(names[1]) to \(wide)")
      let product = emit("mul \(wide) \(a), \(b)")
      let shift = splat("\(bits)", "i\(bits * 2)", lanes)
      let high = emit("lshr \(wide) \(product), \(shift)")
      return emit("trunc \(wide) \(high) to \(type)")
    default: return intrinsic(primitive.rawValue)
    }
  }

  func index(_ primitive: Primitive, _ a: String, _ b: String) -> String {
    let result = emit("\(instruction(primitive, .int64) ?? "add") i64 \(a), \(b)")
    if primitive == .add, b == "1" { predecessors[result] = a }
    return result
  }

  // MARK: - Conversions

  func convert(
    _ source: WrittenValue, to dtype: DType, _ renderer: inout LLVMRenderer
  ) -> WrittenValue {
    let lanes = common([source])
    let name = convert(spread(source, lanes), source.dtype, to: dtype, lanes)
    return result(name, dtype, lanes)
  }

  private func convert(
    _ name: String, _ from: DType, to: DType, _ lanes: Int
  ) -> String {
    if from == to { return name }
    if from == .bfloat16 { return widenBFloat16(name, lanes) }
    if to == .bfloat16 { return narrowBFloat16(name, lanes) }
    let (source, target) = (LLVMNames.type(from, lanes), LLVMNames.type(to, lanes))
    let word: String
    switch (from.kind, to.kind) {
    case (.bool, .float): word = "uitofp"
    case (.bool, _): word = "zext"
    case (.float, .float): word = from.itemSize < to.itemSize ? "fpext" : "fptrunc"
    case (.float, .signed): word = "fptosi"
    case (.float, .unsigned): word = "fptoui"
    case (.float, _):
      return emit("fcmp une \(source) \(name), \(lanes == 1 ? "0.0" : "zeroinitializer")")
    case (.signed, .float): word = "sitofp"
    case (.unsigned, .float): word = "uitofp"
    case (_, .bool):
      return emit("icmp ne \(source) \(name), \(lanes == 1 ? "0" : "zeroinitializer")")
    default:
      if from.itemSize == to.itemSize { return name }
      word = from.itemSize > to.itemSize ? "trunc" : from.kind == .signed ? "sext" : "zext"
    }
    return emit("\(word) \(source) \(name) to \(target)")
  }

  private func widenBFloat16(_ name: String, _ lanes: Int) -> String {
    let wide = LLVMNames.vector("i32", lanes)
    let bits = emit("zext \(LLVMNames.vector("i16", lanes)) \(name) to \(wide)")
    let shifted = emit("shl \(wide) \(bits), \(splat("16", "i32", lanes))")
    return emit("bitcast \(wide) \(shifted) to \(LLVMNames.type(.float32, lanes))")
  }

  /// Rounds to the nearest, ties to even; NaN stays quiet.
  private func narrowBFloat16(_ name: String, _ lanes: Int) -> String {
    let (wide, narrow) = (LLVMNames.vector("i32", lanes), LLVMNames.vector("i16", lanes))
    let float = LLVMNames.type(.float32, lanes)
    let bits = emit("bitcast \(float) \(name) to \(wide)")
    let high = emit("lshr \(wide) \(bits), \(splat("16", "i32", lanes))")
    let odd = emit("and \(wide) \(high), \(splat("1", "i32", lanes))")
    let bias = emit("add \(wide) \(odd), \(splat("32767", "i32", lanes))")
    let sum = emit("add \(wide) \(bits), \(bias)")
    let rounded = emit("lshr \(wide) \(sum), \(splat("16", "i32", lanes))")
    let quiet = emit("or \(wide) \(high), \(splat("64", "i32", lanes))")
    let isNaN = emit("fcmp uno \(float) \(name), \(name)")
    let chosen = emit(
      "select \(LLVMNames.vector("i1", lanes)) \(isNaN), \(wide) \(quiet), \(wide) \(rounded)")
    return emit("trunc \(wide) \(chosen) to \(narrow)")
  }
}
