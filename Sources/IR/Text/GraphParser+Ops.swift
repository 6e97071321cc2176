/// An op as far as the text before its types tells it.
enum PendingOp {
  case input
  case constant(real: String, imaginary: String?)
  case iota(axis: Int)
  case random(lane: Int)
  case compress(axis: Int)
  case known(Op)
}

extension GraphParser {
  /// Reads what stands between `=` and the types.
  mutating func operation() throws(WeftError) -> (PendingOp, [Value]) {
    let start = offset
    guard case .word(let word) = token else { throw unexpected("an op") }
    try advance()
    guard let keyword = Keyword(rawValue: word) else {
      guard let f = functions[word] else {
        throw failure("no op and no function is named '\(word)'", at: start, .name)
      }
      return (.known(.map(f)), try operands())
    }
    switch keyword {
    case .input: return (.input, [])
    case .constant: return (try constant(), [])
    case .map:
      let f = try function()
      return (.known(.map(f)), try operands())
    case .reduce, .scan, .argreduce, .scatter:
      let f = try function()
      let operands = try operands()
      return (.known(try fold(keyword, f)), operands)
    case .contract: return try contraction()
    case .call:
      let start = offset
      let name = try name("a routine's name")
      let operands = try operands()
      return (.known(.call(try routine(name, try options(), at: start))), operands)
    default:
      let operands = try operands()
      return (try structural(keyword, operands), operands)
    }
  }

  /// Reads the attributes of an op that has neither function nor name.
  private mutating func structural(
    _ keyword: Keyword, _ operands: [Value]
  ) throws(WeftError) -> PendingOp {
    switch keyword {
    case .iota: return .iota(axis: try axis())
    case .random:
      try expectWord("lane")
      return .random(lane: try integer())
    case .convert:
      try expectWord("to")
      return .known(.convert(try dtype()))
    case .broadcast:
      try expectWord("to")
      let shape = try shape()
      let rank = operands.first.map { graph.type($0).rank } ?? 0
      let axes =
        token == .word("axes") ? try axes() : Op.trailingAxes(rank, of: shape) ?? []
      return .known(.broadcast(to: shape, axes: axes))
    case .reshape:
      try expectWord("to")
      return .known(.reshape(try shape()))
    case .permute: return .known(.permute(try axes()))
    case .slice: return .known(.slice(try list { (p) throws(WeftError) in try p.sliceSpan() }))
    case .pad: return .known(.pad(try list { (p) throws(WeftError) in try p.padSpan() }))
    case .reverse: return .known(.reverse(try axisSet()))
    case .concatenate: return .known(.concatenate(axis: try axis()))
    case .gather: return .known(.gather(axis: try axis()))
    case .compress: return .compress(axis: try axis())
    case .sort:
      let axis = try axis()
      return .known(.sort(axis: axis, descending: try takeWord("descending")))
    case .store: return .known(.store(try layout()))
    case .input, .constant, .map, .reduce, .scan, .argreduce, .scatter, .contract, .call:
      throw unexpected("a structural op")
    }
  }

  private mutating func fold(_ keyword: Keyword, _ f: ScalarFunction) throws(WeftError) -> Op {
    switch keyword {
    case .reduce: .reduce(f, try axisSet())
    case .scan: .scan(f, axis: try axis())
    case .argreduce: .argReduce(f, axis: try axis())
    default: .scatter(axis: try axis(), f)
    }
  }

