import WeftIR
import WeftPasses

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One run of a plan: threads that take the first task which is ready, as far as memory allows.
///
/// Tasks are numbered in the order in which a single thread runs them, which never holds more than
/// the plan's peak. A task that is ahead of that order starts only while what such tasks hold and
/// the peak are within the limit together, so that the next in order can always run.
///
/// `@unchecked Sendable`: everything that changes is read and changed under the lock of `threads`.
final class ChunkRun: @unchecked Sendable {
  private let plan: ChunkPlan
  private let context: RunContext
  private let sinks: [any RegionSink]
  private let store: ChunkStore
  private let inputs: [Buffer]
  private let watch: RunWatch?
  /// The bytes that tasks may hold; nil for no limit.
  private let budget: Int?
  /// The threads that take tasks, and the bytes that they take to read and write, which no buffer has.
  private let threadCount: Int
  private let scratchBytes: Int
  private let threads = RunThreads()

  private let spill: SpillFile?
  /// The tasks that can run.
  private var ready = Heap<Int32>()
  /// The chunks that each task still waits for.
  private var missing: [Int32]
  /// The tasks that still read each chunk.
  private var unread: [Int32]
  private var isDone: [Bool]
  /// Tasks whose chunks sinks have already; nil where there are none.
  private let unneeded: [Bool]?
  private var bytesRead = 0
  private var bytesWritten = 0
  private var bytesSpilled = 0
  /// The first task in order that has not ended.
  private var frontier = 0
  private var running = 0
  /// Bytes that tasks ahead of the order hold: needs of those that run, chunks of those that ended.
  private var ahead = 0
  /// Tasks over whole operands that run.
  private var wholeTasks = 0
  private var failure: (task: Int, error: any Error)?

  /// - Throws: what keeps an input from being here.
  init(
    _ plan: ChunkPlan, _ inputs: [Buffer], _ context: RunContext, spillingTo folder: SpillFolder,
    _ watch: RunWatch? = nil
  ) throws {
    self.plan = plan
    self.watch = watch
    var inner = context
    inner.sinks = []
    self.context = inner
    sinks = context.sinks
    spill = plan.isSpilled.isEmpty ? nil : SpillFile(in: folder)
    store = try ChunkStore(plan, inputs, spill: spill)
    self.inputs = inputs
    let scratch = store.scratchBytes + (context.sinks.map(\.writeScratchBytes).max() ?? 0)
    let room = context.memory.limit.map { $0 - context.memory.liveBytes }
    threadCount = try plan.threadCount(
      min(context.scheduler.threadCount, plan.tasks.count), scratch: scratch, room: room)
    scratchBytes = scratch * threadCount
    budget = room.map { [scratchBytes] in $0 - scratchBytes }
    missing = plan.tasks.indices.map { plan.firstRead[$0 + 1] - plan.firstRead[$0] }
    unread = (0..<plan.firstReader.count - 1).map {
      plan.firstReader[$0 + 1] - plan.firstReader[$0]
    }
    unneeded = plan.unneeded(sinks)
    isDone = unneeded ?? Array(repeating: false, count: plan.tasks.count)
    for task in plan.tasks.indices {
      if isDone[task] {
        for place in Int(plan.firstRead[task])..<Int(plan.firstRead[task + 1]) {
          unread[Int(plan.reads[place])] -= 1
        }
      } else if missing[task] == 0 {
        ready.insert(Int32(task))
      }
    }
    while frontier < isDone.count, isDone[frontier] { frontier += 1 }
  }

  /// Runs all tasks and gives the results.
  ///
  /// What runs whole may take long and looks at no token: then the caller only waits, and where the run
  /// is cancelled leaves such a task to its thread, with the memory that it has.
  func results() throws -> [Buffer] {
    try context.memory.holding(scratchBytes) { try runTasks() }
  }

  private func runTasks() throws -> [Buffer] {
    let watch = context.token.watch { [self] in
      threads.lock()
      threads.broadcast()
      threads.unlock()
    }
    defer { context.token.unwatch(watch) }
    let started = startThreads(plan.wholeRows.isEmpty ? threadCount - 1 : threadCount)
    if plan.wholeRows.isEmpty || started == 0 { work(0) }
    threads.lock()
    while threads.count > (context.token.isCancelled ? wholeTasks : 0) {
      threads.wait()
    }
    let failure = self.failure
    note()
    threads.unlock()
    if let failure { throw failure.error }
    try context.token.check()
    // Sinks have them.
    if !sinks.isEmpty { return [] }
    return try plan.graph.outputs.map { output in
      guard let array = plan.output(output) else {
        throw WeftError(.internal, plan.graph.name, "no stage gives \(plan.graph.type(output))")
      }
      return try store.result(array, in: context.memory)
    }
  }

