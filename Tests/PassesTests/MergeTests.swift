import Testing
import Weft
import WeftIR
import WeftPasses

@Suite("Merges of sorted lists")
struct MergeTests {
  @Test("loops of lattices are those of what may still come")
  func points() {
    func loops(_ terms: [[Int]], _ read: [Int]) -> [[Int]] {
      MergeLattice(terms, reading: read).points.map(\.lists)
    }
    #expect(loops([[0], [1]], [0, 1]) == [[0, 1], [0], [1]])
    #expect(loops([[0, 1]], [0, 1]) == [[0, 1]])
    // A * B + A has the positions of A; B is looked at as long as it lasts.
    #expect(loops([[0]], [0, 1]) == [[0, 1], [0]])
    #expect(loops([[0, 1], [2]], [0, 1, 2]) == [[0, 1, 2], [0, 1], [0, 2], [1, 2], [2]])
    // A list that only says where: no value of it is read.
    #expect(loops([[0], [1]], [0]) == [[0, 1], [0], [1]])
    #expect(MergeLattice([[0], [1]], reading: [0, 1]).points.allSatisfy { $0.keepsAll })
    #expect(MergeLattice([[0, 1]], reading: [0, 1]).points.allSatisfy { !$0.keepsAll })
  }

  @Test("what graphs of sparse arrays cannot do without is done after the time limit, too")
  func neededPasses() throws {
    var session = Session.standard
    session.pipeline.timeLimit = -1
    try session.with { () throws in
      let sorted: [Double] = try sort(eye(2, 3).asSparse() * 2).asDense().toArray()
      #expect(sorted == [0, 0, 2, 0, 0, 2])
    }
  }

  /// Rows of random coordinates.
  private struct Rows {
    var ends: [Int64] = [0]
    var columns: [Int32] = []

    init(_ rows: Int, _ columns: Int, every: Int, _ seed: inout UInt64) {
      for _ in 0..<rows {
        for column in 0..<columns {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          if (seed >> 33) % UInt64(every) != 0 { continue }
          self.columns.append(Int32(column))
        }
        ends.append(Int64(self.columns.count))
      }
    }

    func place(_ row: Int, _ column: Int) -> Int? {
      (Int(ends[row])..<Int(ends[row + 1])).first { Int(columns[$0]) == column }
    }
  }

