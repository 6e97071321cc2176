import WeftIR
import WeftPlans

/// Decides when slots are freed, and adds up the peak.
struct OpenCLMemoryPlan {
  let slots: SlotTable
  let inputs: Int
  let outputs: [Int]

  /// The peak of this machine's memory in bytes, where the device has memory of its own: what parts
  /// for another executor read, write and need. Results stay on the device.
  func hostPeak(_ program: [OpenCLExecutable.Step]) -> Int {
    var here = Set(0..<inputs)
    var live = 0
    var peak = 0
    for step in program {
      switch step.code {
      case .host(let part):
        for slot in part.sources + part.targets where here.insert(slots.owner[slot]).inserted {
          live += slots.bytes(slot)
        }
        peak = max(peak, live + part.extraBytes)
      case .reserve(let targets):
        for (slot, _) in targets where here.insert(slot).inserted { live += slots.bytes(slot) }
      case .kernels, .device, .alias: break
      }
      for slot in step.frees where slot >= inputs && here.remove(slot) != nil {
        live -= slots.bytes(slot)
      }
    }
    return peak
  }

  /// Fills in `frees` and gives the peak of all memory in bytes.
  func plan(_ program: inout [OpenCLExecutable.Step]) -> Int {
    let uses = program.map { $0.code.needs + $0.code.targets }
    let lives = Lifetimes(slots, inputs: inputs, outputs: outputs, uses: uses)
    var live = 0
    var peak = 0
    var retired = RetiredMemory<Int>()
    var begun: Set<Int> = []
    for index in program.indices {
      let code = program[index].code
      var extra = code.extraBytes
      for slot in code.targets where slots.owner[slot] == slot && begun.insert(slot).inserted {
        let bytes = slots.bytes(slot)
        if retired.take(bytes) == nil { live += bytes }
      }
      if case .host = code { live -= retired.removeAll() }
      if extra > 0, retired.mustGo(before: extra) { live -= retired.removeAll() }
      extra += live
      peak = max(peak, extra)
      for slot in lives.dying(at: index, of: uses[index]) {
        program[index].frees += [slot] + (lives.aliases[slot] ?? [])
        let bytes = slots.bytes(slot)
        retired.add(bytes, bytes)
        if retired.isFull { live -= retired.removeAll() }
      }
    }
    return peak
  }
}

/// Memory that no later step needs, kept for others of the same size: commands that use it may not
/// have run yet.
struct RetiredMemory<Memory> {
  private var entries: [(bytes: Int, memory: Memory)] = []
  private(set) var bytes = 0

  /// The bytes beyond which it is worth waiting for the device.
  private static var most: Int { 64 << 20 }

  /// Whether there is so much that it should be given back.
  var isFull: Bool { bytes > Self.most }

  /// Whether it should be given back before something else takes so many bytes.
  func mustGo(before extra: Int) -> Bool { bytes > 0 && bytes + extra > Self.most }

  /// Memory of exactly so many bytes.
  mutating func take(_ bytes: Int) -> Memory? {
    guard let place = entries.firstIndex(where: { $0.bytes == bytes }) else { return nil }
    self.bytes -= bytes
    return entries.remove(at: place).memory
  }

  mutating func add(_ memory: Memory, _ bytes: Int) {
    entries.append((bytes, memory))
    self.bytes += bytes
  }

  /// Lets go of everything, and tells how many bytes that was.
  @discardableResult
  mutating func removeAll() -> Int {
    defer { (entries, bytes) = ([], 0) }
    return bytes
  }
}