  /// Starts threads that take tasks; the number of those that the system gives.
  private func startThreads(_ count: Int) -> Int {
    var started = 0
    let first = plan.wholeRows.isEmpty ? 1 : 0
    for helper in 0..<max(0, count) {
      let isStarted = threads.start(for: self) { run in
        run.watch?.nameWorker()
        run.work(first + helper)
      }
      if isStarted { started += 1 }
    }
    return started
  }

  /// Tells the counters what happened; under the lock.
  private func note() {
    let skipped = unneeded?.count { $0 } ?? 0
    context.counters.add("chunkTasks", isDone.count { $0 } - skipped)
    if skipped > 0 { context.counters.add("chunkTasksSkipped", skipped) }
    if bytesRead > 0 { context.counters.add("chunkBytesRead", bytesRead) }
    if bytesWritten > 0 { context.counters.add("chunkBytesWritten", bytesWritten) }
    if bytesSpilled > 0 { context.counters.add("chunkBytesSpilled", bytesSpilled) }
  }

  /// Waits so many seconds; less where the run is cancelled or fails.
  private func pause(_ seconds: Double) {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds = end.tv_nsec + Int((seconds - seconds.rounded(.down)) * 1e9)
    end.tv_sec += Int(seconds.rounded(.down)) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    threads.lock()
    defer { threads.unlock() }
    while failure == nil, !context.token.isCancelled {
      if !threads.wait(until: end) { return }
    }
  }

  // MARK: - Taking tasks

  private func work(_ thread: Int) {
    let narrow = context.narrowed()
    let reader = RegionReader(context: narrow) { [self] in pause($0) }
    threads.lock()
    while failure == nil, frontier < plan.tasks.count, !context.token.isCancelled {
      guard let task = nextTask() else {
        threads.wait()
        continue
      }
      let isAlone = running == 0 && ready.isEmpty
      running += 1
      let isAhead = task != frontier
      if isAhead { ahead += plan.needs[task] }
      var record = watch?.begun(task, plan.tasks[task], on: thread)
      do {
        let made = try take(task, isAlone ? context : narrow, reader, &record)
        let before = bytesWritten + bytesSpilled
        finish(task, made, isAhead)
        record?.bytesWritten = bytesWritten + bytesSpilled - before
        if let record { watch?.finished(record) }
      } catch {
        if failure.map({ task < $0.task }) ?? true { failure = (task, error) }
      }
      running -= 1
      threads.broadcast()
    }
    threads.broadcast()
    threads.unlock()
  }

  /// The first task that is ready, if there is memory for it.
  private func nextTask() -> Int? {
    guard let task = ready.first.map({ Int($0) }) else { return nil }
    if task != frontier, let budget, ahead + plan.needs[task] > budget - plan.peakBytes {
      return nil
    }
    ready.removeFirst()
    return task
  }

  /// What a task made: chunks, and where those are that wait on disk; nothing where none does.
  private struct Made {
    var chunks: [Buffer]
    var places: [Int?] = []
  }

  /// Makes a task's chunks; gives the lock away meanwhile.
  private func take(
    _ number: Int, _ context: RunContext, _ reader: RegionReader, _ record: inout TaskRecord?
  ) throws -> Made {
    let task = plan.tasks[number]
    let stage = plan.stages[Int(task.stage)]
    let program = plan.programs[Int(task.program)]
    let region = stage.region(of: Int(task.tile))
    let sources = try store.sources(program, stage, Int(task.tile), region)
    var wholes: [Buffer?] = []
    for array in stage.results {
      let isAssembled = plan.arrays[array].isAssembled
      wholes.append(isAssembled ? try store.assembled(array, in: context.memory) : nil)
    }
    let read = sources.reduce(0) { $0 + $1.readBytes }
    bytesRead += read
    record?.bytesRead = read
    let isWhole = plan.wholeRows.contains(stage.row)
    if isWhole { wholeTasks += 1 }
    threads.unlock()
    defer {
      threads.lock()
      if isWhole { wholeTasks -= 1 }
    }
    do {
      let inputs = try sources.map { try $0.elements(reader) }
      let results: [Buffer]
      if case .random(let stream) = stage.kind {
        results = [try RandomTile.make(stream, inputs[0], region, context)]
      } else {
        results = try plan.executables[program.executable].run(inputs, context)
      }
      // No sink gets what was made of zeros in place of a file.
      if FileMaps.isAnyDamaged { try FileMaps.check(self.inputs) }
      let chunk = stage.chunk(of: Int(task.tile))
      var made = Made(chunks: results)
      if spill != nil { made.places = Array(repeating: nil, count: results.count) }
      for place in results.indices {
        let array = plan.arrays[stage.results[place]]
        if !array.sinks.isEmpty {
          let box = array.grid.region(of: chunk)
          for sink in array.sinks where unneeded == nil || !sinks[sink].has(box) {
            try sinks[sink].take(box, from: results[place].base)
          }
        }
        if let spill, plan.isOnDisk(array.firstChunk + chunk) {
          let box = array.grid.region(of: chunk)
          made.places[place] = try spill.write(results[place], array.name, box)
        }
        guard let whole = wholes[place] else { continue }
        RegionCopy.copy(
          results[place].base, array.grid.region(of: chunk), to: whole.base,
          Region(whole: array.grid.extents), itemSize: array.type.dtype.itemSize)
        made.chunks[place] = whole
      }
      return made
    } catch let error as WeftError {
      throw error.located(at: plan.graph.rows[stage.row].site)
    }
  }

