import Foundation
import Testing
import WeftExecution
import WeftIR

@testable import Weft

/// Every function over sparse operands: NumPy's answer, or one clear error.
@Suite struct SparseFunctionTests {
  private static let programs: [String] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(components: "Golden", "sparse", "functions.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }()

  private static func text(_ components: String...) throws -> String {
    var file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for component in components { file.append(component: component) }
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test("every function of arrays has a line")
  func everyFunction() throws {
    let table = try Self.text("Docs", "numpy-to-weft.md")
    let names = table.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `"), let name = line.split(separator: "`").dropFirst().first else {
        return nil
      }
      return String(name.prefix { $0 != "(" })
    }
    try #require(names.count > 400)
    let exempt = try Self.text("Tests", "Golden", "sparse", "without-arrays.txt")
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .flatMap { $0.split(separator: " ").map(String.init) }
    let words = Set(
      Self.programs.joined(separator: " ").split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        .map(String.init))
    for name in names {
      let last = name.split(separator: ".").last.map(String.init) ?? name
      let isExempt = exempt.contains {
        name == $0 || name.hasPrefix("\($0).") || $0.hasSuffix("__") && name.hasPrefix($0)
      }
      #expect(words.contains(last) || isExempt, "no line of functions.txt calls \(name)")
    }
  }

  /// The programs' arrays, dense.
  private static func arrays() throws -> [String: NDArray] {
    let s = sparseNumbers([5, 4], seed: 21)
    let t = sparseNumbers([5, 4], seed: 22)
    let gram = sparseNumbers([4, 4], seed: 23)
    return [
      "s": s, "t": t, "q": gram • gram.T + 3 * eye(4), "v": sparseNumbers([20], seed: 24),
      "i": (s * 4).asType(.int64), "j": (t * 4).asType(.int64), "b": s .> 0, "e": t .> 0,
      "c": try #require(Script.evaluate("s + 1j * t", variables: ["s": s, "t": t]).array),
      "h": sparseNumbers([3, 4, 2], seed: 25),
      "z": sparseNumbers([5, 4], seed: 26, special: true),
      "d": arange(20).reshaped([5, 4]) * 0.25 - 2, "w": [0.5, -1, 2, 0.25],
    ]
  }

  private static let dense: Set = ["d", "w"]

  /// The arrays as they are, or stored in a format with a fill.
  private static func variables(
    _ format: SparseFormat?, fill: NDArray = 0
  ) throws -> [String: NDArray] {
    var result: [String: NDArray] = [:]
    for (name, array) in try arrays() {
      let array = try array.compute()
      guard let format, !dense.contains(name) else {
        result[name] = array
        continue
      }
      let own = format.layout(rank: array.rank) == nil ? SparseFormat.coordinates : format
      result[name] = try array.asSparse(own, fill: fill).compute()
    }
    return result
  }

  /// What a program gives: each statement's arrays, or the error.
  private static func answers(
    _ program: String, _ variables: [String: NDArray]
  ) -> Result<[NDArray], WeftError> {
    // All statements count: assignments run, the others are results.
    do throws(ScriptError) {
      let parts = program.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      let changes = parts.contains { part in
        part.contains(" = ")
          || ["put", "place", "fill_diagonal", "add.at"].contains { part.hasPrefix($0) }
      }
      if changes { return .success(try Script.evaluate(program, variables: variables).compute()) }
      var results: [NDArray] = []
      for part in parts { results += try Script.evaluate(part, variables: variables).compute() }
      return .success(results)
    } catch {
      return .failure(error.error)
    }
  }

  private static func difference(_ got: [NDArray], _ want: [NDArray]) throws -> String? {
    if got.count != want.count { return "\(got.count) results for \(want.count)" }
    for (n, (a, b)) in zip(got, want).enumerated() {
      if a.type != b.type { return "result \(n) is \(a.type), not \(b.type)" }
      let (x, y) = (try numbers(a), try numbers(b))
      for (place, (p, q)) in zip(x, y).enumerated() {
        let isSame = p == q || p.isNaN && q.isNaN || abs(p - q) <= 1e-9 * max(1, abs(q))
        if !isSame { return "result \(n) has \(p) for \(q) at \(place)" }
      }
    }
    return nil
  }

