import Foundation
import Weft
import WeftIR

/// What is wrong with a file of cases.
struct AwarenessError: Error, CustomStringConvertible {
  let description: String
}

/// One linear-algebra problem: a formula, perhaps a better form of it, and operands by structure.
struct AwarenessCase {
  /// An operand: extents and the structure that its values have.
  struct Operand {
    let shape: [Int]
    /// Words such as `lower` or `blockdiag(2,3)`.
    let structure: [String]
    let dtype: DType
  }

  let id: String
  private(set) var expression: String
  /// The better form; nil where the file gives none.
  let reference: String?
  let inputs: [String: Operand]

  /// The cases of a file, with all extents times a factor.
  static func read(_ path: String, scale: Double) throws -> [AwarenessCase] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw AwarenessError(description: "cannot read \(path)")
    }
    guard let file = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = file["cases"] as? [[String: Any]]
    else { throw AwarenessError(description: "\(path) has no list of cases") }
    // The dtype stands in words in the file's source, or as a key.
    let words = (file["source"] as? String ?? "").lowercased()
    let usual: DType =
      words.contains("float32") && !words.contains("float64") ? .float32 : .float64
    let dtype = try Self.dtype(file["dtype"], usual)
    return try cases.enumerated().map { try AwarenessCase($1, number: $0, dtype, scale) }
  }

  private init(_ json: [String: Any], number: Int, _ usual: DType, _ scale: Double) throws {
    id = json["id"] as? String ?? "case-\(number + 1)"
    guard let text = json["expr"] as? String else {
      throw AwarenessError(description: "\(id) has no expr")
    }
    let dtype = try Self.dtype(json["dtype"], usual)
    var inputs: [String: Operand] = [:]
    var scaled: [Int: Int] = [:]
    func resize(_ extent: Int) -> Int {
      let result = extent <= 1 ? extent : max(2, Int((Double(extent) * scale).rounded()))
      scaled[extent] = result
      return result
    }
    for (name, value) in json["inputs"] as? [String: [String: Any]] ?? [:] {
      let shape = (value["shape"] as? [Int] ?? []).map(resize)
      let structure = Self.words(value["structure"] as? String ?? "").map { word in
        let blocks = Self.arguments(of: word).map(resize)
        return blocks.isEmpty
          ? word
          : word.prefix { $0 != "(" } + "(" + blocks.map(String.init).joined(separator: ",")
            + ")"
      }
      inputs[name] = Operand(
        shape: shape, structure: structure, dtype: try Self.dtype(value["dtype"], dtype))
    }
    self.inputs = inputs
    func resized(_ text: String) -> String {
      scale == 1 ? text : Self.replacingNumbers(in: text) { $0 > 8 ? scaled[$0] : nil }
    }
    func spelled(_ text: String) -> String {
      Self.linearAlgebra.reduce(resized(text)) { text, name in
        inputs[name] != nil
          ? text : Self.replacing(name + "(", by: "linalg.\(name)(", in: text)
      }
    }
    expression = spelled(text)
    reference = (json["reference"] as? String).map(spelled)
  }

  private static func dtype(_ value: Any?, _ usual: DType) throws -> DType {
    guard let name = value as? String else { return usual }
    guard let dtype = DType.allCases.first(where: { $0.name == name }) else {
      throw AwarenessError(description: "'\(name)' is no dtype")
    }
    return dtype
  }

  /// The words of a structure; commas inside parentheses belong to the word.
  private static func words(_ text: String) -> [String] {
    var words = [""]
    var depth = 0
    for character in text where character != " " {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }

  /// The numbers in a word's parentheses.
  static func arguments(of word: String) -> [Int] {
    guard let open = word.firstIndex(of: "(") else { return [] }
    return word[open...].split { !$0.isNumber }.compactMap { Int($0) }
  }

  /// A text with some of its whole numbers replaced.
  private static func replacingNumbers(in text: String, _ new: (Int) -> Int?) -> String {
    var result = ""
    var word = ""
    func flush() {
      if let number = Int(word), let other = new(number) {
        result += "\(other)"
      } else {
        result += word
      }
      word = ""
    }
    for character in text {
      if character.isLetter || character.isNumber || character == "_" || character == "." {
        word.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}

extension AwarenessCase {
  /// Functions that NumPy has in `linalg` and formulas name alone.
  private static let linearAlgebra = [
    "inv", "solve", "det", "slogdet", "cholesky", "pinv", "lstsq", "qr", "svd", "eigh", "eigvalsh",
    "eig", "eigvals", "norm", "matrix_power", "matrix_rank", "multi_dot", "cond",
  ]

  /// The words of a text: identifiers and numbers.
  static func identifiers(in text: String) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  /// A text with a name replaced.
  static func replacing(_ name: String, by other: String, in text: String) -> String {
    text.replacingOccurrences(
      of: "(?<![A-Za-z0-9_.])\(NSRegularExpression.escapedPattern(for: name))"
        + (name.hasSuffix("(") ? "" : "(?![A-Za-z0-9_])"),
      with: other, options: .regularExpression)
  }

  /// The case with logarithms of determinants taken from `slogdet`, which does not overflow where a float64
  /// determinant does; nil where its text has none.
  var withoutOverflow: AwarenessCase? {
    var other = self
    for (open, close) in [("log(abs(linalg.det(", ")))"), ("log(linalg.det(", "))")] {
      var rest = other.expression[...]
      var text = ""
      while let found = rest.range(of: open) {
        var depth = 1
        let tail = rest[found.upperBound...]
        guard
          let end = tail.firstIndex(where: { character in
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            return depth == 0
          }), tail[end...].hasPrefix(close)
        else {
          text += rest[..<found.upperBound]
          rest = tail
          continue
        }
        let parts = "linalg.slogdet(\(tail[..<end]))"
        // The logarithm of a negative determinant is none.
        let sign = close.count == 2 ? "log(\(parts)[0]) + " : ""
        text += rest[..<found.lowerBound] + "(\(sign)\(parts)[1])"
        rest = tail[end...].dropFirst(close.count)
      }
      other.expression = text + rest
    }
    return other.expression == expression ? nil : other
  }

  /// The programs whose values make up the naive form: one, or one for each turn of a loop.
  ///
  /// `loop of 3: E used in each iteration` is E three times; `loop i: c[i] = E` is E for each i
  /// along the first axis of the first operand in the text.
  var programs: [String] {
    let text = expression.trimmingCharacters(in: .whitespaces)
    guard text.hasPrefix("loop "), let colon = text.firstIndex(of: ":") else {
      return [Self.withoutBlocks(text, inputs)]
    }
    let head = text[..<colon].dropFirst("loop ".count).trimmingCharacters(in: .whitespaces)
    var body = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    if head.hasPrefix("of "),
      let count = Int(head.dropFirst(3).trimmingCharacters(in: .whitespaces))
    {
      if let used = body.range(of: " used in ") { body = String(body[..<used.lowerBound]) }
      return Array(repeating: Self.withoutBlocks(body, inputs), count: max(1, count))
    }
    let index = String(head)
    if let equals = body.range(of: " = ") { body = String(body[equals.upperBound...]) }
    let first = Self.identifiers(in: body).first { inputs[$0]?.shape.isEmpty == false }
    let count = first.flatMap { inputs[$0]?.shape.first } ?? 1
    return (0..<count).map {
      Self.withoutBlocks(Self.replacing(index, by: "\($0)", in: body), inputs)
    }
  }

  /// Whether the turns of a loop fill an array.
  var isFilling: Bool {
    let text = expression.trimmingCharacters(in: .whitespaces)
    return text.hasPrefix("loop ") && !text.hasPrefix("loop of ") && text.contains(" = ")
  }

  /// `block([[A, 0], [0, B]])` in terms of `concatenate`; a 0 is a block of zeros.
  static func withoutBlocks(_ text: String, _ inputs: [String: Operand]) -> String {
    guard let start = text.range(of: "block([["),
      let end = text.range(of: "]])", range: start.upperBound..<text.endIndex)
    else { return text }
    let rows = text[start.upperBound..<end.lowerBound].components(separatedBy: "],").map { row in
      row.replacingOccurrences(of: "[", with: "").split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else { return text }
    func extent(_ names: [String], _ axis: Int) -> Int {
      names.compactMap { inputs[$0] }.first { $0.shape.count == 2 }?.shape[axis] ?? 1
    }
    let lines = rows.map { row -> String in
      let items = row.enumerated().map { column, name in
        name == "0"
          ? "zeros((\(extent(row, 0)), \(extent(rows.map { $0[column] }, 1))))" : name
      }
      return "concatenate([\(items.joined(separator: ", "))], axis=1)"
    }
    return String(text[..<start.lowerBound]) + "concatenate([" + lines.joined(separator: ", ")
      + "], axis=0)" + withoutBlocks(String(text[end.upperBound...]), inputs)
  }
}
