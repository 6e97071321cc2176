import WeftIR

/// What a plan's steps have given so far, by the values of its graph.
struct StepValues: Sendable {
  /// Where the results of each row begin.
  private let starts: [Int]
  private var buffers: ContiguousArray<Buffer?>

  /// Nothing yet.
  init(_ graph: Graph) {
    var starts = [0]
    starts.reserveCapacity(graph.count + 1)
    for row in 0..<graph.count { starts.append(starts[row] + graph.types(row).count) }
    buffers = ContiguousArray(repeating: nil, count: starts[graph.count])
    self.starts = starts
  }

  subscript(value: Value) -> Buffer? {
    get { buffers[starts[value.index] + Int(value.result)] }
    set { buffers[starts[value.index] + Int(value.result)] = newValue }
  }
}
