import WeftIR

/// A value as a product reads it: all of it, or a box.
struct Atom: Equatable {
  let value: Value
  /// A span for each axis; nil for all of the value.
  let spans: [SliceSpan]?
}

/// A scalar times a product of atoms over index labels, summed over the labels that the output
/// lacks.
///
/// Labels count from 0. The output's labels are distinct; one that no atom has repeats the product.
struct Product {
  var factor: Scalar
  /// Numbers of atoms in the collection.
  var atoms: [Int]
  /// The labels of each atom's axes.
  var labels: [[Int]]
  var output: [Int]
  /// The extent of each label.
  var extents: [Int]
  /// Sets of atoms (by place) that the program itself multiplies together.
  var native: [UInt64] = []

  /// The places of all atoms as a set.
  var all: UInt64 { (1 << UInt64(atoms.count)) - 1 }

  /// The set of an atom's labels.
  func mask(_ place: Int) -> UInt64 { labels[place].reduce(0) { $0 | 1 << UInt64($1) } }

  /// The set of the output's labels.
  var outputMask: UInt64 { output.reduce(0) { $0 | 1 << UInt64($1) } }

  /// The set of the labels that some atom has.
  var atomMask: UInt64 { labels.indices.reduce(0) { $0 | mask($1) } }

  /// The number of elements over a set of labels.
  func size(_ labels: UInt64) -> Double {
    var rest = labels
    var size = 1.0
    while rest != 0 {
      size *= Double(extents[rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return size
  }

  /// The extents of the output.
  var shape: [Int] { output.map { extents[$0] } }
}

/// A value as a sum of products.
struct SumOfProducts {
  var products: [Product]
  /// Whether a product of several atoms is summed somewhere in it: what is worth planning.
  var isContraction: Bool

  /// Whether some term is a product of arrays that all have fewer axes than the sum.
  var hasOuterProduct: Bool {
    products.contains { product in
      product.outputMask & ~product.atomMask == 0
        && product.labels.indices.allSatisfy { product.outputMask & ~product.mask($0) != 0 }
    }
  }

  /// Whether some term is a diagonal matrix, or one whose elements are multiplied with others.
  func hasScaledTerm(_ diagonals: Set<Int>) -> Bool {
    products.contains { product in
      product.atoms.count > 1 || product.atoms.allSatisfy { diagonals.contains($0) }
    }
  }

  /// The only product, if there is one.
  var single: Product? { products.count == 1 ? products[0] : nil }
}

extension Product {
  /// The key of the product of a set of atoms that keeps some labels, and those labels in an order
  /// that equal subproducts share.
  func key(_ places: UInt64, keeping open: UInt64) -> (key: SubproductKey, open: [Int]) {
    var order: [Int] = []
    var rest = places
    while rest != 0 {
      order.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    order.sort { (atoms[$0], $0) < (atoms[$1], $1) }
    var best = words(order, open)
    // Of two equal neighbours either may come first.
    for i in order.indices.dropLast() where atoms[order[i]] == atoms[order[i + 1]] {
      order.swapAt(i, i + 1)
      let other = words(order, open)
      if other.words.lexicographicallyPrecedes(best.words) {
        best = other
      } else {
        order.swapAt(i, i + 1)
      }
    }
    return (SubproductKey(words: best.words), best.open)
  }

  private func words(_ order: [Int], _ open: UInt64) -> (words: [Int], open: [Int]) {
    var number = Array(repeating: -1, count: extents.count)
    var next = 0
    var words: [Int] = []
    var openLabels: [Int] = []
    for place in order {
      words.append(-2 - atoms[place])
      for label in labels[place] {
        if number[label] < 0 {
          number[label] = next
          next += 1
          if open >> UInt64(label) & 1 != 0 { openLabels.append(label) }
        }
        words.append(number[label])
      }
    }
    words.append(-1)
    words += openLabels.map { number[$0] }
    return (words, openLabels)
  }
}
