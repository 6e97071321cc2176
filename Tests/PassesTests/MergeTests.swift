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

  /// Rows of random coordinates, with values.
  private struct Rows {
    var ends: [Int64] = [0]
    var columns: [Int32] = []
    var values: [Double] = []

    init(_ rows: Int, _ columns: Int, every: Int, _ seed: inout UInt64) {
      for _ in 0..<rows {
        for column in 0..<columns {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          if (seed >> 33) % UInt64(every) != 0 { continue }
          self.columns.append(Int32(column))
          values.append(Double(Int(seed >> 40 % 9) - 4))
        }
        ends.append(Int64(self.columns.count))
      }
    }

    func element(_ row: Int, _ column: Int) -> Double? {
      (Int(ends[row])..<Int(ends[row + 1])).first { Int(columns[$0]) == column }.map { values[$0] }
    }
  }

  /// x0 * x1 + x2, or so: the graph of a cluster and its rows.
  private static func graph(_ count: Int) throws -> (graph: Graph, rows: [Int], inputs: [Value]) {
    var graph = Graph(name: "main")
    let inputs = (0..<count).map {
      graph.addParameter("x\($0)", TensorType(.float64, Shape([4, 9])))
    }
    var rows: [Int] = []
    var last = inputs[0]
    for (n, input) in inputs.dropFirst().enumerated() {
      last = try graph.add(.map(n % 2 == 0 ? .multiply : .add), [last, input])
      rows.append(last.index)
    }
    graph.outputs = [last]
    return (graph, rows, inputs)
  }

  @Test("kernels give what formulas and functions say", arguments: 0..<24)
  func interpreted(number: Int) throws {
    let formulas: [[[Int]]] = [
      [[0], [1]], [[0, 1]], [[0]], [[0, 1], [2]], [[0], [1], [2]], [[0, 2], [1, 2]], [[1]],
      [[0, 1, 2]],
    ]
    let terms = formulas[number % formulas.count]
    let count = Swift.max(2, (terms.joined().max() ?? 0) + 1)
    let (height, width) = (4, 9)
    var seed = UInt64(number) &+ 77
    let lists = (0..<count).map { _ in Rows(height, width, every: 2 + number / 8, &seed) }
    let (graph, rows, inputs) = try Self.graph(count)
    let cluster = MergedCluster(
      lists: lists.map { _ in MergedCluster.List(ends: .int64, coordinates: .int32) },
      operands: inputs.enumerated().map {
        MergedCluster.Operand($0.element, .float64, .list($0.offset))
      },
      terms: terms, leadingLevels: 1, innerLevels: 1, index: .int64)
    let computing = try #require(cluster.computing(rows, of: graph))
    let kernels = [cluster.counting(), computing].compactMap { $0 }
    for kernel in kernels {
      try KernelVerifier.verify(kernel.kernel)
      #expect(try Kernel(parsing: kernel.kernel.text()) == kernel.kernel)
    }
    // What is expected: positions by the formula, values by the functions.
    var expected: [(row: Int, column: Int, value: Double)] = []
    for row in 0..<height {
      for column in 0..<width {
        let found = lists.map { $0.element(row, column) }
        if !terms.contains(where: { $0.allSatisfy { found[$0] != nil } }) { continue }
        var value = found[0] ?? 0
        for (n, other) in found.dropFirst().enumerated() {
          value = n % 2 == 0 ? value * (other ?? 0) : value + (other ?? 0)
        }
        expected.append((row, column, value))
      }
    }
    let memory = MergeMemory(rows: height, parts: [0, 1, 4], room: expected.count)
    defer { memory.free() }
    for (n, list) in lists.enumerated() { memory.add(n, list.ends, list.columns, list.values) }
    if let counting = cluster.counting() {
      memory.run(counting)
      let counts: [Int64] = memory.read(.counts, 2)
      #expect(
        counts
          == [0, 1].map { part in
            Int64(expected.count { part == 0 ? $0.row < 1 : $0.row >= 1 })
          })
      memory.write(.counts, [0, counts[0]])
    }
    memory.run(computing)
    let values: [Double] = memory.read(.result, expected.count)
    #expect(values == expected.map(\.value))
    if cluster.donor == nil {
      let columns: [Int64] = memory.read(.resultCoordinates(level: 0), expected.count)
      #expect(columns == expected.map { Int64($0.column) })
      let ends: [Int64] = memory.read(.resultEnds, height + 1)
      #expect(ends == (0...height).map { row in Int64(expected.count { $0.row < row }) })
    }
    let differing: [Int64] = memory.read(.differing, 2)
    #expect(Int(differing[0] + differing[1]) == expected.count { $0.value.bitPattern != 0 })
  }
}

/// Memory of a merge that the interpreter runs.
private final class MergeMemory {
  private var buffers: [MergedCluster.Binding: UnsafeMutableRawBufferPointer] = [:]
  private let parts: Int

  init(rows: Int, parts: [Int64], room: Int) {
    self.parts = parts.count - 1
    write(.parts, parts)
    write(.counts, [Int64](repeating: 0, count: parts.count))
    write(.differing, [Int64](repeating: 0, count: parts.count))
    write(.resultEnds, [Int64](repeating: 0, count: rows + 1))
    write(.resultFill, [0.0])
    write(.result, [Double](repeating: 0, count: room))
    write(.resultCoordinates(level: 0), [Int64](repeating: 0, count: room))
    write(.coordinateScratch(level: 0), [Int64](repeating: 0, count: MergedKernel.tile))
  }

  func add(_ list: Int, _ ends: [Int64], _ columns: [Int32], _ values: [Double]) {
    write(.ends(list: list), ends)
    write(.coordinates(list: list, level: 0), columns + [0])
    write(.elements(operand: list), values + [0])
    write(.fill(operand: list), [0.0])
    write(.scratch(operand: list), [Double](repeating: 0, count: MergedKernel.tile))
  }

  func write<Element: BitwiseCopyable>(_ binding: MergedCluster.Binding, _ elements: [Element]) {
    buffers[binding]?.deallocate()
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Swift.max(16, elements.count * MemoryLayout<Element>.stride), alignment: 16)
    elements.withUnsafeBytes { buffer.copyMemory(from: $0) }
    buffers[binding] = buffer
  }

  func read<Element: BitwiseCopyable>(_ binding: MergedCluster.Binding, _ count: Int) -> [Element] {
    guard let buffer = buffers[binding] else { return [] }
    return Array(buffer.bindMemory(to: Element.self).prefix(count))
  }

  func run(_ kernel: MergedKernel) {
    var (next, number) = (0, 0)
    let arguments = kernel.kernel.parameters.map { parameter -> KernelInterpreter.Argument in
      switch parameter {
      case .buffer:
        next += 1
        return .buffer(buffers[kernel.bindings[next - 1]] ?? .init(start: nil, count: 0))
      case .index:
        number += 1
        return .index(kernel.numbers[number - 1] == .parts ? Int64(parts) : 1)
      }
    }
    KernelInterpreter.run(kernel.kernel, arguments)
  }

  func free() { for buffer in buffers.values { buffer.deallocate() } }
}
