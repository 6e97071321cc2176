/// A natural number of any size, with just what making digits needs.
struct BigNatural {
  /// Least word first, without zeros at the end.
  private(set) var words: [UInt64]

  init(_ value: UInt64) { words = value == 0 ? [] : [value] }

  var isZero: Bool { words.isEmpty }

  mutating func shiftLeft(by count: Int) {
    if isZero || count == 0 { return }
    let (whole, bits) = (count / 64, UInt64(count % 64))
    if bits != 0 {
      var carry: UInt64 = 0
      for i in words.indices {
        let word = words[i]
        words[i] = word << bits | carry
        carry = word >> (64 - bits)
      }
      if carry != 0 { words.append(carry) }
    }
    if whole > 0 { words.insert(contentsOf: repeatElement(0, count: whole), at: 0) }
  }

  func shiftedLeft(by count: Int) -> BigNatural {
    var result = self
    result.shiftLeft(by: count)
    return result
  }

  mutating func multiply(by factor: UInt64) {
    var carry: UInt64 = 0
    for i in words.indices {
      let (high, low) = words[i].multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      words[i] = sum
      carry = high &+ (overflow ? 1 : 0)
    }
    if carry != 0 { words.append(carry) }
  }

  mutating func multiply(byPowerOfTen exponent: Int) {
    var rest = exponent
    while rest >= 19 {
      multiply(by: 10_000_000_000_000_000_000)
      rest -= 19
    }
    var factor: UInt64 = 1
    for _ in 0..<rest { factor *= 10 }
    if factor > 1 { multiply(by: factor) }
  }

  mutating func add(_ other: BigNatural) {
    while words.count < other.words.count { words.append(0) }
    var carry = false
    for i in words.indices {
      if i >= other.words.count && !carry { break }
      let addend = i < other.words.count ? other.words[i] : 0
      let (sum, first) = words[i].addingReportingOverflow(addend)
      let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
      words[i] = total
      carry = first || second
    }
    if carry { words.append(1) }
  }

  /// - Precondition: the other number is not greater.
  mutating func subtract(_ other: BigNatural) {
    var borrow = false
    for i in words.indices {
      if i >= other.words.count && !borrow { break }
      let subtrahend = i < other.words.count ? other.words[i] : 0
      let (difference, first) = words[i].subtractingReportingOverflow(subtrahend)
      let (total, second) = difference.subtractingReportingOverflow(borrow ? 1 : 0)
      words[i] = total
      borrow = first || second
    }
    while words.last == 0 { words.removeLast() }
  }

  /// -1, 0 or 1 as this number is less than, equal to or greater than another.
  func compare(_ other: BigNatural) -> Int {
    if words.count != other.words.count { return words.count < other.words.count ? -1 : 1 }
    for i in words.indices.reversed() where words[i] != other.words[i] {
      return words[i] < other.words[i] ? -1 : 1
    }
    return 0
  }
}
