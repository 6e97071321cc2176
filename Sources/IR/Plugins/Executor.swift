/// What runs graphs: a family of devices or libraries. Any package may bring one.
///
/// ```swift
/// import Weft
/// import WeftIR
///
/// /// Lets another executor work and says so in `explain()`.
/// struct Telling: Executor {
///   let name = "telling"
///   let inner: any Executor
///
///   func probe() -> Availability { inner.probe() }
///   func supports(_ row: Int, of graph: Graph) -> Support { inner.supports(row, of: graph) }
///   func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
///     context.report.note("telling: \(graph.count) rows for \(inner.name)")
///     return try inner.prepare(graph, context)
///   }
/// }
///
/// var session = Session.standard
/// session.executors.append(Telling(inner: session.executors.last!))
/// session.executor = "telling"
/// let sum = NDArray([1, 2, 3]).sum()
/// try session.with { try sum.compute() }  // 6
/// ```
public protocol Executor: Sendable {
  /// The name that `WEFT_EXECUTOR` and sessions choose it by.
  var name: String { get }

  /// Whether it works here, found out by running something; with the reason when not.
  func probe() -> Availability

  /// The devices that it could run on, for who chooses among them.
  var devices: [ExecutorDevice] { get }

  /// Whether it takes arrays that are stored sparsely; all others are given dense ones.
  var takesSparse: Bool { get }

  /// What its steps cost on this machine, measured once and remembered; nil where nobody measured.
  var measuredRates: CostRates? { get }

  /// Whether it runs a graph in pieces, so that one may be larger than the memory limit.
  var keepsLimit: Bool { get }

  /// Whether it follows `PassContext.streams`: what it prepares gives results to `RunContext.sinks` as
  /// they are made and returns none, or returns all of them.
  var takesSinks: Bool { get }

  /// Whether it runs a row itself; what it does not run goes elsewhere, visibly.
  func supports(_ row: Int, of graph: Graph) -> Support

  /// Makes a graph ready to run: plans, compiles, allocates nothing that depends on the data.
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable
}

extension Executor {
  /// None to choose from.
  public var devices: [ExecutorDevice] { [] }
  /// Dense arrays only.
  public var takesSparse: Bool { false }
  /// Nobody measured.
  public var measuredRates: CostRates? { nil }
  /// All of a graph at once.
  public var keepsLimit: Bool { false }
  /// Results are returned.
  public var takesSinks: Bool { false }
}

/// One of the devices that an executor could run on.
public struct ExecutorDevice: Hashable, Sendable {
  /// What the device calls itself.
  public var name: String
  /// What it is and can do, in words.
  public var details: String
  /// Why it cannot be used; nil when it can.
  public var refusal: String?
  /// Whether the executor runs on it.
  public var isChosen: Bool

  /// A device from its parts.
  public init(name: String, details: String, refusal: String? = nil, isChosen: Bool = false) {
    self.name = name
    self.details = details
    self.refusal = refusal
    self.isChosen = isChosen
  }
}

/// A graph made ready by an executor.
public protocol Executable: Sendable {
  /// The most bytes of buffers alive at once, results included and inputs not.
  var peakBytes: Int { get }

  /// What will run, one step a line, for `explain()`.
  var steps: [String] { get }

  /// Decisions with their reasons, in the names of the graph that was prepared, for `explain()`.
  func notes(of graph: Graph) -> [String]
  /// The texts of what was made for the steps; none unless an executor makes kernels.
  var listings: [KernelListing] { get }

  /// Whether it knows what to do with inputs whose elements are elsewhere (`Buffer.load`).
  var takesElsewhere: Bool { get }

  /// Whether it tells the context's observer of its start, tasks and end itself.
  var tellsObserver: Bool { get }

  /// What the executor plans for itself and yet hands on, which only preparing tells, and why; nil where there is nothing.
  var handedOn: (reason: String, site: SourceSite)? { get }

  /// Computes the outputs from the parameters' elements.
  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer]
}

extension Executable {
  /// None.
  public func notes(of graph: Graph) -> [String] { [] }
  /// Inputs are here.
  public var takesElsewhere: Bool { false }
  /// Nothing but the rows that the executor does not support.
  public var handedOn: (reason: String, site: SourceSite)? { nil }
  /// The session tells of start and end; there are no tasks.
  public var tellsObserver: Bool { false }
  /// No texts.
  public var listings: [KernelListing] { [] }
}

/// The text of a kernel in one of its languages.
public struct KernelListing: Hashable, Sendable {
  /// The step that it belongs to, in the words of `steps`.
  public var step: String
  /// `kernel` for the kernel IR, else the name of what it was rendered as, such as `llvm`.
  public var language: String
  /// The text.
  public var text: String

  /// A listing from its parts.
  public init(step: String, language: String, text: String) {
    self.step = step
    self.language = language
    self.text = text
  }
}

