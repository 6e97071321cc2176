import Testing
import WeftIR

@testable import Weft

/// Arrays and what NumPy writes of them, as text:
///
///     repr float32 [2] precision=3     function, dtype, shape, options that differ
///     = 1.5 nan                        elements in C order
///     > array([1.5, nan], ...          the expected lines
///
/// In separators, prefixes and suffixes `_` stands for a space.
struct FormattingTable: CustomTestStringConvertible {
  struct Case {
    var function = ""
    var type = TensorType(.bool, .scalar)
    var options = FormatOptions()
    var separator = " "
    var prefix = ""
    var suffix = ""
    var elements: [Substring] = []
    var expected: [Substring] = []
    let header: String

    var array: NDArray {
      get throws {
        let buffer = try Buffer(allocating: type, in: MemoryAccount())
        try #require(elements.count == buffer.count)
        for (i, element) in elements.enumerated() {
          try #require(Self.scalar(element, type.dtype)).store(
            to: buffer.base + i * type.dtype.itemSize)
        }
        return NDArray(buffer)
      }
    }

    private static func scalar(_ text: Substring, _ dtype: DType) -> Scalar? {
      switch dtype.kind {
      case .bool: return Scalar(text == "1")
      case .signed: return Int64(text).map { Scalar($0, dtype) }
      case .unsigned: return UInt64(text).map { Scalar($0, dtype) }
      case .float: return Double(text).map { Scalar($0, dtype) }
      case .complex:
        let parts = text.split(separator: ",").compactMap { Double($0) }
        return parts.count == 2 ? Scalar(parts[0], parts[1], dtype) : nil
      }
    }

    func text() throws -> String {
      switch function {
      case "str": try array.formatted(options: options)
      case "repr": try array.representation(options: options)
      default:
        try array.array2string(
          separator: separator, prefix: prefix, suffix: suffix, options: options)
      }
    }

    mutating func set(_ name: Substring, _ value: String) throws {
      switch name {
      case "precision": options.precision = try #require(Int(value))
      case "threshold": options.threshold = try #require(Int(value))
      case "edge": options.edgeItems = try #require(Int(value))
      case "width": options.lineWidth = try #require(Int(value))
      case "suppress": options.suppressesSmall = value == "1"
      case "mode": options.floatMode = try #require(.init(rawValue: value))
      case "sign": options.sign = try #require(.init(rawValue: value == "space" ? " " : value))
      case "nan": options.nanText = value
      case "inf": options.infinityText = value
      case "sep": separator = Self.spaced(value)
      case "prefix": prefix = Self.spaced(value)
      case "suffix": suffix = Self.spaced(value)
      default: Issue.record("no option \(name)")
      }
    }

    private static func spaced(_ text: String) -> String {
      String(text.map { $0 == "_" ? " " : $0 })
    }

    init(_ line: Substring) throws {
      header = String(line)
      let open = try #require(line.firstIndex(of: "["))
      let close = try #require(line.firstIndex(of: "]"))
      let words = line[..<open].split(separator: " ")
      function = String(words[0])
      let extents = line[line.index(after: open)..<close].split(separator: ",")
      type = TensorType(
        try #require(DType(name: words[1])),
        Shape(extents.compactMap { Int($0.drop { $0 == " " }) }))
      for option in line[close...].dropFirst().split(separator: " ") {
        let equals = try #require(option.firstIndex(of: "="))
        let value = option[option.index(after: equals)...]
        try set(option[..<equals], String(value))
      }
    }
  }

  let testDescription: String
  let text: String

  init(_ name: String, _ text: String) {
    testDescription = name
    self.text = text
  }

  var cases: [Case] {
    get throws {
      var cases: [Case] = []
      for line in text.split(separator: "\n") {
        if line.hasPrefix("=") {
          cases[cases.count - 1].elements = line.dropFirst(2).split(separator: " ")
        } else if line.hasPrefix(">") {
          cases[cases.count - 1].expected.append(line.dropFirst(2))
        } else {
          cases.append(try Case(line))
        }
      }
      return cases
    }
  }
}
