import Weft
import WeftExecution
import WeftIR

/// What computing a program several times takes.
struct EvalReport {
  /// The result of the last run.
  private(set) var result: ScriptResult
  private var buffers: [Buffer] = []
  private var compileSeconds = 0.0
  private var runSeconds: [Double] = []
  private var peakBytes = 0
  private let executor: String

  /// Runs a program; every run builds its expressions anew, over the same inputs.
  init(_ program: [UInt8], scope: [String: ScriptValue], repetitions: Int) throws {
    let session = Session.current
    executor = try session.chooseExecutor().executor.name
    result = try Script.evaluate(utf8: program, scope: scope)
    let arrays = result.arrays
    do {
      compileSeconds = try session.preparation(of: arrays.map(\.expr)).seconds
    } catch {
      throw result.located(error)
    }
    for run in 0..<repetitions {
      if run > 0 { result = try Script.evaluate(utf8: program, scope: scope) }
      buffers = []
      session.memory.resetPeak()
      let start = ContinuousClock.now
      let computed = try result.compute()
      runSeconds.append((ContinuousClock.now - start).seconds)
      peakBytes = max(peakBytes, session.memory.peakBytes)
      buffers = computed.compactMap(\.expr.buffer)
    }
    for buffer in buffers { try buffer.load() }
  }

  /// FNV-1a over the bytes of the results, as 16 hexadecimal digits.
  private var checksum: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for buffer in buffers {
      for byte in UnsafeRawBufferPointer(start: buffer.base, count: buffer.byteCount) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func type(_ buffer: Buffer) -> [(name: String, value: JSONValue)] {
    [
      ("dtype", .string(buffer.type.dtype.name)),
      ("shape", .array((buffer.type.shape.known ?? []).map { .integer(Int64($0)) })),
    ]
  }

  /// The report as one line of JSON.
  var json: String {
    var members: [(name: String, value: JSONValue)] = []
    if buffers.count == 1 {
      members += type(buffers[0])
    } else {
      members.append(("results", .array(buffers.map { .object(type($0)) })))
    }
    members += [
      ("executor", .string(executor)), ("compile_s", .number(compileSeconds)),
      ("runs_s", .array(runSeconds.map { .number($0) })),
      ("peak_bytes", .integer(Int64(peakBytes))), ("checksum", .string(checksum)),
      ("counters", Self.counters),
    ]
    return JSONWriter.text(of: .object(members))
  }

  /// What the session counted, by name.
  static var counters: JSONValue {
    let counters = Session.current.counters.sorted { $0.key < $1.key }
    return .object(counters.map { (name: $0.key, value: .integer(Int64($0.value))) })
  }

  /// The report for a person.
  var text: String {
    let types = buffers.map(\.type.description).joined(separator: ", ")
    let runs = runSeconds.map { "\(Self.milliseconds($0))" }.joined(separator: " ")
    return """
      result: \(types)
      executor: \(executor)
      compile: \(Self.milliseconds(compileSeconds)) ms
      runs: \(runs) ms
      peak: \(ByteCount(bytes: peakBytes))
      checksum: \(checksum)
      """
  }

  private static func milliseconds(_ seconds: Double) -> Double {
    (seconds * 1e6).rounded() / 1e3
  }
}
