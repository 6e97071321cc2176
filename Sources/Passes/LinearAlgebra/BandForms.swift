import WeftIR

/// Where a band lies: element (i, j) is zero unless -lower <= j - i <= upper.
struct Band: Equatable {
  var lower: Int
  var upper: Int
  var width: Int { lower + upper + 1 }

  /// Whether it holds all of another.
  func covers(_ other: Band) -> Bool { lower >= other.lower && upper >= other.upper }
}

extension Facts {
  /// More diagonals than these are multiplied and factored by blocks.
  static let mostDiagonals = 65
  /// A matrix must be so many times as wide as its band.
  private static let leastShare = 8

  /// The band of a matrix of a type with these facts; nil where it is none or wide.
  func narrowBand(_ type: TensorType) -> Band? {
    guard type.rank == 2, lower < Facts.wide, upper < Facts.wide, !contains(.zero),
      let codes = type.shape.known
    else { return nil }
    let band = Band(lower: lower, upper: upper)
    guard band.width >= 1, band.width <= Self.mostDiagonals,
      band.width * Self.leastShare <= min(codes[0], codes[1]),
      band.lower < codes[0], band.upper < codes[1]
    else { return nil }
    return band
  }
}

/// How the band of a matrix is made.
enum BandForm {
  /// From the matrix, which is there or made in any case.
  case read
  /// Ones: a mask of positions.
  case ones
  /// A vector along a diagonal, from a row on.
  case vector(Value, row: Int)
  /// The row's function of elements.
  case elementwise([BandOperand], Op)
  /// Another matrix's band, or a part of it.
  case part(Value)
  /// The transpose's.
  case transposed(Value)
  /// That of some rows and columns.
  case rows(Value, start: Int)
  /// That of a product of two bands.
  case product(GraphFacts.MatrixProduct)

  /// Whether no matrix has to be made for it.
  var isDerived: Bool { if case .read = self { false } else { true } }
}

/// An operand of a function of elements within a band.
enum BandOperand {
  case matrix(Value)
  /// A scalar everywhere.
  case uniform(Value)
  /// A vector's element for each row, or for each column.
  case eachRow(Value)
  case eachColumn(Value)
  /// A mask that holds everywhere in the band, as ones of a dtype.
  case held(DType)
}

/// Which matrices of a graph are narrow bands, and how their bands are made.
struct BandForms {
  let graph: Graph
  let facts: GraphFacts
  private(set) var forms: [BandForm?] = []

  init(_ graph: Graph, _ facts: GraphFacts) {
    self.graph = graph
    self.facts = facts
    forms = (0..<graph.count).map { form(of: Value(row: $0)) }
  }

  /// The band of a matrix; nil where it is none or wide.
  func band(of value: Value) -> Band? {
    value.result == 0 ? facts[value].narrowBand(graph.type(value)) : nil
  }

  /// Whether the band of a value is made without its matrix.
  func isDerived(_ value: Value) -> Bool {
    value.result == 0 && forms[value.index]?.isDerived == true
  }

  private func isFloat(_ value: Value) -> Bool {
    graph.type(value).dtype == .float32 || graph.type(value).dtype == .float64
  }

  // MARK: - One row

  private func form(of value: Value) -> BandForm? {
    guard graph.types(value.index).count == 1, let band = band(of: value) else { return nil }
    return derived(value, band) ?? .read
  }

  private func derived(_ value: Value, _ band: Band) -> BandForm? {
    let operands = Array(graph.operands(value.index))
    switch graph.op(value) {
    case .map(let f) where f == .select: return selected(operands, band)
    case .map(let f):
      if holds(value, in: band), exactly(value) == band { return .ones }
      var parts: [BandOperand] = []
      for operand in operands {
        guard let part = self.operand(operand, band) else { return nil }
        parts.append(part)
      }
      return .elementwise(parts, .map(f))
    case .convert:
      return self.band(of: operands[0]) == nil
        ? nil : .elementwise([.matrix(operands[0])], graph.op(value))
    case .permute([1, 0]): return isFloat(value) ? .transposed(operands[0]) : nil
    case .broadcast(_, [1, 0]) where isFloat(value):
      return graph.type(operands[0]).shape.codes == Array(graph.type(value).shape.codes.reversed())
        ? .transposed(operands[0]) : nil
    case .slice(let spans):
      guard spans.allSatisfy({ $0.step == 1 }), self.band(of: operands[0]) != nil else {
        return nil
      }
      return .rows(operands[0], start: spans[0].start)
    case .reshape: return vector(operands[0], of: value)
    case .contract, .call: return product(value)
    default: return nil
    }
  }

