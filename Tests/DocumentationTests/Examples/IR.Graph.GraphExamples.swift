// Written from Sources/IR/Graph/Graph.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRGraphGraph: [Example] = [
    Example("IR/Graph/Graph.swift: Graph", iRGraphGraph1),
    Example("IR/Graph/Graph.swift: Graph.rebuilt(_:inputs:)", iRGraphGraph2),
  ]

  private static func iRGraphGraph1() throws {

    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, Shape([3])))
    let root = try graph.add(.map(.sqrt), [x])
    graph.outputs = [try graph.add(.reduce(.add, AxisSet([0])), [root])]
    try expect("graph", graph, "graph @main(%x: float64[3]) {\n  %0 = sqrt %x : float64[3]\n  %1 = reduce add %0 axes [0] : float64[]\n  return %1\n}")
  }

  private static func iRGraphGraph2() throws {

    let graph = try exp(ones([2])).graph()
    let other = try graph.rebuilt { new, row, operands in
      graph.rows[row].op == .map(.exp) ? [try new.add(.map(.exp2), operands)] : nil
    }
    try expect("other", other, "graph @main() {\n  %0 = constant 1.0 : float64[]\n  %1 = broadcast %0 to [2] : float64[2]\n  %2 = exp2 %1 : float64[2]\n  return %2\n}")
  }
}