  /// The op, now that the type of its first result is known, if the text gives it.
  func finish(
    _ pending: PendingOp, _ type: TensorType?, at start: Int
  ) throws(WeftError) -> Op {
    if case .known(let op) = pending { return op }
    if case .compress(let axis) = pending {
      guard let type else { return .compress(axis: axis, extent: Shape.freshUnknown()) }
      guard axis >= 0, axis < type.rank else {
        throw failure("axis \(axis) is out of range for \(type)", at: start, .axis)
      }
      return .compress(axis: axis, extent: type.shape[axis])
    }
    guard let type else { throw failure("this op needs a type after ':'", at: start) }
    switch pending {
    case .constant(let real, let imaginary):
      guard let scalar = scalar(real, imaginary, type.dtype) else {
        let text = imaginary.map { "(\(real), \($0))" } ?? real
        throw failure("\(text) is no \(type.dtype)", at: start)
      }
      return .constant(scalar)
    case .iota(let axis): return .iota(type, axis: axis)
    case .random(let lane): return .random(RandomStream(shape: type.shape, lane: lane))
    case .input, .compress, .known: throw failure("not an op", at: start)
    }
  }

  func scalar(_ real: String, _ imaginary: String?, _ dtype: DType) -> Scalar? {
    guard let imaginary else { return Scalar(literal: real, dtype) }
    guard dtype.isComplex, let re = Scalar.real(real, dtype.realPart),
      let im = Scalar.real(imaginary, dtype.realPart)
    else { return nil }
    return Scalar(re, im, dtype)
  }

  private mutating func operands() throws(WeftError) -> [Value] {
    var values: [Value] = []
    while let value = try operand() {
      values.append(value)
      guard try take(",") else { return values }
    }
    if !values.isEmpty { throw unexpected("a value") }
    return values
  }

  private mutating func function() throws(WeftError) -> ScalarFunction {
    let start = offset
    let name = try name("a function's name")
    guard let f = functions[name] else {
      throw failure("no function is named '\(name)'", at: start, .name)
    }
    return f
  }

  // MARK: - Constants

  private mutating func constant() throws(WeftError) -> PendingOp {
    let (real, imaginary) = try number()
    return .constant(real: real, imaginary: imaginary)
  }

  /// Reads `0.5` or `(0.5, 1.0)`.
  mutating func number() throws(WeftError) -> (real: String, imaginary: String?) {
    guard try take("(") else { return (try real(), nil) }
    let re = try real()
    try expect(",")
    let im = try real()
    try expect(")")
    return (re, im)
  }

  // MARK: - Contractions

  private mutating func contraction() throws(WeftError) -> (PendingOp, [Value]) {
    var values: [Value] = []
    var labels: [[Int]] = []
    var numbers: [String: Int] = [:]
    while token != .arrow {
      guard let value = try operand() else { throw unexpected("a value or '->'") }
      values.append(value)
      labels.append(try self.labels(&numbers))
      guard try take(",") else { break }
    }
    guard token == .arrow else { throw unexpected("'->'") }
    try advance()
    return (.known(.contract(Contraction(labels, to: try self.labels(&numbers)))), values)
  }

  private mutating func labels(_ numbers: inout [String: Int]) throws(WeftError) -> [Int] {
    let words = try list { (p) throws(WeftError) in try p.name("an index label") }
    return words.map { word in
      if let known = numbers[word] { return known }
      let next = numbers.count
      numbers[word] = next
      return next
    }
  }

  // MARK: - Routines

  /// Reads options in braces, if there are any.
  mutating func options() throws(WeftError) -> [String: String] {
    var options: [String: String] = [:]
    guard try take("{") else { return options }
    repeat {
      let key = try name("an option's name")
      try expect("=")
      if case .number(let text) = token {
        options[key] = text
        try advance()
      } else {
        options[key] = try name("an option's value")
      }
    } while try take(",")
    try expect("}")
    return options
  }

  private func routine(
    _ name: String, _ options: [String: String], at start: Int
  ) throws(WeftError) -> Routine {
    guard let make = routines[name] else {
      let known = routines.keys.sorted().joined(separator: ", ")
      throw failure(
        "no routine is named '\(name)'; known are: \(known.isEmpty ? "none" : known)", at: start,
        .name)
    }
    do {
      return try make(options)
    } catch let error as WeftError {
      throw located(error, at: start)
    } catch {
      throw failure("\(name): \(error)", at: start, .argument)
    }
  }
}
