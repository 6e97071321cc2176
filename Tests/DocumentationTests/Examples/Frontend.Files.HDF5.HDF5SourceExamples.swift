// Written from Sources/Frontend/Files/HDF5/HDF5Source.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFilesHDF5HDF5Source: [Example] = [
    Example("Frontend/Files/HDF5/HDF5Source.swift: HDF5Source", frontendFilesHDF5HDF5Source1),
  ]

  private static func frontendFilesHDF5HDF5Source1() throws {
    try expect("try HDF5Source(\"no-such-file.h5\", dataset: \"/a\")", try HDF5Source("no-such-file.h5", dataset: "/a"), "error: read \"no-such-file.h5\": cannot open \"no-such-file.h5\": No such file or directory [file]")
  }
}
