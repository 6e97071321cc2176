import Foundation
import Weft
import WeftExecution
import WeftIR
import WeftPasses

/// One case: how long its naive form takes, how long its reference form, and whether it is right.
struct AwarenessRun {
  let id: String
  private(set) var naive = 0.0
  private(set) var reference: Double?
  private(set) var error = 0.0
  private(set) var rules: [String] = []
  private let tolerance: Double

  /// The most that the naive form may take of the reference form's time.
  static let limit = 1.10
  /// Seconds below which two times do not differ: building and finding the plan of an expression.
  private static let grain = 20e-6

  /// Whether the result agrees with float64 arithmetic without rewrites.
  var isCorrect: Bool { error <= tolerance }
  /// Whether the naive form is right and as fast as the reference form, where there is one.
  var passes: Bool {
    guard isCorrect else { return false }
    guard let reference else { return true }
    return naive <= Self.limit * reference + Self.grain
  }

  /// Times a case: one call apart, then calls of both forms by turns.
  init(_ example: AwarenessCase, repeats: Int) throws {
    id = example.id
    var maker = AwarenessOperands(seed: example.id)
    var arrays: [String: NDArray] = [:]
    for name in example.inputs.keys.sorted() {
      guard let operand = example.inputs[name] else { continue }
      arrays[name] = try maker.make(operand)
    }
    let isSingle = example.inputs.values.contains { $0.dtype == .float32 }
    tolerance = isSingle ? 2e-3 : 1e-6

    let scope = arrays
    let form = Form(run: { try compute(Self.built(example, scope)) }) {
      let built = try Self.built(example, scope)
      return try Self.seconds { try compute(built) }
    }
    let other = Self.referenceForm(example, arrays)
    let results = try form.run()
    rules = try Session.current.preparation(of: Self.built(example, arrays).map(\.expr)).report
      .rules.keys.sorted()
    error = try Self.relativeError(of: results, example, arrays)

    _ = try other?.run()
    var (naives, references) = ([Double](), [Double]())
    let start = ContinuousClock.now
    while naives.count < repeats || Measurement.seconds(of: .now - start) < 0.05 {
      naives.append(try form.seconds())
      if let other { references.append(try other.seconds()) }
      if naives.count >= max(repeats, 2000) { break }
    }
    naive = Self.median(naives)
    reference = other == nil ? nil : Self.median(references)
  }

  private static func seconds(_ body: () throws -> [NDArray]) throws -> Double {
    let start = ContinuousClock.now
    let results = try body()
    let seconds = Measurement.seconds(of: .now - start)
    withExtendedLifetime(results) {}
    return seconds
  }

  private static func median(_ times: [Double]) -> Double {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  // MARK: - Forms

  /// What computes a form, and what tells how long that takes once its expressions are built.
  private struct Form {
    let run: () throws -> [NDArray]
    let seconds: () throws -> Double
  }

  /// The expressions of a case's naive form; the turns of a loop that fills an array are its parts.
  private static func built(
    _ example: AwarenessCase, _ arrays: [String: NDArray]
  ) throws -> [NDArray] {
    let values = try example.programs.flatMap {
      try Script.evaluate($0, variables: arrays).arrays
    }
    return example.isFilling ? [stack(values)] : values
  }

  /// The passes that take no liberties: what is written is what runs.
  private static let asWritten = Pipeline([.foldConstants, .simplify, .deadCode])

  private static func writtenSession() -> Session {
    var session = Session.current
    session.pipeline = asWritten
    return session
  }

  /// The reference form: a call of the library, or the text as it is written; nil for words that
  /// mean nothing here.
  private static func referenceForm(
    _ example: AwarenessCase, _ arrays: [String: NDArray]
  ) -> Form? {
    guard let text = example.reference else { return nil }
    if let direct = DirectReference(text, of: example, arrays) {
      return Form(run: { try direct() }, seconds: { try seconds { try direct() } })
    }
    var program = text
    if let end = program.range(of: " before the loop") {
      program = String(program[..<end.lowerBound])
    }
    var names = arrays
    let words = Set(AwarenessCase.identifiers(in: program))
    // A1, A2, ... are the diagonal blocks of A; h is half the rows of what is split.
    for (name, operand) in example.inputs {
      guard let word = operand.structure.first(where: { $0.hasPrefix("blockdiag") }),
        let array = arrays[name]
      else { continue }
      var low = 0
      for (number, extent) in AwarenessCase.arguments(of: word).enumerated() {
        names["\(name)\(number + 1)"] = array[low..<low + extent, low..<low + extent]
        low += extent
      }
    }
    for (name, array) in names where words.contains(name) && array.expr.buffer == nil {
      names[name] = try? array.compute()
    }
    if words.contains("h"), names["h"] == nil,
      let rows = example.inputs.values.compactMap({ $0.shape.first }).max()
    {
      program = AwarenessCase.replacing("h", by: "\(rows / 2)", in: program)
    }
    let session = writtenSession()
    let (source, scope) = (program, names)
    let form = Form {
      try Session.$scoped.withValue(session) {
        try Script.evaluate(source, variables: scope).compute()
      }
    } seconds: {
      try Session.$scoped.withValue(session) {
        let built = try Script.evaluate(source, variables: scope)
        return try seconds { try built.compute() }
      }
    }
    guard let results = try? form.run(), !results.isEmpty else { return nil }
    return form
  }

  // MARK: - Correctness

  /// The distance from a float64 evaluation without rewrites, relative to its norm.
  ///
  /// Where that overflows in determinants of which only the logarithms are asked for, it takes these.
  private static func relativeError(
    of results: [NDArray], _ example: AwarenessCase, _ arrays: [String: NDArray]
  ) throws -> Double {
    var wide: [String: NDArray] = [:]
    for (name, array) in arrays {
      wide[name] = array.dtype == .float64 ? array : try array.asType(.float64).compute()
    }
    func written(_ example: AwarenessCase) throws -> [NDArray] {
      try Session.$scoped.withValue(writtenSession()) { try compute(built(example, wide)) }
    }
    var expected = try written(example)
    if let other = example.withoutOverflow,
      try !expected.allSatisfy({ try isfinite($0).all().item(Bool.self) })
    {
      expected = try written(other)
    }
    guard expected.count == results.count else { return .infinity }
    var (difference, norm) = (0.0, 0.0)
    for (result, wanted) in zip(results, expected) {
      guard result.shape == wanted.shape else { return .infinity }
      let distance = result.asType(.float64) - wanted
      difference += try (distance * distance).sum().item(Double.self)
      norm += try (wanted * wanted).sum().item(Double.self)
    }
    return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
  }

  // MARK: - Text

  var text: String {
    func seconds(_ value: Double) -> String { String(format: "%.6f", value) }
    var line = "\(id): naive \(seconds(naive)) s"
    if let reference {
      line +=
        ", reference \(seconds(reference)) s, ratio \(String(format: "%.2f", naive / reference))"
    } else {
      line += ", no reference"
    }
    line += isCorrect ? ", correct" : ", WRONG (relative error \(error))"
    return line + ", rules: " + (rules.isEmpty ? "none" : rules.joined(separator: " "))
  }

  var json: String {
    #"{"id":\#(quoted(id)),"naive_s":\#(number(naive)),"#
      + #""reference_s":\#(reference.map(number) ?? "null"),"correct":\#(isCorrect),"#
      + #""error":\#(number(error)),"passes":\#(passes),"#
      + #""rules":[\#(rules.map(quoted).joined(separator: ","))]}"#
  }
}
