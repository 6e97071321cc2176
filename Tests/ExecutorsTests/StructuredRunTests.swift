import Testing
import Weft
import WeftConformance
import WeftExecution
import WeftIR

@testable import WeftPasses

/// An expression that rules about structure rewrite, over matrices that have the structure.
struct StructuredCase: Sendable, CustomTestStringConvertible {
  let rule: String
  let build: @Sendable (Operands) -> NDArray
  var testDescription: String { rule }

  /// Matrices of one order and dtype, computed: the data tell of their structure, nothing else.
  struct Operands: Sendable {
    let general: NDArray
    let other: NDArray
    let lower: NDArray
    let tridiagonal: NDArray
    let diagonal: NDArray
    let blocks: NDArray
    let definite: NDArray
    let symmetric: NDArray
    let identity: NDArray
    let wide: NDArray
    let vector: NDArray
    /// A positive number.
    let scale: NDArray
    /// One element in 32 differs from zero.
    let sparse: NDArray
    /// Not computed: zeros that an op makes.
    let zero: NDArray

    /// `grade` spreads the scales of rows and columns: a condition number of about its square.
    init(_ n: Int, _ dtype: DType, seed: Int, grade: Double) throws {
      var key = seed
      func random(_ shape: [Int]) throws -> NDArray {
        key += 1
        let k = arange(shape.reduce(1, *)).asType(.float64)
        return try sin(k * k * 0.7318 + k * (12.9898 + Double(key)) + Double(key))
          .reshaped(shape).compute()
      }
      func ready(_ a: NDArray) throws -> NDArray { try a.asType(dtype).compute() }
      let steps = arange(n).asType(.float64) / Double(n)
      let scale = pow(steps * 0 + 1 / grade, steps)
      let a = try random([n, n]) + eye(n) * 2.0
      let graded = a * scale.reshaped([n, 1])
      general = try ready(graded)
      other = try ready(random([n, n]))
      lower = try ready(tril(graded))
      tridiagonal = try ready(triu(tril(graded, offset: 1), offset: -1) + diag(scale) * 4.0)
      diagonal = try ready(diag(scale * 3.0))
      let half = n / 3
      let same =
        (arange(n) .< half).reshaped([n, 1]) .== (arange(n) .< half).reshaped([1, n])
      blocks = try ready(which(same, graded + diag(scale), 0.0))
      definite = try ready(graded.dot(graded.T) + diag(scale * scale))
      symmetric = try ready(graded + graded.T)
      identity = try ready(eye(n))
      wide = try ready(random([n, n + 7]))
      vector = try ready(random([n]))
      self.scale = try ready(full([], 0.125))
      let places = (arange(n * n) * 7 % 32 .== 0).reshaped([n, n])
      sparse = try ready(which(places, graded + 3.0, 0.0))
      zero = zeros([n, n], dtype: dtype)
    }
  }

  static let all = single + composed

