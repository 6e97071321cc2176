import WeftIR
import WeftPasses

/// Makes the tasks that lead to the results, each with its program.
///
/// Depth first from each chunk of the results in order: a chunk is used soon after it is made, and
/// the tree that joins parts holds a few of each level at a time.
struct TaskExpander {
  let planner: StagePlanner
  private(set) var arrays: [ChunkedArray]
  private(set) var programs: [TileProgram] = []
  private(set) var executables: [any Executable] = []
  private(set) var tasks: [TileTask] = []
  private(set) var reads: [Int32] = []
  private(set) var firstRead: [Int32] = []
  private let executor: any Executor
  private let context: PassContext
  /// The stage that makes each array.
  private var makers: [Int]
  /// The stage that joins the parts in each array; -1 where none does.
  private var joiners: [Int]
  /// The parts that each join still waits for, by the number of its task.
  private var missingParts: [Int: Int] = [:]
  private var isSeen: [Bool] = []
  /// The number of each stage's first task.
  private var first: [Int] = []
  private var reusable: [ProgramKey: Int32] = [:]
  private var executableOf: [Graph: Int] = [:]

  private struct ProgramKey: Hashable {
    let stage: Int
    let extents: [Int]
  }

  /// A tile whose inputs are being made.
  private struct Frame {
    let stage: Int
    let tile: Int
    let program: Int32
    let reads: [Int32]
    var next = 0
  }

  /// The most tasks of a plan.
  static let mostTasks = 1 << 24

  init(_ planner: StagePlanner, on executor: any Executor, _ context: PassContext) throws {
    self.planner = planner
    self.executor = executor
    self.context = context
    arrays = planner.arrays
    makers = Array(repeating: -1, count: arrays.count)
    joiners = makers
    for (number, stage) in planner.stages.enumerated() {
      for array in stage.results { makers[array] = number }
      if let array = stage.parts.first { joiners[array] = number }
    }
    try expand()
  }

  private mutating func expand() throws {
    let stages = planner.stages
    var count = 0
    for stage in stages {
      first.append(count)
      count += stage.grid.count
    }
    guard count <= Self.mostTasks else {
      throw WeftError(
        .tooLarge, planner.graph.name, "the chunks make \(count) tasks; at most \(Self.mostTasks)",
        hint: "use larger chunks: rechunked(.auto)")
    }
    isSeen = Array(repeating: false, count: count)
    var open: [Frame] = []
    var results = ResultOrder(planner, arrays, makers)
    while let (array, chunk) = results.next() {
      let stage = makers[array]
      let tile = stages[stage].tile(of: chunk)
      if isSeen[first[stage] + tile] { continue }
      isSeen[first[stage] + tile] = true
      open.append(try frame(stage, tile))
      while !open.isEmpty {
        let top = open.count - 1
        if open[top].next == open[top].reads.count {
          try finish(open.removeLast())
          continue
        }
        let chunk = Int(open[top].reads[open[top].next])
        open[top].next += 1
        let (needed, stage) = maker(of: chunk)
        let tile = stages[stage].tile(of: needed)
        if isSeen[first[stage] + tile] { continue }
        isSeen[first[stage] + tile] = true
        open.append(try frame(stage, tile))
      }
    }
  }

  /// The chunks of all results: of several side by side, so that what they share is soon let go.
  private struct ResultOrder {
    private var left: [(array: Int, next: Int, count: Int)] = []

    init(_ planner: StagePlanner, _ arrays: [ChunkedArray], _ makers: [Int]) {
      var seen: Set<Int> = []
      for output in planner.graph.outputs {
        guard let array = planner.stored[output], makers[array] >= 0,
          seen.insert(array).inserted
        else { continue }
        left.append((array, 0, arrays[array].grid.count))
      }
    }

    mutating func next() -> (array: Int, chunk: Int)? {
      var place: Int?
      for n in left.indices where left[n].next < left[n].count {
        guard let best = place else {
          place = n
          continue
        }
        if left[n].next * left[best].count < left[best].next * left[n].count { place = n }
      }
      guard let place else { return nil }
      left[place].next += 1
      return (left[place].array, left[place].next - 1)
    }
  }

