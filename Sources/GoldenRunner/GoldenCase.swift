import Weft
import WeftIR

/// One line of a group.
struct GoldenCase {
  let id: String
  let function: String
  private let json: JSONValue

  init(_ line: [UInt8]) throws {
    json = try JSONParser.parse(line)
    guard let id = json["id"]?.text, let function = json["fn"]?.text else {
      throw GoldenError("a case without id or fn")
    }
    (self.id, self.function) = (id, function)
  }

  /// The dtype of the first array that the case gives; `none` where there is none.
  func dtypeName(_ store: GoldenStore) -> String {
    func first(_ json: JSONValue?) -> String? {
      guard let json else { return nil }
      if let offset = json["$a"]?.int {
        return (try? store.buffer(at: offset))?.type.dtype.name
      }
      if let items = json.items { return items.lazy.compactMap(first).first }
      if case .object(let members) = json {
        return members.lazy.compactMap { first($0.value) }.first
      }
      return nil
    }
    return first(json["args"]) ?? first(json["nodes"]) ?? "none"
  }

  /// How a case ended.
  enum Outcome {
    case passed
    case failed(String)
    /// The table lacks a function of this name.
    case unsupported(String)
  }

  /// Runs the case in the current session.
  func run(_ store: GoldenStore) -> Outcome {
    do {
      return try function == "graph" ? graph(store) : call(store)
    } catch let missing as MissingFunction {
      return .unsupported(missing.name)
    } catch {
      return .failed(Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    let text =
      switch error {
      case let failure as ScriptFailure: "\(failure.error)"
      default: "\(error)"
      }
    return text.split(separator: "\n").first.map(String.init) ?? text
  }

  private struct MissingFunction: Error { let name: String }

  private func function(named name: String) throws -> ScriptFunction {
    guard let function = ScriptFunctionTable.standard[name] else {
      throw MissingFunction(name: name)
    }
    return function
  }

  /// Calls a function with the values of a case or node.
  private func result(
    of name: String, _ json: JSONValue, _ store: GoldenStore, nodes: [ScriptValue] = []
  ) throws -> ScriptValue {
    let function = try function(named: name)
    var positional: [ScriptArgumentValue] = []
    for argument in json["args"]?.items ?? [] {
      positional.append(ScriptArgumentValue(try store.argument(argument, nodes: nodes)))
    }
    var keywords: [ScriptKeywordValue] = []
    if case .object(let members) = json["kw"] ?? .null {
      for member in members {
        keywords.append(
          ScriptKeywordValue(member.name, try store.argument(member.value, nodes: nodes)))
      }
    }
    return try function.call(positional, keywords)
  }

  // MARK: Calls

  private func call(_ store: GoldenStore) throws -> Outcome {
    if json["err"] != nil { return try expectError(store) }
    guard let out = json["out"] else { throw GoldenError("a case without out") }
    var got = try result(of: function, json, store)
    var want = try store.value(out)
    let tolerance = try GoldenTolerance(json["tol"])
    if function == "finfo" || function == "iinfo" {
      (got, want) = try limits(got, want)
      return outcome(
        GoldenComparison(tolerance: .exact, comparesSignOfZero: true).difference(got, want))
    }
    if function == "linalg.lstsq", let first = got.items?.first { got = first }
    if want.items == nil, let items = got.items, items.count == 1 { got = items[0] }
    got = try got.computed()
    if let check = json["check"]?.text {
      let arguments = try (json["args"]?.items ?? []).map { try store.value($0) }
      return outcome(
        try GoldenProperties.difference(check, arguments, got, want, tolerance))
    }
    let comparison = GoldenComparison(
      tolerance: tolerance, comparesSignOfZero: store.format == nil && json["sz"]?.bool ?? true)
    return outcome(comparison.difference(got, want))
  }

  private func outcome(_ difference: String?) -> Outcome {
    difference.map { .failed($0) } ?? .passed
  }

  /// The call must fail when it is built or computed, with an error that is the user's.
  private func expectError(_ store: GoldenStore) throws -> Outcome {
    do {
      let got = try result(of: function, json, store)
      _ = try got.computed()
      return .failed("no error")
    } catch let failure as ScriptFailure {
      return accepts(failure.error)
    } catch let error as WeftError {
      return accepts(error)
    }
  }

  private func accepts(_ error: WeftError) -> Outcome {
    let isOurs = error.code == .internal || error.code == .unsupported
    return isOurs ? .failed("\(error)") : .passed
  }

  /// The fields of finfo and iinfo that the set gives, as lists.
  private func limits(
    _ got: ScriptValue, _ want: ScriptValue
  ) throws -> (ScriptValue, ScriptValue) {
    let names =
      function == "finfo"
      ? ["bits", "eps", "max", "min", "smallest_normal"] : ["bits", "max", "min"]
    guard case .record(let record) = got, let values = want.items else {
      throw GoldenError("no limits")
    }
    let fields = names.compactMap { name in record.fields.first { $0.name == name }?.value }
    return (try .list(fields), try .list(Array(values.prefix(names.count))))
  }

  // MARK: Graphs

  private func graph(_ store: GoldenStore) throws -> Outcome {
    var nodes: [ScriptValue] = []
    for (index, node) in (json["nodes"]?.items ?? []).enumerated() {
      guard let op = node["op"]?.text else { throw GoldenError("a node without op") }
      let value: ScriptValue
      if op == "input" {
        value = try store.argument(node["value"] ?? .null)
      } else {
        value = try result(of: op, node, store, nodes: nodes)
      }
      let shape = (node["shape"]?.items ?? []).compactMap(\.int)
      guard case .array(let array) = value, array.shape == shape.map({ $0 }),
        array.dtype.name == node["dtype"]?.text
      else {
        return .failed(
          "node \(index) \(op): \(value.summary) for \(node["dtype"]?.text ?? "")\(shape)")
      }
      nodes.append(value)
    }
    let outputs = try (json["outputs"]?.items ?? []).map { index in
      guard let index = index.int, nodes.indices.contains(index) else {
        throw GoldenError("an output that is not there")
      }
      return nodes[index]
    }
    let got = try ScriptValue.list(outputs).computed()
    let want = try store.value(json["out"] ?? .null)
    let comparison = GoldenComparison(
      tolerance: try GoldenTolerance(json["tol"]), comparesSignOfZero: store.format == nil)
    return outcome(comparison.difference(got, want))
  }
}

extension ScriptValue {
  /// The value with all its arrays computed, together.
  func computed() throws -> ScriptValue {
    var arrays: [NDArray] = []
    func visit(_ value: ScriptValue) {
      if case .array(let array) = value { arrays.append(array) }
      value.items?.forEach(visit)
    }
    visit(self)
    try compute(arrays)
    return self
  }
}
