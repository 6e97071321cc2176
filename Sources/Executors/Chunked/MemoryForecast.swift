import WeftIR
import WeftPasses

/// What tasks take of memory when they run in order, and which chunks wait on disk so that they fit.
///
/// The order is known, so the chunk whose next use is farthest is the one to do without. A chunk is
/// either kept in memory from its making to its last use or written by the task that makes it and read
/// by each that uses it: then the peak does not depend on when threads run what.
///
/// - Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
///   Journal 5 (1966).
struct MemoryForecast {
  /// The bytes that each task takes while it runs, results included.
  private(set) var needs: [Int] = []
  /// The most bytes alive at once.
  private(set) var peak = 0
  /// The task at which that is.
  private(set) var greatest = 0
  /// Whether each chunk waits on disk; empty where none does.
  private(set) var isSpilled: [Bool] = []
  /// The bytes of chunks that wait on disk.
  private(set) var spilledBytes = 0

  private let tasks: TaskExpander
  /// The tasks that read each chunk, in order, and where those of each chunk begin.
  private let readers: [Int32]
  private let firstReader: [Int32]

  /// Of a limit that is passed so much is left to tasks ahead of the order, so that threads have work.
  private static let partForOthers = 4

  init(_ tasks: TaskExpander, _ readers: [Int32], _ firstReader: [Int32], limit: Int?) {
    self.tasks = tasks
    self.readers = readers
    self.firstReader = firstReader
    measure()
    walk(spillingAbove: nil)
    guard let limit, peak > limit else { return }
    isSpilled = Array(repeating: false, count: firstReader.count - 1)
    walk(spillingAbove: limit - limit / Self.partForOthers)
    guard spilledBytes > 0 else {
      isSpilled = []
      return
    }
    for task in needs.indices { needs[task] += readBackBytes(task) }
    walk(spillingAbove: nil)
  }

  /// What each task takes where no chunk waits on disk.
  private mutating func measure() {
    let (arrays, stages, programs) = (tasks.arrays, tasks.planner.stages, tasks.programs)
    let peaks = tasks.executables.map(\.peakBytes)
    var isBegun = Array(repeating: false, count: arrays.count)
    needs.reserveCapacity(tasks.tasks.count)
    for task in tasks.tasks {
      let stage = stages[Int(task.stage)]
      let tile = stage.region(of: Int(task.tile))
      let program = programs[Int(task.program)]
      var need = program.executable >= 0 ? peaks[program.executable] : 0
      for input in program.inputs {
        if case .position = input { need += DType.int64.itemSize }
        guard case .region(let array, let ranges) = input else { continue }
        let region = ChunkPlan.region(ranges, tile)
        // Whether a parameter has to be read into memory only the array tells.
        if arrays[array].parameter != nil || arrays[array].copies(region) {
          let bytes = Double(region.count * arrays[array].type.dtype.itemSize)
          need += Int(bytes * arrays[array].storedShare)
        }
      }
      for array in stage.results {
        let size = arrays[array].chunkBytes(stage.chunk(of: Int(task.tile)))
        need += program.executable >= 0 && !program.givesInputs ? 0 : size
        if arrays[array].isAssembled, !isBegun[array] {
          isBegun[array] = true
          need += arrays[array].type.byteCount ?? 0
        }
      }
      needs.append(need)
    }
  }

