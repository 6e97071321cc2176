// Written from Sources/IR/Plugins/Executor.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftExecution
import WeftIR

extension Example {
  static let iRPluginsExecutor: [Example] = [
    Example("IR/Plugins/Executor.swift: Executor", iRPluginsExecutor1),
    Example("IR/Plugins/Executor.swift: Scheduler", iRPluginsExecutor2),
    Example("IR/Plugins/Executor.swift: ArraySource", iRPluginsExecutor3),
    Example("IR/Plugins/Executor.swift: RegionSource", iRPluginsExecutor4),
    Example("IR/Plugins/Executor.swift: DumpSink", iRPluginsExecutor5),
  ]

  private static func iRPluginsExecutor1() throws {

    /// Lets another executor work and says so in `explain()`.
    struct Telling: Executor {
      let name = "telling"
      let inner: any Executor

      func probe() -> Availability { inner.probe() }
      func supports(_ row: Int, of graph: Graph) -> Support { inner.supports(row, of: graph) }
      func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
        context.report.note("telling: \(graph.count) rows for \(inner.name)")
        return try inner.prepare(graph, context)
      }
    }

    var session = Session.standard
    session.executors.append(Telling(inner: session.executors.last!))
    session.executor = "telling"
    let sum = NDArray([1, 2, 3]).sum()
    try expect("try session.with { try sum.compute() }", try session.with { try sum.compute() }, "6")
  }

  private static func iRPluginsExecutor2() throws {

    /// Runs one part after the other on the calling thread.
    struct Serial: Scheduler {
      let threadCount = 1

      func run(
        _ count: Int, _ token: CancellationToken,
        _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
      ) throws {
        for part in 0..<count {
          try token.check()
          try body(part, 0)
        }
      }
    }

    let session = Session(
      executors: Session.standard.executors, runtime: Runtime(scheduler: Serial()))
    let sum = ones([1000, 1000]).sum()
    try expect("try session.with { try sum.compute() }", try session.with { try sum.compute() }, "1000000.0")
  }

  private static func iRPluginsExecutor3() throws {

    /// The numbers 0, 1, 2 and so on, made when they are read.
    struct Counting: ArraySource {
      let count: Int
      var type: TensorType { TensorType(.int64, Shape([count])) }

      func read() throws -> Buffer { try arange(count).buffer() }
    }

    let source = Counting(count: 4)
    try expect("source.type", source.type, "int64[4]")
    try expect("NDArray(try source.read()) + 1", NDArray(try source.read()) + 1, "[1 2 3 4]")
  }

  private static func iRPluginsExecutor4() throws {

    /// A table of products, made where it is read.
    struct Products: RegionSource {
      let type = TensorType(.int64, Shape([1000, 1000]))

      func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
        var target = base.assumingMemoryBound(to: Int64.self)
        for i in region.ranges[0] {
          for j in region.ranges[1] {
            target.pointee = Int64(i * j)
            target += 1
          }
        }
      }
    }

    try expect("try NDArray(Products()).sum().compute(on: .chunked)", try NDArray(Products()).sum().compute(on: .chunked), "249500250000")
  }

  private static func iRPluginsExecutor5() throws {

    /// Keeps the texts by name.
    final class Texts: DumpSink {
      let texts = Lock<[String: String]>([:])

      func write(name: String, text: String) { texts.withLock { $0[name] = text } }
    }

    let sink = Texts()
    let root = sqrt(ones([2]))
    try Session.standard.dumping(.all, to: sink).with { _ = try root.compute() }
    try expect("sink.texts.withLock { $0.keys.min() }", sink.texts.withLock { $0.keys.min() }, "00-input")
  }
}