/// Whether an executor can be used on this machine.
public enum Availability: Hashable, Sendable {
  /// It ran a probe; the text names devices and versions.
  case available(String)
  /// It cannot run, and why.
  case unavailable(reason: String)
}

/// Whether an executor runs a row.
public enum Support: Hashable, Sendable {
  /// It does.
  case native
  /// It does not, and why.
  case none(reason: String)
}

/// Runs the independent parts of a step on threads of its own.
///
/// ```swift
/// import Weft
/// import WeftExecution
/// import WeftIR
///
/// /// Runs one part after the other on the calling thread.
/// struct Serial: Scheduler {
///   let threadCount = 1
///
///   func run(
///     _ count: Int, _ token: CancellationToken,
///     _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
///   ) throws {
///     for part in 0..<count {
///       try token.check()
///       try body(part, 0)
///     }
///   }
/// }
///
/// let session = Session(
///   executors: Session.standard.executors, runtime: Runtime(scheduler: Serial()))
/// let sum = ones([1000, 1000]).sum()
/// try session.with { try sum.compute() }  // 1000000.0
/// ```
public protocol Scheduler: Sendable {
  /// The most parts that run at once.
  var threadCount: Int { get }

  /// Runs `body` for 0..<count; the second argument tells which thread, below `threadCount`.
  ///
  /// - Throws: the error of the part with the lowest number among those that failed;
  ///   `cancelled` when the token was cancelled meanwhile.
  func run(
    _ count: Int, _ token: CancellationToken,
    _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
  ) throws
}

/// A source of elements outside memory: a file, a store, another library's array.
///
/// ```swift
/// import Weft
/// import WeftIR
///
/// /// The numbers 0, 1, 2 and so on, made when they are read.
/// struct Counting: ArraySource {
///   let count: Int
///   var type: TensorType { TensorType(.int64, Shape([count])) }
///
///   func read() throws -> Buffer { try arange(count).buffer() }
/// }
///
/// let source = Counting(count: 4)
/// source.type  // int64[4]
/// NDArray(try source.read()) + 1  // [1 2 3 4]
/// ```
public protocol ArraySource: Sendable {
  /// dtype and shape.
  var type: TensorType { get }

  /// All elements, dense, in C order.
  func read() throws -> Buffer
}

/// A source that is read box by box, so that an array may be larger than memory.
///
/// ```swift
/// import Weft
/// import WeftIR
///
/// /// A table of products, made where it is read.
/// struct Products: RegionSource {
///   let type = TensorType(.int64, Shape([1000, 1000]))
///
///   func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
///     var target = base.assumingMemoryBound(to: Int64.self)
///     for i in region.ranges[0] {
///       for j in region.ranges[1] {
///         target.pointee = Int64(i * j)
///         target += 1
///       }
///     }
///   }
/// }
///
/// try NDArray(Products()).sum().compute(on: .chunked)  // 249500250000
/// ```
public protocol RegionSource: ArraySource {
  /// How the source itself is cut, so that tiles may follow; nil where it does not matter.
  var chunks: [ChunkGrid.Cut]? { get }

  /// What tells these elements from all others, in this process and later ones: a file's name, size and
  /// time. Nil where nobody knows; then no run that was interrupted can be gone on with.
  var identity: String? { get }

  /// Where the elements come from, for errors: a file's path.
  var origin: String { get }

  /// The bytes that one `read` takes of its own, at most: a chunk as it is stored, what codecs need.
  var readScratchBytes: Int { get }

  /// Reads the elements of a box, in C order.
  ///
  /// Several threads may read at once. What fails may be tried again (`ReadPolicy`).
  func read(_ region: Region, to base: UnsafeMutableRawPointer) throws
}

extension RegionSource {
  /// No matter.
  public var chunks: [ChunkGrid.Cut]? { nil }
  /// Nobody knows.
  public var identity: String? { nil }

  /// The type's name.
  public var origin: String { "\(Self.self)" }

  /// None.
  public var readScratchBytes: Int { 0 }

  /// All elements.
  public func read() throws -> Buffer {
    let buffer = try Buffer(allocating: type, in: MemoryAccount())
    try read(Region(whole: type.shape.codes), to: buffer.base)
    return buffer
  }
}

/// Receives the texts of passes.
///
/// ```swift
/// import Weft
/// import WeftIR
///
/// /// Keeps the texts by name.
/// final class Texts: DumpSink {
///   let texts = Lock<[String: String]>([:])
///
///   func write(name: String, text: String) { texts.withLock { $0[name] = text } }
/// }
///
/// let sink = Texts()
/// let root = sqrt(ones([2]))
/// try Session.standard.dumping(.all, to: sink).with { _ = try root.compute() }
/// sink.texts.withLock { $0.keys.min() }  // 00-input
/// ```
public protocol DumpSink: Sendable {
  /// Takes the text of a graph after a step; `name` is stable and orders by step.
  func write(name: String, text: String)
}
