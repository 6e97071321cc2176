import WeftIR

/// Sums of products over index labels, two operands at a time from the left; a label is summed as
/// soon as neither the output nor a later operand holds it.
///
/// - Accuracy: products and sums in the wide type, rounded once at the end.
extension RowEvaluator {
  func contract(
    _ contraction: Contraction, _ operands: [Buffer], _ type: TensorType
  ) throws -> Buffer {
    let plan = ContractionPlan(contraction)
    var extents = Array(repeating: 0, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, extent) in zip(labels, operand.extents) { extents[label] = extent }
    }
    let dtype = plan.steps.count > 1 ? type.dtype.wide : type.dtype

    /// The operand without the labels that nothing else needs, in the dtype of the computation.
    func prepared(_ operand: Buffer, _ labels: [Int], _ kept: [Int]) throws -> Buffer {
      var value = operand
      if value.type.dtype != dtype {
        value = try convert(value, TensorType(dtype, value.type.shape))
      }
      return kept == labels ? value : try sum(value, labels, kept, extents)
    }

    var labels = contraction.operands[0]
    guard !plan.steps.isEmpty else {
      return try sum(operands[0], labels, contraction.output, extents)
    }
    var current = operands[0]
    for (number, step) in plan.steps.enumerated() {
      current = try prepared(current, labels, step.left)
      let right = try prepared(
        operands[number + 1], contraction.operands[number + 1], step.right)
      let pair = ContractedPair(
        a: current, b: right, labels: (step.left, step.right, step.result), extents: extents)
      let result = try allocate(
        TensorType(dtype, Shape(step.result.map { extents[$0] })))
      try dtype.visit(PairLoop(pair: pair, result: result, token: token))
      (current, labels) = (result, step.result)
    }
    return dtype == type.dtype ? current : try convert(current, type)
  }

  /// Sums the labels of one operand that are not kept; repeated labels walk the diagonal.
  private func sum(
    _ operand: Buffer, _ labels: [Int], _ kept: [Int], _ extents: [Int]
  ) throws -> Buffer {
    let result = try allocate(
      TensorType(operand.type.dtype, Shape(kept.map { extents[$0] })))
    let strides = operand.labelStrides(labels, count: extents.count)
    let summed = ContractionPlan.distinct(labels).filter { !kept.contains($0) }
    if summed.isEmpty {
      try copy(
        operand, strides: kept.map { strides[$0] }, to: result, strides: result.byteStrides,
        result.extents)
      return result
    }
    let loop = FoldLoop(
      source: UnsafeRawPointer(operand.base), result: result.base,
      kept: LoopNest(
        zip(kept, result.byteStrides).map { LoopNest.Axis(extents[$0], strides[$0], $1) }),
      folded: LoopNest(summed.map { LoopNest.Axis(extents[$0], strides[$0]) }), token: token)
    let dtype = operand.type.dtype
    try dtype.visit(FoldChoice(f: .add, dtype: dtype, isScan: false, visitor: loop))
    return result
  }
}

extension Buffer {
  /// The bytes between neighbours along each label; 0 for labels the buffer does not have.
  func labelStrides(_ labels: [Int], count: Int) -> [Int] {
    var strides = Array(repeating: 0, count: count)
    for (label, stride) in zip(labels, byteStrides) { strides[label] += stride }
    return strides
  }
}

extension DType {
  /// The dtype in which intermediate results of a contraction keep what sums are computed in.
  var wide: DType { isComplex ? .complex128 : isFloat ? .float64 : self }
}

/// Which labels each step of a contraction sums.
struct ContractionPlan {
  /// A product of the value so far with the next operand.
  struct Step {
    /// The labels of both sides, after summing those that only one side has and nothing needs.
    var left: [Int]
    var right: [Int]
    /// The labels of the result.
    var result: [Int]
  }

  private(set) var steps: [Step] = []

  init(_ contraction: Contraction) {
    guard var labels = contraction.operands.first else { return }
    for number in contraction.operands.indices.dropFirst() {
      let next = contraction.operands[number]
      let isLast = number == contraction.operands.count - 1
      let later = Set(contraction.output + contraction.operands[(number + 1)...].joined())
      let left = Self.kept(labels, other: next, later)
      let right = Self.kept(next, other: labels, later)
      let result =
        isLast ? contraction.output : Self.distinct(left + right).filter { later.contains($0) }
      steps.append(Step(left: left, right: right, result: result))
      labels = result
    }
  }

  /// The labels as they are when each is needed, else the needed ones once.
  private static func kept(_ labels: [Int], other: [Int], _ later: Set<Int>) -> [Int] {
    let isNeeded = { (label: Int) in later.contains(label) || other.contains(label) }
    return labels.allSatisfy(isNeeded) ? labels : distinct(labels).filter(isNeeded)
  }

  static func distinct(_ labels: [Int]) -> [Int] {
    var seen: Set<Int> = []
    return labels.filter { seen.insert($0).inserted }
  }

  /// Bytes of intermediate results alive at once, at most, besides operands and result.
  func scratchBytes(_ contraction: Contraction, _ extents: [Int], _ dtype: DType) -> Int {
    let wide = steps.count > 1 ? dtype.wide : dtype
    func bytes(_ labels: [Int]) -> Int {
      labels.reduce(wide.itemSize) { $0.multipliedReportingOverflow(by: extents[$1]).partialValue }
    }
    var most = 0
    var labels = contraction.operands.first ?? []
    for (number, step) in steps.enumerated() {
      let next = contraction.operands[number + 1]
      var live = number > 0 ? bytes(labels) : 0
      if number == 0 && wide != dtype { live += bytes(labels) }
      if wide != dtype { live += bytes(next) }
      if step.left != labels { live += bytes(step.left) }
      if step.right != next { live += bytes(step.right) }
      if number < steps.count - 1 || wide != dtype { live += bytes(step.result) }
      most = max(most, live)
      labels = step.result
    }
    return most
  }
}
