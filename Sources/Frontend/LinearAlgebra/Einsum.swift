import WeftIR

/// A sum of products in Einstein's notation: `einsum("ij,jk->ik", a, b)`.
///
/// 1. A letter names an axis of each operand; equal letters are one index.
/// 2. A letter twice in an operand takes its diagonal.
/// 3. What the output does not name is summed. Without `->` the output has the letters that stand
///    just once, in alphabetical order, capitals first, behind the ellipsis.
/// 4. `...` stands for all axes without a letter; they broadcast from the right.
/// 5. An axis of extent 1 repeats to its index's extent.
///
/// `optimize` says in which order more than two operands are contracted; the compiler decides unless
/// it is given.
///
/// - Shape: the extents of the output's letters, in its order.
/// - DType: the operands promoted; integers keep their width.
/// - Throws: from `compute()`: `einsum` for a text that is not of this form, for ranks and extents
///   that do not fit, for an order that is none.
/// - NumPy: `numpy.einsum`; any number of operands is one contraction.
///
/// ```swift
/// let a: NDArray = [[1, 2], [3, 4]]
/// einsum("ij,jk->ik", a, a)
/// // [[ 7 10]
/// //  [15 22]]
/// einsum("ii", a)  // 5
/// einsum("ij->j", a)  // [4 6]
/// ```
public func einsum(
  _ subscripts: String, _ operands: NDArray..., optimize: EinsumOptimizer = .automatic,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  einsum(subscripts, operands, optimize: optimize, file: file, line: line)
}

/// As `einsum(_:_:optimize:)` with the operands in a list. See `einsum(operands:output:optimize:)`.
public func einsum(
  _ subscripts: String, _ operands: [NDArray], optimize: EinsumOptimizer = .automatic,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("einsum", file, line)
  return call.build(operands) { () throws(WeftError) in
    let parsed = try EinsumParser(subscripts, call: call).parse()
    return try parsed.resolve(operands, call).contraction(optimize, call)
  }
}

/// A sum of products with axes named by integers: `einsum(operands: [(a, [0, 1]), (b, [1, 2])],
/// output: [0, 2])`.
///
/// - Shape: the extents of the output's labels, in its order.
/// - DType: the operands promoted; integers keep their width.
/// - Throws: from `compute()`: `einsum`, as with a text.
/// - NumPy: `numpy.einsum` with lists of axes; any integers may be labels. Without an output it has
///   the labels that stand just once, in ascending order.
///
/// ```swift
/// let a: NDArray = [[1, 2], [3, 4]]
/// let b: NDArray = [[1, 10], [100, 1000]]
/// einsum(operands: [(a, [0, 1]), (b, [1, 2])], output: [0, 2])
/// // [[ 201 2010]
/// //  [ 403 4030]]
/// ```
public func einsum(
  operands: [(NDArray, [Int])], output: [Int]? = nil, optimize: EinsumOptimizer = .automatic,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  einsum(
    operands: operands.map { ($0.0, $0.1.map { EinsumLabel.index($0) }) },
    output: output.map { $0.map { EinsumLabel.index($0) } }, optimize: optimize, file: file,
    line: line)
}

/// As `einsum(operands:output:optimize:)` with ellipses among the labels.
///
/// - Shape: the extents of the output's labels, in its order.
/// - DType: the operands promoted; integers keep their width.
/// - Throws: from `compute()`: `einsum`, as with a text.
/// - NumPy: `numpy.einsum` with lists of axes and `Ellipsis`.
///
/// ```swift
/// let stack = arange(8).reshaped([2, 2, 2])
/// einsum(operands: [(stack, [.ellipsis, .index(0)])], output: [.ellipsis])
/// // [[ 1  5]
/// //  [ 9 13]]
/// ```
public func einsum(
  operands: [(NDArray, [EinsumLabel])], output: [EinsumLabel]? = nil,
  optimize: EinsumOptimizer = .automatic, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("einsum", file, line)
  return call.build(operands.map(\.0)) { () throws(WeftError) in
    let expression = EinsumExpression(operands.map(\.1), output)
    return try expression.resolve(operands.map(\.0), call).contraction(optimize, call)
  }
}

/// What names an axis in `einsum`, or stands for several.
public enum EinsumLabel: Hashable, Sendable {
  /// One axis; letters are their Unicode numbers.
  case index(Int)
  /// The axes that no label names.
  case ellipsis
}

/// The labels of operands and output.
struct EinsumExpression {
  var operands: [[EinsumLabel]]
  var output: [EinsumLabel]
  /// Whether labels are letters of a text.
  var isText = false

  init(_ operands: [[EinsumLabel]], _ output: [EinsumLabel]?, isText: Bool = false) {
    self.operands = operands
    self.output = output ?? Self.implicitOutput(of: operands)
    self.isText = isText
  }

  /// The ellipsis, if there is one, and the labels that stand just once, in ascending order.
  static func implicitOutput(of operands: [[EinsumLabel]]) -> [EinsumLabel] {
    var counts: [Int: Int] = [:]
    var hasEllipsis = false
    for label in operands.joined() {
      if case .index(let number) = label {
        counts[number, default: 0] += 1
      } else {
        hasEllipsis = true
      }
    }
    let once = counts.filter { $0.value == 1 }.keys.sorted().map { EinsumLabel.index($0) }
    return (hasEllipsis ? [.ellipsis] : []) + once
  }

  private func name(_ label: Int) -> String {
    guard isText, let scalar = Unicode.Scalar(UInt32(label)) else { return "label \(label)" }
    return "index '\(scalar)'"
  }

