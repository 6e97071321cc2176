/// What a product of some of a product's atoms is, whatever its labels are called.
struct SubproductKey: Equatable {
  let words: [Int]
  /// A number that equal keys share.
  fileprivate let hash: Int

  init(words: [Int]) {
    self.words = words
    hash = words.reduce(words.count) { mixed, word in
      let product = (mixed ^ word) &* 0x1E37_79B9_7F4A_7C15
      return product ^ product >> 29
    }
  }
}

/// Numbers keys in order of first appearance: an open-addressing table.
///
/// The library's dictionaries ask the runtime whether their keys can be hashed, which reads all
/// conformances of the process: an eighth of its first plan.
struct SubproductNumbers {
  private(set) var keys: [SubproductKey] = []
  /// Numbers of keys, or -1.
  private var slots: [Int32] = []

  /// The number of a key, or nil when it has none.
  func number(of key: SubproductKey) -> Int? {
    if slots.isEmpty { return nil }
    let number = slots[slot(of: key)]
    return number < 0 ? nil : Int(number)
  }

  /// Numbers a key unless it has a number; gives the number and whether it is new.
  mutating func insert(_ key: SubproductKey) -> (number: Int, isNew: Bool) {
    if keys.count * 2 >= slots.count { grow() }
    let slot = slot(of: key)
    if slots[slot] >= 0 { return (Int(slots[slot]), false) }
    slots[slot] = Int32(truncatingIfNeeded: keys.count)
    keys.append(key)
    return (keys.count - 1, true)
  }

  private func slot(of key: SubproductKey) -> Int {
    let mask = slots.count - 1
    var slot = key.hash & mask
    while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: max(16, slots.count * 4))
    for (number, key) in keys.enumerated() {
      slots[slot(of: key)] = Int32(truncatingIfNeeded: number)
    }
  }
}

/// How often products occur.
struct SubproductCounts {
  private var numbers = SubproductNumbers()
  private var counts: [Int] = []

  /// How often a product occurs.
  subscript(key: SubproductKey) -> Int { numbers.number(of: key).map { counts[$0] } ?? 0 }

  /// Whether some product occurs more than once.
  var hasRepeated: Bool { counts.contains { $0 > 1 } }

  /// Sets a count to what a function makes of it.
  mutating func update(_ key: SubproductKey, _ change: (Int) -> Int) {
    let (number, isNew) = numbers.insert(key)
    if isNew { counts.append(0) }
    counts[number] = change(counts[number])
  }

  /// Takes in other counts, each as a function of this one and the other says.
  mutating func merge(_ other: SubproductCounts, _ combine: (Int, Int) -> Int) {
    for (key, count) in zip(other.numbers.keys, other.counts) {
      update(key) { combine($0, count) }
    }
  }
}
