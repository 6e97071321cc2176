import WeftIR

extension ScriptFunction {
  static let padding = ScriptFunction(
    "pad(x|array, pad_width, mode='constant', *, constant_values=0, end_values=0, stat_length=None, "
      + "reflect_type='even')",
    swift: "pad(x, [(1, 2)], mode: .edge)"
  ) { a in
    let widths = try pairs(a, "pad_width") { try $0.asInt() }
    return .array(
      pad(
        try a.array("x"), widths.map { (before: $0, after: $1) }, mode: try padMode(a),
        file: a.file, line: a.line))
  }

  private static func padMode(_ a: ScriptArguments) throws -> PadMode {
    func values(_ name: String) throws -> [(before: NDArray, after: NDArray)] {
      try pairs(a, name) { try $0.asArray(a.signature.name, a.site) }
        .map { (before: $0, after: $1) }
    }
    func lengths() throws -> [(before: Int, after: Int)]? {
      if a.isNone("stat_length") { return nil }
      return try pairs(a, "stat_length") { try $0.asInt() }.map { (before: $0, after: $1) }
    }
    let isOdd = try a.string("reflect_type", oneOf: ["even", "odd"]) == "odd"
    switch try a.string("mode") {
    case "constant": return .constants(try values("constant_values"))
    case "edge": return .edge
    case "reflect": return .reflect(odd: isOdd)
    case "symmetric": return .symmetric(odd: isOdd)
    case "wrap": return .wrap
    case "linear_ramp": return .linearRamp(try values("end_values"))
    case "maximum": return .maximum(lengths: try lengths())
    case "minimum": return .minimum(lengths: try lengths())
    case "mean": return .mean(lengths: try lengths())
    case "median": return .median(lengths: try lengths())
    case "empty": return .empty
    default: throw a.failure("mode", "there is no mode \(a["mode"].summary)")
    }
  }

  /// NumPy's pairs: one value for all, `(before, after)` for all axes, or one pair each.
  private static func pairs<Part>(
    _ a: ScriptArguments, _ name: String, _ part: (ScriptValue) throws -> Part?
  ) throws -> [(Part, Part)] {
    func one(_ value: ScriptValue) throws -> Part {
      guard let part = try part(value) else {
        throw a.failure(name, "'\(name)' has \(value.summary), expected numbers in pairs")
      }
      return part
    }
    func pair(_ items: [ScriptValue]) throws -> (Part, Part) {
      guard let first = items.first, let last = items.last, items.count <= 2 else {
        throw a.failure(name, "'\(name)' has \(items.count) numbers in a pair")
      }
      return (try one(first), try one(last))
    }
    var value = a[name]
    if case .array(let array) = value, array.rank > 0,
      let items = try value.iterated(a.signature.name, a.site)
    {
      value = try .list(
        try items.map { item in
          guard case .array(let row) = item, row.rank > 0 else { return item }
          return try .list(try item.iterated(a.signature.name, a.site) ?? [])
        })
    }
    guard let items = value.items else {
      let same = try one(value)
      return [(same, same)]
    }
    if items.contains(where: { $0.items != nil }) {
      return try items.map { try pair($0.items ?? [$0]) }
    }
    return [try pair(items)]
  }
}
