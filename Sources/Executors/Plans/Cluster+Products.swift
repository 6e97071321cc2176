import WeftIR
import WeftPasses

extension Cluster {
  /// Elements that are multiplied over labels, those summed that the result lacks; nil where a
  /// label stands in the result twice.
  public init?(
    multiplying operands: [(value: Value, dtype: DType, view: StridedView)],
    _ contraction: Contraction, to result: Value, _ dtype: DType
  ) {
    var extents = Array(repeating: 1, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, extent) in zip(labels, operand.view.shape) { extents[label] = extent }
    }
    let summed = extents.indices.filter { !contraction.output.contains($0) }
    let labels = contraction.output + summed
    let views = zip(contraction.operands, operands).map { own, operand in
      StridedView(
        offset: operand.view.offset, shape: labels.map { extents[$0] },
        strides: labels.map { label in
          // A label that stands twice walks along the diagonal.
          zip(own, operand.view.strides).reduce(0) { $1.0 == label ? $0 + $1.1 : $0 }
        })
    }
    guard Set(contraction.output).count == contraction.output.count else { return nil }
    self.init(
      multiplying: zip(operands, views).map { ($0.value, $0.dtype, $1) },
      keeping: contraction.output.count, in: dtype, to: result, dtype)
  }

  /// The product of arrays of one shape, computed in a dtype; the axes behind the kept ones are
  /// summed.
  public init(
    multiplying factors: [(value: Value, dtype: DType, view: StridedView)], keeping kept: Int,
    in computing: DType, to result: Value, _ dtype: DType
  ) {
    let shape = factors[0].view.shape
    self.init(shape: shape)
    var node = -1
    for (value, dtype, view) in factors {
      var load = add(.load(value, view), dtype)
      if dtype != computing { load = add(.convert(load), computing) }
      node = node < 0 ? load : add(.map(.multiply, computing, node, load, load), computing)
    }
    if kept == shape.count {
      if dtype != computing { node = add(.convert(node), dtype) }
      outputs = [Output(value: result, node: node, view: StridedView(contiguous: shape))]
    } else {
      reducedAxes = AxisSet(kept..<shape.count)
      reductions = [Reduction(value: result, node: node, function: .add, dtype: dtype)]
    }
  }
}
