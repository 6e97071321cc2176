import WeftIR

extension ScriptFunction {
  /// Arrays from and to bytes and files. Bytes are arrays of `uint8`.
  static let bytes: [ScriptFunction] = [
    ScriptFunction(
      "frombuffer(buffer, dtype=float64, count=-1, offset=0)", swift: "NDArray(bytes: b, dtype:)"
    ) { a in
      .array(
        try a.array("buffer").strong.elements(
          try a.dtype(), try a.int("count"), try a.int("offset"), Call("frombuffer", a.site)))
    },
    ScriptFunction(
      "fromstring(string, dtype=float64, count=-1, *, sep=' ')", swift: "NDArray(text: t)"
    ) { a in
      .array(
        NDArray(
          text: try a.string("string"), separator: try a.string("sep"), dtype: try a.dtype(),
          count: try a.int("count"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "fromfile(file, dtype=float64, count=-1, sep='', offset=0)",
      swift: "try NDArray(rawContentsOf: path)"
    ) { a in
      .array(
        try NDArray(
          rawContentsOf: try a.path("file"), dtype: try a.dtype(), count: try a.int("count"),
          separator: try a.string("sep"), offset: try a.int("offset"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding='ASCII', *, "
        + "max_header_size=10000)", swift: "try NDArray(contentsOf: path)"
    ) { a in
      let path = try a.path("file")
      guard path.hasSuffix(".npz") else { return .array(try NDArray(contentsOf: path)) }
      if let sparse = try NDArray.sparseArray(in: path) { return .array(sparse) }
      let arrays = try NDArray.arrays(in: path).sorted { $0.key < $1.key }
      return .record(
        ScriptRecord(
          "NpzFile", arrays.map { (name: $0.key, value: .array($0.value)) }, isTuple: false))
    },
    ScriptFunction("save(file, arr, allow_pickle=True)", swift: "try x.save(to: path)") { a in
      var path = try a.path("file")
      if !path.hasSuffix(".npy"), !path.hasSuffix(".zarr") { path += ".npy" }
      try a.array("arr").strong.save(to: path)
      return .none
    },
    ScriptFunction(
      "savez(file, *args, allow_pickle=True)", swift: "try NDArray.save(arrays, to: path)"
    ) { a in
      var path = try a.path("file")
      if !path.hasSuffix(".npz") { path += ".npz" }
      let arrays = try a.rest("args").enumerated().map { index, value in
        ("arr_\(index)", try value.requireArray("savez", a.site).strong)
      }
      try NDArray.save(arrays, to: path)
      return .none
    },
    ScriptFunction("array.tofile(x, fid, /, sep='')", swift: "try x.writeRaw(to: path)") { a in
      try a.array("x").strong.writeRaw(to: try a.path("fid"), separator: try a.string("sep"))
      return .none
    },
    ScriptFunction("array.tobytes(x, /, order='C')", swift: "try x.bytes()") { a in
      let flat = ravel(
        try a.array("x"), order: try a.indexOrder(), file: a.file, line: a.line)
      return .array(flat.view(.uint8, file: a.file, line: a.line))
    },
  ]
}

extension ScriptArguments {
  /// The path of a file, where programs may read and write files.
  ///
  /// - Throws: `file` where they may not: programs that come from elsewhere are evaluated without.
  fileprivate func path(_ name: String) throws -> String {
    let path = try string(name)
    guard Script.allowsFiles else {
      throw failure(
        name, "programs may not read or write files here", code: .file,
        hint: "weft eval takes --files, Swift Script.$allowsFiles")
    }
    return path
  }
}
