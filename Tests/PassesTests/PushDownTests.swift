import Testing
import WeftIR

@testable import WeftPasses

@Suite("push down")
struct PushDownTests {
  @Test("push down", arguments: cases)
  func pushDown(_ example: PassCase) throws {
    try example.check([.pushDown, .simplify, .deadCode])
  }

  private static let cases = [
    PassCase(
      "one row of an expression touches one row of its input",
      "%a: float64[100, 3], %s: float64[], %o: float64[3]",
      """
        %0 = broadcast %s to [100, 3]
        %1 = multiply %a, %0
        %2 = broadcast %o to [100, 3]
        %3 = add %1, %2
        %4 = slice %3 [0:1, 0:3]
        %5 = reshape %4 to [3]
        return %5
      """,
      becomes: """
          %0 = broadcast %s to [1, 3]
          %1 = slice %a [0:1, 0:3]
          %2 = multiply %1, %0
          %3 = broadcast %o to [1, 3]
          %4 = add %2, %3
          %5 = reshape %4 to [3]
          return %5
        """),
    PassCase(
      "what is wanted whole stays whole", "%a: float64[10]",
      """
        %0 = exp %a
        %1 = sin %0
        %2 = slice %1 [2:5]
        return %0, %2
      """,
      becomes: """
          %0 = exp %a
          %1 = slice %0 [2:5]
          %2 = sin %1
          return %0, %2
        """),
    PassCase(
      "two slices are computed on the box of both, once", "%a: float64[10]",
      """
        %0 = exp %a
        %1 = slice %0 [2:4]
        %2 = slice %0 [5:6]
        %3 = reverse %2 axes [0]
        %4 = concatenate %1, %3 axis 0
        return %4
      """,
      becomes: """
          %0 = slice %a [2:6]
          %1 = exp %0
          %2 = slice %1 [0:2]
          %3 = slice %1 [3:4]
          %4 = concatenate %2, %3 axis 0
          return %4
        """),
    PassCase(
      "a contraction and a reduction compute the rows that are wanted",
      "%a: int64[6, 4], %b: int64[4, 5]",
      """
        %0 = contract %a[i, j], %b[j, k] -> [i, k]
        %1 = reduce add %0 axes [1]
        %2 = slice %1 [1:6:2]
        return %2
      """,
      becomes: """
          %0 = slice %a [1:6:2, 0:4]
          %1 = contract %0[i, j], %b[j, k] -> [i, k]
          %2 = reduce add %1 axes [1]
          return %2
        """),
    PassCase(
      "parts of a concatenation that are not wanted disappear", "%a: int64[4], %b: int64[4]",
      """
        %0 = negative %b
        %1 = concatenate %a, %0 axis 0
        %2 = slice %1 [1:3]
        return %2
      """,
      becomes: """
          %0 = slice %a [1:3]
          return %0
        """),
    PassCase(
      "part of a count is arithmetic", "",
      """
        %0 = iota axis 0 : float32[1000]
        %1 = slice %0 [5:12:3]
        return %1
      """,
      becomes: """
          %0 = iota axis 0 : int64[3]
          %1 = constant 3 : int64[]
          %2 = broadcast %1 to [3]
          %3 = multiply %0, %2
          %4 = constant 5 : int64[]
          %5 = broadcast %4 to [3]
          %6 = add %3, %5
          %7 = convert %6 to float32
          return %7
        """),
    PassCase(
      "running sums need what comes before", "%a: int64[9]",
      """
        %0 = scan add %a axis 0
        %1 = slice %0 [3:6]
        return %1
      """,
      becomes: """
          %0 = slice %a [0:6]
          %1 = scan add %0 axis 0
          %2 = slice %1 [3:6]
          return %2
        """),
    PassCase(
      "padding is cut with its array", "%a: int64[4], %f: int64[]",
      """
        %0 = negative %a
        %1 = pad %0, %f [(2, 3)]
        %2 = slice %1 [1:8:3]
        return %2
      """,
      becomes: """
          %0 = slice %a [2:3]
          %1 = negative %0
          %2 = pad %1, %f [(1, 1)]
          return %2
        """),
  ]

  @Test("contractions of floats stay whole when bits must stay")
  func exactContraction() throws {
    let text = """
      graph @main(%a: float64[6, 4], %b: float64[4, 5]) {
        %0 = contract %a[i, j], %b[j, k] -> [i, k]
        %1 = slice %0 [0:1, 0:5]
        return %1
      }
      """
    var graph = try Graph(parsing: text)
    try Pipeline.standard.run(&graph, .checking(.exact))
    #expect(graph.text().contains("contract %a"))
  }

  @Test("ten elements of a huge virtual array compute ten elements")
  func virtual() throws {
    let text = """
      graph @main() {
        %0 = iota axis 0 : float64[200000000000]
        %1 = sin %0
        %2 = slice %1 [5:15]
        return %2
      }
      """
    var graph = try Graph(parsing: text)
    try Pipeline.standard.run(&graph, .checking())
    let largest = (0..<graph.count).compactMap { graph.types($0).first?.shape.count }.max()
    #expect(largest == 10)
  }

  @Test("unknown extents stay whole")
  func unknownExtents() throws {
    let text = """
      graph @main(%x: int64[5, 3], %m: bool[5]) {
        %0 = compress %x, %m axis 0 : int64[?0, 3]
        %1 = negative %0 : int64[?0, 3]
        %2 = slice %1 [:, 1:2] : int64[?0, 1]
        return %2
      }
      """
    let original = try Graph(parsing: text)
    var graph = original
    try Pipeline.standard.run(&graph, .checking())
    try expectSameResults(original, graph, seed: 3)
  }
}