  /// Keeps what a task made, lets go of what nobody reads any more, and frees tasks that waited.
  private func finish(_ number: Int, _ made: Made, _ wasAhead: Bool) {
    let task = plan.tasks[number]
    let stage = plan.stages[Int(task.stage)]
    let chunk = stage.chunk(of: Int(task.tile))
    for (n, array) in stage.results.enumerated() {
      let buffer = made.chunks[n]
      let description = plan.arrays[array]
      let place = description.firstChunk + chunk
      let isKept = description.isResult || unread[place] > 0
      bytesWritten += description.sinks.count * buffer.byteCount
      if !made.places.isEmpty, let spilled = made.places[n] {
        bytesSpilled += buffer.byteCount
        store.keep(place: spilled, array, chunk)
      } else if !description.isAssembled && isKept {
        store.keep(buffer, array, chunk)
      }
      let readers = Int(plan.firstReader[place])..<Int(plan.firstReader[place + 1])
      for reader in readers {
        let waiting = Int(plan.readers[reader])
        missing[waiting] -= 1
        // Tasks whose chunks sinks have from an earlier run are done.
        if missing[waiting] == 0, !isDone[waiting] { ready.insert(Int32(waiting)) }
      }
    }
    for read in Int(plan.firstRead[number])..<Int(plan.firstRead[number + 1]) {
      let place = Int(plan.reads[read])
      unread[place] -= 1
      if unread[place] == 0, !plan.isResult[place] { store.release(place) }
    }
    if wasAhead { ahead += plan.keptBytes(number) - plan.needs[number] }
    isDone[number] = true
    while frontier < isDone.count, isDone[frontier] {
      // Chunks that were made ahead are now what the order holds too.
      if frontier != number || wasAhead, unneeded?[frontier] != true {
        ahead -= plan.keptBytes(frontier)
      }
      frontier += 1
    }
  }
}

/// Runs one part after the other: tasks are what threads share.
private struct OneThread: Scheduler {
  let threadCount = 1

  func run(
    _ count: Int, _ token: CancellationToken,
    _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
  ) throws {
    for part in 0..<max(0, count) {
      try token.check()
      try body(part, 0)
    }
  }
}

extension RunContext {
  /// The context for a task beside others.
  fileprivate func narrowed() -> RunContext {
    var context = self
    context.scheduler = OneThread()
    return context
  }
}

/// Random bits of a box: each element depends on its place in the whole array alone.
enum RandomTile {
  static func make(
    _ stream: RandomStream, _ key: Buffer, _ region: [TileRange], _ context: RunContext
  ) throws -> Buffer {
    let extents = region.map(\.count)
    let buffer = try Buffer(
      allocating: TensorType(.uint64, Shape(extents)), in: context.memory)
    let generator = Philox(key: key.scalar(at: 0).uintValue)
    let lane = UInt64(bitPattern: Int64(stream.lane))
    let all = stream.shape.codes
    let inner = extents.last ?? 1
    var indices = Array(repeating: 0, count: max(0, extents.count - 1))
    var target = buffer.base
    for _ in 0..<(inner == 0 ? 0 : buffer.count / inner) {
      try context.token.check()
      var place = 0
      for axis in all.indices {
        let index = axis < indices.count ? indices[axis] : 0
        place = place * all[axis] + region[axis].positions.lowerBound + index
      }
      for i in 0..<inner {
        let words = generator.block(UInt64(place + i), lane)
        target.storeBytes(of: UInt64(words[0]) | UInt64(words[1]) << 32, as: UInt64.self)
        target += 8
      }
      var axis = indices.count - 1
      while axis >= 0 {
        indices[axis] += 1
        if indices[axis] < extents[axis] { break }
        indices[axis] = 0
        axis -= 1
      }
    }
    return buffer
  }
}
