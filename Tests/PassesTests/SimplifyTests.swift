import Testing
import WeftIR

@testable import WeftPasses

@Suite("simplify and fold constants")
struct SimplifyTests {
  @Test("simplify", arguments: simplifyCases)
  func simplify(_ example: PassCase) throws {
    try example.check([.foldConstants, .simplify, .deadCode])
  }

  private static let simplifyCases = [
    PassCase(
      "multiplying by a broadcast one disappears, and so does the broadcast",
      "%x: float64[3, 4]",
      """
        %0 = constant 1.0 : float64[]
        %1 = broadcast %0 to [3, 4]
        %2 = multiply %1, %x
        return %2
      """, becomes: "  return %x"),
    PassCase(
      "adding positive zero to floats stays: -0.0 + 0.0 is 0.0",
      "%x: float64[2]",
      """
        %0 = constant 0.0 : float64[]
        %1 = broadcast %0 to [2]
        %2 = add %x, %1
        return %2
      """,
      becomes: """
          %0 = constant 0.0 : float64[]
          %1 = broadcast %0 to [2]
          %2 = add %x, %1
          return %2
        """),
    PassCase(
      "adding zero to integers disappears", "%x: int32[2]",
      """
        %0 = constant 0 : int32[]
        %1 = broadcast %0 to [2]
        %2 = add %x, %1
        return %2
      """, becomes: "  return %x"),
    PassCase(
      "constants of integer sums meet", "%x: int64[2]",
      """
        %0 = constant 3 : int64[]
        %1 = broadcast %0 to [2]
        %2 = add %x, %1
        %3 = constant 4 : int64[]
        %4 = broadcast %3 to [2]
        %5 = add %4, %2
        return %5
      """,
      becomes: """
          %0 = constant 7 : int64[]
          %1 = broadcast %0 to [2]
          %2 = add %x, %1
          return %2
        """),
    PassCase(
      "a product with zero keeps the shape", "%x: int64[2, 3]",
      """
        %0 = constant 0 : int64[]
        %1 = broadcast %0 to [2, 3]
        %2 = multiply %x, %1
        return %2
      """,
      becomes: """
          %0 = constant 0 : int64[]
          %1 = broadcast %0 to [2, 3]
          return %1
        """),
    PassCase(
      "division by a power of two is a product", "%x: float64[2]",
      """
        %0 = constant 4.0 : float64[]
        %1 = broadcast %0 to [2]
        %2 = divide %x, %1
        return %2
      """,
      becomes: """
          %0 = constant 0.25 : float64[]
          %1 = broadcast %0 to [2]
          %2 = multiply %x, %1
          return %2
        """),
    PassCase(
      "transposes cancel around elementwise functions", "%x: float64[2, 3]",
      """
        %0 = permute %x axes [1, 0]
        %1 = sin %0
        %2 = permute %1 axes [1, 0]
        return %2
      """,
      becomes: """
          %0 = sin %x
          return %0
        """),
    PassCase(
      "a transposed operand of a contraction is relabelled", "%x: int64[2, 3], %y: int64[2, 4]",
      """
        %0 = permute %x axes [1, 0]
        %1 = contract %0[i, k], %y[k, j] -> [i, j]
        return %1
      """,
      becomes: """
          %0 = contract %x[i, j], %y[i, k] -> [j, k]
          return %0
        """),
    PassCase(
      "a batch that is a broadcast is not repeated for a contraction",
      "%x: int64[5, 2, 3], %y: int64[3, 4]",
      """
        %0 = broadcast %y to [5, 3, 4]
        %1 = contract %x[i, j, k], %0[i, k, l] -> [i, j, l]
        return %1
      """,
      becomes: """
          %0 = contract %x[i, j, k], %y[k, l] -> [i, j, l]
          return %0
        """),
    PassCase(
      "functions of a repeated row are computed once", "%x: float64[4]",
      """
        %0 = broadcast %x to [50, 4]
        %1 = exp %0
        return %1
      """,
      becomes: """
          %0 = exp %x
          %1 = broadcast %0 to [50, 4]
          return %1
        """),
    PassCase(
      "kept axes of a reduction broadcast without a reshape", "%x: float64[3, 4]",
      """
        %0 = reduce maximum %x axes [1]
        %1 = reshape %0 to [3, 1]
        %2 = broadcast %1 to [3, 4]
        return %2
      """,
      becomes: """
          %0 = reduce maximum %x axes [1]
          %1 = broadcast %0 to [3, 4] axes [0]
          return %1
        """),
    PassCase(
      "slices, reshapes and reverses meet", "%x: int8[10]",
      """
        %0 = slice %x [1:9:2]
        %1 = slice %0 [1:4:2]
        %2 = reverse %1 axes [0]
        %3 = reverse %2 axes [0]
        %4 = reshape %3 to [2, 1]
        %5 = reshape %4 to [1, 2]
        return %5
      """,
      becomes: """
          %0 = slice %x [3:8:4]
          %1 = reshape %0 to [1, 2]
          return %1
        """),
    PassCase(
      "lossless conversions are left out, lossy ones stay", "%x: int8[2], %y: uint32[2]",
      """
        %0 = convert %x to float64
        %1 = convert %0 to int32
        %2 = convert %y to float64
        %3 = convert %2 to int16
        return %1, %3
      """,
      becomes: """
          %0 = convert %x to int32
          %1 = convert %y to float64
          %2 = convert %1 to int16
          return %0, %2
        """),
    PassCase(
      "reductions over short axes are reshapes, of reductions are one", "%x: int64[2, 1, 3]",
      """
        %0 = reduce add %x axes [1]
        %1 = reduce add %0 axes [1]
        %2 = reduce add %1 axes [0]
        return %2
      """,
      becomes: """
          %0 = reshape %x to [2, 3]
          %1 = reduce add %0 axes [0, 1]
          return %1
        """),
    PassCase(
      "a sum of a broadcast integer is a product", "%x: int64[3]",
      """
        %0 = broadcast %x to [7, 3]
        %1 = reduce add %0 axes [0]
        return %1
      """,
      becomes: """
          %0 = constant 7 : int64[]
          %1 = broadcast %0 to [3]
          %2 = multiply %x, %1
          return %2
        """),
    PassCase(
      "a select by a constant, and a double negation of a comparison",
      "%x: float64[2], %y: float64[2]",
      """
        %0 = constant true : bool[]
        %1 = broadcast %0 to [2]
        %2 = select %1, %x, %y
        %3 = equal %2, %y
        %4 = logical_not %3
        %5 = less %x, %y
        %6 = logical_not %5
        return %4, %6
      """,
      becomes: """
          %0 = not_equal %x, %y
          %1 = less %x, %y
          %2 = logical_not %1
          return %0, %2
        """),
    PassCase(
      "one taken index is a slice", "%x: float64[5, 3]",
      """
        %0 = constant 2 : int64[]
        %1 = gather %x, %0 axis 0
        return %1
      """,
      becomes: """
          %0 = slice %x [2:3, 0:3]
          %1 = reshape %0 to [3]
          return %1
        """),
    PassCase(
      "arithmetic of constants is computed once, at one element", "%x: float32[3]",
      """
        %0 = constant 2 : int64[]
        %1 = convert %0 to float32
        %2 = sqrt %1
        %3 = broadcast %2 to [3]
        %4 = exp %3
        %5 = multiply %x, %4
        return %5
      """,
      becomes: """
          %0 = constant 4.1132503 : float32[]
          %1 = broadcast %0 to [3]
          %2 = multiply %x, %1
          return %2
        """),
  ]

