// Written from Sources/Frontend/Files/Sinks/NPYSink.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft
import WeftExecution

extension Example {
  static let frontendFilesSinksNPYSink: [Example] = [
    Example("Frontend/Files/Sinks/NPYSink.swift: NPYSink", frontendFilesSinksNPYSink1),
  ]

  private static func frontendFilesSinksNPYSink1() throws {

    let path = NSTemporaryDirectory() + "weft-sink.npy"
    let x = arange(6).reshaped([3, 2])
    let sink = try NPYSink(path, type: x.expr.type, chunks: [.uniform(1), .uniform(2)])
    try Session.current.write([x.expr], to: [sink])
    try sink.finish()
    try expect("try NDArray(contentsOf: path)[2]", try NDArray(contentsOf: path)[2], "[4 5]")
  }
}
