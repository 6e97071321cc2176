import WeftIR

/// What products cost, in multiplications and additions.
///
/// Moving a byte counts as `byte` of them and a step as `step`; see `CostRates`.
struct ContractionCost {
  static let byte = CostRates.standard.byte
  /// What a rewrite must save of the cost to be made.
  static let gain = 0.999

  /// An operation on elements that reads and writes so many elements.
  static func operation(
    _ count: Double, moving elements: Double, _ dtype: DType, _ rates: CostRates = .standard
  ) -> Double {
    let width = dtype.isComplex ? 4.0 : 1.0
    return count * width + elements * Double(dtype.itemSize) * rates.byte + rates.step
  }
}

/// Matrices of which most is known to be zero: what multiplies a diagonal one is scaled, of a narrow band nothing
/// else is read.
struct KnownZeros {
  var diagonals: Set<Int> = []
  /// How many diagonals narrow bands have.
  var widths: [Int: Int] = [:]

  /// The share of a row's elements that its band holds.
  func share(of row: Int, _ type: TensorType) -> Double {
    widths[row].map { Self.share($0, of: type.shape.codes) } ?? 1
  }

  /// The share of a matrix's elements that its band holds.
  static func share(_ width: Int, of extents: [Int]) -> Double {
    min(1, Double(width) / Double(max(1, extents.max() ?? 1)))
  }
}

extension Graph {
  /// About what each live row costs, by the measure of `ContractionCost`.
  ///
  /// A function whose elements a product or a routine reads is written to memory for that.
  func contractionCosts(_ rates: CostRates) -> [Double] {
    let live = liveRows()
    let zeros = knownZeros()
    let layouts = isSparse ? GraphLayouts(self) : nil
    var isStored = Array(repeating: false, count: count)
    var costs = Array(repeating: 0.0, count: count)
    for row in (0..<count).reversed() where live[row] {
      let isRead: Bool
      switch rows[row].op {
      case .contract, .call: isRead = true
      case .permute, .slice, .reshape, .broadcast: isRead = isStored[row]
      default: isRead = false
      }
      if isRead { for operand in operands(row) { isStored[operand.index] = true } }
      costs[row] = contractionCost(row, isStored: isStored[row], zeros, rates, layouts)
    }
    return costs
  }

  /// The rows whose values are known to be diagonal matrices or narrow bands.
  func knownZeros() -> KnownZeros {
    let mayBe =
      parameters.contains { $0.facts.isDiagonal || $0.facts.narrowBand($0.type) != nil }
      || rows.contains { row in
        switch row.op {
        case .iota, .pad: true
        case .call(let routine): routine.name == "assume"
        default: false
        }
      }
    var zeros = KnownZeros()
    if !mayBe { return zeros }
    let facts = GraphFacts(self)
    for row in 0..<count {
      let found = facts[Value(row: row)]
      if found.isDiagonal {
        zeros.diagonals.insert(row)
      } else if let type = types(row).first, type.dtype == .float32 || type.dtype == .float64,
        let band = found.narrowBand(type)
      {
        zeros.widths[row] = band.width
      }
    }
    return zeros
  }

  private func contractionCost(
    _ row: Int, isStored: Bool, _ zeros: KnownZeros, _ rates: CostRates, _ layouts: GraphLayouts?
  ) -> Double {
    guard let type = types(row).first, let total = type.shape.count else { return 0 }
    func size(_ value: Value) -> Double {
      layouts.map { $0.storedCount(of: value) } ?? Double(self.type(value).shape.count ?? 0)
    }
    let elements = layouts == nil ? Double(total) : size(Value(row: row))
    let read = operands(row).reduce(0.0) { $0 + size($1) }
    switch rows[row].op {
    case .map:
      return isStored
        ? ContractionCost.operation(elements, moving: 2 * elements, type.dtype, rates)
        : elements + rates.step / 10
    case .contract(let contraction)
    where contraction.operands.count == 2 && layouts == nil
      && operands(row).contains { zeros.diagonals.contains($0.index) }:
      let kept = elements * zeros.share(of: row, type)
      return ContractionCost.operation(kept, moving: 2 * kept, type.dtype, rates)
    case .contract(let contraction)
    where contraction.operands.count == 2 && layouts == nil
      && operands(row).contains { zeros.widths[$0.index] != nil }:
      // What is outside bands is neither read nor written.
      func share(_ value: Value) -> Double { zeros.share(of: value.index, self.type(value)) }
      let kept = operands(row).reduce(1.0) { $0 * share($1) }
      let moved = operands(row).reduce(elements * share(Value(row: row))) {
        $0 + size($1) * share($1)
      }
      return ContractionCost.operation(flops(row) * kept, moving: moved, type.dtype, rates)
    case .contract, .reduce:
      return ContractionCost.operation(
        flops(row, layouts), moving: read + elements, type.dtype, rates)
    case .call: return flops(row) + rates.step
    default: return 0
    }
  }
}
