import WeftIR

extension ScriptFunction {
  static let linearAlgebra: [ScriptFunction] = solutions + assumptions + decompositions + norms

  private static let solutions: [ScriptFunction] = [
    ScriptFunction("linalg.tensorinv(a, ind=2)", swift: "tensorinv(a, rank:)") { a in
      .array(tensorinv(try a.array("a"), rank: try a.int("ind"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.tensorsolve(a, b, axes=None)", swift: "tensorsolve(a, b, axes:)") { a in
      .array(
        tensorsolve(
          try a.array("a"), try a.array("b"), axes: try a.axes("axes"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.inv(a)", swift: "inv(a)") { a in
      .array(inv(try a.array("a"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.solve(a, b)", swift: "solve(a, b)") { a in
      .array(solve(try a.array("a"), try a.array("b"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.cholesky(a, /, *, upper=False)", swift: "cholesky(a, upper:)") { a in
      .array(
        cholesky(try a.array("a"), upper: try a.bool("upper"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.det(a)", swift: "det(a)") { a in
      .array(det(try a.array("a"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.slogdet(a)", swift: "slogdet(a)") { a in
      let parts = slogdet(try a.array("a"), file: a.file, line: a.line)
      return .named("slogdet", [("sign", parts.sign), ("logabsdet", parts.logabsdet)])
    },
    ScriptFunction("linalg.lstsq(a, b, rcond=None)", swift: "lstsq(a, b, rcond:)") { a in
      let found = lstsq(
        try a.array("a"), try a.array("b"), rcond: try a.optionalReal("rcond"), file: a.file,
        line: a.line)
      return .tuple(of: [found.solution, found.residuals, found.rank, found.singularValues])
    },
    ScriptFunction(
      "linalg.pinv(x|a, rcond=None, hermitian=False, *, rtol=None)", swift: "pinv(a, rtol:)"
    ) { a in
      .array(
        pinv(
          try a.array("x"), rtol: try a.optionalReal("rtol") ?? a.optionalReal("rcond"),
          file: a.file, line: a.line))
    },
  ]

  private static let assumptions: [ScriptFunction] = [
    ScriptFunction("assuming(x, fact, /)", isMethod: true, swift: "x.assuming(.spd)") { a in
      let facts = try a.string("fact", oneOf: namedFacts.map(\.name))
      let known = namedFacts.first { $0.name == facts }?.facts ?? .none
      return .array(try a.array("x").assuming(known, file: a.file, line: a.line))
    }
  ]

  private static let namedFacts: [(name: String, facts: Facts)] = [
    ("symmetric", .symmetric), ("hermitian", .symmetric), ("spd", .spd),
    ("lower", .lowerTriangular), ("upper", .upperTriangular), ("diagonal", .diagonal),
    ("tridiagonal", .banded(lower: 1, upper: 1)), ("identity", .identity), ("zero", .zero),
    ("orthogonal", .orthogonal), ("finite", .finite),
  ]

  private static let decompositions: [ScriptFunction] = [
    ScriptFunction("linalg.eigh(a, UPLO='L')", swift: "eigh(a, upper:)") { a in
      let parts = eigh(
        try a.array("a"), upper: try a.isUpper(), file: a.file, line: a.line)
      return .named("eigh", [("eigenvalues", parts.values), ("eigenvectors", parts.vectors)])
    },
    ScriptFunction("linalg.eigvalsh(a, UPLO='L')", swift: "eigvalsh(a, upper:)") { a in
      .array(eigvalsh(try a.array("a"), upper: try a.isUpper(), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.eig(a)", swift: "eig(a)") { a in
      let parts = eig(try a.array("a"), file: a.file, line: a.line)
      return .named("eig", [("eigenvalues", parts.values), ("eigenvectors", parts.vectors)])
    },
    ScriptFunction("linalg.eigvals(a)", swift: "eigvals(a)") { a in
      .array(eigvals(try a.array("a"), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.qr(a, mode='reduced')", swift: "qr(a, mode:)") { a in
      let text = try a.string("mode", oneOf: QRMode.allCases.map(\.rawValue))
      let mode = QRMode(rawValue: text) ?? .reduced
      let parts = qr(try a.array("a"), mode: mode, file: a.file, line: a.line)
      if mode == .r { return .array(parts.r) }
      return .named("qr", [("Q", parts.q), ("R", parts.r)])
    },
    ScriptFunction(
      "linalg.svd(a, full_matrices=True, compute_uv=True, hermitian=False)",
      swift: "svd(a, fullMatrices:)"
    ) { a in
      let array = try a.array("a")
      if try !a.bool("compute_uv") { return .array(svdvals(array, file: a.file, line: a.line)) }
      let parts = svd(
        array, fullMatrices: try a.bool("full_matrices"), file: a.file, line: a.line)
      return .named("svd", [("U", parts.u), ("S", parts.s), ("Vh", parts.vh)])
    },
    ScriptFunction("linalg.svdvals(x)", swift: "svdvals(x)") { a in
      .array(svdvals(try a.array("x"), file: a.file, line: a.line))
    },
  ]

  private static let norms: [ScriptFunction] = [
    ScriptFunction(
      "linalg.matrix_norm(x, /, *, keepdims=False, ord='fro')", swift: "matrixNorm(x, order:)"
    ) { a in
      .array(
        matrixNorm(
          try a.array("x"), order: try a.normOrder("ord") ?? .frobenius,
          keepAxes: try a.keepAxes(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "linalg.vector_norm(x, /, *, axis=None, keepdims=False, ord=2)",
      swift: "vectorNorm(x, order:)"
    ) { a in
      .array(
        vectorNorm(
          try a.array("x"), order: try a.real("ord"), axes: try a.axes(),
          keepAxes: try a.keepAxes(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "linalg.norm(x, ord=None, axis=None, keepdims=False)", swift: "norm(x, order:, axes:)"
    ) { a in
      .array(
        norm(
          try a.array("x"), order: try a.normOrder("ord"), axes: try a.axes(),
          keepAxes: try a.keepAxes(), file: a.file, line: a.line))
    },
    ScriptFunction("linalg.cond(x, p=None)", swift: "cond(x, order:)") { a in
      .array(
        cond(try a.array("x"), order: try a.normOrder("p"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "linalg.matrix_rank(A, tol=None, hermitian=False, *, rtol=None)",
      swift: "matrixRank(a, rtol:)"
    ) { a in
      if let tolerance = try a.optionalArray("tol") {
        let values = svdvals(try a.array("A"), file: a.file, line: a.line)
        let limit = tolerance.rank == 0 ? tolerance : expandDims(tolerance, axis: -1)
        return .array(
          NDArray.apply(.greater, values, limit, site: a.site)
            .sum([-1], keepAxes: false, dtype: .int64, initial: nil, where: nil, a.composition))
      }
      return .array(
        matrixRank(
          try a.array("A"), rtol: try a.optionalReal("rtol"), file: a.file, line: a.line))
    },
  ]
}

extension ScriptArguments {
  /// Which triangle `UPLO` names.
  fileprivate func isUpper() throws -> Bool {
    try string("UPLO", oneOf: ["L", "U", "l", "u"]).uppercased() == "U"
  }

  /// The order of a norm: a number, `'fro'` or `'nuc'`; nil for None.
  fileprivate func normOrder(_ name: String) throws -> NormOrder? {
    if isNone(name) { return nil }
    guard case .string = self[name] else { return .number(try real(name)) }
    return try string(name, oneOf: ["fro", "nuc"]) == "fro" ? .frobenius : .nuclear
  }
}
