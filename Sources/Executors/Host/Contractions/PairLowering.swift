import CBLAS
import WeftIR
import WeftPasses

/// Chooses how the product of two labelled arrays runs: as a matrix product with loops around it,
/// or as a kernel that multiplies and adds.
///
/// Labels are *batch* (both arrays and the output), *m* (left and output), *n* (right and output),
/// *k* (both arrays, summed). Labels of a group that lie evenly in memory become one dimension;
/// m and n labels that do not join the innermost ones become loops.
struct PairLowering {
  private let owner: ContractionLowering
  private var a: LabelledArray
  private var b: LabelledArray
  /// What the result is multiplied with and added to.
  private var update: ResultUpdate?

  /// Products of fewer multiplications are not worth a call each.
  static let smallProduct = 2048

  init(_ owner: ContractionLowering, _ a: LabelledArray, _ b: LabelledArray) {
    self.owner = owner
    self.a = a
    self.b = b
  }

  /// The labels of an intermediate product, in an order that suits a matrix product.
  static func naturalOutput(
    _ a: LabelledArray, _ b: LabelledArray, _ needed: Set<Int>
  ) -> [Int] {
    let batch = a.labels.filter { b.labels.contains($0) && needed.contains($0) }
    let m = a.labels.filter { !b.labels.contains($0) && needed.contains($0) }
    let n = b.labels.filter { !a.labels.contains($0) && needed.contains($0) }
    return batch + m + n
  }

  private func extent(_ label: Int) -> Int { owner.extents[label] }
  private func count(_ labels: [Int]) -> Int { labels.reduce(1) { $0 * extent($1) } }

  func lower(
    to target: LabelledArray, _ update: ResultUpdate?, into planner: inout HostPlanner
  ) {
    var pair = self
    pair.update = update
    pair.lowerHere(to: target, &planner)
  }

  private mutating func lowerHere(to target: LabelledArray, _ planner: inout HostPlanner) {
    let k = a.labels.filter { b.labels.contains($0) && !target.labels.contains($0) }
    var m = target.labels.filter { a.labels.contains($0) && !b.labels.contains($0) }
    var n = target.labels.filter { b.labels.contains($0) && !a.labels.contains($0) }
    let batch = target.labels.filter { a.labels.contains($0) && b.labels.contains($0) }
    let isEmpty = (target.labels + k).contains { extent($0) == 0 }
    if k.isEmpty || isEmpty || (m.isEmpty && n.isEmpty)
      || isSmallVectorProduct(m, n, k, batch)
    {
      addKernel(to: target, &planner)
      return
    }
    // The output's innermost label belongs to n, so that its rows are contiguous.
    guard let last = target.labels.last else { return }
    if batch.contains(last) || target.dtype != owner.computing {
      let slot = planner.addSlot(
        TensorType(owner.computing, Shape((batch + m + n).map(extent))))
      let temporary = owner.dense(batch + m + n, slot: slot, owner.computing)
      let update = update
      self.update = nil
      lowerHere(to: temporary, &planner)
      if let update {
        owner.addUpdate(update, of: temporary, to: target, &planner)
      } else {
        owner.addKernel([temporary], to: target, &planner)
      }
      return
    }
    // A product with a vector has the matrix on the left.
    if m.isEmpty || (m.contains(last) && !n.isEmpty) {
      swap(&a, &b)
      swap(&m, &n)
    }
    makeMatrices(&planner, target, batch: batch, m: m, n: n, k: k)
  }

  /// A kernel that multiplies and adds, and one for the update.
  private func addKernel(to target: LabelledArray, _ planner: inout HostPlanner) {
    guard let update else {
      owner.addKernel([a, b], to: target, &planner)
      return
    }
    let slot = planner.addSlot(planner.slotTypes[target.slot])
    let product = owner.dense(target.labels, slot: slot, target.dtype)
    owner.addKernel([a, b], to: product, &planner)
    owner.addUpdate(update, of: product, to: target, &planner)
  }

  /// Whether one side has no labels of its own and the rest is better done by a kernel.
  private func isSmallVectorProduct(_ m: [Int], _ n: [Int], _ k: [Int], _ batch: [Int]) -> Bool {
    guard m.isEmpty || n.isEmpty else { return false }
    let matrix = m.isEmpty ? b : a
    let rows = count(m) * count(n)
    let hasUnit = (m + n + k).contains { matrix.stride($0) == 1 }
    if hasUnit, count(batch) > 1,
      SmallProducts.isUseful(
        owner.computing, m: rows, n: 1, k: count(k), count: count(batch))
    {
      return false
    }
    let isSmall = rows < 8 || rows < 64 && rows * count(k) < 4 * Self.smallProduct
    return !hasUnit || isSmall || (!batch.isEmpty && rows * count(k) < Self.smallProduct)
      || !owner.computing.isInexact
  }

  // MARK: - Matrices