  private static let single: [StructuredCase] = [
    StructuredCase(rule: "diagonal-operand") { $0.diagonal.dot($0.other) },
    StructuredCase(rule: "diagonal-operand") { $0.other.dot($0.diagonal).dot($0.other.T) },
    StructuredCase(rule: "positive-middle") { $0.other.dot($0.diagonal).dot($0.other.T) },
    StructuredCase(rule: "positive-middle") {
      $0.other.dot(diag($0.vector + 2).assuming(.spd)).dot($0.other.T)
    },
    StructuredCase(rule: "identity-operand") { $0.identity.dot($0.other) },
    StructuredCase(rule: "structured-product") { $0.lower.dot($0.other) },
    StructuredCase(rule: "structured-product") { $0.other.dot($0.lower.T) },
    StructuredCase(rule: "structured-product") { $0.wide.T.dot($0.lower) },
    StructuredCase(rule: "structured-product") { $0.tridiagonal.dot($0.wide) },
    StructuredCase(rule: "structured-product") { $0.blocks.dot($0.other) },
    StructuredCase(rule: "structured-vector") {
      triu(tril($0.other, offset: 1), offset: -1).dot($0.vector)
    },
    StructuredCase(rule: "structured-vector") {
      let product = $0.tridiagonal.dot($0.other)
      return (product * product).sum(axis: 1) + $0.tridiagonal.dot($0.vector)
    },
    StructuredCase(rule: "structured-vector") {
      let product = $0.tridiagonal.dot($0.other)
      return (product * product).sum(axis: 0) + $0.vector.dot(exp($0.tridiagonal.dot($0.vector)))
        + exp($0.vector).dot($0.tridiagonal)
    },
    StructuredCase(rule: "inverse-product") { inv($0.general).dot($0.wide) },
    StructuredCase(rule: "inverse-product") { $0.wide.T.dot(inv($0.general)) },
    StructuredCase(rule: "inverse-product") { $0.wide.T.dot(inv($0.general).T) },
    StructuredCase(rule: "inverse-product") { inv($0.general.T).dot($0.vector) },
    StructuredCase(rule: "inverse-product") { $0.vector.dot(inv($0.definite)) },
    StructuredCase(rule: "inverse-product") { inv($0.definite).dot($0.wide) },
    StructuredCase(rule: "inverse-product") { $0.wide.T.dot(inv($0.lower)) },
    StructuredCase(rule: "inverse-product") { $0.wide.T.dot(inv($0.tridiagonal)) },
    StructuredCase(rule: "inverse-product") { $0.wide.T.dot(inv($0.blocks)) },
    StructuredCase(rule: "inverse-product") {
      inv($0.wide.dot($0.wide.T)).dot($0.wide).dot($0.wide.T).dot($0.vector)
    },
    StructuredCase(rule: "inverse-stack") {
      matmul(inv(stack([$0.general, $0.definite])), stack([$0.wide, $0.wide]))
    },
    StructuredCase(rule: "inverse-stack") {
      matmul(stack([$0.wide.T, $0.wide.T]), inv(stack([$0.lower, $0.general])))
    },
    StructuredCase(rule: "inverse-gram") { $0.other.dot(inv($0.definite).dot($0.other.T)) },
    StructuredCase(rule: "inverse-gram") { $0.wide.T.dot(inv($0.general)).dot($0.wide) },
    StructuredCase(rule: "inverse-sum") { inv($0.lower).sum() },
    StructuredCase(rule: "inverse-sum") { inv($0.general).sum(axis: 0) },
    StructuredCase(rule: "inverse-sum") { inv($0.definite).sum(axis: 1) },
    StructuredCase(rule: "inverse-inverse") { inv(inv($0.general)).dot($0.wide) },
    StructuredCase(rule: "solve-inverse") { solve(inv($0.general), $0.wide) },
    StructuredCase(rule: "solve-factored") { solve($0.general, $0.wide) },
    StructuredCase(rule: "solve-factored") { solve($0.symmetric, $0.wide) },
    StructuredCase(rule: "solve-factored") { solve($0.definite, $0.vector) },
    StructuredCase(rule: "solve-factored") { solve($0.lower.T, $0.wide) },
    StructuredCase(rule: "solve-factored") { solve($0.tridiagonal, $0.wide) },
    StructuredCase(rule: "solve-diagonal") { solve($0.diagonal, $0.wide) },
    StructuredCase(rule: "solve-diagonal") { solve(diag($0.vector + 2), $0.wide) },
    StructuredCase(rule: "inverse-diagonal") { inv($0.diagonal).dot($0.wide) },
    StructuredCase(rule: "inverse-diagonal") { $0.wide.T.dot(inv($0.diagonal)) },
    StructuredCase(rule: "inverse-diagonal") { $0.vector.dot(inv(diag($0.vector + 2)).T) },
    StructuredCase(rule: "solve-factored") { solve($0.blocks, $0.wide) },
    StructuredCase(rule: "solve-factored") {
      solve(stack([$0.general, $0.definite, $0.lower]), stack([$0.wide, $0.wide, $0.wide]))
    },
    StructuredCase(rule: "solve-factored") { solve($0.definite, stack([$0.wide, $0.wide + 1])) },
    StructuredCase(rule: "woodbury-identity") {
      let thin = $0.other[0..., ..<9]
      return inv($0.diagonal + thin.dot(thin.T)).dot($0.wide)
    },
    StructuredCase(rule: "woodbury-identity") {
      let thin = $0.general[..<20]
      return $0.vector.dot(inv(thin.T.dot(thin) + 0.01 * $0.identity))
    },
    StructuredCase(rule: "woodbury-identity") {
      let (u, v) = ($0.other[0..., ..<12], $0.general[..<12])
      return solve(2.0 * $0.identity - u.dot(v), $0.wide)
    },
    StructuredCase(rule: "woodbury-identity") {
      // A scalar and an identity that only a look tells of, as in regularised least squares.
      let thin = $0.other[..<11]
      return inv(thin.T.dot(thin) + $0.scale * $0.identity).dot($0.vector)
    },
    StructuredCase(rule: "woodbury-identity") {
      let (u, v) = ($0.other[0..., ..<12], $0.wide[0..., ..<12])
      return $0.wide.T.dot(inv(($0.diagonal + 0.5 * $0.identity + u.dot(v.T)).T))
    },
    StructuredCase(rule: "push-through") {
      let (rows, noise) = ($0.other[..<20], $0.definite[..<20, ..<20])
      let information = inv($0.definite) + rows.T.dot(inv(noise)).dot(rows)
      return inv(information).dot(rows.T).dot(inv(noise)).dot($0.wide[..<20])
    },
    StructuredCase(rule: "push-through") {
      let rows = $0.other[..<30]
      return inv(rows.T.dot(rows) + inv($0.definite)).dot(rows.T)
    },
    StructuredCase(rule: "uniform-term") {
      let n = $0.vector.shape[0] ?? 1
      let centre = (eye(n) - 1.0 / Double(n)).asType($0.vector.dtype)
      return centre.dot($0.general).dot(centre)
    },
    StructuredCase(rule: "uniform-term") { (2 + $0.identity).dot($0.wide) },
    StructuredCase(rule: "uniform-term") { $0.wide.T.dot(0.5 - diag($0.vector)) },
    StructuredCase(rule: "unfold-operand") {
      kron($0.general[..<12, ..<12], $0.other[..<10, ..<10]).dot(
        $0.other[..<4, ..<30].reshaped([120]))
    },
    StructuredCase(rule: "unfold-operand") {
      $0.other[..<7, ..<60].dot(kron($0.general[..<12, ..<6], $0.other[..<5, ..<9]))
    },
    StructuredCase(rule: "inverse-forms") {
      einsum("ij,ij->j", inv($0.definite).dot($0.wide), $0.wide)
    },
    StructuredCase(rule: "inverse-forms") { diag($0.wide.T.dot(inv($0.general)).dot($0.wide)) },
    StructuredCase(rule: "inverse-part") { inv($0.general)[0..., 3] },
    StructuredCase(rule: "inverse-part") { inv($0.definite)[2..<7] },
    StructuredCase(rule: "determinant-lemma") {
      let thin = $0.other[0..., ..<9]
      return log(det($0.diagonal + thin.dot(thin.T)))
    },
    StructuredCase(rule: "determinant-lemma") {
      let thin = $0.other[..<12]
      return log(abs(det(thin.T.dot(thin) + 0.5 * $0.identity)))
    },
    StructuredCase(rule: "determinant-lemma") {
      let thin = $0.other[..<8]
      return log(det($0.identity + thin.T.dot(thin)))
    },
    StructuredCase(rule: "structured-scale") { 2.5 * $0.lower.dot($0.other) },
    StructuredCase(rule: "structured-scale") { $0.other.dot($0.lower) * -0.75 },
    StructuredCase(rule: "structured-scale") { $0.tridiagonal.dot($0.wide) / 4 },
    StructuredCase(rule: "structured-scale") { $0.blocks.dot($0.other) * 3 },
    StructuredCase(rule: "block-solve") {
      let zero = $0.zero
      let matrix = concatenate(
        [
          concatenate([$0.general, zero], axis: 1), concatenate([zero, $0.definite], axis: 1),
        ], axis: 0)
      return solve(matrix, concatenate([$0.wide, $0.wide], axis: 0))
    },
    StructuredCase(rule: "log-determinant") { log(det($0.definite)) },
    StructuredCase(rule: "shared-determinant") {
      $0.vector.dot(inv($0.definite)).dot($0.vector) + log(det($0.definite))
    },
    StructuredCase(rule: "shared-determinant") {
      solve($0.general, $0.vector) + log(abs(det($0.general)))
    },
    StructuredCase(rule: "shared-determinant") {
      solve($0.blocks, $0.vector) + slogdet($0.blocks).logabsdet
    },
    StructuredCase(rule: "structured-product") { tril($0.other).dot($0.other) },
    StructuredCase(rule: "diagonal-operand") { diag($0.vector).dot($0.other) },
    StructuredCase(rule: "sampled-product") { $0.sparse * $0.other.dot($0.general) },
    StructuredCase(rule: "sampled-product") { $0.wide.dot($0.wide.T) * $0.sparse.T },
    StructuredCase(rule: "sampled-sum") { ($0.sparse * $0.other.dot($0.general.T)).sum() },
    StructuredCase(rule: "sampled-sum") { ($0.sparse * $0.wide.dot($0.wide.T)).sum(axis: 1) },
    StructuredCase(rule: "sampled-sum") { einsum("ij,ik,jk->j", $0.sparse, $0.other, $0.general) },
    StructuredCase(rule: "take-before-product") {
      $0.other.dot($0.general).take(arange(9) * 7 % 5 - 3, axis: 0)
    },
    StructuredCase(rule: "take-before-product") {
      (exp(0 - abs($0.other.dot($0.wide)) / 50) + $0.vector.reshaped([-1, 1]))
        .take(arange(20) * 3, axis: 1)
    },
    StructuredCase(rule: "take-before-product") {
      $0.other.dot($0.general).dot($0.wide).take(arange(5), axis: 0)
    },
    StructuredCase(rule: "take-after-product") {
      $0.other.take(arange(400) % 90, axis: 0).dot($0.wide)
    },
    StructuredCase(rule: "banded-product") { tril($0.other.dot($0.general)) },
    StructuredCase(rule: "banded-product") {
      triu(tril($0.wide.dot($0.wide.T), offset: 5), offset: -9)
    },
  ]
}

