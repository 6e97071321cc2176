#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The system's call, which the folder's own `write` would hide.
private func writeSome(_ bytes: UnsafeRawBufferPointer, into file: Int32) -> Int {
  write(file, bytes.baseAddress, bytes.count)
}

/// The file system below the kernel cache.
enum KernelCacheFolder {
  /// How finished files end.
  static let suffix = ".kernel"
  private static let unfinished = ".part"

  /// What reading a file gave.
  enum Contents {
    case bytes([UInt8])
    case absent
    /// Another user owns the file or may write it: its code must not run.
    case untrusted
  }

  /// The bytes of a file, which is marked as used; fewer than its length after an error.
  static func contents(of path: String) -> Contents {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return errno == ELOOP ? .untrusted : .absent }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & 0o022 == 0
    else { return .untrusted }
    // What was used least recently goes by this time; where it cannot be set, age decides.
    _ = futimens(file, nil)
    let count = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = read(file, buffer.baseAddress! + filled, count - filled)  // count > 0
        if got <= 0 { break }
        filled += got
      }
    }
    return .bytes(bytes)
  }

  /// Writes a file under another name and renames it; false when the file system refuses.
  static func write(_ bytes: [UInt8], to path: String, in directory: String) -> Bool {
    let part = "\(path).\(UInt64.random(in: 0 ... .max))\(unfinished)"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    var file = open(part, flags, 0o600)
    if file < 0, errno == ENOENT {
      makeDirectory(directory)
      file = open(part, flags, 0o600)
    }
    guard file >= 0 else { return false }
    let isWhole = put(bytes, into: file)
    // Closing may be what reports a full disk.
    guard close(file) == 0, isWhole, rename(part, path) == 0 else {
      unlink(part)
      return false
    }
    return true
  }

  private static func put(_ bytes: [UInt8], into file: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = writeSome(UnsafeRawBufferPointer(rebasing: rest), into: file)
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  private static func makeDirectory(_ path: String) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      mkdir(String(path[..<end]), 0o700)
    }
  }

  /// A finished file.
  struct File {
    let path: String
    let bytes: Int
    /// When it was used last, in nanoseconds since 1970.
    let time: Int
  }

  /// The finished files of a folder; removes unfinished ones of an hour ago.
  static func files(in directory: String) -> [File] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var files: [File] = []
    let anHourAgo = time(nil) - 3600
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      guard name.hasSuffix(suffix) || name.hasSuffix(unfinished) else { continue }
      let path = directory + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      let moment = modified(status)
      if name.hasSuffix(suffix) {
        let time = Int(moment.tv_sec) * 1_000_000_000 + Int(moment.tv_nsec)
        files.append(File(path: path, bytes: Int(status.st_size), time: time))
      } else if moment.tv_sec < anHourAgo {
        unlink(path)
      }
    }
    return files
  }

  private static func modified(_ status: stat) -> timespec {
    #if canImport(Glibc)
      status.st_mtim
    #else
      status.st_mtimespec
    #endif
  }
}
