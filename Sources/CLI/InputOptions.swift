import ArgumentParser
import Weft
import WeftIR

/// The arrays that a script sees: from files and from a generator.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("in"), parsing: .singleValue,
    help: ArgumentHelp(
      "An array from a .npy, .npz, .mtx, .zarr or .h5 file, or one in it (x.h5/name); of a .npz file "
        + "of several, NAME.key is each; of SciPy's and pydata/sparse's it is the sparse array.",
      valueName: "NAME=FILE"))
  var files: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "An array of random numbers: floats in [0, 1), integers in [0, 100).",
      valueName: "NAME=SHAPE[:dtype[:seed]]"))
  var random: [String] = []

  /// The arrays by name, in memory.
  func scope() throws -> [String: ScriptValue] {
    var scope: [String: ScriptValue] = [:]
    for option in files {
      let (name, path) = try Self.split(option, "--in")
      scope[name] = try Self.load(path, as: name)
    }
    for option in random {
      let (name, text) = try Self.split(option, "--random")
      scope[name] = .array(try RandomInput(text).array())
    }
    return scope
  }

  /// The arrays by name; of a file of several each stands under its own key.
  func arrays() throws -> [String: NDArray] {
    var arrays: [String: NDArray] = [:]
    for (name, value) in try scope() {
      switch value {
      case .array(let array): arrays[name] = array
      case .record(let record):
        for field in record.fields {
          if case .array(let array) = field.value { arrays[field.name] = array }
        }
      default: break
      }
    }
    return arrays
  }

  private static func load(_ path: String, as name: String) throws(WeftError) -> ScriptValue {
    guard path.hasSuffix(".npz") else {
      let array =
        try ArrayFile.isPattern(path)
        ? NDArray(stackingFilesMatching: path) : NDArray(contentsOf: path)
      // What is read chunk by chunk stays where it is; elements of a file in Fortran order are brought in
      // order once, not in every run.
      return .array(array.isReadInChunks ? array : try array.compute())
    }
    if let sparse = try NDArray.sparseArray(in: path) { return .array(sparse) }
    let arrays = try NDArray.arrays(in: path)
    if arrays.count == 1, let only = arrays.values.first {
      return .array(only.isReadInChunks ? only : try only.compute())
    }
    let fields = try arrays.sorted { $0.key < $1.key }.map { (_, array) throws(WeftError) in
      array.isReadInChunks ? array : try array.compute()
    }
    return .record(
      ScriptRecord(
        name,
        zip(arrays.keys.sorted(), fields).map { (name: $0, value: ScriptValue.array($1)) },
        isTuple: false))
  }

  private static func split(_ option: String, _ flag: String) throws -> (String, String) {
    guard let sign = option.firstIndex(of: "="), sign != option.startIndex else {
      throw ValidationError("\(flag) takes NAME=VALUE, not '\(option)'")
    }
    let name = String(option[..<sign])
    let isName =
      name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
      && name.unicodeScalars.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false
    guard isName else { throw ValidationError("'\(name)' in \(flag) cannot be a name in a script") }
    return (name, String(option[option.index(after: sign)...]))
  }
}

/// `SHAPE[:dtype[:seed]]`: the same text gives the same numbers, everywhere.
private struct RandomInput {
  var shape: [Int]
  var dtype = DType.float64
  var seed: UInt64 = 0

  init(_ text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let extents = parts[0].filter { !"[]() ".contains($0) }
      .split { $0 == "," || $0 == "x" }
    shape = extents.compactMap { Int($0) }
    guard shape.count == extents.count, shape.allSatisfy({ $0 >= 0 }), parts.count <= 3,
      !extents.isEmpty || parts[0] == "[]" || parts[0] == "()"
    else { throw ValidationError("--random takes SHAPE[:dtype[:seed]], not '\(text)'") }
    if parts.count > 1, !parts[1].isEmpty {
      guard let dtype = DType(name: parts[1]) else {
        throw ValidationError("'\(parts[1])' in --random is no dtype")
      }
      self.dtype = dtype
    }
    if parts.count > 2 {
      guard let seed = UInt64(parts[2]) else {
        throw ValidationError("'\(parts[2])' in --random is no seed")
      }
      self.seed = seed
    }
  }

  func array() throws -> NDArray {
    let type = TensorType(dtype, Shape(shape))
    let buffer = try Buffer(allocating: type, in: Session.current.memory)
    var generator = SplitMix(state: seed)
    for index in 0..<buffer.count {
      generator.scalar(dtype).store(to: buffer.base + index * dtype.itemSize)
    }
    return NDArray(buffer)
  }
}

/// - Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func scalar(_ dtype: DType) -> Scalar {
    switch dtype.kind {
    case .bool: Scalar(next() >> 63 == 1)
    case .signed, .unsigned: Scalar(Int64(next() % 100), dtype)
    case .float: Scalar(fraction(), dtype)
    case .complex: Scalar(fraction(), fraction(), dtype)
    }
  }
}
