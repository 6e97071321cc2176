import WeftIR

/// The rows of a kernel on the other executor, made ready when somebody needs them: they check its
/// first run, and take its place when it gives something else.
final class OpenCLSubstitute: Sendable {
  let sources: [Int]
  let targets: [Int]
  private let make: @Sendable () throws -> any Executable
  private let made = Lock<(any Executable)?>(nil)

  init(
    sources: [Int], targets: [Int], _ make: @escaping @Sendable () throws -> any Executable
  ) {
    self.sources = sources
    self.targets = targets
    self.make = make
  }

  /// The values of the targets, from this machine's copies of the sources.
  private func results(_ run: OpenCLRun, _ context: RunContext) throws -> [Buffer] {
    let executable: any Executable
    if let known = made.withLock({ $0 }) {
      executable = known
    } else {
      executable = try make()
      made.withLock { $0 = executable }
    }
    return try executable.run(sources.map { try run.give($0) }, context)
  }

  /// Runs the rows in the kernel's place.
  func run(_ run: OpenCLRun, _ context: RunContext) throws {
    for (slot, result) in zip(targets, try results(run, context)) { run.set(slot, result) }
  }

  /// The most elements of a run that is compared.
  static let mostCheckedElements = 1 << 16

  /// Compares the first run of a kernel, all of whose targets are written, with the other
  /// executor's; a kernel that gives something else is not run again.
  func check(
    _ trust: OpenCLTrust, title: String, site: SourceSite, _ run: OpenCLRun,
    _ context: RunContext
  ) throws {
    guard run.runtime.checks, trust.beginsCheck() else { return }
    // A wrong index is the user's mistake, and says nothing of the device.
    try run.finish()
    let expected = try results(run, context)
    for (slot, wanted) in zip(targets, expected) {
      let got = try run.buffer(slot)
      guard let difference = Self.difference(got, wanted) else { continue }
      trust.quarantine()
      context.counters.add("quarantines")
      context.counters.note(
        Counters.Event(
          kind: "quarantine",
          message: "a kernel for \(title) on \(run.runtime.device.name) gives \(difference) "
            + "and is not used",
          site: site))
      for (slot, result) in zip(targets, expected) { run.set(slot, result) }
      return
    }
  }

  /// What a kernel gives instead of what is wanted, in words; nil where rounding explains it.
  private static func difference(_ got: Buffer, _ wanted: Buffer) -> String? {
    if got.type != wanted.type { return "\(got.type) for \(wanted.type)" }
    guard let place = firstDifference(got, wanted) else { return nil }
    return "\(got.scalar(at: place)) for \(wanted.scalar(at: place)) at \(place) of \(wanted.type)"
  }

  /// The first element that differs by more than rounding can explain.
  private static func firstDifference(_ got: Buffer, _ wanted: Buffer) -> Int? {
    let dtype = wanted.type.dtype
    if !dtype.isInexact {
      return (0..<wanted.count).first { got.scalar(at: $0) != wanted.scalar(at: $0) }
    }
    let epsilon: Double =
      switch dtype.realPart {
      case .float64: 0x1p-40
      case .float32: 0x1p-16
      default: 0x1p-6
      }
    func parts(_ scalar: Scalar) -> [Double] {
      dtype.isComplex ? [scalar.doubleValue, scalar.imaginary] : [scalar.doubleValue]
    }
    var largest = 0.0
    for place in 0..<wanted.count {
      for part in parts(wanted.scalar(at: place)) where part.isFinite {
        largest = max(largest, part.magnitude)
      }
    }
    return (0..<wanted.count).first { place in
      zip(parts(got.scalar(at: place)), parts(wanted.scalar(at: place))).contains { a, b in
        if a.isNaN || b.isNaN { return a.isNaN != b.isNaN }
        if a == b { return false }
        return !((a - b).magnitude <= epsilon * largest)
      }
    }
  }
}
