import Weft
import WeftExecution
import WeftIR
import WeftPasses

/// A tensor network from a JSON file: operands and output as index numbers, an extent for each.
///
/// `{"inputs": [[0, 1], [1, 2]], "output": [0, 2], "sizes": [3, 4, 5]}`, or `"sizes": {"0": 3, ...}`;
/// other members are ignored. Numbers of indices may be any; they are kept for reports.
struct NetworkFile {
  /// The file's own name, or its path.
  let name: String
  let network: ContractionNetwork
  /// The number in the file of each index of the network.
  let indexNumbers: [Int]
  /// How files of this form count: multiply-adds where sizes are an object, opt_einsum's flops where
  /// they are a list.
  let count: PathCostModel.Count

  /// Reads a file.
  ///
  /// - Throws: `file` when it cannot be read; `file-format`, with the place, when it is no network.
  init(path: String) throws {
    func failure(_ message: String) -> WeftError {
      WeftError(
        .fileFormat, "path", "\"\(path)\": \(message)",
        hint: #"a network is {"inputs": [[0, 1], [1, 2]], "output": [0, 2], "sizes": [3, 4, 5]}"#)
    }
    let buffer = try FileContents.read(
      path, operation: "path", mapped: true, in: MemoryAccount())
    let json: JSONValue
    do {
      json = try withExtendedLifetime(buffer) {
        try JSONParser.parse(
          Array(UnsafeRawBufferPointer(start: buffer.base, count: buffer.byteCount)))
      }
    } catch {
      throw failure("\(error)")
    }
    var numbers: [Int: Int] = [:]
    var indexNumbers: [Int] = []
    func indices(_ value: JSONValue?, _ place: String) throws -> [Int] {
      guard let items = value?.items else { throw failure("\(place) is no list of indices") }
      return try items.map { item in
        guard let number = item.int, number >= 0 else {
          throw failure("\(place) has an index that is no number from 0 on")
        }
        if let known = numbers[number] { return known }
        numbers[number] = indexNumbers.count
        indexNumbers.append(number)
        return indexNumbers.count - 1
      }
    }
    guard let inputs = json["inputs"]?.items else {
      throw failure("'inputs' is no list of operands")
    }
    let operands = try inputs.enumerated().map { position, value in
      try indices(value, "operand \(position)")
    }
    let output = try indices(json["output"], "'output'")
    let sizes = json["sizes"]
    let extents = try indexNumbers.map { number -> Int in
      let value: JSONValue?
      if let list = sizes?.items {
        value = list.indices.contains(number) ? list[number] : nil
      } else {
        value = sizes?[String(number)]
      }
      guard let extent = value?.int, extent >= 0 else {
        throw failure("'sizes' has no extent for index \(number)")
      }
      return extent
    }
    let network = ContractionNetwork(operands, to: output, extents: extents)
    if let mistake = network.mistake { throw failure(mistake) }
    self.network = network
    self.indexNumbers = indexNumbers
    name = json["name"]?.text ?? path
    count = sizes?.items == nil ? .multiplyAdds : .flops
  }
}
