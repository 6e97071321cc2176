import WeftIR

extension ScriptFunction {
  /// Random numbers by key; NumPy's own functions of these names keep a hidden state instead.
  static let random: [ScriptFunction] = [
    ScriptFunction("random.bits(shape|size, key)", swift: "random.bits(shape, key: 7)") { a in
      .array(Weft.random.bits(try a.shape(), key: try key(a), file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.uniform(shape|size, low=0.0, high=1.0, *, dtype=float64, key)",
      swift: "random.uniform(shape, key: 7)"
    ) { a in
      .array(
        Weft.random.uniform(
          try a.shape(), low: try a.array("low"), high: try a.array("high"), dtype: try a.dtype(),
          key: try key(a), file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.normal(shape|size, mean|loc=0.0, scale=1.0, *, dtype=float64, key)",
      swift: "random.normal(shape, key: 7)"
    ) { a in
      .array(
        Weft.random.normal(
          try a.shape(), mean: try a.array("mean"), scale: try a.array("scale"),
          dtype: try a.dtype(), key: try key(a), file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.exponential(shape|size, scale=1.0, *, dtype=float64, key)",
      swift: "random.exponential(shape, key: 7)"
    ) { a in
      .array(
        Weft.random.exponential(
          try a.shape(), scale: try a.array("scale"), dtype: try a.dtype(), key: try key(a),
          file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.integers(shape|size, low, high=None, *, endpoint=False, dtype=int64, key)",
      swift: "random.integers(shape, high: 6, key: 7)"
    ) { a in
      // One bound is the upper one.
      let (first, second) = (try a.int("low"), try a.optionalInt("high"))
      return .array(
        Weft.random.integers(
          try a.shape(), low: second == nil ? 0 : first, high: second ?? first,
          endpoint: try a.bool("endpoint"), dtype: try a.dtype(), key: try key(a), file: a.file,
          line: a.line))
    },
    ScriptFunction(
      "random.permutation(x, *, axis=0, key)", swift: "random.permutation(10, key: 7)"
    ) { a in
      if let count = try a["x"].asInt(), !a["x"].isArray {
        return .array(
          Weft.random.permutation(count, key: try key(a), file: a.file, line: a.line))
      }
      return .array(
        Weft.random.shuffle(
          try a.array("x"), axis: try a.axis(), key: try key(a), file: a.file, line: a.line))
    },
    ScriptFunction(
      "random.choice(x|a, shape|size, replace=True, p=None, *, axis=0, key)",
      swift: "random.choice(10, [3], key: 7)"
    ) { a in
      let (shape, replace) = (try a.shape(), try a.bool("replace"))
      let probabilities = try a.optionalArray("p")
      if let count = try a["x"].asInt(), !a["x"].isArray {
        return .array(
          Weft.random.choice(
            count, shape, replace: replace, probabilities: probabilities, key: try key(a),
            file: a.file, line: a.line))
      }
      return .array(
        Weft.random.choice(
          try a.array("x"), shape, replace: replace, probabilities: probabilities,
          axis: try a.axis(), key: try key(a), file: a.file, line: a.line))
    },
    ScriptFunction("random.fold(key, number, /)", swift: "random.fold(key, 3)") { a in
      let number = try a.scalar("number").uintValue
      return .integer(Int128(Weft.random.fold(try key(a), number)))
    },
  ]

  private static func key(_ a: ScriptArguments) throws -> UInt64 {
    let scalar = try a.scalar("key")
    guard scalar.dtype.isInteger else {
      throw a.failure("key", "the key is \(a["key"].summary), expected an integer")
    }
    return scalar.uintValue
  }
}
