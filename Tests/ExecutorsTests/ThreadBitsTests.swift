import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines

/// Work is cut by shape alone: results have the same bits on 1, 2 and 7 threads.
@Suite("bits on any number of threads")
struct ThreadBitsTests {
  private static func session(_ threads: Int) -> Session {
    let reference = ReferenceExecutor(routines: Routines.table)
    return Session(
      executors: [HostExecutor(fallback: reference), reference],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
  }

  /// Numbers without a pattern.
  private static func numbers(_ shape: [Int], _ dtype: DType, seed: Int = 1) throws -> NDArray {
    func real(_ seed: Int) -> NDArray { random.uniform(shape, key: UInt64(seed)) - 0.5 }
    guard dtype.isComplex else { return try real(seed).asType(dtype).compute() }
    return try (real(seed) + real(seed + 1) * Complex<Double>(0, 1)).asType(dtype).compute()
  }

  private static func bits(_ x: NDArray) throws -> [UInt64] {
    let parts = x.dtype.isComplex ? [real(x), imag(x)] : [x]
    return try parts.flatMap { part in
      let values: [Double] = try part.asType(.float64).toArray()
      return values.map(\.bitPattern)
    }
  }

  /// Compares the bits of results; the first is returned.
  @discardableResult
  private func check(_ what: String, _ results: () -> [NDArray]) throws -> [NDArray] {
    var first: [NDArray] = []
    var expected: [[UInt64]] = []
    for threads in [1, 2, 7] {
      try Self.session(threads).with { () throws in
        let values = try results().map { try $0.compute() }
        let found = try values.map(Self.bits)
        if threads == 1 { (first, expected) = (values, found) }
        #expect(found == expected, "\(what) on \(threads) threads")
      }
    }
    return first
  }

  /// The greatest element of a difference, relative to the greatest of one side.
  private func error(_ a: NDArray, _ b: NDArray) throws -> Double {
    let values: [Double] = try (abs(a - b).max() / abs(b).max()).asType(.float64).toArray()
    return values[0]
  }

  static let dtypes: [DType] = [.float32, .float64, .complex64, .complex128]

  @Test("products", arguments: dtypes)
  func products(dtype: DType) throws {
    for (m, k, n) in [
      (700, 300, 500), (33, 2000, 17), (1, 900, 900), (900, 900, 1), (520, 40, 520), (300, 5, 4),
    ] {
      let a = try Self.numbers([m, k], dtype)
      let b = try Self.numbers([k, n], dtype, seed: 5)
      let c = try Self.numbers([m, n], dtype, seed: 7)
      try check("\(m) \(k) \(n)") { [a.dot(b), c + a.dot(b) * 2.0, b.T.dot(a.T)] }
      try check("square of \(m) \(k)") { [a.dot(a.T), a.T.dot(a)] }
    }
    for n in [2, 3, 4, 7, 16, 40] {
      let a = try Self.numbers([150, n, n], dtype)
      let b = try Self.numbers([150, n, n], dtype, seed: 5)
      let v = try Self.numbers([150, n], dtype, seed: 3)
      try check("stack of \(n)") { [matmul(a, b), einsum("bij,bj->bi", a, v)] }
    }
  }

  @Test("squares of tall matrices", arguments: [24, 33, 57, 64, 96, 100, 127, 161, 250, 255])
  func squares(order: Int) throws {
    for rows in [40, 256, 700] {
      let wide = try Self.numbers([rows, order + 5], .float64)
      let x = wide[0..., 2..<order + 2]
      let found = try check("square of \(rows) \(order)") { [x.T.dot(x), (x.T * 0.3).dot(x)] }
      #expect(try error(found[0], einsum("pi,pj->ij", x, x + 0.0)) < 1e-13)
      #expect(try error(found[1], found[0] * 0.3) < 1e-13)
      #expect(try (found[0] .== found[0].T).all().item(Bool.self))
    }
  }

  @Test("factors, solutions and inverses in blocks are right", arguments: dtypes, [192, 333, 800])
  func factors(dtype: DType, n: Int) throws {
    let general = try Self.numbers([n, n], dtype)
    let b = try Self.numbers([n, 130], dtype, seed: 9)
    let definite = try (general.dot(conj(general).T) + eye(n).asType(dtype) * Double(n)).compute()
    let lower = try (tril(general) + eye(n).asType(dtype) * Double(n)).compute()
    let one = eye(n).asType(dtype)
    let most = dtype.realPart == .float32 ? 5e-2 : 1e-9
    for (name, a) in [
      ("general", general), ("definite", definite), ("lower", lower),
      ("upper", try lower.T.compute()),
    ] {
      let got = try check("\(name) \(n)") { [inv(a), solve(a, b), slogdet(a).1] }
      #expect(try error(got[0].dot(a), one) < most, "inverse, \(name)")
      #expect(try error(a.dot(got[1]), b) < most, "solution, \(name)")
    }
    let factor = try check("Cholesky \(n)") { [cholesky(definite)] }[0]
    #expect(try error(factor.dot(conj(factor).T), definite) < most)
    let gram = try check("half a solution \(n)") { [b.T.dot(inv(definite)).dot(b)] }[0]
    #expect(try error(gram, b.T.dot(solve(definite, b))) < most)
  }

  @Test(
    "symmetric systems of every order are solved with a small residual",
    arguments: [DType.float32, .float64])
  func indefinite(dtype: DType) throws {
    for n in [128, 129, 150, 159, 160, 161, 191, 192, 193, 256, 257, 320, 511, 800] {
      let half = try Self.numbers([n, n], dtype, seed: n)
      // Rows of all sizes on both sides, zeros on most of the diagonal of every second one.
      let sizes = exp2((arange(n) % 30 - 15).asType(dtype))
      let hollow = (arange(n) % 3 .== 0).asType(dtype) * Double(n % 2) + Double(1 - n % 2)
      let symmetric = half + half.T
      let a = try
        ((symmetric - eye(n).asType(dtype) * symmetric * (1 - hollow))
        * (n % 5 == 0 ? outer(sizes, sizes) : ones([n, n]).asType(dtype))).compute()
      let b = try Self.numbers([n, 70], dtype, seed: 9)
      let x = try check("indefinite \(n)") { [solve(a, b)] }[0]
      let wide = [a, x, b].map { $0.asType(.float64) }
      let rest = abs(wide[0].dot(wide[1]) - wide[2]).max()
      let scale = abs(wide[0]).dot(abs(wide[1])).max() + abs(wide[2]).max()
      let most = (dtype == .float32 ? 1.2e-7 : 2.3e-16) * 4 * Double(n).squareRoot()
      #expect(try (rest / scale).item(Double.self) < most, "\(n)")
    }
  }

  @Test("symmetric matrices without an inverse, or with what is not a number, trap nowhere")
  func indefiniteEdges() throws {
    for n in [128, 200, 300] {
      let half = try Self.numbers([n, n], .float64, seed: n)
      let symmetric = try (half + half.T).compute()
      for column in [0, 1, 31, 32, 63, n - 2, n - 1] {
        let mask = (arange(n) .!= column).asType(.float64)
        let singular = try (symmetric * outer(mask, mask)).compute()
        #expect(throws: WeftError.self, "\(n) \(column)") { () throws in
          try solve(singular, half).compute()
        }
        let mark = (arange(n) .== column).asType(.float64)
        for bad in [Double.nan, .infinity] {
          let spoiled = try which(outer(mark, mark) .> 0, zeros([n, n]) + bad, symmetric).compute()
          _ = try? solve(spoiled, half).compute()
        }
      }
      let none = try (zeros([n, n]) + Double.nan).compute()
      _ = try? solve(none, half).compute()
      let swaps = try flip(eye(n), axis: 0).compute()
      #expect(try error(swaps.dot(solve(swaps, half)), half) < 1e-14)
    }
  }

