import WeftIR

/// Bounds on what is collected.
enum CollectionLimit {
  /// The most atoms of a product in every order of which is looked.
  static let atoms = 10
  /// The most atoms of a product of matrices and vectors, with fewer orders worth a look.
  static let chainAtoms = 14
  /// The most products of a sum.
  static let products = 6
  /// The most labels of a product, which sets of 64 bits hold.
  static let labels = 48
}

extension Product {
  /// Whether another order may pay: nothing is done over no elements, and in another order factors
  /// would meet its zeros.
  var isWorthPlanning: Bool {
    extents.count <= CollectionLimit.labels && !extents.contains(0)
  }

  /// The value itself.
  init(atom: Int, shape: [Int], factor: Scalar) {
    self.factor = factor
    atoms = [atom]
    labels = [Array(shape.indices)]
    output = Array(shape.indices)
    extents = shape
  }

  /// Sums the labels that no atom has any more: the product as often as they count.
  private mutating func countMissing(_ dropped: [Int]) {
    let present = atomMask | outputMask
    for label in dropped where present >> UInt64(label) & 1 == 0 {
      factor = ScalarFunction.multiply.evaluate(
        factor, Scalar(Int64(extents[label]), factor.dtype), factor)
    }
  }

  /// Drops axes of the result, summing over them.
  func summed(over axes: AxisSet) -> Product {
    var result = self
    let dropped = output.indices.filter { axes.contains($0) }.map { output[$0] }
    result.output = output.indices.filter { !axes.contains($0) }.map { output[$0] }
    result.countMissing(dropped)
    return result
  }

  /// The result with other axes: for each new axis the old one that it is, or nil to repeat.
  ///
  /// Old axes that are left out have extent 1.
  func placed(_ sources: [Int?], shape: [Int]) -> Product {
    var result = self
    result.output = sources.enumerated().map { axis, source in
      if let source { return output[source] }
      result.extents.append(shape[axis])
      return result.extents.count - 1
    }
    return result
  }

  /// Two products with outputs of one shape, multiplied elementwise.
  func times(_ other: Product) -> Product? {
    Product.contraction(
      [self, other],
      Contraction([Array(output.indices), Array(output.indices)], to: Array(output.indices)))
  }

  /// The contraction of products as one product; nil past the limits.
  static func contraction(_ operands: [Product], _ contraction: Contraction) -> Product? {
    guard let first = operands.first,
      operands.reduce(0, { $0 + $1.atoms.count }) <= CollectionLimit.chainAtoms
    else { return nil }
    var result = Product(
      factor: first.factor, atoms: [], labels: [], output: contraction.output,
      extents: Array(repeating: 1, count: contraction.labelCount))
    for (product, outer) in zip(operands, contraction.operands) {
      for (label, extent) in zip(outer, product.shape) { result.extents[label] = extent }
    }
    for (n, (product, outer)) in zip(operands, contraction.operands).enumerated() {
      if n > 0 {
        result.factor = ScalarFunction.multiply.evaluate(
          result.factor, product.factor, result.factor)
      }
      var renamed = Array(repeating: -1, count: product.extents.count)
      for (inner, label) in zip(product.output, outer) { renamed[inner] = label }
      for label in product.extents.indices where renamed[label] < 0 {
        renamed[label] = result.extents.count
        result.extents.append(product.extents[label])
      }
      let shift = UInt64(result.atoms.count)
      result.native += product.native.map { $0 << shift }
      if product.atoms.count > 1 { result.native.append(product.all << shift) }
      result.atoms += product.atoms
      result.labels += product.labels.map { $0.map { renamed[$0] } }
    }
    let outputs = Set(contraction.output)
    if result.extents.count > 64 || !result.isSearchable { return nil }
    result.countMissing((0..<contraction.labelCount).filter { !outputs.contains($0) })
    return result.compacted()
  }

  /// Whether it has no more atoms than a search for an order takes.
  var isSearchable: Bool {
    atoms.count <= CollectionLimit.atoms
      || atoms.count <= CollectionLimit.chainAtoms && AtomNetwork(self).isChainLike
  }

  /// The same with the labels in use numbered from 0.
  func compacted() -> Product {
    var result = self
    var number = Array(repeating: -1, count: extents.count)
    var kept: [Int] = []
    func new(_ label: Int) -> Int {
      if number[label] < 0 {
        number[label] = kept.count
        kept.append(extents[label])
      }
      return number[label]
    }
    result.labels = labels.map { $0.map(new) }
    result.output = output.map(new)
    result.extents = kept
    return result
  }
}

extension SumOfProducts {
  /// Every product times a scalar.
  func scaled(by scalar: Scalar) -> SumOfProducts {
    mapped { product in
      var product = product
      product.factor = ScalarFunction.multiply.evaluate(product.factor, scalar, scalar)
      return product
    }
  }

  /// The sum of two sums; nil past the limit.
  func plus(_ other: SumOfProducts) -> SumOfProducts? {
    guard products.count + other.products.count <= CollectionLimit.products else { return nil }
    return SumOfProducts(
      products: products + other.products, isContraction: isContraction || other.isContraction)
  }

  /// The sum with each product changed.
  func mapped(_ change: (Product) -> Product) -> SumOfProducts {
    SumOfProducts(products: products.map(change), isContraction: isContraction)
  }
}
