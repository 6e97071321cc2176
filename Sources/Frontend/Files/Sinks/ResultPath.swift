import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The name of a result.
enum ResultPath {
  /// The file or folder that a name, perhaps of a link, stands for.
  ///
  /// - Throws: `file` for what cannot be such a name, or is the other of file and folder.
  static func resolved(
    _ path: String, isFolder: Bool, _ operation: String
  ) throws(WeftError) -> String {
    var name = path
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    guard !name.isEmpty, name != "/", !name.utf8.contains(0) else {
      throw WeftError(.file, operation, "a path is not empty and has no NUL")
    }
    var status = stat()
    guard stat(name, &status) == 0 else { return name }
    guard (status.st_mode & S_IFMT == S_IFDIR) == isFolder else {
      throw WeftError(
        .file, operation, "\"\(path)\" is \(isFolder ? "no folder" : "a directory")")
    }
    guard let text = realpath(name, nil) else { return name }
    defer { free(text) }
    return String(cString: text)
  }

  /// Lets the names in a folder reach the disk.
  static func sync(folderOf path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
