import WeftIR
import WeftKernelCache

/// Machine code for the text of a kernel: from memory, from the disk cache, or from LLVM.
final class KernelCode: Sendable {
  /// What was asked for since the start.
  struct Counts: Sendable {
    var fromMemory = 0
    var fromDisk = 0
    var compiled = 0
    /// Texts that LLVM refused, or that could not be loaded.
    var failed = 0
    /// The time that loads from disk and compilations took, together.
    var seconds = 0.0
  }

  private struct Key: Hashable {
    let ir: String
    let symbol: String
  }

  private struct Code: Sendable {
    let object: CompiledObject
    /// Within the object, which outlives it.
    nonisolated(unsafe) let address: UnsafeRawPointer
    let origin: LoadedKernel.Origin
  }

  /// A kernel on its way. Callers with the same text wait for the first on the slot's own lock;
  /// all others go on.
  private final class Slot: Sendable {
    let outcome = Lock<Result<Code, WeftError>?>(nil)
  }

  private struct State {
    var slots: [Key: (slot: Slot, lastUse: Int)] = [:]
    var clock = 0
    var counts = Counts()
  }

  /// A loaded kernel takes a few pages.
  private static let mostKernels = 4096
  /// Changes when what is in a file, or how objects are called, changes.
  private static let formatVersion = 1

  private let disk: KernelDiskCache
  private let state = Lock(State())

  /// The code that all executors of the process share.
  static let shared = KernelCode(disk: .process)

  /// Code with a memory of its own over a disk cache.
  init(disk: KernelDiskCache) { self.disk = disk }

  /// The kernel of a text, by the name of its function.
  ///
  /// Calls for one text at the same time compile it once. A text that LLVM refused once is refused at
  /// once.
  static func load(ir: String, symbol: String) throws(WeftError) -> LoadedKernel {
    try shared.load(ir: ir, symbol: symbol)
  }

  /// What this code did so far.
  var counts: Counts { state.withLock { $0.counts } }

  /// As the static function.
  func load(ir: String, symbol: String) throws(WeftError) -> LoadedKernel {
    let clock = ContinuousClock()
    let start = clock.now
    let slot = slot(Key(ir: ir, symbol: symbol))
    var isMine = false
    let outcome = slot.outcome.withLock { outcome in
      if let outcome { return outcome }
      isMine = true
      let made = make(ir: ir, symbol: symbol)
      // Memory may be there next time.
      if case .failure(let error) = made, error.code == .outOfMemory { return made }
      outcome = made
      return made
    }
    let seconds = (clock.now - start) / .seconds(1)
    count(outcome, isMine: isMine, seconds: seconds)
    let code = try outcome.get()
    return LoadedKernel(
      code.object, at: code.address, isMine ? code.origin : .memory, seconds: seconds)
  }

  private func slot(_ key: Key) -> Slot {
    state.withLock { state in
      state.clock += 1
      if let index = state.slots.index(forKey: key) {
        state.slots.values[index].lastUse = state.clock
        return state.slots.values[index].slot
      }
      if state.slots.count >= Self.mostKernels {
        // Half go at once, so that the sort is paid for by many insertions.
        let byAge = state.slots.sorted { $0.value.lastUse < $1.value.lastUse }
        for (old, _) in byAge.prefix(byAge.count / 2) { state.slots[old] = nil }
      }
      let slot = Slot()
      state.slots[key] = (slot, state.clock)
      return slot
    }
  }

  private func count(_ outcome: Result<Code, WeftError>, isMine: Bool, seconds: Double) {
    state.withLock { state in
      guard isMine, case .success(let code) = outcome else {
        if case .success = outcome {
          state.counts.fromMemory += 1
        } else {
          state.counts.failed += 1
        }
        return
      }
      state.counts.seconds += seconds
      if code.origin == .disk {
        state.counts.fromDisk += 1
      } else {
        state.counts.compiled += 1
      }
    }
  }

  private func make(ir: String, symbol: String) -> Result<Code, WeftError> {
    Result { () throws(WeftError) in
      try LLVMLibrary.require()
      let key = Self.diskKey(ir)
      if let stored = disk.find(key), let code = try? Self.link(stored, symbol, .disk) {
        return code
      }
      let object = try ObjectCompiler.compile(ir: ir)
      let code = try Self.link(object, symbol, .compiled)
      disk.store(object, for: key)
      return code
    }
  }

  private static func link(
    _ bytes: [UInt8], _ symbol: String, _ origin: LoadedKernel.Origin
  ) throws(WeftError) -> Code {
    let object = try CompiledObject(bytes)
    return Code(object: object, address: try object.address(of: symbol), origin: origin)
  }

  /// Everything that an object depends on.
  static func diskKey(_ ir: String) -> [UInt8] {
    let fields = [
      "weft kernel \(formatVersion)", "llvm \(LLVMLibrary.version)", "cpu \(LLVMLibrary.cpu)",
      "features \(LLVMLibrary.features)", "passes \(ObjectCompiler.passes)",
      "options \(ObjectCompiler.options)", "",
    ]
    return Array((fields.joined(separator: "\n") + ir).utf8)
  }
}
