import WeftIR

extension ScriptFunction {
  /// Solvers under the names of scipy.sparse.linalg, and products over semirings.
  static let sparseSolvers: [ScriptFunction] =
    [
      ScriptFunction(
        "sparse.matmul(a, b, semiring='plus_times')", swift: "matmul(a, b, over:)"
      ) { a in
        let name = try a.string("semiring", oneOf: Semiring.allCases.map(\.rawValue))
        return .array(
          matmul(
            try a.array("a"), try a.array("b"), over: Semiring(rawValue: name) ?? .plusTimes,
            file: a.file, line: a.line))
      },
      ScriptFunction("sparse.linalg.spsolve(A, b)", swift: "solve(a, b)") { a in
        .array(solve(try a.array("A"), try a.array("b"), file: a.file, line: a.line))
      },
      system("cg", "cg(a, b, start:rtol:atol:maxIterations:preconditioner:)") { (a, options) in
        try cg(
          a.array("A"), a.array("b"), start: a.optionalArray("x0"), rtol: options.rtol,
          atol: options.atol, maxIterations: a.optionalInt("maxiter"),
          preconditioner: a.preconditioner(),
          file: a.file, line: a.line)
      },
      system("bicgstab", "bicgstab(a, b, start:rtol:atol:maxIterations:preconditioner:)") {
        (a, options) in
        try bicgstab(
          a.array("A"), a.array("b"), start: a.optionalArray("x0"), rtol: options.rtol,
          atol: options.atol, maxIterations: a.optionalInt("maxiter"),
          preconditioner: a.preconditioner(),
          file: a.file, line: a.line)
      },
      system(
        "gmres", "gmres(a, b, start:rtol:atol:restart:maxIterations:preconditioner:)",
        ", restart=20"
      ) {
        (a, options) in
        try gmres(
          a.array("A"), a.array("b"), start: a.optionalArray("x0"), rtol: options.rtol,
          atol: options.atol, restart: a.int("restart"), maxIterations: a.optionalInt("maxiter"),
          preconditioner: a.preconditioner(), file: a.file, line: a.line)
      },
    ] + symmetric + leastSquares + decompositions

  private static let symmetric: [ScriptFunction] = [
    ScriptFunction(
      "sparse.linalg.minres(A, b, x0=None, *, rtol=1e-05, shift=0.0, maxiter=None, M=None)",
      swift: "minres(a, b, start:rtol:shift:maxIterations:preconditioner:)"
    ) { a in
      outcome(
        try minres(
          a.array("A"), a.array("b"), start: a.optionalArray("x0"), rtol: a.real("rtol"),
          shift: a.real("shift"), maxIterations: a.optionalInt("maxiter"),
          preconditioner: a.preconditioner(), file: a.file, line: a.line))
    },
    ScriptFunction("sparse.linalg.expm_multiply(A, B)", swift: "expmMultiply(a, b, time:)") { a in
      .array(try expmMultiply(a.array("A"), a.array("B"), file: a.file, line: a.line))
    },
  ]

  /// SciPy's tuple; the variances are zeros, as SciPy's unless asked for.
  private static let leastSquares: [ScriptFunction] = [
    ScriptFunction(
      "sparse.linalg.lsqr(A, b, damp=0.0, atol=1e-06, btol=1e-06, conlim=100000000.0, iter_lim=None, x0=None)",
      swift: "lsqr(a, b, damping:start:atol:btol:conditionLimit:maxIterations:)"
    ) { a in
      let found = try lsqr(
        a.array("A"), a.array("b"), damping: a.real("damp"), start: a.optionalArray("x0"),
        atol: a.real("atol"), btol: a.real("btol"), conditionLimit: a.real("conlim"),
        maxIterations: a.optionalInt("iter_lim"), file: a.file, line: a.line)
      let counts = [found.stop.rawValue, found.iterations].map {
        NDArray([Int64($0)]).reshaped([])
      }
      let norms = [
        found.residual, found.dampedResidual, found.matrixNorm, found.condition,
        found.normalResidual, found.solutionNorm,
      ].map { NDArray([$0]).reshaped([]) }
      return .tuple(
        of: [found.solution] + counts + norms + [zeros([found.solution.shape[0] ?? 0])])
    }
  ]

  private static let decompositions: [ScriptFunction] = [
    ScriptFunction(
      "sparse.linalg.eigsh(A, k=6, M=None, sigma=None, which='LM', v0=None, ncv=None, maxiter=None, tol=0, "
        + "return_eigenvectors=True)",
      swift: "eigsh(a, count:which:near:metric:start:basis:maxIterations:tolerance:)"
    ) { a in
      let name = try a.string("which", oneOf: EigenvalueChoice.allCases.map(\.rawValue))
      let found = try eigsh(
        try a.array("A"), count: try a.int("k"),
        which: EigenvalueChoice(rawValue: name) ?? .largestMagnitude,
        near: try a.optionalReal("sigma"), metric: try a.optionalArray("M"),
        start: try a.optionalArray("v0"), basis: try a.optionalInt("ncv"),
        maxIterations: try a.optionalInt("maxiter"), tolerance: try a.real("tol"), file: a.file,
        line: a.line)
      return try a.bool("return_eigenvectors")
        ? .tuple(of: [found.values, found.vectors]) : .array(found.values)
    },
    ScriptFunction(
      "sparse.linalg.svds(A, k=6, ncv=None, tol=0, which='LM', v0=None, maxiter=None, "
        + "return_singular_vectors=True)",
      swift: "svds(a, count:smallest:start:basis:maxIterations:tolerance:)"
    ) { a in
      let found = try svds(
        try a.array("A"), count: try a.int("k"),
        smallest: try a.string("which", oneOf: ["LM", "SM"]) == "SM",
        start: try a.optionalArray("v0"), basis: try a.optionalInt("ncv"),
        maxIterations: try a.optionalInt("maxiter"), tolerance: try a.real("tol"), file: a.file,
        line: a.line)
      return try a.bool("return_singular_vectors")
        ? .tuple(of: [found.u, found.s, found.vh]) : .array(found.s)
    },
  ]

  /// An iterative solver: the solution and SciPy's word for the outcome.
  private static func system(
    _ name: String, _ swift: String, _ more: String = "",
    _ solve:
      @escaping @Sendable (
        ScriptArguments, (rtol: Double, atol: Double)
      ) throws -> IterativeSolution
  ) -> ScriptFunction {
    ScriptFunction(
      "sparse.linalg.\(name)(A, b, x0=None, *, rtol=1e-05, atol=0.0\(more), maxiter=None, M=None)",
      swift: swift
    ) { a in
      outcome(try solve(a, (try a.real("rtol"), try a.real("atol"))))
    }
  }

  private static func outcome(_ found: IterativeSolution) -> ScriptValue {
    .tuple(of: [found.solution, NDArray([Int64(found.info)]).reshaped([])])
  }
}

extension ScriptArguments {
  /// SciPy's M: what is multiplied with residuals, near the inverse of the matrix.
  fileprivate func preconditioner() throws -> LinearOperator? {
    try optionalArray("M").map { try LinearOperator($0) }
  }
}