  @Test("kernels give the positions that formulas say, and where they are from", arguments: 0..<30)
  func interpreted(number: Int) throws {
    let formulas: [[[Int]]] = [
      [[0], [1]], [[0, 1]], [[0]], [[0, 1], [2]], [[0], [1], [2]], [[0, 2], [1, 2]], [[1]],
      [[0, 1, 2]], [[0, 1], [2, 3], [4, 5]], [[0], [1], [2], [3], [4], [5], [6]],
    ]
    let terms = formulas[number % formulas.count]
    let count = Swift.max(2, (terms.joined().max() ?? 0) + 1)
    let (height, width) = (4, 9)
    var seed = UInt64(number) &+ 77
    let lists = (0..<count).map { _ in
      Rows(height, width, every: 2 + number / formulas.count, &seed)
    }
    let pattern = MergedPattern(
      lists: lists.map { _ in MergedPattern.List(ends: .int64, coordinates: .int32) },
      read: Array(0..<count), terms: terms, innerLevels: 1, index: .int64)
    let kernel = pattern.merging()
    try KernelVerifier.verify(kernel.kernel)
    #expect(try Kernel(parsing: kernel.kernel.text()) == kernel.kernel)
    // A part begins inside a row, at a common column.
    for (first, column) in [(0, 0), (1, 4), (3, 8)] {
      var expected: [(row: Int, column: Int)] = []
      for row in first..<height {
        for place in (row == first ? column : 0)..<width {
          let found = lists.map { $0.place(row, place) }
          if terms.contains(where: { $0.allSatisfy { found[$0] != nil } }) {
            expected.append((row, place))
          }
        }
      }
      let memory = MergeMemory(rows: height, levels: 1, lists: count, room: height * width + 1)
      defer { memory.free() }
      memory.numbers[.firstRow] = Int64(first)
      memory.numbers[.lastRow] = Int64(height)
      var starts: [Int] = []
      for (n, list) in lists.enumerated() {
        memory.add(n, list.ends, list.columns)
        let row = Int(list.ends[first])..<Int(list.ends[first + 1])
        starts.append(row.first { Int(list.columns[$0]) >= column } ?? row.upperBound)
        memory.numbers[.start(list: n)] = Int64(starts[n])
        memory.numbers[.stop(list: n)] = list.ends[height]
      }
      memory.run(kernel)
      let found: [Int64] = memory.read(.count, 1)
      #expect(found == [Int64(expected.count)])
      if pattern.donor == nil {
        let columns: [Int64] = memory.read(.merged(level: 0), expected.count)
        #expect(columns == expected.map { Int64($0.column) })
      }
      let ends: [Int64] = memory.read(.rowEnds, height - first)
      #expect(ends == (first..<height).map { row in Int64(expected.count { $0.row <= row }) })
      for list in pattern.read {
        let sources: [Int32] = memory.read(.sources(list: list), expected.count)
        #expect(
          sources
            == expected.map { entry in
              lists[list].place(entry.row, entry.column).map { Int32($0 - starts[list]) } ?? -1
            })
      }
    }
  }

  @Test("pairs are what formulas of two lists are")
  func pairs() {
    func pair(_ terms: [[Int]], _ index: DType = .int32) -> MergedPattern.Pair? {
      let list = MergedPattern.List(ends: .int32, coordinates: .int32)
      return MergedPattern(
        lists: [list, list], read: [0, 1], terms: terms, innerLevels: 1, index: index
      ).pair?.kind
    }
    #expect(pair([[0], [1]]) == .either)
    #expect(pair([[0, 1]]) == .both)
    #expect(pair([[1]]) == .first)
    #expect(pair([[0], [1]], .int64) == nil)
  }

  @Test("elements are computed, and those that differ from the fill counted")
  func elements() throws {
    var graph = Graph(name: "main")
    let inputs = (0..<3).map {
      graph.addParameter("x\($0)", TensorType(.float64, Shape([6])))
    }
    let product = try graph.add(.map(.multiply), [inputs[0], inputs[1]])
    let sum = try graph.add(.map(.add), [product, inputs[2]])
    graph.outputs = [sum]
    let cluster = MergedElements(
      inputs.enumerated().map {
        MergedElements.Operand($0.element, .float64, isUniform: $0.offset == 1)
      })
    let computing = try #require(cluster.computing([product.index, sum.index], of: graph))
    try KernelVerifier.verify(computing.kernel)
    #expect(try Kernel(parsing: computing.kernel.text()) == computing.kernel)
    let arrays: [[Double]] = [[1, -2, 3, 0, 5, 0], [2], [4, 4, 0, 0, -10, -0.0]]
    let memory = arrays + [[0], [Double](repeating: 7, count: 6), [0]]
    let buffers = memory.map { elements in
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: elements.count * 8, alignment: 16)
      elements.withUnsafeBytes { buffer.copyMemory(from: $0) }
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    KernelInterpreter.run(
      computing.kernel, buffers.map { KernelInterpreter.Argument.buffer($0) } + [.index(6)])
    #expect(Array(buffers[4].bindMemory(to: Double.self)) == [6, 0, 6, 0, 0, 0])
    #expect(buffers[5].load(as: Int64.self) == 2)
  }
}

/// Memory of a merge that the interpreter runs.
private final class MergeMemory {
  private var buffers: [MergedPattern.Binding: UnsafeMutableRawBufferPointer] = [:]
  var numbers: [MergedPattern.Number: Int64] = [:]

  init(rows: Int, levels: Int, lists: Int, room: Int) {
    write(.count, [0 as Int64])
    write(.rowEnds, [Int64](repeating: 0, count: rows))
    for level in 0..<levels {
      write(.merged(level: level), [Int64](repeating: 0, count: room))
    }
    for list in 0..<lists { write(.sources(list: list), [Int32](repeating: 0, count: room)) }
  }

  func add(_ list: Int, _ ends: [Int64], _ columns: [Int32]) {
    write(.ends(list: list), ends)
    write(.coordinates(list: list, level: 0), columns)
  }

  func write<Element: BitwiseCopyable>(_ binding: MergedPattern.Binding, _ elements: [Element]) {
    buffers[binding]?.deallocate()
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Swift.max(16, elements.count * MemoryLayout<Element>.stride), alignment: 16)
    elements.withUnsafeBytes { buffer.copyMemory(from: $0) }
    buffers[binding] = buffer
  }

  func read<Element: BitwiseCopyable>(_ binding: MergedPattern.Binding, _ count: Int) -> [Element] {
    guard let buffer = buffers[binding] else { return [] }
    return Array(buffer.bindMemory(to: Element.self).prefix(count))
  }

  func run(_ kernel: MergedPattern.Merging) {
    var (next, number) = (0, 0)
    let arguments = kernel.kernel.parameters.map { parameter -> KernelInterpreter.Argument in
      switch parameter {
      case .buffer:
        next += 1
        return .buffer(buffers[kernel.bindings[next - 1]] ?? .init(start: nil, count: 0))
      case .index:
        number += 1
        return .index(numbers[kernel.numbers[number - 1]] ?? 0)
      }
    }
    KernelInterpreter.run(kernel.kernel, arguments)
  }

  func free() { for buffer in buffers.values { buffer.deallocate() } }
}
