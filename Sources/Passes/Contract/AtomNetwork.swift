import WeftIR

/// Which atoms of a product have labels in common.
struct AtomNetwork {
  /// The labels of each atom.
  let masks: [UInt64]
  private let output: UInt64
  /// The atoms that each can be multiplied with: those with a common label; scalars with all.
  private let neighbours: [Int]

  init(_ product: Product) {
    let masks = product.atoms.indices.map { product.mask($0) }
    neighbours = masks.indices.map { i in
      masks.indices.reduce(0) { set, j in
        i != j && (masks[i] & masks[j] != 0 || masks[i] == 0 || masks[j] == 0)
          ? set | 1 << j : set
      }
    }
    self.masks = masks
    output = product.outputMask
  }

  /// Whether atoms are matrices, vectors and scalars, and all hang together.
  var isChainLike: Bool {
    masks.allSatisfy { $0.nonzeroBitCount <= 2 } && isConnected(1 << masks.count - 1)
  }

  /// Fewer atoms are searched in every order.
  private static let fewAtoms = 5

  /// The sets whose products are worth a look, in ascending order.
  var searchedSets: [Int] {
    let count = masks.count
    guard count > Self.fewAtoms, isChainLike else { return Array(1..<max(1, 1 << count)) }
    var isFound = Array(repeating: false, count: 1 << count)
    var found = (0..<count).map { 1 << $0 }
    for set in found { isFound[set] = true }
    var place = 0
    while place < found.count {
      var next = neighbours(of: found[place])
      while next != 0 {
        let set = found[place] | next & -next
        next &= next - 1
        if !isFound[set] {
          isFound[set] = true
          found.append(set)
        }
      }
      place += 1
    }
    return found.sorted()
  }

  /// The atoms next to a set, without its own.
  private func neighbours(of set: Int) -> Int {
    var (rest, all) = (set, 0)
    while rest != 0 {
      all |= neighbours[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return all & ~set
  }

  /// Whether a set hangs together.
  func isConnected(_ set: Int) -> Bool {
    var reached = set & -set
    while true {
      let next = reached | neighbours(of: reached) & set
      if next == reached { return reached == set }
      reached = next
    }
  }

  /// Whether the atoms that are left without some hang together, if all do.
  func keepsTogether(without places: UInt64) -> Bool {
    let all = 1 << masks.count - 1
    let rest = all & ~Int(places)
    return rest == 0 || isConnected(rest) || !isConnected(all)
  }

  /// The labels that the product of a set keeps: the output's, and those that other atoms have.
  func openLabels(of set: Int) -> UInt64 {
    var (own, others) = (UInt64(0), output)
    for (place, mask) in masks.enumerated() {
      if set >> place & 1 != 0 { own |= mask } else { others |= mask }
    }
    return own & others
  }
}
