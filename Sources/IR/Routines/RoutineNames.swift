extension Routine {
  /// The built-in routines by name, made from their options: what program texts may call.
  public static let builtin: RoutineTable = [
    "cholesky": { cholesky(upper: try Options("cholesky", $0).flag("upper")) },
    "inv": { _ in inv },
    "solve": { _ in solve },
    "sparse_solve": { _ in sparseSolve },
    "sparse_lstsq": { _ in sparseLstsq },
    "semiring_product": {
      semiringProduct(try Options("semiring_product", $0).choice("semiring"))
    },
    "det": { _ in det },
    "slogdet": { _ in slogdet },
    "eigh": { eigh(upper: try Options("eigh", $0).flag("upper")) },
    "eigvalsh": { eigvalsh(upper: try Options("eigvalsh", $0).flag("upper")) },
    "eig": { _ in eig },
    "eigvals": { _ in eigvals },
    "qr": { qr(try Options("qr", $0).choice("mode")) },
    "svd": { svd(fullMatrices: try Options("svd", $0).flag("full")) },
    "svdvals": { _ in svdvals },
    "lstsq": { options in
      lstsq(rcond: options["rcond"] == nil ? nil : try Options("lstsq", options).number("rcond"))
    },
    "require": { text in
      let options = Options("require", text)
      return require(
        try options.value("function") { $0 }, try options.value("code") { ErrorCode(rawValue: $0) },
        try options.value("message") { $0 })
    },
    "assume": { assume(try Options("assume", $0).facts()) },
    "factor": { text in
      let options = Options("factor", text)
      return factor(try options.facts(), for: try options.value("for") { $0 })
    },
    "solve_factored": { text in
      let options = Options("solve_factored", text)
      return solveFactored(
        transposed: try options.flag("transposed"), right: try options.flag("right"))
    },
    "solve_diagonal": { text in
      let options = Options("solve_diagonal", text)
      return solveDiagonal(
        right: try options.flag("right"), for: try options.value("for") { $0 })
    },
    "determinant_factored": {
      determinantFactored(logarithm: try Options("determinant_factored", $0).flag("log"))
    },
    "inverse_gram": { text in
      inverseGram(
        right: try Options("inverse_gram", text).flag("right"),
        diagonal: text["diagonal"] == "true")
    },
    "low_rank_solve": { text in
      let options = Options("low_rank_solve", text)
      return lowRankSolve(
        left: try options.flag("left"), right: try options.flag("right"),
        symmetric: try options.flag("symmetric"), for: try options.value("for") { $0 })
    },
    "structured_product": { text in
      let options = Options("structured_product", text)
      return structuredProduct(
        try options.facts(), right: try options.flag("right"),
        transposed: try options.flag("transposed"), otherTransposed: try options.flag("other"),
        scale: text["scale"] == nil ? 1 : try options.number("scale"),
        columns: text["columns"] == nil ? nil : try options.number("columns"))
    },
    "band": { text in
      let options = Options("band", text)
      return band(
        lower: try options.number("lower"), upper: try options.number("upper"),
        rows: try options.number("rows"))
    },
    "band_transpose": { text in
      let options = Options("band_transpose", text)
      return bandTranspose(
        lower: try options.number("lower"), columns: try options.number("columns"))
    },
    "band_matrix": { text in
      let options = Options("band_matrix", text)
      return bandMatrix(lower: try options.number("lower"), columns: try options.number("columns"))
    },
    "band_product": { bandProduct(lower: try Options("band_product", $0).number("lower")) },
    "band_factor": { text in
      let options = Options("band_factor", text)
      return bandFactor(
        lower: try options.number("lower"), upper: try options.number("upper"),
        symmetric: try options.flag("symmetric"))
    },
    "band_solve": { text in
      let options = Options("band_solve", text)
      return bandSolve(
        lower: try options.number("lower"), upper: try options.number("upper"),
        transposed: try options.flag("transposed"), right: try options.flag("right"),
        for: try options.value("for") { $0 })
    },
    "band_determinant": { text in
      let options = Options("band_determinant", text)
      return bandDeterminant(
        lower: try options.number("lower"), upper: try options.number("upper"),
        logarithm: try options.flag("log"))
    },
    "sampled_product": { text in
      let options = Options("sampled_product", text)
      return sampledProduct(
        try options.choice("mask"), places: try options.facts(),
        left: try options.flag("left"), right: try options.flag("right"),
        sum: try options.choice("sum"))
    },
    "fft": { text in
      let options = Options("fft", text)
      return fourier(
        try options.choice("kind"), count: try options.number("count"),
        inverse: try options.flag("inverse"), scale: try options.choice("scale"))
    },
    "view": { view(try Options("view", $0).value("dtype") { DType(name: $0) }) },
    "sample": { text in
      let options = Options("sample", text)
      return sample(
        text["distribution"] ?? "", lane: try options.number("lane"), shape: try options.shape(),
        dtype: try options.value("dtype") { DType(name: $0) })
    },
    "sampleRows": { text in
      let options = Options("sampleRows", text)
      return sampleRows(
        text["distribution"] ?? "", lane: try options.number("lane"), shape: try options.shape())
    },
    "distinct": { distinct(equalNaN: try Options("distinct", $0).flag("equalNaN")) },
  ]

  /// Reads the options of a routine.
  private struct Options {
    let routine: String
    let text: [String: String]

    init(_ routine: String, _ text: [String: String]) {
      self.routine = routine
      self.text = text
    }

    func value<Result>(_ name: String, _ parse: (String) -> Result?) throws -> Result {
      if let text = text[name], let result = parse(text) { return result }
      let given = text[name].map { "is '\($0)'" } ?? "is missing"
      throw WeftError(.argument, routine, "the option '\(name)' \(given)")
    }

    /// Extents with `x` between them.
    func shape() throws -> [Int] {
      try value("shape") { text in
        let extents = text.split(separator: "x").map { Int($0) }
        return extents.contains { $0 == nil } ? nil : extents.compactMap { $0 }
      }
    }

    /// The facts among the options.
    func facts() throws -> Facts {
      let others: Set<String> = [
        "for", "right", "transposed", "other", "mask", "left", "sum", "scale", "columns",
      ]
      guard let facts = Facts(options: text.filter { !others.contains($0.key) }) else {
        throw WeftError(.argument, routine, "the options name facts that there are not")
      }
      return facts
    }

    func flag(_ name: String) throws -> Bool { try value(name) { Bool($0) } }
    func number<Number: LosslessStringConvertible>(_ name: String) throws -> Number {
      try value(name) { Number($0) }
    }
    func choice<Choice: RawRepresentable>(_ name: String) throws -> Choice
    where Choice.RawValue == String {
      try value(name) { Choice(rawValue: $0) }
    }
  }
}
