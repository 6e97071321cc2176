import Foundation
import Weft
import WeftIR

/// One row of the workload list: inputs and formula.
struct Workload: Sendable {
  /// What a call times.
  enum Work: Sendable {
    /// Computes arrays afresh.
    case arrays(@Sendable () -> [NDArray])
    /// Computes arrays by itself, in several programs.
    case computed(@Sendable () throws -> [NDArray])
    /// Runs something that gives no array; the second value is the number of units in a call.
    case units(@Sendable () throws -> Void, Int)
    /// Runs something that tells itself how many seconds count.
    case seconds(@Sendable () throws -> Double)
  }

  /// Why a workload does not run.
  struct Unsupported: Error {
    let reason: String
  }

  let id: String
  let prepare: @Sendable (Inputs) throws -> Work
}

/// The folder of the inputs.
struct Inputs: Sendable {
  let directory: String

  /// The array of a name, read into memory so that no page is fetched while timing.
  func callAsFunction(_ name: String) throws -> NDArray {
    let mapped = try NDArray(contentsOf: "\(directory)/\(name).npy")
    return try resident(mapped)
  }

  /// The same in a dtype.
  func callAsFunction(_ name: String, as dtype: DType) throws -> NDArray {
    try self(name).asType(dtype).compute()
  }

  /// A copy in our own memory.
  private func resident(_ array: NDArray) throws -> NDArray {
    let source = try array.buffer()
    let copy = try Buffer(allocating: source.type, in: Session.current.memory)
    copy.base.copyMemory(from: source.base, byteCount: source.byteCount)
    return NDArray(copy)
  }

  /// An integer of `params.json`; the file is flat enough to be searched as text.
  func parameter(_ name: String) throws -> Int {
    let text = try readText("\(directory)/params.json")
    guard let found = text.range(of: "\"\(name)\": "),
      let value = Int(text[found.upperBound...].prefix { $0.isNumber })
    else { throw Workload.Unsupported(reason: "params.json has no \(name)") }
    return value
  }

  /// The equation of the tensor network.
  func equation(_ name: String) throws -> String {
    let text = try readText("\(directory)/\(name).json")
    guard let found = text.range(of: "\"equation\": \"") else {
      throw Workload.Unsupported(reason: "\(name).json has no equation")
    }
    return String(text[found.upperBound...].prefix { $0 != "\"" })
  }

  func readText(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}

extension Inputs {
  /// A list of integers of `params.json`.
  func sizes(_ name: String) throws -> [Int] {
    let text = try readText("\(directory)/params.json")
    guard let found = text.range(of: "\"\(name)\": [") else {
      throw Workload.Unsupported(reason: "params.json has no \(name)")
    }
    return text[found.upperBound...].prefix { $0 != "]" }.split(separator: ",").compactMap {
      Int($0.filter(\.isNumber))
    }
  }
}