  /// `which(mask, a, 0)` within the mask is a.
  private func selected(_ operands: [Value], _ band: Band) -> BandForm? {
    for (value, zero, isNegated) in [
      (operands[1], operands[2], false), (operands[2], operands[1], true),
    ] where facts[zero].contains(.zero) {
      guard let mask = facts.maskBand(operands[0], isNegated: isNegated),
        Band(lower: mask.lower, upper: mask.upper).covers(band)
      else { continue }
      return .part(behindMasks(value, band))
    }
    return nil
  }

  /// What stands behind masks that hold in a band.
  private func behindMasks(_ value: Value, _ band: Band) -> Value {
    var value = value
    for _ in 0..<8 {
      guard case .map(.select) = graph.op(value) else { break }
      let operands = Array(graph.operands(value.index))
      guard facts[operands[2]].contains(.zero),
        let mask = facts.maskBand(operands[0], isNegated: false),
        Band(lower: mask.lower, upper: mask.upper).covers(band)
      else { break }
      value = operands[1]
    }
    return value
  }

  private func exactly(_ value: Value) -> Band? {
    facts.maskBand(value, isNegated: false).map { Band(lower: $0.lower, upper: $0.upper) }
  }

  /// Whether a value is a mask that holds in all of a band.
  private func holds(_ value: Value, in band: Band) -> Bool {
    graph.type(value).dtype == .bool && exactly(value)?.covers(band) == true
  }

  private func operand(_ value: Value, _ band: Band) -> BandOperand? {
    let codes = graph.type(value).shape.codes
    if self.band(of: value) != nil { return .matrix(value) }
    if case .broadcast(_, let axes) = graph.op(value),
      let source = graph.operands(value.index).first
    {
      let own = graph.type(source).shape.codes
      switch axes {
      case []: return .uniform(source)
      case [0]: return .eachRow(source)
      case [1]: return .eachColumn(source)
      case [0, 1] where own[1] == 1 && own[0] == codes[0]: return .eachRow(source)
      case [0, 1] where own[0] == 1 && own[1] == codes[1]: return .eachColumn(source)
      default: return nil
      }
    }
    var source = value
    if case .convert = graph.op(value), let mask = graph.operands(value.index).first {
      source = mask
    }
    if holds(source, in: band) { return .held(graph.type(value).dtype) }
    // A matrix that a band is cut from; one that must be made for it is made anyway.
    if case .input = graph.op(value) { return .matrix(value) }
    return nil
  }

  /// `diag(v, k)`: a vector with zeros between its elements, as rows of a matrix.
  private func vector(_ padded: Value, of value: Value) -> BandForm? {
    guard case .pad(let spans) = graph.op(padded), spans.count == 1,
      let vector = graph.operands(padded.index).first, graph.type(vector).rank == 1,
      let side = graph.type(value).shape.known?.last, spans[0].interior == side
    else { return nil }
    return .vector(vector, row: spans[0].low < side ? 0 : spans[0].low / side)
  }

  private func product(_ value: Value) -> BandForm? {
    if let product = GraphFacts.matrixProduct(value.index, of: graph) {
      let (a, b) = (facts[product.left], facts[product.right])
      guard let left = band(of: product.left), let right = band(of: product.right),
        left.width + right.width <= Facts.mostDiagonals,
        a.mayBeHidden(by: b), b.mayBeHidden(by: a),
        isFloat(value)
      else { return nil }
      return .product(product)
    }
    // A matrix whose rows or columns are scaled.
    guard case .contract(let contraction) = graph.op(value), contraction.operands.count == 2,
      contraction.output.count == 2
    else { return nil }
    let operands = Array(graph.operands(value.index))
    for (vector, matrix) in [(0, 1), (1, 0)] {
      guard contraction.operands[vector].count == 1,
        contraction.operands[matrix] == contraction.output, band(of: operands[matrix]) != nil
      else { continue }
      let isRow = contraction.operands[vector][0] == contraction.output[0]
      return .elementwise(
        [
          isRow ? .eachRow(operands[vector]) : .eachColumn(operands[vector]),
          .matrix(operands[matrix]),
        ], .map(.multiply))
    }
    return nil
  }
}
