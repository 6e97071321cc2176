import WeftIR
import WeftPasses

/// Runs graphs on an OpenCL device: fused kernels there, the rest on another executor, with data
/// moved only where one hands over to the other.
///
/// `WEFT_OPENCL_DEVICE` chooses the device, by index, type or name.
public struct OpenCLExecutor: Executor {
  /// The name that sessions choose it by.
  public let name = "opencl"
  private let fallback: any Executor
  let options: OpenCLRuntime.Options
  private let pieces: Pieces?

  /// Makes of an executor, and of its device's memory in bytes, one that gives it a graph in pieces.
  public typealias Pieces = @Sendable (any Executor, Int) -> any Executor

  /// An executor that gives what it cannot run to another.
  ///
  /// `pieces` serves graphs that the device has too little memory for; without it they are errors.
  public init(fallback: any Executor, inPieces pieces: Pieces? = nil) {
    self.init(fallback: fallback, OpenCLRuntime.Options(), inPieces: pieces)
  }

  init(
    fallback: any Executor, _ options: OpenCLRuntime.Options, inPieces pieces: Pieces? = nil
  ) {
    self.fallback = fallback
    self.options = options
    self.pieces = pieces
  }

  /// Compiles a kernel on the chosen device and runs it.
  public func probe() -> Availability {
    do {
      let runtime = try OpenCLRuntime.shared(options)
      if case .unavailable(let reason) = fallback.probe() {
        return .unavailable(reason: "\(fallback.name), which runs the rest, cannot: \(reason)")
      }
      try Self.runSample(on: runtime)
      return .available("\(runtime.device.name) (\(runtime.device.details))")
    } catch let error as WeftError {
      return .unavailable(reason: error.message)
    } catch {
      return .unavailable(reason: "\(error)")
    }
  }

  /// The devices of all platforms, with what they are and which is used.
  public var devices: [ExecutorDevice] {
    let chosen = try? OpenCLDevice.chosen(by: OpenCLRuntime.wanted, of: OpenCLDevice.all)
    return OpenCLDevice.all.map { device in
      ExecutorDevice(
        name: device.name, details: device.details, refusal: device.refusal,
        isChosen: device.index == chosen?.index)
    }
  }

  /// Whether a row runs on the device; the rest goes to the other executor.
  public func supports(_ row: Int, of graph: Graph) -> Support {
    let runtime = try? OpenCLRuntime.shared(options)
    let op = graph.rows[row].op
    // A processor's library is what its device would have to compete with.
    if op.isForLibraries, runtime?.sharesMemory == true { return .native }
    if let reason = OpenCLPlanner.refusal(of: row, of: graph, on: runtime) {
      return .none(reason: reason)
    }
    return .native
  }

  /// Plans kernels, parts for the other executor, and memory; a graph that is larger than the
  /// device's memory runs in pieces.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    let runtime = try OpenCLRuntime.shared(options)
    let plan = try OpenCLPlanner.plan(graph, on: runtime, fallback: fallback, context)
    guard let pieces, plan.isLargerThanDevice else { return plan }
    let whole = OpenCLExecutor(fallback: fallback, options)
    return try pieces(whole, runtime.memory.limit).prepare(graph, context)
  }

  /// Adds two numbers on the device.
  private static func runSample(on runtime: OpenCLRuntime) throws {
    var graph = Graph(name: "probe")
    let x = graph.addParameter("x", TensorType(.float32, Shape([2])))
    let sum = try graph.add(.map(.add), [x, x])
    graph.outputs = [sum]
    let account = MemoryAccount()
    let input = try Buffer(allocating: TensorType(.float32, Shape([2])), in: account)
    input.base.storeBytes(of: 1.5, as: Float.self)
    input.base.storeBytes(of: -2, toByteOffset: 4, as: Float.self)
    guard
      let step = try OpenCLPlanner.plan(graph, on: runtime, fallback: NoExecutor(), PassContext())
        as OpenCLExecutable?
    else { return }
    let run = OpenCLRun(
      runtime, try runtime.profilingQueue(), slotCount: step.slots.types.count, account, nil)
    let results = try step.run([input], run, CancellationToken())
    guard results[0].scalar(at: 0).doubleValue == 3, results[0].scalar(at: 1).doubleValue == -4
    else {
      throw WeftError(
        .unusableExecutor, "compute",
        "\(runtime.device.name) adds wrongly: x + x of "
          + "[1.5, -2] is [\(results[0].scalar(at: 0)), \(results[0].scalar(at: 1))]")
    }
  }
}

/// What runs nothing.
private struct NoExecutor: Executor {
  let name = "none"
  func probe() -> Availability { .unavailable(reason: "it runs nothing") }
  func supports(_ row: Int, of graph: Graph) -> Support { .none(reason: "it runs nothing") }
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    throw WeftError(.unsupported, "compute", "nothing runs \(graph.title(of: graph.count - 1))")
  }
}
