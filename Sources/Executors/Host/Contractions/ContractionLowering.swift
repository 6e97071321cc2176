import WeftIR
import WeftPasses
import WeftPlans

/// An operand of a contraction: a slot read through strides, an axis for each label.
struct ContractionOperand {
  var slot: Int
  var view: StridedView

  init(slot: Int, view: StridedView) {
    self.slot = slot
    self.view = view
  }
}

/// An array whose axes are labels; each label once.
struct LabelledArray {
  var slot: Int
  var offset: Int
  var dtype: DType
  /// Labels of extent 1 are left out.
  var labels: [Int]
  /// The stride of each label, in elements.
  var strides: [Int]

  /// The stride along a label, 0 where the array does not have it.
  func stride(_ label: Int) -> Int {
    labels.firstIndex(of: label).map { strides[$0] } ?? 0
  }
}

/// Lowers an n-operand contraction to products of two arrays, from left to right.
///
/// A label is summed as soon as neither a later operand nor the output holds it. Half floats are
/// multiplied and added in float32 and rounded at the end.
struct ContractionLowering {
  private let output: [Int]
  /// The output's labels, those of extent 1 too.
  private let whole: [Int]
  private var operands: [LabelledArray] = []
  private let result: Int
  /// The dtype of the operands and the result.
  private let dtype: DType
  /// The dtype that products are added in.
  let computing: DType
  private(set) var extents: [Int]
  /// What the last product is multiplied with and added to.
  private(set) var update: ResultUpdate?
  /// Whether the result of two operands is known to be symmetric.
  var isSymmetric = false

  init(
    _ contraction: Contraction, _ arrays: [ContractionOperand], dtype: DType, result: Int
  ) {
    self.dtype = dtype
    self.result = result
    computing = TileFunctions.computing(dtype)
    extents = Array(repeating: 1, count: contraction.labelCount)
    for (labels, array) in zip(contraction.operands, arrays) {
      for (label, extent) in zip(labels, array.view.shape) { extents[label] = extent }
    }
    let extents = extents
    whole = contraction.output
    output = contraction.output.filter { extents[$0] != 1 }
    for (labels, array) in zip(contraction.operands, arrays) {
      var operand = LabelledArray(
        slot: array.slot, offset: array.view.offset, dtype: dtype, labels: [], strides: [])
      for (label, stride) in zip(labels, array.view.strides) where extents[label] != 1 {
        if let place = operand.labels.firstIndex(of: label) {
          operand.strides[place] += stride
        } else {
          operand.labels.append(label)
          operand.strides.append(stride)
        }
      }
      operands.append(operand)
    }
  }

  /// Makes the result alpha times the contraction plus beta times another array.
  mutating func update(_ update: ProductUpdate, _ array: ContractionOperand?) {
    var other: LabelledArray?
    if let array {
      // Its axes are those of the output.
      let kept = whole.indices.filter { extents[whole[$0]] != 1 }
      other = LabelledArray(
        slot: array.slot, offset: array.view.offset, dtype: dtype, labels: kept.map { whole[$0] },
        strides: kept.map { array.view.strides[$0] })
    }
    self.update = ResultUpdate(alpha: update.alpha, beta: update.beta, other: other)
  }

  /// The whole contraction as steps of the planner.
  mutating func lower(into planner: inout HostPlanner) throws {
    let target = dense(output, slot: result, dtype)
    var product = operands[0]
    if operands.count == 1 {
      addKernel([product], to: target, &planner)
      return
    }
    for next in 1..<operands.count {
      var needed = Set(output)
      for later in operands[(next + 1)...] { needed.formUnion(later.labels) }
      var other = operands[next]
      product = summed(product, without: needed.union(other.labels), &planner)
      other = summed(other, without: needed.union(product.labels), &planner)
      if next == operands.count - 1 {
        PairLowering(self, product, other).lower(to: target, update, into: &planner)
      } else {
        let labels = PairLowering.naturalOutput(product, other, needed)
        let slot = planner.addSlot(
          TensorType(computing, Shape(labels.map { extents[$0] })))
        let temporary = dense(labels, slot: slot, computing)
        PairLowering(self, product, other).lower(to: temporary, nil, into: &planner)
        product = temporary
      }
    }
  }

  /// A dense array in the order of its labels.
  func dense(_ labels: [Int], slot: Int, _ dtype: DType) -> LabelledArray {
    LabelledArray(
      slot: slot, offset: 0, dtype: dtype, labels: labels,
      strides: StridedView.contiguousStrides(labels.map { extents[$0] }))
  }

  /// An operand after summing what nothing else holds.
  private func summed(
    _ array: LabelledArray, without needed: Set<Int>, _ planner: inout HostPlanner
  ) -> LabelledArray {
    let kept = array.labels.filter { needed.contains($0) }
    if kept.count == array.labels.count { return array }
    let slot = planner.addSlot(TensorType(computing, Shape(kept.map { extents[$0] })))
    let sum = dense(kept, slot: slot, computing)
    addKernel([array], to: sum, &planner)
    return sum
  }

  /// A kernel that multiplies arrays, sums the labels that the target lacks, and converts.
  func addKernel(
    _ arrays: [LabelledArray], to target: LabelledArray, _ planner: inout HostPlanner
  ) {
    // Kernels write densely: labels in the target's order, then the summed ones.
    let kept = target.labels
    var summed: [Int] = []
    for label in arrays.flatMap(\.labels) where !kept.contains(label) && !summed.contains(label) {
      summed.append(label)
    }
    let labels = kept + summed
    let shape = labels.map { extents[$0] }
    let factors = arrays.map { array in
      let strides = labels.map { array.stride($0) }
      return (
        value: Value(row: array.slot), dtype: array.dtype,
        view: StridedView(offset: array.offset, shape: shape, strides: strides)
      )
    }
    let cluster = Cluster(
      multiplying: factors, keeping: kept.count, in: computing, to: Value(row: target.slot),
      target.dtype)
    planner.addKernel(cluster, targets: [target.slot]) { _, value in value.index }
  }

  /// A kernel that gives what an update makes of a product.
  func addUpdate(
    _ update: ResultUpdate, of product: LabelledArray, to target: LabelledArray,
    _ planner: inout HostPlanner
  ) {
    let labels = target.labels
    let shape = labels.map { extents[$0] }
    var cluster = Cluster(shape: shape)
    func term(_ array: LabelledArray, _ factor: Scalar) -> Int {
      let view = StridedView(
        offset: array.offset, shape: shape, strides: labels.map { array.stride($0) })
      let load = cluster.add(.load(Value(row: array.slot), view), dtype)
      if factor == Scalar(1 as Int64, dtype) { return load }
      let constant = cluster.add(.constant(factor), dtype)
      return cluster.add(.map(.multiply, dtype, load, constant, constant), dtype)
    }
    var node = term(product, update.alpha)
    if let other = update.other, let beta = update.beta {
      let added = term(other, beta)
      node = cluster.add(.map(.add, dtype, node, added, added), dtype)
    }
    let value = Value(row: target.slot)
    let view = StridedView(contiguous: shape)
    cluster.outputs = [Cluster.Output(value: value, node: node, view: view)]
    planner.addKernel(cluster, targets: [target.slot]) { _, value in value.index }
  }
}

/// What the last product of a contraction is multiplied with and added to.
struct ResultUpdate {
  var alpha: Scalar
  var beta: Scalar?
  /// The array that is added, with the output's labels.
  var other: LabelledArray?
}
