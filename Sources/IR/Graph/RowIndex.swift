/// Finds equal rows: an open-addressing table from hashes to row numbers, with linear probing.
struct RowIndex: Sendable {
  private var slots: [Int32] = []
  private var hashes: [Int] = []
  private var used = 0

  static func hash(_ op: Op, _ operands: [Value]) -> Int {
    var hasher = Hasher()
    hasher.combine(op)
    for operand in operands {
      hasher.combine(Int(operand.row) << 8 | Int(operand.result))
    }
    return hasher.finalize()
  }

  /// The row among those of a hash for which the test holds.
  func first(hash: Int, where matches: (Int) -> Bool) -> Int? {
    if slots.isEmpty { return nil }
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] >= 0 {
      if hashes[slot] == hash, matches(Int(slots[slot])) { return Int(slots[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  mutating func insert(_ row: Int, hash: Int) {
    if used * 2 >= slots.count { grow(to: max(16, slots.count * 2)) }
    place(Int32(truncatingIfNeeded: row), hash)
    used += 1
  }

  mutating func reserve(_ rows: Int) {
    var capacity = max(16, slots.count)
    while capacity < rows * 2 { capacity *= 2 }
    if capacity > slots.count { grow(to: capacity) }
  }

  private mutating func place(_ row: Int32, _ hash: Int) {
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = row
    hashes[slot] = hash
  }

  private mutating func grow(to capacity: Int) {
    let (oldSlots, oldHashes) = (slots, hashes)
    slots = Array(repeating: -1, count: capacity)
    hashes = Array(repeating: 0, count: capacity)
    for (row, hash) in zip(oldSlots, oldHashes) where row >= 0 { place(row, hash) }
  }
}
