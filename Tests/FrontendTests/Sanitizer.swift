#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a sanitizer changes: frames and memory are several times as large.
enum Sanitizer {
  /// Whether the thread or the address sanitizer is linked in.
  static let isActive = ["__tsan_init", "__asan_init"].contains { (name: String) in
    dlsym(nil, name) != nil
  }

  /// The 512 KiB of stack that nothing may exceed, or as much as a sanitizer makes of it.
  static let smallStack = isActive ? 8 << 20 : 512 << 10
}