  @Test("what is singular or not definite is found in every block")
  func singular() throws {
    let n = 400
    let matrix = try Self.numbers([n, n], .float64)
    for column in [0, 70, 130, 399] {
      let mask = (arange(n) .!= column).asType(.float64)
      let singular = try (matrix * mask).compute()
      #expect(throws: WeftError.self) { () throws in try inv(singular).compute() }
      let definite = matrix.dot(matrix.T) + eye(n) * 400.0
      let spoiled = try (definite - diag((arange(n) .== column).asType(.float64)) * 1e6).compute()
      #expect(throws: WeftError.self) { () throws in try cholesky(spoiled).compute() }
      // Symmetric and not definite: solved all the same.
      let b = try Self.numbers([n, 3], .float64)
      #expect(try error(spoiled.dot(solve(spoiled, b)), b) < 1e-9)
    }
  }

  @Test("work space is part of the planned peak", arguments: [1, 3])
  func workspace(threads: Int) throws {
    let square = TensorType(.float64, Shape([220, 220]))
    let stack = TensorType(.float64, Shape([5, 40, 40]))
    let wide = TensorType(.float64, Shape([60, 90]))
    let reference = ReferenceExecutor(
      routines: Routines.table, workspace: { Routines.workspaceBytes($0, $1, $2) })
    let cases: [(Routine, TensorType)] = [
      (.inv, square), (.inv, stack), (.det, square), (.slogdet, stack),
      (.eigh(upper: false), square),
      (.eigvalsh(upper: false), stack), (.eig, square), (.eigvals, stack), (.qr(.reduced), wide),
      (.qr(.complete), wide), (.svd(fullMatrices: true), wide), (.svdvals, stack),
      (.cholesky(upper: false), square),
      (.fourier(.fromReal, count: 90, inverse: false, scale: .one), wide),
    ]
    for (routine, type) in cases {
      var graph = Graph()
      let operand = graph.addParameter("a", type)
      let value = try graph.add(.call(routine), [operand])
      graph.outputs = [value]
      var context = PassContext()
      context.threadCount = threads
      let executable = try HostExecutor(fallback: reference).prepare(graph, context)
      let order = type.shape.codes[type.shape.codes.count - 1]
      let input = try HostRunning.buffer(type) { n in
        let (row, column) = ((n / order) % order, n % order)
        return Scalar(row == column ? 9 : Double(row + column) / 1000, .float64)
      }
      let run = RunContext(
        scheduler: HostScheduler(threadCount: threads),
        memory: MemoryAccount(limit: executable.peakBytes), token: CancellationToken(),
        counters: Counters())
      do {
        _ = try executable.run([input], run)
      } catch {
        Issue.record("\(routine.name) of \(type) on \(threads): \(error)")
      }
    }
  }

  @Test("orthogonal factors and eigenvalues", arguments: [DType.float32, .float64, .complex128])
  func orthogonal(dtype: DType) throws {
    let a = try Self.numbers([150, 110], dtype)
    let symmetric = try (a.T.dot(conj(a)) + conj(a.T.dot(conj(a))).T).compute()
    try check("qr") { [qr(a).0, qr(a).1] }
    try check("svd") { [svdvals(a)] }
    try check("eigh") { [eigvalsh(symmetric), eigh(symmetric).1] }
  }
}
