import WeftIR
import WeftPasses

/// Tells which index of a compiled kernel was outside of its extent.
struct IndexCheck: Sendable {
  /// The op that uses the index.
  var op: String
  /// The axis that is taken along.
  var axis: Int
  var extent: Int
  /// Where the user's row is.
  var site: SourceSite
  /// What computes the indices again, and the slot that it writes; nil where only the kernel can.
  var step: KernelStep?
  var slot = -1

  /// The error for a run that met a wrong index, with the first one where it can be had.
  func error(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) -> WeftError {
    let index = first(&slots, context).map { " \($0)" } ?? ""
    return WeftError(
      .indexOutOfBounds, op,
      "index\(index) is out of bounds for axis \(axis) with extent \(extent)"
    ).located(at: site)
  }

  private func first(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) -> Int64? {
    // Without memory for the indices the error stands without the index.
    guard let step, (try? step.run(&slots, context)) != nil, let indices = slots[slot] else {
      return nil
    }
    let values = indices.base.assumingMemoryBound(to: Int64.self)
    for k in 0..<indices.count where UInt64(bitPattern: values[k]) >= UInt64(extent) {
      return values[k]
    }
    return nil
  }
}

extension Cluster {
  /// A plain cluster that stores a node over the axes along which it differs, as an array of its
  /// own; nil where only this cluster computes it.
  func computing(_ root: Int) -> Cluster? {
    var isNeeded = nodes.map { _ in false }
    isNeeded[root] = true
    var differs = shape.map { _ in false }
    for index in nodes.indices.reversed() where isNeeded[index] {
      switch nodes[index] {
      case .load(_, let view), .iota(_, let view):
        for axis in shape.indices where view.strides[axis] != 0 { differs[axis] = true }
      case .constant: break
      case .map(let f, _, let a, let b, let c):
        for operand in [a, b, c].prefix(f.arity) { isNeeded[operand] = true }
      case .convert(let a): isNeeded[a] = true
      case .random, .folded, .gather, .scanned: return nil
      }
    }
    let axes = shape.indices.filter { differs[$0] }
    func narrowed(_ view: StridedView) -> StridedView {
      StridedView(
        offset: view.offset, shape: axes.map { view.shape[$0] },
        strides: axes.map { view.strides[$0] })
    }
    var result = Cluster(shape: axes.map { shape[$0] })
    var number = nodes.map { _ in -1 }
    for index in nodes.indices where isNeeded[index] {
      let node: Node
      switch nodes[index] {
      case .load(let value, let view): node = .load(value, narrowed(view))
      case .iota(let dtype, let view): node = .iota(dtype, narrowed(view))
      case .map(let f, let dtype, let a, let b, let c):
        // Operands that the function does not take stand for nothing.
        node = .map(f, dtype, number[a], max(0, number[b]), max(0, number[c]))
      case .convert(let a): node = .convert(number[a])
      case .constant, .random, .folded, .gather, .scanned: node = nodes[index]
      }
      number[index] = result.add(node, dtypes[index])
    }
    result.outputs = [
      Output(
        value: Value(row: 0), node: number[root], view: StridedView(contiguous: result.shape))
    ]
    return result
  }
}
