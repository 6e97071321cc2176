import WeftIR

extension ScriptEvaluator {
  /// A value with attributes, calls and indices applied from left to right.
  mutating func postfix(
    _ base: ScriptExpression, _ trailers: ArraySlice<ScriptTrailer>
  ) throws(ScriptFailure) -> ScriptValue {
    var result = try evaluate(base)
    var range = base.range
    for (position, trailer) in trailers.enumerated() {
      let whole = range.lowerBound..<trailer.range.upperBound
      switch trailer.kind {
      case .attribute(let name):
        result = try attribute(name, of: result, trailer.range, whole)
      case .call(let arguments):
        result = try call(
          result, arguments, receiver: range, owner: position == 1 ? base.name : nil,
          anchor: trailer.range.lowerBound, whole)
      case .index(let key):
        let (value, operand) = (try self.key(key), result)
        result = try operation(at: key.range.lowerBound, whole) { site in
          try ScriptValue.settling(operand, value) { parts in
            try parts[0].element(at: parts[1], site).checked()
          }
        }
      }
      range = whole
    }
    return result
  }

  // MARK: Attributes

  private mutating func attribute(
    _ name: String, of value: ScriptValue, _ range: Range<Int>, _ whole: Range<Int>
  ) throws(ScriptFailure) -> ScriptValue {
    if case .module(let module) = value { return try member(name, of: module, range) }
    var result: ScriptValue?
    if case .array(let array) = value {
      remember(range.lowerBound, whole)
      let site = SourceSite(file: ScriptSite.file, line: UInt(range.lowerBound))
      result = try located(whole) {
        let attribute = try array.scriptAttribute(name, site)
        try attribute?.checkForErrors()
        return attribute
      }
      if result == nil, let method = table.method(name) { return .method(method, value) }
    } else {
      result = value.attribute(name)
      if result == nil, let method = method(name, of: value) { return .method(method, value) }
    }
    if let result { return result }
    throw ScriptFailure(
      WeftError(.name, "script", "\(value.kindName) has no attribute '\(name)'"), range)
  }

  /// A method of a function or a random generator; nil where there is none.
  private func method(_ name: String, of value: ScriptValue) -> ScriptFunction? {
    switch value {
    case .function(let function): function.functionMethod(name, in: table)
    case .generator: table["random.Generator." + name]
    default: nil
    }
  }

  // MARK: Calls

  private mutating func call(
    _ callee: ScriptValue, _ arguments: [ScriptArgument], receiver: Range<Int>, owner: String?,
    anchor: Int, _ whole: Range<Int>
  ) throws(ScriptFailure) -> ScriptValue {
    var positional: [ScriptArgumentValue] = []
    var keywords: [ScriptKeywordValue] = []
    let function: ScriptFunction
    switch callee {
    case .function(let row): function = row
    case .method(let row, let value):
      function = row
      positional.append(ScriptArgumentValue(value, receiver))
    case .dtype(let dtype):
      function = ScriptFunction.conversion(to: dtype)
    default:
      throw ScriptFailure(
        WeftError(.argument, "call", "\(callee.kindName) cannot be called"), receiver)
    }
    for argument in arguments {
      let value = try evaluate(argument.value)
      switch argument.kind {
      case .positional: positional.append(ScriptArgumentValue(value, argument.range))
      case .keyword(let name):
        keywords.append(ScriptKeywordValue(name.text, value, argument.value.range))
      case .unpacked:
        let items = try located(argument.range) {
          try ScriptValue.settling(value) { try $0[0].iterated("*", .none) }
        }
        guard let items else {
          throw ScriptFailure(
            WeftError(.argument, "*", "\(value.kindName) cannot be unpacked"), argument.range)
        }
        positional += items.map { ScriptArgumentValue($0, argument.range) }
      }
    }
    remember(anchor, whole)
    let result = try located(whole) {
      try function.call(positional, keywords, anchor: anchor)
    }
    if function.isInPlace {
      // The variable whose array NumPy's function would write into.
      var target = owner
      if case .method(_, .array) = callee {} else { target = arguments.first?.value.name }
      if let target, variables[target] != nil { variables[target] = result }
    }
    return result
  }

  // MARK: Keys

  /// The value of what stands between brackets.
  mutating func key(_ key: ScriptKey) throws(ScriptFailure) -> ScriptValue {
    var items: [ScriptValue] = []
    for item in key.items {
      switch item {
      case .expression(let expression): items.append(try evaluate(expression))
      case .slice(let slice):
        items.append(
          .slice(
            start: try bound(slice.start), stop: try bound(slice.stop),
            step: try bound(slice.step)))
      }
    }
    if !key.isTuple { return items[0] }
    return try located(key.range) { try ScriptValue.tuple(items) }
  }

  private mutating func bound(
    _ expression: ScriptExpression?
  ) throws(ScriptFailure) -> ScriptValue {
    guard let expression else { return .none }
    return try evaluate(expression)
  }
}
