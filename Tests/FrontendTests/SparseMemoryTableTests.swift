import Foundation
import Testing
import Weft
import WeftExecution
import WeftIR

/// What every function allocates for sparse arrays: the table `Tests/Golden/sparse/memory.txt`.
@Suite("memory of every function over sparse arrays")
struct SparseMemoryTableTests {
  /// What the table says of programs.
  enum Claim: Sendable {
    /// Memory follows what is stored, whatever the shape.
    case entries
    /// As entries; what is stored becomes a dense list, which the counters tell.
    case listed
    /// Memory follows the pairs of what is stored, whatever the shape.
    case pairs
    /// An error, before more is allocated than entries take.
    case error(String)

    init(_ name: String) {
      switch name {
      case "entries": self = .entries
      case "listed": self = .listed
      case "pairs": self = .pairs
      default: self = .error(name)
      }
    }
  }

  struct Line: Sendable, CustomTestStringConvertible {
    let claim: Claim
    /// The sides of the smaller and the larger arrays.
    let sides: [Int]
    let programs: [String]
    var testDescription: String { programs.joined(separator: "; ") }
  }

  private static func text(_ name: String) -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(components: "Golden", "sparse", name)
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }

  static let lines: [Line] = {
    var lines: [Line] = []
    var (claim, sides) = (Claim.entries, [0])
    for line in text("memory.txt").split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("[") {
        let words = line.dropFirst().dropLast().split(separator: " ")
        claim = Claim(String(words[0]))
        sides = words.last == "flat" ? [1 << 25, 1 << 29] : [1 << 33, 1 << 40]
        continue
      }
      let programs = line.split(separator: ";").map {
        $0.trimmingCharacters(in: .whitespaces).replacing(" -> ", with: "; ")
      }
      lines.append(Line(claim: claim, sides: sides, programs: programs))
    }
    return lines
  }()

  /// Functions and methods that a table's lines call, and operators that they have.
  private static func calls(_ name: String) -> Set<String> {
    var found: Set<String> = []
    for line in text(name).split(separator: "\n")
    where !line.hasPrefix("#") && !line.hasPrefix("[") {
      for match in line.matches(of: #/([A-Za-z_][A-Za-z_0-9]*)\(|[-+*/%@&|^~<>=!]+/#) {
        found.insert(String(match.1 ?? match.0))
      }
    }
    return found
  }

  @Test("every function of functions.txt is in the table")
  func everyFunction() throws {
    let all = Self.calls("functions.txt")
    try #require(all.count > 300 && Self.lines.count > 150)
    let missing = all.subtracting(Self.calls("memory.txt"))
    #expect(missing.isEmpty, "memory.txt lacks \(missing.sorted())")
  }

  // MARK: - Programs

  /// An array that programs name, of arrays with `n` rows and columns and `count` entries.
  private static func array(_ name: String, _ n: Int, _ count: Int) throws -> NDArray? {
    let numbers = Array(0..<count)
    let rows = numbers.map { $0 * 1_000_003 % n }
    func values(_ shift: Double) -> [Double] { numbers.map { Double($0 % 7 + 1) - shift } }
    func sparse(_ places: [[Int]], _ values: NDArray, _ shape: [Int]) throws -> NDArray {
      try NDArray(coordinates: places.map { NDArray($0) }, values: values, shape: shape)
    }
    func s(_ values: NDArray) throws -> NDArray {
      try sparse([rows, numbers.map { $0 * 7_777_777 % n }], values, [n, n])
    }
    func t(_ values: NDArray) throws -> NDArray {
      try sparse([rows, rows.map { ($0 + 1) % n }], values, [n, n])
    }
    let signed = NDArray(values(2.5))
    switch name {
    case "s": return try s(signed)
    case "t": return try t(signed)
    case "q": return try s(signed) + s(signed).T
    case "i": return try s(signed).asType(.int64)
    case "j": return try t(signed).asType(.int64)
    case "b": return try s(signed) .> 0
    case "e": return try t(signed) .> 0
    case "c": return try s(signed.asType(.complex128) * Complex<Double>(1, 0.5))
    case "z":
      return try s(NDArray(values(2.5).map { $0 > 3 ? .infinity : $0 > 2 ? .nan : $0 }))
    case "r": return try sparse([numbers.map { $0 % 4 }, rows], NDArray(values(0)), [4, n])
    case "p": return try sparse([rows, numbers.map { $0 % 4 }], NDArray(values(0)), [n, 4])
    case "h":
      let last = numbers.map { $0 * 77_777 % n }
      return try sparse([rows, numbers.map { $0 % 4 }, last], NDArray(values(0)), [n, 4, n])
    case "v": return try sparse([rows], NDArray(values(0)), [n])
    case "d": return arange(16).reshaped([4, 4]) * 0.25 - 2
    case "w": return [0.5, -1, 2, 0.25]
    default: return nil
    }
  }

  private static func arrays(
    of program: String, _ n: Int, _ count: Int
  ) throws -> [String: NDArray] {
    var result: [String: NDArray] = [:]
    for word in program.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
      result[String(word)] = try array(String(word), n, count)?.compute()
    }
    return result
  }

  struct Outcome {
    var peak = 0
    var densified = 0
    var error: WeftError?
  }

  static func outcome(
    _ program: String, _ side: Int, _ count: Int
  ) throws -> Outcome {
    try outcome(program) { () throws in try arrays(of: program, side, count) }
  }

  private static func outcome(
    _ program: String, _ arrays: () throws -> [String: NDArray]
  ) throws -> Outcome {
    // Counters of its own: other tests run beside this one.
    let session = Session(
      executors: Session.standard.executors,
      runtime: Runtime(scheduler: Session.standard.runtime.scheduler), environment: Environment()
    ).with(memoryLimit: .mebibytes(256))
    return try session.with { () throws in
      let given = try arrays()
      var outcome = Outcome()
      session.memory.resetPeak()
      let before = session.memory.liveBytes
      do throws(ScriptError) {
        try Script.evaluate(program, variables: given).compute()
      } catch {
        outcome.error = error.error
      }
      outcome.peak = session.memory.peakBytes - before
      outcome.densified = Int(session.runtime.counters["densified"])
      return outcome
    }
  }

  // MARK: - Tests

  @Test("memory follows the table", arguments: lines)
  func memory(line: Line) throws {
    for program in line.programs {
      switch line.claim {
      case .entries, .listed, .pairs:
        let isListed = if case .listed = line.claim { true } else { false }
        let ofPairs = if case .pairs = line.claim { true } else { false }
        let few = ofPairs ? 64 : 500
        let small = try Self.outcome(program, line.sides[0], few)
        let large = try Self.outcome(program, line.sides[1], 4 * few)
        Self.expect(program, small, large, 4 * few, ofPairs: ofPairs, isListed: isListed)
      case .error(let code):
        for side in line.sides {
          let outcome = try Self.outcome(program, side, 500)
          guard let error = outcome.error else {
            Issue.record("\(program) has no error")
            continue
          }
          let text = "\(error)"
          #expect(error.code.rawValue == code, "\(program): \(text)")
          // What was known before the one that is too large has followed entries.
          #expect(outcome.peak <= 500 * 24 * 32, "\(program): \(outcome.peak) bytes")
          #expect(outcome.densified == 0, "\(program)")
          #expect(!error.operation.isEmpty, "\(program): \(text)")
          if code == ErrorCode.wouldDensify.rawValue {
            #expect(text.contains("bytes") && text.contains("limit"), "\(program): \(text)")
            #expect(error.site != .none, "\(program): \(text)")
          }
        }
      }
    }
  }

  /// What a shape of few entries takes, and a larger one of `count`, four times as many.
  private static func expect(
    _ program: String, _ small: Outcome, _ large: Outcome, _ count: Int, ofPairs: Bool = false,
    isListed: Bool = false
  ) {
    for outcome in [small, large] {
      #expect(outcome.error == nil, "\(program)")
      #expect((outcome.densified > 0) == isListed, "\(program): \(outcome.densified) densified")
    }
    #expect(
      large.peak <= (ofPairs ? 17 : 6) * small.peak + (1 << 18),
      "\(program): \(small.peak) bytes, for four times the entries \(large.peak)")
    let most = ofPairs ? count * count * 96 : count * 24 * 64
    #expect(large.peak <= most, "\(program): \(large.peak) bytes for \(count) entries")
  }

  /// Two matrices in a format: of 64 rows, or columns where these are compressed; of few diagonals.
  private static func matrices(_ name: String, _ n: Int, _ count: Int) throws -> [String: NDArray] {
    let format = try #require(SparseFormat(name: name))
    let numbers = arange(count)
    func matrix(_ factor: Int) throws -> NDArray {
      if name == "dia" {
        return try NDArray(
          coordinates: [numbers, numbers % (count - factor % 7)], values: numbers + 1.0,
          shape: [count, count])
      }
      let places = [numbers % 64, numbers * factor % n]
      return try NDArray(
        coordinates: name == "csc" ? places.reversed() : places, values: numbers + 1.0,
        shape: name == "csc" ? [n, 64] : [64, n])
    }
    return [
      "s": try matrix(1_000_003).asSparse(format).compute(),
      "t": try matrix(7_777_777).asSparse(format).compute(),
    ]
  }

  @Test(
    "memory follows entries in every format",
    arguments: ["coo", "csr", "csc", "csf", "gcxs", "bsr", "dia"])
  func formats(name: String) throws {
    let programs = [
      "sin(s) * 2", "s + t", "s * t", "s.sum(axis=0)", "s.sum(axis=1)", "s.max()", "s.T + t.T",
      "s[1:9, 2:5]", "s[::-1]", "concatenate([s, t])", "where(s > 2, s, 0)", "s.astype(float32)",
      "sort(s, axis=1)", "s.tocoo()", "s.asformat('dcsr')", name == "csc" ? "s.T @ s" : "s @ s.T",
    ]
    for program in programs {
      let small = try Self.outcome(program) { try Self.matrices(name, 1 << 33, 500) }
      let large = try Self.outcome(program) { try Self.matrices(name, 1 << 40, 2000) }
      Self.expect("\(program) in \(name)", small, large, 2000)
    }
  }
}
