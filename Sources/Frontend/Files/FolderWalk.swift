import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What folders hold, without Foundation.
enum FolderWalk {
  /// One entry below a folder.
  struct Entry {
    var path: String
    var isFolder: Bool
    /// Bytes, and the time of the last change in nanoseconds.
    var byteCount: Int
    var time: Int
  }

  /// All entries below a folder, each folder before what it holds; links are not followed.
  static func entries(below folder: String) -> [Entry] {
    var found: [Entry] = []
    var waiting = [folder]
    while let path = waiting.popLast() {
      guard let stream = opendir(path) else { continue }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
            String(cString: $0)
          }
        }
        if name == "." || name == ".." { continue }
        let inner = "\(path)/\(name)"
        var status = stat()
        guard lstat(inner, &status) == 0 else { continue }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        if isFolder { waiting.append(inner) }
        found.append(
          Entry(
            path: inner, isFolder: isFolder, byteCount: Int(status.st_size),
            time: FileIdentity.time(status)))
      }
    }
    return found
  }

  /// Removes a folder and all that it holds.
  static func remove(_ folder: String) {
    for entry in entries(below: folder).reversed() {
      if entry.isFolder { rmdir(entry.path) } else { unlink(entry.path) }
    }
    rmdir(folder)
  }

  /// Makes a folder and those that it is in.
  static func make(_ folder: String, operation: String) throws(WeftError) {
    if folder.isEmpty || mkdir(folder, 0o777) == 0 || errno == EEXIST { return }
    if errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      try make(String(folder[..<slash]), operation: operation)
      if mkdir(folder, 0o777) == 0 || errno == EEXIST { return }
    }
    throw .system(operation, "cannot make the folder \"\(folder)\"")
  }
}

/// What tells that a file is the one that it was.
enum FileIdentity {
  /// Name, size and time of a file, and of all that a folder holds; nil where there is none.
  static func text(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, let name = realpath(path, nil) else { return nil }
    defer { free(name) }
    var text = "\(String(cString: name)) \(status.st_size) \(time(status))"
    guard status.st_mode & S_IFMT == S_IFDIR else { return text }
    // Folders give their entries in any order.
    var sum: UInt64 = 0
    for entry in FolderWalk.entries(below: path) where !entry.isFolder {
      var hash = ContentHash()
      hash.combine("\(entry.path.dropFirst(path.utf8.count)) \(entry.byteCount) \(entry.time)")
      sum &+= hash.low
    }
    text += " \(sum)"
    return text
  }

  /// The time of the last change in nanoseconds.
  static func time(_ status: stat) -> Int {
    #if canImport(Glibc)
      status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
    #else
      status.st_mtimespec.tv_sec &* 1_000_000_000 &+ status.st_mtimespec.tv_nsec
    #endif
  }
}
