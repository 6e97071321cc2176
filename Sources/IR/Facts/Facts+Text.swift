extension Facts {
  private static let words: [(String, Properties)] = [
    ("symmetric", .symmetric), ("definite", .positiveDefinite),
    ("semidefinite", .positiveSemidefinite), ("orthogonal", .orthogonal),
    ("identity", .identity), ("zero", .zero), ("finite", .finite), ("absent", .absentZeros),
    ("constant", .constant), ("positive", .positive),
    ("sparse", .sparse), ("tame", .finiteUnlessOverflow),
  ]

  /// The facts as options of a routine and in the text form of graphs.
  public var options: [String: String] {
    var options: [String: String] = [:]
    for (word, property) in Self.words where contains(property) { options[word] = "true" }
    if lower < Self.wide { options["lower"] = "\(lower)" }
    if upper < Self.wide { options["upper"] = "\(upper)" }
    if !blocks.isEmpty { options["blocks"] = blocks.map(String.init).joined(separator: "+") }
    return options
  }

  /// The facts that options say; nil for one that is none.
  public init?(options: [String: String]) {
    self = .none
    for (key, text) in options {
      switch key {
      case "lower":
        guard let number = Int(text) else { return nil }
        lower = number
      case "upper":
        guard let number = Int(text) else { return nil }
        upper = number
      case "blocks":
        let numbers = text.split(separator: "+").map { Int($0) }
        guard numbers.allSatisfy({ $0 ?? 0 > 0 }) else { return nil }
        blocks = numbers.compactMap { $0 }
      default:
        guard text == "true", let known = Self.words.first(where: { $0.0 == key }) else {
          return nil
        }
        properties.insert(known.1)
      }
    }
  }
}

extension Facts: CustomStringConvertible {
  /// Words such as `symmetric, upper 0`; `nothing` where nothing is known.
  public var description: String {
    let parts = options.sorted { $0.key < $1.key }.map { key, value in
      value == "true" ? key : "\(key) \(value)"
    }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }
}
