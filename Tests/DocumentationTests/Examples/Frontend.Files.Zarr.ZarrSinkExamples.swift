// Written from Sources/Frontend/Files/Zarr/ZarrSink.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft
import WeftExecution

extension Example {
  static let frontendFilesZarrZarrSink: [Example] = [
    Example("Frontend/Files/Zarr/ZarrSink.swift: ZarrSink", frontendFilesZarrZarrSink1),
  ]

  private static func frontendFilesZarrZarrSink1() throws {

    let path = NSTemporaryDirectory() + "weft-sink.zarr"
    let x = arange(6).reshaped([3, 2])
    let sink = try ZarrSink(path, type: x.expr.type, chunks: [2, 2], compression: .gzip())
    try Session.current.write([x.expr], to: [sink])
    try sink.finish()
    try expect("try NDArray(contentsOf: path)[2]", try NDArray(contentsOf: path)[2], "[4 5]")
  }
}
