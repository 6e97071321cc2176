import Testing
import WeftIR

@Suite("Facts")
struct FactsTests {
  private func facts(_ parameters: String, _ body: String) throws -> Facts {
    let graph = try Graph(parsing: "graph @main(\(parameters)) {\n\(body)\n}\n")
    return GraphFacts(graph)[graph.outputs[0]]
  }

  @Test("facts are read back from their options")
  func options() throws {
    let all: [Facts] = [
      .none, .zero, .identity, .lowerTriangular, .upperTriangular, .diagonal, .spd, .orthogonal,
      .banded(lower: 2, upper: -1), .blockDiagonal([2, 3]), .finite,
    ]
    for facts in all { #expect(Facts(options: facts.options) == facts) }
    #expect(Facts(options: ["upper": "x"]) == nil)
    #expect(Facts(options: ["wrong": "true"]) == nil)
    #expect(Facts(options: ["blocks": "2+0"]) == nil)
  }

  @Test("a graph's text tells what is known of its parameters")
  func text() throws {
    var graph = try Graph(parsing: "graph @main(%x: float64[4, 4]) {\n  return %x\n}\n")
    graph = graph.knowing([0: .banded(lower: 1, upper: 0).and(.finite)])
    let text = graph.text()
    #expect(text.contains("lower=\"1\""))
    #expect(try Graph(parsing: text) == graph)
    #expect(graph != graph.knowing([0: .none]))
  }

  @Test(
    "ops keep what they keep",
    arguments: [
      ("permute %a axes [1, 0]", Facts.upperTriangular.options),
      ("negative %a", Facts.lowerTriangular.options),
      ("add %a, %a", Facts.lowerTriangular.options),
      ("contract %a[i, k], %a[k, j] -> [i, j]", Facts.lowerTriangular.options),
      ("slice %a axes [0:3, 0:3]", Facts.lowerTriangular.options),
      ("call inv %a", Facts.lowerTriangular.options),
      ("exp %a", [:]),
    ])
  func propagation(op: String, expected: [String: String]) throws {
    let body = op.contains("slice") ? "  %0 = slice %a [0:3, 0:3]" : "  %0 = \(op)"
    guard
      let found = try? facts(
        "%a: float64[4, 4] {absent=true, upper=0}", body + "\n  return %0")
    else { return }
    #expect(found.options == expected, "\(op)")
  }

  @Test("a product with its transpose is symmetric and not negative")
  func gram() throws {
    let found = try facts(
      "%x: float64[4, 3], %w: float64[4, 4] {symmetric=true, definite=true}",
      """
        %0 = contract %x[k, i], %w[k, l] -> [i, l]
        %1 = contract %0[i, l], %x[l, j] -> [i, j]
        return %1
      """)
    #expect(found.contains([.symmetric, .positiveSemidefinite]))
    let other = try facts(
      "%x: float64[4, 3], %w: float64[4, 4]",
      """
        %0 = contract %x[k, i], %w[k, l] -> [i, l]
        %1 = contract %0[i, l], %x[l, j] -> [i, j]
        return %1
      """)
    #expect(!other.contains(.symmetric))
  }

  @Test("zeros that were found hide only what is finite")
  func foundZeros() throws {
    let body = "  %0 = multiply %a, %b\n  return %0"
    let found = try facts("%a: float64[4, 4] {upper=0}, %b: float64[4, 4]", body)
    #expect(!found.hasZeros)
    let finite = try facts("%a: float64[4, 4] {upper=0}, %b: float64[4, 4] {finite=true}", body)
    #expect(finite.isLower)
  }

  // MARK: - Looks

  private func look(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double) throws -> Buffer {
    let buffer = try Buffer(
      allocating: TensorType(.float64, Shape([rows, columns])), in: MemoryAccount())
    for i in 0..<rows {
      for j in 0..<columns {
        buffer.base.storeBytes(
          of: element(i, j), toByteOffset: (i * columns + j) * 8, as: Double.self)
      }
    }
    return buffer
  }

  @Test("a look finds what is there", arguments: [33, 64, 100])
  func looks(n: Int) throws {
    func value(_ i: Int, _ j: Int) -> Double { Double((i * 31 + j * 17) % 23) + 1.5 }
    #expect(try look(n, n, value).facts == .none)
    let lower = try look(n, n) { $1 <= $0 ? value($0, $1) : 0 }.facts
    #expect(lower.upper == 0 && lower.lower == Facts.wide && lower.blocks.isEmpty)
    let upper = try look(n, n) { $1 >= $0 ? value($0, $1) : 0 }.facts
    #expect(upper.lower == 0 && upper.upper == Facts.wide)
    let band = try look(n, n) { $1 - $0 <= 2 && $0 - $1 <= 1 ? value($0, $1) : 0 }.facts
    #expect(band.upper == 2 && band.lower == 1)
    #expect(try look(n, n) { $0 == $1 ? value($0, $1) : 0 }.facts.isDiagonal)
    #expect(try look(n, n) { $0 == $1 ? 1 : 0 }.facts.contains(.identity))
    #expect(try look(n, n) { _, _ in 0 }.facts.contains(.zero))
    let symmetric = try look(n, n) { value(max($0, $1), min($0, $1)) }.facts
    #expect(symmetric.contains(.symmetric) && !symmetric.hasZeros)
    let half = n / 3
    let blocks = try look(n, n) { ($0 < half) == ($1 < half) ? value($0, $1) : 0 }.facts
    #expect(blocks.blocks == [half, n - half])
    // One element out of place.
    let nearly = try look(n, n) { $0 == 5 && $1 == 20 ? 3 : $1 <= $0 ? value($0, $1) : 0 }
    #expect(nearly.facts.upper > 0)
    let odd = try look(n, n) { i, j in
      i == 20 && j == 5 ? .nan : value(max(i, j), min(i, j))
    }
    #expect(!odd.facts.contains(.symmetric) && !odd.isFinite)
  }

  @Test("finite is what has neither NaN nor infinity")
  func finite() throws {
    #expect(try look(9, 7) { Double($0 - $1) }.isFinite)
    for wrong in [Double.nan, .infinity, -.infinity] {
      #expect(try !look(9, 7) { $0 == 8 && $1 == 6 ? wrong : 1 }.isFinite)
    }
    #expect(try look(2, 2) { _, _ in .greatestFiniteMagnitude }.isFinite)
  }
}