  @Test("a dearer right side needs what it replaces to itself")
  func sharedExponential() throws {
    let shared = try simplified(
      """
      graph @main(%x: float64[3]) {
        %0 = exp %x
        %1 = constant 1.0 : float64[]
        %2 = broadcast %1 to [3]
        %3 = subtract %0, %2
        return %0, %3
      }
      """)
    #expect(!shared.contains("expm1"))
    let alone = try simplified(
      """
      graph @main(%x: float64[3]) {
        %0 = exp %x
        %1 = constant 1.0 : float64[]
        %2 = broadcast %1 to [3]
        %3 = subtract %0, %2
        return %3
      }
      """)
    #expect(alone.contains("expm1"))
  }

  @Test("relaxed rules fire only when asked, switched-off rules never")
  func switches() throws {
    let text = "graph @main(%x: float64[3]) {\n %0 = subtract %x, %x\n return %0\n}"
    #expect(try simplified(text).contains("subtract"))
    #expect(try !simplified(text, .checking(.relaxed)).contains("subtract"))
    var context = PassContext.checking(.relaxed)
    context.disabledRules = ["difference-of-same"]
    #expect(try simplified(text, context).contains("subtract"))
  }

  @Test("a rule that would need a constant of an unknown shape does not fire")
  func unknownShape() throws {
    let text = """
      graph @main(%x: int64[5], %m: bool[5]) {
        %0 = compress %x, %m axis 0 : int64[?0]
        %1 = subtract %0, %0 : int64[?0]
        return %1
      }
      """
    #expect(try simplified(text).contains("subtract"))
  }

  private func simplified(_ text: String, _ context: PassContext = .checking()) throws -> String {
    var graph = try Graph(parsing: text)
    try Pipeline([.simplify, .deadCode]).run(&graph, context)
    return graph.text()
  }
}