  /// The labels as numbers for each axis, checked against the arrays.
  func resolve(_ arrays: [NDArray], _ call: Call) throws(WeftError) -> ResolvedEinsum {
    guard arrays.count == operands.count else {
      throw call.error(
        .einsum, "the subscripts name \(operands.count) operands, but there are \(arrays.count)")
    }
    guard !arrays.isEmpty else { throw call.error(.einsum, "there are no operands") }
    var number: [EinsumLabel: Int] = [:]
    // Axes under an ellipsis get numbers from the right: -1 is the last.
    func canonical(_ label: EinsumLabel) -> Int {
      if let known = number[label] { return known }
      let next = number.count
      number[label] = next
      return next
    }
    var widest = 0
    var axes: [[Int?]] = []
    for (position, (labels, array)) in zip(operands, arrays).enumerated() {
      let named = labels.count { $0 != .ellipsis }
      let ellipses = labels.count - named
      guard ellipses <= 1 else {
        throw call.error(.einsum, "operand \(position) has \(ellipses) ellipses")
      }
      guard named == array.rank || ellipses == 1 && named <= array.rank else {
        throw call.error(
          .einsum, "operand \(position) is \(array.expr.type), but has \(named) labels")
      }
      let hidden = array.rank - named
      widest = max(widest, hidden)
      axes.append(
        labels.flatMap { label -> [Int?] in
          switch label {
          case .index: [canonical(label)]
          case .ellipsis: (0..<hidden).map { $0 - hidden }
          }
        })
    }
    let base = number.count
    let labels = axes.map {
      $0.map { axis in (axis ?? 0) < 0 ? base - 1 - (axis ?? 0) : axis ?? 0 }
    }
    var result: [Int] = []
    for label in output {
      switch label {
      case .index(let index):
        guard let known = number[label] else {
          throw call.error(.einsum, "the output's \(name(index)) stands in no operand")
        }
        if result.contains(known) {
          throw call.error(.einsum, "the output has \(name(index)) twice")
        }
        result.append(known)
      case .ellipsis:
        guard output.count(where: { $0 == .ellipsis }) == 1 else {
          throw call.error(.einsum, "the output has two ellipses")
        }
        result += (0..<widest).map { base - 1 - ($0 - widest) }
      }
    }
    if widest > 0, !output.contains(.ellipsis) {
      throw call.error(
        .einsum, "the output has no ellipsis for the \(widest) axes under it in the operands")
    }
    guard result.count <= 64 else {
      throw call.error(.einsum, "the output has \(result.count) axes; an array has at most 64")
    }
    let names = Dictionary(uniqueKeysWithValues: number.map { ($1, $0) })
    for (position, (labels, array)) in zip(labels, arrays).enumerated() {
      try requireDiagonal(labels, array, position, call)
    }
    var letters: [Int: Unicode.Scalar] = [:]
    for (label, number) in names {
      if isText, case .index(let code) = number {
        letters[label] = Unicode.Scalar(UInt32(truncatingIfNeeded: code))
      }
    }
    let parts = try call.contractionParts(Array(zip(arrays, labels)), to: result) { label in
      guard case .index(let index) = names[label] else { return "an axis under the ellipsis" }
      return name(index)
    }
    return ResolvedEinsum(parts: parts, output: result, letters: letters)
  }

  /// A label twice in one operand has one extent; 1 does not repeat there.
  private func requireDiagonal(
    _ labels: [Int], _ array: NDArray, _ position: Int, _ call: Call
  ) throws(WeftError) {
    var first: [Int: Int] = [:]
    for (axis, label) in labels.enumerated() {
      if let other = first[label], !call.mayEqual(array, axis, array, other) {
        throw call.error(
          .einsum,
          "axes \(other) and \(axis) of operand \(position), \(array.expr.type), have one label but not one extent"
        )
      }
      first[label] = first[label] ?? axis
    }
  }
}

/// Reads subscripts such as `ij, jk -> ik`.
struct EinsumParser {
  private let bytes: [UInt8]
  private let text: String
  private let call: Call

  init(_ text: String, call: Call) {
    self.text = text
    self.call = call
    bytes = Array(text.utf8)
  }

  func parse() throws(WeftError) -> EinsumExpression {
    var terms: [[EinsumLabel]] = [[]]
    var output: [EinsumLabel]?
    var position = 0
    func append(_ label: EinsumLabel) {
      if output != nil { output?.append(label) } else { terms[terms.count - 1].append(label) }
    }
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: " "): break
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
        append(.index(Int(byte)))
      case UInt8(ascii: "."):
        guard bytes[position...].starts(with: [byte, byte, byte]) else {
          throw failure("a '.' that is no part of '...'", position)
        }
        append(.ellipsis)
        position += 2
      case UInt8(ascii: ","):
        guard output == nil else { throw failure("a ',' in the output", position) }
        terms.append([])
      case UInt8(ascii: "-"):
        guard output == nil, bytes[position...].starts(with: Array("->".utf8)) else {
          throw failure(output == nil ? "a '-' without '>'" : "a second '->'", position)
        }
        output = []
        position += 1
      default: throw failure("'\(character(at: position))', which is no letter", position)
      }
      position += 1
    }
    return EinsumExpression(terms, output, isText: true)
  }

  private func character(at position: Int) -> String {
    String(decoding: bytes[position...], as: UTF8.self).first.map { String($0) } ?? ""
  }

  private func failure(_ what: String, _ position: Int) -> WeftError {
    call.error(
      .einsum, "the subscripts '\(text)' have \(what) at position \(position)",
      hint: "letters name axes, ',' parts operands, '->' begins the output, '...' is an ellipsis")
  }
}