@Suite("Structure in use")
struct StructuredRunTests {
  private func elements(_ x: NDArray) throws -> [Double] { try RewriteChecking.elements(x) }

  private func error(_ got: [Double], _ want: [Double]) -> Double {
    RewriteChecking.error(got, want)
  }

  @Test(
    "rewritten expressions are as accurate as what users wrote",
    arguments: StructuredCase.all.indices, [1.0, 100.0])
  func accuracy(index: Int, grade: Double) throws {
    for (n, seed) in [(96, 1), (131, 5)] {
      try RewriteChecking.expectAccuracy(
        of: StructuredCase.all[index], order: n, seed: seed, grade: grade)
    }
  }

  @Test("each rule fires, says why, and can be switched off", arguments: StructuredCase.all.indices)
  func fires(index: Int) throws {
    try RewriteChecking.expectFiring(of: StructuredCase.all[index])
  }

  @Test("every rule has a case")
  func allRules() {
    let covered = Set(StructuredCase.all.map(\.rule))
    let elsewhere: Set<String> = ["zero-operand", "assumption", "scaled-rows"]
    for rule in FactRule.all where !elsewhere.contains(rule.name) {
      #expect(covered.contains(rule.name), "\(rule.name)")
    }
    let names = FactRule.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  // MARK: - What is looked at

  private func explain(_ x: NDArray, _ session: Session = .current) throws -> String {
    try session.explain([x.expr])
  }

  @Test("plans follow what arrays hold, and one structure of code serves all")
  func plans() throws {
    let general = try StructuredCase.Operands(160, .float64, seed: 9, grade: 2)
    func product(_ a: NDArray) -> NDArray { a.dot(general.other) }
    let expected = try Session.current.with(exactness: .exact) {
      try [general.general, general.lower, general.diagonal].map { try elements(product($0)) }
    }
    for _ in 0..<2 {
      for (a, want) in zip([general.general, general.lower, general.diagonal], expected) {
        #expect(try error(elements(product(a)), want) < 1e-13)
      }
    }
    #expect(try !explain(product(general.general)).contains("structured-product"))
    #expect(try explain(product(general.lower)).contains("look: %p0 is"))
    var blind = Session.current
    blind.looksAtData = false
    #expect(try !explain(product(general.lower), blind).contains("structured-product"))
    let environment = Environment { $0 == "WEFT_LOOK" ? "0" : nil }
    #expect(!environment.looksAtData)
  }

  @Test("a compiled function follows the arrays of each call")
  func compiled() throws {
    let general = try StructuredCase.Operands(160, .float64, seed: 9, grade: 2)
    let function = compile { (a: NDArray, b: NDArray) in a.dot(b) }
    for a in [general.general, general.lower, general.tridiagonal, general.general] {
      let want = try Session.current.with(exactness: .exact) {
        try elements(a.dot(general.other))
      }
      #expect(try error(elements(function(a, general.other)), want) < 1e-13)
    }
    #expect(function.traceCount == 1)
  }

  @Test("NaN and infinity come through zeros that were found, not through absent ones")
  func notFinite() throws {
    let general = try StructuredCase.Operands(160, .float64, seed: 2, grade: 2)
    for wrong in [Double.nan, .infinity] {
      let place = (arange(160 * 160) .== 160 * 159 + 3).reshaped([160, 160])
      let other = try which(place, NDArray(floatLiteral: wrong), general.other).compute()
      for a in [general.lower, general.tridiagonal, general.blocks, general.diagonal] {
        let want = try Session.current.with(exactness: .exact) { try elements(a.dot(other)) }
        let got = try elements(a.dot(other))
        #expect(
          zip(got, want).allSatisfy { $0.isNaN == $1.isNaN && $0.isInfinite == $1.isInfinite })
      }
      let vector = try which(arange(160) .== 3, NDArray(floatLiteral: wrong), general.vector)
        .compute()
      for a in [general.tridiagonal, general.diagonal, general.tridiagonal.T] {
        // The product is what makes somebody look at the matrix.
        func both() throws -> [Double] {
          try elements(concatenate([a.dot(general.other).reshaped([-1]), a.dot(exp(vector))]))
        }
        let want = try Session.current.with(exactness: .exact) { try both() }
        #expect(
          try zip(both(), want).allSatisfy {
            $0.isNaN == $1.isNaN && $0.isInfinite == $1.isInfinite
          })
      }
      let declared = try elements(general.lower.assuming(.lowerTriangular).dot(other))
      #expect(declared.prefix(160 * 150).allSatisfy { $0.isFinite })
      let byOp = try elements(tril(general.lower).dot(other))
      #expect(byOp.prefix(160 * 150).allSatisfy { $0.isFinite })
    }
  }

  // MARK: - What is declared

  @Test("declared zeros are absent, whatever the array holds there")
  func declared() throws {
    let general = try StructuredCase.Operands(90, .float64, seed: 4, grade: 2)
    let a = general.general
    let cases: [(Facts, NDArray)] = [
      (.lowerTriangular, tril(a)), (.upperTriangular, triu(a)),
      (.banded(lower: 1, upper: 2), triu(tril(a, offset: 2), offset: -1)),
      (.diagonal, diag(diag(a))),
    ]
    for (facts, meant) in cases {
      for (got, want) in [
        (a.assuming(facts).dot(general.wide), meant.dot(general.wide)),
        (
          general.wide.T.dot(a.assuming(facts)), general.wide.T.dot(meant)
        ),
        (solve(a.assuming(facts), general.wide), solve(meant, general.wide)),
      ] {
        let expected = try Session.current.with(exactness: .exact) { try elements(want) }
        #expect(try error(elements(got), expected) < 1e-10, "\(facts)")
      }
    }
    let definite = general.definite
    #expect(
      try error(
        elements(solve(definite.assuming(.spd), general.wide)),
        elements(solve(definite, general.wide))) < 1e-10)
    // What is said wrongly of a matrix does not make the program fail.
    #expect(
      try error(
        elements(solve(general.symmetric.assuming(.spd), general.wide)),
        elements(solve(general.symmetric, general.wide))) < 1e-8)
  }

  @Test("what cannot be declared is an error that names the operation")
  func wrongDeclarations() {
    let wide = zeros([3, 4])
    for (array, code) in [
      (wide.assuming(.spd), ErrorCode.notSquare), (zeros([3]).assuming(.lowerTriangular), .axis),
      (zeros([4, 4]).assuming(.blockDiagonal([2, 3])), .value),
    ] {
      #expect { try array.compute() } throws: { error in
        let error = error as? WeftError
        return error?.code == code && error?.operation == "assuming"
      }
    }
  }

  @Test("a singular matrix is reported for the operation and the line that a user wrote")
  func singular() throws {
    let n = 40
    // A column of zeros in the middle: no rounding hides that it has no pivot.
    let isOther = arange(n) .!= n / 2
    let a = try ((ones([n, n]) + eye(n)) * isOther.asType(.float64)).compute()
    let triangle = try tril(ones([n, n]) - eye(n)).compute()
    let b = try ones([n, 3]).compute()
    for matrix in [a, triangle] {
      let line: UInt = #line + 1
      let (x, y) = (inv(matrix).dot(b), solve(matrix, b))
      for (result, name) in [(x, "inv"), (y, "solve")] {
        #expect { try result.compute() } throws: { error in
          let error = error as? WeftError
          return error?.code == .singular && error?.operation == name
            && error?.site.description.hasSuffix(":\(line)") == true
        }
      }
    }
  }

  @Test("factors are shared by all that need them")
  func sharing() throws {
    let general = try StructuredCase.Operands(64, .float64, seed: 6, grade: 2)
    let x = inv(general.general).dot(general.wide)
    let y = general.wide.T.dot(inv(general.general.T))
    let graph = try Session.current.preparation(of: [x.expr, y.expr]).lowered
    func count(_ name: String) -> Int {
      graph.rows.count { $0.op.name == name }
    }
    #expect(count("factor") == 1 && count("solve_factored") == 2 && count("inv") == 0)
  }
}

extension StructuredCase.Operands {
  /// The same numbers in float64.
  func widened() throws -> Self { try Self(self) { try $0.asType(.float64).compute() } }

  private init(_ a: Self, _ change: (NDArray) throws -> NDArray) throws {
    general = try change(a.general)
    other = try change(a.other)
    lower = try change(a.lower)
    tridiagonal = try change(a.tridiagonal)
    diagonal = try change(a.diagonal)
    blocks = try change(a.blocks)
    definite = try change(a.definite)
    symmetric = try change(a.symmetric)
    identity = try change(a.identity)
    wide = try change(a.wide)
    vector = try change(a.vector)
    scale = try change(a.scale)
    sparse = try change(a.sparse)
    zero = a.zero.asType(.float64)
  }
}
