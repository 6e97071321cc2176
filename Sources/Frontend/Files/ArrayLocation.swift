#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file or folder, and the name of an array in it where the path goes on behind the file.
struct ArrayLocation: Hashable {
  var path: String
  var member: String?

  /// Takes `file.h5::a/b` and `file.h5/a/b` apart; a path that is there is left whole.
  init(_ text: String) {
    path = text
    member = nil
    if Self.exists(text) { return }
    if let separator = text.firstRange(of: "::") {
      path = String(text[..<separator.lowerBound])
      member = String(text[separator.upperBound...])
      return
    }
    var end = text.endIndex
    while let slash = text[..<end].lastIndex(of: "/"), slash != text.startIndex {
      let file = String(text[..<slash])
      if Self.exists(file) {
        if Self.isFile(file) { (path, member) = (file, String(text[slash...])) }
        return
      }
      end = slash
    }
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