  private static func numbers(_ a: NDArray) throws -> [Double] {
    if a.dtype.isComplex { return try numbers(real(a)) + numbers(imag(a)) }
    return try a.asDense().asType(.float64).toArray()
  }

  @Test(
    "give what they give for dense operands", arguments: [SparseFormat.csr, .coordinates, .fibres],
    [0.0, 1])
  func answersAreNumPys(format: SparseFormat, fill: Double) throws {
    try #require(Self.programs.count > 150)
    let (plain, stored) = (
      try Self.variables(nil), try Self.variables(format, fill: NDArray.number(fill, .float64))
    )
    for program in Self.programs {
      let (want, got) = (Self.answers(program, plain), Self.answers(program, stored))
      switch (got, want) {
      case (.success(let a), .success(let b)):
        if let reason = try Self.difference(a, b) { Issue.record("\(program): \(reason)") }
      case (.failure(let a), .success): Issue.record("\(program): \(a)")
      case (.success, .failure(let b)): Issue.record("\(program): no error such as \(b)")
      case (.failure(let a), .failure): #expect(a.code != .internal, "\(program): \(a)")
      }
    }
  }

  @Test("densify nothing where nothing may be, or say what would be")
  func nothingDensifiesSilently() throws {
    let (plain, stored) = (try Self.variables(nil), try Self.variables(.csr))
    // Counters of its own: other tests run beside this one.
    var session = Session(
      executors: Session.standard.executors,
      runtime: Runtime(scheduler: Session.standard.runtime.scheduler), environment: Environment())
    session.densifyLimit = .bytes(0)
    var refused = 0
    try Session.$scoped.withValue(session) {
      for program in Self.programs {
        let before = session.runtime.counters["densified"]
        switch Self.answers(program, stored) {
        case .success(let got):
          #expect(session.runtime.counters["densified"] == before, "\(program)")
          if case .success(let want) = Self.answers(program, plain),
            let reason = try Self.difference(got, want)
          {
            Issue.record("\(program): \(reason)")
          }
        case .failure(let error) where error.code == .wouldDensify:
          refused += 1
          let text = "\(error)"
          #expect(text.contains("bytes") && text.contains("limit"), "\(program): \(text)")
          #expect(!error.operation.isEmpty && error.site != .none, "\(program): \(text)")
        case .failure(let error):
          if case .success = Self.answers(program, plain) { Issue.record("\(program): \(error)") }
        }
      }
    }
    // Most functions need no dense array.
    #expect(refused < Self.programs.count / 3, "\(refused) of \(Self.programs.count)")
  }

  @Test("executors without sparse storage say that they are given dense arrays")
  func fallback() throws {
    let s = try sparseNumbers([30, 20], seed: 3).asSparse(.csr).compute()
    let d = sparseNumbers([20, 4], seed: 4)
    let programs: [(String, () -> NDArray)] = [
      ("vector", { s • d[.all, 0] }), ("matrix", { s • d }), ("elementwise", { exp(s) * 2 - s }),
      ("reduction", { s.sum(axis: 0) }),
    ]
    for executor in Session.standard.executors where !executor.takesSparse {
      guard case .available = executor.probe() else { continue }
      let session = Session.standard.with(executor: ExecutorName(executor.name))
      try Session.$scoped.withValue(session) {
        for (name, program) in programs {
          let plan = try program().explain()
          #expect(plan.contains("densify: %p"), "\(executor.name), \(name): \(plan)")
          try expectSame(
            program().compute(), program().compute(on: .auto).asDense().compute(on: .auto), name)
        }
      }
    }
  }
}
