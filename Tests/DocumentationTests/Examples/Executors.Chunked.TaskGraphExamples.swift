// Written from Sources/Executors/Chunked/TaskGraph.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftChunked
import WeftIR

extension Example {
  static let executorsChunkedTaskGraph: [Example] = [
    Example("Executors/Chunked/TaskGraph.swift: TaskGraph", executorsChunkedTaskGraph1),
  ]

  private static func executorsChunkedTaskGraph1() throws {

    let sum = try (arange(6).rechunked(3).asType(.float64) + 1).sum().graph()
    let tasks = try TaskGraph(sum, tiles: Session.standard.executors.last!, chunking: .extent(3))
    try expect("tasks.tasks.count", tasks.tasks.count, "3")
    try expect("try TaskGraph(parsing: tasks.text()) == tasks", try TaskGraph(parsing: tasks.text()) == tasks, "true")
  }
}
