// Written from Sources/Frontend/Files/RawElements.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendFilesRawElements: [Example] = [
    Example("Frontend/Files/RawElements.swift: NDArray.init(bytes:dtype:count:offset:file:line:)", frontendFilesRawElements1),
    Example("Frontend/Files/RawElements.swift: NDArray.init(sequence:count:file:line:)", frontendFilesRawElements2),
    Example("Frontend/Files/RawElements.swift: NDArray.init(text:separator:dtype:count:file:line:)", frontendFilesRawElements3),
    Example("Frontend/Files/RawElements.swift: NDArray.init(rawContentsOf:dtype:count:separator:offset:file:line:)", frontendFilesRawElements4),
    Example("Frontend/Files/RawElements.swift: NDArray.bytes()", frontendFilesRawElements5),
    Example("Frontend/Files/RawElements.swift: NDArray.writeRaw(to:separator:)", frontendFilesRawElements6),
  ]

  private static func frontendFilesRawElements1() throws {
    try expect("NDArray(bytes: [1, 0, 2, 0], dtype: .int16)", NDArray(bytes: [1, 0, 2, 0], dtype: .int16), "[1 2]")
  }

  private static func frontendFilesRawElements2() throws {
    try expect("NDArray(sequence: (1...4).lazy.map { $0 * $0 })", NDArray(sequence: (1...4).lazy.map { $0 * $0 }), "[ 1  4  9 16]")
  }

  private static func frontendFilesRawElements3() throws {
    try expect("NDArray(text: \"1, 2, 3\", separator: \",\", dtype: .int64)", NDArray(text: "1, 2, 3", separator: ",", dtype: .int64), "[1 2 3]")
    try expect("NDArray(text: \"1 two\", dtype: .int64)", NDArray(text: "1 two", dtype: .int64), "error: fromstring: 'two' is no int64 [value]")
  }

  private static func frontendFilesRawElements4() throws {

    let path = NSTemporaryDirectory() + "weft-raw.bin"
    try NDArray([1.5, 2.5]).writeRaw(to: path)
    try expect("try NDArray(rawContentsOf: path)", try NDArray(rawContentsOf: path), "[1.5 2.5]")
  }

  private static func frontendFilesRawElements5() throws {
    try expect("try NDArray([1, 258] as [Int16]).bytes()", try NDArray([1, 258] as [Int16]).bytes(), "[1, 0, 2, 1]")
  }

  private static func frontendFilesRawElements6() throws {

    let path = NSTemporaryDirectory() + "weft-raw.txt"
    try NDArray([1.5, 2.5]).writeRaw(to: path, separator: ",")
    try expect("try String(contentsOfFile: path, encoding: .utf8)", try String(contentsOfFile: path, encoding: .utf8), "1.5,2.5")
  }
}
