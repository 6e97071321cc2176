import Testing
import WeftGoldenFile
import WeftIR

@Suite("Text form")
struct RoundTripTests {
  /// The built-in functions and two whose names are no words of the text form.
  static let functions = FunctionTable.standard.adding([
    ScalarFunction("reduce", arity: 1, domain: .any) { a, _, _ in a },
    ScalarFunction("odd name", arity: 2, domain: .any) { a, _, _ in a },
  ])

  static func graph(seed: Int) throws -> Graph {
    var maker = RandomGraph(seed: UInt64(seed))
    maker.functions = functions
    return try maker.make()
  }

  static func parse(_ text: String) throws(WeftError) -> Graph {
    try Graph(parsing: text, functions: functions, routines: RandomGraph.routines)
  }

  @Test("printed and parsed graphs are equal, verify, and print the same again")
  func roundTrip() throws {
    var ops: Set<String> = []
    for seed in 0..<2500 {
      let graph = try Self.graph(seed: seed)
      for row in graph.rows { ops.insert(row.op.function == nil ? row.op.name : "function") }
      let text = graph.text()
      do {
        try GraphVerifier.verify(graph)
        let parsed = try Self.parse(text)
        try GraphVerifier.verify(parsed)
        #expect(parsed == graph, "seed \(seed)\n\(text)\(parsed)")
        #expect(parsed.hashValue == graph.hashValue, "seed \(seed)")
        #expect(parsed.text(sites: false) == graph.text(sites: false), "seed \(seed)")
        let rebuilt = try graph.rebuilt { _, _, _ in nil }
        try GraphVerifier.verify(rebuilt)
      } catch {
        Issue.record("seed \(seed): \(error)\n\(text)")
        return
      }
    }
    let expected: Set<String> = [
      "input", "constant", "iota", "random", "function", "convert", "contract", "broadcast",
      "reshape", "permute", "slice", "pad", "reverse", "concatenate", "gather", "compress", "sort",
      "store", "twins", "find all", "tick",
    ]
    #expect(expected.isSubset(of: ops), "\(expected.subtracting(ops)) never occurs")
  }

  @Test("two graphs of one seed print the same although their unknown extents have other ids")
  func deterministic() throws {
    for seed in 0..<200 {
      let (a, b) = (try Self.graph(seed: seed), try Self.graph(seed: seed))
      #expect(a.text() == b.text())
      #expect(a == b)
      #expect(a.json == b.json)
      #expect(a.dot == b.dot)
    }
  }

  @Test("graphs of different seeds are hardly ever equal")
  func unequal() throws {
    var graphs: Set<String> = []
    for seed in 0..<300 { graphs.insert(try Self.graph(seed: seed).text()) }
    #expect(graphs.count > 250)
    let a = try Self.parse("graph @m(%x: bool[?0], %y: bool[?1]) {\nreturn\n}")
    let b = try Self.parse("graph @m(%x: bool[?0], %y: bool[?0]) {\nreturn\n}")
    #expect(a != b)
  }

