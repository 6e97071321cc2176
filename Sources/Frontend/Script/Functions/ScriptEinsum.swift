import WeftIR

extension ScriptFunction {
  /// Sums of products in Einstein's notation and their order.
  static let contractions: [ScriptFunction] = [
    ScriptFunction(
      "einsum(*operands, optimize=False, dtype=None)",
      swift: "einsum(\"ij,jk->ik\", a, b, optimize:)"
    ) { a in
      let (optimizer, limit) = try a.einsumOptimizer()
      guard limit == nil else {
        throw a.failure("optimize", "a limit of memory goes with einsum_path alone")
      }
      switch try a.einsumOperands() {
      case .text(let subscripts, let operands):
        return .array(
          einsum(subscripts, operands, optimize: optimizer, file: a.file, line: a.line))
      case .labels(let operands, let output):
        return .array(
          einsum(
            operands: operands, output: output, optimize: optimizer, file: a.file, line: a.line))
      }
    },
    ScriptFunction(
      "einsum_path(*operands, optimize='greedy')",
      swift: "einsumPath(\"ij,jk->ik\", a, b, optimize:)"
    ) { a in
      let (optimizer, limit) = try a.einsumOptimizer()
      let path: EinsumPath
      switch try a.einsumOperands() {
      case .text(let subscripts, let operands):
        path = try einsumPath(
          subscripts, operands, optimize: optimizer, memoryLimit: limit, file: a.file,
          line: a.line)
      case .labels(let operands, let output):
        path = try einsumPath(
          operands: operands, output: output, optimize: optimizer, memoryLimit: limit,
          file: a.file, line: a.line)
      }
      var items: [ScriptValue] = [.string("einsum_path")]
      for step in path.path { items.append(try .tuple(step.map { .integer($0) })) }
      return try .tuple([try .list(items), .string(path.description)])
    },
  ]
}

/// What stands before the keywords of `einsum`.
private enum EinsumOperands {
  case text(String, [NDArray])
  case labels([(NDArray, [EinsumLabel])], output: [EinsumLabel]?)
}

extension ScriptArguments {
  /// The form with a text, and the one with lists of labels: `einsum(a, [0, 1], b, [1, 2], [0, 2])`.
  fileprivate func einsumOperands() throws -> EinsumOperands {
    let values = rest("operands")
    let dtype = signature.name == "einsum" ? try optionalDType() : nil
    func array(_ value: ScriptValue) throws -> NDArray {
      let array = try value.requireArray(signature.name, site).strong
      return dtype.map { array.asType($0, file: file, line: line) } ?? array
    }
    if case .string(let subscripts) = values.first {
      return .text(subscripts, try values.dropFirst().map(array))
    }
    guard values.count >= 2 else { throw failure("operands", "needs subscripts and operands") }
    func labels(_ value: ScriptValue) throws -> [EinsumLabel] {
      guard let items = value.items else {
        throw failure("operands", "\(value.summary) is no list of labels")
      }
      return try items.map { item in
        if case .ellipsis = item { return .ellipsis }
        guard let label = try item.asInt() else {
          throw failure("operands", "\(item.summary) is no label", code: .einsum)
        }
        return .index(label)
      }
    }
    var operands: [(NDArray, [EinsumLabel])] = []
    for i in stride(from: 0, to: values.count - 1, by: 2) {
      operands.append((try array(values[i]), try labels(values[i + 1])))
    }
    return .labels(
      operands, output: values.count % 2 == 1 ? try labels(values[values.count - 1]) : nil)
  }

  /// `optimize=`: a bool, a name, a name with a limit of elements, or a list of steps that may begin
  /// with the word `'einsum_path'`.
  fileprivate func einsumOptimizer() throws -> (EinsumOptimizer, limit: Double?) {
    let value = self["optimize"]
    switch value {
    case .none, .bool: return (.automatic, nil)
    case .string(let name): return (try named(name), nil)
    default: break
    }
    guard var items = value.items else {
      throw failure("optimize", "\(value.summary) is no bool, name or list of steps")
    }
    if case .string(let name) = items.first {
      items.removeFirst()
      if name != "einsum_path" {
        guard items.count == 1, let limit = try items[0].asReal() else {
          throw failure("optimize", "expected a name and a number of elements")
        }
        guard limit >= 1 else {
          throw failure("optimize", "the limit is \(limit) elements, at least 1 is needed")
        }
        return (try named(name), limit)
      }
    }
    let steps = try items.map { item in
      guard item.items != nil, let positions = try item.asInts() else {
        throw failure("optimize", "\(item.summary) is no tuple of positions")
      }
      return positions
    }
    return (.path(steps), nil)
  }

  private func named(_ name: String) throws -> EinsumOptimizer {
    switch name {
    case "auto": return .automatic
    case "greedy", "eager", "opportunistic": return .greedy
    case "optimal", "dp", "dynamic-programming": return .optimal
    case "left-to-right": return .leftToRight
    case "auto-hq", "random-greedy": return .search(seconds: 1)
    default:
      throw failure(
        "optimize",
        "no optimizer is named '\(name)'; there are 'auto', 'greedy', 'optimal', 'dp', "
          + "'left-to-right', 'auto-hq' (a second of search), 'random-greedy' (the same)")
    }
  }
}