  /// The number of a chunk in its array, and the stage that makes it.
  private func maker(of chunk: Int) -> (chunk: Int, stage: Int) {
    var (low, high) = (0, arrays.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if arrays[middle].firstChunk <= chunk { low = middle } else { high = middle }
    }
    return (chunk - arrays[low].firstChunk, makers[low])
  }

  private mutating func finish(_ frame: Frame) throws {
    var frames = [frame]
    while let frame = frames.popLast() {
      firstRead.append(Int32(reads.count))
      reads += frame.reads
      tasks.append(
        TileTask(stage: Int32(frame.stage), tile: Int32(frame.tile), program: frame.program))
      frames += try joins(after: frame)
    }
  }

  /// The joins whose last parts a task of several rows has made: they follow at once, as they make one
  /// chunk of several.
  private mutating func joins(after frame: Frame) throws -> [Frame] {
    let stage = planner.stages[frame.stage]
    var frames: [Frame] = []
    for array in stage.results where joiners[array] >= 0 {
      let joiner = joiners[array]
      let inner = planner.stages[joiner].grid.count / planner.stages[joiner].grid.counts[0]
      let chunk = stage.chunk(of: frame.tile)
      let group = chunk / inner / JoinTree.width
      let tile = group * inner + chunk % inner
      let number = first[joiner] + tile
      let count = arrays[array].grid.counts[0]
      let left = missingParts[number] ?? JoinTree.members(of: group, count)
      missingParts[number] = left > 1 ? left - 1 : nil
      if left > 1 || isSeen[number] { continue }
      isSeen[number] = true
      frames.append(try self.frame(joiner, tile))
    }
    return frames
  }

  private mutating func frame(_ stageNumber: Int, _ tile: Int) throws -> Frame {
    let stage = planner.stages[stageNumber]
    let region = stage.region(of: tile)
    let program = try program(stageNumber, stage, tile, region)
    var reads: [Int32] = []
    for input in programs[Int(program)].inputs {
      switch input {
      case .position: break
      case .part(let array, let member):
        let chunk = ChunkPlan.chunk(ofPart: member, arrays[array], stage, tile)
        reads.append(Int32(arrays[array].firstChunk + chunk))
      case .region(let array, let ranges):
        guard arrays[array].parameter == nil else { continue }
        let needed = ChunkPlan.region(ranges, region)
        for chunk in arrays[array].grid.chunks(in: needed) {
          reads.append(Int32(arrays[array].firstChunk + chunk))
        }
      }
    }
    return Frame(stage: stageNumber, tile: tile, program: program, reads: reads)
  }

  private mutating func program(
    _ number: Int, _ stage: Stage, _ tile: Int, _ region: [TileRange]
  ) throws -> Int32 {
    var key = ProgramKey(stage: number, extents: region.map(\.count))
    if case .join = stage.kind {
      let count = arrays[stage.parts[0]].grid.counts[0]
      key = ProgramKey(
        stage: number,
        extents: key.extents + [JoinTree.members(of: region[0].positions.lowerBound, count)])
    }
    if let known = reusable[key] { return known }
    var program: TileProgram
    if case .random = stage.kind {
      guard let seed = planner.graph.operands(stage.row).first, let array = planner.stored[seed]
      else { throw WeftError(.internal, "random", "the key is not stored") }
      program = TileProgram(
        graph: Graph(), inputs: [.region(array: array, [])], isReusable: true, executable: -1)
    } else {
      var builder = TileBuilder(planner)
      program = try builder.build(stage, region)
      if let known = executableOf[program.graph] {
        program.executable = known
      } else {
        program.executable = executables.count
        executableOf[program.graph] = executables.count
        executables.append(try executor.prepare(program.graph, context))
      }
    }
    programs.append(program)
    let place = Int32(programs.count - 1)
    if program.isReusable { reusable[key] = place }
    return place
  }
}
