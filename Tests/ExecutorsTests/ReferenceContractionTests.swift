import Testing
import WeftIR
import WeftReference

@Suite("Reference executor: contractions")
struct ReferenceContractionTests {
  /// A contraction of operands whose elements count 1, 2, 3, ...
  private func contracted(
    _ labels: [[Int]], _ output: [Int], _ extents: [Int], _ dtype: DType = .float64
  ) throws -> [Double] {
    var run = ReferenceRun()
    let operands = try labels.map { labels in
      let shape = labels.map { extents[$0] }
      return try run.input((0..<shape.reduce(1, *)).map { Double($0 + 1) }, shape, dtype)
    }
    return try run.numbers(run.graph.add(.contract(Contraction(labels, to: output)), operands))
  }

  @Test(
    "a matrix product, in each dtype kind",
    arguments: [
      DType.int8, .uint64, .float16, .bfloat16, .float32, .float64, .complex64, .complex128,
    ])
  func matmul(dtype: DType) throws {
    #expect(
      try contracted([[0, 1], [1, 2]], [0, 2], [2, 3, 2], dtype) == [22, 28, 49, 64])
    #expect(
      try contracted([[0, 1], [1, 2]], [2, 0], [2, 3, 2], dtype) == [22, 49, 28, 64])
  }

  @Test("a kept axis without positions gives no elements; nothing is read or written")
  func emptyKeptAxis() throws {
    #expect(try contracted([[0, 1], [1]], [0], [0, 2]) == [])
    #expect(try contracted([[0, 1, 2], [0, 2]], [0, 1], [40, 0, 2]) == [])
    #expect(try contracted([[0, 2], [0, 1, 2]], [0, 1], [40, 0, 2]) == [])
  }

  @Test("bool products are logical or of and")
  func bool() throws {
    var run = ReferenceRun()
    let x = try run.input([1, 1, 0, 0], [2, 2], .bool)
    let y = try run.input([1, 0, 1, 0], [2, 2], .bool)
    let product = try run.graph.add(
      .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [x, y])
    #expect(try run.numbers(product) == [1, 0, 0, 0])
  }

  @Test("trace, diagonal, transpose and sum of one operand")
  func oneOperand() throws {
    #expect(try contracted([[0, 0]], [], [3]) == [15])
    #expect(try contracted([[0, 0]], [0], [3]) == [1, 5, 9])
    #expect(try contracted([[0, 1]], [1, 0], [2, 2]) == [1, 3, 2, 4])
    #expect(try contracted([[0, 1]], [1], [2, 3]) == [5, 7, 9])
  }

  @Test("outer, elementwise, batched and repeated labels of two operands")
  func twoOperands() throws {
    #expect(try contracted([[0], [1]], [1, 0], [2, 3]) == [1, 2, 2, 4, 3, 6])
    #expect(try contracted([[0], [0]], [0], [3]) == [1, 4, 9])
    #expect(try contracted([[0, 1], [0, 1]], [0], [2, 3]) == [14, 77])
    #expect(try contracted([[0, 0], [0]], [0], [2]) == [1, 8])
    #expect(try contracted([[0, 1], [2]], [0], [2, 2, 2]) == [9, 21])
    #expect(try contracted([[], [0]], [0], [2]) == [1, 2])
  }

  @Test("long chains sum labels as they go")
  func chain() throws {
    // einsum("ab,bc,cd,de->ae") of 2 by 2 matrices [[1, 2], [3, 4]]
    #expect(
      try contracted([[0, 1], [1, 2], [2, 3], [3, 4]], [0, 4], [2, 2, 2, 2, 2])
        == [199, 290, 435, 634])
    let long = (0..<20).map { [$0, $0 + 1] }
    let sums = try contracted(long, [0, 20], Array(repeating: 2, count: 21), .uint64)
    #expect(
      sums == [95_799_031_216_999, 139_620_104_992_450, 209_430_157_488_675, 305_229_188_705_674])
  }

  @Test("the sum over a label of extent 0 is 0, an operand without elements gives none")
  func empty() throws {
    #expect(try contracted([[0, 1], [1, 2]], [0, 2], [2, 0, 2]) == [0, 0, 0, 0])
    #expect(try contracted([[0, 1], [1, 2]], [0, 2], [0, 3, 2]) == [])
    #expect(try contracted([[0], [0]], [], [0]) == [0])
  }

  @Test("float16 sums are rounded once, at the end")
  func roundsOnce() throws {
    var run = ReferenceRun()
    let x = try run.input(Array(repeating: 256, count: 300), nil, .float16)
    let tiny = try run.input(Array(repeating: 0.0009765625, count: 300), nil, .float16)
    let sum = try run.graph.add(.contract(Contraction([[0], [0], [1]], to: [])), [x, x, tiny])
    // 300 * 65536 does not fit float16, nor does that times 0.29.
    #expect(try run.numbers(sum) == [.infinity])
    let small = try run.graph.add(
      .contract(Contraction([[0], [0], [0], [0]], to: [])), [x, x, tiny, tiny])
    #expect(try run.numbers(small) == [18.75])
  }

  @Test("blocks of rows, columns and depth meet without seams")
  func blocks() throws {
    let (rows, depth, columns) = (260, 131, 130)
    var run = ReferenceRun()
    let a = (0..<rows * depth).map { Double($0 % 7) - 3 }
    let b = (0..<depth * columns).map { Double($0 % 5) - 2 }
    let x = try run.input(a, [rows, depth])
    let y = try run.input(b, [depth, columns])
    let product = try run.numbers(
      run.graph.add(.contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [x, y]))
    for (i, j) in [(0, 0), (255, 127), (256, 128), (259, 129), (13, 128)] {
      let expected = (0..<depth).reduce(0.0) { $0 + a[i * depth + $1] * b[$1 * columns + j] }
      #expect(product[i * columns + j] == expected)
    }
  }
}