  /// Goes through the tasks in order; above a limit chunks that are not in use go to disk.
  private mutating func walk(spillingAbove limit: Int?) {
    let (arrays, stages) = (tasks.arrays, tasks.planner.stages)
    let hasSpilled = !isSpilled.isEmpty
    var left = (0..<firstReader.count - 1).map { firstReader[$0 + 1] - firstReader[$0] }
    var bytes = Array(repeating: 0, count: left.count)
    var isBegun = Array(repeating: false, count: arrays.count)
    // Chunks in memory, the one whose next use is farthest first.
    var candidates = Heap<Candidate>()
    var live = 0
    peak = 0
    for number in tasks.tasks.indices {
      var need = needs[number]
      if let limit {
        need += readBackBytes(number)
        while live + need > limit, let next = candidates.first, Int(next.use) > number {
          candidates.removeFirst()
          let chunk = Int(next.chunk)
          guard !isSpilled[chunk], left[chunk] > 0, self.next(chunk, left[chunk]) == next.use
          else { continue }
          isSpilled[chunk] = true
          spilledBytes += bytes[chunk]
          live -= bytes[chunk]
        }
      }
      let now = live + need
      if now > peak { (peak, greatest) = (now, number) }
      let task = tasks.tasks[number]
      let stage = stages[Int(task.stage)]
      for array in stage.results {
        if arrays[array].isAssembled {
          if !isBegun[array] { live += arrays[array].type.byteCount ?? 0 }
          isBegun[array] = true
          continue
        }
        let chunk = stage.chunk(of: Int(task.tile))
        let place = arrays[array].firstChunk + chunk
        // What only sinks take is gone when the task ends.
        guard arrays[array].isResult || left[place] > 0 else { continue }
        bytes[place] = arrays[array].chunkBytes(chunk)
        if !hasSpilled || !isSpilled[place] { live += bytes[place] }
        if limit != nil, !arrays[array].isResult, bytes[place] > 0 {
          candidates.insert(Candidate(next(place, left[place]), place))
        }
      }
      for place in Int(tasks.firstRead[number])..<end(ofReads: number) {
        let chunk = Int(tasks.reads[place])
        left[chunk] -= 1
        if left[chunk] == 0 {
          if !hasSpilled || !isSpilled[chunk] { live -= bytes[chunk] }
        } else if limit != nil, !isSpilled[chunk], bytes[chunk] > 0 {
          candidates.insert(Candidate(next(chunk, left[chunk]), chunk))
        }
      }
    }
  }

  /// A chunk that could go to disk until its next use; the farthest is the least.
  private struct Candidate: Comparable {
    let use: Int32
    let chunk: Int32

    init(_ use: Int32, _ chunk: Int) {
      self.use = use
      self.chunk = Int32(chunk)
    }

    static func < (a: Self, b: Self) -> Bool { (b.use, b.chunk) < (a.use, a.chunk) }
  }

  /// The task that uses a chunk next when so many uses are left.
  private func next(_ chunk: Int, _ left: Int32) -> Int32 {
    readers[Int(firstReader[chunk + 1] - left)]
  }

  private func end(ofReads task: Int) -> Int {
    task + 1 < tasks.firstRead.count ? Int(tasks.firstRead[task + 1]) : tasks.reads.count
  }

  /// The bytes that a task takes for chunks that it reads back from disk.
  private func readBackBytes(_ number: Int) -> Int {
    let reads = tasks.reads[Int(tasks.firstRead[number])..<end(ofReads: number)]
    guard !isSpilled.isEmpty, reads.contains(where: { isSpilled[Int($0)] }) else { return 0 }
    let task = tasks.tasks[number]
    let stage = tasks.planner.stages[Int(task.stage)]
    let tile = stage.region(of: Int(task.tile))
    var bytes = 0
    for input in tasks.programs[Int(task.program)].inputs {
      switch input {
      case .position: continue
      case .part(let n, let member):
        let array = tasks.arrays[n]
        let chunk = ChunkPlan.chunk(ofPart: member, array, stage, Int(task.tile))
        if isSpilled[array.firstChunk + chunk] { bytes += array.chunkBytes(chunk) }
      case .region(let n, let ranges):
        let array = tasks.arrays[n]
        if array.parameter != nil { continue }
        let region = ChunkPlan.region(ranges, tile)
        let spilled = array.grid.chunks(in: region)
          .filter { isSpilled[array.firstChunk + $0] }
        if spilled.isEmpty { continue }
        if let chunk = array.chunk(of: region) {
          bytes += array.chunkBytes(chunk)
        } else {
          // One after the other they are read and copied to the region.
          bytes += spilled.reduce(0) { max($0, array.chunkBytes($1)) }
          if !array.copies(region) { bytes += region.count * array.type.dtype.itemSize }
        }
      }
    }
    return bytes
  }
}
