import Weft
import WeftIR

/// NumPy's accuracy tables (`umath/umath-validation-set-*.csv`): inputs, correctly rounded outputs
/// and how many units in the last place each may be off.
///
/// As NumPy's own test has it, a function meets the bar where for each dtype no row is further off
/// than the largest tolerance among the rows of that dtype.
struct GoldenTable {
  /// NumPy's name of the function.
  let function: String
  private var columns: [(dtype: DType, inputs: [UInt64], outputs: [UInt64], limit: Int)] = []

  private static let prefix = "umath-validation-set-"

  /// The function that a file's name tells; nil for another file.
  static func function(ofFile name: String) -> String? {
    guard name.hasPrefix(prefix), name.hasSuffix(".csv") else { return nil }
    return String(name.dropFirst(prefix.count).dropLast(4))
  }

  /// Reads a table of lines `np.float32,0x3f800000,0x402df854,3`; others are no data.
  init(function: String, folder: String) throws {
    self.function = function
    let file = try FileContents.read(
      "\(folder)/\(Self.prefix)\(function).csv", operation: "golden", mapped: true,
      in: MemoryAccount())
    let bytes = UnsafeRawBufferPointer(start: file.base, count: file.byteCount)
    for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    ) {
      let fields = String(decoding: line, as: UTF8.self).split(separator: ",").map {
        $0.drop { $0 == " " }
      }
      guard fields.count >= 4, fields[0].hasPrefix("np."),
        let dtype = DType(name: String(fields[0].dropFirst(3))),
        let input = Self.bits(fields[1]), let output = Self.bits(fields[2]),
        let limit = Int(fields[3].prefix { $0.isNumber })
      else { continue }
      let index = columns.firstIndex { $0.dtype == dtype } ?? columns.count
      if index == columns.count { columns.append((dtype, [], [], 0)) }
      columns[index].inputs.append(input)
      columns[index].outputs.append(output)
      columns[index].limit = max(columns[index].limit, limit)
    }
    if columns.isEmpty { throw GoldenError("\(function): a table without rows") }
  }

  private static func bits(_ text: Substring) -> UInt64? {
    UInt64(text.dropFirst(2), radix: 16)
  }

  /// Runs the function over each dtype's inputs.
  func run(into report: inout GoldenReport) {
    for column in columns {
      let outcome: GoldenCase.Outcome
      do {
        outcome = try run(column.dtype, column.inputs, column.outputs, column.limit)
      } catch {
        outcome = .failed("\(error)")
      }
      report.add(
        id: "umath/\(function)/\(column.dtype)", function, column.dtype.name, outcome)
    }
  }

  private func run(
    _ dtype: DType, _ inputs: [UInt64], _ outputs: [UInt64], _ limit: Int
  ) throws -> GoldenCase.Outcome {
    guard let row = ScriptFunctionTable.standard[function] else { return .unsupported(function) }
    let operand = ScriptArgumentValue(.array(NDArray(try Self.buffer(dtype, inputs))))
    let got = try row.call([operand]).computed()
    let want = ScriptValue.array(NDArray(try Self.buffer(dtype, outputs)))
    let comparison = GoldenComparison(tolerance: .ulp(limit), comparesSignOfZero: true)
    return comparison.difference(got, want).map { .failed($0) } ?? .passed
  }

  private static func buffer(_ dtype: DType, _ bits: [UInt64]) throws -> Buffer {
    let buffer = try Buffer(
      allocating: TensorType(dtype, Shape([bits.count])), in: MemoryAccount())
    for (index, value) in bits.enumerated() {
      withUnsafeBytes(of: value.littleEndian) {
        (buffer.base + index * dtype.itemSize).copyMemory(
          from: $0.baseAddress ?? UnsafeRawPointer(buffer.base), byteCount: dtype.itemSize)
      }
    }
    return buffer
  }
}
