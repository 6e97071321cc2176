import Foundation
import Weft
import WeftIR

/// The times of one workload and what its result holds.
struct Measurement {
  let id: String
  let first: Double
  let times: [Double]
  let peakMegabytes: Double
  let checks: [ResultCheck]

  /// Runs a workload: once apart, then until the count or the seconds are used up.
  init(
    of workload: Workload, inputs: Inputs, executor: ExecutorName?, repeats: Int, seconds: Double
  ) throws {
    let work = try workload.prepare(inputs)
    resetPeak()
    let (first, results) = try Self.call(work, executor)
    var times: [Double] = []
    let start = ContinuousClock.now
    while times.count < max(1, repeats) {
      times.append(try Self.call(work, executor).seconds)
      if Self.seconds(since: start) > seconds { break }
    }
    id = workload.id
    self.first = first
    self.times = times.sorted()
    peakMegabytes = Self.peakOfProcess()
    checks = try results.map { try ResultCheck($0) }
  }

  /// One call of a workload: its seconds (of a unit, where it has units) and what it gave.
  static func call(
    _ work: Workload.Work, _ executor: ExecutorName?
  ) throws -> (seconds: Double, results: [NDArray]) {
    switch work {
    case .arrays(let make):
      let start = ContinuousClock.now
      let results = try compute(make(), on: executor)
      return (Self.seconds(since: start), results)
    case .computed(let make):
      let start = ContinuousClock.now
      let results = try make()
      return (Self.seconds(since: start), results)
    case .units(let run, let units):
      let start = ContinuousClock.now
      try run()
      return (Self.seconds(since: start) / Double(units), [])
    case .seconds(let run): return (try run(), [])
    }
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    seconds(of: ContinuousClock.now - start)
  }

  static func seconds(of duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// The most resident memory since `resetPeak`, in megabytes; 0 where the system does not tell.
  static func peakOfProcess() -> Double {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = Double(line.filter(\.isNumber))
    else { return 0 }
    return kilobytes * 1024 / 1e6
  }

  var median: Double {
    let middle = times.count / 2
    return times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
  }

  var json: String {
    let check =
      checks.isEmpty ? "" : #","check":["# + checks.map(\.json).joined(separator: ",") + "]"
    return #"{"id":"\#(id)","min":\#(times[0]),"median":\#(median),"n":\#(times.count),"#
      + #""first_s":\#(first),"compile_s":\#(max(0, first - median)),"peak_mb":\#(peakMegabytes),"#
      + #""times":[\#(times.map { "\($0)" }.joined(separator: ","))]\#(check)}"#
  }

  var text: String {
    func milliseconds(_ seconds: Double) -> String {
      seconds < 1e-4
        ? "\((seconds * 1e9).rounded() / 1e3) us" : "\((seconds * 1e6).rounded() / 1e3) ms"
    }
    return
      "\(id): median \(milliseconds(median)), min \(milliseconds(times[0])), n \(times.count), "
      + "first \(milliseconds(first)), peak \(Int(peakMegabytes)) MB"
  }
}

/// Begins a new measurement of the peak of resident memory, where the system allows it.
private func resetPeak() {
  guard let file = fopen("/proc/self/clear_refs", "w") else { return }
  fputs("5", file)
  fclose(file)
}

/// Shape, sum, l1 norm and eight samples of a result, in float64.
struct ResultCheck {
  let shape: [Int]
  let sum: Double
  let l1: Double
  let samples: [Double]

  init(_ array: NDArray) throws {
    // Of a sparse array the stored values count, of a matrix by rows: blocks and diagonals hold fills, too.
    var array = try array.compute()
    if array.expr.buffer?.sparse != nil, array.shape.count == 2 {
      array = try array.asSparse(.csr).compute()
    }
    let buffer = try array.expr.buffer?.sparse?.values ?? array.buffer()
    let count = buffer.count
    var sum = 0.0
    var l1 = 0.0
    // Neumaier's compensation: the check must be better than what it checks.
    var sumError = 0.0
    var l1Error = 0.0
    func add(_ value: Double, _ total: inout Double, _ error: inout Double) {
      let next = total + value
      error += abs(total) >= abs(value) ? (total - next) + value : (value - next) + total
      total = next
    }
    for i in 0..<count {
      let value = buffer.scalar(at: i).doubleValue
      add(value, &sum, &sumError)
      add(abs(value), &l1, &l1Error)
    }
    shape = buffer.type.shape.known ?? []
    self.sum = sum + sumError
    self.l1 = l1 + l1Error
    samples =
      count == 0
      ? [] : (0..<8).map { buffer.scalar(at: Int(Double($0 * (count - 1)) / 7)).doubleValue }
  }

  var json: String {
    #"{"shape":\#(shape),"sum":\#(number(sum)),"l1":\#(number(l1)),"#
      + #""samples":[\#(samples.map(number).joined(separator: ","))]}"#
  }
}
