/// Numbers objects in order of first appearance: an open-addressing table from addresses.
///
/// Objects must stay alive while the table is used.
struct NodeTable {
  private var keys: [UInt] = []
  private var numbers: [Int32] = []
  private(set) var count = 0

  /// The number of an object, or nil when it has none.
  func number(of object: AnyObject) -> Int? {
    if keys.isEmpty { return nil }
    let slot = slot(of: Self.key(object))
    return keys[slot] == 0 ? nil : Int(numbers[slot])
  }

  /// Numbers an object unless it has a number; gives the number and whether it is new.
  mutating func insert(_ object: AnyObject) -> (number: Int, isNew: Bool) {
    insert(Self.key(object))
  }

  /// As `insert`, of an object's key.
  mutating func insert(_ key: UInt) -> (number: Int, isNew: Bool) {
    if count * 2 >= keys.count { grow() }
    let slot = slot(of: key)
    if keys[slot] != 0 { return (Int(numbers[slot]), false) }
    keys[slot] = key
    numbers[slot] = Int32(truncatingIfNeeded: count)
    count += 1
    return (count - 1, true)
  }

  /// The address of an object.
  @inline(__always)
  static func key(_ object: AnyObject) -> UInt {
    UInt(bitPattern: Unmanaged.passUnretained(object).toOpaque())
  }

  private func slot(of key: UInt) -> Int {
    let mask = keys.count - 1
    var slot = Self.home(key) & mask
    while keys[slot] != 0 && keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  /// Objects of a page stand near each other, pages at random places: neighbours in memory, which
  /// are often visited one after another, share cache lines of the table.
  private static func home(_ key: UInt) -> Int {
    let page = ((key >> 12) &* 0x9E37_79B9_7F4A_7C15) >> 20
    return Int(bitPattern: page &* 64 &+ key >> 6 & 63)
  }

  /// Makes room for so many objects at once, in a table that has none.
  mutating func reserve(_ capacity: Int) {
    var slots = 64
    while slots < capacity * 2 + 2 { slots *= 2 }
    keys = Array(repeating: 0, count: slots)
    numbers = Array(repeating: 0, count: slots)
  }

  private mutating func grow() {
    let (oldKeys, oldNumbers) = (keys, numbers)
    keys = Array(repeating: 0, count: max(64, oldKeys.count * 4))
    numbers = Array(repeating: 0, count: keys.count)
    for (key, number) in zip(oldKeys, oldNumbers) where key != 0 {
      let slot = slot(of: key)
      keys[slot] = key
      numbers[slot] = number
    }
  }
}
