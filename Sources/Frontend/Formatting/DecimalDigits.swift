/// The decimal digits of a number, first digit first: `d.ddd * 10^exponent`.
struct DecimalDigits {
  /// ASCII digits; at least one.
  var digits: [UInt8]
  /// The power of ten of the first digit.
  var exponent: Int

  /// How many digits to make.
  struct Cutoff {
    /// Whether digits count from the decimal point, else from the first digit.
    var countsFromPoint: Bool
    /// The most digits; nil for no bound.
    var most: Int?
    /// The least number of digits in shortest mode; nil for no bound.
    var least: Int?
  }

  /// The digits of a number: the shortest that no other number of the width shares, or the exact
  /// ones; rounded to nearest, ties to even, where the cutoff ends them.
  ///
  /// - Accuracy: every digit is that of the exact value, rounded once.
  /// - Source: Burger and Dybvig, "Printing Floating-Point Numbers Quickly and Accurately",
  ///   PLDI 1996, figure 3; the estimate of the first digit's place as in R. Juckett's Dragon4.
  init(_ number: BinaryFloat, isShortest: Bool, _ cutoff: Cutoff) {
    guard number.significand != 0 else {
      (digits, exponent) = ([UInt8(ascii: "0")], 0)
      return
    }
    var state = Generation(number, leastPlace: cutoff.countsFromPoint ? cutoff.most : nil)
    let place = state.place
    let first = cutoff.countsFromPoint ? 0 : place
    let last = max(cutoff.most.map { first - $0 } ?? .min, place - Self.maximumCount)
    let enough = min(cutoff.least.map { first - $0 } ?? place, place)
    let (made, roundsDown) =
      isShortest ? state.shortest(to: last, enough: enough) : state.exact(to: last)
    digits = made
    exponent = place - 1
    if !roundsDown { roundUp() }
  }

  /// NumPy's bound on the text of a number, which ours stays below too.
  static let maximumCount = 16_384

  private mutating func roundUp() {
    let nine = UInt8(ascii: "9")
    while let digit = digits.popLast() {
      if digit != nine {
        digits.append(digit + 1)
        return
      }
    }
    digits = [UInt8(ascii: "1")]
    exponent += 1
  }
}

/// The running division: value / scale in [0, 10) holds the digits still to come.
private struct Generation {
  var value: BigNatural
  /// The scale times 1, 2, 4 and 8.
  let scales: [BigNatural]
  /// Half the distance to the neighbour below.
  var lowMargin: BigNatural
  let isLowMarginNarrow: Bool
  let isEven: Bool
  /// The power of ten just above the next digit.
  var place: Int

  /// - Parameter leastPlace: digits after the point to start with where the number's first digit
  ///   comes later.
  init(_ number: BinaryFloat, leastPlace: Int?) {
    isEven = number.significand & 1 == 0
    isLowMarginNarrow = number.hasNarrowLowerMargin
    // All times 4, so that half and quarter units are whole.
    value = BigNatural(number.significand).shiftedLeft(by: 2 + max(0, number.exponent))
    var scale = BigNatural(4).shiftedLeft(by: max(0, -number.exponent))
    lowMargin = BigNatural(isLowMarginNarrow ? 1 : 2).shiftedLeft(by: max(0, number.exponent))

    // log10(2) = 0.30103; right, or one too small, for every exponent of float64.
    let top = 63 - number.significand.leadingZeroBitCount + number.exponent
    place = Int((Double(top) * 0.30102999566398119521 - 0.69).rounded(.up))
    if let leastPlace, place <= -leastPlace { place = 1 - leastPlace }
    if place > 0 {
      scale.multiply(byPowerOfTen: place)
    } else {
      value.multiply(byPowerOfTen: -place)
      lowMargin.multiply(byPowerOfTen: -place)
    }
    scales = (0..<4).map { scale.shiftedLeft(by: $0) }
    if value.compare(scale) >= 0 {
      place += 1
    } else {
      advance()
    }
  }

  mutating func advance() {
    value.multiply(by: 10)
    lowMargin.multiply(by: 10)
  }

  /// Divides the next digit out.
  mutating func nextDigit() -> UInt8 {
    place -= 1
    var digit: UInt8 = 0
    for i in (0..<4).reversed() where value.compare(scales[i]) >= 0 {
      value.subtract(scales[i])
      digit |= 1 << UInt8(i)
    }
    return UInt8(ascii: "0") + digit
  }

  /// Digits until they tell the number from its neighbours, and whether the last stays as it is.
  mutating func shortest(to last: Int, enough: Int) -> (digits: [UInt8], roundsDown: Bool) {
    var digits: [UInt8] = []
    while true {
      let digit = nextDigit()
      digits.append(digit)
      let below = value.compare(lowMargin)
      var upper = value
      upper.add(isLowMarginNarrow ? lowMargin.shiftedLeft(by: 1) : lowMargin)
      let above = upper.compare(scales[0])
      let isLow = isEven ? below <= 0 : below < 0
      let isHigh = isEven ? above >= 0 : above > 0
      if (isLow || isHigh) && place <= enough || place <= last {
        return (digits, isLow == isHigh ? roundsDown(digit) : isLow)
      }
      advance()
    }
  }

  /// Digits until the rest is zero or the cutoff, and whether the last stays as it is.
  mutating func exact(to last: Int) -> (digits: [UInt8], roundsDown: Bool) {
    var digits: [UInt8] = []
    while true {
      let digit = nextDigit()
      digits.append(digit)
      if value.isZero || place <= last { return (digits, roundsDown(digit)) }
      value.multiply(by: 10)
    }
  }

  /// Whether what is left is less than half, or half after an even digit.
  private func roundsDown(_ digit: UInt8) -> Bool {
    let half = value.shiftedLeft(by: 1).compare(scales[0])
    return half < 0 || half == 0 && digit & 1 == 0
  }
}