  @Test("texts with random edits parse or fail, and never trap")
  func mutations() throws {
    var random = SeededGenerator(seed: 1)
    let seeds = try (0..<100).map { Array(try Self.graph(seed: $0).text().utf8) }
    let words = [
      "-", "9223372036854775807", "99999999999999999999999", "?", "?7", "[", "]", "%0", "%x", ":",
      "float64[]", "int8[3, ?1]", "reduce", "nan(0x", "\"", "\\", "axes [63]", "axes [64]", "\n",
      "1e999", "-9223372036854775808", "[9223372036854775807, 9223372036854775807]", "0:", "}",
    ].map { Array($0.utf8) }
    var parsed = 0
    for _ in 0..<20_000 {
      var text = seeds.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<max(1, text.count), using: &random)
        let end = min(text.count, place + Int.random(in: 0...4, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.replaceSubrange(place..<end, with: [])
        case 1: text.replaceSubrange(place..<end, with: [UInt8.random(in: 0...255, using: &random)])
        case 2: text.replaceSubrange(place..<place, with: words.randomElement(using: &random) ?? [])
        default:
          let from = Int.random(in: 0..<max(1, text.count), using: &random)
          let piece = text[from..<min(text.count, from + 30)]
          text.replaceSubrange(place..<end, with: Array(piece))
        }
      }
      guard let graph = try? Self.parse(String(decoding: text, as: UTF8.self)) else { continue }
      parsed += 1
      #expect(throws: Never.self) { try GraphVerifier.verify(graph) }
      #expect(try Self.parse(graph.text()) == graph)
      _ = graph.summary.description + graph.json + graph.dot
    }
    #expect(parsed > 100)
  }

  @Test("long and deep texts fail without a trap")
  func hostile() {
    let many = String(repeating: "1, ", count: 100_000) + "1"
    let texts = [
      "", "graph", "graph @", "graph @m", "graph @m(", "graph @m()", "graph @m() {", "\"", "%", "?",
      "graph @m() {\n  return", "graph @m() {\n  return\n", "graph @m() {\n  return %0\n}",
      String(repeating: "[", count: 100_000), String(repeating: "(", count: 100_000),
      "graph @m(%x: float64[" + many, "graph @m(%x: float64[\(many)]) {\n %0 = sum %x\n",
      "graph @m(%x: float64[\(many)]) {\n %0 = reduce add %x axes [63] : float64[]\n return\n}",
      "graph @m() {\n %9999999999999999999 = constant 1 : int8[]\n return\n}",
      "graph @m() {\n %0 = constant 1 : int8[2]\n return\n}",
      "graph @m() {\n %0 = constant (((1 : int8[]\n return\n}",
      "graph @m(%x: float64[2]) {\n %0 = slice %x [9223372036854775807:9223372036854775807]\n return\n}",
      "graph @m(%x: float64[2]) {\n %0 = broadcast %x to []\n return\n}",
      "graph @m(%x: float64[2]) {\n %0 = compress %x axis 9\n return\n}",
      "graph @m(%x: float64[2]) {\n %0 = contract %x[i, j] -> [i]\n return\n}",
      "graph @m(%x: float64[2]) {\n %0 = contract -> []\n return\n}",
      "graph @m(%x: float64[2]) {\n %0 = concatenate axis 0\n return\n}",
      "graph @m(%x: float64[2]) {\n %0, %0 = sort %x axis 0\n return\n}",
      "graph @m(%x: float64[2], %x: float64[2]) {\n return\n}",
    ]
    for text in texts {
      #expect(throws: WeftError.self, "\(text.prefix(80))") { try Self.parse(text) }
    }
    // As many axes as one likes are fine.
    let wide = "graph @m(%x: float64[\(many)]) {\n return %x\n}"
    #expect(throws: Never.self) { try Self.parse(wide) }
  }

  @Test("an error tells line and column and shows the line with a caret")
  func errorPlace() throws {
    let text = "graph @m(%x: float64[3]) {\n  %0 = logg %x : float64[3]\n  return %0\n}"
    let error = try #require(throws: WeftError.self) { try Self.parse(text) }
    #expect(error.code == .name)
    #expect(error.message.hasPrefix("2:8: "))
    #expect(error.message.contains("'logg'"))
    #expect(error.excerpt == "    %0 = logg %x : float64[3]\n         ^")
    #expect("\(error)".contains("[name]\n    %0 = logg"))
  }

  @Test("an unknown routine's error names it and those that are known")
  func unknownRoutine() throws {
    let text = "graph @m(%x: float64[3]) {\n  %0 = call choleski %x : float64[3]\n  return %0\n}"
    let error = try #require(throws: WeftError.self) { try Graph(parsing: text) }
    #expect(error.code == .name && error.message.contains("'choleski'"))
    #expect(error.message.contains("cholesky"))
  }

  @Test("a truncated view shows both ends and says how much it leaves out")
  func truncated() throws {
    var graph = Graph()
    var x = graph.addParameter("x", TensorType(.float64, Shape([3])))
    for _ in 0..<1000 { x = try graph.add(.map(.sin), [x]) }
    graph.outputs = [x]
    let lines = graph.text(maxRows: 10).split(separator: "\n")
    #expect(lines.count == 14)
    #expect(lines[6] == "  // ... 990 of 1000 rows left out ...")
    #expect(lines[1] == "  %0 = sin %x : float64[3]")
    #expect(lines[11] == "  %999 = sin %998 : float64[3]")
    #expect(graph.text(maxRows: 1000) == graph.text())
    #expect(graph.text(maxRows: 0).contains("1000 of 1000 rows"))
    #expect(graph.text(maxRows: -3).contains("1000 of 1000 rows"))
  }

  @Test("call sites are comments, which can be left out")
  func sites() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([3])))
    let site = SourceSite(file: "Model/Model.swift", line: 12)
    graph.outputs = [try graph.add(.map(.sin), [x], site: site)]
    #expect(graph.text().contains("  %0 = sin %x : float64[3]  // Model.swift:12\n"))
    #expect(!graph.text(sites: false).contains("//"))
    #expect(try Self.parse(graph.text()) == graph)
  }
}
