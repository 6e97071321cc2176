import WeftIR

extension ScriptEvaluator {
  /// Gives a target a value.
  mutating func assign(
    _ value: ScriptValue, to target: ScriptTarget
  ) throws(ScriptFailure) {
    switch target {
    case .name(let name): variables[name.text] = value
    case .element(let base, let key, let range):
      try assign(value, toElement: key, of: base, range)
    case .unpacking(let targets, let range):
      let items = try located(range) {
        try ScriptValue.settling(value) { try $0[0].iterated("unpack", .none) }
      }
      guard let items else {
        throw ScriptFailure(
          WeftError(.argument, "unpack", "\(value.kindName) cannot be unpacked"), range)
      }
      guard items.count == targets.count else {
        throw ScriptFailure(
          WeftError(
            .value, "unpack", "\(items.count) values for \(targets.count) names"), range)
      }
      for (target, item) in zip(targets, items) { try assign(item, to: target) }
    }
  }

  /// `name[key] = value`: the name stands for a changed array from then on; others keep theirs.
  private mutating func assign(
    _ value: ScriptValue, toElement key: ScriptKey, of base: ScriptExpression, _ range: Range<Int>
  ) throws(ScriptFailure) {
    guard let name = base.name else {
      throw ScriptFailure(
        WeftError(
          .assignment, "script", "only an element of a variable can be assigned to",
          hint: "give the array a name first, and write one index: x[i, j] = value"), base.range)
    }
    let current = try self.value(of: name, base.range)
    let keyValue = try self.key(key)
    variables[name] = try operation(at: key.range.lowerBound, range) { site in
      try ScriptValue.settling(current, keyValue, value) { parts in
        try parts[0].replacing(parts[1], with: parts[2], site).checked()
      }
    }
  }

  /// `target op= value`; an array keeps its dtype, as NumPy's in-place operators do.
  mutating func augment(
    _ target: ScriptTarget, _ symbol: ScriptBinaryOperator, _ symbolRange: Range<Int>,
    _ expression: ScriptExpression, _ range: Range<Int>
  ) throws(ScriptFailure) -> ScriptValue {
    let current: ScriptValue
    switch target {
    case .name(let name): current = try value(of: name.text, name.range)
    case .element(let base, let key, let range):
      let owner = try evaluate(base)
      let keyValue = try self.key(key)
      current = try operation(at: key.range.lowerBound, range) { site in
        try ScriptValue.settling(owner, keyValue) { parts in
          try parts[0].element(at: parts[1], site).checked()
        }
      }
    case .unpacking(_, let range):
      throw ScriptFailure(
        WeftError(.assignment, "script", "cannot unpack into an augmented assignment"), range)
    }
    let operand = try evaluate(expression)
    let result = try operation(at: symbolRange.lowerBound, range) { site in
      try ScriptValue.settling(current, operand) { parts in
        let result = try ScriptValue.apply(symbol, parts[0], parts[1], site: site).checked()
        guard case .array(let old) = parts[0] else { return result }
        // One element is a number of its own, which the assignment converts.
        if case .element = target, old.rank == 0 { return result }
        return try result.replacingInPlace(old, symbol, site).checked()
      }
    }
    try assign(result, to: target)
    return result
  }
}

extension ScriptValue {
  /// The result of an in-place operator on an array: it fits and keeps the dtype.
  func replacingInPlace(
    _ old: NDArray, _ symbol: ScriptBinaryOperator, _ site: SourceSite
  ) throws(WeftError) -> ScriptValue {
    guard case .array(let new) = self else { return self }
    if old.rank != new.rank || old.shape != new.shape, old.rank > 0 || new.rank > 0 {
      throw WeftError(
        .broadcast, symbol.rawValue + "=",
        "the result is \(new.expr.type), which does not fit in \(old.expr.type)", site: site)
    }
    return .array(new.keepingDType(of: old, symbol.rawValue + "=", site: site))
  }
}