  private mutating func makeMatrices(
    _ planner: inout HostPlanner, _ target: LabelledArray, batch: [Int], m: [Int], n: [Int],
    k: [Int]
  ) {
    if a.dtype != owner.computing { a = copied(a, batch + m + k, &planner) }
    if b.dtype != owner.computing { b = copied(b, batch + k + n, &planner) }
    // k in the order of the larger operand's memory; the other one is copied if it differs.
    let leader = count(m) >= count(n) ? a : b
    let summed = k.sorted { leader.stride($0) > leader.stride($1) }
    if joined(summed, a) == nil { a = copied(a, batch + m + summed, &planner) }
    if joined(summed, b) == nil { b = copied(b, batch + summed + n, &planner) }

    var rows = innermost(m, a, target)
    var columns = innermost(n, b, target)
    let inner = count(rows) * count(columns) * count(k)
    if rows.count < m.count, inner < Self.smallProduct {
      a = copied(a, batch + m + summed, &planner)
      rows = innermost(m, a, target)
    }
    if columns.count < n.count, inner < Self.smallProduct {
      b = copied(b, batch + summed + n, &planner)
      columns = innermost(n, b, target)
    }
    if matrix(a, rows, summed) == nil {
      a = copied(a, batch + m + summed, &planner)
      rows = innermost(m, a, target)
    }
    if matrix(b, summed, columns) == nil {
      b = copied(b, batch + summed + n, &planner)
      columns = innermost(n, b, target)
    }
    guard let left = matrix(a, rows, summed), let right = matrix(b, summed, columns) else {
      addKernel(to: target, &planner)
      return
    }
    let loops =
      batch + m.filter { !rows.contains($0) } + n.filter { !columns.contains($0) }
    let added = update?.other.map { addend($0, rows, columns, loops, target, &planner) }
    let step = ProductStep(
      dtype: owner.computing, m: count(rows), n: count(columns), k: count(k),
      a: ProductStep.Operand(
        slot: a.slot, offset: a.offset, matrix: left, loopStrides: loops.map { a.stride($0) }),
      b: ProductStep.Operand(
        slot: b.slot, offset: b.offset, matrix: right, loopStrides: loops.map { b.stride($0) }),
      target: HostExecutable.Target(
        slot: target.slot, type: planner.slotTypes[target.slot]),
      rowStride: rows.last.map { target.stride($0) } ?? count(columns),
      targetLoopStrides: loops.map { target.stride($0) },
      loopExtents: loops.map(extent),
      update: ProductStep.Update(
        alpha: update?.alpha, beta: update?.beta, added, of: owner.computing),
      allowsDirect: !planner.context.disabledRules.contains(DirectProductRule.name),
      isSymmetric: owner.isSymmetric)
    if step.isDirect {
      planner.context.noteFired(DirectProductRule.name, because: DirectProductRule.summary)
    }
    planner.append(.product(step))
  }

  /// Where the blocks of the result find what they are added to; a copy where strides cannot tell.
  private func addend(
    _ array: LabelledArray, _ rows: [Int], _ columns: [Int], _ loops: [Int],
    _ target: LabelledArray, _ planner: inout HostPlanner
  ) -> ProductStep.Addend {
    var array = array
    if joined(rows, array) == nil || joined(columns, array) == nil {
      array = copied(array, target.labels, &planner)
    }
    return ProductStep.Addend(
      slot: array.slot, offset: array.offset,
      rowStride: rows.isEmpty ? 0 : joined(rows, array) ?? 0,
      columnStride: columns.isEmpty ? 0 : joined(columns, array) ?? 0,
      loopStrides: loops.map { array.stride($0) },
      isWhole: array.offset == 0 && array.labels == target.labels
        && array.strides == target.strides)
  }

  /// A dense copy in the computing dtype with labels in an order.
  private func copied(
    _ array: LabelledArray, _ labels: [Int], _ planner: inout HostPlanner
  ) -> LabelledArray {
    let slot = planner.addSlot(TensorType(owner.computing, Shape(labels.map(extent))))
    let copy = owner.dense(labels, slot: slot, owner.computing)
    owner.addKernel([array], to: copy, &planner)
    return copy
  }

  /// The stride of labels as one dimension, outermost first; nil when they are not evenly spaced.
  private func joined(_ labels: [Int], _ array: LabelledArray) -> Int? {
    for (outer, inner) in zip(labels, labels.dropFirst())
    where array.stride(outer) != array.stride(inner) * extent(inner) {
      return nil
    }
    return labels.last.map { array.stride($0) } ?? 1
  }

  /// The most innermost labels (of the target's order) that are one dimension in both arrays.
  private func innermost(_ labels: [Int], _ array: LabelledArray, _ target: LabelledArray) -> [Int]
  {
    for start in labels.indices {
      let part = Array(labels[start...])
      if joined(part, array) != nil, joined(part, target) != nil { return part }
    }
    return []
  }

  /// Rows and columns as BLAS takes them, or nil: one stride is 1, the other a leading dimension.
  private func matrix(
    _ array: LabelledArray, _ rows: [Int], _ columns: [Int]
  ) -> ProductStep.Matrix? {
    guard let rowStride = joined(rows, array), let columnStride = joined(columns, array) else {
      return nil
    }
    let (rowCount, columnCount) = (count(rows), count(columns))
    func fits(_ leading: Int, _ extent: Int) -> Bool {
      leading >= max(1, extent) && leading <= Int(Int32.max)
    }
    if columnCount <= 1 || columnStride == 1 {
      let leading = rowCount <= 1 ? max(1, columnCount) : rowStride
      if fits(leading, columnCount) {
        return ProductStep.Matrix(isTransposed: false, leading: leading)
      }
    }
    if rowCount <= 1 || rowStride == 1 {
      let leading = columnCount <= 1 ? max(1, rowCount) : columnStride
      if fits(leading, rowCount) {
        return ProductStep.Matrix(isTransposed: true, leading: leading)
      }
    }
    return nil
  }
}
